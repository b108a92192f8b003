"""Keys, their limits, and what becomes of both while a server runs.

Source: Realtime protocol, "Authentication", "Close codes", "Open points".
"""

import hashlib
import json
import signal

import websockets

from harness import configuration
from harness import server as process
from harness.peer import raw_peer, sdk_peer

ALICE = "sk-alice-0123456789abcdefghij"
BOB = "sk-bob-0123456789abcdefghijkl"
NEW = "sk-new-0123456789abcdefghijkl"


def digest(key):
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def write(folder, *keys, **more):
    """Writes parley.yaml; JSON is YAML."""
    (folder / "parley.yaml").write_text(json.dumps({"api_keys": list(keys), **more}))


def entry(name, key, **more):
    return {"name": name, "key": digest(key), **more}


async def mint(server, key, **body):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    data = json.dumps(body).encode()
    status, answer, text = await server.request(
        "/v1/realtime/client_secrets", "POST", headers, data
    )
    return status, answer, json.loads(text)


async def refused(server, key, code, close):
    async with sdk_peer(server, key=key) as peer:
        error = (await peer.next("error"))["error"]
        closed = await peer.until_closed()
        peer.problems = []
    assert (error["code"], closed.code) == (code, close), error
    assert closed.reason == f"{error['type']}.{code}"
    return error


async def serves(server, key):
    async with sdk_peer(server, key=key) as peer:
        await peer.begin()


async def test_the_program_makes_a_key_that_its_line_opens(tmp_path):
    status, output = await process.run("key", "kitchen", cwd=tmp_path)
    assert status == 0, output
    key = next(line for line in output.splitlines() if line.startswith("sk-parley-"))
    line = next(line for line in output.splitlines() if "sha256:" in line)
    assert key not in line
    arguments = configuration.write(tmp_path)
    (tmp_path / "parley.yaml").write_text(f"api_keys:\n{line}\n")
    async with process.running(*arguments, cwd=tmp_path) as server:
        await serves(server, key)
        await refused(server, line.split('"')[3], "invalid_api_key", 3000)


async def test_a_name_that_is_none_makes_no_key(tmp_path):
    for words in [["key"], ["key", "a b"], ["key", "a", "b"]]:
        status, output = await process.run(*words, cwd=tmp_path)
        assert status == 2 and "sk-parley-" not in output


async def test_a_hang_up_reads_the_keys_again(tmp_path):
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE), entry("bob", BOB))
    async with process.running(*arguments, cwd=tmp_path) as server:
        _, _, by_alice = await mint(server, ALICE)
        _, _, by_bob = await mint(server, BOB)
        async with sdk_peer(server, key=by_alice["value"]) as peer:
            await peer.begin()
            write(tmp_path, entry("alice", NEW), entry("bob", BOB))
            server.process.send_signal(signal.SIGHUP)
            await server.wrote("Keys reloaded")
            # A session outlives its secret, however that ended.
            await refused(server, by_alice["value"], "invalid_api_key", 3000)
            await peer.still_works()
        await refused(server, ALICE, "invalid_api_key", 3000)
        await serves(server, NEW)
        await serves(server, BOB)
        await serves(server, by_bob["value"])


async def test_a_bad_file_changes_nothing(tmp_path):
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE))
    async with process.running(*arguments, cwd=tmp_path) as server:
        (tmp_path / "parley.yaml").write_text(f"api_keys: [{{name: a, kye: {NEW}}}]")
        server.process.send_signal(signal.SIGHUP)
        await server.wrote("Configuration kept, for the new one is bad")
        await serves(server, ALICE)
        assert "parley.yaml:1:22: api_keys[0].kye: unknown key" in server.output
        assert NEW not in server.output


async def test_a_key_for_a_pipeline_that_does_not_run_yet_changes_nothing(tmp_path):
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE))
    async with process.running(*arguments, cwd=tmp_path) as server:
        (tmp_path / "models" / "late.yaml").write_text(configuration.pipeline("late"))
        write(tmp_path, entry("alice", NEW, pipeline="late"))
        server.process.send_signal(signal.SIGHUP)
        await server.wrote("Configuration kept; restart to load the pipeline of a key")
        await serves(server, ALICE)
        await refused(server, NEW, "invalid_api_key", 3000)


async def test_what_else_has_changed_is_told_to_wait(tmp_path):
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE))
    async with process.running(*arguments, cwd=tmp_path) as server:
        limits = {"sessions": 7, "key_sessions": 3}
        write(tmp_path, entry("alice", NEW), limits=limits)
        server.process.send_signal(signal.SIGHUP)
        await server.wrote("Keys reloaded")
        await server.wrote("What else has changed waits for a restart")
        await serves(server, NEW)
        assert "changed=limits.sessions\n" in server.output


async def test_an_empty_file_opens_nothing(tmp_path):
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE))
    async with process.running(*arguments, cwd=tmp_path) as server:
        (tmp_path / "parley.yaml").write_text("")
        server.process.send_signal(signal.SIGHUP)
        await server.wrote("Configuration kept; restart to open the server")
        await refused(server, "anything", "invalid_api_key", 3000)
        await serves(server, ALICE)


async def test_a_key_has_a_pipeline_of_its_own(tmp_path):
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE, pipeline="scripted"))
    async with process.running(*arguments, cwd=tmp_path) as server:
        async with raw_peer(server, query=f"api_key={ALICE}") as peer:
            assert (await peer.begin())["model"] == "scripted"
        async with raw_peer(server, query=f"api_key={ALICE}&model=parley") as peer:
            assert (await peer.begin())["model"] == "parley"
        _, _, answer = await mint(server, ALICE)
        assert answer["session"]["model"] == "scripted"


