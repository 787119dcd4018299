"""Attended transfers over each make's own wire: begun, completed, cancelled, or said why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxtui.model import Answered, Call, Certainty, LegState, Verb
from pbxtui.service.acting import Ask, Chosen, Observed, Why, consultation
from pbxtui.service.acting.people import party_of
from pbxtui.simulator import things
from tests.contract.makes import MAKES, Make
from tests.service.acting.wires import Wire, wired

BY_NAME = {make.name: make for make in MAKES}


async def asking(wire: Wire) -> tuple[Call, things.Extension, Chosen]:
    """A conversation whose phone asks somebody first, who has answered; the row of that phone."""
    call, _ = wire.talk()
    desk, target = wire.phone(call), wire.idle()
    office = wire.made.office
    if wire.made.make.name == "mirta":
        ticket = wire.dispatcher.send(wire.plan(Verb.ATTENDED, call, Ask(to=target.number)))
        await wire.settle(ticket)
        assert ticket.observed is Observed.OBSERVED
    else:
        await wire.dispatcher.send(wire.plan(Verb.HOLD, call)).done()
        office.dial(desk, target.number)
        (own,) = (leg for leg in office.extensions[desk].legs if not leg.answered)
        office.answer(own.id)
    for leg in target.legs[:1]:
        office.answer(leg.id)
    await wire.read()
    rows = wire.made.site.snapshot.calls.values()
    (row,) = (
        Chosen(one, leg.id)
        for one in rows
        for leg in one.legs
        if party_of(leg, one).number == target.number and leg.state is LegState.TALKING
    )
    return call, target, row


ASKING = [BY_NAME[name] for name in ("vonage-live", "mirta")]
"""In Vonage's documented shape the two legs of an internal call cannot be told apart."""


@pytest.mark.parametrize("make", ASKING, ids=lambda make: make.name)
async def test_an_attended_transfer_is_completed_and_seen(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        call, target, row = await asking(wire)
        before = len(wire.acted())
        ticket = wire.dispatcher.send(wire.ending(Verb.COMPLETE, row))
        await wire.settle(ticket)
        assert ticket.outcome is not None
        assert ticket.outcome.answered is Answered.ACCEPTED, ticket.words
        assert ticket.observed is Observed.OBSERVED
        assert len(wire.acted()) == before + 1
        (leg,) = target.legs
        assert len(leg.call.live_legs()) == 2
        assert not wire.made.office.extensions[wire.phone(call)].legs
        assert wire.dispatcher.assumed.of("hq") == []


@pytest.mark.parametrize("make", ASKING, ids=lambda make: make.name)
async def test_an_attended_transfer_is_cancelled_and_seen(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        call, target, row = await asking(wire)
        before = len(wire.acted())
        plan = wire.ending(Verb.CANCEL, row)
        ticket = wire.dispatcher.send(plan)
        await wire.settle(ticket)
        assert ticket.observed is Observed.OBSERVED, ticket.words
        assert len(wire.acted()) == before + 1
        assert target.legs == []
        (own,) = wire.made.office.extensions[wire.phone(call)].legs
        waits = make.name != "mirta"
        assert (own.state.value == "held") is waits
        assert ("waits on until" in plan.sentence) is waits


def held(wire: Wire) -> list[tuple[str, Certainty, str]]:
    """Whose legs are held at this moment, how well that is known, and the words for it."""
    return [
        (party_of(leg, one).number, leg.certainty, leg.reason)
        for one in wire.made.site.snapshot.calls.values()
        for leg in one.legs
        if leg.state is LegState.HELD
    ]


@pytest.mark.parametrize("verb", [Verb.COMPLETE, Verb.CANCEL])
async def test_who_waits_at_mirta_while_somebody_is_asked_is_held_as_assumed(
    verb: Verb, tmp_path: Path
) -> None:
    async with wired(BY_NAME["mirta"], tmp_path) as wire:
        call, target, row = await asking(wire)
        ((number, certainty, words),) = held(wire)
        assert number == call.from_.number
        assert certainty is Certainty.ASSUMED
        assert words.startswith("waits while ")
        assert target.number in words
        (waiting,) = (
            one
            for one in wire.made.site.snapshot.calls.values()
            if one.state is LegState.HELD and one.from_.number == number
        )
        assert (waiting.certainty, waiting.to.number) == (Certainty.ASSUMED, wire.phone(call))
        await wire.settle(wire.dispatcher.send(wire.ending(verb, row)))
        await wire.read()
        assert held(wire) == []


async def test_telphin_says_where_an_attended_transfer_is_ended(tmp_path: Path) -> None:
    async with wired(BY_NAME["telphin"], tmp_path) as wire:
        call, _ = wire.talk()
        ticket = wire.dispatcher.send(wire.plan(Verb.ATTENDED, call, Ask(to=wire.idle().number)))
        await wire.settle(ticket)
        found = consultation(call, wire.made.site.snapshot, wire.dispatcher)
        assert found is not None
        for verb in (Verb.COMPLETE, Verb.CANCEL):
            plan = wire.ending(verb, Chosen(call))
            assert plan.refused is not None
            assert plan.refused.why is Why.NOT_CAPABLE
            assert "at the phone" in plan.refused.nearest
        assert len(wire.acted()) == 1
