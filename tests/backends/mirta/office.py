"""A simulated MiRTA PBX on a real port, and a backend that reads it and acts on it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from pbxtui.backends.mirta import plugin
from pbxtui.backends.mirta.backend import MirtaBackend
from pbxtui.model import Call, Flow, Kind, Lamp, Topic
from pbxtui.simulator import things
from pbxtui.simulator.mirta import MirtaSwitches, SimulatedMirta, build_mirta
from pbxtui.simulator.office import Office
from tests.backends.house import START, Clock, House, housed


class Branch(House[SimulatedMirta, MirtaBackend]):
    """An office, its MiRTA face on a port, and a backend of ours."""

    plugin = plugin

    def config(self) -> str:
        return self.simulated.config_toml(self.server.url)

    async def lamps(self) -> tuple[dict[str, Lamp], dict[str, Flow]]:
        items = (await self.backend.read(Topic.LAMPS)).items
        lamps = {id_: one for id_, one in items[Kind.LAMPS].items() if isinstance(one, Lamp)}
        flows = {id_: one for id_, one in items[Kind.FLOWS].items() if isinstance(one, Flow)}
        return lamps, flows

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


def branch(
    switches: MirtaSwitches | None = None, *, seed: int = 3, calls: int = 0, phones: int = 60
) -> AbstractAsyncContextManager[Branch]:
    """Without calls nobody calls by themselves, so that a test alone decides what happens."""
    clock = Clock()
    office = Office(seed, calls, max(phones, 4 * calls), start=START)
    simulated = build_mirta(seed, clock=clock, switches=switches, office=office)
    return housed(Branch, simulated, clock)
