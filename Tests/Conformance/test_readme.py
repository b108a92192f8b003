"""What the README shows, run as it stands there."""

import asyncio
import re
import sys
import textwrap

from harness import speech
from harness.server import ROOT, environment


def examples(server):
    text = (ROOT / "README.md").read_text()
    found = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert all("127.0.0.1:8080" in one for one in found)
    return [one.replace("127.0.0.1:8080", f"{server.host}:{server.port}") for one in found]


async def run(program):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment(),
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, output.decode()
    return output.decode()


async def test_the_example_for_the_sdk_runs(server):
    said = (await run(examples(server)[0])).split()
    assert said[0] == "session.created" and said[-1] == "response.done"
    assert "response.output_audio.delta" in said


async def spoken(server, index, tmp_path):
    """What an example prints that is given speech."""
    sound = tmp_path / "speech.pcm"
    sound.write_bytes(speech.sentence("0880")[0] + bytes(2 * 24000))
    head = "import asyncio, base64, json, pathlib, websockets\nfrom openai import AsyncOpenAI\n"
    head += f"pcm = pathlib.Path({str(sound)!r}).read_bytes()\n"
    head += f'client = AsyncOpenAI(base_url="{server.url}/v1", api_key="none")\n'
    body = textwrap.indent(examples(server)[index], "    ")
    return await run(f"{head}async def main():\n{body}\nasyncio.run(main())\n")


async def test_the_example_of_a_conversation_prints_an_answer(server, tmp_path):
    assert (await spoken(server, 1, tmp_path)).strip()


async def test_the_example_of_a_transcription_prints_what_was_said(server, tmp_path):
    heard = await spoken(server, 2, tmp_path)
    assert speech.overlap(heard, speech.SENTENCES["0880"]) >= 0.6


async def test_the_example_of_a_translation_runs(server, tmp_path):
    said = await spoken(server, 3, tmp_path)
    assert "session.created" in said and "session.closed" in said
    assert "session.output_audio.delta" in said
