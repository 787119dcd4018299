"""How many requests a reading takes: counted where they leave, for whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Tally:
    """The requests that have left so far, also those of tasks that were begun meanwhile."""

    requests: int = 0


_current: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def tally() -> Iterator[Tally]:
    """Count the requests that leave within the block."""
    counted = Tally()
    token = _current.set(counted)
    try:
        yield counted
    finally:
        _current.reset(token)


def count_request() -> None:
    """A request leaves."""
    counted = _current.get()
    if counted is not None:
        counted.requests += 1
