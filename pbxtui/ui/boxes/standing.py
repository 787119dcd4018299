"""How a phone stands now, in one cell: off, on do not disturb, on a call, ringing, free."""

from __future__ import annotations

from pbxtui.model import (
    Certainty,
    Device,
    DeviceState,
    LampState,
    Leg,
    LegState,
    Snapshot,
)
from pbxtui.service.acting.finding import number_key
from pbxtui.service.acting.reach import BEST
from pbxtui.ui.looks import Looks, Tone

_OFF = frozenset({DeviceState.UNREGISTERED, DeviceState.UNREACHABLE})
_TELLING = (
    LegState.TALKING,
    LegState.HELD,
    LegState.RINGING,
    LegState.SETUP,
    LegState.QUEUED,
    LegState.PARKED,
)
_FREE_LAMPS = frozenset({LampState.IDLE, LampState.UNAVAILABLE, LampState.UNKNOWN})


def standing(looks: Looks, number: str, near: Snapshot, calls_known: bool) -> tuple[str, Tone]:
    """The cell of a number and its tone; empty where nothing is known of it.

    ``near`` holds what is about the number alone. ``calls_known`` is whether the site's calls
    were read: only then is a phone without any free, and that is inferred.
    """
    device = min(near.devices.values(), key=lambda one: BEST.index(one.state), default=None)
    lamps = {lamp.state: lamp for lamp in near.lamps.values()}
    leg = _leg(number, near)
    if device is not None and device.state in _OFF and (leg is None or _sure(device)):
        return looks.device(device.state, device.certainty)
    if LampState.DND in lamps:
        return looks.lamp(LampState.DND, lamps[LampState.DND].certainty)
    if leg is not None:
        return looks.leg(leg.state, leg.certainty, leg.direction)
    for state, lamp in lamps.items():
        if state not in _FREE_LAMPS:
            return looks.lamp(state, lamp.certainty)
    for state in (LampState.UNAVAILABLE, LampState.IDLE):
        if state in lamps:
            return looks.lamp(state, lamps[state].certainty)
    if device is not None and device.state is DeviceState.REGISTERED and calls_known:
        return looks.lamp(LampState.IDLE, Certainty.INFERRED)
    if device is not None:
        return looks.device(device.state, device.certainty)
    for agent in near.agents.values():
        return looks.agent(agent.state, agent.certainty)
    return "", Tone.DIM


def _sure(device: Device) -> bool:
    return device.certainty is Certainty.SEEN


def _leg(number: str, near: Snapshot) -> Leg | None:
    """The most telling leg of a phone."""
    key = number_key(number)
    legs = [
        leg
        for call in near.calls.values()
        for leg in call.legs
        if number_key(leg.extension) == key and leg.state in _TELLING
    ]
    return min(legs, key=lambda leg: _TELLING.index(leg.state), default=None)
