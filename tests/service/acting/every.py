"""One action of each verb, and a desk that shows what they are for."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.model import (
    Action,
    Agent,
    AgentState,
    Answer,
    CancelTransfer,
    CompleteTransfer,
    Device,
    DeviceState,
    Dial,
    Flow,
    Hangup,
    Hold,
    LampState,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    PauseAgent,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    SetFlow,
    Transfer,
    Verb,
)
from tests.service.sites import Desk, talk

HOLD = Hold(site="hq", call="c1", leg="c1-own")
HANGUP = Hangup(site="hq", call="c1")
AGENT = Agent("hq", "a1", AgentState.READY, name="Ana", extension="203", queues=("281",))
FLOW = Flow("hq", "f1", LampState.IDLE, number="7100", value="day")
PHONE = Device("hq", "d1", DeviceState.REGISTERED, extension="305", name="Workshop")
EVERY: Mapping[Verb, Action] = {
    Verb.HOLD: HOLD,
    Verb.HANGUP: HANGUP,
    Verb.TRANSFER: Transfer(site="hq", call="c1", leg="c1-own", to="305"),
    Verb.ATTENDED: Transfer(site="hq", call="c1", leg="c1-own", to="305", attended=True),
    Verb.COMPLETE: CompleteTransfer(site="hq", call="c1", leg="c1-own", to="305"),
    Verb.CANCEL: CancelTransfer(site="hq", call="c1", leg="c1-own", to="305"),
    Verb.PARK: Park(site="hq", call="c1", leg="c1-own"),
    Verb.DIAL: Dial(site="hq", from_="447", to="305"),
    Verb.PAUSE: PauseAgent(site="hq", agent="a1", queue="281"),
    Verb.FLOW: SetFlow(site="hq", flow="f1", value="night"),
    Verb.REBOOT: OnDevice(site="hq", device="d1", reboot=True),
    Verb.UNREGISTER: OnDevice(site="hq", device="d1"),
    Verb.RESUME: Resume(site="hq", call="c1", leg="c1-own"),
    Verb.RETRIEVE: Retrieve(site="hq", call="c1", extension="447"),
    Verb.ANSWER: Answer(site="hq", call="c1", extension="447"),
    Verb.DTMF: SendDtmf(site="hq", call="c1", leg="c1-own", digits="4711"),
    Verb.RECORD: Record(site="hq", call="c1", leg="c1-own", on=True),
    Verb.MONITOR: Monitor(site="hq", call="c1", leg="c1-own", extension="447"),
    Verb.UNPAUSE: PauseAgent(site="hq", agent="a1", queue="281", paused=False),
    Verb.LOGIN: LogAgent(site="hq", agent="a1", queue="281"),
    Verb.LOGOUT: LogAgent(site="hq", agent="a1", queue="281", in_=False),
}


def desk(*more: object) -> Desk:
    made = Desk()
    made.show(talk(), AGENT, FLOW, PHONE, *more)  # type: ignore[arg-type]
    return made
