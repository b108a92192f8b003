"""MCP servers that fail, what opens them, where they may be.

Source: Realtime protocol, "Item types", "Tools", "MCP".
"""

import json

import pytest
import pytest_asyncio

from harness import server as process
from harness import tools
from harness.peer import raw_peer, sdk_peer, words_of
from harness.tools import call, connect, ended, named

# What must not be seen by anybody but the server of tools.
SECRETS = {"authorization": "open-sesame", "headers": {"X-Key": "k"}}


@pytest_asyncio.fixture(scope="module")
async def far():
    async with tools.running() as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def near(tmp_path_factory):
    async with tools.near(tmp_path_factory.mktemp("tools"), "--mcp-list-seconds", "3") as one:
        yield one


# Results and failures.


async def test_pictures_are_told_of_and_long_texts_are_cut(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("stream")))
        picture = await call(peer, "draw something")
        large = await call(peer, "talk a lot")
    assert picture["output"] == "a picture:\n[image image/png, 1 kB]"
    assert 100_000 < len(large["output"]) < 150_000
    assert large["output"].endswith("(cut: 300000 bytes in all)")


async def test_a_tool_that_fails_is_told_as_such(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("json")))
        item = await call(peer, "fail it")
        answer = words_of(await peer.respond())
        assert peer.seen("response.mcp_call.failed")
    assert item["error"]["type"] == "tool_execution_error"
    assert "broken by it" in item["error"]["message"]
    assert "broken by it" in answer


FAULTS = ["status-500", "status-404", "status-403", "garbage", "html", "cut", "redirect", "hang"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_server_that_misbehaves_has_no_tools_and_harms_nobody(near, far, fault):
    async with sdk_peer(near, model="tools") as peer:
        listed = await connect(peer, named(far.fault(fault)))
        assert peer.seen("mcp_list_tools.failed")
        answer = await peer.ask("hello there")
        assert not peer.seen("error")
    assert listed == []
    assert answer == "You said hello there."


CALL_FAULTS = {
    "status-500": ("http_error", 500),
    "status-403": ("http_error", 403),
    "die": ("http_error", 502),
    "refuse": ("protocol_error", -32001),
    "garbage": ("protocol_error", None),
    "html": ("protocol_error", None),
    "cut": ("protocol_error", None),
}


@pytest.mark.parametrize("fault", CALL_FAULTS)
async def test_a_call_that_goes_wrong_says_how_and_the_model_is_told(near, far, fault):
    kind, code = CALL_FAULTS[fault]
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.call_fault(fault)))
        item = await call(peer, "add them")
        assert peer.seen("response.mcp_call.failed")
        answer = words_of(await peer.respond())
        assert not peer.seen("error")
    assert item["error"]["type"] == kind
    assert code is None or item["error"]["code"] == code
    assert item["error"]["message"] in answer
    assert "of the server" not in json.dumps(item)


async def test_an_answer_that_breaks_off_is_gone_on_with_where_it_stopped(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.call_fault("resume")))
        item = await call(peer, "add them")
    assert item["output"] == "the rest"


async def test_who_names_servers_in_a_loop_is_told(near, far):
    async with raw_peer(near) as peer:
        await peer.begin()
        for number in range(64):
            await peer.update(tools=[named(far.fault("status-500"), f"tools_{number}")])
        one_more = {"tools": [named(far.fault("status-500"), "one_more")]}
        await peer.send({"type": "session.update", "event_id": "t1", "session": one_more})
        error = await peer.refusal("rate_limit_exceeded", "t1")
    assert error["param"] == "session.tools"


async def test_a_server_that_dies_in_a_call_fails_it_and_is_gone(near):
    async with tools.running() as mortal, sdk_peer(near, model="tools") as peer:
        await connect(peer, named(mortal.url("stream")))
        await peer.say("wait for me")
        await peer.respond()
        await mortal.called()
        mortal.kill()
        item = await ended(peer)
        later = await call(peer, "add them")
        assert not peer.seen("error")
    assert item["error"]["type"] == later["error"]["type"] == "http_error"


async def test_a_call_that_takes_too_long_is_given_up(far, tmp_path):
    async with tools.near(tmp_path, "--mcp-call-seconds", "1") as near:
        async with sdk_peer(near, model="tools") as peer:
            await connect(peer, named(far.call_fault("hang")))
            item = await call(peer, "add them")
    assert item["error"]["type"] == "tool_execution_error"
    assert "1 s" in item["error"]["message"]


async def test_a_server_that_is_not_there_has_no_tools(near):
    url = f"http://127.0.0.1:{process.free_port()}/mcp"
    async with sdk_peer(near, model="tools") as peer:
        assert await connect(peer, named(url)) == []
        assert peer.seen("mcp_list_tools.failed")


# Secrets.


async def test_secrets_open_the_door_and_are_seen_by_nobody_else(near, far):
    async with sdk_peer(near, model="tools") as peer:
        [listed] = await connect(peer, named(far.url("locked"), **SECRETS))
        item = await call(peer, "add them")
        await peer.send({"type": "conversation.item.retrieve", "item_id": item["id"]})
        await peer.next("conversation.item.retrieved")
        told = json.dumps(peer.events)
        shown = peer.seen("session.updated")[-1]["session"]["tools"][0]
    asked = await far.asked("locked")
    assert item["output"] == "21" and listed["tools"]
    assert {one["headers"]["authorization"] for one in asked} == {"Bearer open-sesame"}
    assert "open-sesame" not in told and "X-Key" not in told
    assert "open-sesame" not in near.output and "X-Key" not in near.output
    assert set(shown) == {"type", "server_label", "server_url", "require_approval"}


