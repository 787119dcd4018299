"""Several marked rows: their number is typed, they go one by one, and a refusal stops the rest."""

from __future__ import annotations

from pbxtui.model import Answered, Hangup, Key, Outcome
from tests.ui.acting import (
    ANNA,
    BENT,
    CARLA,
    UNSHOWN,
    acting_stage,
    answers,
    asked,
    at_work,
    foot,
    tickets,
)
from tests.ui.seen import text


async def test_marked_rows_ask_for_their_number_and_go_one_after_the_other() -> None:
    stage = acting_stage(ANNA, BENT, CARLA)
    async with at_work(stage) as pilot:
        await pilot.press("space", "space", "X")
        assert "Hang up 2 rows" in text(stage)
        assert "type 2 and Enter does it" in foot(stage)
        await pilot.press("3", "enter")
        assert asked(stage) == []
        await pilot.press("X", "2", "enter")
        for ticket in tickets(stage):
            await ticket.answered()
        await pilot.pause()
        assert [one.call for one in asked(stage) if isinstance(one, Hangup)] == ["a", "b"]
        assert stage.app.calls.table.marks == set()


async def test_a_bulk_stops_at_the_first_refusal_and_the_marks_stay_on_the_rest() -> None:
    stage = acting_stage(ANNA, BENT, CARLA)
    async with at_work(stage) as pilot:
        answers(stage, Outcome(Answered.REFUSED, "Permission denied"))
        await pilot.press("space", "space", "X", "2", "enter")
        for ticket in tickets(stage):
            await ticket.done()
        await pilot.pause()
        assert len(asked(stage)) == 1
        assert "stopped after 1 of 2: Permission denied" in text(stage)
        assert stage.app.calls.table.marks == {Key("hq", "a"), Key("hq", "b")}


async def test_what_a_bulk_does_not_know_is_not_called_accepted() -> None:
    stage = acting_stage(ANNA, can=UNSHOWN)
    async with at_work(stage) as pilot:
        answers(stage, Outcome(Answered.NOT_CONFIRMED, "no answer within 10 s"))
        await pilot.press("space", "R", "1", "enter")
        for ticket in tickets(stage):
            await ticket.done()
        await pilot.pause()
        assert len(asked(stage)) == 1
        assert "1 row: 1 not confirmed" in text(stage)
        assert "accepted" not in text(stage)


async def test_rows_that_do_not_suit_are_left_out_and_said() -> None:
    stage = acting_stage(ANNA, CARLA, BENT)
    async with at_work(stage) as pilot:
        await pilot.press("space", "space", "P")
        assert "Park 2 rows" in text(stage)
        await pilot.press("escape", "space", "j", "space", "D")
        assert "is for one row at a time" in text(stage)
