"""What LiveKit's agents and recogniser depend on, as they do it, and others that run functions.

Source: Realtime protocol, "Client dependence", and what clients need elsewhere.
"""

import pytest
import pytest_asyncio

from harness import configuration
from harness import server as process
from harness.clients import WEATHER, begin_long_answer, begin_slow_answer, create, speak
from harness.peer import raw_peer, sdk_peer, words_of

DONE = "conversation.item.input_audio_transcription.completed"

# Speaks before it calls, and while it does.
PREAMBLE = """\
greeting: Hello.
default: "You said {{user}}."
result: "The tool says {{result}}."
rules:
  - match: "* weather in +"
    reply: Let me have a look at the weather for you. This may take a moment.
    call: {tool: get_weather, arguments: {city: "{{2}}"}}
    result: "In {{2}} it is {{result.temperature}} degrees."
"""


@pytest_asyncio.fixture(scope="module")
async def polite(far, tmp_path_factory):
    """A server whose models say something before they call a function, or on both sides of it."""
    folder = tmp_path_factory.mktemp("polite")
    before = "{engine: scripted, script: scripts/polite.yaml}"
    around = f"{{engine: openai, base_url: '{far.url('around')}', model: mock-around}}"
    files = {
        "polite": configuration.pipeline("polite", llm=before),
        "around": configuration.pipeline("around", llm=around),
    }
    arguments = configuration.write(folder, **files)
    (folder / "models" / "scripts" / "polite.yaml").write_text(PREAMBLE)
    async with process.running(*arguments, cwd=folder) as one:
        yield one


