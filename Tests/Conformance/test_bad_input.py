"""What a client does wrong is an error that names it; the session goes on.

Source: Realtime protocol, "Client events", "Errors, limits, close codes".
"""

import asyncio
import base64
import json
import random

import pytest

from harness import speech
from harness.peer import raw_peer, sdk_peer


@pytest.mark.parametrize(
    "frame",
    ["", "{", "nonsense", "[]", '"text"', "7", "null", '{"type":', "\u0000", "{}{}", "[" * 100_000],
    ids=lambda frame: repr(frame[:12]),
)
async def test_what_is_no_json_object_is_invalid_json(server, frame):
    async with raw_peer(server) as peer:
        await peer.begin()
        await peer.socket.send(frame)
        error = await peer.refusal("invalid_json")
        await peer.still_works()
    assert error["type"] == "invalid_request_error"


async def test_a_binary_frame_is_an_invalid_event(server):
    async with raw_peer(server) as peer:
        await peer.begin()
        await peer.socket.send(b'{"type":"input_audio_buffer.clear"}')
        await peer.refusal("invalid_event")
        await peer.still_works()


async def test_an_unknown_type_is_named(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "conversation.item.explode", "event_id": "x"})
        error = await peer.refusal("invalid_value", "x")
        await peer.still_works()
    assert error["param"] == "type"
    assert "conversation.item.explode" in error["message"]


async def test_playout_is_no_matter_of_a_socket(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "output_audio_buffer.clear", "event_id": "x"})
        error = await peer.refusal("invalid_value", "x")
        await peer.still_works()
    assert error["param"] == "type"


def item(**members):
    return {"type": "conversation.item.create", "item": members}


def user(*parts):
    return item(type="message", role="user", content=list(parts))


MISSING = "missing_required_parameter"
TOO_LONG = "string_above_max_length"

