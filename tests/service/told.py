"""A site whose changes are told in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.backends.base import BackendError
from pbxtui.model import Call, LegState, Thing, Topic
from pbxtui.service import Fleet
from pbxtui.service.telling import ABOUT, Said, Teller
from tests.service.sites import Clock, Desk, fleet_over, read_all, talk

RINGS = talk(state=LegState.RINGING)
TALKS = talk()


class Told:
    """A site, a teller beside it, and what was said since the last look."""

    def __init__(self, *things: Thing, about: tuple[str, ...] = ABOUT) -> None:
        self.clock = Clock()
        self.desk = Desk("hq")
        self.desk.show(*things)
        poll = {"calls": 2, "devices": 30, "queues": 5, "lamps": 5}
        self.fleet: Fleet = fleet_over([self.desk], self.clock, changed={"poll": poll})
        self.site = self.fleet.sites[0]
        self.teller = Teller(self.fleet, about)
        self.said: list[Said] = []
        self.fleet.subscribe(lambda update: self.said.extend(self.teller.take(update)))

    async def start(self) -> str:
        """The first reading; what was said of it."""
        await read_all(self.site)
        (summary,) = self.new()
        return summary

    async def read(self, *things: Thing, after: float = 2.0) -> list[str]:
        """Another reading of everything, some seconds later; what was said."""
        self.clock.now += after
        self.desk.show(*things)
        await read_all(self.site)
        return self.new()

    def wait(self, seconds: float, *, aging: bool = False) -> list[str]:
        """Let time go by; without a reading when ``aging``, else with unchanged ones."""
        for _ in range(int(seconds)):
            self.clock.now += 1
            for topic, health in self.site.health.items():
                if not aging and health.read_at is not None:
                    self.site.health[topic] = replace(health, read_at=self.clock.now)
            self.said += self.teller.tick()
        return self.new()

    async def fail(self, error: BackendError, topic: Topic = Topic.CALLS) -> list[str]:
        self.desk.error = error
        with pytest.raises(BackendError):
            await self.site.read(topic)
        self.desk.error = None
        return self.new()

    def new(self) -> list[str]:
        said, self.said[:] = [one.sentence for one in self.said], []
        return said


async def told(*readings: Call) -> list[str]:
    """The sentences about one call as it was in some readings, two seconds apart."""
    stage = Told()
    await stage.start()
    sentences: list[str] = []
    for call in readings:
        sentences += await stage.read(call)
    return sentences
