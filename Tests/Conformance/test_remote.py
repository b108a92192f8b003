"""Pipelines on services that work, are down, are slow, talk rubbish or die in the middle."""

import json

import pytest
import pytest_asyncio

from harness import configuration, services, speech
from harness import server as process
from harness.configuration import pipeline
from harness.peer import sdk_peer, words_of

TIMEOUTS = "timeouts: {connect_ms: 500, first_byte_ms: 700, idle_ms: 700, total_ms: 20000}"

# What a model's service says, and what the client is told: type, code, a word of the message.
TOLD = [
    ("status-429", "rate_limit_error", "rate_limit_exceeded", "try again"),
    ("status-429-insufficient_quota", "rate_limit_error", "insufficient_quota", "quota"),
    ("status-400-context_length_exceeded", "server_error", "context_length_exceeded", "more than"),
    ("status-400", "server_error", "engine_rejected_request", "rejected"),
    ("status-500", "server_error", "inference_failed", "failed"),
    ("status-503", "server_error", "engine_unavailable", "not available"),
]

LONG = " ".join(f"This is sentence number {number}, it goes on for a while." for number in range(9))


def stage(url, model="mock"):
    return (
        f"{{engine: openai, base_url: '{url}', model: {model}, {TIMEOUTS},"
        " retries: {limit: 1, backoff_ms: 10}}"
    )


@pytest_asyncio.fixture(scope="module")
async def remote(far, tmp_path_factory):
    """A server with a pipeline for each way in which a service can fail."""
    folder = tmp_path_factory.mktemp("remote")
    nobody = f"http://127.0.0.1:{process.free_port()}/v1"
    files = {
        "all": pipeline(
            "all",
            transcription=stage(far.url("all")),
            llm=stage(far.url("all")),
            tts=stage(far.url("all")),
        ),
        "chat": pipeline("chat", llm=stage(far.url("chat"))),
        "down": pipeline("down", llm=stage(nobody)),
        "refused": pipeline("refused", llm=stage(far.url("refused", "status-401"))),
        "named": pipeline("named", llm=stage(far.url("named"), model="mock-crlf")),
        "once": pipeline("once", llm=stage(far.url("once", "bad-event*1@post"))),
        "deaf": pipeline("deaf", transcription=stage(far.url("deaf", "status-500@post"))),
        "busy": pipeline("busy", transcription=stage(far.url("busy", "status-429@post"))),
        "mute": pipeline("mute", tts=stage(far.url("mute", "status-500@post"))),
    }
    for fault in {*services.FAULTS, *(fault for fault, *_ in TOLD)}:
        url = far.url("llm", f"{fault}@post")
        files[f"llm-{fault}"] = pipeline(f"llm-{fault}", llm=stage(url))
    arguments = configuration.write(folder, **files)
    async with process.running(*arguments, cwd=folder) as one:
        yield one


def expect_no_secret(peer):
    told = json.dumps(peer.events)
    assert not [one for one in services.PROVIDER_SECRETS if one in told]


async def fail(peer, **response):
    """Asks for a response that fails; gives it."""
    await peer.say("hello there")
    failed = await peer.respond(**response)
    assert failed["status"] == "failed", failed
    error = failed["status_details"]["error"]
    assert error["type"] and error["code"] and error["message"]
    expect_no_secret(peer)
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
    upload = (await far.asked("all", "/audio/transcriptions"))[-1]
    assert heard["transcript"].startswith("I heard ")
    assert words_of(response).startswith("You said: I heard ")
    # The service speaks a tone of 50 ms for each character.
    assert speech.seconds(audio) == pytest.approx(0.05 * len(words_of(response)), rel=0.1)
    assert speech.loudness(audio) > 3000
    assert upload["form"]["model"] == "mock" and upload["file_bytes"] > 60_000


async def test_a_session_may_name_the_language_model(remote, far):
    async with sdk_peer(remote, model="mock-crlf") as peer:
        session = await peer.begin()
        again = await peer.update(**session)
        await peer.update(output_modalities=["text"])
        answer = await peer.ask("first")
    asked = (await far.asked("named", "/chat/completions"))[-1]["body"]
    assert session["model"] == again["model"] == "mock-crlf"
    assert answer == "You said: first."
    assert asked["model"] == "mock-crlf"


async def test_a_remote_model_calls_tools(remote):
    tool = {"type": "function", "name": "get_weather", "parameters": {"type": "object"}}
    async with sdk_peer(remote, model="chat") as peer:
        await peer.begin()
        await peer.update(tools=[tool], output_modalities=["text"])
        await peer.say("Please call get_weather for me")
        call = (await peer.respond())["output"][-1]
        output = {"type": "function_call_output", "call_id": call["call_id"], "output": "21 °C"}
        await peer.send({"type": "conversation.item.create", "item": output})
        await peer.next("conversation.item.done")
        answer = await peer.respond()
    assert call["name"] == "get_weather"
    assert json.loads(call["arguments"]) == {"number": 0, "text": "grüß"}
    assert words_of(answer) == "The tool said: 21 °C."