REFUSED = [
    ({}, MISSING, "type"),
    ({"type": 7}, "invalid_type", "type"),
    ({"type": None}, None, "type"),
    ({"type": "session.update"}, MISSING, "session"),
    ({"type": "session.update", "session": []}, "invalid_type", "session"),
    ({"type": "input_audio_buffer.append"}, MISSING, "audio"),
    ({"type": "input_audio_buffer.append", "audio": 7}, "invalid_type", "audio"),
    ({"type": "input_audio_buffer.append", "audio": "AAA"}, None, "audio"),
    ({"type": "input_audio_buffer.append", "audio": "!!!!"}, None, "audio"),
    ({"type": "input_audio_buffer.append", "audio": "AA=A"}, None, "audio"),
    ({"type": "input_audio_buffer.append", "audio": "AAAA\n"}, None, "audio"),
    ({"type": "conversation.item.create"}, MISSING, "item"),
    ({"type": "conversation.item.create", "item": "hello"}, "invalid_type", "item"),
    (item(), MISSING, "item.type"),
    (item(type="poem"), "invalid_value", "item.type"),
    (item(type="message", content=[]), MISSING, "item.role"),
    (item(type="message", role="robot", content=[]), "invalid_value", "item.role"),
    (item(type="message", role="user"), MISSING, "item.content"),
    (item(type="message", role="user", content="hi"), "invalid_type", "item.content"),
    (user({"text": "hi"}), MISSING, "item.content[0].type"),
    (user({"type": "input_text"}), MISSING, "item.content[0].text"),
    (user({"type": "input_text", "text": 7}), "invalid_type", "item.content[0].text"),
    (user({"type": "output_text", "text": "hi"}), "invalid_value", "item.content[0].type"),
    (user({"type": "input_audio"}), MISSING, "item.content[0].audio"),
    (user({"type": "input_audio", "audio": "A"}), None, "item.content[0].audio"),
    (item(type="function_call_output", output="1"), MISSING, "item.call_id"),
    (
        item(type="function_call_output", call_id="nobody", output="1"),
        "invalid_tool_call_id",
        "item.call_id",
    ),
    (item(type="message", role="user", id="", content=[]), "invalid_value", "item.id"),
    (item(type="message", role="user", id="root", content=[]), "invalid_value", "item.id"),
    (item(type="message", role="user", id="a\x00b", content=[]), "invalid_value", "item.id"),
    (item(type="message", role="user", id="é", content=[]), "invalid_value", "item.id"),
    (item(type="message", role="user", id="a" * 33, content=[]), TOO_LONG, "item.id"),
    (
        item(type="function_call", call_id="c" * 33, name="f", arguments="{}"),
        TOO_LONG,
        "item.call_id",
    ),
    (item(type="function_call", call_id="c", arguments="{}"), MISSING, "item.name"),
    ({"type": "conversation.item.retrieve"}, MISSING, "item_id"),
    ({"type": "conversation.item.delete"}, MISSING, "item_id"),
    ({"type": "conversation.item.delete", "item_id": 7}, "invalid_type", "item_id"),
    (
        {"type": "conversation.item.retrieve", "item_id": "no"},
        "item_retrieve_invalid_item_id",
        "item_id",
    ),
    (
        {"type": "conversation.item.delete", "item_id": "no"},
        "item_delete_invalid_item_id",
        "item_id",
    ),
    ({"type": "conversation.item.truncate"}, MISSING, None),
    (
        {
            "type": "conversation.item.truncate",
            "item_id": "no",
            "content_index": 0,
            "audio_end_ms": 0,
        },
        "item_truncate_invalid_item_id",
        "item_id",
    ),
    (
        {
            "type": "conversation.item.truncate",
            "item_id": "no",
            "content_index": 0,
            "audio_end_ms": "1",
        },
        "invalid_type",
        "audio_end_ms",
    ),
    (
        {
            "type": "conversation.item.truncate",
            "item_id": "no",
            "content_index": 0,
            "audio_end_ms": -1,
        },
        None,
        "audio_end_ms",
    ),
    ({"type": "response.create", "response": 7}, "invalid_type", "response"),
    (
        {"type": "response.create", "response": {"output_modalities": ["smell"]}},
        "invalid_value",
        None,
    ),
    (
        {"type": "response.create", "response": {"max_output_tokens": 9999}},
        None,
        "response.max_output_tokens",
    ),
    (
        {"type": "response.create", "response": {"conversation": "another"}},
        "invalid_value",
        "response.conversation",
    ),
    (
        {
            "type": "response.create",
            "response": {"input": [{"type": "item_reference", "id": "nobody"}]},
        },
        None,
        None,
    ),
    (
        {"type": "response.create", "response": {"metadata": {str(i): "" for i in range(17)}}},
        None,
        "response.metadata",
    ),
    (
        {
            "type": "response.create",
            "response": {"tool_choice": {"type": "function", "name": "nobody"}},
        },
        "invalid_value",
        "response.tool_choice",
    ),
    (
        {
            "type": "response.create",
            "response": {
                "input": [{"type": "function_call_output", "call_id": "nobody", "output": "1"}]
            },
        },
        "invalid_tool_call_id",
        "response.input[0].call_id",
    ),
    (
        {
            "type": "session.update",
            "session": {"tool_choice": {"type": "function", "name": "nobody"}},
        },
        "invalid_value",
        "session.tool_choice",
    ),
    (
        {
            "type": "session.update",
            "session": {"tool_choice": {"type": "mcp", "server_label": "nobody"}},
        },
        "invalid_value",
        "session.tool_choice",
    ),
    ({"type": "response.cancel"}, "response_cancel_not_active", None),
    ({"type": "response.cancel", "response_id": "resp_no"}, "response_cancel_not_active", None),
    ({"type": "input_audio_buffer.commit"}, "input_audio_buffer_commit_empty", None),
    ({"type": "transcription_session.update", "session": {}}, None, None),
]


def name_of(case):
    return json.dumps(case)[:70] if isinstance(case, dict) else ""


@pytest.mark.parametrize("event, code, param", REFUSED, ids=name_of)
async def test_a_wrong_event_is_told_and_forgotten(server, event, code, param):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.send({**event, "event_id": "mine"})
        error = await peer.refusal(code, "mine")
        await peer.still_works()
    assert error["type"] == "invalid_request_error"
    assert error["code"]
    if param is not None:
        assert error["param"] == param
    assert len(peer.seen("error")) == 1
    assert not peer.seen("response.created", "conversation.item.added", "session.updated")


async def test_cancelling_nothing_says_so_in_the_words_clients_know(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "response.cancel", "event_id": "c1"})
        error = await peer.refusal("response_cancel_not_active", "c1")
    assert error["message"].startswith("Cancellation failed")


async def test_an_event_id_that_is_no_text_is_refused(server):
    async with raw_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "input_audio_buffer.clear", "event_id": 7})
        error = await peer.refusal()
        await peer.still_works()
    assert error["param"] == "event_id"


async def test_an_event_id_may_be_any_text_and_come_twice(server):
    name = "é✓" * 256
    async with sdk_peer(server) as peer:
        await peer.begin()
        for _ in range(2):
            await peer.send({"type": "response.cancel", "event_id": name})
            await peer.refusal("response_cancel_not_active", name)
        await peer.send({"type": "response.cancel", "event_id": name + "x"})
        await peer.next("error")
        await peer.still_works()


