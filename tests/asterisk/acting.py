"""Somebody who acts on the test office as the screens do: aim, plan, send, see what became."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pbxtui.backends.asterisk.backend import AsteriskBackend
from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.config.said import Config
from pbxtui.model import Agent, Call, LegState, Snapshot, Topic, Verb
from pbxtui.service import Fleet, Site, open_fleet
from pbxtui.service.acting import (
    Aim,
    Ask,
    Chosen,
    Consultation,
    Dispatcher,
    Entry,
    Plan,
    Refusal,
    Ticket,
    aim,
    consultation,
    entries,
    open_dispatcher,
)
from tests.asterisk import office
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import soon

NOTHING = Ask()


@dataclass
class Board:
    """A site that is read all the time, the dispatcher over it, and the journal's folder."""

    fleet: Fleet
    dispatcher: Dispatcher
    folder: Path

    @property
    def site(self) -> Site:
        return self.fleet.sites[0]

    @property
    def snapshot(self) -> Snapshot:
        return self.site.snapshot

    @property
    def backend(self) -> AsteriskBackend:
        assert isinstance(self.site.backend, AsteriskBackend)
        return self.site.backend

    def states(self) -> dict[str, LegState]:
        """The state of each leg of the calls that are not over, by its extension or device."""
        calls = [call for call in self.snapshot.calls.values() if not call.over]
        return {leg.extension or leg.device: leg.state for call in calls for leg in call.legs}

    async def sees(self, **states: LegState) -> None:
        """Wait for exactly these legs, by extension (``_1001``)."""
        wanted = {name.removeprefix("_"): state for name, state in states.items()}
        await soon(lambda: self.states() == wanted)

    def call(self, extension: str) -> Call:
        """The call of a phone."""
        (found,) = [
            call
            for call in self.snapshot.calls.values()
            if not call.over and any(leg.extension == extension for leg in call.legs)
        ]
        return found

    def row(self, extension: str, *, leg: bool = True) -> Chosen:
        """The row of a phone's leg, or of its whole call."""
        call = self.call(extension)
        legs = [each.id for each in call.legs if each.extension == extension]
        return Chosen(call, legs[0] if leg else "")

    def agent(self, id_: str) -> Agent:
        return self.snapshot.agents[id_]

    def consulting(self, extension: str) -> Consultation | None:
        return consultation(self.call(extension), self.snapshot, self.dispatcher)

    def plan(self, verb: Verb, row: Chosen, ask: Ask = NOTHING) -> Plan:
        """What a key on that row would send."""
        own = self.site.settings.extension
        aimed = aim(verb, row, self.snapshot, ask=ask, own=own)
        assert isinstance(aimed, Aim), aimed
        return self.dispatcher.plan(aimed.action, aimed.chosen)

    def does(self, verb: Verb, row: Chosen, ask: Ask = NOTHING) -> Ticket:
        """Press the key and agree."""
        plan = self.plan(verb, row, ask)
        assert not isinstance(plan.refused, Refusal), plan.refused
        return self.dispatcher.send(plan)

    def sent(self, action: str) -> int:
        """How often an action of AMI has left."""
        return sum(exchange.what == action for exchange in self.backend.exchanges)

    async def journal(self) -> list[Entry]:
        """What the journal has, once everything is written."""
        await self.dispatcher.close()
        return entries(self.folder)


@asynccontextmanager
async def board(rig: Rig, folder: Path, *, extension: str = "") -> AsyncIterator[Board]:
    """A running site over the rig, read once, with a dispatcher whose grace is 0."""
    settings = AsteriskSettings.model_validate(
        {
            "name": "lab",
            "kind": "asterisk",
            "host": "127.0.0.1",
            "port": rig.ports.ami,
            "username": office.NOC.username,
            "secret": office.NOC.secret,
            "context": office.CONTEXT,
            "extension": extension,
        }
    )
    fleet = open_fleet([settings])
    dispatcher = open_dispatcher(fleet, Config(profile="reception"), folder=folder)
    made = Board(fleet, dispatcher, folder)
    try:
        await fleet.start()
        await soon(lambda: all(made.site.taken[topic] for topic in Topic))
        yield made
    finally:
        await dispatcher.close()
        await fleet.stop()
