"""What became of a call, in one sentence; pure."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.model import NOBODY, Call, Certainty, Direction, Leg, LegState
from pbxtui.service.acting.people import WAITING, party_of, same_number
from pbxtui.service.handover import Fate, Handover
from pbxtui.service.telling.phrasing import hedged, listed, own, span, squeezed, who

STATES: Mapping[LegState, str] = {
    LegState.SETUP: "being set up",
    LegState.RINGING: "ringing",
    LegState.TALKING: "talking",
    LegState.HELD: "on hold",
    LegState.PARKED: "parked",
    LegState.QUEUED: "waiting in a queue",
}
_ON = frozenset({LegState.TALKING, LegState.HELD, LegState.PARKED})


def call_words(
    number: int,
    before: Call | None,
    after: Call | None,
    story: Handover | None = None,
    *,
    queue: str = "",
) -> str:
    """What changed at a call; empty when it is nothing to speak of.

    ``number`` is the call's short number; where the call has gone (``after`` is None) it has none.
    ``story`` is what became of whoever was let go, where that is new with this change. ``queue``
    is the name of the queue that the call waits in.
    """
    if after is None:
        return _removed(before)
    if after.over:
        return _over(number, before, after, story)
    if story is not None:
        told = _handed_over(story, queue)
        if told:
            return f"call {number}, {who(story.who)}, {told}"
    if before is None or before.state is LegState.ENDED:
        return _new(number, after, queue)
    if before.state is LegState.LOST:
        return f"{_both(number, after)} is in the PBX's list again and {_now(after, queue)}"
    if (before.state, before.certainty) != (after.state, after.certainty):
        return _turned(number, before, after, queue)
    return _within(number, before, after)


def _removed(before: Call | None) -> str:
    if before is None or before.over:
        return ""
    return f"a call, {_ends(before)}, is not shown any more"


def _over(number: int, before: Call | None, after: Call, story: Handover | None) -> str:
    if before is not None and before.state is after.state:
        return ""
    reason = f": {after.reason}" if after.reason else ""
    whole = _both(number, before if before is not None and before.to != NOBODY else after)
    if after.state is LegState.LOST:
        return f"{whole} is lost{reason}"
    ended = "has probably ended" if after.certainty is not Certainty.SEEN else "ended"
    if story is not None and story.fate is Fate.GONE:
        let_go = squeezed(story.by_whom)
        return f"{whole} {ended} before anybody took it over from {let_go}{reason}"
    return f"{whole} {ended}{_lasted(before, after)}{reason}"


def _lasted(before: Call | None, after: Call) -> str:
    """For how long there was talk, or how long it rang in vain, as far as that is known."""
    if after.ended is None or (before is None and after.answered is None):
        return ""
    if after.answered is not None:
        return f" after {span(after.ended - after.answered)} of talk"
    talked = before is not None and before.state not in WAITING
    if talked or after.started is None or after.certainty is not Certainty.SEEN:
        return ""
    return f" unanswered after {span(after.ended - after.started)}"


def _new(number: int, after: Call, queue: str) -> str:
    if after.state is LegState.RINGING:
        return f"call {number}, {_rings(after)}"
    if after.state is LegState.SETUP:
        probably = "" if after.certainty is Certainty.SEEN else "probably "
        return f"call {number}, {who(after.from_)} {probably}calls {_callee(after)}"
    if after.state is LegState.QUEUED:
        return f"call {number}, {who(after.from_)} {_now(after, queue)}"
    return f"{_both(number, after)} {_now(after, queue)}, first seen now"


def _turned(number: int, before: Call, after: Call, queue: str) -> str:
    was, now = before.state, after.state
    if was is now:
        return f"{_both(number, after)} {_now(after, queue)}"
    if now is LegState.RINGING:
        return f"call {number}, {_rings(after)}"
    if now is LegState.TALKING and was in WAITING and after.certainty is not Certainty.ASSUMED:
        return f"call {number}, {who(after.from_)}, {_answered(before, after)}"
    if now is LegState.TALKING and after.certainty is Certainty.SEEN:
        return f"{_both(number, after)} {_resumed(before, after)}"
    return f"{_both(number, after)} {_now(after, queue)}"


def _resumed(before: Call, after: Call) -> str:
    where = "off hold" if before.state is LegState.HELD else "no longer parked"
    if before.since is None or after.since is None or after.since <= before.since:
        return f"is {where}"
    return f"is {where} after {span(after.since - before.since)}"


def _answered(before: Call, after: Call) -> str:
    had = {leg.id: leg.state for leg in before.legs}
    by = [
        who(party_of(leg, after))
        for leg in after.legs
        if leg.state is LegState.TALKING
        and leg.extension
        and had.get(leg.id) is not LegState.TALKING
        and not same_number(leg.extension, after.from_.number)
    ]
    if not by and after.direction is Direction.OUTBOUND and after.to != NOBODY:
        by = [who(after.to)]
    words = hedged(after.certainty, "answered")
    words += f" by {listed(list(dict.fromkeys(by)))}" if by else ""
    if after.answered is not None and after.started is not None:
        words += f" after {span(after.answered - after.started)}"
    return words


def _within(number: int, before: Call, after: Call) -> str:
    """The call's state is the same: what its legs did, or who it is with now."""
    if after.state is LegState.RINGING:
        rang, rings = _ringing(before), _ringing(after)
        new = [words for words in rings if words not in rang]
        return f"{_one(number, after)} now rings {listed(rings)}" if new else ""
    parts = [*_legs(before, after)]
    if not parts and after.parked_at != before.parked_at and after.parked_at:
        parts = [f"is parked at {after.parked_at}"]
    return f"{_one(number, after)}: {', '.join(parts)}" if parts else ""


