"""Keys that arrive together, as over a slow link: each finds what the one before it has done."""

from __future__ import annotations

from dataclasses import replace

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from pbxtui.model import Dial, Hangup, Lamp, LampState, Party, Transfer
from pbxtui.ui.boxes.number import NumberBox
from pbxtui.ui.screens.pages import TablePage
from tests.ui.acting import acting_stage, answered, asked, at_work
from tests.ui.seen import lines, text
from tests.ui.stage import Stage, call

NAMED = ("enter", "escape", "tab", "backspace")


async def at_once(stage: Stage, pilot: Pilot[None], *keys: str) -> None:
    """A name of a key, or characters to type."""
    for each in keys:
        for key in (each,) if each in NAMED else each:
            named = each in NAMED
            name = key if named else _character_to_key(key)
            stage.app.post_message(events.Key(name, None if named else key))
    await pilot.pause()
    await pilot.pause()


def office() -> Stage:
    lamps = [
        Lamp("hq", f"l{number}", state, extension=number)
        for number, state in (
            *(("305", LampState.DND), ("306", LampState.IDLE), ("447", LampState.IDLE)),
        )
    ]
    return acting_stage(call("a", to=Party("448")), call("b", to=Party("449")), *lamps)


def reception() -> Stage:
    stage = office()
    stage.app.options = replace(stage.app.options, profile="reception")
    return stage


async def test_a_digit_after_enter_is_no_part_of_the_number() -> None:
    stage = reception()
    async with at_work(stage) as pilot:
        await at_once(stage, pilot, "306", "enter", "7")
        await answered(stage, pilot)
        assert asked(stage) == [Dial(site="hq", from_="447", to="306")]
        box = stage.app.screen
        assert isinstance(box, NumberBox)
        assert box.text("to") == "7"


async def test_the_yes_after_a_number_is_the_answer_to_the_question() -> None:
    stage = office()
    async with at_work(stage) as pilot:
        await at_once(stage, pilot, "T305", "enter", "y")
        await answered(stage, pilot)
        assert asked(stage) == [Transfer(site="hq", call="a", leg="a-b", to="305")]
        assert stage.app.screen is stage.app.view


async def test_a_key_after_the_filter_is_a_key_of_the_view() -> None:
    stage = office()
    async with at_work(stage) as pilot:
        await at_once(stage, pilot, "/449", "enter", "d")
        assert stage.app.view.filter_text() == "449"
        assert isinstance(stage.app.screen, TablePage)
        assert "call #2" in lines(stage)[0] or "449" in text(stage)


async def test_a_filter_that_is_left_takes_no_more_letters() -> None:
    stage = office()
    async with at_work(stage) as pilot:
        await at_once(stage, pilot, "/zzz", "escape", "j", "d")
        assert stage.app.view.filter_line is None
        assert isinstance(stage.app.screen, TablePage)


async def test_the_yes_after_a_command_is_the_answer_to_its_question() -> None:
    stage = office()
    async with at_work(stage) as pilot:
        await at_once(stage, pilot, ":hangup", "enter", "y")
        await answered(stage, pilot)
        assert asked(stage) == [Hangup(site="hq", call="a")]


async def test_a_command_s_box_is_typed_in() -> None:
    stage = office()
    async with at_work(stage) as pilot:
        await at_once(stage, pilot, ":transfer", "enter", "308", "backspace", "6", "enter")
        await answered(stage, pilot)
        assert next(one for one in asked(stage) if isinstance(one, Transfer)).to == "306"
