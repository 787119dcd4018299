"""States of lamps and agents that no call explains: told only when none has come by then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from pbxtui.model import Call, Change, Kind, Topic
from pbxtui.service.presence import Presence, extension
from pbxtui.service.site import Site


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that is told at ``due`` (our clock) unless a call explains it."""

    due: float
    seen: float
    number: str
    change: Change


@dataclass(slots=True)
class Unexplained:
    """The changes of one site that wait for a call to explain them, and the calls that were."""

    site: Site
    _presence: Presence = field(default_factory=Presence)
    _on_call: dict[str, float] = field(default_factory=dict)
    """When an extension was last seen on a call, on our clock."""
    _waiting: list[Waiting] = field(default_factory=list)

    def note(self, changes: Iterable[Change], now: float) -> None:
        """Take the changes of calls; those of other kinds do no harm."""
        calls = [change for change in changes if change.kind is Kind.CALLS]
        self._presence.take(calls)
        for change in calls:
            for side in (change.before, change.after):
                for leg in cast("Call", side).legs if side is not None else ():
                    if leg.extension:
                        self._on_call[leg.extension] = now

    def put(self, number: str, change: Change, now: float) -> None:
        """Keep a change back until the calls have been read again."""
        calls = self.site.health[Topic.CALLS]
        wait = calls.interval + (calls.latency or 0.0) + 1.0
        self._waiting.append(Waiting(now + wait, now, number, change))

    def due(self, now: float) -> Iterator[Waiting]:
        """The changes whose time has come and that nothing explained."""
        ready = [one for one in self._waiting if one.due <= now]
        if not ready:
            return
        self._waiting = [one for one in self._waiting if one.due > now]
        window = self._window()
        self._on_call = {
            number: when for number, when in self._on_call.items() if when > now - 10 * window
        }
        for one in ready:
            if not self._explained(one, window):
                yield one

    def _window(self) -> float:
        """Seconds by which a lamp may follow its call: both are read in turns."""
        health = self.site.health
        return 2.0 * (health[Topic.CALLS].interval + health[Topic.LAMPS].interval) + 2.0

    def _explained(self, one: Waiting, window: float) -> bool:
        if self._presence.leg(extension(self.site.name, one.number)) is not None:
            return True
        return self._on_call.get(one.number, -window) >= one.seen - window
