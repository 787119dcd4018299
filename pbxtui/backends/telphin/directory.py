"""The extensions of a client: whose number is whose, and what the queues are called."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pbxtui.backends.base import BackendError, LoginRefused
from pbxtui.backends.telphin.api import Api
from pbxtui.backends.telphin.wire import EXTENSIONS, WireExtension
from pbxtui.model import clean

_AGAIN = 30.0
"""Seconds until names that could not be read are asked for again."""

_FULL = re.compile(r"[0-9]{1,12}\*([0-9*#]{1,32})(?:@.*)?")


def short(number: str) -> str:
    """A number without the client's prefix and domain: ``2566*102@sipproxy…`` is 102."""
    found = _FULL.fullmatch(number)
    return found[1] if found else number


def inside(number: str) -> bool:
    """Whether a number is one of the house: those have ``prefix*`` before them (CAPTURED)."""
    return "*" in number


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension: its id on the wire, its number without the prefix, its name."""

    id: int
    number: str
    name: str
    kind: str
    status: str


def extension_from(row: WireExtension) -> Extension:
    full = clean(row.get("name") or "")
    number = short(full)
    name = clean(row.get("label") or "") or clean(row.get("caller_id_name") or "")
    return Extension(
        row["id"],
        number,
        "" if name in (number, full) else name,
        clean(row.get("type") or "").lower(),
        clean(row.get("status") or "").lower(),
    )


@dataclass(frozen=True, slots=True)
class Section:
    """The extensions of one type as they were last read. ``at`` is epoch seconds."""

    extensions: dict[int, Extension]
    bodies: tuple[bytes, ...]
    notes: tuple[str, ...]
    at: float


class Directory:
    """Reads the lists of extensions, and no more often than the config says."""

    def __init__(self, api: Api, every: float) -> None:
        self._api = api
        self._every = every
        self._sections: dict[str, Section] = {}
        self._locks = {kind: asyncio.Lock() for kind in ("phone", "queue")}
        self._missed: set[int] = set()
        self._missed_at = float("-inf")
        self.version = 0
        """Rises with each list that is read: names may have changed."""

    def get(self, id: int | None) -> Extension | None:
        """An extension that has been read already."""
        if id is None:
            return None
        for section in self._sections.values():
            found = section.extensions.get(id)
            if found is not None:
                return found
        return None

    def known(self) -> Iterator[Extension]:
        """Every extension that has been read already."""
        for section in self._sections.values():
            yield from section.extensions.values()

    async def section(self, kind: str, *, fresh: bool = False) -> Section:
        """All extensions of a type, ``phone`` or ``queue``. Raises :class:`BackendError`."""
        asked = self._api.now
        async with self._locks[kind]:
            known = self._sections.get(kind)
            if known is not None and (
                known.at >= asked or (not fresh and 0 <= asked - known.at < self._every)
            ):
                return known
            pages = await self._api.pages(
                f"{self._api.client}/extension/", EXTENSIONS, [("type", kind)], "extensions"
            )
            found = (extension_from(row) for row in pages.rows.values())
            extensions = {ext.id: ext for ext in found if ext.kind in (kind, "")}
            section = Section(extensions, pages.bodies, pages.notes, self._api.now)
            self._sections[kind] = section
            self.version += 1
            return section

    async def phone(self, number: str) -> Extension | None:
        """The phone of a number; the list is read anew before it is said that there is none."""
        wanted = short(number)
        for fresh in (False, True):
            section = await self.section("phone", fresh=fresh)
            for ext in section.extensions.values():
                if ext.number == wanted:
                    return ext
        return None

    async def learn(self, ids: Iterable[int]) -> tuple[str, ...]:
        """Read the lists if some ids are not known yet. Returns what went wrong, in words.

        Names are worth a request but no failure: ids that nobody knows are not asked for again
        until the lists are due. Raises :class:`LoginRefused` alone.
        """
        now = self._api.now
        if not 0 <= now - self._missed_at < self._every:
            self._missed = set()
        unknown = {id for id in ids if self.get(id) is None} - self._missed
        if not unknown:
            return ()
        self._missed |= unknown
        self._missed_at = now
        try:
            for kind in self._locks:
                if unknown:
                    unknown -= (await self.section(kind, fresh=True)).extensions.keys()
        except LoginRefused:
            raise
        except BackendError as error:
            self._missed_at = now - self._every + min(_AGAIN, self._every)
            return (f"names are missing, the extensions could not be read: {error.words}",)
        self._missed = {id for id in self._missed if self.get(id) is None}
        return ()
