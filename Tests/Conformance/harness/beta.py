"""The beta dialect: its shapes, its order, and clients that speak it.

Source: Realtime protocol, "Legacy session endpoints", "Item types", "Response object", "Text turn
and voice turn, beta", "GA and beta mapping", "Sample objects". Shapes are closed, as those of GA.
"""

import asyncio
import contextlib

from openai import AsyncOpenAI
from openai.types.beta.realtime import RealtimeServerEvent
from pydantic import TypeAdapter, ValidationError

from harness import reference
from harness.peer import PATIENCE, Peer, SDKLink, closing, raw_peer
from harness.sequence import Sequence
from harness.shape import (
    anything,
    base64_bytes,
    boolean,
    exactly,
    identifier,
    integer,
    list_of,
    members,
    null,
    nullable,
    number,
    some_text,
    tagged,
    text,
)
from harness.tool_shapes import TOOL, mcp_items

# "GA and beta mapping", "Session": what beta knows nothing of is not there.
TURN_DETECTION = tagged(
    "type",
    {
        "server_vad": members(
            {
                "type": some_text,
                "threshold": number(0, 1),
                "prefix_padding_ms": integer(),
                "silence_duration_ms": integer(),
                "create_response": boolean,
                "interrupt_response": boolean,
            }
        ),
        "semantic_vad": members(
            {
                "type": some_text,
                "eagerness": exactly("low", "medium", "high", "auto"),
                "create_response": boolean,
                "interrupt_response": boolean,
            }
        ),
    },
)

AUDIO_FORMAT = exactly("pcm16", "g711_ulaw", "g711_alaw")

MODALITIES = exactly(["audio", "text"], ["text"])

SESSION = members(
    {
        "id": identifier("sess_"),
        "object": exactly("realtime.session"),
        "model": some_text,
        "expires_at": integer(1_700_000_000),
        "modalities": MODALITIES,
        "instructions": text,
        "voice": some_text,
        "input_audio_format": AUDIO_FORMAT,
        "output_audio_format": AUDIO_FORMAT,
        "input_audio_transcription": nullable(reference.TRANSCRIPTION),
        "input_audio_noise_reduction": nullable(reference.NOISE_REDUCTION),
        "turn_detection": nullable(TURN_DETECTION),
        "tools": list_of(TOOL),
        "tool_choice": reference.TOOL_CHOICE,
        "temperature": number(0, 2),
        "max_response_output_tokens": reference.MAX_OUTPUT_TOKENS,
        "speed": number(0.25, 1.5),
        "tracing": reference.TRACING,
        "truncation": reference.TRUNCATION,
        "prompt": reference.PROMPT,
        "include": reference.INCLUDE,
        "client_secret": null,
    },
    # "Speaches": only in the dialect of Speaches.
    {"speech_model": some_text},
)

TRANSCRIPTION_SESSION = members(
    {
        "id": identifier("sess_"),
        "object": exactly("realtime.transcription_session"),
        "expires_at": integer(1_700_000_000),
        "input_audio_format": AUDIO_FORMAT,
        "input_audio_transcription": reference.TRANSCRIPTION,
        "turn_detection": nullable(reference.TRANSCRIPTION_TURN_DETECTION),
        "input_audio_noise_reduction": nullable(reference.NOISE_REDUCTION),
        "include": reference.INCLUDE,
        "client_secret": null,
    }
)


def _part(kind, **used):
    unused = {name: null for name in ("text", "audio", "transcript", "id")}
    return members({"type": exactly(kind), **unused, **used})


_UNUSED = {name: null for name in ("role", "content", "call_id", "name", "arguments", "output")}


def _item(kind, **used):
    head = {
        "id": some_text,
        "object": exactly("realtime.item"),
        "type": exactly(kind),
        "status": reference.ITEM_STATUS,
    }
    return members({**head, **_UNUSED, **used})


def item(with_audio=False):
    """An item; `with_audio` where the event may carry the bytes of its audio."""
    audio = nullable(base64_bytes) if with_audio else null
    content = tagged(
        "type",
        {
            "input_text": _part("input_text", text=text),
            "input_audio": _part("input_audio", transcript=nullable(text), audio=audio),
            "text": _part("text", text=text),
            "audio": _part("audio", transcript=nullable(text), audio=audio),
        },
    )
    return tagged(
        "type",
        {
            "message": _item(
                "message", role=exactly("system", "user", "assistant"), content=list_of(content)
            ),
            "function_call": _item(
                "function_call", call_id=some_text, name=some_text, arguments=text
            ),
            "function_call_output": _item("function_call_output", call_id=some_text, output=text),
            **mcp_items(**_UNUSED, status=reference.ITEM_STATUS),
        },
    )


ITEM = item()


def _response(status, usage, output):
    return members(
        {
            "object": exactly("realtime.response"),
            "id": identifier("resp_"),
            "status": exactly(status),
            "status_details": reference.STATUS_DETAILS[status],
            "output": output,
            "conversation_id": nullable(identifier("conv_")),
            "modalities": MODALITIES,
            "voice": some_text,
            "output_audio_format": AUDIO_FORMAT,
            "temperature": number(0, 2),
            "max_output_tokens": reference.MAX_OUTPUT_TOKENS,
            "usage": usage,
            "metadata": nullable(anything),
        }
    )


RESPONSE_DONE = tagged(
    "status",
    {
        status: _response(status, reference.USAGE, list_of(ITEM))
        for status in ("completed", "cancelled", "incomplete", "failed")
    },
)

PART = tagged(
    "type",
    {
        "text": members({"type": some_text, "text": text, "audio": null, "transcript": null}),
        "audio": members({"type": some_text, "text": null, "audio": null, "transcript": text}),
    },
)

