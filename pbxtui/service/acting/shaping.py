"""A call with what is assumed of it, as far as that fits what the PBX lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pbxtui.model import Call, Certainty, Leg, LegState, Party
from pbxtui.service.acting.consulting import Consultation
from pbxtui.service.acting.keeping import Assumption, What
from pbxtui.service.acting.legs import leg_of
from pbxtui.service.acting.people import (
    OVER,
    UP,
    end_of,
    ends,
    hearing,
    party_of,
    same_number,
    short,
)

HELD_WORDS = "held by pbxtui: the PBX accepted it, and its list does not show it"
PARKED_WORDS = "parked by pbxtui: the PBX accepted it, and its list does not show it"
MOVED_WORDS = "sent on to {to} by pbxtui: the PBX accepted it, and its list does not show it"

WAITING_WORDS = "waits while {by} asks {to}: the PBX does not show that they are held"

LONGEST: Mapping[What, float] = {What.PARKED: 600.0, What.MOVED: 60.0, What.CONSULTING: 120.0}
"""Seconds for which a call that the PBX lists no more is shown, at most.

Of a consultation: for which the PBX may show nobody who is asked.
"""


_SLACK = 5.0
"""Seconds by which two clocks may differ."""


def only_phone(call: Call) -> str:
    """The only own leg that talks, where an action named none."""
    own = [end for end in ends(call) if end.own and end.leg is not None and end.up]
    return own[0].leg.id if len(own) == 1 and own[0].leg is not None else ""


def with_leaving(one: Assumption) -> Assumption:
    """With the legs that leave a call by parking or sending on somebody."""
    leg = leg_of(one.call, one.leg)
    chosen = end_of(one.call, one.leg) if leg is not None else None
    if leg is None or chosen is None:
        gone = [e.leg.id for e in ends(one.call) if e.own and e.leg is not None]
    elif chosen.own:
        gone = [leg.id]
    else:
        gone = [e.leg.id for e in hearing(one.call, leg).ends if e.own and e.leg is not None]
    return replace(one, leaving=tuple(gone))


def shown_by_pbx(one: Assumption, call: Call | None) -> bool:
    """Whether the PBX itself shows it, so that nothing need be assumed any more."""
    if call is None:
        return False
    if one.what is What.MOVED:
        return any(same_number(party_of(leg, call).number, one.to) for leg in call.legs)
    state = LegState.HELD if one.what is What.HELD else LegState.PARKED
    told = [leg for leg in call.legs if one.what is What.PARKED or leg.id == one.leg]
    return any(leg.state is state and leg.certainty is not Certainty.ASSUMED for leg in told)


def is_another(one: Assumption, call: Call | None) -> bool:
    """Whether the PBX has given the id to another call since.

    That one began after the assumption was made, and not when the first one had begun.
    """
    if call is None:
        return False
    leg, was = leg_of(call, one.leg), leg_of(one.call, one.leg)
    pairs = [(one.call.started, call.started)]
    if leg is not None and was is not None and one.what is What.HELD:
        pairs.append((was.started, leg.started))
    return any(
        now is not None and now > one.since + _SLACK and (then is None or now > then + _SLACK)
        for then, now in pairs
    )


def shaped(one: Assumption, call: Call | None, now: float) -> Call | None:
    """The call with an assumption over it; None where it does not fit what the PBX shows."""
    if one.what is What.HELD:
        return _with_hold(one, call)
    if call is None:
        if now - one.since > LONGEST[one.what]:
            return None
        return _as_left(one)
    return _with_wait(one, call)


def _with_hold(one: Assumption, call: Call | None) -> Call | None:
    leg = leg_of(call, one.leg) if call is not None else None
    if call is None or leg is None or leg.state not in UP or call.state in OVER:
        return None
    if leg.state is LegState.HELD:
        return call
    held = replace(
        leg,
        state=LegState.HELD,
        certainty=Certainty.ASSUMED,
        since=one.since,
        reason=HELD_WORDS,
    )
    legs = tuple(held if each is leg else each for each in call.legs)
    if not _is_the_calls(leg, call):
        return replace(call, legs=legs)
    return replace(
        call,
        state=LegState.HELD,
        certainty=Certainty.ASSUMED,
        since=one.since,
        reason=HELD_WORDS,
        legs=legs,
    )


def while_asked(found: Consultation, calls: Mapping[str, Call]) -> Call | None:
    """The call of whoever waits in a consultation that is shown, their leg held.

    Where nobody else is on it, because the phone asks on another call, it is still that phone's.
    None where the PBX shows that itself, or lists no leg of theirs. Whoever is consulted about
    hears music (INFERRED: what an attended transfer of Asterisk does, which MiRTA is built on).
    """
    if found.certainty is Certainty.ASSUMED or not found.waits:
        return None
    for call in calls.values():
        leg = leg_of(call, found.waits)
        if leg is None:
            continue
        if leg.state is not LegState.TALKING or call.state in OVER:
            return None
        reason = WAITING_WORDS.format(by=short(found.by), to=short(found.to))
        held = replace(
            leg,
            state=LegState.HELD,
            certainty=Certainty.ASSUMED,
            since=found.since,
            reason=reason,
        )
        legs = tuple(held if each is leg else each for each in call.legs)
        if any(each is not leg and each.state not in OVER for each in call.legs):
            return replace(call, legs=legs)
        return replace(
            call,
            state=LegState.HELD,
            certainty=Certainty.ASSUMED,
            to=found.by,
            since=found.since,
            reason=reason,
            legs=legs,
        )
    return None


def _is_the_calls(leg: Leg, call: Call) -> bool:
    """Whether a leg's state is the call's: no other phone of the house talks."""
    own = [end for end in ends(call) if end.own and end.leg is not None and end.up]
    return all(end.leg is leg for end in own) if own else call.state is LegState.TALKING


def _with_wait(one: Assumption, call: Call) -> Call | None:
    """A call that is listed on, with whoever stays in it parked, or sent on.

    It does not fit while whoever leaves still talks, nor once somebody new does.
    """
    up = {leg.id for leg in call.legs if leg.state in UP}
    known = {leg.id for leg in one.call.legs}
    if call.state in OVER or not up or not up <= known - set(one.leaving):
        return None
    return _waiting(one, call)


def _as_left(one: Assumption) -> Call:
    """A call that is listed no more, as it was with those gone who left it."""
    stay = tuple(leg for leg in one.call.legs if leg.id not in one.leaving and leg.state in UP)
    return _waiting(one, replace(one.call, legs=stay))


def _waiting(one: Assumption, call: Call) -> Call:
    parked = one.what is What.PARKED
    state = LegState.PARKED if parked else LegState.RINGING
    reason = PARKED_WORDS if parked else MOVED_WORDS.format(to=one.to)
    legs = tuple(
        replace(leg, state=state, certainty=Certainty.ASSUMED, since=one.since, reason=reason)
        if leg.state in UP
        else leg
        for leg in call.legs
    )
    return replace(
        call,
        state=state,
        certainty=Certainty.ASSUMED,
        to=call.to if parked else Party(one.to),
        since=one.since,
        ended=None,
        reason=reason,
        legs=legs,
    )
