"""An office in which nobody calls by themselves, with a Telphin client that is logged in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from pbxtui.simulator.office import Office
from pbxtui.simulator.server import running
from pbxtui.simulator.telphin import BASE, SimulatedTelphin, TelphinSwitches, build_telphin
from pbxtui.simulator.things import Call, Extension, Lamp, Leg, LegState
from tests.simulator.world import START, Clock

CLIENT = "/client/@me"
CALLS = f"{CLIENT}/current_calls/"
OUTSIDE = "+441632960123"


async def token(site: SimulatedTelphin, url: str, **wrong: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": site.app_id,
        "client_secret": site.app_secret,
    }
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        return await client.post("/oauth/token", data=form | wrong)


class Desk:
    def __init__(self, built: SimulatedTelphin, client: httpx.AsyncClient, clock: Clock) -> None:
        self.built = built
        self.client = client
        self.clock = clock
        self.office: Office = built.office

    def free(self, nth: int = 0) -> Extension:
        idle = [ext for ext in self.office.building.extensions if ext.pool_place >= 0]
        return [ext for ext in idle if ext.agent is None][nth]

    def until(self, true: Callable[[], bool]) -> None:
        for _ in range(3600):
            if true():
                return
            self.clock.now += 1
            self.office.advance(self.clock.now)
        raise AssertionError("it never came true")

    def talk(self, to: str = OUTSIDE) -> tuple[Call, Leg, Leg]:
        """A call from a desk; its own leg, and the other one."""
        call = self.office.dial(self.free().number, to)
        self.until(lambda: state(call) is LegState.TALKING)
        own, other = call.live_legs()
        return call, own, other

    def path(self, leg: Leg) -> str:
        assert leg.extension is not None
        names = self.built.names
        id = names.extension_id(leg.extension)
        return f"/extension/{id}/current_calls/{names.call_api_id(leg)}"

    async def put(self, leg: Leg, action: str, send_dst: str | None = None) -> httpx.Response:
        body = {"action": action} if send_dst is None else {"action": action, "send_dst": send_dst}
        return await self.client.put(self.path(leg), json=body)

    async def rows(self, path: str = CALLS) -> list[dict[str, Any]]:
        answer = await self.client.get(path)
        assert answer.status_code == 200
        rows: list[dict[str, Any]] = answer.json()["call_list"]
        return rows


def state(thing: Call | Leg) -> LegState:
    return thing.state


def lamp(ext: Extension) -> Lamp:
    return ext.lamp


@asynccontextmanager
async def logged_in(site: SimulatedTelphin) -> AsyncIterator[httpx.AsyncClient]:
    """A real HTTP client of a face on a real port, with a token, at the API's base."""
    async with running(site.app, faults=site.faults) as server:
        bearer = (await token(site, server.url)).json()["access_token"]
        async with httpx.AsyncClient(
            base_url=server.url + BASE,
            headers={"authorization": f"Bearer {bearer}"},
            trust_env=False,
        ) as client:
            yield client


@asynccontextmanager
async def desk(switches: TelphinSwitches | None = None) -> AsyncIterator[Desk]:
    clock = Clock()
    office = Office(3, 0, 40, start=START)
    built = build_telphin(3, clock=clock, office=office, switches=switches)
    async with logged_in(built) as client:
        yield Desk(built, client, clock)
