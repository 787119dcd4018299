"""Sites whose readings a test hands out one by one, and whose PBX answers as it is told."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pbxtui.backends.base import BackendError, Exchange, Reading
from pbxtui.backends.settings import PollSettings, SiteSettings
from pbxtui.model import (
    CAN,
    KINDS_OF,
    Action,
    Agent,
    Answered,
    Call,
    Capability,
    Device,
    Direction,
    Flow,
    Kind,
    Lamp,
    Leg,
    LegState,
    Outcome,
    Party,
    Queue,
    Quota,
    Thing,
    Topic,
    Verb,
)
from pbxtui.service import Fleet, Site

NOON = 1_790_251_200.0
"""2026-09-24 12:00:00 UTC."""
TAXI = Party("+442079460958", "Harbour Taxi")
DESK = Party("447", "Front desk")
WORKSHOP = Party("305", "Workshop")


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """A backend that reads what it was last given, and answers an action as it was told.

    While ``gate`` is not None an action waits for it before it is answered.
    """

    site: str = "hq"
    things: dict[Kind, Mapping[str, Thing]] = field(default_factory=dict)
    error: BackendError | None = None
    answer: Outcome | BaseException = field(default_factory=lambda: Outcome(Answered.ACCEPTED))
    gate: asyncio.Event | None = None
    asked: list[Action] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    kind: str = "desk"
    topics: frozenset[Topic] = frozenset(Topic)
    missing: Mapping[Kind, str] = field(default_factory=dict)
    capabilities: Mapping[Verb, Capability] = field(
        default_factory=lambda: dict.fromkeys(Verb, CAN)
    )
    origins: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)
    exchanges: deque[Exchange] = field(default_factory=deque)
    quota: Quota | None = None
    address: str = "desk"

    async def read(self, topic: Topic) -> Reading:
        if self.error is not None:
            raise self.error
        return Reading({kind: self.things.get(kind, {}) for kind in KINDS_OF[topic]}, "the desk")

    async def updates(self) -> AsyncIterator[Reading]:
        nothing: tuple[Reading, ...] = ()
        for reading in nothing:
            yield reading

    async def act(self, action: Action) -> Outcome:
        self.asked.append(action)
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def raw(self, kind: Kind, id: str) -> str:
        return ""

    async def close(self) -> None:
        self.things.clear()

    def show(self, *things: Thing) -> None:
        """What the next readings bring."""
        for kind in Kind:
            self.things[kind] = {}
        for thing in things:
            kind = _KINDS[type(thing)]
            self.things[kind] = {**self.things[kind], thing.id: thing}


_KINDS: dict[type, Kind] = {
    Call: Kind.CALLS,
    Device: Kind.DEVICES,
    Queue: Kind.QUEUES,
    Agent: Kind.AGENTS,
    Lamp: Kind.LAMPS,
    Flow: Kind.FLOWS,
}


def site_over(
    desk: Desk, clock: Callable[[], float], *, changed: Mapping[str, object] | None = None
) -> Site:
    """A site that reads a desk; ``changed`` are settings other than the usual ones."""
    hour = PollSettings(calls=3600, devices=3600, queues=3600, lamps=3600)
    settings = SiteSettings.model_validate(
        {"name": desk.site, "kind": "desk", "poll": hour, **(changed or {})}
    )
    return Site(settings, lambda: desk, clock)


def fleet_over(
    desks: Sequence[Desk],
    clock: Callable[[], float],
    *,
    changed: Mapping[str, object] | None = None,
) -> Fleet:
    return Fleet([site_over(desk, clock, changed=changed) for desk in desks])


async def read_all(site: Site) -> None:
    """One full reading of every topic."""
    for topic in Topic:
        await site.read(topic)


def leg(
    id: str,
    state: LegState = LegState.TALKING,
    *,
    from_: Party = TAXI,
    to: Party = DESK,
    extension: str = "",
    direction: Direction = Direction.INBOUND,
    bridge: str = "b1",
) -> Leg:
    return Leg(
        id,
        state,
        direction=direction,
        from_=from_,
        to=to,
        extension=extension,
        device="" if extension else "pstn",
        channel=id,
        bridge=bridge,
    )


def talk(
    id: str = "c1",
    state: LegState = LegState.TALKING,
    *,
    site: str = "hq",
    own: LegState | None = None,
    caller: Party = TAXI,
    desk: Party = DESK,
) -> Call:
    """Somebody outside with a phone of the house; ``own`` is the state of the house's leg."""
    legs = (
        leg(f"{id}-out", state, from_=caller, to=desk, bridge=f"b-{id}"),
        leg(
            f"{id}-own",
            own or state,
            from_=caller,
            to=desk,
            extension=desk.number,
            bridge=f"b-{id}",
        ),
    )
    return Call(
        site, id, own or state, direction=Direction.INBOUND, from_=caller, to=desk, legs=legs
    )
