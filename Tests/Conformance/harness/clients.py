"""What clients do, in the words of the tests that do as they do."""

from harness import speech

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}


async def speak(peer, name="0880"):
    """Streams a sentence with silence around it."""
    data, _ = speech.sentence(name)
    await peer.append(speech.silence(0.5) + data + speech.silence(1.5))


async def create(peer, item, **place):
    """Adds an item; gives it as it is shown when it is done."""
    await peer.send({"type": "conversation.item.create", "item": item, **place})
    return (await peer.next("conversation.item.done"))["item"]


async def begin_slow_answer(peer):
    """Starts an answer that lets wait for its first word."""
    await peer.say("take your time")
    await peer.send({"type": "response.create"})
    await peer.next("response.created")


async def begin_long_answer(peer):
    """Starts an answer without an end; gives its item once it can be heard."""
    await peer.say("talk on and on")
    await peer.send({"type": "response.create"})
    item = (await peer.next("response.output_item.added"))["item"]
    await peer.next("response.output_audio.delta")
    return item["id"]
