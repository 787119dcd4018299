"""What should be known before anything is sent is said with the sentence."""

from __future__ import annotations

import pytest

from pbxtui.model import (
    Agent,
    AgentState,
    Caller,
    Device,
    DeviceState,
    Dial,
    LampState,
    LegState,
    LogAgent,
    PauseAgent,
    Queue,
    Transfer,
)
from pbxtui.service.acting.sentence import sentence
from tests.service.acting.pictures import CALL, OWN, at, lamp, phone
from tests.service.sites import WORKSHOP, talk


@pytest.mark.parametrize(
    ("things", "warning"),
    [
        ((phone(), lamp()), ""),
        ((phone(),), ""),
        (
            (phone(state=DeviceState.UNREGISTERED), lamp()),
            "305 Workshop is off: its phone is not registered",
        ),
        (
            (phone(state=DeviceState.UNREACHABLE),),
            "305 Workshop is off: its phone does not answer the PBX",
        ),
        ((phone(), lamp(state=LampState.DND)), "305 Workshop is on do not disturb"),
        ((phone(), lamp(state=LampState.IN_USE)), "305 Workshop is on a call"),
        ((phone(), lamp(state=LampState.RINGING)), "305 Workshop is ringing"),
        (
            (lamp(state=LampState.UNAVAILABLE),),
            "305 is off: its lamp says unavailable",
        ),
        ((phone(), talk("c2", desk=WORKSHOP)), "305 Workshop is on a call"),
        (
            (phone(), talk("c2", LegState.RINGING, desk=WORKSHOP)),
            "305 Workshop is ringing already",
        ),
        ((phone("306"),), "305 is no phone that hq shows"),
        ((), ""),
        (
            (phone(), Device("hq", "d2", DeviceState.UNREGISTERED, extension="305")),
            "",
        ),
    ],
)
def test_a_target_that_will_not_answer_is_said_before(
    things: tuple[object, ...], warning: str
) -> None:
    told = sentence(Transfer(**OWN, to="305"), at(CALL, *things))
    assert told.warnings == ((warning,) if warning else ())


def test_pausing_the_last_one_is_said_with_who_waits() -> None:
    queue = Queue("hq", "281", "support", callers=(Caller("1", 1), Caller("2", 2)))
    ana = Agent("hq", "a1", AgentState.READY, name="Ana", queues=("281",))
    ben = Agent("hq", "a2", AgentState.PAUSED, name="Ben", queues=("281",))
    cleo = Agent("hq", "a3", AgentState.TALKING, name="Cleo", queues=("281",))
    action = PauseAgent(site="hq", agent="a1", queue="281")
    assert sentence(action, at(queue, ana, ben)).warnings == (
        "nobody else takes the calls of support, 2 callers wait",
    )
    assert sentence(action, at(queue, ana, ben, cleo)).warnings == ()
    out = LogAgent(site="hq", agent="a1", queue="281", in_=False)
    assert sentence(out, at(queue, ana)).warnings


def test_a_phone_that_would_ring_itself_is_said() -> None:
    told = sentence(Dial(site="hq", from_="305", to="305"), at(phone(), lamp()))
    assert told.warnings == ("it would ring itself",)


def test_dialling_from_a_phone_that_is_off_is_said() -> None:
    off = phone("447", DeviceState.UNREGISTERED, "Front desk")
    told = sentence(Dial(site="hq", from_="447", to="305"), at(off, phone(), lamp()))
    assert told.warnings == ("447 Front desk is off: its phone is not registered",)
