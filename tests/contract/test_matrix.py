"""Every fault on every make: the site says it, loses nothing, and mends itself."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace

import pytest

from pbxtui.backends.base import BackendError, NotUnderstood
from pbxtui.model import Call, Freshness, LegState, Snapshot, Topic
from pbxtui.simulator.faults import NAMES
from tests.contract.makes import MAKES, Make, bench

BREAKING = (
    "timeout",
    "refuse",
    "reset",
    "truncate",
    "cut",
    "html",
    "huge",
    "garbage",
    "401",
    "403",
    "404",
    "409",
    "429",
    "500",
    "502",
    "503",
    "202",
    "redirect",
    "wrong-types",
)
"""Faults after which there is no reading."""

HARMLESS = ("slow", "loop-pages", "hostile-text", "clock-skew", "missing-fields", "null-fields")
"""Faults that a reading survives, as far as this make's wire has them."""

OWN = ("empty", "foreign-page")
"""Faults with a test of their own, below."""


def test_every_fault_there_is_has_its_place() -> None:
    assert {*BREAKING, *HARMLESS, *OWN} == set(NAMES)
    assert len(BREAKING) + len(HARMLESS) + len(OWN) == len(NAMES)


def alike(before: Snapshot, after: Snapshot) -> bool:
    """Whether the same things are shown."""

    def calls(shot: Snapshot) -> dict[str, Call]:
        return {id_: replace(call, since=None) for id_, call in shot.calls.items()}

    return (calls(before), before.devices, before.queues, before.agents, before.lamps) == (
        calls(after),
        after.devices,
        after.queues,
        after.agents,
        after.lamps,
    )


@pytest.mark.parametrize("fault", BREAKING)
@pytest.mark.parametrize("make", MAKES, ids=lambda make: make.name)
async def test_a_failed_reading_is_said_and_takes_nothing_away(
    make: Make, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with bench(make, timeout=1.5 if fault == "timeout" else 5.0) as made:
        site = made.site
        backend = await site.open()
        for topic in sorted(backend.topics):
            await site.read(topic)
        before = site.snapshot
        made.faults.set(fault, on="reads")
        for topic in sorted(backend.topics):
            with pytest.raises(BackendError) as caught:
                await site.read(topic)
            health = site.health[topic]
            assert health.fault is not None
            assert health.fault.words
            assert health.failures == 1
            assert health.read_at is not None
            said = f"{caught.value} {caught.value!r} {health.fault}"
            for secret in made.secrets:
                assert secret not in said
                assert secret not in caplog.text
                assert all(secret not in repr(exchange) for exchange in backend.exchanges)
            assert "Traceback" not in said
        assert alike(before, site.snapshot)
        old = site.health[Topic.CALLS]
        assert old.freshness(site.clock() + 20 * old.interval + 60) is Freshness.BLIND
        made.faults.clear()
        for topic in sorted(backend.topics):
            await site.read(topic)
            assert site.health[topic].fault is None
            assert site.health[topic].failures == 0
        assert alike(before, site.snapshot)


POSITIONAL = ("mirta", "missing-fields")
"""MiRTA's rows are told by position: one with an item too few says nothing that can be trusted."""


@pytest.mark.parametrize(
    ("make", "fault"),
    [(make, fault) for make in MAKES for fault in HARMLESS if (make.name, fault) != POSITIONAL],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
async def test_an_odd_answer_is_read_as_far_as_it_goes(make: Make, fault: str) -> None:
    async with bench(make) as made:
        site = made.site
        backend = await site.open()
        made.faults.set(fault, on="reads", **({"seconds": 0.02} if fault == "slow" else {}))
        for topic in sorted(backend.topics):
            await site.read(topic)
            assert site.health[topic].fault is None
        assert site.snapshot.calls


@pytest.mark.parametrize("make", MAKES, ids=lambda make: make.name)
async def test_a_stopped_pbx_is_refused_in_words_and_read_again_when_it_is_back(
    make: Make,
) -> None:
    async with bench(make) as made:
        site = made.site
        await site.read(Topic.CALLS)
        before = site.snapshot
        await made.server.stop()
        with pytest.raises(BackendError):
            await site.read(Topic.CALLS)
        assert alike(before, site.snapshot)
        await made.server.start()
        await site.read(Topic.CALLS)
        assert site.health[Topic.CALLS].fault is None
        assert alike(before, site.snapshot)


@pytest.mark.parametrize("make", MAKES, ids=lambda make: make.name)
async def test_a_foreign_next_page_gets_no_request(make: Make) -> None:
    async with bench(make) as made:
        made.faults.set("foreign-page", on="reads", host="127.0.0.9")
        backend = await made.site.open()
        with contextlib.suppress(NotUnderstood):
            await made.site.read(Topic.CALLS)
        for exchange in backend.exchanges:
            assert "127.0.0.9" not in exchange.what


@pytest.mark.parametrize("make", MAKES, ids=lambda make: make.name)
async def test_an_answer_with_nothing_in_it_ends_no_call(make: Make) -> None:
    """MiRTA says so that there are none; a reading later nobody would believe it unasked."""
    async with bench(make) as made:
        site = made.site
        await site.read(Topic.CALLS)
        before = site.snapshot
        shown = {id_ for id_, call in before.calls.items() if not call.over}
        made.faults.set("empty", on="reads")
        with contextlib.suppress(BackendError):
            await site.read(Topic.CALLS)
        assert shown <= set(site.snapshot.calls)
        states = {site.snapshot.calls[id_].state for id_ in shown}
        if site.health[Topic.CALLS].fault is None:
            assert states == {LegState.LOST}
        else:
            assert alike(before, site.snapshot)
        made.faults.clear()
        await site.read(Topic.CALLS)
        assert alike(before, site.snapshot)
