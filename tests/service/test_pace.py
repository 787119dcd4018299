"""When the next reading comes: slower after failures, within the quota, never faster than asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxtui.model import Quota
from pbxtui.service import pace

SPANS = st.floats(0.1, 3600)
DICE = st.floats(0, 1)


@given(SPANS, st.integers(1, 10_000), DICE)
def test_a_failing_site_is_asked_at_most_every_interval_and_at_least_each_minute(
    interval: float, failures: int, dice: float
) -> None:
    wait = pace.after_failure(interval, failures, None, dice)
    assert 0.79 * interval <= wait <= 1.21 * max(pace.LONGEST, interval)


@given(SPANS, st.integers(1, 30), DICE, st.floats(0, 7200))
def test_a_time_that_the_pbx_named_is_obeyed(
    interval: float, failures: int, dice: float, retry_after: float
) -> None:
    assert pace.after_failure(interval, failures, retry_after, dice) >= retry_after


def test_the_wait_grows_with_the_failures() -> None:
    waits = [pace.after_failure(2.0, n, None, 0.5) for n in range(1, 8)]
    assert waits == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


@pytest.mark.parametrize(
    ("quota", "interval"),
    [
        (None, 2.0),
        (Quota(), 2.0),
        (Quota(1000, 1000, 3600.0), 4.0),
        (Quota(1000, 100, 600.0), 600.0),
        (Quota(100000, 100000, 3600.0), 2.0),
        (Quota(None, 0, 30.0), 30.0),
    ],
)
def test_the_quota_slows_and_never_speeds_up(quota: Quota | None, interval: float) -> None:
    assert pace.within_quota(2.0, quota, 1.0) == interval


@given(SPANS, st.integers(1, 5000), SPANS, st.floats(0.05, 1), st.integers(1, 20))
def test_polling_at_the_interval_leaves_the_reserve(
    interval: float, limit: int, reset_in: float, share: float, cost: int
) -> None:
    slow = pace.within_quota(interval, Quota(limit, limit, reset_in), share, cost)
    assert slow >= interval
    readings = int(reset_in / slow)
    assert readings * cost <= limit - int(limit * pace.RESERVE) or readings <= 1


def test_a_reading_of_several_requests_comes_that_much_more_seldom() -> None:
    quota = Quota(1000, 1000, 3600.0)
    assert pace.within_quota(2.0, quota, 1.0, 5.0) == 5 * pace.within_quota(2.0, quota, 1.0)
    assert pace.within_quota(2.0, Quota(100, 14, 600.0), 1.0, 5.0) == 600.0, "not one is left"


def test_what_a_reading_takes_follows_slowly() -> None:
    costs = [pace.average(None, 9)]
    for requests in (9, 1, 1, 0):
        costs.append(pace.average(costs[-1], requests))
    assert costs == [9.0, 9.0, 7.0, 5.5, 4.375]
