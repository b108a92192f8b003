"""Clients of the beta dialect.

Source: Realtime protocol, "Subprotocols", "Dialect", "Items and responses", "Text turn and voice
turn, beta", "GA and beta mapping", "Sample objects".
"""

import time

import pytest

from harness import configuration, speech
from harness import server as process
from harness.beta import BetaPeer, beta_peer, beta_sdk_peer
from harness.peer import raw_peer, words_of

MARK = "openai-beta.realtime-v1"


def flow(peer):
    """The types of what was heard, each run of deltas once."""
    kinds = []
    for event in peer.events:
        if not kinds or kinds[-1] != event["type"]:
            kinds.append(event["type"])
    return kinds


async def test_session_created_is_flat_and_complete(server):
    async with beta_peer(server) as peer:
        session = await peer.begin()
        await peer.next("conversation.created")
    assert session.pop("id").startswith("sess_")
    # 30 minutes, where GA has 60.
    assert 1700 < session.pop("expires_at") - time.time() <= 1801
    # "Sample objects", member by member.
    assert session == {
        "object": "realtime.session",
        "model": "parley",
        "modalities": ["audio", "text"],
        "instructions": session["instructions"],
        "voice": session["voice"],
        "input_audio_format": "pcm16",
        "output_audio_format": "pcm16",
        "input_audio_transcription": None,
        "input_audio_noise_reduction": None,
        "turn_detection": {
            "type": "server_vad",
            "threshold": 0.5,
            "prefix_padding_ms": 300,
            "silence_duration_ms": 500,
            "create_response": True,
            "interrupt_response": True,
        },
        "tools": [],
        "tool_choice": "auto",
        "temperature": 0.8,
        "max_response_output_tokens": "inf",
        "speed": 1.0,
        "tracing": None,
        "truncation": "auto",
        "prompt": None,
        "include": None,
        "client_secret": None,
    }


async def test_the_subprotocol_of_browsers_says_beta_and_realtime_is_selected(server):
    offered = ["realtime", "openai-insecure-api-key.none", MARK]
    async with raw_peer(server, kind=BetaPeer, subprotocols=offered) as peer:
        assert peer.socket.subprotocol == "realtime"
        await peer.begin()
        await peer.next("conversation.created")


async def test_without_realtime_nothing_is_selected(server):
    async with raw_peer(server, kind=BetaPeer, subprotocols=[MARK]) as peer:
        assert peer.socket.subprotocol is None
        await peer.begin()


async def test_a_text_turn_comes_in_the_order_of_the_reference(server):
    async with beta_peer(server, query="model=scripted") as peer:
        await peer.begin()
        await peer.update(modalities=["text"], temperature=0.6)
        await peer.say("ping")
        response = await peer.respond()
        heard = flow(peer)
    assert heard == [
        "session.created",
        "conversation.created",
        "session.updated",
        "conversation.item.created",
        "response.created",
        "response.output_item.added",
        "conversation.item.created",
        "response.content_part.added",
        "response.text.delta",
        "response.text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.done",
    ]
    assert response["temperature"] == 0.6
    assert words_of(response) == "Pong."


async def test_a_spoken_turn_comes_in_the_order_of_the_reference(server):
    async with beta_peer(server) as peer:
        await peer.begin()
        await peer.update(input_audio_transcription={"model": "whisper-1"})
        data, said = speech.sentence("0880")
        await peer.append(speech.silence(0.5) + data + speech.silence(1.5))
        heard = await peer.next("conversation.item.input_audio_transcription.completed")
        response = (await peer.next("response.done"))["response"]
        own = [kind for kind in flow(peer) if "transcription" not in kind and "delta" not in kind]
    assert own == [
        "session.created",
        "conversation.created",
        "session.updated",
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.created",
        "response.created",
        "response.output_item.added",
        "conversation.item.created",
        "response.content_part.added",
        "response.audio.done",
        "response.audio_transcript.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.done",
    ]
    assert speech.overlap(heard["transcript"], said) >= 0.6
    assert response["output"][0]["content"][0]["type"] == "audio"
    assert peer.seen("response.audio.delta")


