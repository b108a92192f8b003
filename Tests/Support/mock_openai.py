#!/usr/bin/env python3
"""A service that speaks the OpenAI API on this machine: deterministic, and broken on demand.

    mock_openai.py [--host 127.0.0.1] [--port 0] [--key KEY] [--stay]

Prints "listening on http://HOST:PORT" and ends when its standard input does (so that it can't
outlive the test that started it), with --stay only when it is told to. Standard library only.

What it says is a function of what it is asked:

  GET  /v1/models                 the models below
  POST /v1/chat/completions       "You said: <last words of the user>."; a tool is called when the
                                  user says "call <name>" or "call <name> and <name>", or when
                                  tool_choice demands it; after a tool's result "The tool said: …"
  POST /v1/audio/transcriptions   "I heard 1500 milliseconds at 16000 hertz in en."
  POST /v1/audio/speech           a 440 Hz tone, 50 ms for each character, divided by the speed
  GET  /requests/<token>          what was asked under that token, oldest first

The model's name chooses a manner of speaking (chat): mock, mock-reasoning, mock-think,
mock-no-usage, mock-completion-tokens, mock-json (never streams), mock-length, mock-filter,
mock-crlf, mock-bytes, mock-no-done, mock-whole-calls, mock-parts, mock-refusal, mock-around
(says something before a call, and something behind it), mock-interpreter (says "In <language>: …",
which the instructions name behind "into").

A base URL of http://HOST:PORT/t/<token>/v1 keeps what is asked apart under the token; one of
/t/<token>/<fault>/v1 breaks it, /t/<token>/<fault>*<count>/v1 the first <count> times; with @post
behind the fault the list of models stays whole. Faults:

  status-<code>      that status with an error body that holds what no log may show; one of
                     status-<code>-<name> bears that name as its code
  retry-<seconds>    429 with Retry-After
  html, empty, garbage, wrong-types, no-choices     an answer that is none
  not-events         text that is no event stream, sent as one
  bad-event          a first good event, then one that is no JSON
  error-event        a first good event, then one with an error
  first-error        an event with an error, and nothing before it
  cut                closes the connection in the middle of an event
  cut-when-told      the same, but not before GET /tell/<token>
  cut-early          closes it after the head
  close              closes it without an answer
  never              never answers; stall stops after the first piece
  huge               an event that never ends
  redirect           302 to somewhere else
  rate-<hertz>       speech as WAV with that rate in its head
"""

import argparse
import io
import json
import math
import re
import struct
import sys
import threading
import wave
from email.parser import BytesParser
from email.policy import HTTP as HTTP_POLICY
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mock_openai_chat import MODELS, Answer

SECRET_WORDS = "Incorrect API key provided: sk-secret. You asked: tell me a secret."
ERROR_EVENT = {"error": {"message": SECRET_WORDS, "type": "server_error", "code": "mock_error"}}
STALL_SECONDS = 30


