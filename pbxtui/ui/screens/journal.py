"""The journal of actions in the log's place: read beside the event loop while it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pbxtui.model import Key
from pbxtui.service.acting import Entry, JournalError
from pbxtui.service.acting.reading import SPAN, Reader
from pbxtui.ui.journaltable import JournalTable
from pbxtui.ui.looks import Tone
from pbxtui.ui.widgets.columns import Row
from pbxtui.ui.widgets.lines import Piece
from pbxtui.ui.widgets.livelist import LiveList

if TYPE_CHECKING:
    from pbxtui.ui.screens.log import LogScreen


class JournalRows:
    """The journal's rows on the log screen, and what reads them."""

    def __init__(self, screen: LogScreen) -> None:
        self._screen = screen
        self._reader = Reader(screen.pbx.options.journal)
        self.fault = ""
        """Why the journal cannot be read, in words."""
        self.known = False
        """Whether it has been read."""
        self.reading: asyncio.Task[None] | None = None
        self.table = JournalTable(screen.now, screen.looks, self.why_empty, self._clock)
        self.list = LiveList(self.table, screen._arrange, screen.looks, id="journal")

    def read(self) -> None:
        """Have what was written since the last time read, and shown."""
        if self.reading is None or self.reading.done():
            self.reading = asyncio.create_task(self._read(), name="read the journal")

    async def _read(self) -> None:
        now = self._screen.pbx.options.clock()
        try:
            found = await asyncio.to_thread(self._reader.read, now)
        except JournalError as error:
            found, self.fault = None, str(error)
        else:
            self.fault = ""
        screen = self._screen
        if found is not None:
            self.known = True
            self.table.fill(found)
        if screen.shown and screen.journal is self:
            screen.sync()

    def counts(self) -> Sequence[Piece]:
        """How many actions there are, for the header."""
        looks = self._screen.looks
        if self.fault:
            return [("journal not readable", looks.style(Tone.ALARM))]
        number = len(self.table.things)
        return [(f"{number} action{'' if number == 1 else 's'}", looks.style(Tone.PLAIN))]

    def why_empty(self) -> str:
        if self.fault:
            return self.fault
        if not self.known:
            frozen = self._screen.frozen is not None
            return "it was not read before the picture was frozen" if frozen else "reading it"
        return f"the journal has no action of the last {SPAN.days} days"

    def details(self, row: Row) -> tuple[str, Callable[[], Sequence[tuple[str, ...]]]]:
        """A title, and a function that gives the rows of the details page."""
        entry = self.table.things.get(row) if isinstance(row, Key) else None
        if entry is None or not isinstance(row, Key):
            raise ValueError(f"no action stands in {row!r}")

        def rows() -> Sequence[tuple[str, ...]]:
            known: Entry | None = self.table.things.get(row)
            return self.table.whole(known) if known is not None else ()

        return f"{entry.verb} at {entry.site}", rows

    def _clock(self, at: float) -> str:
        """The time of an action; with its day where that is not today."""
        options = self._screen.pbx.options
        when = datetime.fromtimestamp(at, options.zone)
        today = datetime.fromtimestamp(options.clock(), options.zone)
        return f"{when:%H:%M:%S}" if when.date() == today.date() else f"{when:%d %b %H:%M}"
