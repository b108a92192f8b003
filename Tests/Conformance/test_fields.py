"""Fields of the session that reach the engines and the log.

Source: Realtime protocol, "Realtime session, GA".
"""

import array
import base64
import json
import random
import signal

import pytest
import pytest_asyncio

from harness import configuration, services, speech
from harness import server as process
from harness.peer import raw_peer, sdk_peer, words_of

PROMPT = """\
id: concierge
version: {version}
instructions: |
  {text}
variables:
  hotel: the Grand Hotel
"""


def pipeline(name, **stages):
    lines = {"vad": "silero", "transcription": "pocketsphinx", "llm": "scripted", "tts": "flite"}
    text = "".join(f"  {role}: {value}\n" for role, value in {**lines, **stages}.items())
    return f"name: {name}\npipeline:\n{text}"


def stage(url):
    return f"{{engine: openai, base_url: '{url}', model: mock}}"


@pytest_asyncio.fixture(scope="module")
async def far():
    async with services.running() as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def owned(far, tmp_path_factory):
    """A server with stored prompts, and a pipeline on services that tell what they got."""
    folder = tmp_path_factory.mktemp("owned")
    prompts = folder / "prompts"
    prompts.mkdir()
    for version, text in [(1, "Greet {{ guest }}."), (2, "Welcome {{guest}} at {{hotel}}.")]:
        file = prompts / f"concierge-{version}.yaml"
        file.write_text(PROMPT.format(version=version, text=text + " This is {{hotel}}."))
    files = {
        "far": pipeline(
            "far",
            transcription=stage(far.url("ears")),
            llm=stage(far.url("brain")),
            tts=stage(far.url("voice")),
        )
    }
    arguments = configuration.write(folder, **files)
    async with process.running(*arguments, "--prompts-dir", prompts, cwd=folder) as one:
        await one.wrote("Engines ready")
        yield one


async def asked(far, token="brain"):
    return (await far.asked(token, "/chat/completions"))[-1]["body"]


# Speed.


async def spoken_seconds(peer, speed):
    """How long one sentence takes."""
    session = await peer.update(audio={"output": {"speed": speed}})
    assert session["audio"]["output"]["speed"] == speed
    response = await peer.respond(conversation="none", input=[], instructions="Speak.")
    assert response["status"] == "completed", response
    return speech.seconds(peer.sequence.audio[response["output"][0]["id"]])


@pytest.mark.parametrize("model", ["parley", "far"])
async def test_the_speed_is_that_of_the_voice(owned, model):
    async with sdk_peer(owned, model=model) as peer:
        await peer.begin()
        natural = await spoken_seconds(peer, 1.0)
        times = {speed: await spoken_seconds(peer, speed) for speed in (0.25, 0.5, 1.5)}
    for speed, time in times.items():
        assert time * speed == pytest.approx(natural, rel=0.2), (speed, time, natural)


async def test_the_speed_does_not_change_while_a_response_runs(server):
    async with raw_peer(server, query="model=scripted") as peer:
        await peer.begin()
        await peer.say("tell me everything")
        await peer.send({"type": "response.create"})
        await peer.next("response.created")
        update = {"audio": {"output": {"speed": 1.5}}}
        await peer.send({"type": "session.update", "event_id": "s1", "session": update})
        error = await peer.refusal("invalid_value", "s1")
        await peer.send({"type": "response.cancel"})
        await peer.next("response.done")
        session = await peer.update(audio={"output": {"speed": 1.5}})
    assert error["param"] == "session.audio.output.speed"
    assert session["audio"]["output"]["speed"] == 1.5


# Noise reduction.


def noisy(data, level, rate=24000, lead=1.0):
    """Speech with noise in it and before it."""
    chance = random.Random(1)
    samples = array.array("h", speech.silence(lead, rate) + data)
    for index, sample in enumerate(samples):
        value = sample + int(chance.gauss(0, level))
        samples[index] = max(-32768, min(32767, value))
    return speech.pcm(samples)


def decibels(clean, heard):
    """What is clean over what is not."""
    left, right = array.array("h", clean), array.array("h", heard)
    rest = sum((one - other) ** 2 for one, other in zip(left, right, strict=True))
    signal = sum(one * one for one in left)
    return signal / rest


async def heard(peer, audio):
    """What is kept of audio that a client commits by itself."""
    await peer.append(audio)
    await peer.send({"type": "input_audio_buffer.commit"})
    item = (await peer.next("conversation.item.done"))["item"]
    await peer.send({"type": "conversation.item.retrieve", "item_id": item["id"]})
    item = (await peer.next("conversation.item.retrieved"))["item"]
    return base64.b64decode(item["content"][0]["audio"])


