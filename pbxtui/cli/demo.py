"""The demo: simulated PBXs in this process, spoken to in their own wire formats."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import httpx

from pbxtui.backends import registry
from pbxtui.backends.base import Runtime
from pbxtui.backends.settings import SiteSettings
from pbxtui.cli.faulty import faults_of
from pbxtui.service import Fleet, open_fleet
from pbxtui.simulator.makes import build


class _Office(NamedTuple):
    """One simulated PBX of the demo; ``share`` is its part of the calls and phones."""

    name: str
    kind: str
    seed: int
    share: float


OFFICES = (
    _Office("hq", "vonage", 0, 0.4),
    _Office("branch", "mirta", 1000, 0.35),
    _Office("cloud", "telphin", 2000, 0.25),
)
log = logging.getLogger(__name__)
TOP_LEVEL_DOMAIN = "demo.invalid"


class Switchboard(httpx.AsyncBaseTransport):
    """Takes requests to the app of their host, in a thread of its own.

    There a PBX of ten thousand calls can think without stopping the screens. What a fault does to
    a connection it does here: silence lasts as long as the request waits, and a reset is told.
    """

    def __init__(self, apps: Mapping[str, Any]) -> None:
        self._transports = {host: httpx.ASGITransport(app=app) for host, app in apps.items()}
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="demo", daemon=True).start()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        transport = self._transports.get(request.url.host)
        if transport is None:
            raise httpx.ConnectError(f"the demo has no host {request.url.host}", request=request)
        patience = request.extensions.get("timeout", {}).get("read")
        answer = asyncio.run_coroutine_threadsafe(
            asyncio.wait_for(transport.handle_async_request(request), patience), self._loop
        )
        try:
            return await asyncio.wrap_future(answer)
        except TimeoutError:
            raise httpx.ReadTimeout("no answer", request=request) from None
        except ConnectionError as error:
            raise httpx.ReadError(str(error), request=request) from None
        except httpx.HTTPError:
            raise
        except Exception:
            log.exception("the demo failed at %s %s", request.method, request.url.path)
            return httpx.Response(500, request=request)


def demo_fleet(
    *,
    seed: int,
    calls: int,
    phones: int | None,
    faults: Sequence[str] = (),
    clock: Callable[[], float] = time.time,
) -> Fleet:
    """A fleet over freshly built offices that share ``calls`` and ``phones`` between them.

    ``faults`` go wrong in each of them, as in :func:`pbxtui.cli.faulty.faults_of`.

    ``clock`` gives epoch seconds, to the offices and to the fleet: while it stands still the same
    seed shows the same calls.
    Raises ``ValueError`` when there are too few phones for the calls.
    """
    apps: dict[str, Any] = {}
    sites: list[SiteSettings] = []
    for office in OFFICES:
        own_calls = round(calls * office.share)
        own_phones = None if phones is None else max(round(phones * office.share), 2 * own_calls)
        pbx = build(
            office.kind,
            seed=seed + office.seed,
            calls=own_calls,
            phones=own_phones,
            clock=clock,
            faults=faults_of(faults, seed + office.seed) if faults else None,
        )
        host = f"{office.name}.{TOP_LEVEL_DOMAIN}"
        apps[host] = pbx.app
        sites.append(_settings(pbx.config_toml(f"https://{host}", name=office.name)))
    return open_fleet(sites, Runtime(clock=clock, transport=Switchboard(apps)))


def _settings(config: str) -> SiteSettings:
    """The settings that the simulator's own sample of a config stands for."""
    (site,) = tomllib.loads(config)["site"]
    settings: SiteSettings = registry.plugin(site["kind"]).settings.model_validate(site)
    return settings
