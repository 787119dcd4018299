"""Actions that are typed as commands with words, and those for several marked rows."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from pbxtui.model import (
    Agent,
    AgentState,
    Device,
    DeviceState,
    Flow,
    LampState,
    LogAgent,
    Party,
    Queue,
    SetFlow,
    Transfer,
)
from pbxtui.service.recents import Recent
from tests.ui.acting import acting_stage, answered, asked, at_work
from tests.ui.seen import lines, text
from tests.ui.stage import Stage, call

ANNA = call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales"), age=30)
BENT = call("b", from_=Party("+4422", "Bent"), to=Party("402", "Stock"), age=20)
THERE = call("c", site="branch", from_=Party("+4433", "Carla"), to=Party("201", "Shop"), age=10)
PHONES = (
    Device("hq", "p305", DeviceState.REGISTERED, extension="305", name="Workshop"),
    Device("hq", "p306", DeviceState.REGISTERED, extension="306", name="[b]Old[/b] workshop"),
    Device("branch", "p305", DeviceState.REGISTERED, extension="305", name="Lift"),
)
QUEUES = (Queue("hq", "q", "Support", callers=()), Queue("hq", "s", "Sales", callers=()))
AGENT = Agent("hq", "ag", AgentState.READY, name="Nia", extension="401", queues=("q", "s"))
ALONE = Agent("hq", "al", AgentState.PAUSED, name="Zoe", extension="402", queues=("s",),
              paused_in=("s",))  # fmt: skip
NIGHT = Flow("hq", "7100", LampState.IDLE, number="7100", name="Night", value="day")


async def line(pilot: Pilot[Any], text: str, *after: str) -> None:
    await pilot.press("colon", *("space" if sign == " " else sign for sign in text))
    await pilot.press(*(after or ("enter",)))
    await pilot.pause()


def office(*more: Any, sites: tuple[str, ...] = ("hq", "branch")) -> Stage:
    return acting_stage(ANNA, BENT, *PHONES, *more, sites=sites)


def begun(stage: Stage) -> str:
    found = stage.app.view.command_line
    return found.field.value if found is not None else ""


async def test_a_target_is_completed_by_its_name_and_sent() -> None:
    async with at_work(stage := office()) as pilot:
        await line(pilot, "transfer wor", "tab")
        assert begun(stage).strip() == "transfer 305 Workshop"
        assert "[b]Old[/b]" in lines(stage)[-1]
        await pilot.press("enter")
        await pilot.pause()
        assert "sends 305" in text(stage)
        await pilot.press("enter")
        await answered(stage, pilot)
        assert asked(stage) == [Transfer(site="hq", call="a", leg="a-b", to="305")]


async def test_only_those_of_the_row_s_site_are_offered_and_the_last_first() -> None:
    async with at_work(stage := office()) as pilot:
        assert stage.app.hand.recents is not None
        stage.app.hand.recents.note(Recent("hq", "+4570101112", "Ferry"))
        await line(pilot, "transfer ", "tab")
        assert begun(stage) == "transfer +4570101112 Ferry"
        await pilot.press("tab")
        assert begun(stage) == "transfer 305 Workshop"
        assert "Lift" not in lines(stage)[-1]


async def test_a_queue_that_is_named_is_the_one_that_is_left() -> None:
    async with at_work(stage := office(AGENT, *QUEUES, sites=("hq",))) as pilot:
        await pilot.press("3", "l", "j")
        await line(pilot, "logout sal")
        await pilot.press("enter", "y")
        await answered(stage, pilot)
        assert asked(stage) == [LogAgent(site="hq", agent="ag", queue="s", in_=False)]


async def test_a_queue_that_the_agent_does_not_serve_is_not_taken_for_another() -> None:
    async with at_work(stage := office(ALONE, *QUEUES, sites=("hq",))) as pilot:
        await pilot.press("3", "l", "j")
        await line(pilot, "logout support")
        assert "none of them has that in its name" in text(stage)
        await pilot.press("enter")
        assert asked(stage) == []


async def test_a_reason_does_not_end_a_pause() -> None:
    async with at_work(stage := office(ALONE, *QUEUES, sites=("hq",))) as pilot:
        await pilot.press("3", "l", "j")
        await line(pilot, "pause lunch")
        assert "“unpause” takes no “lunch” here" in text(stage)
        assert asked(stage) == []


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("in_use", SetFlow(site="hq", flow="7100", state=LampState.IN_USE)),
        ("Ringing", SetFlow(site="hq", flow="7100", state=LampState.RINGING)),
        ("holiday", SetFlow(site="hq", flow="7100", value="holiday")),
    ],
)
async def test_a_flow_gets_the_state_or_the_value_that_is_named(
    words: str, wanted: SetFlow
) -> None:
    async with at_work(stage := acting_stage(NIGHT)) as pilot:
        await pilot.press("4")
        await line(pilot, f"set {words}")
        await pilot.press("enter")
        await answered(stage, pilot)
        assert asked(stage) == [wanted]


@pytest.mark.parametrize("page", ["d", "y"])
async def test_a_command_can_be_typed_on_the_pages_of_a_row(page: str) -> None:
    async with at_work(stage := office()) as pilot:
        stage.backends["hq"].raws["a"] = "{}"
        await pilot.press(page)
        assert stage.app.screen is not stage.app.view
        await line(pilot, "transfer 305")
        assert lines(stage)[0].startswith(" Transfer  +4411 Anna")


async def test_a_box_for_marked_rows_says_for_how_many() -> None:
    async with at_work(stage := office(sites=("hq",))) as pilot:
        await pilot.press("space", "space")
        await line(pilot, "transfer 305")
        assert lines(stage)[0].strip() == "Transfer  2 marked rows"
        await pilot.press("enter", "2", "enter")
        await answered(stage, pilot)
        assert {one.call for one in asked(stage) if isinstance(one, Transfer)} <= {"a", "b"}


async def test_a_number_is_not_one_for_two_pbxs() -> None:
    stage = acting_stage(ANNA, THERE, *PHONES, sites=("hq", "branch"))
    async with at_work(stage) as pilot:
        await pilot.press("space", "space", "T")
        assert stage.app.screen is stage.app.view
        assert "the marked rows are at hq and branch" in text(stage)
        assert asked(stage) == []
        assert asked(stage, "branch") == []
