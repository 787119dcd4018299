"""Keys that touch live calls: what the PBX is asked, for which row; and which key does what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import (
    Certainty,
    Hangup,
    Hold,
    LegState,
    Park,
    Party,
    PauseAgent,
    Record,
    Resume,
    Retrieve,
)
from pbxtui.ui.actions import ACTS, BY_ID, Group, problems
from tests.ui.acting import (
    AGENT,
    ANNA,
    BENT,
    LAMP,
    PHONE,
    QUEUE,
    acting_stage,
    answered,
    asked,
    at_work,
    foot,
    held,
    tickets,
)
from tests.ui.seen import lines, text
from tests.ui.stage import call

# --- what a key does to a row --------------------------------------------------------------------


async def test_a_key_acts_on_the_call_under_the_cursor_and_says_each_step() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        await pilot.press("j", "H")
        await answered(stage, pilot)
        assert asked(stage) == [Hold(site="hq", call="b", leg="b-b")]
        assert "hq has accepted it" in text(stage)
        assert "Hold 402 Stock" in text(stage)
        assert "seen" not in text(stage)
        row = next(line for line in lines(stage) if "Bent" in line and "402" in line)
        assert "»" in row
        assert "»" not in next(line for line in lines(stage) if "Anna" in line)

        stage.give(ANNA, held(BENT))
        await stage.read()
        await pilot.pause()
        assert "seen: it is held" in text(stage)
        row = next(line for line in lines(stage) if "hold" in line and "Bent" in line)
        assert "✓‖ hold" in row


async def test_a_held_call_and_an_assumed_one_talk_again_with_the_same_key() -> None:
    dim = replace(held(BENT), certainty=Certainty.ASSUMED)
    async with at_work(stage := acting_stage(held(ANNA), dim)) as pilot:
        assert "H resume" in foot(stage)
        await pilot.press("H", "j", "H")
        await answered(stage, pilot)
        assert asked(stage) == [
            Resume(site="hq", call="a", leg="a-b"),
            Resume(site="hq", call="b", leg="b-b"),
        ]


async def test_a_leg_is_acted_on_where_the_cursor_is_on_a_leg() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        await pilot.press("l", "j", "j", "P")
        await answered(stage, pilot)
        assert asked(stage) == [Park(site="hq", call="a", leg="a-b")]
        leg = next(line for line in lines(stage) if "└" in line)
        assert "»" in leg


async def test_recording_goes_on_and_off() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        await pilot.press("R")
        await answered(stage, pilot)
        await pilot.press("R")
        await answered(stage, pilot)
        assert asked(stage) == [
            Record(site="hq", call="a", leg="a-b", on=True),
            Record(site="hq", call="a", leg="a-b", on=False),
        ]


async def test_a_parked_call_is_taken_back_to_the_own_phone() -> None:
    parked = replace(
        call("p", LegState.PARKED, from_=Party("+4455", "Dora")), parked_at="701", legs=()
    )
    async with at_work(stage := acting_stage(parked)) as pilot:
        await pilot.press("5", "U")
        await answered(stage, pilot)
        assert asked(stage) == [Retrieve(site="hq", call="p", leg="", extension="447")]


@pytest.mark.parametrize("keys", [["2"], ["4"], ["4", "v"], ["3", "l", "j"], ["3", "l", "j", "j"]])
async def test_a_phone_a_lamp_a_caller_and_an_agent_stand_for_their_call(keys: list[str]) -> None:
    stage = acting_stage(ANNA, BENT, PHONE, LAMP, AGENT, QUEUE)
    async with at_work(stage) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        await pilot.press("X")
        assert "Hang up" in text(stage)
        await pilot.press("y")
        await answered(stage, pilot)
        (one,) = asked(stage)
        assert isinstance(one, Hangup)
        assert one.call == "a"
        assert "»" in text(stage)


async def test_a_paused_agent_serves_again_with_the_same_key() -> None:
    here = replace(AGENT, paused_in=("q",))
    async with at_work(stage := acting_stage(here, QUEUE)) as pilot:
        await pilot.press("3", "l", "j", "j")
        await pilot.pause()
        assert "B end pause" in foot(stage)
        await pilot.press("B")
        await answered(stage, pilot)
        (one,) = asked(stage)
        assert isinstance(one, PauseAgent)
        assert not one.paused


# --- the table -----------------------------------------------------------------------------------


def test_every_key_that_touches_is_an_upper_case_letter_or_none() -> None:
    for act in ACTS:
        if act.group is Group.TOUCH and act.keys and act.id != "call.undo":
            assert act.keys[0].isupper(), act.id
    assert BY_ID["device.reboot"].keys == ()


def test_what_has_no_key_gets_none() -> None:
    (said,) = problems({"device.reboot": "f9"})
    assert "gets no key" in said
    assert problems({"call.hold": "f9"}) == []
    assert "is given to both" in problems({"call.hold": "X"})[0]


async def test_an_action_can_have_another_key() -> None:
    stage = acting_stage(ANNA, keymap={"call.hold": "f9"})
    async with at_work(stage) as pilot:
        assert "F9 hold" in foot(stage)
        await pilot.press("H")
        assert tickets(stage) == []
        await pilot.press("f9")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1
