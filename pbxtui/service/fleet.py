"""All the sites together, and the short numbers by which people speak of a call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from pbxtui.backends.base import Runtime
from pbxtui.backends.registry import plugin
from pbxtui.backends.settings import SiteSettings
from pbxtui.model import Key, Kind
from pbxtui.service.site import Site, Update


class Fleet:
    """The sites in the order of the config."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self.sites = tuple(sites)
        self._numbers: dict[Key, int] = {}
        self._next = 1
        self._listeners: list[Callable[[Update], None]] = []
        for site in self.sites:
            site.subscribe(self._heard)

    def site(self, name: str) -> Site:
        """The site of that name. Raises ``KeyError``."""
        for site in self.sites:
            if site.name == name:
                return site
        raise KeyError(name)

    async def start(self) -> None:
        """Begin to read every site."""
        for site in self.sites:
            await site.start()

    async def stop(self) -> None:
        """End the reading of every site, and close what is open."""
        await asyncio.gather(*(site.stop() for site in self.sites))

    def refresh(self) -> None:
        """Read every site now, without waiting for its turn."""
        for site in self.sites:
            site.refresh()

    def number(self, key: Key) -> int:
        """The short number of a call: given at first sight, kept while it lives, not reused."""
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = self._next
            self._next += 1
        return number

    def subscribe(self, listener: Callable[[Update], None]) -> Callable[[], None]:
        """Call ``listener`` at each update of any site; the answer ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _heard(self, update: Update) -> None:
        for change in update.changes:
            if change.kind is Kind.CALLS:
                if change.removed:
                    self._numbers.pop(change.key, None)
                else:
                    self.number(change.key)
        for listener in tuple(self._listeners):
            listener(update)


def open_fleet(sites: Sequence[SiteSettings], runtime: Runtime | None = None) -> Fleet:
    """A fleet over configured sites; nothing is imported or connected until it is used."""
    around = runtime or Runtime()
    return Fleet([open_site(settings, around) for settings in sites])


def open_site(settings: SiteSettings, runtime: Runtime) -> Site:
    """One site; its backend is found by the kind and opened at the first use."""
    return Site(settings, lambda: plugin(settings.kind).open(settings, runtime), runtime.clock)
