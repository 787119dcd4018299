"""What a key costs on a long list of phones: as much as on a short one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from statistics import median

from pbxtui.model import Call, Device, DeviceState, Party
from tests.benchmarks.bench_screen import Painted
from tests.benchmarks.table import Row
from tests.ui.stage import NOON, Stage, call, set_stage
from tests.ui.terminal import Recorder

LONG, SHORT = 5_000, 50
KEYS = 40


def phones(count: int) -> list[Device]:
    """Registered phones, one in twenty off."""
    return [
        Device(
            "hq",
            f"d{n:05d}",
            DeviceState.REGISTERED if n % 20 else DeviceState.UNREGISTERED,
            extension=str(10_000 + n),
            name=f"Desk {n}",
            address=f"10.{n // 62_500}.{n // 250 % 250}.{n % 250}",
            user_agent="Yealink SIP-T46S 66.86.0.15" if n % 3 else "snomD785/10.1.54.13",
            last_seen=NOON - n % 60,
            since=NOON - n,
            rtt_ms=float(n % 250),
        )
        for n in range(count)
    ]


def talks(count: int) -> list[Call]:
    """A tenth of the phones talk."""
    return [
        call(f"c{n}", from_=Party(f"+44{n}"), to=Party(str(10_000 + n)), age=n % 500)
        for n in range(0, count, 10)
    ]


async def _press(stage: Stage, painted: Painted, names: Sequence[str]) -> float:
    """The median milliseconds from a key to the painted screen."""
    from textual import events

    spans = []
    for name in names:
        await asyncio.sleep(0.05)
        painted.clear()
        began = time.perf_counter()
        stage.app._driver.send_message(events.Key(name, name))  # type: ignore[union-attr]
        await painted.after()
        spans.append((time.perf_counter() - began) * 1000)
    return median(spans)


async def keys(count: int) -> tuple[float, float]:
    """Milliseconds for a row and for a page, on the devices view with so many phones."""
    stage = set_stage(*phones(count), *talks(count))
    app = stage.app
    app.driver_class = Recorder
    app._tick = lambda: None  # type: ignore[method-assign]
    painted = Painted(stage)
    async with app.run_test(headless=False, size=(120, 40)) as pilot:
        while not app.calls.list.rows or stage.backends["hq"].reads < 2:
            await pilot.pause()
        await pilot.press("2")
        while len(app.view.list.rows) < count:
            await pilot.pause()
        await pilot.pause(0.2)
        rows = [*"jjjjjjjjjjkkkkkkkkkk"] * (KEYS // 20)
        pages = ["pagedown", "pageup"] * (KEYS // 2)
        return await _press(stage, painted, rows), await _press(stage, painted, pages)


def run() -> list[Row]:
    """All rows of this file."""
    long_row, long_page = asyncio.run(keys(LONG))
    short_row, short_page = asyncio.run(keys(SHORT))
    against = f"with {SHORT}"
    return [
        Row(f"key to painted cursor among {LONG:,} phones", long_row, against, short_row, "ms", 2),
        Row(f"key to painted page among {LONG:,} phones", long_page, against, short_page, "ms", 2),
    ]
