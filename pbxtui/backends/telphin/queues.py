"""Telphin's queues and agents as those of the model."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.backends.telphin.directory import Extension
from pbxtui.backends.telphin.wire import WireAgent, WireQueue
from pbxtui.model import Agent, AgentState, Certainty, DeviceState, LegState, Queue, clean

LOCAL, REMOTE = "local", "remote"

_STATES = {"available": AgentState.READY, "logged_out": AgentState.LOGGED_OUT}
"""The only two (DOCUMENTED): there is no pause, and busy or wrap-up are not told."""

_KEYS = ("status", "name", "value", "code", "id")


def status_word(value: object) -> str:
    """An agent's status, which is a text (INFERRED) or an object (DOCUMENTED as "object")."""
    for _ in range(2):
        if isinstance(value, dict):
            value = next((value[key] for key in _KEYS if isinstance(value.get(key), str | dict)), 0)
    if not isinstance(value, str):
        return ""
    return clean(value).lower().replace(" ", "_").replace("-", "_")


def queue_from(site: str, extension: Extension, row: WireQueue | None) -> Queue:
    """A queue. Who waits, who serves and every counter are not on this wire."""
    return Queue(
        site,
        str(extension.id),
        extension.name or extension.number,
        strategy=clean((row or {}).get("strategy") or "", 40),
    )


def agent_from(
    site: str,
    side: str,
    row: WireAgent,
    extension: Extension | None,
    busy: Mapping[int, LegState],
    phones: Mapping[int, DeviceState],
) -> Agent:
    """An agent; the id is ``local/…`` or ``remote/…``, since the two are counted apart.

    Telphin tells "available" and "logged_out" (DOCUMENTED). Whether an available agent's phone
    rings, talks or is off is joined from the lists of calls and registrations.
    """
    state, certainty = _STATES.get(status_word(row.get("status")), AgentState.UNKNOWN), None
    own = row.get("extension_id")
    if state is AgentState.READY and own is not None and side == LOCAL:
        on_call = busy.get(own)
        if on_call is not None:
            ringing = on_call is LegState.RINGING
            state = AgentState.RINGING if ringing else AgentState.TALKING
            certainty = Certainty.INFERRED
        elif phones.get(own) is DeviceState.UNREGISTERED:
            state, certainty = AgentState.UNREACHABLE, Certainty.INFERRED
    number = clean(row.get("number") or "")
    name = clean(row.get("name") or "")
    if extension is not None:
        number, name = extension.number, name or extension.name
    return Agent(site, f"{side}/{row['id']}", state, certainty or Certainty.SEEN, name, number)
