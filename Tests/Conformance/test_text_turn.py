"""Typed words in, written words out.

Source: Realtime protocol, "Realtime session, GA", "Text turn".
"""

from harness.peer import raw_peer, sdk_peer, words_of


async def test_session_created_shows_the_whole_session(server):
    async with sdk_peer(server) as peer:
        session = await peer.begin()
    assert session["model"] == "parley"
    assert session["output_modalities"] == ["audio"]
    assert session["tools"] == [] and session["tool_choice"] == "auto"
    assert session["max_output_tokens"] == "inf"
    assert session["truncation"] == "auto"
    assert session["tracing"] is None and session["prompt"] is None and session["include"] is None
    audio = session["audio"]
    assert audio["input"]["format"] == {"type": "audio/pcm", "rate": 24000}
    assert audio["output"]["format"] == {"type": "audio/pcm", "rate": 24000}
    assert audio["input"]["transcription"] is None
    assert audio["input"]["noise_reduction"] is None
    assert audio["output"]["speed"] == 1
    assert audio["input"]["turn_detection"] == {
        "type": "server_vad",
        "threshold": 0.5,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 500,
        "idle_timeout_ms": None,
        "create_response": True,
        "interrupt_response": True,
    }


async def test_every_connection_has_a_session_of_its_own(server):
    async with sdk_peer(server) as one, sdk_peer(server) as other:
        assert (await one.begin())["id"] != (await other.begin())["id"]


async def test_a_text_turn_comes_in_the_order_of_the_reference(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.sdk.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        updated = await peer.next("session.updated")
        assert updated["session"]["output_modalities"] == ["text"]
        await peer.sdk.conversation.item.create(
            item={
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "ping"}],
            }
        )
        await peer.next("conversation.item.done")
        await peer.sdk.response.create()
        done = await peer.next("response.done")
        assert done["response"]["status"] == "completed"
        assert words_of(done["response"]) == "Pong."
        kinds = [event["type"] for event in peer.events]
    deltas = [kind for kind in kinds if kind == "response.output_text.delta"]
    assert deltas
    first = kinds.index("response.output_text.delta")
    assert kinds[:first] + kinds[first + len(deltas) :] == [
        "session.created",
        "session.updated",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_text.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]


async def test_the_answer_is_a_message_of_the_assistant(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        question = await peer.say("ping")
        response = await peer.respond()
        added = [event for event in peer.seen("conversation.item.added")][-1]
    assert question["role"] == "user" and question["status"] == "completed"
    assert question["content"] == [{"type": "input_text", "text": "ping"}]
    assert added["previous_item_id"] == question["id"]
    answer = response["output"][0]
    assert answer["role"] == "assistant" and answer["status"] == "completed"
    assert answer["content"] == [{"type": "output_text", "text": "Pong."}]


async def test_metadata_comes_back_in_created_and_done(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        response = await peer.respond(
            metadata={"client_event_id": "a1"}, output_modalities=["text"]
        )
        created = peer.seen("response.created")[-1]
    assert created["response"]["metadata"] == {"client_event_id": "a1"}
    assert response["metadata"] == {"client_event_id": "a1"}


async def test_a_response_overrides_the_session_for_itself_only(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("ping")
        written = await peer.respond(output_modalities=["text"])
        spoken = await peer.respond()
    assert written["output_modalities"] == ["text"]
    assert written["output"][0]["content"][0]["type"] == "output_text"
    assert spoken["output_modalities"] == ["audio"]
    assert spoken["output"][0]["content"][0]["type"] == "output_audio"


async def test_a_response_out_of_band_leaves_the_conversation_alone(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.say("something else")
        message = {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "ping"}],
        }
        response = await peer.respond(
            conversation="none",
            input=[message],
            output_modalities=["text"],
            metadata={"topic": "x"},
        )
        items = len(peer.seen("conversation.item.added"))
    assert words_of(response) == "Pong."
    assert response["conversation_id"] is None
    assert response["metadata"] == {"topic": "x"}
    assert items == 1, "only the user's message is in the conversation"


async def test_usage_grows_with_the_conversation(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        await peer.say("ping")
        first = (await peer.respond())["usage"]
        await peer.say("ping again and again and again")
        second = (await peer.respond())["usage"]
    assert 0 < first["input_tokens"] < second["input_tokens"]
    assert first["output_token_details"]["audio_tokens"] == 0


async def test_the_base_url_may_miss_its_version(server):
    async with raw_peer(server, path="/realtime") as peer:
        await peer.begin()


async def test_unknown_parameters_of_the_url_are_ignored(server):
    async with raw_peer(server, query="model=parley&source=js-sdk&agent=1") as peer:
        await peer.begin()
