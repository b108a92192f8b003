"""The checker itself: it accepts what the reference shows and notices what differs."""

import copy
import json

import pytest

from harness import reference, speech, typed
from harness.sequence import Sequence

ADDED = {
    "type": "conversation.item.added",
    "event_id": "event_4",
    "previous_item_id": None,
    "item": {
        "id": "item_u",
        "object": "realtime.item",
        "type": "message",
        "status": "completed",
        "role": "user",
        "content": [{"type": "input_audio", "transcript": None}],
    },
}

ERROR = {
    "type": "error",
    "event_id": "event_22",
    "error": {
        "type": "invalid_request_error",
        "code": "response_cancel_not_active",
        "message": "Cancellation failed: nothing is being generated.",
        "param": None,
        "event_id": "c1",
    },
}


def problems(event):
    return reference.problems(event) + typed.problems(json.dumps(event))


def changed(event, path, value):
    event = copy.deepcopy(event)
    target = event
    for step in path[:-1]:
        target = target[step]
    if value is KeyError:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return event


@pytest.mark.parametrize("event", [ADDED, ERROR], ids=["added", "error"])
def test_events_of_the_reference_are_accepted(event):
    assert problems(event) == []


@pytest.mark.parametrize(
    "event",
    [
        changed(ADDED, ["event_id"], KeyError),
        changed(ADDED, ["event_id"], "4"),
        changed(ADDED, ["previous_item_id"], KeyError),
        changed(ADDED, ["item", "object"], "item"),
        changed(ADDED, ["item", "status"], "done"),
        changed(ADDED, ["item", "name"], None),
        changed(ADDED, ["item", "content", 0, "audio"], "AAAA"),
        changed(ADDED, ["item", "content", 0, "transcript"], KeyError),
        changed(ADDED, ["item", "content", 0, "type"], "text"),
        changed(ERROR, ["error", "param"], KeyError),
        changed(ERROR, ["error", "message"], ""),
        changed(ERROR, ["extra"], 1),
        changed(ERROR, ["type"], "conversation.item.created"),
    ],
)
def test_differences_are_noticed(event):
    assert problems(event)


def test_the_models_of_the_sdk_are_asked():
    assert typed.problems(json.dumps(ERROR)) == []
    assert typed.problems(json.dumps(changed(ERROR, ["error", "code"], 7)))
    assert typed.problems(json.dumps(changed(ERROR, ["error", "more"], 7)))


def test_a_second_start_of_speech_is_noticed():
    sequence = Sequence()
    sequence.count = 1
    start = {"type": "input_audio_buffer.speech_started", "audio_start_ms": 0, "item_id": "i"}
    assert sequence.check({**start, "event_id": "event_1"}) == []
    assert sequence.check({**start, "event_id": "event_2"}) == [
        "speech starts only after it has stopped"
    ]


def check_all(events):
    sequence = Sequence()
    sequence.count = 1
    for number, event in enumerate(events):
        assert sequence.check({**event, "event_id": f"event_{number}"}) == []
    return sequence.unfinished()


DONE = {**ADDED, "type": "conversation.item.done"}
COMMITTED = {
    "type": "input_audio_buffer.committed",
    "item_id": "item_u",
    "previous_item_id": None,
}
DELTA = {
    "type": "conversation.item.input_audio_transcription.delta",
    "item_id": "item_u",
    "content_index": 0,
    "delta": "Hi",
}
TRANSCRIBED = {
    "type": "conversation.item.input_audio_transcription.completed",
    "item_id": "item_u",
    "content_index": 0,
    "transcript": "Hi",
}
CREATED = {"type": "response.created", "response": {"id": "resp_1", "conversation_id": None}}


@pytest.mark.parametrize(
    "events",
    [[COMMITTED], [ADDED], [ADDED, DONE, DELTA], [CREATED], [COMMITTED, ADDED, DONE, CREATED]],
    ids=["committed", "added", "transcribing", "response", "response behind an item"],
)
def test_what_is_left_unfinished_is_noticed(events):
    assert check_all(events)


def test_at_rest_nothing_is_unfinished():
    assert check_all([COMMITTED, ADDED, DONE, DELTA, TRANSCRIBED]) == []


MESSAGE = {"id": "item_a", "type": "message", "status": "in_progress", "role": "assistant"}
CALL = {"id": "item_c", "type": "function_call", "status": "in_progress", "arguments": ""}


def beside(kind):
    """A response's call that begins while a part of its message is open."""
    place = {"response_id": "resp_1", "output_index": 0}
    added = {"type": "response.output_item.added", **place, "item": {**MESSAGE, "content": []}}
    part = {"type": "response.content_part.added", **place, "item_id": "item_a"}
    call = {"type": "response.output_item.added", **place, "output_index": 1}
    return [
        CREATED,
        added,
        {**part, "content_index": 0, "part": {"type": kind}},
        {**call, "item": {**CALL, "call_id": "call_1", "name": "f"}},
    ]


@pytest.mark.parametrize("kind", ["audio", "text"])
def test_a_call_may_begin_beside_a_message(kind):
    assert check_all(beside(kind))


def test_a_second_message_beside_the_first_is_noticed():
    first, added, part, call = beside("text")
    second = {**call, "item": {**MESSAGE, "id": "item_b", "content": []}}
    with pytest.raises(AssertionError, match="begins after the one before is done"):
        check_all([first, added, part, second])


def test_a_used_event_id_is_noticed():
    sequence = Sequence()
    sequence.count = 1
    event = {"type": "input_audio_buffer.cleared", "event_id": "event_1"}
    assert sequence.check(event) == []
    assert sequence.check(event) == ["event ids are never used twice"]


def test_words_are_compared_in_order():
    assert speech.overlap("he was a young man", "he was not a young man") == pytest.approx(5 / 6)
    assert speech.overlap("", "something") == 0


@pytest.mark.parametrize("kind", ["audio/pcmu", "audio/pcma"])
def test_g711_survives_its_codec(kind):
    samples = [0, 1000, -1000, 12_000, -12_000, 30_000]
    again = speech.decode_g711(kind, speech.encode_g711(kind, samples))
    assert all(
        abs(one - two) <= max(40, abs(one) // 16) for one, two in zip(samples, again, strict=True)
    )
