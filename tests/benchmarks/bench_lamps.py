"""What a key costs among many lamps and in a long log, and what one lamp sends when it changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from statistics import median

from pbxtui.backends.base import Exchange
from pbxtui.model import LampState, Topic
from tests.benchmarks.bench_screen import Painted
from tests.benchmarks.table import Row
from tests.ui.lampset import give, lamp, lamps_stage
from tests.ui.stage import NOON, Stage, call
from tests.ui.terminal import Recorder

KEYS = 60
FEW = 50
SCROLLING = 900
"""Lamps that do not fit on the screen, so that its ends are two pictures."""


@asynccontextmanager
async def showing(stage: Stage, view: str) -> AsyncIterator[Painted]:
    """A view in a terminal of 120 by 40 with all its colours, its own timers at rest."""
    app = stage.app
    app.driver_class = Recorder
    app._tick = lambda: None  # type: ignore[method-assign]
    painted = Painted(stage)
    async with app.run_test(headless=False, size=(120, 40)) as pilot:
        while not app.calls.list.rows:
            await pilot.pause()
        app.show_view(view)
        await pilot.pause()
        while not app.view.list.rows:
            await pilot.pause()
        await pilot.pause(0.2)
        yield painted


async def press(stage: Stage, painted: Painted, keys: Sequence[str]) -> float:
    """The median of milliseconds from a key to the painted cursor."""
    from textual import events

    spans = []
    for name in keys:
        await asyncio.sleep(0.1)
        painted.clear()
        began = time.perf_counter()
        key = events.Key(name, name if len(name) == 1 else None)
        stage.app._driver.send_message(key)  # type: ignore[union-attr]
        await painted.after()
        spans.append((time.perf_counter() - began) * 1000)
    return median(spans)


def there_and_back(forth: str, back: str, count: int) -> list[str]:
    """Keys that move on and return, so that each of them moves."""
    half = [forth] * count + [back] * count
    return (half * (KEYS // len(half) + 1))[:KEYS]


def many(count: int) -> Stage:
    lamps = [lamp(str(number)) for number in range(1000, 1000 + count)]
    return lamps_stage(*lamps, calls=[call("a")])


async def grid_key(count: int, forth: str, back: str, runs: int, *, turned: bool = False) -> float:
    """A key among so many lamps: in the grid, or ``turned`` into the table."""
    stage = many(count)
    async with showing(stage, "lamps") as painted:
        if turned:
            painted.clear()
            await press(stage, painted, ["v"])
            await asyncio.sleep(0.2)
        return await press(stage, painted, there_and_back(forth, back, runs))


async def log_key(count: int) -> float:
    """A key in a log of so many rows, to which some are added between the keys."""
    stage = lamps_stage(calls=[call("a")])
    exchanges = stage.backends["hq"].exchanges
    exchanges += [
        Exchange(NOON + n, f"GET /calls?page={n}", "200", 0.04, 900) for n in range(count)
    ]
    async with showing(stage, "log") as painted:
        return await press(stage, painted, there_and_back("k", "j", 10))


async def log_tick(count: int) -> float:
    """Milliseconds until ten new rows of the log are in their places and painted."""
    stage = lamps_stage(calls=[call("a")])
    exchanges = stage.backends["hq"].exchanges
    exchanges += [Exchange(NOON, f"GET /calls?page={n}", "200", 0.04, 900) for n in range(count)]
    spans = []
    async with showing(stage, "log") as painted:
        for step in range(20):
            painted.clear()
            exchanges += [
                Exchange(NOON, f"GET /new?n={step}-{n}", "200", 0.04, 900) for n in range(10)
            ]
            began = time.perf_counter()
            stage.app.view.tick()
            await painted.after()
            spans.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.02)
    return median(spans)


async def sent() -> tuple[int, int]:
    """Bytes for one lamp among two thousand that begins to ring, and for an unchanged reading."""
    stage = many(2000)
    lamps = [lamp(str(number)) for number in range(1000, 3000)]
    async with showing(stage, "lamps") as painted:
        painted.driver.take()
        give(stage, *lamps)
        await stage.fleet.site("hq").read(Topic.LAMPS)
        stage.app.view.tick()
        await asyncio.sleep(0.2)
        unchanged = len(painted.driver.take().encode())
        painted.clear()
        give(stage, *lamps[:40], replace(lamps[40], state=LampState.RINGING), *lamps[41:])
        await stage.fleet.site("hq").read(Topic.LAMPS)
        await painted.after()
        await asyncio.sleep(0.2)
        return len(painted.driver.take().encode()), unchanged


def run() -> list[Row]:
    """All rows of this file."""
    over = asyncio.run(grid_key(2000, "j", "k", 15)), asyncio.run(grid_key(FEW, "j", "k", 1))
    along = asyncio.run(grid_key(2000, "l", "h", 15)), asyncio.run(grid_key(FEW, "l", "h", 15))
    ends = asyncio.run(grid_key(2000, "G", "g", 1)), asyncio.run(grid_key(SCROLLING, "G", "g", 1))
    table = (
        asyncio.run(grid_key(2000, "j", "k", 15, turned=True)),
        asyncio.run(grid_key(FEW, "j", "k", 15, turned=True)),
    )
    log = asyncio.run(log_key(5000)), asyncio.run(log_key(FEW))
    ticks = asyncio.run(log_tick(4500)), asyncio.run(log_tick(FEW))
    ringing, unchanged = asyncio.run(sent())
    return [
        Row("key down to painted, 2,000 lamps", over[0], "50 lamps", over[1], "ms", 2),
        Row("key right to painted, 2,000 lamps", along[0], "50 lamps", along[1], "ms", 2),
        Row("key to the last of 2,000 lamps", ends[0], f"of {SCROLLING}", ends[1], "ms", 2),
        Row("key down to painted, a table of 2,000 lamps", table[0], "of 50", table[1], "ms", 2),
        Row("key to painted, a log of 5,000 rows", log[0], "50 rows", log[1], "ms", 2),
        Row("ten new rows in a log of 4,500", ticks[0], "in one of 50", ticks[1], "ms", 2),
        Row("a lamp of 2,000 begins to ring", ringing, "a line of text", 120, "bytes", 2),
        Row("an unchanged reading of 2,000 lamps", unchanged, "nothing", 0, "bytes", 0),
    ]
