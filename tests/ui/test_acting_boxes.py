"""Keys that ask first what they need: the box, and what the PBX is asked after it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from pbxtui.model import (
    Action,
    Answer,
    Call,
    Certainty,
    Device,
    DeviceState,
    Dial,
    Flow,
    LampState,
    LegState,
    LogAgent,
    Monitor,
    Party,
    PauseAgent,
    Queue,
    SendDtmf,
    SetFlow,
    Transfer,
)
from tests.ui.acting import AGENT, ANNA, acting_stage, answered, asked, at_work, tickets
from tests.ui.seen import lines, text
from tests.ui.stage import call

RINGS = call("r", LegState.RINGING, from_=Party("+4422", "Bent"), to=Party("402", "Stock"))
WORKSHOP = Device("hq", "p305", DeviceState.REGISTERED, extension="305", name="Workshop")
OFF = Device("hq", "p306", DeviceState.UNREGISTERED, extension="306", name="Old workshop")
OWN = Device("hq", "p447", DeviceState.REGISTERED, extension="447", name="Front desk")
QUEUE = Queue("hq", "q", "Support", callers=())
NIGHT = Flow("hq", "7100", LampState.IDLE, number="7100", name="Night")
OFFICE = (ANNA, WORKSHOP, OFF, OWN, AGENT, QUEUE, NIGHT)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (["T", "/", *"305", "enter"], Transfer(site="hq", call="a", leg="a-b", to="305")),
        (
            ["T", "/", *"305", "ctrl+t"],
            Transfer(site="hq", call="a", leg="a-b", to="305", attended=True),
        ),
        (["D", "/", "enter"], Dial(site="hq", from_="447", to="+4411")),
        (["S", "/", *"12", "enter"], SendDtmf(site="hq", call="a", leg="a-b", digits="12")),
        (["W", "/", "enter"], Monitor(site="hq", call="a", leg="a-b", extension="447")),
    ],
    ids=["blind", "attended", "dial", "tones", "listen"],
)
async def test_a_call(keys: list[str], wanted: Action) -> None:
    async with at_work(stage := acting_stage(*OFFICE)) as pilot:
        await _typed(pilot, keys)
        assert text(stage)
        await answered(stage, pilot)
        assert asked(stage) == [wanted]
        assert "accepted" in text(stage)


async def _typed(pilot: Pilot[None], keys: list[str]) -> None:
    """Press keys; ``/`` waits for the box."""
    for key in keys:
        if key == "/":
            await pilot.pause()
        else:
            await pilot.press(key)
    await pilot.pause()


async def test_ringing_is_answered_at_the_own_phone() -> None:
    async with at_work(stage := acting_stage(RINGS, *OFFICE[1:])) as pilot:
        assert "A answer" in lines(stage)[-1]
        await pilot.press("A")
        await answered(stage, pilot)
        (one,) = asked(stage)
        assert isinstance(one, Answer)
        assert (one.call, one.extension) == ("r", "447")


async def test_without_an_own_phone_it_is_asked_which() -> None:
    stage = acting_stage(RINGS, *OFFICE[1:], changed={"extension": ""})
    async with at_work(stage) as pilot:
        await _typed(pilot, ["A", "/", *"447", "enter"])
        await answered(stage, pilot)
        (one,) = asked(stage)
        assert isinstance(one, Answer)
        assert one.extension == "447"


async def test_a_phone_that_is_off_is_said_before_the_call_is_sent_there() -> None:
    async with at_work(stage := acting_stage(*OFFICE)) as pilot:
        await _typed(pilot, ["T", "/", *"306", "enter"])
        assert asked(stage) == []
        assert "! 306 Old workshop is off" in text(stage)
        await pilot.press("n")
        await pilot.pause()
        assert asked(stage) == []
        assert tickets(stage) == []


async def test_what_an_attended_transfer_would_do_is_said_beside_the_blind_one() -> None:
    async with at_work(stage := acting_stage(*OFFICE)) as pilot:
        await _typed(pilot, ["T", "/", *"305"])
        assert "Transfer +4411 Anna to 305 Workshop: 401 Sales becomes free" in text(stage)
        assert "or transfer +4411 Anna to 305 Workshop, attended" in text(stage)
        assert "meanwhile +4411 Anna hears" in text(stage)


async def test_on_a_low_screen_a_box_has_its_list_and_its_keys_and_cuts_what_is_said() -> None:
    async with at_work(stage := acting_stage(*OFFICE), (40, 10)) as pilot:
        await _typed(pilot, ["T", "/", *"305"])
        shown = lines(stage)
        assert "305" in shown[3]
        assert "Enter" in shown[-1]
        assert shown[-2].endswith("…")
        assert all("▄" not in line for line in shown)


async def test_leaving_the_box_does_nothing() -> None:
    async with at_work(stage := acting_stage(*OFFICE)) as pilot:
        await _typed(pilot, ["T", "/", *"305", "escape", "escape"])
        assert asked(stage) == []
        assert tickets(stage) == []


async def test_what_happened_while_the_box_was_open_is_found_out() -> None:
    async with at_work(stage := acting_stage(*OFFICE)) as pilot:
        await _typed(pilot, ["T", "/", *"305"])
        stage.give(replace(ANNA, state=LegState.ENDED, legs=()))
        await stage.read()
        await _typed(pilot, ["enter"])
        await answered(stage, pilot)
        assert asked(stage) == []
        assert "nothing was sent: the call is over" in text(stage)


async def test_an_agent_is_paused_with_a_reason_and_logged_out_and_in() -> None:
    async with at_work(stage := acting_stage(*OFFICE)) as pilot:
        await pilot.press("3", "l", "j", "j")
        await pilot.pause()
        await pilot.press("G")
        await _typed(pilot, ["B", "/", *"lunch", "enter", "y"])
        await answered(stage, pilot)
        (one,) = asked(stage)
        assert isinstance(one, PauseAgent)
        assert (one.agent, one.paused, one.reason) == ("ag", True, "lunch")
        await _typed(pilot, ["O", "/", "y"])
        await answered(stage, pilot)
        assert isinstance(asked(stage)[-1], LogAgent)
        assert not getattr(asked(stage)[-1], "in_", True)


async def test_a_flow_is_set() -> None:
    async with at_work(stage := acting_stage(NIGHT)) as pilot:
        await pilot.press("4")
        await pilot.pause()
        assert "F set" in lines(stage)[-1]
        await _typed(pilot, ["F", "/", "enter"])
        await answered(stage, pilot)
        (one,) = asked(stage)
        assert isinstance(one, SetFlow)
        assert one.state is LampState.IN_USE


async def test_what_is_typed_after_the_command_stands_in_the_box() -> None:
    async with at_work(stage := acting_stage(*OFFICE)) as pilot:
        await pilot.press("colon")
        await pilot.pause()
        await _typed(pilot, [*"transfer", "space", *"305", "enter", "/"])
        assert asked(stage) == []
        await _typed(pilot, ["enter"])
        await answered(stage, pilot)
        (one,) = asked(stage)
        assert isinstance(one, Transfer)
        assert one.to == "305"


async def test_an_attended_transfer_is_completed_and_cancelled_by_key() -> None:
    async with at_work(stage := acting_stage(_consulting(), *OFFICE[1:])) as pilot:
        assert "C hand over" in lines(stage)[-1]
        assert "E go back" in lines(stage)[-1]
        await pilot.press("C")
        await answered(stage, pilot)
        assert [type(one).__name__ for one in asked(stage)] == ["CompleteTransfer"]
    async with at_work(stage := acting_stage(_consulting(), *OFFICE[1:])) as pilot:
        await pilot.press("E")
        await answered(stage, pilot)
        assert [type(one).__name__ for one in asked(stage)] == ["CancelTransfer"]


def _consulting() -> Call:
    """Anna waits alone, held; the desk talks with the workshop."""
    waits = replace(ANNA.legs[0], state=LegState.HELD, bridge="b-1", certainty=Certainty.SEEN)
    desk = replace(ANNA.legs[1], bridge="b-2")
    asked_ = replace(
        ANNA.legs[1],
        id="a-c",
        extension="305",
        from_=Party("401", "Sales"),
        to=Party("305", "Workshop"),
        bridge="b-2",
        started=(desk.started or 0.0) + 30.0,
        since=(desk.started or 0.0) + 30.0,
    )
    return replace(ANNA, state=LegState.TALKING, legs=(waits, desk, asked_))
