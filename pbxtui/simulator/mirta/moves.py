"""What Asterisk's Redirect and Atxfer do to a call, over the office."""

from __future__ import annotations

from pbxtui.simulator.actions import Conflict
from pbxtui.simulator.building import PARKING
from pbxtui.simulator.mirta.channels import PARK
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import (
    Call,
    Direction,
    Extension,
    Leg,
    LegState,
    Reason,
)

CONSULT = 8.0
"""Seconds after which whoever asks a colleague first connects the two, once they talk."""


def redirect(office: Office, leg: Leg, extra: Leg | None, destination: str) -> None:
    """Send a channel (and an extra one) elsewhere; everybody else on the call leaves.

    Raises `NotFound`, `Conflict` or `Invalid`, and then does nothing.
    """
    call = leg.call
    kept = [leg] if extra is None or extra is leg else [leg, extra]
    if any(each.call is not call for each in kept):
        raise Conflict("Channels are not on one call")
    if leg.state is LegState.RINGING and leg.direction is Direction.OUTBOUND:
        raise Conflict("Channel is not up")
    if destination == PARK or destination in PARKING:
        _park(office, call, kept, destination)
        return
    whom = office.resolve(destination)
    if isinstance(whom, Extension) and not whom.reachable:
        raise Conflict(f"Extension {destination} is not registered")
    if any(each.extension is whom for each in kept):
        raise Conflict(f"{destination} is already on this call")
    _leave_alone(office, call, kept)
    office.connect(call, whom)
    office.expect_answer(call)


def _leave_alone(office: Office, call: Call, kept: list[Leg]) -> None:
    if call.queue is not None and call.queued:
        office.leave_queue(call)
    for other in call.live_legs():
        if other not in kept:
            office.end_leg(other, Reason.TRANSFERRED)
        elif other.state is LegState.HELD:
            office.set_held(other, False)


def _park(office: Office, call: Call, kept: list[Leg], destination: str) -> None:
    slot = destination if destination in PARKING else office.free_slot()
    if slot is None or slot in office.parked:
        raise Conflict("No parking place is free")
    others = [each for each in call.live_legs() if each not in kept]
    by = next((each.extension for each in others if each.extension is not None), None)
    _leave_alone(office, call, kept)
    for each in kept:
        each.answered = each.answered or office.now
    office.put_in_slot(call, slot, by)


def consult(office: Office, leg: Leg, destination: str) -> Call:
    """Hold a call and ring somebody for its phone; later the two are connected.

    Raises `NotFound`, `Conflict` or `Invalid`, and then does nothing.
    """
    if leg.device is None or leg.extension is None:
        raise Conflict("Channel cannot transfer")
    if leg.state not in (LegState.TALKING, LegState.HELD):
        raise Conflict("Channel is not talking")
    whom = office.resolve(destination)
    if whom is leg.extension:
        raise Conflict(f"{destination} is already on this call")
    if isinstance(whom, Extension) and not whom.reachable:
        raise Conflict(f"Extension {destination} is not registered")
    if leg.state is LegState.TALKING:
        office.set_held(leg, True)
    inside = destination in office.extensions
    callee = whom.party if isinstance(whom, Extension) else leg.extension.party
    call = office.open_call(
        Direction.INTERNAL if inside else Direction.OUTBOUND, leg.extension.party, callee
    )
    own = office.add_leg(call, Direction.INBOUND, leg.extension.party, leg.device, LegState.RINGING)
    office.connect(call, whom)
    office.expect_answer(call)
    office.after(CONSULT, _connect_them, office, leg, own)
    return call


def _connect_them(office: Office, leg: Leg, own: Leg) -> None:
    if not own.alive:
        return
    if not leg.alive:
        office.end_call(own.call, Reason.HANGUP)
    elif own.state is LegState.TALKING:
        office.join(leg, own)
    else:
        office.after(1.0, _connect_them, office, leg, own)
