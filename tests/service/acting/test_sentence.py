"""Who will hear what, said before anything is sent: where a call stays where it is, or ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import (
    Action,
    Answer,
    Call,
    Direction,
    Hangup,
    Hold,
    Leg,
    LegState,
    Listening,
    Monitor,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    Transfer,
)
from tests.service.acting.pictures import (
    CALL,
    CLOUD,
    DESK_WORDS,
    LAB,
    OUT,
    OWN,
    PARKED,
    QUEUED,
    RINGING,
    TAXI_WORDS,
    THREE,
    TWO_PHONES,
    UNBRIDGED,
    WHOLE,
    lamp,
    phone,
    said,
)
from tests.service.sites import DESK, TAXI, WORKSHOP, leg, talk


@pytest.mark.parametrize(
    ("action", "things", "words"),
    [
        (Hold(**OWN), (CALL,), f"Hold {DESK_WORDS}: {TAXI_WORDS} hears music"),
        (Hold(**OUT), (CALL,), f"Hold {TAXI_WORDS}: {DESK_WORDS} hears music"),
        (Hold(**OWN), (CLOUD,), f"Hold {DESK_WORDS}: {TAXI_WORDS} hears music"),
        (Hold(**OWN), (THREE,), f"Hold {DESK_WORDS}: {TAXI_WORDS} and 220 Lab hear music"),
        (
            Hold(**OWN),
            (UNBRIDGED,),
            f"Hold {DESK_WORDS}: who hears music is not known, hq does not show it",
        ),
        (
            Resume(**OWN),
            (talk(own=LegState.HELD),),
            f"Resume {DESK_WORDS}: {TAXI_WORDS} hears 447 again",
        ),
        (
            Hangup(**WHOLE),
            (CALL,),
            f"Hang up the call of {TAXI_WORDS} and {DESK_WORDS}: it ends for both",
        ),
        (
            Hangup(**WHOLE),
            (CLOUD,),
            f"Hang up the call of {DESK_WORDS} and {TAXI_WORDS}: it ends for both",
        ),
        (
            Hangup(**WHOLE),
            (THREE,),
            f"Hang up the call of {TAXI_WORDS}, {DESK_WORDS} and 220 Lab: it ends for all three",
        ),
        (
            Hangup(**OWN),
            (CALL,),
            f"Hang up the leg of {DESK_WORDS}: {TAXI_WORDS} is cut off, too",
        ),
        (
            Hangup(**OWN),
            (THREE,),
            f"Hang up the leg of {DESK_WORDS}: {TAXI_WORDS} and 220 Lab go on without it",
        ),
        (
            Hangup(**OWN),
            (UNBRIDGED,),
            f"Hang up the leg of {DESK_WORDS}: whether the others go on is not known",
        ),
        (
            Hangup(**WHOLE),
            (RINGING,),
            f"Hang up the call from {TAXI_WORDS}, not answered yet: {DESK_WORDS} stops ringing",
        ),
        (
            Hangup(**OWN),
            (RINGING,),
            f"Hang up the leg of {DESK_WORDS}: 447 stops ringing",
        ),
        (
            Hangup(**WHOLE),
            (TWO_PHONES,),
            f"Hang up the call from {TAXI_WORDS}, not answered yet: {DESK_WORDS} stops ringing",
        ),
        (
            Hangup(**WHOLE),
            (QUEUED,),
            f"Hang up {TAXI_WORDS}, who waits in support: the caller is cut off",
        ),
        (Hangup(**WHOLE), (PARKED,), f"Hang up {TAXI_WORDS}, parked at 701: the call ends"),
        (
            SendDtmf(**OWN, digits="4 711#"),
            (CALL,),
            f"Send 5 tones from {DESK_WORDS}: {TAXI_WORDS} hears them",
        ),
        (
            Record(**OWN, on=True),
            (CALL,),
            f"Record {DESK_WORDS}: {TAXI_WORDS} is recorded, too; whether a notice is played "
            "is not known",
        ),
        (
            Record(**OWN, on=False),
            (CALL,),
            f"Stop recording {DESK_WORDS}: what was recorded stays",
        ),
        (
            Monitor(**OWN, extension="220", how=Listening.LISTEN),
            (CALL, phone("220", name="Lab"), lamp("220")),
            f"Listen to {DESK_WORDS} at 220 Lab: 220 hears everybody, unheard; "
            "220 is registered, idle",
        ),
        (
            Monitor(**OWN, extension="220", how=Listening.WHISPER),
            (CALL, phone("220", name="Lab"), lamp("220")),
            f"Whisper to {DESK_WORDS} from 220 Lab: {TAXI_WORDS} cannot hear it; "
            "220 is registered, idle",
        ),
        (
            Monitor(**OWN, extension="220", how=Listening.BARGE),
            (CALL, phone("220", name="Lab"), lamp("220")),
            f"Join {DESK_WORDS} from 220 Lab: everybody hears everybody, {TAXI_WORDS} too; "
            "220 is registered, idle",
        ),
        (
            Hold(**OWN),
            (),
            "hold: hq shows no such call, who is on it is not known",
        ),
    ],
)
def test_the_sentence_says_who_hears_what(
    action: Action, things: tuple[object, ...], words: str
) -> None:
    assert said(action, *things) == words


SENT_ON = replace(
    talk(state=LegState.RINGING, caller=LAB, desk=WORKSHOP),
    legs=(
        leg("c1-gone", LegState.ENDED, from_=LAB, to=TAXI, extension=LAB.number),
        leg("c1-out", from_=LAB, to=TAXI, direction=Direction.OUTBOUND),
        leg("c1-new", LegState.RINGING, from_=TAXI, to=WORKSHOP, extension=WORKSHOP.number),
    ),
)
"""Lab rang Harbour Taxi and sent them on to the workshop: the call is still told as Lab's."""
PUT_AWAY = replace(
    SENT_ON,
    state=LegState.PARKED,
    legs=(SENT_ON.legs[0], replace(SENT_ON.legs[1], state=LegState.PARKED)),
)


@pytest.mark.parametrize(
    ("action", "call", "words"),
    [
        (Hangup(**WHOLE), SENT_ON, f"the call from {TAXI_WORDS}, not answered yet: 305 Workshop"),
        (Answer(**WHOLE, extension="305"), SENT_ON, f"Answer {TAXI_WORDS} at 305 Workshop"),
        (Hangup(**WHOLE), PUT_AWAY, f"Hang up {TAXI_WORDS}, parked"),
        (Retrieve(**WHOLE, extension="447"), PUT_AWAY, f"Take {TAXI_WORDS} back at 447"),
    ],
)
def test_whoever_has_left_a_call_is_not_the_one_that_waits(
    action: Action, call: Call, words: str
) -> None:
    assert words in said(action, call)
    assert "Lab" not in said(action, call)


def test_no_sentence_tells_the_digits() -> None:
    assert "4711" not in said(SendDtmf(**OWN, digits="4711"), CALL)


def test_an_own_phone_without_an_extension_on_the_wire_is_known_by_its_short_number() -> None:
    bare = replace(
        CALL,
        legs=(
            Leg("c1-out", LegState.TALKING, direction=Direction.INBOUND, from_=TAXI, to=DESK),
            Leg("c1-own", LegState.TALKING, direction=Direction.OUTBOUND, from_=TAXI, to=DESK),
        ),
    )
    assert said(Hold(**OWN), bare) == f"Hold {DESK_WORDS}: {TAXI_WORDS} hears music"
    assert said(Transfer(**OWN, to="+4570101112"), bare).startswith(f"Transfer {TAXI_WORDS} to")
