"""Bodies as real servers send them, typed by hand; values are made up, shapes are not."""

from __future__ import annotations

TOO_BAD = "Too bad... you mistaken the security api key.\n"
"""46 bytes, for a bad key, a missing or unknown tenant, a right that lacks (CAPTURED)."""

CHANNELS = """[
  ["SIP/kamailio-000011aa","queues","18058","6","Up","Queue","18058,tT,,,60","0541234567","ACME",
   "","3","12","","pbx21-1750000030.1234"],
  ["SIP/203-ACME-000011ab","authenticated","","1","Ringing","AppDial","(Outgoing Line)","203",
   "ACME","ACME","3","4","","pbx21-1750000038.1235"]
]"""

TALKING = """[
  ["SIP/kamailio-000011aa","fromtrunk","203","1","Up","Dial",",30,tT","0541234567","ACME","","3",
   "42","6f1c","pbx21-1750000000.1234"],
  ["SIP/203-ACME-000011ab","authenticated","","1","Up","AppDial","(Outgoing Line)","203","ACME",
   "ACME","3","40","6f1c","pbx21-1750000002.1235"]
]"""

RINGING = """[
  ["SIP/201-ACME-000011aa","authenticated","0541234567","1","Ring","Dial",
   "SIP/kamailio/0541234567,30,tT","201","ACME","","3","5","","pbx21-1750000037.10"],
  ["SIP/202-ACME-000011ab","authenticated","203","1","Ring","Dial",
   "SIP/203-ACME&SIP/204-ACME,30,tT","202","ACME","","3","5","","pbx21-1750000037.20"],
  ["SIP/kamailio-000011ac","totrunk","","1","Ringing","AppDial","(Outgoing Line)","0541234567",
   "ACME","ACME","3","4","","pbx21-1750000038.30"],
  ["SIP/203-ACME-000011ad","authenticated","","1","Ringing","AppDial","(Outgoing Line)","203",
   "ACME","ACME","3","4","","pbx21-1750000038.40"],
  ["SIP/204-ACME-000011ae","authenticated","","1","Ringing","AppDial","(Outgoing Line)","204",
   "ACME","ACME","3","4","","pbx21-1750000038.41"]
]"""

PEERS = """[{"node":"PBX1","Name":"100-ACME/100-ACME","Host":"203.0.113.7","Dyn":"D",
 "Forcerport":"Yes","Comedia":"Yes","ACL":"","Port":"5060","Status":"OK (12 ms)",
 "Description":"","Realtime":""},
 {"node":"PBX1","Name":"101-ACME/101-ACME","Host":"(Unspecified)","Dyn":"D","Forcerport":"Yes",
 "Comedia":"Yes","ACL":"N","Port":"0","Status":"UNKNOWN","Description":"Lobby","Realtime":"no"},
 {"node":"PBX2","Name":"102-ACME/102-ACME","Host":"203.0.113.9","Dyn":"D","Forcerport":"Yes",
 "Comedia":"Yes","ACL":"","Port":"5060","Status":"UNREACHABLE","Description":"","Realtime":""},
 {"node":"PBX2","Name":"103-ACME","Host":"203.0.113.10","Dyn":"","Forcerport":"No",
 "Comedia":"No","ACL":"","Port":"5062","Status":"LAGGED (2301 ms)","Description":"",
 "Realtime":""},
 {"node":"PBX2","Name":"104-ACME/104-ACME","Host":"203.0.113.11","Dyn":"","Forcerport":"No",
 "Comedia":"No","ACL":"","Port":"5062","Status":"Unmonitored","Description":"","Realtime":""}]"""

BLFS = """[{"0":"100-ACME","st_extension":"100-ACME","1":"NOT_INUSE","st_state":"NOT_INUSE",
 "2":"2026-01-15 09:30:00","st_timestamp":"2026-01-15 09:30:00"},
 {"0":"7101-ACME","st_extension":"7101-ACME","1":"INUSE","st_state":"INUSE",
 "2":"2026-01-15 09:00:00","st_timestamp":"2026-01-15 09:00:00"},
 {"0":"201","st_extension":"201","1":null,"st_state":null,"2":null,"st_timestamp":null}]"""

