"""Names that clients bring, and base URLs as people type them.

Source: Realtime protocol, "URL", "Realtime session, GA", "Input transcription config", "Speaches",
"LocalAI".
"""

import asyncio
import json

import pytest
import pytest_asyncio
from openai import AsyncAzureOpenAI, AsyncOpenAI, NotFoundError

from harness import configuration, services, speech
from harness import server as process
from harness.configuration import KEY
from harness.peer import PATIENCE, Peer, SDKLink, closing, raw_peer, sdk_peer, words_of

DONE = "conversation.item.input_audio_transcription.completed"

KITCHEN = """\
name: kitchen
instructions: Be brief.
voice_aliases: {{alloy: am_adam}}
pipeline:
  vad: silero
  transcription: {{name: ears, engine: openai, base_url: '{ears}', model: whisper}}
  llm: {{name: brain, engine: openai, base_url: '{brain}', model: 'mock'}}
  tts: {{name: mouth, engine: openai, base_url: '{mouth}', model: m, voices: [af_heart, am_adam]}}
  disable_thinking: true
  max_history_items: 3
"""

ALIASES = """\
model_aliases:
  gpt-4o-mini-realtime*: kitchen
  mine: scripted
  whisper-?: ears
"""


@pytest_asyncio.fixture(scope="module")
async def far():
    async with services.running() as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def named(far, tmp_path_factory):
    """A server with aliases of its own, and a pipeline on services."""
    folder = tmp_path_factory.mktemp("names")
    text = KITCHEN.format(ears=far.url("ears"), brain=far.url("brain"), mouth=far.url("mouth"))
    arguments = configuration.write(folder, kitchen=text)
    (folder / "parley.yaml").write_text(ALIASES)
    async with process.running(*arguments, cwd=folder) as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def strict(tmp_path_factory):
    """A server that understands only what is real."""
    folder = tmp_path_factory.mktemp("strict-names")
    arguments = configuration.write(folder)
    async with process.running(*arguments, "--strict-names", cwd=folder) as one:
        yield one


async def refused(peer, code="invalid_model"):
    error = (await peer.next("error"))["error"]
    closed = await peer.until_closed()
    peer.problems = []
    assert error["code"] == code and closed.code == 4000, error
    return error["message"]


# Models.


async def test_a_language_alone_is_shown_with_the_recogniser(server):
    async with raw_peer(server, query="model=parley&language=en") as peer:
        session = await peer.begin()
        assert session["audio"]["input"]["transcription"]["model"]
        updated = await peer.update(audio={"input": {"transcription": {"model": None}}})
    assert updated["audio"]["input"] == session["audio"]["input"]


@pytest.mark.parametrize(
    "model",
    ["gpt-realtime", "gpt-realtime-mini-2025-12-15", "gpt-4o-realtime-preview-2024-12-17"],
)
async def test_the_vendors_models_converse(server, model):
    async with sdk_peer(server, model=model) as peer:
        session = await peer.begin()
        assert session["model"] == model
        after = await peer.update(model=model, output_modalities=["text"])
        assert after["model"] == model
        await peer.say("Hello.")
        assert words_of(await peer.respond())


async def test_an_alias_leads_to_its_pipeline(named):
    async with sdk_peer(named, model="mine") as peer:
        assert (await peer.begin())["model"] == "mine"
        await peer.update(output_modalities=["text"])
        assert await peer.ask("ping") == "Pong."


async def test_a_session_may_call_its_model_otherwise_but_not_change_it(named):
    async with sdk_peer(named, model="gpt-4o-mini-realtime-preview") as peer:
        assert (await peer.begin())["instructions"] == "Be brief."
        assert (await peer.update(model="mock"))["model"] == "mock"
        session = {"type": "realtime", "model": "parley"}
        await peer.send({"type": "session.update", "session": session})
        error = await peer.refusal("invalid_value")
        assert error["param"] == "session.model"


async def test_an_unknown_model_hears_of_near_ones_first(named):
    async with raw_peer(named, query="model=kitchn") as peer:
        message = await refused(peer)
    assert message.index('did you mean "kitchen"') < message.index("Expected one of: kitchen,")


async def test_a_model_that_cannot_converse_says_so(server):
    async with raw_peer(server, query="model=gpt-4o-transcribe") as peer:
        assert "intent=transcription" in await refused(peer)


async def test_the_list_marks_aliases(named):
    client = AsyncOpenAI(base_url=f"{named.url}/v1", api_key="none")
    models = {one.id: one async for one in client.models.list()}
    names = list(models)
    assert names[0] == "parley"
    assert {"parley", "kitchen", "scripted", "mock", "ears", "pocketsphinx"} <= set(names)
    aliases = {name: getattr(one, "alias_of", None) for name, one in models.items()}
    assert aliases["gpt-realtime"] == "parley" and aliases["mine"] == "scripted"
    assert aliases["gpt-4o-mini-realtime"] == "kitchen" and aliases["parley"] is None
    assert aliases["gpt-4o-transcribe"] == "pocketsphinx"
    assert names.index("ears") < names.index("gpt-realtime")


