"""Asking one colleague, going back, asking another, handing over: over each make's own wire."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxtui.model import Answered, Call, LegState, Verb
from pbxtui.service.acting import Ask, Consultation, Observed, consultation
from pbxtui.simulator import things
from tests.contract.makes import Make
from tests.service.acting.test_wires_transfers import ASKING
from tests.service.acting.wires import Wire, wired


class Reception:
    """A phone of the house that talks with somebody outside, and asks its colleagues."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        call, self.real = wire.talk()
        self.call_id = call.id
        self.phone = wire.made.office.extensions[wire.phone(call)]
        self.colleagues = [wire.idle(0), wire.idle(1)]

    @property
    def call(self) -> Call:
        return self.wire.made.site.snapshot.calls[self.call_id]

    def found(self) -> Consultation:
        found = consultation(self.call, self.wire.made.site.snapshot, self.wire.dispatcher)
        assert found is not None
        return found

    async def send(self, verb: Verb, ask: Ask) -> str:
        """Do it for the row of the call: once, accepted and seen. The sentence that was read."""
        before = len(self.wire.acted())
        plan = self.wire.plan(verb, self.call, ask)
        ticket = self.wire.dispatcher.send(plan)
        await self.wire.settle(ticket)
        assert ticket.outcome is not None, ticket.words
        assert ticket.outcome.answered is Answered.ACCEPTED, ticket.words
        assert ticket.observed is Observed.OBSERVED, ticket.words
        assert len(self.wire.acted()) == before + 1
        return plan.sentence

    async def asks(self, colleague: things.Extension, *, answered: bool) -> Consultation:
        """By the PBX where it can, else at the phone itself, which holds the call."""
        office = self.wire.made.office
        if self.wire.made.make.name == "mirta":
            await self.send(Verb.ATTENDED, Ask(to=colleague.number))
        else:
            if self.call.state is not LegState.HELD:
                await self.wire.dispatcher.send(self.wire.plan(Verb.HOLD, self.call)).done()
            office.dial(self.phone.number, colleague.number)
            (own,) = (leg for leg in self.phone.legs if not leg.answered)
            office.answer(own.id)
        if answered:
            (leg,) = colleague.legs
            office.answer(leg.id)
        await self.wire.read()
        found = self.found()
        assert (found.by.number, found.to.number) == (self.phone.number, colleague.number)
        assert found.answered is answered
        return found

    def heard_by(self, colleague: things.Extension) -> set[things.Extension | None]:
        """Whom a colleague talks with; None is whoever is outside."""
        (leg,) = colleague.legs
        return {other.extension for other in leg.call.live_legs() if other is not leg}


@pytest.mark.parametrize("answered", [False, True], ids=["rings", "talks"])
@pytest.mark.parametrize("make", ASKING, ids=lambda make: make.name)
async def test_after_going_back_another_is_asked_and_gets_the_call(
    make: Make, tmp_path: Path, answered: bool
) -> None:
    async with wired(make, tmp_path) as wire:
        desk = Reception(wire)
        first, second = desk.colleagues
        found = await desk.asks(first, answered=answered)
        said = await desk.send(Verb.CANCEL, Ask(consultation=found))
        assert first.number in said
        assert first.legs == []
        snapshot = wire.made.site.snapshot
        assert consultation(desk.call, snapshot, wire.dispatcher) is None
        assert wire.dispatcher.assumed.consultations("hq") == []
        found = await desk.asks(second, answered=True)
        assert desk.heard_by(second) == {desk.phone}
        said = await desk.send(Verb.COMPLETE, Ask(consultation=found))
        assert second.number in said
        assert desk.heard_by(second) == {None}
        assert desk.phone.legs == []
        assert first.legs == []
        assert wire.dispatcher.assumed.of("hq") == []
        verbs = [entry.verb for entry in await wire.journal()]
        assert [verb for verb in verbs if verb != "hold"][-2:] == (
            ["attended", "complete"] if make.name == "mirta" else ["cancel", "complete"]
        )


@pytest.mark.parametrize("make", ASKING, ids=lambda make: make.name)
async def test_the_same_colleague_is_asked_again(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        desk = Reception(wire)
        first = desk.colleagues[0]
        found = await desk.asks(first, answered=False)
        await desk.send(Verb.CANCEL, Ask(consultation=found))
        found = await desk.asks(first, answered=True)
        await desk.send(Verb.COMPLETE, Ask(consultation=found))
        assert desk.heard_by(first) == {None}
