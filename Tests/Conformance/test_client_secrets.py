"""Client secrets: keys for browsers, made over REST.

Source: Realtime protocol, "Error body and status codes", "POST /realtime/client_secrets",
"Authentication", "Dialect".
"""

import json
import time

import pytest
from openai import AsyncOpenAI

from harness import configuration, reference
from harness import server as process
from harness.beta import BetaPeer
from harness.configuration import KEY
from harness.peer import Peer, raw_peer, sdk_peer

PATH = "/v1/realtime/client_secrets"
BEARER = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}


def client(server, key=KEY):
    return AsyncOpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0)


async def mint(server, headers=BEARER, path=PATH, **body):
    """Posts a request; gives status, headers and the answer."""
    data = json.dumps(body).encode() if body else b""
    status, answer, text = await server.request(path, "POST", headers, data)
    return status, answer, json.loads(text)


async def secret(server, **session):
    """A secret for a session."""
    status, _, answer = await mint(server, session={"type": "realtime", **session})
    assert status == 200, answer
    return answer["value"]


def checked_error(answer, code, param=None):
    error = answer["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["code"], error["param"]) == (code, param), error
    assert error["type"] in ("invalid_request_error", "rate_limit_exceeded", "server_error")
    return error


# Made and used.


async def test_the_sdk_makes_a_secret_and_connects_with_it(locked):
    created = await client(locked).realtime.client_secrets.create(
        session={
            "type": "realtime",
            "model": "scripted",
            "instructions": "Be brief.",
            "output_modalities": ["text"],
            "tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}}],
        },
        expires_after={"anchor": "created_at", "seconds": 120},
    )
    assert created.value.startswith("ek_") and len(created.value) > 40
    assert 100 < created.expires_at - time.time() < 125
    async with sdk_peer(locked, model="anything", key=created.value) as peer:
        session = await peer.begin()
        assert await peer.ask("ping") == "Pong."
    assert session["model"] == "scripted"
    assert session["instructions"] == "Be brief."
    assert session["output_modalities"] == ["text"]
    assert session["tools"][0]["name"] == "f"


async def test_an_empty_body_is_the_default_session(locked):
    status, headers, answer = await mint(locked)
    session = answer["session"]
    assert status == 200
    assert headers["Content-Type"].startswith("application/json")
    assert set(answer) == {"value", "expires_at", "session"}
    assert 590 < answer["expires_at"] - time.time() < 605
    assert session["type"] == "realtime" and session["object"] == "realtime.session"
    assert session["id"].startswith("sess_") and session["expires_at"] == 0
    assert session["model"] == "parley"
    event = {"type": "session.created", "event_id": "event_123456789012345678901"}
    begun = {**session, "expires_at": answer["expires_at"]}
    assert not reference.problems({**event, "session": begun})


async def test_what_the_answer_shows_is_what_the_session_begins_with(locked):
    asked = {
        "audio": {
            "input": {"turn_detection": {"type": "semantic_vad"}, "transcription": {"model": "w"}},
            "output": {"voice": "kal16", "format": {"type": "audio/pcmu"}, "speed": 1.25},
        },
        "max_output_tokens": 77,
        "truncation": "disabled",
    }
    _, _, answer = await mint(locked, session={"type": "realtime", **asked})
    async with sdk_peer(locked, key=answer["value"]) as peer:
        session = await peer.begin()
    differing = {"id", "expires_at"}
    assert {k: v for k, v in session.items() if k not in differing} == {
        k: v for k, v in answer["session"].items() if k not in differing
    }
    assert session["audio"]["output"]["voice"] == "kal16"


PLACES = {
    "bearer": {"additional_headers": {"Authorization": "Bearer KEY"}},
    "subprotocol": {"subprotocols": ["realtime", "openai-insecure-api-key.KEY"]},
    "api-key": {"additional_headers": {"api-key": "KEY"}},
    "X-API-Key": {"additional_headers": {"X-API-Key": "KEY"}},
    "xi-api-key": {"additional_headers": {"xi-api-key": "KEY"}},
    "query": {"query": "api_key=KEY"},
}


def filled(value, key):
    """The value with the key in its place."""
    if isinstance(value, dict):
        return {name: filled(one, key) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, key) for one in value]
    return value.replace("KEY", key)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
