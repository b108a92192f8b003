"""Services that speak the OpenAI API, and break on demand: `Tests/Support/mock_openai.py`."""

import asyncio
import contextlib
import json
import sys
import urllib.request

from harness.server import ROOT

SCRIPT = ROOT / "Tests" / "Support" / "mock_openai.py"

# What the service says when it fails; a client must never read it.
PROVIDER_SECRETS = ["sk-secret", "tell me a secret", "Welcome to the proxy"]

# Faults that end an answer before or in the middle of it; the service's file explains each.
FAULTS = [
    "status-400",
    "status-401",
    "status-429",
    "status-500",
    "html",
    "empty",
    "garbage",
    "wrong-types",
    "no-choices",
    "not-events",
    "bad-event",
    "error-event",
    "first-error",
    "cut",
    "cut-early",
    "close",
    "never",
    "stall",
    "huge",
    "redirect",
]


class Services:
    """One process for chat, transcription and speech."""

    def __init__(self, address):
        self.address = address

    def url(self, token, fault=None):
        """A base URL whose requests are kept under a token, and which breaks as a fault says."""
        return "/".join([self.address, "t", token, *([fault] if fault else []), "v1"])

    async def asked(self, token, path):
        """The requests to a path under a token, oldest first."""

        def read():
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"{self.address}/requests/{token}", timeout=10) as answer:
                return json.load(answer)

        return [one for one in await asyncio.to_thread(read) if one["path"] == path]


@contextlib.asynccontextmanager
async def running():
    """Services on a free port of the loopback; they end when their standard input does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SCRIPT),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        yield Services(line.decode().strip().removeprefix("listening on "))
    finally:
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 30)
