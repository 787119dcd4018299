"""The log screen: every request and action to each PBX, and how it went."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from pbxtui.model import Change, Key, Topic
from pbxtui.ui import spell
from pbxtui.ui.logtable import Entry, LogTable
from pbxtui.ui.screens.pages import TablePage
from pbxtui.ui.screens.view import View
from pbxtui.ui.widgets.livelist import Row

NO_BODIES = "the log keeps what was asked and how it went, not the answers"
LABEL = 10


class LogScreen(View):
    """Rows of exchanges, the newest last. While the cursor is on the last row it stays there."""

    filter_help = "filter: words, state:failed, site:hq, status:500, what:calls, !not"

    @property
    def table(self) -> LogTable:
        return cast("LogTable", self._table)

    def build_table(self) -> LogTable:
        return LogTable(self.now, self.looks, self.why_empty, self._clock)

    def why_empty(self) -> str:
        return "nothing was asked of any PBX yet"

    def take(self, changes: Sequence[Change]) -> None:
        if self.frozen is None and self.fleet is not None:
            self.table.pull(self.fleet.sites)
        if self.shown:
            self.sync()

    def tick(self) -> None:
        if self.frozen is None:
            self.sync()
        else:
            super().tick()

    def sync(self) -> None:
        if self.frozen is None and self.fleet is not None:
            self.table.pull(self.fleet.sites)
        rows, follows = self.list.rows, self.table.follows
        last = not rows or (self.list.cursor is not None and self.list.at == len(rows) - 1)
        super().sync()
        if follows and last and self.list.at != len(self.list.rows) - 1:
            self.list.move_to(len(self.list.rows) - 1)

    def faded(self, site: str, topic: Topic) -> bool:
        return False

    def possible(self) -> Iterable[str]:
        return [id_ for id_ in super().possible() if id_ != "row.raw"]

    def action_raw(self) -> None:
        self.flash(NO_BODIES)

    def details(self, row: Row) -> tuple[str, Callable[[], Sequence[tuple[str, ...]]]]:
        entry = self.table.things.get(row) if isinstance(row, Key) else None
        if entry is None:
            raise ValueError(f"no exchange stands in {row!r}")
        return f"exchange with {entry.site}", lambda: self._whole(entry)

    def action_details(self) -> None:
        row = self.selected()
        if row is None:
            return
        title, rows = self.details(row)
        self.app.push_screen(TablePage(self.looks, title, ("field", "value"), (LABEL, 0), rows))

    def _whole(self, entry: Entry) -> Sequence[tuple[str, ...]]:
        """All of an exchange; what is longer than the screen goes on in the next line."""
        exchange = entry.exchange
        fields = (
            ("asked at", self.pbx.wall_clock(exchange.at)),
            ("ended at", self.pbx.wall_clock(entry.ended)),
            ("site", entry.site),
            ("asked", exchange.what),
            ("status", exchange.status),
            ("took", spell.latency(exchange.seconds)),
            ("size", f"{spell.count(exchange.size)} bytes"),
            ("fault", entry.fault),
        )
        width = max(20, self.app.size.width - LABEL - 3)
        return [
            (label if number == 0 else "", line)
            for label, text in fields
            for number, line in enumerate(spell.wrap(text, width))
        ]

    def _clock(self, at: float) -> str:
        return self.pbx.wall_clock(at)
