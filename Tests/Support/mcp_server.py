"""A server of tools for tests: the `mcp` package over every transport, and faults.

    mcp_server.py            prints `listening on <url>`, ends with its standard input

The paths: `/stream/mcp` answers with events, `/json/mcp` with JSON, `/stateless/mcp` without a
session, `/locked/mcp` wants `Authorization: Bearer open-sesame` and `X-Key: k`, `/old/sse` speaks
the older transport, `/dozen/mcp` has a dozen tools. `/faults/<fault>` never works: `status-<n>`,
`garbage`, `html`, `cut`, `hang`, `die`, `refuse`, `redirect`; `/calls/<fault>` works until a tool
is called, and `/calls/resume` breaks its answer off, but has the rest for who resumes it.
`GET /requests/<name>` tells what was asked there, `GET /asked/<name>/<method>` and `GET /called`
wait for a request and for a call of `wait`, `POST /release` lets that tool answer.
"""

import asyncio
import contextlib
import json
import logging
import sys

import uvicorn
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ImageContent, TextContent, ToolAnnotations

READ_ONLY = ToolAnnotations(read_only_hint=True)

EVENTS = "text/event-stream"

called = asyncio.Event()
released = asyncio.Event()


def make_tools():
    """The server whose tools the tests call."""
    server = MCPServer("tests")

    @server.tool(annotations=READ_ONLY)
    def add(a: int, b: int) -> int:
        """Adds two numbers."""
        return a + b

    @server.tool(annotations=READ_ONLY, structured_output=False)
    def weather(city: str) -> str:
        """Tells the weather of a city."""
        return json.dumps({"city": city, "temperature": 21})

    @server.tool()
    def note(text: str) -> str:
        """Keeps a text."""
        return f"kept {text}"

    @server.tool()
    def fail(text: str) -> str:
        """Fails."""
        raise ToolError(f"broken by {text}")

    @server.tool(structured_output=False)
    def picture() -> list:
        """Draws."""
        return [
            TextContent(type="text", text="a picture:"),
            ImageContent(type="image", data="AAAA", mime_type="image/png"),
        ]

    @server.tool()
    async def wait(context: Context) -> str:
        """Answers when it is let."""
        called.set()
        await released.wait()
        return "waited"

    @server.tool()
    async def report(context: Context) -> str:
        """Says how it goes on before it answers."""
        await context.report_progress(1, 2, "half of it")
        return "reported"

    @server.tool(structured_output=False)
    def large(size: int) -> str:
        """Says a lot."""
        return "x" * size

    return server


def make_dozen():
    """A server with many tools."""
    server = MCPServer("dozen")
    for number in range(12):
        server.add_tool(lambda: "done", name=f"tool_{number}", description=f"Number {number}.")
    return server


SAFE = TransportSecuritySettings(enable_dns_rebinding_protection=False)

APPS = {
    "stream": make_tools().streamable_http_app(transport_security=SAFE),
    "json": make_tools().streamable_http_app(json_response=True, transport_security=SAFE),
    "stateless": make_tools().streamable_http_app(stateless_http=True, transport_security=SAFE),
    "locked": make_tools().streamable_http_app(transport_security=SAFE),
    "old": make_tools().sse_app(transport_security=SAFE),
    "dozen": make_dozen().streamable_http_app(json_response=True, transport_security=SAFE),
}

asked = {}
broken_off = []
news = asyncio.Condition()


async def reply(send, status, body=b"", kind="application/json", **headers):
    """Sends a whole response."""
    fields = {"content-type": kind, **headers}
    encoded = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})


async def read(receive):
    """The whole body of a request."""
    body, is_whole = b"", False
    while not is_whole:
        message = await receive()
        body += message.get("body", b"")
        is_whole = not message.get("more_body", False)
    return body


