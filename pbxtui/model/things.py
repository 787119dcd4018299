"""What a PBX shows: calls with their legs, devices, queues, agents, lamps and flows.

All are frozen. Times are epoch seconds (UTC, floats) on the PBX's own clock, or ``None`` where
the PBX does not tell; durations are seconds. Text fields have been through
:func:`pbxtui.model.text.clean`. A thing is known everywhere by its key, ``(site, id)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pbxtui.model.quick import quick
from pbxtui.model.words import (
    AgentState,
    Certainty,
    DeviceState,
    Direction,
    LampState,
    LegState,
)


class Key(NamedTuple):
    """The name of a thing over all sites."""

    site: str
    id: str


@quick
@dataclass(frozen=True, slots=True)
class Party:
    """One end of a call. Either text may be empty when the PBX does not give it."""

    number: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip() or "unknown"


NOBODY = Party()


@quick
@dataclass(frozen=True, slots=True)
class Leg:
    """One connection between the PBX and a phone or trunk.

    ``extension`` is the own extension of the leg (empty on a trunk leg), ``device`` the phone or
    trunk, ``channel`` the handle by which the PBX is told to act on the leg. Legs of one call
    with the same non-empty ``bridge`` hear each other. ``since`` is when the present state began.
    """

    id: str
    state: LegState
    certainty: Certainty = Certainty.SEEN
    direction: Direction = Direction.UNKNOWN
    from_: Party = NOBODY
    to: Party = NOBODY
    extension: str = ""
    device: str = ""
    channel: str = ""
    bridge: str = ""
    started: float | None = None
    answered: float | None = None
    since: float | None = None
    reason: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Call:
    """A conversation, or the attempt at one, with its legs.

    ``queue`` names the queue it waits in or came through, ``parked_at`` the parking space,
    ``reason`` says why it ended (or why it is thought to be lost).
    """

    site: str
    id: str
    state: LegState
    certainty: Certainty = Certainty.SEEN
    direction: Direction = Direction.UNKNOWN
    from_: Party = NOBODY
    to: Party = NOBODY
    started: float | None = None
    answered: float | None = None
    since: float | None = None
    ended: float | None = None
    queue: str = ""
    parked_at: str = ""
    reason: str = ""
    legs: tuple[Leg, ...] = ()

    @property
    def key(self) -> Key:
        return Key(self.site, self.id)

    @property
    def over(self) -> bool:
        """Whether nobody talks any more: it has ended, or vanished without an end."""
        return self.state in (LegState.ENDED, LegState.LOST)


@quick
@dataclass(frozen=True, slots=True)
class Device:
    """A phone and whether it can be reached. ``rtt_ms`` is a round trip in milliseconds."""

    site: str
    id: str
    state: DeviceState
    certainty: Certainty = Certainty.SEEN
    extension: str = ""
    name: str = ""
    address: str = ""
    user_agent: str = ""
    last_seen: float | None = None
    since: float | None = None
    rtt_ms: float | None = None

    @property
    def key(self) -> Key:
        return Key(self.site, self.id)


@quick
@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody waiting in a queue. ``position`` counts from 1; ``joined`` is epoch seconds."""

    id: str
    position: int
    party: Party = NOBODY
    joined: float | None = None
    call: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Queue:
    """A queue. ``callers`` is ``None`` where the PBX does not show who is waiting.

    Counters are ``None`` where the PBX does not give them; ``hold_time`` and ``talk_time`` are
    averages in seconds, ``service_level`` is a percentage.
    """

    site: str
    id: str
    name: str = ""
    certainty: Certainty = Certainty.SEEN
    callers: tuple[Caller, ...] | None = None
    available: int | None = None
    logged_in: int | None = None
    answered: int | None = None
    abandoned: int | None = None
    hold_time: float | None = None
    talk_time: float | None = None
    service_level: float | None = None
    strategy: str = ""

    @property
    def key(self) -> Key:
        return Key(self.site, self.id)


@quick
@dataclass(frozen=True, slots=True)
class Agent:
    """A member of one or more queues. ``queues`` and ``paused_in`` hold queue ids."""

    site: str
    id: str
    state: AgentState
    certainty: Certainty = Certainty.SEEN
    name: str = ""
    extension: str = ""
    queues: tuple[str, ...] = ()
    paused_in: tuple[str, ...] = ()
    paused_reason: str = ""
    since: float | None = None
    calls_taken: int | None = None
    last_call: float | None = None

    @property
    def key(self) -> Key:
        return Key(self.site, self.id)


@quick
@dataclass(frozen=True, slots=True)
class Lamp:
    """A busy lamp: the state of an extension as other phones show it."""

    site: str
    id: str
    state: LampState
    certainty: Certainty = Certainty.SEEN
    extension: str = ""
    name: str = ""
    since: float | None = None

    @property
    def key(self) -> Key:
        return Key(self.site, self.id)


@quick
@dataclass(frozen=True, slots=True)
class Flow:
    """A switch of the PBX's call routing (day and night, say), with its state and value."""

    site: str
    id: str
    state: LampState = LampState.UNKNOWN
    certainty: Certainty = Certainty.SEEN
    number: str = ""
    name: str = ""
    value: str = ""
    since: float | None = None

    @property
    def key(self) -> Key:
        return Key(self.site, self.id)


Thing = Call | Device | Queue | Agent | Lamp | Flow
