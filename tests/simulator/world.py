"""Helpers: the whole office as plain values, and a clock that is set by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from pbxtui.simulator.office import Office
from pbxtui.simulator.server import Running, running
from pbxtui.simulator.things import Call
from pbxtui.simulator.vonage import BASE, SimulatedVonage

START = 1_790_293_069.0
ACCOUNT = "/cc/accounts/1234"
CALLS = ACCOUNT + "/calls"
DEVICES = "/registration/accounts/1234/devices"


class Clock:
    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def call_facts(call: Call) -> tuple[object, ...]:
    return (
        call.id,
        call.state,
        call.reason,
        call.caller,
        call.callee,
        call.started,
        call.answered,
        call.ended,
        call.slot,
        call.version,
        [
            (leg.id, leg.state, leg.party, leg.channel, leg.started, leg.answered, leg.ended)
            for leg in call.legs
        ],
    )


def facts(office: Office) -> dict[str, object]:
    """Everything of an office that can be seen, and what it will draw next."""
    return {
        "now": office.now,
        "calls": [call_facts(call) for call in office.calls.values()],
        "lamps": [(ext.lamp, ext.lamp_since) for ext in office.building.extensions],
        "agents": [
            (agent.state, agent.since, agent.paused, agent.calls_taken)
            for agent in office.building.agents
        ],
        "queues": [
            (queue.received, queue.answered, queue.abandoned, [call.id for call in queue.callers])
            for queue in office.building.queues
        ],
        "devices": [
            (device.online, device.last_success(office.now), device.rtt_ms(office.now))
            for device in office.building.devices
        ],
        "flows": [(flow.state, flow.value, flow.since) for flow in office.building.flows],
        "dice": office.rng.getstate(),
    }


@asynccontextmanager
async def client_of(
    site: SimulatedVonage, *, token: str | None = None
) -> AsyncIterator[tuple[httpx.AsyncClient, Running]]:
    """A real HTTP client of a face on a real port, logged in, at the API's base."""
    bearer = f"Bearer {site.access_token if token is None else token}"
    async with (
        running(site.app, faults=site.faults) as server,
        httpx.AsyncClient(
            base_url=server.url + BASE, headers={"authorization": bearer}, trust_env=False
        ) as client,
    ):
        yield client, server
