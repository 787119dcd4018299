"""A simulated MiRTA PBX on a real port, and a backend that reads it and acts on it."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import AsyncIterator, Callable

from pbxtui.backends.base import Runtime
from pbxtui.backends.mirta import plugin
from pbxtui.backends.mirta.backend import MirtaBackend
from pbxtui.model import Agent, Call, Device, Flow, Kind, Lamp, Queue, Topic
from pbxtui.simulator import things
from pbxtui.simulator.mirta import MirtaSwitches, SimulatedMirta, build_mirta
from pbxtui.simulator.office import Office
from pbxtui.simulator.server import Running, running

START = 1_790_293_069.0


class Clock:
    """The time of the office and of the backend."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Branch:
    """An office, its MiRTA face on a port, and a backend of ours."""

    def __init__(self, simulated: SimulatedMirta, server: Running, clock: Clock) -> None:
        self.simulated = simulated
        self.office = simulated.office
        self.faults = simulated.faults
        self.server = server
        self.clock = clock
        self._opened: list[MirtaBackend] = []
        self.backend = self.open()

    def open(self, **changed: object) -> MirtaBackend:
        """Another backend for the same PBX, with some settings changed."""
        (site,) = tomllib.loads(self.simulated.config_toml(self.server.url))["site"]
        settings = plugin.settings.model_validate({**site, "timeout": 5.0, **changed})
        backend = plugin.open(settings, Runtime(clock=self.clock))
        assert isinstance(backend, MirtaBackend)
        self._opened.append(backend)
        return backend

    async def close(self) -> None:
        for backend in self._opened:
            await backend.close()

    # --- reading -----------------------------------------------------------------------------

    async def calls(self) -> dict[str, Call]:
        items = (await self.backend.read(Topic.CALLS)).items[Kind.CALLS]
        return {id_: call for id_, call in items.items() if isinstance(call, Call)}

    async def devices(self) -> dict[str, Device]:
        items = (await self.backend.read(Topic.DEVICES)).items[Kind.DEVICES]
        return {id_: one for id_, one in items.items() if isinstance(one, Device)}

    async def queues(self) -> tuple[dict[str, Queue], dict[str, Agent]]:
        items = (await self.backend.read(Topic.QUEUES)).items
        queues = {id_: one for id_, one in items[Kind.QUEUES].items() if isinstance(one, Queue)}
        agents = {id_: one for id_, one in items[Kind.AGENTS].items() if isinstance(one, Agent)}
        return queues, agents

    async def lamps(self) -> tuple[dict[str, Lamp], dict[str, Flow]]:
        items = (await self.backend.read(Topic.LAMPS)).items
        lamps = {id_: one for id_, one in items[Kind.LAMPS].items() if isinstance(one, Lamp)}
        flows = {id_: one for id_, one in items[Kind.FLOWS].items() if isinstance(one, Flow)}
        return lamps, flows

    # --- the office --------------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        self.clock.now += seconds
        self.office.advance(self.clock.now)

    def until(self, true: Callable[[], bool]) -> None:
        """Let the office live until something is true, for an hour at most."""
        for _ in range(3600):
            if true():
                return
            self.advance(1)
        raise AssertionError("it never came true")

    def free(self, nth: int = 0) -> things.Extension:
        """Somebody who could take a call and is no agent."""
        idle = [ext for ext in self.office.building.extensions if ext.pool_place >= 0]
        return [ext for ext in idle if ext.agent is None][nth]

    def talk(self, to: str = "+441632960123", nth: int = 0) -> things.Call:
        """A conversation between a phone of the house and somebody."""
        call = self.office.dial(self.free(nth).number, to)
        self.until(lambda: call.state is things.LegState.TALKING)
        return call

    async def shown(self, call: things.Call) -> Call:
        """A call of the office as the backend reads it now."""
        channels = {self.simulated.channel_of(leg.id) for leg in call.live_legs()}
        for read in (await self.calls()).values():
            if channels & {leg.channel for leg in read.legs}:
                return read
        raise AssertionError("the call is not shown")

    def count(self, resource: str) -> int:
        """How many requests of a class have arrived."""
        return self.faults.count("GET", resource)


@contextlib.asynccontextmanager
async def branch(
    switches: MirtaSwitches | None = None, *, seed: int = 3, calls: int = 0, phones: int = 60
) -> AsyncIterator[Branch]:
    """Without calls nobody calls by themselves, so that a test alone decides what happens."""
    clock = Clock()
    office = Office(seed, calls, max(phones, 4 * calls), start=START)
    simulated = build_mirta(seed, clock=clock, switches=switches, office=office)
    async with running(simulated.app, faults=simulated.faults) as server:
        one = Branch(simulated, server, clock)
        try:
            yield one
        finally:
            await one.close()
