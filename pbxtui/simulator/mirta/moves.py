"""What Asterisk's Redirect and Atxfer do to a call, over the office."""

from __future__ import annotations

from collections.abc import Mapping

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

CONSULT = 20.0
"""Seconds of talk after which whoever asks a colleague first connects the two."""


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


def consult(office: Office, leg: Leg, destination: str) -> Leg:
    """Hold a call and ring somebody for its phone; later the two are connected.

    Answers the phone's leg on the call to whoever is asked: for the office these are two calls,
    where Asterisk has one channel that is moved. Raises `NotFound`, `Conflict` or `Invalid`, and
    then does nothing.
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
    office.after(1.0, _consulting, office, leg, own)
    return own


def _consulting(office: Office, leg: Leg, own: Leg) -> None:
    """Once a second: has anybody given up, have they talked for long enough?"""
    if not leg.alive:
        if own.alive:
            office.end_call(own.call, Reason.HANGUP)
    elif not own.alive:
        come_back(office, leg)
    elif own.state is LegState.TALKING and office.now - own.since >= CONSULT:
        office.join(leg, own)
    else:
        office.after(1.0, _consulting, office, leg, own)


def come_back(office: Office, leg: Leg) -> None:
    """Nobody is asked any more: the phone talks with whoever waited."""
    if leg.state is LegState.HELD:
        office.set_held(leg, False)


def hang_up(office: Office, leg: Leg, asking: Mapping[str, Leg]) -> None:
    """Hang up a channel; ``asking`` are the legs by which phones ask, by those that they hold.

    A phone that asks joins the others by it, once they talk; whoever is asked sends it back.
    """
    own = asking.get(leg.id)
    if own is not None and own.alive:
        if own.state is LegState.TALKING:
            office.join(leg, own)
            return
        office.end_call(own.call, Reason.HANGUP)
    consult = leg.call
    office.hangup_leg(leg.id)
    for other in [o for o in consult.legs if o in asking.values() and not o.alive]:
        for held in [id_ for id_, one in asking.items() if one is other]:
            come_back(office, office.legs[held])
