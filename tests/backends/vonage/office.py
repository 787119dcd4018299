"""A simulated Vonage account on a real port, and a backend that reads it and acts on it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TypedDict

from pbxtui.backends.vonage import plugin
from pbxtui.backends.vonage.backend import VonageBackend
from pbxtui.simulator import things
from pbxtui.simulator.office import Office
from pbxtui.simulator.vonage import Profile, SimulatedVonage, VonageSwitches, build_vonage
from tests.backends.house import START, Clock, House, housed


def state(thing: things.Call | things.Leg) -> things.LegState:
    return thing.state


class Where(TypedDict):
    site: str
    call: str
    leg: str


def on(call: things.Call, leg: things.Leg | None = None) -> Where:
    """How an action names a call of the office, or one leg of it."""
    return {"site": "hq", "call": call.id, "leg": "" if leg is None else leg.id}


class Headquarters(House[SimulatedVonage, VonageBackend]):
    """An office in which nobody calls by themselves, its Vonage face, and a backend of ours."""

    plugin = plugin

    def config(self) -> str:
        return self.simulated.config_toml(self.server.url)

    def logging_in(self, **changed: object) -> VonageBackend:
        """A backend that logs in with a name and a password."""
        return self.opened(self.simulated.config_toml(self.server.url, login=True), **changed)

    def count(self, method: str, resource: str) -> int:
        """How many requests of a class have arrived."""
        return self.faults.count(method, resource)

    def actions(self) -> int:
        """How many requests that act have arrived."""
        return sum(seen.kind == "action" for seen in self.faults.seen)

    def ring(self, nth: int = 1) -> tuple[things.Call, things.Leg]:
        """A call at whose other end a phone of the house rings, and that leg."""
        callee = self.free(nth)
        call = self.office.dial(self.free().number, callee.number)
        self.until(lambda: any(leg.extension is callee for leg in call.live_legs()))
        return call, next(leg for leg in call.live_legs() if leg.extension is callee)


def headquarters(
    profile: Profile = "live", switches: VonageSwitches | None = None
) -> AbstractAsyncContextManager[Headquarters]:
    """The account over a quiet office, served on a free port."""
    clock = Clock()
    office = Office(3, 0, 60, start=START)
    simulated = build_vonage(3, clock=clock, office=office, profile=profile, switches=switches)
    return housed(Headquarters, simulated, clock)
