"""Keeps the directory fresh: extensions, queues, and who serves which."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from pbxtui.backends.base import BackendError, LoginRefused
from pbxtui.backends.mirta.api import Api
from pbxtui.backends.mirta.directory import Directory, Extension
from pbxtui.backends.mirta.queues import Member, member_of
from pbxtui.backends.mirta.records import EXTENSION_COLUMNS, extension_of
from pbxtui.backends.mirta.together import beside, together
from pbxtui.backends.mirta.wire import Gathered, map_of, rows_of
from pbxtui.model import clean

_EXTENSIONS_LAST = 600.0
_RETRY = 60.0
_QUEUES_LAST = 60.0
"""Seconds for which what was read is kept. Membership and names change seldom."""


async def extensions(api: Api, number: str = "") -> tuple[Extension, ...]:
    """Every extension, or one. The secrets that the PBX sends along are dropped here."""
    asked = "INFO extensions"
    more = {"number": number} if number else {}
    value = await api.json("INFO", {"info": "extensions", **more})
    rows = rows_of(api.client, value, asked)
    gathered = Gathered(api.client, asked)
    found = await beside(
        len(rows),
        lambda: tuple(extension_of(row) for row, _ in gathered.each(rows, EXTENSION_COLUMNS)),
    )
    gathered.notes()
    return found


class Names:
    """What the live readings need to know beside the channels."""

    def __init__(self, api: Api, directory: Directory, clock: Callable[[], float]) -> None:
        self._api = api
        self._directory = directory
        self._clock = clock
        self._lock = asyncio.Lock()
        self._extensions_after = float("-inf")
        self._queues_after = float("-inf")
        self._members_by = "agents"
        self._members_known = False
        self._without_members: set[str] = set()
        self.note = ""
        """Why there are no names of extensions; empty where there are."""
        self.records: dict[str, dict[str, object]] = {}
        """The records of INFO agents as they came, by extension and then by queue."""

    async def learn_extensions(self) -> None:
        """Ask now and then whose the extensions are. Where that fails, numbers stay numbers."""
        async with self._lock:
            now = self._clock()
            if now < self._extensions_after:
                return
            try:
                self._directory.learn_extensions(await extensions(self._api))
                self.note = ""
                self._extensions_after = now + _EXTENSIONS_LAST
            except BackendError as error:
                self.note = f"the extensions have no names: {error.words}"
                again = _EXTENSIONS_LAST if isinstance(error, LoginRefused) else _RETRY
                self._extensions_after = now + again

    async def learn_queues(self) -> None:
        """Ask what the queues are called. Raises :class:`BackendError`."""
        self._queues_after = self._clock() + _QUEUES_LAST
        value = await self._api.json("INFO", {"info": "queues"})
        names = map_of(self._api.client, value, "INFO queues")
        self._directory.learn_queues(
            {
                clean(id_): clean(name) if isinstance(name, str) else ""
                for id_, name in names.items()
            }
        )

    async def learn_for(self, named: Iterable[str], waiting: Iterable[str]) -> None:
        """See that the queues named in channels have names, and those where somebody waits
        while a phone rings have members. Raises :class:`BackendError`.
        """
        now = self._clock()
        if set(named) - self._directory.queues.keys() and now >= self._queues_after:
            await self.learn_queues()
        read = self._directory.members_read
        stale = [q for q in sorted(waiting) if now - read.get(q, float("-inf")) > _QUEUES_LAST]
        await together([partial(self.learn_members, queue) for queue in stale], at_once=4)

    async def _ask_members(self, queue: str) -> object:
        """INFO agents; of a server where that never brings anything, agentsconnected (newer,
        with the same records: INFERRED).
        """
        value = await self._api.json("INFO", {"info": self._members_by, "queue": queue})
        if value is not None:
            self._members_known = True
        if self._members_known or queue in self._without_members:
            return value
        self._without_members.add(queue)
        try:
            other = await self._api.json("INFO", {"info": "agentsconnected", "queue": queue})
        except BackendError:
            return value
        if isinstance(other, dict):
            self._members_by, self._members_known = "agentsconnected", True
            return other
        return value

    async def learn_members(self, queue: str) -> tuple[list[Member], tuple[str, ...]]:
        """Who serves a queue and what they do, with notes. Raises :class:`BackendError`."""
        client, asked = self._api.client, "INFO agents"
        value = await self._ask_members(queue)
        gathered, members = Gathered(client, asked), list[Member]()
        for place, (outer, record) in enumerate(map_of(client, value, asked).items()):
            try:
                member = member_of(outer, record, self._directory)
            except ValueError as error:
                gathered.miss(place, f"{clean(outer, 40)}: {error}", record)
                continue
            gathered.count += 1
            members.append(member)
            self.records.setdefault(member.extension, {})[queue] = {outer: record}
        notes = gathered.notes()
        extensions = (member.extension for member in members)
        self._directory.learn_members(queue, extensions, self._clock())
        return members, notes

    def record(self, extension: str, queues: Iterable[str]) -> str:
        """An agent's records as they came, one queue in a line."""
        kept: Mapping[str, object] = self.records.get(extension, {})
        lines = (
            f"queue {queue}: {json.dumps(kept[queue], ensure_ascii=False)}"
            for queue in queues
            if queue in kept
        )
        return "\n".join(lines)
