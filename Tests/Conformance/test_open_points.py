"""Where the sources say nothing, or not the same: what Parley does.

Source: Realtime protocol, "Open points".
"""

import base64

import pytest
import pytest_asyncio

from harness import configuration, speech
from harness import server as process
from harness.peer import sdk_peer, words_of


@pytest_asyncio.fixture(scope="module")
async def noted(far, tmp_path_factory):
    """A server that tells what it ignores, with a model that keeps what it was asked."""
    folder = tmp_path_factory.mktemp("noted")
    model = f"{{engine: openai, base_url: '{far.url('noted')}', model: mock}}"
    patient = "{type: server_vad, silence_duration_ms: 900}"
    files = {
        "noted": configuration.pipeline("noted", llm=model),
        "patient": configuration.pipeline("patient", turn_detection=patient),
    }
    arguments = configuration.write(folder, **files)
    async with process.running(*arguments, "--log-level", "debug", cwd=folder) as one:
        yield one


async def read_by_the_model(far):
    """What the user has said, as the last request to the model has it."""
    asked = (await far.asked("noted", "/chat/completions"))[-1]["body"]["messages"]
    return [one["content"] for one in asked if one["role"] == "user"]


async def speak_and_ask(peer):
    """Commits speech and asks for a response to it, which first needs the words."""
    data, _ = speech.sentence("0880")
    await peer.append(data)
    await peer.send({"type": "input_audio_buffer.commit"})
    await peer.send({"type": "response.create"})


def message(text, **members):
    content = [{"type": "input_text", "text": text}]
    return {"type": "message", "role": "user", "content": content, **members}


# 1: how long a silence ends a turn.


async def test_the_silence_that_ends_a_turn_is_the_operator_s_choice(noted):
    async with sdk_peer(noted, model="noted") as peer:
        usual = (await peer.begin())["audio"]["input"]["turn_detection"]
    async with sdk_peer(noted, model="patient") as peer:
        patient = (await peer.begin())["audio"]["input"]["turn_detection"]
    assert usual["silence_duration_ms"] == 500
    assert patient == {**usual, "silence_duration_ms": 900}


# 2: names of what an assistant's message holds.


async def test_the_short_name_of_written_content_is_read_and_never_shown(server):
    content = [{"type": "text", "text": "Hello."}]
    async with sdk_peer(server) as peer:
        await peer.begin()
        item = {"type": "message", "role": "assistant", "content": content}
        await peer.send({"type": "conversation.item.create", "item": item})
        done = (await peer.next("conversation.item.done"))["item"]
    assert done["content"] == [{"type": "output_text", "text": "Hello."}]


# 12: members that nobody knows.


async def test_what_is_ignored_is_told_in_the_log(noted):
    async with sdk_peer(noted, model="noted") as peer:
        await peer.begin()
        await peer.update(volume=11)
        await noted.wrote("session.volume")
        assert not peer.seen("error")


# 14: a turn that ends while a response goes on that nothing interrupts.


async def test_a_turn_during_an_answer_that_goes_on_is_heard_and_not_answered(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": {"interrupt_response": False}}})
        await peer.say("take your time")
        await peer.send({"type": "response.create"})
        await peer.next("response.created")
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.3) + data + speech.silence(1.5))
        turn = (await peer.next("input_audio_buffer.committed"))["item_id"]
        done = (await peer.next("conversation.item.done"))["item"]
        await peer.still_works()
        await peer.send({"type": "response.cancel"})
        await peer.next("response.done")
        await peer.still_works()
        assert len(peer.seen("response.created")) == 1
        assert not peer.seen("error")
    assert done["id"] == turn


# 15 and 16: what becomes a turn.


async def test_a_client_may_commit_while_the_server_listens_for_turns(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.3) + data)
        started = await peer.next("input_audio_buffer.speech_started")
        await peer.send({"type": "input_audio_buffer.commit"})
        committed = await peer.next("input_audio_buffer.committed")
        await peer.next("conversation.item.done")
        await peer.append(speech.silence(1.5))
        await peer.still_works()
        assert not peer.seen("input_audio_buffer.speech_stopped", "response.created", "error")
    assert committed["item_id"] == started["item_id"]


