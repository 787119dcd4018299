"""The question before what cannot be undone, and the grace after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxtui.config import Config
from pbxtui.model import Key, Party
from pbxtui.service.acting import entries
from tests.ui.acting import ANNA, BENT, PHONE, acting_stage, answered, asked, at_work, foot
from tests.ui.seen import text
from tests.ui.stage import call

# --- the question --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["n", "enter", "escape", "Y", "j", "X", "space", "ctrl+c"])
async def test_hanging_up_asks_and_every_key_but_y_is_no(key: str, state: Path) -> None:
    async with at_work(stage := acting_stage(ANNA, BENT), (80, 24)) as pilot:
        await pilot.press("X")
        assert "y does it, any other key doesn't" in foot(stage)
        assert "Hang up" in text(stage)
        await pilot.press(key)
        await pilot.pause()
        assert "y does it" not in text(stage)
        assert "not done" in foot(stage)
        assert stage.app.view.list.cursor == Key("hq", "a")
        assert asked(stage) == []
    assert entries(state) == []


async def test_the_whole_sentence_is_there_on_a_narrow_screen() -> None:
    long = call("a", from_=Party("+442079460958", "王小明 " * 12), to=Party("401", "Sales " * 9))
    async with at_work(stage := acting_stage(long), (80, 24)) as pilot:
        await pilot.press("X")
        question = stage.app.view.question
        assert question is not None
        plain = " ".join(text(stage).split())
        assert " ".join(question.sentence.split()) in plain


async def test_what_should_be_known_before_is_asked_about() -> None:
    stage = acting_stage(ANNA)
    async with at_work(stage) as pilot:
        stage.clock.now += 20_000.0
        await pilot.press("H")
        assert "! calls of hq were read" in text(stage)
        assert asked(stage) == []
        await pilot.press("y")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1


async def test_a_phone_is_restarted_only_once_its_name_is_typed() -> None:
    async with at_work(stage := acting_stage(PHONE)) as pilot:
        await pilot.press("2")
        await stage.app.screen.run_action("touch('device.reboot')")
        await pilot.pause()
        assert "type 401 and Enter does it" in foot(stage)
        await pilot.press(*"402", "enter")
        assert asked(stage) == []
        await stage.app.screen.run_action("touch('device.reboot')")
        await pilot.pause()
        await pilot.press(*"402", "backspace", "1", "enter")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1


# --- the grace -----------------------------------------------------------------------------------


async def test_within_the_grace_u_stops_it(state: Path) -> None:
    stage = acting_stage(ANNA, config=Config(grace=60.0))
    async with at_work(stage) as pilot:
        await pilot.press("X", "y")
        assert "in 60 s: Hang up" in text(stage)
        assert "u stops it" in text(stage)
        stage.clock.now += 3.0
        stage.app._tick()
        await pilot.pause()
        assert "in 57 s: Hang up" in text(stage)
        await pilot.press("u")
        await answered(stage, pilot)
        assert "stopped: taken back in time: nothing was sent" in text(stage)
        await pilot.press("u")
        assert "there is nothing to stop" in text(stage)
        assert asked(stage) == []
    (entry,) = entries(state)
    assert entry.step == "undone"


async def test_leaving_within_the_grace_sends_nothing(state: Path) -> None:
    stage = acting_stage(ANNA, config=Config(grace=60.0))
    async with at_work(stage) as pilot:
        await pilot.press("X", "y", "q", "y")
        await pilot.pause()
    assert asked(stage) == []
    (entry,) = entries(state)
    assert (entry.verb, entry.step) == ("hangup", "undone")
