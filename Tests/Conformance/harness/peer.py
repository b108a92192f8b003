"""Clients of the server that check every event they hear."""

import asyncio
import base64
import contextlib
import json

import websockets
from openai import AsyncOpenAI

from harness import reference, typed
from harness.sequence import Sequence

# Generous: it only passes when something is wrong, or the machine is very slow.
PATIENCE = 60.0


class Peer:
    """One connection. A task reads whatever comes, so that the server never waits for a test."""

    def __init__(self, link, sequence=None):
        self.link = link
        self.events = []
        self.problems = []
        self.sequence = sequence or Sequence()
        self.closed = None
        # A test that ends in the middle of something says so.
        self.ends_unfinished = False
        self._cursor = 0
        self._arrived = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def _read(self):
        try:
            while True:
                raw = await self.link.receive()
                event = json.loads(raw)
                self._judge(raw, event)
                async with self._arrived:
                    self.events.append(event)
                    self._arrived.notify_all()
        except websockets.exceptions.ConnectionClosed as error:
            self.closed = error.rcvd or websockets.frames.Close(1006, "")
        finally:
            async with self._arrived:
                self.closed = self.closed or websockets.frames.Close(1006, "the reader failed")
                self._arrived.notify_all()

    def _judge(self, raw, event):
        found = self.misfits(raw, event)
        try:
            found += self.sequence.check(event)
        except (KeyError, TypeError, AttributeError) as error:
            found.append(f"the event is too broken to be placed: {error!r}")
        self.problems += [f"{event.get('type')} (event {len(self.events)}): {one}" for one in found]

    def misfits(self, raw, event):
        """What is wrong with one event by itself."""
        return reference.problems(event) + typed.problems(raw)

    async def send(self, event):
        """Sends an event as it is."""
        await self.link.send(json.dumps(event))

    async def next(self, *kinds, patience=PATIENCE, **matching):
        """The next event of these types whose members match; those before it are passed over."""

        def found():
            for index in range(self._cursor, len(self.events)):
                event = self.events[index]
                if event["type"] in kinds and all(
                    event.get(name) == value for name, value in matching.items()
                ):
                    return index
            return None

        def ready():
            return found() is not None or self.closed

        try:
            async with self._arrived:
                await asyncio.wait_for(self._arrived.wait_for(ready), patience)
        except TimeoutError:
            raise AssertionError(
                f"no {' or '.join(kinds)} after {patience} s; {self.tale()}"
            ) from None
        index = found()
        assert index is not None, f"closed before {' or '.join(kinds)} came; {self.tale()}"
        self._cursor = index + 1
        return self.events[index]

    async def until_closed(self, patience=PATIENCE):
        """The close frame of the server."""
        async with self._arrived:
            await asyncio.wait_for(self._arrived.wait_for(lambda: self.closed), patience)
        return self.closed

    async def refusal(self, code=None, event_id=None):
        """The next error, which must have a code and belong to an event."""
        error = (await self.next("error"))["error"]
        if code is not None:
            assert error["code"] == code, error
        assert error["event_id"] == event_id, error
        return error

    def seen(self, *kinds):
        """All events of these types so far."""
        return [event for event in self.events if event["type"] in kinds]

    def tale(self):
        """The types of the last events, for messages."""
        return "the last events: " + ", ".join(event["type"] for event in self.events[-12:])

    async def rest(self, patience=PATIENCE):
        """Waits until nothing is left open, and fails if something stays so.

        Where the server has closed there is nothing to wait for.
        """
        if self.ends_unfinished or self.closed:
            return
        try:
            async with self._arrived:
                await asyncio.wait_for(
                    self._arrived.wait_for(lambda: self.closed or not self.sequence.unfinished()),
                    patience,
                )
        except TimeoutError:
            raise AssertionError(
                f"left unfinished: {'; '.join(self.sequence.unfinished())}; {self.tale()}"
            ) from None

    async def close(self):
        """Closes, and fails if anything that was heard is not as the reference says."""
        await self.link.close()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._reader), 10)
        self._reader.cancel()
        assert not self.problems, "\n".join(["events against the reference:"] + self.problems[:40])

    # What tests say often.

    async def begin(self):
        """Waits for the first event and gives its session."""
        return (await self.next("session.created"))["session"]

    async def update(self, **session):
        """Updates the session and gives what is in force then."""
        await self.send({"type": "session.update", "session": {"type": "realtime", **session}})
        return (await self.next("session.updated"))["session"]

    async def say(self, text, **place):
        """Adds a message of the user; gives its item."""
        message = {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": text}],
        }
        await self.send({"type": "conversation.item.create", "item": message, **place})
        return (await self.next("conversation.item.done"))["item"]

    async def respond(self, **response):
        """Asks for a response; gives it when it is done."""
        await self.send({"type": "response.create", **({"response": response} if response else {})})
        return (await self.next("response.done"))["response"]

    async def ask(self, text):
        """Says something and gives the words of the answer."""
        await self.say(text)
        return words_of(await self.respond())

    async def append(self, audio, chunk=4800):
        """Streams bytes of audio, as fast as the server takes them."""
        for start in range(0, len(audio), chunk):
            piece = base64.b64encode(audio[start : start + chunk]).decode()
            await self.send({"type": "input_audio_buffer.append", "audio": piece})

    async def still_works(self):
        """Proves that the session goes on."""
        await self.send({"type": "input_audio_buffer.clear"})
        await self.next("input_audio_buffer.cleared")


