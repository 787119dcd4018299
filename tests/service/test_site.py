"""What the service above a site needs of it: counted readings, and an overlay over the calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from pbxtui.backends.base import Reading, TimedOut
from pbxtui.backends.settings import PollSettings
from pbxtui.backends.tally import count_request
from pbxtui.model import Call, LegState, Quota, Topic
from pbxtui.service import Site, Update
from tests.asterisk.waiting import soon
from tests.contract.makes import MAKES, bench
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


@dataclass
class Costly(Desk):
    """A desk of which each reading takes three requests."""

    async def read(self, topic: Topic) -> Reading:
        for _ in range(3):
            count_request()
        return await super().read(topic)


async def test_the_quota_is_shared_out_by_the_requests_that_a_reading_takes() -> None:
    desk = Costly(topics=frozenset({Topic.CALLS}), quota=Quota(1000, 1000, 3600.0))
    site = site_over(desk, Clock(), changed={"poll": PollSettings(calls=2)})
    await site.start()
    await soon(lambda: site.health[Topic.CALLS].interval != 2)
    await site.stop()
    assert site.health[Topic.CALLS].interval == pytest.approx(3 * 3600 / (900 * 0.7))


async def test_the_requests_of_a_reading_are_those_that_the_pbx_gets() -> None:
    """Over Telphin's wire: the phones of a client come page by page and list by list."""
    telphin = next(make for make in MAKES if make.name == "telphin")
    async with bench(telphin) as made:
        await made.site.read(Topic.CALLS)
        before = len(made.faults.seen)
        await made.site.read(Topic.DEVICES)
        took = len(made.faults.seen) - before
        assert took > 1
        assert made.site.cost[Topic.DEVICES] == took


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
