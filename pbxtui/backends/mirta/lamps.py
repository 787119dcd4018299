"""BLFS as lamps and FLOWS as flows: rows of texts, each column twice (CAPTURED)."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.backends.devicestates import DEVICE_STATES
from pbxtui.backends.mirta.directory import Directory
from pbxtui.backends.mirta.times import WallClock
from pbxtui.model import Certainty, Flow, Lamp, LampState, clean

WORDS: Mapping[str, LampState] = {**DEVICE_STATES, "INVALID": LampState.UNKNOWN}
"""Asterisk's device states. NOT_INUSE and UNAVAILABLE are CAPTURED, the others INFERRED."""

LAMP_COLUMNS = ("st_extension", "st_state", "st_timestamp")
FLOW_COLUMNS = ("fl_id", "fl_number", "fl_name", "fl_value", "st_state", "st_timestamp")

SETTABLE: Mapping[LampState, str] = {
    LampState.IN_USE: "INUSE",
    LampState.IDLE: "NOT_INUSE",
    LampState.UNAVAILABLE: "UNAVAILABLE",
    LampState.RINGING: "RINGING",
}
"""The states that SETFLOW takes (documented)."""


def lamp_state(word: str) -> LampState:
    """A state's word as ours, UNKNOWN for any that is not known (INFERRED: Asterisk's words)."""
    return WORDS.get(word.strip().upper(), LampState.UNKNOWN)


class Changes:
    """Learns the server's clock from timestamps that change between two readings."""

    def __init__(self, wall: WallClock) -> None:
        self._wall = wall
        self._before: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._read_at: float | None = None

    def note(self, id_: str, stamp: str, now: float) -> None:
        """A row's timestamp as it is now; ``now`` is epoch seconds on the PBX's clock."""
        before = self._before.get(id_)
        self._now[id_] = stamp
        if before is not None and before != stamp and self._read_at is not None:
            self._wall.learn(stamp, self._read_at, now)

    def done(self, now: float) -> None:
        """The reading is over: what was not noted in it is gone. ``now`` is epoch seconds."""
        self._before, self._now = self._now, {}
        self._read_at = now


def lamp_of(site: str, row: dict[str, str], directory: Directory, wall: WallClock) -> Lamp | None:
    """A lamp of ``st_extension``, ``st_state``, ``st_timestamp``; None without a name."""
    id_ = clean(row.get("st_extension", ""))
    if not id_:
        return None
    extension = directory.extension(id_)
    return Lamp(
        site,
        id_,
        lamp_state(row.get("st_state", "")),
        Certainty.SEEN,
        extension,
        directory.name(extension),
        wall.epoch(row.get("st_timestamp", "")),
    )


def flow_of(site: str, row: dict[str, str], wall: WallClock) -> Flow | None:
    """A flow of the ``fl_`` and ``st_`` columns; None without a number of any kind."""
    number = clean(row.get("fl_number", ""))
    id_ = clean(row.get("fl_id", "")) or number
    if not id_:
        return None
    return Flow(
        site,
        id_,
        lamp_state(row.get("st_state", "")),
        Certainty.SEEN,
        number,
        clean(row.get("fl_name", "")),
        clean(row.get("fl_value", "")),
        wall.epoch(row.get("st_timestamp", "")),
    )
