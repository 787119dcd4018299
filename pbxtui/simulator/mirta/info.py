"""``reqtype=INFO``: queues, agents, extensions, numbers, history and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pbxtui.simulator.mirta.channels import Channels
from pbxtui.simulator.mirta.door import Asked
from pbxtui.simulator.mirta.help import info_types
from pbxtui.simulator.mirta.history import History
from pbxtui.simulator.mirta.replies import (
    NOTHING,
    Json,
    Object,
    Reply,
    doubled,
    either,
    empty,
    sentence,
    table,
    written,
)
from pbxtui.simulator.mirta.switches import MirtaSwitches
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Agent, Extension, Lamp, Queue

_EXTENSIONS = ("Number", "Name", "Tech", "State", "Username", "Password")
_DIDS = (
    "Country",
    "Area",
    "Number",
    "Tenant",
    "Comment",
    "Recording",
    "Faxstation ID",
    "FAX Email",
    "Max Channels",
    "Recording EMail",
    "SMS Email",
)


class Info:
    """The types of INFO. A type that the server does not have is answered with 0 bytes."""

    def __init__(
        self,
        office: Office,
        switches: MirtaSwitches,
        channels: Channels,
        history: History,
        hostile: Callable[[str, int], str],
    ) -> None:
        self._office = office
        self._switches = switches
        self._channels = channels
        self._history = history
        self._hostile = hostile
        self._types: dict[str, Callable[[Asked], Reply]] = {
            "queues": self.queues,
            "queue": self.queue,
            "agents": self.agents,
            "agentsconnected": self.agents_connected,
            "agentsdelay": self.agents_delay,
            "outdialed": self.outdialed,
            "extensions": self.extensions,
            "extstate": self.extension_state,
            "call": self.call,
            "recording": self.recording,
            "inforecording": self.needs_id,
            "voicemail": self.needs_id,
            "voicemailtranscript": self.voicemail_transcript,
            "variable": lambda _: NOTHING,
            "dids": self.dids,
            "config": self.config,
            "balance": lambda _: Reply(b"123.45"),
            "flow": self.flow,
            "cdrs": history.cdrs,
            "simplecdrs": history.simple,
            "queuelogs": history.queue_logs,
        }

    def answer(self, asked: Asked) -> Reply:
        has = info_types(self._switches)
        return self._types[asked.sub](asked) if asked.sub in has else NOTHING

    # --- queues ------------------------------------------------------------------------------

    def _queue(self, text: str) -> Queue | None:
        return self._office.queues.get(int(text)) if text.isdecimal() else None

    def queues(self, asked: Asked) -> Reply:
        names = {str(q.id): self._hostile(q.name, q.id) for q in self._office.queues.values()}
        plain = "".join(f"{id_}: {name}|" for id_, name in names.items())
        return either(asked, dict(names), plain)

    def queue(self, asked: Asked) -> Reply:
        """One queue's figures; without an id those of some queue (CAPTURED)."""
        queue = self._queue(asked.get("id"))
        if queue is None:
            if asked.get("id"):
                return NOTHING
            queue = next(iter(self._office.queues.values()))
        agents = [agent for agent in queue.agents if agent.logged_in]
        waits = [self._span(self._office.now - call.queued) for call in queue.callers[:3]]
        online = sum(1 for agent in agents if agent.call is not None and agent.call.queue is queue)
        answered, received = queue.answered, queue.received
        level = 100 * (1 - queue.abandoned / received) if received else 100.0
        span, average = self._span, self._average
        figures: dict[str, Json] = {
            "AGENTSAVAILABLE": str(sum(1 for agent in agents if agent.extension.reachable)),
            "AGENTSPAUSED": str(sum(1 for agent in agents if agent.is_paused_in(queue))),
            "AGENTSFREE": str(sum(1 for agent in agents if agent in queue.ready)),
            "AGENTSONLINE": str(len(agents)),
            "CALLSINQUEUE": str(len(queue.callers)),
            "SERVICELEVEL": f"{level:.1f}",
            "FIRSTWAITING": waits[0] if waits else "",
            "SECONDWAITING": waits[1] if len(waits) > 1 else "",
            "THIRDWAITING": waits[2] if len(waits) > 2 else "",
            "CALLSONLINE": str(online),
            "TALKTIME": span(queue.talk_time),
            "HOLDTIME": span(queue.hold_time),
            "ANSWEREDCALLS": str(answered),
            "CALLSRECEIVED": str(received),
            "REALANSWEREDCALLS": str(answered),
            "TRANSFEREDCALLS": "0",
            "ABANDONEDCALLS": str(queue.abandoned),
            "TIMEDOUTCALLS": "0",
            "QUEUECAR": f"{100 * answered / received:.1f}" if received else "0.0",
            "EXITWITHKEYCALLS": "0",
            "MAXHOLDTIME": span(queue.max_hold_time),
            "AVERAGETALKTIME": average(queue.talk_time, answered),
            "AVERAGEHOLDTIME": average(queue.hold_time, received),
        }
        return either(asked, figures, "|".join(map(str, figures.values())))

    def _span(self, seconds: float) -> str:
        whole = max(0, int(seconds))
        if self._switches.queue_times == "seconds":
            return str(whole)
        return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"

    def _average(self, seconds: float, count: int) -> str:
        return self._span(seconds / count if count else 0.0)

    # --- agents ------------------------------------------------------------------------------

    def agents(self, asked: Asked) -> Reply:
        """The members of one queue or of all: a map with sparse records (CAPTURED)."""
        return self._members(asked, self._switches.agent_keys, connected=False)

    def agents_connected(self, asked: Asked) -> Reply:
        """Those whose phone is there, by extension (INFERRED)."""
        return self._members(asked, "extension", connected=True)

    def _members(self, asked: Asked, keys: str, *, connected: bool) -> Reply:
        wanted = asked.get("queue")
        if not wanted and self._switches.agents_without_queue == "nothing":
            return empty("null")
        queue = self._queue(wanted)
        if wanted and queue is None:
            return empty("null")
        queues = [queue] if queue is not None else list(self._office.queues.values())
        members: dict[str, Json] = {}
        states: dict[str, str] = {}
        for each in queues:
            for agent in each.agents:
                if not agent.logged_in or (connected and not agent.extension.reachable):
                    continue
                ext = agent.extension
                key = ext.username if keys == "username" else ext.number
                record = self._record(agent, each)
                members[key] = record
                states[key] = str(record.get("1", "available"))
        if not members:
            return empty("null")
        plain = "".join(f"{key}:{state}|" for key, state in states.items())
        return either(asked, members, f"{plain}\r\n")

    def _record(self, agent: Agent, queue: Queue) -> Object:
        ext, paused = agent.extension, agent.is_paused_in(queue)
        first = agent.queues and agent.queues[0] is queue
        record: Object = {"0": agent.calls_taken if first else 0}
        if paused or self._switches.agent_word == "always":
            record["1"] = "paused" if paused else "available"
        gone = not ext.reachable and self._switches.agent_gone == "null"
        record["2"] = None if gone else ext.lamp.value
        if ext.legs:
            record["3"] = str(max(0, int(self._office.now - ext.legs[0].since)))
        username = self._hostile(ext.username, ext.serial)
        record |= {"4": "", "5": "", "6": "", "7": "", "8": "", "10": username, "11": username}
        return record

    def agents_delay(self, asked: Asked) -> Reply:
        """A map of maps (CAPTURED, masked); by queue and extension here (UNKNOWN)."""
        queue = self._queue(asked.get("queue"))
        queues = [queue] if queue is not None else list(self._office.queues.values())
        delays: dict[str, Json] = {
            str(each.id): {agent.extension.number: agent.id % 9 for agent in each.agents}
            for each in queues
        }
        plain = "".join(f"{queue_id}:{len(str(d))}|" for queue_id, d in delays.items())
        return either(asked, delays, plain)

    # --- extensions --------------------------------------------------------------------------

    def extensions(self, asked: Asked) -> Reply:
        """Named columns, the secret ones too (CAPTURED)."""
        wanted = asked.get("number"), asked.get("id")
        chosen = [
            ext
            for ext in self._office.building.extensions
            if wanted in (("", ""), (ext.number, ""), ("", str(ext.serial)))
        ]
        if asked.json:
            return written([self._extension(ext) for ext in chosen])
        if asked.get("format"):
            return NOTHING
        rows = [
            [ext.number, ext.name, self._tech(ext), ext.lamp.value, ext.username, secret_of(ext)]
            for ext in chosen
        ]
        return Reply(table(_EXTENSIONS, rows).encode())

    def _tech(self, ext: Extension) -> str:
        return "PJSIP" if self._channels.is_pjsip(ext) else "SIP"

    def _extension(self, ext: Extension) -> Object:
        return {
            "ex_id": str(ext.serial),
            "ex_te_id": "7",
            "ex_name": self._hostile(ext.name, ext.serial),
            "ex_number": ext.number,
            "ex_tech": self._tech(ext),
            "ex_tech_id": str(ext.serial),
            "ex_email": f"{ext.number}@example.org",
            "ex_webpassword": f"web-{secret_of(ext)}",
            "ex_2fa_param1": f"2fa-{secret_of(ext)}",
            "ex_lockpin": "4711",
            "ex_comment": None,
            "st_state": ext.lamp.value,
            "username": ext.username,
            "password": secret_of(ext),
        }

    def extension_state(self, asked: Asked) -> Reply:
        """The words for somebody who is not registered; in a call: INFERRED names."""
        ext = self._office.extensions.get(asked.get("ext").partition("-")[0])
        if ext is None or not ext.reachable:
            told: Object = {"UniqueID": "KO", "LinkedID": "Extension not registered"}
            return either(asked, told, "\r\n")
        leg = ext.legs[0] if ext.legs else None
        other = next((o for o in leg.call.live_legs() if o is not leg), None) if leg else None
        state: Object = {
            "UniqueID": self._channels.unique(leg) if leg else "",
            "LinkedID": self._channels.unique(leg.call.legs[0]) if leg else "",
            "Connected Line ID": other.party.number if other else "",
            "Extension": ext.number if leg else "",
            "OtherParty": other.party.number if other else "",
        }
        return either(asked, state, "\r\n")

    def outdialed(self, asked: Asked) -> Reply:
        """By a label of free text (CAPTURED); plain gives nothing."""
        calling = (ext for ext in self._office.building.extensions if ext.legs)
        states: dict[str, Json] = {
            self._hostile(ext.name, ext.serial): {"STATE": ext.lamp.value} for ext in calling
        }
        return (written(states) if states else empty("[]")) if asked.json else NOTHING

    # --- the rest ----------------------------------------------------------------------------

    def needs_id(self, asked: Asked) -> Reply:
        return NOTHING if asked.get("id") else sentence("No id specified", self._switches.newline)

    def voicemail_transcript(self, asked: Asked) -> Reply:
        return Reply(self.needs_id(asked).body, "text/plain")

    def call(self, asked: Asked) -> Reply:
        """Of an originated call: UNKNOWN, thinly so; without an id the real one hangs."""
        leg = self._channels.find(asked.get("id"))
        if leg is None:
            return NOTHING
        call = leg.call
        row = {
            "id": asked.get("id"),
            "state": call.state.value,
            "channel": self._channels.name(leg),
        }
        return either(asked, dict(row), "|".join(row.values()))

    def recording(self, asked: Asked) -> Reply:
        """A hit is MP3 (CAPTURED); here nothing is recorded, and a miss is 0 bytes of text/html."""
        return self.needs_id(asked) if not asked.get("id") else Reply(b"", "text/html")

    def dids(self, asked: Asked) -> Reply:
        """Numbers with their tenant's row, which holds credentials (CAPTURED)."""
        prefix = self._office.building.did_prefix.removeprefix("+")
        numbers = [(i, f"{prefix}{900 + i}") for i in range(3)]
        if asked.json:
            return written([doubled(_did(number, id_)) for id_, number in numbers])
        if asked.get("format"):
            return NOTHING
        tenant = self._office.tenant
        rows: Iterable[list[Json]] = (
            ["", "", number, tenant, "", "", "", "", "-1", "", ""] for _, number in numbers
        )
        return Reply(table(_DIDS, list(rows)).encode())

    def config(self, asked: Asked) -> Reply:
        limits: Object = {"maxchannels": "-1", "maxextensions": "-1", "maxdids": "-1"}
        return either(asked, limits, "-1|-1|-1|-1|-1|-1|-1")

    def flow(self, asked: Asked) -> Reply:
        """A bare word, in JSON too; without an id eleven letters (CAPTURED)."""
        wanted = asked.get("id")
        for flow in self._office.building.flows:
            if str(flow.id) == wanted:
                return Reply(flow.state.value.encode())
        return Reply(Lamp.UNAVAILABLE.value.encode())


def secret_of(extension: Extension) -> str:
    """The SIP password of an extension, which ``info=extensions`` shows to whoever asks."""
    return f"sip-secret-{extension.serial}"


def _did(number: str, id_: int) -> list[tuple[str, Json]]:
    return [
        ("di_id", str(id_ + 1)),
        ("di_number", number),
        ("di_country", "44"),
        ("di_area", ""),
        ("di_comment", ""),
        ("di_recording", "yes" if id_ == 0 else ""),
        ("di_fax", None),
        ("di_maxchannels", "-1"),
        ("te_id", "7"),
        ("te_recordingpassword", "recording-secret"),
    ]
