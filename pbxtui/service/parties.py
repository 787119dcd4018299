"""The ends of a call and of a leg as one text."""

from __future__ import annotations

from typing import NamedTuple

from pbxtui.model import Call, Leg, LegState, Party

_UP = frozenset({LegState.TALKING, LegState.HELD})
_OVER = frozenset({LegState.ENDED, LegState.LOST})
_LONGEST_EXTENSION = 6


class Sides(NamedTuple):
    """The two who are named for a call, and how many phones of the house are on it beside them."""

    first: Party
    second: Party
    more: int = 0


def party(who: Party) -> str:
    """A party as one text: number, then name."""
    if who.number and who.name and who.name != who.number:
        return f"{who.number}  {who.name}"
    return who.number or who.name or ""


def person(who: Party) -> str:
    """A party as one text where there is little room: name, then number."""
    if who.number and who.name and who.name != who.number:
        return f"{who.name}  {who.number}"
    return who.name or who.number or ""


def own_party(leg: Leg) -> str:
    """Who is at the far end of a leg, seen from the PBX."""
    if leg.extension:
        for side in (leg.from_, leg.to):
            if side.number == leg.extension:
                return party(side)
        return leg.extension
    return party(leg.from_) or party(leg.to)


def at_leg(leg: Leg, call: Call) -> Party:
    """Who is at a leg's end, as far as its call tells."""
    from pbxtui.service.acting.people import party_of

    return party_of(leg, call)


def sides(call: Call) -> Sides:
    """Who is on a call: its two ends as the PBX names them, but for whoever has left.

    A phone of the house has left a call that is up when none of its living legs is at it, as after
    a transfer. The one who is there in its place is named, where the legs leave no doubt.
    """
    first, second = call.from_, call.to
    if call.state not in _UP:
        return Sides(first, second)
    living = {leg.extension for leg in call.legs if leg.extension and leg.state not in _OVER}
    up = {leg.extension for leg in call.legs if leg.extension and leg.state in _UP}
    if not up:
        return Sides(first, second)
    gone = [
        side for side in (first, second) if _of_the_house(side.number) and side.number not in living
    ]
    if len(gone) == 1:
        there = _instead(call, second if gone[0] is first else first)
        if there is not None:
            return Sides(there, second) if gone[0] is first else Sides(first, there)
    return Sides(first, second, len(up - {first.number, second.number}))


def _of_the_house(number: str) -> bool:
    return 0 < len(number) <= _LONGEST_EXTENSION and number.isdecimal()


def _instead(call: Call, stays: Party) -> Party | None:
    """The only other one who is up beside the side that stays."""
    from pbxtui.service.acting.people import ends, same_number

    found = [end.party for end in ends(call) if end.up]
    others = [who for who in found if not same_number(who.number, stays.number)]
    return others[0] if len(others) == 1 and len(found) == 2 else None


def beside(who: Party, more: int) -> str:
    """A party as one text, with the number of those who are on the call beside the two."""
    if not more:
        return party(who)
    return party(Party(f"{who.number or who.name} +{more}", who.name if who.number else ""))
