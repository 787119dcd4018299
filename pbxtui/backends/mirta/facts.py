"""What MiRTA shows and can do, and where on its wire each field comes from."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.model import CAN, Capability, Kind, Verb

MISSING: Mapping[Kind, str] = {}

_NO_REQUEST = "MiRTA's API has no request for this"


def capabilities(park: str) -> Mapping[Verb, Capability]:
    """What can be done; ``park`` is the number that parks, empty where none is configured."""
    parks = f"P parks the call at {park}" if park else 'set park = "700" in the config to park'
    return {
        Verb.HOLD: Capability(False, "MiRTA's API has no hold", parks),
        Verb.RESUME: Capability(False, "MiRTA's API has no hold, and so no end of one"),
        Verb.HANGUP: CAN,
        Verb.TRANSFER: CAN,
        Verb.ATTENDED: CAN,
        Verb.COMPLETE: Capability(
            True,
            "MiRTA documents no request for it: the phone that transfers is hung up, which joins "
            "the others on the Asterisk behind it.",
        ),
        Verb.CANCEL: Capability(
            True,
            "MiRTA documents no request for it: whoever is asked is hung up, which brings the "
            "others together again on the Asterisk behind it.",
        ),
        Verb.PARK: CAN
        if park
        else Capability(
            False,
            "MiRTA parks by a transfer to a number, and none is configured",
            'set park = "700" in the config',
        ),
        Verb.RETRIEVE: CAN,
        Verb.ANSWER: Capability(
            False,
            "MiRTA's API cannot answer a call",
            "T sends the caller to your own extension",
        ),
        Verb.DIAL: CAN,
        Verb.DTMF: Capability(False, "MiRTA's API cannot send DTMF into a call"),
        Verb.RECORD: Capability(
            False, "MiRTA's API sets recording only when it dials, not in a running call"
        ),
        Verb.PAUSE: CAN,
        Verb.UNPAUSE: CAN,
        Verb.LOGIN: CAN,
        Verb.LOGOUT: CAN,
        Verb.FLOW: CAN,
        Verb.MONITOR: Capability(False, f"{_NO_REQUEST}: no listening, no whisper"),
        Verb.UNREGISTER: CAN,
        Verb.REBOOT: CAN,
    }


_CALL = {
    "id": "the unique id of the first channel seen of it, item 13 of CHANNELS",
    "state": "the most telling leg's",
    "certainty": "inferred for more than one channel: MiRTA has channels and no calls; joined by "
    "bridge (item 12), by whom a Dial rings (item 6) and the order of unique ids (item 13), and "
    "by queue",
    "direction": "whether a trunk began it or was dialled; kept from the first reading on",
    "from": "item 7 of the channel that began it; names from INFO extensions",
    "to": "item 7 of the leg it hears or that rings, else exten (item 2)",
    "started": "the time in the unique id (item 13), else the duration (item 11)",
    "answered": "the reading that first showed them talking; not on the wire",
    "since": "the reading that first showed the state; at first sight the start, or nothing",
    "ended": "not on the wire: an ended call is no longer listed",
    "queue": "the queue's id in item 6 of a Queue application, its name from INFO queues",
    "parked_at": "exten (item 2) of a parked channel, unless it is the number that parks",
    "reason": "not on the wire",
    "legs": "the channels, without Local ones",
}

_LEGS = {
    "legs.id": "unique id, item 13",
    "legs.state": "item 4 with bridge (item 12) and application (item 5); a hold does not show",
    "legs.certainty": "inferred for queued, parked, and a caller who hears it ringing",
    "legs.direction": "whether the PBX dialled it (AppDial, AppQueue in item 5)",
    "legs.from": "item 7",
    "legs.to": "item 7, or exten (item 2)",
    "legs.extension": "the name in item 0 without the tenant's code",
    "legs.device": "the name in item 0",
    "legs.channel": "item 0",
    "legs.bridge": "item 12",
    "legs.started": "the time in item 13, else the duration (item 11)",
    "legs.answered": "the reading that first showed it talking",
    "legs.since": "the reading that first showed the state",
    "legs.reason": "item 4, where it is no word of Asterisk's",
}

_DEVICE = {
    "id": "Name of PEERS or CHANSIPPEERS, before the slash",
    "state": "Status and Host; for PJSIP phones, which are not listed there, BLFS",
    "certainty": "inferred for phones that are not monitored, and for PJSIP ones",
    "extension": "Name without the tenant's code",
    "name": "Description, else ex_name of INFO extensions",
    "address": "Host",
    "user_agent": "not on the wire",
    "last_seen": "not on the wire",
    "since": "not on the wire",
    "rtt_ms": "the milliseconds in Status",
}

_QUEUE = {
    "id": "key of INFO queues",
    "name": "INFO queues",
    "certainty": "inferred where somebody waits: who it is comes from CHANNELS",
    "callers": "CALLSINQUEUE counts them; CHANNELS (application Queue, no bridge) names them",
    "available": "AGENTSFREE of INFO queue; its meaning is inferred from the name",
    "logged_in": "AGENTSONLINE of INFO queue; its meaning is inferred from the name",
    "answered": "ANSWEREDCALLS of INFO queue, since the last reset",
    "abandoned": "ABANDONEDCALLS of INFO queue, since the last reset",
    "hold_time": "AVERAGEHOLDTIME of INFO queue",
    "talk_time": "AVERAGETALKTIME of INFO queue",
    "service_level": "SERVICELEVEL of INFO queue",
    "strategy": "not on the wire",
}

_AGENT = {
    "id": "the outer key of INFO agents, with the tenant's code",
    "state": "key 2 (the phone) and key 1 (paused, available) of INFO agents; who is listed no "
    "more is logged out",
    "certainty": "inferred where key 1 or 2 is missing, and for logged out",
    "name": "ex_name of INFO extensions",
    "extension": "the outer key without the tenant's code",
    "queues": "INFO agents, asked queue by queue",
    "paused_in": "key 1 of INFO agents, asked queue by queue",
    "paused_reason": "not on the wire",
    "since": "key 3 of INFO agents in a call, else the reading that first showed it",
    "calls_taken": "key 0 of INFO agents, over all queues",
    "last_call": "not on the wire",
}

_LAMP = {
    "id": "st_extension of BLFS",
    "state": "st_state",
    "certainty": "as the PBX's cache has it",
    "extension": "st_extension without the tenant's code",
    "name": "ex_name of INFO extensions",
    "since": "st_timestamp, once the server's zone is known by a change between two readings",
}

_FLOW = {
    "id": "fl_id of FLOWS",
    "state": "st_state",
    "certainty": "as the PBX's cache has it",
    "number": "fl_number",
    "name": "fl_name",
    "value": "fl_value",
    "since": "st_timestamp, once the server's zone is known by a change between two readings",
}

ORIGINS: Mapping[Kind, Mapping[str, str]] = {
    Kind.CALLS: _CALL | _LEGS,
    Kind.DEVICES: _DEVICE,
    Kind.QUEUES: _QUEUE,
    Kind.AGENTS: _AGENT,
    Kind.LAMPS: _LAMP,
    Kind.FLOWS: _FLOW,
}
