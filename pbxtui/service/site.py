"""One PBX, kept fresh: the poll loops, the health of each topic, the snapshot."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from pbxtui.backends.base import Backend, BackendError, PhoneBook, Reading
from pbxtui.backends.settings import SiteSettings
from pbxtui.backends.tally import tally
from pbxtui.model import (
    Call,
    Change,
    Fault,
    FaultKind,
    Health,
    Kind,
    Party,
    Quota,
    Snapshot,
    Thing,
    Topic,
    diff,
)
from pbxtui.service import pace
from pbxtui.service.settle import settle

log = logging.getLogger(__name__)

_SHARES = {Topic.CALLS: 0.7, Topic.DEVICES: 0.05, Topic.QUEUES: 0.15, Topic.LAMPS: 0.1}
_OWN_BUG = "this is a bug of pbxtui; its log has the details (pbxtui config says where)"

Overlay = Callable[[Mapping[str, Call], float, bool], Mapping[str, Call]]
"""What is known beside a list of calls, put over it: the calls, the PBX's time, whether the list
is a full reading."""


@dataclass(frozen=True, slots=True)
class Update:
    """Something happened at a site: things changed, or its health did."""

    site: str
    changes: tuple[Change, ...] = ()


class Site:
    """One PBX. Reads each of its topics in a loop of its own and publishes what changed.

    The snapshot survives every failure; only a good reading replaces it.
    """

    def __init__(
        self,
        settings: SiteSettings,
        opener: Callable[[], Backend],
        clock: Callable[[], float],
    ) -> None:
        self.settings = settings
        self.name = settings.name
        self.kind = settings.kind
        self.snapshot = Snapshot(settings.name)
        self.health: dict[Topic, Health] = {
            topic: Health(topic, settings.poll.of(topic)) for topic in Topic
        }
        self.skew = 0.0
        self.overlay: Overlay | None = None
        self.begun: dict[Topic, int] = dict.fromkeys(Topic, 0)
        """How many readings of a topic have been begun."""
        self.taken: dict[Topic, int] = dict.fromkeys(Topic, 0)
        """Which of them, counted from 1, was the last that came whole."""
        self.cost: dict[Topic, float] = {}
        """How many requests a reading of a topic takes, on the average of the last ones."""
        self._listed: Mapping[str, Call] = {}
        self._opener = opener
        self._clock = clock
        self._backend: Backend | None = None
        self._opening = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._reading: dict[Topic, asyncio.Lock] = {topic: asyncio.Lock() for topic in Topic}
        self._wake: dict[Topic, asyncio.Event] = {topic: asyncio.Event() for topic in Topic}
        self._listeners: list[Callable[[Update], None]] = []

    @property
    def backend(self) -> Backend | None:
        """The backend once :meth:`open` has been through."""
        return self._backend

    @property
    def quota(self) -> Quota | None:
        """What is left of the PBX's quota; None where it has none, or nothing was asked yet."""
        return self._backend.quota if self._backend is not None else None

    def clock(self) -> float:
        """Epoch seconds on our own clock."""
        return self._clock()

    def now(self) -> float:
        """Epoch seconds on the PBX's clock, as far as the wire tells."""
        return self._clock() + self.skew

    def subscribe(self, listener: Callable[[Update], None]) -> Callable[[], None]:
        """Call ``listener`` at each update, in the event loop; the answer ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return unsubscribe

    async def open(self) -> Backend:
        """Open the backend, once; its imports happen beside the event loop."""
        async with self._opening:
            if self._backend is None:
                self._backend = await asyncio.to_thread(self._opener)
            return self._backend

    async def start(self) -> None:
        """Start reading. Returns as soon as the loops run."""
        self._tasks.append(asyncio.create_task(self._run(), name=f"site {self.name}"))

    async def stop(self) -> None:
        """Stop reading and let go of the connections; the snapshot stays."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._backend is not None:
            await self._backend.close()

    def refresh(self) -> None:
        """Read every topic now, also one that stopped after a refused login."""
        for topic, event in self._wake.items():
            if self.health[topic].stopped:
                self._healthy(topic, stopped=False)
            event.set()

    def wake(self, topic: Topic) -> None:
        """Read a topic now rather than at its time, unless its reading has failed."""
        health = self.health[topic]
        if not health.stopped and not health.failures:
            self._wake[topic].set()

    def lists(self, call: str) -> bool:
        """Whether the PBX itself had a call in its last list."""
        return call in self._listed

    def reshape(self) -> None:
        """Put the overlay over the last list of calls anew, and publish what that changes."""
        before = self.snapshot
        self.snapshot = before.having({Kind.CALLS: self._calls(full=False)})
        self._publish(diff(before, self.snapshot))

    async def read(self, topic: Topic) -> None:
        """Read one topic once and publish it. Raises :class:`BackendError` after noting it."""
        async with self._reading[topic]:
            backend = await self.open()
            began = self._clock()
            self.begun[topic] += 1
            try:
                reading = await self._counted(backend, topic)
            except BackendError as error:
                self._failed(topic, error, began)
                raise
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.exception("%s: reading %s broke", self.name, topic)
                own = BackendError(
                    f"pbxtui itself failed while reading {topic}: {type(error).__name__}",
                    _OWN_BUG,
                )
                self._failed(topic, own, began)
                raise own from error
            self._good(topic, reading, began)

    async def _counted(self, backend: Backend, topic: Topic) -> Reading:
        with tally() as counted:
            try:
                return await backend.read(topic)
            finally:
                self.cost[topic] = pace.average(self.cost.get(topic), counted.requests)

    @property
    def has_phonebook(self) -> bool:
        """Whether this PBX has more people to find than the snapshot shows."""
        return isinstance(self._backend, PhoneBook)

    async def phonebook(self, words: str) -> Sequence[Party]:
        """Whoever the PBX finds by a piece of a name or number; nobody where it has no book.

        Raises :class:`BackendError`; what breaks in pbxtui itself is told as one, too.
        """
        backend: object = self._backend
        if not isinstance(backend, PhoneBook):
            return ()
        try:
            return await backend.people(words)
        except BackendError:
            raise
        except Exception as error:
            log.exception("%s: looking somebody up broke", self.name)
            words = f"pbxtui itself failed while looking up: {type(error).__name__}"
            raise BackendError(words, _OWN_BUG) from error

    async def _run(self) -> None:
        try:
            backend = await self.open()
        except Exception as error:
            words = error.words if isinstance(error, BackendError) else f"cannot be opened: {error}"
            log.exception("%s cannot be opened", self.name)
            fault = Fault(FaultKind.INTERNAL, words, f"pbxtui check {self.name}", self._clock())
            for topic in Topic:
                self.health[topic] = replace(self.health[topic], fault=fault, stopped=True)
            self._publish(())
            return
        self._publish(())
        async with asyncio.TaskGroup() as group:
            for topic in Topic:
                if topic in backend.topics:
                    group.create_task(self._poll(topic))
            group.create_task(self._listen(backend))

    async def _poll(self, topic: Topic) -> None:
        while True:
            retry_after: float | None = None
            stop = False
            self._wake[topic].clear()
            try:
                await self.read(topic)
            except BackendError as error:
                retry_after, stop = error.retry_after, not error.retry
            if stop:
                self._healthy(topic, stopped=True)
                self._publish(())
                await self._wake[topic].wait()
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause(topic, retry_after)):
                    await self._wake[topic].wait()

    def _pause(self, topic: Topic, retry_after: float | None) -> float:
        wanted = self.settings.poll.of(topic)
        interval = pace.within_quota(wanted, self.quota, _SHARES[topic], self.cost.get(topic, 1.0))
        health = self.health[topic]
        if health.interval != interval:
            self._healthy(topic, interval=interval)
        if health.failures:
            return pace.after_failure(interval, health.failures, retry_after, pace.dice())
        return interval

    async def _listen(self, backend: Backend) -> None:
        try:
            async for reading in backend.updates():
                self._take(reading)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("%s: the stream of events broke; the lists are read on", self.name)

    def _good(self, topic: Topic, reading: Reading, began: float) -> None:
        ended = self._clock()
        self.taken[topic] = self.begun[topic]
        before = self.health[topic]
        if before.failures:
            log.info("%s: %s can be read again", self.name, topic)
        self.health[topic] = replace(
            before,
            read_at=ended,
            tried_at=began,
            latency=max(0.0, ended - began),
            failures=0,
            fault=None,
            notes=reading.notes,
            source=reading.source,
            stopped=False,
        )
        self._take(reading)

    def _failed(self, topic: Topic, error: BackendError, began: float) -> None:
        before = self.health[topic]
        since = before.fault.since if before.fault is not None else self._clock()
        if before.failures == 0:
            log.warning("%s: %s cannot be read: %s", self.name, topic, error)
        self.health[topic] = replace(
            before, tried_at=began, failures=before.failures + 1, fault=error.fault(since)
        )
        self._publish(())

    def _healthy(
        self, topic: Topic, *, stopped: bool | None = None, interval: float | None = None
    ) -> None:
        health = self.health[topic]
        if stopped is not None:
            health = replace(health, stopped=stopped)
        if interval is not None:
            health = replace(health, interval=interval)
        self.health[topic] = health

    def _take(self, reading: Reading) -> None:
        if reading.skew is not None:
            self.skew = reading.skew
        items: dict[Kind, Mapping[str, Thing]] = dict(reading.items)
        if Kind.CALLS in items:
            self._listed = cast("Mapping[str, Call]", items[Kind.CALLS])
            items[Kind.CALLS] = self._calls(full=not reading.pushed)
        before, self.snapshot = self.snapshot, self.snapshot.having(items)
        self._publish(diff(before, self.snapshot))

    def _calls(self, *, full: bool) -> Mapping[str, Call]:
        """The calls to show: those listed last, with what is known beside them."""
        now, listed = self.now(), self._listed
        if self.overlay is not None:
            listed = self.overlay(listed, now, full)
        return settle(self.snapshot.calls, listed, now, full=full)

    def _publish(self, changes: tuple[Change, ...]) -> None:
        update = Update(self.name, changes)
        for listener in tuple(self._listeners):
            listener(update)
