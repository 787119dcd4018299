"""What a PBX does with calls: ring, answer, hold, connect elsewhere, park, end.

Only mechanics: nothing here happens by itself except that what is over is cleared away and
that somebody parked too long comes back. What people do, and when, is in `office`.
"""

from __future__ import annotations

from pbxtui.simulator.building import PARKING, Building, build
from pbxtui.simulator.people import Party
from pbxtui.simulator.things import (
    LINGER,
    Agent,
    Call,
    Device,
    Direction,
    Extension,
    Lamp,
    Leg,
    LegState,
    Queue,
    Reason,
)
from pbxtui.simulator.timeline import Timeline


class Switchboard(Timeline):
    """The calls of an office and the lamps that follow from them."""

    def __init__(self, *, seed: int, start: float, phones: int, agents: int, tenant: str) -> None:
        super().__init__(seed, start)
        self.building: Building = build(
            self.rng, phones=phones, agents=agents, start=start, tenant=tenant
        )
        self.tenant = tenant
        self.calls: dict[str, Call] = {}
        """By id, in the order in which they began; those just over stay for `LINGER` seconds."""
        self.legs: dict[str, Leg] = {}
        self.extensions = {ext.number: ext for ext in self.building.extensions}
        self.devices = {device.id: device for device in self.building.devices}
        self.macs = {device.mac: device for device in self.building.devices if device.mac}
        self.queues = {queue.id: queue for queue in self.building.queues}
        self.queue_numbers = {queue.number: queue for queue in self.building.queues}
        self.agents = {agent.id: agent for agent in self.building.agents}
        self.flows = {flow.number: flow for flow in self.building.flows}
        self.parked: dict[str, Call] = {}
        """Parked calls by parking place."""
        self.active = 0
        """How many calls are not over."""
        self.idle: list[Extension] = []
        """Extensions which could take or make a call now."""
        self._serial = 0
        for ext in self.building.extensions:
            self._repool(ext)

    # --- what follows from the calls ---------------------------------------------------------

    def _repool(self, ext: Extension) -> None:
        free = ext.reachable and not ext.legs and not ext.dnd
        place = ext.pool_place
        if free and place < 0:
            ext.pool_place = len(self.idle)
            self.idle.append(ext)
        elif not free and place >= 0:
            last = self.idle.pop()
            if last is not ext:
                self.idle[place] = last
                last.pool_place = place
            ext.pool_place = -1

    def refresh(self, ext: Extension) -> None:
        """Bring what follows from an extension's legs up to date: lamp, pool, readiness."""
        ringing = held = busy = False
        for leg in ext.legs:
            if leg.state is LegState.RINGING and leg.direction is Direction.OUTBOUND:
                ringing = True
            elif leg.state is LegState.HELD:
                held = True
            else:
                busy = True
        if not ext.reachable:
            lamp = Lamp.UNAVAILABLE
        elif ringing:
            lamp = Lamp.RINGINUSE if busy or held else Lamp.RINGING
        elif busy:
            lamp = Lamp.INUSE
        else:
            lamp = Lamp.ONHOLD if held else Lamp.NOT_INUSE
        if lamp is not ext.lamp:
            ext.lamp = lamp
            ext.lamp_since = self.now
        self._repool(ext)
        if ext.agent is not None:
            self.agent_changed(ext.agent)

    def _set(self, leg: Leg, state: LegState) -> None:
        leg.state = state
        leg.since = self.now
        leg.call.version += 1
        ext = leg.extension
        if ext is not None:
            if state is LegState.TALKING and len(ext.legs) > 1:
                self._put_others_aside(leg, ext)
            self.refresh(ext)

    def _put_others_aside(self, leg: Leg, ext: Extension) -> None:
        """Nobody talks on two calls at once: the others wait until this one is over."""
        for other in ext.legs:
            if other.call is not leg.call and other.state is LegState.TALKING:
                other.put_aside = True
                self._set(other, LegState.HELD)

    # --- hooks for the floors above ----------------------------------------------------------

    def agent_changed(self, agent: Agent) -> None:
        """An agent's phone, and so perhaps the readiness, has changed."""

    def leg_answered(self, leg: Leg) -> None:
        """Somebody whom the PBX rang has picked up."""

    def leg_over(self, leg: Leg) -> None:
        """A leg has ended."""

    def enqueue(self, call: Call, queue: Queue) -> None:
        """A caller has come to a queue."""

    def leave_queue(self, call: Call) -> None:
        """A caller leaves the queue: answered, gone, or sent elsewhere."""

    def expect_answer(self, call: Call) -> None:
        """Phones ring for a call by somebody's action; whoever is there will pick up."""

    # --- the making of calls -----------------------------------------------------------------

    def _uuid(self) -> str:
        digits = f"{self.rng.getrandbits(120):030x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-a{digits[15:18]}-{digits[18:]}"

    def open_call(
        self, direction: Direction, caller: Party, callee: Party, *, did: str = ""
    ) -> Call:
        self._serial += 1
        call = Call(self._uuid(), self._serial, direction, caller, callee, did, self.now)
        self.calls[call.id] = call
        self.active += 1
        return call

    def add_leg(
        self,
        call: Call,
        direction: Direction,
        party: Party,
        device: Device | None,
        state: LegState,
    ) -> Leg:
        self._serial += 1
        serial = self._serial
        ext = device.extension if device is not None else None
        peer = ext.username if ext is not None else self.building.trunks[serial & 1]
        leg = Leg(
            self._uuid(),
            call,
            serial,
            direction,
            party,
            device,
            ext,
            self.now,
            state,
            self.now,
            channel=f"SIP/{peer}-{serial & 0xFFFFFFFF:08x}",
        )
        if state is LegState.TALKING or state is LegState.QUEUED:
            leg.answered = self.now
        call.legs.append(leg)
        call.version += 1
        self.legs[leg.id] = leg
        if ext is not None:
            ext.legs.append(leg)
            self.refresh(ext)
        return leg

    def ring(self, call: Call, ext: Extension) -> list[Leg]:
        """Ring every phone of an extension which is there. Empty when none is."""
        call.attempt += 1
        return [self.ring_device(call, device) for device in ext.devices if device.online]

    def ring_device(self, call: Call, device: Device) -> Leg:
        return self.add_leg(
            call, Direction.OUTBOUND, device.extension.party, device, LegState.RINGING
        )

    def ring_outside(self, call: Call, party: Party) -> Leg:
        call.attempt += 1
        return self.add_leg(call, Direction.OUTBOUND, party, None, LegState.RINGING)

    def ringing_legs(self, call: Call) -> list[Leg]:
        """The legs by which the PBX rings somebody for this call."""
        return [
            leg
            for leg in call.legs
            if leg.state is LegState.RINGING and leg.direction is Direction.OUTBOUND
        ]

    def pick_up(self, leg: Leg) -> None:
        """Whoever is rung by this leg answers; the other phones stop ringing."""
        call = leg.call
        if call.slot:
            self._clear_slot(call)
        leg.answered = self.now
        self._set(leg, LegState.TALKING)
        for other in list(call.legs):
            if other is leg:
                continue
            if other.state is LegState.RINGING and other.direction is Direction.OUTBOUND:
                self.end_leg(other, Reason.ELSEWHERE)
            elif other.state in (
                LegState.SETUP,
                LegState.RINGING,
                LegState.QUEUED,
                LegState.PARKED,
            ):
                if not other.answered:
                    other.answered = self.now
                self._set(other, LegState.TALKING)
        if call.queue is not None and call.queued:
            self.leave_queue(call)
        call.attempt += 1
        if call.state is not LegState.TALKING:
            call.state = LegState.TALKING
            call.callee = leg.party
        if not call.answered:
            call.answered = self.now
        self.leg_answered(leg)

    # --- the ending of calls -----------------------------------------------------------------

    def end_leg(self, leg: Leg, reason: Reason, *, linger: bool = True) -> None:
        """End a leg; what its phone had put aside for it talks on.

        It stays in its call for a moment, as a PBX shows it, unless ``linger`` is unset.
        """
        if leg.state is LegState.ENDED:
            return
        leg.state = LegState.ENDED
        leg.since = leg.ended = self.now
        leg.reason = reason
        leg.call.version += 1
        if linger:
            self.after(LINGER, self._clear_leg, leg)
        ext = leg.extension
        if ext is not None:
            ext.legs.remove(leg)
            aside = None
            for other in ext.legs:
                if other.state is LegState.TALKING:
                    break
                if other.put_aside and other.state is LegState.HELD:
                    aside = other
            else:
                if aside is not None:
                    aside.put_aside = False
                    self._set(aside, LegState.TALKING)
            self.refresh(ext)
        self.leg_over(leg)

    def end_call(self, call: Call, reason: Reason) -> None:
        """End a call with all of its legs, wherever it waits."""
        if call.state is LegState.ENDED:
            return
        call.state = LegState.ENDED
        call.ended = self.now
        call.reason = reason
        call.attempt += 1
        self.active -= 1
        if call.slot:
            self._clear_slot(call)
        if call.queue is not None and call.queued:
            self.leave_queue(call)
        for leg in call.legs:
            self.end_leg(leg, reason, linger=False)
        call.version += 1
        self.after(LINGER, self._clear_call, call)

    def _clear_leg(self, leg: Leg) -> None:
        if self.legs.pop(leg.id, None) is not None:
            leg.call.legs.remove(leg)
            leg.call.version += 1

    def _clear_call(self, call: Call) -> None:
        del self.calls[call.id]
        for leg in call.legs:
            self.legs.pop(leg.id, None)
        call.legs.clear()

    # --- hold, connect, park -----------------------------------------------------------------

    def set_held(self, leg: Leg, held: bool) -> None:
        leg.put_aside = False
        self._set(leg, LegState.HELD if held else LegState.TALKING)

    def connect(self, call: Call, destination: Extension | Queue | Party) -> bool:
        """Ring a destination for whoever is left on a call. False when it can't be rung."""
        if isinstance(destination, Queue):
            for leg in call.legs:
                if leg.alive:
                    self._set(leg, LegState.QUEUED)
            self.enqueue(call, destination)
            return True
        call.state = LegState.RINGING
        if isinstance(destination, Extension):
            call.callee = destination.party
            return bool(self.ring(call, destination))
        call.callee = destination
        self.ring_outside(call, destination)
        return True

    def free_slot(self) -> str | None:
        return next((slot for slot in PARKING if slot not in self.parked), None)

    def put_in_slot(self, call: Call, slot: str, by: Extension | None) -> None:
        """Park whoever is left on a call."""
        call.slot = slot
        call.parked_by = by
        call.attempt += 1
        call.state = LegState.PARKED
        self.parked[slot] = call
        for leg in call.legs:
            if leg.alive:
                self._set(leg, LegState.PARKED)

    def _clear_slot(self, call: Call) -> None:
        del self.parked[call.slot]
        call.slot = ""
        call.version += 1

    def take_from_slot(self, call: Call, device: Device) -> Leg:
        """Connect a parked call with a phone of the office."""
        party = device.extension.party
        leg = self.add_leg(call, Direction.OUTBOUND, party, device, LegState.RINGING)
        self.pick_up(leg)
        return leg

    def move_leg(self, leg: Leg, call: Call) -> None:
        """Put a leg of one call into another one (the end of an attended transfer)."""
        leg.call.legs.remove(leg)
        leg.call.version += 1
        leg.call = call
        call.legs.append(leg)
        call.version += 1