async def test_a_session_that_is_sent_back_as_it_is_shown_keeps_its_secrets(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("locked"), **SECRETS))
        shown = peer.seen("session.updated")[-1]["session"]
        await peer.update(tools=shown["tools"])
        item = await call(peer, "add them")
        assert len(peer.seen("mcp_list_tools.in_progress")) == 1
    assert item["output"] == "21"


async def post(server, path, body):
    """Asks over REST; gives status and answer."""
    headers = {"Content-Type": "application/json"}
    status, _, text = await server.request(path, "POST", headers, json.dumps(body).encode())
    return status, json.loads(text)


async def mint(server, session):
    """Asks for a client secret; gives status and answer."""
    return await post(server, "/v1/realtime/client_secrets", {"session": session})


async def test_a_client_secret_brings_servers_and_what_opens_them(near, far):
    session = {"type": "realtime", "model": "tools", "tools": [named(far.url("locked"), **SECRETS)]}
    status, answer = await mint(near, session)
    assert status == 200
    told = json.dumps(answer)
    assert "open-sesame" not in told and "X-Key" not in told
    async with sdk_peer(near, key=answer["value"]) as peer:
        await peer.begin()
        await peer.next("mcp_list_tools.completed")
        item = await call(peer, "add them", output_modalities=["text"])
        assert "open-sesame" not in json.dumps(peer.events)
    assert item["output"] == "21"
    assert "open-sesame" not in near.output


async def test_beta_s_secrets_show_no_other_secrets(near, far):
    session = {"model": "tools", "tools": [named(far.url("locked"), **SECRETS)]}
    status, answer = await post(near, "/v1/realtime/sessions", session)
    assert status == 200
    assert answer["tools"][0]["server_label"] == "tools"
    assert "open-sesame" not in json.dumps(answer) and "X-Key" not in json.dumps(answer)


async def test_a_client_secret_leads_nowhere_a_session_may_not_lead(server):
    session = {"type": "realtime", "tools": [named("http://10.0.0.1/mcp")]}
    status, answer = await mint(server, session)
    assert status == 400
    assert answer["error"]["param"] == "session.tools[0].server_url"


async def test_without_them_the_door_stays_shut(near, far):
    async with sdk_peer(near, model="tools") as peer:
        assert await connect(peer, named(far.url("locked"))) == []


async def test_a_door_that_stayed_shut_is_tried_with_another_key(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        wrong = {**SECRETS, "authorization": "wrong"}
        await peer.say("hello there")
        await peer.respond(tools=[named(far.url("locked"), **wrong)])
        item = await call(peer, "add them", tools=[named(far.url("locked"), **SECRETS)])
        lists = [one["type"].split(".")[1] for one in peer.events if "list_tools" in one["type"]]
    assert lists == ["in_progress", "failed", "in_progress", "completed"]
    assert item["output"] == "21"


@pytest.mark.parametrize(
    "members, param",
    [
        ({"headers": {"X-Key": "a\r\nX-Evil: b"}}, "session.tools[0].headers.X-Key"),
        ({"headers": {"Host": "elsewhere"}}, "session.tools[0].headers.Host"),
        ({"authorization": "a\nb"}, "session.tools[0].authorization"),
        (
            {"authorization": "a", "headers": {"authorization": "b"}},
            "session.tools[0].authorization",
        ),
        ({"connector_id": "connector_gmail"}, "session.tools[0]"),
        ({"server_url": None}, "session.tools[0]"),
        ({"server_url": "ftp://example.org"}, "session.tools[0].server_url"),
    ],
)
async def test_what_no_server_can_be_named_by_is_refused(near, members, param):
    async with raw_peer(near) as peer:
        before = await peer.begin()
        tool = named("https://example.org", **members)
        await peer.send(
            {"type": "session.update", "event_id": "t1", "session": {"tools": [tool]}}
        )
        error = await peer.refusal("invalid_value", "t1")
        assert await peer.update() == before
    assert error["param"] == param


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1"])
async def test_places_nearby_are_out_of_reach_until_they_are_allowed(server, host):
    async with raw_peer(server) as peer:
        await peer.begin()
        tool = named(f"http://{host}:8000/mcp")
        await peer.send(
            {"type": "session.update", "event_id": "t1", "session": {"tools": [tool]}}
        )
        error = await peer.refusal("invalid_value", "t1")
    assert error["param"] == "session.tools[0].server_url"
    assert "mcp.allow_private" in error["message"]


# Ends.


async def test_a_call_outlives_its_response_and_the_session_ends_with_a_goodbye(near, far):
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.url("stream")))
        await peer.say("wait for me")
        await peer.respond()
        assert await peer.ask("are you there") == "You said are you there."
        await peer.send({"type": "response.cancel", "event_id": "c1"})
        await peer.refusal("response_cancel_not_active", "c1")
        await far.release()
        item = await ended(peer)
    assert item["output"] == "waited"
    await far.was_asked("stream", "DELETE")


async def test_a_session_that_ends_while_a_call_runs_ends_cleanly(near, far):
    before = near.output.count("Session ended")
    async with sdk_peer(near, model="tools") as peer:
        await connect(peer, named(far.fault("hang"), "hung"), named(far.url("json")))
    await near.wrote("Session ended")
    assert near.output.count("Session ended") > before or near.is_running()
