"""Whom a line means: from the readings at once, from the phone book when it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from pbxtui.backends.base import BackendError
from pbxtui.model import Topic, clean
from pbxtui.service import Fleet, Site
from pbxtui.service.acting.finding import Match, Person, Rank, Register, Where, best
from pbxtui.service.acting.met import Met
from pbxtui.service.acting.planning import old
from pbxtui.service.acting.roll import Roll, roll_of
from pbxtui.service.recents import Recents

MOST = 200
"""Matches that are listed, at most."""
PAUSE = 0.3
"""Seconds without a key after which a phone book is asked."""
SHORTEST = 2
"""Characters before a phone book is asked."""


class Search:
    """Finds people for a line. ``heard`` is called when the phone book has answered, or not.

    ``sites`` are those that may be found, the first before the others.
    """

    def __init__(
        self,
        fleet: Fleet,
        recents: Recents,
        sites: Sequence[str],
        heard: Callable[[], None],
        met: Met | None = None,
    ) -> None:
        self._fleet = fleet
        self._met = met or Met(fleet)
        self._recents = recents
        self._heard = heard
        self._asking: asyncio.Task[None] | None = None
        self._book: Register | None = None
        self.said = ""
        """What became of the last question to the phone book; empty where all is well."""
        self.sites = tuple(sites)

    def site(self, name: str) -> Site:
        return self._fleet.site(name)

    def roll(self, site: str) -> Roll:
        return roll_of(self._fleet.site(site))

    def begin_at(self, site: str) -> None:
        """Look at a site before the others."""
        self.sites = (site, *(name for name in self.sites if name != site))
        self._book = None

    def find(self, typed: str) -> list[Match]:
        """Who fits now: at the first site, then at the others, each the last targets first.

        Whoever only the phone book has comes after all of them, in the book's order.
        """
        first, *others = self.sites
        found = best(typed, self._registers(first, typed), MOST)
        more = [one for site in others for one in self._registers(site, typed)]
        found += best(typed, more, MOST)
        if self._book is not None and typed.strip():
            known = {match.person.key for match in found}
            booked = self._book.find(typed, MOST)
            found += [match for match in booked if match.person.key not in known]
        return found[:MOST]

    def everybody(self) -> Iterable[Person]:
        """Who can be rung at the first site, the last targets first; each of them once."""
        site = self.sites[0]
        known = {person.key: person for person in (*self._last(site), *self._people(site).among)}
        return known.values()

    def _registers(self, site: str, typed: str) -> list[Register]:
        """Nobody of another site but the last targets, before anything is typed."""
        last = Register(self._last(site))
        listed = typed.strip() or site == self.sites[0]
        return [last, self._people(site)] if listed else [last]

    def _people(self, site: str) -> Register:
        """Those whom the PBX lists; where it lists nobody, those whom the calls have named."""
        listed = self.roll(site).register
        return listed if listed.among else self._met.register(site)

    def name(self, site: str, number: str) -> str:
        """Whose a number is; empty where that is not known."""
        return self.roll(site).name(number) or self._met.name(site, number)

    def _last(self, site: str) -> Iterable[Person]:
        for one in self._recents.kept:
            if one.site == site:
                name = self.name(site, one.number) or one.name
                yield Person(site, one.number, name, (Where.LAST,))

    # --- the phone book ----------------------------------------------------------------------

    def look_up(self, typed: str) -> None:
        """Ask the first site's phone book once nothing has been typed for a moment."""
        self.stop()
        self.said = ""
        words = typed.strip()
        site = self._fleet.site(self.sites[0])
        if len(words) < SHORTEST:
            self._book = None
        elif site.has_phonebook:
            self._asking = asyncio.create_task(self._look_up(site, words), name="phone book")

    def stop(self) -> None:
        """Ask no more; what is on its way is dropped."""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    async def _look_up(self, site: Site, words: str) -> None:
        await asyncio.sleep(PAUSE)
        self.said = f"asking the phone book of {site.name}"
        self._heard()
        try:
            people = await site.phonebook(words)
        except BackendError as error:
            why = clean(str(error), 200)
            self.said = f"the phone book of {site.name} did not answer: {why}"
        else:
            self.said = ""
            self._book = Register(
                Person(site.name, party.number, party.name, (Where.BOOK,))
                for party in people
                if party.number
            )
        self._heard()

    # --- what is known of them ---------------------------------------------------------------

    def calls_known(self, site: str) -> bool:
        return self._fleet.site(site).health[Topic.CALLS].read_at is not None

    def old(self, site: str) -> str:
        """A word where the calls of a site were read too long ago to be what is true now."""
        return old(self._fleet.site(site), Topic.CALLS)


def exact(matches: Sequence[Match], site: str) -> Match | None:
    """The one whose number was typed whole, at a site."""
    first = matches[0] if matches else None
    if first is None or first.rank is not Rank.EXACT or first.person.site != site:
        return None
    return first
