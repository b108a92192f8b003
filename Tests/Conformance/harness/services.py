"""Services that speak the OpenAI API as far as pipelines use it, and that misbehave on demand.

The model's name in a request says how the service behaves; every request is kept.
"""

import array
import asyncio
import contextlib
import json
import math

from aiohttp import web

# Never shown to a client: what a provider says when it fails.
PROVIDER_SECRET = "provider-internal-detail-4711"

LONG_ANSWER = (
    "This is a long answer from far away. It has many sentences, so that it can be interrupted."
    " The third sentence goes on for a while. The fourth one does as well. Here is the fifth."
    " And this is the end of the long answer."
)


def tone(seconds, rate=24000):
    """A tone as 16-bit PCM."""
    count = int(seconds * rate)
    wave = (int(8000 * math.sin(index * 440 * 2 * math.pi / rate)) for index in range(count))
    return array.array("h", wave).tobytes()


class Services:
    """One HTTP server for chat, transcription and speech."""

    def __init__(self):
        self.port = None
        self.chats = []
        self.transcriptions = []
        self.speeches = []
        self.dropped = asyncio.Event()
        self._fails_left = 1

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    async def _stream(self, request):
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        return answer

    async def _hang(self):
        """Holds a request until its client gives up."""
        try:
            await asyncio.Event().wait()
        finally:
            self.dropped.set()

    # Chat

    async def chat(self, request):
        body = await request.json()
        self.chats.append(body)
        model = body["model"]
        if model == "slow":
            await self._hang()
        if model == "error":
            return web.json_response({"error": {"message": PROVIDER_SECRET}}, status=500)
        if model == "locked":
            return web.json_response({"error": {"message": PROVIDER_SECRET}}, status=401)
        if model == "html":
            return web.Response(text=f"<html>{PROVIDER_SECRET}</html>", content_type="text/html")
        answer = await self._stream(request)
        if model == "rubbish":
            await answer.write(b"data: {this is no json " + PROVIDER_SECRET.encode() + b"\n\n")
            await answer.write_eof()
            return answer
        if model == "flaky" and self._fails_left:
            self._fails_left -= 1
            model = "dies"
        if model == "dies":
            await self._say(answer, ["This sentence is whole. ", "This one is"])
            request.transport.abort()
            return answer
        if model == "stalls":
            await self._say(answer, ["This sentence is whole. ", "And then"])
            await self._hang()
        await self._say(answer, *self._answer(body))
        await answer.write(b"data: [DONE]\n\n")
        return answer

    def _answer(self, body):
        last = body["messages"][-1]
        if last["role"] == "tool":
            return (["The tool said ", str(last["content"]), "."],)
        text = last["content"] if isinstance(last["content"], str) else json.dumps(last["content"])
        if body.get("tools") and "weather" in text.lower():
            return ([], body["tools"][0]["function"]["name"])
        if "everything" in text:
            return ([word + " " for word in LONG_ANSWER.split()],)
        return (["You ", "said: ", text],)

    async def _say(self, answer, words, tool=None):
        for word in words:
            await self._chunk(answer, {"content": word})
        if tool:
            call = {"index": 0, "id": "call_remote1", "type": "function"}
            start = {**call, "function": {"name": tool, "arguments": ""}}
            await self._chunk(answer, {"tool_calls": [start]})
            for piece in ('{"city":', '"Berlin"}'):
                more = {"index": 0, "function": {"arguments": piece}}
                await self._chunk(answer, {"tool_calls": [more]})
        await self._chunk(answer, {}, "tool_calls" if tool else "stop")
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        await self._data(answer, {"choices": [], "usage": usage})

    async def _chunk(self, answer, delta, finish=None):
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        await self._data(answer, {"object": "chat.completion.chunk", "choices": [choice]})

    async def _data(self, answer, event):
        await answer.write(b"data: " + json.dumps(event).encode() + b"\n\n")

    # Transcription and speech

    async def transcription(self, request):
        form = await request.post()
        upload = form["file"].file.read()
        self.transcriptions.append({"model": form["model"], "bytes": upload})
        if form["model"] == "error":
            return web.json_response({"error": {"message": PROVIDER_SECRET}}, status=500)
        return web.json_response({"text": "hello remote world"})

    async def speech(self, request):
        body = await request.json()
        self.speeches.append(body)
        if body["model"] == "error":
            return web.json_response({"error": {"message": PROVIDER_SECRET}}, status=500)
        answer = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        await answer.prepare(request)
        sound = tone(0.05 * len(body["input"].split()))
        for start in range(0, len(sound), 4801):
            await answer.write(sound[start : start + 4801])
        await answer.write_eof()
        return answer


@contextlib.asynccontextmanager
async def running():
    """Services on a free port of the loopback."""
    services = Services()
    application = web.Application(client_max_size=64 << 20)
    application.router.add_post("/v1/chat/completions", services.chat)
    application.router.add_post("/v1/audio/transcriptions", services.transcription)
    application.router.add_post("/v1/audio/speech", services.speech)
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    services.port = site._server.sockets[0].getsockname()[1]
    try:
        yield services
    finally:
        await runner.cleanup()
