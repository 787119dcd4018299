"""What every backend must do, whatever its wire: the same office, read over each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbxtui.model import Certainty, LegState, Topic
from tests.contract import rules
from tests.contract.makes import MAKES, Bench, Make, bench


@pytest.fixture(params=MAKES, ids=lambda make: make.name)
async def read(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """A site of each make with everything read once."""
    make: Make = request.param
    async with bench(make) as made:
        backend = await made.site.open()
        for topic in sorted(backend.topics):
            await made.site.read(topic)
        yield made


async def test_each_kind_is_read_or_its_absence_has_a_reason(read: Bench) -> None:
    rules.each_kind_is_read_or_has_a_reason(read.site)


async def test_the_calls_of_the_office_are_there(read: Bench) -> None:
    rules.each_call_can_be_told_apart_and_acted_on(read.site)
    calls = [call for call in read.site.snapshot.calls.values() if not call.over]
    assert len(calls) <= read.office.active


async def test_the_phones_of_the_office_are_there(read: Bench) -> None:
    shown = len(read.site.snapshot.devices)
    assert len(read.office.extensions) <= shown <= len(read.office.devices)


async def test_every_verb_has_a_capability_and_a_no_has_a_reason(read: Bench) -> None:
    rules.each_verb_is_possible_or_has_a_reason(read.site)


async def test_every_field_has_an_origin(read: Bench) -> None:
    rules.each_field_has_an_origin(read.site)


async def test_a_row_can_be_seen_as_it_was_sent(read: Bench) -> None:
    rules.each_row_can_be_seen_as_it_was_sent(read.site, read.secrets)


async def test_nothing_uncleaned_reaches_the_model(read: Bench) -> None:
    read.faults.set("hostile-text", on="reads")
    for topic in sorted(rules.opened(read.site).topics):
        await read.site.read(topic)
    told = rules.texts(read.site)
    assert any("PWNED" in text or "markup" in text for text in told), "the fault did not strike"
    rules.nothing_uncleaned_reached_the_model(read.site)


async def test_two_readings_of_a_still_office_are_the_same(read: Bench) -> None:
    before = read.site.snapshot
    for topic in sorted(rules.opened(read.site).topics):
        await read.site.read(topic)
    assert set(before.calls) == set(read.site.snapshot.calls)
    for id_, call in before.calls.items():
        now = read.site.snapshot.calls[id_]
        assert (now.state, now.from_, now.to) == (call.state, call.from_, call.to)
    assert before.devices == read.site.snapshot.devices
    assert before.lamps == read.site.snapshot.lamps


async def test_a_hold_that_the_wire_hides_is_not_claimed(read: Bench) -> None:
    for call in read.site.snapshot.calls.values():
        if call.state is LegState.HELD:
            assert call.certainty is not Certainty.ASSUMED


async def test_a_call_that_ends_leaves_by_way_of_lost_or_ended(read: Bench) -> None:
    victim = next(c for c in read.site.snapshot.calls.values() if c.state is LegState.TALKING)
    for id_ in list(read.office.calls):
        if read.office.calls[id_].alive:
            read.office.hangup_call(id_)
    await read.site.read(Topic.CALLS)
    after = read.site.snapshot.calls[victim.id]
    assert after.over
    await read.site.read(Topic.CALLS)
    assert read.site.snapshot.calls[victim.id].state is LegState.ENDED


async def test_the_clock_of_the_pbx_is_found(read: Bench) -> None:
    read.faults.set("clock-skew", on="reads", seconds=300)
    await read.site.read(Topic.CALLS)
    assert 295 < abs(read.site.skew) < 305
