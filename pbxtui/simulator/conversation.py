"""What people do once a phone rings: answer, talk, ask somebody, hang up."""

from __future__ import annotations

from pbxtui.simulator.routine import Routine
from pbxtui.simulator.things import Call, Direction, Leg, LegState, Reason

PATIENCE = 900.0
"""Seconds after which even somebody on hold hangs up."""


class Conversations(Routine):
    """Each call is meant to end at its `finish`; on the way there this and that happens."""

    ring_mean = 6.0
    """Seconds until somebody picks up."""
    talk_mean = 90.0
    three_way = 0.05

    def expect_answer(self, call: Call) -> None:
        delay = 1.5 + self.rng.expovariate(1 / self.ring_mean)
        self.plan_finish(call, max(call.finish - self.now, delay + 15 + self.talk_mean * 0.3))
        self.after(delay, self.somebody_answers, call, call.attempt)

    def somebody_answers(self, call: Call, attempt: int) -> None:
        """One of those that ring picks up, unless the call has gone on since ``attempt``."""
        if call.attempt != attempt or not call.alive:
            return
        legs = self.ringing_legs(call)
        if not legs:
            self.end_call(call, Reason.NO_ANSWER)
            return
        which = 1 if len(legs) > 1 and self.rng.random() < 0.25 else 0
        if call.pending:
            self._dial_on(legs[which])
        else:
            self.pick_up(legs[which])

    # --- the end -----------------------------------------------------------------------------

    def plan_finish(self, call: Call, seconds: float) -> None:
        """Have the call end in so many seconds, unless it is planned anew."""
        call.finish = self.now + seconds
        self.at(call.finish, self._finish, call)

    def _finish(self, call: Call) -> None:
        if not call.alive or self.now < call.finish:
            return
        if call.queued:
            self.end_call(call, Reason.ABANDONED)
        elif any(self._waits(leg) for leg in call.legs):
            # Nobody hangs up while they wait for somebody who said "one moment".
            self.plan_finish(call, 20.0)
        elif call.answered:
            self.end_call(call, Reason.HANGUP)
        else:
            self.end_call(call, call.reason or Reason.NO_ANSWER)

    def _waits(self, leg: Leg) -> bool:
        return (
            leg.state in (LegState.HELD, LegState.PARKED)
            and not leg.put_aside
            and self.now - leg.since < PATIENCE
        )

    # --- what happens while they talk --------------------------------------------------------

    def leg_answered(self, leg: Leg) -> None:
        super().leg_answered(leg)
        call = leg.call
        rng = self.rng
        if call.finish - self.now < 0.2 * self.talk_mean and call.queue is not None:
            self.plan_finish(call, self.talk_mean * (0.2 + rng.random()))
        left = call.finish - self.now
        dice = rng.random()
        if left < 2.0 or (call.state is LegState.TALKING and len(call.live_legs()) > 2):
            return
        if dice < self.three_way:
            self.after(left * rng.uniform(0.02, 0.15), self._invite, call, call.attempt)
            return
        dice = rng.random()
        if dice < 0.18:
            self.after(left * rng.uniform(0.1, 0.6), self._life_hold, call)
        elif dice < 0.26:
            self.after(left * rng.uniform(0.1, 0.4), self._life_transfer, call)
        elif dice < 0.29:
            self.after(left * rng.uniform(0.1, 0.4), self._life_consult, call)
        elif dice < 0.33:
            self.after(left * rng.uniform(0.1, 0.4), self._life_park, call)

    def _desk_leg(self, call: Call) -> Leg | None:
        """The office's own leg of a plain conversation of two, if that is what the call is."""
        if call.state is not LegState.TALKING:
            return None
        legs = call.live_legs()
        if len(legs) != 2 or any(leg.state is not LegState.TALKING for leg in legs):
            return None
        return next((leg for leg in reversed(legs) if leg.extension is not None), None)

    def _life_hold(self, call: Call) -> None:
        leg = self._desk_leg(call)
        left = call.finish - self.now
        if leg is not None and left > 1.5:
            self.set_held(leg, True)
            self.after(
                min(0.5 * left, 4 + self.rng.expovariate(0.05)), self._life_resume, leg, leg.since
            )

    def _life_resume(self, leg: Leg, since: float) -> None:
        # Only the hold that was meant: somebody may have resumed and held again meanwhile.
        if leg.state is LegState.HELD and leg.since == since and not leg.put_aside:
            self.set_held(leg, False)

    def _life_transfer(self, call: Call) -> None:
        leg = self._desk_leg(call)
        target = self.idle_extension()
        if leg is not None and target is not None:
            self.end_leg(leg, Reason.TRANSFERRED)
            self.connect(call, target)
            delay = min(
                0.5 * (call.finish - self.now), 1 + self.rng.expovariate(1 / self.ring_mean)
            )
            self.after(delay, self.somebody_answers, call, call.attempt)

    def _life_park(self, call: Call) -> None:
        leg = self._desk_leg(call)
        slot = self.free_slot()
        if leg is None or slot is None:
            return
        self.end_leg(leg, Reason.TRANSFERRED)
        self.put_in_slot(call, slot, leg.extension)
        stay = min(0.5 * (call.finish - self.now), 8 + self.rng.expovariate(0.05))
        self.after(stay, self._life_retrieve, call, call.attempt)

    def _life_retrieve(self, call: Call, attempt: int) -> None:
        if call.attempt != attempt or not call.slot:
            return
        desk = self.idle_desk()
        if desk is None:
            self.after(5.0, self._life_retrieve, call, attempt)
        else:
            self.take_from_slot(call, desk)

    def _life_consult(self, call: Call) -> None:
        """Ask a colleague first, then connect the two (attended transfer)."""
        leg = self._desk_leg(call)
        target = self.idle_extension()
        if leg is None or leg.device is None or target is None or call.finish - self.now < 6:
            return
        self.set_held(leg, True)
        asking = leg.device.extension.party
        consult = self.open_call(Direction.INTERNAL, asking, target.party)
        own = self.add_leg(consult, Direction.INBOUND, asking, leg.device, LegState.RINGING)
        self.connect(consult, target)
        left = call.finish - self.now
        self.plan_finish(consult, left)
        self.after(0.2 * left, self.somebody_answers, consult, consult.attempt)
        self.after(0.5 * left, self._consult_over, leg, own)

    def _consult_over(self, leg: Leg, own: Leg) -> None:
        if not leg.alive:
            if own.alive:
                self.end_call(own.call, Reason.HANGUP)
        elif own.alive and own.state is LegState.TALKING:
            self.join(leg, own)
        elif leg.state is LegState.HELD:
            if own.alive:
                self.end_call(own.call, Reason.HANGUP)
            self.set_held(leg, False)

    def _invite(self, call: Call, attempt: int) -> None:
        """A third party joins the conversation."""
        target = self.idle_extension()
        if call.attempt != attempt or self._desk_leg(call) is None or target is None:
            return
        legs = self.ring(call, target)
        delay = min(0.2 * (call.finish - self.now), 0.5 + self.rng.expovariate(1 / self.ring_mean))
        self.after(delay, self._third_answers, call, legs[0])

    def _third_answers(self, call: Call, leg: Leg) -> None:
        if leg.state is LegState.RINGING:
            self.pick_up(leg)
