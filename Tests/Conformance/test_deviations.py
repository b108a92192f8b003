"""Where Parley does something else than the published protocol says, on purpose."""

import base64

from harness import speech
from harness.peer import raw_peer, sdk_peer

DONE = "conversation.item.input_audio_transcription.completed"


def spoken(*parts, **members):
    content = [
        {"type": "input_audio", "audio": base64.b64encode(part).decode()} for part in parts
    ]
    return {"type": "message", "role": "user", "content": content, **members}


async def test_a_second_part_of_speech_in_an_item_is_refused(server):
    data, _ = speech.sentence("0880")
    async with sdk_peer(server) as peer:
        await peer.begin()
        item = spoken(data, data)
        await peer.send({"type": "conversation.item.create", "item": item, "event_id": "two"})
        error = await peer.refusal("invalid_value", "two")
        await peer.still_works()
    assert error["param"] == "item.content[1]"


async def test_null_is_the_usual_recogniser_where_a_session_only_listens(server):
    async with raw_peer(server, query="intent=transcription") as peer:
        usual = (await peer.begin())["audio"]["input"]["transcription"]
        session = await peer.update(
            type="transcription", audio={"input": {"transcription": {"model": "whisper-1"}}}
        )
        assert session["audio"]["input"]["transcription"]["model"] == "whisper-1"
        session = await peer.update(type="transcription", audio={"input": {"transcription": None}})
    assert session["audio"]["input"]["transcription"] == usual


async def test_an_item_deleted_while_it_is_written_down_is_not_told_of_again(server):
    data, _ = speech.sentence("0880")
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"transcription": {"model": "pocketsphinx"}}})
        for name in ("one", "two"):
            item = spoken(data, id=name)
            await peer.send({"type": "conversation.item.create", "item": item})
        await peer.send({"type": "conversation.item.delete", "item_id": "one"})
        await peer.next("conversation.item.deleted")
        # Recognisers take a session's speech in turn: what is asked for last is told last.
        await peer.next(DONE, item_id="two")
        await peer.still_works()
        told = [event["item_id"] for event in peer.seen(DONE)]
    assert told == ["two"]


async def test_speech_out_of_band_locks_the_voice(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.say("hello")
        await peer.respond(conversation="none")
        output = {"type": "realtime", "audio": {"output": {"voice": "kal16"}}}
        await peer.send({"type": "session.update", "session": output, "event_id": "v1"})
        error = await peer.refusal("cannot_update_voice", "v1")
    assert error["param"] == "session.audio.output.voice"
