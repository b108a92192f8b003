"""Images that clients show.

Source: Realtime protocol, "Item types", "Response object" (usage), "conversation.item.create".
"""

import asyncio
import base64
import contextlib
import json
import struct
import zlib

import pytest
import pytest_asyncio

from harness import configuration, services
from harness import server as process
from harness.peer import raw_peer, sdk_peer, words_of


def png(width, height, noise=b""):
    """A picture of one colour."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80" * width) * height)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"tEXt", noise)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


SMALL = png(16, 16)
GIF = b"GIF89a\x01\0\x01\0\0\0\0;"
SETTINGS = ["--images-bytes", 100_000]


def data_url(image, kind="image/png"):
    return f"data:{kind};base64,{base64.b64encode(image).decode()}"


def shown(*parts):
    """A message of texts and images; an image is its URL, or a pair of URL and detail."""
    content = []
    for part in parts:
        url, *detail = part if isinstance(part, tuple) else (part,)
        if url.startswith(("data:", "http")):
            image = {"type": "input_image", "image_url": url}
            content.append({**image, "detail": detail[0]} if detail else image)
        else:
            content.append({"type": "input_text", "text": url})
    return {"type": "message", "role": "user", "content": content}


class Gallery:
    """A server of images that counts who asks for what."""

    def __init__(self):
        self.asked = []
        self.gone = set()
        self.port = None

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    async def answer(self, reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            name = head.split()[1].decode().strip("/")
            self.asked.append(name)
            kind, body = {
                "cat.png": (b"200 OK", SMALL),
                "cat.gif": (b"200 OK", GIF),
                "page": (b"200 OK", b"<html>cat</html>"),
                "large": (b"200 OK", png(1, 1, bytes(200_000))),
                "moved": (b"302 Found\r\nLocation: /cat.png", b""),
            }.get(name.split("-")[0], (b"404 Not Found", b""))
            if name in self.gone:
                kind, body = b"410 Gone", b""
            writer.write(
                b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                % (kind, len(body))
                + body
            )
            await writer.drain()
        writer.close()


def pipeline(name, url, vision):
    return (
        f"name: {name}\npipeline:\n  vad: silero\n  transcription: pocketsphinx\n"
        f"  llm: {{engine: openai, base_url: '{url}', model: mock}}\n"
        f"  tts: flite\n  vision: {vision}\n"
    )


@pytest_asyncio.fixture(scope="module")
async def far():
    async with services.running() as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def gallery():
    one = Gallery()
    server = await asyncio.start_server(one.answer, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    async with server:
        yield one


@pytest_asyncio.fixture(scope="module")
async def seeing(far, gallery, tmp_path_factory):
    """A server that may ask the gallery, with a model that sees and one that doesn't."""
    folder = tmp_path_factory.mktemp("seeing")
    files = {
        "eyes": pipeline("eyes", far.url("eyes"), "true"),
        "blind": pipeline("blind", far.url("blind"), "false"),
    }
    arguments = configuration.write(folder, **files)
    hosts = f"127.0.0.1:{gallery.port}"
    async with process.running(
        *arguments, *SETTINGS, "--images-hosts", hosts, cwd=folder
    ) as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def guarded(far, tmp_path_factory):
    """A server that asks the internet alone."""
    folder = tmp_path_factory.mktemp("guarded")
    arguments = configuration.write(folder, eyes=pipeline("eyes", far.url("guarded"), "true"))
    async with process.running(*arguments, cwd=folder) as one:
        yield one


async def show(peer, *parts):
    await peer.send({"type": "conversation.item.create", "item": shown(*parts)})
    return (await peer.next("conversation.item.done"))["item"]


async def seen(far, token="eyes"):
    """The content of the last message that the model was handed."""
    body = (await far.asked(token, "/chat/completions"))[-1]["body"]
    return body["messages"][-1]["content"]


async def test_an_image_reaches_the_model_where_it_stands(seeing, far):
    url = data_url(SMALL)
    async with sdk_peer(seeing, model="eyes") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        item = await show(peer, "What is this?", (url, "low"), "And this?", data_url(GIF))
        response = await peer.respond()
    assert item["content"][1] == {"type": "input_image", "image_url": url, "detail": "low"}
    assert await seen(far) == [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": url, "detail": "low"}},
        {"type": "text", "text": "And this?"},
        {"type": "image_url", "image_url": {"url": data_url(GIF)}},
    ]
    assert words_of(response) == "You said: What is this? (image) And this? (image)."
    # 85 for low detail; 85 and a tile of 170 for the other.
    assert response["usage"]["input_token_details"]["image_tokens"] == 85 + 255
    assert response["usage"]["input_tokens"] >= 340


