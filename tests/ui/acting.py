"""A stage on which keys act: unlocked, with an own phone, and a PBX that answers as it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from pbxtui.config import Config
from pbxtui.model import CAN, Action, Capability, Outcome, Thing, Verb
from pbxtui.service.acting import Dispatcher, Ticket
from tests.ui.seen import shown
from tests.ui.stage import Stage, set_stage

EVERYTHING: Mapping[Verb, Capability] = dict.fromkeys(Verb, CAN)
AT_ONCE = Config(profile="noc", grace=0.0)


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
