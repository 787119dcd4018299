"""One Asterisk, read over its Manager Interface and heard through its events."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from pbxtui.backends.asterisk.acting import Acting, topics
from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.connection import Connection, Rows
from pbxtui.backends.asterisk.facts import CAPABILITIES, MISSING, ORIGINS
from pbxtui.backends.asterisk.faults import Unknown, where
from pbxtui.backends.asterisk.office import Office
from pbxtui.backends.asterisk.rights import narrowed
from pbxtui.backends.asterisk.sending import Sender
from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.backends.asterisk.wire import decimal, text
from pbxtui.backends.base import (
    BackendError,
    ConnectionLost,
    Forbidden,
    LoginRefused,
    NotUnderstood,
    Reading,
    Runtime,
    exchange_log,
)
from pbxtui.model import Action, Capability, Kind, Outcome, Quota, Topic, Transfer, Verb

log = logging.getLogger(__name__)

COALESCE = 0.1
"""Seconds for which events are gathered before they are published together."""
_FIRST_RETRY = 0.5
_SLOWEST_RETRY = 15.0

Take = Callable[[Rows, float], None]


class AsteriskBackend:
    """One Asterisk. See :class:`pbxtui.backends.base.Backend`.

    All topics share one connection, which is made at the first read and made again when it is
    lost. A refused login is told to each topic once, and tried again only when one asks anew.
    """

    kind = "asterisk"
    topics = frozenset(Topic)
    missing = MISSING
    origins = ORIGINS

    def __init__(self, settings: AsteriskSettings, runtime: Runtime) -> None:
        self.site = settings.name
        self.exchanges = exchange_log()
        self.capabilities: Mapping[Verb, Capability] = CAPABILITIES
        self._settings = settings
        self._runtime = runtime
        self._office = Office(settings.name)
        self._connection: Connection | None = None
        self._connecting = asyncio.Lock()
        self._locks = {topic: asyncio.Lock() for topic in Topic}
        self._skew = 0.0
        self._whole: set[Topic] = set()
        """The topics whose lists were read on this connection: only they can be pushed."""
        self._read_before: set[Topic] = set()
        self._news: dict[Topic, dict[str, None]] = {}
        self._recovered: list[Reading] = []
        self._changed = asyncio.Event()
        self._up = asyncio.Event()
        self._refused: LoginRefused | None = None
        self._told: set[Topic] = set()
        self._closed = False

    @property
    def quota(self) -> Quota | None:
        return None

    @property
    def address(self) -> str:
        return where(self._settings)

    # -- reading ---------------------------------------------------------------------------

    async def read(self, topic: Topic) -> Reading:
        """Read the lists of one topic. Raises :class:`BackendError`."""
        self._admit(topic)
        async with self._locks[topic]:
            try:
                connection = await self._connected()
            except LoginRefused:
                self._told.add(topic)
                raise
            notes: list[str] = []
            actions = await self._lists(connection, topic, notes)
            await self._measure_clock(connection)
            self._whole.add(topic)
            self._read_before.add(topic)
            self._news.pop(topic, None)
            items = self._office.items(topic, self._now())
            return Reading(items, actions, self._skew, tuple(notes))

    async def _lists(self, connection: Connection, topic: Topic, notes: list[str]) -> str:
        office = self._office
        if topic is Topic.CALLS:
            await self._ask(connection, "CoreShowChannels", office.take_channels)
            await self._if_allowed(self._ask(connection, "ParkedCalls", office.take_parked), notes)
            if topic not in self._whole:
                await self._catch_up(connection, notes)
            return "CoreShowChannels, ParkedCalls"
        if topic is Topic.DEVICES:
            try:
                await self._ask(connection, "PJSIPShowEndpoints", office.take_endpoints)
                await self._ask(connection, "PJSIPShowContacts", office.take_contacts)
            except Unknown as error:
                raise NotUnderstood(
                    "this Asterisk has no PJSIP phones (res_pjsip is not loaded)",
                    "phones of other channel drivers are not read; the lamps show them",
                ) from error
            return "PJSIPShowEndpoints, PJSIPShowContacts"
        if topic is Topic.QUEUES:
            with contextlib.suppress(Unknown):
                await self._ask(connection, "QueueStatus", office.take_queues)
            return "QueueStatus"
        await self._ask(connection, "ExtensionStateList", office.take_hints)
        await self._if_allowed(self._ask(connection, "DeviceStateList", office.take_flows), notes)
        return "ExtensionStateList, DeviceStateList"

    async def _catch_up(self, connection: Connection, notes: list[str]) -> None:
        """Learn what happened before we listened: who holds, and when calls were answered."""
        office = self._office
        await self._if_allowed(
            self._ask(connection, "DeviceStateList", office.take_device_states), notes
        )
        await self._if_allowed(
            self._ask(connection, "Status", office.take_talk_times, Variables="CDR(billsec)"), notes
        )

    async def _ask(self, connection: Connection, action: str, take: Take, **fields: str) -> None:
        await connection.ask_list(action, lambda rows: take(rows, self._now()), **fields)

    async def _if_allowed(self, asked: Awaitable[None], notes: list[str]) -> None:
        try:
            await asked
        except Forbidden as error:
            notes.append(f"{error}.")
        except Unknown:
            pass

    async def _measure_clock(self, connection: Connection) -> None:
        """The PBX's clock, which the answer to Ping tells (CAPTURED).

        It is also the barrier behind which all events up to the lists have been heard.
        """
        before = self._runtime.clock()
        told = decimal(await connection.ask("Ping"), "Timestamp")
        if told is not None:
            self._skew = told - (before + self._runtime.clock()) / 2

    async def about(self) -> tuple[str, ...]:
        """Which Asterisk it is, and since when it runs, in a few words each."""
        connection = await self._connected()
        settings = await connection.ask("CoreSettings")
        status = await connection.ask("CoreStatus")
        began = f"{text(status, 'CoreStartupDate')} {text(status, 'CoreStartupTime')}"
        calls = text(status, "CoreProcessedCalls")
        return (
            f"Asterisk {text(settings, 'AsteriskVersion')}",
            f"AMI {connection.version}",
            f"running since {began} on its own clock",
            f"{calls} {'call' if calls == '1' else 'calls'} since then",
        )

    # -- events ----------------------------------------------------------------------------

    async def updates(self) -> AsyncIterator[Reading]:
        """What the events changed, a tenth of a second's worth at a time; until closed."""
        keeper = asyncio.create_task(self._keep_connected(), name=f"keep {self.site} connected")
        try:
            while not self._closed:
                await self._changed.wait()
                await asyncio.sleep(COALESCE)
                self._changed.clear()
                for reading in self._take_news():
                    yield reading
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    def _take_news(self) -> list[Reading]:
        recovered, self._recovered = self._recovered, []
        news = {topic: self._news.pop(topic) for topic in list(self._news) if topic in self._whole}
        now = self._now()
        pushed = [
            Reading(self._office.items(topic, now), ", ".join(events), self._skew, pushed=True)
            for topic, events in news.items()
        ]
        return recovered + pushed

    def _hear(self, message: Message) -> None:
        stamped = decimal(message, "Timestamp")
        now = stamped if stamped is not None else self._now()
        for topic in self._office.take_event(message, now):
            self._news.setdefault(topic, {})[message.event] = None
            self._changed.set()

    async def _keep_connected(self) -> None:
        """Connect again whenever the connection is lost, and read what had been read before."""
        while True:
            await self._up.wait()
            connection = self._connection
            if connection is not None:
                await connection.lost.wait()
                await asyncio.sleep(_FIRST_RETRY * random.uniform(0.5, 1.0))
            if await self._come_back():
                for topic in [topic for topic in Topic if topic in self._read_before]:
                    with contextlib.suppress(BackendError):
                        self._recovered.append(await self.read(topic))
                self._changed.set()

    async def _come_back(self) -> bool:
        """Whether the connection is there again; False when the login is refused now."""
        pause = _FIRST_RETRY
        while True:
            try:
                await self._connected()
            except LoginRefused:
                self._up.clear()
                return False
            except BackendError:
                await asyncio.sleep(pause * random.uniform(0.75, 1.25))
                pause = min(2 * pause, _SLOWEST_RETRY)
            else:
                return True

    # -- the connection --------------------------------------------------------------------

    def _admit(self, topic: Topic) -> None:
        """Keep a topic from repeating a login that was refused to another."""
        if self._refused is None:
            return
        if topic not in self._told:
            self._told.add(topic)
            raise self._refused
        self._refused = None
        self._told.clear()

    async def _connected(self) -> Connection:
        async with self._connecting:
            if self._closed:
                raise ConnectionLost(f"the connection to {self.address} has been closed")
            if self._connection is not None and self._connection.alive:
                return self._connection
            if self._refused is not None:
                raise self._refused
            if self._connection is not None:
                await self._connection.close()
            connection = Connection(
                self._settings,
                self.exchanges,
                self._runtime.clock,
                self._hear,
                self._runtime.max_body,
            )
            self._whole.clear()
            self._news.clear()
            try:
                await connection.open()
            except LoginRefused as error:
                self._refused = error
                raise
            self._connection = connection
            self._office.begin(self._now())
            self._up.set()
            await self._measure_clock(connection)
            await self._learn_rights(connection)
            return connection

    async def _learn_rights(self, connection: Connection) -> None:
        """What this login may do here; where Asterisk does not tell, everything is tried."""
        try:
            answer = await connection.ask("ListCommands")
        except (Forbidden, NotUnderstood):
            self.capabilities = CAPABILITIES
        else:
            self.capabilities = narrowed(answer, self._settings.username)

    def _now(self) -> float:
        """Epoch seconds on the PBX's clock."""
        return self._runtime.clock() + self._skew

    # -- acting ----------------------------------------------------------------------------

    async def act(self, action: Action) -> Outcome:
        """Send an action once. Raises :class:`BackendError` when it was surely not carried out.

        What begins with a phone ringing comes back when that phone was answered or has given up,
        up to half a minute later; everything else with Asterisk's answer. An action is never sent
        again, whatever becomes of the connection: what got no answer is not confirmed.
        """
        try:
            return await self._act(action)
        except BackendError as error:
            error.sent = False  # at most something was read before: the action has not left
            raise

    async def _act(self, action: Action) -> Outcome:
        attended = isinstance(action, Transfer) and action.attended
        verb = Verb.ATTENDED if attended else action.verb
        _check(CAPABILITIES[verb])
        connection = await self._connected()
        _check(self.capabilities[verb])
        known = topics(action)
        for topic in known:
            if topic not in self._whole:
                with contextlib.suppress(*(() if topic is known[0] else (BackendError,))):
                    await self.read(topic)
        if not connection.alive:
            raise ConnectionLost(f"the connection to {self.address} was lost", "try again")
        sender = Sender(connection, self._settings, self._runtime.clock)
        acting = Acting(sender, self._office, self._settings, self._now())
        outcome = await acting.act(action)
        if outcome is None:
            raise BackendError("AMI has no action for this")
        return outcome

    def raw(self, kind: Kind, id: str) -> str:
        """The row of the last list and the last event that the PBX sent of a thing."""
        return self._office.raw(kind, id)

    async def close(self) -> None:
        """Close the connection; the updates end."""
        self._closed = True
        self._changed.set()
        if self._connection is not None:
            await self._connection.close()


def _check(capability: Capability) -> None:
    if not capability.possible:
        raise BackendError(capability.why, capability.nearest)
