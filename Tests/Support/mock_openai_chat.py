"""What the models of mock_openai.py say: a function of what they are asked."""

import json
import re

MODELS = [
    "mock", "mock-reasoning", "mock-think", "mock-no-usage", "mock-completion-tokens", "mock-json",
    "mock-length", "mock-filter", "mock-crlf", "mock-bytes", "mock-no-done", "mock-whole-calls",
    "mock-parts", "mock-refusal", "mock-around", "mock-interpreter",
]


def text_of(content):
    """What a message says; of images only that they are there."""
    if not isinstance(content, list):
        return content
    return " ".join(part.get("text", "(image)") for part in content)


class Answer:
    """What the model says to a chat request."""

    def __init__(self, request):
        self.request = request
        self.model = request["model"]
        self.messages = request["messages"]
        self.names = self.tool_names()
        self.text = "" if self.names else self.words()

    def last(self, role):
        texts = [text_of(m.get("content")) for m in self.messages if m["role"] == role]
        return texts[-1] if texts else ""

    def last_is_tool(self):
        return bool(self.messages) and self.messages[-1]["role"] == "tool"

    def words(self):
        if self.last_is_tool():
            return f"The tool said: {self.last('tool')}."
        if self.model == "mock-refusal":
            return "I can't help with that."
        if self.model == "mock-interpreter":
            # Into the language that the instructions name.
            language = re.search(r"into (\w+)", self.last("system"))
            return f"In {language.group(1) if language else 'no language'}: {self.last('user')}."
        said = self.last("user") or "nothing"
        prefix = "<think>\nThe user spoke.\n</think>\n\n" if self.model == "mock-think" else ""
        return f"{prefix}You said: {said}."

    def tool_names(self):
        offered = [tool["function"]["name"] for tool in self.request.get("tools") or []]
        choice = self.request.get("tool_choice", "auto")
        if isinstance(choice, dict):
            return [choice["function"]["name"]]
        if not offered or choice == "none" or self.last_is_tool():
            return []
        match = re.search(r"\bcall (\w+)(?: and (\w+))?", self.last("user") or "")
        asked = [name for name in (match.groups() if match else ()) if name in offered]
        return asked or (offered[:1] if choice == "required" else [])

    def finish(self):
        manner = {"mock-length": "length", "mock-filter": "content_filter"}
        return manner.get(self.model) or ("tool_calls" if self.names else "stop")

    def usage(self):
        tokens = sum(len(str(m.get("content")).split()) for m in self.messages)
        return {"prompt_tokens": tokens, "completion_tokens": len(self.text.split()) or 7,
                "total_tokens": tokens + len(self.text.split()),
                "prompt_tokens_details": {"cached_tokens": tokens // 2}}

    @staticmethod
    def arguments(index):
        return json.dumps({"number": index, "text": "grüß"}, ensure_ascii=False)

    def calls(self):
        return [
            {"index": index, "id": f"call_{name}", "type": "function",
             "function": {"name": name, "arguments": self.arguments(index)}}
            for index, name in enumerate(self.names)
        ]

    def whole(self):
        message = {"role": "assistant", "content": self.text or None}
        if self.names:
            message["tool_calls"] = self.calls()
        choice = {"index": 0, "message": message, "finish_reason": self.finish()}
        return {"object": "chat.completion", "model": self.model, "choices": [choice],
                "usage": self.usage()}

    def deltas(self):
        yield {"role": "assistant", "content": ""}
        if self.model == "mock-reasoning":
            yield {"reasoning_content": "Hm, ", "content": None}
            yield {"reasoning": "let me think.", "reasoning_content": "let me think."}
        for word in re.findall(r"\s*\S+\s*$|\s*\S+", self.text):
            if self.model == "mock-refusal":
                yield {"refusal": word}
            elif self.model == "mock-parts":
                yield {"content": [{"type": "text", "text": word}]}
            else:
                yield {"content": word}
        is_around = self.model == "mock-around" and self.names
        if is_around:
            yield {"content": "Let me have a look. "}
        yield from self.call_deltas()
        if is_around:
            yield {"content": "This may take a moment."}

    def call_deltas(self):
        calls = self.calls()
        if self.model == "mock-whole-calls":
            # As some servers have it: no index, no id, arguments as an object.
            for call in calls:
                arguments = json.loads(call["function"]["arguments"])
                yield {"tool_calls": [{"function": {"name": call["function"]["name"],
                                                    "arguments": arguments}}]}
            return
        for call in calls:
            head = dict(call, function={"name": call["function"]["name"], "arguments": ""})
            yield {"tool_calls": [head]}
        # Pieces of parallel calls come interleaved.
        texts = [call["function"]["arguments"] for call in calls]
        for start in range(0, max(map(len, texts), default=0), 6):
            for index, text in enumerate(texts):
                if text[start:start + 6]:
                    yield {"tool_calls": [{"index": index,
                                           "function": {"arguments": text[start:start + 6]}}]}

    def chunks(self, wants_usage):
        base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": self.model}
        for delta in self.deltas():
            yield dict(base, choices=[{"index": 0, "delta": delta, "finish_reason": None}])
        yield dict(base, choices=[{"index": 0, "delta": {}, "finish_reason": self.finish()}])
        if wants_usage:
            yield dict(base, choices=[], usage=self.usage())