async def test_instructions_and_history_reach_the_model(remote, far):
    async with sdk_peer(remote, model="chat") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"], instructions="Answer like a pirate.")
        await peer.ask("first")
        await peer.ask("second")
    messages = (await far.asked("chat", "/chat/completions"))[-1]["body"]["messages"]
    assert messages[0]["role"] in ("system", "developer")
    assert "Answer like a pirate." in messages[0]["content"]
    assert [(one["role"], one["content"]) for one in messages[1:]] == [
        ("user", "first"),
        ("assistant", "You said: first."),
        ("user", "second"),
    ]


async def test_the_model_remembers_only_what_was_heard(remote, far):
    async with sdk_peer(remote, model="chat") as peer:
        await peer.begin()
        await peer.say(LONG)
        response = await peer.respond()
        item = response["output"][0]["id"]
        whole = speech.words(words_of(response))
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
    messages = (await far.asked("chat", "/chat/completions"))[-1]["body"]["messages"]
    said = [one["content"] for one in messages if one["role"] == "assistant"]
    kept = speech.words(" ".join(said))
    assert 0.25 * len(whole) < len(kept) < 0.75 * len(whole)
    assert whole[: len(kept)] == kept


@pytest.mark.parametrize("model", ["down", "refused"])
async def test_a_service_that_is_down_is_told_before_the_session_begins(remote, model):
    async with sdk_peer(remote, model=model) as peer:
        error = (await peer.next("error"))["error"]
        closed = await peer.until_closed()
        expect_no_secret(peer)
        peer.problems = []
    assert error["type"] == "server_error" and error["code"] == "model_load_error"
    assert model in error["message"]
    assert closed.code == 1011
    async with sdk_peer(remote, model="chat") as peer:
        await peer.begin()


@pytest.mark.parametrize("model", [f"llm-{fault}" for fault in services.FAULTS])
async def test_a_broken_model_fails_the_response_and_not_the_session(remote, model):
    async with sdk_peer(remote, model=model) as peer:
        await peer.begin()
        await fail(peer, output_modalities=["text"])
        await peer.still_works()
        await fail(peer)
        assert not peer.seen("error")


@pytest.mark.parametrize(("fault", "kind", "code", "word"), TOLD)
async def test_a_failure_is_told_by_its_true_name(remote, fault, kind, code, word):
    async with sdk_peer(remote, model=f"llm-{fault}") as peer:
        await peer.begin()
        failed = await fail(peer, output_modalities=["text"])
    error = failed["status_details"]["error"]
    assert (error["type"], error["code"]) == (kind, code)
    assert word in error["message"]


async def test_what_was_said_before_the_model_died_stands(remote):
    async with sdk_peer(remote, model="llm-cut") as peer:
        await peer.begin()
        failed = await fail(peer, output_modalities=["text"])
    assert failed["output"][0]["status"] == "incomplete"
    assert words_of(failed) == "You said"


async def test_after_a_failure_the_next_response_can_work(remote):
    async with sdk_peer(remote, model="once") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        await fail(peer)
        answer = await peer.ask("are you back?")
    assert answer == "You said: are you back?."


async def test_a_model_that_hangs_can_be_cancelled(remote):
    async with sdk_peer(remote, model="llm-never") as peer:
        await peer.begin()
        await peer.say("hello")
        await peer.send({"type": "response.create"})
        await peer.next("response.created")
        await peer.send({"type": "response.cancel"})
        response = (await peer.next("response.done"))["response"]
    assert response["status"] == "cancelled"


@pytest.mark.parametrize(
    ("model", "kind", "code"),
    [
        ("deaf", "server_error", "inference_failed"),
        ("busy", "rate_limit_error", "rate_limit_exceeded"),
    ],
)
async def test_a_recogniser_that_fails_is_told_as_such(remote, model, kind, code):
    async with sdk_peer(remote, model=model) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"transcription": {"model": "whisper-1"}}})
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.5) + data + speech.silence(1.5))
        failed = await peer.next("conversation.item.input_audio_transcription.failed")
        await peer.next("response.done")
        await peer.still_works()
        expect_no_secret(peer)
    assert failed["error"]["message"]
    assert (failed["error"]["type"], failed["error"]["code"]) == (kind, code)


async def test_a_voice_that_fails_fails_the_response(remote):
    async with sdk_peer(remote, model="mute") as peer:
        await peer.begin()
        await fail(peer)
        written = await peer.respond(output_modalities=["text"])
    assert written["status"] == "completed"


async def test_one_broken_service_harms_no_other_session(remote):
    async with (
        sdk_peer(remote, model="llm-never") as slow,
        sdk_peer(remote, model="chat") as other,
    ):
        await slow.begin()
        await other.begin()
        await slow.say("hello")
        await slow.send({"type": "response.create"})
        await slow.next("response.created")
        await other.update(output_modalities=["text"])
        assert await other.ask("are you there?") == "You said: are you there?."
        assert (await slow.next("response.done"))["response"]["status"] == "failed"
