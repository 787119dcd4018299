"""MiRTA's times: spans as HH:MM:SS, and moments on the server's own clock on the wall."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_SPAN = re.compile(r"(?:(\d{1,5}):)?(\d{1,2}):(\d{2})(?:\.\d+)?\Z", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?\Z", re.ASCII)
_STEP = 900.0
"""Seconds: every zone of the world is some quarters of an hour away from UTC."""
_FURTHEST = 15 * 3600.0
_TOLERANCE = 90.0


def span(text: str) -> float | None:
    """A duration in seconds; None where it is none. HH:MM:SS and bare seconds are both taken,
    as the format is UNKNOWN (HH:MM:SS is likely, from one client that rebuilds it).
    """
    text = text.strip()
    found = _SPAN.match(text)
    if found:
        hours, minutes, seconds = found[1] or "0", found[2], found[3]
        return float(int(hours) * 3600 + int(minutes) * 60 + int(seconds))
    return number(text)


def number(text: str) -> float | None:
    """A number that may have a comma or a per cent sign; None for anything else."""
    text = text.strip().removesuffix("%").strip()
    return float(text.replace(",", ".")) if _NUMBER.match(text) else None


def whole(text: str) -> int | None:
    """A count; None where it is none. ``-1`` stands for "no limit" and is kept."""
    value = number(text)
    return int(value) if value is not None and value == int(value) else None


def wall(text: str) -> float | None:
    """A moment without a zone, as if it were UTC, in epoch seconds; None where it is none.

    ``0000-00-00 00:00:00`` is how an unanswered call's answer is written (INFERRED).
    """
    try:
        moment = datetime.fromisoformat(text.strip()) if len(text) <= 40 else None
    except ValueError:
        return None
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return None


class WallClock:
    """The server's clock on the wall against UTC, which no answer tells.

    It is learnt: where a timestamp changes between two readings, it is of just now, and the
    difference is the zone. Before that no moment can be told, and none is.
    """

    def __init__(self) -> None:
        self._offset: float | None = None

    def learn(self, text: str, earliest: float, now: float) -> None:
        """A timestamp that was set between two readings, whose times are epoch seconds."""
        said = wall(text)
        if said is None or now - earliest > _STEP / 3:
            return
        offset = round((said - now) / _STEP) * _STEP
        moment = said - offset
        if abs(offset) <= _FURTHEST and earliest - _TOLERANCE <= moment <= now + _TOLERANCE:
            self._offset = offset

    def epoch(self, text: str) -> float | None:
        """A moment in epoch seconds; None before the zone is known."""
        said = wall(text)
        return None if said is None or self._offset is None else said - self._offset
