"""Barge-in, cancelling and truncation.

Source: Realtime protocol, "Barge-in over WebSocket", "Cancel", "Truncate",
"conversation.item.truncate", "response.cancel".
"""

import base64

import pytest

from harness import speech
from harness.clients import begin_long_answer
from harness.peer import sdk_peer, words_of


async def begin_endless_answer(peer):
    """Starts a session with an answer that ends only when it is broken off; gives its item."""
    await peer.begin()
    return await begin_long_answer(peer)


async def test_speech_over_a_response_cancels_it(server):
    async with sdk_peer(server, model="scripted") as peer:
        item = await begin_endless_answer(peer)
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.3) + data)
        started = await peer.next("input_audio_buffer.speech_started")
        done = await peer.next("response.done")
        between = peer.events[peer.events.index(started) + 1 : peer.events.index(done)]
        await peer.append(speech.silence(1.5))
        await peer.next("response.done")
    response = done["response"]
    assert response["status"] == "cancelled"
    assert response["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    assert response["output"][0]["id"] == item
    assert response["output"][0]["status"] == "incomplete"
    assert [event["type"] for event in between] == [
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
    ]


async def test_after_barge_in_and_truncate_the_next_turn_is_answered(server):
    async with sdk_peer(server, model="scripted") as peer:
        item = await begin_endless_answer(peer)
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.3) + data)
        await peer.next("input_audio_buffer.speech_started")
        cancelled = (await peer.next("response.done"))["response"]
        await peer.sdk.conversation.item.truncate(item_id=item, content_index=0, audio_end_ms=400)
        truncated = await peer.next("conversation.item.truncated")
        await peer.append(speech.silence(1.5))
        answer = (await peer.next("response.done"))["response"]
        await peer.send({"type": "conversation.item.retrieve", "item_id": item})
        part = (await peer.next("conversation.item.retrieved"))["item"]["content"][0]
    assert cancelled["status"] == "cancelled"
    assert (truncated["item_id"], truncated["audio_end_ms"]) == (item, 400)
    assert answer["status"] == "completed"
    assert speech.seconds(base64.b64decode(part["audio"])) == pytest.approx(0.4, abs=0.001)
    assert not part.get("transcript")


async def test_without_interrupt_response_the_response_goes_on(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": {"interrupt_response": False}}})
        await peer.say("tell me everything")
        await peer.send({"type": "response.create"})
        await peer.next("response.output_audio.delta")
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.3) + data + speech.silence(1.5))
        await peer.next("input_audio_buffer.committed")
        response = (await peer.next("response.done"))["response"]
        assert not peer.seen("error")
    assert response["status"] == "completed"


