"""A stage on which keys act: unlocked, with an own phone, and a PBX that answers as it is told;
and the calls that the keys are for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from textual.pilot import Pilot

from pbxtui.config import Config
from pbxtui.model import (
    CAN,
    Action,
    Agent,
    AgentState,
    Call,
    Caller,
    Capability,
    Device,
    DeviceState,
    Lamp,
    LampState,
    LegState,
    Outcome,
    Party,
    Queue,
    Thing,
    Verb,
)
from pbxtui.service.acting import Dispatcher, Ticket
from tests.ui.seen import lines, shown
from tests.ui.stage import Stage, call, set_stage

EVERYTHING: Mapping[Verb, Capability] = dict.fromkeys(Verb, CAN)
AT_ONCE = Config(profile="noc", grace=0.0)
ANNA = call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales"))
BENT = call("b", from_=Party("+4422", "Bent"), to=Party("402", "Stock"))
CARLA = call("c", LegState.HELD, from_=Party("+4433", "Carla"), to=Party("403", "Till"))
PHONE = Device("hq", "p1", DeviceState.REGISTERED, extension="401", name="Sales")
LAMP = Lamp("hq", "401@x", LampState.IN_USE, extension="401", name="Sales")
AGENT = Agent("hq", "ag", AgentState.READY, name="Sales", extension="401", queues=("q",))
QUEUE = Queue("hq", "q", "Support", callers=(Caller("w", 1, Party("+4411", "Anna"), None, "a"),))
NO_HOLD = Capability(False, "MiRTA's API has no hold.", "P parks the call at 700")
UNSHOWN = {Verb.HOLD: Capability(True, shown=False), Verb.RECORD: Capability(True, shown=False)}


def acting_stage(
    *things: Thing,
    can: Mapping[Verb, Capability] | None = None,
    changed: Mapping[str, object] | None = None,
    config: Config = AT_ONCE,
    ascii: bool = False,
    keymap: Mapping[str, str] | None = None,
    sites: tuple[str, ...] = ("hq",),
) -> Stage:
    """A stage whose PBX can do everything but what ``can`` says otherwise."""
    return set_stage(
        *things,
        sites=sites,
        ascii=ascii,
        keymap=keymap,
        can={**EVERYTHING, **(can or {})},
        changed={"extension": "447", **(changed or {})},
        config=config,
    )


def dispatcher(stage: Stage) -> Dispatcher:
    found = stage.app.hand.dispatcher
    assert found is not None
    return found


@asynccontextmanager
async def at_work(
    stage: Stage, size: tuple[int, int] = (120, 30), *, locked: bool = False
) -> AsyncIterator[Pilot[None]]:
    """The app running, its dispatcher open; unlocked unless said otherwise."""
    async with shown(stage, size) as pilot:
        while stage.app.hand.dispatcher is None:
            await pilot.pause()
        if not locked:
            dispatcher(stage).rights.unlock()
        stage.app.view.frame()
        await pilot.pause()
        yield pilot


def asked(stage: Stage, site: str = "hq") -> list[Action]:
    """What the PBX was asked to do."""
    return stage.backends[site].acted


def tickets(stage: Stage) -> list[Ticket]:
    return list(stage.app.hand.tickets)


async def answered(stage: Stage, pilot: Pilot[None]) -> Ticket:
    """Wait until the last action was answered, and that is on the screen."""
    ticket = tickets(stage)[-1]
    await ticket.answered()
    await pilot.pause()
    return ticket


def answers(stage: Stage, outcome: Outcome, site: str = "hq") -> None:
    stage.backends[site].answer = outcome


def foot(stage: Stage) -> str:
    """The last line of the screen."""
    return lines(stage)[-1]


def held(it: Call) -> Call:
    """A call whose second leg is held, and so the whole of it."""
    own = replace(it.legs[1], state=LegState.HELD)
    return replace(it, state=LegState.HELD, legs=(it.legs[0], own))
