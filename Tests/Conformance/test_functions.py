"""Functions that the client runs.

Source: Realtime protocol, "Function call round trip", "Tools".
"""

import json

from harness.peer import sdk_peer, words_of

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}


async def call_weather(peer, **session):
    await peer.begin()
    await peer.update(tools=[WEATHER], output_modalities=["text"], **session)
    await peer.say("What is the weather in Berlin?")
    response = await peer.respond()
    return response["output"][-1], response


async def test_a_call_goes_out_and_its_result_is_used(server):
    async with sdk_peer(server, model="scripted") as peer:
        call, response = await call_weather(peer)
        await peer.sdk.conversation.item.create(
            item={
                "type": "function_call_output",
                "call_id": call["call_id"],
                "output": json.dumps({"temperature": 21}),
            }
        )
        added = await peer.next("conversation.item.added")
        await peer.next("conversation.item.done")
        answer = await peer.respond()
    assert response["status"] == "completed"
    assert call["type"] == "function_call" and call["status"] == "completed"
    assert call["name"] == "get_weather"
    assert json.loads(call["arguments"])["city"].lower() == "berlin"
    assert added["item"]["type"] == "function_call_output"
    assert added["previous_item_id"] == call["id"]
    assert "21" in words_of(answer) and "berlin" in words_of(answer).lower()


async def test_a_call_comes_in_the_order_of_the_reference(server):
    async with sdk_peer(server, model="scripted") as peer:
        await call_weather(peer)
        kinds = [event["type"] for event in peer.events]
        added = peer.seen("response.output_item.added")[-1]["item"]
        done = peer.seen("response.function_call_arguments.done")[-1]
    own = kinds[kinds.index("response.created") :]
    deltas = own.count("response.function_call_arguments.delta")
    assert [kind for kind in own if not kind.endswith(".delta")] == [
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.function_call_arguments.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]
    assert deltas >= 1
    assert added["name"] == done["name"] == "get_weather"
    assert added["call_id"] == done["call_id"]


async def test_no_tool_is_called_when_none_may_be(server):
    async with sdk_peer(server, model="scripted") as peer:
        output, _ = await call_weather(peer, tool_choice="none")
    assert output["type"] == "message"


async def test_a_named_function_is_called(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(tools=[WEATHER], output_modalities=["text"])
        await peer.say("ping")
        response = await peer.respond(tool_choice={"type": "function", "name": "get_weather"})
    call = response["output"][-1]
    assert call["name"] == "get_weather"
    assert "city" in json.loads(call["arguments"])


async def test_with_no_tools_nothing_is_required(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        response = await peer.respond(tool_choice="required", output_modalities=["text"])
    assert response["status"] == "completed" and words_of(response) == "Pong."


async def test_a_later_output_replaces_the_first(server):
    async with sdk_peer(server, model="scripted") as peer:
        call, _ = await call_weather(peer)
        for degrees in (21, 34):
            output = json.dumps({"temperature": degrees})
            item = {
                "type": "function_call_output",
                "call_id": call["call_id"],
                "output": output,
            }
            await peer.send({"type": "conversation.item.create", "item": item})
            await peer.next("conversation.item.done")
        answer = words_of(await peer.respond())
    assert "34" in answer and "21" not in answer


async def test_a_call_id_is_given_once(server):
    call = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "conversation.item.create", "item": call})
        await peer.next("conversation.item.done")
        await peer.send({"type": "conversation.item.create", "event_id": "f1", "item": call})
        error = await peer.refusal("invalid_value", "f1")
        await peer.still_works()
    assert error["param"] == "item.call_id"


async def test_a_call_may_leave_its_id_to_the_server(server):
    call = {"type": "function_call", "name": "f", "arguments": "{}"}
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "conversation.item.create", "item": call})
        added = (await peer.next("conversation.item.done"))["item"]
    assert added["call_id"].startswith("call_")


async def test_an_output_without_its_call_is_refused(server):
    output = {"type": "function_call_output", "call_id": "call_nobody", "output": "1"}
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "conversation.item.create", "event_id": "o1", "item": output})
        error = await peer.refusal("invalid_tool_call_id", "o1")
        await peer.still_works()
    assert error["param"] == "item.call_id"
