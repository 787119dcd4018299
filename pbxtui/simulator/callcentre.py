"""Queues and the people who serve them."""

from __future__ import annotations

from pbxtui.simulator import people
from pbxtui.simulator.switchboard import Switchboard
from pbxtui.simulator.things import Agent, Call, Leg, LegState, Queue, Reason


class CallCentre(Switchboard):
    """Callers wait in order; the agents idle for longest are rung, one or several at once."""

    ring_seconds = 4.0
    """Mean time until an agent picks up; one who doesn't is given three times as long."""
    wrapup_seconds = 12.0

    def agent_changed(self, agent: Agent) -> None:
        ready = agent.ready
        for queue in agent.queues:
            if not ready or queue in agent.paused_queues:
                queue.ready.pop(agent, None)
            elif agent not in queue.ready:
                queue.ready[agent] = None
        if ready:
            for queue in agent.queues:
                if queue.waiting:
                    # Not at once: the phone is still being put down.
                    self.after(0.4, self._serve, queue)

    def enqueue(self, call: Call, queue: Queue) -> None:
        call.queue = queue
        call.queued = self.now
        call.state = LegState.QUEUED
        call.attempt += 1
        call.version += 1
        queue.received += 1
        queue.waiting[call] = None
        self._serve(queue)

    def leave_queue(self, call: Call) -> None:
        """The call waits no more; it counts as answered unless it has ended."""
        queue = call.queue
        if queue is None:
            return
        waited = self.now - call.queued
        queue.waiting.pop(call, None)
        queue.offered.pop(call, None)
        queue.hold_time += waited
        queue.max_hold_time = max(queue.max_hold_time, waited)
        if call.state is LegState.ENDED:
            queue.abandoned += 1
        else:
            queue.answered += 1
        call.queued = 0.0

    def _serve(self, queue: Queue) -> None:
        while queue.waiting and queue.ready:
            call = next(iter(queue.waiting))
            del queue.waiting[call]
            queue.offered[call] = None
            call.attempt += 1
            chosen = [agent for agent, _ in zip(queue.ready, range(queue.width), strict=False)]
            for agent in chosen:
                agent.call = call
                agent.since = self.now
                device = next(device for device in agent.extension.devices if device.online)
                self.ring_device(call, device)
            if self.rng.random() < 0.88 or queue.width > 1:
                picks = people.choose(self.rng, chosen)
                delay = 0.8 + self.rng.expovariate(1 / self.ring_seconds)
                self.after(delay, self._agent_picks_up, call, picks, call.attempt)
            else:
                self.after(3 * self.ring_seconds, self._offer_failed, call, call.attempt)

    def _agent_picks_up(self, call: Call, agent: Agent, attempt: int) -> None:
        if call.attempt != attempt or not call.alive:
            return
        for leg in agent.extension.legs:
            if leg.call is call and leg.state is LegState.RINGING:
                self.pick_up(leg)
                return
        self._offer_failed(call, attempt)

    def _offer_failed(self, call: Call, attempt: int) -> None:
        """Nobody picked up: the caller is first in line again, the agents last."""
        queue = call.queue
        if call.attempt != attempt or not call.alive or queue is None:
            return
        queue.offered.pop(call, None)
        queue.waiting = {call: None, **queue.waiting}
        call.attempt += 1
        for leg in self.ringing_legs(call):
            self.end_leg(leg, Reason.NO_ANSWER)
        self._serve(queue)

    def leg_answered(self, leg: Leg) -> None:
        agent = leg.extension.agent if leg.extension is not None else None
        if agent is not None and agent.call is leg.call:
            agent.calls_taken += 1
            agent.since = self.now

    def leg_over(self, leg: Leg) -> None:
        agent = leg.extension.agent if leg.extension is not None else None
        if agent is None or agent.call is not leg.call:
            return
        agent.call = None
        agent.since = self.now
        if leg.answered:
            agent.last_call = self.now
            if leg.call.queue is not None:
                leg.call.queue.talk_time += self.now - leg.answered
            agent.wrapup = True
            agent.duty += 1
            seconds = self.wrapup_seconds * (0.5 + self.rng.random())
            self.after(seconds, self._wrapup_over, agent, agent.duty)
        self.agent_changed(agent)

    def _wrapup_over(self, agent: Agent, duty: int) -> None:
        if agent.wrapup and agent.duty == duty:
            agent.wrapup = False
            agent.since = self.now
            self.agent_changed(agent)

    # --- what agents do ----------------------------------------------------------------------

    def set_paused(self, agent: Agent, reason: str | None) -> None:
        """Pause an agent for a reason, which may be empty; None ends the pause."""
        self._set_duty(agent, paused=reason)

    def set_logged_in(self, agent: Agent, logged_in: bool) -> None:
        agent.logged_in = logged_in
        self._set_duty(agent, paused=None)

    def _set_duty(self, agent: Agent, *, paused: str | None) -> None:
        agent.paused = paused
        agent.wrapup = False
        agent.duty += 1
        agent.since = self.now
        for leg in list(agent.extension.legs):
            if leg.call is agent.call and leg.state is LegState.RINGING and not agent.ready:
                self.end_leg(leg, Reason.NO_ANSWER)
        self.agent_changed(agent)