class Journal:
    """What was asked, and how often a fault still strikes, by token."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = {}
        self.struck = {}
        self.told = {}

    def signal(self, token):
        with self.lock:
            return self.told.setdefault(token, threading.Event())

    def note(self, token, entry):
        with self.lock:
            self.requests.setdefault(token, []).append(entry)

    def read(self, token):
        with self.lock:
            return list(self.requests.get(token, []))

    def strikes(self, token, limit):
        with self.lock:
            count = self.struck.get(token, 0)
            self.struck[token] = count + 1
            return limit is None or count < limit


class Gone(Exception):
    """The answer ends here, without its end."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    journal = Journal()
    key = None

    # -- routing

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        self.is_chunked = False
        try:
            self.route()
        except (Gone, BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def route(self):
        listing = re.fullmatch(r"/requests/([\w-]+)", self.path)
        if listing:
            return self.send_json(200, self.journal.read(listing[1]))
        told = re.fullmatch(r"/tell/([\w-]+)", self.path)
        if told:
            self.journal.signal(told[1]).set()
            return self.send_json(200, {})
        fault = r"/([\w.-]+)(?:\*(\d+))?(@post)?"
        match = re.fullmatch(rf"(?:/t/([\w-]+)(?:{fault})?)?/v1(/.*)", self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not match:
            return self.send_error_body(404, "not_found")
        token, fault, count, only_post, path = match.groups()
        self.note(token or "-", path, body)
        if only_post and self.command != "POST":
            fault = None
        if fault and self.journal.strikes(token, int(count) if count else None):
            return self.fail(fault, path, token)
        if self.key and self.headers.get("Authorization") != f"Bearer {self.key}":
            return self.send_error_body(401, "invalid_api_key")
        return self.serve(path, body)

    def serve(self, path, body):
        if path == "/models":
            models = [{"id": name, "object": "model", "owned_by": "mock"} for name in MODELS]
            return self.send_json(200, {"object": "list", "data": models})
        if path == "/chat/completions":
            return self.chat(json.loads(body))
        if path == "/audio/transcriptions":
            return self.transcribe(self.form(body))
        if path == "/audio/speech":
            return self.speak(json.loads(body))
        return self.send_error_body(404, "not_found")

    def note(self, token, path, body):
        entry = {"method": self.command, "path": path, "headers": dict(self.headers)}
        kind = self.headers.get("Content-Type") or ""
        if kind.startswith("application/json"):
            entry["body"] = json.loads(body)
        elif kind.startswith("multipart/form-data"):
            fields = self.form(body)
            entry["form"] = {k: v for k, v in fields.items() if isinstance(v, str)}
            entry["file_bytes"] = len(fields.get("file") or b"")
        self.journal.note(token, entry)

    def form(self, body):
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP_POLICY).parsebytes(head + body)
        fields = {}
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            is_file = part.get_filename() is not None
            fields[name] = content if is_file else content.decode()
        return fields

    # -- answers

    def send_bytes(self, status, kind, data, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def send_json(self, status, value, headers=()):
        self.send_bytes(status, "application/json", json.dumps(value).encode(), headers)

    def send_error_body(self, status, code, headers=()):
        error = {"message": SECRET_WORDS, "type": "invalid_request_error", "param": None,
                 "code": code}
        self.send_json(status, {"error": error}, headers)

    def begin(self, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.is_chunked = True

    def piece(self, data):
        if isinstance(data, str):
            data = data.encode()
        if data:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()

    def end(self):
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def event(self, value):
        self.piece(f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n")

    def wait_for_nothing(self):
        """Until the other side goes, or long enough for any test to have given up."""
        self.connection.settimeout(STALL_SECONDS)
        try:
            self.connection.recv(1)
        except OSError:
            pass
        raise Gone

    # -- faults

    def fail(self, fault, path, token):
        if fault.startswith("status-"):
            status, _, name = fault[7:].partition("-")
            return self.send_error_body(int(status), name or "mock_error")
        if fault.startswith("retry-"):
            return self.send_error_body(429, "rate_limit_exceeded", [("Retry-After", fault[6:])])
        plain = {
            "html": ("text/html", b"<html><body>Welcome to the proxy</body></html>"),
            "empty": ("application/json", b""),
            "garbage": ("application/octet-stream", bytes(range(256)) * 4),
            "wrong-types": ("application/json", b'{"choices": 7, "text": [1], "data": {}}'),
            "no-choices": ("application/json", b'{"object": "something else"}'),
        }
        if fault in plain:
            return self.send_bytes(200, *plain[fault])
        if fault == "redirect":
            return self.send_bytes(302, "text/plain", b"", [("Location", "http://127.0.0.1:9/v1")])
        if fault.startswith("rate-"):
            return self.send_bytes(200, "audio/wav", wav_head(int(fault[5:])) + tone(2_400, 24_000))
        if fault == "close":
            raise Gone
        if fault == "never":
            self.wait_for_nothing()
        self.begin("audio/pcm" if path == "/audio/speech" else "text/event-stream")
        if fault == "cut-early":
            raise Gone
        self.fail_midway(fault, path, token)

    def fail_midway(self, fault, path, token):
        good = self.good_event(path)
        if fault == "not-events":
            self.piece("this is not\nan event stream\n\n")
            return self.end()
        if fault == "first-error":
            self.event(ERROR_EVENT)
            return self.end()
        self.piece(good)
        if fault == "bad-event":
            self.event("{not json")
            return self.end()
        if fault == "error-event":
            self.event(ERROR_EVENT)
            return self.end()
        if fault == "cut-when-told":
            self.journal.signal(token).wait(STALL_SECONDS)
        if fault.startswith("cut"):
            self.piece('data: {"choices": [{"delta"')
            raise Gone
        if fault == "stall":
            self.wait_for_nothing()
        if fault == "huge":
            for _ in range(64):
                self.piece("data: " + "x" * 1_000_000)
            return self.end()
        self.end()

    @staticmethod
    def good_event(path):
        if path == "/audio/speech":
            return tone(2_400, 24_000)
        if path == "/audio/transcriptions":
            return 'data: {"type": "transcript.text.delta", "delta": "I heard"}\n\n'
        return 'data: {"choices": [{"index": 0, "delta": {"content": "You said"}}]}\n\n'

    # -- chat

    def chat(self, request):
        model = request.get("model", "")
        if model not in MODELS:
            return self.send_error_body(404, "model_not_found")
        if model == "mock-no-usage" and "stream_options" in request:
            return self.refuse("stream_options")
        if model == "mock-completion-tokens" and "max_tokens" in request:
            return self.refuse("max_tokens")
        answer = Answer(request)
        if not request.get("stream") or model == "mock-json":
            return self.send_json(200, answer.whole())
        wants_usage = (request.get("stream_options") or {}).get("include_usage")
        chunks = [json.dumps(chunk, ensure_ascii=False) for chunk in answer.chunks(wants_usage)]
        lines = [f"data: {chunk}" for chunk in chunks]
        if model != "mock-no-done":
            lines.append("data: [DONE]")
        self.begin("text/event-stream; charset=utf-8")
        if model == "mock-crlf":
            head = ": comment\r\nevent: message\r\ndata:"
            lines = [line.replace("data: ", head) for line in lines]
            self.piece("\r\n\r\n".join(lines) + "\r\n\r\n")
        elif model == "mock-bytes":
            for byte in ("\n\n".join(lines) + "\n\n").encode():
                self.piece(bytes([byte]))
        else:
            for line in lines:
                self.piece(line + "\n\n")
        self.end()

    def refuse(self, name):
        message = f"Unsupported parameter: '{name}' is not supported with this model."
        error = {"message": message, "type": "invalid_request_error", "param": name,
                 "code": "unsupported_parameter"}
        self.send_json(400, {"error": error})

    # -- audio

    def transcribe(self, fields):
        with wave.open(io.BytesIO(fields["file"])) as file:
            rate, count = file.getframerate(), file.getnframes()
        milliseconds = round(count * 1000 / rate)
        language = fields.get("language", "nothing")
        text = f"I heard {milliseconds} milliseconds at {rate} hertz in {language}."
        words = re.findall(r"\s*\S+", text)
        extras = {}
        if fields.get("include[]") == "logprobs":
            extras["logprobs"] = [
                {"token": word, "logprob": -0.25, "bytes": list(word.encode())} for word in words
            ]
        if fields.get("response_format") == "diarized_json":
            half = milliseconds / 2000
            extras["segments"] = [
                {
                    "type": "transcript.text.segment",
                    "id": f"seg_{index}",
                    "speaker": speaker,
                    "start": index * half,
                    "end": (index + 1) * half,
                    "text": "".join(part),
                }
                for index, (speaker, part) in enumerate((("A", words[:4]), ("B", words[4:])))
            ]
        if fields.get("stream") != "true":
            whole = {"text": text, "language": fields.get("language"), **extras}
            return self.send_json(200, whole)
        self.begin("text/event-stream")
        for word in words:
            self.event({"type": "transcript.text.delta", "delta": word})
        self.event({"type": "transcript.text.done", "text": text, **extras})
        self.event("[DONE]")
        self.end()

    def speak(self, request):
        if request.get("voice") == "nobody":
            return self.send_error_body(400, "voice_not_found")
        rate = 24_000
        count = int(len(request["input"]) * rate * 0.05 / float(request.get("speed", 1)))
        data = tone(count, rate)
        if request.get("response_format") == "wav":
            self.begin("audio/wav")
            head = wav_head(rate)
            for start in range(0, len(head), 5):
                self.piece(head[start:start + 5])
        else:
            self.begin("audio/pcm")
        # An odd length, so that samples are cut in two.
        for start in range(0, len(data), 1_001):
            self.piece(data[start:start + 1_001])
        self.end()

    def log_message(self, *_):
        pass


def wav_head(rate):
    unknown = struct.pack("<I", 0xFFFFFFFF)
    form = struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16)
    return b"RIFF" + unknown + b"WAVEfmt " + form + b"data" + unknown


def tone(count, rate):
    samples = (int(8_000 * math.sin(2 * math.pi * 440 * n / rate)) for n in range(count))
    return struct.pack(f"<{count}h", *samples)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # Many tests at once.
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """Clients of tests go when they like; everything else is told."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key")
    parser.add_argument("--stay", action="store_true")
    options = parser.parse_args()
    Handler.key = options.key
    server = Server((options.host, options.port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"listening on http://{options.host}:{server.server_port}", flush=True)
    try:
        if options.stay:
            threading.Event().wait()
        while sys.stdin.buffer.read(4096):
            pass
    except KeyboardInterrupt:
        pass
    server.shutdown()


if __name__ == "__main__":
    main()
