"""What the screen says of an action that was sent, or was not, and for how long."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pbxtui.config import Config
from pbxtui.model import Answered, Hangup, Outcome, Party
from pbxtui.service.acting import Journal
from pbxtui.ui.screens.log import LogScreen
from tests.ui.acting import (
    ANNA,
    BENT,
    UNSHOWN,
    acting_stage,
    answered,
    answers,
    asked,
    at_work,
    held,
)
from tests.ui.seen import lines, text


async def test_a_refusal_is_told_in_the_words_of_the_pbx() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        answers(stage, Outcome(Answered.REFUSED, "No such channel"))
        await pilot.press("H")
        await answered(stage, pilot)
        assert "refused: No such channel" in text(stage)
        assert "!● talk" in next(line for line in lines(stage) if "Anna" in line)


async def test_what_is_not_confirmed_is_never_called_done() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        answers(stage, Outcome(Answered.NOT_CONFIRMED, "no answer within 10 s"))
        await pilot.press("H")
        await answered(stage, pilot)
        assert "not confirmed: no answer within 10 s" in text(stage)
        assert "?● talk" in next(line for line in lines(stage) if "Anna" in line)
        assert "accepted" not in text(stage)
        for _ in range(8):
            await stage.read()
        await pilot.pause()
        assert "not confirmed: no answer within 10 s; not seen: " in text(stage)
        assert "?● talk" in next(line for line in lines(stage) if "Anna" in line)


async def test_what_no_reading_will_show_keeps_saying_that_it_is_not_confirmed() -> None:
    async with at_work(stage := acting_stage(ANNA, can=UNSHOWN)) as pilot:
        answers(stage, Outcome(Answered.NOT_CONFIRMED, "no answer within 10 s"))
        await pilot.press("R")
        await (await answered(stage, pilot)).done()
        await pilot.pause()
        stage.clock.now += 15.0
        stage.app._tick()
        await pilot.pause()
        assert "not confirmed: no answer within 10 s; hq does not show whether" in text(stage)
        assert "accepted" not in text(stage)


async def test_what_was_never_sent_takes_no_sign_away() -> None:
    stage = acting_stage(ANNA, can=UNSHOWN, config=Config(grace=60.0))
    async with at_work(stage) as pilot:
        answers(stage, Outcome(Answered.NOT_CONFIRMED, "no answer within 10 s"))
        await pilot.press("R")
        await (await answered(stage, pilot)).done()
        await pilot.pause()
        assert "?● talk" in next(line for line in lines(stage) if "Anna" in line)
        await pilot.press("X", "y")
        await pilot.pause()
        assert "»● talk" in next(line for line in lines(stage) if "Anna" in line)
        await pilot.press("u")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1
        assert "?● talk" in next(line for line in lines(stage) if "Anna" in line)


async def test_a_call_that_changed_meanwhile_is_left_alone() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        await pilot.press("X")
        moved = replace(ANNA, legs=(ANNA.legs[0], replace(ANNA.legs[1], extension="499")))
        stage.give(replace(moved, to=Party("499", "Other")), BENT)
        await stage.read()
        await pilot.press("y")
        await answered(stage, pilot)
        assert asked(stage) == []
        assert "! nothing was sent: " in text(stage)
        assert "look again" in text(stage)


async def test_the_row_is_that_of_the_frozen_picture() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        await pilot.press("p")
        stage.give(BENT)
        await stage.read()
        await stage.read()
        await pilot.press("H")
        await answered(stage, pilot)
        assert asked(stage) == []
        assert "! nothing was sent: the call is over" in text(stage)


async def test_signs_in_ascii() -> None:
    async with at_work(stage := acting_stage(ANNA, ascii=True)) as pilot:
        await pilot.press("H")
        await answered(stage, pilot)
        assert ">TALK" in next(line for line in lines(stage) if "Anna" in line)
        stage.give(held(ANNA))
        await stage.read()
        await pilot.pause()
        assert "+HOLD" in next(line for line in lines(stage) if "Anna" in line)


@pytest.mark.parametrize(
    ("profile", "keymap", "told", "presses"),
    [
        ("noc", {}, "6, then v", ["6", "v"]),
        ("noc", {"view.log": "f6", "view.turn": "o"}, "F6, then o", ["f6", "o"]),
        ("reception", {}, ":log, then v", [*("colon", "l", "o", "g", "enter"), "v"]),
    ],
)
async def test_an_action_that_an_earlier_run_was_killed_over_is_told_with_the_way_to_the_journal(
    state: Path, profile: str, keymap: dict[str, str], told: str, presses: list[str]
) -> None:
    journal = Journal(state, who="ana", host="jump")
    line = journal.begin(Hangup(site="hq", call="a"), "Hang up 401 Sales: +4411 Anna")
    journal.append(replace(line, pid=os.getpid(), run="earlier", step="intent"))
    stage = acting_stage(ANNA, keymap=keymap)
    stage.app.options = replace(stage.app.options, profile=profile)
    async with at_work(stage, (200, 30)) as pilot:
        while not stage.app.hand.talks:
            await pilot.pause()
        await pilot.pause()
        assert "an action of an earlier run has no known end: Hang up 401 Sales" in text(stage)
        assert f"; {told} shows the journal" in text(stage)
        await pilot.press(*presses)
        log = stage.app.view
        assert isinstance(log, LogScreen)
        assert log.journal is not None


async def test_no_more_is_said_once_it_was_long_enough() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        answers(stage, Outcome(Answered.REFUSED, "No such channel"))
        await pilot.press("H")
        await answered(stage, pilot)
        assert "refused" in text(stage)
        stage.clock.now += 30.0
        stage.app._tick()
        await pilot.pause()
        assert "refused" not in text(stage)
        assert "!● talk" in next(line for line in lines(stage) if "Anna" in line)
