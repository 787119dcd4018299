"""Who serves which queue: the agents by queue, and whether their phones can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from pbxtui.model import (
    Agent,
    AgentState,
    Certainty,
    Change,
    Device,
    DeviceState,
    Key,
    Kind,
    Snapshot,
)
from pbxtui.ui.table import natural

NO_QUEUE = ""
"""The id under which agents stand of whom the PBX names no queue."""

_GONE = (DeviceState.UNREGISTERED, DeviceState.UNREACHABLE)
_RANK = {
    state: rank
    for rank, state in enumerate(
        (
            AgentState.UNREACHABLE,
            AgentState.READY,
            AgentState.RINGING,
            AgentState.TALKING,
            AgentState.WRAPUP,
            AgentState.PAUSED,
            AgentState.UNKNOWN,
            AgentState.LOGGED_OUT,
        )
    )
}
Stated = tuple[AgentState, Certainty]


def queues_of(agent: Agent) -> Sequence[Key]:
    """The queues under which an agent stands."""
    return [Key(agent.site, queue) for queue in agent.queues or (NO_QUEUE,)]


class Staff:
    """The agents of all sites, and the states of phones by extension."""

    def __init__(self) -> None:
        self.agents: dict[Key, Agent] = {}
        self._serving: dict[Key, set[Key]] = {}
        self._phones: dict[Key, dict[str, DeviceState]] = {}
        self._by_extension: dict[Key, set[Key]] = {}

    def reset(self, snapshots: Iterable[Snapshot]) -> None:
        """Start again from whole snapshots."""
        for index in (self.agents, self._serving, self._phones, self._by_extension):
            index.clear()
        for shot in snapshots:
            for device in shot.devices.values():
                self._swap_phone(None, device)
            for agent in shot.agents.values():
                self._swap_agent(None, agent)

    def take(self, changes: Iterable[Change]) -> set[Key]:
        """Take changes; the queues of which something else is known now."""
        touched: set[Key] = set()
        for change in changes:
            if change.kind is Kind.AGENTS:
                before, after = (
                    cast("Agent | None", change.before),
                    cast("Agent | None", change.after),
                )
                self._swap_agent(before, after)
                for agent in (before, after):
                    touched.update(queues_of(agent) if agent is not None else ())
            elif change.kind is Kind.DEVICES:
                was, phone = (
                    cast("Device | None", change.before),
                    cast("Device | None", change.after),
                )
                self._swap_phone(was, phone)
                for device in (was, phone):
                    if device is not None:
                        touched.update(self._queues_at(device))
        return touched

    def of(self, queue: Key) -> Sequence[Agent]:
        """The agents of a queue: those whose phone is off first, then those who are ready."""
        agents = [self.agents[key] for key in self._serving.get(queue, ())]
        return sorted(
            agents,
            key=lambda agent: (
                _RANK[self.state(agent, queue.id)[0]],
                natural(agent.extension or agent.name),
                agent.id,
            ),
        )

    def state(self, agent: Agent, queue: str) -> Stated:
        """An agent's state in a queue. Who is ready while every phone is off is unreachable."""
        if queue in agent.paused_in and agent.state is AgentState.READY:
            return AgentState.PAUSED, agent.certainty
        if agent.state is AgentState.READY and agent.extension:
            phones = self._phones.get(Key(agent.site, agent.extension), {}).values()
            if phones and all(state in _GONE for state in phones):
                return AgentState.UNREACHABLE, Certainty.INFERRED
        return agent.state, agent.certainty

    def _queues_at(self, device: Device) -> Iterable[Key]:
        for key in self._by_extension.get(Key(device.site, device.extension), ()):
            yield from queues_of(self.agents[key])

    def _swap_agent(self, before: Agent | None, after: Agent | None) -> None:
        if before is not None:
            self.agents.pop(before.key, None)
            for queue in queues_of(before):
                self._serving.get(queue, set()).discard(before.key)
            self._by_extension.get(Key(before.site, before.extension), set()).discard(before.key)
        if after is not None:
            self.agents[after.key] = after
            for queue in queues_of(after):
                self._serving.setdefault(queue, set()).add(after.key)
            if after.extension:
                by = self._by_extension.setdefault(Key(after.site, after.extension), set())
                by.add(after.key)

    def _swap_phone(self, before: Device | None, after: Device | None) -> None:
        if before is not None:
            self._phones.get(Key(before.site, before.extension), {}).pop(before.id, None)
        if after is not None and after.extension:
            phones = self._phones.setdefault(Key(after.site, after.extension), {})
            phones[after.id] = after.state
