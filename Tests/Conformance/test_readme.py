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


async def test_the_example_of_a_translation_runs(server, tmp_path):
    sound = tmp_path / "speech.pcm"
    sound.write_bytes(speech.sentence("0880")[0])
    head = "import asyncio, base64, json, pathlib, websockets\n"
    head += f"pcm = pathlib.Path({str(sound)!r}).read_bytes()\n"
    body = textwrap.indent(examples(server)[1], "    ")
    said = await run(f"{head}async def main():\n{body}\nasyncio.run(main())\n")
    assert "session.created" in said and "session.closed" in said
    assert "session.output_audio.delta" in said
