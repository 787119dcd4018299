"""What the sentences share: people and queues by their names, and verbs that agree."""

from __future__ import annotations

from collections.abc import Sequence

from pbxtui.model import Call, Leg, LegState, Party, Queue, Snapshot, clean
from pbxtui.service.acting.people import (
    NAME_LIMIT,
    End,
    Hearing,
    hearing,
    is_calling,
    label,
    listed,
    party_of,
    same_number,
    short,
)
from pbxtui.service.acting.reach import name_of

_PUT = frozenset({LegState.PARKED, LegState.QUEUED})

Told = tuple[str, list[str]]
"""A sentence, and the warnings that go with it."""


def who(ends: Sequence[End], snapshot: Snapshot) -> str:
    """Everybody once, also who has several phones."""
    return listed(list(dict.fromkeys(label(name_of(end.party, snapshot)) for end in ends)))


def agree(ends: Sequence[End], one: str, many: str) -> str:
    return one if len({short(end.party) for end in ends}) == 1 else many


def chosen(call: Call, leg: Leg | None, snapshot: Snapshot) -> str:
    if leg is None:
        return parties(call, snapshot)
    return label(name_of(party_of(leg, call), snapshot))


def parties(call: Call, snapshot: Snapshot) -> str:
    """A call by its two ends."""
    known = [side for side in (call.from_, call.to) if side.number or side.name]
    if not known:
        return "a call whose ends are not shown"
    named = [label(name_of(side, snapshot)) for side in known]
    return f"the call of {listed(named)}"


def waiting(call: Call, everybody: Sequence[End]) -> Party:
    """Who waits: whoever is parked or queued, else the caller.

    Where the caller has left, as after a transfer, it is the one who is on the call yet.
    """
    still = [end for end in everybody if end.leg is not None and end.leg.state in _PUT]
    if not still and not any(same_number(e.party.number, call.from_.number) for e in everybody):
        still = [end for end in everybody if end.up]
    return still[0].party if len(still) == 1 else call.from_


def hears(call: Call, leg: Leg | None) -> Hearing:
    return Hearing((), False) if leg is None else hearing(call, leg)


def queue_name(id: str, snapshot: Snapshot) -> str:
    """What a queue is called, on one line."""
    queue = snapshot.queues.get(id)
    return clean(queue.name if queue is not None and queue.name else id, NAME_LIMIT)


def callers_wait(queue: Queue | None) -> str:
    """How many wait in a queue; empty for none, and where it is not known."""
    count = len(queue.callers or ()) if queue is not None else 0
    return "" if not count else "1 caller waits" if count == 1 else f"{count} callers wait"


def spaced(word: str) -> str:
    """A state as it is read: ``in use``."""
    return str(word).replace("_", " ")


def where(snapshot: Snapshot) -> str:
    return clean(snapshot.site, NAME_LIMIT) or "the PBX"


def rung(call: Call, everybody: Sequence[End]) -> list[End]:
    """Whose phones ring for a call."""
    ringing = [
        end for end in everybody if end.leg is not None and end.leg.state is LegState.RINGING
    ]
    others = [end for end in ringing if end.leg is not None and not is_calling(end.leg, call)]
    if call.from_.number:
        return [e for e in others if not same_number(e.party.number, call.from_.number)]
    return others
