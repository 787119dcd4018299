"""Bodies of Vonage's API, typed by hand from what is known of its wire."""

from __future__ import annotations

CALL_ID = "c91150a6-8cc4-4e73-9fef-17fd925c6448"

LIVE_CALL = """
{"account_id":"100001","call_id":"c91150a6-8cc4-4e73-9fef-17fd925c6448","direction":"inbound",
 "status":"on-call","from_name":"WIRELESS CALLER","from_number":"12065550101",
 "to_name":"Front Desk","to_number":"447","start_time":"1790293069492798","end_time":"0",
 "flags":[],"actions_uri":"/v3/cc/accounts/100001/calls/c91150a6-8cc4-4e73-9fef-17fd925c6448/actions",
 "leg_map":{
  "leg-desk":{"leg_id":"leg-desk","call_id":"c91150a6-8cc4-4e73-9fef-17fd925c6448",
   "device_id":"VH0000001","direction":"outbound","extension":"447","from_name":"WIRELESS CALLER",
   "from_number":"12065550101","to_name":"Front Desk","to_number":"447","status":"on-call",
   "start_time":"1790293070000000","answer_time":"1790293075250000","end_time":"0"},
  "leg-trunk":{"leg_id":"leg-trunk","device_id":"pstn","direction":"inbound",
   "extension":"12065550101","from_name":"WIRELESS CALLER","from_number":"12065550101",
   "to_name":"Front Desk","to_number":"12065550199","status":"on-call",
   "start_time":"1790293069492798","answer_time":"1790293069600000","end_time":"0"}}}
"""

LIVE = f'{{"calls":[{LIVE_CALL}]}}'
LIVE_ARRAY = f"[{LIVE_CALL}]"

DOCUMENTED = """
{"calls":[{"account_id":1234,"call_id":"3fa85f64-5717-4562-b3fc-2c963f66afa6","direction":"inbound",
  "end_time":null,"from":1235551111,
  "legs":[
   {"account_id":1234,"call_id":"3fa85f64-5717-4562-b3fc-2c963f66afa6","direction":"inbound",
    "from":1231112222,"leg_id":"3fa85f64-0000-4562-b3fc-2c963f66afa6","start_time":1790293069,
    "status":"on-call","to":1234567890},
   {"account_id":1234,"call_id":"3fa85f64-5717-4562-b3fc-2c963f66afa6","direction":"outbound",
    "end_time":1790293080,"from":1231112222,"leg_id":"3fa85f64-1111-4562-b3fc-2c963f66afa6",
    "start_time":1790293071,"status":"busy","to":447}],
  "start_time":1790293069,"status":"on-call","to":1234567890}],
 "current_page":0,"first_page_uri":"/cc/accounts/1234/calls?page_size=0&order=desc","next_page":1,
 "next_page_uri":"/cc/accounts/1234/calls?page_size=0&order=desc","order":"desc","page_size":1,
 "pages":1,"previous_page_uri":"/cc/accounts/1234/calls?page_size=0&order=desc"}
"""

DEVICE = """
{"account_id":1234,"device_ip":"150.24.83.17","last_request":1790293000,"last_success":1790293000,
 "mac_address":"79-5C-7D-28-1B-B3","registration":{"last_success":1790293000},
 "provisioned":{"last_success":1790000000,"last_request":1790000000}}
"""

DEVICES_PAGE = f"""
{{"current_page":1,"devices":[{DEVICE}],
 "first_page_uri":"/registration/accounts/1234/devices?page_size=100&order=desc",
 "next_page":"string",
 "next_page_uri":"/registration/accounts/1234/devices?page_size=100&order=desc","order":"desc",
 "page_size":10,"pages":1,
 "previous_page_uri":"/registration/accounts/1234/devices?page_size=100&order=desc"}}
"""

NOT_FOUND = '{"code":"404","message":"No matching resource found for given API Request"}'
GATEWAY_NOT_FOUND = (
    '{"code":"404","type":"Status report","message":"Not Found",'
    '"description":"The requested resource is not available."}'
)
GATEWAY_NOT_PUBLISHED = (
    '{"fault":{"code":900906,"message":"No matching resource found in the API for the given '
    'request","description":"Access failure"}}'
)

TOKEN = (
    '{"access_token":"eyJminted","refresh_token":"abc123-5903-3513","scope":"openid",'
    '"id_token":"eyJid","token_type":"Bearer","expires_in":86400}'
)
