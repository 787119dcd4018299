"""Attended transfers that have begun, as each PBX shows them, and what ends them."""

from __future__ import annotations

from dataclasses import replace

from pbxtui.model import Call, Direction, LegState, Snapshot, Transfer, Verb
from pbxtui.service.acting import Aim, Ask, Chosen, aim, consultation
from tests.service.acting.stage import Acting
from tests.service.sites import DESK, WORKSHOP, Desk, leg, talk

ATTENDED = Transfer(site="hq", call="c1", leg="c1-own", to="305", attended=True)


def shot(*calls: Call) -> Snapshot:
    return Snapshot("hq", {call.id: call for call in calls})


def consulting(asked: LegState = LegState.TALKING) -> Call:
    """As Asterisk shows it: the taxi waits alone, 447 talks with (or rings) 305."""
    together = asked is LegState.TALKING
    legs = (
        replace(leg("c1-out", LegState.HELD, bridge="b1"), started=1.0, since=8.0),
        replace(leg("c1-own", extension="447", bridge="b2"), started=2.0),
        replace(
            leg(
                "c1-ask",
                asked,
                from_=DESK,
                to=WORKSHOP,
                extension="305",
                bridge="b2" if together else "",
            ),
            started=7.0,
        ),
    )
    return replace(talk(), legs=legs)


def two_calls(
    held: LegState = LegState.HELD, asked: LegState = LegState.TALKING
) -> tuple[Call, Call]:
    """As Vonage shows it: 447 has the taxi on one call, and made another one to 305."""
    first = talk(own=held)
    first = replace(
        first,
        legs=tuple(replace(each, bridge="", started=1.0) for each in first.legs),
    )
    legs = (
        leg("c2-own", asked, from_=DESK, to=WORKSHOP, extension="447", bridge=""),
        leg("c2-ask", asked, from_=DESK, to=WORKSHOP, extension="305", bridge=""),
    )
    second = Call(
        "hq",
        "c2",
        asked,
        direction=Direction.INTERNAL,
        from_=DESK,
        to=WORKSHOP,
        started=9.0,
        legs=tuple(replace(each, started=9.0) for each in legs),
    )
    return first, second


def moved(asked: LegState = LegState.TALKING) -> tuple[Call, Call]:
    """As MiRTA shows it: the taxi alone on its call, the leg of 447 on another one with 305."""
    first = talk()
    own = next(each for each in first.legs if each.extension)
    second = Call(
        "hq",
        "c9",
        LegState.TALKING,
        from_=DESK,
        to=WORKSHOP,
        legs=(
            replace(own, bridge="b7"),
            leg("c9-ask", asked, from_=DESK, to=WORKSHOP, extension="305", bridge="b8"),
        ),
    )
    return replace(first, legs=tuple(each for each in first.legs if each is not own)), second


def desk_over(*calls: Call) -> Desk:
    desk = Desk()
    desk.show(*calls)
    return desk


def plan(stage: Acting, verb: Verb) -> Aim:
    snapshot = stage.site.snapshot
    call = next(iter(snapshot.calls.values()))
    ask = Ask(consultation=consultation(call, snapshot, stage.dispatcher))
    aimed = aim(verb, Chosen(call), snapshot, ask=ask)
    assert isinstance(aimed, Aim), aimed
    return aimed