async def test_one_model_can_be_asked_for_by_any_name(named):
    client = AsyncOpenAI(base_url=f"{named.url}/v1", api_key="none")
    assert (await client.models.retrieve("kitchen")).id == "kitchen"
    snapshot = await client.models.retrieve("gpt-realtime-2025-08-28")
    assert snapshot.id == "gpt-realtime-2025-08-28" and snapshot.alias_of == "parley"
    with pytest.raises(NotFoundError) as raised:
        await client.models.retrieve("kitchn")
    assert 'did you mean "kitchen"' in raised.value.message


async def test_the_vendors_models_mean_the_pipeline_of_the_key(tmp_path):
    keys = [{"name": "mine", "key": KEY, "pipeline": "scripted"}, {"name": "other", "key": "sk-2"}]
    arguments = configuration.write(tmp_path)
    (tmp_path / "parley.yaml").write_text(json.dumps({"api_keys": keys}))
    async with process.running(*arguments, cwd=tmp_path) as server:
        for key, pipeline in [(KEY, "scripted"), ("sk-2", "parley")]:
            client = AsyncOpenAI(base_url=f"{server.url}/v1", api_key=key)
            assert (await client.models.retrieve("gpt-realtime")).alias_of == pipeline
            assert [one.id async for one in client.models.list()][0] == pipeline
        async with sdk_peer(server, model="gpt-realtime", key=KEY) as peer:
            assert (await peer.begin())["model"] == "gpt-realtime"
            await peer.update(model="gpt-realtime-mini", output_modalities=["text"])
            assert await peer.ask("ping") == "Pong."
        created = await AsyncOpenAI(
            base_url=f"{server.url}/v1", api_key=KEY
        ).realtime.client_secrets.create(session={"type": "realtime", "model": "gpt-realtime"})
        assert created.session.model == "gpt-realtime"
        async with sdk_peer(server, model="x", key=created.value) as peer:
            assert (await peer.begin())["model"] == "gpt-realtime"
            await peer.update(output_modalities=["text"])
            assert await peer.ask("ping") == "Pong."


# Recognisers and voices.


async def test_a_vendors_recogniser_is_shown_as_it_was_named(server):
    async with sdk_peer(server, model="scripted") as peer:
        await peer.begin()
        transcription = {"model": "gpt-4o-mini-transcribe"}
        detection = {"type": "server_vad", "silence_duration_ms": 600, "create_response": False}
        audio = {"input": {"transcription": transcription, "turn_detection": detection}}
        session = await peer.update(audio=audio)
        shown = session["audio"]["input"]["transcription"]
        assert shown["model"] == "gpt-4o-mini-transcribe"
        data, said = speech.sentence("0930")
        await peer.append(speech.silence(0.3) + data + speech.silence(1.0))
        heard = await peer.next(DONE)
    assert speech.overlap(heard["transcript"], said) >= 0.6


async def test_an_alias_chooses_a_recogniser(named, far):
    async with raw_peer(named, query="intent=transcription&model=whisper-1") as peer:
        await peer.begin()
        data, _ = speech.sentence("0880")
        await peer.append(speech.silence(0.3) + data + speech.silence(1.0))
        await peer.next(DONE)
    assert await far.asked("ears", "/audio/transcriptions")


async def test_voices_stand_for_those_of_the_engine(named, far):
    async with sdk_peer(named, model="kitchen") as peer:
        session = await peer.begin()
        assert session["audio"]["output"]["voice"] == "af_heart"
        after = await peer.update(audio={"output": {"voice": "alloy"}})
        assert after["audio"]["output"]["voice"] == "alloy"
        await peer.ask("Hello.")
    asked = await far.asked("mouth", "/audio/speech")
    assert {one["body"]["voice"] for one in asked} == {"am_adam"}


async def test_a_voice_may_be_an_object_and_an_alias(named, far):
    async with sdk_peer(named, model="kitchen") as peer:
        await peer.begin()
        after = await peer.update(audio={"output": {"voice": {"id": "am_adam"}}})
        assert after["audio"]["output"]["voice"] == "am_adam"
        session = {"type": "realtime", "audio": {"output": {"voice": {"id": "am_adm"}}}}
        await peer.send({"type": "session.update", "session": session})
        error = await peer.refusal("invalid_value")
    assert 'did you mean "am_adam"' in error["message"]


async def test_an_unknown_voice_hears_of_near_ones(server):
    async with sdk_peer(server) as peer:
        await peer.begin()
        session = {"type": "realtime", "audio": {"output": {"voice": "shimer"}}}
        await peer.send({"type": "session.update", "session": session})
        error = await peer.refusal("invalid_value")
    assert 'did you mean "shimmer"' in error["message"] and "slt" in error["message"]


# What a pipeline sends to its language model.


async def test_no_alias_reaches_the_service_and_thinking_is_off(named, far):
    async with sdk_peer(named, model="gpt-4o-mini-realtime-preview-2024-12-17") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"], reasoning={"effort": "high"})
        for text in ("One.", "Two.", "Three."):
            await peer.ask(text)
    body = (await far.asked("brain", "/chat/completions"))[-1]["body"]
    assert body["model"] == "mock"
    assert body["reasoning_effort"] == "none"
    assert body["chat_template_kwargs"] == {"enable_thinking": False}
    # Of five items the newest three, in whole turns, behind the instructions.
    said = [one["content"] for one in body["messages"] if one["role"] == "user"]
    assert said == ["Two.", "Three."]


