"""Conversations at the pace of real time: a microphone that is always open, and a loudspeaker.

What is checked is order and results; how long anything takes is measured by `parley bench`.

Source: Realtime protocol, "Voice turn, server_vad", "Barge-in over WebSocket", "Truncate",
"turn_detection", "conversation.item.truncate".
"""

import asyncio
import base64

import pytest

from harness import speech
from harness.devices import Loudspeaker, microphone
from harness.peer import sdk_peer, words_of

pytestmark = pytest.mark.real_time

TRANSCRIBE = {"transcription": {"model": "whisper-1"}}


async def turn(peer, mic, name):
    """Speaks a sentence and hears the answer; gives what came of both, in the order of coming."""
    data, said = speech.sentence(name)
    first = len(peer.events)
    await mic.speak(data)
    started = await peer.next("input_audio_buffer.speech_started")
    stopped = await peer.next("input_audio_buffer.speech_stopped")
    committed = await peer.next("input_audio_buffer.committed")
    response = (await peer.next("response.done"))["response"]
    assert response["status"] == "completed", response
    heard = next(
        event["transcript"]
        for event in peer.seen("conversation.item.input_audio_transcription.completed")
        if event["item_id"] == committed["item_id"]
    )
    assert speech.overlap(heard, said) >= 0.6, heard
    assert started["item_id"] == stopped["item_id"] == committed["item_id"]
    assert started["audio_start_ms"] < stopped["audio_end_ms"] <= mic.sent_seconds * 1000
    return started, stopped, response, peer.events[first:]


async def test_two_turns_at_the_pace_of_speech(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(audio={"input": TRANSCRIBE})
        async with microphone(peer) as mic:
            _, stopped, first, _ = await turn(peer, mic, "0880")
            started, _, second, events = await turn(peer, mic, "0930")
        assert not peer.seen("error")
    assert stopped["audio_end_ms"] <= started["audio_start_ms"]
    # The script says what it heard: the second answer is one to the second sentence.
    assert speech.overlap(words_of(first), speech.SENTENCES["0880"]) >= 0.6
    assert speech.overlap(words_of(second), speech.SENTENCES["0930"]) >= 0.6
    kinds = [event["type"] for event in events]
    milestones = [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "response.created",
        "response.output_audio.delta",
        "response.output_audio.done",
        "response.done",
    ]
    assert [kinds.index(one) for one in milestones] == sorted(map(kinds.index, milestones))


async def test_speaking_over_an_answer_leaves_what_was_played(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(audio={"input": TRANSCRIBE})
        data, said = speech.sentence("0930")
        async with microphone(peer) as mic:
            await peer.say("tell me everything")
            await peer.send({"type": "response.create"})
            item = (await peer.next("response.output_item.added"))["item"]["id"]
            await peer.next("response.output_audio.delta")
            speaker = Loudspeaker(peer, item)
            await speaker.play(0.5)
            speaking = asyncio.create_task(mic.speak(data))
            await interrupt(peer, item, speaker)
            await speaking
            answer = (await peer.next("response.done"))["response"]
        played = peer.seen("conversation.item.truncated")[0]["audio_end_ms"]
        part = await content(peer, item)
        assert not peer.seen("error")
    assert answer["status"] == "completed"
    assert speech.overlap(words_of(answer), said) >= 0.6
    kept = base64.b64decode(part["audio"])
    assert played >= 500
    assert speech.seconds(kept) == pytest.approx(played / 1000, abs=0.001)
    assert peer.sequence.audio[item].startswith(kept)
    assert not part.get("transcript")


async def interrupt(peer, item, speaker):
    """At the first sound of the user, says what was played of the answer, as a client does."""
    await peer.next("input_audio_buffer.speech_started")
    await peer.sdk.conversation.item.truncate(
        item_id=item, content_index=0, audio_end_ms=speaker.played_ms
    )
    cancelled = (await peer.next("response.done"))["response"]
    assert cancelled["status"] == "cancelled"
    assert cancelled["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    await peer.next("conversation.item.truncated")


async def content(peer, item):
    """What the conversation keeps of an item."""
    await peer.send({"type": "conversation.item.retrieve", "item_id": item})
    return (await peer.next("conversation.item.retrieved"))["item"]["content"][0]
