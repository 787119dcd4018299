"""A simulated Telphin client on a real port, and a backend that reads it and acts on it."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import AsyncIterator, Callable

from pbxtui.backends.base import Runtime
from pbxtui.backends.telphin import plugin
from pbxtui.backends.telphin.backend import TelphinBackend
from pbxtui.model import Agent, Call, Device, Kind, Queue, Topic
from pbxtui.simulator import things
from pbxtui.simulator.office import Office
from pbxtui.simulator.server import Running, running
from pbxtui.simulator.telphin import SimulatedTelphin, TelphinSwitches, build_telphin

START = 1_790_293_069.0
OUTSIDE = "+441632960123"


class Clock:
    """The time of the office and of the backend."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Cloud:
    """An office, its Telphin face on a port, and a backend of ours."""

    def __init__(self, simulated: SimulatedTelphin, server: Running, clock: Clock) -> None:
        self.simulated = simulated
        self.office = simulated.office
        self.faults = simulated.faults
        self.names = simulated.names
        self.server = server
        self.clock = clock
        self._opened: list[TelphinBackend] = []
        self.backend = self.open()

    def open(self, **changed: object) -> TelphinBackend:
        """Another backend for the same client, with some settings changed."""
        (site,) = tomllib.loads(self.simulated.config_toml(self.server.url))["site"]
        settings = plugin.settings.model_validate({**site, "timeout": 5.0, **changed})
        backend = plugin.open(settings, Runtime(clock=self.clock))
        assert isinstance(backend, TelphinBackend)
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

    # --- the office --------------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        self.clock.now += seconds
        self.office.advance(self.clock.now)

    def until(self, true: Callable[[], bool]) -> None:
        for _ in range(3600):
            if true():
                return
            self.advance(1)
        raise AssertionError("it never came true")

    def free(self, nth: int = 0) -> things.Extension:
        idle = [ext for ext in self.office.building.extensions if ext.pool_place >= 0]
        return [ext for ext in idle if ext.agent is None][nth]

    def talk(self, to: str = OUTSIDE) -> tuple[things.Call, things.Leg]:
        """A conversation of a desk with somebody outside, and the desk's leg."""
        call = self.office.dial(self.free().number, to)
        self.until(lambda: call.answered > 0)
        return call, call.live_legs()[0]

    def handle(self, leg: things.Leg) -> str:
        """A leg's id as the backend has it."""
        assert leg.extension is not None
        return f"{self.names.extension_id(leg.extension)}/{self.names.call_api_id(leg)}"


@contextlib.asynccontextmanager
async def cloud(
    switches: TelphinSwitches | None = None,
    *,
    office: Callable[[], Office] = lambda: Office(3, 0, 40, start=START),
) -> AsyncIterator[Cloud]:
    """A quiet office of forty phones, or another."""
    clock = Clock()
    simulated = build_telphin(3, clock=clock, office=office(), switches=switches)
    async with running(simulated.app, faults=simulated.faults) as server:
        made = Cloud(simulated, server, clock)
        try:
            yield made
        finally:
            await made.close()