async def die(send):
    """Breaks the connection off in the middle of an answer."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"jsonrpc"', "more_body": True})
    raise ConnectionAbortedError("on purpose")


async def fault(name, send, body=b""):
    """Answers as no server should."""
    if name.startswith("status-"):
        await reply(send, int(name.removeprefix("status-")), b'{"secret": "of the server"}')
    elif name == "garbage":
        await reply(send, 200, b"{]")
    elif name == "html":
        await reply(send, 200, b"<html>Welcome to the proxy</html>", kind="text/html")
    elif name == "cut":
        await reply(send, 200, b"event: message\ndata: {", kind=EVENTS)
    elif name == "die":
        await die(send)
    elif name == "refuse":
        error = {"code": -32001, "message": "not today"}
        answer = {"jsonrpc": "2.0", "id": json.loads(body)["id"], "error": error}
        await reply(send, 200, json.dumps(answer).encode())
    elif name == "resume":
        broken_off.append(json.loads(body)["id"])
        await reply(send, 200, b"id: e1\nretry: 1\ndata:\n\nid: e2\ndata: {", kind=EVENTS)
    elif name == "redirect":
        await reply(send, 307, location="http://127.0.0.1:1/elsewhere")
    else:
        await asyncio.Event().wait()


async def go_on(send):
    """Sends what was missing of an answer that broke off."""
    result = {"content": [{"type": "text", "text": "the rest"}]}
    answer = {"jsonrpc": "2.0", "id": broken_off.pop(), "result": result}
    await reply(send, 200, f"id: e2\ndata: {json.dumps(answer)}\n\n".encode(), kind=EVENTS)


async def be_terse(send, body):
    """Is a server whose one tool has nothing but a name and a schema."""
    results = {
        "initialize": {
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "terse", "version": "1"},
        },
        "tools/list": {"tools": [{"name": "bare", "inputSchema": {"type": "object"}}]},
    }
    asked_for = json.loads(body or b"{}")
    result = results.get(asked_for.get("method"))
    if result is None:
        return await reply(send, 202)
    answer = {"jsonrpc": "2.0", "id": asked_for["id"], "result": result}
    await reply(send, 200, json.dumps(answer).encode())


async def note(name, method, headers):
    """Keeps what was asked."""
    async with news:
        asked.setdefault(name, []).append({"method": method, "headers": headers})
        news.notify_all()


async def wait_for(name, method):
    """Waits until a server was asked by a method."""
    async with news:
        await news.wait_for(lambda: any(one["method"] == method for one in asked.get(name, [])))


async def control(scope, send):
    """The doors for tests."""
    path = scope["path"]
    if path == "/release":
        released.set()
        await reply(send, 200, b"{}")
    elif path == "/called":
        await called.wait()
        await reply(send, 200, b"{}")
    elif path.startswith("/asked/"):
        await wait_for(*path.removeprefix("/asked/").split("/"))
        await reply(send, 200, b"{}")
    else:
        name = path.removeprefix("/requests/")
        await reply(send, 200, json.dumps(asked.get(name, [])).encode())


def is_let_in(name, headers):
    """Whether the headers open the door."""
    if name != "locked":
        return True
    return headers.get("authorization") == "Bearer open-sesame" and headers.get("x-key") == "k"


async def until_called(name, scope, receive, send):
    """Is a server with tools that can't be called."""
    body = await read(receive)
    if (b"last-event-id", b"e1") in scope["headers"]:
        return await go_on(send)
    if b'"tools/call"' in body:
        return await fault(name, send, body)

    async def again():
        return {"type": "http.request", "body": body, "more_body": False}

    inner = {**scope, "path": "/mcp", "raw_path": b"/mcp", "root_path": ""}
    await APPS["json"](inner, again, send)


async def application(scope, receive, send):
    """Sends each path to its server."""
    if scope["type"] == "lifespan":
        return await lifespan(receive, send)
    name, _, rest = scope["path"].removeprefix("/").partition("/")
    headers = {key.decode(): value.decode() for key, value in scope["headers"]}
    if name not in APPS and name not in ("faults", "calls", "terse"):
        return await control(scope, send)
    place = name if name in APPS else rest
    await note(place, scope["method"], headers)
    if name == "faults":
        return await fault(rest, send)
    if name == "terse":
        return await be_terse(send, await read(receive))
    if name == "calls":
        return await until_called(rest, scope, receive, send)
    if not is_let_in(name, headers):
        return await reply(send, 401, b'{"error": "closed"}')
    inner = {**scope, "path": "/" + rest, "raw_path": b"/" + rest.encode()}
    inner["root_path"] = "/" + name if name == "old" else ""
    if name == "old":
        # Starlette takes the root off again.
        inner["path"] = scope["path"]
    await APPS[name](inner, receive, send)


async def lifespan(receive, send):
    """Begins and ends all servers with this one."""
    async with contextlib.AsyncExitStack() as stack:
        await receive()
        for app in APPS.values():
            await stack.enter_async_context(app.router.lifespan_context(app))
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def main():
    logging.disable(logging.WARNING)
    configuration = uvicorn.Config(application, host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(configuration)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    print(f"listening on http://127.0.0.1:{port}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.force_exit = server.should_exit = True
    released.set()
    await serving


if __name__ == "__main__":
    asyncio.run(main())
