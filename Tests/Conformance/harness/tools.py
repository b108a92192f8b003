"""Servers of tools, `Tests/Support/mcp_server.py` on the `mcp` package, and who names them."""

import asyncio
import contextlib
import json
import sys
import urllib.request

from harness import configuration
from harness import server as process
from harness.server import ROOT

_SERVER = ROOT / "Tests" / "Support" / "mcp_server.py"


_SCRIPT = """\
greeting: Hello.
default: "You said {{user}}."
result: "The tool says {{result}}."
rules:
  - match: "add *"
    call: {tool: add, arguments: {a: 20, b: 1}}
    result: "It makes {{result}}."
  - match: "* weather in +"
    call: {tool: weather, arguments: {city: "{{2}}"}}
    result: "In {{2}} it is {{result.temperature}} degrees."
  - match: "note +"
    call: {tool: note, arguments: {text: "{{1}}"}}
  - match: "fail +"
    call: {tool: fail, arguments: {text: "{{1}}"}}
  - match: "draw *"
    call: {tool: picture}
  - match: "wait *"
    call: {tool: wait}
  - match: "report *"
    call: {tool: report}
  - match: "talk a lot"
    call: {tool: large, arguments: {size: 300000}}
"""

_PIPELINE = """\
name: tools
pipeline:
  vad: silero
  transcription: pocketsphinx
  llm: {engine: scripted, script: scripts/tools.yaml}
  tts: flite
"""


class Tools:
    """One process with a server for every transport."""

    def __init__(self, address, process):
        self.address = address
        self._process = process

    def kill(self):
        """Ends the process as a crash does."""
        self._process.kill()

    def url(self, name):
        """Where a server or a fault listens."""
        path = {"old": "old/sse"}.get(name, f"{name}/mcp")
        return f"{self.address}/{path}"

    def fault(self, name):
        """Where nothing works."""
        return f"{self.address}/faults/{name}"

    def call_fault(self, name):
        """Where tools are listed and can't be called."""
        return f"{self.address}/calls/{name}"

    async def _ask(self, path, method="GET"):
        def read():
            request = urllib.request.Request(f"{self.address}/{path}", method=method)
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(request, timeout=30) as answer:
                return json.load(answer)

        return await asyncio.to_thread(read)

    async def asked(self, name):
        """What a server was asked over HTTP, oldest first: methods and headers."""
        return await self._ask(f"requests/{name}")

    async def was_asked(self, name, method):
        """Waits until a server was asked by this method of HTTP."""
        await self._ask(f"asked/{name}/{method}")

    async def called(self):
        """Waits until the tool `wait` is called."""
        await self._ask("called")

    async def release(self):
        """Lets the tool `wait` answer, from now on at once."""
        await self._ask("release", "POST")


@contextlib.asynccontextmanager
async def running():
    """A process of its own; it ends when its standard input does."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        str(_SERVER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        line = await asyncio.wait_for(child.stdout.readline(), 60)
        yield Tools(line.decode().strip().removeprefix("listening on "), child)
    finally:
        child.stdin.close()
        await asyncio.wait_for(child.wait(), 30)


@contextlib.asynccontextmanager
async def near(folder, *options):
    """A server with the pipeline `tools`, whose clients may name servers on this machine."""
    arguments = configuration.write(folder, tools=_PIPELINE)
    (folder / "models" / "scripts" / "tools.yaml").write_text(_SCRIPT)
    arguments += ["--mcp-allow-private", *options, "--log-level", "trace"]
    async with process.running(*arguments, cwd=folder) as one:
        yield one


def named(url, label="tools", approval="never", **members):
    """A server of tools as a client names it."""
    return {
        "type": "mcp",
        "server_label": label,
        "server_url": url,
        "require_approval": approval,
        **members,
    }


async def connect(peer, *named_tools, **session):
    """Names servers and waits for their lists; gives the items of those lists."""
    await peer.begin()
    await peer.update(output_modalities=["text"], tools=list(named_tools), **session)
    for _ in (tool for tool in named_tools if tool["type"] == "mcp"):
        await peer.next("mcp_list_tools.completed", "mcp_list_tools.failed")
    done = peer.seen("conversation.item.done")
    return [one["item"] for one in done if one["item"]["type"] == "mcp_list_tools"]


async def call(peer, text, **response):
    """Says something that makes the model call a tool; gives the call when it has ended."""
    await peer.say(text)
    await peer.respond(**response)
    return await ended(peer)


async def answer(peer, request, event_id=None, **members):
    """Says whether a call may run that was asked about."""
    response = {"type": "mcp_approval_response", "approval_request_id": request["id"], **members}
    event = {"type": "conversation.item.create", "item": response}
    await peer.send(event if event_id is None else event | {"event_id": event_id})


async def ended(peer):
    """The next call that is done."""
    while True:
        item = (await peer.next("response.output_item.done"))["item"]
        if item["type"] == "mcp_call":
            return item


def kinds(peer, start):
    """The types of events from the first of a type on, without deltas."""
    found = [event["type"] for event in peer.events]
    return [kind for kind in found[found.index(start) :] if not kind.endswith(".delta")]
