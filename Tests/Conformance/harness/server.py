"""The built server as a process of its own."""

import asyncio
import contextlib
import json
import os
import pathlib
import signal
import socket
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = pathlib.Path(
    os.environ.get("PARLEY_BINARY", ROOT / ".build" / "release" / "parley")
).resolve()

# Loading the engines of a pipeline on a busy machine.
START_PATIENCE = 60.0
STOP_PATIENCE = 30.0


def free_port():
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**extra):
    """Ours without what would configure the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return {**kept, **extra}


class Server:
    """One `parley serve`, and what it has written."""

    def __init__(self, process, port, tls=None):
        self.process = process
        self.tls = tls
        self.scheme = "https" if tls else "http"
        self.host = "127.0.0.1"
        self.port = port
        self.lines = []
        self.was_stopped = False
        self._wrote = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    @property
    def url(self):
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def output(self):
        return "".join(self.lines)

    async def _read(self):
        while line := await self.process.stdout.readline():
            async with self._wrote:
                self.lines.append(line.decode(errors="replace"))
                self._wrote.notify_all()
        async with self._wrote:
            self._reader_done = True
            self._wrote.notify_all()

    async def wrote(self, needle, patience=START_PATIENCE):
        """Waits until the server has written something."""

        def ready():
            return (
                needle in self.output or self._reader.done() or self.process.returncode is not None
            )

        async with self._wrote:
            await asyncio.wait_for(self._wrote.wait_for(ready), patience)
        assert needle in self.output, f"never said {needle!r}:\n{self.output}"

    def resident_bytes(self):
        """Memory of the process."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def descriptor_count(self):
        """Files and sockets that the process holds."""
        return len(list(pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def is_running(self):
        return self.process.returncode is None

    async def stop(self, how=signal.SIGTERM):
        """Asks the process to end, if it hasn't; gives its exit status."""
        self.was_stopped = True
        if self.is_running():
            self.process.send_signal(how)
        try:
            status = await asyncio.wait_for(self.process.wait(), STOP_PATIENCE)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
            raise AssertionError(f"did not end after {how.name}:\n{self.output[-3000:]}") from None
        await self._reader
        return status

    # Plain HTTP, outside of the event loop's thread.

    async def request(self, path, method="GET", headers=None, body=None):
        """One request; gives status, headers and body."""
        return await asyncio.to_thread(self._request, path, method, headers or {}, body)

    def _request(self, path, method, headers, body):
        request = urllib.request.Request(self.url + path, data=body, headers=headers, method=method)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self.tls)
        )
        try:
            with opener.open(request, timeout=START_PATIENCE) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    async def health(self):
        """The body of /health."""
        _, _, body = await self.request("/health")
        return json.loads(body)


async def launch(*arguments, cwd=None, stderr=asyncio.subprocess.STDOUT, **extra):
    """Starts the binary with arguments; standard error goes with standard output, or elsewhere."""
    assert BINARY.exists(), f"{BINARY} isn't there; build it with: swift build -c release"
    return await asyncio.create_subprocess_exec(
        str(BINARY),
        *map(str, arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
        env=environment(**extra),
        cwd=cwd,
    )


async def run(*arguments, patience=120.0, cwd=None, **extra):
    """Runs the binary to its end; gives exit status and output."""
    process = await launch(*arguments, cwd=cwd, **extra)
    try:
        output, _ = await asyncio.wait_for(process.communicate(), patience)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise AssertionError(f"parley {' '.join(map(str, arguments))} did not end") from None
    return process.returncode, output.decode(errors="replace")


@contextlib.asynccontextmanager
async def running(
    *arguments, cwd=None, tls=None, ends_with=0, stderr=asyncio.subprocess.STDOUT, **extra
):
    """A server that answers; it is stopped, and must not have crashed, afterwards.

    Where it has a certificate, `tls` is the context that trusts it; `ends_with` is its exit status.
    """
    port = free_port()
    process = await launch(
        "serve", "--port", port, *arguments, cwd=cwd, stderr=stderr, **extra
    )
    server = Server(process, port, tls)
    try:
        await server.wrote(f":{port}")
        yield server
        alive = server.is_running() or server.was_stopped
        assert alive, f"the server died:\n{server.output[-5000:]}"
    finally:
        status = await server.stop()
    assert status == ends_with, f"the server ended with {status}:\n{server.output[-5000:]}"
