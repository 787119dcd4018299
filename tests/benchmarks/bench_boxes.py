"""What a key costs in the box for a number, among many phones."""

from __future__ import annotations

import asyncio

from pbxtui.model import Device, DeviceState, LegState, Snapshot, Verb
from pbxtui.service.acting import Chosen
from pbxtui.service.acting.finding import Register, best
from pbxtui.service.acting.roll import Roll
from pbxtui.service.recents import Recents
from pbxtui.ui.boxes import Desk, box_for
from tests.benchmarks.bench_lamps import press, showing
from tests.benchmarks.table import Row, timed
from tests.ui.stage import Stage, call, set_stage

MANY, FEW = 5000, 50
NAMES = ("Amelia Ødegård", "Renée Volkov", "Meeting room", "Workshop", "Front desk", "Till")
TYPED = ("1", "10", "104", "1042", "w", "wo", "work", "room 1", "ö", "nobody")


def phones(count: int) -> list[Device]:
    return [
        Device(
            *("hq", f"SIP/{10_000 + n}", DeviceState.REGISTERED),
            extension=str(10_000 + n),
            name=f"{NAMES[n % len(NAMES)]} {n}",
        )
        for n in range(count)
    ]


def finding() -> Row:
    """All the searches of somebody who types, against one walk each through plain texts."""
    people = Snapshot("hq", devices={one.id: one for one in phones(MANY)})
    register: Register = Roll(people).register
    texts = [f"{one.extension} {one.name}".lower() for one in phones(MANY)]
    figure = timed(lambda: [best(typed, [register], 200) for typed in TYPED])
    floor = timed(lambda: [[text for text in texts if typed in text] for typed in TYPED])
    return Row("ten searches among 5,000 phones", figure, "`in` on each", floor, "ms", 8)


async def typing(count: int) -> float:
    """The median of milliseconds from a key to the painted list."""
    stage: Stage = set_stage(*phones(count), call("a", LegState.TALKING))
    async with showing(stage, "devices") as painted:
        desk = Desk(stage.fleet, stage.app.looks, Recents())
        box = box_for(Verb.TRANSFER, Chosen(call("a")), desk)
        assert box is not None
        await stage.app.push_screen(box)
        await asyncio.sleep(0.2)
        return await press(stage, painted, ["1", "0", "4", "2", "ctrl+u"] * 10)


def run() -> list[Row]:
    few, many = asyncio.run(typing(FEW)), asyncio.run(typing(MANY))
    typed = Row("key typed to painted matches, 5,000 phones", many, "with 50", few, "ms", 3)
    return [finding(), typed]
