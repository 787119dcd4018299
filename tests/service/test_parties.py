"""Whom a call's row names: the ends that the PBX tells, but for whoever has left."""

from __future__ import annotations

from dataclasses import replace

from pbxtui.model import Call, Direction, Leg, LegState, Party
from pbxtui.service.parties import at_leg, beside, sides
from tests.service.sites import DESK, TAXI, WORKSHOP, leg, talk

LAB = Party("220", "Lab")
LINE = leg("out", from_=Party("442079460000", "Lab"), to=TAXI, direction=Direction.OUTBOUND)
SHOP = leg("new", from_=TAXI, to=WORKSHOP, extension=WORKSHOP.number)
LEFT = leg("old", LegState.ENDED, from_=LAB, to=TAXI, extension=LAB.number)


def sent_on(*legs: Leg) -> Call:
    """Lab rang Harbour Taxi and sent them on to the workshop; the PBX still says that it is Lab."""
    return replace(talk(), direction=Direction.OUTBOUND, from_=LAB, to=WORKSHOP, legs=legs)


def test_the_ends_of_a_call_are_those_that_the_pbx_names() -> None:
    assert sides(talk()) == (TAXI, DESK, 0)


def test_whoever_has_left_is_not_named() -> None:
    for legs in ((LEFT, LINE, SHOP), (LINE, SHOP)):
        assert sides(sent_on(*legs)) == (TAXI, WORKSHOP, 0)


def test_the_leg_of_a_line_is_that_of_whoever_is_at_its_end() -> None:
    assert at_leg(LINE, sent_on(LINE, SHOP)) == TAXI


def test_whoever_is_on_a_call_beside_its_two_ends_is_counted() -> None:
    it = talk()
    third = replace(it, legs=(*it.legs, SHOP))
    assert sides(third) == (TAXI, DESK, 1)
    assert beside(DESK, 1) == "447 +1  Front desk"
    assert beside(Party("", "Sales"), 1) == "Sales +1"
    ringing = replace(third, legs=(*it.legs, replace(SHOP, state=LegState.RINGING)))
    assert sides(ringing).more == 0


def test_where_it_is_not_clear_who_is_there_instead_the_words_of_the_pbx_stand() -> None:
    third = leg("third", from_=TAXI, to=DESK, extension=DESK.number)
    assert sides(sent_on(LINE, SHOP, third))[:2] == (LAB, WORKSHOP)
    assert sides(sent_on(LEFT))[:2] == (LAB, WORKSHOP)
    waiting = replace(sent_on(LINE, SHOP), state=LegState.RINGING)
    assert sides(waiting) == (LAB, WORKSHOP, 0)


def test_a_service_without_a_leg_keeps_its_number() -> None:
    mailbox = Party("600", "Voicemail")
    own = leg("own", from_=DESK, to=mailbox, extension=DESK.number)
    assert sides(replace(talk(), from_=DESK, to=mailbox, legs=(own,))) == (DESK, mailbox, 0)
