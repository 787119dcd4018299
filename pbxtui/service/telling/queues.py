"""Who joined a queue, who waits too long, who left; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pbxtui.model import Call, Caller, LegState, Queue
from pbxtui.service.telling.phrasing import count, hedged, named, span, who

_TALKS = frozenset({LegState.TALKING, LegState.HELD, LegState.PARKED})


def title(queue: Queue) -> str:
    return f"queue {named(queue.name, queue.id)}"


def queue_words(
    before: Queue | None, after: Queue | None, calls: Mapping[str, Call], now: float
) -> Iterator[str]:
    """What changed at a queue: a sentence for each caller who came or went.

    ``calls`` are the site's calls and ``now`` the time on its PBX's clock.
    """
    if after is None:
        if before is not None:
            yield f"{title(before)} is no longer in the PBX's list"
        return
    if before is None:
        waiting = "" if after.callers is None else f" with {count(len(after.callers), 'caller')}"
        yield f"{title(after)} is new in the PBX's list{waiting}"
        return
    if before.callers is None or after.callers is None:
        if before.callers is not after.callers:
            shown = "no longer shown" if after.callers is None else "shown again"
            yield f"{title(after)}: who waits is {shown} by the PBX"
        return
    had = {caller.id: caller for caller in before.callers}
    have = {caller.id: caller for caller in after.callers}
    waiting = f", {len(have)} waiting" if have else ", nobody waits"
    for id_, caller in had.items():
        if id_ not in have:
            left = _left(caller, before, after, calls.get(caller.call), now)
            yield f"{title(after)}: {who(caller.party)} {left}{waiting}"
    for id_, caller in have.items():
        if id_ not in had:
            joined = hedged(after.certainty, "waiting") if after.certainty != "seen" else "joined"
            yield f"{title(after)}: {who(caller.party)} {joined}{waiting}"


def _left(caller: Caller, before: Queue, after: Queue, call: Call | None, now: float) -> str:
    """How the waiting ended, as far as the call or the queue's counters tell."""
    waited = "" if caller.joined is None else f" after {span(now - caller.joined)}"
    if call is not None and call.state in _TALKS:
        return f"was answered{waited}"
    if call is not None and call.state is LegState.ENDED:
        return f"left{waited}, and the call is over"
    answered, abandoned = (
        _more(before.answered, after.answered),
        _more(before.abandoned, after.abandoned),
    )
    if answered and not abandoned:
        return f"was probably answered{waited}"
    if abandoned and not answered:
        return f"probably gave up{waited}"
    return f"is no longer waiting{waited}"


def _more(before: int | None, after: int | None) -> bool:
    return before is not None and after is not None and after > before


def waits_words(queue: Queue, caller: Caller, seconds: float) -> str:
    """Somebody has waited for too long."""
    return f"{title(queue)}: {who(caller.party)} has waited {span(seconds)}"