async def test_a_function_is_called_with_beta_s_shapes(server):
    weather = {
        "type": "function",
        "function": {"name": "get_weather", "parameters": {"type": "object"}},
    }
    async with beta_peer(server, query="model=scripted") as peer:
        await peer.begin()
        await peer.update(modalities=["text"], tools=[weather])
        await peer.say("what is the weather in Paris")
        call = (
            await peer.respond(
                tool_choice={"type": "function", "function": {"name": "get_weather"}}
            )
        )["output"][0]
        await peer.send(
            {
                "type": "conversation.item.create",
                "item": {
                    "type": "function_call_output",
                    "call_id": call["call_id"],
                    "output": '{"temperature": 21}',
                },
            }
        )
        await peer.next("conversation.item.created")
        answer = await peer.respond()
    assert call["arguments"] and call["role"] is None and call["output"] is None
    assert "21" in words_of(answer)


async def test_calls_and_transcripts_begin_empty(server):
    """The vendor's client of beta adds to what is there."""
    weather = {"type": "function", "name": "get_weather", "parameters": {"type": "object"}}
    async with beta_peer(server, query="model=scripted") as peer:
        await peer.begin()
        await peer.update(tools=[weather])
        await peer.say("ping")
        await peer.respond()
        await peer.respond(modalities=["text"])
        spoken, written = [one["part"] for one in peer.seen("response.content_part.added")]
        await peer.say("what is the weather in Paris")
        await peer.respond()
        calls = [
            peer.seen(kind)[-1]["item"]
            for kind in ("response.output_item.added", "conversation.item.created")
        ]
    assert (spoken["type"], spoken["transcript"]) == ("audio", "")
    assert (written["type"], written["text"]) == ("text", "")
    assert [(one["name"], one["arguments"]) for one in calls] == [("get_weather", "")] * 2


async def test_the_vendor_s_javascript_client_begins_with_all_its_settings(server):
    settings = {
        "modalities": ["text", "audio"],
        "instructions": "",
        "voice": "verse",
        "input_audio_format": "pcm16",
        "output_audio_format": "pcm16",
        "input_audio_transcription": None,
        "turn_detection": None,
        "tools": [],
        "tool_choice": "auto",
        "temperature": 0.8,
        "max_response_output_tokens": 4096,
    }
    async with beta_peer(server) as peer:
        await peer.begin()
        session = await peer.update(**settings)
    shown = {name: session[name] for name in settings}
    assert shown == {**settings, "modalities": ["audio", "text"]}


