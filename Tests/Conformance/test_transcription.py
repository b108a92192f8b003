"""Sessions that only listen.

Source: Realtime protocol, "URL", "Transcription session, GA", "transcription_session.update",
"Input transcription", "Transcription session", "Speaches".
"""

import pytest

from harness import configuration, speech
from harness import server as process
from harness.beta import beta_peer
from harness.peer import raw_peer, words_of

DONE = "conversation.item.input_audio_transcription.completed"


async def speak(peer, name, before=0.3, after=1.0):
    """Streams a sentence with silence around it; gives its words."""
    data, said = speech.sentence(name)
    await peer.append(speech.silence(before) + data + speech.silence(after))
    return said


async def test_session_created_shows_a_transcription_session(server):
    async with raw_peer(server, query="intent=transcription") as peer:
        session = await peer.begin()
    # "Sample objects", with the silence of "Transcription session, GA".
    assert session["audio"] == {
        "input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "transcription": {"model": "pocketsphinx", "language": None, "prompt": None},
            "noise_reduction": None,
            "turn_detection": {
                "type": "server_vad",
                "threshold": 0.5,
                "prefix_padding_ms": 300,
                "silence_duration_ms": 200,
            },
        }
    }
    assert session["type"] == "transcription" and session["include"] is None


async def test_speech_comes_back_as_text_and_nothing_is_answered(server):
    async with raw_peer(server, query="intent=transcription") as peer:
        await peer.begin()
        await peer.send(
            {
                "type": "session.update",
                "session": {
                    "type": "transcription",
                    "audio": {
                        "input": {
                            "transcription": {"model": "whisper-1", "language": "en"},
                            "turn_detection": {"type": "server_vad", "silence_duration_ms": 600},
                        }
                    },
                },
            }
        )
        session = (await peer.next("session.updated"))["session"]
        said = await speak(peer, "0930")
        started = await peer.next("input_audio_buffer.speech_started")
        heard = await peer.next(DONE)
        await peer.still_works()
        kinds = [event["type"] for event in peer.events]
    assert session["audio"]["input"]["transcription"] == {
        "model": "whisper-1",
        "language": "en",
        "prompt": None,
    }
    assert heard["item_id"] == started["item_id"]
    assert speech.overlap(heard["transcript"], said) >= 0.6
    assert heard["usage"]["type"] == "duration"
    assert not [kind for kind in kinds if kind.startswith(("response.", "rate_limits"))]


async def test_a_response_is_refused_and_the_session_goes_on(server):
    async with raw_peer(server, query="intent=transcription") as peer:
        await peer.begin()
        await peer.send({"type": "response.create", "event_id": "c1"})
        error = await peer.refusal("invalid_value", "c1")
        await peer.still_works()
    assert error["param"] == "type"


@pytest.mark.parametrize(
    "query, update",
    [("model=parley", "transcription"), ("intent=transcription", "realtime")],
)
async def test_the_kind_of_a_session_never_changes(server, query, update):
    async with raw_peer(server, query=query) as peer:
        await peer.begin()
        await peer.send({"type": "session.update", "session": {"type": update}, "event_id": "c1"})
        error = await peer.refusal("invalid_value", "c1")
    assert error["param"] == "session.type"


async def test_a_client_that_names_its_recogniser_in_the_url_is_served(server):
    """As the LiveKit plugin does for hosts other than the vendor's."""
    query = "intent=transcription&model=gpt-4o-transcribe"
    async with raw_peer(server, query=query, additional_headers={"X-Agent": "1"}) as peer:
        session = await peer.begin()
        await peer.send(
            {
                "type": "session.update",
                "session": {
                    "type": "transcription",
                    "audio": {
                        "input": {
                            "format": {"type": "audio/pcm", "rate": 24000},
                            "transcription": {"model": "gpt-4o-transcribe", "language": "en"},
                            "turn_detection": {
                                "type": "server_vad",
                                "threshold": 0.5,
                                "prefix_padding_ms": 600,
                                "silence_duration_ms": 350,
                            },
                            "noise_reduction": {"type": "near_field"},
                        }
                    },
                },
            }
        )
        await peer.next("session.updated")
        await speak(peer, "0880")
        ids = {
            (await peer.next(kind))["item_id"]
            for kind in (
                "input_audio_buffer.speech_started",
                "input_audio_buffer.speech_stopped",
                DONE,
            )
        }
    assert session["audio"]["input"]["transcription"]["model"] == "gpt-4o-transcribe"
    assert len(ids) == 1


