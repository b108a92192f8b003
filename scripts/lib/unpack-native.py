"""Takes out of what pip fetched what the set-up needs: unpack-native.py <fetched> <work>.

Leaves <work>/pocketsphinx (the source) and <work>/ready/{models,speech}.
"""

import pathlib
import sys
import tarfile
import wave
import zipfile

WEIGHTS = "silero_vad/data/silero_vad_16k_op15.onnx"
LIBRIVOX = "test/data/librivox/sense_and_sensibility_01_austen_64kb-"


def unpack_source(archive, work):
    """Unpacks the one folder of the source archive as <work>/pocketsphinx."""
    with tarfile.open(archive) as tar:
        (top,) = {name.split("/")[0] for name in tar.getnames()}
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        tar.extractall(work, **safely)
    (work / top).rename(work / "pocketsphinx")


def transcripts(path):
    """Reads lines of "<s> words </s> (name)": name → words."""
    found = {}
    for line in path.read_text().splitlines():
        words, _, name = line.rpartition(" (")
        found[name.rstrip(")")] = " ".join(w for w in words.split() if w not in ("<s>", "</s>"))
    return found


def copy_speech(source, speech):
    """Copies recordings of people as 16 kHz WAV files, and writes what they say."""
    said = {}
    for name, words in transcripts(source / "test/data/librivox/transcription").items():
        number = name.rpartition("-")[2]
        said[f"librivox-{number}.wav"] = words
        content = (source / f"{LIBRIVOX}{number}.wav").read_bytes()
        (speech / f"librivox-{number}.wav").write_bytes(content)
    for number, words in transcripts(source / "test/data/cards/cards.transcription").items():
        said[f"cards-{number}.wav"] = words
        content = (source / f"test/data/cards/{number}.wav").read_bytes()
        (speech / f"cards-{number}.wav").write_bytes(content)
    said["go-forward.wav"] = "go forward ten meters"
    with wave.open(str(speech / "go-forward.wav"), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", "not compressed"))
        file.writeframes((source / "test/data/goforward.raw").read_bytes())
    lines = [f"{name}\t{words}\n" for name, words in sorted(said.items())]
    (speech / "transcripts.tsv").write_text("".join(lines))


def main():
    fetched, work = (pathlib.Path(argument) for argument in sys.argv[1:])
    (archive,) = fetched.glob("pocketsphinx-*.tar.gz")
    (wheel,) = fetched.glob("silero_vad-*.whl")
    for name in ("models", "speech"):
        (work / "ready" / name).mkdir(parents=True)
    unpack_source(archive, work)
    copy_speech(work / "pocketsphinx", work / "ready/speech")
    with zipfile.ZipFile(wheel) as package:
        (work / "ready/models/silero_vad_16k_op15.onnx").write_bytes(package.read(WEIGHTS))


if __name__ == "__main__":
    main()
