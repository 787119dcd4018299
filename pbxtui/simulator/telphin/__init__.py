"""A simulated client of Telphin's RingMe."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from starlette.types import ASGIApp

from pbxtui.simulator.faults import Faults, FaultyApp
from pbxtui.simulator.office import Office
from pbxtui.simulator.telphin.control import Control
from pbxtui.simulator.telphin.door import Door
from pbxtui.simulator.telphin.face import TelphinFace
from pbxtui.simulator.telphin.gateway import BASE, classify, error_body
from pbxtui.simulator.telphin.limits import HourlyQuota
from pbxtui.simulator.telphin.names import Names
from pbxtui.simulator.telphin.switches import TelphinSwitches
from pbxtui.simulator.telphin.tokens import Tokens

__all__ = ["BASE", "SimulatedTelphin", "TelphinSwitches", "build_telphin"]


@dataclass(frozen=True, slots=True)
class SimulatedTelphin:
    """The app, the office behind it, and what a client needs to get in."""

    app: ASGIApp
    office: Office
    faults: Faults
    tokens: Tokens
    quota: HourlyQuota
    names: Names
    """Telphin's ids of the office's things, for tests."""
    control: Control
    app_id: str
    app_secret: str

    def config_toml(self, url: str, *, name: str = "cloud") -> str:
        """A site to paste into the config; `url` is the server's, such as http://127.0.0.1:8080."""
        lines = [
            "[[site]]",
            f'name = "{name}"',
            'kind = "telphin"',
            f'url = "{url}"',
            f'app_id = "{self.app_id}"',
            f'app_secret = "{self.app_secret}"',
        ]
        return "\n".join(lines) + "\n"


def build_telphin(
    seed: int = 1,
    calls: int = 12,
    phones: int | None = None,
    clock: Callable[[], float] = time.time,
    faults: Faults | None = None,
    switches: TelphinSwitches | None = None,
    *,
    office: Office | None = None,
    churn: float = 0.012,
    three_way: float = 0.05,
    client_id: int = 9593,
    prefix: str = "2566",
) -> SimulatedTelphin:
    """A Telphin client over a new office (or over `office`), which lives by `clock`.

    Raises ValueError when the office can't be: see `Office`.
    """
    faults = faults if faults is not None else Faults(seed)
    switches = switches or TelphinSwitches()
    if office is None:
        office = Office(seed, calls, phones, start=clock(), churn=churn, three_way=three_way)
    app_id, app_secret = "simulated0app0id0of032characters", "simulated-app-secret"
    tokens = Tokens(app_id, app_secret, switches, clock, Random(f"telphin {seed}"))
    names = Names(office, client_id, prefix)
    quota = HourlyQuota(switches, clock)
    door = Door(office, tokens, quota, switches, clock, client_id)
    face = TelphinFace(office, names, tokens, door, switches, faults)
    return SimulatedTelphin(
        app=FaultyApp(face.app, faults, clock=clock, classify=classify, error_body=error_body),
        office=office,
        faults=faults,
        tokens=tokens,
        quota=quota,
        names=names,
        control=face.control,
        app_id=app_id,
        app_secret=app_secret,
    )
