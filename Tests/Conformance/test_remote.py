"""Pipelines on services that work, are down, are slow, talk rubbish or die in the middle."""

import asyncio
import json

import pytest
import pytest_asyncio

from harness import configuration, services, speech
from harness import server as process
from harness.peer import PATIENCE, sdk_peer, words_of
from harness.services import PROVIDER_SECRET

BROKEN_MODELS = ["slow", "error", "locked", "html", "rubbish", "dies", "stalls"]

TIMEOUTS = "timeouts: {connect_ms: 500, first_byte_ms: 700, idle_ms: 700, total_ms: 20000}"


def stage(url, model):
    return (
        f"{{engine: openai, base_url: '{url}', model: {model}, {TIMEOUTS},"
        " retries: {limit: 1, backoff_ms: 10}}"
    )


def pipeline(name, **stages):
    lines = {"vad": "silero", "transcription": "pocketsphinx", "llm": "scripted", "tts": "flite"}
    lines.update(stages)
    text = "".join(f"  {role}: {value}\n" for role, value in lines.items())
    return f"name: {name}\npipeline:\n{text}"


@pytest_asyncio.fixture(scope="module")
async def far():
    async with services.running() as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def remote(far, tmp_path_factory):
    """A server with a pipeline for each way in which a service can fail."""
    folder = tmp_path_factory.mktemp("remote")
    url = far.url
    nobody = f"http://127.0.0.1:{process.free_port()}/v1"
    files = {
        "all": pipeline(
            "all",
            transcription=stage(url, "stt"),
            llm=stage(url, "llm"),
            tts=stage(url, "tts"),
        ),
        "chat": pipeline("chat", llm=stage(url, "llm")),
        "down": pipeline("down", llm=stage(nobody, "llm")),
        "flaky": pipeline("flaky", llm=stage(url, "flaky")),
        "deaf": pipeline("deaf", transcription=stage(url, "error")),
        "mute": pipeline("mute", tts=stage(url, "error")),
    }
    files |= {name: pipeline(name, llm=stage(url, name)) for name in BROKEN_MODELS}
    arguments = configuration.write(folder, **files)
    async with process.running(*arguments, cwd=folder) as one:
        yield one


async def fail(peer, **response):
    """Asks for a response that fails; gives it."""
    await peer.say("hello there")
    failed = await peer.respond(**response)
    assert failed["status"] == "failed", failed
    error = failed["status_details"]["error"]
    assert error["type"] == "server_error" and error["code"] and error["message"]
    assert PROVIDER_SECRET not in json.dumps(peer.events)
    return failed


async def test_a_turn_on_remote_services_works(remote, far):
    async with sdk_peer(remote, model="all") as peer:
        await peer.begin()
        await peer.update(audio={"input": {"transcription": {"model": "whisper-1"}}})
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.5) + data + speech.silence(1.5))
        heard = await peer.next("conversation.item.input_audio_transcription.completed")
        response = (await peer.next("response.done"))["response"]
        audio = peer.sequence.audio[response["output"][0]["id"]]
    assert heard["transcript"] == "hello remote world"
    assert words_of(response) == "You said: hello remote world"
    assert speech.seconds(audio) == pytest.approx(0.25, abs=0.15)
    assert speech.loudness(audio) > 3000
    assert far.transcriptions[-1]["model"] == "stt"
    assert len(far.transcriptions[-1]["bytes"]) > 60_000
    assert response["usage"]["input_tokens"] >= 11


async def test_a_remote_model_calls_tools(remote):
    tool = {"type": "function", "name": "get_weather", "parameters": {"type": "object"}}
    async with sdk_peer(remote, model="chat") as peer:
        await peer.begin()
        await peer.update(tools=[tool], output_modalities=["text"])
        await peer.say("How is the weather?")
        call = (await peer.respond())["output"][-1]
        output = {
            "type": "function_call_output",
            "call_id": call["call_id"],
            "output": "21 degrees",
        }
        await peer.send({"type": "conversation.item.create", "item": output})
        await peer.next("conversation.item.done")
        answer = await peer.respond()
    assert call["name"] == "get_weather"
    assert json.loads(call["arguments"]) == {"city": "Berlin"}
    assert "21 degrees" in words_of(answer)


