"""Watches the readings after an action for the effect that it should have."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from pbxtui.service.acting.expect import Expectation, Observed
from pbxtui.service.acting.plans import Ticket
from pbxtui.service.site import Site, Update

log = logging.getLogger(__name__)

_PATIENCE = 4
"""So many times the readings that are waited for may be tried, while the site cannot be read."""

Done = Callable[[Ticket, Observed, str], None]
"""Told once for each ticket: what was observed, in a word and in a sentence."""


@dataclass(eq=False)
class _Watch:
    """``mark`` is the reading that had been begun when the answer came: later ones count.

    They count from ``since`` on, in epoch seconds on our own clock.
    """

    ticket: Ticket
    site: Site
    expectation: Expectation
    mark: int
    since: float
    count: int = 0
    last: int = 0


class Watching:
    """The tickets whose effect has not been seen yet. ``polls`` full readings are waited for."""

    def __init__(self, polls: int, done: Done) -> None:
        self._polls = polls
        self._done = done
        self._watches: list[_Watch] = []

    def watch(self, ticket: Ticket, site: Site, expectation: Expectation) -> None:
        """Watch until the effect is seen, or enough readings have not shown it."""
        backend, topic = site.backend, expectation.topic
        if expectation.seen is None or backend is None or topic not in backend.topics:
            words = f"{site.name} does not show whether {expectation.words}"
            self._done(ticket, Observed.NOT_OBSERVABLE, words)
            return
        since = site.clock() + expectation.after
        watch = _Watch(ticket, site, expectation, site.begun[topic], since, last=site.taken[topic])
        self._watches.append(watch)
        self._look_safely(watch)
        site.wake(topic)

    def heard(self, update: Update) -> None:
        """Look again: a site has published something."""
        for watch in tuple(self._watches):
            if watch.site.name == update.site:
                self._look_safely(watch)

    def forget(self) -> list[Ticket]:
        """Give up: the tickets that were still watched."""
        left, self._watches = [watch.ticket for watch in self._watches], []
        return left

    def _look_safely(self, watch: _Watch) -> None:
        """Look; a mistake of ours in it ends this watch, and not the reading of the site."""
        try:
            self._look(watch)
        except Exception as error:
            log.exception("%s: looking for the effect of an action failed", watch.site.name)
            words = f"pbxtui itself failed ({type(error).__name__})"
            words = f"{words}: not known whether {watch.expectation.words}"
            if watch in self._watches:
                self._end(watch, Observed.NOT_OBSERVED, words)

    def _look(self, watch: _Watch) -> None:
        site, expectation = watch.site, watch.expectation
        topic = expectation.topic
        taken = site.taken[topic]
        tells = not expectation.already or taken > watch.mark
        if tells and expectation.seen is not None and expectation.seen(site.snapshot):
            before = ", as it was before" if expectation.already else ""
            self._end(watch, Observed.OBSERVED, f"seen: {expectation.words}{before}")
            return
        if taken > watch.last:
            watch.last = taken
            watch.count += taken > watch.mark and site.clock() >= watch.since
        if watch.count >= self._polls:
            readings = "1 reading" if self._polls == 1 else f"{self._polls} readings"
            words = f"{readings} later {site.name} does not show that {expectation.words}"
            self._end(watch, Observed.NOT_OBSERVED, words)
        elif site.begun[topic] - watch.mark > _PATIENCE * self._polls:
            words = f"{site.name} cannot be read: not known whether {expectation.words}"
            self._end(watch, Observed.NOT_OBSERVED, words)

    def _end(self, watch: _Watch, observed: Observed, words: str) -> None:
        self._watches.remove(watch)
        self._done(watch.ticket, observed, words)
