"""Recorded human speech, and arithmetic on samples that needs no library."""

import array
import bisect
import os
import pathlib
import re
import wave

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = pathlib.Path(os.environ.get("PARLEY_SPEECH", ROOT / ".deps" / "speech"))

# Read from "Sense and Sensibility" for LibriVox, in the public domain; each with what is said.
SENTENCES = {
    "0870": "and mister john dashwood had then leisure to consider how much there might be"
    " prudently in his power to do for them",
    "0880": "he was not an ill disposed young man",
    "0890": "unless to be rather cold hearted and rather selfish is to be ill disposed",
    "0920": "had he married a more amiable woman he might have been made still more respectable"
    " than he was",
    "0930": "he might even have been made amiable himself",
}


def path(name):
    """The WAV of a sentence."""
    found = sorted(FOLDER.rglob(f"*{name}.wav"))
    assert found, f"no recording *{name}.wav below {FOLDER}; run scripts/setup --tests"
    return found[0]


def sentence(name, rate=24000):
    """The samples of a sentence as 16-bit PCM, with what is said."""
    samples, recorded = read(path(name))
    return pcm(resample(samples, recorded, rate)), SENTENCES[name]


def read(file):
    """Samples and rate of a WAV with one channel of 16 bits."""
    with wave.open(str(file)) as source:
        assert (source.getnchannels(), source.getsampwidth()) == (1, 2), source.getparams()
        samples = array.array("h", source.readframes(source.getnframes()))
        return samples, source.getframerate()


def write(file, data, rate=24000):
    """A WAV of 16-bit PCM."""
    with wave.open(str(file), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(rate)
        target.writeframes(data)


def resample(samples, source, target):
    """Linear between neighbours, smoothed first where the rate falls: enough to be understood."""
    if source == target:
        return samples
    if target < source:
        samples = smooth(samples)
    count = len(samples) * target // source
    result = array.array("h", bytes(2 * count))
    last = len(samples) - 1
    for index in range(count):
        place = index * source / target
        left = int(place)
        share = place - left
        right = min(left + 1, last)
        result[index] = int(samples[left] * (1 - share) + samples[right] * share)
    return result


def smooth(samples):
    """Takes away what half the rate can't hold: a half-band filter of eleven taps."""
    taps = {0: 0.5, 1: 0.3075, 3: -0.0725, 5: 0.015}
    result = array.array("h", samples)
    for index in range(5, len(samples) - 5):
        value = taps[0] * samples[index] + sum(
            taps[far] * (samples[index - far] + samples[index + far]) for far in (1, 3, 5)
        )
        result[index] = max(-32768, min(32767, int(value)))
    return result


def pcm(samples):
    return samples.tobytes()


def silence(seconds, rate=24000):
    return bytes(2 * int(seconds * rate))


def seconds(data, rate=24000):
    return len(data) / 2 / rate


def loudness(data):
    """Root mean square of 16-bit PCM."""
    samples = array.array("h", data[: len(data) // 2 * 2])
    if not samples:
        return 0.0
    return (sum(one * one for one in samples) / len(samples)) ** 0.5


def pauses(samples, rate, level, seconds):
    """Where nothing is louder than a level for so long: pairs of start and end."""
    found, start = [], 0
    for index, sample in enumerate([*samples, 32767]):
        if abs(sample) > level:
            if index - start >= seconds * rate:
                found.append((start, index))
            start = index + 1
    return found


def words(text):
    return re.findall(r"[a-z']+", text.lower())


def overlap(heard, said):
    """Which share of what was said was heard, in order: the longest common subsequence of words."""
    left, right = words(heard), words(said)
    row = [0] * (len(right) + 1)
    for one in left:
        above = 0
        for index, other in enumerate(right, 1):
            above, row[index] = (
                row[index],
                above + 1 if one == other else max(row[index], row[index - 1]),
            )
    return row[-1] / max(len(right), 1)


# ITU-T G.711: the decoders by definition, the encoders by nearest value.


def _mu_law(code):
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)
    return 0x84 - magnitude if code & 0x80 else magnitude - 0x84


def _a_law(code):
    code ^= 0x55
    step, segment = (code & 0x0F) << 4, (code & 0x70) >> 4
    value = step + 8 if segment == 0 else (step + 0x108) << (segment - 1)
    return value if code & 0x80 else -value


_DECODERS = {
    "audio/pcmu": [_mu_law(code) for code in range(256)],
    "audio/pcma": [_a_law(code) for code in range(256)],
}


def decode_g711(kind, data):
    table = _DECODERS[kind]
    return array.array("h", (table[code] for code in data))


def encode_g711(kind, samples):
    """The code of the nearest value."""
    codes = sorted(range(256), key=lambda code: _DECODERS[kind][code])
    values = [_DECODERS[kind][code] for code in codes]
    nearest = {}
    for one in set(samples):
        right = min(bisect.bisect_left(values, one), 255)
        left = max(right - 1, 0)
        closer = left if one - values[left] <= values[right] - one else right
        nearest[one] = codes[closer]
    return bytes(nearest[one] for one in samples)
