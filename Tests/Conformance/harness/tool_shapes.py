"""The shapes of tools: functions, MCP servers, and what calling them is told by."""

from harness.shape import (
    anything,
    boolean,
    either,
    exactly,
    identifier,
    integer,
    list_of,
    members,
    nullable,
    some_text,
    tagged,
    text,
)

FUNCTION_TOOL = members(
    {"type": exactly("function"), "name": some_text},
    {"description": nullable(text), "parameters": anything},
)

# "Tools": as the client gave it, without its secrets.
TOOL_FILTER = members({}, {"tool_names": list_of(some_text), "read_only": boolean})

MCP_TOOL = members(
    {"type": exactly("mcp"), "server_label": some_text, "server_url": some_text},
    {
        "server_description": text,
        "allowed_callers": list_of(some_text),
        "defer_loading": boolean,
        "allowed_tools": either(list_of(some_text), TOOL_FILTER),
        "require_approval": either(
            exactly("always", "never"), members({}, {"always": TOOL_FILTER, "never": TOOL_FILTER})
        ),
    },
)

TOOL = tagged("type", {"function": FUNCTION_TOOL, "mcp": MCP_TOOL})

_MCP_CALL = {"server_label": some_text, "name": some_text, "arguments": text}

MCP_ERROR = tagged(
    "type",
    {
        "protocol_error": members({"type": text, "code": integer(-(2**31)), "message": some_text}),
        "tool_execution_error": members({"type": text, "message": some_text}),
        "http_error": members({"type": text, "code": integer(100, 599), "message": some_text}),
    },
)

# "Item types": what tools of MCP servers leave in a conversation, beside what all items have.
_MCP_MEMBERS = {
    "mcp_list_tools": {
        "server_label": some_text,
        "tools": list_of(
            members(
                {"name": some_text, "description": text, "input_schema": anything},
                {"annotations": anything},
            )
        ),
    },
    "mcp_call": {
        **_MCP_CALL,
        "approval_request_id": nullable(some_text),
        "output": nullable(text),
        "error": nullable(MCP_ERROR),
    },
    "mcp_approval_request": _MCP_CALL,
    "mcp_approval_response": {
        "approval_request_id": some_text,
        "approve": boolean,
        "reason": nullable(text),
    },
}


def mcp_items(**common):
    """The items by their types; `common` is what the dialect's items have besides."""
    head = {"id": some_text, "object": exactly("realtime.item"), "type": some_text, **common}
    return {kind: members({**head, **own}) for kind, own in _MCP_MEMBERS.items()}


# "MCP".
_MCP_PLACE = {"item_id": some_text, "output_index": integer()}

_MCP_WRITING = {"response_id": identifier("resp_"), **_MCP_PLACE}

MCP_EVENTS = {
    "mcp_list_tools.in_progress": {"item_id": some_text},
    "mcp_list_tools.completed": {"item_id": some_text},
    "mcp_list_tools.failed": {"item_id": some_text},
    # agents-js demands that the padding is a string.
    "response.mcp_call_arguments.delta": {**_MCP_WRITING, "delta": some_text, "obfuscation": text},
    "response.mcp_call_arguments.done": {**_MCP_WRITING, "arguments": text},
    "response.mcp_call.in_progress": _MCP_PLACE,
    "response.mcp_call.completed": _MCP_PLACE,
    "response.mcp_call.failed": _MCP_PLACE,
}
