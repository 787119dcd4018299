"""From the updates of a fleet to sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import cast

from pbxtui.model import (
    KINDS_OF,
    TOPIC_OF,
    Agent,
    AgentState,
    Call,
    Caller,
    Change,
    Device,
    Flow,
    Key,
    Kind,
    Lamp,
    LampState,
    LegState,
    Queue,
    Thing,
    Topic,
)
from pbxtui.service.fleet import Fleet
from pbxtui.service.going_on import Handovers
from pbxtui.service.handover import Handover
from pbxtui.service.site import Site, Update
from pbxtui.service.telling import house
from pbxtui.service.telling.calls import call_words
from pbxtui.service.telling.health import HealthTeller
from pbxtui.service.telling.opening import holds, meanwhile, summary, topics_of
from pbxtui.service.telling.phrasing import named
from pbxtui.service.telling.queues import queue_words, waits_words
from pbxtui.service.telling.said import ABOUT, HEALTH, Said, said
from pbxtui.service.telling.unexplained import Unexplained

PATIENCE = 5.0
"""Seconds after a site's first reading in which its other topics may still join its summary."""
_CALLING = frozenset({AgentState.RINGING, AgentState.TALKING})


class Teller:
    """Tells what changes. ``about`` is what of, and how well those are read is always told.

    ``waits`` are the seconds after each of which a caller in a queue is told to wait, once.
    """

    def __init__(
        self, fleet: Fleet, about: Collection[str] = ABOUT, waits: tuple[float, ...] = (60.0, 120.0)
    ) -> None:
        self._sites = {site.name: _SiteTeller(site, fleet, about, waits) for site in fleet.sites}

    def take(self, update: Update) -> list[Said]:
        """The sentences for one update."""
        return list(self._sites[update.site].take(update.changes))

    def tick(self) -> list[Said]:
        """What the passing of time alone brings; to be asked for about once a second."""
        return [one for site in self._sites.values() for one in site.tick()]


