"""A Telphin client as a backend: calls, phones, queues and agents over the REST API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pbxtui.backends.base import (
    BackendError,
    Forbidden,
    LoginRefused,
    NotFound,
    NotUnderstood,
    Reading,
    Runtime,
    exchange_log,
)
from pbxtui.backends.decoding import Unread, decode, lenient, off_loop
from pbxtui.backends.telphin.acting import Actions, CallbackOptions
from pbxtui.backends.telphin.api import Api, unread_note
from pbxtui.backends.telphin.calls import CallBook
from pbxtui.backends.telphin.devices import devices_from, read_bulk
from pbxtui.backends.telphin.directory import Directory, Section
from pbxtui.backends.telphin.facts import CAPABILITIES, MISSING, ORIGINS
from pbxtui.backends.telphin.inquiries import Inquiries
from pbxtui.backends.telphin.listing import read_calls
from pbxtui.backends.telphin.queues import LOCAL, REMOTE, agent_from, queue_from
from pbxtui.backends.telphin.rows import RowReader, handle_of
from pbxtui.backends.telphin.settings import TelphinSettings
from pbxtui.backends.telphin.wire import AGENTS, QUEUE, WireQueue, WireRegistration
from pbxtui.model import (
    KINDS_OF,
    Action,
    Agent,
    Device,
    DeviceState,
    Kind,
    LegState,
    Outcome,
    Party,
    Queue,
    Quota,
    Thing,
    Topic,
)

JOINED_FOR = 60.0
"""Seconds for which calls and registrations that were read say what an agent's phone does."""

_MANY = 500


@dataclass(frozen=True, slots=True)
class _Config:
    """A queue's configuration, its body, and when it was read (epoch seconds)."""

    row: WireQueue
    body: bytes
    at: float


