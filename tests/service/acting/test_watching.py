"""What an action did is seen in the readings after it, or not seen, or never shown."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pbxtui.backends.base import BackendError
from pbxtui.model import Answered, Capability, Certainty, LegState, Outcome, Resume, Topic, Verb
from pbxtui.service.acting import Observed, Step
from tests.service.acting.every import HANGUP, HOLD, desk
from tests.service.acting.stage import acting
from tests.service.sites import talk


async def test_after_three_full_readings_it_is_not_observed(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        ticket = await stage.do(HOLD).answered()
        for _ in range(2):
            await stage.read()
        await stage.read(Topic.LAMPS)
        assert not ticket.over
        await stage.read()
        assert ticket.observed is Observed.NOT_OBSERVED
        assert ticket.words == "3 readings later hq does not show that it is held"
        (entry,) = await stage.journal()
        assert (entry.outcome, entry.observed) == ("accepted", "not_observed")


async def test_a_reading_that_began_before_the_answer_does_not_count(tmp_path: Path) -> None:
    one = desk()
    async with acting(tmp_path, one) as stage:
        slow = asyncio.Event()
        begun = asyncio.Event()
        quick = one.read

        async def slowly(topic: Topic) -> object:
            begun.set()
            await slow.wait()
            return await quick(topic)

        one.read = slowly  # type: ignore[method-assign, assignment]
        reading = asyncio.create_task(stage.read())
        await begun.wait()
        ticket = await stage.do(HOLD).answered()
        slow.set()
        await reading
        one.read = quick  # type: ignore[method-assign]
        await stage.read()
        await stage.read()
        assert not ticket.over
        await stage.read()
        assert ticket.observed is Observed.NOT_OBSERVED


async def test_failed_readings_do_not_count_but_not_for_ever(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        ticket = await stage.do(HOLD).answered()
        stage.desk.error = BackendError("cannot be read")
        for _ in range(12):
            with pytest.raises(BackendError):
                await stage.read()
        assert not ticket.over
        with pytest.raises(BackendError):
            await stage.read()
        assert ticket.observed is Observed.NOT_OBSERVED
        assert "cannot be read" in ticket.words


async def test_an_effect_is_seen_although_nobody_confirmed_it(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.desk.answer = Outcome(Answered.NOT_CONFIRMED, "no answer")
        ticket = await stage.do(HANGUP).answered()
        assert ticket.step is Step.NOT_CONFIRMED
        stage.desk.show()
        await stage.read()
        assert not ticket.over
        await stage.read()
        assert ticket.observed is Observed.OBSERVED


async def test_a_hold_that_is_never_shown_is_assumed_until_it_is_resumed(tmp_path: Path) -> None:
    one = desk()
    hidden = Capability(True, "The list does not show a hold.", shown=False)
    one.capabilities = {**one.capabilities, Verb.HOLD: hidden, Verb.RESUME: hidden}
    async with acting(tmp_path, one) as stage:
        plan = stage.plan(HOLD)
        assert plan.note == "The list does not show a hold."
        ticket = await stage.dispatcher.send(plan).done()
        assert ticket.observed is Observed.NOT_OBSERVABLE
        leg = stage.site.snapshot.calls["c1"].legs[1]
        assert (leg.state, leg.certainty) == (LegState.HELD, Certainty.ASSUMED)
        await stage.read()
        assert stage.site.snapshot.calls["c1"].state is LegState.HELD
        await stage.do(Resume(site="hq", call="c1", leg="c1-own")).done()
        assert stage.site.snapshot.calls["c1"] == talk()
        assert [entry.observed for entry in await stage.journal()] == ["not_observable"] * 2


async def test_readings_after_the_end_still_drop_what_was_assumed(tmp_path: Path) -> None:
    one = desk()
    one.capabilities = {Verb.HOLD: Capability(True, shown=False)}
    async with acting(tmp_path, one) as stage:
        await stage.do(HOLD).done()
        await stage.dispatcher.close()
        one.show(talk(state=LegState.ENDED))
        await stage.read()
        assert stage.dispatcher.assumed.of("hq") == []


async def test_a_hold_that_was_not_confirmed_is_not_claimed(tmp_path: Path) -> None:
    one = desk()
    one.capabilities = {Verb.HOLD: Capability(True, shown=False)}
    one.answer = Outcome(Answered.NOT_CONFIRMED, "no answer")
    async with acting(tmp_path, one) as stage:
        await stage.do(HOLD).done()
        assert stage.site.snapshot.calls["c1"] == talk()


async def test_following_reads_the_site_until_the_effect_is_seen(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.grace.over.set()
        ticket = stage.do(HOLD)
        stage.desk.show(talk(own=LegState.HELD))
        followed = await stage.dispatcher.follow(ticket)
        assert followed.observed is Observed.OBSERVED
        again = await stage.dispatcher.follow(stage.do(HOLD))
        assert again.step is Step.REFUSED


async def test_with_the_poll_loops_running_the_effect_is_looked_for_at_once(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path, desk()) as stage:
        await stage.site.start()
        try:
            stage.desk.gate = asyncio.Event()
            ticket = stage.do(HOLD)
            await stage.desk.reached.wait()
            stage.desk.show(talk(own=LegState.HELD))
            stage.desk.gate.set()
            await ticket.done()
            assert ticket.observed is Observed.OBSERVED
        finally:
            await stage.site.stop()
