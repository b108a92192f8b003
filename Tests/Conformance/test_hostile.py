"""Clients that mean harm: what they cost is bounded, and everybody else goes on.

Source: Realtime protocol, "Handshake, frames, keep-alive".
"""

import asyncio
import json
import os
import resource

import pytest
import pytest_asyncio

from harness import configuration
from harness import server as process
from harness.peer import sdk_peer
from harness.wire import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PATIENCE,
    PING,
    PONG,
    TEXT,
    Wire,
    exchange,
    frame,
    statuses,
    upgrade,
)

MEBIBYTE = 1 << 20


async def answers(server):
    """Whether the server still gives sessions."""
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.still_works()


async def ask_until(server, holds):
    """Asks for /health until something holds; each question takes a while of its own."""
    async with asyncio.timeout(PATIENCE):
        while not holds(await server.health()):
            pass


# Before the key is checked


async def test_a_client_without_a_key_holds_no_memory(locked):
    """Twenty times eight MiB of an unfinished message, after the server has said no."""
    await locked.health()
    before = locked.resident_bytes()
    piece = frame(BINARY, bytes(MEBIBYTE), final=False)
    more = frame(CONTINUATION, bytes(MEBIBYTE), final=False)
    wires = [await Wire.open(locked, "/v1/realtime?model=parley") for _ in range(20)]
    for wire in wires:
        await wire.send(piece)
        for _ in range(7):
            await wire.send(more)
    grown = locked.resident_bytes() - before
    for wire in wires:
        error = json.loads(await wire.until(TEXT))
        assert error["type"] == "error"
        assert await wire.close_code() == 3000
        wire.close()
    assert grown < 16 * MEBIBYTE, f"{grown / MEBIBYTE:.1f} MiB for clients without a key"


async def test_messages_sent_along_with_the_handshake_hold_no_memory_either(locked):
    await locked.health()
    before = locked.resident_bytes()
    wires = [await Wire.connect(locked) for _ in range(10)]
    for wire in wires:
        await wire.send(upgrade() + frame(TEXT, bytes(8 * MEBIBYTE), length=16 * MEBIBYTE))
    grown = locked.resident_bytes() - before
    for wire in wires:
        await wire.head()
        assert await wire.close_code() == 3000
        wire.close()
    assert grown < 16 * MEBIBYTE, f"{grown / MEBIBYTE:.1f} MiB for clients without a key"


async def test_a_body_for_a_route_that_reads_none_is_refused_and_says_that_it_closes(server):
    wire = await Wire.connect(server)
    body = bytes(8 * MEBIBYTE)
    head = f"POST /v1/realtime/calls HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    await wire.send(head.encode())
    answer = await wire.head()
    assert statuses(answer) == [501]
    assert b"Connection: close" in answer
    wire.close()


# Frames

VIOLATIONS = {
    "fragmented ping": (frame(PING, b"x", final=False), 1002),
    "fragmented close": (frame(CLOSE, b"\x03\xe8", final=False), 1002),
    "long ping": (frame(PING, bytes(126)), 1002),
    "unmasked": (frame(TEXT, b"{}", masked=False), 1002),
    "reserved bit": (frame(TEXT, b"{}", reserved=4), 1002),
    "reserved opcode": (frame(3, b""), 1002),
    "reserved control": (frame(0xB, b""), 1002),
    "nothing to continue": (frame(CONTINUATION, b"x"), 1002),
    "message within a message": (frame(TEXT, b"a", final=False) + frame(TEXT, b"b"), 1002),
    "length with a sign": (b"\x82\xff" + b"\xff" * 8 + bytes(4), 1002),
    "length in a long form": (b"\x82\xfe\x00\x05" + bytes(4) + b"hello", 1002),
    "too long": (frame(TEXT, b"", length=(22 << 20) + 1), 1009),
    "no text": (frame(TEXT, b"\xff"), 1007),
    "half a character": (frame(TEXT, b"\xe2\x82"), 1007),
    "a character cut by fragments, and wrong": (
        frame(TEXT, b"\xe2", final=False) + frame(CONTINUATION, b"\x28\xa1"),
        1007,
    ),
    "a surrogate over fragments": (
        frame(TEXT, b"\xed", final=False) + frame(CONTINUATION, b"\xa0\x80"),
        1007,
    ),
    "half a close code": (frame(CLOSE, b"\x03"), 1002),
    "a close reason that is no text": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    **{
        f"close code {code}": (frame(CLOSE, code.to_bytes(2, "big")), 1002)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)
    },
}


