"""What a tick and a key cost on the calls screen: in time, and in bytes to the terminal."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, cast

from pbxtui.model import Call, LegState, Party
from tests.benchmarks.table import Row
from tests.ui.stage import NOON, Stage, call, set_stage
from tests.ui.terminal import Recorder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TICKS = 15
CHURN = 0.05


class Office:
    """Calls that come and go: each step replaces some of them and changes some more."""

    def __init__(self, calls: int) -> None:
        self._dice = random.Random(7)
        self._made = 0
        self.calls: dict[str, Call] = {}
        for _ in range(calls):
            self._add()

    def _add(self) -> None:
        self._made += 1
        id_ = f"c{self._made}"
        state = self._dice.choice([LegState.RINGING, LegState.TALKING, LegState.TALKING])
        number = f"+4420794{self._dice.randrange(10**5):05d}"
        self.calls[id_] = call(
            id_,
            state,
            from_=Party(number, "Harbour Taxi"),
            to=Party(str(self._dice.randrange(400, 900)), "Front desk"),
            age=self._dice.random() * 500,
        )

    def step(self) -> list[Call]:
        """Half of the churn are departures and arrivals, half changes; one is always on screen."""
        count = max(1, int(len(self.calls) * CHURN / 2))
        keys = list(self.calls)
        for id_ in self._dice.sample(keys, count):
            was = self.calls[id_]
            state = LegState.HELD if was.state is LegState.TALKING else LegState.TALKING
            self.calls[id_] = replace(was, state=state, since=NOON)
        first = keys[0]
        flipped = (
            LegState.HELD if self.calls[first].state is not LegState.HELD else LegState.TALKING
        )
        self.calls[first] = replace(self.calls[first], state=flipped)
        for id_ in self._dice.sample(keys[40:], min(count, len(keys[40:]))):
            del self.calls[id_]
            self._add()
        return list(self.calls.values())


class Painted:
    """Waits until the app has sent something to the terminal."""

    def __init__(self, stage: Stage) -> None:
        self._event = asyncio.Event()
        app = stage.app
        inner = app.post_display_hook

        def hook() -> None:
            inner()
            if self.driver.written:
                self._event.set()

        app.post_display_hook = hook  # type: ignore[method-assign]
        self._app = app

    @property
    def driver(self) -> Recorder:
        return cast("Recorder", self._app._driver)

    async def after(self) -> None:
        await asyncio.wait_for(self._event.wait(), 30)

    def clear(self) -> None:
        self._event.clear()
        self.driver.take()


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[Painted]:
    """The app in a terminal of 120 by 40 with all its colours, its own timers at rest."""
    app = stage.app
    app.driver_class = Recorder
    app._tick = lambda: None  # type: ignore[method-assign]
    painted = Painted(stage)
    async with app.run_test(headless=False, size=(120, 40)) as pilot:
        while not app.calls.list.rows:
            await pilot.pause()
        await pilot.pause()
        yield painted


async def tick(calls: int) -> float:
    """Milliseconds from a new reading to the painted screen."""
    office = Office(calls)
    stage = set_stage(*office.calls.values())
    spans = []
    async with running(stage) as painted:
        for _ in range(TICKS):
            stage.give(*office.step())
            await asyncio.sleep(0)
            painted.clear()
            began = time.perf_counter()
            await stage.read()
            await painted.after()
            spans.append((time.perf_counter() - began) * 1000)
    return median(spans)


async def key(calls: int, *, churning: bool) -> float:
    """Milliseconds from a key press to the painted cursor."""
    from textual import events

    office = Office(calls)
    stage = set_stage(*office.calls.values())
    spans = []
    async with running(stage) as painted:
        stop = asyncio.Event()

        async def churn() -> None:
            while not stop.is_set():
                stage.give(*office.step())
                await stage.read()
                await asyncio.sleep(1.0)

        task = asyncio.create_task(churn()) if churning else None
        await asyncio.sleep(0.1)
        for index in range(40):
            await asyncio.sleep(0.05)
            painted.clear()
            began = time.perf_counter()
            name = "j" if index % 20 < 10 else "k"
            stage.app._driver.send_message(  # type: ignore[union-attr]
                events.Key(name, name)
            )
            await painted.after()
            spans.append((time.perf_counter() - began) * 1000)
        stop.set()
        if task is not None:
            await task
    return median(spans)


async def sent() -> tuple[int, int, int]:
    """Bytes for a tick that changes 20 visible cells, their floor, and for an unchanged tick."""
    office = Office(30)
    stage = set_stage(*office.calls.values())
    async with running(stage) as painted:
        painted.clear()
        stage.give(*office.calls.values())
        await stage.read()
        stage.app.calls.tick()
        await asyncio.sleep(0.1)
        unchanged = len(painted.driver.take().encode())
        changed = []
        for index, one in enumerate(office.calls.values()):
            if index >= 20:
                changed.append(one)
                continue
            state = LegState.PARKED if one.state is LegState.TALKING else LegState.QUEUED
            changed.append(replace(one, state=state))
        painted.clear()
        stage.give(*changed)
        await stage.read()
        await painted.after()
        await asyncio.sleep(0.1)
        figure = len(painted.driver.take().encode())
        shown = stage.app.calls.list
        column = next(c for c in shown.columns if c.key == "state")
        x = sum(c.width + 1 for c in shown.columns[: shown.columns.index(column)]) + 1
        floor = 0
        for row in range(20):
            text, style = shown.source.cells(shown.rows[row], [column])[0]
            coloured = style.render(
                text.ljust(column.width), color_system=stage.app.console._color_system
            )
            floor += len(f"\x1b[{row + 3};{x}H{coloured}".encode())
    return figure, floor, unchanged


def run() -> list[Row]:
    """All rows of this file."""
    small, large = asyncio.run(tick(100)), asyncio.run(tick(10_000))
    rest, churned = (
        asyncio.run(key(10_000, churning=False)),
        asyncio.run(key(10_000, churning=True)),
    )
    figure, floor, unchanged = asyncio.run(sent())
    return [
        Row("tick, 5 % churn on 10,000 calls, to painted", large, "on 100 calls", small, "ms", 10),
        Row("20 cells change on 120×40", figure, "those cells and moves", floor, "bytes", 3),
        Row("an unchanged tick", unchanged, "nothing", 0, "bytes", 0),
        Row("key to painted cursor while 10,000 churn", churned, "at rest", rest, "ms", 2),
    ]
