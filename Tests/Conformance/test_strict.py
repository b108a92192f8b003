"""Members that nobody knows: ignored, or errors where the operator wants it.

Source: Realtime protocol, "Realtime session, GA".
"""

import pytest
import pytest_asyncio

from harness import configuration
from harness import server as process
from harness.peer import sdk_peer

UNKNOWN = [
    ({"type": "session.update", "session": {"type": "realtime", "bogus": 1}}, "session.bogus"),
    (
        {"type": "session.update", "session": {"audio": {"input": {"volume": 11}}}},
        "session.audio.input.volume",
    ),
    ({"type": "input_audio_buffer.clear", "really": True}, "really"),
]


@pytest_asyncio.fixture(scope="module")
async def strict(tmp_path_factory):
    folder = tmp_path_factory.mktemp("strict")
    arguments = configuration.write(folder)
    async with process.running(*arguments, "--strict-parameters", cwd=folder) as one:
        yield one


@pytest.mark.parametrize("event, param", UNKNOWN, ids=[param for _, param in UNKNOWN])
async def test_unknown_members_are_ignored(server, event, param):
    async with sdk_peer(server) as peer:
        before = await peer.begin()
        await peer.send(event)
        assert await peer.update() == before
        assert not peer.seen("error")


@pytest.mark.parametrize("event, param", UNKNOWN, ids=[param for _, param in UNKNOWN])
async def test_a_strict_server_names_unknown_members(strict, event, param):
    async with sdk_peer(strict) as peer:
        before = await peer.begin()
        await peer.send({**event, "event_id": "s1"})
        error = await peer.refusal("unknown_parameter", "s1")
        assert await peer.update() == before
    assert error["param"] == param


async def test_a_strict_server_takes_its_own_session_back(strict):
    async with sdk_peer(strict) as peer:
        before = await peer.begin()
        assert await peer.update(**before) == before
        assert not peer.seen("error")


async def test_a_strict_server_takes_what_clients_are_known_to_send_too_much(strict):
    """Members of what they were shown, of other servers, and of a detection of their own."""
    always = {"id": "x", "object": "y", "expires_at": 1, "client_secret": None, "speech_model": "z"}
    detection = {"type": "semantic_vad", "model_version": "default", "threshold": 0.5}
    async with sdk_peer(strict) as peer:
        await peer.begin()
        await peer.update(**always, audio={"input": {"turn_detection": detection}})
        assert not peer.seen("error")
