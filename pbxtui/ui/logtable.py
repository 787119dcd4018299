"""The rows of the log screen: every exchange with each PBX, in the order in which they ended.

The log grows by a few rows a second and never changes what it holds: a new row is put in its
place, nothing is sorted again.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from pbxtui.model import Key, Kind
from pbxtui.ui import spell
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.recordtable import RecordTable
from pbxtui.ui.table import Field
from pbxtui.ui.widgets.columns import Cell, Column, Row

if TYPE_CHECKING:
    from pbxtui.backends.base import Exchange
    from pbxtui.service import Site

KEEP = 5000
"""The exchanges that stay; older ones go a few hundred at a time."""

SPARE = 500
ACTS = "acts"
"""The word before a request that is to change something at the PBX."""

_PHRASES = {str(status.value): status.phrase for status in HTTPStatus}


def brief(what: str) -> str:
    """A request by the end of its path, which tells it from the others of the same PBX.

    ``GET /t/v3/cc/accounts/1234/calls?page_size=100`` is ``GET …/calls?page_size=100``; before
    an id stands what it is the id of. Of a script (``…/proxyapi.php?reqtype=CHANNELS``), which is
    the same in all of them, only what it is asked is left.
    """
    method, blank, address = what.partition(" ")
    path, mark, query = address.partition("?")
    parts = [part for part in path.split("/") if part]
    if not blank or len(parts) < 2:
        return what
    if query and "." in parts[-1]:
        return f"{method} …{mark}{query}"
    last = parts[-2:] if any(char.isdigit() for char in parts[-1]) else parts[-1:]
    return f"{method} …/{'/'.join(last)}{mark}{query}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange. ``number`` counts from the first one that was seen, over all sites."""

    site: str
    number: int
    exchange: Exchange

    @property
    def id(self) -> str:
        return str(self.number)

    @property
    def key(self) -> Key:
        return Key(self.site, self.id)

    @property
    def ended(self) -> float:
        """When the answer was there, or given up: epoch seconds on our own clock."""
        return self.exchange.at + self.exchange.seconds

    @property
    def failed(self) -> bool:
        """Whether it brought no good answer."""
        status = self.exchange.status
        if self.exchange.fault:
            return True
        return not 100 <= int(status) < 400 if status.isdecimal() else status.lower() != "success"

    @property
    def fault(self) -> str:
        """What went wrong, in words; empty where nothing did."""
        if self.exchange.fault or not self.failed:
            return self.exchange.fault
        status = self.exchange.status
        return f"the PBX answers {status} {_PHRASES.get(status, '')}".rstrip()


class LogTable(RecordTable[Entry]):
    """The exchanges of all sites."""

    kind = Kind.CALLS
    noun = "exchanges"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("time", "time", 8),
        Field("site", "site", 8, 10),
        Field("status", "status", 11, 12),
        Field("took", "took", 7, 8, right=True),
        Field("size", "size", 7, 8, drop=1, right=True),
        Field("what", "what was asked"),
    )
    filters = frozenset({"site", "state", "status", "what"})
    flexible = 24
    widest = 400

    def __init__(
        self,
        now: Callable[[str], float],
        looks: Looks,
        empty: Callable[[], str],
        clock: Callable[[float], str],
    ) -> None:
        super().__init__(now, looks, empty, clock)
        self._number = 0
        self._last: dict[str, Exchange] = {}
        self._ascending: list[Key] = []
        self._grown = False
        self._room = self.widest

    def arrange(self, width: int, *, sites: int) -> tuple[Column, ...]:
        columns = super().arrange(width, sites=sites)
        self._room = next((one.width for one in columns if one.key == "what"), 0)
        return columns

    def pull(self, sites: Iterable[Site]) -> None:
        """Take up the exchanges that are new since the last time."""
        fresh: list[tuple[str, Exchange]] = []
        for site in sites:
            exchanges = site.backend.exchanges if site.backend is not None else ()
            last = self._last.get(site.name)
            new: list[Exchange] = []
            for exchange in reversed(exchanges):
                if exchange is last:
                    break
                new.append(exchange)
            if new:
                self._last[site.name] = new[0]
                fresh += [(site.name, exchange) for exchange in reversed(new)]
        for name, exchange in fresh:
            self._number += 1
            self._add(Entry(name, self._number, exchange))
        if len(self.things) > KEEP + SPARE:
            self._forget()

    def _add(self, entry: Entry) -> None:
        self.things[entry.key] = entry
        if self._put(entry.key, entry) and not self.stale:
            insort(self._ascending, entry.key, key=self._place_of)
            self._grown = True

    def _forget(self) -> None:
        for key in list(self.things)[:-KEEP]:
            del self.things[key]
            self._places.pop(key, None)
            self.marks.discard(key)
        self.stale = True

    def order(self) -> Sequence[Row]:
        if self.stale:
            self.stale, self._grown = False, True
            self._ascending = sorted(self._places, key=self._place_of)
        if self._grown:
            self._grown = False
            self.rows = self._ascending[::-1] if self.downwards else self._ascending[:]
        return self.rows

    def _place_of(self, key: Key) -> Any:
        return self._places[key]

    def texts(self, thing: Entry) -> dict[str, str]:
        exchange = thing.exchange
        return {
            "site": thing.site.lower(),
            "state": f"{'failed' if thing.failed else 'ok'} {ACTS if exchange.acting else 'reads'}",
            "status": exchange.status.lower(),
            "what": f"{exchange.what} {thing.fault}".lower(),
        }

    def place(self, key: Key, thing: Entry) -> object:
        exchange = thing.exchange
        match self.sort:
            case "site":
                return thing.site
            case "status":
                return not thing.failed, exchange.status
            case "took":
                return exchange.seconds
            case "size":
                return exchange.size
            case "what":
                return exchange.what.lower()
        return thing.ended

    def tie(self, key: Key, thing: Entry) -> object:
        return thing.ended, thing.number

    def cell(self, column: str, key: Key, thing: Entry) -> Cell:
        exchange = thing.exchange
        plain, dim = self.looks.style(Tone.PLAIN), self.looks.style(Tone.DIM)
        bad = self.looks.style(Tone.ALARM)
        match column:
            case "time":
                return self._clock(thing.ended), dim
            case "site":
                return key.site, plain
            case "status":
                sign = "! " if thing.failed else "  "
                good = self.looks.style(Tone.GOOD)
                return f"{sign}{exchange.status}", bad if thing.failed else good
            case "took":
                return spell.latency(exchange.seconds), plain
            case "size":
                return spell.size(exchange.size), dim
            case "what":
                before = f"{ACTS} · " if exchange.acting else ""
                before += f"{thing.fault} · " if thing.failed else ""
                what = exchange.what
                if len(before) + len(what) > self._room:
                    what = brief(what)
                done = self.looks.style(Tone.NAME) if exchange.acting else plain
                return f"{before}{what}", bad if thing.failed else done
        return "", plain
