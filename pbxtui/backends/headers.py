"""What the headers of an answer tell beside the body: quota, when to come back, the clock."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from pbxtui.model import Quota

_LONGEST = 86_400.0
_EPOCH = 1e9
_NUMBER = re.compile(r"\s*(\d{1,15}(?:\.\d{1,6})?)\s*(?:[,;]|$)")

TOO_MANY = 429

SAME_CLOCK = 1.5
"""Seconds of difference that say nothing: the ``Date`` header counts in whole seconds."""


def _number(text: str | None) -> float | None:
    found = _NUMBER.match(text or "")
    return float(found[1]) if found else None


def http_date(text: str | None) -> float | None:
    """An HTTP date as epoch seconds; None for anything else."""
    if not text:
        return None
    try:
        when = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
    return when if math.isfinite(when) else None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until ``Retry-After``, which holds seconds or a date; at most a day.

    A date is compared with the answer's own ``Date``, else with ``now`` (epoch seconds).
    """
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is None:
        until = http_date(text)
        if until is None:
            return None
        told = http_date(headers.get("date"))
        seconds = until - (now if told is None else told)
    return min(max(seconds, 0.0), _LONGEST)


def back_in(status: int, headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until a server wants to be asked again; at most a day.

    Without ``Retry-After`` a 429 means the time at which the quota resets, where the headers show
    that it is used up: there are other reasons for a 429.
    """
    named = retry_after(headers, now)
    if named is not None or status != TOO_MANY:
        return named
    told = quota(headers, now)
    return told.reset_in if told is not None and not told.remaining else None


def quota(headers: Mapping[str, str], now: float) -> Quota | None:
    """What the ``X-RateLimit-*`` headers say; None where there are none.

    ``X-RateLimit-Reset`` holds seconds, or with some servers an epoch time.
    """
    limit = _number(headers.get("x-ratelimit-limit"))
    remaining = _number(headers.get("x-ratelimit-remaining"))
    reset = _number(headers.get("x-ratelimit-reset"))
    if limit is None and remaining is None and reset is None:
        return None
    if reset is not None and reset > _EPOCH:
        reset -= now
    return Quota(
        None if limit is None else int(limit),
        None if remaining is None else int(remaining),
        None if reset is None else min(max(reset, 0.0), _LONGEST),
    )


class Skew:
    """The PBX's clock minus ours, from the ``Date`` headers.

    A header says that its second fell somewhere between sending and receiving. The estimate (the
    middle) stays until an answer contradicts it, so that timers do not hop between two polls.
    """

    def __init__(self) -> None:
        self._estimate: float | None = None

    @property
    def seconds(self) -> float | None:
        """None before the first ``Date``; 0 while the difference is within its resolution."""
        if self._estimate is None:
            return None
        return 0.0 if abs(self._estimate) <= SAME_CLOCK else self._estimate

    def note(self, headers: Mapping[str, str], sent: float, received: float) -> None:
        """Take the ``Date`` of an answer to a request; both times are on our own clock."""
        told = http_date(headers.get("date"))
        if told is None or "age" in headers:
            return
        low, high = told - received, told + 1.0 - sent
        if self._estimate is None or not low - 0.5 <= self._estimate <= high + 0.5:
            self._estimate = (low + high) / 2
