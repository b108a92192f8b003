"""The program: how it starts, refuses to start, tells about itself and ends."""

import asyncio
import contextlib
import fcntl
import os
import signal

import pytest

from harness import configuration
from harness import server as process
from harness.peer import raw_peer, sdk_peer


async def refused(*arguments, cwd=None, **extra):
    """Runs a server that must not come up; gives what it said."""
    status, output = await process.run("serve", *arguments, cwd=cwd, patience=30, **extra)
    assert status not in (0, None) and 0 < status < 128, f"ended with {status}: {output}"
    assert "Fatal error" not in output and "Backtrace" not in output, output
    return output


async def test_the_banner_says_where_and_what_next(server):
    assert f"http://127.0.0.1:{server.port}" in server.output
    assert "parley talk" in server.output


async def test_sigterm_ends_an_idle_server_with_0(tmp_path):
    async with process.running(*configuration.write(tmp_path), cwd=tmp_path) as server:
        assert await server.stop(signal.SIGTERM) == 0


async def test_sigint_ends_an_idle_server_with_0(tmp_path):
    async with process.running(*configuration.write(tmp_path), cwd=tmp_path) as server:
        assert await server.stop(signal.SIGINT) == 0


async def test_sigterm_says_goodbye_to_those_who_stay(tmp_path):
    arguments = [*configuration.write(tmp_path), "--limit-drain-seconds", 1]
    async with process.running(*arguments, cwd=tmp_path) as server:
        async with raw_peer(server) as peer:
            await peer.begin()
            ending = asyncio.create_task(server.stop(signal.SIGTERM))
            closed = await peer.until_closed()
            assert closed.code in (1001, 1012)
            assert await ending == 0


async def test_a_second_sigterm_says_goodbye_at_once(tmp_path):
    arguments = configuration.write(tmp_path)
    async with process.running(*arguments, cwd=tmp_path, ends_with=143) as server:
        async with raw_peer(server) as peer:
            await peer.begin()
            server.process.send_signal(signal.SIGTERM)
            await server.wrote("Draining")
            ending = asyncio.create_task(server.stop(signal.SIGTERM))
            closed = await peer.until_closed()
            assert closed.code == 1012
            assert await ending == 143


async def test_sigterm_lets_a_conversation_end(tmp_path):
    async with process.running(*configuration.write(tmp_path), cwd=tmp_path) as server:
        async with sdk_peer(server, model="scripted") as peer:
            await peer.begin()
            await peer.update(output_modalities=["text"])
            ending = asyncio.create_task(server.stop(signal.SIGTERM))
            await server.wrote("Draining")
            assert await peer.ask("ping") == "Pong."
        assert await ending == 0


@contextlib.contextmanager
def unread_pipe():
    """The writing end of the smallest pipe, which nobody reads."""
    reader, writer = os.pipe()
    try:
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        yield writer
    finally:
        os.close(reader)
        os.close(writer)


async def test_a_log_that_nobody_reads_holds_up_nobody(tmp_path):
    arguments = [*configuration.write(tmp_path), "--log-level", "debug"]
    with unread_pipe() as pipe:
        async with process.running(*arguments, cwd=tmp_path, stderr=pipe) as server:
            async with sdk_peer(server, model="scripted") as peer:
                await peer.begin()
                # Each of these is a line of the log.
                for _ in range(100):
                    await peer.send({"type": "input_audio_buffer.clear", "bogus": 1})
                    await peer.next("input_audio_buffer.cleared")
            assert await server.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
async def test_an_open_address_needs_a_key(tmp_path, host):
    output = await refused("--host", host, "--port", process.free_port(), cwd=tmp_path)
    assert "key" in output and "--insecure" in output


async def test_an_open_address_with_a_key_is_fine(tmp_path):
    arguments = [*configuration.write(tmp_path), "--host", "0.0.0.0", "--api-key", "k" * 20]
    async with process.running(*arguments, cwd=tmp_path) as server:
        async with sdk_peer(server, key="k" * 20) as peer:
            await peer.begin()


async def test_an_open_address_that_is_insisted_on_is_fine(tmp_path):
    arguments = [*configuration.write(tmp_path), "--host", "0.0.0.0", "--insecure"]
    async with process.running(*arguments, cwd=tmp_path) as server:
        assert (await server.health())["status"] == "ok"


async def test_a_port_that_is_taken_is_named(server, tmp_path):
    output = await refused("--port", server.port, cwd=tmp_path)
    assert str(server.port) in output


@pytest.mark.parametrize(
    "arguments", [["--prot", "80"], ["--port", "many"], ["--port", "70000"], ["--port"]]
)
async def test_a_wrong_flag_is_named(tmp_path, arguments):
    output = await refused(*arguments, cwd=tmp_path)
    assert arguments[0] in output


CONFIGURATIONS = {
    "unknown key": ("server: {prot: 8080}\n", ["parley.yaml:1", "server.prot", '"port"']),
    "unknown section": ("severs: {port: 8080}\n", ["parley.yaml:1", "severs"]),
    "wrong type": ("server: {port: many}\n", ["parley.yaml:1", "server.port", "many"]),
    "out of range": ("server: {port: 70000}\n", ["parley.yaml:1", "server.port", "70000"]),
    "two mistakes": ("server: {prot: 1, host: []}\n", ["server.prot", "server.host"]),
    "no mapping": ("- port\n", ["parley.yaml:1"]),
    "broken": ("port: [1\n", ["parley.yaml"]),
}


