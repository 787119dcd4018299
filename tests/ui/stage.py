"""A stage for the screens: sites whose readings a test hands out one by one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path

from pbxtui.backends.base import BackendError, Exchange, Reading
from pbxtui.backends.settings import PollSettings, SiteSettings
from pbxtui.config import Config
from pbxtui.model import (
    KINDS_OF,
    TOPIC_OF,
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
from pbxtui.ui.app import PbxApp
from pbxtui.ui.options import Options

NOON = 1_790_251_200.0
"""2026-09-24 12:00:00 UTC, where the clocks of these tests stand still."""


@dataclass
class Prompted:
    """A backend that reads what it was last given, or fails as it was told.

    An action is answered with ``answer``, once ``waits`` (if there is one) lets it through.
    """

    site: str
    things: dict[Kind, Mapping[str, Thing]] = field(default_factory=dict)
    error: BackendError | None = None
    kind: str = "stage"
    topics: frozenset[Topic] = frozenset({Topic.CALLS})
    missing: Mapping[Kind, str] = field(default_factory=dict)
    capabilities: Mapping[Verb, Capability] = field(default_factory=dict)
    origins: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)
    exchanges: deque[Exchange] = field(default_factory=deque)
    quota: Quota | None = None
    address: str = "stage"
    raws: dict[str, str] = field(default_factory=dict)
    reads: int = 0
    answer: Outcome = field(default_factory=lambda: Outcome(Answered.ACCEPTED))
    waits: asyncio.Event | None = None
    acted: list[Action] = field(default_factory=list)

    async def read(self, topic: Topic) -> Reading:
        self.reads += 1
        if self.error is not None:
            raise self.error
        kinds = KINDS_OF[topic]
        return Reading({kind: self.things.get(kind, {}) for kind in kinds}, "the stage")

    async def updates(self) -> AsyncIterator[Reading]:
        nothing: tuple[Reading, ...] = ()
        for reading in nothing:
            yield reading

    async def act(self, action: Action) -> Outcome:
        self.acted.append(action)
        if self.waits is not None:
            await self.waits.wait()
        return self.answer

    def raw(self, kind: Kind, id: str) -> str:
        return self.raws.get(id, "")

    async def close(self) -> None:
        self.things.clear()


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def call(
    id: str,
    state: LegState = LegState.TALKING,
    *,
    site: str = "hq",
    from_: Party | None = None,
    to: Party | None = None,
    age: float = 60.0,
    queue: str = "",
    direction: Direction = Direction.INBOUND,
) -> Call:
    """A call with a trunk leg and an own leg, ``age`` seconds old at noon."""
    caller = from_ or Party("+442079460958", "Harbour Taxi")
    callee = to or Party("447", "Front desk")
    began = NOON - age
    legs = (
        Leg(
            f"{id}-a",
            state,
            direction=direction,
            from_=caller,
            to=callee,
            device="pstn",
            bridge=f"b-{id}",
            started=began,
            since=began,
        ),
        Leg(
            f"{id}-b",
            state,
            direction=direction,
            from_=caller,
            to=callee,
            extension=callee.number,
            device="VH0000001",
            bridge=f"b-{id}",
            started=began,
            since=began,
        ),
    )
    return Call(
        site,
        id,
        state,
        direction=direction,
        from_=caller,
        to=callee,
        started=began,
        answered=began,
        since=began,
        queue=queue,
        legs=legs,
    )


CAROL, BOB = Party("303", "Carol"), Party("302", "Bob")


def between(one: Party = CAROL, other: Party = BOB) -> Call:
    """A call of two phones of the house."""
    made = call("i", from_=one, to=other, direction=Direction.INTERNAL)
    first, second = made.legs
    return replace(made, legs=(replace(first, extension=one.number, device="VH0000003"), second))


@dataclass
class Stage:
    """The app over prompted sites, with a clock that stands still."""

    app: PbxApp
    fleet: Fleet
    backends: dict[str, Prompted]
    clock: Clock

    async def read(self, site: str = "hq", topic: Topic = Topic.CALLS) -> None:
        """Let a site read what its backend holds now, as its poll loop would.

        Returns when the screens have been given what changed.
        """
        await self.fleet.site(site).read(topic)
        if self.app.is_running:
            delivered = asyncio.Event()
            self.app.call_later(delivered.set)
            await delivered.wait()

    def give(self, *things: Thing, site: str = "hq", kind: Kind = Kind.CALLS) -> None:
        """The calls, or the things of another kind, of the next reading."""
        self.backends[site].things[kind] = {one.id: one for one in things}


KIND_OF: Mapping[type, Kind] = {
    Call: Kind.CALLS,
    Device: Kind.DEVICES,
    Queue: Kind.QUEUES,
    Agent: Kind.AGENTS,
    Lamp: Kind.LAMPS,
    Flow: Kind.FLOWS,
}


def set_stage(
    *things: Thing,
    sites: Sequence[str] = ("hq",),
    ascii: bool | None = False,
    theme: str = "dark",
    keymap: Mapping[str, str] | None = None,
    journal: Path | None = None,
    state: Callable[[], Path] | None = None,
    can: Mapping[Verb, Capability] | None = None,
    changed: Mapping[str, object] | None = None,
    config: Config | None = None,
) -> Stage:
    """An app over sites that hold these things. Poll loops wait an hour after the first reading.

    Every site is asked for its calls, and for whatever else any site holds. ``can`` is what the
    PBXs can do, ``changed`` are settings of the sites, ``config`` has the profile and the rights.
    """
    general = config or Config()
    clock = Clock()
    kinds = {KIND_OF[type(thing)] for thing in things} | {Kind.CALLS}
    topics = frozenset(TOPIC_OF[kind] for kind in kinds)
    backends = {name: Prompted(name, topics=topics, capabilities=can or {}) for name in sites}
    for name in sites:
        for kind in kinds:
            own = [one for one in things if one.site == name and KIND_OF[type(one)] is kind]
            backends[name].things[kind] = {one.id: one for one in own}
    hour = PollSettings(calls=3600, devices=3600, queues=3600, lamps=3600)

    def site(name: str) -> Site:
        settings = SiteSettings.model_validate(
            {"name": name, "kind": "stage", "poll": hour, **(changed or {})}
        )
        return Site(settings, lambda: backends[name], clock)

    fleet = Fleet([site(name) for name in sites])
    options = Options(
        ascii=ascii,
        theme=theme,
        keymap=keymap or {},
        profile=general.profile,
        config=lambda: general,
        journal=journal,
        clock=clock,
        zone=UTC,
        state=state,
    )
    app = PbxApp(lambda: fleet, options)
    return Stage(app, fleet, backends, clock)
