"""`parley talk`, run as a user would."""

import pytest

from harness import server as process
from harness import speech


async def talk(server, *arguments, patience=120):
    return await process.run("talk", *arguments, "--url", server.url, patience=patience)


async def test_typed_words_get_an_audible_answer(server, tmp_path):
    answer = tmp_path / "answer.wav"
    status, output = await talk(server, "--text", "Hello, I feel tired today.", "--save", answer)
    assert status == 0, output
    samples, rate = speech.read(answer)
    assert rate == 24000
    assert 0.5 < len(samples) / rate < 60
    assert speech.loudness(speech.pcm(samples)) > 300
    assert "tired" in output.lower()


async def test_a_recording_is_understood_and_answered(server, tmp_path):
    answer = tmp_path / "answer.wav"
    status, output = await talk(server, "--file", speech.path("0930"), "--save", answer)
    assert status == 0, output
    assert speech.overlap(output, speech.SENTENCES["0930"]) >= 0.6, output
    samples, rate = speech.read(answer)
    assert len(samples) / rate > 0.5


async def test_the_answer_is_understood_by_the_recogniser(server, tmp_path):
    """What the voice says, given back to the ear, is mostly the same words."""
    answer = tmp_path / "answer.wav"
    status, spoken = await talk(server, "--text", "Hello, I feel tired today.", "--save", answer)
    assert status == 0, spoken
    status, heard = await talk(server, "--file", answer)
    assert status == 0, heard
    said = max(spoken.splitlines(), key=lambda line: len(speech.words(line)))
    assert speech.overlap(heard, said) >= 0.5, f"{said!r} came back as {heard!r}"


BAD_FILES = {
    "missing": None,
    "empty": b"",
    "text": b"this is no recording",
    "cut off": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "no samples": b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00"
    b"\x00\x7d\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00",
}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES.keys())
async def test_an_unreadable_recording_is_named(server, tmp_path, data):
    file = tmp_path / "question.wav"
    if data is not None:
        file.write_bytes(data)
    status, output = await talk(server, "--file", file, patience=30)
    assert 0 < status < 128
    assert "question.wav" in output


async def test_nobody_home_is_told_at_once(tmp_path):
    url = f"http://127.0.0.1:{process.free_port()}"
    status, output = await process.run("talk", "--text", "hello", "--url", url, patience=30)
    assert 0 < status < 128
    assert url.removeprefix("http://") in output