@pytest.mark.parametrize("data, code", VIOLATIONS.values(), ids=VIOLATIONS.keys())
async def test_what_breaks_the_protocol_is_told_by_the_close_code(server, data, code):
    wire = await Wire.open(server)
    await wire.send(data)
    assert await wire.close_code() == code
    await wire.rest()
    wire.close()


async def test_too_many_fragments_are_a_violation_of_policy(server):
    wire = await Wire.open(server)
    await wire.send(frame(TEXT, b"", final=False))
    await wire.send(frame(CONTINUATION, b"", final=False) * 6_001)
    assert await wire.close_code() == 1008
    wire.close()


async def test_a_character_cut_by_fragments_and_a_ping_is_whole_again(server):
    wire = await Wire.open(server)
    event = '{"type":"input_audio_buffer.clear","event_id":"é€😀"}'.encode()
    for index in range(len(event) - 1):
        kind = CONTINUATION if index else TEXT
        await wire.send(frame(kind, event[index : index + 1], final=False) + frame(PING, b"here"))
    await wire.send(frame(CONTINUATION, event[-1:]))
    while json.loads(await wire.until(TEXT))["type"] != "input_audio_buffer.cleared":
        pass
    wire.close()


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits, permessage-deflate",
        "x-webkit-deflate-frame",
        'permessage-deflate; server_max_window_bits="7"; nonsense',
        ", , ;;; =",
    ],
)
async def test_no_extension_is_agreed_to(server, offer):
    wire = await Wire.connect(server)
    await wire.send(upgrade(Sec_WebSocket_Extensions=offer))
    head = await wire.head()
    assert statuses(head) == [101]
    assert b"sec-websocket-extensions" not in head.lower()
    await wire.send(frame(TEXT, b"{}", reserved=4))
    assert await wire.close_code() == 1002
    wire.close()


async def test_every_ping_of_a_flood_is_answered_to_one_who_listens(server):
    wire = await Wire.open(server)
    flood = asyncio.create_task(
        wire.send(b"".join(frame(PING, b"%06d" % number) for number in range(50_000)))
    )
    for number in range(50_000):
        assert await wire.until(PONG) == b"%06d" % number
    await flood
    wire.close()


async def test_a_flood_of_pings_from_one_who_never_listens_holds_no_memory(server):
    await answers(server)
    before = server.resident_bytes()
    wire = await Wire.open(server)
    wire.stop_reading()
    flood = frame(PING, bytes(125)) * 8_000
    for _ in range(32):
        await wire.send(flood)
    grown = server.resident_bytes() - before
    wire.reset()
    assert grown < 16 * MEBIBYTE, f"{grown / MEBIBYTE:.1f} MiB of answers to pings"
    await answers(server)


# Handshakes

HANDSHAKES = {
    "with a body": (upgrade(Content_Length="5") + b"hello", 400),
    "with chunks": (upgrade(Transfer_Encoding="chunked") + b"0\r\n\r\n", 400),
    "without a key": (upgrade(Sec_WebSocket_Key=None), 400),
    "with a short key": (upgrade(Sec_WebSocket_Key="c2hvcnQ="), 400),
    "of HTTP/1.0": (upgrade().replace(b"HTTP/1.1", b"HTTP/1.0"), 400),
    "by POST": (upgrade().replace(b"GET", b"POST"), 501),
    "by PUT": (upgrade().replace(b"GET", b"PUT"), 405),
}


