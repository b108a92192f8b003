"""What a later version will do is refused by name today, never met with silence.

Source: Realtime protocol, "Open points".
"""

import pytest

from harness.peer import raw_peer

LATER = {
    "a connector of the vendor's": (
        {
            "type": "session.update",
            "session": {
                "tools": [
                    {"type": "mcp", "server_label": "s", "connector_id": "connector_gmail"},
                ]
            },
        },
        "session.tools[0].connector_id",
    ),
}


@pytest.mark.parametrize("event, param", LATER.values(), ids=LATER.keys())
async def test_what_is_not_there_yet_is_refused_by_name(server, event, param):
    async with raw_peer(server) as peer:
        before = await peer.begin()
        await peer.send({**event, "event_id": "l1"})
        error = await peer.refusal(event_id="l1")
        assert await peer.update() == before
    assert error["code"] in ("not_implemented", "invalid_value")
    assert param is None or error["param"] == param


async def test_the_output_is_cut_at_its_limit(server):
    async with raw_peer(server, query="model=scripted") as peer:
        await peer.begin()
        await peer.say("tell me everything")
        response = await peer.respond(max_output_tokens=5, output_modalities=["text"])
    assert response["status"] == "incomplete"
    assert response["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert response["max_output_tokens"] == 5
    assert response["output"][0]["status"] == "incomplete"


async def test_voices_of_the_vendor_are_accepted_and_unknown_ones_named(server):
    async with raw_peer(server) as peer:
        await peer.begin()
        after = await peer.update(audio={"output": {"voice": "marin"}})
        await peer.send(
            {
                "type": "session.update",
                "event_id": "v1",
                "session": {"audio": {"output": {"voice": "nobody"}}},
            }
        )
        error = await peer.refusal("invalid_value", "v1")
    assert after["audio"]["output"]["voice"] == "marin"
    assert "nobody" in error["message"] and "slt" in error["message"]
