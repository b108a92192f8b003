"""What the protocol reference says about each server event of the GA dialect.

Shapes are closed: a member that is not named is a mistake. Section numbers are its own.
"""

from harness.shape import (
    anything,
    base64_bytes,
    boolean,
    either,
    exactly,
    identifier,
    integer,
    list_of,
    members,
    null,
    nullable,
    number,
    some_base64,
    some_text,
    tagged,
    text,
)
from harness.tool_shapes import MCP_EVENTS, TOOL, mcp_items

# "Audio formats": rate for PCM, none for G.711.
AUDIO_FORMAT = tagged(
    "type",
    {
        "audio/pcm": members({"type": some_text, "rate": integer(8000, 48000)}),
        "audio/pcmu": members({"type": some_text}),
        "audio/pcma": members({"type": some_text}),
    },
)

# "turn_detection", with nulls spelled out.
_SERVER_VAD = {
    "type": some_text,
    "threshold": number(0, 1),
    "prefix_padding_ms": integer(),
    "silence_duration_ms": integer(),
}

_EAGERNESS = exactly("low", "medium", "high", "auto")

TURN_DETECTION = tagged(
    "type",
    {
        "server_vad": members(
            {
                **_SERVER_VAD,
                "idle_timeout_ms": nullable(integer(5000, 30000)),
                "create_response": boolean,
                "interrupt_response": boolean,
            }
        ),
        "semantic_vad": members(
            {
                "type": some_text,
                "eagerness": _EAGERNESS,
                "create_response": boolean,
                "interrupt_response": boolean,
            }
        ),
    },
)

# "Transcription session, GA": nothing is answered, so that nothing says how.
TRANSCRIPTION_TURN_DETECTION = tagged(
    "type",
    {
        "server_vad": members(_SERVER_VAD),
        "semantic_vad": members({"type": some_text, "eagerness": _EAGERNESS}),
    },
)

# "Input transcription config": other members only if the client set them.
TRANSCRIPTION = members(
    {"model": some_text, "language": nullable(some_text), "prompt": nullable(text)},
    {"languages": list_of(some_text), "keywords": list_of(text), "delay": some_text},
)

TOOL_CHOICE = either(
    exactly("auto", "none", "required"),
    members({"type": exactly("function"), "name": some_text}),
    members({"type": exactly("mcp"), "server_label": some_text}, {"name": nullable(text)}),
)

MAX_OUTPUT_TOKENS = either(exactly("inf"), integer(1, 4096))

TRUNCATION = either(
    exactly("auto", "disabled"),
    members(
        {"type": exactly("retention_ratio"), "retention_ratio": number(0, 1)},
        {"token_limits": members({}, {"post_instructions": integer()})},
    ),
)

MODALITIES = either(exactly(["audio"]), exactly(["text"]))

VOICE = either(some_text, members({"id": some_text}))

NOISE_REDUCTION = members(
    {"type": exactly("near_field", "far_field")}, {"strength": number(0, 1)}
)

TRACING = either(
    null,
    exactly("auto"),
    members({}, {"workflow_name": text, "group_id": text, "metadata": anything}),
)

PROMPT = nullable(members({"id": some_text}, {"version": anything, "variables": anything}))

INCLUDE = nullable(list_of(exactly("item.input_audio_transcription.logprobs")))

REASONING = members({"effort": exactly("minimal", "low", "medium", "high", "xhigh")})

# "Realtime session, GA": everything is there, what is off is null.
REALTIME_SESSION = members(
    {
        "type": exactly("realtime"),
        "object": exactly("realtime.session"),
        "id": identifier("sess_"),
        "model": some_text,
        "output_modalities": MODALITIES,
        "instructions": text,
        "tools": list_of(TOOL),
        "tool_choice": TOOL_CHOICE,
        "max_output_tokens": MAX_OUTPUT_TOKENS,
        "truncation": TRUNCATION,
        "prompt": PROMPT,
        "tracing": TRACING,
        "include": INCLUDE,
        "expires_at": integer(1_700_000_000),
        "audio": members(
            {
                "input": members(
                    {
                        "format": AUDIO_FORMAT,
                        "transcription": nullable(TRANSCRIPTION),
                        "noise_reduction": nullable(NOISE_REDUCTION),
                        "turn_detection": nullable(TURN_DETECTION),
                    }
                ),
                "output": members(
                    {"format": AUDIO_FORMAT, "voice": VOICE, "speed": number(0.25, 1.5)}
                ),
            }
        ),
    },
    {
        "parallel_tool_calls": boolean,
        "reasoning": REASONING,
    },
)

