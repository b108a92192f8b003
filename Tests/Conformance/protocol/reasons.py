"""What no golden trace shows: what proves it instead, or why Parley does not have it.

Names are those of `published.row_names`; a name that ends in `*` stands for all that begin so.
"""

_CALLS = "Only calls have it; Parley speaks WebSocket so far."
_TOKENS = "A transcript costs its length: `usage` says `duration`, which every client reads."
_NEVER_IN_GA = (
    "The published schema keeps it from beta, the live service does not send it, and clients end "
    "their session on it."
)
_NO_URL = "Refused with this reason: Parley reaches servers of tools by URL."
_SECRET_SHOWN = "A secret: never shown again."
_HEARD_HERE = "Taken as what was said, as in GA: its audio needs no recogniser."
_WITH_THE_TEXT = "Engines tell probabilities with the whole text, in `completed`."

# Surface → name → why not.
REASONS = {
    "ga client": {
        "output_audio_buffer.clear": _CALLS,
        "response: audio.output.voice.id": "Voices have names here; an object is read as its id.",
        "session: audio.output.voice.id": "Voices have names here; an object is read as its id.",
        "tool: connector_id": _NO_URL,
        "tool: tunnel_id": _NO_URL,
    },
    "ga server": {
        "conversation.created*": _NEVER_IN_GA,
        "conversation.item.created*": _NEVER_IN_GA,
        "conversation.item.input_audio_transcription.completed: usage.*": _TOKENS,
        "conversation.item.input_audio_transcription.completed: languages*": (
            "No engine tells the languages that it has heard."
        ),
        "conversation.item.input_audio_transcription.delta: logprobs*": _WITH_THE_TEXT,
        "input_audio_buffer.dtmf_event_received*": _CALLS,
        "output_audio_buffer.*": _CALLS,
        "response.content_part.added: part.audio": "Audio only comes in its own deltas.",
        "response.content_part.done: part.audio": "Audio only comes in its own deltas.",
        "session: audio.output.voice.id": "A voice is shown by its name.",
        "tool: authorization": _SECRET_SHOWN,
        "tool: connector_id": _NO_URL,
        "tool: headers": _SECRET_SHOWN,
        "tool: tunnel_id": _NO_URL,
    },
    "beta client": {
        "item: content[].transcript": _HEARD_HERE,
        "output_audio_buffer.clear": _CALLS,
        "session: client_secret*": "Secrets are made by `POST /v1/realtime/sessions` alone.",
    },
    "beta server": {
        "conversation.item.input_audio_transcription.delta: logprobs*": _WITH_THE_TEXT,
        "conversation.item.input_audio_transcription.completed: usage.*": _TOKENS,
        "output_audio_buffer.*": _CALLS,
        "session: client_secret*": "Only the answer of `POST /v1/realtime/sessions` has it.",
    },
    "translation client": {},
    "translation server": {},
}

# Surface → name → the test that proves it live.
TESTS = {
    "ga client": {},
    "ga server": {},
    "beta client": {},
    "beta server": {},
    "translation client": {},
    "translation server": {},
}

_SECRETS = "test_client_secrets.py"

# Endpoint → the test that proves it, or why Parley does not serve it.
ENDPOINTS = {
    "GET /v1/realtime?model=… (WebSocket)": "test_handshake.py::test_the_sdk_gets_in_with_the_key",
    "GET /v1/realtime?intent=transcription (WebSocket)": (
        "test_transcription.py::test_speech_comes_back_as_text_and_nothing_is_answered"
    ),
    "GET /v1/realtime?call_id=… (WebSocket)": _CALLS,
    "GET /v1/realtime/translations (WebSocket)": (
        "test_translation.py::test_speech_is_spoken_in_another_language"
    ),
    "POST /v1/realtime/client_secrets": (
        f"{_SECRETS}::test_the_sdk_makes_a_secret_and_connects_with_it"
    ),
    "POST /v1/realtime/translations/client_secrets": (
        "test_translation.py::test_the_sdk_makes_a_secret_and_a_browser_connects_with_it"
    ),
    "POST /v1/realtime/sessions": (
        f"{_SECRETS}::test_the_sdk_of_beta_makes_a_session_that_speaks_beta"
    ),
    "POST /v1/realtime/transcription_sessions": (
        f"{_SECRETS}::test_the_sdk_of_beta_makes_a_transcription_session"
    ),
    "POST /v1/realtime/calls": _CALLS,
    "POST /v1/realtime/calls/{call_id}/accept, reject, refer, hangup": _CALLS,
    "POST /v1/realtime?model=… (WebRTC of beta)": _CALLS,
    "GET /v1/models": "test_http.py::test_the_sdk_lists_the_pipelines",
}
