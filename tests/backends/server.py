"""A web server on a real port that answers byte by byte as a test says, and records what came."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {key: values[-1] for key, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def form(self) -> dict[str, str]:
        return {key: values[-1] for key, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back.

    ``only`` sends so many bytes of the body and hangs up; ``drip`` sends it byte by byte with
    pauses; an answer that is not ``measured`` has no length and ends with the connection.
    ``silent`` never answers, ``reset`` ends the connection with a TCP reset and ``hang_up`` in
    the proper way, without a byte. ``raw`` is sent instead of an HTTP answer, and with ``silent``
    nothing after it.
    """

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    only: int | None = None
    silent: bool = False
    reset: bool = False
    hang_up: bool = False
    drip: bool = False
    measured: bool = True
    raw: bytes | None = None


Answerer = Callable[[Request], Reply]


class Server:
    """Replies by path, one after another; the last one stays. Unknown paths get a 404."""

    def __init__(self, *, secure: bool = False) -> None:
        self.requests: list[Request] = []
        self.port = 0
        self.secure = secure
        self._replies: dict[str, list[Reply | Answerer]] = {}
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._gates: dict[str, asyncio.Event] = {}
        self._came = asyncio.Event()
        self.sent: defaultdict[str, int] = defaultdict(int)
        """Bytes of bodies that were sent, by path."""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.host}"

    def on(self, path: str, *replies: Reply | Answerer) -> None:
        """Answer ``path`` with these replies from now on."""
        self._replies[path] = list(replies)

    def hold(self, path: str) -> asyncio.Event:
        """Keep requests to ``path`` waiting until the event is set."""
        return self._gates.setdefault(path, asyncio.Event())

    def of(self, path: str) -> list[Request]:
        """The requests to one path, in the order in which they came."""
        return [request for request in self.requests if request.path == path]

    async def came(self, count: int) -> None:
        """Wait until so many requests have come."""
        async with asyncio.timeout(30):
            while len(self.requests) < count:
                self._came.clear()
                await self._came.wait()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        start = await reader.readexactly(1)
        if start == b"\x16":  # a TLS handshake, which web servers without TLS answer like this
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await writer.drain()
            return False
        head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        request = Request(method, target, headers, body)
        self.requests.append(request)
        self._came.set()
        gate = self._gates.get(request.path)
        if gate is not None:
            await gate.wait()
        return await self._reply(self._next(request), request, reader, writer)

    def _next(self, request: Request) -> Reply:
        replies = self._replies.get(request.path)
        if not replies:
            return Reply(b'{"message":"nothing here"}', 404)
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return reply if isinstance(reply, Reply) else reply(request)

    async def _reply(
        self,
        reply: Reply,
        request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        if reply.silent:
            writer.write(reply.raw or b"")
            await reader.read()
            return False
        if reply.reset:
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
            return False
        if reply.hang_up:
            return False
        if reply.raw is not None:
            writer.write(reply.raw)
            await writer.drain()
            return False
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        length = {"content-length": str(len(body))} if reply.measured else {"connection": "close"}
        headers = {"content-type": reply.kind, **length, **reply.headers}
        lines = [f"HTTP/1.1 {reply.status} Status", *(f"{k}: {v}" for k, v in headers.items())]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")
        shown = body if reply.only is None else body[: reply.only]
        step = 1 if reply.drip else 65_536
        for start in range(0, len(shown), step):
            writer.write(shown[start : start + step])
            await writer.drain()
            self.sent[request.path] += len(shown[start : start + step])
            if reply.drip:
                await asyncio.sleep(0.01)
        await writer.drain()
        return reply.only is None and reply.measured


@contextlib.asynccontextmanager
async def serving(certificate: str | None = None) -> AsyncIterator[Server]:
    """A server on a free loopback port; over TLS with the key and certificate of a PEM file."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    server = Server(secure=context is not None)
    listening = await asyncio.start_server(server.accept, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await server.stop()
        await listening.wait_closed()


def unused_port() -> int:
    """A loopback port at which nothing listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
