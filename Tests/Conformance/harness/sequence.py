"""The promises that hold between the events of one connection, checked as they arrive.

Section 10 of the reference gives the orders; the promises of a session are checked with them.
"""

import base64

from harness.calls import Calls


class Part:
    """A content part of a response while it is open."""

    def __init__(self, kind):
        self.kind = kind
        self.text = ""
        self.audio = b""
        self.finished = []


class Output:
    """An output item of a response while it is open."""

    def __init__(self, item, index):
        self.id = item["id"]
        self.index = index
        self.type = item["type"]
        self.part = None
        self.parts = []
        self.arguments = ""
        self.arguments_finished = False
        self.call_id = item.get("call_id")

    def goes_on(self):
        """Whether it is a message that is not over."""
        return self.part is not None


class Running:
    """A response between `response.created` and `response.done`."""

    def __init__(self, response):
        self.id = response["id"]
        self.is_default = response["conversation_id"] is not None
        self.open = None
        # The spoken message that goes on beside a call.
        self.speaking = None
        self.finished = []

    def output(self, item):
        """The open output item with an id."""
        return next((one for one in (self.open, self.speaking) if one and one.id == item), None)


class Sequence:
    """Everything that one connection has said; `check` says what is wrong with the next event."""

    def __init__(self):
        self.count = 0
        self.event_ids = set()
        self.session_id = None
        self.transcribes = False
        self.conversation_id = None
        self.order = []
        self.known_items = set()
        self.pending_items = {}
        self.speech = None
        self.speech_end = 0
        self.committed = {}
        self.transcripts = {}
        self.running = {}
        self.response_ids = set()
        self.audio = {}
        self.truncated = set()
        self.calls = Calls(self._expect)
        self._problems = []

    def check(self, event):
        """What is wrong with the event where it stands."""
        self._problems = []
        kind = event["type"]
        self._expect(
            self.count > 0 or kind == "session.created", "the first event is session.created"
        )
        self._expect(self.count == 0 or kind != "session.created", "session.created comes once")
        self._expect(event["event_id"] not in self.event_ids, "event ids are never used twice")
        self.event_ids.add(event["event_id"])
        self.count += 1
        handler = _HANDLERS.get(kind)
        if handler:
            handler(self, event)
        return self._problems

    def unfinished(self):
        """What a connection at rest must not leave open."""
        found = [f"response {one} never ended" for one in self.running]
        found += [f"item {one} was added and never done" for one in self.pending_items]
        found += [f"item {one} was committed and never added" for one in self.committed]
        found += [
            f"transcription of {one} began and never ended"
            for one, state in self.transcripts.items()
            if not state["ended"]
        ]
        if self.speech:
            found.append("speech started and never stopped")
        return found

    def _expect(self, claim, message):
        if not claim:
            self._problems.append(message)
        return claim

    # Session

    def _session(self, event):
        session = event["session"]
        self.session_id = self.session_id or session["id"]
        self.transcribes = session["object"] == "realtime.transcription_session"
        self._expect(session["id"] == self.session_id, "the session keeps its id")

    # Input audio

    def _speech_started(self, event):
        self._expect(self.speech is None, "speech starts only after it has stopped")
        self._expect(event["audio_start_ms"] >= self.speech_end, "audio positions only grow")
        self._expect(event["item_id"] not in self.known_items, "the item of a speech is a new one")
        self.speech = event

    def _speech_stopped(self, event):
        if self._expect(self.speech is not None, "speech stops only after it has started"):
            self._expect(event["item_id"] == self.speech["item_id"], "speech stops in its own item")
            self._expect(
                event["audio_end_ms"] > self.speech["audio_start_ms"], "speech ends after it began"
            )
        self.speech = None
        self.speech_end = event["audio_end_ms"]

    def _cleared(self, event):
        self.speech = None

    def _committed(self, event):
        last = self.order[-1] if self.order else None
        self._expect(event["previous_item_id"] == last, f"committed follows the last item, {last}")
        self._expect(event["item_id"] not in self.known_items, "committed announces a new item")
        if self.speech:
            self._expect(
                event["item_id"] == self.speech["item_id"],
                "committed has the id speech_started gave",
            )
            self.speech = None
        self.committed[event["item_id"]] = event["previous_item_id"]

    # Conversation

    def _item_added(self, event):
        one = event["item"]["id"]
        previous = event["previous_item_id"]
        self._expect(one not in self.order, "an item is added once")
        if one in self.committed:
            self._expect(
                previous == self.committed.pop(one), "the item stands where it was committed"
            )
        if previous is not None and self._expect(
            previous in self.order, f"the item before, {previous}, is in the conversation"
        ):
            self.order.insert(self.order.index(previous) + 1, one)
        else:
            self.order.insert(0, one)
        self.known_items.add(one)
        self.pending_items[one] = event
        generated = [run for run in self.running.values() if run.open and run.open.id == one]
        if generated:
            self._expect(self.order[-1] == one, "a generated item is the last one")
            self._expect(
                event["item"].get("content", []) == [], "a generated message is added empty"
            )

    def _item_done(self, event):
        one = event["item"]["id"]
        if not self._expect(one in self.pending_items, "an item is done once, after it was added"):
            return
        added = self.pending_items.pop(one)
        self._expect(
            event["item"].get("status", "completed") in ("completed", "incomplete"),
            "an item that is done has ended",
        )
        if added["previous_item_id"] in self.order:
            self._expect(
                event["previous_item_id"] == added["previous_item_id"],
                "an item is done where it was added",
            )

    def _deleted(self, event):
        if self._expect(event["item_id"] in self.order, "only an item that is there is deleted"):
            self.order.remove(event["item_id"])

    def _truncated(self, event):
        self._known(event)
        self.truncated.add(event["item_id"])

    def _known(self, event):
        one = event.get("item_id") or event["item"]["id"]
        self._expect(one in self.order, f"{one} is in the conversation")

    # Transcription

    def _transcription_delta(self, event):
        one = event["item_id"]
        # Captions may come as soon as speech_started has told the item's id.
        is_announced = self.transcribes and self.speech and self.speech["item_id"] == one
        self._expect(
            one in self.known_items or is_announced, "transcription follows conversation.item.added"
        )
        state = self.transcripts.setdefault(one, {"text": "", "ended": False})
        self._expect(not state["ended"], "no delta after the end of a transcription")
        state["text"] += event["delta"]

    def _transcription_segment(self, event):
        one = event["item_id"]
        self._expect(self.transcribes, "only transcription sessions have segments")
        self._expect(one in self.known_items, "segments follow conversation.item.added")
        state = self.transcripts.setdefault(one, {"text": "", "ended": False})
        self._expect(not state["ended"], "no segment after the end of a transcription")
        self._expect(event["start"] <= event["end"], "a segment ends after it begins")

    def _transcription_ended(self, event):
        one = event["item_id"]
        self._expect(one in self.known_items, "transcription follows conversation.item.added")
        state = self.transcripts.setdefault(one, {"text": "", "ended": False})
        self._expect(not state["ended"], "a transcription ends once")
        state["ended"] = True
        if state["text"] and "transcript" in event:
            self._expect(
                state["text"].strip() == event["transcript"].strip(),
                f"deltas {state['text']!r} add up to the transcript {event['transcript']!r}",
            )

    # Responses

    def _response_created(self, event):
        response = event["response"]
        self._expect(not self.transcribes, "a transcription session answers nothing")
        self._expect(response["id"] not in self.response_ids, "response ids are never used twice")
        self.response_ids.add(response["id"])
        run = Running(response)
        if run.is_default:
            self._expect(
                not any(one.is_default for one in self.running.values()),
                "at most one default response is in progress",
            )
            self.conversation_id = self.conversation_id or response["conversation_id"]
            self._expect(
                response["conversation_id"] == self.conversation_id, "there is one conversation"
            )
        self.running[run.id] = run

    def _run(self, event):
        run = self.running.get(event["response_id"])
        self._expect(run is not None, "nothing of a response comes outside created and done")
        return run

    def _open(self, event):
        run = self._run(event)
        if run is None:
            return None
        output = run.output(event.get("item_id"))
        if not self._expect(output is not None, "the event belongs to an output item that is open"):
            return None
        self._expect(event["output_index"] == output.index, "output_index is the position")
        return output

    def _output_item_added(self, event):
        run = self._run(event)
        if run is None:
            return
        if run.open and run.open.goes_on() and event["item"]["type"] != "message":
            run.speaking, run.open = run.open, None
        self._expect(run.open is None, "an output item begins after the one before is done")
        self._expect(event["output_index"] == len(run.finished), "output_index is the position")
        item = event["item"]
        if item["type"].startswith("mcp_"):
            self._tool_added(run, event)
            return
        self._expect(item["status"] == "in_progress", "an output item begins in progress")
        self._expect(item["id"] not in self.known_items, "an output item is a new one")
        self._expect(item.get("content", []) == [], "a message begins empty")
        self._expect(item.get("arguments", "") == "", "a call begins without arguments")
        run.open = Output(item, len(run.finished))
        run.finished.append(None)

    def _part_added(self, event):
        output = self._open(event)
        if output is None:
            return
        run = self.running[event["response_id"]]
        if run.is_default:
            self._expect(output.id in self.order, "conversation.item.added comes before the parts")
        self._expect(output.part is None, "one content part at a time")
        self._expect(event["content_index"] == len(output.parts), "content_index is the position")
        output.part = Part(event["part"]["type"])

    def _part(self, event, kind):
        output = self._open(event)
        if output is None or not self._expect(output.part is not None, "a content part is open"):
            return None
        self._expect(output.part.kind == kind, f"the content part is {output.part.kind}")
        self._expect(event["content_index"] == len(output.parts), "content_index is the position")
        return output.part

    def _text_delta(self, event):
        kind = "text" if event["type"].startswith("response.output_text") else "audio"
        part = self._part(event, kind)
        if part:
            self._expect("text" not in part.finished, "no delta after the text is done")
            is_cut = event["item_id"] in self.truncated
            self._expect(not is_cut, "no words of what was cut")
            part.text += event["delta"]

    def _text_done(self, event):
        kind = "text" if event["type"].startswith("response.output_text") else "audio"
        part = self._part(event, kind)
        if part:
            whole = event["text"] if kind == "text" else event["transcript"]
            if event["item_id"] in self.truncated:
                part.text = ""
            self._expect(part.text == whole, f"deltas {part.text!r} add up to {whole!r}")
            self._expect("text" not in part.finished, "the text is done once")
            self._expect(
                kind == "text" or "audio" in part.finished, "audio is done before its transcript"
            )
            part.finished.append("text")

    def _audio_delta(self, event):
        part = self._part(event, "audio")
        if part:
            self._expect("audio" not in part.finished, "no audio after the audio is done")
            part.audio += base64.b64decode(event["delta"])
            self.audio[event["item_id"]] = part.audio

    def _audio_done(self, event):
        part = self._part(event, "audio")
        if part:
            self._expect("audio" not in part.finished, "the audio is done once")
            part.finished.append("audio")

    def _part_done(self, event):
        part = self._part(event, event["part"]["type"])
        if part:
            self._expect("text" in part.finished, "a part is done after its text")
            whole = event["part"].get("text", event["part"].get("transcript"))
            self._expect(whole == part.text, "a part that is done is whole")
            output = self.running[event["response_id"]].output(event["item_id"])
            output.parts.append(part)
            output.part = None

    def _arguments_delta(self, event):
        output = self._open(event)
        if output:
            self._expect(output.call_id == event["call_id"], "a call keeps its call_id")
            self._expect(not output.arguments_finished, "no delta after the arguments are done")
            output.arguments += event["delta"]

    def _arguments_done(self, event):
        output = self._open(event)
        if output:
            self._expect(output.call_id == event["call_id"], "a call keeps its call_id")
            self._expect(output.arguments == event["arguments"], "deltas add up to the arguments")
            self._expect(not output.arguments_finished, "arguments are done once")
            output.arguments_finished = True

    def _tool_added(self, run, event):
        """A call of an MCP tool ends behind its response; others may begin before."""
        item = event["item"]
        self._expect(item.get("arguments", "") == "" or item["type"] != "mcp_call", "it is empty")
        self.calls.add(item["id"], event["response_id"])
        run.finished.append(item["id"])

    def _tool_done(self, event):
        self.calls.finish(event["item"], event["response_id"])

    def _output_item_done(self, event):
        if event["item"]["type"].startswith("mcp_"):
            self._tool_done(event)
            return
        run = self._run(event)
        if run is None:
            return
        item = event["item"]
        output = run.output(item["id"])
        if not self._expect(output is not None, "an output item that is open is done"):
            return
        self._expect(event["output_index"] == output.index, "output_index is the position")
        self._expect(item["status"] != "in_progress", "an output item that is done has ended")
        self._expect(output.part is None, "parts are done before their item")
        if run.is_default:
            self._expect(output.id not in self.pending_items, "conversation.item.done comes before")
        if output.type == "function_call":
            self._expect(output.arguments_finished, "arguments are done before their item")
            self._expect(item["arguments"] == output.arguments, "the call has its arguments")
        else:
            said = [one.get("text", one.get("transcript")) for one in item["content"]]
            cut = item["id"] in self.truncated
            whole = [None if cut else part.text for part in output.parts]
            self._expect(said == whole, "the item has its content, and none once it was cut")
        run.finished[output.index] = item
        if output is run.open:
            run.open = None
        else:
            run.speaking = None

    def _response_done(self, event):
        response = event["response"]
        run = self.running.pop(response["id"], None)
        if not self._expect(run is not None, "a response is done once, after it was created"):
            return
        self._expect(run.speaking is None, "speech is done before its response")
        self._expect(run.open is None, "output items are done before their response")
        found = [one["id"] if one["type"].startswith("mcp_") else one for one in response["output"]]
        self._expect(found == run.finished, "the response lists its output items")
        self.calls.end_response(response["id"])
        usage = response["usage"]
        self._expect(
            usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"],
            "tokens add up",
        )
        if response["status"] == "completed":
            self._expect(usage["output_tokens"] > 0, "what was said cost tokens")


    # MCP

    def _list_begun(self, event):
        self.calls.begin_list(event["item_id"])

    def _list_ended(self, event):
        self.calls.end_list(event["item_id"])

    def _tool_delta(self, event):
        self.calls.write(event["item_id"], event["delta"])

    def _tool_written(self, event):
        self.calls.end_writing(event["item_id"], event["arguments"])

    def _tool_begun(self, event):
        self.calls.begin(event["item_id"])

    def _tool_ended(self, event):
        self.calls.end(event["item_id"])