def _legs(before: Call, after: Call) -> list[str]:
    had = {leg.id: leg for leg in before.legs}
    have = {leg.id for leg in after.legs if leg.state not in (LegState.ENDED, LegState.LOST)}
    parts = []
    for leg in after.legs:
        was = had.get(leg.id)
        told = _leg(was, leg)
        if told:
            parts.append(f"{_at(leg, after)} {told}")
    for leg in before.legs:
        over = leg.state in (LegState.ENDED, LegState.LOST)
        if leg.id not in have and not over and leg.extension:
            parts.append(f"{_at(leg, before)} left")
    return list(dict.fromkeys(parts))


def _leg(was: Leg | None, leg: Leg) -> str:
    before = was.state if was is not None else None
    if before is leg.state or (was is None and not leg.extension):
        return ""
    if leg.state is LegState.HELD:
        return hedged(leg.certainty, "on hold")
    if before is LegState.HELD and leg.state is LegState.TALKING:
        return hedged(leg.certainty, "off hold")
    if leg.state is LegState.RINGING:
        return "rings too"
    if leg.state is LegState.TALKING and before in (None, LegState.RINGING, LegState.SETUP):
        return "joined"
    return ""


def _at(leg: Leg, call: Call) -> str:
    return who(party_of(leg, call))


def _now(call: Call, queue: str) -> str:
    """``is on hold``, as surely as it is known."""
    words = STATES.get(call.state, call.state.value)
    if call.state is LegState.PARKED and call.parked_at:
        words = f"parked at {call.parked_at}"
    if call.state is LegState.QUEUED and (queue or call.queue):
        words = f"waiting in queue {queue or call.queue}"
    return hedged(call.certainty, words)


def _one(number: int, call: Call) -> str:
    return f"call {number}, {who(call.from_)}"


def _both(number: int, call: Call) -> str:
    """A call by its ends."""
    return f"call {number}, {_ends(call)},"


def _ends(call: Call) -> str:
    if call.to in (NOBODY, call.from_):
        return who(call.from_)
    return f"{who(call.from_)} with {who(call.to)}"


def _callee(call: Call) -> str:
    return who(call.to) if call.to != NOBODY else "a number that is not shown"


def _ringing(call: Call) -> list[str]:
    """Whose phones ring."""
    found = [
        who(party_of(leg, call))
        for leg in call.legs
        if leg.state is LegState.RINGING
        and leg.extension
        and not same_number(leg.extension, call.from_.number)
    ]
    return list(dict.fromkeys(found))


def _rings(call: Call) -> str:
    verb = "calls" if call.direction is Direction.OUTBOUND else "rings"
    ringing = [] if call.direction is Direction.OUTBOUND else _ringing(call)
    whom = listed(ringing) if ringing else _callee(call)
    if call.certainty is not Certainty.SEEN:
        verb = f"probably {verb}"
    return f"{who(call.from_)} {verb} {whom}"


def _handed_over(story: Handover, queue: str) -> str:
    """What became of whoever was let go: never seen, always joined from two facts."""
    by, to = squeezed(story.by_whom) or own(story.by, ""), squeezed(story.to)
    sent = f"was probably transferred by {by}"
    waited = f" after {span(story.since - story.waiting)}"
    match story.fate:
        case Fate.LEFT:
            return f"was probably let go by {by}, and nothing rings yet"
        case Fate.PARKED:
            return f"is parked{f' at {to}' if to else ''}, probably by {by}"
        case Fate.RINGING:
            return f"{sent} and rings {to}"
        case Fate.QUEUED:
            return f"{sent} and waits in queue {queue or to}"
        case Fate.ANSWERED:
            return f"{sent} and is answered by {to}{waited}"
        case Fate.BACK:
            return f"came back and rings {to} again"
        case Fate.TAKEN_BACK:
            return f"is with {to} again{waited}"
    return ""