async def test_bad_base64_leaves_the_buffer_as_it_was(server):
    audio = speech.silence(0.2)
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": None}})
        await peer.append(audio)
        await peer.send({"type": "input_audio_buffer.append", "audio": "A?A=", "event_id": "a"})
        await peer.refusal(event_id="a")
        await peer.send({"type": "input_audio_buffer.commit"})
        done = (await peer.next("conversation.item.done"))["item"]
        await peer.send({"type": "conversation.item.retrieve", "item_id": done["id"]})
        kept = (await peer.next("conversation.item.retrieved"))["item"]["content"][0]["audio"]
    assert base64.b64decode(kept) == audio


async def test_half_a_sample_is_carried_over(server):
    audio = bytes(range(1, 251)) * 40
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": None}})
        await peer.append(audio, chunk=333)
        await peer.send({"type": "input_audio_buffer.commit"})
        done = (await peer.next("conversation.item.done"))["item"]
        await peer.send({"type": "conversation.item.retrieve", "item_id": done["id"]})
        kept = (await peer.next("conversation.item.retrieved"))["item"]["content"][0]["audio"]
    assert base64.b64decode(kept) == audio


async def test_less_than_a_tenth_of_a_second_is_no_turn(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": None}})
        await peer.append(speech.silence(0.09))
        await peer.send({"type": "input_audio_buffer.commit", "event_id": "c"})
        await peer.refusal("input_audio_buffer_commit_empty", "c")
        await peer.append(speech.silence(0.02))
        await peer.send({"type": "input_audio_buffer.commit"})
        await peer.next("input_audio_buffer.committed")


async def test_truncation_far_beyond_the_end_is_refused(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        answer = (await peer.respond())["output"][0]["id"]
        await peer.send(
            {
                "type": "conversation.item.truncate",
                "event_id": "t",
                "item_id": answer,
                "content_index": 0,
                "audio_end_ms": 3_600_000,
            }
        )
        error = await peer.refusal("invalid_value", "t")
        await peer.still_works()
    assert error["param"] == "audio_end_ms"


@pytest.mark.parametrize("mode", ["user", "text"])
async def test_only_spoken_answers_are_truncated(server, mode):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        question = await peer.say("ping")
        answer = (await peer.respond())["output"][0]
        target = question if mode == "user" else answer
        await peer.send(
            {
                "type": "conversation.item.truncate",
                "event_id": "t",
                "item_id": target["id"],
                "content_index": 0,
                "audio_end_ms": 0,
            }
        )
        await peer.refusal("unsupported_content_type", "t")
        await peer.still_works()


async def test_an_item_behind_an_unknown_one_is_refused(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        event = user({"type": "input_text", "text": "hi"})
        await peer.send({**event, "previous_item_id": "nobody", "event_id": "p"})
        error = await peer.refusal(event_id="p")
        await peer.still_works()
    assert error["param"] == "previous_item_id"
    assert not peer.seen("conversation.item.added")


async def test_an_id_is_given_once(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        event = item(
            type="message",
            role="user",
            id="twin",
            content=[{"type": "input_text", "text": "hi"}],
        )
        await peer.send(event)
        await peer.next("conversation.item.done")
        await peer.send({**event, "event_id": "d"})
        error = await peer.refusal("invalid_value", "d")
        await peer.still_works()
    assert error["param"] == "item.id"


async def test_an_oversized_message_ends_its_connection_only(server):
    async with raw_peer(server) as other:
        await other.begin()
        async with raw_peer(server) as peer:
            await peer.begin()
            filler = json.dumps({"type": "input_audio_buffer.append", "audio": "A" * (23 << 20)})
            try:
                await peer.socket.send(filler)
            except Exception:  # The server may close before all of it has been sent.
                pass
            closed = await peer.until_closed()
        assert closed.code == 1009
        await other.still_works()


async def test_fifteen_mebibytes_of_audio_are_accepted(server):
    async with raw_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"turn_detection": None}})
        await peer.append(bytes(15 << 20), chunk=15 << 20)
        await peer.send({"type": "input_audio_buffer.commit"})
        await peer.next("input_audio_buffer.committed", "error")
        assert not peer.seen("error")


async def test_random_bytes_never_hurt(server):
    chance = random.Random(7)
    seeds = [json.dumps(event) for event, _, _ in REFUSED]
    async with raw_peer(server) as peer:
        await peer.begin()
        for _ in range(300):
            text = list(chance.choice(seeds))
            for _ in range(chance.randrange(1, 4)):
                text[chance.randrange(len(text))] = chr(
                    chance.choice([34, 44, 48, 58, 92, 123, 233, 125])
                )
            await peer.socket.send("".join(text))
        await peer.still_works()
        await peer.send({"type": "response.cancel"})
        await asyncio.wait_for(peer.next("error", "response.done"), 30)