_HANDLERS = {
    "mcp_list_tools.in_progress": Sequence._list_begun,
    "mcp_list_tools.completed": Sequence._list_ended,
    "mcp_list_tools.failed": Sequence._list_ended,
    "response.mcp_call_arguments.delta": Sequence._tool_delta,
    "response.mcp_call_arguments.done": Sequence._tool_written,
    "response.mcp_call.in_progress": Sequence._tool_begun,
    "response.mcp_call.completed": Sequence._tool_ended,
    "response.mcp_call.failed": Sequence._tool_ended,
    "session.created": Sequence._session,
    "session.updated": Sequence._session,
    "input_audio_buffer.speech_started": Sequence._speech_started,
    "input_audio_buffer.speech_stopped": Sequence._speech_stopped,
    "input_audio_buffer.cleared": Sequence._cleared,
    "input_audio_buffer.committed": Sequence._committed,
    "conversation.item.added": Sequence._item_added,
    "conversation.item.done": Sequence._item_done,
    "conversation.item.deleted": Sequence._deleted,
    "conversation.item.truncated": Sequence._truncated,
    "conversation.item.retrieved": Sequence._known,
    "conversation.item.input_audio_transcription.delta": Sequence._transcription_delta,
    "conversation.item.input_audio_transcription.segment": Sequence._transcription_segment,
    "conversation.item.input_audio_transcription.completed": Sequence._transcription_ended,
    "conversation.item.input_audio_transcription.failed": Sequence._transcription_ended,
    "response.created": Sequence._response_created,
    "response.output_item.added": Sequence._output_item_added,
    "response.content_part.added": Sequence._part_added,
    "response.output_text.delta": Sequence._text_delta,
    "response.output_text.done": Sequence._text_done,
    "response.output_audio_transcript.delta": Sequence._text_delta,
    "response.output_audio_transcript.done": Sequence._text_done,
    "response.output_audio.delta": Sequence._audio_delta,
    "response.output_audio.done": Sequence._audio_done,
    "response.content_part.done": Sequence._part_done,
    "response.function_call_arguments.delta": Sequence._arguments_delta,
    "response.function_call_arguments.done": Sequence._arguments_done,
    "response.output_item.done": Sequence._output_item_done,
    "response.done": Sequence._response_done,
}
