"""A simulated PBX of any make on a real port, and backends that read it and act on it."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import AsyncIterator, Callable
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pbxtui.backends.base import Backend, Plugin, Runtime
from pbxtui.model import Agent, Call, Device, Kind, Queue, Topic
from pbxtui.simulator import things
from pbxtui.simulator.faults import Faults
from pbxtui.simulator.office import Office
from pbxtui.simulator.server import Running, running

START = 1_790_293_069.0
OUTSIDE = "+441632960123"


class Clock:
    """The time of the office and of the backend."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Simulated(Protocol):
    """What the simulated PBXs of all makes have."""

    @property
    def app(self) -> Any: ...

    @property
    def office(self) -> Office: ...

    @property
    def faults(self) -> Faults: ...


S = TypeVar("S", bound=Simulated)
B = TypeVar("B", bound=Backend)
H = TypeVar("H", bound="House[Any, Any]")


class House(Generic[S, B]):
    """An office, its face on a port, and a backend of ours. A make says its ``plugin``."""

    plugin: ClassVar[Plugin[Any]]

    def __init__(self, simulated: S, server: Running, clock: Clock) -> None:
        self.simulated = simulated
        self.office = simulated.office
        self.faults = simulated.faults
        self.server = server
        self.clock = clock
        self._opened: list[B] = []
        self.backend = self.open()

    def config(self) -> str:
        """The site as the config has it."""
        raise NotImplementedError

    def open(self, **changed: object) -> B:
        """Another backend for the same PBX, with some settings changed."""
        return self.opened(self.config(), **changed)

    def opened(self, config: str, **changed: object) -> B:
        (site,) = tomllib.loads(config)["site"]
        settings = self.plugin.settings.model_validate({**site, "timeout": 5.0, **changed})
        backend: B = self.plugin.open(settings, Runtime(clock=self.clock))  # type: ignore[assignment]
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

    def talk(self, to: str = OUTSIDE, nth: int = 0) -> things.Call:
        """A conversation between a phone of the house and somebody: that phone's leg is first."""
        call = self.office.dial(self.free(nth).number, to)
        self.until(lambda: call.state is things.LegState.TALKING)
        return call


@contextlib.asynccontextmanager
async def housed(
    kind: Callable[[S, Running, Clock], H], simulated: S, clock: Clock
) -> AsyncIterator[H]:
    """A simulated PBX served on a free port."""
    async with running(simulated.app, faults=simulated.faults) as server:
        made = kind(simulated, server, clock)
        try:
            yield made
        finally:
            await made.close()