async def test_an_image_is_fetched_once_from_its_url(seeing, far, gallery):
    before = len(gallery.asked)
    async with sdk_peer(seeing, model="eyes") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        item = await show(peer, "Look.", gallery.url("cat.png"))
        await peer.respond()
        first = await seen(far)
        await peer.say("Once more.")
        response = await peer.respond()
        out_of_band = await peer.respond(
            conversation="none", input=[shown("This?", (gallery.url("cat.gif"), "low"))]
        )
    assert item["content"][1]["image_url"] == gallery.url("cat.png")
    assert first[1] == {"type": "image_url", "image_url": {"url": data_url(SMALL)}}
    assert (await seen(far))[1]["image_url"]["url"] == data_url(GIF, "image/gif")
    assert gallery.asked[before:] == ["cat.png", "cat.gif"]
    # Whatever its size is: that of an image which is elsewhere isn't known when it is counted.
    assert response["usage"]["input_token_details"]["image_tokens"] == 765
    assert out_of_band["usage"]["input_token_details"]["image_tokens"] == 85


@pytest.mark.parametrize("name", ["page", "large", "moved", "missing"])
async def test_what_cannot_be_fetched_fails_the_response(seeing, gallery, name):
    async with sdk_peer(seeing, model="eyes") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        item = await show(peer, "Look.", gallery.url(name))
        failed = await peer.respond()
        await peer.send({"type": "conversation.item.delete", "item_id": item["id"]})
        assert await peer.ask("hello") == "You said: hello."
    error = failed["status_details"]["error"]
    assert failed["status"] == "failed" and error["code"] == "image_unavailable"
    assert str(gallery.port) not in error["message"]


async def test_an_image_that_has_gone_since_fails_no_later_response(seeing, far, gallery):
    """The first session keeps it; to the second it is shown when it has gone already."""
    url = gallery.url("cat.png-signed")
    async with raw_peer(seeing, query="model=eyes") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        await show(peer, "Look.", url)
        assert (await peer.respond())["status"] == "completed"
        gallery.gone.add("cat.png-signed")
        await peer.ask("Once more.")
        body = (await far.asked("eyes", "/chat/completions"))[-1]["body"]
        first = next(one for one in body["messages"] if isinstance(one["content"], list))
        assert first["content"][1]["image_url"]["url"] == data_url(SMALL)
    async with raw_peer(seeing, query="model=eyes") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        await show(peer, "Look.", url)
        failed = await peer.respond()
        before = len(gallery.asked)
        for _ in range(2):
            await peer.say("Never mind.")
            assert (await peer.respond())["status"] == "completed"
        body = (await far.asked("eyes", "/chat/completions"))[-1]["body"]
    assert failed["status_details"]["error"]["code"] == "image_unavailable"
    texts = json.dumps(body["messages"])
    assert "(an image that could no longer be fetched)" in texts and "image_url" not in texts
    # Once more, and then never again.
    assert gallery.asked[before:] == ["cat.png-signed"]


async def test_a_model_that_does_not_see_is_shown_nothing(seeing):
    for model in ("blind", "scripted"):
        async with raw_peer(seeing, query=f"model={model}") as peer:
            await peer.begin()
            item = shown("Look.", data_url(SMALL))
            event = {"type": "conversation.item.create", "item": item, "event_id": "i1"}
            await peer.send(event)
            error = await peer.refusal("invalid_value", "i1")
            assert await peer.ask("ping")
        assert error["param"] == "item.content[1].type" and "can't see" in error["message"]


@pytest.mark.parametrize(
    "url, code",
    [
        ("data:image/png;base64,AAAA", "invalid_value"),
        ("data:image/png;base64,%%%%", "invalid_value"),
        ("data:text/html,<p>", "invalid_value"),
        ("ftp://127.0.0.1/cat.png", "invalid_value"),
        ("http://10.0.0.1/cat.png", "invalid_value"),
        ("https://example.com/cat.png", "invalid_value"),
        (data_url(png(1, 1, bytes(200_000))), "string_above_max_length"),
    ],
    ids=["type", "base64", "plain", "scheme", "private", "unlisted", "large"],
)
async def test_an_image_that_cannot_be_had_is_refused(seeing, url, code):
    async with raw_peer(seeing, query="model=eyes") as peer:
        await peer.begin()
        item = {"type": "message", "role": "user"}
        item["content"] = [{"type": "input_image", "image_url": url}]
        await peer.send({"type": "conversation.item.create", "item": item, "event_id": "i1"})
        error = await peer.refusal(code, "i1")
        await peer.send(
            {"type": "response.create", "event_id": "i2", "response": {"input": [item]}}
        )
        second = await peer.refusal(code, "i2")
    assert error["param"] == "item.content[0].image_url"
    assert second["param"] == "response.input[0].content[0].image_url"


async def test_nothing_private_is_asked_unless_it_is_allowed(guarded, gallery):
    before = len(gallery.asked)
    async with raw_peer(guarded, query="model=eyes") as peer:
        await peer.begin()
        await peer.update(output_modalities=["text"])
        item = shown("Look.", gallery.url("cat.png"))
        await peer.send({"type": "conversation.item.create", "item": item, "event_id": "g1"})
        error = await peer.refusal("invalid_value", "g1")
        # The text of this one tells nothing; what it leads to does.
        hidden = f"http://127.1:{gallery.port}/cat.png"
        await show(peer, "Look.", hidden)
        failed = await peer.respond()
    assert "machine or network" in error["message"]
    assert failed["status_details"]["error"]["code"] == "image_unavailable"
    assert gallery.asked[before:] == []