FLOWS = """[{"0":"61","fl_id":"61","1":"7","fl_te_id":"7","2":"Night","fl_name":"Night","3":"",
 "fl_comment":"","4":"7101","fl_number":"7101","5":"closed","fl_value":"closed","6":"",
 "fl_value_for_unavailable":"","7":"closed","fl_value_for_inuse":"closed","8":"open",
 "fl_value_for_notinuse":"open","9":"","fl_value_for_ringing":"","10":"","fl_variable_name":"",
 "11":"","fl_monitor_type":"","12":"0","fl_monitor_type_id":"0","13":"",
 "fl_monitor_parameter":"","14":"7101-ACME","st_extension":"7101-ACME","15":"INUSE",
 "st_state":"INUSE","16":"2026-01-15 09:00","st_timestamp":"2026-01-15 09:00","17":"pbx21",
 "st_peername":"pbx21"}]"""

QUEUES = '{"281":"Sales: north, south","282":"Support"}'

QUEUE = """{"AGENTSAVAILABLE":"3","AGENTSPAUSED":"1","AGENTSFREE":"2","AGENTSONLINE":"4",
 "CALLSINQUEUE":"0","SERVICELEVEL":"97.5","FIRSTWAITING":"","SECONDWAITING":"",
 "THIRDWAITING":"","CALLSONLINE":"1","TALKTIME":"07:50:03","HOLDTIME":"00:59:52",
 "ANSWEREDCALLS":"126","CALLSRECEIVED":"129","REALANSWEREDCALLS":"126","TRANSFEREDCALLS":"0",
 "ABANDONEDCALLS":"3","TIMEDOUTCALLS":"0","QUEUECAR":"97.7","EXITWITHKEYCALLS":"0",
 "MAXHOLDTIME":"00:03:00","AVERAGETALKTIME":"00:03:43","AVERAGEHOLDTIME":"00:00:28"}"""

AGENTS = """{"201-ACME":{"0":0,"1":"available","2":"UNAVAILABLE","4":"","5":"","6":"","7":"",
 "8":"","10":"201-ACME","11":"201-ACME"},
 "202-ACME":{"0":17,"1":"paused","2":"NOT_INUSE","4":"","5":"","6":"","7":"","8":"",
 "10":"202-ACME","11":"202-ACME"},
 "203":{"0":"3","2":"INUSE","3":"31","4":"","5":"","6":"","7":"","8":"","10":"203","11":"203"},
 "204-ACME":{"0":0,"1":"available","2":null,"4":"","5":"","6":"","7":"","8":"",
 "10":"204-ACME","11":"204-ACME"},
 "205-ACME":{"0":1,"1":"available","2":"NOT_INUSE","10":"205-ACME","11":"205-ACME"}}"""

EXTENSIONS = """[{"ex_id":"3272","ex_number":"203","ex_name":"Front desk","ex_tech":"SIP",
 "ex_webpassword":"web-s3cret","ex_2fa_param1":"2fa-s3cret","ex_lockpin":"4711",
 "st_state":"NOT_INUSE","username":"203-ACME","password":"sip-s3cret","ex_comment":null},
 {"ex_id":"3273","ex_number":"301","ex_name":"Webphone","ex_tech":"PJSIP","st_state":"INUSE",
 "username":"301-ACME","password":"sip-s3cret"}]"""
"""Named columns only, among them the phones' passwords (CAPTURED)."""

HELP = """<pre>
Parameters:
  reqtype - Request type
  format  - Optional, can be <i>json</i> or <i>plain</i>

Request type (reqtype):
COUNTPEERS - Return the number of peers on each node and the total
           - Additional parameters:
             tenant - optional if using the Admin API key,
CHANSIPPEERS - Show the peers registered on all nodes of the network
INFO       - Get info about system
             info - type of info:
                    queues (list of queues)
                    agentsconnected (info about the agents in all or selected queue)
VOICEMAIL   -  Get info about voicemails
</pre>
"""
