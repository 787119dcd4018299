"""A simulated Telphin client on a real port, and a backend that reads it and acts on it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from pbxtui.backends.telphin import plugin
from pbxtui.backends.telphin.backend import TelphinBackend
from pbxtui.simulator import things
from pbxtui.simulator.office import Office
from pbxtui.simulator.telphin import SimulatedTelphin, TelphinSwitches, build_telphin
from pbxtui.simulator.telphin.names import Names
from tests.backends.house import OUTSIDE, START, Clock, House, housed


class Cloud(House[SimulatedTelphin, TelphinBackend]):
    """An office, its Telphin face on a port, and a backend of ours."""

    plugin = plugin

    def config(self) -> str:
        return self.simulated.config_toml(self.server.url)

    def desk(self, to: str = OUTSIDE) -> tuple[things.Call, things.Leg]:
        """A conversation of a desk with somebody outside, and the desk's leg."""
        call = self.office.dial(self.free().number, to)
        self.until(lambda: call.answered > 0)
        return call, call.live_legs()[0]

    @property
    def names(self) -> Names:
        """The ids that Telphin gives."""
        return self.simulated.names

    def handle(self, leg: things.Leg) -> str:
        """A leg's id as the backend has it."""
        assert leg.extension is not None
        return f"{self.names.extension_id(leg.extension)}/{self.names.call_api_id(leg)}"


def cloud(
    switches: TelphinSwitches | None = None,
    *,
    office: Callable[[], Office] = lambda: Office(3, 0, 40, start=START),
) -> AbstractAsyncContextManager[Cloud]:
    """A quiet office of forty phones, or another."""
    clock = Clock()
    simulated = build_telphin(3, clock=clock, office=office(), switches=switches)
    return housed(Cloud, simulated, clock)
