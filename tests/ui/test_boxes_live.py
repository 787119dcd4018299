"""A box says before anything is sent who will hear what, and when it is for nothing any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import Kind, LegState, Party, Queue, Topic
from tests.ui.acting import AGENT, ANNA, BENT, acting_stage, asked, at_work
from tests.ui.seen import lines, text
from tests.ui.stage import Stage, call

QUEUE = Queue("hq", "q", "Support", callers=())


def said(stage: Stage) -> str:
    return " ".join(line.strip() for line in lines(stage)[-6:-1])


@pytest.mark.parametrize("key", ["T", "S", "W"])
async def test_the_title_says_that_the_call_is_over(key: str) -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        await pilot.press(key)
        assert "the call is over" not in text(stage)
        for words in ("the PBX lists the call no more", "the call is over"):
            stage.give(BENT)
            await stage.read("hq")
            stage.app._tick()
            await pilot.pause()
            assert f"{words}: nothing will be sent" in lines(stage)[0]
        assert asked(stage) == []


async def test_the_title_says_that_somebody_else_is_on_the_call() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        await pilot.press("T")
        legs = (ANNA.legs[0], replace(ANNA.legs[1], to=Party("402"), extension="402"))
        stage.give(replace(ANNA, to=Party("402"), legs=legs))
        await stage.read("hq")
        stage.app._tick()
        await pilot.pause()
        assert "somebody else is on the call now" in lines(stage)[0]


async def test_a_call_that_goes_on_is_no_news() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        await pilot.press("T")
        before = lines(stage)[0]
        stage.give(ANNA)
        await stage.read("hq")
        stage.app._tick()
        await pilot.pause()
        assert lines(stage)[0] == before


async def test_the_title_says_that_the_agent_is_gone() -> None:
    stage = acting_stage(ANNA, AGENT, QUEUE)
    async with at_work(stage) as pilot:
        await pilot.press("3", "l", "j", "B")
        assert lines(stage)[0].startswith(" Pause")
        stage.give(kind=Kind.AGENTS)
        await stage.read("hq", Topic.QUEUES)
        stage.app._tick()
        await pilot.pause()
        assert "the agent is no longer shown: nothing will be sent" in lines(stage)[0]


async def test_the_sentence_stands_in_the_box_before_enter() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT), (80, 24)) as pilot:
        await pilot.press("T", *"402")
        assert "sends 402" in said(stage)
        assert "402 Stock is on a call" in said(stage)
        assert "Transfer +4411 Anna to 402 Stock: 401 Sales becomes free" in said(stage)
        assert asked(stage) == []


async def test_whoever_transfers_is_refused_where_the_number_is_typed() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        await pilot.press("T", *"401", "enter")
        await pilot.pause()
        assert stage.app.screen is not stage.app.view
        assert "401 is the phone that transfers: choose somebody else" in said(stage)
        assert asked(stage) == []


async def test_who_stops_ringing_is_said_where_a_phone_is_asked_for() -> None:
    rings = call("r", LegState.RINGING, from_=Party("+4422", "Bent"), to=Party("402", "Stock"))
    async with at_work(acting := acting_stage(rings, changed={"extension": ""})) as pilot:
        await pilot.press("A", *"305")
        assert "Answer +4422 Bent at 305: 402 Stock stops ringing" in said(acting)