async def test_a_secret_opens_sessions_from_every_place(locked, place):
    value = await secret(locked, model="scripted")
    options = {"query": "", **filled(place, value)}
    for _ in range(2):
        async with raw_peer(locked, **options) as peer:
            assert (await peer.begin())["model"] == "scripted"


async def test_the_client_may_change_what_the_secret_set(locked):
    value = await secret(locked, instructions="Be brief.")
    async with sdk_peer(locked, key=value) as peer:
        await peer.begin()
        after = await peer.update(instructions="Be long.")
    assert after["instructions"] == "Be long."


# Not for anything else.

KEYED = {
    "mint": ("POST", PATH),
    "translations": ("POST", "/v1/realtime/translations/client_secrets"),
    "sessions": ("POST", "/v1/realtime/sessions"),
    "transcription sessions": ("POST", "/v1/realtime/transcription_sessions"),
    "hangup": ("POST", "/v1/realtime/calls/rtc_1/hangup"),
    "models": ("GET", "/v1/models"),
    "model": ("GET", "/v1/models/parley"),
    "metrics": ("GET", "/metrics"),
}


@pytest.mark.parametrize("method, path", KEYED.values(), ids=KEYED.keys())
async def test_a_secret_opens_sessions_only(locked, method, path):
    value = await secret(locked)
    headers = {"Authorization": f"Bearer {value}"}
    status, _, body = await locked.request(path, method, headers)
    assert status == 403
    error = checked_error(json.loads(body), "insufficient_permissions")
    assert value not in error["message"]


async def test_a_secret_is_right_for_a_call_which_is_not_served(locked):
    headers = {"Authorization": f"Bearer {await secret(locked)}"}
    status, _, body = await locked.request("/v1/realtime/calls", "POST", headers, b"v=0")
    assert status == 501
    assert "WebRTC" in checked_error(json.loads(body), "not_implemented")["message"]


@pytest.mark.parametrize(
    "headers, code",
    [
        ({}, None),
        ({"Authorization": "Bearer nope"}, "invalid_api_key"),
        ({"Authorization": "Bearer ek_nope"}, "invalid_api_key"),
        ({"Authorization": KEY}, None),
    ],
)
async def test_without_a_key_no_secret_is_made(locked, headers, code):
    status, answer_headers, answer = await mint(locked, headers)
    assert status == 401
    assert answer_headers["WWW-Authenticate"] == "Bearer"
    checked_error(answer, code)


async def test_an_unknown_secret_is_refused_where_no_key_is_needed(server):
    async with raw_peer(server, query="model=parley&api_key=ek_nope") as peer:
        error = (await peer.next("error"))["error"]
        assert (await peer.until_closed()).code == 3000
        peer.problems = []
    assert error["code"] == "invalid_api_key"


async def test_a_server_without_keys_makes_secrets_for_everybody(server):
    headers = {"Content-Type": "application/json"}
    _, _, answer = await mint(server, headers, session={"model": "scripted"})
    async with sdk_peer(server, key=answer["value"]) as peer:
        assert (await peer.begin())["model"] == "scripted"


# What is wrong is told as the reference says.

WRONG = {
    "expiry too short": (
        {"expires_after": {"seconds": 9}},
        "integer_below_min_value",
        "expires_after.seconds",
    ),
    "expiry too long": (
        {"expires_after": {"seconds": 7201}},
        "integer_above_max_value",
        "expires_after.seconds",
    ),
    "anchor": (
        {"expires_after": {"anchor": "x", "seconds": 60}},
        "invalid_value",
        "expires_after.anchor",
    ),
    "no object": ({"session": "realtime"}, "invalid_type", "session"),
    "type": ({"session": {"type": "x"}}, "invalid_value", "session.type"),
    "model": ({"session": {"model": "nobody"}}, "invalid_model", "session.model"),
    "voice": (
        {"session": {"audio": {"output": {"voice": "nobody"}}}},
        "invalid_value",
        "session.audio.output.voice",
    ),
    "rate": (
        {"session": {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 1}}}}},
        "integer_below_min_value",
        "session.audio.input.format.rate",
    ),
    "tool": (
        {"session": {"tools": [{"type": "function"}]}},
        "missing_required_parameter",
        "session.tools[0].name",
    ),
    "modalities": (
        {"session": {"type": "realtime", "output_modalities": ["audio", "text"]}},
        "invalid_value",
        "session.output_modalities",
    ),
}


