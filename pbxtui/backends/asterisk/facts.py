"""What Asterisk shows and can do, and where on its wire each field comes from."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.model import CAN, Capability, Kind, Verb

MISSING: Mapping[Kind, str] = {}

_AT_THE_PHONE = "AMI has no action that holds a plain channel; the phone does it."

CAPABILITIES: Mapping[Verb, Capability] = dict.fromkeys(Verb, CAN) | {
    Verb.HOLD: Capability(False, _AT_THE_PHONE, "P parks the call"),
    Verb.RESUME: Capability(False, _AT_THE_PHONE, "resume at the phone, or U for a parked call"),
    Verb.UNREGISTER: Capability(
        False,
        "AMI can end Asterisk's own registrations elsewhere, but not that of a phone here.",
        "a restart of the phone makes it register anew",
    ),
}
"""What is possible with every right and every module; :mod:`rights` narrows it to the login."""

NEEDS: Mapping[Verb, tuple[str, ...]] = {
    Verb.HANGUP: ("Hangup",),
    Verb.TRANSFER: ("BlindTransfer", "Redirect"),
    Verb.ATTENDED: ("Atxfer", "Bridge"),
    Verb.COMPLETE: ("Hangup", "Bridge"),
    Verb.CANCEL: ("CancelAtxfer", "Hangup"),
    Verb.PARK: ("Park",),
    Verb.RETRIEVE: ("Originate",),
    Verb.ANSWER: ("Originate",),
    Verb.DIAL: ("Originate",),
    Verb.DTMF: ("PlayDTMF",),
    Verb.RECORD: ("MixMonitor", "StopMixMonitor"),
    Verb.PAUSE: ("QueuePause",),
    Verb.UNPAUSE: ("QueuePause",),
    Verb.LOGIN: ("QueueAdd",),
    Verb.LOGOUT: ("QueueRemove",),
    Verb.FLOW: ("Setvar",),
    Verb.MONITOR: ("Originate",),
    Verb.REBOOT: ("PJSIPNotify",),
}
"""The actions of AMI that each verb may send."""

_CALL = {
    "id": "Linkedid",
    "state": "the state of its most telling leg: two who talk, else whoever waits",
    "certainty": "that of the same leg",
    "direction": "inferred: who began it, and which channels are trunks",
    "from": "CallerIDNum and CallerIDName of the first channel that was not dialled",
    "to": "CallerIDNum and CallerIDName of whom it hears or rings, else its Exten and queue",
    "started": "the seconds in the first Uniqueid",
    "answered": "the Newstate event of the first called channel; before we listened, CDR(billsec)",
    "since": "the time of the event that brought the state; of a talk, of whoever came last",
    "ended": "the time of the last Hangup",
    "queue": "QueueCallerJoin, or ApplicationData of the application Queue",
    "parked_at": "ParkingSpace of ParkedCalls, or the ParkedCall event",
    "reason": "Cause of the Hangup",
    "legs": "the channels with this Linkedid, without the halves of Local channels",
}

_LEGS = {
    "legs.id": "Uniqueid",
    "legs.state": "ChannelState; Hold and Unhold events; ParkedCalls; the queue's events",
    "legs.certainty": "inferred for the caller who hears it ring, for who waits alone, and for "
    "holds from before we listened",
    "legs.direction": "inferred: whether the PBX called the device or the device the PBX",
    "legs.from": "CallerIDNum and CallerIDName, or for a called leg ConnectedLineNum and -Name",
    "legs.to": "ConnectedLineNum and -Name or Exten, or for a called leg CallerIDNum and -Name",
    "legs.extension": "the Exten of the hint that shows the device, else its name",
    "legs.device": "Channel, without its number",
    "legs.channel": "Channel",
    "legs.bridge": "BridgeId; bridges that a Local channel joins are one",
    "legs.started": "the seconds in the Uniqueid",
    "legs.answered": "the Newstate event that brought Up; before we listened, CDR(billsec)",
    "legs.since": "the time of the event that brought the state",
    "legs.reason": "not on the wire",
}

_DEVICE = {
    "id": "ObjectName of PJSIPShowEndpoints",
    "state": "Status of its contact; without one, DeviceState for a contact in the configuration",
    "certainty": "inferred for a contact in the configuration",
    "extension": "the Exten of the hint that shows it, else its name",
    "name": "ObjectName, where it is not the extension itself",
    "address": "Uri of its contact",
    "user_agent": "UserAgent of its contact",
    "last_seen": "not on the wire",
    "since": "the time of the ContactStatus event, or of the list that first differed",
    "rtt_ms": "RoundtripUsec, where qualify_frequency is set",
}

_QUEUE = {
    "id": "Queue",
    "name": "Queue",
    "certainty": "seen",
    "callers": "QueueEntry: Position, CallerIDNum, CallerIDName, Wait; QueueCallerJoin and -Leave",
    "available": "members that are not paused and whose Status is 0 or 1",
    "logged_in": "members whose Status is neither 4 nor 5",
    "answered": "Completed",
    "abandoned": "Abandoned",
    "hold_time": "Holdtime",
    "talk_time": "TalkTime",
    "service_level": "ServicelevelPerf",
    "strategy": "Strategy",
}

_AGENT = {
    "id": "Location of QueueMember",
    "state": "InCall, Status (the device's state) and Paused of QueueMember",
    "certainty": "inferred for wrap-up: LastCall and Wrapuptime",
    "name": "Name",
    "extension": "the Exten of the hint that shows StateInterface, else its name",
    "queues": "Queue of each QueueMember with this Location",
    "paused_in": "Queue of each of them that is Paused",
    "paused_reason": "PausedReason",
    "since": "LastPause, or the time of the event that brought the state",
    "calls_taken": "CallsTaken, over all its queues",
    "last_call": "LastCall",
}

_LAMP = {
    "id": "Exten and Context of ExtensionStateList",
    "state": "Status, a sum of device states",
    "certainty": "seen",
    "extension": "Exten",
    "name": "Hint",
    "since": "the time of the ExtensionStatus event",
}

_FLOW = {
    "id": "Device of DeviceStateList, for those that begin with Custom:; else the hint's",
    "state": "State of DeviceStateList and of the DeviceStateChange event",
    "certainty": "inferred for one that a hint names and that was never set",
    "number": "the Exten of the hint that shows it",
    "name": "Device, without Custom:",
    "value": "not on the wire: a custom device state has no other value",
    "since": "the time of the DeviceStateChange event",
}

ORIGINS: Mapping[Kind, Mapping[str, str]] = {
    Kind.CALLS: _CALL | _LEGS,
    Kind.DEVICES: _DEVICE,
    Kind.QUEUES: _QUEUE,
    Kind.AGENTS: _AGENT,
    Kind.LAMPS: _LAMP,
    Kind.FLOWS: _FLOW,
}
