"""AMI messages as typed rows: every field optional, every number possibly not one.

Texts have been cleaned here, at the door. What Asterisk writes for "not known" (``<unknown>``, in
queue rows also ``unknown``, both CAPTURED) reads as an empty text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from pbxtui.backends.asterisk.ami import Message
from pbxtui.model import NOBODY, Party, clean

CUSTOM = "Custom:"
"""What the names of custom device states begin with."""

_UNKNOWN = frozenset({"<unknown>", "unknown"})
_UNIQUEID = re.compile(r"(?:^|-)(\d{9,11})\.(\d+)$")
_URI = re.compile(r"sips?:(?:[^@;>]*@)?([^;>\s]+)", re.IGNORECASE)


def text(message: Message, key: str) -> str:
    """A field, cleaned; empty when missing or not known."""
    value = message[key]
    return "" if value in _UNKNOWN else clean(value)


def number(message: Message, key: str) -> int | None:
    """A whole number, or None; negative ones are possible."""
    try:
        return int(message[key])
    except ValueError:
        return None


def count(message: Message, key: str) -> int | None:
    """A whole number from zero up, or None."""
    value = number(message, key)
    return value if value is not None and value >= 0 else None


def decimal(message: Message, key: str) -> float | None:
    """A finite number, or None."""
    try:
        value = float(message[key])
    except ValueError:
        return None
    return value if -1e15 < value < 1e15 else None


def moment(message: Message, key: str) -> float | None:
    """Epoch seconds; zero means never (CAPTURED)."""
    value = decimal(message, key)
    return value if value is not None and value > 0 else None


@lru_cache(maxsize=65_536)
def _party(number: str, name: str) -> Party:
    return Party(number, name) if number or name else NOBODY


def party(message: Message, prefix: str) -> Party:
    """The number and name in ``PREFIXNum`` and ``PREFIXName``."""
    return _party(text(message, prefix + "Num"), text(message, prefix + "Name"))


@lru_cache(maxsize=65_536)
def born(uniqueid: str) -> float | None:
    """When a channel was made: Asterisk begins its Uniqueid with epoch seconds.

    CAPTURED; a ``systemname`` stands before it with a hyphen (DOCUMENTED).
    """
    found = _UNIQUEID.search(uniqueid)
    return float(found[1]) if found else None


@lru_cache(maxsize=65_536)
def serial(uniqueid: str) -> tuple[float, int, str]:
    """The order in which channels were made."""
    found = _UNIQUEID.search(uniqueid)
    return (float(found[1]), int(found[2]), uniqueid) if found else (0.0, 0, uniqueid)


@lru_cache(maxsize=65_536)
def device_of(channel: str) -> str:
    """The device of a channel: ``PJSIP/1001-00000002`` is one of ``PJSIP/1001``."""
    return channel.rpartition("-")[0] or channel


def is_local(channel: str) -> bool:
    """Whether a channel is half of a Local pair, a link inside Asterisk and nobody's phone."""
    return channel.startswith("Local/")


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """The snapshot of a channel that lists and events carry alike.

    ``application`` and ``data`` come with the list alone, ``bridge`` with the list and with
    BridgeEnter; None where the message does not tell.
    """

    name: str
    uniqueid: str
    linkedid: str
    state: int
    caller: Party
    connected: Party
    exten: str
    application: str | None = None
    data: str | None = None
    bridge: str | None = None

    @classmethod
    def read(cls, message: Message, prefix: str = "") -> Self | None:
        """The channel whose fields begin with ``prefix``; None where there is none."""
        uniqueid = clean(message[prefix + "Uniqueid"])
        name = clean(message[prefix + "Channel"])
        if not uniqueid or not name or uniqueid in _UNKNOWN:
            return None
        listed = not prefix and message.event == "CoreShowChannel"
        return cls(
            name,
            uniqueid,
            clean(message[prefix + "Linkedid"]) or uniqueid,
            count(message, prefix + "ChannelState") or 0,
            party(message, prefix + "CallerID"),
            party(message, prefix + "ConnectedLine"),
            text(message, prefix + "Exten"),
            clean(message["Application"]) if listed else None,
            clean(message["ApplicationData"]) if listed else None,
            clean(message["BridgeId"]) if listed else None,
        )


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """A parked call. ``duration`` is in seconds."""

    uniqueid: str
    space: str
    lot: str
    duration: int

    @classmethod
    def read(cls, message: Message) -> Self | None:
        """Read a message; None without the ``ParkeeUniqueid`` of whoever is parked."""
        uniqueid = clean(message["ParkeeUniqueid"])
        if not uniqueid:
            return None
        return cls(
            uniqueid,
            text(message, "ParkingSpace"),
            text(message, "Parkinglot"),
            count(message, "ParkingDuration") or 0,
        )


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """A PJSIP endpoint. ``contacts`` says whether it has any, static ones too."""

    name: str
    state: str
    contacts: str

    @classmethod
    def read(cls, message: Message) -> Self | None:
        """Read a message; None without an ``ObjectName``."""
        name = text(message, "ObjectName")
        if not name:
            return None
        contacts = text(message, "Contacts").rstrip(",")
        return cls(name, text(message, "DeviceState"), contacts)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Where an endpoint registered from. ``rtt_ms`` is None where it is not probed."""

    endpoint: str
    uri: str
    status: str
    user_agent: str = ""
    rtt_ms: float | None = None

    @classmethod
    def read(cls, message: Message) -> Self | None:
        """Read a message of the list or an event, whose fields have other names (CAPTURED).

        ``RoundtripUsec`` is microseconds; None without an endpoint or a URI.
        """
        endpoint = text(message, "Endpoint") or text(message, "EndpointName")
        uri = text(message, "Uri") or text(message, "URI")
        if not endpoint or not uri:
            return None
        usec = decimal(message, "RoundtripUsec")
        return cls(
            endpoint,
            uri,
            text(message, "Status") or text(message, "ContactStatus"),
            text(message, "UserAgent"),
            usec / 1000 if usec is not None and usec > 0 else None,
        )

    @property
    def address(self) -> str:
        return address(self.uri)


def address(uri: str) -> str:
    """Host and port of a SIP address."""
    found = _URI.search(uri)
    return found[1] if found else uri


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue's counters; ``hold_time`` and ``talk_time`` are averages in seconds."""

    name: str
    strategy: str
    completed: int | None
    abandoned: int | None
    hold_time: float | None
    talk_time: float | None
    service_level: float | None

    @classmethod
    def read(cls, message: Message) -> Self | None:
        """Read a message; None without a name. ``Holdtime`` and ``TalkTime`` are seconds."""
        name = text(message, "Queue")
        if not name:
            return None
        return cls(
            name,
            text(message, "Strategy"),
            count(message, "Completed"),
            count(message, "Abandoned"),
            decimal(message, "Holdtime"),
            decimal(message, "TalkTime"),
            decimal(message, "ServicelevelPerf"),
        )


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One membership of an agent in a queue. ``status`` is Asterisk's device state, 0 to 8.

    ``membership`` is ``dynamic``, ``static`` (from queues.conf) or ``realtime`` (CAPTURED).
    """

    queue: str
    interface: str
    device: str
    name: str
    status: int
    in_call: bool
    paused: bool
    reason: str
    calls_taken: int | None
    last_call: float | None
    last_pause: float | None
    wrapup: int
    membership: str = ""

    @classmethod
    def read(cls, message: Message) -> Self | None:
        """From a ``QueueMember`` of the list, or an event that carries a member."""
        queue = text(message, "Queue")
        interface = text(message, "Location") or text(message, "Interface")
        if not queue or not interface:
            return None
        return cls(
            queue,
            interface,
            text(message, "StateInterface") or interface,
            text(message, "Name") or text(message, "MemberName"),
            count(message, "Status") or 0,
            bool(count(message, "InCall")),
            bool(count(message, "Paused")),
            text(message, "PausedReason"),
            count(message, "CallsTaken"),
            moment(message, "LastCall"),
            moment(message, "LastPause"),
            count(message, "Wrapuptime") or 0,
            text(message, "Membership"),
        )


@dataclass(frozen=True, slots=True)
class EntryRow:
    """Somebody who waits. ``wait`` is in seconds, None where an event brought the row."""

    queue: str
    uniqueid: str
    position: int
    party: Party
    wait: int | None

    @classmethod
    def read(cls, message: Message) -> Self | None:
        """Read a message; None without a queue or the caller's channel. ``Wait`` is seconds."""
        queue, uniqueid = text(message, "Queue"), clean(message["Uniqueid"])
        if not queue or not uniqueid:
            return None
        return cls(
            queue,
            uniqueid,
            count(message, "Position") or 0,
            party(message, "CallerID"),
            count(message, "Wait"),
        )


