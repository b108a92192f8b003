"""What the official SDK's models publish: the events of each surface, and their members.

A member is named by its path: `session.audio.input.format.rate`, `item.content[].text`. What is an
object of its own and comes with many events (session, item, response) is listed once.
"""

import typing

from openai.types import realtime
from openai.types.beta import realtime as beta
from pydantic import BaseModel, TypeAdapter

SURFACES = {
    "ga client": realtime.RealtimeClientEvent,
    "ga server": realtime.RealtimeServerEvent,
    "beta client": beta.RealtimeClientEvent,
    "beta server": beta.RealtimeServerEvent,
    "translation client": realtime.RealtimeTranslationClientEvent,
    "translation server": realtime.RealtimeTranslationServerEvent,
}

# Those that come with many events.
OBJECTS = ("session", "item", "response")

# Objects within objects, where they are listed.
_WITHIN = {"output[]": "item", "input[]": "item", "tools[]": "tool", "prompt": "prompt"}

_ADAPTERS = {surface: TypeAdapter(union) for surface, union in SURFACES.items()}


def adapter(surface):
    """What validates a message of a surface."""
    return _ADAPTERS[surface]


def events(surface):
    """The models of a surface's events, by their `type`."""
    return {_type_of(model): model for model in _models(SURFACES[surface])}


def rows(surface):
    """Every event of a surface, and every member of events and objects, as a set of names."""
    found = set()
    for kind, model in events(surface).items():
        found.add(kind)
        for path in _paths(model):
            found |= row_names(kind, path)
    return found


def row_names(kind, path):
    """Under which name a member of an event is listed: none for what every event has."""
    first, _, rest = path.partition(".")
    if path in ("type", "event_id") or first not in OBJECTS:
        return set() if path in ("type", "event_id") else {f"{kind}: {path}"}
    if not rest:
        return set()
    within, _, member = rest.partition(".")
    if first != "item" and within in _WITHIN and member:
        return {f"{_WITHIN[within]}: {member}"}
    return {f"{first}: {rest}"}


def used(message):
    """The names of all that a message uses."""
    found = {message["type"]}
    for path in _used_paths(message):
        found |= row_names(message["type"], path)
    return found


def _used_paths(value, prefix=""):
    if isinstance(value, list):
        for one in value:
            yield from _used_paths(one, f"{prefix}[]")
    elif isinstance(value, dict):
        for name, one in value.items():
            path = f"{prefix}.{name}" if prefix else name
            yield path
            yield from _used_paths(one, path)


def _type_of(model):
    return typing.get_args(model.model_fields["type"].annotation)[0]


def _models(annotation):
    """The models that an annotation allows, however they are wrapped."""
    return [model for _, model in _nested(annotation)]


def _nested(annotation, brackets=""):
    """The models that an annotation allows, each behind `[]` for every list around it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [(brackets, annotation)]
    container = typing.get_origin(annotation)
    # What stands in a map has names of the client's own.
    if container is dict:
        return []
    within = brackets + "[]" * (container is list)
    return [found for one in typing.get_args(annotation) for found in _nested(one, within)]


def _paths(model, prefix="", above=()):
    for name, field in model.model_fields.items():
        path = prefix + (field.alias or name)
        yield path
        for brackets, inner in _nested(field.annotation):
            if inner not in above:
                yield from _paths(inner, f"{path}{brackets}.", (*above, inner))
