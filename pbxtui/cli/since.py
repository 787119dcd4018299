"""Moments as people write them: so long ago, a day, a time of today, or a date with a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_AGO = re.compile(r"([0-9]{1,6})\s*([smhdw])\Z", re.ASCII)
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?\Z", re.ASCII)


def moment(text: str, now: datetime | None = None) -> float:
    """The moment in epoch seconds. What names no zone is meant by this machine's clock.

    Raises ``ValueError`` with what can be said.
    """
    present = (datetime.now(UTC) if now is None else now).astimezone()
    said = text.strip().lower()
    ago = _AGO.match(said)
    try:
        if ago is not None:
            return (present - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]])).timestamp()
        if said in ("today", "yesterday"):
            day = present.date() - timedelta(days=said == "yesterday")
            return datetime.combine(day, time()).astimezone().timestamp()
        if _CLOCK.match(said):
            at = time.fromisoformat(said.zfill(5) if said.count(":") == 1 else said.zfill(8))
            return datetime.combine(present.date(), at).astimezone().timestamp()
        return datetime.fromisoformat(text.strip()).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        raise ValueError(
            f"{text[:40]!r} is no time: 30m, 2h, 3d, 1w, today, yesterday, 14:00, 2026-11-01 or "
            "2026-11-01T14:00"
        ) from None