async def test_a_sound_of_less_than_a_tenth_of_a_second_is_no_turn(server):
    detection = {"prefix_padding_ms": 0, "silence_duration_ms": 0, "create_response": False}
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": detection}})
        data, _ = speech.sentence("0930")
        for start_ms in range(0, 2000, 250):
            await peer.append(data[48 * start_ms : 48 * (start_ms + 120)] + speech.silence(0.5))
        await peer.still_works()
        starts = {
            one["item_id"]: one["audio_start_ms"]
            for one in peer.seen("input_audio_buffer.speech_started")
        }
        lengths = {
            one["item_id"]: one["audio_end_ms"] - starts[one["item_id"]]
            for one in peer.seen("input_audio_buffer.speech_stopped")
        }
        turns = {one["item_id"] for one in peer.seen("input_audio_buffer.committed")}
        assert not peer.seen("error")
    assert turns == {one for one, length in lengths.items() if length >= 100}
    assert 0 < len(turns) < len(lengths), "some of the sounds are long enough, and some are not"


# 19 to 21: details of events.


async def test_a_response_that_went_well_has_no_details_of_its_status(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        response = await peer.respond()
    assert (response["status"], response["status_details"]) == ("completed", None)


@pytest.mark.parametrize(
    "form, bytes_per_ms",
    [({"type": "audio/pcm", "rate": 24000}, 48), ({"type": "audio/pcmu"}, 8)],
    ids=["pcm", "pcmu"],
)
async def test_a_piece_of_audio_is_20_to_200_milliseconds(server, form, bytes_per_ms):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(audio={"output": {"format": form}})
        await peer.say("tell me everything")
        await peer.respond()
        pieces = [
            len(base64.b64decode(one["delta"])) / bytes_per_ms
            for one in peer.seen("response.output_audio.delta")
        ]
    assert pieces[0] < 100, "the first does not wait for as much as those behind it"
    assert max(pieces) <= 200
    # Where the rate changes, a filter may hold back a sample or two.
    assert min(pieces[:-1]) >= 19.5


async def test_the_first_turn_follows_nothing(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": None}})
        for _ in range(2):
            await peer.append(speech.silence(0.2))
            await peer.send({"type": "input_audio_buffer.commit"})
            await peer.next("conversation.item.done")
        first, second = peer.seen("input_audio_buffer.committed")
    assert first["previous_item_id"] is None
    assert second["previous_item_id"] == first["item_id"]


# 23: the conversation changes while a response goes on.


async def test_an_item_that_comes_during_a_response_is_for_the_next_one(noted, far):
    async with sdk_peer(noted, model="noted") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"], audio={"input": {"turn_detection": None}})
        await speak_and_ask(peer)
        event = {"type": "conversation.item.create", "item": message("and apples")}
        await peer.send(event)
        await peer.next("response.done")
        during = await read_by_the_model(far)
        await peer.respond()
        afterwards = await read_by_the_model(far)
        assert not peer.seen("error")
    assert len(during) == 1 and "apples" not in during[0]
    assert "and apples" in afterwards


async def test_an_item_deleted_during_a_response_is_gone_for_the_next_one(noted, far):
    async with sdk_peer(noted, model="noted") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"], audio={"input": {"turn_detection": None}})
        item = await peer.say("apples")
        await speak_and_ask(peer)
        await peer.send({"type": "conversation.item.delete", "item_id": item["id"]})
        await peer.next("conversation.item.deleted")
        await peer.next("response.done")
        during = await read_by_the_model(far)
        await peer.respond()
        afterwards = await read_by_the_model(far)
        assert not peer.seen("error")
    assert "apples" in during
    assert "apples" not in afterwards


# 24: the conversation of a response.


@pytest.mark.parametrize("name", ["auto", "its id"])
async def test_a_response_may_name_the_conversation(server, name):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        await peer.say("ping")
        own = (await peer.respond())["conversation_id"]
        response = await peer.respond(conversation=own if name == "its id" else name)
        added = peer.seen("conversation.item.added")[-1]["item"]
    assert words_of(response) == "Pong."
    assert response["conversation_id"] == own
    assert added["id"] == response["output"][0]["id"]
