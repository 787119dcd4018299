"""Which rows are legs of one call. Telphin does not say it, so each join is an inference.

Rows belong together that share a ``call_id`` (INFERRED to exist) or a ``callback_id``
(DOCUMENTED); that ring at the same moment for the same caller, as a queue or a group lets them;
that are the two sides of an internal call; or that were joined before and still live.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from pbxtui.backends.telphin.directory import inside
from pbxtui.backends.telphin.rows import QUEUE, Row

AT_ONCE = 2.0
"""Seconds within which phones that ring together for one caller begin to ring."""

_EARLY = float("-inf")


def _init(row: Row) -> float:
    return _EARLY if row.init is None else row.init


def order(row: Row) -> tuple[float, str]:
    return _init(row), row.handle


class _Joins:
    """Sets of rows that grow together."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._parent = {row.handle: row.handle for row in rows}

    def _root(self, handle: str) -> str:
        parent = self._parent
        while parent[handle] != handle:
            parent[handle] = parent[parent[handle]]
            handle = parent[handle]
        return handle

    def join(self, one: Row, other: Row) -> None:
        self._parent[self._root(other.handle)] = self._root(one.handle)

    def sets(self) -> list[list[Row]]:
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._rows:
            found[self._root(row.handle)].append(row)
        return [sorted(rows, key=order) for rows in found.values()]


def _may(one: Row, other: Row) -> bool:
    """Whether nothing says that two rows are of different calls."""
    for mine, theirs in ((one.call_id, other.call_id), (one.callback_id, other.callback_id)):
        if mine and theirs and mine != theirs:
            return False
    return True


def _both_answered(one: Row, other: Row) -> bool:
    """Two phones that took a call each: they had rung together, and it was a mistake to join."""
    taken = (
        row.phoning is False and row.answered is not None and not row.internal
        for row in (one, other)
    )
    return all(taken) and one.extension_id != other.extension_id


def together(rows: Sequence[Row], before: Mapping[str, str]) -> list[list[Row]]:
    """Rows in sets, each one call. ``before`` has the call's id of rows that were seen already."""
    joins = _Joins(rows)
    _by_id(joins, rows)
    _as_before(joins, rows, before)
    _ringing_at_once(joins, rows)
    _internal(joins, rows)
    return joins.sets()


def _by_id(joins: _Joins, rows: Sequence[Row]) -> None:
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        for key in (("call", row.call_id), ("callback", row.callback_id)):
            if key[1]:
                joins.join(first.setdefault(key, row), row)


def _as_before(joins: _Joins, rows: Sequence[Row], before: Mapping[str, str]) -> None:
    first: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=order):
        id = before.get(row.handle)
        if id is None:
            continue
        known = next((one for one in first[id] if not _both_answered(one, row)), None)
        if known is not None and _may(known, row):
            joins.join(known, row)
        else:
            first[id].append(row)


def _ringing_at_once(joins: _Joins, rows: Sequence[Row]) -> None:
    last: dict[tuple[object, ...], Row] = {}
    for row in sorted(rows, key=order):
        if row.phoning is not False or row.answered is not None or row.init is None:
            continue
        if not (row.outside or inside(row.caller)):
            continue  # withheld: the next one may be somebody else
        queue = row.queue
        key = (None if queue is None else (queue.id, queue.number), row.caller, row.did)
        known = last.get(key)
        if known is not None and row.init - _init(known) <= AT_ONCE and _may(known, row):
            joins.join(known, row)
        last[key] = row


def _internal(joins: _Joins, rows: Sequence[Row]) -> None:
    """The phone that calls, with the phones that ring for it, through a queue or not."""
    calling: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.phoning and inside(row.caller):
            side = row.called_side
            if side is not None and side.kind == QUEUE:
                calling[row.caller, f"queue {side.number}"].append(row)
            elif inside(row.called):
                calling[row.caller, row.called].append(row)
    for row in rows:
        if row.phoning is False and inside(row.caller):
            queue = row.queue
            to = row.called if queue is None else f"queue {queue.number}"
            found = [one for one in calling.get((row.caller, to), ()) if _may(one, row)]
            if found:
                joins.join(_nearest(found, row), row)


def _nearest(found: Iterable[Row], row: Row) -> Row:
    """Of several calls of one phone to the same number: the last that began before this row."""
    ranked = sorted(found, key=order)
    earlier = [one for one in ranked if _init(one) <= _init(row) + AT_ONCE]
    return earlier[-1] if earlier else ranked[0]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one call, oldest first. ``joined`` says that belonging together is inferred."""

    id: str
    rows: tuple[Row, ...]
    joined: bool


class Groups:
    """Calls from reading to reading: a call keeps its id while one of its rows lives."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._outside: dict[str, str] = {}
        self._continued: set[str] = set()

    @property
    def ids(self) -> Mapping[str, str]:
        """The id of the call of each row of the last reading, by the row's handle."""
        return self._ids

    def take(self, rows: Iterable[Row]) -> dict[str, Group]:
        """The calls of a whole reading, by id."""
        sets = together(list({row.handle: row for row in rows}.values()), self._ids)
        sets.sort(key=lambda members: order(members[0]))
        named: dict[str, list[Row]] = {}
        nameless: list[list[Row]] = []
        for members in sets:
            known = (self._ids[row.handle] for row in members if row.handle in self._ids)
            id = next((id for id in known if id not in named), None)
            if id is None:
                nameless.append(members)
            else:
                named[id] = members
        self._continued &= named.keys()
        left = self._left(named.keys())
        alike = Counter(map(_outside, nameless))
        for members in nameless:
            id = self._continues(_outside(members), alike, left)
            if id is not None and id not in named:
                self._continued.add(id)
            else:
                id = _new_id(members, named.keys())
            named[id] = members
        self._ids = {row.handle: id for id, members in named.items() for row in members}
        self._outside = {id: _outside(members) for id, members in named.items()}
        return {
            id: Group(id, tuple(members), len(members) > 1 or id in self._continued)
            for id, members in named.items()
        }

    def _left(self, here: Set[str]) -> dict[str, list[str]]:
        """The calls that were there before and are not any more, by the number outside."""
        left: defaultdict[str, list[str]] = defaultdict(list)
        for id, number in self._outside.items():
            if number and id not in here:
                left[number].append(id)
        return left

    @staticmethod
    def _continues(
        number: str, alike: Mapping[str, int], left: Mapping[str, list[str]]
    ) -> str | None:
        """The call that goes on in new rows, as after a transfer: the same person outside.

        Only from one reading to the next, and only if there is no second one like it.
        """
        found = left.get(number, ())
        return found[0] if number and len(found) == 1 and alike[number] == 1 else None


def _outside(rows: Iterable[Row]) -> str:
    return next((row.outside for row in rows if row.outside), "")


def _new_id(rows: Sequence[Row], taken: Set[str]) -> str:
    """A callback is called by its own id, so that whoever asked for it finds it again."""
    candidates = (
        *(row.callback_id for row in rows),
        *(row.call_id for row in rows),
        *(row.handle for row in rows),
    )
    free = (id for id in candidates if id and id not in taken)
    return next(free, f"{rows[0].handle} apart")
