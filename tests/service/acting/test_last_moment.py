"""Between the yes and the sending: a slow disk, a lock, a mistake of pbxtui's own."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from pbxtui.model import Answered, Hangup, LegState, Party, Snapshot, Topic
from pbxtui.service.acting import Journal, Observed, Rights, Step, Why, dispatcher
from pbxtui.service.acting.audit import Line, Mark
from pbxtui.service.acting.expect import Expectation
from pbxtui.service.acting.sending import UNSENT_WORDS
from tests.service.acting.every import HANGUP, HOLD
from tests.service.acting.stage import acting
from tests.service.sites import Desk, talk


class SlowDisk(Journal):
    """A journal whose intents take until they are let go."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.begun = threading.Event()
        self.over = threading.Event()

    def note(self, line: Line, step: Mark, **more: Any) -> Line:
        if step is Mark.INTENT:
            self.begun.set()
            self.over.wait()
        return super().note(line, step, **more)


def desk() -> Desk:
    made = Desk()
    made.show(talk(), talk("c2"))
    return made


async def test_what_changes_while_the_intent_is_written_gets_nothing(tmp_path: Path) -> None:
    journal = SlowDisk(tmp_path)
    async with acting(tmp_path, desk(), journal=journal) as stage:
        ticket = stage.do(HOLD)
        await asyncio.to_thread(journal.begun.wait)
        assert stage.told(ticket) == [Step.PLANNED], "nothing is said to be sent yet"
        stage.desk.show(talk(caller=Party("+4570101112", "Somebody else")))
        await stage.read()
        journal.over.set()
        await ticket.done()
        assert stage.desk.asked == []
        assert stage.told(ticket) == [Step.PLANNED, Step.REFUSED]
        assert not ticket.sent
        assert ticket.refusal is not None
        assert ticket.refusal.why is Why.CHANGED
        (entry,) = await stage.journal()
        assert [told.step for told in entry.steps] == ["intent", "refused"]
        assert (entry.outcome, entry.sent, entry.unfinished) == ("refused", False, False)
        assert "somebody else is on the call now" in entry.words


async def test_locked_while_the_intent_is_written_it_is_not_sent(tmp_path: Path) -> None:
    journal, rights = SlowDisk(tmp_path), Rights("reception")
    async with acting(tmp_path, desk(), journal=journal, rights=rights) as stage:
        ticket = stage.do(HOLD)
        await asyncio.to_thread(journal.begun.wait)
        rights.lock()
        journal.over.set()
        await ticket.done()
        assert stage.desk.asked == []
        assert ticket.refusal is not None
        assert ticket.refusal.why is Why.LOCKED


async def test_a_bulk_passes_over_a_row_that_is_over_in_the_last_moment(tmp_path: Path) -> None:
    journal = SlowDisk(tmp_path)
    async with acting(tmp_path, desk(), journal=journal) as stage:
        second = Hangup(site="hq", call="c2")
        bulk = stage.dispatcher.bulk([stage.plan(HANGUP), stage.plan(second)])
        stage.grace.over.set()
        tickets = stage.dispatcher.send_bulk(bulk)
        await asyncio.to_thread(journal.begun.wait)
        stage.desk.show(talk(state=LegState.ENDED), talk("c2"))
        await stage.read()
        journal.over.set()
        await tickets.answered()
        assert stage.desk.asked == [second]
        assert not tickets.stopped


async def test_leaving_while_the_intent_is_written_sends_nothing_and_says_so(
    tmp_path: Path,
) -> None:
    journal = SlowDisk(tmp_path)
    async with acting(tmp_path, desk(), journal=journal) as stage:
        ticket = stage.do(HOLD)
        await asyncio.to_thread(journal.begun.wait)
        closing = asyncio.create_task(stage.dispatcher.close(patience=0.0))
        await ticket.done()
        journal.over.set()
        await closing
        assert stage.desk.asked == []
        assert not ticket.sent
        assert ticket.outcome is not None
        assert (ticket.outcome.answered, ticket.outcome.words) == (Answered.REFUSED, UNSENT_WORDS)
        (entry,) = await stage.journal()
        assert (entry.outcome, entry.words, entry.sent) == ("refused", UNSENT_WORDS, False)


# --- mistakes of pbxtui's own --------------------------------------------------------------------


async def test_a_mistake_in_the_last_look_sends_nothing_and_hangs_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("a bug")

    async with acting(tmp_path, desk()) as stage:
        plan = stage.plan(HOLD)
        monkeypatch.setattr(dispatcher, "recheck", broken)
        ticket = await stage.dispatcher.send(plan).done()
        assert stage.desk.asked == []
        assert "pbxtui itself failed (LookupError)" in ticket.words
        (entry,) = await stage.journal()
        assert (entry.step, entry.sent) == ("refused", False)


async def test_a_mistake_in_looking_for_the_effect_does_not_end_the_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen(now: Snapshot) -> bool:
        raise LookupError("a bug")

    async with acting(tmp_path, desk()) as stage:
        monkeypatch.setattr(dispatcher, "expect", lambda *_: Expectation("it is held", seen=seen))
        ticket = await stage.do(HOLD).done()
        assert stage.desk.asked == [HOLD]
        assert ticket.observed is Observed.NOT_OBSERVED
        assert "not known whether it is held" in ticket.words
        stage.desk.show()
        await stage.read(Topic.CALLS)


async def test_an_effect_that_cannot_be_told_is_not_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Expectation:
        raise LookupError("a bug")

    async with acting(tmp_path, desk()) as stage:
        monkeypatch.setattr(dispatcher, "expect", broken)
        ticket = await stage.do(HOLD).done()
        assert stage.desk.asked == [HOLD]
        assert ticket.observed is Observed.NOT_OBSERVABLE
