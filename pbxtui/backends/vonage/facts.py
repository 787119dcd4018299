"""What Vonage shows and can do, and where on its wire each field comes from."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.model import CAN, Capability, Kind, Verb

MISSING: Mapping[Kind, str] = {
    Kind.QUEUES: "Vonage's public APIs have no call queues.",
    Kind.AGENTS: "Vonage's public APIs have no call queues, and so no agents.",
    Kind.LAMPS: "Vonage's public APIs have no lamps; the calls say which extension is busy.",
    Kind.FLOWS: "Vonage's public APIs have no switches of the call routing.",
}

_NO_QUEUES = "Vonage's API has no queues or agents."
_UNSEEN_HOLD = "Vonage's list does not show whether a leg is held"
_WHO_LEAVES = "Which end of the call leaves it is not documented"

CAPABILITIES: Mapping[Verb, Capability] = {
    Verb.HOLD: Capability(
        True, f"{_UNSEEN_HOLD}, nor is it documented which leg to hold.", shown=False
    ),
    Verb.RESUME: Capability(
        True, f"{_UNSEEN_HOLD}; the same request answers a leg that rings.", shown=False
    ),
    Verb.HANGUP: CAN,
    Verb.TRANSFER: Capability(True, f"{_WHO_LEAVES}; the list shows who is rung."),
    Verb.ATTENDED: Capability(
        True, "It joins two calls of one phone: the second one is dialled first."
    ),
    Verb.COMPLETE: Capability(
        True, "It joins the two calls of the phone that transfers, which leaves both."
    ),
    Verb.CANCEL: Capability(
        True, "It hangs up the second call of the phone; H resumes the first one."
    ),
    Verb.PARK: Capability(
        True,
        "Vonage does not show that a call is parked, nor document where and how it is found.",
        shown=False,
    ),
    Verb.RETRIEVE: Capability(
        False,
        "Vonage documents no request that takes a parked call back.",
        "take it back at the phone",
    ),
    Verb.ANSWER: Capability(
        True, "It is documented for the id of a phone (VH…); an extension may not be enough."
    ),
    Verb.DIAL: Capability(
        True,
        "Which side rings first is not documented, "
        "and of an extension with several phones Vonage chooses one.",
    ),
    Verb.DTMF: Capability(True, "Vonage's list does not show the tones.", shown=False),
    Verb.RECORD: Capability(
        True, "Vonage's list does not show whether a leg is recorded.", shown=False
    ),
    Verb.PAUSE: Capability(False, _NO_QUEUES),
    Verb.UNPAUSE: Capability(False, _NO_QUEUES),
    Verb.LOGIN: Capability(False, _NO_QUEUES),
    Verb.LOGOUT: Capability(False, _NO_QUEUES),
    Verb.FLOW: Capability(False, "Vonage's API has no switches of the call routing."),
    Verb.MONITOR: Capability(False, "Vonage's API cannot listen in on a call."),
    Verb.UNREGISTER: Capability(False, "Vonage's API only reads the registrations of phones."),
    Verb.REBOOT: Capability(False, "Vonage's API only reads the registrations of phones."),
}

_CALL = {
    "id": "call_id",
    "state": "status of the own leg (device_id not pstn, extension no phone number); "
    "else status of the call, which can lag behind",
    "certainty": "inferred where the call and its own leg disagree, or the status is unknown",
    "direction": "direction; internal is inferred where every leg is an own phone",
    "from": "from_number and from_name, or from",
    "to": "to_number and to_name, or to",
    "started": "start_time",
    "answered": "the own leg's answer_time; the documented shape has none",
    "since": "the own leg's answer_time when talking, start_time before, end_time after",
    "ended": "end_time; 0 means not yet",
    "queue": "not on the wire",
    "parked_at": "not on the wire",
    "reason": "status, in words",
    "legs": "leg_map or legs",
}

_LEGS = {
    "legs.id": "leg_id",
    "legs.state": "status of the leg",
    "legs.certainty": "inferred where the status is unknown",
    "legs.direction": "direction of the leg",
    "legs.from": "from_number and from_name of the leg, or from",
    "legs.to": "to_number and to_name of the leg, or to",
    "legs.extension": "extension, unless the leg is an outside one and holds a phone number there",
    "legs.device": "device_id; pstn is the outside",
    "legs.channel": "leg_id",
    "legs.bridge": "not on the wire",
    "legs.started": "start_time of the leg",
    "legs.answered": "answer_time of the leg",
    "legs.since": "answer_time when talking, start_time before, end_time after",
    "legs.reason": "status of the leg, in words",
}

_DEVICE = {
    "id": "mac_address",
    "state": "inferred from the age of registration.last_success (online_after in the config)",
    "certainty": "always inferred: Vonage has no flag for a phone being online",
    "extension": "not on the wire",
    "name": "not on the wire",
    "address": "device_ip",
    "user_agent": "not on the wire",
    "last_seen": "registration.last_success, or last_success",
    "since": "registration.last_success, for a phone that is gone",
    "rtt_ms": "not on the wire",
}

ORIGINS: Mapping[Kind, Mapping[str, str]] = {Kind.CALLS: _CALL | _LEGS, Kind.DEVICES: _DEVICE}
