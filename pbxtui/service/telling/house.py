"""What changed at phones, agents, lamps and flows, in one sentence each; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbxtui.model import Agent, AgentState, Device, DeviceState, Flow, Lamp, LampState
from pbxtui.service.telling.phrasing import hedged, listed, own, span, squeezed

_PHONES: Mapping[DeviceState, str] = {
    DeviceState.REGISTERED: "registered",
    DeviceState.UNREACHABLE: "unreachable: registered, but it does not answer",
    DeviceState.UNREGISTERED: "off: not registered",
}
_AGENTS: Mapping[AgentState, str] = {
    AgentState.READY: "ready",
    AgentState.RINGING: "being rung",
    AgentState.TALKING: "talking",
    AgentState.WRAPUP: "in wrap-up",
    AgentState.PAUSED: "paused",
    AgentState.UNREACHABLE: "logged in while the phone is off",
    AgentState.LOGGED_OUT: "logged out",
}
_LAMPS: Mapping[LampState, str] = {
    LampState.IDLE: "free",
    LampState.IN_USE: "busy",
    LampState.BUSY: "busy",
    LampState.RINGING: "ringing",
    LampState.RINGING_IN_USE: "busy and ringing",
    LampState.ON_HOLD: "on hold",
    LampState.UNAVAILABLE: "off",
    LampState.DND: "on do not disturb",
}
_FLOWS: Mapping[LampState, str] = {
    **_LAMPS,
    LampState.IDLE: "idle",
    LampState.IN_USE: "in use",
    LampState.BUSY: "in use",
}
NOT_KNOWN = "in a state that the PBX does not tell"


def device_words(before: Device | None, after: Device | None) -> str:
    """What changed at a phone; empty when it is not its state."""
    one = after or before
    if one is None:
        return ""
    phone = f"phone {own(one.extension, one.name, one.id)}"
    if after is None:
        return f"{phone} is no longer in the PBX's list"
    state = _PHONES.get(after.state)
    told = hedged(after.certainty, state) if state else f"is {NOT_KNOWN}"
    if before is None:
        return f"{phone} is new in the PBX's list and {told}"
    if before.state is after.state:
        return ""
    back = before.state in (DeviceState.UNREGISTERED, DeviceState.UNREACHABLE)
    if after.state is DeviceState.REGISTERED and back:
        return f"{phone} {hedged(after.certainty, 'registered again')}{_gone_for(before, after)}"
    return f"{phone} {told}"


def _gone_for(before: Device, after: Device) -> str:
    if before.since is None or after.since is None or after.since <= before.since:
        return ""
    return f" after {span(after.since - before.since)}"


def agent_words(before: Agent | None, after: Agent | None, queue: Callable[[str], str]) -> str:
    """What changed at an agent. ``queue`` gives a queue's name for its id."""
    one = after or before
    if one is None:
        return ""
    agent = f"agent {own(one.extension, one.name, one.id)}"
    if after is None:
        return f"{agent} is no longer in the PBX's list"
    state = _AGENTS.get(after.state)
    told = hedged(after.certainty, state) if state else f"is {NOT_KNOWN}"
    if after.state is AgentState.PAUSED and after.paused_reason:
        told += f": {after.paused_reason}"
    if before is None:
        return f"{agent} is new in the PBX's list and {told}"
    if (before.state, before.paused_reason) != (after.state, after.paused_reason):
        return f"{agent} {told}"
    if set(before.queues) != set(after.queues):
        queues = listed([queue(id_) for id_ in after.queues])
        return f"{agent} now serves {queues or 'no queue'}"
    return ""


def lamp_words(before: Lamp | None, after: Lamp | None) -> str:
    """What changed at a lamp; empty where it would be the same word."""
    one = after or before
    if one is None:
        return ""
    lamp = f"lamp {own(one.extension, one.name, one.id)}"
    if after is None:
        return f"{lamp} is no longer in the PBX's list"
    state = _LAMPS.get(after.state)
    told = hedged(after.certainty, state) if state else f"is {NOT_KNOWN}"
    if before is None:
        return f"{lamp} is new in the PBX's list and {told}"
    return f"{lamp} {told}" if _LAMPS.get(before.state) != state else ""


def flow_words(before: Flow | None, after: Flow | None) -> str:
    """What changed at a flow: its state, its value."""
    one = after or before
    if one is None:
        return ""
    flow = f"flow {own(one.number, one.name, one.id)}"
    if after is None:
        return f"{flow} is no longer in the PBX's list"
    state = _FLOWS.get(after.state)
    told = hedged(after.certainty, state) if state else f"is {NOT_KNOWN}"
    value = squeezed(after.value)
    told += f", value {value}" if value else ""
    if before is None:
        return f"{flow} is new in the PBX's list and {told}"
    changed = _FLOWS.get(before.state) != state or before.value != after.value
    return f"{flow} {told}" if changed else ""
