"""A dispatcher over a simulated PBX of some make, on a real port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pbxtui.model import Call, Leg, LegState, Topic, Verb
from pbxtui.service import Fleet
from pbxtui.service.acting import (
    Aim,
    Ask,
    Chosen,
    Dispatcher,
    Entry,
    Journal,
    Plan,
    Rights,
    Ticket,
    aim,
    consultation,
    entries,
)
from pbxtui.service.acting.people import ends
from pbxtui.simulator import things
from pbxtui.simulator.faults import Seen
from tests.contract.makes import Bench, Make, bench


@dataclass
class Wire:
    """What was simulated, the dispatcher, and the journal's folder."""

    made: Bench
    dispatcher: Dispatcher
    folder: Path

    def acted(self) -> list[Seen]:
        """The requests that would change something, as they arrived."""
        return [seen for seen in self.made.faults.seen if seen.kind == "action"]

    async def read(self, topic: Topic = Topic.CALLS) -> None:
        await self.made.site.read(topic)

    def talk(self) -> tuple[Call, things.Call]:
        """A conversation of somebody outside with one phone, as shown and as it is."""
        for call in self.made.site.snapshot.calls.values():
            on = [end for end in ends(call) if end.up]
            own = [end for end in on if end.own]
            if call.state is LegState.TALKING and len(on) == 2 and len(own) == 1:
                real = self.real(call)
                if real is not None and len(real.live_legs()) == 2:
                    return call, real
        raise AssertionError("nobody talks with anybody")

    def real(self, call: Call) -> things.Call | None:
        """The call of the office that is shown: the numbers on it are the same."""
        numbers = sorted(end.party.number.removeprefix("+") for end in ends(call) if end.up)
        for one in self.made.office.calls.values():
            legs = one.live_legs()
            if sorted(leg.party.number.removeprefix("+") for leg in legs) == numbers:
                return one
        return None

    def own_leg(self, call: Call) -> Leg:
        (end,) = [end for end in ends(call) if end.own and end.leg is not None]
        assert end.leg is not None
        return end.leg

    def phone(self, call: Call) -> str:
        """The number of the phone of the house that is on a call."""
        (end,) = [end for end in ends(call) if end.own]
        return end.party.number

    def idle(self, place: int = 0) -> things.Extension:
        """A phone that is on no call and can be reached."""
        found = [
            extension
            for extension in self.made.office.building.extensions
            if not extension.legs and extension.reachable and extension.agent is None
        ]
        return found[place]

    def plan(self, verb: Verb, call: Call, ask: Ask | None = None, leg: str = "") -> Plan:
        """The plan for a row, through the leg that the row stands for."""
        snapshot = self.made.site.snapshot
        aimed = aim(verb, Chosen(call, leg), snapshot, ask=ask or Ask())
        assert isinstance(aimed, Aim), aimed
        return self.dispatcher.plan(aimed.action, aimed.chosen)

    def ending(self, verb: Verb, row: Chosen) -> Plan:
        """The plan that completes or cancels the consultation that a row is part of."""
        assert isinstance(row.thing, Call)
        found = consultation(row.thing, self.made.site.snapshot, self.dispatcher)
        assert found is not None
        return self.plan(verb, row.thing, Ask(consultation=found), row.leg)

    async def settle(self, ticket: Ticket) -> None:
        """Read until it is known what became of a ticket."""
        await ticket.answered()
        topic = ticket.expectation.topic if ticket.expectation is not None else Topic.CALLS
        while not ticket.over:
            await self.read(topic)

    async def journal(self) -> list[Entry]:
        await self.dispatcher.close()
        return entries(self.folder)


@asynccontextmanager
async def wired(make: Make, folder: Path, *, timeout: float = 5.0) -> AsyncIterator[Wire]:
    """A dispatcher over a PBX of that make, everything of it read once."""
    async with bench(make, timeout=timeout) as made:
        fleet = Fleet([made.site])
        dispatcher = Dispatcher(fleet, Rights("reception"), Journal(folder))
        backend = await made.site.open()
        for topic in sorted(backend.topics):
            await made.site.read(topic)
        try:
            yield Wire(made, dispatcher, folder)
        finally:
            await dispatcher.close()
