"""A face on a real port of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from pbxtui.simulator.faults import Faults, reset


class _Connection(H11Protocol):
    """HTTP on one connection; requests find their connection in the scope's state."""

    def __init__(
        self, config: Config, state: ServerState, faults: Faults | None, opened: set[_Connection]
    ) -> None:
        own_state: dict[str, Any] = {}
        super().__init__(config, state, own_state)
        self._own_state = own_state
        self._faults = faults
        self._opened = opened

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._own_state["transport"] = transport
        super().connection_made(transport)
        self._opened.add(self)
        if self._faults is not None and self._faults.strikes("refuse"):
            reset(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._opened.discard(self)
        super().connection_lost(exc)


class Running:
    """A face that listens. `url` stays the same however often it is stopped and started."""

    def __init__(self, app: ASGIApp, host: str, port: int, faults: Faults | None) -> None:
        self._config = Config(
            app,
            log_config=None,
            log_level="critical",
            lifespan="off",
            ws="none",
            http="h11",
            date_header=False,
            server_header=False,
            access_log=False,
            timeout_keep_alive=75,
        )
        self._config.load()
        self._faults = faults
        self._state = ServerState()
        self._opened: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self.host = host
        self.port = port

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def listening(self) -> bool:
        return self._server is not None

    @property
    def connections(self) -> int:
        """How many connections are open now."""
        return len(self._opened)

    async def start(self) -> None:
        """Listen; from its return on a connection is accepted. OSError if the port is taken."""
        if self._server is not None:
            return
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self._config, self._state, self._faults, self._opened),
            self.host,
            self.port,
            family=family,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop as a killed PBX does: the port is shut and every connection is cut off."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for connection in list(self._opened):
            reset(connection.transport)
        tasks = list(self._state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


@contextlib.asynccontextmanager
async def running(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 0, faults: Faults | None = None
) -> AsyncIterator[Running]:
    """Serve `app` in this event loop for as long as the block lasts; port 0 chooses a free one.

    `faults` are needed here only for `refuse`, which acts before there is a request.
    """
    server = Running(app, host, port, faults)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def serve(
    app: ASGIApp,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    faults: Faults | None = None,
    ready: Callable[[Running], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM. `ready` is called once, when it listens.

    Raises OSError if it can't listen there.
    """
    asyncio.run(_serve(app, host, port, faults, ready))


async def _serve(
    app: ASGIApp,
    host: str,
    port: int,
    faults: Faults | None,
    ready: Callable[[Running], None] | None,
) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    previous = {}
    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, ended.set)
        except NotImplementedError:  # Windows
            previous[name] = signal.signal(name, lambda *_: loop.call_soon_threadsafe(ended.set))
    try:
        async with running(app, host, port, faults) as server:
            if ready is not None:
                ready(server)
            await ended.wait()
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            if name in previous:
                signal.signal(name, previous[name])
            else:
                loop.remove_signal_handler(name)
