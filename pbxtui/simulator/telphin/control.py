"""What a PUT, a DELETE and a callback make the office do.

The actions and the part that ``send_dst`` plays in each are DOCUMENTED; how an attended transfer
ends, what an error looks like and what is answered are UNKNOWN.
"""

from __future__ import annotations

from pbxtui.simulator.actions import Conflict, Invalid
from pbxtui.simulator.bodies import Object
from pbxtui.simulator.office import Office
from pbxtui.simulator.people import Party
from pbxtui.simulator.telphin.names import Names
from pbxtui.simulator.telphin.switches import TelphinSwitches
from pbxtui.simulator.things import (
    Call,
    Device,
    Direction,
    Extension,
    Leg,
    LegState,
    Queue,
    Reason,
)

ACTIONS = (
    "transfer", "attended_transfer", "hold", "offhold", "park",
    "pickup", "eavesdrop", "whisper", "conference",
)  # fmt: skip
_NEEDS_NO_TARGET = ("hold", "offhold", "park")
_PICKS_UP = 2.0
"""Seconds until a supervisor, or who takes a call over, picks up."""
_TALKS_OVER = 3.0
"""Seconds of talk before an attended transfer is completed."""


class Control:
    """Carries out what a ``PUT`` or ``DELETE`` of a call asks for (DOCUMENTED)."""

    def __init__(self, office: Office, names: Names, switches: TelphinSwitches) -> None:
        self._office = office
        self._names = names
        self._switches = switches
        self.supervising: dict[str, str] = {}
        """How a supervisor's leg listens, by its id: eavesdrop, whisper or conference."""

    def carry_out(self, leg: Leg, body: Object) -> str:
        """Do what a PUT of a call asks. Returns the action's word."""
        action = body.get("action")
        if not isinstance(action, str) or action not in ACTIONS:
            raise Invalid(f"action is one of {', '.join(ACTIONS)}")
        given = body.get("send_dst")
        if not (given is None or isinstance(given, str)):
            raise Invalid("send_dst is a string")
        lax = action in _NEEDS_NO_TARGET and self._switches.send_dst == "lax"
        if not given and not lax:
            raise Invalid("send_dst is required")
        target = self._names.short(given or "")
        office = self._office
        if action == "hold":
            office.hold(leg.id)
        elif action == "offhold":
            office.resume(leg.id)
        elif action == "park":
            office.park(leg.call.id, leg.extension.number if leg.extension else "")
        elif action == "transfer":
            self._transfer(leg, target)
        elif action == "attended_transfer":
            self._transfer_attended(leg, target)
        elif action == "pickup":
            self._pick_up(leg, office.device_of(target))
        else:
            self._supervise(leg, office.device_of(target), action)
        return action

    def hang_up(self, leg: Leg) -> None:
        self._office.hangup_leg(leg.id)

    # --- transfers ---------------------------------------------------------------------------

    def _transfer(self, leg: Leg, target: str) -> None:
        """Blind. A phone that still rings is passed over: its caller is sent on."""
        office, call = self._office, leg.call
        if leg.state is not LegState.RINGING or leg.direction is not Direction.OUTBOUND:
            office.transfer(leg.id, target)
            return
        whom = office.resolve(target)
        if whom is leg.extension:
            raise Conflict(f"{target} is already on this call")
        if isinstance(whom, Extension) and not whom.reachable:
            raise Conflict(f"no phone of extension {target} is registered")
        if call.queue is not None and call.queued:
            office.leave_queue(call)
        for ringing in office.ringing_legs(call):
            office.end_leg(ringing, Reason.TRANSFERRED)
        office.connect(call, whom)
        office.expect_answer(call)

    def _transfer_attended(self, leg: Leg, target: str) -> None:
        office = self._office
        if leg.state is not LegState.TALKING or leg.device is None or leg.extension is None:
            raise Conflict(f"leg is {leg.state}, not talking")
        whom = office.resolve(target)
        if whom is leg.extension:
            raise Conflict(f"{target} is already on this call")
        if isinstance(whom, Extension) and not whom.reachable:
            raise Conflict(f"no phone of extension {target} is registered")
        office.hold(leg.id)
        asking = leg.extension.party
        consult = office.open_call(
            Direction.INTERNAL if not isinstance(whom, Party) else Direction.OUTBOUND,
            asking,
            Party(whom.number, whom.name),
        )
        own = office.add_leg(consult, Direction.INBOUND, asking, leg.device, LegState.RINGING)
        office.connect(consult, whom)
        office.expect_answer(consult)
        office.after(1.0, self._consulting, leg, own, consult)

    def _consulting(self, leg: Leg, own: Leg, consult: Call) -> None:
        """Once a second: has the target answered, has anybody given up?"""
        office = self._office
        if not leg.alive:
            if consult.alive:
                office.end_call(consult, Reason.HANGUP)
        elif not consult.alive:
            if leg.state is LegState.HELD:
                office.set_held(leg, False)
        elif own.state is LegState.TALKING and self._switches.attended == "by itself":
            if office.now - own.since >= _TALKS_OVER:
                office.join(leg, own)
                return
            office.after(1.0, self._consulting, leg, own, consult)
        else:
            office.after(1.0, self._consulting, leg, own, consult)

    def completes(self, leg: Leg) -> bool:
        """With attended transfers by hand: the asker's hanging up joins the other two."""
        if self._switches.attended != "by hand" or leg.extension is None:
            return False
        held = [other for other in leg.extension.legs if other.state is LegState.HELD]
        if leg.state is not LegState.TALKING or not held or leg.call is held[0].call:
            return False
        self._office.join(held[0], leg)
        return True

    # --- taking over, listening in -----------------------------------------------------------

    def _pick_up(self, leg: Leg, device: Device) -> None:
        """Ring a phone; when it answers, it takes this leg's place."""
        if device.extension is leg.extension:
            raise Conflict(f"{device.extension.number} is already on this call")
        ringing = self._office.ring_device(leg.call, device)
        self._office.after(_PICKS_UP, self._taken_over, leg, ringing)

    def _taken_over(self, leg: Leg, ringing: Leg) -> None:
        if ringing.state is not LegState.RINGING:
            return
        if leg.state in (LegState.TALKING, LegState.HELD):
            self._office.end_leg(leg, Reason.TRANSFERRED)
        self._office.pick_up(ringing)

    def _supervise(self, leg: Leg, device: Device, how: str) -> None:
        """Ring the supervisor's phone. In a conference it joins, else it has a call of its own."""
        office, supervisor = self._office, device.extension
        if leg.state not in (LegState.TALKING, LegState.HELD) or leg.extension is None:
            raise Conflict(f"leg is {leg.state}, not talking")
        if supervisor is leg.extension:
            raise Conflict(f"{supervisor.number} is already on this call")
        call = leg.call
        if how != "conference":
            call = office.open_call(Direction.INTERNAL, leg.extension.party, supervisor.party)
            call.state = LegState.RINGING
            office.after(1.0, self._follow, leg.call, call)
        ringing = office.ring_device(call, device)
        self.supervising[ringing.id] = how
        office.after(_PICKS_UP, self._answers, ringing)

    def _answers(self, leg: Leg) -> None:
        if leg.state is LegState.RINGING:
            self._office.pick_up(leg)

    def _follow(self, watched: Call, watching: Call) -> None:
        """Who listens in is cut off with the call."""
        if not watching.alive:
            return
        if watched.alive:
            self._office.after(1.0, self._follow, watched, watching)
        else:
            self._office.end_call(watching, Reason.HANGUP)

    # --- callback ----------------------------------------------------------------------------

    def call_back(self, owner: Extension, body: Object) -> Call:
        """Ring every number of ``src_num`` at once; who answers first is put through."""
        sources, target = body.get("src_num"), body.get("dst_num")
        if not isinstance(sources, list) or not sources or not isinstance(target, str):
            raise Invalid("src_num (a list) and dst_num are required")
        office, names = self._office, self._names
        rung: list[Device | Party] = []
        for source in sources:
            if not isinstance(source, str):
                raise Invalid("src_num is a list of strings")
            whom = office.resolve(names.short(source))
            if isinstance(whom, Queue):
                raise Invalid("a queue cannot be rung first")
            rung.append(whom if isinstance(whom, Party) else office.device_of(whom.number))
        whom = office.resolve(names.short(target))
        number = body.get("caller_id_number", owner.number)
        name = body.get("caller_id_name", owner.name)
        caller = Party(names.short(str(number)), str(name))
        inside = not isinstance(whom, Party)
        call = office.open_call(
            Direction.INTERNAL if inside else Direction.OUTBOUND,
            caller,
            Party(whom.number, whom.name),
            did="" if inside else office.building.did_of(owner),
        )
        call.pending = whom.number
        call.state = LegState.RINGING
        call.attempt += 1
        for each in rung:
            if isinstance(each, Party):
                office.ring_outside(call, each)
            else:
                office.ring_device(call, each)
        office.expect_answer(call)
        return call
