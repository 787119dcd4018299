"""The things of the office: calls and their legs, phones, queues, agents, flows.

Times are epoch seconds as floats, 0.0 where something has not happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pbxtui.simulator.people import Party


class LegState(StrEnum):
    """What one leg does. A leg that is over stays `ended` for `LINGER` seconds."""

    SETUP = "setup"
    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"
    PARKED = "parked"
    QUEUED = "queued"
    ENDED = "ended"


class Reason(StrEnum):
    """Why a leg or a call ended."""

    NONE = ""
    HANGUP = "hangup"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no answer"
    ABANDONED = "abandoned"
    ELSEWHERE = "answered elsewhere"
    TRANSFERRED = "transferred"


class Direction(StrEnum):
    """Of a call, seen from the office; of a leg, seen from the PBX.

    The leg of somebody who calls in to the PBX (from outside or from a desk) is inbound, the leg
    by which the PBX rings somebody is outbound.
    """

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class Lamp(StrEnum):
    """Asterisk's device states, as a busy lamp field shows them."""

    UNKNOWN = "UNKNOWN"
    NOT_INUSE = "NOT_INUSE"
    INUSE = "INUSE"
    BUSY = "BUSY"
    INVALID = "INVALID"
    UNAVAILABLE = "UNAVAILABLE"
    RINGING = "RINGING"
    RINGINUSE = "RINGINUSE"
    ONHOLD = "ONHOLD"


LINGER = 2.0
"""Seconds for which a leg or a call that is over can still be seen."""


