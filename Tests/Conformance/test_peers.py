"""Clients written for other servers, as the documents of those show them.

They are plain WebSocket scripts: what they say stands here as they say it, in order.

Source: Realtime protocol, "Speaches", "LocalAI".
"""

import base64
import json

import pytest
import pytest_asyncio
import websockets

from harness import configuration, speech
from harness import server as process
from harness.configuration import KEY
from harness.peer import PATIENCE, raw_peer

# LocalAI's: everything it documents for a pipeline, the built-in stages in place of its models.
LOCALAI = """\
name: gpt-realtime
description: As LocalAI writes it.
system_prompt: Be kind.
parameters: {temperature: 0.5}
pipeline:
  vad: silero-vad-ggml
  transcription: pocketsphinx
  llm: {engine: scripted, script: scripts/conformance.yaml}
  tts: flite
  disable_thinking: true
  max_history_items: 6
  compaction: {enabled: false}
  streaming: {llm: true, tts: true, transcription: true, clause_chunking: true}
  turn_detection: {type: semantic_vad, eagerness: high, retranscribe: false}
"""


class Script:
    """A client that only sends and reads, as the examples do."""

    def __init__(self, socket):
        self.socket = socket
        self.seen = []

    async def send(self, event):
        await self.socket.send(json.dumps(event))

    async def until(self, kind):
        """Drains until an event of a type, as LocalAI's own tests do."""
        while True:
            event = json.loads(await self.socket.recv())
            self.seen.append(event["type"])
            assert event["type"] != "error", event
            if event["type"] == kind:
                return event


def connect(server, query, **options):
    url = f"ws://{server.host}:{server.port}/v1/realtime?{query}"
    return websockets.connect(url, max_size=None, proxy=None, open_timeout=PATIENCE, **options)


@pytest_asyncio.fixture(scope="module")
async def localai(tmp_path_factory):
    """A server with LocalAI's files in its models folder."""
    folder = tmp_path_factory.mktemp("localai")
    files = {"gpt-realtime": LOCALAI, "gpt-4": "name: gpt-4\nalias: gpt-realtime\n"}
    arguments = configuration.write(folder, **files)
    async with process.running(*arguments, "--api-key", KEY, cwd=folder) as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def speaches(tmp_path_factory):
    """A server for clients of Speaches."""
    folder = tmp_path_factory.mktemp("speaches")
    arguments = configuration.write(folder)
    flags = ["--dialect", "speaches", "--model-alias", "gpt-4o-realtime-preview=scripted"]
    async with process.running(*arguments, *flags, "--api-key", KEY, cwd=folder) as one:
        yield one


# LocalAI.


async def test_localais_client_commits_by_hand(localai):
    """No `type` in its updates; audio of another rate; `localai_assistant` in the URL."""
    query = "model=gpt-realtime&localai_assistant=true"
    headers = {"x-api-key": KEY}
    async with connect(localai, query, additional_headers=headers) as socket:
        client = Script(socket)
        session = (await client.until("session.created"))["session"]
        assert session["id"] and session["instructions"] == "Be kind."
        assert session["audio"]["input"]["turn_detection"]["eagerness"] == "high"
        audio = {"input": {"turn_detection": None, "format": {"type": "audio/pcm", "rate": 16000}}}
        await client.send({"type": "session.update", "session": {"audio": audio}})
        after = (await client.until("session.updated"))["session"]
        assert after["audio"]["input"]["format"]["rate"] == 16000
        data, _ = speech.sentence("0930")
        piece = base64.b64encode(data[: 2 * 24000]).decode()
        await client.send({"type": "input_audio_buffer.append", "audio": piece})
        await client.send({"type": "input_audio_buffer.commit"})
        await client.until("input_audio_buffer.committed")
        await client.send({"type": "response.create"})
        await client.until("response.output_audio.delta")
        await client.until("response.done")


async def test_localais_client_asks_for_text(localai):
    """`modalities` is what community samples still send."""
    headers = {"Authorization": f"Bearer {KEY}"}
    async with connect(localai, "model=gpt-4", additional_headers=headers) as socket:
        client = Script(socket)
        assert (await client.until("session.created"))["session"]["model"] == "gpt-4"
        await client.send({"type": "session.update", "session": {"modalities": ["text"]}})
        session = (await client.until("session.updated"))["session"]
        assert session["output_modalities"] == ["text"]
        content = [{"type": "input_text", "text": "ping"}]
        item = {"type": "message", "role": "user", "content": content}
        await client.send({"type": "conversation.item.create", "item": item})
        await client.until("conversation.item.added")
        await client.send({"type": "response.create", "response": {"modalities": ["text"]}})
        assert (await client.until("response.output_text.done"))["text"] == "Pong."
        await client.until("response.done")
        assert "response.output_audio.delta" not in client.seen


async def test_localais_out_of_band_answer_bears_its_mark(localai):
    headers = {"xi-api-key": KEY}
    async with connect(localai, "model=gpt-realtime", additional_headers=headers) as socket:
        client = Script(socket)
        await client.until("session.created")
        content = [{"type": "input_text", "text": "ping"}]
        response = {
            "conversation": "none",
            "output_modalities": ["text"],
            "metadata": {"client_run": "abc123"},
            "input": [{"type": "message", "role": "user", "content": content}],
        }
        await client.send({"type": "response.create", "response": response})
        done = await client.until("response.done")
        assert done["response"]["metadata"] == {"client_run": "abc123"}


