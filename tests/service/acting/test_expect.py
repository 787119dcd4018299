"""Each action knows what should be seen after it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from pbxtui.model import (
    CAN,
    Action,
    Agent,
    AgentState,
    Answer,
    Call,
    Capability,
    Certainty,
    Device,
    DeviceState,
    Dial,
    Direction,
    Flow,
    Hangup,
    Hold,
    LampState,
    LegState,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    Party,
    PauseAgent,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    SetFlow,
    Snapshot,
    Topic,
    Transfer,
)
from pbxtui.service.acting.expect import expect
from tests.service.acting.pictures import OUT, OWN, WHOLE, at
from tests.service.acting.worlds import ACTIONS, SNAPSHOTS
from tests.service.sites import DESK, WORKSHOP, leg, talk

CALL = talk()
ENDED = talk(state=LegState.ENDED)
LOST = talk(state=LegState.LOST)
HELD = talk(own=LegState.HELD)
LEFT = replace(CALL, legs=(CALL.legs[0], replace(CALL.legs[1], state=LegState.ENDED)))
AWAY = Party("+4570101112")
SENT_ON = replace(
    CALL, legs=(CALL.legs[0], leg("new", LegState.RINGING, to=WORKSHOP, extension="305"))
)
SENT_OUT = replace(
    CALL, legs=(CALL.legs[0], leg("new", LegState.RINGING, from_=DESK, to=AWAY, bridge=""))
)
PARKED = replace(CALL, state=LegState.PARKED, parked_at="701", legs=CALL.legs[:1])
CLOUD = replace(CALL, legs=(replace(CALL.legs[1], bridge=""),))
ANA = Agent("hq", "a1", AgentState.READY, queues=("281", "282"))
PHONE = Device("hq", "d1", DeviceState.REGISTERED, extension="305")
FLOW = Flow("hq", "f1", LampState.IDLE, value="day")
DIAL = Dial(site="hq", from_="447", to="305")
DIALLED = Call("hq", "c9", LegState.RINGING, from_=DESK, to=WORKSHOP)
RINGING = talk(state=LegState.RINGING)
CONSULT = Call(
    "hq",
    "c2",
    LegState.RINGING,
    direction=Direction.INTERNAL,
    from_=DESK,
    to=WORKSHOP,
    legs=(leg("x", LegState.RINGING, from_=DESK, to=WORKSHOP, extension="305"),),
)


def agent(**changed: object) -> Agent:
    return replace(ANA, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "before", "now", "seen"),
    [
        (Hangup(**WHOLE), (CALL,), (CALL,), False),
        (Hangup(**WHOLE), (CALL,), (LOST,), False),
        (Hangup(**WHOLE), (CALL,), (ENDED,), True),
        (Hangup(**WHOLE), (CALL,), (), True),
        (Hangup(**OWN), (CALL,), (replace(CALL, legs=CALL.legs[:1]),), True),
        (Hangup(**OUT), (CALL,), (LEFT,), False),
        (Hangup(**OWN), (CALL,), (LEFT,), True),
        (Hangup(**OWN), (CALL,), (LOST,), False),
        (Hold(**OWN), (CALL,), (HELD,), True),
        (Hold(**OUT), (CALL,), (HELD,), False),
        (Hold(**OWN), (CALL,), (CALL,), False),
        (
            Hold(**OWN),
            (CALL,),
            (
                replace(
                    HELD,
                    legs=(HELD.legs[0], replace(HELD.legs[1], certainty=Certainty.ASSUMED)),
                ),
            ),
            False,
        ),
        (Resume(**OWN), (HELD,), (CALL,), True),
        (Resume(**OWN), (HELD,), (HELD,), False),
        (Transfer(**OWN, to="305"), (CALL,), (SENT_ON,), True),
        (Transfer(**OWN, to="305"), (CALL,), (CALL,), False),
        (Transfer(**OWN, to="305"), (SENT_ON,), (SENT_ON,), False),
        (Transfer(**OWN, to="306"), (CALL,), (SENT_ON,), False),
        (Transfer(**OWN, to="004570101112"), (CALL,), (SENT_OUT,), False),
        (Transfer(**OWN, to="+45 70 10 11 12"), (CLOUD,), (), True),
        (Transfer(**OWN, to="+45 70 10 11 12"), (CLOUD,), (CLOUD,), False),
        (Transfer(**OWN, to="305", attended=True), (CALL,), (HELD, CONSULT), True),
        (Transfer(**OWN, to="305", attended=True), (CALL,), (HELD,), False),
        (
            Transfer(**OWN, to="305", attended=True),
            (HELD, talk("c2", caller=WORKSHOP)),
            (replace(CALL, legs=CALL.legs[:1]),),
            True,
        ),
        (Park(**OWN), (CALL,), (PARKED,), True),
        (Park(**OWN), (CALL,), (CALL,), False),
        (Park(**OWN), (CALL,), (replace(PARKED, id="c7"),), True),
        (Park(**OWN), (CALL,), (replace(PARKED, certainty=Certainty.ASSUMED),), False),
        (Retrieve(**WHOLE, extension="305"), (PARKED,), (SENT_ON,), True),
        (Retrieve(**WHOLE, extension="305"), (PARKED,), (PARKED,), False),
        (Answer(**WHOLE, extension="447"), (RINGING,), (CALL,), True),
        (Answer(**WHOLE, extension="305"), (RINGING,), (CALL,), False),
        (Answer(**WHOLE), (RINGING,), (CALL,), True),
        (Answer(**WHOLE, extension="305"), (RINGING,), (SENT_ON,), True),
        (DIAL, (), (DIALLED,), True),
        (DIAL, (DIALLED,), (DIALLED,), False),
        (DIAL, (), (talk("c9", LegState.RINGING, caller=WORKSHOP),), True),
        (DIAL, (), (talk("c9", caller=AWAY, desk=WORKSHOP),), False),
        (Monitor(**OWN, extension="305"), (CALL,), (CALL, CONSULT), True),
        (Monitor(**OWN, extension="305"), (CALL,), (CALL,), False),
        (PauseAgent(site="hq", agent="a1"), (ANA,), (agent(state=AgentState.PAUSED),), True),
        (PauseAgent(site="hq", agent="a1"), (ANA,), (agent(paused_in=("281",)),), False),
        (PauseAgent(site="hq", agent="a1"), (ANA,), (agent(paused_in=("281", "282")),), True),
        (PauseAgent(site="hq", agent="a1", queue="281"), (ANA,), (ANA,), False),
        (
            PauseAgent(site="hq", agent="a1", queue="281"),
            (ANA,),
            (agent(paused_in=("281",)),),
            True,
        ),
        (PauseAgent(site="hq", agent="a1", paused=False), (ANA,), (ANA,), True),
        (PauseAgent(site="hq", agent="a1"), (ANA,), (), False),
        (LogAgent(site="hq", agent="a1"), (), (ANA,), True),
        (LogAgent(site="hq", agent="a1"), (), (), False),
        (LogAgent(site="hq", agent="a1", in_=False), (ANA,), (ANA,), False),
        (
            LogAgent(site="hq", agent="a1", in_=False),
            (ANA,),
            (agent(state=AgentState.LOGGED_OUT),),
            True,
        ),
        (
            LogAgent(site="hq", agent="a1", queue="281", in_=False),
            (ANA,),
            (agent(queues=("282",)),),
            True,
        ),
        (SetFlow(site="hq", flow="f1", value="night"), (FLOW,), (FLOW,), False),
        (SetFlow(site="hq", flow="f1", value="night"), (), (replace(FLOW, value="night"),), True),
        (SetFlow(site="hq", flow="f1", state=LampState.IN_USE), (FLOW,), (FLOW,), False),
        (OnDevice(site="hq", device="d1"), (PHONE,), (PHONE,), False),
        (
            OnDevice(site="hq", device="d1"),
            (PHONE,),
            (replace(PHONE, state=DeviceState.UNREGISTERED),),
            True,
        ),
    ],
)
def test_the_effect_is_seen_where_it_is(
    action: Action, before: tuple[object, ...], now: tuple[object, ...], seen: bool
) -> None:
    expectation = expect(action, at(*before), CAN)
    assert expectation.seen is not None
    assert expectation.seen(at(*now)) is seen


@pytest.mark.parametrize(
    "action", [SendDtmf(**OWN, digits="1"), Record(**OWN, on=True), Record(**OWN, on=False)]
)
def test_what_no_reading_shows_is_not_observable(action: Action) -> None:
    assert expect(action, at(CALL), CAN).seen is None


def test_what_this_pbx_never_shows_is_not_observable() -> None:
    hidden = Capability(True, shown=False)
    expectation = expect(Hold(**OWN), at(CALL), hidden)
    assert expectation.seen is None
    assert not expectation.shown


def test_sent_outside_where_lines_are_not_shown_it_is_also_assumed() -> None:
    assert not expect(Transfer(**OWN, to=AWAY.number), at(CLOUD), CAN).shown
    assert expect(Transfer(**OWN, to=AWAY.number), at(CALL), CAN).shown
    assert expect(Transfer(**OWN, to="305"), at(CLOUD), CAN).shown


def test_each_is_looked_for_where_it_shows() -> None:
    topics: dict[Topic, Action] = {
        Topic.CALLS: Hold(**OWN),
        Topic.QUEUES: PauseAgent(site="hq", agent="a1"),
        Topic.LAMPS: SetFlow(site="hq", flow="f1", value="x"),
        Topic.DEVICES: OnDevice(site="hq", device="d1"),
    }
    for topic, action in topics.items():
        assert expect(action, at(CALL), CAN).topic is topic


@settings(max_examples=150)
@given(ACTIONS, SNAPSHOTS, SNAPSHOTS)
def test_whatever_is_shown_it_is_seen_or_not(
    action: Action, before: Snapshot, now: Snapshot
) -> None:
    expectation = expect(action, before, CAN)
    assert expectation.words
    if expectation.seen is not None:
        assert expectation.seen(now) in (True, False)
