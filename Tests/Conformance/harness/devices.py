"""A microphone and a loudspeaker that keep time, as a person's do.

The one place where tests follow the clock: what they wait for is still an event.
"""

import asyncio
import base64
import contextlib

from harness import speech

FRAME_SECONDS = 0.04


async def until(moment):
    """Returns when the loop's clock has come to a moment."""
    loop = asyncio.get_running_loop()
    arrived = loop.create_future()
    timer = loop.call_at(moment, arrived.set_result, None)
    try:
        await arrived
    finally:
        timer.cancel()


class Microphone:
    """Streams what is spoken into it at the pace of real time, and silence where nothing is.

    Frames are due on a grid: what is late is made up for, so that positions in the stream don't
    depend on the machine.
    """

    def __init__(self, connection):
        self.connection = connection
        self.sent_seconds = 0.0
        self._queue = b""
        self._spoken = asyncio.Event()

    async def speak(self, data):
        """Speaks; returns when the last frame of it has been sent."""
        self._spoken.clear()
        self._queue += data
        await self._spoken.wait()

    async def stream(self):
        """Sends frame after frame, without end."""
        began = asyncio.get_running_loop().time()
        length = len(speech.silence(FRAME_SECONDS))
        while True:
            await until(began + self.sent_seconds)
            frame, self._queue = self._queue[:length], self._queue[length:]
            audio = base64.b64encode(frame.ljust(length, b"\0")).decode()
            await self.connection.input_audio_buffer.append(audio=audio)
            self.sent_seconds += FRAME_SECONDS
            if not self._queue:
                self._spoken.set()


@contextlib.asynccontextmanager
async def microphone(peer):
    """A microphone that is open as long as the block lasts; its failure is the test's."""
    device = Microphone(peer.sdk)
    task = asyncio.create_task(device.stream())
    try:
        yield device
    finally:
        was_open = not task.done()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert was_open, "the microphone fell silent"


class Loudspeaker:
    """Plays the audio of an item in real time, from the moment its first delta came."""

    def __init__(self, peer, item):
        self._peer = peer
        self._item = item
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()

    @property
    def played_ms(self):
        """How much was heard: not more than has passed, nor than has come."""
        came = speech.seconds(self._peer.sequence.audio.get(self._item, b""))
        return int(min(self._clock() - self._began, came) * 1000)

    async def play(self, seconds):
        """Lets at least so much be heard."""
        await until(self._began + seconds)
        while self.played_ms < seconds * 1000:
            await self._peer.next("response.output_audio.delta")