async def test_the_client_may_commit_by_itself(server):
    async with raw_peer(server, query="intent=transcription") as peer:
        await peer.begin()
        await peer.send(
            {
                "type": "session.update",
                "session": {"type": "transcription", "audio": {"input": {"turn_detection": None}}},
            }
        )
        session = (await peer.next("session.updated"))["session"]
        data, said = speech.sentence("0880")
        await peer.append(data)
        await peer.send({"type": "input_audio_buffer.commit"})
        heard = await peer.next(DONE)
    assert session["audio"]["input"]["turn_detection"] is None
    assert speech.overlap(heard["transcript"], said) >= 0.6


async def test_beta_has_events_of_its_own_for_the_session(server):
    async with beta_peer(server, query="intent=transcription") as peer:
        session = await peer.begin()
        updated = await peer.update(
            "transcription_session",
            input_audio_transcription={"model": "whisper-1", "language": "en"},
            turn_detection={"type": "server_vad", "silence_duration_ms": 600},
            input_audio_noise_reduction={"type": "near_field"},
        )
        said = await speak(peer, "0930")
        heard = await peer.next(DONE)
        kinds = {event["type"] for event in peer.events}
    assert session["object"] == "realtime.transcription_session"
    assert updated["input_audio_transcription"]["model"] == "whisper-1"
    assert updated["input_audio_noise_reduction"] == {"type": "near_field"}
    assert speech.overlap(heard["transcript"], said) >= 0.6
    assert "conversation.item.created" in kinds and "session.updated" not in kinds


async def test_beta_does_not_update_it_as_a_conversation(server):
    async with beta_peer(server, query="intent=transcription") as peer:
        await peer.begin()
        await peer.send({"type": "session.update", "session": {}, "event_id": "c1"})
        await peer.refusal("invalid_value", "c1")


async def test_an_empty_update_is_one(server):
    async with beta_peer(server, query="intent=transcription") as peer:
        before = await peer.begin()
        assert await peer.update("transcription_session") == before


async def test_a_language_is_a_tag_wherever_it_stands(server):
    async with raw_peer(server, query="intent=transcription") as peer:
        before = await peer.begin()
        for member, value in (("language", "de_AT"), ("language", ""), ("languages", ["x y"])):
            transcription = {"model": "pocketsphinx", member: value}
            audio = {"input": {"transcription": transcription}}
            session = {"type": "transcription", "audio": audio}
            await peer.send({"type": "session.update", "session": session, "event_id": "l1"})
            error = await peer.refusal("invalid_value", "l1")
            path = "session.audio.input.transcription." + member
            assert error["param"] in (path, path + "[0]")
            assert f"{value if isinstance(value, str) else value[0]}" in error["message"]
        assert await peer.update(type="transcription") == before
    async with raw_peer(server, query="model=parley&language=German,%20please") as peer:
        error = await peer.refusal("invalid_value")
        assert error["param"] == "language" and "German, please" in error["message"]
        peer.problems = []


@pytest.mark.parametrize("query", ["model=parley", "intent=transcription"])
async def test_language_and_recogniser_may_stand_in_the_url(server, query):
    query += "&language=en&transcription_model=whisper-1"
    async with raw_peer(server, query=query) as peer:
        session = await peer.begin()
    transcription = session["audio"]["input"]["transcription"]
    assert transcription == {"model": "whisper-1", "language": "en", "prompt": None}


async def test_a_client_of_speaches_needs_no_mark(tmp_path):
    """In Speaches beta's names, one shape for every kind of session, `speech_model` in it."""
    arguments = configuration.write(tmp_path)
    async with process.running(*arguments, "--dialect", "speaches", cwd=tmp_path) as one:
        query = "intent=transcription&model=Systran/faster-whisper-small&language=en"
        async with beta_peer(one, query=query, marked=False) as peer:
            session = await peer.begin()
            await peer.update(speech_model="tts", turn_detection={"silence_duration_ms": 600})
            said = await speak(peer, "0930")
            heard = await peer.next(DONE)
        async with beta_peer(one, query="model=scripted", marked=False) as peer:
            await peer.begin()
            await peer.update(modalities=["text"])
            await peer.say("ping")
            assert words_of(await peer.respond()) == "Pong."
    assert session["object"] == "realtime.session"
    assert session["speech_model"] == "flite"
    assert session["turn_detection"]["create_response"] is False
    assert session["input_audio_transcription"]["model"] == "Systran/faster-whisper-small"
    assert speech.overlap(heard["transcript"], said) >= 0.6
