"""A dispatcher over desks that answer as they are told, with a grace that a test ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pbxtui.model import Action, Topic
from pbxtui.service import Site
from pbxtui.service.acting import (
    Dispatcher,
    Entry,
    Journal,
    Plan,
    Progress,
    Rights,
    Step,
    Ticket,
    entries,
)
from tests.service.sites import NOON, Clock, Desk, fleet_over, read_all


@dataclass
class Grace:
    """Waits for as long as a test wants, and remembers how long it was asked to."""

    asked: list[float] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.begun.set()
        await self.over.wait()


@dataclass
class Acting:
    """Desks, the dispatcher over them, and every step it told."""

    folder: Path
    clock: Clock
    desks: tuple[Desk, ...]
    dispatcher: Dispatcher
    grace: Grace
    steps: list[Progress] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return self.desks[0]

    @property
    def site(self) -> Site:
        return self.dispatcher.fleet.sites[0]

    def told(self, ticket: Ticket) -> list[Step]:
        """The steps of a ticket, in their order."""
        return [progress.step for progress in self.steps if progress.ticket is ticket]

    def do(self, action: Action) -> Ticket:
        """Plan an action and hand it over."""
        return self.dispatcher.send(self.dispatcher.plan(action))

    def plan(self, action: Action) -> Plan:
        return self.dispatcher.plan(action)

    async def read(self, topic: Topic = Topic.CALLS) -> None:
        await self.site.read(topic)

    async def journal(self) -> list[Entry]:
        """What the journal has, once everything is written."""
        await self.dispatcher.close()
        return entries(self.folder)


@asynccontextmanager
async def acting(
    folder: Path,
    *desks: Desk,
    rights: Rights | None = None,
    changed: Mapping[str, object] | None = None,
    clock: Callable[[], float] | None = None,
    journal: Journal | None = None,
) -> AsyncIterator[Acting]:
    """A dispatcher over desks that have been read once; unlocked unless said otherwise."""
    time = Clock(NOON)
    these = desks or (Desk(),)
    fleet = fleet_over(these, time, changed=changed)
    given = rights or Rights("reception")
    grace = Grace()
    dispatcher = Dispatcher(
        fleet,
        given,
        journal or Journal(folder, clock=clock or time, who="ana", host="jump"),
        clock=time,
        sleep=grace,
    )
    stage = Acting(folder, time, these, dispatcher, grace)
    dispatcher.subscribe(stage.steps.append)
    for site in fleet.sites:
        await read_all(site)
    try:
        yield stage
    finally:
        grace.over.set()
        for desk in these:
            if desk.gate is not None:
                desk.gate.set()
        await dispatcher.close()
