"""Pages of other origins, which browsers ask about beforehand.

Source: Realtime protocol, "Error body and status codes", "POST /realtime/calls".
"""

import json

import pytest
import pytest_asyncio

from harness import configuration
from harness import server as process
from harness.configuration import KEY

PATH = "/v1/realtime/client_secrets"
BEARER = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}


@pytest_asyncio.fixture(scope="module")
async def choosy(tmp_path_factory):
    """A server that one origin may use."""
    folder = tmp_path_factory.mktemp("choosy")
    arguments = configuration.write(folder)[:2]
    origin = ["--cors-origins", "https://app.example"]
    async with process.running(*arguments, *origin, "--api-key", KEY, cwd=folder) as one:
        yield one


REST = [
    PATH,
    "/v1/realtime/calls",
    "/v1/realtime/calls/rtc_1/hangup",
    "/v1/realtime/sessions",
    "/v1/realtime/transcription_sessions",
    "/v1/realtime/translations/client_secrets",
    "/v1/realtime",
]


@pytest.mark.parametrize("path", REST)
async def test_a_preflight_of_an_allowed_page_is_answered_without_a_key(choosy, path):
    asked = "authorization,content-type,openai-beta,x-stainless-os,api-key,xi-api-key"
    headers = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": asked,
    }
    status, answer, _ = await choosy.request(path, "OPTIONS", headers)
    assert status == 204
    assert answer["Access-Control-Allow-Origin"] == "https://app.example"
    assert "POST" in answer["Access-Control-Allow-Methods"]
    allowed = {one.strip().lower() for one in answer["Access-Control-Allow-Headers"].split(",")}
    assert set(asked.split(",")) <= allowed


@pytest.mark.parametrize("headers", [BEARER, {}], ids=["answer", "error"])
async def test_a_page_may_read_answers_and_errors(choosy, headers):
    headers = {**headers, "Origin": "https://app.example"}
    status, answer, _ = await choosy.request(PATH, "POST", headers, b"{}" if headers else b"")
    assert status in (200, 401)
    assert answer["Access-Control-Allow-Origin"] == "https://app.example"
    exposed = {one.strip() for one in answer["Access-Control-Expose-Headers"].split(",")}
    assert {"Location", "Retry-After"} <= exposed
    assert "Origin" in answer["Vary"]


async def test_another_page_may_not(choosy):
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    status, answer, _ = await choosy.request(PATH, "OPTIONS", headers)
    assert status == 403 and answer["Access-Control-Allow-Origin"] is None
    _, answer, _ = await choosy.request(
        PATH, "POST", {**BEARER, "Origin": "https://evil.example"}, b"{}"
    )
    assert answer["Access-Control-Allow-Origin"] is None
    headers = {**BEARER, "Origin": "https://evil.example"}
    status, _, answer = await choosy.request("/v1/realtime?model=parley", "GET", headers)
    assert status == 403
    assert json.loads(answer)["error"]["code"] == "insufficient_permissions"
