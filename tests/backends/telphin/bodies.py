"""Bodies of Telphin's API, typed by hand from what is known of its wire."""

from __future__ import annotations

RINGING_ROW = """
{"extension_id": 85219, "call_flow": "IN",
 "call_api_id": "3584709739-45c0c95e-2b8d-4ee4-b3c5-c62e29552a8c",
 "init_time_gmt": "2017-08-23 15:57:56,60", "answer_time_gmt": null,
 "caller_id_number": "+79161112233", "caller_id_name": "+79161112233",
 "called_number": "2566*102", "called_did": "74953332211",
 "callback_id": null, "record_uuid": null,
 "caller_extension": {"id": 96857, "type": "queue", "name": "2566*887@sipproxy.telphin.ru",
  "client_id": 9593, "extension_group_id": null},
 "called_extension": {"id": 85219, "type": "phone", "name": "2566*102@sipproxy.telphin.ru",
  "client_id": 9593, "extension_group_id": null}}
"""
"""A call from a queue that rings, as it was captured."""

RINGING = f'{{"call_list": [{RINGING_ROW}]}}'
HANDLE = "85219/3584709739-45c0c95e-2b8d-4ee4-b3c5-c62e29552a8c"
INIT = 1503503876.6

PHONES = """
[{"id": 85219, "name": "2566*102", "type": "phone", "status": "active",
  "domain": "sipproxy.telphin.ru", "label": "Front desk", "caller_id_name": "Front desk",
  "ani": null, "message_did": null, "client_id": 9593, "extension_group_id": null,
  "dial_rule_id": null, "dial_rule_limit": null, "ani_rfc3325": false,
  "did_as_transfer_caller_id": "default", "create_date": "2020-03-16 12:11:13",
  "extra_params": "{}"},
 {"id": 85220, "name": "2566*103", "type": "phone", "status": "active", "label": "",
  "caller_id_name": "Workshop"},
 {"id": 85221, "name": "2566*104", "type": "phone", "status": "blocked", "label": null}]
"""
QUEUES = """
[{"id": 96857, "name": "2566*887", "type": "queue", "status": "active", "label": "Support"}]
"""

REGISTRATION = """
{"extension_id": 85219, "registered": true,
 "registrations": [{"device": "Yealink SIP-T46G 28.72.14.5",
  "real_address": "sip:203.0.113.7:62338",
  "contact_address": "sip:000*002@192.168.5.52:5062",
  "expires": 699, "registration_id": "uloc-572b0ffb-6d47-001"}]}
"""
EXPIRED = """
{"extension_id": 85220, "registered": false,
 "registrations": [{"device": "snom", "real_address": "sip:203.0.113.8:5060",
  "contact_address": "sip:2566*103@203.0.113.8:5060", "expires": "2017-08-23 15:00:00",
  "registration_id": "uloc-572b0ffb-6d47-002"}]}
"""

QUEUE_CONFIG = '{"extension_id": 96857, "strategy": "ring-all", "max_wait_time": 3600}'
LOCAL_AGENTS = """
[{"id": 12, "name": "Olga", "extension_id": 85219, "status": "available", "call_timeout": 60,
  "wrap_up_time": 0, "busy_delay_time": 10, "no_answer_delay_time": 10, "reject_delay_time": 10,
  "agent_sound_id": null, "extra_params": null},
 {"id": 13, "name": "Ivan", "extension_id": 85220, "status": "logged_out"}]
"""
REMOTE_AGENTS = '[{"id": 12, "name": "Home", "number": "+79160000001", "status": "available"}]'

TOKEN = """
{"access_token": "2jGp74vK7HmBtWq0McR0l2n7eVEJJQ", "token_type": "Bearer", "expires_in": 3600,
 "scope": "all"}
"""
CALLBACK = """
{"call_id": "02abb9ee685a11ea94bfe17eb6eaecba", "call_api_id": "02abb9ee685a11ea94bfe17eb6eaecba"}
"""
USER = """
{"id": 123, "login": "client_login", "client_id": 100, "extension_id": null,
 "extension_group_id": null, "dealer_id": null, "admin": false, "access": "full",
 "timezone": "Europe/Moscow", "extra_params": null}
"""
HISTORY = """
{"call_uuid": "CAA308E3AABB4455CAA308E3AABB4455", "flow": "out", "result": "bridged",
 "duration": 37, "from_username": "100*0111", "to_username": "79161112233", "did_number": null,
 "extension_id": 1, "extension_name": "100*0111", "extension_type": "phone",
 "init_time_gmt": "2021-01-01 16:29:38", "start_time_gmt": "2021-01-01 16:29:38",
 "bridged_time_gmt": "2021-01-01 16:29:45", "hangup_time_gmt": "2021-01-01 16:30:15",
 "bridged_duration": 30, "bridged_username": "79161112233",
 "hangup_cause": "NORMAL_CLEARING", "hangup_disposition": "caller_bye",
 "cdr": [{"init_time_gmt": "2021-01-01 16:29:38.76", "record_uuid": null, "flow": "out",
  "result": "answered", "dest_number": "79161112233"}]}
"""
HISTORIES = f'{{"page": 1, "per_page": 20, "order": "desc", "call_history": [{HISTORY}]}}'
NOT_FOUND = '{"message": "Not found"}'