async def test_an_item_is_told_before_its_parts_and_those_before_their_deltas(server):
    async with beta_peer(server, query="model=scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        item = (await peer.respond())["output"][0]["id"]
        own = [
            event["type"]
            for event in peer.events
            if event.get("item_id") == item or event.get("item", {}).get("id") == item
        ]
    assert own[:3] == [
        "response.output_item.added",
        "conversation.item.created",
        "response.content_part.added",
    ]
    assert {"response.audio.delta", "response.audio_transcript.delta"} == set(own[3:5])


async def test_a_response_may_have_members_of_its_own(server):
    async with beta_peer(server, query="model=scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        response = await peer.respond(
            modalities=["text"],
            temperature=0.7,
            output_audio_format="g711_ulaw",
            max_response_output_tokens=200,
        )
    assert response["modalities"] == ["text"]
    assert response["temperature"] == 0.7
    assert response["output_audio_format"] == "g711_ulaw"
    assert response["max_output_tokens"] == 200


async def test_speech_over_an_answer_cancels_it(server):
    async with beta_peer(server, query="model=scripted") as peer:
        await peer.begin()
        await peer.say("tell me everything")
        await peer.send({"type": "response.create"})
        await peer.next("response.audio.delta")
        data, _ = speech.sentence("0880")
        await peer.append(data + speech.silence(1.0))
        done = (await peer.next("response.done"))["response"]
        await peer.next("input_audio_buffer.committed")
    assert done["status"] == "cancelled"
    assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    assert done["output"][0]["status"] == "incomplete"


async def test_what_was_said_can_be_cut_and_read_again(server):
    async with beta_peer(server) as peer:
        await peer.begin()
        await peer.say("hello")
        item = (await peer.respond())["output"][0]
        place = {"item_id": item["id"], "content_index": 0}
        await peer.send({"type": "conversation.item.truncate", **place, "audio_end_ms": 300})
        await peer.next("conversation.item.truncated")
        await peer.send({"type": "conversation.item.retrieve", "item_id": item["id"]})
        part = (await peer.next("conversation.item.retrieved"))["item"]["content"][0]
    assert part["type"] == "audio" and part["transcript"] is None and part["audio"]


async def test_an_error_names_the_flat_member(server):
    async with beta_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "session.update", "session": {"voice": "nobody"}})
        error = await peer.refusal("invalid_value")
        assert error["param"] == "session.voice"
        await peer.send({"type": "session.update", "session": {"temperature": 9}})
        error = await peer.refusal("invalid_value")
        assert error["param"] == "session.temperature"


async def test_a_conversation_is_not_updated_as_a_transcription(server):
    async with beta_peer(server) as peer:
        await peer.begin()
        await peer.send({"type": "transcription_session.update", "session": {}, "event_id": "c1"})
        error = await peer.refusal("invalid_value", "c1")
    assert error["param"] == "type"


async def test_the_sdk_of_beta_holds_a_conversation(server):
    async with beta_sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.sdk.session.update(session={"modalities": ["text"], "temperature": 0.7})
        updated = await peer.next("session.updated")
        await peer.sdk.conversation.item.create(
            item={
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "ping"}],
            }
        )
        await peer.next("conversation.item.created")
        await peer.sdk.response.create()
        done = await peer.next("response.done")
    assert updated["session"]["temperature"] == 0.7
    assert words_of(done["response"]) == "Pong."


async def test_a_server_may_speak_beta_to_who_says_nothing(tmp_path):
    arguments = configuration.write(tmp_path)
    async with process.running(*arguments, "--dialect", "beta", cwd=tmp_path) as one:
        async with beta_peer(one, query="model=scripted", marked=False) as peer:
            await peer.begin()
            await peer.next("conversation.created")
            await peer.update(modalities=["text"])
            await peer.say("ping")
            assert words_of(await peer.respond()) == "Pong."


async def test_strictly_beta_takes_its_own_members_and_no_others(tmp_path):
    arguments = configuration.write(tmp_path)
    async with process.running(*arguments, "--strict-parameters", cwd=tmp_path) as one:
        async with beta_peer(one) as peer:
            session = await peer.begin()
            # Clients send back what they were shown.
            kept = {name: value for name, value in session.items() if value is not None}
            assert await peer.update(**kept) == session
            await peer.send({"type": "session.update", "session": {"audio": {}}})
            error = await peer.refusal("unknown_parameter")
    assert error["param"] == "session.audio"


async def test_flat_members_without_a_mark_are_understood_and_answered_in_ga(server):
    async with raw_peer(server) as peer:
        await peer.begin()
        flat = {"voice": "alloy", "turn_detection": {"type": "none"}, "modalities": ["text"]}
        await peer.send({"type": "session.update", "session": flat})
        session = (await peer.next("session.updated"))["session"]
    assert session["audio"]["output"]["voice"] == "alloy"
    assert session["audio"]["input"]["turn_detection"] is None
    assert session["output_modalities"] == ["text"]


@pytest.mark.parametrize("value", ["assistants=v2", "realtime=v2"])
async def test_other_marks_are_none(server, value):
    async with raw_peer(server, additional_headers={"OpenAI-Beta": value}) as peer:
        await peer.begin()