class _SiteTeller:
    """Tells of one site. A topic is told of from its first reading on."""

    def __init__(
        self, site: Site, fleet: Fleet, about: Collection[str], waits: tuple[float, ...]
    ) -> None:
        self._site = site
        self._fleet = fleet
        self._kinds = frozenset(kind for kind in Kind if kind.value in about)
        watched = self._kinds or frozenset(Kind)
        self._health = HealthTeller(site, watched)
        self._watched = watched
        self._waits = waits
        self._opened = False
        self._first: float | None = None
        self._known: set[Topic] = set()
        self._stories = Handovers()
        self._unexplained = Unexplained(site)
        self._waited: dict[tuple[str, str], int] = {}

    def take(self, changes: Iterable[Change]) -> Iterator[Said]:
        news = tuple(changes)
        now = self._site.clock()
        self._unexplained.note(news, now)
        stories = self._follow(news)
        if not self._opened:
            yield from self._open(now)
            return
        fresh = self._newly_read()
        blind = {kind for topic in Topic if self._health.blind(topic) for kind in KINDS_OF[topic]}
        yield from self._tell_health(now)
        for topic in fresh:
            yield from self._late_comer(topic)
        wanted = [one for one in news if one.kind in self._kinds and self._counts(one, fresh)]
        unseen = [one for one in wanted if one.kind in blind]
        if unseen:
            self._note_waits()
            yield self._said(HEALTH, meanwhile(unseen))
        for change in wanted:
            if change.kind not in blind:
                yield from self._change(change, stories.get(change.key), now)

    def tick(self) -> Iterator[Said]:
        now = self._site.clock()
        if not self._opened:
            yield from self._open(now)
            return
        yield from self._tell_health(now)
        for one in self._unexplained.due(now):
            yield from self._tell(one.change.kind, one.change, now - one.seen)
        if Kind.QUEUES in self._kinds:
            yield from self._too_long()
        for key in self._stories.lapsed(self._site.now(), self._site.name):
            self._stories.stories.pop(key, None)

    # --- the start ---------------------------------------------------------------------------

    def _open(self, now: float) -> Iterator[Said]:
        """Once everything was tried, or some of it and then a while has passed: the summary."""
        topics = topics_of(self._site, self._watched)
        health = self._site.health
        tried = [t for t in topics if health[t].read_at is not None or health[t].fault is not None]
        if not tried:
            return
        if self._first is None:
            self._first = now
        if len(tried) < len(topics) and now - self._first < PATIENCE:
            return
        self._opened = True
        self._known = {topic for topic in topics if health[topic].read_at is not None}
        self._health.quietly()
        self._note_waits()
        yield self._said(HEALTH, summary(self._site, self._watched))

    def _newly_read(self) -> list[Topic]:
        topics = topics_of(self._site, self._watched)
        health = self._site.health
        fresh = [t for t in topics if t not in self._known and health[t].read_at is not None]
        self._known.update(fresh)
        return fresh

    def _late_comer(self, topic: Topic) -> Iterator[Said]:
        """What was not read yet when the summary was told."""
        self._note_waits()
        backend = self._site.backend
        kinds = [
            kind
            for kind in KINDS_OF[topic]
            if kind in self._watched and (backend is None or kind not in backend.missing)
        ]
        yield self._said(HEALTH, "; ".join(holds(self._site, kind) for kind in kinds))

    def _counts(self, change: Change, fresh: Collection[Topic]) -> bool:
        topic = TOPIC_OF[change.kind]
        return topic in self._known and topic not in fresh

    # --- changes -----------------------------------------------------------------------------

    def _follow(self, changes: Iterable[Change]) -> Mapping[Key, Handover]:
        """The stories of those who were let go that are new with these changes."""
        fresh: dict[Key, Handover] = {}
        for change in changes:
            if change.kind is not Kind.CALLS:
                continue
            known = self._stories.stories.get(change.key)
            before, after = cast("Call | None", change.before), cast("Call | None", change.after)
            self._stories.take(change.key, before, after, self._site.now())
            story = self._stories.stories.get(change.key)
            if story is not None and (
                known is None or (known.fate, known.to) != (story.fate, story.to)
            ):
                fresh[change.key] = story
        for key in self._stories.join(lambda site: self._site.now()):
            fresh[key] = self._stories.stories[key]
        return fresh

    def _change(self, change: Change, story: Handover | None, now: float) -> Iterator[Said]:
        match change.kind:
            case Kind.CALLS:
                yield from self._call(change, story)
            case Kind.QUEUES:
                yield from self._queue(change)
            case Kind.LAMPS if self._calls_may_say(change):
                if not self._phones_say(change):
                    number = cast("Lamp", change.after or change.before).extension
                    self._unexplained.put(number, change, now)
            case Kind.AGENTS if self._agent_on_call(change):
                number = cast("Agent", change.after).extension
                self._unexplained.put(number, change, now)
            case _:
                yield from self._tell(change.kind, change)

    def _call(self, change: Change, story: Handover | None) -> Iterator[Said]:
        before, after = cast("Call | None", change.before), cast("Call | None", change.after)
        if after is None and (before is None or before.over):
            return
        if after is not None and self._queue_says(before, after) and story is None:
            return
        queue = self._queue_name(after.queue) if after is not None and after.queue else ""
        number = self._fleet.number(change.key) if after is not None else 0
        words = call_words(number, before, after, story, queue=queue)
        if words:
            yield self._said(Kind.CALLS, words, after or before)

    def _queue_says(self, before: Call | None, after: Call) -> bool:
        """Whether the queue's own sentence tells that this call waits in it."""
        if after.state is not LegState.QUEUED or Kind.QUEUES not in self._kinds:
            return False
        if before is not None and before.state is not LegState.QUEUED and before.over:
            return False
        return any(
            queue.callers is not None and after.queue in (id_, queue.name)
            for id_, queue in self._site.snapshot.queues.items()
        )

    def _queue(self, change: Change) -> Iterator[Said]:
        before, after = cast("Queue | None", change.before), cast("Queue | None", change.after)
        for words in queue_words(before, after, self._site.snapshot.calls, self._site.now()):
            yield self._said(Kind.QUEUES, words, after or before)

    def _tell(self, kind: Kind, change: Change, held: float = 0.0) -> Iterator[Said]:
        before, after = change.before, change.after
        match kind:
            case Kind.DEVICES:
                words = house.device_words(
                    cast("Device | None", before), cast("Device | None", after)
                )
            case Kind.AGENTS:
                words = house.agent_words(
                    cast("Agent | None", before), cast("Agent | None", after), self._queue_name
                )
            case Kind.LAMPS:
                words = house.lamp_words(cast("Lamp | None", before), cast("Lamp | None", after))
            case _:
                words = house.flow_words(cast("Flow | None", before), cast("Flow | None", after))
        if words and held >= 1.0 and Kind.CALLS in self._kinds:
            words += f", seen {held:.0f} s ago, and no call is shown for it"
        if words:
            yield self._said(kind, words, after or before)

    # --- what calls and phones say already ---------------------------------------------------

    def _calls_may_say(self, change: Change) -> bool:
        """Whether a lamp's change may be that of a call, which is told already or soon."""
        before, after = cast("Lamp | None", change.before), cast("Lamp | None", change.after)
        if before is None or after is None or not after.extension:
            return False
        if not house.lamp_words(before, after) or Kind.CALLS not in self._kinds:
            return self._phones_say(change)
        return LampState.DND not in (before.state, after.state)

    def _phones_say(self, change: Change) -> bool:
        """Whether a phone's own sentence tells that it went off or came back."""
        before, after = cast("Lamp | None", change.before), cast("Lamp | None", change.after)
        if before is None or after is None or Kind.DEVICES not in self._kinds:
            return False
        if LampState.UNAVAILABLE not in (before.state, after.state):
            return False
        devices = self._site.snapshot.devices.values()
        return any(device.extension == after.extension for device in devices)

    def _agent_on_call(self, change: Change) -> bool:
        """Whether an agent only took or ended a call."""
        before, after = cast("Agent | None", change.before), cast("Agent | None", change.after)
        if before is None or after is None or not after.extension or Kind.CALLS not in self._kinds:
            return False
        if before.state is after.state:
            return False
        return after.state in _CALLING or (
            before.state in _CALLING and after.state is AgentState.READY
        )

    # --- waiting -----------------------------------------------------------------------------

    def _callers(self) -> Iterator[tuple[Queue, Caller, float]]:
        now = self._site.now()
        for queue in self._site.snapshot.queues.values():
            for caller in queue.callers or ():
                if caller.joined is not None:
                    yield queue, caller, now - caller.joined

    def _level(self, seconds: float) -> int:
        return sum(seconds >= limit for limit in self._waits)

    def _note_waits(self) -> None:
        """Take how long everybody waits now as told."""
        self._waited = {
            (queue.id, caller.id): self._level(seconds)
            for queue, caller, seconds in self._callers()
        }

    def _too_long(self) -> Iterator[Said]:
        if self._health.blind(Topic.QUEUES) or Topic.QUEUES not in self._known:
            return
        still: dict[tuple[str, str], int] = {}
        for queue, caller, seconds in self._callers():
            key, level = (queue.id, caller.id), self._level(seconds)
            told = self._waited.get(key, 0)
            still[key] = max(level, told)
            if level > told:
                yield self._said(Kind.QUEUES, waits_words(queue, caller, seconds), queue)
        self._waited = still

    # --- common ------------------------------------------------------------------------------

    def _tell_health(self, now: float) -> Iterator[Said]:
        for words in self._health.look(now):
            yield self._said(HEALTH, words)

    def _queue_name(self, id_: str) -> str:
        queue = self._site.snapshot.queues.get(id_)
        return named(queue.name, id_) if queue is not None else id_

    def _said(self, about: str, words: str, thing: Thing | None = None) -> Said:
        return said(self._site.clock(), self._site.name, str(about), words, thing)
