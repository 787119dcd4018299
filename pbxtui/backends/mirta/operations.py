"""MiRTA's proxy API, request type by request type (DOCUMENTED)."""

from __future__ import annotations

from pbxtui.backends.operations import Operation, act, ask, read
from pbxtui.model import Topic, Verb

OPERATIONS: tuple[Operation, ...] = (
    read("CHANNELS", Topic.CALLS, Topic.QUEUES),
    read("PEERS, CHANSIPPEERS", Topic.DEVICES),
    read("BLFS", Topic.LAMPS),
    read("FLOWS", Topic.LAMPS),
    read("INFO queues, queue, agents", Topic.QUEUES),
    read("INFO extensions", Topic.CALLS, Topic.DEVICES),
    ask("HELP", "help"),
    ask("COUNTPEERS", "count_peers"),
    ask("COUNTCHANNELS", "count_channels"),
    ask("COUNTCALLS", "count_calls"),
    ask("INFO agentsconnected", "agents_connected"),
    ask("INFO agentsdelay", "agents_delay"),
    ask("INFO outdialed", "outdialed"),
    ask("INFO call", "call"),
    ask("INFO config", "config"),
    ask("INFO balance", "balance"),
    ask("INFO dids", "dids"),
    ask("INFO cdrs", "cdrs"),
    ask("INFO simplecdrs", "simple_cdrs"),
    ask("INFO queuelogs", "queue_logs"),
    act("HANGUP", Verb.HANGUP, Verb.COMPLETE, Verb.CANCEL),
    act("TRANSFER (with extrachannel)", Verb.TRANSFER, Verb.PARK, Verb.RETRIEVE),
    act("ATXTRANSFER", Verb.ATTENDED),
    act("DIAL", Verb.DIAL),
    act("AGENT pause, unpause", Verb.PAUSE, Verb.UNPAUSE),
    act("QUEUE add, del", Verb.LOGIN, Verb.LOGOUT),
    ask("QUEUE clean", "queue_clean"),
    act("SETFLOW", Verb.FLOW),
    act("UNREGISTER", Verb.UNREGISTER),
    act("REBOOT", Verb.REBOOT),
    ask("QUEUERESET", "queue_reset"),
    ask("CHECKAUTH", "check_auth"),
    ask("PHONEBOOK query", "phonebook"),
    ask(
        "PHONEBOOK add and delete, CAMPAIGN, MEDIAFILE, RESPONSEPATH, VOICEMAIL, BALANCE, "
        "MANAGEDB, INFO recording, voicemail and voicemailtranscript",
        "request",
    ),
)
