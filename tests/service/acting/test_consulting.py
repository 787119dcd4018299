"""Attended transfers that have begun: recognised, and told in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import Call, Certainty, Hangup, LegState, Party, Snapshot, Verb
from pbxtui.service.acting import (
    Aim,
    Ask,
    Chosen,
    Consultation,
    Refusal,
    Why,
    aim,
    consultation,
    sentence,
)
from tests.backends.asterisk.recorded import Heard
from tests.service.acting.consultations import consulting, shot, two_calls
from tests.service.sites import DESK, TAXI, WORKSHOP, talk


def found(*calls: Call, of: int = 0) -> Consultation:
    one = consultation(calls[of], shot(*calls))
    assert one is not None
    return one


# --- recognised ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heard", "answered"),
    [
        (
            Heard().lists("attended-transfer-before").events("attended-transfer-ringing"),
            False,
        ),
        (
            Heard().lists("attended-transfer-consulting").lists("attended-transfer-consulting"),
            True,
        ),
    ],
    ids=["rings", "talks"],
)
def test_asterisk_shows_it(heard: Heard, answered: bool) -> None:
    call = heard.call()
    one = consultation(call, Snapshot("lab", {call.id: call}))
    assert one is not None
    assert (one.by.number, one.to.number, one.answered) == ("1002", "1006", answered)
    assert [party.number for party in one.waiting] == ["1001"]
    assert one.certainty is Certainty.INFERRED


@pytest.mark.parametrize("of", [0, 1])
def test_two_calls_of_one_phone_show_it_from_either_row(of: int) -> None:
    one = found(*two_calls(), of=of)
    assert (one.call.id, one.leg, one.second, one.asked) == ("c1", "c1-own", "c2-own", "c2-ask")
    assert (one.by.number, one.to.number, one.waiting, one.since) == ("447", "305", (TAXI,), 9.0)


@pytest.mark.parametrize(
    "calls",
    [
        (talk(),),
        (talk(own=LegState.HELD),),
        (talk(), replace(two_calls()[1], from_=WORKSHOP)),
        (two_calls()[0], replace(two_calls()[1], from_=WORKSHOP, to=DESK)),
        (talk(), two_calls()[1]),
        (two_calls()[0], two_calls(asked=LegState.HELD)[1]),
        (*two_calls(), talk("c3")),
    ],
    ids=[
        "a talk",
        "a hold",
        "not held",
        "who is called second asks nobody",
        "the PBX shows who hears whom, and nobody waits",
        "both are held",
        "three calls",
    ],
)
def test_what_is_none_is_not_taken_for_one(calls: tuple[Call, ...]) -> None:
    assert all(consultation(call, shot(*calls)) is None for call in calls)


# --- said and sent -------------------------------------------------------------------------------


TAXI_TO_305 = "the transfer of +442079460958 Harbour Taxi to 305 Workshop"


def said(verb: Verb, *calls: Call, ask: Consultation | None = None) -> str:
    aimed = aim(verb, Chosen(calls[0]), shot(*calls), ask=Ask(consultation=ask))
    assert isinstance(aimed, Aim), aimed
    return sentence(aimed.action, shot(*calls)).text


@pytest.mark.parametrize(
    ("verb", "calls", "words"),
    [
        (Verb.COMPLETE, (consulting(),), "they hear each other, 447 Front desk becomes free"),
        (
            Verb.CANCEL,
            (consulting(),),
            "305 is cut off, +442079460958 Harbour Taxi and 447 Front desk hear each other again",
        ),
        (
            Verb.CANCEL,
            (consulting(LegState.RINGING),),
            "305 stops ringing, +442079460958 Harbour Taxi and 447 Front desk hear each other "
            "again",
        ),
        (Verb.COMPLETE, two_calls(), "they hear each other, 447 Front desk becomes free"),
        (
            Verb.CANCEL,
            two_calls(),
            "305 is cut off, +442079460958 Harbour Taxi waits on until 447 Front desk resumes",
        ),
    ],
)
def test_who_will_hear_what_is_said_before(verb: Verb, calls: tuple[Call, ...], words: str) -> None:
    assert said(verb, *calls) == f"{verb.value.capitalize()} {TAXI_TO_305}: {words}"


TAXI_WORDS = "+442079460958 Harbour Taxi"


@pytest.mark.parametrize(
    ("leg", "asked", "words"),
    [
        ("c1-ask", LegState.TALKING, f"{TAXI_WORDS} and 447 Front desk hear each other again"),
        (
            "c1-ask",
            LegState.RINGING,
            f"it stops ringing, {TAXI_WORDS} and 447 Front desk hear each other again",
        ),
        ("c1-own", LegState.TALKING, f"{TAXI_WORDS} and 305 Workshop hear each other"),
        (
            "c1-own",
            LegState.RINGING,
            f"{TAXI_WORDS} hears it ring at 305 Workshop, who has not answered yet",
        ),
        ("c1-out", LegState.TALKING, "447 Front desk and 305 Workshop go on without it"),
        ("c1-out", LegState.RINGING, "305 Workshop stops ringing, the call ends"),
    ],
)
def test_who_is_left_when_one_of_three_is_hung_up(leg: str, asked: LegState, words: str) -> None:
    call = consulting(asked)
    hangup = Hangup(site="hq", call=call.id, leg=leg)
    assert sentence(hangup, shot(call)).text.partition(": ")[2] == words


def test_where_nobody_is_shown_it_is_said_to_be_not_known() -> None:
    one = Consultation(talk(), "c1-own", DESK, Party("305"), (TAXI,), None)
    assert said(Verb.COMPLETE, talk(), ask=one).endswith(
        "to 305: who hears whom then is not known, hq does not show it"
    )


def test_without_a_consultation_there_is_nothing_to_complete() -> None:
    refused = aim(Verb.COMPLETE, Chosen(talk()), shot(talk()))
    assert isinstance(refused, Refusal)
    assert refused.why is Why.UNSUITED
    assert "nothing to complete" in refused.words
