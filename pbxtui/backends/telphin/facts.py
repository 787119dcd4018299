"""What Telphin shows and can do, and where on its wire each field comes from."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.model import CAN, Capability, Kind, Verb

MISSING: Mapping[Kind, str] = {
    Kind.LAMPS: "Telphin's API has no lamps; its calls and registrations say which phone is busy.",
    Kind.FLOWS: "Telphin's API has no switches of the call routing.",
}

_NO_PAUSE = "Telphin's agents are available or logged out, and have no pause."
_ALL = "It needs an application of the access level “All”."

CAPABILITIES: Mapping[Verb, Capability] = {
    Verb.HOLD: Capability(
        True,
        "Telphin's list does not show a hold: pbxtui assumes it once it is accepted.",
        shown=False,
    ),
    Verb.RESUME: Capability(
        True,
        "Telphin's list does not show a hold: its end is assumed once it is accepted.",
        shown=False,
    ),
    Verb.HANGUP: CAN,
    Verb.TRANSFER: CAN,
    Verb.ATTENDED: Capability(
        True, "How it is completed is not documented: it is done at the phone that transfers."
    ),
    Verb.COMPLETE: Capability(
        False,
        "How an attended transfer is completed is not documented by Telphin.",
        "complete it at the phone that transfers",
    ),
    Verb.CANCEL: Capability(
        False,
        "How an attended transfer is cancelled is not documented by Telphin.",
        "cancel it at the phone; X hangs up the leg that asks, where it is shown",
    ),
    Verb.PARK: Capability(True, "Telphin does not say where it parked the call.", shown=False),
    Verb.RETRIEVE: Capability(
        False,
        "Telphin's API does not show parked calls and has no request that takes one back.",
        "take it back at the phone",
    ),
    Verb.ANSWER: Capability(
        True, "Telphin rings the phone that picks up; the call is there once it is answered."
    ),
    Verb.DIAL: CAN,
    Verb.DTMF: Capability(
        False,
        "Telphin's API sends no digits into a live call.",
        "a callback can send some when the destination answers",
    ),
    Verb.RECORD: Capability(
        False,
        "Telphin's API does not start a recording on a live call.",
        "the phone's settings at Telphin record all of its calls",
    ),
    Verb.PAUSE: Capability(False, _NO_PAUSE, "log the agent out"),
    Verb.UNPAUSE: Capability(False, _NO_PAUSE, "log the agent in"),
    Verb.LOGIN: Capability(True, _ALL),
    Verb.LOGOUT: Capability(True, _ALL),
    Verb.FLOW: Capability(False, "Telphin's API has no switches of the call routing."),
    Verb.MONITOR: Capability(
        True, "Telphin rings the supervisor's phone, which hears the call once it is answered."
    ),
    Verb.UNREGISTER: Capability(True, f"{_ALL} The phone comes back when it registers again."),
    Verb.REBOOT: Capability(False, "Telphin's API cannot restart a phone.", "unregister it"),
}

_CALL = {
    "id": "callback_id, call_id, or extension_id/call_api_id of the first row",
    "state": "answer_time_gmt of its rows: ringing while it is null; "
    "held is assumed from an accepted hold, the wire does not show it",
    "certainty": "inferred where rows were joined: by call_id, callback_id, ringing at once for "
    "one caller, the two sides of an internal call, or going on after a transfer",
    "direction": "call_flow; internal is inferred from * in both numbers",
    "from": "caller_id_number and caller_id_name, without the client's prefix",
    "to": "called_number, or the extension that rings; its name is the extension's label",
    "started": "the first init_time_gmt",
    "answered": "the first answer_time_gmt",
    "since": "answer_time_gmt when talking, init_time_gmt before",
    "ended": "not on the wire",
    "queue": "caller_extension of type queue, by its label; who still waits there is not shown",
    "parked_at": "not on the wire",
    "reason": "real_call, in words",
    "legs": "one row of call_list for each phone; outside lines have none",
}

_LEGS = {
    "legs.id": "extension_id/call_api_id",
    "legs.state": "answer_time_gmt; held is assumed from an accepted hold",
    "legs.certainty": "assumed for a hold, which the wire does not show",
    "legs.direction": "call_flow, or which of the extension objects is the phone itself",
    "legs.from": "caller_id_number and caller_id_name of the row",
    "legs.to": "called_number of the row",
    "legs.extension": "name of the extension, without the client's prefix",
    "legs.device": "extension_id",
    "legs.channel": "extension_id/call_api_id",
    "legs.bridge": "inferred for the two sides of an internal call",
    "legs.started": "init_time_gmt",
    "legs.answered": "answer_time_gmt",
    "legs.since": "answer_time_gmt when talking, init_time_gmt before",
    "legs.reason": "real_call, in words",
}

_DEVICE = {
    "id": "extension_id, and the registration_id of further registrations",
    "state": "registered; the list of registrations holds expired ones too",
    "certainty": "inferred where registered was left out",
    "extension": "name of the extension, without the client's prefix",
    "name": "label or caller_id_name of the extension",
    "address": "real_address; of a phone that is off, where it last was",
    "user_agent": "device",
    "last_seen": "not on the wire",
    "since": "expires, for a phone that is off",
    "rtt_ms": "not on the wire",
}

_NOT_SHOWN = "not shown by Telphin"

_QUEUE = {
    "id": "id of the extension",
    "name": "label of the extension",
    "callers": f"{_NOT_SHOWN}: who waits has no row until an agent's phone rings",
    "available": _NOT_SHOWN,
    "logged_in": f"{_NOT_SHOWN}: which agents serve a queue is not on the wire",
    "answered": _NOT_SHOWN,
    "abandoned": _NOT_SHOWN,
    "hold_time": _NOT_SHOWN,
    "talk_time": _NOT_SHOWN,
    "service_level": _NOT_SHOWN,
    "strategy": "strategy of the queue's configuration",
}

_AGENT = {
    "id": "local or remote, and the agent's id",
    "state": "status; ringing, talking and unreachable are joined from calls and registrations",
    "certainty": "inferred where the state was joined",
    "name": "name",
    "extension": "the extension of extension_id; of a remote agent its number",
    "queues": _NOT_SHOWN,
    "paused_in": "Telphin has no pause",
    "paused_reason": "Telphin has no pause",
    "since": "not on the wire",
    "calls_taken": "not on the wire",
    "last_call": "not on the wire",
}

ORIGINS: Mapping[Kind, Mapping[str, str]] = {
    Kind.CALLS: _CALL | _LEGS,
    Kind.DEVICES: _DEVICE,
    Kind.QUEUES: _QUEUE,
    Kind.AGENTS: _AGENT,
}
