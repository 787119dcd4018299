"""The words of telephony that every floor shares.

The values are the ones that ``pbxtui list --json`` prints; the glyphs and colours that a screen
gives them live with the screens.
"""

from __future__ import annotations

from enum import StrEnum


class Certainty(StrEnum):
    """How a state is known."""

    SEEN = "seen"
    """The PBX said so."""
    INFERRED = "inferred"
    """We joined two facts that the PBX gave separately."""
    ASSUMED = "assumed"
    """We sent an action which the PBX accepted, and it does not show the effect."""


class Direction(StrEnum):
    """Which way a call or a leg goes, seen from the PBX's owner."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"
    UNKNOWN = "unknown"


class LegState(StrEnum):
    """The state of a leg; a call has one too, that of its most telling leg."""

    SETUP = "setup"
    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"
    PARKED = "parked"
    QUEUED = "queued"
    ENDED = "ended"
    LOST = "lost"
    """It vanished from the PBX's list without an end; one more full reading decides."""


class DeviceState(StrEnum):
    """Whether a phone can be reached."""

    REGISTERED = "registered"
    UNREACHABLE = "unreachable"
    UNREGISTERED = "unregistered"
    UNKNOWN = "unknown"


class AgentState(StrEnum):
    """What a queue's agent is doing."""

    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAPUP = "wrapup"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    """Logged in and not paused, but the phone is off: calls go past this agent."""
    LOGGED_OUT = "logged_out"
    UNKNOWN = "unknown"


class LampState(StrEnum):
    """A busy lamp field's state: Asterisk's device states."""

    IDLE = "idle"
    IN_USE = "in_use"
    BUSY = "busy"
    RINGING = "ringing"
    RINGING_IN_USE = "ringing_in_use"
    ON_HOLD = "on_hold"
    UNAVAILABLE = "unavailable"
    DND = "dnd"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """The kinds of thing a snapshot holds."""

    CALLS = "calls"
    DEVICES = "devices"
    QUEUES = "queues"
    AGENTS = "agents"
    LAMPS = "lamps"
    FLOWS = "flows"


class Topic(StrEnum):
    """What is read together, with one period: the keys of ``poll`` in the config."""

    CALLS = "calls"
    DEVICES = "devices"
    QUEUES = "queues"
    LAMPS = "lamps"


KINDS_OF: dict[Topic, tuple[Kind, ...]] = {
    Topic.CALLS: (Kind.CALLS,),
    Topic.DEVICES: (Kind.DEVICES,),
    Topic.QUEUES: (Kind.QUEUES, Kind.AGENTS),
    Topic.LAMPS: (Kind.LAMPS, Kind.FLOWS),
}

TOPIC_OF: dict[Kind, Topic] = {kind: topic for topic, kinds in KINDS_OF.items() for kind in kinds}


class Freshness(StrEnum):
    """How old a reading is, counted in polls."""

    LIVE = "live"
    LATE = "late"
    STALE = "stale"
    BLIND = "blind"


class Verb(StrEnum):
    """The name of an action, as in the config, the palette and on the command line."""

    HOLD = "hold"
    RESUME = "resume"
    HANGUP = "hangup"
    TRANSFER = "transfer"
    ATTENDED = "attended"
    COMPLETE = "complete"
    CANCEL = "cancel"
    PARK = "park"
    RETRIEVE = "retrieve"
    ANSWER = "answer"
    DIAL = "dial"
    DTMF = "dtmf"
    RECORD = "record"
    PAUSE = "pause"
    UNPAUSE = "unpause"
    LOGIN = "login"
    LOGOUT = "logout"
    FLOW = "flow"
    MONITOR = "monitor"
    UNREGISTER = "unregister"
    REBOOT = "reboot"
