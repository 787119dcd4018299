"""Endpoints and their contacts made into devices, and hints into lamps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.directory import Directory
from pbxtui.backends.asterisk.wire import ContactRow, EndpointRow, HintRow, address
from pbxtui.model import Certainty, Device, DeviceState, Lamp, LampState

TECHNOLOGY = "PJSIP/"
_GONE = frozenset({"removed", "unavail"})
_OUT = frozenset({"unreachable"})

_STATUS_BITS = {
    0: LampState.IDLE,
    1: LampState.IN_USE,
    2: LampState.BUSY,
    3: LampState.BUSY,
    4: LampState.UNAVAILABLE,
    8: LampState.RINGING,
    9: LampState.RINGING_IN_USE,
    16: LampState.ON_HOLD,
    17: LampState.IN_USE,
}
"""ExtensionStatus, a sum of 1 in use, 2 busy, 4 unavailable, 8 ringing, 16 on hold. Of several
devices behind one hint, somebody who talks (1) tells more than somebody who holds (16)."""


class PhoneBook:
    """The endpoints of one site, with where each registered from.

    Which trunks have registered elsewhere is not asked for: the answer to
    PJSIPShowRegistrationsOutbound carries every trunk's password in the clear (CAPTURED).
    """

    def __init__(self, site: str, directory: Directory) -> None:
        self._site = site
        self._directory = directory
        self._endpoints: dict[str, EndpointRow] = {}
        self._contacts: dict[tuple[str, str], ContactRow] = {}
        self._since: dict[str, tuple[DeviceState, float | None]] = {}
        self._raw: dict[str, list[bytes]] = {}

    def take_endpoints(self, messages: Iterable[Message]) -> None:
        """Take the rows of PJSIPShowEndpoints."""
        self._endpoints.clear()
        self._raw.clear()
        for message in messages:
            row = EndpointRow.read(message)
            if row is not None:
                self._endpoints[row.name] = row
                self._raw[row.name] = [message.raw]

    def take_contacts(self, messages: Iterable[Message]) -> None:
        """Take the rows of PJSIPShowContacts: those that registered, no static ones (CAPTURED)."""
        self._contacts.clear()
        for message in messages:
            row = ContactRow.read(message)
            if row is not None:
                self._contacts[row.endpoint, row.uri] = row
                self._raw.setdefault(row.endpoint, []).append(message.raw)

    def take_event(self, message: Message) -> bool:
        """Apply a ContactStatus; whether it changed anything."""
        row = ContactRow.read(message)
        if row is None:
            return False
        known = self._contacts.get((row.endpoint, row.uri))
        if row.status.lower() in _GONE:
            if self._contacts.pop((row.endpoint, row.uri), None) is None:
                return False
            self._forget_static(row)
            return True
        if known is not None:
            row = replace(row, user_agent=known.user_agent, rtt_ms=row.rtt_ms or known.rtt_ms)
        if row == known or (known is None and self._is_static(row)):
            return False
        self._contacts[row.endpoint, row.uri] = row
        self._raw.setdefault(row.endpoint, []).append(message.raw)
        return True

    def __contains__(self, device: str) -> bool:
        return device.startswith(TECHNOLOGY) and device[len(TECHNOLOGY) :] in self._endpoints

    def registered(self) -> set[str]:
        """The devices that have registered."""
        return {TECHNOLOGY + endpoint for endpoint, _ in self._contacts}

    def devices(self, now: float) -> dict[str, Device]:
        """The endpoints as devices."""
        contacts: dict[str, list[ContactRow]] = {}
        for row in self._contacts.values():
            contacts.setdefault(row.endpoint, []).append(row)
        devices = {}
        for name, endpoint in self._endpoints.items():
            device = self._device(endpoint, contacts.get(name, []))
            devices[device.id] = self._dated(device, now)
        return devices

    def raw(self, id: str) -> list[bytes]:
        return self._raw.get(id.removeprefix(TECHNOLOGY), [])

    def _device(self, endpoint: EndpointRow, contacts: list[ContactRow]) -> Device:
        id_ = TECHNOLOGY + endpoint.name
        extension = self._directory.extension(id_)
        name = endpoint.name if extension else f"{endpoint.name} (trunk)"
        if name == extension:
            name = ""
        if not contacts:
            state, certainty = _static_state(endpoint)
            where = address(endpoint.contacts.partition("/")[2]) if endpoint.contacts else ""
            return Device(self._site, id_, state, certainty, extension, name, where)
        best = min(contacts, key=lambda row: (row.status.lower() in _OUT, row.rtt_ms or 0.0))
        out = best.status.lower() in _OUT
        return Device(
            self._site,
            id_,
            DeviceState.UNREACHABLE if out else DeviceState.REGISTERED,
            Certainty.SEEN,
            extension,
            name,
            best.address,
            best.user_agent,
            None,
            None,
            None if out else best.rtt_ms,
        )

    def _dated(self, device: Device, now: float) -> Device:
        before = self._since.get(device.id)
        if before is None:
            self._since[device.id] = (device.state, None)
            return device
        state, since = before
        if state is not device.state:
            since = now
            self._since[device.id] = (device.state, since)
        return replace(device, since=since)

    def _is_static(self, row: ContactRow) -> bool:
        endpoint = self._endpoints.get(row.endpoint)
        return (
            endpoint is not None
            and row.uri in endpoint.contacts
            and not any(name == row.endpoint for name, _ in self._contacts)
        )

    def _forget_static(self, row: ContactRow) -> None:
        """What was registered is no static contact, although the endpoint's row still names it."""
        endpoint = self._endpoints.get(row.endpoint)
        if endpoint is not None and row.uri in endpoint.contacts:
            self._endpoints[row.endpoint] = replace(endpoint, contacts="", state="Unavailable")