async def test_cancel_closes_what_is_open(server):
    async with sdk_peer(server, model="scripted") as peer:
        await begin_endless_answer(peer)
        await peer.sdk.response.cancel()
        response = (await peer.next("response.done"))["response"]
        again = await peer.ask("ping")
    assert response["status"] == "cancelled"
    assert response["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
    assert response["output"][0]["status"] == "incomplete"
    assert again == "Pong."


async def test_what_was_not_sent_is_not_in_the_usage(server):
    async with sdk_peer(server, model="scripted") as peer:
        item = await begin_endless_answer(peer)
        await peer.send({"type": "response.cancel"})
        response = (await peer.next("response.done"))["response"]
        sent = len(peer.sequence.audio[item])
    details = response["usage"]["output_token_details"]
    assert details["audio_tokens"] == -(-sent // 2400), "50 ms are a token"
    # A word is a token of the script; the whole answer has thousands.
    assert 0 < details["text_tokens"] <= 2 * len(words_of(response).split())


@pytest.mark.parametrize("limit", [20, 60])
async def test_text_and_audio_together_stay_below_the_limit(server, limit):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("tell me everything")
        response = await peer.respond(max_output_tokens=limit)
        item = response["output"][0]
        sent = len(peer.sequence.audio[item["id"]])
        assert await peer.ask("ping") == "Pong."
    details = response["usage"]["output_token_details"]
    assert response["status"] == "incomplete"
    assert response["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert item["status"] == "incomplete"
    assert response["usage"]["output_tokens"] == limit
    assert details["audio_tokens"] == -(-sent // 2400) > 0


async def test_a_truncated_answer_in_progress_ends_without_its_transcript(server):
    async with sdk_peer(server, model="scripted") as peer:
        item = await begin_endless_answer(peer)
        while speech.seconds(peer.sequence.audio[item]) < 0.1:
            await peer.next("response.output_audio.delta")
        truncate = {"item_id": item, "content_index": 0, "audio_end_ms": 100}
        await peer.send({"type": "conversation.item.truncate", **truncate})
        await peer.next("conversation.item.truncated")
        await peer.send({"type": "response.cancel"})
        told = await peer.next("response.output_audio_transcript.done")
        done = (await peer.next("conversation.item.done"))["item"]
        await peer.next("response.done")
        await peer.send({"type": "conversation.item.retrieve", "item_id": item})
        kept = (await peer.next("conversation.item.retrieved"))["item"]["content"][0]
    assert told["transcript"] == ""
    assert not done["content"][0].get("transcript")
    assert not kept.get("transcript")
    assert speech.seconds(base64.b64decode(kept["audio"])) == pytest.approx(0.1, abs=0.001)


async def test_cancel_before_the_first_word_gives_an_empty_response(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("take your time")
        await peer.send({"type": "response.create"})
        created = (await peer.next("response.created"))["response"]
        await peer.send({"type": "response.cancel", "response_id": created["id"]})
        response = (await peer.next("response.done"))["response"]
    assert response["status"] == "cancelled"
    assert response["output"] == []
    assert response["usage"]["total_tokens"] == 0


async def test_cancel_by_id_reaches_a_response_out_of_band(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("take your time")
        await peer.send({"type": "response.create", "response": {"conversation": "none"}})
        created = (await peer.next("response.created"))["response"]
        await peer.send({"type": "response.cancel", "event_id": "c1"})
        await peer.refusal("response_cancel_not_active", "c1")
        await peer.send({"type": "response.cancel", "response_id": created["id"]})
        response = (await peer.next("response.done"))["response"]
    assert response["id"] == created["id"] and response["status"] == "cancelled"


async def test_a_second_response_is_refused_while_one_is_in_progress(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("take your time")
        await peer.send({"type": "response.create"})
        await peer.next("response.created")
        await peer.send({"type": "response.create", "event_id": "r2"})
        await peer.refusal("conversation_already_has_active_response", "r2")
        await peer.send({"type": "response.cancel"})
        await peer.next("response.done")
        assert await peer.ask("ping") == "Pong."


@pytest.mark.parametrize("heard_ms", [0, 250, 1000])
async def test_a_truncated_answer_keeps_what_was_heard(server, heard_ms):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("tell me everything")
        response = await peer.respond()
        item = response["output"][0]["id"]
        whole = peer.sequence.audio[item]
        await peer.send(
            {
                "type": "conversation.item.truncate",
                "item_id": item,
                "content_index": 0,
                "audio_end_ms": heard_ms,
            }
        )
        await peer.next("conversation.item.truncated")
        await peer.send({"type": "conversation.item.retrieve", "item_id": item})
        part = (await peer.next("conversation.item.retrieved"))["item"]["content"][0]
    kept = base64.b64decode(part.get("audio", ""))
    assert len(words_of(response)) > 100
    assert speech.seconds(kept) == pytest.approx(heard_ms / 1000, abs=0.001)
    assert whole.startswith(kept)


async def test_a_small_overshoot_is_forgiven(server):
    """Clients measure by the clock on the wall."""
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        response = await peer.respond()
        item = response["output"][0]["id"]
        length_ms = int(speech.seconds(peer.sequence.audio[item]) * 1000)
        await peer.send(
            {
                "type": "conversation.item.truncate",
                "item_id": item,
                "content_index": 0,
                "audio_end_ms": length_ms + 500,
            }
        )
        await peer.next("conversation.item.truncated")
        assert not peer.seen("error")
