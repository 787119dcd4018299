"""Where a PBX lists no extensions, those whom its calls have named can be chosen."""

from __future__ import annotations

from pbxtui.model import Device, DeviceState, LegState, Party, Transfer
from tests.ui.acting import acting_stage, answered, asked, at_work
from tests.ui.seen import lines, text
from tests.ui.stage import call

ANNA = call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales desk"))
BENT = call("b", from_=Party("+4422", "Bent"), to=Party("402", "Stock room"))
NAMELESS = Device("hq", "VH1", DeviceState.REGISTERED)


async def test_somebody_whose_call_is_over_is_still_found_by_name() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT, NAMELESS)) as pilot:
        stage.give(ANNA)
        for _ in range(2):
            await stage.read()
        assert "b" not in stage.fleet.site("hq").snapshot.calls or (
            stage.fleet.site("hq").snapshot.calls["b"].state is LegState.ENDED
        )
        await pilot.press("g", "T", *"stock")
        await pilot.pause()
        (row,) = [line for line in lines(stage) if "Stock room" in line and "402" in line[:8]]
        assert "a call" in row
        await pilot.press("enter")
        if stage.app.view.question is not None:
            await pilot.press("y")
        await answered(stage, pilot)
        assert asked(stage) == [Transfer(site="hq", call="a", leg="a-b", to="402")]


async def test_somebody_named_later_is_found_too() -> None:
    async with at_work(stage := acting_stage(ANNA, NAMELESS)) as pilot:
        stage.give(ANNA, BENT)
        await stage.read()
        await pilot.press("g", "T", *"402")
        await pilot.pause()
        assert "Stock room" in text(stage)


async def test_where_the_pbx_lists_extensions_calls_add_nobody() -> None:
    listed = Device("hq", "p305", DeviceState.REGISTERED, extension="305", name="Workshop")
    async with at_work(stage := acting_stage(ANNA, BENT, listed)) as pilot:
        await pilot.press("g", "T", *"stock")
        await pilot.pause()
        assert "Stock room" not in text(stage)
