"""What came while a view was not shown: taken in when somebody looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from pbxtui.ui.table import Table

if TYPE_CHECKING:
    from pbxtui.model import Change
    from pbxtui.service import Site

MOST = 20_000
"""Changes that are kept; after more of them the table starts again from the snapshots."""


class Behind:
    """The changes that a table has not taken in yet. True while there is something to take in.

    Something is there also after an update without changes: the health of a site is then another.
    """

    def __init__(self) -> None:
        self._changes: list[Sequence[Change]] = []
        self._count = 0
        self._anything = False

    def __bool__(self) -> bool:
        return self._anything

    def append(self, changes: Sequence[Change]) -> None:
        self._anything = True
        if changes and self._count <= MOST:
            self._changes.append(changes)
            self._count += len(changes)
            if self._count > MOST:
                self._changes.clear()

    def bring(self, table: Table[Any], sites: Iterable[Site]) -> None:
        """Have the table take in all of it."""
        changes, count = self._changes, self._count
        self._changes, self._count, self._anything = [], 0, False
        if count > MOST:
            table.reset([site.snapshot for site in sites])
        else:
            table.take(tuple(chain.from_iterable(changes)))
