"""Who serves which queue, changed from outside: pause, log in, log out."""

from __future__ import annotations

from pbxtui.simulator.actions import Conflict, NotFound
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Agent, Extension, LegState, Queue, Reason


def extension_of(office: Office, text: str) -> Extension:
    """An extension by its number or its username. Raises `NotFound`."""
    number = text.strip().removesuffix(f"-{office.tenant}")
    extension = office.extensions.get(number)
    if extension is None:
        raise NotFound(f"Extension {text} not found")
    return extension


def member_of(office: Office, text: str, queue: Queue) -> Agent:
    """Somebody logged in to a queue. Raises `NotFound`."""
    agent = extension_of(office, text).agent
    if agent is None or not agent.logged_in or queue not in agent.queues:
        raise NotFound("Interface not found")
    return agent


def pause(office: Office, agent: Agent, queue: Queue, reason: str) -> None:
    """Pause an agent in one queue; paused in all of them it is paused altogether."""
    agent.paused_queues.add(queue)
    if agent.paused is not None or set(agent.queues) <= agent.paused_queues:
        agent.paused_queues.clear()
        office.set_paused(agent, reason)
        return
    for leg in list(agent.extension.legs):
        if leg.state is LegState.RINGING and leg.call is agent.call and leg.call.queue is queue:
            office.end_leg(leg, Reason.NO_ANSWER)
    office.agent_changed(agent)


def unpause(office: Office, agent: Agent, queue: Queue) -> None:
    """End the pause in one queue. One that is not paused there stays as it is, without error."""
    if agent.paused is not None:
        agent.paused_queues = {other for other in agent.queues if other is not queue}
        office.set_paused(agent, None)
        return
    agent.paused_queues.discard(queue)
    office.agent_changed(agent)


def log_in(office: Office, extension: Extension, queue: Queue, *, paused: bool) -> None:
    """Make an extension a member of a queue. Raises `Conflict` when it is one already."""
    agent = extension.agent
    if agent is None:
        agent = Agent(max(office.agents, default=4_000) + 1, extension, [], since=office.now)
        extension.agent = agent
        office.agents[agent.id] = agent
        office.building.agents.append(agent)
    elif not agent.logged_in:
        for other in list(agent.queues):
            _leave(agent, other)
    elif queue in agent.queues:
        raise Conflict("Member already exists")
    agent.queues.append(queue)
    queue.agents.append(agent)
    if not agent.logged_in:
        office.set_logged_in(agent, True)
    if paused:
        pause(office, agent, queue, "")
    else:
        office.agent_changed(agent)


def log_out(office: Office, agent: Agent, queue: Queue) -> None:
    """Take a member out of a queue; out of the last one it is logged out altogether."""
    if agent.queues == [queue]:
        agent.paused_queues.clear()
        office.set_logged_in(agent, False)
        return
    _leave(agent, queue)
    office.agent_changed(agent)


def _leave(agent: Agent, queue: Queue) -> None:
    agent.queues.remove(queue)
    agent.paused_queues.discard(queue)
    queue.agents.remove(agent)
    queue.ready.pop(agent, None)


def reset(queue: Queue) -> None:
    """Begin a queue's figures anew."""
    queue.received = len(queue.callers)
    queue.answered = queue.abandoned = 0
    queue.hold_time = queue.max_hold_time = queue.talk_time = 0.0
