"""Encryption, time limits and origins on the way to a session.

Source: Realtime protocol, "POST /realtime/calls", "Handshake, frames, keep-alive", "Close codes".
"""

import asyncio
import json
import signal
import ssl
import time

import pytest_asyncio

from harness import certificate, configuration
from harness import server as process
from harness.peer import raw_peer, sdk_peer
from harness.wire import CLOSE, PING, PONG, TEXT, Wire, exchange, frame, statuses, upgrade


@pytest_asyncio.fixture
async def secured(tmp_path):
    """A server with a certificate, which lies in its `folder`."""
    arguments = [*configuration.write(tmp_path), *certificate.make(tmp_path)]
    tls = certificate.trusting(tmp_path)
    async with process.running(*arguments, cwd=tmp_path, tls=tls) as server:
        server.folder = tmp_path
        yield server


async def test_the_sdk_talks_over_tls(secured):
    assert f"https://127.0.0.1:{secured.port}" in secured.output
    assert f"wss://127.0.0.1:{secured.port}" in secured.output
    async with sdk_peer(secured, model="scripted") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        assert await peer.ask("ping") == "Pong."
    assert (await secured.health())["status"] == "ok"


async def test_a_client_in_the_clear_gets_nothing_from_a_server_with_tls(secured):
    answer = await exchange(secured, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", eof=True)
    assert b"HTTP/1.1 200" not in answer
    assert (await secured.health())["status"] == "ok"


async def test_an_old_version_of_tls_is_refused(secured):
    old = certificate.trusting(secured.folder)
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        await asyncio.open_connection(secured.host, secured.port, ssl=old)
        raise AssertionError("TLS 1.1 was spoken")
    except (ssl.SSLError, ConnectionError):
        pass


async def test_a_reloaded_certificate_is_shown_to_new_clients_and_old_ones_stay(secured):
    async with sdk_peer(secured, model="scripted") as old:
        await old.begin()
        certificate.make(secured.folder)
        secured.process.send_signal(signal.SIGHUP)
        await secured.wrote("Certificate reloaded")
        secured.tls = certificate.trusting(secured.folder)
        async with sdk_peer(secured, model="scripted") as new:
            await new.begin()
        await old.update(output_modalities=["text"])
        assert await old.ask("ping") == "Pong."


async def test_a_bad_certificate_is_not_taken_and_the_old_one_stays(secured):
    (secured.folder / "certificate.pem").write_text("nonsense")
    secured.process.send_signal(signal.SIGHUP)
    await secured.wrote("Certificate kept")
    async with sdk_peer(secured, model="scripted") as peer:
        await peer.begin()


async def test_a_session_that_is_over_says_so_and_closes(tmp_path):
    arguments = [*configuration.write(tmp_path), "--limit-session-seconds", 1]
    async with process.running(*arguments, cwd=tmp_path) as server:
        before = int(time.time())
        async with sdk_peer(server, model="scripted") as peer:
            session = await peer.begin()
            # However long it took: the session began after `before`, and lasts a second.
            assert before + 1 <= session["expires_at"] <= time.time() + 1
            error = (await peer.next("error"))["error"]
            closed = await peer.until_closed()
    assert error["code"] == "session_expired"
    assert closed.code == 1001
    assert closed.reason == f"{error['type']}.session_expired"


async def test_a_client_that_answers_no_pings_is_dropped_with_the_third(tmp_path):
    arguments = [*configuration.write(tmp_path), "--limit-ping-seconds", 1]
    async with process.running(*arguments, cwd=tmp_path) as server:
        await server.wrote("Engines ready")
        mute, patient = await Wire.open(server), await Wire.open(server)
        seen = []
        try:
            for _ in range(3):
                ping = await patient.until(PING)
                await patient.send(frame(PONG, ping))
            while True:
                seen.append((await mute.frame())[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        # It heard the session's first event, two pings, and no goodbye.
        assert seen == [TEXT, PING, PING]
        await patient.send(frame(TEXT, b'{"type":"input_audio_buffer.clear"}'))
        event = json.loads(await patient.until(TEXT))
        while event["type"] != "input_audio_buffer.cleared":
            event = json.loads(await patient.until(TEXT))
        await patient.send(frame(CLOSE))
        patient.close()
        mute.close()


async def test_a_page_of_an_origin_that_is_not_named_may_not_connect(tmp_path):
    arguments = configuration.write(tmp_path)
    arguments[arguments.index("--cors-origins") + 1] = "https://app.example"
    async with process.running(*arguments, cwd=tmp_path) as server:
        foreign = upgrade(Origin="https://evil.example", Connection="Upgrade, close")
        answer = await exchange(server, foreign, eof=True)
        assert statuses(answer) == [403]
        assert b"evil.example" not in answer
        body = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert set(body["error"]) == {"message", "type", "param", "code"}
        for origin in ("https://app.example", None):
            async with raw_peer(server, origin=origin) as peer:
                await peer.begin()


async def test_without_a_key_a_malformed_upgrade_is_refused_as_http(locked):
    answer = await exchange(locked, upgrade(Sec_WebSocket_Version="7"), eof=True)
    assert statuses(answer) == [401]
