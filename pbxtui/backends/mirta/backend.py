"""A MiRTA tenant as a backend: reading by topic, and acting, over the Proxy API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Mapping
from functools import partial

from pbxtui.backends.base import BackendError, Reading, Runtime
from pbxtui.backends.mirta.acting import Acting
from pbxtui.backends.mirta.api import Api
from pbxtui.backends.mirta.calls import CallBook
from pbxtui.backends.mirta.directory import Directory
from pbxtui.backends.mirta.facts import MISSING, ORIGINS, capabilities
from pbxtui.backends.mirta.inquiries import Inquiries
from pbxtui.backends.mirta.live import LiveCalls
from pbxtui.backends.mirta.names import Names
from pbxtui.backends.mirta.phones import Phones
from pbxtui.backends.mirta.queues import AgentBook, Member, queue_of
from pbxtui.backends.mirta.settings import MirtaSettings
from pbxtui.backends.mirta.together import together
from pbxtui.backends.mirta.wire import map_of, text_of
from pbxtui.model import Action, Kind, Outcome, Quota, Thing, Topic, clean

_AT_ONCE = 4


class MirtaBackend(Inquiries):
    """One tenant. See :class:`pbxtui.backends.base.Backend`; the questions beside the live picture
    are :class:`Inquiries`.
    """

    kind = "mirta"
    topics = frozenset(Topic)
    missing = MISSING
    origins = ORIGINS

    def __init__(self, settings: MirtaSettings, runtime: Runtime) -> None:
        api, directory = Api(settings, runtime), Directory(settings.tenant)
        super().__init__(api, directory)
        self.site = settings.name
        self.capabilities = capabilities(settings.park)
        self.exchanges = api.exchanges
        self._names = Names(api, directory, runtime.clock)
        self._book = CallBook(settings.name, directory, settings.park)
        self._agents = AgentBook(settings.name, directory)
        self._live = LiveCalls(settings, api, self._names, self._book)
        self._phones = Phones(settings.name, api, directory, runtime.clock)
        self._acting = Acting(
            settings, api, directory, self._book, self._agents, self._phones.flows, self.read
        )
        self._locks = {topic: asyncio.Lock() for topic in Topic}
        self._raw: dict[Kind, Mapping[str, object]] = {}

    @property
    def quota(self) -> Quota | None:
        """None: no limit is documented, and no header tells one."""
        return None

    @property
    def address(self) -> str:
        return self._api.client.host

    async def read(self, topic: Topic) -> Reading:
        """Read one topic whole. Raises :class:`BackendError`."""
        async with self._locks[topic]:
            ready = asyncio.ensure_future(self._names.learn_extensions())
            try:
                if topic is Topic.CALLS:
                    return await self._read_calls(ready)
                if topic is Topic.DEVICES:
                    return await self._read_devices(ready)
                if topic is Topic.QUEUES:
                    return await self._read_queues(ready)
                return await self._read_lamps(ready)
            finally:
                ready.cancel()
                await asyncio.gather(ready, return_exceptions=True)

    async def _read_calls(self, ready: Awaitable[None]) -> Reading:
        calls, notes = await self._live.read(ready)
        return self._reading({Kind.CALLS: calls}, self._live.source, notes)

    async def _read_devices(self, ready: Awaitable[None]) -> Reading:
        await ready
        found, raw, notes, source = await self._phones.devices()
        self._raw[Kind.DEVICES] = raw
        return self._reading({Kind.DEVICES: found}, source, notes)

    async def _read_lamps(self, ready: Awaitable[None]) -> Reading:
        await ready
        lamps, self._raw[Kind.LAMPS], notes = await self._phones.lamps()
        told = await self._phones.read_flows()
        if isinstance(told, str):
            return self._reading({Kind.LAMPS: lamps}, "BLFS", (*notes, told))
        flows, self._raw[Kind.FLOWS], more = told
        items: dict[Kind, Mapping[str, Thing]] = {Kind.LAMPS: lamps, Kind.FLOWS: flows}
        return self._reading(items, "BLFS, FLOWS", (*notes, *more))

    async def _read_queues(self, ready: Awaitable[None]) -> Reading:
        await self._names.learn_queues()
        names = dict(self._directory.queues)
        raw: dict[str, object] = {}

        notes: list[str] = []

        async def one(id_: str) -> tuple[dict[str, str], list[Member]]:
            value = await self._api.json("INFO", {"info": "queue", "id": id_})
            raw[id_] = value
            figures = map_of(self._api.client, value, "INFO queue")
            members, unread = await self._names.learn_members(id_)
            notes.extend(unread)
            return _figures(figures), members

        answers = await together([partial(one, id_) for id_ in names], at_once=_AT_ONCE)
        told = dict(zip(names, answers, strict=True))
        await ready
        notes += [f"no figures of queue {names[id_]}" for id_ in told if not told[id_][0]]
        counts = {id_: figures.get("CALLSINQUEUE", "") for id_, (figures, _) in told.items()}
        callers = await self._live.callers_or_why(counts, ready, notes)
        queues = {
            id_: queue_of(
                self.site,
                id_,
                names[id_],
                figures,
                None if callers is None else callers.get(id_, ()),
            )
            for id_, (figures, _) in told.items()
        }
        members = {id_: those for id_, (_, those) in told.items()}
        agents = self._agents.take(members, self._api.now())
        self._raw[Kind.QUEUES] = raw
        source = f"INFO queues; INFO queue and agents of {len(names)} queues"
        return self._reading({Kind.QUEUES: queues, Kind.AGENTS: agents}, source, notes)

    def _reading(
        self,
        items: Mapping[Kind, Mapping[str, Thing]],
        source: str,
        notes: list[str] | tuple[str, ...],
    ) -> Reading:
        own = (self._names.note,) if self._names.note else ()
        return Reading(items, source, self._api.client.skew, (*notes, *own))

    async def updates(self) -> AsyncIterator[Reading]:
        """Nothing: the Proxy API pushes no events."""
        nothing: tuple[Reading, ...] = ()
        for reading in nothing:
            yield reading

    async def act(self, action: Action) -> Outcome:
        """Send an action once. Raises :class:`BackendError` when it was surely not carried out."""
        capability = self.capabilities[action.verb]
        if not capability.possible:
            raise BackendError(capability.why, capability.nearest)
        outcome = await self._acting.act(action)
        if outcome is None:
            raise BackendError("MiRTA's API has no request for this")
        return outcome

    def raw(self, kind: Kind, id: str) -> str:
        """A row of the last reading: a call's channels line by line, an agent's queue by queue,
        any other as JSON with an indent; empty where there is none.
        """
        if kind is Kind.CALLS:
            text = self._book.raw(id)
        elif kind is Kind.AGENTS:
            agent = self._agents.agent(id)
            text = self._names.record(agent.extension, agent.queues) if agent is not None else ""
        else:
            row = self._raw.get(kind, {}).get(id)
            text = "" if row is None else json.dumps(row, indent=2, ensure_ascii=False)
        return self._api.mask(text)

    async def close(self) -> None:
        await self._api.close()


def _figures(figures: Mapping[str, object]) -> dict[str, str]:
    """A queue's figures as texts; one that is none is left out."""
    found = {}
    for name, value in figures.items():
        try:
            found[name.upper()] = clean(text_of(value))
        except ValueError:
            continue
    return found
