"""Asking one colleague, going back, asking another: at the real Asterisk, with nothing in between.

Asterisk plays a tone to the phone that comes back, and does not hear its keys meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pbxtui.model import Answered, LegState, Transfer, Verb
from pbxtui.service.acting import Ask, Ticket
from tests.asterisk.acting import Board, board
from tests.asterisk.conftest import MakePhone
from tests.asterisk.desk import rung
from tests.asterisk.phones import Phone
from tests.asterisk.rig import Rig
from tests.asterisk.test_dispatcher import both_talk, seen, written
from tests.asterisk.waiting import soon
from tests.asterisk.watching import doing, opened

TALKING = LegState.TALKING


@pytest.fixture
async def office_board(asterisk: Rig, tmp_path: Path) -> AsyncIterator[Board]:
    async with board(asterisk, tmp_path) as made:
        yield made


def hears(on: Board, extension: str) -> set[str]:
    """Who shares a bridge with a phone, by extension or device."""
    legs = [leg for call in on.snapshot.calls.values() if not call.over for leg in call.legs]
    (own,) = [leg for leg in legs if leg.extension == extension]
    others = [leg for leg in legs if leg is not own and leg.bridge and leg.bridge == own.bridge]
    return {leg.extension or leg.device for leg in others}


async def asks(on: Board, by: str, whom: str) -> Ticket:
    return on.does(Verb.ATTENDED, on.row(by), Ask(to=whom))


async def goes_back(on: Board, by: str) -> None:
    await seen(on.does(Verb.CANCEL, on.row(by), Ask(consultation=on.consulting(by))))


async def hands_over(on: Board, by: str) -> None:
    await soon(lambda: (found := on.consulting(by)) is not None and found.answered)
    await seen(on.does(Verb.COMPLETE, on.row(by), Ask(consultation=on.consulting(by))))


@pytest.mark.parametrize("answered", [False, True], ids=["rings", "talks"])
@pytest.mark.parametrize(("by", "other"), [("1001", "1002"), ("1002", "1001")])
async def test_after_going_back_another_is_asked_and_gets_the_call(
    office_board: Board, phone: MakePhone, by: str, other: str, answered: bool
) -> None:
    on, frank, grace = office_board, phone("1006"), phone("1007")
    ends = await both_talk(on, phone("1001"), phone("1002"))
    waits = ends[1] if other == "1002" else ends[0]
    first = await asks(on, by, "1006")
    ringing = await rung(frank)
    await seen(first)
    if answered:
        await doing(ringing.answer)
        await soon(lambda: hears(on, by) == {"1006"} and hears(on, other) == set())
    await soon(lambda: on.consulting(by) is not None)
    await goes_back(on, by)
    assert hears(on, other) == {by}
    second = await asks(on, by, "1007")
    asked = await rung(grace)
    await seen(second)
    await doing(ringing.ended)
    await doing(asked.answer)
    await soon(lambda: hears(on, by) == {"1007"} and hears(on, other) == set())
    await hands_over(on, by)
    assert hears(on, other) == {"1007"}
    assert (frank.rung, grace.rung) == (1, 1)
    assert (on.sent("Atxfer"), on.sent("CancelAtxfer"), on.sent("Hangup")) == (2, 1, 1)
    await doing(waits.hang_up)
    await doing(asked.ended)
    await written(
        on,
        ("attended", "accepted", "observed"),
        ("cancel", "accepted", "observed"),
        ("attended", "accepted", "observed"),
        ("complete", "accepted", "observed"),
    )


async def test_after_one_declined_another_is_asked(office_board: Board, phone: MakePhone) -> None:
    on, frank, grace = office_board, phone("1006"), phone("1007")
    await both_talk(on, phone("1001"), phone("1002"))
    ticket = await asks(on, "1002", "1006")
    ringing = await rung(frank)
    await seen(ticket)
    await soon(lambda: on.consulting("1002") is not None)
    await doing(ringing.decline)
    await soon(lambda: hears(on, "1001") == {"1002"})
    assert on.consulting("1002") is None, "nobody is asked any more, and that is shown"
    ticket = await asks(on, "1002", "1007")
    asked = await rung(grace)
    await seen(ticket)
    await doing(asked.answer)
    await hands_over(on, "1002")
    assert hears(on, "1001") == {"1007"}
    assert on.sent("Atxfer") == 2


async def test_an_agent_of_a_queue_asks_one_after_the_other_for_a_caller_from_outside(
    office_board: Board, phone: MakePhone, trunk: Phone
) -> None:
    on, erin, frank, grace = office_board, phone("1005"), phone("1006"), phone("1007")
    out = await asyncio.to_thread(trunk.dial, "600")
    await doing(out.talks)
    incoming = await rung(erin)
    await doing(incoming.answer)
    await soon(lambda: on.states().get("1005") is TALKING)
    for whom, at in (("1006", frank), ("1007", grace)):
        ticket = await asks(on, "1005", whom)
        ringing = await rung(at)
        await seen(ticket)
        await doing(ringing.answer)
        await soon(lambda: (found := on.consulting("1005")) is not None and found.answered)
        if at is frank:
            await goes_back(on, "1005")
    await hands_over(on, "1005")
    await doing(incoming.ended)
    assert hears(on, "1007") == {"PJSIP/trunk"}
    assert on.sent("Atxfer") == 2


async def test_who_comes_to_it_while_the_phone_hears_the_tone_waits_for_its_end(
    asterisk: Rig, office_board: Board, phone: MakePhone
) -> None:
    """As the next command of a script does: it has heard nothing of what went before."""
    on, frank, grace = office_board, phone("1006"), phone("1007")
    await both_talk(on, phone("1001"), phone("1002"))
    await seen(await asks(on, "1001", "1006"))
    await rung(frank)
    await soon(lambda: on.consulting("1001") is not None)
    await goes_back(on, "1001")
    row = on.row("1001")
    newcomer = opened(asterisk)
    try:
        outcome = await newcomer.act(
            Transfer(site="lab", call=row.thing.id, leg=row.leg, to="1007", attended=True)
        )
        assert outcome.answered is Answered.ACCEPTED
        await rung(grace)
    finally:
        await newcomer.close()


WHO_IS_LEFT = {
    ("1006", True): "1001 Alice and 1002 Bob hear each other again",
    ("1006", False): "it stops ringing, 1001 Alice and 1002 Bob hear each other again",
    ("1002", True): "1001 Alice and 1006 Frank hear each other",
    ("1002", False): "1001 Alice hears it ring at 1006 Frank, who has not answered yet",
    ("1001", True): "1002 Bob and 1006 Frank go on without it",
    ("1001", False): "1006 Frank stops ringing, the call ends",
}


@pytest.mark.parametrize(("who", "answered"), WHO_IS_LEFT, ids=[f"{w}-{a}" for w, a in WHO_IS_LEFT])
async def test_of_three_in_a_consultation_one_is_hung_up(
    office_board: Board, phone: MakePhone, who: str, answered: bool
) -> None:
    """Whoever is left hears whom the sentence has named."""
    on, frank = office_board, phone("1006")
    await both_talk(on, phone("1001"), phone("1002"))
    await seen(await asks(on, "1002", "1006"))
    ringing = await rung(frank)
    if answered:
        await doing(ringing.answer)
    await soon(lambda: (c := on.consulting("1002")) is not None and c.answered is answered)
    plan = on.plan(Verb.HANGUP, on.row(who))
    assert plan.sentence.partition(": ")[2] == WHO_IS_LEFT[who, answered]
    await seen(on.dispatcher.send(plan))
    if (who, answered) == ("1001", False):
        await soon(lambda: not on.states())
        return
    if (who, answered) == ("1002", False):
        assert "1002" not in on.states(), "its phone is free"
        await doing(ringing.answer)
        answered = True
    one, other = sorted({"1001", "1002", "1006"} - {who} - ({"1006"} if not answered else set()))
    await soon(lambda: on.states() == {one: TALKING, other: TALKING})
    await soon(lambda: hears(on, one) == {other})
