"""Tools of real MCP servers: lists, calls, approval.

Source: Realtime protocol, "Tools", "MCP", "MCP with approval", "Client dependence".
"""

import json

import pytest
import pytest_asyncio

from harness import tools
from harness.beta import beta_peer
from harness.peer import raw_peer, sdk_peer, words_of
from harness.tools import answer, call, connect, ended, kinds, named

TRANSPORTS = ["stream", "json", "stateless", "old"]


@pytest_asyncio.fixture(scope="module")
async def far():
    async with tools.running() as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def near(tmp_path_factory):
    async with tools.near(tmp_path_factory.mktemp("tools")) as one:
        yield one


# Lists and calls over every transport.


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_tools_are_listed_and_called(near, far, transport):
    async with sdk_peer(near, model="tools") as peer:
        [listed] = await connect(peer, named(far.url(transport)))
        item = await call(peer, "add them")
        answer = words_of(await peer.respond())
    found = {tool["name"]: tool for tool in listed["tools"]}
    assert listed["server_label"] == "tools"
    assert found["add"]["description"] == "Adds two numbers."
    assert found["add"]["input_schema"]["required"] == ["a", "b"]
    assert found["add"]["annotations"]["readOnlyHint"] is True
    assert (item["name"], item["output"], item["error"]) == ("add", "21", None)
    assert json.loads(item["arguments"]) == {"a": 20, "b": 1}
    assert answer == "It makes 21."


async def test_a_tool_that_nobody_describes_has_an_empty_description(near, far):
    """Clients demand a text."""
    async with sdk_peer(near, model="tools") as peer:
        [listed] = await connect(peer, named(far.url("terse")))
    [tool] = listed["tools"]
    assert (tool["name"], tool["description"]) == ("bare", "")


async def test_a_call_has_all_its_members_before_it_has_run(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("json")))
        await call(peer, "add them")
        begun = [
            peer.seen(kind)[-1]["item"]
            for kind in ("response.output_item.added", "conversation.item.added")
        ]
    for one in begun:
        assert (one["type"], one["name"], one["arguments"]) == ("mcp_call", "add", "")
        assert (one["output"], one["error"]) == (None, None)


async def test_what_is_written_of_a_call_comes_with_its_padding(near, far):
    """One client ignores deltas without it."""
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("json")))
        await call(peer, "add them")
        deltas = peer.seen("response.mcp_call_arguments.delta")
    assert deltas
    assert all(isinstance(one["obfuscation"], str) for one in deltas)


async def test_a_server_reports_before_it_answers(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("stream")))
        item = await call(peer, "report now")
    assert item["output"] == "reported"


async def test_without_approval_the_order_is_that_of_the_reference(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("json")))
        await call(peer, "add them")
        assert kinds(peer, "mcp_list_tools.in_progress")[:5] == [
            "mcp_list_tools.in_progress",
            "session.updated",
            "conversation.item.added",
            "conversation.item.done",
            "mcp_list_tools.completed",
        ]
        assert kinds(peer, "response.created") == [
            "response.created",
            "response.output_item.added",
            "conversation.item.added",
            "response.mcp_call_arguments.done",
            "response.mcp_call.in_progress",
            "response.done",
            "response.mcp_call.completed",
            "conversation.item.done",
            "response.output_item.done",
        ]


async def test_the_model_goes_on_only_when_it_is_asked_to(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("json")))
        await call(peer, "add them")
        await peer.still_works()
        assert len(peer.seen("response.created")) == 1


async def test_the_server_goes_on_by_itself_where_that_is_set(far, tmp_path):
    async with tools.near(tmp_path, "--mcp-auto-continue") as one:
        async with sdk_peer(one, model="tools") as peer:
            await connect(peer, named(far.url("json")))
            await call(peer, "add them")
            response = (await peer.next("response.done"))["response"]
    assert words_of(response) == "It makes 21."


# Approval.


async def test_a_call_that_is_approved_runs(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("json"), approval="always"))
        await peer.say("note this down")
        response = await peer.respond()
        request = peer.seen("conversation.item.done")[-1]["item"]
        assert not peer.seen("response.mcp_call.in_progress")
        await answer(peer, request, approve=True)
        item = await ended(peer)
        assert kinds(peer, "response.created") == [
            "response.created",
            "response.output_item.added",
            "conversation.item.added",
            "response.mcp_call_arguments.done",
            "response.output_item.added",
            "conversation.item.added",
            "conversation.item.done",
            "response.output_item.done",
            "response.done",
            "conversation.item.added",
            "conversation.item.done",
            "response.mcp_call.in_progress",
            "response.mcp_call.completed",
            "conversation.item.done",
            "response.output_item.done",
        ]
        await answer(peer, request, event_id="a2", approve=True)
        error = await peer.refusal("invalid_value", "a2")
    assert request["type"] == "mcp_approval_request"
    assert request["id"].startswith("mcpr_") and item["id"].startswith("mcp_")
    assert [one["type"] for one in response["output"]] == ["mcp_call", "mcp_approval_request"]
    assert item["approval_request_id"] == request["id"] == response["output"][1]["id"]
    assert item["output"] == "kept this down"
    assert error["param"] == "item.approval_request_id"