async def test_a_lone_language_keeps_the_recogniser(localai):
    """What LocalAI's page sends when somebody picks a language."""
    async with raw_peer(
        localai, query="model=gpt-realtime", additional_headers={"x-api-key": KEY}
    ) as peer:
        await peer.begin()
        for transcription in ({"model": "whisper-1"}, {"language": "de"}):
            audio = {"input": {"transcription": transcription}}
            session = await peer.update(audio=audio)
    shown = session["audio"]["input"]["transcription"]
    assert shown["model"] == "whisper-1" and shown["language"] == "de"


async def test_localais_tone_is_no_mistake(localai):
    async with raw_peer(
        localai, query="model=gpt-realtime", additional_headers={"x-api-key": KEY}
    ) as peer:
        await peer.begin()
        await peer.send({"type": "test_tone"})
        await peer.still_works()
        assert not peer.seen("error")


async def test_localais_path_for_secrets_is_served(localai):
    headers = {"x-api-key": KEY, "Content-Type": "application/json"}
    path = "/v1/realtime/transcription_session"
    status, _, body = await localai.request(path, "POST", headers, b"{}")
    assert status == 200 and json.loads(body)["client_secret"]["value"].startswith("ek_")


async def test_a_cookie_is_no_key(localai):
    headers = {"Cookie": f"token={KEY}"}
    async with raw_peer(localai, query="model=gpt-4", additional_headers=headers) as peer:
        assert (await peer.next("error"))["error"]["code"] is None
        assert (await peer.until_closed()).code == 3000
        peer.problems = []


@pytest.mark.parametrize(
    "option, instead",
    [
        ("streaming: {llm: false}", "leave it out"),
        ("disable_warmup: true", "leave it out"),
        ("voice_recognition: {model: m}", "diarise: true"),
    ],
)
async def test_an_option_that_cannot_be_honoured_stops_the_start(tmp_path, option, instead):
    name = option.split(":")[0]
    text = LOCALAI.replace("  streaming:", "  not_this:").replace("  compaction:", "  nor_this:")
    lines = [one for one in text.splitlines() if "_this:" not in one]
    arguments = configuration.write(tmp_path, home="\n".join([*lines, f"  {option}", ""]))
    status, output = await process.run("serve", "--port", "0", *arguments, cwd=tmp_path)
    assert status == 2, output
    assert f"pipeline.{name}" in output and "not supported" in output and instead in output


# Speaches.


async def test_speaches_client_only_transcribes(speaches):
    """The JavaScript example: model, intent and key in the URL, and nothing is ever sent first."""
    model = "deepdml/faster-whisper-large-v3-turbo-ct2"
    query = f"model={model}&intent=transcription&api_key={KEY}&language=en"
    async with connect(speaches, query) as socket:
        client = Script(socket)
        session = (await client.until("session.created"))["session"]
        assert session["input_audio_transcription"]["model"] == model
        assert session["input_audio_transcription"]["language"] == "en"
        assert session["turn_detection"]["create_response"] is False
        data, said = speech.sentence("0930")
        audio = speech.silence(0.3) + data + speech.silence(1.0)
        for start in range(0, len(audio), 4800):
            piece = base64.b64encode(audio[start : start + 4800]).decode()
            await client.send({"type": "input_audio_buffer.append", "audio": piece})
        heard = await client.until("conversation.item.input_audio_transcription.completed")
    assert speech.overlap(heard["transcript"], said) >= 0.6
    order = [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.created",
        "conversation.item.input_audio_transcription.completed",
    ]
    assert [kind for kind in client.seen if kind in order] == order
    assert not [kind for kind in client.seen if kind.startswith("response.")]


async def test_speaches_client_converses_and_hears_what_it_said(speaches):
    """Speech is transcribed though nobody asked; `transcription_model` names the recogniser."""
    query = f"model=gpt-4o-realtime-preview&transcription_model=pocketsphinx&api_key={KEY}"
    async with connect(speaches, query) as socket:
        client = Script(socket)
        session = (await client.until("session.created"))["session"]
        assert session["model"] == "gpt-4o-realtime-preview"
        assert session["input_audio_transcription"]["model"] == "pocketsphinx"
        assert session["speech_model"] == "flite" and session["modalities"] == ["audio", "text"]
        detection = {"silence_duration_ms": 600, "threshold": 0.5}
        update = {"turn_detection": detection, "input_audio_transcription": {"model": "whisper-1"}}
        await client.send({"type": "session.update", "session": update})
        await client.until("session.updated")
        data, _ = speech.sentence("0880")
        piece = base64.b64encode(speech.silence(0.3) + data + speech.silence(1.2)).decode()
        await client.send({"type": "input_audio_buffer.append", "audio": piece})
        await client.until("response.done")
    transcript = "conversation.item.input_audio_transcription.completed"
    assert {"conversation.item.created", transcript, "response.audio.delta"} <= set(client.seen)


async def test_speaches_default_is_the_pipelines_recogniser(speaches):
    async with connect(speaches, f"model=scripted&api_key={KEY}") as socket:
        session = (await Script(socket).until("session.created"))["session"]
    assert session["input_audio_transcription"]["model"] == "pocketsphinx"


async def test_without_its_key_a_client_of_speaches_is_told_why(speaches):
    async with connect(speaches, "model=scripted&api_key=wrong") as socket:
        event = json.loads(await socket.recv())
        assert event["type"] == "error" and event["error"]["code"] == "invalid_api_key"
        with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd.code == 3000