def words_of(response):
    """Everything that a response said."""
    return " ".join(
        part.get("text") or part.get("transcript") or ""
        for item in response["output"]
        for part in item.get("content") or []
    )


class SDKLink:
    """A connection of the official SDK."""

    def __init__(self, manager, connection):
        self._manager = manager
        self.connection = connection

    async def receive(self):
        raw = await self.connection.recv_bytes()
        self.connection.parse_event(raw)
        return raw

    async def send(self, text):
        await self.connection.send(json.loads(text))

    async def close(self):
        await self.connection.close()


class RawLink:
    """A plain WebSocket, for what the SDK is too polite to do."""

    def __init__(self, socket):
        self.socket = socket

    async def receive(self):
        message = await self.socket.recv()
        return message if isinstance(message, bytes) else message.encode()

    async def send(self, text):
        await self.socket.send(text)

    async def close(self):
        # The library stumbles over a connection that the server has cut off while it was sending.
        with contextlib.suppress(AttributeError):
            await self.socket.close()


@contextlib.asynccontextmanager
async def sdk_peer(server, model="parley", key="none", **options):
    """A peer on a connection of the official SDK."""
    client = AsyncOpenAI(base_url=f"{server.url}/v1", api_key=key)
    if server.tls:
        options.setdefault("websocket_connection_options", {"ssl": server.tls})
    manager = client.realtime.connect(model=model, **options)
    connection = await asyncio.wait_for(manager.enter(), PATIENCE)
    peer = Peer(SDKLink(manager, connection))
    peer.sdk = connection
    async with closing(peer):
        yield peer


@contextlib.asynccontextmanager
async def raw_peer(server, query="model=parley", path="/v1/realtime", kind=Peer, **options):
    """A peer on a plain WebSocket."""
    url = f"ws://{server.host}:{server.port}{path}" + (f"?{query}" if query else "")
    socket = await asyncio.wait_for(
        websockets.connect(url, max_size=None, proxy=None, **options), PATIENCE
    )
    peer = kind(RawLink(socket))
    peer.socket = socket
    async with closing(peer):
        yield peer


@contextlib.asynccontextmanager
async def closing(peer):
    """Closes a peer at rest; its complaints are told only where the test itself had none."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception, AssertionError):
            await peer.close()
        raise
    try:
        await peer.rest()
    finally:
        await peer.close()
