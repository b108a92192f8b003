"""The golden traces as the messages that go over the wire."""

import json
import os
import pathlib
import subprocess
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = ROOT / "Tests" / "ParleySessionTests" / "Traces"
BINARY = (
    pathlib.Path(os.environ.get("PARLEY_BINARY", ROOT / ".build" / "release" / "parley"))
    .resolve()
    .with_name("parley-protocol")
)


@dataclass(frozen=True)
class Message:
    """One message; `surface` says whose it is: the kind or dialect, and the side that sends it."""

    trace: str
    surface: str
    body: dict


def names():
    """The names of all golden traces."""
    return sorted(path.stem for path in FOLDER.glob("*.trace"))


def messages(name):
    """The messages of one trace in their order."""
    lines = subprocess.run(
        [BINARY, FOLDER / f"{name}.trace"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return [_message(name, json.loads(line)) for line in lines]


def taken(name):
    """The messages of one trace without those of its client that are refused."""
    every = messages(name)
    for message, answer in zip(every, [*every[1:], None], strict=True):
        is_refused = answer is not None and answer.body["type"] == "error"
        if not (is_refused and message.surface.endswith("client")):
            yield message


def _message(name, line):
    spoken = "translation" if line["kind"] == "translation" else line["dialect"]
    return Message(name, f"{spoken} {line['sender']}", line["message"])