# "GA and beta mapping", "Events": the names that differ, by those of GA.
NAMES = {
    f"response.output_{kind}.{end}": f"response.{kind}.{end}"
    for kind in ("text", "audio", "audio_transcript")
    for end in ("delta", "done")
}
NAMES["conversation.item.added"] = "conversation.item.created"
GA_NAMES = {name: ga for ga, name in NAMES.items()}
GA_NAMES["transcription_session.created"] = "session.created"
GA_NAMES["transcription_session.updated"] = "session.updated"

_ABSENT = {"conversation.item.done", "input_audio_buffer.timeout_triggered"}

_OWN = {
    "session.created": {"session": SESSION},
    "session.updated": {"session": SESSION},
    "transcription_session.created": {"session": TRANSCRIPTION_SESSION},
    "transcription_session.updated": {"session": TRANSCRIPTION_SESSION},
    "conversation.created": {
        "conversation": members(
            {"id": identifier("conv_"), "object": exactly("realtime.conversation")}
        )
    },
    "conversation.item.created": {"previous_item_id": nullable(some_text), "item": ITEM},
    "conversation.item.retrieved": {"item": item(with_audio=True)},
    "response.created": {"response": _response("in_progress", null, exactly([]))},
    "response.done": {"response": RESPONSE_DONE},
}

EVENTS = {
    NAMES.get(kind, kind): {
        name: {"item": ITEM, "part": PART}.get(name, shape) for name, shape in fields.items()
    }
    for kind, fields in reference.EVENTS.items()
    if kind not in _ABSENT
} | _OWN

_SHAPES = reference.shapes(EVENTS)

_ADAPTER = TypeAdapter(RealtimeServerEvent)

# Members whose values the SDK lists, though every server has names of its own.
_OWN_NAMES = {"model", "voice"}


def problems(event):
    """What is wrong with one event by itself; empty when it is as the reference says."""
    kind = event.get("type") if isinstance(event, dict) else None
    if kind not in _SHAPES:
        return [f"{kind!r} is no event of a WebSocket session in the beta dialect"]
    return _SHAPES[kind](event, kind)


def typed_problems(raw, event):
    """What the beta models of the official SDK find wrong.

    Their transcription session demands a secret, though only the answer of a REST endpoint has one.
    They know nothing of MCP, though the published schema of the same dialect does.
    """
    if event["type"].startswith("transcription_session.") or b'"mcp' in raw or b".mcp_call" in raw:
        return []
    try:
        _ADAPTER.validate_json(raw)
    except ValidationError as error:
        # Of a union every member complains; the one that was meant complains of more than `type`.
        meant = "".join(part.capitalize() for part in event["type"].replace("_", ".").split("."))
        found = [
            one
            for one in error.errors()
            if str(one["loc"][0]).removesuffix("Event").lower() == meant.lower()
        ]
        if not found:
            return ["SDK: fits no event"]
        return [
            f"SDK: {'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in found
            if one["loc"][-1] not in _OWN_NAMES
        ]
    return []


def _used(value):
    """An item or a part without the members that its type doesn't use."""
    if isinstance(value, list):
        return [_used(one) for one in value]
    if isinstance(value, dict):
        return {name: _used(one) for name, one in value.items() if one is not None}
    return value


class BetaSequence(Sequence):
    """The promises between events, by their names in GA; items have no end of their own."""

    def check(self, event):
        kind = GA_NAMES.get(event["type"], event["type"])
        shown = {name: _used(event[name]) for name in ("item", "part") if name in event}
        if "response" in event:
            output = _used(event["response"]["output"])
            shown["response"] = {**event["response"], "output": output}
        found = super().check({**event, **shown, "type": kind})
        if "speech_model" in event.get("session", {}):
            # "Speaches": there, that nothing is answered is all that tells the kinds apart.
            self.transcribes = not event["session"]["turn_detection"]["create_response"]
        if kind == "conversation.item.added":
            self.pending_items.pop(event["item"]["id"], None)
        if self.count == 2 and not self.transcribes and kind != "error":
            if kind != "conversation.created":
                found.append("conversation.created follows session.created")
        return found


class BetaPeer(Peer):
    """A client of beta."""

    def __init__(self, link):
        super().__init__(link, BetaSequence())

    def misfits(self, raw, event):
        return problems(event) + typed_problems(raw, event)

    async def begin(self):
        return (await self.next("session.created", "transcription_session.created"))["session"]

    async def update(self, kind="session", **session):
        """Updates the session, whose kind is in the event's name."""
        await self.send({"type": f"{kind}.update", "session": session})
        return (await self.next(f"{kind}.updated"))["session"]

    async def say(self, words, **place):
        message = {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": words}],
        }
        await self.send({"type": "conversation.item.create", "item": message, **place})
        return (await self.next("conversation.item.created"))["item"]


@contextlib.asynccontextmanager
async def beta_peer(server, query="model=parley", marked=True, **options):
    """A beta client on a plain WebSocket, with the header that says so."""
    headers = {"OpenAI-Beta": "realtime=v1"} if marked else {}
    async with raw_peer(
        server, query, kind=BetaPeer, additional_headers=headers, **options
    ) as peer:
        yield peer


@contextlib.asynccontextmanager
async def beta_sdk_peer(server, model="parley"):
    """A client on a connection of the official SDK as it was in beta."""
    client = AsyncOpenAI(
        base_url=f"{server.url}/v1",
        websocket_base_url=f"ws://{server.host}:{server.port}/v1",
        api_key="none",
    )
    manager = client.beta.realtime.connect(model=model)
    connection = await asyncio.wait_for(manager.enter(), PATIENCE)
    peer = BetaPeer(SDKLink(manager, connection))
    peer.sdk = connection
    async with closing(peer):
        yield peer
