"""What the clients that exist depend on, as each of them does it.

Source: Realtime protocol, "Client dependence", and what clients need elsewhere. LiveKit's are in a
file of their own.
"""

import base64
import json

import pytest

from harness import speech
from harness.clients import WEATHER, begin_long_answer, begin_slow_answer, create, speak
from harness.peer import sdk_peer

DONE = "conversation.item.input_audio_transcription.completed"

TRANSCRIBE = {"transcription": {"model": "whisper-1"}}


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
