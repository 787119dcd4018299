"""The model as plain values for JSON: names as in the model, times ISO 8601 UTC or null."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from pbxtui.model.things import Agent, Call, Caller, Device, Flow, Lamp, Leg, Party, Queue

_TIMES = frozenset({"started", "answered", "since", "ended", "last_seen", "joined", "last_call"})
_COUNTERS = (Queue,)


def iso(when: float | None) -> str | None:
    """Epoch seconds as ISO 8601 in UTC with milliseconds; None stays None."""
    if when is None:
        return None
    try:
        moment = datetime.fromtimestamp(when, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plain(value: object) -> Any:
    """A thing of the model, or a value in it, as dicts, lists, strings and numbers.

    A number that JSON cannot say becomes null.
    """
    if isinstance(value, Call | Leg | Party | Device | Queue | Caller | Agent | Lamp | Flow):
        counted = isinstance(value, _COUNTERS)
        out: dict[str, Any] = {}
        for field in fields(value):
            inner = getattr(value, field.name)
            is_time = field.name in _TIMES and not counted
            out[field.name.rstrip("_")] = iso(inner) if is_time else plain(inner)
        return out
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
