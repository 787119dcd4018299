"""How well a site is read: told once when that changes, and once when it is well again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from pbxtui.model import Freshness, Health, Kind, Topic
from pbxtui.service.site import Site
from pbxtui.service.telling.opening import topics_of
from pbxtui.service.telling.phrasing import listed, span

NOUNS = {
    Topic.CALLS: "calls",
    Topic.DEVICES: "phones",
    Topic.QUEUES: "queues",
    Topic.LAMPS: "lamps",
}
_GRADES = tuple(Freshness)
_LATE_POLLS = 2.0
"""A reading is late for every moment that a PBX takes longer; it is told after two polls."""


@dataclass(slots=True)
class _Told:
    """What was said of one topic: the words of its failure, how stale it is, since when.

    ``quiet`` is set where the staleness was not said, since that of the calls was.
    """

    words: str = ""
    stopped: bool = False
    grade: Freshness = Freshness.LIVE
    since: float = 0.0
    quiet: bool = False


@dataclass(slots=True)
class HealthTeller:
    """What is said of one site. A topic counts from its first reading, or first failure."""

    site: Site
    kinds: Collection[Kind]
    _told: dict[Topic, _Told] = field(default_factory=dict)
    _mended: float = 0.0

    def quietly(self) -> None:
        """Take the present state as told."""
        for topic in topics_of(self.site, self.kinds):
            health = self.site.health[topic]
            told = self._of(topic)
            if health.fault is not None:
                self._note(told, health)

    def blind(self, topic: Topic) -> bool:
        """Whether it was told that a topic is not seen any more."""
        return self._of(topic).grade is Freshness.BLIND

    def look(self, now: float) -> Iterator[str]:
        """What is new. ``now`` is epoch seconds on our own clock."""
        yield from self._recovered(now)
        yield from self._failed()
        yield from self._aged(now)

    def _of(self, topic: Topic) -> _Told:
        return self._told.setdefault(topic, _Told())

    def _note(self, told: _Told, health: Health) -> None:
        told.words, told.stopped = str(health.fault), health.stopped
        told.since = told.since or (health.fault.since if health.fault is not None else 0.0)

    def _failed(self) -> Iterator[str]:
        fresh: dict[str, list[Topic]] = {}
        known = {told.words for told in self._told.values() if told.words}
        for topic in topics_of(self.site, self.kinds):
            health, told = self.site.health[topic], self._of(topic)
            if health.fault is None:
                continue
            words = str(health.fault)
            gave_up = health.stopped and not told.stopped
            if told.words and not gave_up:
                continue
            again = health.tried_at is not None and health.tried_at >= self._mended
            if words in known and not gave_up:
                continue
            if again or health.stopped:
                fresh.setdefault(words, []).append(topic)
                self._note(told, health)
        for words, topics in fresh.items():
            stopped = any(self.site.health[topic].stopped for topic in topics)
            after = "; it is not tried again by itself" if stopped else ""
            nouns = listed([NOUNS[topic] for topic in topics])
            yield f"{nouns} cannot be read: {words.rstrip('. ')}{after}"

    def _recovered(self, now: float) -> Iterator[str]:
        back: list[Topic] = []
        since, loud = now, False
        for topic, told in self._told.items():
            health = self.site.health[topic]
            was_ill = bool(told.words) or told.grade is not Freshness.LIVE
            if not was_ill or health.fault is not None:
                continue
            if health.freshness(now) is not Freshness.LIVE:
                continue
            if told.words or not told.quiet:
                loud = True
            back.append(topic)
            since = min(since, told.since or now)
            self._told[topic] = _Told()
        if back:
            self._mended = now
        if back and loud:
            nouns = listed([NOUNS[topic] for topic in back])
            yield f"{nouns} can be read again after {span(now - since)}"

    def _aged(self, now: float) -> Iterator[str]:
        for topic in topics_of(self.site, self.kinds):
            health, told = self.site.health[topic], self._of(topic)
            age = health.age(now)
            if age is None:
                continue
            grade = health.freshness(now)
            if grade is Freshness.LATE and (told.words or not self._really_late(health, age)):
                continue
            if _GRADES.index(grade) <= _GRADES.index(told.grade):
                continue
            told.grade = grade
            told.since = told.since or (health.read_at or now)
            told.quiet = topic is not Topic.CALLS and self._calls_are_ill()
            if not told.quiet:
                yield f"{NOUNS[topic]} {_AGES[grade].format(age=span(age))}"

    def _calls_are_ill(self) -> bool:
        calls = self._told.get(Topic.CALLS)
        return calls is not None and (bool(calls.words) or calls.grade is not Freshness.LIVE)

    def _really_late(self, health: Health, age: float) -> bool:
        return age > _LATE_POLLS * (health.interval + max(health.latency or 0.0, 0.5))


_AGES = {
    Freshness.LATE: "are late: last read {age} ago",
    Freshness.STALE: "are stale: last read {age} ago",
    Freshness.BLIND: "are not seen any more: last read {age} ago, and what was told may be over",
}
