"""One row of Telphin's list of calls, cleaned, with its two sides told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pbxtui.backends.telphin.directory import inside, short
from pbxtui.backends.telphin.times import epoch
from pbxtui.backends.telphin.wire import WireRow
from pbxtui.model import clean

QUEUE, PHONE = "queue", "phone"
_OUTSIDE = re.compile(r"[^*]*(?:[0-9][^*0-9]*){5}[^*]*")
"""A number with some digits and no sign of the house; others are withheld or are extensions."""


@dataclass(frozen=True, slots=True)
class Side:
    """An extension object of a row; ``number`` is without the prefix."""

    id: int | None
    kind: str
    number: str


def side_from(value: object) -> Side | None:
    """An extension object; None for null, nothing, ``{}``, ``[]`` and whatever else comes."""
    if not isinstance(value, dict):
        return None
    id, kind, name = value.get("id"), value.get("type"), value.get("name")
    if isinstance(id, str) and id.isascii() and id.isdecimal() and len(id) < 16:
        id = int(id)
    known = id if isinstance(id, int) and not isinstance(id, bool) else None
    kind = clean(kind).lower() if isinstance(kind, str) else ""
    number = short(clean(name)) if isinstance(name, str) else ""
    return Side(known, kind, number) if known is not None or number else None


@dataclass(frozen=True, slots=True)
class Row:
    """A leg. ``handle`` is ``extension_id/call_api_id``; ``phoning`` is None when not told.

    Times are epoch seconds. ``real`` is False where the phone itself holds no dialog. ``outside``
    is the number of somebody outside, if that is who is at the other end.
    """

    handle: str
    extension_id: int
    api_id: str
    phoning: bool | None
    init: float | None
    answered: float | None
    caller: str
    caller_name: str
    called: str
    did: str
    callback_id: str
    call_id: str
    real: bool
    caller_side: Side | None
    called_side: Side | None
    outside: str

    @property
    def internal(self) -> bool:
        """Between two of the house: ``*`` in both numbers (INFERRED), or both are extensions."""
        if inside(self.caller) and inside(self.called):
            return True
        if self.phoning:
            return self.called_side is not None
        return self.caller_phone is not None

    @property
    def caller_phone(self) -> Side | None:
        """The calling side, where it is a phone: a queue or an IVR only passes a caller on."""
        side = self.caller_side
        return side if side is not None and side.kind == PHONE else None

    @property
    def queue(self) -> Side | None:
        """The queue that rings or rang this phone (CAPTURED)."""
        side = self.caller_side
        return side if side is not None and side.kind == QUEUE and not self.phoning else None


def handle_of(extension_id: int, api_id: str) -> str:
    """A leg's id: ``85219/1-a``, the extension and the row's own id, which an action names."""
    return f"{extension_id}/{clean(api_id)}"


class RowReader:
    """Rows of the wire, cleaned; one that did not change since the last list costs nothing."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[WireRow, Row]] = {}

    def read(self, wires: Iterable[WireRow]) -> list[Row]:
        known, now = self._known, {}
        for wire in wires:
            key = wire["extension_id"], wire["call_api_id"]
            before = known.get(key)
            same = before is not None and before[0] == wire
            now[key] = before if before is not None and same else (wire, row_from(wire))
        self._known = now
        return [row for _, row in now.values()]


def row_from(wire: WireRow) -> Row:
    extension_id, api_id = wire["extension_id"], wire["call_api_id"]
    caller_side = side_from(wire.get("caller_extension"))
    called_side = side_from(wire.get("called_extension"))
    flow = (wire.get("call_flow") or "").strip().lower()
    phoning = {"in": False, "out": True}.get(flow)
    calls = caller_side is not None and caller_side.id == extension_id
    is_called = called_side is not None and called_side.id == extension_id
    if calls is not is_called:
        phoning = calls
    caller = clean(wire.get("caller_id_number") or "")
    called = clean(wire.get("called_number") or "")
    far = called if phoning else caller
    return Row(
        handle_of(extension_id, api_id),
        extension_id,
        api_id,
        phoning,
        epoch(wire.get("init_time_gmt")),
        epoch(wire.get("answer_time_gmt")),
        caller,
        clean(wire.get("caller_id_name") or ""),
        called,
        clean(wire.get("called_did") or ""),
        clean(wire.get("callback_id") or ""),
        clean(wire.get("call_id") or ""),
        wire.get("real_call") is not False,
        caller_side,
        called_side,
        far if _OUTSIDE.fullmatch(far) else "",
    )
