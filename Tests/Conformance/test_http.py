"""The routes around the conversation, and what HTTP clients get wrong.

Source: Realtime protocol, "Error body and status codes", "POST /realtime/calls".
"""

import asyncio
import json
import re

import pytest

from harness.configuration import KEY
from harness.peer import sdk_peer
from harness.wire import TEXT, Wire, exchange, frame, statuses


async def test_health_tells_the_state_of_every_engine(server):
    status, headers, body = await server.request("/health")
    report = json.loads(body)
    assert status == 200
    assert headers["Content-Type"].startswith("application/json")
    assert report["status"] == "ok"
    pipelines = {one["name"]: one for one in report["pipelines"]}
    assert {"parley", "scripted"} <= set(pipelines)
    assert "ready" in json.dumps(pipelines["parley"])


async def test_models_lists_the_pipelines(server):
    _, _, body = await server.request("/v1/models")
    answer = json.loads(body)
    assert answer["object"] == "list"
    assert {"parley", "scripted"} <= {one["id"] for one in answer["data"]}
    assert all(one["object"] == "model" for one in answer["data"])


async def test_the_sdk_lists_the_pipelines(server):
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=f"{server.url}/v1", api_key="none")
    names = [one.id async for one in client.models.list()]
    one = await client.models.retrieve("parley")
    assert "parley" in names and one.id == "parley"


async def test_metrics_count_sessions_and_turns(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.ask("ping")
        _, headers, body = await server.request("/metrics")
    text = body.decode()
    assert headers["Content-Type"].startswith("text/plain")
    assert re.search(r"^parley_session_active\S* [1-9]", text, re.MULTILINE), text
    for line in text.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z_:][\w:]*(\{[^}]*\})? \S+", line), line
        assert "sess_" not in line and "item_" not in line


async def test_an_unknown_path_is_an_error_of_the_api(server):
    status, _, body = await server.request("/v1/nothing")
    error = json.loads(body)["error"]
    assert status == 404
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"


async def test_a_wrong_method_names_the_right_ones(server):
    status, headers, _ = await server.request("/v1/models", method="DELETE")
    assert status == 405
    assert "GET" in headers["Allow"]


async def test_head_has_the_headers_and_no_body(server):
    status, headers, body = await server.request("/health", method="HEAD")
    assert status == 200 and body == b""
    assert int(headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": f"Bearer {KEY}"}, {"X-API-Key": KEY}, {"api-key": KEY}],
    ids=lambda headers: next(iter(headers)),
)
async def test_a_key_opens_the_list_of_models(locked, headers):
    status, _, _ = await locked.request("/v1/models", headers=headers)
    assert status == 200


async def test_a_key_in_the_url_opens_the_list_of_models(locked):
    status, _, _ = await locked.request(f"/v1/models?api_key={KEY}")
    assert status == 200


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nope"}, {"Authorization": KEY}])
async def test_without_the_key_there_is_no_list(locked, headers):
    status, answer, body = await locked.request("/v1/models", headers=headers)
    error = json.loads(body)["error"]
    assert status == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert error["code"] in (None, "invalid_api_key")
    assert KEY not in body.decode()


async def test_health_needs_no_key(locked):
    status, _, _ = await locked.request("/health")
    assert status == 200


async def test_a_preflight_allows_what_browsers_send(server):
    status, headers, _ = await server.request(
        "/v1/realtime/calls",
        method="OPTIONS",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert status in (200, 204)
    assert headers["Access-Control-Allow-Origin"] in ("*", "https://example.org")
    assert "POST" in headers["Access-Control-Allow-Methods"]
    allowed = headers["Access-Control-Allow-Headers"].lower()
    assert "authorization" in allowed and "content-type" in allowed


async def test_pipelined_requests_are_answered_in_order(server):
    one = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    two = b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert statuses(await exchange(server, one + one + two)) == [200, 200, 404]


SMUGGLING = {
    "two lengths": b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "hidden chunks": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "odd coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "signed length": b"Content-Length: +4\r\n\r\nabcd",
    "hex length": b"Content-Length: 0x4\r\n\r\nabcd",
    "huge length": b"Content-Length: 99999999999999999999999\r\n\r\n",
    "folded header": b"X-Long: a\r\n b\r\n\r\n",
    "bare line feed": b"X-Odd: a\nX-Evil: b\r\n\r\n",
    "null byte": b"X-Odd: a\x00b\r\n\r\n",
    "bad chunk": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "endless chunk size": b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n",
}


@pytest.mark.parametrize("tail", SMUGGLING.values(), ids=SMUGGLING.keys())
async def test_a_request_that_can_be_read_in_two_ways_is_refused(server, tail):
    head = b"POST /v1/realtime/calls HTTP/1.1\r\nHost: x\r\n"
    inner = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = statuses(await exchange(server, head + tail + inner, eof=True))
    # A connection must not go on where nobody knows the end of the body.
    assert 200 not in answer, answer
    assert answer and answer[0] in (400, 411, 413, 501), answer
    assert (await server.health())["status"] == "ok"


BROKEN = {
    "nonsense": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no host": b"GET /health HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "old version": b"GET /health HTTP/9.9\r\nHost: x\r\n\r\n",
    "space in target": b"GET /hea lth HTTP/1.1\r\nHost: x\r\n\r\n",
    "long target": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "long header": b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "many headers": b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 20_000 + b"\r\n",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_request_is_refused_and_closed(server, data):
    answer = statuses(await exchange(server, data, eof=True))
    assert all(400 <= one < 600 for one in answer), answer
    assert len(answer) <= 1
    assert (await server.health())["status"] == "ok"


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/v1/models/%zz",
    ],
)
async def test_no_path_leads_out(server, path):
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    answer = await exchange(server, head)
    assert b"root:" not in answer
    assert statuses(answer)[0] in (400, 404)


async def test_idle_clients_keep_nobody_waiting(server):
    """Connections that say nothing, or half a request, hold no thread."""
    idle = [await asyncio.open_connection(server.host, server.port) for _ in range(100)]
    for _, writer in idle[::2]:
        writer.write(b"GET /health HTTP/1.1\r\nHo")
    try:
        assert (await asyncio.wait_for(server.health(), 10))["status"] == "ok"
        async with sdk_peer(server) as peer:
            await peer.begin()
    finally:
        for _, writer in idle:
            writer.close()


async def test_a_client_that_reads_nothing_costs_bounded_memory(server):
    """Ten answers of some seconds of audio, to a socket nobody reads from."""
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.ask("ping")
    before = server.resident_bytes()
    deaf = await Wire.open(server)
    deaf.stop_reading()
    ask = json.dumps(
        {
            "type": "response.create",
            "response": {
                "conversation": "none",
                "instructions": "x",
                "input": [
                    {
                        "type": "message",
                        "role": "user",
                        "content": [{"type": "input_text", "text": "tell me everything"}],
                    }
                ],
            },
        }
    )
    try:
        for _ in range(10):
            await deaf.send(frame(TEXT, ask.encode()))
        async with sdk_peer(server, model="scripted") as peer:
            await peer.begin()
            await peer.say("tell me everything")
            await peer.respond()
        grown = server.resident_bytes() - before
    finally:
        deaf.reset()
    assert grown < 64 << 20, f"{grown >> 20} MiB for one slow reader"
    assert (await server.health())["status"] == "ok"
