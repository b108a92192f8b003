"""Long talks: what leaves the model's context, and what is told of it.

Source: Realtime protocol, "Truncation and context budget".
"""

import pytest_asyncio

from harness import configuration
from harness import server as process
from harness.peer import sdk_peer

COMPACTING = """\
name: {name}
pipeline:
  vad: silero
  transcription: pocketsphinx
  llm: {llm}
  tts: flite
  compaction: {{above_tokens: 100, keep_tokens: 20, llm: {writer}}}
"""

SMALL = """\
name: small
context_size: 400
pipeline:
  vad: silero
  transcription: pocketsphinx
  llm: {llm}
  tts: flite
"""

SAGE = """\
greeting: Hello.
default: "The guest is called Ada."
"""


def remote(url):
    return f"{{engine: openai, base_url: '{url}', model: mock}}"


@pytest_asyncio.fixture(scope="module")
async def long(far, tmp_path_factory):
    """Pipelines whose talks outgrow what their models read."""
    folder = tmp_path_factory.mktemp("long")
    sage = "{engine: scripted, script: scripts/sage.yaml}"
    nobody = remote(f"http://127.0.0.1:{process.free_port()}/v1")
    files = {
        "sage": COMPACTING.format(name="sage", llm=remote(far.url("sage")), writer=sage),
        "alone": COMPACTING.format(name="alone", llm=remote(far.url("alone")), writer=nobody),
        "small": SMALL.format(llm=remote(far.url("small"))),
    }
    arguments = configuration.write(folder, **files)
    (folder / "models" / "scripts" / "sage.yaml").write_text(SAGE)
    async with process.running(*arguments, cwd=folder) as one:
        yield one


async def talk(peer, turns):
    """Holds some long turns."""
    await peer.update(output_modalities=["text"])
    for turn in range(turns):
        await peer.say(f"This is question number {turn}. " + "It goes on for quite a while. " * 5)
        await peer.respond()


async def asked(far, token):
    """The messages that the service was sent, call by call."""
    calls = await far.asked(token, "/chat/completions")
    return [call["body"]["messages"] for call in calls]


async def test_older_turns_are_told_in_fewer_words(long, far):
    async with sdk_peer(long, model="sage") as peer:
        await peer.begin()
        await talk(peer, 6)
    last = (await asked(far, "sage"))[-1]
    told = [one["content"] for one in last if one["role"] == "system"]
    assert any("The guest is called Ada." in text for text in told), last
    assert not any("question number 0" in str(one["content"]) for one in last), last


async def test_items_that_are_summarised_can_still_be_retrieved(long):
    async with sdk_peer(long, model="sage") as peer:
        await peer.begin()
        await talk(peer, 4)
        first = peer.seen("conversation.item.done")[0]["item"]
        await peer.send({"type": "conversation.item.retrieve", "item_id": first["id"]})
        shown = (await peer.next("conversation.item.retrieved"))["item"]
        assert "question number 0" in shown["content"][0]["text"]


async def test_a_writer_that_is_down_stops_nobody(long, far):
    async with sdk_peer(long, model="alone") as peer:
        await peer.begin()
        await talk(peer, 4)
        assert not peer.seen("error")
    last = (await asked(far, "alone"))[-1]
    assert any("question number 0" in str(one["content"]) for one in last), last


async def test_what_the_model_cannot_read_is_left_out(long, far):
    async with sdk_peer(long, model="small") as peer:
        await peer.begin()
        await talk(peer, 10)
    calls = await asked(far, "small")
    assert any("question number 0" in str(one["content"]) for one in calls[0])
    assert not any("question number 0" in str(one["content"]) for one in calls[-1])
    assert any("question number 9" in str(one["content"]) for one in calls[-1])


async def test_without_truncation_what_is_too_long_fails(long):
    async with sdk_peer(long, model="small") as peer:
        await peer.begin()
        await peer.update(truncation="disabled")
        await talk(peer, 10)
        failed = peer.seen("response.done")[-1]["response"]
        assert failed["status"] == "failed"
        assert failed["status_details"]["error"]["code"] == "context_length_exceeded"
        assert not peer.seen("error")
