"""What the service above a site needs of it: counted readings, and an overlay over the calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from pbxtui.backends.base import TimedOut
from pbxtui.model import Call, LegState, Topic
from pbxtui.service import Site, Update
from tests.service.sites import Clock, Desk, site_over, talk


def state_of(site: Site) -> LegState:
    return site.snapshot.calls["c1"].state


async def test_readings_are_counted_and_only_whole_ones_are_taken() -> None:
    desk = Desk()
    site = site_over(desk, Clock())
    await site.read(Topic.CALLS)
    assert (site.begun[Topic.CALLS], site.taken[Topic.CALLS]) == (1, 1)
    desk.error = TimedOut("no answer")
    with pytest.raises(TimedOut):
        await site.read(Topic.CALLS)
    assert (site.begun[Topic.CALLS], site.taken[Topic.CALLS]) == (2, 1)
    desk.error = None
    await site.read(Topic.CALLS)
    assert (site.begun[Topic.CALLS], site.taken[Topic.CALLS]) == (3, 3)
    assert site.taken[Topic.LAMPS] == 0


async def test_an_overlay_changes_what_is_shown_at_once_and_at_each_reading() -> None:
    desk = Desk()
    desk.show(talk())
    site = site_over(desk, Clock())
    await site.read(Topic.CALLS)
    heard: list[Update] = []
    site.subscribe(heard.append)
    held = True

    def overlay(calls: Mapping[str, Call], now: float, full: bool) -> Mapping[str, Call]:
        if not held:
            return calls
        return {id_: replace(call, state=LegState.HELD) for id_, call in calls.items()}

    site.overlay = overlay
    site.reshape()
    assert state_of(site) is LegState.HELD
    assert [change.fields() for change in heard[-1].changes] == [{"state"}]
    await site.read(Topic.CALLS)
    assert state_of(site) is LegState.HELD
    held = False
    site.reshape()
    assert site.snapshot.calls["c1"] == talk()


async def test_reshaping_proves_no_end() -> None:
    desk = Desk()
    desk.show(talk())
    site = site_over(desk, Clock())
    await site.read(Topic.CALLS)
    desk.show()
    await site.read(Topic.CALLS)
    assert state_of(site) is LegState.LOST
    site.reshape()
    assert state_of(site) is LegState.LOST
    await site.read(Topic.CALLS)
    assert state_of(site) is LegState.ENDED