@pytest.mark.parametrize("kind", ["near_field", "far_field"])
async def test_noise_is_taken_out_of_speech(server, kind):
    data, _ = speech.sentence("0870")
    clean = speech.silence(1.0) + data
    noise = noisy(data, level=500)
    async with sdk_peer(server) as peer:
        await peer.begin()
        audio = {"input": {"turn_detection": None, "noise_reduction": {"type": kind}}}
        await peer.update(audio=audio)
        filtered = await heard(peer, noise)
        await peer.update(audio={"input": {"noise_reduction": None}})
        untouched = await heard(peer, noise)
    assert untouched == noise
    assert len(filtered) == len(noise)
    # More than twice as much speech over noise: 3 dB.
    assert decibels(clean, filtered) > 2 * decibels(clean, noise)


async def test_turns_are_found_in_noise_that_is_reduced(server):
    data, said = speech.sentence("0880")
    async with sdk_peer(server) as peer:
        await peer.begin()
        transcription = {"model": "whisper-1"}
        reduction = {"type": "far_field"}
        await peer.update(
            audio={"input": {"transcription": transcription, "noise_reduction": reduction}}
        )
        noise = noisy(data + speech.silence(1.5), level=60)
        await peer.append(noise)
        await peer.next("input_audio_buffer.speech_stopped")
        text = await peer.next("conversation.item.input_audio_transcription.completed")
        await peer.next("response.done")
    assert speech.overlap(text["transcript"], said) >= 0.5, text["transcript"]


# Stored prompts.


async def test_a_stored_prompt_gives_the_instructions(owned, far):
    prompt = {"id": "concierge", "variables": {"guest": "Ann"}}
    async with sdk_peer(owned, model="far") as peer:
        await peer.begin()
        session = await peer.update(prompt=prompt, output_modalities=["text"])
        await peer.ask("first")
        body = await asked(far)
        older = {"type": "input_text", "text": "Bob"}
        own = {"id": "concierge", "version": "1", "variables": {"guest": older, "hotel": "the Inn"}}
        await peer.respond(prompt=own)
        response_body = await asked(far)
        direct = await peer.update(instructions="Be brief.", prompt={**prompt, "version": "2"})
        none = await peer.update(instructions=None, prompt=None)
    text = "Welcome Ann at the Grand Hotel. This is the Grand Hotel."
    assert session["prompt"] == prompt
    assert session["instructions"].strip() == text
    assert body["messages"][0]["content"].strip() == text
    assert response_body["messages"][0]["content"].strip() == "Greet Bob. This is the Inn."
    assert direct["instructions"] == "Be brief."
    assert none["prompt"] is None and none["instructions"] == ""


@pytest.mark.parametrize(
    "prompt, code, param",
    [
        ({"id": "nobody"}, "invalid_value", "id"),
        ({"id": "concierge", "version": "7"}, "invalid_value", "version"),
        ({"id": "concierge"}, "missing_required_parameter", "variables.guest"),
        (
            {"id": "concierge", "variables": {"guest": "A", "city": "B"}},
            "unknown_parameter",
            "variables.city",
        ),
        ({"id": "concierge", "variables": {"guest": 1}}, "invalid_type", "variables.guest"),
    ],
)
async def test_a_prompt_that_cannot_be_had_is_refused(owned, prompt, code, param):
    async with raw_peer(owned) as peer:
        before = await peer.begin()
        update = {"type": "session.update", "event_id": "p1", "session": {"prompt": prompt}}
        await peer.send(update)
        error = await peer.refusal(code, "p1")
        assert error["param"] == f"session.prompt.{param}"
        await peer.send(
            {"type": "response.create", "event_id": "p2", "response": {"prompt": prompt}}
        )
        error = await peer.refusal(code, "p2")
        assert error["param"] == f"response.prompt.{param}"
        assert await peer.update() == before


async def test_a_secret_carries_its_prompt_into_the_session(owned):
    prompt = {"id": "concierge", "variables": {"guest": "Ann"}}
    session = {"type": "realtime", "model": "parley", "prompt": prompt}
    status, _, body = await owned.request(
        "/v1/realtime/client_secrets",
        "POST",
        {"Content-Type": "application/json"},
        json.dumps({"session": session}).encode(),
    )
    answer = json.loads(body)
    assert status == 200, answer
    async with sdk_peer(owned, key=answer["value"]) as peer:
        begun = await peer.begin()
        other = await peer.update(prompt={**prompt, "version": "1"})
        none = await peer.update(prompt=None)
    assert begun["prompt"] == prompt
    assert begun["instructions"].startswith("Welcome Ann at the Grand Hotel.")
    assert other["instructions"].startswith("Greet Ann.") and none["instructions"] == ""