@dataclass(slots=True, eq=False)
class Device:
    """A phone. `id` is the handset's SIP name (VH0000001); a soft phone has no `mac`."""

    id: str
    mac: str
    extension: Extension
    address: str
    port: int
    user_agent: str
    latency: float
    """Milliseconds, about which `rtt_ms` wanders."""
    period: float
    """Seconds between two registrations while it is reachable."""
    phase: float
    provisioned: float
    online: bool = True
    changed: float = 0.0
    """When it last dropped off or came back."""
    serial: int = 0

    def last_success(self, now: float) -> float:
        """When its last registration succeeded."""
        until = now if self.online else self.changed
        passed = (until - self.phase) // self.period
        last = self.phase + passed * self.period
        return max(last, self.changed) if self.online else last

    def last_request(self, now: float) -> float:
        """When it last asked, with or without success. An unreachable phone does not ask."""
        return self.last_success(now)

    def rtt_ms(self, now: float) -> float:
        """Its latency in milliseconds, which wanders by a third from minute to minute."""
        dice = (int(now // 60) * 7919 + self.serial * 104729) % 1000
        return round(self.latency * (0.8 + 0.0004 * dice), 1)


@dataclass(slots=True, eq=False)
class Extension:
    """A number of the office and whoever sits there. `username` is its SIP account."""

    number: str
    name: str
    department: str
    username: str
    serial: int
    devices: list[Device] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)
    """Legs which are not over, oldest first."""
    dnd: bool = False
    reachable: bool = True
    lamp: Lamp = Lamp.NOT_INUSE
    lamp_since: float = 0.0
    agent: Agent | None = None
    pool_place: int = -1
    party: Party = field(init=False)

    def __post_init__(self) -> None:
        self.party = Party(self.number, self.name)


@dataclass(slots=True, eq=False)
class Leg:
    """One end of a call. A leg without a device is the outside line."""

    id: str
    call: Call
    serial: int
    direction: Direction
    party: Party
    """Who is at this end."""
    device: Device | None
    extension: Extension | None
    started: float
    state: LegState = LegState.SETUP
    since: float = 0.0
    """When it came into this state."""
    answered: float = 0.0
    ended: float = 0.0
    reason: Reason = Reason.NONE
    channel: str = ""
    """As Asterisk names it: SIP/203-ACME-000011ab, or the trunk's name for the outside line."""
    put_aside: bool = False
    """Held because another call was taken on the same extension."""
    recording: bool = False
    dtmf: str = ""

    @property
    def alive(self) -> bool:
        return self.state is not LegState.ENDED


@dataclass(slots=True, eq=False)
class Call:
    """A call. `version` rises with each change of it or of one of its legs."""

    id: str
    serial: int
    direction: Direction
    caller: Party
    callee: Party
    did: str
    """The office's own outside number which is in use on this call, or ""."""
    started: float
    state: LegState = LegState.SETUP
    answered: float = 0.0
    ended: float = 0.0
    reason: Reason = Reason.NONE
    legs: list[Leg] = field(default_factory=list)
    version: int = 0
    attempt: int = 0
    """Rises each time somebody else is rung, so that an answer planned before is void."""
    queue: Queue | None = None
    queued: float = 0.0
    slot: str = ""
    """The parking place, while it is parked."""
    parked_by: Extension | None = None
    finish: float = 0.0
    """When the people on it mean to end it."""
    pending: str = ""
    """Number to ring once the caller's own phone has been picked up (click to dial)."""

    @property
    def alive(self) -> bool:
        return self.state is not LegState.ENDED

    def live_legs(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.state is not LegState.ENDED]


@dataclass(slots=True, eq=False)
class Agent:
    """Somebody who takes calls from queues. Reached through `office.pause` and its sisters."""

    id: int
    extension: Extension
    queues: list[Queue]
    logged_in: bool = True
    paused: str | None = None
    """The reason, "" for none given, None when not paused."""
    wrapup: bool = False
    since: float = 0.0
    """When the state last changed."""
    call: Call | None = None
    """The queue call which rings or is talked on now."""
    calls_taken: int = 0
    last_call: float = 0.0
    duty: int = 0
    """Rises with each change, so that a change planned before is void."""
    paused_queues: set[Queue] = field(default_factory=set)
    """Queues in which alone it is paused, while it takes calls of the others."""

    def is_paused_in(self, queue: Queue) -> bool:
        return self.paused is not None or queue in self.paused_queues

    @property
    def ready(self) -> bool:
        """Would take the next call of a queue."""
        ext = self.extension
        return (
            self.logged_in
            and self.paused is None
            and not self.wrapup
            and not ext.legs
            and ext.reachable
            and not ext.dnd
        )

    @property
    def state(self) -> str:
        """ready, ringing, talking, wrapup, paused, unreachable or logged_out."""
        ext = self.extension
        if not self.logged_in:
            return "logged_out"
        if not ext.reachable:
            return "unreachable"
        if ext.legs:
            return "ringing" if ext.lamp is Lamp.RINGING else "talking"
        if self.paused is not None:
            return "paused"
        return "wrapup" if self.wrapup else "ready"


@dataclass(slots=True, eq=False)
class Queue:
    """A queue. Its counters run since the office opened; times are sums of seconds."""

    id: int
    number: str
    name: str
    width: int
    """How many agents ring at once."""
    agents: list[Agent] = field(default_factory=list)
    ready: dict[Agent, None] = field(default_factory=dict)
    """Agents who would take a call, the one idle for longest first."""
    waiting: dict[Call, None] = field(default_factory=dict)
    """Callers for whom nobody rings yet, first come first."""
    offered: dict[Call, None] = field(default_factory=dict)
    """Callers for whom an agent's phone rings now."""
    received: int = 0
    answered: int = 0
    abandoned: int = 0
    hold_time: float = 0.0
    max_hold_time: float = 0.0
    talk_time: float = 0.0

    @property
    def callers(self) -> list[Call]:
        """Everybody who waits, longest first."""
        return sorted([*self.offered, *self.waiting], key=lambda call: (call.queued, call.serial))


@dataclass(slots=True, eq=False)
class Flow:
    """A switch of the dial plan, such as day and night. It has a lamp of its own."""

    id: int
    number: str
    name: str
    state: Lamp
    value: str
    since: float
    values: dict[Lamp, str] = field(default_factory=dict)
