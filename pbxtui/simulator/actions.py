"""What somebody with the right to it can have the PBX do. Each face calls these."""

from __future__ import annotations

import re

from pbxtui.simulator.callcentre import CallCentre
from pbxtui.simulator.people import Party
from pbxtui.simulator.things import (
    Agent,
    Call,
    Device,
    Direction,
    Extension,
    Flow,
    Lamp,
    Leg,
    LegState,
    Queue,
    Reason,
)

_OUTSIDE = re.compile(r"\+?[0-9]{5,15}\Z")


class ActionError(Exception):
    """The PBX can't do it; the text says why."""


class NotFound(ActionError):
    """There is no such call, leg, phone, agent or flow (any more)."""


class Conflict(ActionError):
    """It is there, but not in a state in which this can be done."""


class Invalid(ActionError):
    """What was asked makes no sense: a destination that is no number, say."""


class Actions(CallCentre):
    """Actions with effects. They raise `NotFound`, `Conflict` or `Invalid` and then do nothing."""

    # --- finding -----------------------------------------------------------------------------

    def call(self, call_id: str) -> Call:
        """A call that still runs. Raises ``NotFound``."""
        call = self.calls.get(call_id)
        if call is None or not call.alive:
            raise NotFound(f"no active call {call_id}")
        return call

    def leg(self, leg_id: str) -> Leg:
        """A leg that still runs. Raises ``NotFound``."""
        leg = self.legs.get(leg_id)
        if leg is None or not leg.alive:
            raise NotFound(f"no active leg {leg_id}")
        return leg

    def resolve(self, number: str) -> Extension | Queue | Party:
        """Whom a dialled number reaches: an extension, a queue, or somebody outside."""
        if number in self.extensions:
            return self.extensions[number]
        if number in self.queue_numbers:
            return self.queue_numbers[number]
        if _OUTSIDE.match(number):
            return Party(number, "")
        raise Invalid(f"{number!r} is neither an extension nor a telephone number")

    def device_of(self, number_or_device: str) -> Device:
        """A phone by its own id, or the first reachable one of an extension."""
        device = self.devices.get(number_or_device)
        if device is not None:
            if not device.online:
                raise Conflict(f"phone {device.id} is not registered")
            return device
        ext = self.extensions.get(number_or_device)
        if ext is None:
            raise NotFound(f"no extension or phone {number_or_device}")
        for device in ext.devices:
            if device.online:
                return device
        raise Conflict(f"no phone of extension {ext.number} is registered")

    def _check_reachable(self, destination: Extension | Queue | Party) -> None:
        if isinstance(destination, Extension) and not destination.reachable:
            raise Conflict(f"no phone of extension {destination.number} is registered")

    # --- calls -------------------------------------------------------------------------------

    def hangup_call(self, call_id: str) -> Call:
        call = self.call(call_id)
        self.end_call(call, Reason.HANGUP)
        return call

    def hangup_leg(self, leg_id: str) -> Leg:
        """End one leg. The call ends with it unless two others go on, or somebody still rings."""
        leg = self.leg(leg_id)
        call = leg.call
        self.end_leg(leg, Reason.HANGUP)
        left = call.live_legs()
        if len(left) < 2 and not call.queued:
            self.end_call(call, Reason.HANGUP)
        elif call.queued and not any(other.state is LegState.QUEUED for other in left):
            self.end_call(call, Reason.ABANDONED)
        return leg

    def hold(self, leg_id: str) -> Leg:
        """This end puts the call on hold; the others hear music."""
        leg = self.leg(leg_id)
        if leg.state is not LegState.TALKING:
            raise Conflict(f"leg is {leg.state}, not talking")
        self.set_held(leg, True)
        return leg

    def resume(self, leg_id: str) -> Leg:
        leg = self.leg(leg_id)
        if leg.state is not LegState.HELD:
            raise Conflict(f"leg is {leg.state}, not held")
        self.set_held(leg, False)
        return leg

    def answer(self, leg_id: str) -> Leg:
        """Pick up a phone that rings. Raises ``Conflict`` where it does not."""
        leg = self.leg(leg_id)
        if leg.state is not LegState.RINGING or leg.direction is not Direction.OUTBOUND:
            raise Conflict(f"leg is {leg.state}, not ringing")
        self._pick_up_by_hand(leg)
        return leg

    def answer_call(self, call_id: str, number_or_device: str) -> Leg:
        """Have a phone answer a call: the phone that rings for it, or another one (pick-up)."""
        call = self.call(call_id)
        device = self.device_of(number_or_device)
        if not self.ringing_legs(call) and not call.queued:
            raise Conflict("the call does not ring")
        for leg in self.ringing_legs(call):
            if leg.device is device or (
                leg.extension is device.extension and number_or_device != device.id
            ):
                self._pick_up_by_hand(leg)
                return leg
        leg = self.ring_device(call, device)
        self._pick_up_by_hand(leg)
        return leg

    def _pick_up_by_hand(self, leg: Leg) -> None:
        if leg.call.pending:
            self._dial_on(leg)
        else:
            self.pick_up(leg)

    def transfer(self, leg_id: str, destination: str) -> Call:
        """Blind transfer by the party of this leg: it leaves, and the destination is rung."""
        leg = self.leg(leg_id)
        call = leg.call
        if leg.state not in (LegState.TALKING, LegState.HELD):
            raise Conflict(f"leg is {leg.state}, not talking")
        whom = self.resolve(destination)
        self._check_reachable(whom)
        if whom is leg.extension:
            raise Conflict(f"{destination} is already on this call")
        if len(call.live_legs()) < 2:
            raise Conflict("nobody is left to be transferred")
        self.end_leg(leg, Reason.TRANSFERRED)
        self._release_held(call)
        self.connect(call, whom)
        self.expect_answer(call)
        return call

    def transfer_attended(self, leg_id: str, other_leg_id: str) -> Call:
        """Join the two calls of one phone: it leaves, and the far ends talk to each other."""
        leg, other = self.leg(leg_id), self.leg(other_leg_id)
        if leg.call is other.call:
            raise Conflict("both legs belong to the same call")
        self.join(leg, other)
        return leg.call

    def join(self, leg: Leg, other: Leg) -> None:
        """Complete an attended transfer: those beyond both legs talk, the two legs end."""
        call, consult = leg.call, other.call
        far = [far for far in consult.live_legs() if far is not other]
        self.end_leg(leg, Reason.TRANSFERRED)
        self.end_leg(other, Reason.TRANSFERRED)
        for moved in far:
            self.move_leg(moved, call)
            call.callee = moved.party
        self._release_held(call)
        self.end_call(consult, Reason.TRANSFERRED)

    def _release_held(self, call: Call) -> None:
        for leg in call.legs:
            if leg.state is LegState.HELD and not leg.put_aside:
                self.set_held(leg, False)

    def park(self, call_id: str, by: str = "") -> str:
        """Park a call: the office's ends leave, the others wait. Answers the parking place.

        `by` is the extension that parks; without it every phone of the office leaves.
        """
        call = self.call(call_id)
        if call.state is not LegState.TALKING:
            raise Conflict(f"call is {call.state}, not talking")
        legs = call.live_legs()
        desks = [leg for leg in legs if leg.extension is not None]
        leaving = [leg for leg in desks if not by or (leg.extension and leg.extension.number == by)]
        if not leaving:
            raise NotFound(f"extension {by} is not on this call")
        if len(leaving) == len(legs):
            leaving = leaving[:1]
        slot = self.free_slot()
        if slot is None:
            raise Conflict("every parking place is taken")
        for leg in leaving:
            self.end_leg(leg, Reason.TRANSFERRED)
        self.put_in_slot(call, slot, leaving[0].extension)
        self.after(120.0, self._parked_too_long, call, call.attempt)
        return slot

    def _parked_too_long(self, call: Call, attempt: int) -> None:
        by = call.parked_by
        if call.attempt == attempt and call.slot and by is not None and by.reachable:
            for leg in call.legs:
                if leg.state is LegState.PARKED:
                    self._set(leg, LegState.TALKING)
            self._clear_slot(call)
            self.connect(call, by)
            self.expect_answer(call)

    def retrieve(self, slot: str, number_or_device: str) -> Leg:
        """Take whoever is parked at a slot to a phone. Raises ``NotFound``."""
        call = self.parked.get(slot)
        if call is None:
            raise NotFound(f"nobody is parked at {slot}")
        return self.take_from_slot(call, self.device_of(number_or_device))

    def dial(self, number_or_device: str, destination: str) -> Call:
        """Click to dial: the phone rings first; once picked up, the destination is rung."""
        device = self.device_of(number_or_device)
        whom = self.resolve(destination)
        self._check_reachable(whom)
        inside = not isinstance(whom, Party)
        callee = Party(whom.number, whom.name)
        call = self.open_call(
            Direction.INTERNAL if inside else Direction.OUTBOUND,
            device.extension.party,
            callee,
            did="" if inside else self.building.did_of(device.extension),
        )
        call.pending = destination
        call.state = LegState.RINGING
        call.attempt += 1
        self.ring_device(call, device)
        self.expect_answer(call)
        return call

    def _dial_on(self, leg: Leg) -> None:
        """The caller's own phone is picked up: now the destination."""
        call = leg.call
        destination, call.pending = call.pending, ""
        leg.answered = self.now
        self._set(leg, LegState.TALKING)
        if not self.connect(call, self.resolve(destination)):
            self.end_call(call, Reason.FAILED)
            return
        self.expect_answer(call)

    def send_dtmf(self, leg_id: str, digits: str) -> Leg:
        """Note the tones at the leg. Raises ``Invalid`` for what is none."""
        leg = self.leg(leg_id)
        if not re.fullmatch(r"[0-9A-D*#,]+", digits):
            raise Invalid(f"{digits!r} are not DTMF digits")
        leg.dtmf += digits
        return leg

    def record(self, leg_id: str, on: bool) -> Leg:
        leg = self.leg(leg_id)
        if leg.recording is on:
            raise Conflict("recording is already " + ("on" if on else "off"))
        leg.recording = on
        return leg

    # --- agents and flows --------------------------------------------------------------------

    def agent_at(self, number: str) -> Agent:
        ext = self.extensions.get(number)
        if ext is None or ext.agent is None:
            raise NotFound(f"extension {number} is no agent")
        return ext.agent

    def pause_agent(self, number: str, reason: str = "") -> Agent:
        agent = self.agent_at(number)
        if not agent.logged_in:
            raise Conflict(f"agent {number} is not logged in")
        self.set_paused(agent, reason)
        return agent

    def unpause_agent(self, number: str) -> Agent:
        agent = self.agent_at(number)
        if agent.paused is None:
            raise Conflict(f"agent {number} is not paused")
        self.set_paused(agent, None)
        return agent

    def log_in(self, number: str) -> Agent:
        agent = self.agent_at(number)
        self.set_logged_in(agent, True)
        return agent

    def log_out(self, number: str) -> Agent:
        agent = self.agent_at(number)
        self.set_logged_in(agent, False)
        return agent

    def set_flow(self, number: str, state: Lamp | None = None, value: str | None = None) -> Flow:
        """Set a flow by its state or by its value; the other one follows."""
        flow = self.flows.get(number)
        if flow is None:
            raise NotFound(f"no flow {number}")
        if state is None:
            state = next((lamp for lamp, word in flow.values.items() if word == value), None)
        if state is None or state not in flow.values:
            raise Invalid(f"flow {number} has no such state; it has {', '.join(flow.values)}")
        flow.state, flow.value, flow.since = state, flow.values[state], self.now
        return flow