@pytest.mark.parametrize("data, status", HANDSHAKES.values(), ids=HANDSHAKES.keys())
async def test_a_handshake_that_is_none_is_refused_as_http(server, data, status):
    answer = await exchange(server, data, eof=True)
    assert statuses(answer)[0] == status
    assert 101 not in statuses(answer)


async def test_a_request_behind_a_handshake_is_no_request(server):
    """What follows an upgrade are frames; a second request among them is a broken one."""
    wire = await Wire.connect(server)
    await wire.send(upgrade() + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert statuses(await wire.head()) == [101]
    assert await wire.close_code() == 1002
    wire.close()


# Requests

SMUGGLED = {
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunked behind identity": b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    "chunked in two lines": (
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
    ),
    "chunked behind a tab": b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "coding in a folded line": b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "length in a list": b"Content-Length: 5, 5\r\n\r\nhello",
    "length behind a blank": b"Content-Length : 5\r\n\r\nhello",
    "length with a minus": b"Content-Length: -1\r\n\r\n",
    "empty length": b"Content-Length:\r\n\r\n",
    "chunk with a sign": b"Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n",
    "chunk in 0x": b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
    "chunk behind a blank": b"Transfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n",
    "chunk that is longer": b"Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
    "chunk ended by LF": b"Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
    "extension with LF": b"Transfer-Encoding: chunked\r\n\r\n5;a\n;b\r\nhello\r\n0\r\n\r\n",
    "chunk without an end": b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
}


@pytest.mark.parametrize("tail", SMUGGLED.values(), ids=SMUGGLED.keys())
async def test_no_request_is_smuggled_behind_another(server, tail):
    head = b"POST /v1/realtime/calls HTTP/1.1\r\nHost: x\r\n"
    inner = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = statuses(await exchange(server, head + tail + inner, eof=True))
    assert 200 not in answer, answer
    assert answer and 400 <= answer[0] <= 501


async def test_pipelined_garbage_ends_the_connection_behind_the_last_good_answer(server):
    good = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = await exchange(server, good * 3 + b"\x00\x01garbage\r\n\r\n" + good * 3, eof=True)
    assert statuses(answer) == [200, 200, 200, 400]


async def test_a_client_that_always_has_the_next_request_under_way_holds_no_memory(server):
    wire = await Wire.connect(server)
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 4_000 + b"\r\n\r\n"
    ahead, count = 8, 6_000
    await wire.send(request * ahead)
    answer = await wire.head()
    length = len(answer) + len(b'{"status":"ok"}')
    await wire.exactly(length - len(answer))
    before = server.resident_bytes()
    for _ in range(count):
        await wire.send(request)
        await wire.exactly(length)
    grown = server.resident_bytes() - before
    wire.close()
    assert grown < 8 * MEBIBYTE, f"{grown / MEBIBYTE:.1f} MiB for requests long answered"


async def test_a_client_that_has_ended_its_side_still_hears_the_answer(server):
    answer = await exchange(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", eof=True)
    assert statuses(answer) == [200]


async def test_a_session_whose_client_has_ended_its_side_ends(server):
    before = (await server.health())["sessions"]["active"]
    wire = await Wire.open(server)
    await wire.until(TEXT)
    wire.end_output()
    await wire.rest()
    wire.close()
    await ask_until(server, lambda report: report["sessions"]["active"] <= before)


async def test_many_headers_are_refused_before_they_are_all_there(server):
    wire = await Wire.connect(server)
    await wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 101)
    assert statuses(await wire.rest()) == [431]
    wire.close()


# Numbers


@pytest_asyncio.fixture
async def small(tmp_path):
    """A server of its own for two sessions, pinging often."""
    arguments = [*configuration.write(tmp_path), "--limit-sessions", 2, "--limit-ping-seconds", 1]
    async with process.running(*arguments, cwd=tmp_path) as server:
        await server.wrote("Engines ready")
        yield server