class TelphinBackend(Inquiries):
    """One client of Telphin. See :class:`pbxtui.backends.base.Backend`."""

    kind = "telphin"
    topics = frozenset({Topic.CALLS, Topic.DEVICES, Topic.QUEUES})
    missing = MISSING
    capabilities = CAPABILITIES
    origins = ORIGINS

    def __init__(self, settings: TelphinSettings, runtime: Runtime) -> None:
        self.site = settings.name
        self.exchanges = exchange_log()
        self._settings = settings
        self._api = Api(settings, runtime, self.exchanges)
        self._directory = Directory(self._api, settings.extensions_every)
        self._book = CallBook(settings.name, self._directory.get)
        self._rows = RowReader()
        self._actions = Actions(self._api, self._directory, self._book, settings.extension)
        self._locks = {topic: asyncio.Lock() for topic in self.topics}
        self._bodies: dict[str, tuple[bytes, ...]] = {}
        self._configs: dict[int, _Config] = {}
        self._phones: dict[int, DeviceState] = {}
        self._calls_at = self._phones_at = self._no_remote_at = float("-inf")

    @property
    def quota(self) -> Quota | None:
        """The requests of this hour, which all applications of the client share (DOCUMENTED)."""
        return self._api.http.quota

    @property
    def address(self) -> str:
        return self._api.http.host

    async def read(self, topic: Topic) -> Reading:
        """The active calls, the phones, or the queues with their agents."""
        if topic not in self.topics:
            raise BackendError(MISSING[KINDS_OF[topic][0]])
        tokens = self._api.tokens
        tokens.admit(topic)
        try:
            async with self._locks[topic]:
                if topic is Topic.CALLS:
                    return await self._read_calls()
                if topic is Topic.DEVICES:
                    return await self._read_devices()
                return await self._read_queues()
        except LoginRefused:
            tokens.tell(topic)
            raise

    # --- calls -------------------------------------------------------------------------------

    async def _read_calls(self) -> Reading:
        path = f"{self._api.client}/current_calls/"
        body = await self._api.get(path)
        rows, unread = await off_loop(
            body, lambda each: read_calls(self._api.http, each, self._rows)
        )
        notes = unread_note(unread, len(rows) + len(unread), "calls")
        ids = {row.extension_id for row in rows}
        ids |= {row.queue.id for row in rows if row.queue is not None and row.queue.id is not None}
        notes += await self._directory.learn(ids)
        if len(rows) > _MANY:
            calls = await asyncio.to_thread(self._book.take, rows, unread, self._directory.version)
        else:
            calls = self._book.take(rows, unread, self._directory.version)
        self._calls_at = self._api.now
        self._bodies["calls"] = (body,)
        return self._reading({Kind.CALLS: calls}, f"GET {path}", notes)

    def _reading(
        self,
        items: Mapping[Kind, Mapping[str, Thing]],
        source: str,
        notes: Sequence[str],
    ) -> Reading:
        return Reading(items, source, self._api.http.skew, tuple(dict.fromkeys(notes)))

    # --- devices -----------------------------------------------------------------------------

    async def _read_devices(self) -> Reading:
        phones = await self._directory.section("phone")
        ids = list(phones.extensions)
        rows: dict[int, WireRegistration] = {}
        bodies: list[bytes] = []
        unread: list[Unread] = []
        batch = self._settings.batch
        for start in range(0, len(ids), batch):
            query = [("extension_id", id) for id in ids[start : start + batch]]
            body = await self._api.get("/extension/registration/", query)
            read = await off_loop(body, lambda each: read_bulk(self._api.http, each))
            rows |= read.rows
            unread += read.unread
            bodies.append(body)
        now = self._api.now
        devices: dict[str, Device] = {}
        for id, extension in phones.extensions.items():
            for device in devices_from(self.site, extension, rows.get(id), now):
                devices.setdefault(device.id, device)
        notes = [*phones.notes, *unread_note(unread, len(rows) + len(unread), "registrations")]
        untold = len(phones.extensions.keys() - rows.keys())
        if untold:
            notes.append(f"Telphin said nothing of the registrations of {untold} phones")
        self._phones = {id: devices[str(id)].state for id in ids}
        self._phones_at = now
        self._bodies["phone"], self._bodies["registrations"] = phones.bodies, tuple(bodies)
        source = f"GET /extension/registration/, {len(bodies)} requests of up to {batch} phones"
        return self._reading({Kind.DEVICES: devices}, source, notes)

    # --- queues and agents -------------------------------------------------------------------

    async def _read_queues(self) -> Reading:
        section = await self._directory.section("queue")
        notes = list(section.notes)
        configs = await self._read_configs(section, notes)
        queues: dict[str, Queue] = {}
        for id, extension in section.extensions.items():
            config = configs.get(id)
            queue = queue_from(self.site, extension, None if config is None else config.row)
            queues[queue.id] = queue
        agents = await self._read_agents(notes)
        self._bodies["queue"] = section.bodies
        client = self._api.client
        source = f"GET {client}/extension/?type=queue, {client}/agent/local/ and remote/"
        return self._reading({Kind.QUEUES: queues, Kind.AGENTS: agents}, source, notes)

    async def _read_configs(self, section: Section, notes: list[str]) -> Mapping[int, _Config]:
        """Each queue's configuration, read anew as seldom as the list of extensions."""
        for id, extension in section.extensions.items():
            now, known = self._api.now, self._configs.get(id)
            if known is not None and 0 <= now - known.at < self._settings.extensions_every:
                continue
            try:
                body = await self._api.get(f"/extension/{id}/queue/")
                row = decode(self._api.http, body, QUEUE)
                self._configs[id] = _Config(row, body, now)
            except (Forbidden, NotFound, NotUnderstood) as error:
                name = extension.name or extension.number
                notes.append(f"the settings of queue {name} could not be read: {error.words}")
        gone = self._configs.keys() - section.extensions.keys()
        for id in gone:
            del self._configs[id]
        return self._configs

    async def _read_agents(self, notes: list[str]) -> dict[str, Agent]:
        agents: dict[str, Agent] = {}
        now = self._api.now
        recent = 0 <= now - self._calls_at < JOINED_FOR
        busy: Mapping[int, LegState] = self._book.busy() if recent else {}
        told = 0 <= now - self._phones_at < max(JOINED_FOR, 2 * self._settings.poll.devices)
        phones = self._phones if told else {}
        for side in (LOCAL, REMOTE):
            if side == REMOTE and 0 <= now - self._no_remote_at < self._settings.extensions_every:
                continue
            try:
                body = await self._api.get(f"{self._api.client}/agent/{side}/")
            except NotFound as error:
                if side == LOCAL:
                    raise
                notes.append(f"the remote agents could not be read: {error.words}")
                self._no_remote_at = now
                continue
            read = self._api.some(AGENTS.read(self._api.http, body), f"{side} agents")
            if side == REMOTE and not read.rows:
                self._no_remote_at = now  # a client without any need not be asked each time
            notes += unread_note(read.unread, len(read.rows) + len(read.unread), f"{side} agents")
            if side == LOCAL:
                ids = {row.get("extension_id") for row in read.rows}
                notes += await self._directory.learn(id for id in ids if id is not None)
            for row in read.rows:
                extension = self._directory.get(row.get("extension_id"))
                agent = agent_from(self.site, side, row, extension, busy, phones)
                agents.setdefault(agent.id, agent)
            self._bodies[side] = (body,)
        return agents

    # --- the rest of a backend ---------------------------------------------------------------

    async def updates(self) -> AsyncIterator[Reading]:
        """Nothing: Telphin's events are HTTP requests to a public address."""
        nothing: tuple[Reading, ...] = ()
        for reading in nothing:
            yield reading

    async def people(self, words: str) -> tuple[Party, ...]:
        """The extensions, queues' among them, by a piece of a name or number.

        From the lists that have been read: the hour's quota is for what is live.
        """
        piece = words.strip().casefold()
        known = self._directory.known() if piece else ()
        found = (Party(each.number, each.name) for each in known if each.number)
        return tuple(p for p in found if piece in p.number or piece in p.name.casefold())

    async def act(self, action: Action) -> Outcome:
        """Send an action once. What Telphin refuses is an outcome, in its own words.

        Raises :class:`BackendError` when nothing was sent.
        """
        return await self._actions.act(action)

    async def callback(
        self,
        extension_id: int,
        src_num: Sequence[str],
        dst_num: str,
        options: CallbackOptions | None = None,
    ) -> Outcome:
        """Click to dial with all its options; see :class:`CallbackOptions`."""
        return await self._actions.callback(extension_id, tuple(src_num), dst_num, options)

    def raw(self, kind: Kind, id: str) -> str:
        """The rows of a thing in the last reading, as JSON with an indent; may be empty."""
        rows = list(self._rows_of(kind, id))
        if not rows:
            return ""
        shown = rows[0] if len(rows) == 1 else rows
        return self._api.http.mask(json.dumps(shown, indent=2, ensure_ascii=False))

    def _rows_of(self, kind: Kind, id: str) -> Iterator[object]:
        if kind is Kind.CALLS:
            for row in self._each("calls", "call_list"):
                handle = handle_of(_number(row.get("extension_id")), str(row.get("call_api_id")))
                if id in (self._book.call_of(handle), handle):
                    yield row
        elif kind is Kind.DEVICES:
            number = id.partition("/")[0]
            yield from self._with("phone", "id", number)
            yield from self._with("registrations", "extension_id", number)
        elif kind is Kind.QUEUES:
            yield from self._with("queue", "id", id)
            config = self._configs.get(_number(id))
            if config is not None:
                yield lenient(self._api.http, config.body)
        elif kind is Kind.AGENTS:
            side, _, number = id.partition("/")
            yield from self._with(side if side in (LOCAL, REMOTE) else "", "id", number)

    def _with(self, section: str, key: str, value: str) -> Iterator[object]:
        return (row for row in self._each(section) if str(row.get(key)) == value)

    def _each(self, section: str, key: str = "") -> Iterator[Mapping[str, object]]:
        """The rows of some bodies, in whatever shape their lists came."""
        for body in self._bodies.get(section, ()):
            try:
                value = lenient(self._api.http, body)
            except NotUnderstood:
                continue
            if isinstance(value, dict):
                inner = value.get(key) if key else list(value.values())
                rows = [value, *inner] if isinstance(inner, list) and not key else inner
            else:
                rows = value
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict):
                    yield row

    async def close(self) -> None:
        await self._api.close()


def _number(value: object) -> int:
    if isinstance(value, int):
        return value
    text = value if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1
