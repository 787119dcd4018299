"""A simulated Vonage account on a real port, and a backend that reads it and acts on it."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import AsyncIterator, Callable
from typing import TypedDict

from pbxtui.backends.base import Runtime
from pbxtui.backends.vonage import plugin
from pbxtui.backends.vonage.backend import VonageBackend
from pbxtui.model import Call, Kind, Topic
from pbxtui.simulator import things
from pbxtui.simulator.office import Office
from pbxtui.simulator.server import Running, running
from pbxtui.simulator.vonage import Profile, SimulatedVonage, VonageSwitches, build_vonage

START = 1_790_293_069.0


def state(thing: things.Call | things.Leg) -> things.LegState:
    return thing.state


class Where(TypedDict):
    site: str
    call: str
    leg: str


def on(call: things.Call, leg: things.Leg | None = None) -> Where:
    """How an action names a call of the office, or one leg of it."""
    return {"site": "hq", "call": call.id, "leg": "" if leg is None else leg.id}


class Clock:
    """The time of the office and of the backend."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Headquarters:
    """An office in which nobody calls by themselves, its Vonage face, and a backend of ours."""

    def __init__(self, simulated: SimulatedVonage, server: Running, clock: Clock) -> None:
        self.simulated = simulated
        self.office = simulated.office
        self.faults = simulated.faults
        self.server = server
        self.clock = clock
        self._opened: list[VonageBackend] = []
        self.backend = self.open()

    def open(self, *, login: bool = False, **changed: object) -> VonageBackend:
        """Another backend for the same account, with some settings changed."""
        toml = self.simulated.config_toml(self.server.url, login=login)
        (site,) = tomllib.loads(toml)["site"]
        settings = plugin.settings.model_validate({**site, "timeout": 5.0, **changed})
        backend = plugin.open(settings, Runtime(clock=self.clock))
        assert isinstance(backend, VonageBackend)
        self._opened.append(backend)
        return backend

    async def close(self) -> None:
        for backend in self._opened:
            await backend.close()

    async def calls(self) -> dict[str, Call]:
        items = (await self.backend.read(Topic.CALLS)).items[Kind.CALLS]
        return {id: call for id, call in items.items() if isinstance(call, Call)}

    def count(self, method: str, resource: str) -> int:
        """How many requests of a class have arrived."""
        return self.faults.count(method, resource)

    def actions(self) -> int:
        """How many requests that act have arrived."""
        return sum(seen.kind == "action" for seen in self.faults.seen)

    # --- the office --------------------------------------------------------------------------

    def until(self, true: Callable[[], bool]) -> None:
        """Let the office live until something is true, for an hour at most."""
        for _ in range(3600):
            if true():
                return
            self.clock.now += 1
            self.office.advance(self.clock.now)
        raise AssertionError("it never came true")

    def free(self, nth: int = 0) -> things.Extension:
        """Somebody who could take a call and is no agent."""
        idle = [ext for ext in self.office.building.extensions if ext.pool_place >= 0]
        return [ext for ext in idle if ext.agent is None][nth]

    def talk(self, to: str = "+441632960123", nth: int = 0) -> things.Call:
        """A conversation between a phone of the house and somebody: that phone's leg is first."""
        call = self.office.dial(self.free(nth).number, to)
        self.until(lambda: call.state is things.LegState.TALKING)
        return call

    def ring(self, nth: int = 1) -> tuple[things.Call, things.Leg]:
        """A call at whose other end a phone of the house rings, and that leg."""
        callee = self.free(nth)
        call = self.office.dial(self.free().number, callee.number)
        self.until(lambda: any(leg.extension is callee for leg in call.live_legs()))
        return call, next(leg for leg in call.live_legs() if leg.extension is callee)


@contextlib.asynccontextmanager
async def headquarters(
    profile: Profile = "live", switches: VonageSwitches | None = None
) -> AsyncIterator[Headquarters]:
    """The account over a quiet office, served on a free port."""
    clock = Clock()
    office = Office(3, 0, 60, start=START)
    simulated = build_vonage(3, clock=clock, office=office, profile=profile, switches=switches)
    async with running(simulated.app, faults=simulated.faults) as server:
        one = Headquarters(simulated, server, clock)
        try:
            yield one
        finally:
            await one.close()
