"""What becomes of calls that a reading no longer holds.

A call does not leave the screen because a list forgot it: it is ``lost`` until one more full
reading agrees, then it has ended, and an ended call stays to be read for ten seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pbxtui.model import Call, Certainty, LegState

LINGER = 10.0
"""Seconds for which an ended call and its reason stay."""

LOST_WORDS = "no longer in the PBX's list; one more reading decides"
GONE_WORDS = "gone from the PBX's list, no end was seen"


def _close(call: Call, state: LegState, reason: str, now: float) -> Call:
    legs = tuple(
        leg if leg.state is LegState.ENDED else replace(leg, state=state, since=now)
        for leg in call.legs
    )
    return replace(
        call,
        state=state,
        certainty=Certainty.INFERRED,
        since=now,
        ended=now if state is LegState.ENDED else None,
        reason=reason,
        legs=legs,
    )


def settle(
    before: Mapping[str, Call], read: Mapping[str, Call], now: float, *, full: bool = True
) -> Mapping[str, Call]:
    """The calls to show after a reading: those read, and those that may not vanish yet.

    ``now`` is on the PBX's clock. ``full`` is False for a pushed reading, which proves no end.
    Calls keep the order in which they were first seen.
    """
    settled = dict(before)
    for id_, was in before.items():
        call = read.get(id_)
        if call is was:
            continue
        if call is not None:
            if call.state is LegState.ENDED and call.ended is None:
                call = replace(call, ended=was.ended if was.ended is not None else now)
            if call != was:
                settled[id_] = call
        elif was.state is LegState.ENDED:
            if was.ended is None or now - was.ended >= LINGER:
                del settled[id_]
        elif not full:
            continue
        elif was.state is LegState.LOST:
            settled[id_] = _close(was, LegState.ENDED, GONE_WORDS, now)
        else:
            settled[id_] = _close(was, LegState.LOST, LOST_WORDS, now)
    for id_ in [id_ for id_ in read if id_ not in before]:
        call = read[id_]
        if call.state is LegState.ENDED and call.ended is None:
            call = replace(call, ended=now)
        settled[id_] = call
    return settled