@dataclass(frozen=True, slots=True)
class HintRow:
    """A hint: an extension and the devices whose state it shows. ``status`` is a sum of bits."""

    exten: str
    context: str
    hint: str
    status: int | None

    @classmethod
    def read(cls, message: Message) -> Self | None:
        """Read a message; None for a pattern (``_1XX``), which is no lamp."""
        exten = text(message, "Exten")
        if not exten or exten.startswith("_"):
            return None
        return cls(
            exten, text(message, "Context"), text(message, "Hint"), number(message, "Status")
        )

    @property
    def id(self) -> str:
        """``447@default``: the same extension may have a hint in several contexts."""
        return f"{self.exten}@{self.context}"

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices the hint is made of; presence, after the comma, is none."""
        return tuple(part for part in self._parts if "/" in part)

    @property
    def custom(self) -> tuple[str, ...]:
        """The custom device states among what the hint is made of."""
        if CUSTOM not in self.hint:
            return ()
        return tuple(part for part in self._parts if part.startswith(CUSTOM))

    @property
    def _parts(self) -> list[str]:
        return self.hint.partition(",")[0].split("&")


@dataclass(frozen=True, slots=True)
class StateRow:
    """The state of a device, in Asterisk's word for it (``NOT_INUSE``).

    ``whole`` is False where the name had to be cleaned: it cannot be sent back then.
    """

    device: str
    state: str
    whole: bool

    @classmethod
    def read(cls, message: Message) -> Self | None:
        """From a ``DeviceStateChange``, be it an event or a row of DeviceStateList."""
        device = clean(message["Device"])
        if not device:
            return None
        return cls(device, clean(message["State"]), device == message["Device"])
