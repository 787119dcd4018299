"""Calls that nobody has answered: whoever calls is not rung, though a PBX may call both so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import Call, Direction, Hangup, Leg, LegState, Party, Snapshot, Transfer, Verb
from pbxtui.service.acting import Aim, Chosen, Refusal, aim
from pbxtui.service.acting.refusal import Why
from pbxtui.service.acting.sentence import sentence
from tests.service.sites import DESK, TAXI, WORKSHOP, leg, talk

TAXI_WORDS = "+442079460958 Harbour Taxi"
ANONYMOUS = Party()
RINGING = talk(state=LegState.RINGING)
SECOND = replace(RINGING.legs[1], id="c1-second")
TWO_PHONES = replace(RINGING, legs=(*RINGING.legs, SECOND))
QUEUE = talk(state=LegState.TALKING, own=LegState.RINGING)
HIDDEN = talk(state=LegState.RINGING, caller=ANONYMOUS)


def dialled(*, shown: bool = True) -> Call:
    """The desk calls outside; ``shown`` is whether the PBX lists the trunk."""
    own = leg("c1-own", LegState.RINGING, from_=DESK, to=TAXI, extension="447")
    trunk = leg("c1-out", LegState.RINGING, from_=DESK, to=TAXI, direction=Direction.OUTBOUND)
    legs: tuple[Leg, ...] = (own, trunk) if shown else (own,)
    return Call("hq", "c1", LegState.RINGING, direction=Direction.OUTBOUND, from_=DESK, to=TAXI,
                legs=legs)  # fmt: skip


INSIDE = Call(
    *("hq", "c1", LegState.RINGING),
    direction=Direction.INTERNAL,
    from_=DESK,
    to=WORKSHOP,
    legs=(
        leg("c1-own", LegState.RINGING, from_=DESK, to=WORKSHOP, extension="447"),
        leg("c1-other", LegState.RINGING, from_=DESK, to=WORKSHOP, extension="305"),
    ),
)


def said(call: Call, leg: str) -> str:
    return sentence(Hangup(site="hq", call="c1", leg=leg), Snapshot("hq", {"c1": call})).text


@pytest.mark.parametrize(
    ("call", "leg", "words"),
    [
        (RINGING, "c1-out", f"{TAXI_WORDS}, who calls: the call ends, 447 Front desk stops ring"),
        (QUEUE, "c1-out", f"{TAXI_WORDS}, who calls: the call ends, 447 Front desk stops ringing"),
        (INSIDE, "c1-own", "447 Front desk, who calls: the call ends, 305 Workshop stops ringing"),
        (HIDDEN, "c1-out", "447 Front desk stops ringing"),
        (RINGING, "c1-own", "447 Front desk: 447 stops ringing"),
        (TWO_PHONES, "c1-own", "this phone of 447 stops ringing, another one rings on"),
    ],
)
def test_who_stops_ringing_when_a_leg_is_hung_up(call: Call, leg: str, words: str) -> None:
    assert words in said(call, leg)
    assert leg == "c1-own" or "rings on" not in said(call, leg)


def test_a_call_that_is_only_set_up_rings_nowhere() -> None:
    call = talk(state=LegState.SETUP)
    alone = replace(call, legs=call.legs[:1])
    assert said(alone, "c1-out") == f"Hang up the leg of {TAXI_WORDS}: the call ends"


def test_whoever_waits_in_a_queue_is_sent_on_and_the_phone_stops_ringing() -> None:
    action = Transfer(site="hq", call="c1", leg="c1-out", to="305")
    words = sentence(action, Snapshot("hq", {"c1": QUEUE})).text
    assert f"Transfer {TAXI_WORDS} to 305: 447 Front desk stops ringing" in words


@pytest.mark.parametrize(
    ("call", "leg", "words"),
    [
        (RINGING, "c1-out", f"{TAXI_WORDS} calls, and is not rung"),
        (INSIDE, "c1-own", "447 Front desk calls, and is not rung"),
        (HIDDEN, "c1-out", "calls, and is not rung"),
        (dialled(), "", "it is the line outside that rings"),
        (dialled(), "c1-own", "447 Front desk calls, and is not rung"),
        (dialled(), "c1-out", f"{TAXI_WORDS} is outside"),
    ],
)
def test_nobody_answers_for_whoever_calls_nor_outside(call: Call, leg: str, words: str) -> None:
    for own in ("", "220"):
        found = aim(Verb.ANSWER, Chosen(call, leg), Snapshot("hq", {"c1": call}), own=own)
        assert isinstance(found, Refusal)
        assert found.why is Why.UNSUITED
        assert words in found.words


@pytest.mark.parametrize(
    ("call", "leg"),
    [(RINGING, ""), (RINGING, "c1-own"), (INSIDE, "c1-other"), (INSIDE, ""), (HIDDEN, ""),
     (QUEUE, "")],
)  # fmt: skip
def test_what_rings_in_the_house_is_answered(call: Call, leg: str) -> None:
    found = aim(Verb.ANSWER, Chosen(call, leg), Snapshot("hq", {"c1": call}), own="220")
    assert isinstance(found, Aim)


def test_a_phone_that_is_alone_on_its_call_is_answered_by_nobody_else() -> None:
    """It may be the own phone that rings first to dial; another one is rung by nobody."""
    call = dialled(shown=False)
    shot = Snapshot("hq", {"c1": call})
    for row in (Chosen(call), Chosen(call, "c1-own")):
        found = aim(Verb.ANSWER, row, shot, own="220")
        assert isinstance(found, Refusal)
        assert "447 Front desk calls, and no other phone rings" in found.words
        assert isinstance(aim(Verb.ANSWER, row, shot, own="447"), Aim)
    assert isinstance(aim(Verb.ANSWER, Chosen(call, "c1-own"), shot), Aim)


def test_nobody_is_sent_to_themselves_without_a_word() -> None:
    call = talk()
    action = Transfer(site="hq", call="c1", leg="c1-own", to="00442079460958")
    assert sentence(action, Snapshot("hq", {"c1": call})).warnings == (
        "00442079460958 is who is sent there",
    )
