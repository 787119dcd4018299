"""One after the other: who acts on the same thing waits for those before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from pbxtui.model import Action, Dial, LogAgent, OnDevice, PauseAgent, SetFlow


def subject(action: Action) -> Hashable:
    """What an action is done to: a call, an agent, a phone, a flow, the phone that dials."""
    match action:
        case Dial():
            return action.site, "phone", action.from_
        case PauseAgent() | LogAgent():
            return action.site, "agent", action.agent
        case SetFlow():
            return action.site, "flow", action.flow
        case OnDevice():
            return action.site, "device", action.device
    return action.site, "call", action.call


class Turns:
    """A queue for each subject, first come first served."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._waiting: dict[Hashable, int] = {}

    @asynccontextmanager
    async def turn(self, subject: Hashable) -> AsyncIterator[None]:
        """Wait for one's turn, and have it for as long as the block lasts."""
        lock = self._locks.setdefault(subject, asyncio.Lock())
        self._waiting[subject] = self._waiting.get(subject, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[subject] -= 1
            if not self._waiting[subject]:
                del self._waiting[subject], self._locks[subject]
