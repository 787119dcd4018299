"""Everybody of one site who can be rung, and how each of them stands now.

Who is there changes seldom, how they stand with every reading: the one is put in order once, the
other is looked up, for those that are on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from operator import is_
from typing import TypeVar
from weakref import WeakKeyDictionary

from pbxtui.model import Agent, Call, Device, Lamp, Snapshot
from pbxtui.service.acting.finding import Person, Register, Where, number_key
from pbxtui.service.acting.reach import Reach, names_somebody, reach
from pbxtui.service.site import Site

T = TypeVar("T")
_Phone = Device | Lamp | Agent
_FOUND_AS = (Where.AGENT, Where.PHONE, Where.LAMP)
"""In the order in which their names count."""

_DIGITS = re.compile(r"(\d+)")
_Natural = tuple[tuple[bool, int, str], ...]


def natural(number: str) -> _Natural:
    """Numbers in the order in which people count them."""
    pieces = (piece for piece in _DIGITS.split(number) if piece)
    return tuple(
        (not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece) for piece in pieces
    )


class Roll:
    """The people of one site, as far as its snapshot was shown to :meth:`take`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._shot = snapshot
        self._said: list[tuple[str, str]] | None = None
        self._ids: dict[str, list[list[str]]] = {}
        self._names: dict[str, str] = {}
        self._on: dict[str, list[Call]] | None = None
        self.register = Register(())
        self.take(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Go on from a snapshot; whether somebody has come, gone, or has another name.

        Costs next to nothing where it is the one from before.
        """
        before, self._shot = self._shot, snapshot
        if snapshot.calls is not before.calls:
            self._on = None
        things = _phones(snapshot)
        if self._said is not None and all(map(is_, things, _phones(before))):
            return False
        said = [(id_, "") for some in things for id_ in (*some, "")]
        said += [(each.extension, each.name) for some in things for each in some.values()]
        if said == self._said:
            return False
        self._said = said
        self.register = Register(self._people(snapshot))
        return True

    def near(self, number: str) -> Snapshot:
        """The site with nothing in it but what is about one number."""
        shot, key = self._shot, number_key(number)
        agents, devices, lamps = self._ids.get(key, ((), (), ()))
        return Snapshot(
            shot.site,
            calls={call.id: call for call in self._calls().get(key, ())},
            devices=_those(shot.devices, devices),
            agents=_those(shot.agents, agents),
            lamps=_those(shot.lamps, lamps),
        )

    def reach(self, number: str) -> Reach:
        """What is known of a number before it is rung."""
        known = number_key(number) in self._ids
        return reach(number, self.near(number) if known else self._shot)

    def name(self, number: str) -> str:
        """Whose a number is; empty where that is not known."""
        return self._names.get(number_key(number), "")

    def _calls(self) -> Mapping[str, list[Call]]:
        """The calls by the phones that are on them."""
        if self._on is None:
            self._on = {}
            for call in self._shot.calls.values():
                for leg in call.legs:
                    if leg.extension:
                        self._on.setdefault(number_key(leg.extension), []).append(call)
        return self._on

    def _people(self, shot: Snapshot) -> Iterable[Person]:
        self._ids, self._names = {}, {}
        where: dict[str, list[Where]] = {}
        spelled: dict[str, str] = {}
        for place, (found_as, things) in enumerate(zip(_FOUND_AS, _phones(shot), strict=True)):
            for id_, thing in things.items():
                key = number_key(thing.extension)
                if not key:
                    continue
                spelled.setdefault(key, thing.extension)
                self._ids.setdefault(key, [[], [], []])[place].append(id_)
                if found_as not in where.setdefault(key, []):
                    where[key].append(found_as)
                if key not in self._names and names_somebody(thing.name, thing.extension):
                    self._names[key] = thing.name
        for key in sorted(spelled, key=natural):
            name = self._names.get(key, "")
            yield Person(shot.site, spelled[key], name, tuple(where[key]))


def _phones(shot: Snapshot) -> tuple[Mapping[str, _Phone], ...]:
    return shot.agents, shot.devices, shot.lamps


def _those(things: Mapping[str, T], ids: Iterable[str]) -> dict[str, T]:
    return {id_: things[id_] for id_ in ids if id_ in things}


_rolls: WeakKeyDictionary[Site, Roll] = WeakKeyDictionary()


def roll_of(site: Site) -> Roll:
    """The roll of a site as it is now; it is kept while the site lives."""
    roll = _rolls.get(site)
    if roll is None:
        roll = _rolls[site] = Roll(site.snapshot)
    else:
        roll.take(site.snapshot)
    return roll
