"""Servers that many tests share: one process each, started when first asked for."""

import pathlib
import sys

import pytest
import pytest_asyncio

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness import configuration, services  # noqa: E402
from harness import server as process


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="skip what streams in real time")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--quick"):
        for item in items:
            if "real_time" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="takes its time; without --quick it runs"))


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
        await one.wrote("Engines ready")
        yield one


@pytest_asyncio.fixture(scope="module")
async def far():
    """Services of recognisers, models and voices that pipelines can be pointed at."""
    async with services.running() as one:
        yield one
