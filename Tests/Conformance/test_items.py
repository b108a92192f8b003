"""Items of the conversation: create at a position, retrieve, delete.

Source: Realtime protocol, "conversation.item.create", "conversation.item.retrieve",
"conversation.item.delete", "conversation.item.truncate".
"""

import base64

import pytest

from harness.peer import sdk_peer


def message(text, role="user", **members):
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text}], **members}


async def create(peer, item, **place):
    await peer.send({"type": "conversation.item.create", "item": item, **place})
    return await peer.next("conversation.item.added")


async def test_an_item_goes_to_the_end_unless_told(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        first = await create(peer, message("one"))
        second = await create(peer, message("two"))
    assert first["previous_item_id"] is None
    assert second["previous_item_id"] == first["item"]["id"]


async def test_root_is_the_front(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await create(peer, message("one", id="one"))
        front = await create(peer, message("zero", id="zero"), previous_item_id="root")
        last = await create(peer, message("two", id="two"))
    assert front["previous_item_id"] is None
    assert last["previous_item_id"] == "one"


async def test_an_item_goes_right_behind_the_one_named(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await create(peer, message("one", id="one"))
        await create(peer, message("three", id="three"))
        middle = await create(peer, message("two", id="two"), previous_item_id="one")
        last = await create(peer, message("four", id="four"))
    assert middle["previous_item_id"] == "one"
    assert last["previous_item_id"] == "three"


@pytest.mark.parametrize("role", ["system", "user", "assistant"])
async def test_messages_of_every_role_can_be_created(server, role):
    async with sdk_peer(server) as peer:
        await peer.begin()
        added = await create(peer, message("hello", role=role))
    assert added["item"]["role"] == role
    assert added["item"]["status"] == "completed"


async def test_a_retrieved_item_is_the_one_created(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await create(peer, message("hello", id="mine"))
        await peer.sdk.conversation.item.retrieve(item_id="mine")
        retrieved = await peer.next("conversation.item.retrieved")
    assert retrieved["item"]["id"] == "mine"
    assert retrieved["item"]["content"] == [{"type": "input_text", "text": "hello"}]


async def test_retrieved_audio_is_the_audio_that_was_sent(server):
    audio = bytes(range(256)) * 40
    part = {"type": "input_audio", "audio": base64.b64encode(audio).decode(), "transcript": "noise"}
    async with sdk_peer(server) as peer:
        await peer.begin()
        await create(peer, {"type": "message", "role": "user", "id": "mine", "content": [part]})
        added = peer.seen("conversation.item.added")[-1]["item"]["content"][0]
        await peer.send({"type": "conversation.item.retrieve", "item_id": "mine"})
        retrieved = (await peer.next("conversation.item.retrieved"))["item"]["content"][0]
    assert added == {"type": "input_audio", "transcript": "noise"}
    assert base64.b64decode(retrieved["audio"]) == audio


async def test_a_message_may_be_empty(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        added = await create(peer, {"type": "message", "role": "user", "content": []})
    assert added["item"]["content"] == []


async def test_a_deleted_item_is_gone(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await create(peer, message("one", id="one"))
        await create(peer, message("two", id="two"))
        await peer.sdk.conversation.item.delete(item_id="two")
        deleted = await peer.next("conversation.item.deleted")
        next_one = await create(peer, message("three"))
        await peer.send({"type": "conversation.item.retrieve", "item_id": "two", "event_id": "e1"})
        await peer.refusal("item_retrieve_invalid_item_id", "e1")
    assert deleted["item_id"] == "two"
    assert next_one["previous_item_id"] == "one"


async def test_an_id_may_come_back_after_its_item_was_deleted(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await create(peer, message("one", id="one"))
        await peer.send({"type": "conversation.item.delete", "item_id": "one"})
        await peer.next("conversation.item.deleted")
        again = await create(peer, message("another", id="one"))
    assert again["item"]["content"][0]["text"] == "another"


async def test_what_was_deleted_is_out_of_mind(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        await create(peer, message("apples", id="one"))
        await create(peer, message("pears", id="two"))
        await peer.send({"type": "conversation.item.delete", "item_id": "two"})
        await peer.next("conversation.item.deleted")
        response = await peer.respond()
    assert "apples" in response["output"][0]["content"][0]["text"]
