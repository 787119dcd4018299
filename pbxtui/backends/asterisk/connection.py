"""One AMI connection: login, actions with their answers, and the events between them."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import hashlib
import itertools
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pbxtui.backends.asterisk.ami import Message, Splitter, encode
from pbxtui.backends.asterisk.faults import (
    Unknown,
    lost,
    not_connected,
    refusal,
    says_nothing_there,
    where,
)
from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.backends.base import (
    READ_AGAIN,
    BackendError,
    ConnectionLost,
    Exchange,
    NotUnderstood,
    TimedOut,
    TooBig,
)
from pbxtui.model import clean

EVENT_MASK = "system,call,agent"
"""The classes of events that are asked for; a user's ``read`` may give fewer of them."""

_PACKET = 64 * 1024
_RESPONSE = b"Response:"
_COMPLETE = b"\r\nEventList:"

Handler = Callable[[Message], None]
Rows = Sequence[Message]


@dataclass(slots=True)
class _Pending:
    """An action that waits for its answer, and the rows of the list that have come so far.

    Whoever sends an ``order`` looks at a refusal itself.
    """

    action: str
    done: asyncio.Future[list[Message]]
    take: Callable[[Rows], None] | None
    order: bool = False
    rows: list[Message] = field(default_factory=list)
    size: int = 0


