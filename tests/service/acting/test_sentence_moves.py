"""Who will hear what, said before a call is sent on, put away, taken back, answered or made."""

from __future__ import annotations

import pytest

from pbxtui.model import (
    Action,
    Answer,
    Caller,
    Dial,
    LegState,
    Park,
    Party,
    Queue,
    Retrieve,
    Transfer,
)
from tests.service.acting.pictures import (
    CALL,
    CLOUD,
    DESK_WORDS,
    OUT,
    OWN,
    PARKED,
    QUEUED,
    RINGING,
    TAXI_WORDS,
    UNBRIDGED,
    WHOLE,
    lamp,
    phone,
    said,
)
from tests.service.sites import WORKSHOP, talk


@pytest.mark.parametrize(
    ("action", "things", "words"),
    [
        (
            Transfer(**OWN, to="305"),
            (CALL, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} becomes free; "
            "305 is registered, idle",
        ),
        (
            Transfer(**OUT, to="305"),
            (CALL, phone()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} becomes free; "
            "305 is registered, on no call that is shown",
        ),
        (
            Transfer(**OWN, to="305"),
            (CLOUD, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} becomes free; "
            "305 is registered, idle",
        ),
        (
            Transfer(**OWN, to="305"),
            (CALL, talk("c2", LegState.HELD, caller=Party("+4570101112")), phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} has another call yet; "
            "305 is registered, idle",
        ),
        (
            Transfer(**WHOLE, to="305"),
            (QUEUED, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: 305 is registered, idle",
        ),
        (
            Transfer(**WHOLE, to="305"),
            (RINGING, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} stops ringing; "
            "305 is registered, idle",
        ),
        (
            Transfer(**OWN, to="305"),
            (UNBRIDGED, phone(), lamp()),
            f"Transfer {TAXI_WORDS} and 220 Lab to 305 Workshop: who leaves the call is not "
            "known; 305 is registered, idle",
        ),
        (
            Transfer(**OWN, to="+45 70 10 11 12"),
            (CALL,),
            f"Transfer {TAXI_WORDS} to +45 70 10 11 12: {DESK_WORDS} becomes free; "
            "+45 70 10 11 12 is outside, whether it answers is not known",
        ),
        (
            Transfer(**OWN, to="281"),
            (CALL, Queue("hq", "281", "support", callers=(Caller("x", 1),), available=2)),
            f"Transfer {TAXI_WORDS} to 281 support: {DESK_WORDS} becomes free; "
            "281 is a queue, waiting: 1, agents ready: 2",
        ),
        (
            Transfer(**OWN, to="305", attended=True),
            (CALL, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop, attended: {DESK_WORDS} asks 305 first, "
            f"meanwhile {TAXI_WORDS} hears music; 305 is registered, idle",
        ),
        (
            Transfer(**OWN, to="305", attended=True),
            (CALL, talk("c2", caller=WORKSHOP), phone()),
            f"Connect {TAXI_WORDS} with 305 Workshop: they hear each other, "
            f"{DESK_WORDS} becomes free",
        ),
        (
            Park(**OWN),
            (CALL,),
            f"Park {TAXI_WORDS}: +442079460958 hears music until taken back; "
            f"{DESK_WORDS} becomes free",
        ),
        (
            Park(**OWN),
            (UNBRIDGED,),
            f"Park the call of {TAXI_WORDS} and {DESK_WORDS}: who waits and who leaves is not "
            "known",
        ),
        (
            Retrieve(**WHOLE, extension="305"),
            (PARKED, phone(), lamp()),
            f"Take {TAXI_WORDS}, parked at 701, back at 305 Workshop: 305 is registered, idle",
        ),
        (
            Answer(**WHOLE, extension="305"),
            (RINGING, phone(), lamp()),
            f"Answer {TAXI_WORDS} at 305 Workshop: {DESK_WORDS} stops ringing; "
            "305 is registered, idle",
        ),
        (
            Answer(**WHOLE, extension="447"),
            (RINGING,),
            f"Answer {TAXI_WORDS} at {DESK_WORDS}: 447 is perhaps registered (not known), ringing",
        ),
        (
            Answer(**OWN),
            (RINGING,),
            f"Answer {TAXI_WORDS} at {DESK_WORDS}: they hear each other",
        ),
        (
            Dial(site="hq", from_="447", to="305"),
            (phone("447", name="Front desk"), lamp("447"), phone(), lamp()),
            f"Dial 305 Workshop from {DESK_WORDS}: 447 rings first, then 305; "
            "447 is registered, idle; 305 is registered, idle",
        ),
    ],
)
def test_the_sentence_says_who_is_sent_where(
    action: Action, things: tuple[object, ...], words: str
) -> None:
    assert said(action, *things) == words
