"""Assumptions on the disk: a small JSON file of mode 600, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from pbxtui.model import Call, Certainty, Direction, Leg, LegState, Party, clean
from pbxtui.service.files import replace_file

MAX_BYTES = 4 * 1024 * 1024
OLDEST = 7 * 86_400.0
"""Seconds; no call is held for so long."""


class What(StrEnum):
    """What is assumed of a call."""

    HELD = "held"
    PARKED = "parked"
    MOVED = "moved"
    """Sent on to another number."""
    CONSULTING = "consulting"
    """About to be handed over: somebody else is asked first."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A state that a PBX accepted and does not show.

    ``since`` is epoch seconds on the PBX's clock. ``to`` is where somebody was sent; ``leaving``
    the legs that leave by it, ``call`` the call as it was then, to be shown where the PBX lists
    it no more.
    """

    what: What
    call: Call
    leg: str = ""
    since: float = 0.0
    to: str = ""
    leaving: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is about; there is one assumption for each name."""
        leg = self.leg if self.what is What.HELD else ""
        also = [self.what.value] if self.what is What.CONSULTING else []
        return json.dumps([self.call.site, self.call.id, leg, *also])


@dataclass
class Kept:
    """The assumptions of a file, by name, and the file as it was when they were read."""

    assumptions: dict[str, Assumption] = field(default_factory=dict)
    stamp: tuple[int, int] | None = None


def stamp(path: Path) -> tuple[int, int] | None:
    """What changes when the file is written; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def read(path: Path) -> Kept:
    """The assumptions of a file; none where it is absent, broken, or somebody else's format."""
    before = stamp(path)
    if before is None:
        return Kept()
    try:
        with path.open("rb") as file:
            value = json.loads(file.read(MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return Kept(stamp=before)
    rows = value.get("assumed") if isinstance(value, dict) else None
    found = (_assumption(row) for row in rows) if isinstance(rows, list) else iter(())
    return Kept({one.name: one for one in found if one is not None}, before)


def thin_out(assumptions: dict[str, Assumption]) -> None:
    """Leave out what is older than the newest by :data:`OLDEST`.

    Nothing else would: a site that was renamed, or left the config, is never read again.
    """
    newest = max((one.since for one in assumptions.values()), default=0.0)
    for name, one in list(assumptions.items()):
        if one.since < newest - OLDEST:
            del assumptions[name]


def write(path: Path, assumptions: Iterable[Assumption]) -> tuple[int, int] | None:
    """Replace the file. Raises ``OSError``."""
    rows = [_plain(one) for one in assumptions]
    replace_file(path, json.dumps({"assumed": rows}, separators=(",", ":")))
    return stamp(path)


# --- to and from plain values --------------------------------------------------------------------


def _plain(value: object) -> Any:
    if isinstance(value, Assumption | Call | Leg | Party):
        told = ((one.name, getattr(value, one.name)) for one in fields(value))
        return {name: _plain(inner) for name, inner in told if inner not in ("", (), None)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _assumption(row: object) -> Assumption | None:
    if not isinstance(row, dict):
        return None
    try:
        call = _call(row["call"])
        leaving = tuple(_text(each) for each in row.get("leaving", ()))
        return Assumption(
            What(row["what"]),
            call,
            _text(row.get("leg", "")),
            _number(row.get("since")) or 0.0,
            _text(row.get("to", "")),
            leaving,
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return clean(value)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _party(row: Mapping[str, object]) -> Party:
    return Party(_text(row.get("number", "")), _text(row.get("name", "")))


def _common(row: Mapping[str, Any], *texts: str) -> dict[str, Any]:
    """The fields that calls and legs have in common, and some texts."""
    told: dict[str, Any] = {name: _text(row.get(name, "")) for name in texts}
    return told | {
        "id": _text(row["id"]),
        "state": LegState(row["state"]),
        "certainty": Certainty(row.get("certainty", Certainty.SEEN)),
        "direction": Direction(row.get("direction", Direction.UNKNOWN)),
        "from_": _party(row.get("from_", {})),
        "to": _party(row.get("to", {})),
        "started": _number(row.get("started")),
        "answered": _number(row.get("answered")),
        "since": _number(row.get("since")),
    }


def _call(row: Mapping[str, Any]) -> Call:
    legs = tuple(_leg(each) for each in row.get("legs", ()))
    known = _common(row, "site", "queue", "parked_at")
    return Call(**known, legs=legs)


def _leg(row: Mapping[str, Any]) -> Leg:
    return Leg(**_common(row, "extension", "device", "channel", "bridge"))