async def test_a_response_is_announced_with_its_metadata_before_the_model_says_anything(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("take your time")
        metadata = {"client_event_id": "response_create_1"}
        await peer.send({"type": "response.create", "response": {"metadata": metadata}})
        created = (await peer.next("response.created"))["response"]
        await peer.send({"type": "response.cancel"})
        done = (await peer.next("response.done"))["response"]
    assert created["metadata"] == done["metadata"] == metadata
    assert done["output"] == []


SHARED = (
    "instructions",
    "max_output_tokens",
    "output_modalities",
    "parallel_tool_calls",
    "prompt",
    "reasoning",
    "tool_choice",
    "tools",
)


async def test_what_a_client_does_not_set_of_a_session_may_be_null(server):
    nulls = dict.fromkeys([*SHARED, "include", "model", "tracing", "truncation"])
    async with sdk_peer(server) as peer:
        before = await peer.begin()
        after = await peer.update(**nulls, audio={"input": {"format": None}, "output": None})
        assert not peer.seen("error")
    assert after == before


async def test_what_a_client_does_not_set_of_a_response_may_be_null(server):
    nulls = dict.fromkeys([*SHARED, "audio", "conversation", "input", "metadata"])
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        response = await peer.respond(**nulls)
        assert not peer.seen("error")
    assert words_of(response) == "Pong."


async def test_items_are_acknowledged_while_an_answer_runs(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await begin_slow_answer(peer)
        item = await peer.say("and another thing", previous_item_id="root")
        await peer.send({"type": "conversation.item.delete", "item_id": item["id"]})
        await peer.next("conversation.item.deleted")
        assert not peer.seen("response.done", "error")
        await peer.send({"type": "response.cancel"})
        await peer.next("response.done")


async def test_an_item_is_replaced_by_deleting_and_creating_it(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        item = await peer.say("something else")
        await peer.say("ping")
        await peer.send({"type": "conversation.item.delete", "item_id": item["id"]})
        text = [{"type": "input_text", "text": "better words"}]
        new = {"type": "message", "role": "user", "id": item["id"], "content": text}
        again = await create(peer, new, previous_item_id="root")
        assert not peer.seen("error")
    assert (again["id"], again["content"]) == (item["id"], text)


async def test_an_answer_that_nobody_heard_can_be_deleted(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        item = await begin_long_answer(peer)
        await peer.send({"type": "response.cancel"})
        await peer.next("response.done")
        await peer.send({"type": "conversation.item.delete", "item_id": item})
        deleted = await peer.next("conversation.item.deleted")
        assert await peer.ask("ping") == "Pong."
    assert deleted["item_id"] == item


async def test_the_next_session_takes_the_history_of_the_one_before(server):
    """After twenty minutes the client reconnects, and tells what was said with the same ids."""
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(tools=[WEATHER])
        history = [await peer.say("What is the weather in Berlin?")]
        history += (await peer.respond())["output"]
        call_id = history[-1]["call_id"]
        output = {"type": "function_call_output", "call_id": call_id}
        history.append(await create(peer, {**output, "output": '{"temperature": 21}'}))
        answer = (await peer.respond(output_modalities=["text"]))["output"][0]
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(tools=[WEATHER], output_modalities=["text"])
        told = [await create(peer, item, previous_item_id="root") for item in history[:1]]
        for item in history[1:]:
            told.append(await create(peer, item, previous_item_id=told[-1]["id"]))
        again = (await peer.respond())["output"][0]
    assert told == history
    assert "21" in words_of({"output": [again]})
    assert again["content"] == answer["content"]


async def test_an_answer_beside_a_call_is_one_message(polite):
    async with sdk_peer(polite, model="polite") as peer:
        await peer.begin()
        await peer.update(tools=[WEATHER])
        await peer.say("What is the weather in Berlin?")
        response = await peer.respond()
    assert [one["type"] for one in response["output"]] == ["message", "function_call"]
    assert len(response["output"][0]["content"]) == 1
    assert words_of(response).endswith("a moment.")


@pytest.mark.parametrize("modality", ["audio", "text"])
async def test_words_on_both_sides_of_a_call_are_one_message(polite, modality):
    async with sdk_peer(polite, model="around") as peer:
        await peer.begin()
        await peer.update(tools=[WEATHER], output_modalities=[modality])
        await peer.say("Please call get_weather for me")
        response = await peer.respond()
    assert [one["type"] for one in response["output"]] == ["message", "function_call"]
    assert words_of(response).strip() == "Let me have a look. This may take a moment."


async def test_a_result_may_come_before_its_response_is_done(polite):
    """Who is told of the call does not wait for the end of the words beside it."""
    async with sdk_peer(polite, model="polite") as peer:
        await peer.begin()
        await peer.update(tools=[WEATHER])
        await peer.say("What is the weather in Berlin?")
        await peer.send({"type": "response.create"})
        call = (await peer.next("response.function_call_arguments.done"))["call_id"]
        output = {"type": "function_call_output", "call_id": call}
        await peer.send(
            {
                "type": "conversation.item.create",
                "item": {**output, "output": '{"temperature": 21}'},
            }
        )
        await peer.next("response.done")
        answer = await peer.respond()
        assert not peer.seen("error")
    assert "21" in words_of(answer)


async def test_a_listener_is_told_when_speech_starts_and_stops_and_hears_no_error(server):
    """LiveKit's recogniser: the first error ends it."""
    query = "intent=transcription&model=gpt-4o-transcribe"
    async with raw_peer(server, query=query) as peer:
        await peer.begin()
        detection = {"type": "server_vad", "prefix_padding_ms": 600, "silence_duration_ms": 350}
        heard = {"model": "gpt-4o-transcribe", "prompt": "", "language": "en"}
        await peer.send(
            {
                "type": "session.update",
                "session": {
                    "type": "transcription",
                    "audio": {
                        "input": {
                            "format": {"type": "audio/pcm", "rate": 24000},
                            "transcription": heard,
                            "turn_detection": {**detection, "threshold": 0.5},
                        }
                    },
                },
            }
        )
        await peer.next("session.updated")
        await speak(peer)
        kinds = [
            "input_audio_buffer.speech_started",
            "input_audio_buffer.speech_stopped",
            "conversation.item.input_audio_transcription.delta",
            DONE,
        ]
        ids = {(await peer.next(kind))["item_id"] for kind in kinds}
        assert not peer.seen("error")
    assert len(ids) == 1
