"""Waiting for something to become true, without a word about how fast it should."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 20.0
"""Seconds after which a wait is given up: far more than anything here takes."""
_PAUSE = 0.02


def eventually(probe: Callable[[], T], patience: float = PATIENCE) -> T:
    """The first truthy answer of ``probe``, which is asked again and again.

    Gives up with an ``AssertionError`` that carries the last answer, or the last exception.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            answer = probe()
        except AssertionError as failed:
            last: object = failed
        else:
            if answer:
                return answer
            last = answer
        if time.monotonic() > deadline:
            raise AssertionError(f"this did not come true; at last it was {last!r}")
        time.sleep(_PAUSE)


async def soon(probe: Callable[[], T], patience: float = PATIENCE) -> T:
    """The same as :func:`eventually`, for a test that lives in an event loop."""
    deadline = time.monotonic() + patience
    while True:
        try:
            answer = probe()
        except AssertionError as failed:
            last: object = failed
        else:
            if answer:
                return answer
            last = answer
        if time.monotonic() > deadline:
            raise AssertionError(f"this did not come true; at last it was {last!r}")
        await asyncio.sleep(_PAUSE)
