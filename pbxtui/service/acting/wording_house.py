"""The sentences about agents, switches of the routing and phones; see :mod:`sentence`."""

from __future__ import annotations

from pbxtui.model import (
    Agent,
    AgentState,
    LogAgent,
    OnDevice,
    Party,
    PauseAgent,
    SetFlow,
    Snapshot,
    clean,
)
from pbxtui.service.acting.people import NAME_LIMIT, UP, label, listed
from pbxtui.service.acting.phrases import Told, callers_wait, queue_name, spaced
from pbxtui.service.acting.reach import reach

_AWAY = frozenset(
    {AgentState.PAUSED, AgentState.LOGGED_OUT, AgentState.UNREACHABLE, AgentState.UNKNOWN}
)


def agent(action: PauseAgent | LogAgent, snapshot: Snapshot) -> Told:
    known = snapshot.agents.get(action.agent)
    who = label(
        Party(known.extension, known.name) if known is not None else Party(action.agent),
        "an agent without a name",
    )
    queues = _queues(action.queue, known, snapshot)
    where = listed([queue_name(queue, snapshot) for queue in queues]) or (
        clean(action.queue, NAME_LIMIT) or "every queue"
    )
    if isinstance(action, LogAgent):
        if action.in_:
            return f"Log {who} in to {where}: its callers ring there from now on", []
        said = f"Log {who} out of {where}: its callers ring there no more"
        return said, _left_alone(action.agent, queues, snapshot)
    if not action.paused:
        return f"End the pause of {who} in {where}: its callers ring there again", []
    reason = f" ({clean(action.reason, NAME_LIMIT)})" if action.reason else ""
    said = f"Pause {who} in {where}{reason}: its callers ring there no more"
    if known is not None and known.state is AgentState.TALKING:
        said += ", the call that goes on stays"
    return said, _left_alone(action.agent, queues, snapshot)


def _queues(queue: str, known: Agent | None, snapshot: Snapshot) -> list[str]:
    if queue:
        return [queue]
    return list(known.queues) if known is not None else []


def _left_alone(leaving: str, queues: list[str], snapshot: Snapshot) -> list[str]:
    """A warning for each queue in which nobody else would take the next call."""
    said = []
    for id in queues:
        ready = [
            other
            for other in snapshot.agents.values()
            if other.id != leaving
            and id in other.queues
            and id not in other.paused_in
            and other.state not in _AWAY
        ]
        queue = snapshot.queues.get(id)
        if queue is not None and not ready:
            wait = callers_wait(queue)
            name = queue_name(id, snapshot)
            said.append(f"nobody else takes the calls of {name}{', ' if wait else ''}{wait}")
    return said


def flow(action: SetFlow, snapshot: Snapshot) -> Told:
    known = snapshot.flows.get(action.flow)
    who = label(
        Party(known.number or known.id, known.name) if known is not None else Party(action.flow),
        "a switch without a name",
    )
    new = [
        *([] if action.state is None else [spaced(action.state.value)]),
        *([] if action.value is None else [clean(action.value, NAME_LIMIT) or "nothing"]),
    ]
    if not new:
        return f"Set {who}: to what is not known", []
    now = "not known"
    if known is not None:
        now = f"{spaced(known.state.value)} {clean(known.value, NAME_LIMIT)}".strip()
    return f"Set {who} to {listed(new)} (now {now}): calls through it are routed so at once", []


def device(action: OnDevice, snapshot: Snapshot) -> Told:
    known = snapshot.devices.get(action.device)
    if known is None:
        who = clean(action.device, NAME_LIMIT) or "a phone without a name"
    else:
        who = label(Party(known.extension or known.id, known.name))
    warnings = []
    if known is not None and known.extension:
        legs = (leg for call in snapshot.calls.values() for leg in call.legs)
        if any(leg.extension == known.extension and leg.state in UP for leg in legs):
            warnings = [f"{who} is on a call: whether it goes on is not known"]
    if action.reboot:
        return f"Restart the phone {who}: it cannot be called until it is back", warnings
    state = f"; {reach(known.extension, snapshot)}" if known and known.extension else ""
    said = f"Unregister the phone {who}: it cannot be called until it registers again{state}"
    return said, warnings