@pytest.mark.parametrize("body, code, param", WRONG.values(), ids=WRONG.keys())
async def test_a_wrong_member_is_named_as_in_session_update(locked, body, code, param):
    status, _, answer = await mint(locked, **body)
    assert status == 400
    checked_error(answer, code, param)


HOSTILE = {
    "no json": b"{",
    "a list": b"[]",
    "null": b"null",
    "a number": b"1e999",
    "no text": b"\xff\xfe{}",
    "deep": b'{"session":' * 50_000,
    "wide": b'{"session":{"a":[' + b"0," * 300_000 + b"0]}}",
    "zero bytes": b"\0" * 1000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
async def test_what_is_no_json_object_is_400(locked, body):
    status, _, answer = await locked.request(PATH, "POST", BEARER, body)
    assert status == 400, answer[:200]
    checked_error(json.loads(answer), "invalid_json")
    assert (await locked.health())["status"] == "ok"


async def test_a_body_that_is_too_large_is_413(locked):
    body = b'{"session":{"instructions":"' + b"a" * (2 << 20) + b'"}}'
    status, headers, answer = await locked.request(
        PATH, "POST", {**BEARER, "Origin": "https://example.org"}, body
    )
    assert status == 413
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert set(json.loads(answer)["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
async def test_json_is_taken_whatever_its_type_says(locked, kind):
    headers = {**BEARER, "Content-Type": kind}
    status, _, answer = await locked.request(PATH, "POST", headers, b"{}")
    assert status == 200
    assert json.loads(answer)["value"].startswith("ek_")


async def test_another_method_is_405(locked):
    status, headers, answer = await locked.request(PATH, "GET", BEARER)
    assert status == 405
    assert headers["Allow"] == "POST, OPTIONS"
    assert json.loads(answer)["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "path", [PATH, "/realtime/client_secrets", "//v1/realtime/client_secrets/"]
)
async def test_misconfigured_base_urls_find_the_endpoint(locked, path):
    status, _, answer = await mint(locked, path=path)
    assert status == 200, answer


async def test_a_hostile_client_makes_no_more_than_its_share(tmp_path):
    """Large secrets fill a key's share; the refusal says when to come again."""
    arguments = configuration.write(tmp_path)
    async with process.running(*arguments, "--api-key", KEY, cwd=tmp_path) as server:
        session = {"instructions": "a" * 900_000}
        for _ in range(40):
            status, headers, answer = await mint(server, session=session)
            if status != 200:
                break
        assert status == 429
        assert 1 <= int(headers["Retry-After"]) <= 600
        checked_error(answer, "rate_limit_exceeded")
        assert (await server.health())["status"] == "ok"
        assert server.resident_bytes() < 400 << 20


# Transcription sessions and the dialect.


async def test_the_sdk_makes_a_secret_for_transcription(locked):
    created = await client(locked).realtime.client_secrets.create(
        session={
            "type": "transcription",
            "audio": {"input": {"transcription": {"model": "whisper-1", "language": "en"}}},
        }
    )
    assert created.session.type == "transcription"
    for query in ["", "intent=transcription", "model=gpt-4o-transcribe&intent=transcription"]:
        key = {"Authorization": f"Bearer {created.value}"}
        async with raw_peer(locked, query=query, additional_headers=key) as peer:
            session = await peer.begin()
            assert session["type"] == "transcription"
            assert session["audio"]["input"]["transcription"]["model"] == "whisper-1"
            await peer.send({"type": "response.create"})
            await peer.refusal("invalid_value")


async def test_a_secret_for_conversations_opens_no_transcription(locked):
    value = await secret(locked)
    async with raw_peer(locked, query=f"intent=transcription&api_key={value}") as peer:
        error = (await peer.next("error"))["error"]
        assert (await peer.until_closed()).code == 4000
        peer.problems = []
    assert (error["code"], error["param"]) == ("invalid_value", "intent")


async def test_the_sdk_of_beta_makes_a_session_that_speaks_beta(locked):
    created = await client(locked).beta.realtime.sessions.create(
        model="scripted",
        voice="kal16",
        modalities=["text"],
        instructions="Be brief.",
        input_audio_format="g711_ulaw",
    )
    secret = created.client_secret
    assert secret.value.startswith("ek_")
    assert 50 < secret.expires_at - time.time() < 65
    assert created.voice == "kal16" and created.modalities == ["text"]
    assert created.input_audio_format == "g711_ulaw"
    async with raw_peer(locked, query=f"api_key={secret.value}", kind=BetaPeer) as peer:
        session = await peer.begin()
        await peer.next("conversation.created")
    assert session["object"] == "realtime.session"
    assert (session["model"], session["voice"]) == ("scripted", "kal16")
    assert session["client_secret"] is None


async def test_the_sdk_of_beta_makes_a_transcription_session(locked):
    created = await client(locked).beta.realtime.transcription_sessions.create(
        input_audio_transcription={"model": "whisper-1"},
        turn_detection={"type": "server_vad", "threshold": 0.7},
        client_secret={"expires_at": {"anchor": "created_at", "seconds": 900}},
    )
    secret = created.client_secret
    assert 890 < secret.expires_at - time.time() < 905
    assert created.turn_detection.threshold == 0.7
    async with raw_peer(locked, query=f"api_key={secret.value}", kind=BetaPeer) as peer:
        session = (await peer.next("transcription_session.created"))["session"]
    assert session["input_audio_transcription"]["model"] == "whisper-1"
    assert session["turn_detection"]["threshold"] == 0.7


FLAT = ["/v1/realtime/sessions", "/v1/realtime/transcription_sessions"]


@pytest.mark.parametrize("path", FLAT)
async def test_a_flat_session_may_be_empty(locked, path):
    for body in [b"", b"{}"]:
        status, _, answer = await locked.request(path, "POST", BEARER, body)
        session = json.loads(answer)
        assert status == 200
        assert session["client_secret"]["value"].startswith("ek_")
        assert session["object"].startswith("realtime.")


@pytest.mark.parametrize("path", FLAT)
async def test_what_is_wrong_in_a_flat_session_has_a_flat_path(locked, path):
    turn_detection = {"type": "server_vad", "threshold": 2}
    status, _, answer = await mint(locked, path=path, turn_detection=turn_detection)
    assert status == 400
    checked_error(answer, "invalid_value", "turn_detection.threshold")


@pytest.mark.parametrize("path", FLAT)
async def test_the_lifetime_of_a_flat_session_can_be_said(locked, path):
    expiry = {"expires_after": {"anchor": "created_at", "seconds": 1000}}
    _, _, answer = await mint(locked, path=path, client_secret=expiry)
    assert 990 < answer["client_secret"]["expires_at"] - time.time() < 1005


async def test_a_mark_of_the_connection_outranks_the_secret(locked):
    value = await secret(locked)
    mark = {"Authorization": f"Bearer {value}", "OpenAI-Beta": "realtime=v1"}
    async with raw_peer(locked, query="", additional_headers=mark, kind=BetaPeer) as peer:
        assert (await peer.begin())["modalities"] == ["audio", "text"]


async def test_the_secret_outranks_the_key_and_the_key_the_server(tmp_path):
    arguments = configuration.write(tmp_path)
    keys = [{"name": "a", "key": KEY, "dialect": "ga"}, {"name": "b", "key": "sk-b"}]
    keys.append({"name": "c", "key": "sk-c", "dialect": "beta"})
    (tmp_path / "parley.yaml").write_text(json.dumps({"api_keys": keys}))
    async with process.running(*arguments, "--dialect", "beta", cwd=tmp_path) as server:
        for key, kind in [(KEY, Peer), ("sk-b", BetaPeer), ("sk-c", BetaPeer)]:
            async with raw_peer(server, query=f"model=parley&api_key={key}", kind=kind) as peer:
                await peer.begin()
        by_c = {**BEARER, "Authorization": "Bearer sk-c"}
        _, _, answer = await mint(server, by_c)
        async with raw_peer(server, query=f"api_key={answer['value']}") as peer:
            assert (await peer.begin())["type"] == "realtime"
        _, _, answer = await mint(server, path="/v1/realtime/sessions")
        value = answer["client_secret"]["value"]
        async with raw_peer(server, query=f"api_key={value}", kind=BetaPeer) as peer:
            await peer.begin()
