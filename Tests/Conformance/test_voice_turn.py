"""Spoken words in, spoken words out, with recorded human speech.

Source: Realtime protocol, "turn_detection", "Voice turn, server_vad", "Input audio", "Input
transcription".
"""

import base64

import pytest

from harness import speech
from harness.peer import sdk_peer, words_of

TRANSCRIBE = {"transcription": {"model": "whisper-1"}}


async def speak(peer, name, before=0.5, after=1.5, **pace):
    """Streams a sentence with silence around it; gives its words and its place in seconds."""
    data, said = speech.sentence(name)
    await peer.append(speech.silence(before) + data + speech.silence(after), **pace)
    return said, before, before + speech.seconds(data)


async def test_a_spoken_turn_comes_in_the_order_of_the_reference(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": TRANSCRIBE})
        await speak(peer, "0880")
        await peer.next("response.done")
        own = [
            event["type"]
            for event in peer.events
            if not event["type"].endswith(".delta") and "transcription" not in event["type"]
        ]
    assert own == [
        "session.created",
        "session.updated",
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]


async def test_speech_is_understood(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": TRANSCRIBE})
        said, _, _ = await speak(peer, "0930")
        heard = await peer.next("conversation.item.input_audio_transcription.completed")
        await peer.next("response.done")
    assert speech.overlap(heard["transcript"], said) >= 0.6, heard["transcript"]
    assert heard["content_index"] == 0
    assert 2 < heard["usage"]["seconds"] < 6


async def test_the_turn_has_one_id_from_onset_to_transcript(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": TRANSCRIBE})
        await speak(peer, "0880")
        started = await peer.next("input_audio_buffer.speech_started")
        stopped = await peer.next("input_audio_buffer.speech_stopped")
        committed = await peer.next("input_audio_buffer.committed")
        added = await peer.next("conversation.item.added")
        completed = await peer.next("conversation.item.input_audio_transcription.completed")
    ids = {one["item_id"] for one in (started, stopped, committed, completed)} | {
        added["item"]["id"]
    }
    assert len(ids) == 1
    assert added["item"]["role"] == "user"
    assert added["item"]["content"][0]["type"] == "input_audio"


async def test_positions_are_those_of_the_audio(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        _, begins, ends = await speak(peer, "0880", before=1.0)
        started = await peer.next("input_audio_buffer.speech_started")
        stopped = await peer.next("input_audio_buffer.speech_stopped")
    # The start includes 300 ms of padding, the end the silence of 500 ms that told it.
    assert begins - 0.45 <= started["audio_start_ms"] / 1000 <= begins + 0.4
    assert ends - 0.5 <= stopped["audio_end_ms"] / 1000 <= ends + 0.7


async def test_positions_do_not_depend_on_how_the_audio_is_cut(server):
    async def positions(**pace):
        async with sdk_peer(server) as peer:
            await peer.begin()
            await peer.update(audio={"input": {"turn_detection": {"create_response": False}}})
            await speak(peer, "0880", **pace)
            started = await peer.next("input_audio_buffer.speech_started")
            stopped = await peer.next("input_audio_buffer.speech_stopped")
            await peer.next("conversation.item.done")
            return started["audio_start_ms"], stopped["audio_end_ms"]

    assert (
        await positions(chunk=960) == await positions(chunk=4801) == await positions(chunk=1 << 20)
    )


async def test_the_answer_is_audible_and_says_its_transcript(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await speak(peer, "0880")
        response = (await peer.next("response.done"))["response"]
        item = response["output"][0]
        audio = peer.sequence.audio[item["id"]]
    assert response["status"] == "completed"
    assert item["content"] == [{"type": "output_audio", "transcript": words_of(response)}]
    count = len(speech.words(words_of(response)))
    assert count > 0
    assert 0.1 * count < speech.seconds(audio) < 1.2 * count
    assert speech.loudness(audio) > 300
    assert len(audio) % 2 == 0


async def test_audio_comes_in_pieces_that_can_be_played_at_once(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("tell me everything")
        await peer.respond()
        pieces = [
            base64.b64decode(one["delta"]) for one in peer.seen("response.output_audio.delta")
        ]
    assert len(pieces) > 5
    assert max(map(len, pieces)) <= 48_000, "no delta holds more than a second"


async def test_two_turns_are_two_items(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await speak(peer, "0880")
        await peer.next("response.done")
        await speak(peer, "0930")
        await peer.next("response.done")
        users = [
            event["item"]["id"]
            for event in peer.seen("conversation.item.added")
            if event["item"]["role"] == "user"
        ]
    assert len(users) == len(set(users)) == 2


async def test_without_create_response_the_turn_ends_with_its_item(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(
            audio={"input": {**TRANSCRIBE, "turn_detection": {"create_response": False}}}
        )
        await speak(peer, "0880")
        await peer.next("conversation.item.input_audio_transcription.completed")
        assert not peer.seen("response.created")
        response = await peer.respond()
    assert response["status"] == "completed"


async def test_without_a_transcription_object_there_are_no_transcription_events(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await speak(peer, "0880")
        await peer.next("response.done")
        kinds = {event["type"] for event in peer.events}
    assert not any("transcription" in kind for kind in kinds)


async def test_silence_says_nothing(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.append(speech.silence(5))
        await peer.still_works()
        assert not peer.seen("input_audio_buffer.speech_started", "input_audio_buffer.committed")


@pytest.mark.parametrize("silence_ms, turns", [(200, (2, 3)), (1500, (1, 1))])
async def test_the_silence_window_decides_what_one_turn_is(server, silence_ms, turns):
    detection = {"silence_duration_ms": silence_ms, "create_response": False}
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": detection}})
        one, _ = speech.sentence("0880")
        other, _ = speech.sentence("0930")
        await peer.append(one + speech.silence(0.8) + other + speech.silence(2.5))
        await peer.still_works()
        count = len(peer.seen("input_audio_buffer.committed"))
    assert turns[0] <= count <= turns[1]


@pytest.mark.parametrize("eagerness", ["low", "high"])
async def test_semantic_vad_ends_a_turn_too(server, eagerness):
    detection = {"type": "semantic_vad", "eagerness": eagerness}
    async with sdk_peer(server) as peer:
        await peer.begin()
        after = await peer.update(audio={"input": {"turn_detection": detection}})
        await speak(peer, "0880", after=9)
        await peer.next("input_audio_buffer.speech_stopped")
        response = (await peer.next("response.done"))["response"]
    assert after["audio"]["input"]["turn_detection"]["eagerness"] == eagerness
    assert response["status"] == "completed"


async def test_a_silent_user_is_asked_after_the_idle_timeout(server):
    detection = {"idle_timeout_ms": 5000}
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": detection}})
        await peer.ask("ping")
        # The clock of the idle timeout is that of the audio and of the answer's length.
        await peer.append(speech.silence(0.5))
        idle = await peer.next("input_audio_buffer.timeout_triggered")
        committed = await peer.next("input_audio_buffer.committed")
        item = (await peer.next("conversation.item.done"))["item"]
        response = (await peer.next("response.done"))["response"]
    assert idle["item_id"] == committed["item_id"] == item["id"]
    assert idle["audio_start_ms"] <= idle["audio_end_ms"]
    assert response["status"] == "completed"


async def test_manual_commit_makes_an_item_and_no_response(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {**TRANSCRIBE, "turn_detection": None}})
        data, said = speech.sentence("0880")
        await peer.sdk.input_audio_buffer.append(audio=base64.b64encode(data).decode())
        await peer.sdk.input_audio_buffer.commit()
        committed = await peer.next("input_audio_buffer.committed")
        done = await peer.next("conversation.item.done")
        heard = await peer.next("conversation.item.input_audio_transcription.completed")
        assert not peer.seen("response.created", "input_audio_buffer.speech_started")
        response = await peer.respond()
    assert committed["item_id"] == done["item"]["id"] == heard["item_id"]
    assert speech.overlap(heard["transcript"], said) >= 0.5, heard["transcript"]
    assert response["status"] == "completed"


async def test_committed_audio_can_be_retrieved(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": None}})
        data, _ = speech.sentence("0880")
        await peer.append(data, chunk=4801)
        await peer.send({"type": "input_audio_buffer.commit"})
        item = (await peer.next("conversation.item.done"))["item"]
        await peer.send({"type": "conversation.item.retrieve", "item_id": item["id"]})
        retrieved = (await peer.next("conversation.item.retrieved"))["item"]
    assert base64.b64decode(retrieved["content"][0]["audio"]) == data


async def test_cleared_audio_is_forgotten(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": None}})
        data, _ = speech.sentence("0880")
        await peer.append(data)
        await peer.sdk.input_audio_buffer.clear()
        await peer.next("input_audio_buffer.cleared")
        await peer.send({"type": "input_audio_buffer.commit", "event_id": "c1"})
        await peer.refusal("input_audio_buffer_commit_empty", "c1")


@pytest.mark.parametrize("kind", ["audio/pcmu", "audio/pcma"])
async def test_g711_is_heard_and_spoken(server, kind):
    samples, rate = speech.read(speech.path("0920"))
    data = speech.encode_g711(kind, speech.resample(samples, rate, 8000))
    quiet = speech.encode_g711(kind, [0]) * 12_000
    async with sdk_peer(server) as peer:
        await peer.begin()
        form = {"format": {"type": kind}}
        await peer.update(audio={"input": {**form, **TRANSCRIBE}, "output": form})
        await peer.append(quiet + data + quiet, chunk=800)
        heard = await peer.next("conversation.item.input_audio_transcription.completed")
        response = (await peer.next("response.done"))["response"]
        audio = peer.sequence.audio[response["output"][0]["id"]]
    assert speech.overlap(heard["transcript"], speech.SENTENCES["0920"]) >= 0.4, heard["transcript"]
    assert response["audio"]["output"]["format"] == {"type": kind}
    decoded = speech.pcm(speech.decode_g711(kind, audio))
    count = len(speech.words(words_of(response)))
    assert 0.1 * count < speech.seconds(decoded, 8000) < 1.2 * count
    assert speech.loudness(decoded) > 300
