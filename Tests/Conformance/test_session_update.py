"""Changing a session while it runs.

Source: Realtime protocol, "Realtime session, GA", "turn_detection", "Audio formats".
"""

import pytest

from harness.peer import sdk_peer

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}


async def test_only_what_is_named_changes(server):
    async with sdk_peer(server) as peer:
        before = await peer.begin()
        after = await peer.update(instructions="Be brief.")
    assert after == {**before, "instructions": "Be brief."}


async def test_nested_objects_merge(server):
    async with sdk_peer(server) as peer:
        before = await peer.begin()
        after = await peer.update(
            audio={
                "input": {
                    "turn_detection": {
                        "type": "server_vad",
                        "threshold": 0.25,
                    }
                }
            }
        )
    expected = {**before["audio"]["input"]["turn_detection"], "threshold": 0.25}
    assert after["audio"]["input"]["turn_detection"] == expected
    assert after["audio"]["input"]["format"] == before["audio"]["input"]["format"]
    assert after["audio"]["output"] == before["audio"]["output"]


async def test_null_switches_off(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        on = await peer.update(
            audio={
                "input": {
                    "transcription": {"model": "whisper-1"},
                    "noise_reduction": {"type": "near_field"},
                }
            }
        )
        off = await peer.update(
            audio={
                "input": {
                    "transcription": None,
                    "noise_reduction": None,
                    "turn_detection": None,
                }
            }
        )
    assert on["audio"]["input"]["transcription"] == {
        "model": "whisper-1",
        "language": None,
        "prompt": None,
    }
    assert on["audio"]["input"]["noise_reduction"] == {"type": "near_field"}
    for member in ("transcription", "noise_reduction", "turn_detection"):
        assert off["audio"]["input"][member] is None


async def test_a_lone_language_keeps_the_model(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(audio={"input": {"transcription": {"model": "whisper-1"}}})
        after = await peer.update(audio={"input": {"transcription": {"language": "en"}}})
    assert after["audio"]["input"]["transcription"]["model"] == "whisper-1"
    assert after["audio"]["input"]["transcription"]["language"] == "en"


async def test_tools_are_replaced_as_a_whole(server):
    other = {**WEATHER, "name": "get_time"}
    async with sdk_peer(server) as peer:
        await peer.begin()
        first = await peer.update(tools=[WEATHER], tool_choice="required")
        second = await peer.update(tools=[other])
        last = await peer.update(tools=[])
    assert first["tools"] == [WEATHER] and first["tool_choice"] == "required"
    assert second["tools"] == [other]
    assert last["tools"] == []


async def test_its_own_session_can_be_sent_back(server):
    """Clients send the whole object, immutable members and all."""
    async with sdk_peer(server) as peer:
        before = await peer.begin()
        after = await peer.update(**before)
    assert after == before


async def test_a_changed_session_can_be_sent_back_after_audio(server):
    """The voice is locked by then, and a custom one is shown by its id."""
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(
            tools=[WEATHER],
            tool_choice={"type": "function", "name": "get_weather"},
            tracing={"group_id": "g", "metadata": {"runs": 2.0}},
            truncation={"type": "retention_ratio", "retention_ratio": 0.8},
            audio={
                "input": {"transcription": {"language": "en"}, "turn_detection": None},
                "output": {"voice": {"id": "slt"}, "speed": 1.25},
            },
        )
        await peer.say("ping")
        await peer.respond(tool_choice="none")
        before = await peer.update(reasoning={"effort": "low"})
        spelling = {"group_id": "g", "workflow_name": None, "metadata": {"runs": 2}}
        own = {**before, "tracing": spelling, "parallel_tool_calls": None, "client_secret": None}
        after = await peer.update(**own)
        assert not peer.seen("error")
    assert before["audio"]["output"]["voice"] == "slt"
    assert after == before


async def test_a_required_function_has_to_be_there(server):
    choice = {"type": "function", "name": "get_weather"}
    async with sdk_peer(server) as peer:
        await peer.begin()
        update = {"tools": [], "tool_choice": choice}
        await peer.send({"type": "session.update", "event_id": "t1", "session": update})
        error = await peer.refusal("invalid_value", "t1")
        after = await peer.update(tools=[WEATHER], tool_choice=choice)
    assert error["type"] == "invalid_request_error"
    assert error["param"] == "session.tool_choice"
    assert after["tool_choice"] == choice


async def test_new_tools_without_the_required_one_set_the_choice_back(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.update(
            tools=[WEATHER], tool_choice={"type": "function", "name": "get_weather"}
        )
        after = await peer.update(tools=[])
    assert after["tools"] == [] and after["tool_choice"] == "auto"


async def test_a_missing_type_is_inferred(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "session.update", "session": {"instructions": "Be brief."}})
        after = (await peer.next("session.updated"))["session"]
    assert after["instructions"] == "Be brief."


@pytest.mark.parametrize("kind", ["audio/pcmu", "audio/pcma"])
async def test_g711_has_no_rate(server, kind):
    async with sdk_peer(server) as peer:
        await peer.begin()
        both = {"format": {"type": kind}}
        after = await peer.update(audio={"input": both, "output": both})
    assert after["audio"]["input"]["format"] == {"type": kind}
    assert after["audio"]["output"]["format"] == {"type": kind}


REFUSED = [
    ({"output_modalities": ["audio", "text"]}, "session.output_modalities"),
    ({"output_modalities": ["video"]}, "session.output_modalities[0]"),
    ({"instructions": 7}, "session.instructions"),
    ({"max_output_tokens": 0}, "session.max_output_tokens"),
    ({"max_output_tokens": 4097}, "session.max_output_tokens"),
    ({"tool_choice": "perhaps"}, "session.tool_choice"),
    ({"tools": "get_weather"}, "session.tools"),
    ({"tools": [{"type": "function"}]}, "session.tools[0].name"),
    ({"model": "another"}, "session.model"),
    ({"type": "transcription"}, "session.type"),
    ({"audio": 1}, "session.audio"),
    ({"audio": {"output": {"speed": 9}}}, "session.audio.output.speed"),
    ({"audio": {"input": {"format": {"type": "audio/mp3"}}}}, "session.audio.input.format.type"),
    (
        {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 4000}}}},
        "session.audio.input.format.rate",
    ),
    (
        {"audio": {"input": {"turn_detection": {"type": "server_vad", "threshold": 2}}}},
        "session.audio.input.turn_detection.threshold",
    ),
    (
        {"audio": {"input": {"turn_detection": {"type": "server_vad", "silence_duration_ms": -1}}}},
        "session.audio.input.turn_detection.silence_duration_ms",
    ),
    (
        {"audio": {"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 10}}}},
        "session.audio.input.turn_detection.idle_timeout_ms",
    ),
    (
        {"audio": {"input": {"noise_reduction": {"type": "mid_field"}}}},
        "session.audio.input.noise_reduction.type",
    ),
]


@pytest.mark.parametrize("wrong, param", REFUSED, ids=[param for _, param in REFUSED])
async def test_an_update_applies_whole_or_not_at_all(server, wrong, param):
    async with sdk_peer(server) as peer:
        before = await peer.begin()
        session = {"type": "realtime", "include": [], **wrong}
        session.setdefault("instructions", "changed")
        await peer.send({"type": "session.update", "event_id": "u1", "session": session})
        error = await peer.refusal(event_id="u1")
        after = await peer.update()
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param
    assert after == before
    assert len(peer.seen("session.updated")) == 1


async def test_the_voice_is_locked_by_the_first_audio(server):
    async with sdk_peer(server, model="scripted") as peer:
        session = await peer.begin()
        voice = session["audio"]["output"]["voice"]
        await peer.ask("ping")
        await peer.update(audio={"output": {"voice": voice}})
        await peer.send(
            {
                "type": "session.update",
                "event_id": "v1",
                "session": {"type": "realtime", "audio": {"output": {"voice": "kal16"}}},
            }
        )
        error = await peer.refusal("cannot_update_voice", "v1")
        await peer.still_works()
    assert error["param"] == "session.audio.output.voice"
