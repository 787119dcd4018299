"""Boxes over a staged office: who can be rung, a phone book, and what the reader said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from pbxtui.model import (
    Agent,
    AgentState,
    Device,
    DeviceState,
    Flow,
    Lamp,
    LampState,
    LegState,
    Party,
    Queue,
    Thing,
    Verb,
)
from pbxtui.service.acting import Ask, Chosen
from pbxtui.service.recents import Recent, Recents
from pbxtui.ui.boxes import Asked, Box, Desk, box_for
from tests.ui.stage import Stage, call, set_stage

SITES = ("hq", "branch")
HOUSE = (
    ("301", "Amelia Ødegård", DeviceState.REGISTERED),
    ("305", "Workshop", DeviceState.REGISTERED),
    ("306", "Old workshop", DeviceState.UNREGISTERED),
    ("3055", "[red]Lift[/red]", DeviceState.REGISTERED),
    ("308", "王小明", DeviceState.REGISTERED),
    ("412", "Renée Volkov", DeviceState.UNREACHABLE),
    ("447", "Front desk", DeviceState.REGISTERED),
    ("448", "Meeting room", DeviceState.REGISTERED),
    ("449", "Nia Müller", DeviceState.REGISTERED),
    ("450", "Warehouse gate", DeviceState.UNKNOWN),
)
TALK = call("call1")
ROW = Chosen(TALK)
AGENT = Agent(
    *("hq", "SIP/447", AgentState.READY),
    name="Front desk",
    extension="447",
    queues=("support", "sales"),
)
DAY = Flow("branch", "7101", LampState.IN_USE, number="7101", name="Day and night", value="day")


def house(*, own: str = "", ascii: bool = False, sites: tuple[str, ...] = SITES) -> Stage:
    """An office on a stage; ``own`` is the operator's extension at hq."""
    things: list[Thing] = [
        *(Device("hq", f"SIP/{n}", state, extension=n, name=name) for n, name, state in HOUSE),
        Device("branch", "201-ACME", DeviceState.REGISTERED, extension="201", name="Workshop gate"),
        Device("branch", "202-ACME", DeviceState.REGISTERED, extension="202", name="Till"),
        Lamp("hq", "l448", LampState.DND, extension="448", name="Meeting room"),
        Lamp("hq", "l449", LampState.IN_USE, extension="449", name="Nia Müller"),
        TALK,
        call("call2", LegState.RINGING, to=Party("301", "Amelia Ødegård"), age=4),
        call("call3", LegState.PARKED, from_=Party("+4570101112", "Søn")),
        Queue("hq", "support", "Support", callers=()),
        Queue("hq", "sales", "Sales", callers=()),
        Queue("hq", "night", "Night", callers=()),
        AGENT,
        DAY,
    ]
    stage = set_stage(*[one for one in things if one.site in sites], sites=sites, ascii=ascii)
    if own:
        hq = stage.fleet.site("hq")
        hq.settings = hq.settings.model_copy(update={"extension": own})
    return stage


def recents() -> Recents:
    found = Recents()
    for site, number, name in (
        ("branch", "202", ""),
        ("hq", "306", ""),
        ("hq", "+442079460958", "Harbour Taxi"),
    ):
        found.note(Recent(site, number, name))
    return found


@dataclass
class Asks:
    """A box on the screen, and what became of it."""

    stage: Stage
    pilot: Pilot[Any]
    box: Box
    recents: Recents
    answers: list[Asked | None] = field(default_factory=list)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*map(_character_to_key, text))

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        strips = self.stage.app.screen._compositor.render_strips(self.stage.app.size)
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def shown(self) -> str:
        return "\n".join(self.lines)

    @property
    def says(self) -> str:
        """What is said under the list, as one line."""
        return " ".join(line.strip() for line in self.lines[-6:-1])

    def row(self, number: str) -> str:
        """The line of the list that begins with a number."""
        return next((line for line in self.lines[2:] if line.startswith(f" {number} ")), "")

    @property
    def numbers(self) -> list[str]:
        """The numbers in the list, from above."""
        first = next(n for n, line in enumerate(self.lines) if line.startswith(" number "))
        cells = (line[1:19].strip() for line in self.lines[first + 1 : -6])
        return [cell for cell in cells if cell[:1].isdigit() or cell.startswith("+")]

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is so."""
        while not true():
            await asyncio.sleep(0.01)
            await self.pilot.pause()


async def asked_in(
    stage: Stage,
    verb: Verb,
    row: Chosen | None,
    use: Callable[[Asks], Awaitable[None]],
    *,
    size: tuple[int, int] = (80, 24),
    text: str = "",
    kept: Recents | None = None,
) -> list[Asked | None]:
    """Push the box for an action, have it used, and give back what was said."""
    async with stage.app.run_test(size=size) as pilot:
        asks = await push(stage, pilot, verb, row, text=text, kept=kept)
        await use(asks)
        return asks.answers


async def push(
    stage: Stage,
    pilot: Pilot[Any],
    verb: Verb,
    row: Chosen | None,
    *,
    text: str = "",
    kept: Recents | None = None,
) -> Asks:
    """The box for an action, on the screen."""
    app = stage.app
    while not app.calls.list.rows:
        await pilot.pause()
    for site in stage.fleet.sites:
        backend = await site.open()
        for topic in backend.topics:
            await site.read(topic)
    desk = Desk(stage.fleet, app.looks, kept or Recents())
    box = box_for(verb, row, desk, text)
    assert box is not None
    asks = Asks(stage, pilot, box, desk.recents)
    await app.push_screen(box, asks.answers.append)
    await pilot.pause()
    return asks


def said(verb: Verb, to: str, phone: str = "", site: str = "hq") -> list[Asked | None]:
    """What a box answers that was used once: this number, and from this phone."""
    return [Asked(verb, site, Ask(to=to, extension=phone))]


def pressed(name: str) -> events.Key:
    """A key as Textual hears it."""
    return events.Key(name, name if len(name) == 1 else None)
