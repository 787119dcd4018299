"""The log screen: every request to each PBX and how it went; ``v`` turns it into the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult

from pbxtui.model import Change, Key, Topic
from pbxtui.ui import spell
from pbxtui.ui.logtable import Entry, LogTable
from pbxtui.ui.screens.pages import TablePage
from pbxtui.ui.screens.view import View
from pbxtui.ui.widgets.columns import Row
from pbxtui.ui.widgets.lines import Piece, TextLines
from pbxtui.ui.widgets.livelist import LiveList

if TYPE_CHECKING:
    from pbxtui.service.acting import Chosen, Refusal
    from pbxtui.ui.looks import Looks
    from pbxtui.ui.memory import Choice
    from pbxtui.ui.screens.journal import JournalRows

NO_BODIES = "the log keeps what was asked and how it went, not the answers"
ALL_TOLD = "d shows all that the journal has of an action"
LABEL = 13


class LogScreen(View):
    """Rows of exchanges, the newest last, or of actions, the newest first.

    While the cursor is on the newest row it stays there.
    """

    filter_help = "filter: words, state:failed, site:hq, status:500, what:calls, verb:hold, !not"

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks)
        self.requests = LiveList(self._table, self._arrange, looks, id="requests")
        self.journal: JournalRows | None = None
        """The journal while it is shown."""
        self._journal: JournalRows | None = None

    @property
    def table(self) -> LogTable:
        return cast("LogTable", self.requests.source)

    @property
    def list(self) -> LiveList:
        return self.requests if self.journal is None else self.journal.list

    def build_table(self) -> LogTable:
        return LogTable(self.now, self.looks, self.why_empty, self._clock)

    def compose(self) -> ComposeResult:
        yield TextLines(self.title_pieces(), id="title", ascii=self.looks.ascii)
        yield self.requests
        yield TextLines(id="sites", ascii=self.looks.ascii)
        yield self.steps_line()
        yield TextLines(id="footer", ascii=self.looks.ascii)

    def why_empty(self) -> str:
        return "nothing was asked of any PBX yet"

    def own_counts(self) -> Sequence[Piece]:
        return self.journal.counts() if self.journal is not None else ()

    def take(self, changes: Sequence[Change]) -> None:
        if self.frozen is None and self.fleet is not None:
            self.table.pull(self.fleet.sites)
        if self.shown:
            self.sync()

    def acted(self) -> None:
        super().acted()
        if self.journal is not None and self.frozen is None:
            self.journal.read()

    def tick(self) -> None:
        if self.frozen is None:
            if self.journal is not None:
                self.journal.read()
            self.sync()
        else:
            super().tick()

    def sync(self) -> None:
        if self.frozen is None and self.fleet is not None:
            self.table.pull(self.fleet.sites)
        shown, newest = self.list, self.journal.table.newest if self.journal else self.table.newest
        follows = newest is not None and (
            not shown.rows or (shown.cursor is not None and shown.at == newest % len(shown.rows))
        )
        super().sync()
        if newest is not None and follows and shown.rows:
            goal = newest % len(shown.rows)
            if shown.at != goal:
                shown.move_to(goal)

    def faded(self, site: str, topic: Topic) -> bool:
        return False

    def labels(self) -> Mapping[str, str]:
        turn = "journal" if self.journal is None else "requests"
        return {**super().labels(), "view.turn": turn}

    def possible(self) -> Iterable[str]:
        return [*(id_ for id_ in super().possible() if id_ != "row.raw"), "view.turn"]

    def chosen(self, row: Row) -> Chosen | Refusal | None:
        return None

    def action_raw(self) -> None:
        self.flash(NO_BODIES if self.journal is None else ALL_TOLD)

    def choice(self) -> Choice:
        """The order and columns of the requests, whether they are shown or not."""
        table, self._table = self._table, self.table
        try:
            return super().choice()
        finally:
            self._table = table

    async def action_turn(self) -> None:
        """The requests give way to the journal of actions, or the journal to the requests."""
        self._end_filter()
        sites = self._table.sites
        if self.journal is not None:
            self.journal = None
            self._table = self.table
        else:
            if self._journal is None:
                from pbxtui.ui.screens.journal import JournalRows

                self._journal = JournalRows(self)
                await self.mount(self._journal.list, before="#sites")
            self.journal = self._journal
            self._table = self.journal.table
            if self.frozen is None:
                self.journal.read()
        if self._table.sites != sites:
            self._table.only(sites)
        self.requests.display = self.journal is None
        if self._journal is not None:
            self._journal.list.display = self.journal is not None
        self.list.focus()
        self.call_after_refresh(self._turned)

    def _turned(self) -> None:
        self.list.rearrange()
        self.sync()

    def _end_filter(self) -> None:
        line = self.filter_line
        if line is not None:
            line.remove()
            self._table.narrow("")

    def details(self, row: Row) -> tuple[str, Callable[[], Sequence[tuple[str, ...]]]]:
        if self.journal is not None:
            return self.journal.details(row)
        entry = self.table.things.get(row) if isinstance(row, Key) else None
        if entry is None:
            raise ValueError(f"no exchange stands in {row!r}")
        return f"exchange with {entry.site}", lambda: self._whole(entry)

    def action_details(self) -> None:
        row = self.selected()
        if row is None:
            return
        title, rows = self.details(row)
        columns = ("field", "value")
        self.app.push_screen(TablePage(self.looks, title, columns, (LABEL, 0), rows, wraps=True))

    def _whole(self, entry: Entry) -> Sequence[tuple[str, ...]]:
        """All of an exchange."""
        exchange = entry.exchange
        found = (
            ("asked at", self.pbx.wall_clock(exchange.at)),
            ("ended at", self.pbx.wall_clock(entry.ended)),
            ("site", entry.site),
            ("asked", exchange.what),
            ("to", "change something at the PBX" if exchange.acting else "read"),
            ("status", exchange.status),
            ("took", spell.latency(exchange.seconds)),
            ("size", f"{spell.count(exchange.size)} bytes"),
            ("fault", entry.fault),
        )
        return [(field, text) for field, text in found if text]

    def _clock(self, at: float) -> str:
        return self.pbx.wall_clock(at)
