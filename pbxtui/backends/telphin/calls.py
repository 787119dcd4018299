"""Telphin's rows as calls of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pbxtui.backends.decoding import Unread
from pbxtui.backends.telphin.directory import Extension, inside, short
from pbxtui.backends.telphin.grouping import Group, Groups
from pbxtui.backends.telphin.rows import Row, Side, handle_of
from pbxtui.model import NOBODY, Call, Certainty, Direction, Leg, LegState, Party

Lookup = Callable[[int | None], Extension | None]
"""An extension by its id, if it is known."""

_TELLING = {LegState.RINGING: 0, LegState.TALKING: 1}
"""Of several legs, the one whose state stands for the call: the higher the more telling."""

_DIRECTIONS = {True: Direction.OUTBOUND, False: Direction.INBOUND, None: Direction.UNKNOWN}

KEPT_WORDS = "its row could not be read just now; this is what was read before"
NO_DIALOG = "the phone itself holds no dialog: answered elsewhere, by forwarding for example"


def party(number: str, name: str = "") -> Party:
    """One end of a call. A name that only repeats the number is none (CAPTURED)."""
    shown = short(number)
    name = "" if name in (number, shown) else name
    return Party(shown, name) if shown or name else NOBODY


class Builder:
    """Makes calls from groups of rows. A hold is not among what Telphin shows."""

    def __init__(self, site: str, lookup: Lookup) -> None:
        self._site = site
        self._lookup = lookup

    def _at(self, side: Side | None, number: str, name: str) -> Party:
        """Who is on a side that is an extension of ours, or else the number that was dialled."""
        known = self._lookup(side.id) if side is not None else None
        if known is not None and known.number:
            return Party(known.number, known.name or party(number, name).name)
        if side is not None and side.number and not number:
            return party(side.number, name)
        return party(number, name)

    def _own(self, row: Row) -> Party:
        known = self._lookup(row.extension_id)
        if known is not None and known.number:
            return Party(known.number, known.name)
        side = row.caller_side if row.phoning else row.called_side
        number = row.caller if row.phoning else row.called
        if side is not None and side.id == row.extension_id and side.number:
            number = side.number
        elif not inside(number):
            return NOBODY
        return party(number, row.caller_name if row.phoning else "")

    def leg(self, row: Row, bridge: str = "") -> Leg:
        """The leg of one row; ``bridge`` names the pair that it makes with another."""
        own = self._own(row)
        if row.phoning:
            from_, to = own, self._at(row.called_side, row.called, "")
            from_ = party(row.caller, row.caller_name) if from_ is NOBODY else from_
        else:
            from_ = self._at(row.caller_phone, row.caller, row.caller_name)
            to = party(row.called) if own is NOBODY else own
        state, since = LegState.RINGING, row.init
        if row.answered is not None:
            state, since = LegState.TALKING, row.answered
        return Leg(
            row.handle,
            state,
            Certainty.SEEN,
            _DIRECTIONS[row.phoning],
            from_,
            to,
            own.number,
            str(row.extension_id),
            row.handle,
            bridge,
            row.init,
            row.answered,
            since,
            "" if row.real or row.answered is None else NO_DIALOG,
        )

    def queue_party(self, row: Row) -> Party:
        """The queue that gave the row its call; nobody where none did."""
        side = row.queue
        if side is None:
            return NOBODY
        known = self._lookup(side.id)
        return Party(known.number, known.name) if known is not None else Party(side.number)

    def call(self, group: Group) -> Call:
        """One call of the rows that belong together; INFERRED where we joined them."""
        rows = group.rows
        pair = len(rows) == 2 and all(row.internal and row.answered is not None for row in rows)
        legs = [self.leg(row, group.id if pair else "") for row in rows]
        told = max(legs, key=lambda leg: _TELLING[leg.state])
        queue = next((row for row in rows if row.queue is not None), None)
        via = NOBODY if queue is None else self.queue_party(queue)
        from_, to = self._ends(rows, legs, told, via)
        started = min((leg.started for leg in legs if leg.started is not None), default=None)
        answered = min((leg.answered for leg in legs if leg.answered is not None), default=None)
        return Call(
            self._site,
            group.id,
            told.state,
            Certainty.INFERRED if group.joined else Certainty.SEEN,
            _direction(rows),
            from_,
            to,
            started,
            answered,
            started if told.state is LegState.RINGING else told.since,
            None,
            via.name or via.number,
            "",
            told.reason,
            tuple(legs),
        )

    def _ends(
        self, rows: Sequence[Row], legs: Sequence[Leg], told: Leg, via: Party
    ) -> tuple[Party, Party]:
        """Who calls and who is called; while several phones ring, their queue is called."""
        phoning = next((leg for row, leg in zip(rows, legs, strict=True) if row.phoning), None)
        called = [leg for row, leg in zip(rows, legs, strict=True) if not row.phoning]
        if phoning is not None:
            answering = next((leg for leg in called if leg.answered is not None), None)
            if answering is None and len(called) == 1 and via is NOBODY:
                answering = called[0]
            return phoning.from_, phoning.to if answering is None else answering.to
        if told.state is LegState.RINGING and len(legs) > 1 and via is not NOBODY:
            return told.from_, via
        return told.from_, told.to


def _direction(rows: Sequence[Row]) -> Direction:
    if any(row.internal for row in rows):
        return Direction.INTERNAL
    ways = {row.phoning for row in rows}
    if True in ways:
        return Direction.OUTBOUND
    return Direction.INBOUND if False in ways else Direction.UNKNOWN


class CallBook:
    """The calls of one site from reading to reading, and the handles to act on their legs."""

    def __init__(self, site: str, lookup: Lookup) -> None:
        self._site = site
        self._lookup = lookup
        self._groups = Groups()
        self._calls: dict[str, Call] = {}
        self._built: dict[str, tuple[Group, Call]] = {}
        self._names = 0
        self._rows: dict[str, Row] = {}

    def take(
        self, rows: Sequence[Row], unread: Sequence[Unread], names: int = 0
    ) -> dict[str, Call]:
        """The calls of a whole reading, by id; ``names`` changes when names have changed.

        Rows that are listed but could not be read stay as they were before: dropping them would
        show an end that never was.
        """
        listed = {handle for each in unread if (handle := _handle(each.row))}
        kept = {handle: row for handle, row in self._rows.items() if handle in listed}
        self._rows = kept | {row.handle: row for row in rows}
        self._build(self._groups.take(self._rows.values()), names)
        calls = {id: call for id, (_, call) in self._built.items()}
        for handle in kept.keys() - {row.handle for row in rows}:
            id = self._groups.ids[handle]
            calls[id] = replace(calls[id], certainty=Certainty.INFERRED, reason=KEPT_WORDS)
        self._calls = calls
        return calls

    def _build(self, groups: Mapping[str, Group], names: int) -> None:
        """Make the calls of groups; one of the same rows and names as before stays as it is."""
        builder = Builder(self._site, self._lookup)
        before = self._built if names == self._names else {}
        self._names = names
        self._built = {}
        for id, group in groups.items():
            known = before.get(id)
            if known is None or known[0] != group:
                known = group, builder.call(group)
            self._built[id] = known

    @staticmethod
    def alone(site: str, lookup: Lookup, rows: Sequence[Row]) -> tuple[Call, ...]:
        """Calls from a list of their own, as of one extension; remembers nothing."""
        builder = Builder(site, lookup)
        return tuple(builder.call(group) for group in Groups().take(rows).values())

    # --- for whoever acts --------------------------------------------------------------------

    def call(self, id: str) -> Call | None:
        return self._calls.get(id)

    def row(self, handle: str) -> Row | None:
        return self._rows.get(handle)

    def call_of(self, handle: str) -> str | None:
        """The id of the call that a row belongs to."""
        return self._groups.ids.get(handle)

    def busy(self) -> dict[int, LegState]:
        """What each extension is doing on the phone, by its id."""
        states: dict[int, LegState] = {}
        for row in self._rows.values():
            state = LegState.RINGING if row.answered is None else LegState.TALKING
            known = states.get(row.extension_id)
            if known is None or _TELLING[state] > _TELLING[known]:
                states[row.extension_id] = state
        return states


def _handle(row: object) -> str:
    if not isinstance(row, dict):
        return ""
    extension_id, api_id = row.get("extension_id"), row.get("call_api_id")
    if isinstance(extension_id, int) and isinstance(api_id, str):
        return handle_of(extension_id, api_id)
    return ""