class Connection:
    """A logged-in connection. It never comes back to life: a new one is made instead.

    Messages are handled in the order in which they came: a list is handed to its taker before any
    event that came after it, so that what is newer wins.
    """

    def __init__(
        self,
        settings: AsteriskSettings,
        log: deque[Exchange],
        clock: Callable[[], float],
        on_event: Handler,
        max_list: int,
    ) -> None:
        self.where = where(settings)
        self.lost = asyncio.Event()
        """Set when the connection is gone, for whatever reason."""
        self.version = ""
        """The version of the AMI, as the greeting says it."""
        self._settings = settings
        self._log = log
        self._clock = clock
        self._on_event = on_event
        self._max_list = max_list
        self._pending: dict[str, _Pending] = {}
        self._results: dict[str, asyncio.Future[Message]] = {}
        self._listening: set[asyncio.Event] = set()
        self._name = f"pbxtui-{secrets.token_hex(4)}"
        self._numbers = itertools.count(1)
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self._greeted = asyncio.Event()
        self._fault: BackendError | None = None

    @property
    def alive(self) -> bool:
        return self._writer is not None and not self.lost.is_set()

    async def open(self) -> None:
        """Connect and log in. Raises :class:`BackendError`; the connection is closed then."""
        try:
            async with asyncio.timeout(self._settings.timeout):
                await self._connect()
                await self._login()
        except TimeoutError:
            await self.close()
            raise TimedOut(
                f"no answer from {self.where} within {self._settings.timeout:g} s",
                f"is it reachable from here (network, VPN, firewall)? {READ_AGAIN}",
            ) from None
        except BaseException:
            await self.close()
            raise

    async def ask(self, action: str, **fields: str) -> Message:
        """Send an action and return its response, whose fields are the answer.

        Raises :class:`BackendError`: what an action may not do, or Asterisk does not know, or what
        never came back.
        """
        return (await self._send(self._number(), action, fields, None))[0]

    async def order(self, action: str, fields: Mapping[str, str]) -> Message:
        """Send an action that changes something, once, and return what Asterisk answers to it.

        That may be a refusal. Raises :class:`BackendError` where there is no answer; its ``sent``
        says whether the action may have reached Asterisk.
        """
        return (await self._send(self._number(), action, fields, None, order=True))[0]

    async def originate(self, fields: Mapping[str, str], seconds: float) -> Message:
        """Send an Originate, once, and return its OriginateResponse.

        Asterisk sends that event when the first phone has answered, or will not (CAPTURED); to
        every user with ``read = call``, which is why our ActionIDs are like nobody else's. Where
        it refuses at once, its response is returned. Raises :class:`BackendError` as :meth:`order`
        does, a :class:`TimedOut` also where no result came within ``seconds`` of the response.
        """
        number = self._number()
        result: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._results[number] = result
        try:
            (response,) = await self._send(number, "Originate", fields, None, order=True)
            if response["Response"] != "Success":
                return response
            async with asyncio.timeout(seconds):
                return await result
        except TimeoutError:
            late = TimedOut(
                f"{self.where} took the call on and has not said within {seconds:g} s what became "
                "of it",
                "it tells users of manager.conf with read = call",
            )
            late.sent = True
            raise late from None
        finally:
            self._results.pop(number, None)
            if result.done() and not result.cancelled():
                result.exception()

    async def ask_list(self, action: str, take: Callable[[Rows], None], **fields: str) -> None:
        """Send an action that answers with a list; ``take`` gets its rows when it is whole."""
        await self._send(self._number(), action, fields, take)

    async def until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until something holds by what the events tell, or that time has passed.

        Raises :class:`BackendError` where the connection ends before.
        """
        heard = asyncio.Event()
        self._listening.add(heard)
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await heard.wait()
                    heard.clear()
                    if self._fault is not None:
                        raise self._fault
        except TimeoutError:
            return
        finally:
            self._listening.discard(heard)

    async def close(self) -> None:
        """Drop the connection; who still waits for an answer gets a :class:`ConnectionLost`."""
        self._end(ConnectionLost(f"the connection to {self.where} was closed", READ_AGAIN))
        task, self._task = self._task, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()

    # -- beginning -------------------------------------------------------------------------

    async def _connect(self) -> None:
        host, port = self._settings.host, self._settings.port
        try:
            reader, self._writer = await asyncio.open_connection(host, port)
        except OSError as error:
            raise not_connected(error, self.where) from error
        self._task = asyncio.create_task(self._read(reader), name=f"AMI of {self.where}")
        await self._greeted.wait()
        if self._fault is not None:
            raise self._fault

    async def _login(self) -> None:
        settings = self._settings
        secret = settings.secret.get_secret_value()
        way_in = {"Secret": secret}
        with contextlib.suppress(Unknown):
            challenge = (await self.ask("Challenge", AuthType="MD5"))["Challenge"]
            if challenge:
                key = hashlib.md5((challenge + secret).encode(), usedforsecurity=False).hexdigest()
                way_in = {"AuthType": "MD5", "Key": key}
        await self.ask("Login", Username=settings.username, Events=EVENT_MASK, **way_in)

    # -- asking ----------------------------------------------------------------------------

    def _number(self) -> str:
        return f"{self._name}-{next(self._numbers)}"

    async def _send(
        self,
        number: str,
        action: str,
        fields: Mapping[str, str],
        take: Callable[[Rows], None] | None,
        *,
        order: bool = False,
    ) -> list[Message]:
        if self._fault is not None or self._writer is None:
            raise self._fault or ConnectionLost(f"{self.where} is not connected", READ_AGAIN)
        data = encode(action, {"ActionID": number, **fields})
        future: asyncio.Future[list[Message]] = asyncio.get_running_loop().create_future()
        pending = self._pending[number] = _Pending(action, future, take, order)
        began = time.monotonic()
        status, fault = "Success", ""
        try:
            self._writer.write(data)
            async with asyncio.timeout(self._settings.timeout):
                await self._writer.drain()
                answer = await future
            if order and answer[0]["Response"] != "Success":
                status, fault = clean(answer[0]["Response"], 20), clean(answer[0]["Message"])
            return answer
        except TimeoutError:
            error: BackendError = TimedOut(
                f"{self.where} did not answer {action} within {self._settings.timeout:g} s",
                f"a busy PBX or a slow link? {READ_AGAIN}",
            )
            status, fault = "no answer", error.words
            self._end(error)
            raise _sent(error) from None
        except OSError as broken:
            future.cancel()
            error = lost(self.where, broken)
            status, fault = "no answer", error.words
            self._end(error)
            raise _sent(error) from broken
        except BackendError as refused:
            status, fault = "no answer" if refused.sent else "Error", refused.words
            raise
        finally:
            self._pending.pop(number, None)
            took = time.monotonic() - began
            self._log.append(
                Exchange(self._clock(), action, status, took, pending.size, fault, order)
            )

    # -- hearing ---------------------------------------------------------------------------

    async def _read(self, reader: asyncio.StreamReader) -> None:
        splitter = Splitter()
        try:
            while data := await reader.read(_PACKET):
                for message in splitter.feed(data):
                    self._handle(message)
                if splitter.banner is not None and not self._greeted.is_set():
                    self.version = clean(splitter.banner.rpartition("/")[2], 20)
                    self._greeted.set()
            self._end(lost(self.where, None))
        except BackendError as error:
            self._end(error)
        except OSError as error:
            self._end(lost(self.where, error))

    def _handle(self, message: Message) -> None:
        number = message.action_id
        result = self._results.get(number)
        if result is not None and message.event == "OriginateResponse":
            if not result.done():
                result.set_result(message)
            return
        pending = self._pending.get(number)
        if pending is None:
            if message.event:
                self._on_event(message)
                self._tell()
            return
        pending.size += len(message.raw)
        if pending.done.done():
            return
        if pending.size > self._max_list:
            error = TooBig(
                f"the answer to {pending.action} has more than {self._max_list} bytes",
                "more channels than make sense?",
            )
            pending.done.set_exception(_sent(error))
            self._end(error)
        elif message.raw.startswith(_RESPONSE):
            self._respond(pending, message)
        elif _COMPLETE in message.raw and message["EventList"].lower() == "complete":
            self._finish(pending)
        else:
            pending.rows.append(message)

    def _tell(self) -> None:
        for heard in self._listening:
            heard.set()

    def _respond(self, pending: _Pending, message: Message) -> None:
        if pending.order:
            pending.done.set_result([message])
        elif message["Response"] in ("Error", "Failure"):
            if says_nothing_there(message) and pending.take is not None:
                self._finish(pending)
                return
            pending.done.set_exception(refusal(pending.action, message, self._settings))
        elif pending.take is None:
            pending.done.set_result([message])
        elif message["EventList"].lower() != "start":
            words = f"{self.where} answers {pending.action} without a list"
            pending.done.set_exception(NotUnderstood(words, "which Asterisk is this?"))

    def _finish(self, pending: _Pending) -> None:
        if pending.take is not None:
            try:
                pending.take(pending.rows)
            except Exception as error:
                pending.done.set_exception(error)
                return
        pending.done.set_result(pending.rows)

    def _end(self, fault: BackendError) -> None:
        if self._fault is None:
            self._fault = fault
        self._greeted.set()
        self.lost.set()
        self._tell()
        for pending in list(self._pending.values()):
            if not pending.done.done():
                pending.done.set_exception(_sent(fault))
        for result in list(self._results.values()):
            if not result.done():
                result.set_exception(_sent(fault))
        if self._writer is not None:
            self._writer.close()


def _sent(fault: BackendError) -> BackendError:
    """The same fault, for an action whose bytes may have arrived before it."""
    error = copy.copy(fault)
    error.sent = True
    return error
