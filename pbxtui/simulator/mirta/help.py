"""What ``reqtype=HELP`` prints: the request types that a server has.

The layout is that of a real server's (CAPTURED): the name at the start of a line, a dash, what it
does; parameters indented below it; all of it in ``<pre>``.
"""

from __future__ import annotations

from pbxtui.simulator.mirta.switches import MirtaSwitches

_OLDER = {
    "COUNTPEERS": ("Return the number of peers on each node and the total", ("tenant",)),
    "COUNTCHANNELS": ("Return the number of channels", ("nodename", "tenant")),
    "BLFS": ("Get the BLF status, peers and flows", ("tenant",)),
    "FLOWS": ("Show the flow status", ("tenant",)),
    "CHANNELS": ("Show the channels for the selected tenant", ("nodename", "tenant")),
    "PHONEBOOK": ("Manage phone books", ("tenant", "phonebook", "subreqtype", "field", "value")),
    "INFO": ("Get info about system", ("info", "id", "queue", "start", "end")),
    "AGENT": (
        "Manipulate queue agent status",
        ("tenant", "extension", "queue", "action", "pausereason"),
    ),
    "ATXTRANSFER": ("Attend transfer a channel", ("tenant", "channel", "dest")),
    "CAMPAIGN": ("Manage call campaign", ("campaign", "tenant", "action")),
    "DIAL": (
        "Dial a number and connect to another number",
        ("tenant", "source", "dest", "account", "var", "dialtimeout", "timeout", "recording"),
    ),
    "HANGUP": ("Hangup a channel", ("tenant", "channel")),
    "MEDIAFILE": ("Manage media files", ("action", "tenant", "objectid")),
    "QUEUERESET": ("Reset statistics for a queue", ("tenant", "queueid")),
    "REBOOT": ("Reboot one or multiple peers", ("peer", "tenant")),
    "RESPONSEPATH": ("Get info from response path object", ("tenant", "id", "action")),
    "SETFLOW": ("Set Flow status or variable", ("number", "state", "value", "tenant")),
    "TRANSFER": ("Transfer a channel", ("tenant", "channel", "extrachannel", "dest")),
    "UNREGISTER": ("Unregister one or multiple peers", ("peer", "tenant")),
    "VOICEMAIL": ("Get info about voicemails", ("tenant", "mailbox", "msgid", "action")),
    "COUNTCALLS": ("Count the number of calls running", ()),
    "BALANCE": ("Alter tenant balance", ("tenant", "amount", "description")),
    "MANAGEDB": ("Manage data in database", ("object", "action", "objectid", "jsondata")),
    "CHECKAUTH": ("Check authentication", ("username", "password")),
}
_NEWER = {
    "DND": ("Manage the DND for an extension", ("number", "action", "value")),
    "CHANNEL": ("Show the channel details for the selected tenant", ("channel",)),
    "PHONEBOOKS": ("List phone book names", ("tenant", "subreqtype")),
    "QUEUE": (
        "Manage queue agents",
        ("tenant", "number", "id", "extension", "action", "type", "order", "penalty", "paused"),
    ),
    "SETTING": ("Get or Set tenant settings", ("action", "tenant", "name", "value")),
    "LICENSEDAYS": ("Get the day before license expiration", ()),
    "CDR": ("Get of update CDR data", ("action", "field", "uniqueid", "value")),
}
_PEERS = ("Show the peers registered on all nodes of the network", ("tenant",))

INFO = (
    "queues",
    "queue",
    "agents",
    "agentsdelay",
    "outdialed",
    "call",
    "recording",
    "voicemail",
    "voicemailtranscript",
    "dids",
    "extensions",
    "config",
    "cdrs",
    "queuelogs",
    "balance",
)
NEWER_INFO = ("agentsconnected", "extstate", "simplecdrs", "flow", "variable", "inforecording")


def reqtypes(switches: MirtaSwitches) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each request type that this server has, with what it does and its parameters."""
    names = dict(_OLDER)
    if switches.newer:
        names |= _NEWER
    if switches.newer and not switches.queues_writable:
        del names["QUEUE"]
    if switches.peers != "CHANSIPPEERS":
        names["PEERS"] = _PEERS
    if switches.peers != "PEERS":
        names["CHANSIPPEERS"] = _PEERS
    return names


def info_types(switches: MirtaSwitches) -> tuple[str, ...]:
    return INFO + NEWER_INFO if switches.newer else INFO


def help_text(switches: MirtaSwitches) -> str:
    """The whole text, about as long as the list of request types."""
    lines = [
        "<pre>",
        "Parameters:",
        "  reqtype - Request type",
        "  tenant  - Sometime optional if the Admin API key is used, otherwise provide it",
        "  key     - Use the Admin API key or the Tenant API key",
        "  format  - Optional, can be <i>json</i> or <i>plain</i>",
        "",
        "Request type (reqtype):",
    ]
    for name, (what, parameters) in reqtypes(switches).items():
        lines.append(f"{name:<10} - {what}")
        lines += [f"             {parameter} - see the manual" for parameter in parameters]
        if name == "INFO":
            lines += [f"                    {info} (info)" for info in info_types(switches)]
    return "\n".join([*lines, "</pre>", ""])
