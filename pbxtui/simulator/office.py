"""The living office: what people do by themselves, all day long.

Calls arrive, ring, are answered, held, sent on, parked and ended; agents have lunch; phones
fall off the network. Everything follows from the seed and the time: see `Timeline`.
"""

from __future__ import annotations

from typing import NamedTuple

from pbxtui.simulator import people
from pbxtui.simulator.conversation import Conversations
from pbxtui.simulator.people import Party
from pbxtui.simulator.things import (
    LINGER,
    Call,
    Direction,
    Extension,
    Leg,
    LegState,
    Reason,
)

OPENED = 1_767_600_000.0
"""When an office opens unless told otherwise: 5 January 2026, 08:00 UTC."""


class _Plan(NamedTuple):
    """What the people on a call mean to do, drawn when it begins. Seconds."""

    kind: str
    outcome: Reason
    total: float
    ring: float


class Office(Conversations):
    """An office with about `calls` calls at any time, `churn` of them replaced per second.

    It is in full swing at `start` (epoch seconds). `phones` are extensions, each with a desk
    phone and every fourth with a soft phone too. `three_way` is the share of answered calls
    which a third party joins; with 0.6 there are about 2.5 legs a call.
    Raises ValueError when there are too few phones for the calls.
    """

    def __init__(
        self,
        seed: int = 1,
        calls: int = 12,
        phones: int | None = None,
        *,
        start: float = OPENED,
        churn: float = 0.012,
        three_way: float = 0.05,
        tenant: str = "ACME",
    ) -> None:
        if phones is None:
            phones = max(60, 4 * calls)
        if calls < 0:
            raise ValueError(f"there cannot be {calls} calls")
        if phones < 2 * calls:
            raise ValueError(f"{calls} calls need at least {2 * calls} phones, not {phones}")
        if not 0 < churn <= 0.5:
            raise ValueError(f"churn is a share of calls per second up to 0.5, not {churn}")
        self.target = calls
        self.churn = churn
        self.three_way = three_way
        life = 1 / churn
        self.ring_mean = min(6.0, 0.12 * life)
        self._give_up = min(20.0, 0.5 * life)
        self.talk_mean = (life - 0.15 * self._give_up) / 0.85 - self.ring_mean - 0.5
        self._longest = 4 * life
        self.ring_seconds = min(4.0, 0.1 * life)
        self.wrapup_seconds = min(12.0, 0.15 * life)
        agents = min(phones // 2, max(8, round(0.6 * calls)))
        before = start - 2 * LINGER - self._longest
        super().__init__(seed=seed, start=before, phones=phones, agents=agents, tenant=tenant)
        self._begin(start)

    def _begin(self, start: float) -> None:
        """Fill the office with calls that began before `start`, and live up to it."""
        rng = self.rng
        # By then there are calls which have just ended, too.
        filled = start - 2 * LINGER
        self.begin_routine()
        arrivals: list[tuple[float, int, _Plan]] = []
        while len(arrivals) < self.target:
            plan = self._draw_plan()
            # A long call is the likelier to be met at a given moment.
            if rng.random() * self._longest < plan.total:
                arrivals.append((filled - rng.random() * plan.total, len(arrivals), plan))
        for when, _, plan in sorted(arrivals):
            self.at(when, self._arrive, plan)
        self.advance(filled)
        if self.target:
            self.after(self._until_arrival(), self._next_arrival)
        self.advance(start)

    # --- arrivals ----------------------------------------------------------------------------

    def _until_arrival(self) -> float:
        missing = 2 * (self.target - self.active) / self.target
        pull = min(2.0, max(0.25, 1 + missing))
        return self.rng.expovariate(self.target * self.churn * pull)

    def _next_arrival(self) -> None:
        self._arrive(self._draw_plan())
        self.after(self._until_arrival(), self._next_arrival)

    def _draw_plan(self) -> _Plan:
        rng = self.rng
        dice = rng.random()
        kind = (
            "queue"
            if dice < 0.35
            else "direct"
            if dice < 0.6
            else "outbound"
            if dice < 0.85
            else "internal"
        )
        ring = 0.3 + rng.expovariate(1 / self.ring_mean)
        dice = rng.random()
        if dice < 0.85 or kind == "queue":
            total = 0.5 + ring + rng.expovariate(1 / self.talk_mean)
            return _Plan(kind, Reason.NONE, min(total, self._longest), ring)
        total = self._give_up * rng.uniform(0.6, 1.4)
        if dice < 0.93:
            return _Plan(kind, Reason.NO_ANSWER, total, ring)
        reason = Reason.BUSY if dice < 0.98 else Reason.FAILED
        return _Plan(kind, reason, min(total, 1.0 + 3 * rng.random()), ring)

    def _arrive(self, plan: _Plan) -> None:
        rng = self.rng
        desk = None
        if plan.kind in ("outbound", "internal"):
            desk = self.idle_desk()
            if desk is None:
                return
        if plan.kind == "queue":
            queue = people.choose(rng, self.building.queues)
            did = f"{self.building.did_prefix}{900 + queue.id % 100:03d}"
            to = Party(queue.number, queue.name)
            call = self.open_call(Direction.INBOUND, people.outside_party(rng), to, did=did)
            leg = self.add_leg(call, Direction.INBOUND, call.caller, None, LegState.SETUP)
            self.after(0.8, self._reach_queue, leg)
            patience = 0.2 + 0.25 / self.churn + rng.expovariate(2 * self.churn)
            self.after(patience, self._give_up_waiting, call)
        elif plan.kind == "direct":
            target = self._called_extension()
            if target is None:
                return
            did = self.building.did_of(target)
            call = self.open_call(
                Direction.INBOUND, people.outside_party(rng), target.party, did=did
            )
            self.add_leg(call, Direction.INBOUND, call.caller, None, LegState.SETUP)
            self.after(0.3, self._ring_for, call, target, plan)
        elif plan.kind == "outbound" and desk is not None:
            party = people.outside_party(rng)
            did = self.building.did_of(desk.extension)
            call = self.open_call(Direction.OUTBOUND, desk.extension.party, party, did=did)
            self.add_leg(call, Direction.INBOUND, desk.extension.party, desk, LegState.SETUP)
            self.after(0.5, self._ring_for, call, party, plan)
        elif desk is not None:
            target = self.idle_extension()
            if target is None:
                return
            call = self.open_call(Direction.INTERNAL, desk.extension.party, target.party)
            self.add_leg(call, Direction.INBOUND, desk.extension.party, desk, LegState.SETUP)
            self.after(0.2, self._ring_for, call, target, plan)
        else:
            return
        call.reason = plan.outcome
        self.plan_finish(call, plan.total)

    def _called_extension(self) -> Extension | None:
        """Reception, somebody who is free, or now and then somebody already on the phone."""
        rng = self.rng
        everybody = self.building.extensions
        dice = rng.random()
        if dice < 0.3:
            reception = everybody[rng.randrange(1 + len(everybody) // 100)]
            if reception.pool_place >= 0:
                return reception
        elif dice < 0.4:
            busy = people.choose(rng, everybody)
            if self._may_wait(busy):
                return busy
        return self.idle_extension()

    @staticmethod
    def _may_wait(ext: Extension) -> bool:
        """Would hear a second call knock."""
        return (
            ext.reachable
            and not ext.dnd
            and ext.agent is None
            and len(ext.legs) == 1
            and ext.legs[0].state is LegState.TALKING
        )

    def _reach_queue(self, leg: Leg) -> None:
        call = leg.call
        if not call.alive:
            return
        leg.answered = self.now
        self._set(leg, LegState.QUEUED)
        self.enqueue(call, self.queue_numbers[call.callee.number])

    def _give_up_waiting(self, call: Call) -> None:
        if call.queued:
            self.end_call(call, Reason.ABANDONED)

    def _ring_for(self, call: Call, target: Extension | Party, plan: _Plan) -> None:
        if not call.alive:
            return
        if isinstance(target, Extension) and target.pool_place < 0 and not self._may_wait(target):
            free = self.idle_extension()
            if free is None:
                self.end_call(call, Reason.BUSY)
                return
            target = free
        for leg in call.legs:
            self._set(leg, LegState.RINGING)
        self.connect(call, target)
        if plan.outcome is Reason.NONE:
            self.after(plan.ring, self.somebody_answers, call, call.attempt)
