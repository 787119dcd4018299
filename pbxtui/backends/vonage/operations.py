"""Vonage's Telephony API v3, operation by operation (DOCUMENTED)."""

from __future__ import annotations

from pbxtui.backends.operations import Operation, act, ask, read, unused
from pbxtui.model import Topic, Verb

OPERATIONS: tuple[Operation, ...] = (
    read("POST /token (password, refresh_token)", Topic.CALLS, Topic.DEVICES),
    read("GET calls", Topic.CALLS),
    act("POST calls (click2dial, click2dialme, odr, default)", Verb.DIAL),
    ask("GET calls/{call_id}", "call"),
    act("PUT calls/{call_id} (answer, transfer, park)", Verb.ANSWER, Verb.TRANSFER, Verb.PARK),
    act("DELETE calls/{call_id}", Verb.HANGUP),
    ask("GET calls/{call_id}/legs", "legs"),
    ask("GET calls/{call_id}/legs/{leg_id}", "leg"),
    act(
        "PUT calls/{call_id}/legs/{leg_id} (held, active, DTMF, transfers, recording)",
        Verb.HOLD,
        Verb.RESUME,
        Verb.DTMF,
        Verb.TRANSFER,
        Verb.ATTENDED,
        Verb.COMPLETE,
        Verb.RECORD,
    ),
    ask("PUT calls/{call_id}/legs/{leg_id} (play a sound)", "play"),
    ask("PUT calls/{call_id}/legs/{leg_id} (stop the sound)", "stop"),
    act("DELETE calls/{call_id}/legs/{leg_id}", Verb.HANGUP, Verb.CANCEL),
    read("GET registration devices", Topic.DEVICES),
    ask("GET registration devices/{device_id}", "device"),
    unused("GET, POST calls/{call_id}/actions", "live calls name it, but the gateway answers 404"),
)
