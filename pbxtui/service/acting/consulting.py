"""Attended transfers that have begun: who asks whom while who waits.

A consultation shows in the legs where the PBX tells who hears whom (Asterisk): one who talks waits
alone while the phone talks with, or rings, somebody who came later. Where the phone has both on
two calls, the first is held, or the PBX shows no holds, and the phone made the second. Everything
else (MiRTA, Telphin) is known from the transfer that was accepted, which :mod:`assumed` keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pbxtui.model import Call, Certainty, Leg, LegState, Party, Snapshot
from pbxtui.service.acting.keeping import Assumption
from pbxtui.service.acting.people import (
    OVER,
    UP,
    WAITING,
    ends,
    far_side,
    hearing,
    living,
    party_of,
    same_number,
)

if TYPE_CHECKING:
    from pbxtui.service.acting.dispatcher import Dispatcher

_UNKNOWN_START = float("inf")


@dataclass(frozen=True, slots=True)
class Consultation:
    """Who is about to hand over whom to whom.

    ``call`` and ``leg`` are those of the phone that transfers, ``by``. ``to`` is whoever is asked;
    ``answered`` whether they talk yet, None where this is not shown. ``waiting`` are those who wait
    meanwhile. ``since`` is epoch seconds on the PBX's clock. ``certainty`` is inferred where the
    legs show it, assumed where only the accepted transfer tells.

    ``asked``, ``waits`` and ``second`` are legs, empty where there is none: of whoever is asked, of
    whoever waits, and of the phone itself on a second call, from which it asks.
    """

    call: Call
    leg: str
    by: Party
    to: Party
    waiting: tuple[Party, ...] = ()
    answered: bool | None = None
    since: float | None = None
    certainty: Certainty = Certainty.INFERRED
    asked: str = ""
    waits: str = ""
    second: str = ""


def consultation(
    call: Call, snapshot: Snapshot, dispatcher: Dispatcher | None = None
) -> Consultation | None:
    """The attended transfer that a call is part of; None where there is none.

    ``call`` may be the one that is transferred or the one on which somebody is asked. Without a
    ``dispatcher`` only what the legs show counts. To be asked at a key press, not for each row: it
    goes through the calls of the site. To complete or cancel it::

        found = consultation(call, snapshot, dispatcher)
        aimed = aim(Verb.COMPLETE, Chosen(call), snapshot, ask=Ask(consultation=found))

    What the PBX cannot do of that, the plan refuses with its reason.
    """
    shown = by_legs(call, snapshot.calls)
    if dispatcher is None:
        return shown
    for kept in dispatcher.assumed.consultations(snapshot.site):
        told = by_ticket(kept, snapshot.calls)
        if told is not None and _back_together(told) and dispatcher.assumed.was_shown(kept):
            continue
        if told is not None and _is_about(told, call):
            return shown if shown is not None and shown.leg == told.leg else told
    return shown


def _is_about(found: Consultation, call: Call) -> bool:
    mine = {found.leg, found.asked, found.waits, found.second} - {""}
    return call.id == found.call.id or any(leg.id in mine for leg in call.legs)


# --- as the legs show it -------------------------------------------------------------------------


def by_legs(call: Call, calls: Mapping[str, Call]) -> Consultation | None:
    """What the legs alone show of a consultation."""
    return within_one_call(call) or _over_two_calls(call, calls)


def within_one_call(call: Call) -> Consultation | None:
    """A consultation within one call, as its legs show it.

    One waits alone in a bridge; another phone talks with, or rings, a third in its own.
    """
    live = [leg for leg in call.legs if leg.state not in OVER]
    if len(live) != 3:
        return None
    found = [
        _with_waiting(call, leg, [other for other in live if other is not leg])
        for leg in live
        if leg.state in UP and leg.bridge and _is_alone(leg, live)
    ]
    sure = [one for one in found if one is not None]
    return sure[0] if len(sure) == 1 else None


def _with_waiting(call: Call, waiting: Leg, others: list[Leg]) -> Consultation | None:
    """A consultation in which this one waits for one of the others."""
    by, asked = sorted(others, key=lambda leg: _came(leg, waiting, call))
    if _came(by, waiting, call) == _came(asked, waiting, call):
        return None
    together = asked.state in UP and by.bridge == asked.bridge
    if not by.extension or by.state not in UP or not by.bridge:
        return None
    if not together and asked.state not in WAITING:
        return None
    return Consultation(
        call,
        by.id,
        party_of(by, call),
        party_of(asked, call),
        (party_of(waiting, call),),
        together,
        waiting.since,
        asked=asked.id,
        waits=waiting.id,
    )


def _is_alone(leg: Leg, live: list[Leg]) -> bool:
    return not any(other is not leg and other.bridge == leg.bridge for other in live)


def _came(leg: Leg, waiting: Leg, call: Call) -> tuple[bool, float]:
    """Sorts the phone that transfers first: whoever waits is connected with it, or it was there."""
    number = party_of(leg, call).number
    known = any(same_number(side.number, number) for side in (waiting.from_, waiting.to))
    return not known, _begun(leg)


def _begun(leg: Leg) -> float:
    return _UNKNOWN_START if leg.started is None else leg.started


def _over_two_calls(call: Call, calls: Mapping[str, Call]) -> Consultation | None:
    """A phone that has exactly two calls, the second made by itself while the first one waits."""
    for own in ends(call):
        if not own.own or own.leg is None or not own.party.number:
            continue
        mine = list(_at(own.party.number, calls))
        if len(mine) != 2 or mine[0][0].id == mine[1][0].id:
            continue
        for (first, leg), (second, asking) in (mine, mine[::-1]):
            found = _asked_from(first, leg, second, asking)
            if found is not None:
                return found
    return None


def _asked_from(first: Call, leg: Leg, second: Call, asking: Leg) -> Consultation | None:
    held = leg.state is LegState.HELD or (leg.state is LegState.TALKING and not leg.bridge)
    if not held or asking.state not in UP | WAITING or asking.state is LegState.HELD:
        return None
    by = party_of(leg, first)
    made = same_number(second.from_.number, by.number) and _begun(leg) <= _begun(asking)
    waiting = hearing(first, leg)
    if not made or not waiting.known or len(waiting.ends) != 1:
        return None
    others = [end for end in ends(second) if end.leg is None or end.leg.id != asking.id]
    if len(others) != 1:
        return None
    (there,), (here,) = others, waiting.ends
    return Consultation(
        first,
        leg.id,
        by,
        there.party,
        (here.party,),
        there.up and second.state is LegState.TALKING,
        second.started,
        asked=there.leg.id if there.leg is not None else "",
        waits=here.leg.id if here.leg is not None else "",
        second=asking.id,
    )


def _at(number: str, calls: Mapping[str, Call]) -> Iterator[tuple[Call, Leg]]:
    """The legs of a phone of the house."""
    for call in calls.values():
        told = (text for leg in call.legs for text in (leg.extension, *_numbers(leg)))
        if call.over or number not in told:
            continue
        for end in ends(call):
            if end.own and end.leg is not None and end.party.number == number:
                yield call, end.leg


def _numbers(leg: Leg) -> tuple[str, str]:
    return leg.from_.number, leg.to.number


# --- as the accepted transfer tells it -----------------------------------------------------------


def by_ticket(kept: Assumption, calls: Mapping[str, Call]) -> Consultation | None:
    """The consultation that an accepted transfer began; None once it is surely over.

    The phone that transfers may be on another call than it was, with whoever it asks.
    """
    then = kept.call
    live = living(calls)
    if kept.leg not in live or live[kept.leg][1].state not in UP:
        return None
    call, by = live[kept.leg]
    known = {leg.id for leg in then.legs}
    left = next((leg for leg in then.legs if leg.id == kept.leg), by)
    heard = hearing(then, left).ends
    waiting = [end for end in heard if end.leg is None or end.leg.id in live]
    if not waiting:
        return None
    second = next(
        (
            (other, leg)
            for other, leg in live.values()
            if leg.extension == by.extension != "" and leg.id not in known and other.id != call.id
        ),
        None,
    )
    where = call if second is None else second[0]
    asked = next((leg for leg in where.legs if _is_asked(leg, where, kept.to, known)), None)
    if (
        asked is None
        and second is not None
        and not same_number(far_side(second[1]).number, kept.to)
    ):
        second = None
    shown = asked if asked is not None else second[1] if second is not None else None
    return Consultation(
        call,
        by.id,
        party_of(by, call),
        party_of(asked, where) if asked is not None else Party(kept.to),
        tuple(end.party for end in waiting),
        shown.state in UP if shown is not None else None,
        kept.since or None,
        Certainty.ASSUMED if shown is None else Certainty.INFERRED,
        asked.id if asked is not None else "",
        next((end.leg.id for end in waiting if end.leg is not None), ""),
        second[1].id if second is not None else "",
    )


def _back_together(found: Consultation) -> bool:
    """Whether the phone and whoever waited share a bridge, and nobody is shown who is asked."""
    bridges = {leg.id: leg.bridge for leg in found.call.legs if leg.state not in OVER}
    bridge = bridges.get(found.leg, "")
    together = bridge != "" and bridges.get(found.waits) == bridge
    return together and not found.asked and not found.second


def _is_asked(leg: Leg, call: Call, to: str, known: set[str]) -> bool:
    if leg.id in known or leg.state in OVER:
        return False
    return same_number(party_of(leg, call).number, to)