# "Transcription session, GA".
TRANSCRIPTION_SESSION = members(
    {
        "type": exactly("transcription"),
        "object": exactly("realtime.transcription_session"),
        "id": identifier("sess_"),
        "expires_at": integer(1_700_000_000),
        "include": INCLUDE,
        "audio": members(
            {
                "input": members(
                    {
                        "format": AUDIO_FORMAT,
                        "transcription": TRANSCRIPTION,
                        "noise_reduction": nullable(NOISE_REDUCTION),
                        "turn_detection": nullable(TRANSCRIPTION_TURN_DETECTION),
                    }
                )
            }
        ),
    }
)

SESSION = tagged(
    "type", {"realtime": REALTIME_SESSION, "transcription": TRANSCRIPTION_SESSION}
)

# "Item types": GA prints no member that the type doesn't have; audio bytes only in `retrieved`.
ITEM_STATUS = exactly("in_progress", "completed", "incomplete")


def _item_head(kind):
    return {
        "id": some_text,
        "object": exactly("realtime.item"),
        "type": exactly(kind),
        "status": ITEM_STATUS,
    }


def _message(role, part):
    return members({**_item_head("message"), "role": exactly(role), "content": list_of(part)})


def item(with_audio=False):
    """An item; `with_audio` where the event may carry the bytes of its audio."""
    audio = {"audio": base64_bytes} if with_audio else {}
    input_text = members({"type": some_text, "text": text})
    user_part = tagged(
        "type",
        {
            "input_text": input_text,
            "input_audio": members({"type": some_text, "transcript": nullable(text)}, audio),
            "input_image": members(
                {"type": some_text, "image_url": some_text}, {"detail": some_text}
            ),
        },
    )
    assistant_part = tagged(
        "type",
        {
            "output_text": members({"type": some_text, "text": text}),
            "output_audio": members({"type": some_text}, {"transcript": text, **audio}),
        },
    )
    message = tagged(
        "role",
        {
            "system": _message("system", tagged("type", {"input_text": input_text})),
            "user": _message("user", user_part),
            "assistant": _message("assistant", assistant_part),
        },
    )
    return tagged(
        "type",
        {
            "message": message,
            "function_call": members(
                {
                    **_item_head("function_call"),
                    "call_id": some_text,
                    "name": some_text,
                    "arguments": text,
                }
            ),
            "function_call_output": members(
                {**_item_head("function_call_output"), "call_id": some_text, "output": text}
            ),
            **mcp_items(),
        },
    )


ITEM = item()

# "Response object".
TOKEN_DETAILS = members(
    {"text_tokens": integer(), "audio_tokens": integer(), "image_tokens": integer()}
)

USAGE = members(
    {
        "total_tokens": integer(),
        "input_tokens": integer(),
        "output_tokens": integer(),
        "input_token_details": members(
            {
                "text_tokens": integer(),
                "audio_tokens": integer(),
                "image_tokens": integer(),
                "cached_tokens": integer(),
                "cached_tokens_details": TOKEN_DETAILS,
            }
        ),
        "output_token_details": members({"text_tokens": integer(), "audio_tokens": integer()}),
    }
)

STATUS_DETAILS = {
    "in_progress": null,
    "completed": null,
    "cancelled": members(
        {"type": exactly("cancelled"), "reason": exactly("turn_detected", "client_cancelled")}
    ),
    "incomplete": members(
        {"type": exactly("incomplete"), "reason": exactly("max_output_tokens", "content_filter")}
    ),
    "failed": members(
        {
            "type": exactly("failed"),
            "error": members(
                {"type": some_text, "code": nullable(some_text), "message": some_text}
            ),
        }
    ),
}


def _response(status, usage, output):
    return members(
        {
            "object": exactly("realtime.response"),
            "id": identifier("resp_"),
            "status": exactly(status),
            "status_details": STATUS_DETAILS[status],
            "output": output,
            "conversation_id": nullable(identifier("conv_")),
            "output_modalities": MODALITIES,
            "max_output_tokens": MAX_OUTPUT_TOKENS,
            "audio": members({"output": members({"format": AUDIO_FORMAT, "voice": VOICE})}),
            "usage": usage,
            "metadata": nullable(anything),
        }
    )


RESPONSE_CREATED = _response("in_progress", null, exactly([]))

RESPONSE_DONE = tagged(
    "status",
    {
        status: _response(status, USAGE, list_of(ITEM))
        for status in ("completed", "cancelled", "incomplete", "failed")
    },
)

PART = tagged(
    "type",
    {
        "text": members({"type": some_text, "text": text}),
        "audio": members({"type": some_text, "transcript": text}),
    },
)

OPENING_PART = either(
    exactly({"type": "text", "text": ""}), exactly({"type": "audio", "transcript": ""})
)

# "error event": null members are present.
ERROR = members(
    {
        "type": exactly("invalid_request_error", "server_error", "rate_limit_error"),
        "code": nullable(some_text),
        "message": some_text,
        "param": nullable(some_text),
        "event_id": nullable(text),
    }
)

