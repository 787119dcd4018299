"""The footer offers what the next key would do: to a phone on two calls, to marked rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import Dial, Lamp, LampState, LegState, Party
from tests.ui.acting import PHONE, acting_stage, answered, asked, at_work, foot
from tests.ui.seen import lines
from tests.ui.stage import call

SALES = Party("401", "Sales")
ANNA = call("a", from_=Party("+4411", "Anna"), to=SALES, age=30)
BENT = call("b", from_=Party("+4422", "Bent"), to=SALES, age=20)
OVER = call("o", LegState.ENDED, from_=Party("+4455", "Over"), to=SALES, age=90)
IDLE = Lamp("hq", "l305", LampState.IDLE, extension="305")


@pytest.mark.parametrize("calls", [(ANNA,), (ANNA, OVER), (ANNA, BENT)])
async def test_a_phone_on_two_calls_has_no_call_to_act_on(calls: tuple[object, ...]) -> None:
    stage = acting_stage(*calls, PHONE)  # type: ignore[arg-type]
    async with at_work(stage) as pilot:
        await pilot.press("2")
        for key in ("H hold", "T transfer", "X hang up"):
            assert (key in foot(stage)) == (BENT not in calls), key
        assert "D dial" in foot(stage)


async def test_marked_rows_are_counted_and_get_no_keys_for_one_row() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        assert "D dial" in foot(stage)
        assert "marked" not in lines(stage)[0]
        await pilot.press("space")
        assert "1 marked" in lines(stage)[0]
        assert "D dial" not in foot(stage)
        assert "T transfer" in foot(stage)
        await pilot.press("space")
        assert "2 marked" in lines(stage)[0]
        await pilot.press("k", "space")
        assert "1 marked" in lines(stage)[0]


async def test_a_typed_number_is_dialled_whatever_is_marked() -> None:
    stage = acting_stage(ANNA, BENT, IDLE, Lamp("hq", "l447", LampState.IDLE, extension="447"))
    stage.app.options = replace(stage.app.options, profile="reception")
    async with at_work(stage) as pilot:
        await pilot.press("space", "space", *"305", "enter")
        await answered(stage, pilot)
        assert asked(stage) == [Dial(site="hq", from_="447", to="305")]
