"""Servers that many tests share: one process each, started when first asked for."""

import pathlib
import sys

import pytest_asyncio

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness import configuration  # noqa: E402
from harness import server as process


@pytest_asyncio.fixture(scope="session")
async def server(tmp_path_factory):
    """The built-in pipeline `parley`, and `scripted` whose answers the tests have written."""
    folder = tmp_path_factory.mktemp("server")
    arguments = configuration.write(folder)
    async with process.running(*arguments, cwd=folder) as one:
        await one.wrote("Engines ready")
        yield one


@pytest_asyncio.fixture(scope="session")
async def locked(tmp_path_factory):
    """A server that wants a key."""
    folder = tmp_path_factory.mktemp("locked")
    arguments = configuration.write(folder)
    async with process.running(*arguments, "--api-key", configuration.KEY, cwd=folder) as one:
        yield one