@pytest.mark.parametrize("text, needles", CONFIGURATIONS.values(), ids=CONFIGURATIONS.keys())
async def test_a_wrong_configuration_names_its_place(tmp_path, text, needles):
    (tmp_path / "parley.yaml").write_text(text)
    output = await refused("--config", tmp_path / "parley.yaml", cwd=tmp_path)
    for needle in needles:
        assert needle in output, output


async def test_doctor_and_serve_say_the_same_of_a_wrong_configuration(tmp_path):
    arguments = configuration.write(tmp_path, odd="voice: sltt\n" + configuration.pipeline("odd"))
    (tmp_path / "parley.yaml").write_text(
        "default_pipeline: nobody\nserver: {tls: {certificate: c.pem, key: k.pem}}\n"
    )
    told = []
    for command in ["serve", "doctor"]:
        status, output = await process.run(command, *arguments, cwd=tmp_path)
        assert status == 2, output
        told.append(output.splitlines()[1:])
    assert told[0] == told[1] and len(told[0]) == 4
    for place in [
        "odd.yaml:1:8: voice",
        "parley.yaml:1:19: default_pipeline",
        "parley.yaml:2:29: server.tls.certificate",
        "parley.yaml:2:41: server.tls.key",
    ]:
        assert [line for line in told[0] if place in line], told


async def test_a_model_that_is_missing_is_told_at_the_start(tmp_path):
    """Of each pipeline, though only the default one is loaded."""
    arguments = configuration.write(tmp_path, bare=configuration.BARE)
    async with process.running(*arguments, cwd=tmp_path) as server:
        await server.wrote("Sessions will fail, for a model is missing")
        line = next(line for line in server.lines if "a model is missing" in line)
        assert "pipeline=bare" in line and "stage=vad" in line and "nowhere.onnx" in line


async def test_a_service_that_is_down_is_told_once(tmp_path):
    port = process.free_port()
    llm = f"{{engine: openai, base_url: 'http://127.0.0.1:{port}/v1', model: m}}"
    arguments = configuration.write(tmp_path, away=configuration.pipeline("away", llm=llm))
    status, output = await process.run("doctor", "--pipeline", "away", *arguments, cwd=tmp_path)
    assert status == 1
    assert output.count(f"127.0.0.1:{port}") == 1 and output.count("cannot connect") == 1, output


async def test_a_configuration_that_is_not_there_is_named(tmp_path):
    output = await refused("--config", tmp_path / "nowhere.yaml", cwd=tmp_path)
    assert "nowhere.yaml" in output


async def test_a_wrong_variable_is_named(tmp_path):
    output = await refused(cwd=tmp_path, PARLEY_PORT="many")
    assert "PARLEY_PORT" in output and "many" in output


PIPELINES = {
    "unknown key": "name: odd\npipeline: {vad: silero, transcripton: pocketsphinx}\n",
    "unknown engine": (
        "name: odd\npipeline: {vad: silero, transcription: whisperer, llm: scripted, tts: flite}\n"
    ),
    "broken": "name: [odd\n",
}


@pytest.mark.parametrize("text", PIPELINES.values(), ids=PIPELINES.keys())
async def test_a_wrong_pipeline_names_its_file(tmp_path, text):
    arguments = configuration.write(tmp_path, odd=text)
    output = await refused(*arguments, "--port", process.free_port(), cwd=tmp_path)
    assert "odd.yaml" in output


async def test_missing_weights_are_told_to_the_client(tmp_path):
    """The server comes up, /health tells, and a session gets an error instead of silence."""
    arguments = configuration.write(tmp_path, bare=configuration.BARE)
    async with process.running(*arguments, cwd=tmp_path) as server:
        async with raw_peer(server, query="model=bare") as peer:
            error = (await peer.next("error"))["error"]
            await peer.until_closed()
            peer.problems = []
        async with sdk_peer(server, model="scripted") as peer:
            await peer.begin()
    assert error["type"] == "server_error"
    assert str(tmp_path) not in error["message"]


async def test_doctor_tries_every_stage(tmp_path):
    status, output = await process.run("doctor", cwd=tmp_path)
    assert status == 0, output
    for stage in ("silero", "pocketsphinx", "scripted", "flite"):
        assert stage in output.lower()


async def test_doctor_says_which_stage_fails_and_why(tmp_path):
    arguments = configuration.write(tmp_path, bare=configuration.BARE)
    status, output = await process.run("doctor", "--pipeline", "bare", *arguments, cwd=tmp_path)
    assert status != 0
    assert "nowhere.onnx" in output


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["talk", "--help"]])
async def test_help_explains(arguments):
    status, output = await process.run(*arguments)
    assert status == 0 and "parley" in output


@pytest.mark.parametrize("arguments", [["sevre"], ["talk", "--fiel", "x.wav"]])
async def test_a_wrong_command_is_told(arguments):
    status, output = await process.run(*arguments)
    assert 0 < status < 128
    assert arguments[-1 if len(arguments) == 1 else 1] in output
