"""Who gets a session, and what those hear who don't.

Source: Realtime protocol, "URL", "Authentication", "Subprotocols", "Dialect", "Handshake, frames,
keep-alive", "Close codes".
"""

import pytest
import websockets

from harness.configuration import KEY
from harness.peer import raw_peer, sdk_peer


async def expect_refusal(peer, code, close):
    """The error comes first, then the close with its reason."""
    error = (await peer.next("error"))["error"]
    closed = await peer.until_closed()
    assert error["code"] == code, error
    assert closed.code == close
    assert closed.reason == ".".join(one for one in (error["type"], code) if one)
    peer.problems = [
        one for one in peer.problems if "the first event is session.created" not in one
    ]
    return error


async def test_an_unknown_model_is_told_and_closed(server):
    async with sdk_peer(server, model="gpt-nowhere") as peer:
        error = await expect_refusal(peer, "invalid_model", 4000)
    assert "gpt-nowhere" in error["message"] and "parley" in error["message"]


async def test_a_missing_model_is_told_and_closed(server):
    async with raw_peer(server, query="") as peer:
        await expect_refusal(peer, "missing_model", 4000)


async def test_the_server_goes_on_after_a_refusal(server):
    async with sdk_peer(server, model="gpt-nowhere") as peer:
        await expect_refusal(peer, "invalid_model", 4000)
    async with sdk_peer(server) as peer:
        await peer.begin()


@pytest.mark.parametrize(
    "query, code",
    [("call_id=rtc_1", "invalid_call_id"), ("model=parley&intent=nonsense", "invalid_value")],
)
async def test_what_is_not_served_yet_says_so(server, query, code):
    async with raw_peer(server, query=query) as peer:
        await expect_refusal(peer, code, 4000)


async def test_the_sdk_gets_in_with_the_key(locked):
    async with sdk_peer(locked, key=KEY) as peer:
        await peer.begin()
        await peer.still_works()


async def test_the_sdk_is_told_about_a_bad_key(locked):
    async with sdk_peer(locked, key="sk-wrong") as peer:
        error = await expect_refusal(peer, "invalid_api_key", 3000)
    assert "sk-wrong" not in error["message"]


async def test_no_key_is_told_without_a_code(locked):
    async with raw_peer(locked) as peer:
        await expect_refusal(peer, None, 3000)


@pytest.mark.parametrize("header", ["X-API-Key", "api-key", "xi-api-key"])
async def test_a_key_may_come_in_a_header(locked, header):
    async with raw_peer(locked, additional_headers={header: KEY}) as peer:
        await peer.begin()


async def test_a_key_may_come_in_the_url(locked):
    async with raw_peer(locked, query=f"model=parley&api_key={KEY}") as peer:
        await peer.begin()


async def test_a_key_may_come_as_a_subprotocol(locked):
    offered = ["realtime", f"openai-insecure-api-key.{KEY}"]
    async with raw_peer(locked, subprotocols=offered) as peer:
        assert peer.socket.subprotocol == "realtime"
        await peer.begin()


async def test_a_wrong_subprotocol_key_is_refused(locked):
    offered = ["realtime", "openai-insecure-api-key.nope"]
    async with raw_peer(locked, subprotocols=offered) as peer:
        assert peer.socket.subprotocol == "realtime"
        await expect_refusal(peer, "invalid_api_key", 3000)


@pytest.mark.parametrize(
    "offered, selected",
    [
        (["realtime"], "realtime"),
        (["openai-organization.x", "realtime", "openai-agents-sdk.1"], "realtime"),
        (["something-else"], None),
        (None, None),
    ],
)
async def test_realtime_is_selected_or_nothing(server, offered, selected):
    async with raw_peer(server, subprotocols=offered) as peer:
        assert peer.socket.subprotocol == selected
        await peer.begin()


async def test_any_origin_may_connect(server):
    async with raw_peer(server, origin="https://example.org") as peer:
        await peer.begin()


async def test_a_clients_close_is_echoed(server):
    async with raw_peer(server) as peer:
        await peer.begin()
        await peer.socket.close(1000, "bye")
        assert peer.socket.close_code == 1000


async def test_a_ping_is_answered(server):
    async with raw_peer(server) as peer:
        await peer.begin()
        latency = await (await peer.socket.ping(b"here"))
        assert latency >= 0
        await peer.still_works()


async def test_fragments_make_one_event(server):
    async with raw_peer(server) as peer:
        await peer.begin()
        await peer.socket.send(iter(['{"type":"input_', "audio_buffer", '.clear"}']))
        await peer.next("input_audio_buffer.cleared")


async def test_text_that_is_no_utf8_ends_the_connection_as_the_protocol_says(server):
    async with raw_peer(server) as peer:
        await peer.begin()
        await peer.socket.send(b"\xff\xfe{", text=True)
        closed = await peer.until_closed()
    assert closed.code == 1007


async def test_a_request_without_upgrade_is_told_to_upgrade(server):
    status, _, body = await server.request("/v1/realtime?model=parley")
    assert status in (400, 426)
    assert b"error" in body


async def test_an_upgrade_of_another_version_is_refused(server):
    status, headers, _ = await server.request(
        "/v1/realtime?model=parley",
        headers={
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "7",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
    )
    assert status in (400, 426)
    if status == 426:
        assert headers["Sec-WebSocket-Version"] == "13"


async def test_an_upgrade_elsewhere_finds_nothing(server):
    with pytest.raises(websockets.exceptions.InvalidStatus) as refusal:
        async with raw_peer(server, path="/v1/elsewhere"):
            pass
    assert refusal.value.response.status_code == 404
