"""SIGINT and SIGTERM while something is under way that must be brought to its end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Iterator


class Stopping:
    """Whether somebody wants it ended. Where the loop takes no signals, Ctrl+C cancels it."""

    def __init__(self) -> None:
        self.signal = 0
        """The first signal that came, 0 while none has."""
        self._first = asyncio.Event()
        self._second = asyncio.Event()

    @property
    def asked(self) -> bool:
        return self.signal != 0

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Hear signals for as long as the block lasts, which they then do not end."""
        loop = asyncio.get_running_loop()
        taken = []
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._heard, number)
                taken.append(number)
        try:
            yield
        finally:
            for number in taken:
                loop.remove_signal_handler(number)

    def _heard(self, number: int) -> None:
        if self.signal:
            self._second.set()
        else:
            self.signal = number
            self._first.set()

    async def or_done(self, work: Awaitable[object], seconds: float | None = None) -> bool:
        """Wait for ``work``, a signal, or the time to be over; whether the work is done."""
        return await _first_of(work, self._first, seconds)

    async def patiently(self, work: Awaitable[object], seconds: float) -> bool:
        """After the first signal: wait for ``work``, a second signal, or the time to be over."""
        return await _first_of(work, self._second, seconds)


async def _first_of(work: Awaitable[object], event: asyncio.Event, seconds: float | None) -> bool:
    doing, ended = asyncio.ensure_future(work), asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({doing, ended}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
        return doing.done()
    finally:
        for each in (doing, ended):
            each.cancel()
        await asyncio.gather(doing, ended, return_exceptions=True)
