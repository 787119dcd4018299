"""What becomes of somebody who was parked or sent on: followed from one reading to the next.

No PBX says it. It is inferred from the legs of a call as they were and as they are: an end of our
own leaves while the other stays, and something else rings, answers, or does not. Where the PBX has
no leg for the other end, that stays which has the same number. A call that goes on under another
id is looked for in :mod:`going_on`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pbxtui.model import Call, Direction, Leg, LegState, Party
from pbxtui.service.acting.people import ends, far_side, party_of, same_number
from pbxtui.service.parties import party

LINGER = 30.0
"""Seconds for which the end of a story stays to be read."""

_LIVE = frozenset(state for state in LegState if state not in (LegState.ENDED, LegState.LOST))
_CONNECTED = frozenset({LegState.TALKING, LegState.HELD})


class Fate(StrEnum):
    """Where the one who was let go is now."""

    LEFT = "left"
    """Let go just now; nothing rings yet."""
    PARKED = "parked"
    RINGING = "ringing"
    QUEUED = "queued"
    ANSWERED = "answered"
    BACK = "back"
    """Ringing again at whoever let go."""
    TAKEN_BACK = "taken back"
    GONE = "gone"
    """Hung up before anybody answered."""


SETTLED = frozenset({Fate.ANSWERED, Fate.TAKEN_BACK, Fate.GONE})
"""The fates after which nobody waits."""


@dataclass(frozen=True, slots=True)
class Handover:
    """The story of one call. Always inferred.

    ``by`` is the extension (or number) that let go and ``by_whom`` that with the name; ``to`` where
    it rings, waits or was answered. ``since`` is when this fate began and ``waiting`` when the
    waiting did, on the PBX's clock. ``stayed`` are the legs of whoever was let go, and ``who`` is
    that as it was known before.
    """

    fate: Fate
    by: str
    by_whom: str
    to: str
    since: float
    waiting: float
    stayed: frozenset[str]
    who: Party

    @property
    def settled(self) -> bool:
        """Whether nothing more will become of it."""
        return self.fate in SETTLED


def live(call: Call) -> list[Leg]:
    """The legs of a call that have not ended."""
    return [leg for leg in call.legs if leg.state in _LIVE]


def short(leg: Leg) -> str:
    """A leg's end in one word: its extension, else its number or name."""
    if leg.extension:
        return leg.extension
    side = leg.to if leg.to.number or leg.to.name else leg.from_
    return side.number or side.name or leg.device


def waiting_party(call: Call, waits: Iterable[Leg], by: str) -> Party:
    """Who waits: the far side of a leg, which is no extension of this call.

    On a call to the outside that is who was called; the other side may be the number that we show.
    """
    own = {leg.extension for leg in call.legs if leg.extension} | {by}
    outwards = call.direction is Direction.OUTBOUND
    for leg in waits:
        if leg.extension:
            for side in (leg.from_, leg.to):
                if side.number == leg.extension:
                    return side
            return Party(leg.extension)
        for side in (leg.to, leg.from_) if outwards else (leg.from_, leg.to):
            if (side.number or side.name) and side.number not in own:
                return side
    called = outwards or call.from_.number in own
    return call.to if called and party(call.to) else call.from_


def follow(before: Call | None, after: Call, known: Handover | None, now: float) -> Handover | None:
    """The story of a call after a change. ``now`` is on the PBX's clock."""
    if after.over:
        return _over(after, known, now)
    legs = live(after)
    if known is not None and not known.settled:
        return continued(after, legs, known, now)
    if before is None or before.over:
        return None
    had = {leg.id: leg for leg in live(before)}
    here = {leg.id for leg in legs}
    if had.keys() <= here:
        return known
    left = [leg for leg in own_legs(before) if leg.id not in here]
    if not left:
        return known
    gone = left[0]
    stayed = [
        leg
        for leg in legs
        if leg.id in had and had[leg.id].state not in (LegState.RINGING, LegState.SETUP)
    ]
    if sum(leg.state in _CONNECTED for leg in stayed) > 1:
        stayed = [leg for leg in stayed if _waited(had[leg.id], gone, had.values())]
        if len(stayed) != 1:
            return known
    if not stayed and not _far_end_stays(gone, legs, had):
        return known
    return continued(after, legs, let_go(before, gone, stayed, now), now)


