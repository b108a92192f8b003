"""Bare sockets, for what no library would send."""

import asyncio
import contextlib
import re
import socket
import struct

PATIENCE = 60.0

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
CONTINUATION = 0

HANDSHAKE = {
    "Host": "x",
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def frame(opcode, payload=b"", final=True, masked=True, reserved=0, length=None):
    """A client's frame; its mask is zero, which leaves the payload as it is."""
    size = len(payload) if length is None else length
    start = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
    mask = 0x80 if masked else 0
    if size < 126:
        head = bytes([mask | size])
    elif size < 1 << 16:
        head = bytes([mask | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([mask | 127]) + size.to_bytes(8, "big")
    return start + head + (bytes(4) if masked else b"") + payload


def upgrade(path="/v1/realtime?model=scripted", **extra):
    """The request for a WebSocket, with more headers or other values for them."""
    headers = HANDSHAKE | {name.replace("_", "-"): value for name, value in extra.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode()


def statuses(answer):
    """The statuses of all answers in what was read."""
    return [int(one) for one in re.findall(rb"HTTP/1\.[01] (\d{3})", answer)]


class Wire:
    """One connection, byte by byte."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, server, **options):
        reader, writer = await asyncio.open_connection(server.host, server.port, **options)
        return cls(reader, writer)

    @classmethod
    async def open(cls, server, *arguments, **extra):
        """A connection on which the server speaks WebSocket."""
        wire = await cls.connect(server)
        await wire.send(upgrade(*arguments, **extra))
        head = await wire.head()
        assert b" 101 " in head.splitlines()[0], head
        return wire

    async def send(self, data):
        self.writer.write(data)
        await asyncio.wait_for(self.writer.drain(), PATIENCE)

    async def head(self):
        """Everything up to the end of a head."""
        return await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)

    async def frame(self):
        """The server's next frame: opcode and payload."""
        start, size = await self.exactly(2)
        if size == 126:
            (size,) = struct.unpack(">H", await self.exactly(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", await self.exactly(8))
        return start & 0x0F, await self.exactly(size)

    async def until(self, opcode):
        """The payload of the next frame of a kind; others are passed over."""
        while True:
            kind, payload = await self.frame()
            if kind == opcode:
                return payload
            assert kind != CLOSE, f"closed: {payload!r}"

    async def close_code(self):
        """The code of the server's close frame; whatever comes before is passed over."""
        (code,) = struct.unpack(">H", (await self.until(CLOSE))[:2])
        return code

    async def rest(self):
        """Everything up to the end; what came where the connection is reset."""
        parts = []
        with contextlib.suppress(ConnectionError):
            while part := await asyncio.wait_for(self.reader.read(1 << 16), PATIENCE):
                parts.append(part)
        return b"".join(parts)

    async def exactly(self, count):
        """So many bytes."""
        return await asyncio.wait_for(self.reader.readexactly(count), PATIENCE)

    def end_output(self):
        self.writer.write_eof()

    def stop_reading(self):
        self.writer.transport.pause_reading()

    def close(self):
        self.writer.close()

    def reset(self):
        """Closes so that the server is told with a reset."""
        with contextlib.suppress(OSError):
            self.writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        self.writer.transport.abort()


async def exchange(server, data, eof=False):
    """Sends bytes; gives everything that comes until the server closes."""
    wire = await Wire.connect(server)
    try:
        with contextlib.suppress(ConnectionError):
            await wire.send(data)
            if eof:
                wire.end_output()
        return await wire.rest()
    finally:
        wire.close()
