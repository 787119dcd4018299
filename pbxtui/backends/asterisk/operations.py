"""Asterisk's manager interface, action by action."""

from __future__ import annotations

from pbxtui.backends.operations import Operation, act, ask, read, unused
from pbxtui.model import Topic, Verb

OPERATIONS: tuple[Operation, ...] = (
    read("CoreShowChannels", Topic.CALLS),
    read("ParkedCalls", Topic.CALLS),
    read("PJSIPShowEndpoints, PJSIPShowContacts", Topic.DEVICES),
    read("QueueStatus", Topic.QUEUES, Topic.CALLS),
    read("ExtensionStateList, DeviceStateList", Topic.LAMPS),
    read(
        "events of channels, bridges, hold, hangup, devices, queues, parking",
        *Topic,
    ),
    act("Hangup", Verb.HANGUP, Verb.COMPLETE, Verb.CANCEL),
    act("BlindTransfer, Redirect", Verb.TRANSFER),
    act("Atxfer", Verb.ATTENDED),
    act("Bridge, where the phone has both on two calls", Verb.ATTENDED, Verb.COMPLETE),
    act("CancelAtxfer", Verb.CANCEL),
    act("Park", Verb.PARK),
    act("Originate into the dialplan; OriginateResponse", Verb.DIAL),
    act("Originate into ParkedCall", Verb.RETRIEVE),
    act("Originate into PickupChan", Verb.ANSWER),
    act("Originate into ChanSpy", Verb.MONITOR),
    act("PlayDTMF", Verb.DTMF),
    act("MixMonitor, StopMixMonitor", Verb.RECORD),
    act("QueuePause", Verb.PAUSE, Verb.UNPAUSE),
    act("QueueAdd", Verb.LOGIN),
    act("QueueRemove", Verb.LOGOUT),
    act("Setvar of DEVICE_STATE(Custom:…)", Verb.FLOW),
    act("PJSIPNotify with check-sync", Verb.REBOOT),
    act("Getvar of DIALPLAN_EXISTS, before somebody is sent there", Verb.TRANSFER, Verb.ATTENDED),
    ask("CoreSettings, CoreStatus", "about"),
    read("ListCommands, once after each login: what this user may send", *Topic),
    unused(
        "PJSIPShowRegistrationsOutbound",
        "its answer holds every trunk's password in clear, so it is not asked for",
    ),
)
