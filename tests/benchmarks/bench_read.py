"""What it costs to read ten thousand calls from Vonage's bodies into the model, and compare them.

A whole reading is measured, from the bytes that an HTTP transport hands over to the changes. The
floor is ``json.loads`` of the same bytes in the same run; for pages, fetching them with a bare
client is part of it. The bodies are the simulated office's in
the live shape; the garbage collector runs as it always does. "Cold" means that nothing has been
read before and no cache is filled.
"""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import Sequence
from statistics import median

import httpx

from pbxtui.backends.base import Runtime
from pbxtui.backends.vonage.backend import VonageBackend
from pbxtui.backends.vonage.calls import party
from pbxtui.backends.vonage.settings import VonageSettings
from pbxtui.model import Kind, Snapshot, Topic, clean, diff
from pbxtui.simulator.vonage import build_vonage
from tests.benchmarks.table import Row

CALLS = 10_000
RUNS = 7
ALLOWED = 4.0
OPENED = 1_790_293_100.0
CHURN = 0.05
PERIOD = 2.0


class Bodies(httpx.AsyncBaseTransport):
    """Hands over bodies that were made before, one after another."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=self.bodies.pop(0))


def account(page_size: int) -> dict[str, object]:
    return {
        "name": "hq",
        "account": "1234",
        "access_token": "token",
        "url": "http://hq/t/vbc.prod",
        "page_size": page_size,
    }


async def polls(page_size: int, times: Sequence[float]) -> list[list[bytes]]:
    """The bodies of the office's calls at some times, in pages."""
    now = OPENED
    simulated = build_vonage(
        seed=7, calls=CALLS, clock=lambda: now, three_way=0.6, churn=CHURN / PERIOD
    )
    runtime = Runtime(clock=lambda: now, transport=httpx.ASGITransport(simulated.app))
    values = account(page_size) | {"access_token": simulated.access_token}
    backend = VonageBackend(VonageSettings.model_validate(values), runtime)
    taken = []
    for at in times:
        now = OPENED + at
        await backend.read(Topic.CALLS)
        taken.append(list(backend._bodies[Kind.CALLS]))
    await backend.close()
    return taken


async def read(backend: VonageBackend, before: Snapshot) -> tuple[Snapshot, int]:
    """One reading with the changes that it brings."""
    reading = await backend.read(Topic.CALLS)
    after = before.having(reading.items)
    return after, len(diff(before, after))


async def fetched(transport: Bodies, bodies: list[bytes]) -> list[object]:
    """The same bodies over the same transport, and ``json.loads``: what reading cannot undercut."""
    transport.bodies = list(bodies)
    async with httpx.AsyncClient(transport=transport) as client:
        return [json.loads((await client.get("http://hq/")).content) for _ in bodies]


def cleared() -> None:
    """Forget what earlier runs have filled."""
    party.cache_clear()
    clean.cache_clear()
    gc.collect()


async def measured(page_size: int, first: list[bytes], second: list[bytes]) -> list[float]:
    """Milliseconds: the first reading, the second, and the floor of each."""
    transport = Bodies()
    settings = VonageSettings.model_validate(account(page_size))
    backend = VonageBackend(settings, Runtime(transport=transport))
    snapshot = Snapshot("hq")
    spans = []
    cleared()
    for bodies in (first, second):
        transport.bodies = list(bodies)
        gc.collect()
        began = time.perf_counter()
        snapshot, changes = await read(backend, snapshot)
        spans.append((time.perf_counter() - began) * 1000)
        assert len(snapshot.calls) >= CALLS * 0.9, len(snapshot.calls)
        assert changes > 0
    await backend.close()
    del backend, snapshot
    for bodies in (first, second):
        cleared()
        began = time.perf_counter()
        kept = json.loads(bodies[0]) if len(bodies) == 1 else await fetched(transport, bodies)
        spans.append((time.perf_counter() - began) * 1000)
        del kept
    return spans


def compared(page_size: int) -> list[tuple[float, float]]:
    """Cold and second poll, each with its floor; medians in milliseconds."""
    first, second = asyncio.run(polls(page_size, (0.0, PERIOD)))
    runs = [asyncio.run(measured(page_size, first, second)) for _ in range(RUNS)]
    cold, warm, cold_floor, warm_floor = (median(spans) for spans in zip(*runs, strict=True))
    return [(cold, cold_floor), (warm, warm_floor)]


def run() -> list[Row]:
    """The rows of this file: in one body, and in pages of a hundred as Vonage does by itself."""
    rows = []
    for page_size, pages, against in (
        (CALLS * 2, "one body", "json.loads"),
        (100, "pages of 100", "httpx and json.loads"),
    ):
        cold, warm = compared(page_size)
        for what, (figure, floor) in (("cold", cold), ("second poll, 5 % churn", warm)):
            name = f"read 10,000 calls, {pages}, {what}"
            rows.append(Row(name, figure, against, floor, "ms", ALLOWED))
    return rows
