"""The messages of every golden trace against the SDK's models and the reference, both ways."""

import json

import pytest
from protocol import published, traces
from harness import beta, reference, translation, typed
from pydantic import ValidationError

_LONE = "it names lone members of an object"
_RATE = "it asks for another rate"

# Trace and event → what the trace's client does on purpose that the SDK's models don't know.
ON_PURPOSE = {
    ("beta-mcp", "conversation.item.create"): "the models of beta know nothing of MCP",
    ("beta-mcp", "session.update"): "the models of beta know nothing of MCP",
    ("images", "response.create"): "the models leave out references",
    ("translation", "session.update"): "null takes a member back",
    ("long-speech", "session.update"): _LONE,
    ("out-of-band", "response.create"): "the models leave out references",
    ("session-update", "session.update"): _LONE + _RATE,
    ("session-update", "session.updated"): _RATE,
    ("turn-options", "session.update"): _LONE,
    ("unheard-speech", "session.update"): _LONE,
}

# Events that the SDK's models of beta leave out though the dialect has them.
NOT_IN_BETA_MODELS = {"conversation.item.input_audio_transcription.segment"}

# Members whose values the models of beta list, though every server has names of its own.
OWN_NAMES = {"model", "voice"}


def of_client(message):
    """What the SDK's model finds wrong with what a client sends."""
    kind = message.body["type"]
    body = dict(message.body)
    if kind == "conversation.item.create":
        # The models of some items demand an id, though it may be left to the server.
        body["item"] = {"id": "any", **body["item"]}
    try:
        published.adapter(message.surface).validate_json(json.dumps(body), strict=True)
    except ValidationError as error:
        meant = [one for one in error.errors() if typed.concerns(one["loc"], kind)]
        if meant and all(one["loc"][-1] in OWN_NAMES for one in meant):
            return []
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in meant] or ["no event"]
    return []


def of_server(message):
    """What reference and model find wrong with what the server sends."""
    raw = json.dumps(message.body).encode()
    if message.surface == "translation server":
        return translation.problems(raw, message.body)
    if message.surface == "beta server":
        typed_problems = (
            []
            if message.body["type"] in NOT_IN_BETA_MODELS
            else beta.typed_problems(raw, message.body)
        )
        return beta.problems(message.body) + typed_problems
    return reference.problems(message.body) + typed.problems(raw)


@pytest.mark.parametrize("name", traces.names())
def test_every_message_of_a_trace_is_as_published(name):
    found = []
    for message in traces.taken(name):
        if (name, message.body["type"]) in ON_PURPOSE:
            continue
        judge = of_client if message.surface.endswith("client") else of_server
        found += [f"{message.surface} {message.body['type']}: {one}" for one in judge(message)]
    assert found == []
