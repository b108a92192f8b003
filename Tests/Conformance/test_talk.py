"""`parley talk`, run as a user would."""

import pytest
import pytest_asyncio

from harness import certificate, configuration, speech
from harness import server as process


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """A folder with a certificate."""
    return tmp_path_factory.mktemp("certificate")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def secure(certified):
    """A server that speaks TLS."""
    flags = certificate.make(certified)
    arguments = configuration.write(certified)
    tls = certificate.trusting(certified)
    async with process.running(*arguments, *flags, cwd=certified, tls=tls) as one:
        yield one


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


async def test_a_long_answer_has_no_clicks_between_its_clauses(server, tmp_path):
    """Not clipped, quiet at both ends, and no step where one clause ends and the next begins."""
    answer = tmp_path / "answer.wav"
    words = ["--text", "tell me everything", "--model", "scripted"]
    status, output = await talk(server, *words, "--save", answer)
    assert status == 0, output
    samples, rate = speech.read(answer)
    assert 1000 < speech.loudness(speech.pcm(samples))
    assert max(map(abs, samples)) < 32767
    assert abs(samples[0]) < 200 and abs(samples[-1]) < 200
    pauses = speech.pauses(samples, rate, level=200, seconds=0.2)
    # Between eight sentences.
    assert len(pauses) >= 7
    steps = [
        max(abs(samples[at] - samples[at - 1]) for at in range(start + 1, end))
        for start, end in pauses
    ]
    assert max(steps) <= 300, steps


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


async def test_a_file_that_cannot_be_saved_is_told_before_the_talk(server, tmp_path):
    answer = tmp_path / "nowhere" / "answer.wav"
    status, output = await talk(server, "--text", "hello", "--save", answer, patience=30)
    assert status == 2
    assert str(answer) in output and "Connected" not in output


async def test_a_model_that_is_not_there_is_told_with_those_that_are(server):
    status, output = await talk(server, "--text", "hello", "--model", "nope", patience=30)
    assert status == 3
    assert "nope" in output and "scripted" in output


async def test_a_wrong_key_is_told(locked):
    for key in ([], ["--api-key", "wrong"]):
        status, output = await talk(locked, "--text", "hello", *key, patience=30)
        assert status == 3
        assert "API key" in output


async def test_a_certificate_of_ones_own_is_refused_until_it_is_trusted(secure, certified):
    status, output = await talk(secure, "--text", "hello", patience=30)
    assert status == 3
    assert "self-signed" in output and "SSL_CERT_FILE" in output
    trusting = {"SSL_CERT_FILE": str(certified / "certificate.pem")}
    status, output = await process.run("talk", "--text", "hello", "--url", secure.url, **trusting)
    assert status == 0, output


async def test_tls_on_one_side_only_is_told(server, secure):
    status, output = await talk(server, "--text", "hello", patience=30)
    assert status == 0
    plain, encrypted = server.url, secure.url
    for url, advice in (
        (plain.replace("http:", "https:"), "--url http://"),
        (encrypted.replace("https:", "http:"), "--url https://"),
    ):
        status, output = await process.run("talk", "--text", "hello", "--url", url, patience=30)
        assert status == 3
        assert advice in output


async def test_nobody_home_is_told_at_once(tmp_path):
    url = f"http://127.0.0.1:{process.free_port()}"
    status, output = await process.run("talk", "--text", "hello", "--url", url, patience=30)
    assert 0 < status < 128
    assert url.removeprefix("http://") in output
