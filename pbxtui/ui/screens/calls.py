"""The calls screen: who is on the phone now, at every site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from pbxtui.model import Key
from pbxtui.ui.calltable import CallTable
from pbxtui.ui.screens.view import View
from pbxtui.ui.table import Child
from pbxtui.ui.widgets.columns import Row

if TYPE_CHECKING:
    from pbxtui.service.acting import Chosen, Refusal


class CallsScreen(View):
    """Rows of calls that open into their legs, over all sites."""

    filter_help = "filter: words, state:hold, site:hq, ext:447, !not"

    @property
    def table(self) -> CallTable:
        return cast("CallTable", self._table)

    def build_table(self) -> CallTable:
        return CallTable(self._number, self.now, self.looks, self.why_empty)

    def details(self, row: Row) -> tuple[str, Callable[[], Sequence[tuple[str, ...]]]]:
        from pbxtui.ui.details import details

        fleet = self.fleet
        if fleet is None or not isinstance(row, Key | Child):
            raise ValueError(f"no call stands in {row!r}")
        site = fleet.site(row.site)

        def rows() -> Sequence[tuple[str, ...]]:
            call = self.table.thing_of(row)
            if call is None:
                return ()
            return details(site, call, self.table.leg_of(row), self.pbx.zone)

        number = self._number(row.of if isinstance(row, Child) else row)
        return f"call #{number} at {row.site}", rows

    def chosen(self, row: Row) -> Chosen | Refusal | None:
        from pbxtui.service.acting import Chosen

        call = self.table.thing_of(row)
        if call is None:
            return None
        return Chosen(call, row.child if isinstance(row, Child) else "")

    def _number(self, key: Key) -> int:
        return self.fleet.number(key) if self.fleet is not None else 0
