"""What the README shows, run as it stands there."""

import asyncio
import re
import sys

from harness.server import ROOT, environment


async def test_the_example_for_the_sdk_runs(server):
    text = (ROOT / "README.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert "http://127.0.0.1:8080" in example
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        example.replace("http://127.0.0.1:8080", server.url),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment(),
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, output.decode()
    said = output.decode().split()
    assert said[0] == "session.created" and said[-1] == "response.done"
    assert "response.output_audio.delta" in said
