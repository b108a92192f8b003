"""Validates events against the typed models of the official SDK."""

import json

from openai._models import BaseModel
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter, ValidationError

_ADAPTER = TypeAdapter(RealtimeServerEvent)

# The SDK types `session` as what a client creates; these come with what a server shows.
_SHOWN_ONLY = {("SessionCreatedEvent", "session"), ("SessionUpdatedEvent", "session")}
_SESSION_MEMBERS = {"id", "object", "expires_at"}

# Every item says what it is; the models of those that MCP tools leave lack the member.
_TOOL_ITEMS = "RealtimeMcp"


def problems(raw):
    """What the SDK's model finds wrong: misfits of type, and members that no model declares."""
    try:
        model = _ADAPTER.validate_json(raw, strict=True)
    except ValidationError as error:
        kind = json.loads(raw).get("type")
        return [
            f"SDK: {'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in error.errors()
            if kind is None or concerns(one["loc"], kind)
        ] or ["SDK: fits no event"]
    return undeclared(model, type(model).__name__)


def concerns(location, kind):
    """Whether a misfit belongs to the model of the event's type; others always misfit at `type`."""
    name = "".join(part.capitalize() for part in kind.replace("_", ".").split("."))
    return str(location[0]).removesuffix("Event").lower() == name.lower()


def undeclared(value, path):
    """Members of an event that no model declares."""
    if isinstance(value, list):
        return [p for i, one in enumerate(value) for p in undeclared(one, f"{path}[{i}]")]
    if not isinstance(value, BaseModel):
        return []
    extra = set(value.model_extra or {})
    parts = tuple(path.split("."))
    if parts in _SHOWN_ONLY:
        extra -= _SESSION_MEMBERS
    if type(value).__name__.startswith(_TOOL_ITEMS):
        extra -= {"object"}
    found = [f"SDK: {path}.{name}: declared by no model" for name in sorted(extra)]
    for name in type(value).model_fields:
        found += undeclared(getattr(value, name), f"{path}.{name}")
    return found