# Strict names.


@pytest.mark.parametrize("model", ["gpt-realtime", "whisper-1"])
async def test_a_strict_server_has_no_aliases(strict, model):
    async with raw_peer(strict, query=f"model={model}") as peer:
        assert "parley" in await refused(peer)


async def test_a_strict_server_knows_its_recognisers_and_voices_only(strict):
    async with raw_peer(strict, query="intent=transcription&model=whisper-1") as peer:
        assert "pocketsphinx" in await refused(peer)
    async with raw_peer(strict) as peer:
        await peer.begin()
        for audio, param in [
            ({"output": {"voice": "alloy"}}, "session.audio.output.voice"),
            (
                {"input": {"transcription": {"model": "whisper-1"}}},
                "session.audio.input.transcription.model",
            ),
        ]:
            session = {"type": "realtime", "audio": audio}
            await peer.send({"type": "session.update", "session": session})
            assert (await peer.refusal("invalid_value"))["param"] == param


async def test_a_url_names_no_other_recogniser_than_its_secret(tmp_path):
    """Upstream takes none at all; LiveKit adds its own to every host that isn't the vendor's."""
    arguments = configuration.write(tmp_path)
    async with process.running(*arguments, "--strict-names", cwd=tmp_path) as server:
        transcription = {"model": "pocketsphinx"}
        session = {"type": "transcription", "audio": {"input": {"transcription": transcription}}}
        headers = {"Content-Type": "application/json"}
        body = json.dumps({"session": session}).encode()
        path = "/v1/realtime/client_secrets"
        _, _, answer = await server.request(path, "POST", headers, body)
        value = json.loads(answer)["value"]
        for query, taken in [("model=pocketsphinx", True), ("model=whisper-1", False)]:
            query = f"intent=transcription&{query}&api_key={value}"
            async with raw_peer(server, query=query) as peer:
                if taken:
                    await peer.begin()
                    continue
                error = (await peer.next("error"))["error"]
                assert (await peer.until_closed()).code == 4000
                peer.problems = []
                assert (error["code"], error["param"]) == ("invalid_value", "model")


async def test_a_strict_server_lists_no_aliases(strict):
    _, _, body = await strict.request("/v1/models")
    assert not [one for one in json.loads(body)["data"] if "alias_of" in one]


# Base URLs.


@pytest.mark.parametrize("base", ["", "/", "/v1/", "/v1/v1", "//v1", "/openai/v1", "/v1//"])
async def test_the_sdk_gets_in_by_any_base_url(server, base):
    client = AsyncOpenAI(
        base_url=f"{server.url}{base}",
        websocket_base_url=f"ws://{server.host}:{server.port}{base}",
        api_key="none",
    )
    assert "parley" in [one.id async for one in client.models.list()]
    manager = client.realtime.connect(model="gpt-realtime")
    connection = await asyncio.wait_for(manager.enter(), PATIENCE)
    peer = Peer(SDKLink(manager, connection))
    async with closing(peer):
        await peer.begin()


@pytest.mark.parametrize(
    "path", ["/realtime", "/v1/realtime/", "//v1//realtime", "/v1/v1/realtime"]
)
async def test_a_socket_gets_in_by_any_path(server, path):
    async with raw_peer(server, path=path) as peer:
        await peer.begin()


@pytest.mark.parametrize(
    "path, query",
    [
        ("/openai/realtime", "api-version=2024-10-01-preview&deployment=parley"),
        ("/openai/v1/realtime", "model=parley"),
        ("/openai/deployments/parley/realtime", "api-version=2024-10-01-preview&deployment=parley"),
    ],
)
async def test_azures_urls_and_header_open_the_door(locked, path, query):
    async with raw_peer(
        locked, query=query, path=path, additional_headers={"api-key": KEY}
    ) as peer:
        assert (await peer.begin())["model"] == "parley"


async def test_the_sdk_for_azure_gets_in(locked):
    client = AsyncAzureOpenAI(
        azure_endpoint=locked.url,
        websocket_base_url=f"ws://{locked.host}:{locked.port}/openai",
        api_version="2024-10-01-preview",
        api_key=KEY,
    )
    manager = client.realtime.connect(model="gpt-realtime")
    connection = await asyncio.wait_for(manager.enter(), PATIENCE)
    peer = Peer(SDKLink(manager, connection))
    async with closing(peer):
        await peer.begin()


@pytest.mark.parametrize(
    "path", ["/v1/%2e%2e/v1/realtime", "/health/../v1/realtime", "//realtime", "/v1/v1/realtime"]
)
async def test_no_spelling_of_the_path_needs_no_key(locked, path):
    async with raw_peer(locked, path=path) as peer:
        error = (await peer.next("error"))["error"]
        assert (await peer.until_closed()).code == 3000
        peer.problems = []
    assert "No API key" in error["message"]
