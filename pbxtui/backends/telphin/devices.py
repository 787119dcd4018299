"""Telphin's phones and their registrations as devices of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from pbxtui.backends.decoding import Unread, in_words, lenient, mistaken
from pbxtui.backends.http import HttpClient
from pbxtui.backends.telphin.directory import Extension
from pbxtui.backends.telphin.times import expiry
from pbxtui.backends.telphin.wire import REGISTRATION, WireRegistration
from pbxtui.model import Certainty, Device, DeviceState, clean

_WRAPPERS = ("registrations", "extensions", "extension_list", "registration_list")


@dataclass(frozen=True, slots=True)
class Registrations:
    """The registrations of several extensions by id, and the rows that could not be read."""

    rows: Mapping[int, WireRegistration]
    unread: tuple[Unread, ...]


def read_bulk(client: HttpClient, body: bytes) -> Registrations:
    """What the bulk request answers, in whatever shape: the top level is INFERRED to be a list.

    An object by extension id, an object around a list and one bare row are read too. Raises
    :class:`NotUnderstood` for anything else.
    """
    value = lenient(client, body)
    rows: dict[int, WireRegistration] = {}
    unread: list[Unread] = []
    for number, (id, row) in enumerate(_rows(client, value)):
        try:
            read = REGISTRATION.validate_python(row)
        except ValidationError as error:
            words = client.mask(in_words(error, ("registration", number)))
            unread.append(Unread(words, row))
            continue
        own = read.get("extension_id")
        key = id if own is None else own
        if key is None:
            unread.append(Unread(f"registration.{number}.extension_id: it is missing", row))
        else:
            rows.setdefault(key, read)
    return Registrations(rows, tuple(unread))


def _rows(client: HttpClient, value: object) -> Iterable[tuple[int | None, object]]:
    if isinstance(value, list):
        return [(None, row) for row in value]
    if not isinstance(value, dict):
        raise mistaken(client, "a list of registrations was expected, something else came")
    if "registered" in value or "extension_id" in value:
        return [(None, value)]
    for wrapper in _WRAPPERS:
        if isinstance(value.get(wrapper), list):
            return [(None, row) for row in value[wrapper]]
    if all(_is_id(key) for key in value):
        return [(int(key), row) for key, row in value.items()]
    raise mistaken(client, "a list of registrations was expected, an object came")


def _is_id(key: object) -> bool:
    return isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) < 16


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration, cleaned. ``handle`` is as it came, to be sent back."""

    id: str
    handle: str
    address: str
    user_agent: str
    expires: float | None


def registration_from(value: object, now: float) -> Registration | None:
    """One registration of whatever was sent; None where that is no object.

    ``now`` is epoch seconds: ``expires`` may be a span or a moment.
    """
    if not isinstance(value, dict):
        return None

    def text(key: str) -> str:
        found = value.get(key)
        return found if isinstance(found, str) else ""

    handle = text("registration_id")
    return Registration(
        clean(handle),
        handle,
        _address(clean(text("real_address")) or clean(text("contact_address"))),
        clean(text("device")),
        expiry(value.get("expires"), now),
    )


def registrations_of(row: WireRegistration, now: float) -> list[Registration]:
    """The registrations of an extension in an order that does not change."""
    found = (registration_from(value, now) for value in row.get("registrations") or ())
    return sorted((one for one in found if one is not None), key=lambda one: one.id)


def _address(uri: str) -> str:
    """A SIP address without scheme, user and parameters."""
    for scheme in ("sips:", "sip:"):
        uri = uri.removeprefix(scheme)
    return uri.rpartition("@")[2].partition(";")[0]


def devices_from(
    site: str, extension: Extension, row: WireRegistration | None, now: float
) -> list[Device]:
    """An extension's phone; one more for each further registration while it is registered.

    The id is the extension's, and for the further ones ``extension_id/registration_id``.
    Whether it is registered is what ``registered`` says, never how long the list is: expired
    registrations stay in it (DOCUMENTED). ``now`` is epoch seconds on the PBX's clock.
    """
    id = str(extension.id)
    if row is None:
        unknown = DeviceState.UNKNOWN, Certainty.SEEN
        return [Device(site, id, *unknown, extension.number, extension.name)]
    found = registrations_of(row, now)
    told = row.get("registered")
    certainty = Certainty.INFERRED if told is None else Certainty.SEEN
    if not told:
        last = max(found, key=lambda one: one.expires or 0.0, default=None)
        return [
            Device(
                site,
                id,
                DeviceState.UNREGISTERED,
                certainty,
                extension.number,
                extension.name,
                last.address if last is not None else "",
                last.user_agent if last is not None else "",
                since=_past(last, now),
            )
        ]
    devices: list[Device] = []
    for one in found or [Registration("", "", "", "", None)]:
        further = f"{id}/{one.id}" if devices else id
        devices.append(
            Device(
                site,
                further,
                DeviceState.REGISTERED,
                certainty,
                extension.number,
                extension.name,
                one.address,
                one.user_agent,
            )
        )
    return devices


def _past(last: Registration | None, now: float) -> float | None:
    """When the last registration ran out, if that is over and was told."""
    if last is None or last.expires is None or last.expires > now:
        return None
    return last.expires
