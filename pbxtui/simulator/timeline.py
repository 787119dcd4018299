"""Time in the office: what happens next, and nothing in between."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any, TypeVarTuple

_Args = TypeVarTuple("_Args")
_Event = tuple[float, int, Callable[..., None], tuple[Any, ...]]


class Timeline:
    """Events in order of time and then of planning. `advance` runs those that are due.

    Chance is drawn only while an event runs, so the world at a moment depends on the seed and
    on that moment, and never on the steps by which it was reached.

    Events of the running second are a heap; those of later seconds lie unsorted until their
    second comes, because most of them are minutes away and a big heap is slow.
    """

    def __init__(self, seed: int, start: float) -> None:
        self.rng = Random(seed)
        self.now = start
        self._second = int(start)
        self._due: list[_Event] = []
        self._later: dict[int, list[_Event]] = {}
        self._planned = 0

    def at(self, when: float, what: Callable[[*_Args], None], *args: *_Args) -> None:
        """Have `what` happen at the time `when` (epoch seconds), at once if that is past."""
        self._planned += 1
        event = (when, self._planned, what, args)
        second = int(when)
        if second <= self._second:
            heappush(self._due, event)
        elif second in self._later:
            self._later[second].append(event)
        else:
            self._later[second] = [event]

    def after(self, seconds: float, what: Callable[[*_Args], None], *args: *_Args) -> None:
        """Have `what` happen in so many seconds."""
        self.at(self.now + seconds, what, *args)

    def advance(self, now: float) -> None:
        """Move the world up to `now` (epoch seconds). A time in the past changes nothing."""
        last = int(now)
        while True:
            due = self._due
            while due and due[0][0] <= now:
                when, _, what, args = heappop(due)
                if when > self.now:
                    self.now = when
                what(*args)
            if self._second >= last:
                break
            self._second += 1
            due.extend(self._later.pop(self._second, ()))
            heapify(due)
        if now > self.now:
            self.now = now
