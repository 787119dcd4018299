"""Legs that have come since an action was sent, and whether it may be the action that brought them.

A phone can be rung by anybody at any moment. So a new leg at the number that was meant counts only
where nothing says that it belongs to another call: it is on the same call, or on one with a leg of
it, or it names somebody who was on it. Where the PBX names nobody else it is taken for what was
asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pbxtui.model import Call, Direction, Leg, Snapshot
from pbxtui.service.acting.people import OVER, ends, party_of, same_number


def legs_at(number: str, now: Snapshot) -> Iterator[tuple[Call, Leg]]:
    """The legs at a number that are not over: whose phone it is, or who is outside at it."""
    for call in now.calls.values():
        for leg in call.legs:
            if leg.state not in OVER and is_at(leg, call, number):
                yield call, leg


def is_at(leg: Leg, call: Call, number: str) -> bool:
    """Whether somebody at this number is at a leg's end."""
    if leg.extension:
        return same_number(leg.extension, number)
    if not any(same_number(side.number, number) for side in (leg.from_, leg.to)):
        return False
    return same_number(party_of(leg, call).number, number)


@dataclass(frozen=True, slots=True)
class Newcomers:
    """New legs at ``number`` that may have to do with ``call``, or with one of ``people``.

    ``legs`` are those that the call had, ``known`` those that were at the number before.
    """

    number: str
    call: str
    legs: frozenset[str]
    people: tuple[str, ...]
    known: frozenset[tuple[str, str]]

    def come(self, now: Snapshot) -> list[Leg]:
        """Those that are there now."""
        found = legs_at(self.number, now)
        return [
            leg for call, leg in found if (call.id, leg.id) not in self.known and self._may_be(call)
        ]

    def _may_be(self, call: Call) -> bool:
        if call.id == self.call or any(leg.id in self.legs for leg in call.legs):
            return True
        others = [each for each in _numbers(call) if not same_number(each, self.number)]
        return not others or any(same_number(a, b) for a in others for b in self.people)


def to_join(number: str, call: str, before: Snapshot) -> Newcomers:
    """Who comes to a number from a call, or to those on it; as they were ``before``."""
    was = before.calls.get(call)
    legs = frozenset(leg.id for leg in was.legs) if was is not None else frozenset()
    people = tuple(end.party.number for end in ends(was)) if was is not None else ()
    return Newcomers(number, call, legs, people, _known(number, before))


def to_call(number: str, to: str, before: Snapshot) -> Newcomers:
    """The leg of a phone that is about to call ``to``."""
    return Newcomers(number, "", frozenset(), (to,), _known(number, before))


def called(number: str, to: str, before: Snapshot, now: Snapshot) -> bool:
    """Whether a new call between two numbers is there, also where none of its legs is shown."""
    for id, call in now.calls.items():
        if id in before.calls or call.over:
            continue
        named = list(_numbers(call))
        others = [each for each in named if not same_number(each, number)]
        meant = any(same_number(each, to) for each in others)
        unsaid = not others and call.direction is not Direction.INBOUND
        if len(others) < len(named) and (meant or unsaid):
            return True
    return False


def _known(number: str, before: Snapshot) -> frozenset[tuple[str, str]]:
    return frozenset((call.id, leg.id) for call, leg in legs_at(number, before))


def _numbers(call: Call) -> Iterable[str]:
    sides = [call.from_, call.to, *(side for leg in call.legs for side in (leg.from_, leg.to))]
    told = [*(side.number for side in sides), *(leg.extension for leg in call.legs)]
    return filter(None, told)
