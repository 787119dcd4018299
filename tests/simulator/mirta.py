"""A simulated MiRTA on a real port, asked as a browser would ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from pbxtui.simulator.faults import Faults
from pbxtui.simulator.mirta import PATH, MirtaSwitches, SimulatedMirta, build_mirta
from pbxtui.simulator.office import Office
from pbxtui.simulator.server import running
from pbxtui.simulator.things import Agent, Call, Extension, LegState
from tests.simulator.world import START, Clock


class Desk:
    """An office with its MiRTA face, and a client with the tenant's key."""

    def __init__(self, built: SimulatedMirta, client: httpx.AsyncClient, clock: Clock) -> None:
        self.built = built
        self.office = built.office
        self.client = client
        self.clock = clock

    async def get(self, reqtype: str, **parameters: str) -> httpx.Response:
        """Ask with the key; a parameter may be taken away by an empty text."""
        asked = {"reqtype": reqtype, "tenant": self.built.tenant, "key": self.built.key}
        query = {name: value for name, value in (asked | parameters).items() if value != ""}
        return await self.client.get(PATH, params=query)

    async def json(self, reqtype: str, **parameters: str) -> object:
        answer = await self.get(reqtype, format="json", **parameters)
        assert answer.headers["content-type"] == "application/json"
        return answer.json()

    async def text(self, reqtype: str, **parameters: str) -> str:
        answer = await self.get(reqtype, **parameters)
        assert answer.status_code == 200
        return answer.text

    def until(self, true: Callable[[], bool]) -> None:
        for _ in range(3600):
            if true():
                return
            self.clock.now += 1
            self.office.advance(self.clock.now)
        raise AssertionError("it never came true")

    def free(self, nth: int = 0) -> Extension:
        idle = [ext for ext in self.office.building.extensions if ext.pool_place >= 0]
        return [ext for ext in idle if ext.agent is None][nth]

    def agent(self) -> Agent:
        return next(a for a in self.office.building.agents if a.ready and len(a.queues) == 1)

    def talk(self, to: str = "+441632960123") -> Call:
        call = self.office.dial(self.free().number, to)
        self.until(lambda: call.state is LegState.TALKING)
        return call

    def wait_in_queue(self, agent: Agent) -> Call:
        """Somebody rings the queue of an agent, whose phone rings for it."""
        (queue,) = agent.queues
        for other in queue.agents:
            if other is not agent:
                self.office.set_logged_in(other, False)
        call = self.office.dial(self.free().number, queue.number)
        self.until(lambda: agent.call is call)
        return call


@asynccontextmanager
async def desk(
    switches: MirtaSwitches | None = None, *, calls: int = 0, faults: Faults | None = None
) -> AsyncIterator[Desk]:
    clock = Clock()
    office = Office(3, calls, 60, start=START)
    built = build_mirta(3, clock=clock, office=office, switches=switches, faults=faults)
    async with (
        running(built.app, faults=built.faults) as server,
        httpx.AsyncClient(base_url=server.url, trust_env=False) as client,
    ):
        yield Desk(built, client, clock)
