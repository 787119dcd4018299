"""What nobody has shown publicly about MiRTA's wire, or was only inferred, as switches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Empty = Literal["nothing", "[]", "]", "null", "{}"]
"""How a server writes that there is nothing: 0 bytes, or one of these."""

Answer = Literal["ok", "success", "json", "empty"]
"""``OK`` as AGENT and QUEUE answer, ``Success|…|`` as DIAL does, the same in JSON, or 0 bytes."""


@dataclass(frozen=True, slots=True)
class MirtaSwitches:
    """Each is UNKNOWN or INFERRED on the real server, so a client must live with every value.

    Where something was CAPTURED anywhere, that is the default.
    """

    nodes: tuple[str, ...] = ("pbx21", "pbx22")
    """The servers of the cluster; each call lives on one of them."""
    real_delays: bool = False
    """Wait as the real one does: 7 s for CHANNELS without ``nodename``, 0.35 s with it, 23 s for
    COUNTPEERS, 30 s and no end for ``info=call`` without an id."""
    newline: str = "\n"
    """What follows a sentence: 46 bytes were captured for one of 45 characters."""
    jsonp: bool = True
    """Whether ``callback`` with ``format=json`` wraps the answer in a call."""

    # --- what this server has ----------------------------------------------------------------
    newer: bool = True
    """Whether it has what newer servers have: QUEUE, CHANNEL, PHONEBOOKS, agentsconnected and
    the like. The older list is the seed's."""
    peers: Literal["PEERS", "CHANSIPPEERS", "both"] = "PEERS"
    """Under which name the peers are listed. PEERS was captured in 2026; HELP of another server
    has CHANSIPPEERS."""
    help: bool = True
    """Whether HELP answers; False gives 0 bytes."""
    unknown_reqtype: Literal["empty", "help", "sentence"] = "empty"
    queues_writable: bool = True
    """Whether QUEUE add, del and clean are there."""

    # --- CHANNELS ----------------------------------------------------------------------------
    empty_channels: Empty = "nothing"
    channel_numbers: Literal["strings", "ints"] = "strings"
    """Priority, flags and duration as text (what PHP's ``explode`` gives) or as numbers."""
    plus: bool = False
    """Whether outside numbers carry a plus."""
    answered_data: Literal["changed", "kept"] = "changed"
    """Whether the dialled peer goes from the caller's app data once answered (INFERRED)."""
    dialled_exten: Literal["empty", "inherited"] = "empty"
    """The exten of a leg that the PBX dialled: nothing, or the caller's."""
    bridges: bool = True
    """Whether item 12 holds the bridge's id (INFERRED from Asterisk)."""
    account: bool = True
    """Whether item 8 holds the tenant's code (INFERRED)."""
    helpers: bool = False
    """Whether a queue dials its members by way of Local channels, while they ring."""
    parking_exten: Literal["lot", "slot"] = "lot"
    """The exten of a parked channel: the number that was dialled to park, or the place."""
    pjsip_every: int = 0
    """Every so-manieth extension is a PJSIP one, and not among the peers; 0 for none."""

    # --- peers, lamps, flows -----------------------------------------------------------------
    peer_filler: bool = False
    """ACL "N" and Realtime "no" in place of nothing."""
    peers_on_all_nodes: bool = False
    """Whether each node lists every peer, those registered elsewhere as not registered."""
    lamp_suffix: bool = True
    """Whether ``st_extension`` of BLFS ends in the tenant's code (INFERRED)."""
    flow_seconds: bool = False
    """Whether ``st_timestamp`` of FLOWS has seconds (CAPTURED without, masked)."""
    unset_flow: bool = False
    """Whether the last flow was never set, so that its state is null."""
    utc_offset: float = 7200.0
    """Seconds by which the server's clock on the wall is ahead of UTC; no time has a zone."""

    # --- queues and agents -------------------------------------------------------------------
    queue_times: Literal["clock", "seconds"] = "clock"
    """TALKTIME and the like as HH:MM:SS (INFERRED) or as seconds."""
    agent_keys: Literal["username", "extension"] = "username"
    """The outer key of ``agents``: with the tenant's code, or without it."""
    agent_word: Literal["always", "paused"] = "always"
    """Whether key 1 is there for an agent who is not paused."""
    agent_gone: Literal["UNAVAILABLE", "null"] = "UNAVAILABLE"
    """Key 2 for an agent whose phone is off."""
    agents_without_queue: Literal["all", "nothing"] = "all"
    """What ``agents`` answers when no queue is named."""

    # --- counts and history ------------------------------------------------------------------
    count_calls: Literal["number", "empty"] = "number"
    """COUNTCALLS with calls running. On an idle tenant: 0 bytes (CAPTURED)."""
    count_channels: Literal["refused", "map"] = "refused"
    """COUNTCHANNELS with a tenant key: "Wrong or missing tenant" (CAPTURED), or a map."""
    total_key: str = ""
    """The name under which COUNTPEERS adds the total (documented, its name UNKNOWN)."""
    cdrs: Literal["json", "broken"] = "json"
    """``info=cdrs`` in JSON: as on one host, or broken as on another (INFERRED)."""

    # --- answers of actions ------------------------------------------------------------------
    answer: Answer = "ok"
    """Of HANGUP, TRANSFER, ATXTRANSFER, SETFLOW, UNREGISTER, REBOOT, QUEUERESET, CHECKAUTH."""
    failure: Literal["sentence", "error"] = "sentence"
    """A failed action: a sentence, or ``Error|sentence|``."""
    dial_failure: Literal["error", "sentence", "empty"] = "error"