_PLACE = {
    "response_id": identifier("resp_"),
    "item_id": some_text,
    "output_index": integer(),
    "content_index": integer(),
}

_CALL = {
    "response_id": identifier("resp_"),
    "item_id": some_text,
    "output_index": integer(),
    "call_id": some_text,
}

_OUTPUT_ITEM = {"response_id": identifier("resp_"), "output_index": integer(), "item": ITEM}

_PLACED_ITEM = {"previous_item_id": nullable(some_text), "item": ITEM}

_TRANSCRIBED = {"item_id": some_text, "content_index": integer()}

# "Input transcription": only where the client asked for them, and the engine has them.
LOGPROBS = list_of(
    members({"token": text, "logprob": number(high=0), "bytes": list_of(integer(0, 255))})
)

# "Server events": the events that a WebSocket session of the GA dialect may send.
EVENTS = {
    "session.created": {"session": SESSION},
    "session.updated": {"session": SESSION},
    "error": {"error": ERROR},
    "conversation.item.added": _PLACED_ITEM,
    "conversation.item.done": _PLACED_ITEM,
    "conversation.item.retrieved": {"item": item(with_audio=True)},
    "conversation.item.truncated": {
        "item_id": some_text,
        "content_index": integer(),
        "audio_end_ms": integer(),
    },
    "conversation.item.deleted": {"item_id": some_text},
    "input_audio_buffer.speech_started": {"audio_start_ms": integer(), "item_id": some_text},
    "input_audio_buffer.speech_stopped": {"audio_end_ms": integer(), "item_id": some_text},
    "input_audio_buffer.committed": {
        "item_id": some_text,
        "previous_item_id": nullable(some_text),
    },
    "input_audio_buffer.cleared": {},
    "input_audio_buffer.timeout_triggered": {
        "audio_start_ms": integer(),
        "audio_end_ms": integer(),
        "item_id": some_text,
    },
    "conversation.item.input_audio_transcription.delta": {**_TRANSCRIBED, "delta": some_text},
    "conversation.item.input_audio_transcription.completed": {
        **_TRANSCRIBED,
        "transcript": text,
        "usage": members({"type": exactly("duration"), "seconds": number(0)}),
    },
    "conversation.item.input_audio_transcription.segment": {
        **_TRANSCRIBED,
        "id": some_text,
        "speaker": some_text,
        "start": number(0),
        "end": number(0),
        "text": text,
    },
    "conversation.item.input_audio_transcription.failed": {
        **_TRANSCRIBED,
        "error": members({"type": text, "code": text, "message": some_text, "param": text}),
    },
    "response.created": {"response": RESPONSE_CREATED},
    "response.output_item.added": _OUTPUT_ITEM,
    "response.content_part.added": {**_PLACE, "part": OPENING_PART},
    "response.output_text.delta": {**_PLACE, "delta": some_text},
    "response.output_text.done": {**_PLACE, "text": text},
    "response.output_audio_transcript.delta": {**_PLACE, "delta": some_text},
    "response.output_audio_transcript.done": {**_PLACE, "transcript": text},
    "response.output_audio.delta": {**_PLACE, "delta": some_base64},
    "response.output_audio.done": _PLACE,
    "response.function_call_arguments.delta": {**_CALL, "delta": some_text},
    "response.function_call_arguments.done": {**_CALL, "name": some_text, "arguments": text},
    "response.content_part.done": {**_PLACE, "part": PART},
    "response.output_item.done": _OUTPUT_ITEM,
    "response.done": {"response": RESPONSE_DONE},
    "rate_limits.updated": {
        "rate_limits": list_of(
            members(
                {
                    "name": exactly("requests", "tokens"),
                    "limit": integer(1),
                    "remaining": integer(),
                    "reset_seconds": number(0),
                }
            )
        )
    },
    **MCP_EVENTS,
}

_OPTIONAL = {
    "conversation.item.input_audio_transcription.delta": {"logprobs": LOGPROBS},
    "conversation.item.input_audio_transcription.completed": {"logprobs": LOGPROBS},
}


def shapes(events):
    """The shape of each event, with the head that all of them have."""
    return {
        kind: members(
            {"type": exactly(kind), "event_id": identifier("event_"), **fields},
            _OPTIONAL.get(kind),
        )
        for kind, fields in events.items()
    }


_SHAPES = shapes(EVENTS)


def problems(event):
    """What is wrong with one event by itself; empty when it is as the reference says."""
    kind = event.get("type") if isinstance(event, dict) else None
    if kind not in _SHAPES:
        return [f"{kind!r} is no event of a WebSocket session in the GA dialect"]
    return _SHAPES[kind](event, kind)
