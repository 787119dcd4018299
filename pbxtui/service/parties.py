"""The ends of a call and of a leg as one text."""

from __future__ import annotations

from pbxtui.model import Leg, Party


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
