"""A server of one's own for each test, and clients of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbxtui.backends.base import Runtime
from pbxtui.backends.http import HttpClient
from tests.backends.reaching import NOW, Connect
from tests.backends.server import Server, serving


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as running:
        yield running


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    clients: list[HttpClient] = []

    def make(url: str, **options: object) -> HttpClient:
        runtime = options.pop("runtime", Runtime(clock=lambda: NOW, max_body=100 * 1024))
        timeout = options.pop("timeout", 10.0)
        client = HttpClient("hq", url, runtime, timeout=timeout, **options)  # type: ignore[arg-type]
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()
