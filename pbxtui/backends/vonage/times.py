"""Vonage's times: epoch numbers whose length tells the unit."""

from __future__ import annotations

from datetime import UTC, datetime

_EARLIEST, _LATEST = 1e9, 1e10
_EARLIEST_MS, _LATEST_MS = 1e12, 1e13
_EARLIEST_US, _LATEST_US = 1e15, 1e16


def epoch(given: float | str | None) -> float | None:
    """A time of the wire as epoch seconds; None where it is not set or is no time.

    Seconds have 10 digits (DOCUMENTED), microseconds 16 (CAPTURED), milliseconds 13; 0 and
    nothing mean "not set" (CAPTURED). The specification says ``date-time``, so a text in ISO 8601
    is read too, in UTC where it names no zone.
    """
    if not given:
        return None
    if isinstance(given, str):
        return _iso(given)
    if _EARLIEST_US <= given < _LATEST_US:
        return given / 1e6
    if _EARLIEST <= given < _LATEST:
        return given
    if _EARLIEST_MS <= given < _LATEST_MS:
        return given / 1e3
    return None


def _iso(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp()
    except (ValueError, OverflowError):
        return None
