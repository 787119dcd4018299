"""When to read next: never overlapping, slower after a failure, within the PBX's quota."""

from __future__ import annotations

import random

from pbxtui.model import Quota

LONGEST = 60.0
"""Seconds; no failure makes a site wait longer than this by itself."""

RESERVE = 0.1
"""The share of a quota that polling leaves for actions."""


def after_failure(interval: float, failures: int, retry_after: float | None, dice: float) -> float:
    """Seconds to wait after the n-th failure in a row.

    Doubles from the interval up to a minute, spread by a fifth either way (``dice`` is 0 to 1) so
    that many sites do not come back at once. A time that the PBX named is obeyed as a minimum.
    """
    wait = min(interval * 2.0 ** min(failures - 1, 16), max(LONGEST, interval))
    wait *= 0.8 + 0.4 * dice
    return max(wait, retry_after) if retry_after is not None else wait


def average(before: float | None, requests: int) -> float:
    """How many requests a reading takes, at least one; what was long ago counts ever less."""
    now = float(max(1, requests))
    return now if before is None else 0.75 * before + 0.25 * now


def within_quota(interval: float, quota: Quota | None, share: float, cost: float = 1.0) -> float:
    """The interval at which ``share`` (0 to 1) of the quota lasts until it resets.

    ``cost`` is how many requests a reading takes. A tenth of the limit is kept for actions. Never
    shorter than the interval asked for.
    """
    if quota is None or quota.remaining is None or quota.reset_in is None:
        return interval
    reserve = int((quota.limit or 0) * RESERVE)
    spendable = max(0.0, (quota.remaining - reserve) * share)
    if spendable < cost:
        return max(interval, quota.reset_in)
    return max(interval, quota.reset_in * cost / spendable)


def dice() -> float:
    """A throw between 0 and 1."""
    return random.random()
