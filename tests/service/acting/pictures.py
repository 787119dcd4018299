"""Calls as a PBX may show them, who is on them, and how an action names their legs."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict

from pbxtui.model import (
    Action,
    Agent,
    Call,
    Device,
    DeviceState,
    Direction,
    Flow,
    Lamp,
    LampState,
    LegState,
    Party,
    Queue,
    Snapshot,
)
from pbxtui.service.acting.sentence import sentence
from tests.service.sites import TAXI, leg, talk

TAXI_WORDS = "+442079460958 Harbour Taxi"
DESK_WORDS = "447 Front desk"
LAB = Party("220", "Lab")


class Where(TypedDict):
    """How an action names a leg."""

    site: str
    call: str
    leg: str


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
