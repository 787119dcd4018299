"""A simulated MiRTA PBX: its Proxy API over the office."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from starlette.types import ASGIApp

from pbxtui.simulator.faults import Faults, FaultyApp
from pbxtui.simulator.mirta.door import PATH, Asked, Door, classify, error_body
from pbxtui.simulator.mirta.face import MirtaFace
from pbxtui.simulator.mirta.switches import MirtaSwitches
from pbxtui.simulator.office import Office

__all__ = ["PATH", "Asked", "MirtaSwitches", "SimulatedMirta", "build_mirta"]


@dataclass(frozen=True, slots=True)
class SimulatedMirta:
    """The app, the office behind it, and what a client needs to get in."""

    app: ASGIApp
    office: Office
    faults: Faults
    tenant: str
    key: str
    """Of the tenant, for reading and writing."""
    readonly_key: str
    admin_key: str
    nodes: tuple[str, ...]
    username: str
    password: str
    asked: list[Asked]
    """The requests that arrived with their parameters, oldest first."""
    channel_of: Callable[[str], str]
    """From a leg's id in the office to its channel's name on the wire."""

    def config_toml(self, url: str, *, name: str = "branch", nodes: bool = True) -> str:
        """A site to paste into the config; `url` is the server's, such as http://127.0.0.1:8080.

        With `nodes` the channels are asked for node by node.
        """
        lines = [
            "[[site]]",
            f'name = "{name}"',
            'kind = "mirta"',
            f'url = "{url}{PATH}"',
            f'tenant = "{self.tenant}"',
            f'key = "{self.key}"',
            'park = "700"',
        ]
        if nodes:
            listed = ", ".join(f'"{node}"' for node in self.nodes)
            lines.append(f"nodes = [{listed}]")
        return "\n".join(lines) + "\n"


def build_mirta(
    seed: int = 1,
    calls: int = 12,
    phones: int | None = None,
    clock: Callable[[], float] = time.time,
    faults: Faults | None = None,
    switches: MirtaSwitches | None = None,
    *,
    office: Office | None = None,
    churn: float = 0.012,
    three_way: float = 0.05,
) -> SimulatedMirta:
    """A MiRTA PBX over a new office (or over `office`), which lives by `clock`.

    Raises ValueError when the office can't be: see `Office`.
    """
    faults = faults if faults is not None else Faults(seed)
    switches = switches or MirtaSwitches()
    if office is None:
        office = Office(seed, calls, phones, start=clock(), churn=churn, three_way=three_way)
    username, password = "operator", "simulated-password"
    key, readonly_key, admin_key = (
        "simulated-tenant-key",
        "simulated-readonly-key",
        "simulated-admin-key",
    )
    face = MirtaFace(
        office,
        switches,
        faults,
        clock,
        Random(f"mirta {seed}"),
        key=key,
        readonly_key=readonly_key,
        admin_key=admin_key,
        passwords={username: password},
    )
    door = Door(FaultyApp(face, faults, clock=clock, classify=classify, error_body=error_body))
    legs = office.legs
    return SimulatedMirta(
        app=door,
        office=office,
        faults=faults,
        tenant=office.tenant,
        key=key,
        readonly_key=readonly_key,
        admin_key=admin_key,
        nodes=switches.nodes,
        username=username,
        password=password,
        asked=door.asked,
        channel_of=lambda leg_id: face.channels.name(legs[leg_id]),
    )
