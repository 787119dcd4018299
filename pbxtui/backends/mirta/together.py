"""Several requests at once, and work that is too long for the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

_MANY = 1000
"""Rows from which work is done in a thread."""


async def together(work: Sequence[Callable[[], Awaitable[T]]], *, at_once: int = 8) -> list[T]:
    """The results in order. The first failure ends the others, and is raised."""
    gate = asyncio.Semaphore(at_once)

    async def one(start: Callable[[], Awaitable[T]]) -> T:
        async with gate:
            return await start()

    tasks = [asyncio.create_task(one(each)) for each in work]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def beside(rows: int, work: Callable[[], T]) -> T:
    """Do the work, in a thread if it is about many rows."""
    return work() if rows < _MANY else await asyncio.to_thread(work)
