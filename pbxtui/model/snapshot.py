"""A site as it was last read, and how well that reading is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, cast

from pbxtui.model.things import Agent, Call, Device, Flow, Lamp, Queue, Thing
from pbxtui.model.words import Freshness, Kind, Topic


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything known of one site at one moment, each kind by id.

    The mappings are shared between snapshots and never changed in place.
    """

    site: str
    calls: Mapping[str, Call] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    lamps: Mapping[str, Lamp] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)

    def of(self, kind: Kind) -> Mapping[str, Thing]:
        """The things of one kind, by their ids."""
        return cast("Mapping[str, Thing]", getattr(self, kind.value))

    def having(self, items: Mapping[Kind, Mapping[str, Thing]]) -> Snapshot:
        """The same snapshot with some kinds replaced whole."""
        fields: dict[str, Any] = {kind.value: things for kind, things in items.items()}
        return replace(self, **fields)


class FaultKind(StrEnum):
    """Why a site could not be read, or an action not be carried out."""

    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    ADDRESS = "address"
    LOST = "lost"
    LOGIN = "login"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    THROTTLED = "throttled"
    SERVER = "server"
    NOT_UNDERSTOOD = "not_understood"
    TOO_BIG = "too_big"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure in words: what is wrong, and what the reader can do. ``since`` is epoch seconds."""

    kind: FaultKind
    words: str
    hint: str = ""
    since: float = 0.0

    def __str__(self) -> str:
        return f"{self.words}; {self.hint}" if self.hint else self.words


@dataclass(frozen=True, slots=True)
class Quota:
    """What the PBX lets us ask: requests per window, those left, seconds until it resets."""

    limit: int | None = None
    remaining: int | None = None
    reset_in: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """How well one topic of a site is being read.

    ``read_at`` and ``tried_at`` are epoch seconds on our own clock; ``latency`` and ``interval``
    are seconds, the latter the period at which the topic is really polled now.
    """

    topic: Topic
    interval: float
    read_at: float | None = None
    tried_at: float | None = None
    latency: float | None = None
    failures: int = 0
    fault: Fault | None = None
    notes: tuple[str, ...] = ()
    source: str = ""
    stopped: bool = False

    def age(self, now: float) -> float | None:
        """Seconds since the last good reading; ``None`` before the first."""
        return None if self.read_at is None else max(0.0, now - self.read_at)

    def freshness(self, now: float) -> Freshness:
        """Live while no older than one poll, late to three, stale to ten, then blind.

        One poll is the interval and the time that a reading takes.
        """
        age = self.age(now)
        if age is None:
            return Freshness.BLIND
        poll = self.interval + max(self.latency or 0.0, 0.5)
        if age <= poll:
            return Freshness.LIVE
        if age <= 3 * poll:
            return Freshness.LATE
        if age <= 10 * poll:
            return Freshness.STALE
        return Freshness.BLIND
