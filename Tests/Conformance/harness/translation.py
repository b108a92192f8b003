"""Translation sessions: their events, their order, and clients of them.

Source: Realtime protocol, "Translation session", "Translation". Shapes are closed, as those of
other sessions.
"""

import base64
import contextlib
import json

from openai.types.realtime import RealtimeTranslationClientEvent, RealtimeTranslationServerEvent
from pydantic import TypeAdapter, ValidationError

from harness import reference, typed
from harness.peer import Peer, raw_peer
from harness.shape import exactly, identifier, integer, members, nullable, some_base64, some_text

PATH = "/v1/realtime/translations"

SESSION = members(
    {
        "type": exactly("translation"),
        "id": identifier("sess_"),
        "model": some_text,
        "expires_at": integer(1_700_000_000),
        "audio": members(
            {
                "input": members(
                    {
                        "transcription": nullable(members({"model": some_text})),
                        "noise_reduction": nullable(reference.NOISE_REDUCTION),
                    }
                ),
                "output": members({"language": some_text}),
            }
        ),
    }
)

_TEXT = {"delta": some_text, "elapsed_ms": integer()}

_SHAPES = reference.shapes(
    {
        "session.created": {"session": SESSION},
        "session.updated": {"session": SESSION},
        "session.input_transcript.delta": _TEXT,
        "session.output_transcript.delta": _TEXT,
        "session.output_audio.delta": {
            "delta": some_base64,
            "sample_rate": exactly(24000),
            "channels": exactly(1),
            "format": exactly("pcm16"),
            "elapsed_ms": integer(),
        },
        "session.closed": {},
        "error": {"error": reference.ERROR},
    }
)

_SERVER = TypeAdapter(RealtimeTranslationServerEvent)
_CLIENT = TypeAdapter(RealtimeTranslationClientEvent)

INPUT = "session.input_transcript.delta"
OUTPUT = "session.output_transcript.delta"
AUDIO = "session.output_audio.delta"


def problems(raw, event):
    """What reference and model find wrong with one event by itself."""
    kind = event.get("type")
    if kind not in _SHAPES:
        return [f"{kind!r} is no event of a translation session"]
    return _SHAPES[kind](event, kind) + _typed(raw)


class Sequence:
    """The session first, time that only grows, and nothing after the end."""

    def __init__(self):
        self.event_ids = set()
        self.elapsed = {}
        self.is_closed = False

    def check(self, event):
        kind, found = event["type"], []
        if (kind == "session.created") != (not self.event_ids):
            found.append("session.created is the first event, and comes once")
        if event["event_id"] in self.event_ids:
            found.append("event ids are never used twice")
        if self.is_closed:
            found.append("nothing follows session.closed")
        elapsed = event.get("elapsed_ms", 0)
        if elapsed % 200 or elapsed < self.elapsed.get(kind, 0):
            found.append("elapsed time grows in frames of 200 ms")
        self.event_ids.add(event["event_id"])
        self.elapsed[kind] = elapsed
        self.is_closed = kind == "session.closed"
        return found

    def unfinished(self):
        return []


class TranslationPeer(Peer):
    """A client of a translation session."""

    def __init__(self, link):
        super().__init__(link, Sequence())

    def misfits(self, raw, event):
        return problems(raw, event)

    async def translate(self, **audio):
        """Updates `audio` and gives the session as it is then."""
        await self.tell({"type": "session.update", "session": {"audio": audio}})
        return (await self.next("session.updated"))["session"]

    async def append(self, audio, chunk=9600):
        """Streams bytes in frames of 200 ms, as fast as the server takes them."""
        for start in range(0, len(audio), chunk):
            piece = base64.b64encode(audio[start : start + chunk]).decode()
            await self.tell({"type": "session.input_audio_buffer.append", "audio": piece})

    async def tell(self, event):
        """Sends an event that the SDK knows, as the SDK would."""
        _CLIENT.validate_python(event)
        await self.send(event)

    async def finish(self):
        """Closes the session as a client should; gives the close frame."""
        await self.tell({"type": "session.close"})
        await self.next("session.closed")
        return await self.until_closed()

    async def still_works(self):
        await self.translate()

    def text(self, kind):
        """All deltas put together."""
        return "".join(event["delta"] for event in self.seen(kind))

    def audio(self):
        return b"".join(base64.b64decode(event["delta"]) for event in self.seen(AUDIO))


def _typed(raw):
    """What the SDK's model finds wrong."""
    try:
        model = _SERVER.validate_json(raw, strict=True)
    except ValidationError as error:
        kind = json.loads(raw).get("type")
        return [f"SDK: {kind}: {one['loc']}: {one['msg']}" for one in error.errors()]
    return typed.undeclared(model, type(model).__name__)


@contextlib.asynccontextmanager
async def translation_peer(server, model="scripted", **options):
    """A peer on a plain WebSocket: the SDK has types for translations, and no connection."""
    options.setdefault("query", f"model={model}")
    async with raw_peer(server, path=PATH, kind=TranslationPeer, **options) as peer:
        yield peer
