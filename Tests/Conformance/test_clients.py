"""What the clients that exist depend on, as each of them does it.

Reference: 13.1, and the facts marked C in 2 to 12.
"""

import base64
import json

import pytest
import pytest_asyncio

from harness import configuration, speech
from harness import server as process
from harness.peer import raw_peer, sdk_peer, words_of

DONE = "conversation.item.input_audio_transcription.completed"

TRANSCRIBE = {"transcription": {"model": "whisper-1"}}

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}

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


async def speak(peer, name="0880"):
    """Streams a sentence with silence around it."""
    data, _ = speech.sentence(name)
    await peer.append(speech.silence(0.5) + data + speech.silence(1.5))


async def create(peer, item, **place):
    await peer.send({"type": "conversation.item.create", "item": item, **place})
    return (await peer.next("conversation.item.done"))["item"]


async def begin_slow_answer(peer):
    """Starts an answer that lets wait for its first word."""
    await peer.say("take your time")
    await peer.send({"type": "response.create"})
    await peer.next("response.created")


async def begin_long_answer(peer):
    """Starts an answer that takes a while; gives its item once it can be heard."""
    await peer.say("tell me everything")
    await peer.send({"type": "response.create"})
    item = (await peer.next("response.output_item.added"))["item"]
    await peer.next("response.output_audio.delta")
    return item["id"]


# pipecat: its loop ends with the first event that it doesn't know, or whose shape it doesn't.

PIPECAT = {
    "error",
    "session.created",
    "session.updated",
    *(f"input_audio_buffer.{end}" for end in ("cleared", "committed")),
    *(f"input_audio_buffer.speech_{end}" for end in ("started", "stopped")),
    *(f"conversation.item.{end}" for end in ("added", "done", "deleted", "retrieved", "truncated")),
    *(
        f"conversation.item.input_audio_transcription.{end}"
        for end in ("delta", "completed", "failed")
    ),
    *(
        f"response.{one}.{end}"
        for one in ("output_text", "output_audio", "output_audio_transcript")
        for end in ("delta", "done")
    ),
    *(
        f"response.{one}.{end}"
        for one in ("output_item", "content_part")
        for end in ("added", "done")
    ),
    *(f"response.function_call_arguments.{end}" for end in ("delta", "done")),
    "response.created",
    "response.done",
    "rate_limits.updated",
}


