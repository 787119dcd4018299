"""The lamps screen: who is busy and who is free, as one grid or as a table, at every site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import cast

from textual.app import ComposeResult

from pbxtui.model import Flow, Key, Kind, Lamp, LegState
from pbxtui.ui.details import NOTHING, thing_details
from pbxtui.ui.lamptable import LampTable, number_of
from pbxtui.ui.lamptiles import LampTiles
from pbxtui.ui.looks import Looks
from pbxtui.ui.memory import Choice
from pbxtui.ui.screens.view import GONE, View
from pbxtui.ui.table import Child
from pbxtui.ui.widgets.columns import Row
from pbxtui.ui.widgets.lampgrid import LampGrid
from pbxtui.ui.widgets.lines import Piece, TextLines
from pbxtui.ui.widgets.livelist import LiveList

TABLE_ONLY = "the grid stands in the order of the extensions; v turns it into a table"


class LampsScreen(View):
    """A grid of lamps and switches, which ``v`` turns into a table and back."""

    filter_help = "filter: words, state:busy, ext:44, with:taxi, value:night, site:hq, !not"

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks)
        self.dense = True
        self._sorted = ("state", False)
        self._tiles = LampTiles(self.table, self._absent)
        self._grid = LampGrid(self._tiles, looks, id="grid", sign=self.sign_of)
        self._rows = LiveList(self.table, self._arrange, looks, id="rows", sign=self.sign_of)
        self._rows.display = False

    @property
    def table(self) -> LampTable:
        return cast("LampTable", self._table)

    @property
    def list(self) -> LiveList:
        return self._grid if self.dense else self._rows

    def build_table(self) -> LampTable:
        return LampTable(self.now, self.looks, self.why_empty, self._rank)

    def compose(self) -> ComposeResult:
        yield TextLines(self.title_pieces(), id="title", ascii=self.looks.ascii)
        yield self._grid
        yield self._rows
        yield TextLines(id="under", ascii=self.looks.ascii)
        yield TextLines(id="sites", ascii=self.looks.ascii)
        yield self.steps_line()
        yield TextLines(id="footer", ascii=self.looks.ascii)

    def frame(self) -> None:
        super().frame()
        if self.laid_out:
            self.query_one("#under", TextLines).say([self._under()])

    def _under(self) -> Sequence[Piece]:
        return self._tiles.under(self.list.cursor)

    def possible(self) -> Iterable[str]:
        found = [*super().possible(), "view.turn"]
        return [id_ for id_ in found if not (self.dense and id_ == "view.sort_right")]

    def details(self, row: Row) -> tuple[str, Callable[[], Sequence[tuple[str, ...]]]]:
        fleet = self.fleet
        if fleet is None or not isinstance(row, Key):
            raise ValueError(f"no lamp stands in {row!r}")
        site = fleet.site(row.site)

        def rows() -> Sequence[tuple[str, ...]]:
            thing = self.table.thing_of(row)
            if thing is None:
                return ()
            kind = Kind.FLOWS if isinstance(thing, Flow) else Kind.LAMPS
            return [*thing_details(site, kind, thing, self.pbx.zone), *self._joined(thing)]

        thing = self.table.thing_of(row)
        what = "flow" if isinstance(thing, Flow) else "lamp"
        number = number_of(thing) if thing is not None else row.id
        return f"{what} {number} at {row.site}", rows

    def _joined(self, thing: Lamp | Flow) -> Sequence[tuple[str, ...]]:
        leg = self.table.leg_of(thing)
        if leg is None:
            return ()
        word, _ = self.looks.leg(leg.state, leg.certainty, leg.direction)
        said = f"{word} {self.table.span(thing.site, leg.since)}  {self.table.with_whom(thing)}"
        return [NOTHING, ("call", said, "inferred", "a leg of a call has its extension", "")]

    def raw_of(self, row: Key | Child) -> tuple[Kind, str]:
        thing = self.table.thing_of(row)
        if isinstance(thing, Flow):
            return Kind.FLOWS, thing.id
        return super().raw_of(row)

    def _rank(self, site: str) -> int:
        sites = self.fleet.sites if self.fleet is not None else ()
        return next((rank for rank, one in enumerate(sites) if one.name == site), 0)

    def _absent(self) -> Sequence[tuple[str, str]]:
        """The sites that have no lamps, and why."""
        if self.fleet is None:
            return ()
        return [
            (site.name, site.backend.missing[Kind.LAMPS])
            for site in self.fleet.sites
            if site.backend is not None and Kind.LAMPS in site.backend.missing
        ]

    def leg_shown(self, row: Row) -> LegState | None:
        thing = self.table.thing_of(row)
        leg = self.table.leg_of(thing) if thing is not None else None
        return leg.state if leg is not None else None

    # --- keys --------------------------------------------------------------------------------

    def action_turn(self) -> None:
        """The grid becomes a table, or the table the grid."""
        row, self.dense = self.list.cursor, not self.dense
        self._grid.display, self._rows.display = self.dense, not self.dense
        if self.dense:
            self._sorted = self.table.sorted_by()
            self.table.sort_by("site", downwards=False)
        else:
            key, downwards = self._sorted
            self.table.sort_by(key, downwards=downwards)
        self.list.focus()
        self.call_after_refresh(self._turned, row)

    def _turned(self, row: Row | None) -> None:
        self.list.rearrange()
        self.sync()
        if row is not None:
            self.list.choose(row)
        self.frame()

    def action_open(self) -> None:
        if self.dense:
            self._grid.step(1)

    def action_close(self) -> None:
        if self.dense:
            self._grid.step(-1)

    def action_mark(self) -> None:
        row = self.selected()
        if row is None:
            return
        if not self.dense:
            super().action_mark()
            return
        self.table.marks ^= {row}
        self._grid.step(1)
        self._grid.repaint_changed()
        self.frame()

    def action_copy(self) -> None:
        if not self.dense:
            super().action_copy()
            return
        text = "".join(text for text, _ in self._tiles.under(self.list.cursor)).strip()
        if not text:
            self.flash(GONE)
            return
        self.app.copy_to_clipboard(text)
        self.flash("copied, if the terminal allows it")

    def _sort(self, key: str) -> None:
        if self.dense:
            self.flash(TABLE_ONLY)
        else:
            super()._sort(key)

    def action_reverse(self) -> None:
        if self.dense:
            self.flash(TABLE_ONLY)
        else:
            super().action_reverse()

    def not_arranged(self) -> str:
        return TABLE_ONLY if self.dense else ""

    def choice(self) -> Choice:
        """The order is that of the table, whether the table is shown or not."""
        chosen = super().choice()
        sort, downwards = self._sorted if self.dense else self.table.sorted_by()
        return replace(chosen, sort=sort, downwards=downwards)

    def _restore_order(self, key: str, downwards: bool) -> None:
        self._sorted = (key, downwards)
        if not self.dense:
            super()._restore_order(key, downwards)

    def action_columns(self) -> None:
        if self.dense:
            self.flash(TABLE_ONLY)
        else:
            super().action_columns()