async def test_a_call_that_is_denied_never_runs_and_the_model_is_told(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("json"), approval="always"))
        await peer.say("note this down")
        await peer.respond()
        request = peer.seen("conversation.item.done")[-1]["item"]
        await answer(peer, request, approve=False, reason="Not today.")
        item = await ended(peer)
        told = words_of(await peer.respond())
        assert not peer.seen("response.mcp_call.in_progress")
    assert item["output"] is None
    assert "Not today." in item["error"]["message"]
    assert "Not today." in told


async def test_only_some_tools_need_approval(near, far):
    rule = {"never": {"read_only": True}}
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("json"), approval=rule))
        await call(peer, "add them")
        await peer.say("note this down")
        await peer.respond()
        assert peer.seen("conversation.item.done")[-1]["item"]["type"] == "mcp_approval_request"
        peer.ends_unfinished = True


async def test_an_answer_to_no_request_is_refused(near):
    approval = {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True}
    async with raw_peer(near) as peer:
        await peer.begin()
        await peer.send({"type": "conversation.item.create", "event_id": "a1", "item": approval})
        await peer.refusal("invalid_value", "a1")
        await peer.still_works()


# Outside the conversation, and in beta.


async def test_a_response_outside_the_conversation_calls_tools_too(near, far):
    question = {
        "type": "message",
        "role": "user",
        "content": [{"type": "input_text", "text": "add them"}],
    }
    apart = {"conversation": "none", "output_modalities": ["text"]}
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("stream")))
        before = len(peer.seen("conversation.item.added"))
        await peer.respond(input=[question], **apart)
        item = await ended(peer)
        answer = words_of(await peer.respond(input=[question, item], **apart))
        assert len(peer.seen("conversation.item.added")) == before
    assert item["output"] == "21"
    assert answer == "It makes 21."


async def test_a_client_of_beta_that_names_a_server_has_its_tools(near, far):
    async with beta_peer(near, query="model=tools") as peer:
        await peer.begin()
        session = await peer.update(modalities=["text"], tools=[named(far.url("json"))])
        await peer.next("mcp_list_tools.completed")
        listed = peer.seen("conversation.item.created")[-1]["item"]
        item = await call(peer, "add them")
        answer = words_of(await peer.respond())
        assert "conversation.item.done" not in [event["type"] for event in peer.events]
    assert session["tools"][0]["server_label"] == listed["server_label"] == "tools"
    assert item["output"] == "21"
    assert answer == "It makes 21."


# What is offered.


@pytest.mark.parametrize(
    "allowed, expected",
    [
        (["add", "note"], {"add", "note"}),
        ({"read_only": True}, {"add", "weather"}),
        ({"tool_names": ["note", "weather"], "read_only": True}, {"weather"}),
    ],
)
async def test_only_allowed_tools_are_offered(near, far, allowed, expected):
    async with sdk_peer(near, model="tools") as peer:
        [listed] = await connect(peer, named(far.url("json"), allowed_tools=allowed))
        await peer.say("fail now")
        answer = words_of(await peer.respond())
    assert {tool["name"] for tool in listed["tools"]} == expected
    assert answer == "You said fail now."


async def test_servers_and_functions_stand_side_by_side(near, far):
    function = {"type": "function", "name": "add", "parameters": {"type": "object"}}
    async with sdk_peer(near, model="tools") as peer:
        servers = [named(far.url("json"), "one"), named(far.url("dozen"), "two")]
        await connect(peer, function, *servers)
        await peer.say("add them")
        response = await peer.respond()
        item = await call(peer, "add them", tool_choice={"type": "mcp", "server_label": "two"})
    # The function keeps its name; the server's tool of that name is known by another.
    assert response["output"][0]["type"] == "function_call"
    assert (item["server_label"], item["output"]) == ("two", "done")


async def test_a_response_brings_a_server_along_and_a_later_one_names_it(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        first = await call(peer, "add them", tools=[named(far.url("json"))])
        named_again = [{"type": "mcp", "server_label": "tools", "require_approval": "never"}]
        second = await call(peer, "add them", tools=named_again)
        unknown = {"tools": [{"type": "mcp", "server_label": "nobody"}]}
        await peer.send({"type": "response.create", "event_id": "r1", "response": unknown})
        error = await peer.refusal("invalid_value", "r1")
    assert first["output"] == second["output"] == "21"
    assert error["param"] == "response.tools[0].server_label"


async def test_responses_bring_any_number_of_servers_along(near, far):
    """Each goes when nothing of its response needs it any more."""
    async with sdk_peer(near, model="tools") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        for number in range(40):
            item = await call(peer, "add them", tools=[named(far.url("json"), f"tools_{number}")])
            assert item["output"] == "21"
        assert len(peer.seen("mcp_list_tools.completed")) == 40


async def test_a_call_of_a_response_s_server_may_be_approved_later(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        await peer.say("note this down")
        await peer.respond(tools=[named(far.url("stream"), approval="always")])
        request = peer.seen("conversation.item.done")[-1]["item"]
        assert await peer.ask("hello there") == "You said hello there."
        await answer(peer, request, approve=True)
        item = await ended(peer)
    assert item["output"] == "kept this down"
