"""From the row to what became of it, at the real Asterisk: seen at the phones and in the ticket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pbxtui.model import AgentState, Answered, Certainty, LegState, Topic, Verb
from pbxtui.service.acting import (
    Aim,
    Ask,
    Chosen,
    Observed,
    Step,
    Ticket,
    Why,
    consultation,
    dial,
)
from pbxtui.service.acting.plans import Plan
from tests.asterisk.acting import Board, board
from tests.asterisk.conftest import MakePhone
from tests.asterisk.phones import Phone, PhoneCall
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import soon
from tests.asterisk.watching import doing, talking

TALKING, RINGING, HELD, PARKED = (
    LegState.TALKING,
    LegState.RINGING,
    LegState.HELD,
    LegState.PARKED,
)
CAROL = "PJSIP/1003"


@pytest.fixture
async def office_board(asterisk: Rig, tmp_path: Path) -> AsyncIterator[Board]:
    async with board(asterisk, tmp_path, extension="1007") as made:
        yield made


async def rung(phone: Phone) -> PhoneCall:
    """The next call to a phone, which rings."""
    return await asyncio.to_thread(phone.incoming)


async def both_talk(on: Board, caller: Phone, called: Phone) -> tuple[PhoneCall, PhoneCall]:
    calls = await talking(caller, called)
    await on.sees(**{f"_{phone.extension}": TALKING for phone in (caller, called)})
    return calls


async def seen(ticket: Ticket) -> Ticket:
    """A ticket that was accepted and whose effect was seen."""
    await ticket.done()
    assert ticket.outcome is not None
    assert ticket.outcome.answered is Answered.ACCEPTED, ticket.outcome
    assert (ticket.observed, ticket.step) == (Observed.OBSERVED, Step.OBSERVED), ticket.words
    return ticket


async def written(on: Board, *wanted: tuple[str, str, str]) -> None:
    """The journal has exactly these: verb, outcome, what was observed; each with its sentence."""
    found = await on.journal()
    assert [(one.verb, one.outcome, one.observed) for one in found] == list(wanted)
    assert all(one.what and one.site == "lab" and not one.unfinished for one in found)


# -- hanging up, holding ----------------------------------------------------------------------


async def test_hang_up(office_board: Board, phone: MakePhone) -> None:
    on, alice, bob = office_board, phone("1001"), phone("1002")
    out, incoming = await both_talk(on, alice, bob)
    plan = on.plan(Verb.HANGUP, on.row("1002", leg=False))
    assert plan.sentence == "Hang up the call of 1001 Alice and 1002 Bob: it ends for both"
    assert plan.needs_yes
    await seen(on.dispatcher.send(plan))
    await doing(incoming.ended)
    await doing(out.ended)
    assert "BYE sip:" in bob.told()
    await written(on, ("hangup", "accepted", "observed"))


async def test_a_hold_is_refused_and_reaches_nobody(office_board: Board, phone: MakePhone) -> None:
    on, bob = office_board, phone("1002")
    out, _ = await both_talk(on, phone("1001"), bob)
    for verb in (Verb.HOLD, Verb.RESUME):
        if verb is Verb.RESUME:
            await doing(out.hold)
            await soon(lambda: on.states()["1001"] is HELD)
        heard = bob.told()
        plan = on.plan(verb, on.row("1001"))
        assert plan.refused is not None
        assert plan.refused.why is Why.NOT_CAPABLE
        assert "phone" in str(plan.refused)
        ticket = await on.dispatcher.send(plan).done()
        assert (ticket.step, ticket.sent) == (Step.REFUSED, False)
        assert bob.told() == heard
    await written(on, ("hold", "refused", ""), ("resume", "refused", ""))


# -- transfers --------------------------------------------------------------------------------


async def test_a_blind_transfer(office_board: Board, phone: MakePhone) -> None:
    on, frank = office_board, phone("1006")
    out, incoming = await both_talk(on, phone("1001"), phone("1002"))
    plan = on.plan(Verb.TRANSFER, on.row("1002"), Ask(to="1006"))
    assert plan.sentence.startswith("Transfer 1001 Alice to 1006")
    assert "1002 Bob becomes free" in plan.sentence
    ticket = on.dispatcher.send(plan)
    ringing = await rung(frank)
    assert "Alice" in ringing.shown()
    await doing(incoming.ended)
    await seen(ticket)
    await doing(ringing.answer)
    await on.sees(_1001=TALKING, _1006=TALKING)
    await doing(out.hang_up)
    await doing(ringing.ended)
    await written(on, ("transfer", "accepted", "observed"))


async def consulting(
    on: Board, by: str, frank: Phone, *, answered: bool
) -> tuple[Ticket, PhoneCall]:
    ticket = on.does(Verb.ATTENDED, on.row(by), Ask(to="1006"))
    ringing = await rung(frank)
    await seen(ticket)
    if answered:
        await doing(ringing.answer)
    wanted = TALKING if answered else RINGING
    await soon(lambda: on.states().get("1006") is wanted and HELD in on.states().values())
    return ticket, ringing


@pytest.mark.parametrize(("by", "other"), [("1001", "1002"), ("1002", "1001")])
async def test_an_attended_transfer_is_completed(
    office_board: Board, phone: MakePhone, by: str, other: str
) -> None:
    on, frank = office_board, phone("1006")
    ends = dict(
        zip(("1001", "1002"), await both_talk(on, phone("1001"), phone("1002")), strict=True)
    )
    _, ringing = await consulting(on, by, frank, answered=True)
    found = on.consulting("1006")
    assert found is not None
    assert (found.by.number, found.to.number, found.answered) == (by, "1006", True)
    assert [party.number for party in found.waiting] == [other]
    plan = on.plan(Verb.COMPLETE, on.row("1006", leg=False), Ask(consultation=found))
    assert plan.sentence.endswith(f"they hear each other, {found.by} becomes free")
    await seen(on.dispatcher.send(plan))
    await doing(ends[by].ended)
    await on.sees(**{f"_{other}": TALKING, "_1006": TALKING})
    assert on.dispatcher.assumed.consultations("lab") == []
    await doing(ends[other].hang_up)
    await doing(ringing.ended)
    await written(on, ("attended", "accepted", "observed"), ("complete", "accepted", "observed"))


@pytest.mark.parametrize("answered", [False, True], ids=["rings", "talks"])
async def test_an_attended_transfer_is_cancelled(
    office_board: Board, phone: MakePhone, answered: bool
) -> None:
    on, frank = office_board, phone("1006")
    out, incoming = await both_talk(on, phone("1001"), phone("1002"))
    _, ringing = await consulting(on, "1002", frank, answered=answered)
    found = on.consulting("1002")
    assert found is not None
    assert found.answered is answered
    if not answered:
        row = on.row("1002", leg=False)
        early = on.plan(Verb.COMPLETE, row, Ask(consultation=found))
        assert early.refused is not None
        assert "has not answered yet" in early.refused.words
    plan = on.plan(Verb.CANCEL, on.row("1002"), Ask(consultation=found))
    assert plan.sentence.endswith("1001 Alice and 1002 Bob hear each other again")
    await seen(on.dispatcher.send(plan))
    await doing(ringing.ended)
    await on.sees(_1001=TALKING, _1002=TALKING)
    assert on.consulting("1002") is None
    await doing(out.hang_up)
    await doing(incoming.ended)
    await written(on, ("attended", "accepted", "observed"), ("cancel", "accepted", "observed"))


@pytest.mark.parametrize("verb", [Verb.CANCEL, Verb.COMPLETE])
async def test_whoever_came_through_a_queue_is_handed_over_or_taken_back(
    office_board: Board, phone: MakePhone, trunk: Phone, verb: Verb
) -> None:
    """From outside, to an agent behind a Local channel, who asks somebody outside.

    Asterisk presses the long number key by key: the effect comes after several readings.
    """
    on, erin = office_board, phone("1005")
    out = await asyncio.to_thread(trunk.dial, "600")
    await doing(out.talks)
    incoming = await rung(erin)
    await doing(incoming.answer)
    await soon(lambda: on.states().get("1005") is TALKING)
    ticket = on.does(Verb.ATTENDED, on.row("1005"), Ask(to="900442079460958"))
    asked = await rung(trunk)
    await seen(ticket)
    await doing(asked.answer)
    await soon(lambda: (found := on.consulting("1005")) is not None and found.answered)
    found = consultation(on.call("1005"), on.snapshot)
    assert found is not None, "the legs alone tell it"
    assert (found.by.number, found.certainty) == ("1005", Certainty.INFERRED)
    await seen(on.does(verb, on.row("1005"), Ask(consultation=found)))
    assert on.dispatcher.assumed.consultations("lab") == []
    if verb is Verb.CANCEL:
        await doing(asked.ended)
        assert on.states()["1005"] is TALKING
    else:
        await doing(incoming.ended)
    await doing(out.hang_up)
    await doing((incoming if verb is Verb.CANCEL else asked).ended)


async def test_a_phone_with_two_calls_connects_them(office_board: Board, phone: MakePhone) -> None:
    on, alice, frank = office_board, phone("1001"), phone("1006")
    own, other = await both_talk(on, alice, phone("1002"))
    await doing(own.hold)
    second, asked = await talking(alice, frank)
    await soon(lambda: on.states().get("1006") is TALKING)
    row = on.row("1006", leg=False)
    plan = on.plan(Verb.COMPLETE, row)
    assert plan.sentence == (
        "Complete the transfer of 1002 Bob to 1006 Frank: they hear each other, "
        "1001 Alice becomes free"
    )
    await seen(on.dispatcher.send(plan))
    await doing(own.ended)
    await doing(second.ended)
    await on.sees(_1002=TALKING, _1006=TALKING)
    await doing(other.hang_up)
    await doing(asked.ended)


# -- parking, dialling, picking up ------------------------------------------------------------


async def test_park_and_retrieve(office_board: Board, phone: MakePhone) -> None:
    on, grace = office_board, phone("1007")
    out, incoming = await both_talk(on, phone("1001"), phone("1002"))
    await seen(on.does(Verb.PARK, on.row("1002")))
    await doing(incoming.ended)
    await on.sees(_1001=PARKED)
    plan = on.plan(Verb.RETRIEVE, on.row("1001", leg=False))
    assert plan.sentence.startswith("Take 1001 Alice, parked at 701, back at 1007")
    ticket = on.dispatcher.send(plan)
    ringing = await rung(grace)
    assert "1001" in ringing.shown()
    await doing(ringing.answer)
    await seen(ticket)
    await on.sees(_1001=TALKING, _1007=TALKING)
    await doing(out.hang_up)
    await doing(ringing.ended)
    await written(on, ("park", "accepted", "observed"), ("retrieve", "accepted", "observed"))


def dialled(on: Board, to: str, from_: str) -> Plan:
    aimed = dial("lab", to, from_)
    assert isinstance(aimed, Aim)
    return on.dispatcher.plan(aimed.action)


async def test_dial(office_board: Board, phone: MakePhone) -> None:
    on, grace, bob = office_board, phone("1007"), phone("1002")
    plan = dialled(on, "1002", on.site.settings.extension)
    assert "1007 rings first, then 1002" in plan.sentence
    ticket = on.dispatcher.send(plan)
    own = await rung(grace)
    assert bob.rung == 0
    await doing(own.answer)
    incoming = await rung(bob)
    await doing(incoming.answer)
    await seen(ticket)
    await on.sees(_1007=TALKING, _1002=TALKING)
    await doing(own.hang_up)
    await doing(incoming.ended)
    await written(on, ("dial", "accepted", "observed"))


async def test_pick_up(office_board: Board, phone: MakePhone) -> None:
    on, alice, bob, grace = office_board, phone("1001"), phone("1002"), phone("1007")
    out = await asyncio.to_thread(alice.dial, "1002")
    incoming = await rung(bob)
    await on.sees(_1001=RINGING, _1002=RINGING)
    plan = on.plan(Verb.ANSWER, on.row("1002", leg=False))
    assert "Answer 1001 Alice at 1007" in plan.sentence
    ticket = on.dispatcher.send(plan)
    ringing = await rung(grace)
    await doing(ringing.answer)
    await seen(ticket)
    await doing(incoming.ended)
    await doing(out.talks)
    await on.sees(_1001=TALKING, _1007=TALKING)
    await written(on, ("answer", "accepted", "observed"))


# -- agents -----------------------------------------------------------------------------------


async def test_pause_and_unpause(office_board: Board, phone: MakePhone) -> None:
    on, carol, dave, alice = office_board, phone("1003"), phone("1004"), phone("1001")
    await soon(lambda: on.agent(CAROL).state is AgentState.READY)
    ask = Ask(queue="support", reason="lunch")
    await seen(on.does(Verb.PAUSE, Chosen(on.agent(CAROL)), ask))
    assert on.agent(CAROL).paused_reason == "lunch"
    call = await asyncio.to_thread(alice.dial, "600")
    await doing(dave.incoming)
    assert carol.rung == 0
    await doing(call.hang_up)
    await seen(on.does(Verb.UNPAUSE, Chosen(on.agent(CAROL)), Ask(queue="support")))
    await asyncio.to_thread(alice.dial, "600")
    await doing(carol.incoming)
    await written(on, ("pause", "accepted", "observed"), ("unpause", "accepted", "observed"))


async def test_log_in_and_out(asterisk: Rig, office_board: Board, phone: MakePhone) -> None:
    on, alice, bob = office_board, phone("1001"), phone("1002")
    with asterisk.ami() as manager:
        manager.ask("QueueAdd", Interface="PJSIP/1002", Queue="sales")
    await soon(lambda: "PJSIP/1002" in on.snapshot.agents)
    row = Chosen(on.agent("PJSIP/1002"))
    await seen(on.does(Verb.LOGIN, row, Ask(queue="support")))
    call = await asyncio.to_thread(alice.dial, "600")
    ringing = await rung(bob)
    await doing(call.hang_up)
    await doing(ringing.ended)
    row = Chosen(on.agent("PJSIP/1002"))
    await seen(on.does(Verb.LOGOUT, row, Ask(queue="support")))
    assert on.agent("PJSIP/1002").queues == ("sales",)
    await written(on, ("login", "accepted", "observed"), ("logout", "accepted", "observed"))


# -- when Asterisk dies -----------------------------------------------------------------------


async def test_killed_between_the_intent_and_the_result_it_is_not_confirmed_and_sent_once(
    asterisk: Rig, office_board: Board, phone: MakePhone
) -> None:
    on, grace = office_board, phone("1007")
    ticket = on.dispatcher.send(dialled(on, "1002", "1007"))
    await rung(grace)
    asterisk.kill()
    await ticket.answered()
    assert ticket.outcome is not None
    assert ticket.outcome.answered is Answered.NOT_CONFIRMED
    assert "closed the connection" in ticket.outcome.words
    await doing(asterisk.start)
    on.fleet.refresh()
    before = on.site.taken[Topic.CALLS]
    await soon(lambda: on.site.taken[Topic.CALLS] > before)
    await ticket.done()
    assert ticket.observed in (Observed.OBSERVED, Observed.NOT_OBSERVED), "it rang before the end"
    assert on.sent("Originate") == 1
    assert grace.rung == 1
    await written(on, ("dial", "not_confirmed", ticket.observed.value))
