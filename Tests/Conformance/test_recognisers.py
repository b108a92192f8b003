"""Recognisers that clients choose, and what some of them know beside the words.

Source: Realtime protocol, "Realtime session, GA" (`include`), "Input transcription config", "Input
transcription", "Transcription session"; temperature: "GA and beta mapping", "Session".
"""

import pytest_asyncio

from harness import configuration, speech
from harness import server as process
from harness.configuration import pipeline
from harness.beta import beta_peer
from harness.peer import raw_peer

DONE = "conversation.item.input_audio_transcription.completed"
SEGMENT = "conversation.item.input_audio_transcription.segment"
LOGPROBS = ["item.input_audio_transcription.logprobs"]


def remote(name, url, **extra):
    more = "".join(f", {key}: {value}" for key, value in extra.items())
    return f"{{name: {name}, engine: openai, base_url: '{url}', model: mock{more}}}"


@pytest_asyncio.fixture(scope="module")
async def many(far, tmp_path_factory):
    """A server with three recognisers, and a pipeline whose language model is down."""
    folder = tmp_path_factory.mktemp("recognisers")
    nobody = f"http://127.0.0.1:{process.free_port()}/v1"
    files = {
        "far": pipeline(
            "far",
            transcription=remote("ears", far.url("ears"), stream="true"),
            llm=remote("brain", far.url("brain")),
        ),
        "meeting": pipeline(
            "meeting",
            transcription=remote("speakers", far.url("speakers"), diarise="true"),
            llm=remote("nobody", nobody),
        ),
    }
    arguments = configuration.write(folder, **files)
    async with process.running(*arguments, cwd=folder) as one:
        yield one


async def update(peer, **audio_input):
    session = {"type": "transcription", **audio_input.pop("session", {})}
    if audio_input:
        session["audio"] = {"input": audio_input}
    await peer.send({"type": "session.update", "session": session})
    return (await peer.next("session.updated"))["session"]


async def hear(peer, name="0880"):
    data, _ = speech.sentence(name)
    await peer.append(speech.silence(0.3) + data + speech.silence(1.0))
    return await peer.next(DONE)


async def test_another_recogniser_hears_the_next_turn(many):
    async with raw_peer(many, query="intent=transcription&model=pocketsphinx") as peer:
        await peer.begin()
        await update(peer, turn_detection={"silence_duration_ms": 600})
        first = await hear(peer)
        await update(peer, transcription={"model": "ears"})
        second = await hear(peer)
        await update(peer, transcription={"model": "parley"})
        third = await hear(peer)
    assert "I heard" not in first["transcript"]
    assert second["transcript"].startswith("I heard")
    assert "I heard" not in third["transcript"]


async def test_language_and_prompt_go_to_the_recogniser(many, far):
    async with raw_peer(many, query="intent=transcription&model=far&language=de") as peer:
        session = await peer.begin()
        await update(
            peer, transcription={"prompt": "Parley"}, turn_detection={"silence_duration_ms": 600}
        )
        heard = await hear(peer)
        forms = [one["form"] for one in await far.asked("ears", "/audio/transcriptions")]
    assert session["audio"]["input"]["transcription"]["language"] == "de"
    assert heard["transcript"].endswith("in de.")
    assert any(form.get("prompt") == "Parley" and form["language"] == "de" for form in forms)


async def test_probabilities_come_to_who_asks(many):
    async with raw_peer(many, query="intent=transcription&model=far") as peer:
        await peer.begin()
        await update(peer, turn_detection={"silence_duration_ms": 600})
        untold = await hear(peer)
        session = await update(peer, session={"include": LOGPROBS})
        told = await hear(peer)
    assert session["include"] == LOGPROBS
    assert "logprobs" not in untold
    assert "".join(one["token"] for one in told["logprobs"]) == told["transcript"]


async def test_who_spoke_when_is_told_though_nobody_could_answer(many):
    async with raw_peer(many, query="intent=transcription&model=meeting") as peer:
        await peer.begin()
        await update(peer, turn_detection={"silence_duration_ms": 600})
        heard = await hear(peer)
        segments = peer.seen(SEGMENT)
    assert [one["speaker"] for one in segments] == ["A", "B"]
    assert {one["item_id"] for one in segments} == {heard["item_id"]}
    assert "".join(one["text"] for one in segments) == heard["transcript"]


async def test_the_temperature_goes_to_the_model(many, far):
    async with beta_peer(many, query="model=far") as peer:
        await peer.begin()
        await peer.update(modalities=["text"], temperature=0.6)
        await peer.say("hello")
        await peer.respond()
        await peer.respond(temperature=1.1)
        asked = await far.asked("brain", "/chat/completions")
    assert [one["body"]["temperature"] for one in asked] == [0.6, 1.1]