async def test_instructions_reach_the_model(remote, far):
    async with sdk_peer(remote, model="chat") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"], instructions="Answer like a pirate.")
        await peer.ask("hello")
    messages = far.chats[-1]["messages"]
    assert messages[0]["role"] in ("system", "developer")
    assert "Answer like a pirate." in messages[0]["content"]
    assert messages[-1] == {"role": "user", "content": "hello"}


async def test_the_model_remembers_only_what_was_heard(remote, far):
    async with sdk_peer(remote, model="chat") as peer:
        await peer.begin()
        await peer.say("tell me everything")
        response = await peer.respond()
        item = response["output"][0]["id"]
        whole = words_of(response)
        half_ms = int(speech.seconds(peer.sequence.audio[item]) * 500)
        await peer.send(
            {
                "type": "conversation.item.truncate",
                "item_id": item,
                "content_index": 0,
                "audio_end_ms": half_ms,
            }
        )
        await peer.next("conversation.item.truncated")
        await peer.ask("go on")
    said = [one["content"] for one in far.chats[-1]["messages"] if one["role"] == "assistant"]
    kept = len(speech.words(" ".join(said)))
    assert 0 < kept < len(speech.words(whole)) * 0.75
    assert speech.words(whole)[:kept] == speech.words(" ".join(said))[:kept]


@pytest.mark.parametrize("model", ["down", *BROKEN_MODELS])
async def test_a_broken_model_fails_the_response_and_not_the_session(remote, model):
    async with sdk_peer(remote, model=model) as peer:
        await peer.begin()
        await fail(peer, output_modalities=["text"])
        await peer.still_works()
        await fail(peer)
        assert not peer.seen("error")


async def test_what_was_said_before_the_model_died_stands(remote):
    async with sdk_peer(remote, model="dies") as peer:
        await peer.begin()
        failed = await fail(peer, output_modalities=["text"])
    assert failed["output"][0]["status"] == "incomplete"
    assert words_of(failed).startswith("This sentence is whole.")


async def test_after_a_failure_the_next_response_can_work(remote):
    async with sdk_peer(remote, model="flaky") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        await fail(peer)
        answer = await peer.ask("are you back?")
    assert answer == "You said: are you back?"


async def test_cancelling_hangs_up_on_the_model(remote, far):
    far.dropped.clear()
    async with sdk_peer(remote, model="stalls") as peer:
        await peer.begin()
        await peer.say("hello")
        await peer.send({"type": "response.create"})
        await peer.next("response.output_audio_transcript.delta")
        await peer.send({"type": "response.cancel"})
        response = (await peer.next("response.done"))["response"]
        await asyncio.wait_for(far.dropped.wait(), PATIENCE)
    assert response["status"] in ("cancelled", "failed")


async def test_a_recogniser_that_fails_is_told_as_such(remote):
    async with sdk_peer(remote, model="deaf") as peer:
        await peer.begin()
        await peer.update(audio={"input": {"transcription": {"model": "whisper-1"}}})
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.5) + data + speech.silence(1.5))
        failed = await peer.next("conversation.item.input_audio_transcription.failed")
        assert PROVIDER_SECRET not in json.dumps(peer.events)
        await peer.next("response.done")
        await peer.still_works()
    assert failed["error"]["message"]


async def test_a_voice_that_fails_fails_the_response(remote):
    async with sdk_peer(remote, model="mute") as peer:
        await peer.begin()
        await fail(peer)
        written = await peer.respond(output_modalities=["text"])
    assert written["status"] == "completed"


async def test_one_broken_service_harms_no_other_session(remote):
    async with sdk_peer(remote, model="slow") as slow, sdk_peer(remote, model="chat") as other:
        await slow.begin()
        await other.begin()
        await slow.say("hello")
        await slow.send({"type": "response.create"})
        await slow.next("response.created")
        await other.update(output_modalities=["text"])
        assert await other.ask("are you there?") == "You said: are you there?"
        assert (await slow.next("response.done"))["response"]["status"] == "failed"
