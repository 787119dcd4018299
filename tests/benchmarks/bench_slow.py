"""What a busy fleet sends over a slow link: the program itself, in a terminal, for a minute.

Three sites of 300 calls each, one of each make over real HTTP, at a normal pace: a call lasts three
minutes on average from its first ring to its end, so that about five calls begin and five end in a
second; each site is read every two seconds. The terminal is 120 by 40, in all colours.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from pyte import Screen

from pbxtui.simulator.makes import KINDS, build
from pbxtui.simulator.office import Office
from pbxtui.simulator.server import running
from tests.benchmarks.bench_screen import running as shown
from tests.benchmarks.table import Row
from tests.terminal.pseudo import Terminal, pbxtui
from tests.ui.stage import NOON, call, set_stage

SECONDS = 60
SITES, CALLS = 3, 300
LASTING = 180.0
"""Seconds that a call lasts on average."""
ALLOWED = 2000.0
"""Bytes a second over a slow link."""
SIZE = (120, 40)


class Floor:
    """What the changed cells of a screen cost at the least: a cursor move for each run of them,
    and their characters. Colours are not counted."""

    def __init__(self, glass: Screen) -> None:
        self._glass = glass
        self._shown = self._cells()
        self.bytes = 0

    def _cells(self) -> list[list[tuple[str, str, str]]]:
        glass = self._glass
        return [
            [(c.data, c.fg, c.bg) for c in (glass.buffer[y][x] for x in range(glass.columns))]
            for y in range(glass.lines)
        ]

    def look(self) -> None:
        """Count what has changed since the last look."""
        before, self._shown = self._shown, self._cells()
        for y, (old, new) in enumerate(zip(before, self._shown, strict=True)):
            last = -1
            for x, (was, now) in enumerate(zip(old, new, strict=True)):
                if was != now:
                    if x != last + 1 or last < 0:
                        self.bytes += len(f"\x1b[{y + 1};{x + 1}H")
                    self.bytes += len(now[0].encode())
                    last = x


def _live(terminal: Terminal) -> bool:
    """Whether every site was read and all its calls are there."""
    found = re.search(r" (\d[\d ]*) calls ", terminal.lines[0])
    return found is not None and int(found[1].replace(" ", "")) > SITES * CALLS * 2 / 3


def _watch(terminal: Terminal) -> tuple[float, float]:
    """Bytes a second for a minute, and their floor, looked at about as often as it paints."""
    terminal.until(_live, "all the calls")
    settle = time.monotonic() + 6
    terminal.until(lambda _: time.monotonic() > settle, "calm")
    floor, sent, began = Floor(terminal.glass), len(terminal.sent.encode()), time.monotonic()
    while time.monotonic() - began < SECONDS:
        terminal._read(0.02)
        floor.look()
    spent = time.monotonic() - began
    return (len(terminal.sent.encode()) - sent) / spent, floor.bytes / spent


async def busy() -> tuple[float, float]:
    """Bytes a second that a busy fleet sends, and the floor of the same minute."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        config = ""
        for seed, kind in enumerate(KINDS):
            office = Office(seed + 1, CALLS, start=time.time(), churn=1 / LASTING)
            pbx = build(kind, office=office)
            server = await stack.enter_async_context(running(pbx.app))
            config += pbx.config_toml(server.url, name=("hq", "branch", "cloud")[seed]) + "\n"
        path = folder / "config.toml"
        path.write_text(config)
        path.chmod(0o600)
        env = {"HOME": str(folder), "COLORTERM": "truecolor", "XDG_STATE_HOME": str(folder)}
        command = pbxtui("--config", str(path))
        with Terminal(command, size=SIZE, env=env) as terminal:
            return await asyncio.to_thread(_watch, terminal)


async def ticking(*, going: bool) -> float:
    """Bytes a second of calls that stay as they are, for a minute of a clock that goes or not."""
    calls = [
        call(f"{site}{n}", site=site, age=n * 7.0)
        for n in range(CALLS)
        for site in ("hq", "branch", "cloud")
    ]
    stage = set_stage(*calls, sites=("hq", "branch", "cloud"))
    async with shown(stage) as painted:
        await asyncio.sleep(0.5)
        painted.clear()
        for second in range(SECONDS):
            stage.clock.now = NOON + (second + 1 if going else 0)
            if second % 2:
                for site in ("hq", "branch", "cloud"):
                    await stage.read(site)
            stage.app.calls.tick()
            await asyncio.sleep(0.02)
        return len(painted.driver.take().encode()) / SECONDS


def run() -> list[Row]:
    """All rows of this file."""
    sent, floor = asyncio.run(busy())
    ticks, still = asyncio.run(ticking(going=True)), asyncio.run(ticking(going=False))
    what, quiet = f"{SITES} sites of {CALLS} calls, a second", f"{SITES * CALLS} calls"
    return [
        Row(what, sent, "a slow link", ALLOWED, "bytes", 1),
        Row(what, sent, "the changed cells and moves", floor, "bytes", 3),
        Row(f"{quiet}, durations alone, a second", ticks, "a slow link", ALLOWED, "bytes", 1),
        Row(f"{quiet}, a clock that stands still", still, "nothing", 0, "bytes", 0),
    ]
