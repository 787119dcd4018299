"""What happens in the office beside the calls: lunch, loose network cables, day and night."""

from __future__ import annotations

from pbxtui.simulator import people
from pbxtui.simulator.actions import Actions
from pbxtui.simulator.things import Agent, Device, Extension, Flow

OFFLINE = 0.02
"""Share of phones which are off the network at a given moment, those in drawers apart."""
OFFLINE_SECONDS = 200.0
"""How long a phone stays away on average."""


class Routine(Actions):
    """Agents come and go, phones drop off and come back, flows change."""

    def begin_routine(self) -> None:
        for agent in self.building.agents:
            self._begin_agent(agent)
        for flow in self.building.flows:
            self.after(self.rng.expovariate(1 / 1800), self._flow_changes, flow)
        if self.building.devices:
            self.after(self._until_drop_off(), self._drop_off)

    # --- agents ------------------------------------------------------------------------------

    def _begin_agent(self, agent: Agent) -> None:
        dice = self.rng.random()
        agent.since = self.now - self.rng.random() * 1200
        if dice < 0.1:
            agent.logged_in = False
        elif dice < 0.22:
            agent.paused = self._pause_reason()
        self.agent_changed(agent)
        self.after(self.rng.expovariate(1 / 600), self._agent_moves, agent, agent.duty)

    def _pause_reason(self) -> str:
        return people.choose(self.rng, people.PAUSE_REASONS)

    def _agent_moves(self, agent: Agent, duty: int) -> None:
        """Who is in a call stays for now, who went away comes back, others may go away.

        Somebody who was sent away or called back by an action stays so.
        """
        rng = self.rng
        again = 60 + rng.expovariate(1 / 900)
        if agent.extension.legs:
            again = 20.0
        elif agent.paused is not None or not agent.logged_in:
            if agent.duty == duty:
                self.set_logged_in(agent, True)
        elif rng.random() < 0.8:
            self.set_paused(agent, self._pause_reason())
            again, duty = 30 + rng.expovariate(1 / 150), agent.duty
        else:
            self.set_logged_in(agent, False)
            again, duty = 60 + rng.expovariate(1 / 300), agent.duty
        self.after(again, self._agent_moves, agent, duty)

    # --- phones ------------------------------------------------------------------------------

    def _until_drop_off(self) -> float:
        return self.rng.expovariate(len(self.building.devices) * OFFLINE / OFFLINE_SECONDS)

    def _drop_off(self) -> None:
        device = people.choose(self.rng, self.building.devices)
        if device.online and not device.extension.legs:
            self.set_online(device, False)
            away = 10 + self.rng.expovariate(1 / (OFFLINE_SECONDS - 10))
            self.after(away, self.set_online, device, True)
        self.after(self._until_drop_off(), self._drop_off)

    def set_online(self, device: Device, online: bool) -> None:
        """A phone drops off the network or comes back."""
        if device.online is online:
            return
        device.online = online
        device.changed = self.now
        ext = device.extension
        ext.reachable = any(device.online for device in ext.devices)
        self.refresh(ext)

    def idle_extension(self) -> Extension | None:
        """Somebody who could take or make a call."""
        return people.choose(self.rng, self.idle) if self.idle else None

    def idle_desk(self) -> Device | None:
        """The phone of somebody who could."""
        ext = self.idle_extension()
        return next((dev for dev in ext.devices if dev.online), None) if ext else None

    # --- flows -------------------------------------------------------------------------------

    def _flow_changes(self, flow: Flow) -> None:
        self.set_flow(flow.number, people.choose(self.rng, list(flow.values)))
        self.after(60 + self.rng.expovariate(1 / 1800), self._flow_changes, flow)