def own_legs(call: Call) -> list[Leg]:
    """The legs of our own phones that are connected."""
    return [
        end.leg
        for end in ends(call)
        if end.own and end.leg is not None and end.leg.state in _CONNECTED
    ]


def let_go(before: Call, gone: Leg, stayed: Sequence[Leg], now: float) -> Handover:
    """The beginning of a story: who let go of a call, as it was before, and who stayed."""
    held = gone.state is LegState.HELD
    began = gone.since if held and gone.since is not None else now
    by = party_of(gone, before)
    had = {leg.id: leg for leg in before.legs}
    waits = [had.get(leg.id, leg) for leg in stayed]
    who = waiting_party(before, waits, by.number) if waits else far_side(gone)
    ids = frozenset(leg.id for leg in stayed)
    return Handover(Fate.LEFT, by.number, party(by), "", now, began, ids, who)


def _waited(leg: Leg, gone: Leg, had: Iterable[Leg]) -> bool:
    """Whether somebody waited apart while the one who then left talked with another.

    Only where the bridges tell. Otherwise those who stay had one another: nobody was let go.
    """
    alone = not any(other is not leg and other.bridge == leg.bridge for other in had)
    return bool(leg.bridge and gone.bridge) and leg.bridge != gone.bridge and alone


def _far_end_stays(gone: Leg, legs: Sequence[Leg], had: Mapping[str, Leg]) -> bool:
    """Whether the other end, which has no leg, goes on with a phone that was not there before."""
    far = far_side(gone)
    new = [leg for leg in legs if leg.id not in had and leg.extension not in ("", gone.extension)]
    return bool(gone.extension and far.number) and any(
        same_number(far_side(leg).number, far.number) for leg in new
    )


def _over(after: Call, known: Handover | None, now: float) -> Handover | None:
    if known is None or known.settled:
        return known
    if known.fate is Fate.LEFT or after.state is LegState.LOST:
        return known
    return replace(known, fate=Fate.GONE, since=after.ended if after.ended is not None else now)


def continued(after: Call, legs: Sequence[Leg], story: Handover, now: float) -> Handover:
    """A story that is not over, after one more reading of its call."""
    parked = [leg for leg in legs if leg.state is LegState.PARKED]
    others = [leg for leg in legs if leg.id not in story.stayed]
    answered = [leg for leg in others if leg.state in _CONNECTED]
    rings = [leg for leg in others if leg.state in (LegState.RINGING, LegState.SETUP)]
    queued = [leg for leg in legs if leg.state is LegState.QUEUED]
    if parked:
        fate, to, since = Fate.PARKED, after.parked_at, _since(parked, now)
    elif answered:
        to, since = short(answered[0]), _since(answered, now)
        fate = Fate.TAKEN_BACK if to == story.by else Fate.ANSWERED
    elif rings:
        to, since = _listed(rings), _since(rings, now)
        fate = Fate.BACK if to == story.by else Fate.RINGING
    elif queued:
        fate, to, since = Fate.QUEUED, after.queue, _since(queued, now)
    else:
        return story
    if (fate, to) == (story.fate, story.to):
        return story
    return replace(story, fate=fate, to=to, since=since, waiting=min(since, story.waiting))


def _since(legs: Sequence[Leg], now: float) -> float:
    known = [leg.since for leg in legs if leg.since is not None]
    return min(min(known, default=now), now)


def _listed(legs: Sequence[Leg]) -> str:
    """Where it rings: the first extension, and how many more."""
    names = list(dict.fromkeys(short(leg) for leg in legs))
    return names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
