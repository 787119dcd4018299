"""What the tests of actions share: naming calls and agents of the office."""

from __future__ import annotations

from typing import TypedDict

from pbxtui.model import (
    Answered,
)
from pbxtui.simulator import things
from pbxtui.simulator.things import LegState
from tests.backends.mirta.office import Branch

ACCEPTED, REFUSED = Answered.ACCEPTED, Answered.REFUSED
NOT_CONFIRMED = Answered.NOT_CONFIRMED


def state(thing: things.Call | things.Leg) -> LegState:
    return thing.state


class Where(TypedDict):
    site: str
    call: str
    leg: str


async def on(one: Branch, call: things.Call, nth: int | None = None) -> Where:
    """How an action names a call of the office, or one leg of it."""
    shown = await one.shown(call)
    leg = "" if nth is None else shown.legs[nth].id
    return {"site": "branch", "call": shown.id, "leg": leg}


def an_agent(one: Branch, queues: int = 1) -> things.Agent:
    """Somebody ready who serves so many queues."""
    agent = next(a for a in one.office.building.agents if a.ready and len(a.queues) == 1)
    others = [queue for queue in one.office.queues.values() if queue not in agent.queues]
    for queue in others[: queues - 1]:
        agent.queues.append(queue)
        queue.agents.append(agent)
    one.office.agent_changed(agent)
    return agent


def pause_of(agent: things.Agent) -> str | None:
    return agent.paused
