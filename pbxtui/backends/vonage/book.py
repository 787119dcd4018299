"""The calls of one account from reading to reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pbxtui.backends.decoding import Unread
from pbxtui.backends.vonage.calls import call_from, handles
from pbxtui.backends.vonage.wire import WireCall
from pbxtui.model import Call, Certainty

KEPT_WORDS = "its row could not be read just now; this is what was read before"


class CallBook:
    """The calls of one site from reading to reading; a row that did not change costs nothing."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._rows_before: dict[str, WireCall] = {}
        self._calls_before: dict[str, Call] = {}
        self.begin()

    def begin(self) -> None:
        """A new reading starts; what an unfinished one brought is dropped."""
        self._rows: dict[str, WireCall] = {}
        self._calls: dict[str, Call] = {}
        self._kept: dict[str, Call] = {}

    def take(self, rows: Iterable[WireCall]) -> int:
        """Take a page of rows. Returns how many calls of it are new to this reading."""
        taken, calls, before = self._rows, self._calls, self._rows_before
        count = len(taken)
        for row in rows:
            id = row["call_id"]
            if id in taken:
                continue
            if before.get(id) == row:
                calls[id] = self._calls_before[id]
            else:
                calls[id] = call_from(self._site, row)
            taken[id] = row
        return len(taken) - count

    def keep(self, unread: Iterable[Unread]) -> None:
        """Keep the calls of rows that could not be read, as they were before.

        They are still in the PBX's list, so that dropping them would show an end that never was.
        """
        for each in unread:
            id = each.row.get("call_id") if isinstance(each.row, dict) else None
            if isinstance(id, str) and id in self._rows_before and id not in self._rows:
                call = self._calls_before[id]
                self._rows[id], self._calls[id] = self._rows_before[id], call
                self._kept[call.id] = replace(call, certainty=Certainty.INFERRED, reason=KEPT_WORDS)

    def finish(self) -> dict[str, Call]:
        """The calls of a whole reading, by id."""
        self._rows_before, self._calls_before = self._rows, self._calls
        return {call.id: call for call in self._calls.values()} | self._kept

    # --- the last whole reading, for whoever acts on it --------------------------------------

    def calls(self) -> Iterator[Call]:
        """The calls of the last whole reading."""
        return iter(self._calls_before.values())

    def call(self, id: str) -> Call | None:
        """A call of the last whole reading."""
        call = self._calls_before.get(self.call_handle(id))
        return call if call is not None and call.id == id else None

    def call_handle(self, id: str) -> str:
        """How the PBX spells the id of a call, which was cleaned for the screen."""
        if id not in self._calls_before:
            for handle, call in self._calls_before.items():
                if call.id == id:
                    return handle
        return id

    def leg_handle(self, call: str, leg: str) -> str | None:
        """How the PBX spells the id of a leg; None for a leg that it gave no id."""
        found = self.call(call)
        if found is None:
            return leg
        for handle, id in handles(self._rows_before[self.call_handle(call)]):
            if id == leg:
                return handle
        placed = any(each.id == leg and not each.channel for each in found.legs)
        return None if placed else leg
