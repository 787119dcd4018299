"""The simulated makes of PBX that the contract is held against, each over the same office."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pbxtui.backends import registry
from pbxtui.backends.base import Runtime
from pbxtui.service import Site
from pbxtui.service.fleet import open_site
from pbxtui.simulator.faults import Faults
from pbxtui.simulator.mirta import build_mirta
from pbxtui.simulator.office import Office
from pbxtui.simulator.server import Running, running
from pbxtui.simulator.telphin import build_telphin
from pbxtui.simulator.vonage import build_vonage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Build = Callable[[Office, Faults, Callable[[], float]], Any]


@dataclass(frozen=True)
class Make:
    """One make: how its simulated PBX is built, and what of it must never be shown."""

    name: str
    build: Build
    secrets: Callable[[Any], tuple[str, ...]]


@dataclass
class Bench:
    """A simulated PBX on a real port, and a site that reads it."""

    make: Make
    office: Office
    faults: Faults
    pbx: Any
    server: Running
    site: Site

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.make.secrets(self.pbx)


def _vonage(profile: str) -> Build:
    def build(office: Office, faults: Faults, clock: Callable[[], float]) -> Any:
        return build_vonage(
            office=office,
            faults=faults,
            clock=clock,
            profile="live" if profile == "live" else "documented",
        )

    return build


def _tokens(pbx: Any) -> tuple[str, ...]:
    return (pbx.access_token, pbx.password, pbx.client_secret)


MAKES = (
    Make("vonage-live", _vonage("live"), _tokens),
    Make("vonage-documented", _vonage("documented"), _tokens),
    Make(
        "mirta",
        lambda office, faults, clock: build_mirta(office=office, faults=faults, clock=clock),
        lambda pbx: (pbx.key,),
    ),
    Make(
        "telphin",
        lambda office, faults, clock: build_telphin(office=office, faults=faults, clock=clock),
        lambda pbx: (pbx.app_secret,),
    ),
)


def small_office(seed: int = 3, *, calls: int = 8) -> tuple[Office, Callable[[], float]]:
    """An office whose clock stands still at the present moment, so that two readings agree."""
    now = time.time()
    return Office(seed, calls, start=now), lambda: now


def bench(make: Make, *, timeout: float = 2.0) -> AbstractAsyncContextManager[Bench]:
    """A PBX of that make on a real port, with a site that is not yet opened."""
    return _bench(make, timeout)


@asynccontextmanager
async def _bench(make: Make, timeout: float) -> AsyncIterator[Bench]:
    office, clock = small_office()
    faults = Faults()
    pbx = make.build(office, faults, clock)
    async with running(pbx.app, faults=faults) as server:
        (table,) = tomllib.loads(pbx.config_toml(server.url, name="hq"))["site"]
        settings = registry.plugin(table["kind"]).settings.model_validate(
            {**table, "timeout": timeout}
        )
        site = open_site(settings, Runtime(max_body=8 * 1024 * 1024))
        try:
            yield Bench(make, office, faults, pbx, server, site)
        finally:
            await site.stop()
