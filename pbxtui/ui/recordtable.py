"""Rows of what happened once and is not changed again: exchanges, actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, TypeVar

from pbxtui.model import Snapshot
from pbxtui.ui.looks import Looks
from pbxtui.ui.table import Sited, Table

T = TypeVar("T", bound=Sited)


class RecordTable(Table[T]):
    """Records of all sites, by the time in their first column unless sorted otherwise.

    ``clock`` gives a moment (epoch seconds) as it is shown.
    """

    newest_first: ClassVar[bool] = False

    def __init__(
        self,
        now: Callable[[str], float],
        looks: Looks,
        empty: Callable[[], str],
        clock: Callable[[float], str],
    ) -> None:
        super().__init__(now, looks, empty)
        self.downwards = self.newest_first
        self._clock = clock

    def reset(self, snapshots: Iterable[Snapshot]) -> None:
        """Records do not come from snapshots: they stay."""
        self.stale = True

    @property
    def newest(self) -> int | None:
        """Where the newest row is, as an index; None where another column orders the rows."""
        if self.sort != self.fields[0].key:
            return None
        return 0 if self.downwards else -1