async def test_a_whole_talk_has_no_event_and_no_error_that_ends_pipecat(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(audio={"input": TRANSCRIBE}, tools=[WEATHER])
        item = await begin_long_answer(peer)
        await speak(peer)
        await peer.next("input_audio_buffer.speech_started")
        await peer.send(
            {
                "type": "conversation.item.truncate",
                "item_id": item,
                "content_index": 0,
                "audio_end_ms": 100,
            }
        )
        await peer.next("conversation.item.truncated")
        heard = await peer.next(DONE)
        await peer.next("response.done")
        await peer.send({"type": "conversation.item.retrieve", "item_id": heard["item_id"]})
        await peer.next("conversation.item.retrieved")
        await peer.say("What is the weather in Berlin?")
        await peer.respond()
        await peer.still_works()
        kinds = {event["type"] for event in peer.events}
    assert kinds <= PIPECAT - {"error"}


async def test_pcm_is_24000_hertz_after_every_update_that_says_nothing_of_it(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        after = await peer.update(
            audio={"input": TRANSCRIBE, "output": {"voice": "alloy", "speed": 1.25}}
        )
    assert after["audio"]["input"]["format"] == {"type": "audio/pcm", "rate": 24000}
    assert after["audio"]["output"]["format"] == {"type": "audio/pcm", "rate": 24000}


async def test_a_client_names_its_items_with_32_characters(server):
    name = "0123456789abcdef" * 2
    async with sdk_peer(server) as peer:
        await peer.begin()
        item = {"type": "message", "role": "user", "id": name, "content": []}
        assert (await create(peer, item))["id"] == name


async def test_members_that_an_item_does_not_use_may_be_null(server):
    """As the models of clients in Python write them."""
    unused = ("id", "object", "status", "call_id", "name", "arguments", "output")
    part = {"type": "input_text", "text": "hi", "audio": None, "transcript": None}
    item = {"type": "message", "role": "user", "content": [part], **dict.fromkeys(unused)}
    async with sdk_peer(server) as peer:
        await peer.begin()
        done = await create(peer, item, previous_item_id=None)
    assert done["content"] == [{"type": "input_text", "text": "hi"}]


async def test_a_response_has_its_usage_however_it_ends(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        whole = await peer.respond()
        cut = await peer.respond(max_output_tokens=1)
        await begin_slow_answer(peer)
        await peer.send({"type": "response.cancel"})
        stopped = (await peer.next("response.done"))["response"]
    ended = [whole, cut, stopped]
    assert [one["status"] for one in ended] == ["completed", "incomplete", "cancelled"]
    for one in ended:
        assert {"input_token_details", "output_token_details"} <= set(one["usage"])


async def test_a_retrieve_that_finds_nothing_names_its_event(server):
    """pipecat forgives this error to events that it has named so."""
    async with sdk_peer(server) as peer:
        await peer.begin()
        event = {"type": "conversation.item.retrieve", "item_id": "gone"}
        await peer.send({**event, "event_id": "rci_gone"})
        await peer.refusal("item_retrieve_invalid_item_id", "rci_gone")


async def test_a_call_is_named_when_it_enters_the_conversation(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(tools=[WEATHER], output_modalities=["text"])
        await peer.say("What is the weather in Berlin?")
        call = (await peer.respond())["output"][-1]
        added = peer.seen("conversation.item.added")[-1]["item"]
    assert added["status"] == "in_progress" and added["arguments"] == ""
    assert (added["call_id"], added["name"]) == (call["call_id"], "get_weather")


async def test_nobody_who_did_not_ask_hears_of_a_silent_user(server):
    async with sdk_peer(server) as peer:
        session = await peer.begin()
        after = await peer.update(audio={"input": {"turn_detection": {"threshold": 0.4}}})
    for one in (session, after):
        assert one["audio"]["input"]["turn_detection"]["idle_timeout_ms"] is None


# openai-agents-js: what fails its schemas is as if it had never come.


async def test_tracing_is_accepted_as_the_first_thing_and_again_with_everything(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        first = await peer.update(tracing="auto")
        again = await peer.update(**first)
        assert not peer.seen("error")
    assert first["tracing"] == again["tracing"] == "auto"


async def test_everything_may_be_sent_again_while_an_answer_is_made(server):
    async with sdk_peer(server, model="scripted") as peer:
        session = await peer.begin()
        await peer.ask("ping")
        await begin_slow_answer(peer)
        assert await peer.update(**session) == session
        assert len(peer.seen("response.done")) == 1 and not peer.seen("error")
        await peer.send({"type": "response.cancel"})
        await peer.next("response.done")


async def test_a_call_that_cannot_be_made_says_why_in_words(server):
    """The client shows them to its user."""
    offer = {"Content-Type": "application/sdp"}
    status, _, body = await server.request("/v1/realtime/calls", "POST", offer, b"no offer")
    assert status >= 400
    assert json.loads(body)["error"]["message"]


async def test_speech_without_a_transcript_says_so(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": None}})
        await peer.append(speech.silence(0.5))
        await peer.send({"type": "input_audio_buffer.commit"})
        added = (await peer.next("conversation.item.added"))["item"]
        done = (await peer.next("conversation.item.done"))["item"]
    for one in (added, done):
        assert one["content"] == [{"type": "input_audio", "transcript": None}]


async def test_a_turn_is_read_again_with_its_transcript_once_that_is_there(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(
            audio={"input": {**TRANSCRIBE, "turn_detection": {"create_response": False}}}
        )
        await speak(peer)
        heard = await peer.next(DONE)
        await peer.send({"type": "conversation.item.retrieve", "item_id": heard["item_id"]})
        part = (await peer.next("conversation.item.retrieved"))["item"]["content"][0]
    assert heard["transcript"]
    assert part["transcript"] == heard["transcript"]
    assert base64.b64decode(part["audio"])


@pytest.mark.parametrize(
    "detection",
    [
        {"type": "semantic_vad"},
        {"type": "semantic_vad", "eagerness": "low"},
        {"type": "server_vad", "silence_duration_ms": 300},
    ],
    ids=["semantic", "eager", "server"],
)
async def test_the_session_says_whether_speech_interrupts(server, detection):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": None}})
        after = await peer.update(audio={"input": {"turn_detection": detection}})
    assert after["audio"]["input"]["turn_detection"]["interrupt_response"] is True
    assert after["audio"]["input"]["turn_detection"]["create_response"] is True


@pytest.mark.parametrize("kind", ["server_vad", "semantic_vad"])
async def test_members_of_the_other_detection_are_no_mistake(server, kind):
    mixture = {
        "type": kind,
        "threshold": 0.5,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 400,
        "eagerness": "high",
        "model_version": "default",
    }
    async with sdk_peer(server) as peer:
        await peer.begin()
        after = await peer.update(audio={"input": {"turn_detection": mixture}})
        assert not peer.seen("error")
    assert after["audio"]["input"]["turn_detection"]["type"] == kind


async def test_a_client_that_interrupts_by_itself_may(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": {"interrupt_response": False}}})
        await begin_slow_answer(peer)
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.3) + data)
        await peer.next("input_audio_buffer.speech_started")
        assert not peer.seen("response.done")
        await peer.send({"type": "response.cancel"})
        response = (await peer.next("response.done"))["response"]
        await peer.append(speech.silence(1.5))
        await peer.next("response.done")
    assert response["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}


async def test_a_cancel_behind_the_server_s_own_is_the_harmless_error(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await begin_slow_answer(peer)
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.3) + data)
        await peer.next("response.done")
        await peer.send({"type": "response.cancel", "event_id": "c1"})
        error = await peer.refusal("response_cancel_not_active", "c1")
        await peer.append(speech.silence(1.5))
        answer = (await peer.next("response.done"))["response"]
    assert error["message"].startswith("Cancellation failed")
    assert answer["status"] == "completed"


async def test_a_call_is_completed_wherever_it_is_shown_when_it_is_done(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(tools=[WEATHER], output_modalities=["text"])
        await peer.say("What is the weather in Berlin?")
        shown = [(await peer.respond())["output"][-1]]
        for kind in ("conversation.item.done", "response.output_item.done"):
            shown.append(peer.seen(kind)[-1]["item"])
    assert [one["status"] for one in shown] == ["completed"] * 3
    assert shown[0] == shown[1] == shown[2]


# LiveKit agents.


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


async def test_words_on_both_sides_of_a_call_are_one_message(polite):
    async with sdk_peer(polite, model="around") as peer:
        await peer.begin()
        await peer.update(tools=[WEATHER])
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
