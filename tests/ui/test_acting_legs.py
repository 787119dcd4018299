"""A call of two phones of the house: whose leg is meant is asked, and said before it is sent."""

from __future__ import annotations

from dataclasses import replace

from pbxtui.model import (
    Device,
    DeviceState,
    Hold,
    LegState,
    Park,
    Party,
    Transfer,
)
from tests.ui.acting import acting_stage, answered, asked, at_work, tickets
from tests.ui.seen import lines, text
from tests.ui.stage import Stage, between, call

WORKSHOP = Device("hq", "p305", DeviceState.REGISTERED, extension="305", name="Workshop")


def house(*, own: str = "447") -> Stage:
    return acting_stage(between(), WORKSHOP, changed={"extension": own})


async def test_a_transfer_asks_whose_leg_and_says_who_goes() -> None:
    async with at_work(stage := house()) as pilot:
        await pilot.press("T")
        await pilot.pause()
        assert "Transfer: whose leg?" in lines(stage)[0]
        assert any("303  Carol" in one or "303 Carol" in one for one in lines(stage))
        assert "sends 302 Bob, away from 303 Carol" in text(stage)
        assert "sends 303 Carol, away from 302 Bob" in text(stage)
        assert "Enter takes it" in lines(stage)[-1]
        await pilot.press("j", "enter")
        await pilot.pause()
        assert "303 Carol, away from 302 Bob  at hq" in lines(stage)[0]
        await pilot.press(*"305")
        await pilot.pause()
        assert "Transfer 303 Carol to 305 Workshop: 302 Bob becomes free" in text(stage)
        await pilot.press("enter")
        await answered(stage, pilot)
        assert asked(stage) == [Transfer(site="hq", call="i", leg="i-b", to="305")]


async def test_what_is_sent_at_once_is_said_in_the_box() -> None:
    async with at_work(stage := house()) as pilot:
        await pilot.press("H")
        await pilot.pause()
        assert "Hold 303 Carol: 302 Bob hears music" in text(stage)
        assert "Enter sends it" in lines(stage)[-1]
        await pilot.press("down")
        assert "Hold 302 Bob: 303 Carol hears music" in text(stage)
        assert asked(stage) == []
        await pilot.press("enter")
        await answered(stage, pilot)
        assert asked(stage) == [Hold(site="hq", call="i", leg="i-b")]


async def test_leaving_the_legs_sends_nothing() -> None:
    async with at_work(stage := house()) as pilot:
        await pilot.press("P")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert stage.app.screen is stage.app.view
        assert tickets(stage) == []


async def test_of_the_operator_s_own_call_nothing_is_asked() -> None:
    async with at_work(stage := house(own="302")) as pilot:
        await pilot.press("P")
        await answered(stage, pilot)
        assert asked(stage) == [Park(site="hq", call="i", leg="i-b")]


async def test_a_leg_that_goes_while_it_is_chosen_gets_nothing() -> None:
    async with at_work(stage := house()) as pilot:
        await pilot.press("H")
        await pilot.pause()
        one = between()
        stage.give(replace(one, legs=(replace(one.legs[0], state=LegState.ENDED), one.legs[1])))
        await stage.read()
        await pilot.press("enter")
        await pilot.pause()
        assert asked(stage) == []
        assert "nothing was sent" in text(stage)


async def test_of_several_calls_the_box_says_how_many() -> None:
    others = [call(id, to=Party(f"40{id}", "Sales")) for id in "12"]
    async with at_work(stage := acting_stage(*others, WORKSHOP)) as pilot:
        await pilot.press("space", "space", "T")
        await pilot.pause()
        assert "2 marked rows" in lines(stage)[0]
        assert "Harbour Taxi" not in lines(stage)[0]
