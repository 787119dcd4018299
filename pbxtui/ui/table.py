"""Rows of things of the model: which, in what order, under which parent; knows no widget.

A table takes the fleet's changes, keeps the order, and answers for one row at a time. Each view
has its own, which says what a thing's texts, places and cells are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, Generic, NamedTuple, Protocol, TypeVar, cast

from rich.style import Style

from pbxtui.model import TOPIC_OF, Change, Key, Kind, Snapshot, Topic
from pbxtui.ui import filter as filters
from pbxtui.ui.filter import Filter
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.spell import duration
from pbxtui.ui.widgets.columns import Cell, Column, Row


class Sited(Protocol):
    """What a row can show: something of a site, with an id of its own there."""

    @property
    def site(self) -> str: ...

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Sited)

WIDEST = 44
"""Columns of the terminal that a flexible column gets at the most."""


GROWS = 20
"""A field that is at least so wide on a wide screen takes what is left over there."""


class Child(NamedTuple):
    """The row of something inside a thing: a leg of a call, an agent or a caller of a queue."""

    site: str
    parent: str
    child: str

    @property
    def of(self) -> Key:
        return Key(self.site, self.parent)


class Field(NamedTuple):
    """A column that a table can show.

    ``width`` is in columns of the terminal, and 0 for one that shares what the others leave.
    ``wide`` is the width on a wide screen, ``drop`` the order in which narrow screens lose it
    (0 never).
    """

    key: str
    title: str
    width: int = 0
    wide: int = 0
    drop: int = 0
    right: bool = False


def natural(text: str) -> tuple[int, str]:
    """Orders numbers of different lengths as numbers: 99 before 100."""
    return (len(text), text) if text.isdigit() else (99, text.lower())


class Table(ABC, Generic[T]):
    """Things of one kind, of all sites, as rows.

    ``now(site)`` is epoch seconds on that PBX's clock; ``empty`` says what to show when there is
    nothing, and why.
    """

    kind: ClassVar[Kind]
    noun: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    filters: ClassVar[frozenset[str]]
    hints: ClassVar[Mapping[str, str]] = {}
    """Texts of the filter that no column has for itself, and the column that tells most of them."""
    flexible: ClassVar[int] = 16
    """The least width of a flexible column before others are dropped for it."""
    widest: ClassVar[int] = WIDEST
    """The most."""

    def __init__(self, now: Callable[[str], float], looks: Looks, empty: Callable[[], str]) -> None:
        self.things: dict[Key, T] = {}
        self.rows: Sequence[Row] = ()
        self.filter = Filter()
        self.kept: frozenset[str] = frozenset()
        """The columns in which the filter found what it found in no other."""
        self.sites: frozenset[str] | None = None
        self.hidden: frozenset[str] = frozenset()
        self.sort = self.fields[0].key
        self.downwards = False
        self.opened: set[Key] = set()
        self.marks: set[Row] = set()
        self.looks = looks
        self.now = now
        self.stale = True
        self.faded: Callable[[str, Topic], bool] = lambda site, topic: False
        """Whether what a site shows of a topic is too old to be taken for what is."""
        self._empty = empty
        self._places: dict[Key, tuple[object, object]] = {}

    @abstractmethod
    def texts(self, thing: T) -> dict[str, str]:
        """What a filter looks in, by field, in lower case."""

    @abstractmethod
    def place(self, key: Key, thing: T) -> object:
        """What ``sort`` orders by."""

    @abstractmethod
    def tie(self, key: Key, thing: T) -> object:
        """What orders the rows that ``sort`` does not tell apart."""

    @abstractmethod
    def cell(self, column: str, key: Key, thing: T) -> Cell:
        """One cell of a thing's row."""

    def children(self, thing: T) -> Sequence[str]:
        """The ids of the rows inside a thing."""
        return ()

    def child_cells(self, row: Child, columns: Sequence[Column], last: bool) -> Sequence[Cell]:
        """The cells of a row inside a thing; ``last`` is set for the last of them."""
        return [("", Style.null())] * len(columns)

    def reset(self, snapshots: Iterable[Snapshot]) -> None:
        """Start again from whole snapshots."""
        self.things = {
            Key(shot.site, id_): cast("T", thing)
            for shot in snapshots
            for id_, thing in shot.of(self.kind).items()
        }
        self.marks = {row for row in self.marks if isinstance(row, Key) and row in self.things}
        self.replace_all()

    def note(self, changes: Iterable[Change]) -> None:
        """Note changes that the table may not show yet, because its picture is frozen."""

    def take(self, changes: Iterable[Change]) -> None:
        """Take changes; ``order`` then tells the rows."""
        for change in changes:
            if change.kind is self.kind:
                self._take(change.key, cast("T | None", change.after))

    def _take(self, key: Key, thing: T | None) -> None:
        if thing is None:
            self.things.pop(key, None)
            self.opened.discard(key)
            self.marks.discard(key)
            if self._places.pop(key, None) is not None:
                self.stale = True
            return
        self.things[key] = thing
        if self._put(key, thing) or key in self.opened:
            self.stale = True

    def order(self) -> Sequence[Row]:
        """The rows in their order; the same object as before when nothing moved."""
        if not self.stale:
            return self.rows
        self.stale = False
        ordered = sorted(self._places, key=self._places.__getitem__, reverse=self.downwards)
        if not self.opened:
            self.rows = ordered
            return ordered
        rows: list[Row] = []
        for key in ordered:
            rows.append(key)
            if key in self.opened:
                rows += [Child(*key, child) for child in self.children(self.things[key])]
        self.rows = rows
        return rows

    def narrow(self, text: str) -> None:
        """Show only the things that a filter line lets through."""
        self.filter = filters.parse(text, lambda: self.filters)
        self.replace_all()
        self.kept = self._telling()

    def only(self, sites: frozenset[str] | None) -> None:
        """Show only some sites; None shows all."""
        self.sites = sites
        self.replace_all()

    def sort_by(self, key: str, *, downwards: bool | None = None) -> None:
        self.sort = key
        if downwards is not None:
            self.downwards = downwards
        self.replace_all()

    def open(self, key: Key, opened: bool) -> None:
        """Show or hide what is inside a thing."""
        if opened == (key in self.opened) or key not in self.things:
            return
        (self.opened.add if opened else self.opened.discard)(key)
        self.stale = True

    def thing_of(self, row: Row | None) -> T | None:
        """The thing that a row shows, or that it is inside of."""
        if isinstance(row, Child):
            return self.things.get(row.of)
        return self.things.get(row) if isinstance(row, Key) else None

    def replace_all(self) -> None:
        """Order everything anew."""
        self._places.clear()
        for key, thing in self.things.items():
            self._put(key, thing)
        self.stale = True

    def marked(self, row: Row) -> bool:
        return row in self.marks

    def empty(self) -> str:
        total = self.total() if self.filter or self.sites is not None else 0
        if not total:
            return self._empty()
        if self.sites is None:
            return f"none of {total} {self.noun} matches; Esc shows all"
        where = f"of {', '.join(sorted(self.sites))}"
        if self.filter:
            return f"none of {total} {self.noun} matches and is {where}; Esc ends the filter"
        return f"none of {total} {self.noun} is {where}; @ chooses the sites"

    def total(self) -> int:
        """How many rows there are when all are shown."""
        return len(self.things)

    def sorted_by(self) -> tuple[str, bool]:
        return self.sort, self.downwards

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        """The cells of a row; those of a reading that has grown old are faint."""
        cells = self._cells(row, columns)
        if isinstance(row, Child | Key) and self.faded(row.site, TOPIC_OF[self.kind]):
            return [(text, self.looks.faint(style)) for text, style in cells]
        return cells

    def _cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        if isinstance(row, Child):
            thing = self.things.get(row.of)
            inside = self.children(thing) if thing is not None else ()
            return self.child_cells(row, columns, bool(inside) and inside[-1] == row.child)
        key = row if isinstance(row, Key) else None
        thing = self.things.get(key) if key is not None else None
        if key is None or thing is None:
            return ()
        return [self.cell(column.key, key, thing) for column in columns]

    def arrange(self, width: int, *, sites: int) -> tuple[Column, ...]:
        """The columns for a width: narrow screens drop some, flexible ones share the rest.

        What orders the rows is never dropped, nor what alone tells why the filter shows a row.
        """
        shown = [field for field in self.fields if field.key not in self.hidden]
        widths = {f.key: (f.wide if width >= 150 and f.wide else f.width) for f in shown}
        for drop in sorted((f for f in shown if f.drop), key=lambda field: field.drop):
            if (drop.key == "site" and sites > 1) or drop.key in (self.sort, *self.kept):
                continue
            fixed = sum(widths[field.key] + 1 for field in shown if field.width)
            flexible = [field for field in shown if not field.width]
            if width - fixed < len(flexible) * (self.flexible + 1):
                shown.remove(drop)
        flexible = [field for field in shown if not field.width]
        fixed = sum(widths[field.key] + 1 for field in shown if field.width)
        spare = max(0, width - fixed - len(flexible))
        for index, field in enumerate(flexible):
            widths[field.key] = min(self.widest, -(-spare // (len(flexible) - index)))
            spare -= widths[field.key]
        for field in shown:
            if field.wide >= GROWS and spare > 0:
                more = min(spare, max(0, WIDEST - widths[field.key]))
                widths[field.key] += more
                spare -= more
        return tuple(Column(f.key, f.title, widths[f.key], f.right) for f in shown)

    def span(self, site: str, since: float | None, until: float | None = None) -> str:
        """A duration up to now, or up to ``until``; empty where the start is unknown."""
        if since is None:
            return ""
        return duration((until if until is not None else self.now(site)) - since)

    def style(self, tone: Tone) -> Style:
        return self.looks.style(tone)

    def _telling(self) -> frozenset[str]:
        """The columns that narrow screens drop, and that alone hold a word of the filter."""
        words = [term.word for term in self.filter.terms if term.wanted and not term.field]
        if not words or self.filter.inverted:
            return frozenset()
        drops = {field.key for field in self.fields if field.drop}
        found: set[str] = set()
        for key in self._places:
            texts = self.texts(self.things[key])
            for word in words:
                holding = {name for name, text in texts.items() if word in text}
                if holding and holding <= {*drops, *self.hints}:
                    found |= {self.hints.get(name, name) for name in holding}
        return frozenset(found) & drops

    def _shows(self, thing: T) -> bool:
        if self.sites is not None and thing.site not in self.sites:
            return False
        return not self.filter or self.filter.matches(self.texts(thing))

    def _put(self, key: Key, thing: T) -> bool:
        """Note where a thing stands; True when that makes the order anew."""
        before = self._places.get(key)
        if not self._shows(thing):
            if before is None:
                return False
            del self._places[key]
            return True
        place = (self.place(key, thing), self.tie(key, thing))
        if before == place:
            return False
        self._places[key] = place
        return True
