"""Who is on a call, and who hears whom: the leg graph of one call.

Legs of one bridge hear each other. Where a PBX tells no bridges, two who talk on one call hear
each other, and of three or more it is not known. A PBX that lists only its own phones (Telphin)
has no leg for the outside: that end is known from the other side of an own leg.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pbxtui.model import NOBODY, Call, Direction, Leg, LegState, Party, clean

NAME_LIMIT = 60
"""Characters that are shown of a party; the rest ends in an ellipsis."""

UP = frozenset({LegState.TALKING, LegState.HELD})
WAITING = frozenset({LegState.SETUP, LegState.RINGING, LegState.QUEUED})
OVER = frozenset({LegState.ENDED, LegState.LOST})

_SHORTEST_OUTSIDE = 7
_SAME_DIGITS = 9
_FILLING = re.compile(r"[\s()./-]")
_WITHOUT_LEG = frozenset({LegState.TALKING, LegState.HELD, LegState.RINGING, LegState.SETUP})


class Phase(StrEnum):
    """The states between which a person sees a difference."""

    WAITING = "waiting"
    TALKING = "talking"
    PARKED = "parked"
    OVER = "over"


def phase_of(state: LegState) -> Phase:
    if state in UP:
        return Phase.TALKING
    if state is LegState.PARKED:
        return Phase.PARKED
    return Phase.OVER if state in OVER else Phase.WAITING


def plain(number: str) -> str:
    """A number without the signs that people write in it."""
    return _FILLING.sub("", number)


def same_number(one: str, other: str) -> bool:
    """Whether two spellings mean one number: outside ones may differ in how they begin."""
    if one == other:
        return bool(plain(one))
    ends = one[-1:], other[-1:]
    if ends[0] != ends[1] and ends[0].isdecimal() and ends[1].isdecimal():
        return False
    one, other = plain(one).casefold(), plain(other).casefold()
    if not one or not other:
        return False
    if one == other:
        return True
    first, second = one.removeprefix("+"), other.removeprefix("+")
    if not (first.isdecimal() and second.isdecimal()):
        return False
    shorter = min(len(first), len(second))
    if shorter < _SHORTEST_OUTSIDE:
        return False
    count = min(_SAME_DIGITS, shorter)
    return first[-count:] == second[-count:]


def is_short(number: str) -> bool:
    """Whether a number looks like one of the house."""
    digits = plain(number)
    return 0 < len(digits) < _SHORTEST_OUTSIDE and digits.isdecimal()


def label(party: Party, otherwise: str = "somebody whose number is not shown") -> str:
    """A party for a sentence: number and name, on one line, not too long."""
    number, name = clean(party.number, NAME_LIMIT), clean(party.name, NAME_LIMIT)
    if name == number:
        name = ""
    return clean(f"{number} {name}", NAME_LIMIT) or otherwise


def short(party: Party) -> str:
    """A party that has been named before: its number, else its name."""
    return clean(party.number, NAME_LIMIT) or label(party)


def listed(words: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def is_number(text: str) -> bool:
    """Whether a text is a number that can be dialled, and no name or id of something."""
    digits = plain(text).removeprefix("+")
    return bool(digits) and all(digit in "0123456789*#" for digit in digits)


@dataclass(frozen=True, slots=True)
class End:
    """Somebody on a call. ``leg`` is None where the PBX has no leg for them."""

    party: Party
    leg: Leg | None = None
    own: bool = False

    @property
    def up(self) -> bool:
        return self.leg is None or self.leg.state in UP


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears somebody; ``known`` is False where the PBX does not show it."""

    ends: tuple[End, ...]
    known: bool = True