async def test_a_client_that_never_reads_its_answer_is_dropped(small):
    """Audio waits for it, as little as the next pieces need; after some pings it is gone."""
    await answers(small)
    before = small.resident_bytes()
    wire = await Wire.open(small)
    wire.stop_reading()
    ask = {
        "type": "conversation.item.create",
        "item": {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "tell me everything"}],
        },
    }
    for _ in range(8):
        await wire.send(frame(TEXT, json.dumps(ask).encode()))
    beside = {"conversation": "none", "output_modalities": ["audio"]}
    for _ in range(8):
        event = {"type": "response.create", "response": beside}
        await wire.send(frame(TEXT, json.dumps(event).encode()))
    await ask_until(small, lambda report: report["sessions"]["active"] == 0)
    grown = small.resident_bytes() - before
    wire.reset()
    assert grown < 48 * MEBIBYTE, f"{grown / MEBIBYTE:.1f} MiB for one who never reads"
    await answers(small)


async def test_connections_beyond_the_limit_hear_503_and_sessions_go_on(small):
    """Room is for two connections a session and a thousand more."""
    wanted = 1_500
    raise_file_limit(wanted + 200)
    before = small.descriptor_count()
    async with sdk_peer(small, model="scripted") as peer:
        await peer.begin()
        wires = [await Wire.connect(small) for _ in range(wanted)]
        refused = [await wire.rest() for wire in wires[1_010:]]
        assert all(statuses(answer) == [503] for answer in refused)
        assert all(b"Retry-After" in answer for answer in refused)
        await peer.still_works()
        for wire in wires:
            wire.close()
    while small.descriptor_count() > before + 4:
        await small.health()
    await answers(small)


async def test_two_thousand_visits_leave_nothing_behind(small):
    """Of every kind: silent, cut in the middle, refused, welcomed, closed, reset."""
    for _ in range(2):
        await visit_all(small, 100)
    descriptors, memory = small.descriptor_count(), small.resident_bytes()
    await visit_all(small, 2_000)
    while small.descriptor_count() > descriptors + 4:
        await small.health()
    assert (await small.health())["sessions"]["active"] == 0
    grown = small.resident_bytes() - memory
    assert grown < 16 * MEBIBYTE, f"{grown / MEBIBYTE:.1f} MiB after 2,000 visits"
    await answers(small)


async def visit_all(server, count):
    for number in range(count):
        await VISITS[number % len(VISITS)](server)
    await ask_until(server, lambda report: report["sessions"]["active"] == 0)


async def visit_silently(server):
    (await Wire.connect(server)).close()


async def visit_with_half_a_head(server):
    wire = await Wire.connect(server)
    await wire.send(b"GET /health HTTP/1.1\r\nHo")
    wire.reset()


async def visit_and_ask(server):
    wire = await Wire.connect(server)
    await wire.send(b"GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
    await wire.head()
    wire.close()


async def visit_an_unknown_model(server):
    wire = await Wire.open(server, "/v1/realtime?model=nobody")
    assert await wire.close_code() == 4000
    wire.close()


async def visit_and_close(server):
    wire = await Wire.open(server)
    await wire.send(frame(CLOSE, b"\x03\xe8"))
    # One place may still be taken by a visitor who went without a word.
    assert await wire.close_code() in (1000, 1013)
    wire.close()


async def visit_and_vanish(server):
    wire = await Wire.open(server)
    await wire.send(frame(TEXT, b'{"type":"response.create"}') + frame(TEXT, b"{", final=False))
    wire.reset()


VISITS = [
    visit_silently,
    visit_with_half_a_head,
    visit_and_ask,
    visit_an_unknown_model,
    visit_and_close,
    visit_and_vanish,
]


def raise_file_limit(wanted):
    """Lets this process open so many files, or skips the test."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"needs {wanted} files, {os.uname().sysname} allows {hard}")
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