async def test_a_pipeline_that_is_none_stops_start_up(tmp_path):
    write(tmp_path, entry("alice", ALICE, pipeline="scirpted"))
    arguments = configuration.write(tmp_path)
    status, output = await process.run("serve", *arguments, cwd=tmp_path)
    assert status != 0
    assert "api_keys[0].pipeline" in output and 'did you mean "scripted"' in output


async def test_a_key_has_so_many_sessions_at_once(tmp_path):
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE, limits={"sessions": 1}), entry("bob", BOB))
    async with process.running(*arguments, cwd=tmp_path) as server:
        _, _, answer = await mint(server, ALICE)
        async with sdk_peer(server, key=ALICE) as peer:
            await peer.begin()
            error = await refused(server, ALICE, "rate_limit_exceeded", 1013)
            await refused(server, answer["value"], "rate_limit_exceeded", 1013)
            await serves(server, BOB)
            await peer.still_works()
        assert error["type"] == "rate_limit_error" and "1 session" in error["message"]
        # The place is free once the server has seen the end of its session.
        await server.wrote("Session ended")
        await serves(server, ALICE)


async def test_limits_for_all_keys_and_what_is_said_of_them(tmp_path):
    arguments = configuration.write(tmp_path)
    limits = {"key_sessions_per_minute": 2, "key_minutes_per_day": 60}
    write(
        tmp_path,
        entry("alice", ALICE),
        entry("bob", BOB),
        limits=limits,
        server={"rate_limit_events": True},
    )
    async with process.running(*arguments, cwd=tmp_path) as server:
        async with sdk_peer(server, model="scripted", key=ALICE) as peer:
            await peer.begin()
            await peer.say("ping")
            await peer.respond(output_modalities=["text"])
            told = (await peer.next("rate_limits.updated"))["rate_limits"]
        assert peer.events[-1]["type"] == "rate_limits.updated"
        assert peer.events[-2]["type"] == "response.done"
        requests, tokens = told
        assert (requests["name"], requests["limit"], requests["remaining"]) == ("requests", 2, 1)
        assert 0 < requests["reset_seconds"] <= 60
        assert (tokens["name"], tokens["limit"]) == ("tokens", 36_000)
        assert 35_000 < tokens["remaining"] < 36_000
        assert 0 < tokens["reset_seconds"] <= 86_400
        await serves(server, ALICE)
        error = await refused(server, ALICE, "rate_limit_exceeded", 1013)
        assert "2 sessions in a minute" in error["message"]
        await serves(server, BOB)
        assert (await mint(server, ALICE))[0] == 200


async def test_nothing_is_said_of_limits_unless_asked(tmp_path):
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE), limits={"key_minutes_per_day": 60})
    async with process.running(*arguments, cwd=tmp_path) as server:
        async with sdk_peer(server, model="scripted", key=ALICE) as peer:
            await peer.begin()
            await peer.ask("ping")
            await peer.still_works()
            assert not peer.seen("rate_limits.updated")


async def test_no_key_is_ever_logged_or_answered(tmp_path):
    """Everything that the server writes and answers, on all paths that see a key, at any level."""
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE), {"name": "bob", "key": BOB})
    trace = ["--log-level", "trace"]
    said = []
    async with process.running(*arguments, *trace, cwd=tmp_path) as server:
        _, _, answer = await mint(server, BOB)
        value = answer["value"]
        shown = [ALICE, BOB, value, "sk-wrong-0123456789", "ek_wrong0123456789"]
        for key in shown:
            for options in [
                {"additional_headers": {"Authorization": f"Bearer {key}"}},
                {"query": f"model=parley&api_key={key}"},
                {"subprotocols": ["realtime", f"openai-insecure-api-key.{key}"]},
            ]:
                async with raw_peer(server, **options) as peer:
                    first = await peer.next("session.created", "error")
                    headers = peer.socket.response.headers.raw_items()
                    said.append(json.dumps(first) + str(list(headers)))
                    peer.problems = []
            for path in ["/v1/models", "/v1/nothing", "/v1/realtime", "/health"]:
                for headers, query in [({"X-API-Key": key}, ""), ({}, f"?api_key={key}")]:
                    status, answered, body = await server.request(path + query, headers=headers)
                    said.append(f"{status} {answered} {body.decode()}")
            status, answered, body = await server.request(
                f"/v1/realtime/client_secrets?api_key={key}", "POST", {}, b'{"session": 1}'
            )
            said.append(f"{status} {answered} {body.decode()}")
        server.process.send_signal(signal.SIGHUP)
        await server.wrote("Keys reloaded")
        _, _, metrics = await server.request("/metrics", headers={"X-API-Key": ALICE})
        said.append(metrics.decode())
    said.append(server.output)
    assert "alice" in server.output
    for key in shown:
        assert not [text for text in said if key in text], key


async def test_a_key_with_odd_bytes_is_only_wrong(tmp_path):
    arguments = configuration.write(tmp_path)
    write(tmp_path, entry("alice", ALICE))
    async with process.running(*arguments, cwd=tmp_path) as server:
        for key in ["", "%00", "%ff%fe", "ek_" + "a" * 6000, ALICE[:-1], ALICE + "x"]:
            status, _, _ = await server.request(f"/v1/models?api_key={key}")
            assert status == 401, key
        try:
            async with raw_peer(server, query="model=parley&api_key=%ff") as peer:
                await peer.next("error")
                peer.problems = []
        except websockets.exceptions.InvalidStatus as error:
            assert error.response.status_code < 500
        assert (await server.health())["status"] == "ok"