async def test_a_secret_with_words_of_its_own_keeps_them(owned):
    prompt = {"id": "concierge", "variables": {"guest": "Ann"}}
    session = {"type": "realtime", "model": "parley", "prompt": prompt, "instructions": "Sing."}
    _, _, body = await owned.request(
        "/v1/realtime/client_secrets",
        "POST",
        {"Content-Type": "application/json"},
        json.dumps({"session": session}).encode(),
    )
    async with sdk_peer(owned, key=json.loads(body)["value"]) as peer:
        begun = await peer.begin()
        other = await peer.update(prompt={**prompt, "version": "1"})
    assert begun["instructions"] == other["instructions"] == "Sing."


async def test_a_hang_up_reads_the_prompts_again(tmp_path):
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    file = prompts / "hello.yaml"
    file.write_text("instructions: Say hello.")
    arguments = configuration.write(tmp_path)
    async with process.running(*arguments, "--prompts-dir", prompts, cwd=tmp_path) as one:
        async with sdk_peer(one) as peer:
            await peer.begin()
            file.write_text("instructions: Say good day.")
            one.process.send_signal(signal.SIGHUP)
            await one.wrote("Prompts reloaded")
            # A session has the prompts that were there when it began.
            session = await peer.update(prompt={"id": "hello"})
            assert session["instructions"] == "Say hello."
        file.write_text("instruction: Say nothing.")
        one.process.send_signal(signal.SIGHUP)
        await one.wrote("Configuration kept, for the new one is bad")
        await one.wrote("hello.yaml:1:1: instruction: unknown key")
        async with sdk_peer(one) as peer:
            await peer.begin()
            session = await peer.update(prompt={"id": "hello"})
            assert session["instructions"] == "Say good day."


# Tracing.


async def test_a_traced_session_is_found_in_the_log(owned):
    workflow = "checkout-7f3a"
    tracing = {"workflow_name": workflow, "group_id": "shop", "metadata": {"table": "secret-42"}}
    async with sdk_peer(owned) as peer:
        await peer.begin()
        session = await peer.update(tracing=tracing)
        assert await peer.update(tracing=tracing) == session
        await owned.wrote(workflow)
    line = next(one for one in owned.lines if workflow in one)
    assert "trace.id=trace_" in line and "trace.group=shop" in line
    assert sum(workflow in one for one in owned.lines) == 1
    assert "secret-42" not in owned.output


# What the model is told.


async def test_reasoning_and_parallel_calls_reach_the_model(owned, far):
    tool = {"type": "function", "name": "lookup", "parameters": {"type": "object"}}
    async with sdk_peer(owned, model="far") as peer:
        await peer.begin()
        session = await peer.update(
            tools=[tool],
            parallel_tool_calls=False,
            reasoning={"effort": "high"},
            max_output_tokens=77,
            output_modalities=["text"],
        )
        await peer.ask("first")
        body = await asked(far)
        await peer.respond(reasoning={"effort": "minimal"}, parallel_tool_calls=True)
        own = await asked(far)
    assert session["parallel_tool_calls"] is False
    assert session["reasoning"] == {"effort": "high"}
    assert (body["parallel_tool_calls"], body["reasoning_effort"]) == (False, "high")
    assert body["max_tokens"] == 77
    assert (own["parallel_tool_calls"], own["reasoning_effort"]) == (True, "minimal")


async def test_keywords_and_a_lone_language_reach_the_recogniser(owned, far):
    data, _ = speech.sentence("0880")
    transcription = {
        "prompt": "A novel.",
        "keywords": ["Dashwood", "prudently"],
        "languages": ["en"],
    }
    async with sdk_peer(owned, model="far") as peer:
        await peer.begin()
        await peer.update(audio={"input": {"transcription": transcription, "turn_detection": None}})
        await peer.append(data)
        await peer.send({"type": "input_audio_buffer.commit"})
        await peer.next("conversation.item.input_audio_transcription.completed")
        answer = await peer.respond(output_modalities=["text"])
    form = (await far.asked("ears", "/audio/transcriptions"))[-1]["form"]
    assert form["prompt"] == "A novel.\nDashwood, prudently"
    assert form["language"] == "en"
    assert words_of(answer)
