"""Telphin's times: GMT without saying so, and a fraction after a comma or a point."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:[.,]([0-9]{1,12}))?\s*(Z|[+-]00:?00)?"
)
_EPOCH = 1e9
_LATEST = 1e10
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")


def epoch(text: str | None) -> float | None:
    """``2017-08-23 15:57:56,60`` as epoch seconds; None where there is no time.

    The comma with two digits is CAPTURED in the list of calls, the point and none in histories.
    """
    found = _TIME.fullmatch(text.strip()) if text else None
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.group(1, 2, 3, 4, 5, 6))
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp() + float(f"0.{found[7] or 0}")


def expiry(value: object, now: float) -> float | None:
    """When a registration expires, as epoch seconds; None where it is not told.

    The documentation says a UTC date, its example is 699: seconds that are left. Both are read,
    as numbers or texts. ``now`` is epoch seconds on the PBX's clock.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value).strip()
    if not _NUMBER.fullmatch(text):
        return epoch(text)
    number = float(text)
    if number < _EPOCH:
        return now + number
    return number if number < _LATEST else None
