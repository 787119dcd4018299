"""The held screen: who waits on hold, parked or sent on, the longest first, at every site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from pbxtui.config import Patience
from pbxtui.model import Answered, Change, Key, Transfer
from pbxtui.service.handover import Fate
from pbxtui.ui.details import NOTHING, Texts, details
from pbxtui.ui.heldtable import HeldTable
from pbxtui.ui.looks import Looks
from pbxtui.ui.screens.view import View
from pbxtui.ui.spell import duration
from pbxtui.ui.widgets.columns import Row
from pbxtui.ui.widgets.lines import Piece

FATES = {
    Fate.PARKED: "parked",
    Fate.RINGING: "sent on, rings",
    Fate.BACK: "came back, rings",
    Fate.QUEUED: "sent into a queue",
    Fate.ANSWERED: "sent on, answered",
    Fate.TAKEN_BACK: "came back, answered",
    Fate.GONE: "hung up before an answer",
}


class HeldScreen(View):
    """Rows of calls in which somebody waits, over all sites."""

    filter_help = "filter: words, state:park, who:taxi, by:447, place:701, site:hq, !not"

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks)
        self._told: set[str] = set()
        """The tickets of transfers whose end the table knows."""

    @property
    def table(self) -> HeldTable:
        return cast("HeldTable", self._table)

    def build_table(self) -> HeldTable:
        return HeldTable(
            self._number,
            self.now,
            self.looks,
            self.why_empty,
            self.clock,
            self._skew,
            self._patience,
        )

    def nothing(self) -> str:
        return "nobody is on hold, parked or being sent on"

    def own_counts(self) -> Sequence[Piece]:
        if self.fleet is None:
            return ()
        waits = self.table.waits()
        longest = max((wait for wait in waits if wait is not None), default=None)
        sign, tone = self.table.urgency(longest)
        text = f"{len(waits)} held {duration(longest)}".rstrip()
        return [(text + (f" {sign}" if sign else ""), self.looks.style(tone))]

    def take(self, changes: Sequence[Change]) -> None:
        self._tell_transfers()
        super().take(changes)

    def _tell_transfers(self) -> None:
        """Tell the table of the transfers that were sent from here and accepted."""
        for ticket in self.pbx.hand.tickets:
            action, outcome = ticket.plan.action, ticket.outcome
            if ticket.id in self._told or not isinstance(action, Transfer) or outcome is None:
                continue
            self._told.add(ticket.id)
            if outcome.answered is Answered.ACCEPTED and not action.attended:
                key = Key(action.site, action.call)
                self.table.transferred(key, action.to, outcome.created)

    def tick(self) -> None:
        if self.frozen is None:
            self.table.lapse()
            if self.table.stale:
                self.sync()
        super().tick()

    def details(self, row: Row) -> tuple[str, Callable[[], Sequence[tuple[str, ...]]]]:
        fleet = self.fleet
        if fleet is None or not isinstance(row, Key):
            raise ValueError(f"no call stands in {row!r}")
        site = fleet.site(row.site)

        def rows() -> Sequence[tuple[str, ...]]:
            call = self.table.things.get(row)
            if call is None:
                return ()
            return [
                *self._waiting(row),
                NOTHING,
                *details(site, call, None, self.pbx.zone),
            ]

        return f"call #{self._number(row)} at {row.site}", rows

    def _waiting(self, key: Key) -> Sequence[Texts]:
        wait = self.table.wait_of(self.table.things[key])
        if wait is None:
            return [("waits", "nobody any more", "", "", "")]
        seen = wait.certainty.value
        span = self.table.span(key.site, wait.since, wait.until) or "not known"
        rows = [("waits", span, "inferred", "when the leg's state began", "")]
        rows.append(("who waits", wait.who, "inferred", "the far end of the leg that waits", ""))
        story = self.table.stories.get(key)
        if story is None:
            rows.append(("put by", wait.by_whom, seen, "the leg that holds", ""))
            return rows
        legs = "the legs of this call, before and now"
        rows.append(("put by", story.by_whom, "inferred", legs, ""))
        if story.fate in FATES:
            since = self.table.span(key.site, story.since)
            where = f"{FATES[story.fate]} {story.to}".rstrip()
            rows.append(("what became", f"{where} · for {since}", "inferred", legs, ""))
        return rows

    def _number(self, key: Key) -> int:
        return self.fleet.number(key) if self.fleet is not None else 0

    def _skew(self, site: str) -> float:
        return self.fleet.site(site).skew if self.fleet is not None else 0.0

    def _patience(self) -> Patience:
        return self.pbx.options.held
