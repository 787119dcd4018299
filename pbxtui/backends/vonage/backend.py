"""A Vonage account as a backend: its calls and registrations over the Telephony API v3."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

from pydantic import TypeAdapter
from pydantic_core import from_json

from pbxtui.backends.base import (
    BackendError,
    LoginRefused,
    NotFound,
    Reading,
    Runtime,
    exchange_log,
)
from pbxtui.backends.decoding import decode, lenient, mistaken
from pbxtui.backends.http import HttpClient, path_piece
from pbxtui.backends.masking import Mask
from pbxtui.backends.vonage.actions import Actions, Asked
from pbxtui.backends.vonage.answers import RAISING, not_carried_out, outcome_of
from pbxtui.backends.vonage.auth import GivenToken, Login, WayIn
from pbxtui.backends.vonage.book import CallBook
from pbxtui.backends.vonage.calls import call_from, leg_from
from pbxtui.backends.vonage.devices import DeviceBook, device_from
from pbxtui.backends.vonage.facts import CAPABILITIES, MISSING, ORIGINS
from pbxtui.backends.vonage.paging import Pages, Taken, read_pages, whole
from pbxtui.backends.vonage.settings import VonageSettings
from pbxtui.backends.vonage.wire import CALLS, DEVICES, WireCall, WireDevice, WireLeg
from pbxtui.model import (
    KINDS_OF,
    Action,
    Answered,
    Call,
    Device,
    Kind,
    Leg,
    Outcome,
    Quota,
    Thing,
    Topic,
    clean,
)

_CALL = TypeAdapter(WireCall)
_LEG = TypeAdapter(WireLeg)
_LEGS = TypeAdapter(list[WireLeg])
_DEVICE = TypeAdapter(WireDevice)
_ACTING = "actions"
_IDS = {Kind.CALLS: ("calls", "call_id"), Kind.DEVICES: ("devices", "mac_address")}


class VonageBackend:
    """One VBC account. See :class:`pbxtui.backends.base.Backend`."""

    kind = "vonage"
    topics = frozenset({Topic.CALLS, Topic.DEVICES})
    missing = MISSING
    capabilities = CAPABILITIES
    origins = ORIGINS

    def __init__(self, settings: VonageSettings, runtime: Runtime) -> None:
        self.site = settings.name
        self.exchanges = exchange_log()
        self._settings = settings
        self._clock = runtime.clock
        mask = Mask()
        self._way_in: WayIn
        if settings.access_token is not None:
            token = settings.access_token.get_secret_value()
            mask.add(token)
            self._way_in = GivenToken(token)
        else:
            tokens = HttpClient(
                settings.name,
                settings.token_url,
                runtime,
                timeout=settings.timeout,
                credential="login",
                setting="token_url",
                log=self.exchanges,
                mask=mask,
            )
            self._way_in = Login(settings, tokens, runtime)
        self._client = HttpClient(
            settings.name,
            f"{settings.url}/telephony/v3",
            runtime,
            timeout=settings.timeout,
            credentials=self._way_in,
            log=self.exchanges,
            mask=mask,
        )
        self._calls_path = f"/cc/accounts/{path_piece(settings.account)}/calls"
        self._devices_path = f"/registration/accounts/{path_piece(settings.account)}/devices"
        self._book = CallBook(settings.name)
        self._actions = Actions(settings, self._calls_path, self._book)
        self._locks = {topic: asyncio.Lock() for topic in self.topics}
        self._bodies: dict[Kind, tuple[bytes, ...]] = {}

    @property
    def quota(self) -> Quota | None:
        return self._client.quota

    @property
    def address(self) -> str:
        return self._client.host

    async def read(self, topic: Topic) -> Reading:
        """The active calls, or the registrations. Raises :class:`BackendError`."""
        if topic not in self.topics:
            raise BackendError(MISSING[KINDS_OF[topic][0]])
        self._way_in.admit(topic)
        try:
            async with self._locks[topic]:
                if topic is Topic.CALLS:
                    return await self._read_calls()
                return await self._read_devices()
        except LoginRefused as error:
            self._way_in.tell(topic)
            self._explain(error)
            raise

    async def _read_calls(self) -> Reading:
        book = self._book
        book.begin()

        def take(body: bytes) -> Taken:
            page = CALLS.read(self._client, body)
            new = book.take(page.rows)
            book.keep(page.unread)
            count = len(page.rows) + len(page.unread)
            return Taken(count, new, page.unread, page.around)

        path, size = self._calls_path, self._settings.page_size
        pages = await read_pages(self._client, path, size, "calls", take)
        return self._reading(Kind.CALLS, path, pages, book.finish())

    async def _read_devices(self) -> Reading:
        book = DeviceBook(self.site, self._settings.online_after)

        def take(body: bytes) -> Taken:
            page = DEVICES.read(self._client, body)
            new = book.take(page.rows, self._now())
            count = len(page.rows) + len(page.unread)
            return Taken(count, new, page.unread, page.around)

        path, size = self._devices_path, self._settings.page_size
        pages = await read_pages(self._client, path, size, "devices", take)
        return self._reading(Kind.DEVICES, path, pages, book.finish())

    def _reading(self, kind: Kind, path: str, pages: Pages, things: Mapping[str, Thing]) -> Reading:
        self._bodies[kind] = pages.bodies
        count = f", {len(pages.bodies)} pages" if len(pages.bodies) > 1 else ""
        source = f"GET {path}{count}"
        return Reading({kind: things}, source, self._client.skew, pages.notes)

    async def call(self, id: str) -> Call:
        """One active call. Raises :class:`NotFound` when it is over."""
        body = await self._get(f"{self._calls_path}/{path_piece(id)}")
        return call_from(self.site, decode(self._client, body, _CALL))

    async def legs(self, id: str) -> tuple[Leg, ...]:
        """The legs of one call, as the PBX lists them.

        DOCUMENTED as a bare list; what a live account sends is UNKNOWN, so a ``leg_map`` and
        ``legs`` in an object are read too.
        """
        body = await self._get(f"{self._calls_path}/{path_piece(id)}/legs")
        if body.lstrip()[:1] == b"[":
            rows = decode(self._client, body, _LEGS)
            return tuple(leg_from(row, place=f"leg {n + 1}") for n, row in enumerate(rows))
        value = lenient(self._client, body)
        if not isinstance(value, dict) or not {"legs", "leg_map"} & value.keys():
            raise mistaken(self._client, "a list of legs was expected, something else came")
        call = json.dumps({**value, "call_id": id}).encode()
        return call_from(self.site, decode(self._client, call, _CALL)).legs

    async def leg(self, id: str, leg_id: str) -> Leg:
        """One leg of a call. Raises :class:`NotFound` when it is over."""
        path = f"{self._calls_path}/{path_piece(id)}/legs/{path_piece(leg_id)}"
        return leg_from(decode(self._client, await self._get(path), _LEG), leg_id)

    async def device(self, mac: str) -> Device:
        """One phone's registration. ``mac`` is written with dashes, as in the list (DOCUMENTED)."""
        body = await self._get(f"{self._devices_path}/{path_piece(mac)}")
        row = decode(self._client, body, _DEVICE)
        return device_from(self.site, row, self._now(), self._settings.online_after)

    async def updates(self) -> AsyncIterator[Reading]:
        """Nothing: the Telephony API pushes no events."""
        nothing: tuple[Reading, ...] = ()
        for reading in nothing:
            yield reading

    async def act(self, action: Action) -> Outcome:
        """Send an action once. Raises :class:`BackendError` when it surely was not carried out."""
        capability = CAPABILITIES[action.verb]
        if not capability.possible:
            raise BackendError(capability.why, capability.nearest)
        return await self._send(self._actions.asked(action))

    async def play(self, call: str, leg: str, sound: str) -> Outcome:
        """Play a WAV file of the web to a leg (DOCUMENTED). ``sound`` is its address.

        Sent once. Raises :class:`BackendError` when it surely was not carried out.
        """
        return await self._send(self._actions.play(call, leg, sound))

    async def stop(self, call: str, leg: str) -> Outcome:
        """Stop the sound that is played to a leg; as :meth:`play`."""
        return await self._send(self._actions.stop(call, leg))

    async def _send(self, asked: Asked) -> Outcome:
        try:
            self._way_in.admit(_ACTING)
            lent = await self._way_in.headers()
        except BackendError as error:
            if isinstance(error, LoginRefused):
                self._way_in.tell(_ACTING)
            unsent = not_carried_out(error)
            unsent.sent = False
            raise unsent from None
        method, path, body, client = asked.method, asked.path, asked.body, self._client
        try:
            answer = await client.request(method, path, json=body, action=True, accept=RAISING)
        except BackendError as error:
            if not error.unsure:
                raise not_carried_out(error) from None
            return Outcome(Answered.NOT_CONFIRMED, error.words, self._clock())
        renewed = answer.status == 401 and self._way_in.forget(lent)
        return outcome_of(client, asked, answer, self._clock(), renewed=renewed)

    def raw(self, kind: Kind, id: str) -> str:
        """A row of the last reading as JSON with an indent; empty where there is none."""
        key, name = _IDS.get(kind, ("", ""))
        for body in self._bodies.get(kind, ()):
            for row in self._rows(body, key):
                if isinstance(row, dict) and clean(str(row.get(name))) == id:
                    return self._client.mask(json.dumps(row, indent=2, ensure_ascii=False))
        return ""

    def _rows(self, body: bytes, key: str) -> list[object]:
        try:
            value = from_json(body)
        except ValueError:
            value = lenient(self._client, body)
        rows = value.get(key) if isinstance(value, dict) else value
        return rows if isinstance(rows, list) else []

    async def close(self) -> None:
        await self._way_in.close()
        await self._client.close()

    async def _get(self, path: str) -> bytes:
        try:
            answer = await self._client.request("GET", path)
        except NotFound as error:
            error.words = f"{self._client.host} has no such thing any more"
            error.hint = "it is over, or its id is wrong"
            raise
        except LoginRefused as error:
            self._explain(error)
            raise
        return whole(answer, self._client).body

    def _now(self) -> float:
        """Epoch seconds on the PBX's clock."""
        return self._clock() + (self._client.skew or 0.0)

    def _explain(self, error: LoginRefused) -> None:
        """Say what to do about a 401, which Vonage gives for more than a bad token."""
        check = f"pbxtui check {self.site}"
        if "not permitted" in error.words:
            error.hint = f"check account in the config, and that its user may see it, then {check}"
        elif error.status == 401 and isinstance(self._way_in, Login) and "token" in error.words:
            error.hint = (
                "a new one is not accepted either: the application needs the Telephony API, and "
                f"its user the rights of an Account Administrator; then {check}"
            )
