"""What Telphin tells beside the live picture: records for people, in plain frozen dataclasses.

Every text is clean; times are epoch seconds. Field names are DOCUMENTED, those of a history
CAPTURED.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated, Required

from pydantic import ConfigDict, Field, TypeAdapter, with_config

from pbxtui.backends.decoding import Listing
from pbxtui.backends.telphin.times import epoch
from pbxtui.backends.telphin.wire import Number, Text
from pbxtui.model import Direction, clean

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict

_LOOSE = ConfigDict(coerce_numbers_to_str=True)


@with_config(_LOOSE)
class WireUser(TypedDict, total=False):
    """Whose login it is (DOCUMENTED). ``access`` is ``full`` or ``read_only``."""

    id: Text
    login: Text
    client_id: Text
    extension_id: Text
    extension_group_id: Text
    access: Text
    timezone: Text


@with_config(_LOOSE)
class WireDid(TypedDict, total=False):
    """An outside number, without its plus (DOCUMENTED, as is a ``domain`` that is an object)."""

    id: Required[Number]
    name: Text
    domain: object
    extension_id: Number | None
    comment: Text


class WireDids(TypedDict, total=False):
    """The page around the numbers; a bare list is what comes (DOCUMENTED)."""

    dids: Required[list[WireDid]]


@with_config(_LOOSE)
class WireEvent(TypedDict, total=False):
    """An address that Telphin tells of calls (DOCUMENTED)."""

    id: Required[Number]
    url: Text
    method: Text
    event_type: Text


class WireEvents(TypedDict, total=False):
    events: Required[list[WireEvent]]


@with_config(_LOOSE)
class WireMode(TypedDict, total=False):
    """A call status that an extension may have (DOCUMENTED)."""

    id: Required[Number]
    name: Text
    property_list: list[Text] | None


class WireModes(TypedDict, total=False):
    call_statuses: Required[list[WireMode]]


@with_config(_LOOSE)
class WirePart(TypedDict, total=False):
    """A stretch of a call that is over: times in GMT with a fraction (CAPTURED)."""

    init_time_gmt: Text
    record_uuid: Text
    flow: Text
    result: Text
    source_number: Text
    dest_number: Text


@with_config(_LOOSE)
class WireHistory(TypedDict, total=False):
    """A call that is over (CAPTURED). Durations are seconds, times GMT without a zone."""

    call_uuid: Required[Annotated[str, Field(min_length=1)]]
    flow: Text
    result: Text
    duration: float | None
    bridged_duration: float | None
    from_username: Text
    from_screen_name: Text
    to_username: Text
    did_number: Text
    extension_id: Number | None
    init_time_gmt: Text
    bridged_time_gmt: Text
    hangup_time_gmt: Text
    hangup_cause: Text
    hangup_disposition: Text
    cdr: list[WirePart] | None


class WireHistories(TypedDict, total=False):
    """The page around the calls that are over (CAPTURED)."""

    call_history: Required[list[WireHistory]]


@with_config(_LOOSE)
class WirePhone(TypedDict, total=False):
    """A phone's settings (DOCUMENTED): not whether it is registered."""

    external_number: Text
    auth_type: Text
    allow_webrtc: bool | None
    record_enabled: bool | None
    call_screening_enabled: bool | None


USER = TypeAdapter(WireUser)
DIDS = Listing("dids", WireDid, WireDids)
EVENTS = Listing("events", WireEvent, WireEvents)
MODES = Listing("call_statuses", WireMode, WireModes)
HISTORY = TypeAdapter(WireHistory)
HISTORIES = Listing("call_history", WireHistory, WireHistories)
PHONE = TypeAdapter(WirePhone)
LIMITS: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])


@dataclass(frozen=True, slots=True)
class User:
    """Whom the application acts for. ``client`` is empty where it is not a client's user.

    ``access`` is ``full`` or ``read_only``.
    """

    id: str
    login: str
    client: str
    extension: str
    access: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Did:
    """A telephone number of the client; ``extension`` is the id of the extension it rings."""

    id: int
    number: str
    extension: int | None
    comment: str


@dataclass(frozen=True, slots=True)
class Event:
    """An HTTP request that Telphin sends when something happens. None comes to pbxtui."""

    id: int
    type: str
    method: str
    url: str


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode of phones (do not disturb and the like) that the client has defined."""

    id: int
    name: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a call that is over."""

    number: str
    result: str
    started: float | None
    record: str


@dataclass(frozen=True, slots=True)
class History:
    """A call that is over. ``duration`` and ``talked`` are seconds."""

    id: str
    direction: Direction
    from_: str
    to: str
    did: str
    result: str
    cause: str
    ended_by: str
    started: float | None
    answered: float | None
    ended: float | None
    duration: float | None
    talked: float | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone's settings. Its SIP password is on the wire too and stays there."""

    external_number: str
    auth_type: str
    webrtc: bool | None
    recorded: bool | None
    screened: bool | None


def _text(value: Text) -> str:
    return clean(value or "")


def user_from(row: WireUser) -> User:
    return User(
        _text(row.get("id")),
        _text(row.get("login")),
        _text(row.get("client_id")),
        _text(row.get("extension_id")),
        _text(row.get("access")),
        _text(row.get("timezone")),
    )


def did_from(row: WireDid) -> Did:
    return Did(
        row["id"], _text(row.get("name")), row.get("extension_id"), _text(row.get("comment"))
    )


def event_from(row: WireEvent) -> Event:
    return Event(
        row["id"], _text(row.get("event_type")), _text(row.get("method")), _text(row.get("url"))
    )


def mode_from(row: WireMode) -> Mode:
    properties = (clean(text) for text in row.get("property_list") or () if text)
    return Mode(row["id"], _text(row.get("name")), tuple(properties))


def limits_from(row: dict[str, object]) -> dict[str, int]:
    """Each limit by its name on the wire; what is no number is left out."""
    return {
        clean(name, 60): value
        for name, value in row.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }


def phone_from(row: WirePhone) -> Phone:
    return Phone(
        _text(row.get("external_number")),
        _text(row.get("auth_type")),
        row.get("allow_webrtc"),
        row.get("record_enabled"),
        row.get("call_screening_enabled"),
    )


_FLOWS = {"in": Direction.INBOUND, "out": Direction.OUTBOUND}


def history_from(row: WireHistory) -> History:
    return History(
        _text(row["call_uuid"]),
        _FLOWS.get(_text(row.get("flow")).lower(), Direction.UNKNOWN),
        _text(row.get("from_username")),
        _text(row.get("to_username")),
        _text(row.get("did_number")),
        _text(row.get("result")),
        _text(row.get("hangup_cause")),
        _text(row.get("hangup_disposition")),
        epoch(row.get("init_time_gmt")),
        epoch(row.get("bridged_time_gmt")),
        epoch(row.get("hangup_time_gmt")),
        row.get("duration"),
        row.get("bridged_duration"),
        tuple(
            Part(
                _text(part.get("dest_number")),
                _text(part.get("result")),
                epoch(part.get("init_time_gmt")),
                _text(part.get("record_uuid")),
            )
            for part in row.get("cdr") or ()
        ),
    )