def _static_state(endpoint: EndpointRow) -> tuple[DeviceState, Certainty]:
    """The state of an endpoint that nobody registered at.

    A contact written in the configuration is reachable as far as its device state says:
    "Unavailable" and "Invalid" are not (INFERRED).
    """
    if not endpoint.contacts:
        return DeviceState.UNREGISTERED, Certainty.SEEN
    if endpoint.state.lower() in ("unavailable", "invalid"):
        return DeviceState.UNREACHABLE, Certainty.INFERRED
    return DeviceState.REGISTERED, Certainty.INFERRED


@dataclass(slots=True)
class _Hint:
    row: HintRow
    since: float | None
    raw: bytes


class LampBook:
    """The hints of one site. ``since`` is known from the first change on that was seen."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._hints: dict[str, _Hint] = {}

    def take_list(self, messages: Iterable[Message], now: float) -> None:
        """Take the rows of ExtensionStateList."""
        before, self._hints = self._hints, {}
        for message in messages:
            row = HintRow.read(message)
            if row is not None:
                self._hints[row.id] = _dated_hint(before.get(row.id), row, message, now)

    def take_event(self, message: Message, now: float) -> bool:
        """Apply an ExtensionStatus; whether it changed anything."""
        row = HintRow.read(message)
        if row is None:
            return False
        before = self._hints.get(row.id)
        if row.status == -1:
            return self._hints.pop(row.id, None) is not None
        self._hints[row.id] = _dated_hint(before, row, message, now)
        return before is None or before.row != row

    def hints(self) -> list[HintRow]:
        return [hint.row for hint in self._hints.values()]

    def lamps(self) -> dict[str, Lamp]:
        """The hints as lamps, in the order of their extensions."""
        lamps = [
            Lamp(
                self._site,
                id_,
                lamp_state(hint.row.status),
                Certainty.SEEN,
                hint.row.exten,
                hint.row.hint,
                hint.since,
            )
            for id_, hint in self._hints.items()
        ]
        lamps.sort(key=lambda lamp: (len(lamp.extension), lamp.extension, lamp.id))
        return {lamp.id: lamp for lamp in lamps}

    def raw(self, id: str) -> list[bytes]:
        hint = self._hints.get(id)
        return [hint.raw] if hint is not None else []


def _dated_hint(before: _Hint | None, row: HintRow, message: Message, now: float) -> _Hint:
    if before is None:
        return _Hint(row, None, message.raw)
    same = lamp_state(before.row.status) is lamp_state(row.status)
    return _Hint(row, before.since if same else now, message.raw)


def lamp_state(status: int | None) -> LampState:
    """The lamp for an ExtensionStatus; below zero the hint was removed or switched off."""
    if status is None or status < 0:
        return LampState.UNKNOWN
    known = _STATUS_BITS.get(status)
    if known is not None:
        return known
    if status & 8:
        return LampState.RINGING_IN_USE if status & 3 else LampState.RINGING
    if status & 3:
        return LampState.BUSY if status & 2 else LampState.IN_USE
    if status & 16:
        return LampState.ON_HOLD
    return LampState.UNAVAILABLE if status & 4 else LampState.UNKNOWN
