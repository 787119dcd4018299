"""Whom the calls have named: where a PBX lists no extensions, the only people known to be there.

Vonage's phones are registered without their extensions (DOCUMENTED); who has which one is told by
the legs of the calls alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from pbxtui.model import Call, Thing
from pbxtui.service.acting.finding import Person, Register, Where, number_key
from pbxtui.service.acting.people import party_of
from pbxtui.service.acting.reach import names_somebody
from pbxtui.service.acting.roll import natural
from pbxtui.service.fleet import Fleet
from pbxtui.service.site import Update

MOST = 5_000
"""People of one site who are kept, at most."""


class Met:
    """The phones of the house that were on a call since the fleet was opened, by site."""

    def __init__(self, fleet: Fleet) -> None:
        self._people: dict[str, dict[str, Person]] = {}
        self._registers: dict[str, Register] = {}
        for site in fleet.sites:
            self._take(site.name, site.snapshot.calls.values())
        self.stop = fleet.subscribe(self._heard)
        """Listen no more."""

    def register(self, site: str) -> Register:
        """The people of a site, in the order of their numbers; put in order when somebody came."""
        register = self._registers.get(site)
        if register is None:
            people = self._people.get(site, {}).values()
            ordered = sorted(people, key=lambda person: natural(person.number))
            register = self._registers[site] = Register(ordered)
        return register

    def name(self, site: str, number: str) -> str:
        """Whose a number is; empty where no call has told."""
        person = self._people.get(site, {}).get(number_key(number))
        return person.name if person is not None else ""

    def _heard(self, update: Update) -> None:
        self._take(update.site, (change.after for change in update.changes))

    def _take(self, site: str, things: Iterable[Thing | None]) -> None:
        known = self._people.setdefault(site, {})
        for call in things:
            if not isinstance(call, Call):
                continue
            for leg in call.legs:
                key = number_key(leg.extension)
                before = known.get(key)
                if not key or (before is None and len(known) >= MOST):
                    continue
                name = party_of(leg, call).name
                if not names_somebody(name, leg.extension):
                    name = ""
                if before is None or (name and name != before.name):
                    known[key] = Person(site, leg.extension, name, (Where.CALL,))
                    self._registers.pop(site, None)