def party_of(leg: Leg, call: Call) -> Party:
    """Who is at a leg's end."""
    if leg.extension:
        for side in (leg.from_, leg.to):
            if same_number(side.number, leg.extension):
                return Party(leg.extension, side.name)
        return Party(leg.extension)
    way = call.direction if leg.direction is Direction.UNKNOWN else leg.direction
    first, second = leg.from_, leg.to
    if way is Direction.OUTBOUND:
        first, second = second, first
    house = [other.extension for other in call.legs if other.extension]
    if any(same_number(first.number, extension) for extension in house):
        first, second = second, first
    return first if first != NOBODY else second


def _is_own(leg: Leg, call: Call, party: Party) -> bool:
    if any(other.extension for other in call.legs):
        return bool(leg.extension)
    return is_short(party.number)


def far_side(leg: Leg) -> Party:
    """The other end of an own leg, as the leg itself tells it."""
    return leg.to if same_number(leg.from_.number, leg.extension) else leg.from_


def ends(call: Call) -> tuple[End, ...]:
    """Everybody who is on a call now, its legs first."""
    found: list[End] = []
    for leg in call.legs:
        if leg.state not in OVER:
            party = party_of(leg, call)
            found.append(End(party, leg, _is_own(leg, call, party)))
    if not call.legs:
        return tuple(End(side) for side in (call.from_, call.to) if side != NOBODY)
    if all(end.leg is not None and end.leg.extension for end in found):
        found += _without_leg([end.leg for end in found if end.leg is not None])
    return tuple(found)


def _without_leg(legs: Sequence[Leg]) -> Iterable[End]:
    told: list[str] = [leg.extension for leg in legs]
    for leg in legs:
        far = far_side(leg)
        if leg.state not in _WITHOUT_LEG or not far.number:
            continue
        if not any(same_number(far.number, number) for number in told):
            told.append(far.number)
            yield End(far)


def living(calls: Mapping[str, Call]) -> dict[str, tuple[Call, Leg]]:
    """Every leg of these calls that is not over, by its id, with its call."""
    return {
        leg.id: (call, leg)
        for call in calls.values()
        if not call.over
        for leg in call.legs
        if leg.state not in OVER
    }


def end_of(call: Call, leg: str) -> End | None:
    """The end of a leg that is not over."""
    return next((e for e in ends(call) if e.leg is not None and e.leg.id == leg), None)


def is_calling(leg: Leg, call: Call) -> bool:
    """Whether a leg is that of whoever makes a call, and others are rung for it.

    Where it is the only one it may be the operator's own phone, which rings first to dial.
    """
    living = [other for other in call.legs if other.state not in OVER]
    if len(living) < 2:
        return False
    if call.from_.number:
        return same_number(party_of(leg, call).number, call.from_.number)
    house = any(other.extension for other in living)
    return call.direction is Direction.INBOUND and house and not leg.extension


def lone_phone(call: Call) -> Party | None:
    """The phone of the house that is all that is shown of a call it makes; None of other calls.

    It rings first where a dial was asked for, or it has dialled itself: a PBX that lists only its
    own phones (Telphin) shows both alike.
    """
    living = [leg for leg in call.legs if leg.state not in OVER]
    if len(living) != 1 or not living[0].extension or call.direction is Direction.INBOUND:
        return None
    here = party_of(living[0], call)
    return here if same_number(here.number, call.from_.number) else None


def hearing(call: Call, leg: Leg) -> Hearing:
    """Who hears a leg: those in its bridge, else the only other one who talks on the call."""
    everybody = ends(call)
    others = [e for e in everybody if e.up and (e.leg is None or e.leg.id != leg.id)]
    if any(end.leg is not None and end.leg.bridge for end in everybody):
        heard = [e for e in others if e.leg is None or (leg.bridge and e.leg.bridge == leg.bridge)]
        return Hearing(tuple(heard))
    return Hearing(tuple(others), len(others) < 2)


def phones(call: Call, states: frozenset[LegState]) -> list[End]:
    """The phones of the house on a call whose legs are in one of these states."""
    return [e for e in ends(call) if e.own and e.leg is not None and e.leg.state in states]
