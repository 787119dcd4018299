"""What ``pbxtui list`` prints of each kind of thing: the columns, and the cells of one row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from pbxtui.cli.table import duration, number
from pbxtui.model import (
    Agent,
    Call,
    Certainty,
    Device,
    Flow,
    Kind,
    Lamp,
    Queue,
    Thing,
)
from pbxtui.service import Site


@dataclass(frozen=True, slots=True)
class Columns:
    """The titles, which of them are aligned to the right (``r``), and a row's cells.

    ``cells`` gets the thing and the time now on its PBX's clock, in epoch seconds.
    """

    titles: tuple[str, ...]
    right: str
    cells: Callable[[Thing, float], tuple[str, ...]]


def _ago(since: float | None, now: float) -> str:
    return "" if since is None else duration(now - since)


def _state(state: str, certainty: Certainty) -> str:
    """The state, with a ``~`` where the PBX does not show it and we assume it."""
    return f"{state}~" if certainty is Certainty.ASSUMED else state


def _call(thing: Thing, now: float) -> tuple[str, ...]:
    call = cast("Call", thing)
    via = " ".join(word for word in (call.queue, call.parked_at, call.reason) if word)
    return (
        call.site,
        _state(call.state, call.certainty),
        call.direction,
        call.from_.number,
        call.from_.name,
        call.to.number,
        call.to.name,
        via,
        _ago(call.since, now),
        _ago(call.started, now),
    )


def _device(thing: Thing, now: float) -> tuple[str, ...]:
    device = cast("Device", thing)
    return (
        device.site,
        device.extension or device.id,
        _state(device.state, device.certainty),
        device.name,
        device.address,
        device.user_agent,
        _ago(device.last_seen, now),
        number(device.rtt_ms, " ms"),
    )


def _queue(thing: Thing, now: float) -> tuple[str, ...]:
    queue = cast("Queue", thing)
    callers = queue.callers
    joined = [caller.joined for caller in callers or () if caller.joined is not None]
    return (
        queue.site,
        queue.id,
        queue.name,
        "" if callers is None else str(len(callers)),
        _ago(min(joined, default=None), now),
        number(queue.available),
        number(queue.logged_in),
        number(queue.answered),
        number(queue.abandoned),
    )


def _agent(thing: Thing, now: float) -> tuple[str, ...]:
    agent = cast("Agent", thing)
    return (
        agent.site,
        agent.name or agent.id,
        agent.extension,
        _state(agent.state, agent.certainty),
        _ago(agent.since, now),
        agent.paused_reason,
        ", ".join(agent.queues),
        number(agent.calls_taken),
    )


def _lamp(thing: Thing, now: float) -> tuple[str, ...]:
    lamp = cast("Lamp", thing)
    return (
        lamp.site,
        lamp.extension or lamp.id,
        lamp.name,
        _state(lamp.state, lamp.certainty),
        _ago(lamp.since, now),
    )


def _flow(thing: Thing, now: float) -> tuple[str, ...]:
    flow = cast("Flow", thing)
    return (
        flow.site,
        flow.number or flow.id,
        flow.name,
        _state(flow.state, flow.certainty),
        flow.value,
        _ago(flow.since, now),
    )


COLUMNS: Mapping[Kind, Columns] = {
    Kind.CALLS: Columns(
        ("SITE", "STATE", "DIRECTION", "FROM", "NAME", "TO", "NAME", "VIA", "SINCE", "TOTAL"),
        "........rr",
        _call,
    ),
    Kind.DEVICES: Columns(
        ("SITE", "PHONE", "STATE", "NAME", "ADDRESS", "USER AGENT", "SEEN", "RTT"),
        "......rr",
        _device,
    ),
    Kind.QUEUES: Columns(
        (
            "SITE",
            "QUEUE",
            "NAME",
            "WAITING",
            "LONGEST",
            "AVAILABLE",
            "LOGGED IN",
            "ANSWERED",
            "ABANDONED",
        ),
        "...rrrrrr",
        _queue,
    ),
    Kind.AGENTS: Columns(
        ("SITE", "AGENT", "PHONE", "STATE", "SINCE", "REASON", "QUEUES", "CALLS"),
        "....r..r",
        _agent,
    ),
    Kind.LAMPS: Columns(("SITE", "LAMP", "NAME", "STATE", "SINCE"), "....r", _lamp),
    Kind.FLOWS: Columns(("SITE", "FLOW", "NAME", "STATE", "VALUE", "SINCE"), ".....r", _flow),
}


def in_order(kind: Kind, site: Site) -> list[Thing]:
    """The things of one site, oldest call first, everything else by its number."""
    things = list(site.snapshot.of(kind).values())
    if kind is Kind.CALLS:
        return sorted(things, key=lambda call: _age(cast("Call", call)))
    return sorted(things, key=lambda thing: _natural(COLUMNS[kind].cells(thing, 0.0)[1]))


def _age(call: Call) -> tuple[bool, float]:
    return (call.started is None, call.started or 0.0)


def _natural(text: str) -> list[tuple[int, int, str]]:
    """A sort key by which ``9`` comes before ``10``."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", text)
    return [
        (0, int(part), "") if part[0] in "0123456789" else (1, 0, part.casefold()) for part in parts
    ]
