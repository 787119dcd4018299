"""Who will hear what, said before anything is sent: examples, and that it never fails."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.model import (
    Action,
    Agent,
    AgentState,
    Answer,
    Call,
    Caller,
    Device,
    DeviceState,
    Dial,
    Direction,
    Flow,
    Hangup,
    Hold,
    Lamp,
    LampState,
    Leg,
    LegState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    Party,
    PauseAgent,
    Queue,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    SetFlow,
    Snapshot,
    Transfer,
)
from pbxtui.service.acting.sentence import LONGEST, sentence
from tests.service.acting.worlds import ACTIONS, HOSTILE, SNAPSHOTS
from tests.service.sites import DESK, TAXI, WORKSHOP, leg, talk

TAXI_WORDS = "+442079460958 Harbour Taxi"
DESK_WORDS = "447 Front desk"
LAB = Party("220", "Lab")


class Where(TypedDict):
    """How an action names a leg."""

    site: str
    call: str
    leg: str


JOINERS = "\u200c\u200d"


def phone(
    extension: str = "305",
    state: DeviceState = DeviceState.REGISTERED,
    name: str = "Workshop",
) -> Device:
    return Device("hq", f"d{extension}", state, extension=extension, name=name)


def lamp(extension: str = "305", state: LampState = LampState.IDLE) -> Lamp:
    return Lamp("hq", f"l{extension}", state, extension=extension)


def at(*things: object) -> Snapshot:
    """A snapshot of ``hq`` with these things."""

    def of(kind: type) -> dict[str, object]:
        return {thing.id: thing for thing in things if isinstance(thing, kind)}  # type: ignore[attr-defined]

    return Snapshot("hq", of(Call), of(Device), of(Queue), of(Agent), of(Lamp), of(Flow))  # type: ignore[arg-type]


def said(action: Action, *things: object) -> str:
    return sentence(action, at(*things)).text


CALL = talk()
OWN: Where = {"site": "hq", "call": "c1", "leg": "c1-own"}
OUT: Where = {"site": "hq", "call": "c1", "leg": "c1-out"}
WHOLE: Where = {"site": "hq", "call": "c1", "leg": ""}
RINGING = talk(state=LegState.RINGING)
QUEUED = Call(
    "hq",
    "c1",
    LegState.QUEUED,
    direction=Direction.INBOUND,
    from_=TAXI,
    to=Party("", "support"),
    queue="support",
    legs=(leg("c1-out", LegState.QUEUED, to=Party("", "support"), bridge=""),),
)
TWO_PHONES = replace(RINGING, legs=(*RINGING.legs, replace(RINGING.legs[1], id="c1-second")))
PARKED = Call(
    "hq",
    "c1",
    LegState.PARKED,
    direction=Direction.INBOUND,
    from_=TAXI,
    to=Party("701"),
    parked_at="701",
    legs=(leg("c1-out", LegState.PARKED, to=Party("701"), bridge=""),),
)
THREE = replace(
    CALL,
    legs=(
        *CALL.legs,
        leg("c1-third", to=LAB, extension="220", bridge="b-c1"),
    ),
)
UNBRIDGED = replace(THREE, legs=tuple(replace(each, bridge="") for each in THREE.legs))
CLOUD = replace(CALL, legs=(replace(CALL.legs[1], bridge=""),))
"""As a PBX shows it that lists its own phones alone."""


@pytest.mark.parametrize(
    ("action", "things", "words"),
    [
        (Hold(**OWN), (CALL,), f"Hold {DESK_WORDS}: {TAXI_WORDS} hears music"),
        (Hold(**OUT), (CALL,), f"Hold {TAXI_WORDS}: {DESK_WORDS} hears music"),
        (Hold(**OWN), (CLOUD,), f"Hold {DESK_WORDS}: {TAXI_WORDS} hears music"),
        (Hold(**OWN), (THREE,), f"Hold {DESK_WORDS}: {TAXI_WORDS} and 220 Lab hear music"),
        (
            Hold(**OWN),
            (UNBRIDGED,),
            f"Hold {DESK_WORDS}: who hears music is not known, hq does not show it",
        ),
        (
            Resume(**OWN),
            (talk(own=LegState.HELD),),
            f"Resume {DESK_WORDS}: {TAXI_WORDS} hears 447 again",
        ),
        (
            Hangup(**WHOLE),
            (CALL,),
            f"Hang up the call of {TAXI_WORDS} and {DESK_WORDS}: it ends for both",
        ),
        (
            Hangup(**WHOLE),
            (CLOUD,),
            f"Hang up the call of {DESK_WORDS} and {TAXI_WORDS}: it ends for both",
        ),
        (
            Hangup(**WHOLE),
            (THREE,),
            f"Hang up the call of {TAXI_WORDS}, {DESK_WORDS} and 220 Lab: it ends for all three",
        ),
        (
            Hangup(**OWN),
            (CALL,),
            f"Hang up the leg of {DESK_WORDS}: {TAXI_WORDS} is cut off, too",
        ),
        (
            Hangup(**OWN),
            (THREE,),
            f"Hang up the leg of {DESK_WORDS}: {TAXI_WORDS} and 220 Lab go on without it",
        ),
        (
            Hangup(**OWN),
            (UNBRIDGED,),
            f"Hang up the leg of {DESK_WORDS}: whether the others go on is not known",
        ),
        (
            Hangup(**WHOLE),
            (RINGING,),
            f"Hang up the call from {TAXI_WORDS}, not answered yet: {DESK_WORDS} stops ringing",
        ),
        (
            Hangup(**OWN),
            (RINGING,),
            f"Hang up the leg of {DESK_WORDS}: 447 stops ringing",
        ),
        (
            Hangup(**WHOLE),
            (TWO_PHONES,),
            f"Hang up the call from {TAXI_WORDS}, not answered yet: {DESK_WORDS} stops ringing",
        ),
        (
            Hangup(**WHOLE),
            (QUEUED,),
            f"Hang up {TAXI_WORDS}, who waits in support: the caller is cut off",
        ),
        (Hangup(**WHOLE), (PARKED,), f"Hang up {TAXI_WORDS}, parked at 701: the call ends"),
        (
            Transfer(**OWN, to="305"),
            (CALL, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} becomes free; "
            "305 is registered, idle",
        ),
        (
            Transfer(**OUT, to="305"),
            (CALL, phone()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} becomes free; "
            "305 is registered, on no call that is shown",
        ),
        (
            Transfer(**OWN, to="305"),
            (CLOUD, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} becomes free; "
            "305 is registered, idle",
        ),
        (
            Transfer(**OWN, to="305"),
            (CALL, talk("c2", LegState.HELD, caller=Party("+4570101112")), phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} has another call yet; "
            "305 is registered, idle",
        ),
        (
            Transfer(**WHOLE, to="305"),
            (QUEUED, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: 305 is registered, idle",
        ),
        (
            Transfer(**WHOLE, to="305"),
            (RINGING, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop: {DESK_WORDS} stops ringing; "
            "305 is registered, idle",
        ),
        (
            Transfer(**OWN, to="305"),
            (UNBRIDGED, phone(), lamp()),
            f"Transfer {TAXI_WORDS} and 220 Lab to 305 Workshop: who leaves the call is not "
            "known; 305 is registered, idle",
        ),
        (
            Transfer(**OWN, to="+45 70 10 11 12"),
            (CALL,),
            f"Transfer {TAXI_WORDS} to +45 70 10 11 12: {DESK_WORDS} becomes free; "
            "+45 70 10 11 12 is outside, whether it answers is not known",
        ),
        (
            Transfer(**OWN, to="281"),
            (CALL, Queue("hq", "281", "support", callers=(Caller("x", 1),), available=2)),
            f"Transfer {TAXI_WORDS} to 281 support: {DESK_WORDS} becomes free; "
            "281 is a queue, waiting: 1, agents ready: 2",
        ),
        (
            Transfer(**OWN, to="305", attended=True),
            (CALL, phone(), lamp()),
            f"Transfer {TAXI_WORDS} to 305 Workshop, attended: {DESK_WORDS} asks 305 first, "
            f"meanwhile {TAXI_WORDS} hears music; 305 is registered, idle",
        ),
        (
            Transfer(**OWN, to="305", attended=True),
            (CALL, talk("c2", caller=WORKSHOP), phone()),
            f"Connect {TAXI_WORDS} with 305 Workshop: they hear each other, "
            f"{DESK_WORDS} becomes free",
        ),
        (
            Park(**OWN),
            (CALL,),
            f"Park {TAXI_WORDS}: +442079460958 hears music until taken back; "
            f"{DESK_WORDS} becomes free",
        ),
        (
            Park(**OWN),
            (UNBRIDGED,),
            f"Park the call of {TAXI_WORDS} and {DESK_WORDS}: who waits and who leaves is not "
            "known",
        ),
        (
            Retrieve(**WHOLE, extension="305"),
            (PARKED, phone(), lamp()),
            f"Take {TAXI_WORDS}, parked at 701, back at 305 Workshop: 305 is registered, idle",
        ),
        (
            Answer(**WHOLE, extension="305"),
            (RINGING, phone(), lamp()),
            f"Answer {TAXI_WORDS} at 305 Workshop: {DESK_WORDS} stops ringing; "
            "305 is registered, idle",
        ),
        (
            Answer(**WHOLE, extension="447"),
            (RINGING,),
            f"Answer {TAXI_WORDS} at {DESK_WORDS}: 447 is perhaps registered (not known), ringing",
        ),
        (
            Answer(**OWN),
            (RINGING,),
            f"Answer {TAXI_WORDS} at {DESK_WORDS}: they hear each other",
        ),
        (
            Dial(site="hq", from_="447", to="305"),
            (phone("447", name="Front desk"), lamp("447"), phone(), lamp()),
            f"Dial 305 Workshop from {DESK_WORDS}: 447 rings first, then 305; "
            "447 is registered, idle; 305 is registered, idle",
        ),
        (
            SendDtmf(**OWN, digits="4 711#"),
            (CALL,),
            f"Send 5 tones from {DESK_WORDS}: {TAXI_WORDS} hears them",
        ),
        (
            Record(**OWN, on=True),
            (CALL,),
            f"Record {DESK_WORDS}: {TAXI_WORDS} is recorded, too; whether a notice is played "
            "is not known",
        ),
        (
            Record(**OWN, on=False),
            (CALL,),
            f"Stop recording {DESK_WORDS}: what was recorded stays",
        ),
        (
            Monitor(**OWN, extension="220", how=Listening.LISTEN),
            (CALL, phone("220", name="Lab"), lamp("220")),
            f"Listen to {DESK_WORDS} at 220 Lab: 220 hears everybody, unheard; "
            "220 is registered, idle",
        ),
        (
            Monitor(**OWN, extension="220", how=Listening.WHISPER),
            (CALL, phone("220", name="Lab"), lamp("220")),
            f"Whisper to {DESK_WORDS} from 220 Lab: {TAXI_WORDS} cannot hear it; "
            "220 is registered, idle",
        ),
        (
            Monitor(**OWN, extension="220", how=Listening.BARGE),
            (CALL, phone("220", name="Lab"), lamp("220")),
            f"Join {DESK_WORDS} from 220 Lab: everybody hears everybody, {TAXI_WORDS} too; "
            "220 is registered, idle",
        ),
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
        (
            Hold(**OWN),
            (),
            "hold: hq shows no such call, who is on it is not known",
        ),
    ],
)
def test_the_sentence_says_who_hears_what(
    action: Action, things: tuple[object, ...], words: str
) -> None:
    assert said(action, *things) == words


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


SENT_ON = replace(
    talk(state=LegState.RINGING, caller=LAB, desk=WORKSHOP),
    legs=(
        leg("c1-gone", LegState.ENDED, from_=LAB, to=TAXI, extension=LAB.number),
        leg("c1-out", from_=LAB, to=TAXI, direction=Direction.OUTBOUND),
        leg("c1-new", LegState.RINGING, from_=TAXI, to=WORKSHOP, extension=WORKSHOP.number),
    ),
)
"""Lab rang Harbour Taxi and sent them on to the workshop: the call is still told as Lab's."""
PUT_AWAY = replace(
    SENT_ON,
    state=LegState.PARKED,
    legs=(SENT_ON.legs[0], replace(SENT_ON.legs[1], state=LegState.PARKED)),
)


