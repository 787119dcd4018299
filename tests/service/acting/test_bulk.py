"""Marked rows: one sentence, one after the other, until one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxtui.model import Answered, Hangup, Outcome
from pbxtui.service.acting import Rights, Step, Why
from tests.service.acting.stage import Acting, acting
from tests.service.sites import Desk, talk

CALLS = tuple(talk(f"c{number}") for number in range(1, 5))
REFUSED = Outcome(Answered.REFUSED, "no such channel")
LOST = Outcome(Answered.NOT_CONFIRMED, "no answer")


class Fussy(Desk):
    """Answers the second action otherwise than the others."""

    second: Outcome = REFUSED

    async def act(self, action: object) -> Outcome:
        await super().act(action)  # type: ignore[arg-type]
        return self.second if len(self.asked) == 2 else Outcome(Answered.ACCEPTED)


def four(one: Desk | None = None) -> Desk:
    made = one or Desk()
    made.show(*CALLS)
    return made


def hang_up_all(stage: Acting) -> list[Hangup]:
    return [Hangup(site="hq", call=call.id) for call in CALLS]


async def test_a_bulk_asks_and_says_how_many(tmp_path: Path) -> None:
    async with acting(tmp_path, four(), rights=Rights("reception", grace=2.0)) as stage:
        plans = [stage.plan(action) for action in hang_up_all(stage)]
        gone = stage.plan(Hangup(site="hq", call="gone"))
        bulk = stage.dispatcher.bulk([*plans, gone])
        assert (bulk.count, bulk.needs_yes, bulk.grace) == (4, True, 2.0)
        assert bulk.sentence.startswith(
            "Hang up 4 rows (4 at hq), one after the other, until one is refused; left out: 1, "
            "nothing was sent: hq shows no call gone"
        )
        assert bulk.sentence.endswith("Harbour Taxi and 447 Front desk: it ends for both")


async def test_each_is_sent_once_in_order(tmp_path: Path) -> None:
    async with acting(tmp_path, four()) as stage:
        actions = hang_up_all(stage)
        sent = stage.dispatcher.send_bulk(stage.dispatcher.bulk(map(stage.plan, actions)))
        await sent.answered()
        assert stage.desk.asked == actions
        assert sent.stopped == ""
        assert [entry.outcome for entry in await stage.journal()] == ["accepted"] * 4


@pytest.mark.parametrize("second", [REFUSED, LOST])
async def test_it_stops_at_the_first_that_is_not_accepted(tmp_path: Path, second: Outcome) -> None:
    fussy = Fussy()
    fussy.second = second
    async with acting(tmp_path, four(fussy)) as stage:
        actions = hang_up_all(stage)
        sent = stage.dispatcher.send_bulk(stage.dispatcher.bulk(map(stage.plan, actions)))
        await sent.answered()
        assert stage.desk.asked == actions[:2]
        assert sent.stopped == f"stopped after 2 of 4: {second.words}"
        steps = [ticket.step for ticket in sent.tickets[2:]]
        assert steps == [Step.UNDONE, Step.UNDONE]
        told = await stage.journal()
        assert [entry.outcome for entry in told] == [
            "accepted",
            second.answered,
            "refused",
            "refused",
        ]
        assert [entry.sent for entry in told] == [True, True, False, False]


async def test_a_row_that_is_over_meanwhile_stops_nothing(tmp_path: Path) -> None:
    async with acting(tmp_path, four(), rights=Rights("reception", grace=2.0)) as stage:
        actions = hang_up_all(stage)
        sent = stage.dispatcher.send_bulk(stage.dispatcher.bulk(map(stage.plan, actions)))
        await stage.grace.begun.wait()
        stage.desk.show(*CALLS[:1], *CALLS[2:])
        await stage.read()
        stage.grace.over.set()
        await sent.answered()
        assert stage.desk.asked == [actions[0], *actions[2:]]
        refused = sent.tickets[1].refusal
        assert refused is not None
        assert refused.why is Why.GONE


async def test_undone_in_the_grace_none_is_sent(tmp_path: Path) -> None:
    async with acting(tmp_path, four(), rights=Rights("reception", grace=2.0)) as stage:
        bulk = stage.dispatcher.bulk(map(stage.plan, hang_up_all(stage)))
        sent = stage.dispatcher.send_bulk(bulk)
        await stage.grace.begun.wait()
        assert stage.dispatcher.undo(sent)
        await sent.done()
        assert stage.desk.asked == []
        assert [entry.step for entry in await stage.journal()] == ["undone"] * 4


async def test_locking_stops_a_bulk(tmp_path: Path) -> None:
    rights = Rights("noc")
    rights.unlock()
    async with acting(tmp_path, four(), rights=rights) as stage:
        bulk = stage.dispatcher.bulk(map(stage.plan, hang_up_all(stage)))
        sent = stage.dispatcher.send_bulk(bulk)
        await stage.grace.begun.wait()
        rights.lock()
        stage.grace.over.set()
        await sent.done()
        assert stage.desk.asked == []
        assert sent.stopped.startswith("stopped after 1 of 4: actions are locked")


async def test_with_everything_refused_nothing_can_be_sent(tmp_path: Path) -> None:
    async with acting(tmp_path, four(), rights=Rights("noc")) as stage:
        bulk = stage.dispatcher.bulk(map(stage.plan, hang_up_all(stage)))
        assert bulk.count == 0
        assert bulk.sentence == "Nothing can be sent: actions are locked: unlock them first, with L"
        await stage.dispatcher.send_bulk(bulk).done()
        assert stage.desk.asked == []
        assert [entry.step for entry in await stage.journal()] == ["refused"] * 4
