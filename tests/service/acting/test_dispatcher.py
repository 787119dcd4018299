"""From a plan to its answer: kept back, undone, sent once, and left behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pbxtui.backends.base import NotFound, TimedOut
from pbxtui.model import Answered, Hold, LegState, Outcome, Verb
from pbxtui.service.acting import Progress, Rights, Step
from pbxtui.service.acting.sending import LEFT_WORDS, UNSENT_WORDS
from tests.service.acting.every import EVERY, HANGUP, HOLD, desk
from tests.service.acting.stage import acting
from tests.service.sites import talk

# --- sent once -----------------------------------------------------------------------------------


async def test_an_action_is_sent_accepted_and_seen(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.desk.answer = Outcome(Answered.ACCEPTED, "OK")
        ticket = await stage.do(HOLD).answered()
        assert stage.desk.asked == [HOLD]
        stage.desk.show(talk(own=LegState.HELD))
        await stage.read()
        await ticket.done()
        assert stage.told(ticket) == [
            Step.PLANNED,
            Step.SENT,
            Step.ACCEPTED,
            Step.OBSERVED,
        ]
        assert ticket.words == "seen: it is held"
        (entry,) = await stage.journal()
        assert entry.what == "Hold 447 Front desk: +442079460958 Harbour Taxi hears music"
        assert (entry.who, entry.host, entry.site) == ("ana", "jump", "hq")
        assert (entry.call, entry.leg, entry.verb) == ("c1", "c1-own", "hold")
        assert (entry.outcome, entry.words, entry.observed) == ("accepted", "OK", "observed")
        assert entry.sent
        assert not entry.unfinished


@pytest.mark.parametrize(
    ("answer", "answered", "words"),
    [
        (Outcome(Answered.REFUSED, "leg is held, not talking"), Answered.REFUSED, "leg is held"),
        (Outcome(Answered.NOT_CONFIRMED, "an empty 202"), Answered.NOT_CONFIRMED, "an empty 202"),
        (NotFound("the call is over", "look again"), Answered.REFUSED, "over; look again"),
        (RuntimeError("a bug"), Answered.NOT_CONFIRMED, "pbxtui itself failed"),
    ],
)
async def test_what_came_back_is_told_as_it_was(
    tmp_path: Path, answer: Outcome | BaseException, answered: Answered, words: str
) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.desk.answer = answer
        ticket = await stage.do(HOLD).answered()
        assert ticket.outcome is not None
        assert ticket.outcome.answered is answered
        assert words in ticket.words
        assert stage.desk.asked == [HOLD]
        (entry,) = await stage.journal()
        assert entry.outcome == answered
        assert words in entry.words


async def test_a_failure_that_may_have_reached_the_pbx_is_not_confirmed(tmp_path: Path) -> None:
    late = TimedOut("no answer within 10 s")
    late.sent = True
    never = TimedOut("no connection")
    async with acting(tmp_path, desk()) as stage:
        for error, answered in ((late, Answered.NOT_CONFIRMED), (never, Answered.REFUSED)):
            stage.desk.answer = error
            ticket = await stage.do(HOLD).answered()
            assert ticket.outcome is not None
            assert ticket.outcome.answered is answered
            assert ticket.sent is error.sent
        assert len(stage.desk.asked) == 2
        assert [entry.sent for entry in await stage.journal()] == [True, False]


async def test_what_is_refused_by_the_pbx_is_not_watched(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.desk.answer = Outcome(Answered.REFUSED, "no")
        ticket = await stage.do(HOLD).done()
        assert ticket.observed is None
        assert stage.told(ticket)[-1] is Step.REFUSED


async def test_without_a_journal_nothing_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "in the way"
    file.write_text("")
    async with acting(file, desk()) as stage:
        ticket = await stage.do(HOLD).done()
        assert stage.desk.asked == []
        assert not ticket.sent
        assert "the audit journal" in ticket.words
        assert "nothing was sent" in ticket.words


async def test_a_listener_that_fails_stops_nothing(tmp_path: Path) -> None:
    def broken(progress: Progress) -> None:
        raise RuntimeError(progress.words)

    async with acting(tmp_path, desk()) as stage:
        stage.dispatcher.subscribe(broken)
        await stage.do(HOLD).answered()
        assert stage.desk.asked == [HOLD]


# --- one after the other -------------------------------------------------------------------------


async def test_two_actions_on_one_call_go_one_after_the_other(tmp_path: Path) -> None:
    one = desk(talk("c2"))
    one.gate = asyncio.Event()
    async with acting(tmp_path, one) as stage:
        first, second = stage.do(HOLD), stage.do(EVERY[Verb.PARK])
        other = stage.do(Hold(site="hq", call="c2", leg="c2-own"))
        await one.reached.wait()
        while len(one.asked) < 2:
            one.reached.clear()
            await one.reached.wait()
        assert [getattr(action, "call", "") for action in one.asked] == ["c1", "c2"]
        assert second.step is Step.PLANNED
        one.gate.set()
        await asyncio.gather(first.answered(), second.answered(), other.answered())
        assert one.asked[-1] == EVERY[Verb.PARK]
        assert len(one.asked) == 3


# --- the grace -----------------------------------------------------------------------------------


async def test_what_cannot_be_undone_asks_and_is_kept_back(tmp_path: Path) -> None:
    rights = Rights("noc")
    rights.unlock()
    async with acting(tmp_path, desk(), rights=rights) as stage:
        plan = stage.plan(HANGUP)
        assert plan.needs_yes
        assert plan.grace == 2.0
        assert not stage.plan(HOLD).needs_yes
        assert stage.plan(EVERY[Verb.REBOOT]).name == "305"
        ticket = stage.dispatcher.send(plan)
        await stage.grace.begun.wait()
        assert stage.grace.asked == [2.0]
        assert stage.desk.asked == []
        stage.grace.over.set()
        await ticket.answered()
        assert stage.desk.asked == [HANGUP]


async def test_undone_in_the_grace_nothing_is_sent(tmp_path: Path) -> None:
    async with acting(tmp_path, desk(), rights=Rights("reception", grace=2.0)) as stage:
        ticket = stage.do(HANGUP)
        await stage.grace.begun.wait()
        assert stage.dispatcher.undo(ticket)
        await ticket.done()
        assert stage.told(ticket) == [Step.PLANNED, Step.UNDONE]
        assert not stage.dispatcher.undo(ticket)
        after = await stage.do(HOLD).answered()
        assert after.step is Step.ACCEPTED
        assert stage.desk.asked == [HOLD]
        undone, held = await stage.journal()
        assert (undone.step, undone.sent, undone.verb) == ("undone", False, "hangup")
        assert held.outcome == "accepted"


async def test_reception_waits_for_nothing_and_can_undo_nothing_that_was_sent(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path, desk()) as stage:
        ticket = await stage.do(HANGUP).answered()
        assert stage.grace.asked == []
        assert not stage.dispatcher.undo(ticket)
        assert stage.desk.asked == [HANGUP]


# --- left behind ---------------------------------------------------------------------------------


async def test_whoever_waits_may_go_away(tmp_path: Path) -> None:
    one = desk()
    one.gate = asyncio.Event()
    async with acting(tmp_path, one) as stage:
        ticket = stage.do(HOLD)
        waiting = asyncio.create_task(ticket.answered())
        await one.reached.wait()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        one.gate.set()
        await ticket.answered()
        assert ticket.step is Step.ACCEPTED
        assert one.asked == [HOLD]


async def test_leaving_while_it_is_sent_waits_and_then_leaves_a_result(tmp_path: Path) -> None:
    one = desk()
    one.gate = asyncio.Event()
    async with acting(tmp_path, one, rights=Rights("reception", grace=2.0)) as stage:
        sent = stage.do(HOLD)
        kept_back = stage.do(HANGUP)
        await one.reached.wait()
        await stage.dispatcher.close(patience=0.01)
        assert one.asked == [HOLD]
        told = {entry.verb: entry for entry in await stage.journal()}
        assert (told["hold"].outcome, told["hold"].words) == ("not_confirmed", LEFT_WORDS)
        assert (told["hangup"].step, told["hangup"].words) == ("undone", UNSENT_WORDS)
        assert sent.over
        assert kept_back.over


async def test_a_loop_that_ends_in_the_middle_leaves_a_result(tmp_path: Path) -> None:
    one = desk()
    one.gate = asyncio.Event()

    async with acting(tmp_path, one) as stage:
        stage.do(HOLD)
        await one.reached.wait()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        (entry,) = await stage.journal()
        assert (entry.step, entry.outcome) == ("result", "not_confirmed")
        assert one.asked == [HOLD]


# --- seen, or not --------------------------------------------------------------------------------


async def test_an_old_picture_is_said(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.clock.now += 20_000
        assert stage.plan(HOLD).warnings == (
            "calls of hq were read 20000 s ago: it may be different by now",
        )
