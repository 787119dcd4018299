"""What a site holds, in one sentence: said at the start and after a time of not seeing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from pbxtui.model import (
    KINDS_OF,
    TOPIC_OF,
    AgentState,
    Certainty,
    Change,
    DeviceState,
    Fault,
    Kind,
    LegState,
    Topic,
)
from pbxtui.service.site import Site
from pbxtui.service.telling.calls import STATES
from pbxtui.service.telling.phrasing import count, listed, span

NOUNS = {
    Kind.CALLS: "call",
    Kind.DEVICES: "phone",
    Kind.QUEUES: "queue",
    Kind.AGENTS: "agent",
    Kind.LAMPS: "lamp",
    Kind.FLOWS: "flow",
}


def summary(site: Site, kinds: Collection[Kind]) -> str:
    """Everything that a site holds of some kinds, and what of it cannot be read."""
    parts: list[str] = []
    faults: dict[str, list[str]] = {}
    unread: list[str] = []
    missing: list[str] = []
    backend = site.backend
    for kind in Kind:
        if kind not in kinds:
            continue
        health = site.health[TOPIC_OF[kind]]
        if backend is not None and kind in backend.missing:
            missing.append(f"{NOUNS[kind]}s")
            continue
        if health.fault is not None:
            faults.setdefault(_sure(health.fault), []).append(f"{NOUNS[kind]}s")
        if health.read_at is not None:
            parts.append(holds(site, kind))
        elif health.fault is None and (backend is None or TOPIC_OF[kind] in backend.topics):
            unread.append(f"{NOUNS[kind]}s")
    parts += [f"{listed(kinds_)} cannot be read: {why}" for why, kinds_ in faults.items()]
    if unread:
        parts.append(f"{listed(unread)} not read yet")
    if missing:
        parts.append(f"{listed(missing)} are not shown by this PBX")
    return "; ".join(parts)


def _sure(fault: Fault) -> str:
    return str(fault).rstrip(". ")


def holds(site: Site, kind: Kind) -> str:
    """How many there are of one kind, and in which states."""
    things = site.snapshot.of(kind)
    match kind:
        case Kind.CALLS:
            return _calls(site)
        case Kind.DEVICES:
            on = _states(site.snapshot.devices.values(), DeviceState.REGISTERED)
            return f"{count(len(things), 'phone')}{f', {on} registered' if things else ''}"
        case Kind.QUEUES:
            return _queues(site)
        case Kind.AGENTS:
            ready = _states(site.snapshot.agents.values(), AgentState.READY)
            return f"{count(len(things), 'agent')}{f', {ready} ready' if things else ''}"
    return count(len(things), NOUNS[kind])


def _states(things: Iterable[object], state: object) -> int:
    return sum(getattr(thing, "state", None) is state for thing in things)


def _calls(site: Site) -> str:
    living = [call for call in site.snapshot.calls.values() if not call.over]
    tally = Counter((call.state, call.certainty is Certainty.ASSUMED) for call in living)
    states = [
        f"{number} {'assumed ' if assumed else ''}{STATES[state]}"
        for state in LegState
        for assumed in (False, True)
        if (number := tally[state, assumed])
    ]
    return ", ".join([count(len(living), "call"), *states])


def _queues(site: Site) -> str:
    queues = site.snapshot.queues
    shown = [queue.callers for queue in queues.values() if queue.callers is not None]
    parts = [count(len(queues), "queue")]
    waiting = sum(len(callers) for callers in shown)
    joined = [one.joined for callers in shown for one in callers if one.joined is not None]
    if waiting:
        longest = f", the longest for {span(site.now() - min(joined))}" if joined else ""
        parts.append(f"{waiting} waiting{longest}")
    elif shown:
        parts.append("nobody waits")
    if len(shown) < len(queues):
        parts.append("who waits is not shown by this PBX")
    return ", ".join(parts)


def meanwhile(changes: Iterable[Change]) -> str:
    """What changed while nothing could be seen: counted, since nobody saw when or in what order."""
    parts = []
    by_kind: dict[Kind, Counter[str]] = {}
    for change in changes:
        what = "new" if change.added else "gone" if change.removed else "changed"
        by_kind.setdefault(change.kind, Counter())[what] += 1
    for kind, tally in by_kind.items():
        numbers = [f"{tally[what]} {what}" for what in ("new", "gone", "changed") if tally[what]]
        parts.append(f"{NOUNS[kind]}s: {', '.join(numbers)}")
    return f"meanwhile {'; '.join(parts)}" if parts else ""


def topics_of(site: Site, kinds: Collection[Kind]) -> list[Topic]:
    """The topics of a site that are read and of which something is to be told."""
    backend = site.backend
    return [
        topic
        for topic in Topic
        if any(kind in kinds for kind in KINDS_OF[topic])
        and (backend is None or topic in backend.topics)
    ]
