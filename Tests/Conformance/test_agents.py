"""The OpenAI Agents SDK holds sessions with the server by nothing but another URL.

Its session reads every event with the SDK's models, plays answers out in its own time, and calls
the tools.

Source: Realtime protocol, "Client dependence".
"""

import asyncio
import contextlib

from agents import function_tool, set_tracing_disabled
from agents.realtime import OpenAIRealtimeWebSocketModel, RealtimeAgent, RealtimeRunner
from harness import speech
from harness.peer import PATIENCE

# It would tell the vendor.
set_tracing_disabled(True)


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f'{{"temperature": "{len(city)}"}}'


class Conversation:
    """A session of the SDK, and what it has told so far."""

    def __init__(self, session):
        self.session = session
        self.events = []
        self._reader = asyncio.create_task(self._read())
        self._told = asyncio.Condition()

    async def _read(self):
        async for event in self.session:
            async with self._told:
                self.events.append(event)
                self._told.notify_all()

    async def until(self, found):
        """The first thing that a function finds in the events."""

        def result():
            return next((one for event in self.events if (one := found(event))), None)

        async with self._told:
            try:
                await asyncio.wait_for(self._told.wait_for(result), PATIENCE)
            except TimeoutError:
                raise AssertionError(f"never told; heard {self.kinds()}") from None
        return result()

    async def until_done(self, count=1):
        """Waits for the end of so many responses."""

        def done():
            return len([e for e in self.events if _is_raw(e, "turn_ended")]) >= count

        async with self._told:
            try:
                await asyncio.wait_for(self._told.wait_for(done), PATIENCE)
            except TimeoutError:
                raise AssertionError(f"no end of an answer; heard {self.kinds()}") from None

    def history(self):
        """Role and words of each message of the conversation, as the SDK keeps it."""
        updates = [event for event in self.events if event.type == "history_updated"]
        return [
            (item.role, _words(item)) for item in updates[-1].history if item.type == "message"
        ]

    def kinds(self):
        """The types of the last events."""
        return [event.type for event in self.events[-12:]]

    async def end(self):
        """Closes; nothing may have been an error."""
        self._reader.cancel()
        errors = [event.error for event in self.events if event.type == "error"]
        assert errors == []


def _is_raw(event, kind):
    return event.type == "raw_model_event" and event.data.type == kind


def _words(item):
    return " ".join(
        getattr(part, "text", None) or getattr(part, "transcript", None) or ""
        for part in item.content
    )


@contextlib.asynccontextmanager
async def conversation(server, model="scripted", tools=(), **settings):
    """A session of an agent with the server."""
    agent = RealtimeAgent(name="Tester", instructions="Answer.", tools=list(tools))
    runner = RealtimeRunner(agent, model=OpenAIRealtimeWebSocketModel())
    url = server.url.replace("http", "ws", 1) + f"/v1/realtime?model={model}"
    session = await runner.run(
        model_config={
            "url": url,
            "api_key": "none",
            "initial_model_settings": {"model_name": model, "voice": "slt", **settings},
        }
    )
    async with session:
        told = Conversation(session)
        yield told
        await told.end()


async def test_a_message_is_answered_in_text(server):
    async with conversation(server, output_modalities=["text"]) as told:
        await told.session.send_message("Ping please.")
        await told.until_done()
        assert told.history() == [("user", "Ping please."), ("assistant", "Pong.")]


async def test_speech_is_answered_by_voice(server):
    data, said = speech.sentence("0880")
    transcription = {"model": "whisper-1"}
    async with conversation(server, input_audio_transcription=transcription) as told:
        await told.session.send_audio(data + bytes(2 * 24000))
        await told.until_done()
        await told.until(lambda event: event.type == "audio")
        roles = dict(told.history())
    assert speech.overlap(roles["user"], said) >= 0.6
    assert speech.overlap(roles["assistant"], said) >= 0.6


async def test_a_tool_is_called_and_its_result_spoken(server):
    async with conversation(server, tools=[get_weather]) as told:
        await told.session.send_message("What is the weather in Lima")
        end = await told.until(lambda event: event.type == "tool_end" and event)
        assert end.output == '{"temperature": "4"}'
        await told.until_done(2)
        assert told.history()[-1] == ("assistant", "In Lima it is 4 degrees.")


async def test_an_answer_is_broken_off_and_the_session_goes_on(server):
    async with conversation(server) as told:
        await told.session.send_message("Please tell me everything now")
        await told.until(lambda event: event.type == "audio")
        await told.session.interrupt()
        await told.until(lambda event: event.type == "audio_interrupted")
        await told.until_done()
        await told.session.send_message("Ping please.")
        await told.until_done(2)
        assert told.history()[-1] == ("assistant", "Pong.")


async def test_speech_over_an_answer_interrupts_it(server):
    data, _ = speech.sentence("0880")
    async with conversation(server) as told:
        await told.session.send_message("Please tell me everything now")
        await told.until(lambda event: event.type == "audio")
        await told.session.send_audio(data + bytes(2 * 24000))
        await told.until(lambda event: event.type == "audio_interrupted")
        await told.until_done(2)
    cut = [words for role, words in told.history() if role == "assistant"][0]
    assert "end of the long answer" not in cut


async def test_the_history_grows_turn_by_turn(server):
    async with conversation(server) as told:
        for count, text in enumerate(["One.", "Two."], start=1):
            await told.session.send_message(text)
            await told.until_done(count)
        roles = [role for role, _ in told.history()]
    assert roles == ["user", "assistant"] * 2