@pytest.mark.parametrize(
    ("action", "call", "words"),
    [
        (Hangup(**WHOLE), SENT_ON, f"the call from {TAXI_WORDS}, not answered yet: 305 Workshop"),
        (Answer(**WHOLE, extension="305"), SENT_ON, f"Answer {TAXI_WORDS} at 305 Workshop"),
        (Hangup(**WHOLE), PUT_AWAY, f"Hang up {TAXI_WORDS}, parked"),
        (Retrieve(**WHOLE, extension="447"), PUT_AWAY, f"Take {TAXI_WORDS} back at 447"),
    ],
)
def test_whoever_has_left_a_call_is_not_the_one_that_waits(
    action: Action, call: Call, words: str
) -> None:
    assert words in said(action, call)
    assert "Lab" not in said(action, call)


def test_dialling_from_a_phone_that_is_off_is_said() -> None:
    off = phone("447", DeviceState.UNREGISTERED, "Front desk")
    told = sentence(Dial(site="hq", from_="447", to="305"), at(off, phone(), lamp()))
    assert told.warnings == ("447 Front desk is off: its phone is not registered",)


def test_no_sentence_tells_the_digits() -> None:
    assert "4711" not in said(SendDtmf(**OWN, digits="4711"), CALL)


def test_an_own_phone_without_an_extension_on_the_wire_is_known_by_its_short_number() -> None:
    bare = replace(
        CALL,
        legs=(
            Leg("c1-out", LegState.TALKING, direction=Direction.INBOUND, from_=TAXI, to=DESK),
            Leg("c1-own", LegState.TALKING, direction=Direction.OUTBOUND, from_=TAXI, to=DESK),
        ),
    )
    assert said(Hold(**OWN), bare) == f"Hold {DESK_WORDS}: {TAXI_WORDS} hears music"
    assert said(Transfer(**OWN, to="+4570101112"), bare).startswith(f"Transfer {TAXI_WORDS} to")


@settings(max_examples=200)
@given(ACTIONS, SNAPSHOTS)
def test_whatever_is_asked_of_whatever_is_shown_there_is_a_sentence_of_plain_text(
    action: Action, snapshot: Snapshot
) -> None:
    told = sentence(action, snapshot)
    for text in (told.text, *told.warnings):
        assert text.strip() == text != ""
        assert len(text) <= LONGEST
        assert not [c for c in text if unicodedata.category(c)[0] == "C" and c not in JOINERS]


@given(st.sampled_from([Hold, Hangup, Park]), st.sampled_from(HOSTILE))
def test_a_hostile_name_stays_text(kind: type[Hold | Hangup | Park], name: str) -> None:
    call = talk(caller=Party("+442079460958", name))
    told = said(kind(**OWN), call)
    assert "+442079460958" in told
    assert "\x1b" not in told
    if name.startswith("[bold"):
        assert "[bold red]markup[/]" in told
