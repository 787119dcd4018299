"""Who lets go of a call and who is moved by it: the leg graph, read for a transfer.

*The leg that is given is the one whose phone transfers* (or parks). Asterisk's Redirect works the
other way round: it takes the channel that it names elsewhere and hangs up the one left behind. So
for 1001, who talks with 1002 and transfers to 1003, it is the channel of 1002 that has to move:
1002 then hears 1003 ring, and 1001 is free (CAPTURED).

Somebody outside has no phone that could transfer: a trunk's leg that is given is itself moved, and
so is whoever is alone on the line (in a queue, in a menu, parked). Of a call that nobody has
answered yet it is always the caller who is moved.

Without a leg it is the operator's own phone that transfers where it is on the call; else the one
who is outside is moved; else, between two phones of the house, the one who called is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pbxtui.backends.asterisk.channel import Channel
from pbxtui.backends.base import Conflict, NotFound
from pbxtui.model import Call, Direction, Leg, LegState, Party

LOOK_AGAIN = "look again, then try again"
_COMING = (LegState.SETUP, LegState.RINGING)


@dataclass(frozen=True, slots=True)
class Pair:
    """``by`` is the phone that lets go, None where nobody of the house hears the other.

    ``chosen`` is the one of them that was asked for.
    """

    by: Leg | None
    moved: Leg
    chosen: Leg


class Graph:
    """One call's legs, and what their channels tell of them. ``channel`` finds one by its id."""

    def __init__(self, call: Call, channel: Callable[[str], Channel | None]) -> None:
        self.call = call
        self.legs = call.legs
        self._channel = channel

    def leg(self, leg: str) -> Leg:
        """The leg of that id (or channel). Raises :class:`NotFound`."""
        for one in self.legs:
            if leg in (one.id, one.channel):
                return one
        raise NotFound("the leg is not on the call any more", LOOK_AGAIN)

    def up(self, leg: Leg) -> bool:
        """Whether it has been answered."""
        channel = self._channel(leg.id)
        return channel is not None and channel.up

    def dialled(self, leg: Leg) -> bool:
        """Whether the PBX just dials it, and no dialplan runs on it."""
        channel = self._channel(leg.id)
        return channel is not None and channel.dialled

    def rings(self, leg: Leg) -> bool:
        """Whether it is being called and has not answered."""
        return self.dialled(leg) and not self.up(leg)

    def direct(self, one: Leg, other: Leg) -> bool:
        """Whether the two share one bridge, without a Local channel between them."""
        first, second = self._channel(one.id), self._channel(other.id)
        return first is not None and second is not None and first.bridge == second.bridge != ""

    def mates(self, leg: Leg) -> list[Leg]:
        """Who hears a leg; for one that rings, who rings it, and the other way round."""
        others = [other for other in self.legs if other is not leg]
        if leg.bridge:
            return [other for other in others if other.bridge == leg.bridge]
        if self.rings(leg):
            return [other for other in others if not self.dialled(other) and not other.bridge]
        if leg.state in _COMING:
            return [other for other in others if self.rings(other)]
        return []

    def pair(self, leg: str, operator: str) -> Pair:
        """Who lets go and who is moved. Raises :class:`Conflict` where that cannot be told."""
        chosen = self.leg(leg) if leg else self._suggested(operator)
        others = self.mates(chosen)
        if self.rings(chosen) or (chosen.extension and chosen.bridge and others):
            if len(others) != 1:
                raise Conflict(
                    f"{len(others)} others are on the line of {party_at(chosen)}: not one who "
                    "could be sent elsewhere",
                    "choose the leg of whoever is to go, where that is a trunk's",
                )
            return Pair(chosen if chosen.extension else None, others[0], chosen)
        phones = [other for other in others if other.extension and other.bridge]
        return Pair(phones[0] if len(phones) == 1 else None, chosen, chosen)

    def _suggested(self, operator: str) -> Leg:
        own = [leg for leg in self.legs if operator and leg.extension == operator]
        outside = [leg for leg in self.legs if not leg.extension]
        callers = [leg for leg in self.legs if not self.dialled(leg)]
        waits = callers if not any(leg.bridge for leg in self.legs) else []
        rung = [leg for leg in self.legs if self.dialled(leg)] if len(self.legs) == 2 else []
        for candidates in (own, waits, outside, rung if not outside else []):
            if len(candidates) == 1:
                return candidates[0]
        raise Conflict("several are on this call", "choose the leg whose phone transfers or parks")


def party_at(leg: Leg) -> Party:
    """Who is at a leg's end: of one that the PBX called, whom it called."""
    inward = leg.direction is (Direction.INBOUND if leg.extension else Direction.OUTBOUND)
    party = leg.to if inward else leg.from_
    return Party(leg.extension, party.name) if leg.extension else party


def handle(leg: Leg) -> str:
    """The channel of a leg, as Asterisk knows it.

    Raises :class:`Conflict` for a name that had to be cleaned, or that Hangup would take for a
    pattern (one that begins with a slash).
    """
    name = leg.channel
    if not name or name.startswith("/") or "\N{REPLACEMENT CHARACTER}" in name or "…" in name:
        raise Conflict("the PBX gave this leg a name that cannot be sent back to it")
    return name
