"""Telphin's RingMe API, the operations about live calls (DOCUMENTED)."""

from __future__ import annotations

from pbxtui.backends.operations import Operation, act, ask, read, unused
from pbxtui.model import Topic, Verb

OPERATIONS: tuple[Operation, ...] = (
    read("POST /oauth/token (client_credentials)", Topic.CALLS, Topic.DEVICES, Topic.QUEUES),
    ask("GET /user/", "user"),
    read("GET /client/{id}/current_calls/", Topic.CALLS),
    ask("GET /extension/{id}/current_calls/", "extension_calls"),
    act(
        "PUT /extension/{id}/current_calls/{call} (transfer, attended_transfer, hold, offhold, "
        "park, pickup, eavesdrop, whisper, conference)",
        Verb.TRANSFER,
        Verb.ATTENDED,
        Verb.HOLD,
        Verb.RESUME,
        Verb.PARK,
        Verb.ANSWER,
        Verb.MONITOR,
    ),
    act("DELETE /extension/{id}/current_calls/{call}", Verb.HANGUP),
    act("POST /extension/{id}/callback/", Verb.DIAL),
    read("GET /client/{id}/extension/", Topic.DEVICES, Topic.QUEUES),
    read("GET /extension/registration/", Topic.DEVICES),
    ask("GET /extension/{id}/registration/", "registration"),
    act("DELETE /extension/{id}/registration/{registration}", Verb.UNREGISTER),
    read("GET /extension/{id}/queue/", Topic.QUEUES),
    unused("GET /extension/{id}/queue/status/", "what it answers is not known to anybody"),
    read("GET /client/{id}/agent/local/, agent/remote/", Topic.QUEUES),
    act(
        "PUT /client/{id}/agent/local/{agent}, agent/remote/{agent} (status)",
        Verb.LOGIN,
        Verb.LOGOUT,
    ),
    ask("GET /client/{id}/agent/local/{agent}/event/, agent/remote/{agent}/event/", "agent_events"),
    ask("GET /client/{id}/phone_events/", "phone_events"),
    ask("GET /extension/{id}/event/", "extension_events"),
    unused(
        "POST, PUT and DELETE of events",
        "they call a web address, which a terminal behind a firewall does not have",
    ),
    ask("GET /client/{id}/did/", "dids"),
    ask("GET /client/{id}/limit/", "limits"),
    ask("GET /client/{id}/extension/call_status/", "modes"),
    ask("GET /client/{id}/call_history/{call}", "history"),
    ask("GET /client/{id}/call_history/", "histories"),
    ask("GET /extension/{id}/phone/", "phone"),
    ask("PUT /extension/{id}/phone/ (external_number)", "set_external_number"),
    ask("GET /client/{id}/extension/{id}", "extension"),
    ask("PUT /client/{id}/extension/{id} (status)", "set_extension_status"),
    unused("POST /client/{id}/call_center/report/", "it only sends an e-mail"),
    unused("recordings, voicemail and faxes (record, voicemail, fax)", "of calls that are over"),
    unused(
        "the rest of the client section (agents and extensions made or removed, groups, users, "
        "sessions, rules, intervals, numbers, sounds, variables, task_scheduler, billing)",
        "configuration, not live calls",
    ),
)
