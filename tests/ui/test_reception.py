"""The reception: a digit typed in any view begins a number, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events

from pbxtui.model import Dial, Key, LegState, Party
from pbxtui.ui.screens.page import Page
from tests.ui.acting import acting_stage, answered, asked, at_work, dispatcher, tickets
from tests.ui.seen import lines, text
from tests.ui.stage import Stage, call


def desk(profile: str = "reception") -> Stage:
    stage = acting_stage(call("a", to=Party("448")))
    stage.app.options = replace(stage.app.options, profile=profile)
    return stage


async def test_a_number_is_typed_dialled_and_sent_without_another_key() -> None:
    stage = desk()
    async with at_work(stage) as pilot:
        for key in ("3", "0", "5", "enter"):
            stage.app.post_message(events.Key(key, key if len(key) == 1 else None))
        while not asked(stage):
            await pilot.pause()
        await answered(stage, pilot)
        assert asked(stage) == [Dial(site="hq", from_="447", to="305")]
        assert stage.app.screen is stage.app.view


@pytest.mark.parametrize("view", ["calls", "devices", "lamps", "log"])
async def test_a_digit_opens_the_box_in_every_view(view: str) -> None:
    stage = desk()
    async with at_work(stage) as pilot:
        stage.app.show_view(view)
        await pilot.press("2")
        assert "Dial" in text(stage)
        assert stage.app.current_mode == view
        await pilot.press("escape")
        assert stage.app.screen is stage.app.view
        await pilot.press("right_square_bracket")
        assert stage.app.current_mode != view


async def test_the_first_digit_is_not_lost_to_the_question_whether_to_leave() -> None:
    stage = desk()
    async with at_work(stage) as pilot:
        await pilot.press("escape", "3", "0", "5", "enter")
        await answered(stage, pilot)
        assert asked(stage) == [Dial(site="hq", from_="447", to="305")]


async def test_a_key_that_touches_is_only_a_no_to_leaving() -> None:
    stage = desk()
    async with at_work(stage) as pilot:
        for key in ("H", "f7", "L"):
            await pilot.press("q", key)
            assert not stage.app.view.asks
        assert not tickets(stage)
        await pilot.press("H")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1


async def test_a_number_typed_after_a_refused_transfer_is_not_dialled() -> None:
    stage = desk()
    stage.give(replace(call("a", to=Party("448")), state=LegState.ENDED, legs=()))
    async with at_work(stage) as pilot:
        await pilot.press("T", "3", "0", "5")
        assert stage.app.screen is stage.app.view
        assert "T asked for no number: this one is not dialled" in text(stage)
        assert not asked(stage)
        await pilot.press("j", "3")
        assert "Dial" in text(stage)


async def test_elsewhere_a_digit_is_what_it_was() -> None:
    stage = desk()
    async with at_work(stage) as pilot:
        await pilot.press("slash", "4", "4", "7")
        assert stage.app.screen is stage.app.view
        assert "447" in text(stage)
        await pilot.press("escape", "t", "2")
        assert isinstance(stage.app.screen, Page)
        assert "Dial" not in text(stage)


@pytest.mark.parametrize("page", ["d", "y", "question_mark"])
async def test_a_digit_on_a_page_of_a_view_begins_a_number_too(page: str) -> None:
    stage = desk()
    stage.backends["hq"].raws["a"] = "{}"
    async with at_work(stage) as pilot:
        await pilot.press(page)
        assert stage.app.screen is not stage.app.view
        await pilot.press("2")
        assert lines(stage)[0].startswith(" Dial")
        assert stage.app.current_mode == "calls"
        await pilot.press("escape")
        assert stage.app.screen is stage.app.view


async def test_a_typed_number_is_dialled_where_the_own_phone_is() -> None:
    """The row under the cursor is none of what is typed."""
    there = call("b", site="branch", age=900)
    stage = acting_stage(there, sites=("branch", "hq"))
    stage.app.options = replace(stage.app.options, profile="reception")
    branch = stage.fleet.site("branch")
    branch.settings = branch.settings.model_copy(update={"extension": ""})
    async with at_work(stage) as pilot:
        assert stage.app.view.list.cursor == Key("branch", "b")
        await pilot.press("2")
        assert "at hq, from 447" in lines(stage)[0]
        await pilot.press("escape", "D")
        assert "at branch" in lines(stage)[0]


async def test_the_noc_s_digits_are_the_views() -> None:
    stage = desk("noc")
    async with at_work(stage) as pilot:
        await pilot.press("2")
        assert stage.app.current_mode == "devices"


async def test_the_header_and_the_keys_do_not_promise_the_digits() -> None:
    stage = desk()
    async with at_work(stage, (160, 40)) as pilot:
        assert "2 devices" not in text(stage)
        assert "devices" in text(stage).splitlines()[0]
        await pilot.press("question_mark")
        lines = text(stage).splitlines()
        assert any("0 to 9" in line and "call.dial" in line for line in lines)
        assert not any(line.startswith("2 ") for line in lines)


async def test_a_digit_where_nothing_may_be_done_says_why() -> None:
    stage = desk()
    async with at_work(stage) as pilot:
        dispatcher(stage).rights.lock()
        await pilot.press("3")
        assert stage.app.screen is stage.app.view
        assert "locked" in text(stage)
        assert asked(stage) == []
        assert stage.app.view.list.cursor == Key("hq", "a")
