"""What becomes of agents, flows and phones, said before anything is sent."""

from __future__ import annotations

import pytest

from pbxtui.model import (
    Action,
    Agent,
    AgentState,
    Flow,
    LampState,
    LogAgent,
    OnDevice,
    PauseAgent,
    Queue,
    SetFlow,
)
from tests.service.acting.pictures import lamp, phone, said


@pytest.mark.parametrize(
    ("action", "things", "words"),
    [
        (
            PauseAgent(site="hq", agent="a1", queue="281", reason="lunch"),
            (Agent("hq", "a1", AgentState.READY, name="Ana", extension="203", queues=("281",)),),
            "Pause 203 Ana in 281 (lunch): its callers ring there no more",
        ),
        (
            PauseAgent(site="hq", agent="a1", paused=False),
            (
                Agent("hq", "a1", AgentState.PAUSED, name="Ana", queues=("281", "282")),
                Queue("hq", "281", "support"),
                Queue("hq", "282", "sales"),
            ),
            "End the pause of Ana in support and sales: its callers ring there again",
        ),
        (
            LogAgent(site="hq", agent="203", queue="281"),
            (),
            "Log 203 in to 281: its callers ring there from now on",
        ),
        (
            SetFlow(site="hq", flow="1", state=LampState.IN_USE),
            (Flow("hq", "1", LampState.IDLE, number="7100", name="Night", value="day"),),
            "Set 7100 Night to in use (now idle day): calls through it are routed so at once",
        ),
        (
            OnDevice(site="hq", device="d305"),
            (phone(), lamp()),
            "Unregister the phone 305 Workshop: it cannot be called until it registers again; "
            "305 is registered, idle",
        ),
        (
            OnDevice(site="hq", device="d305", reboot=True),
            (phone(),),
            "Restart the phone 305 Workshop: it cannot be called until it is back",
        ),
    ],
)
def test_the_sentence_says_what_becomes_of_whom(
    action: Action, things: tuple[object, ...], words: str
) -> None:
    assert said(action, *things) == words
