"""What MiRTA remembers of calls that are over: cdrs, simplecdrs and queuelogs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from pbxtui.simulator.mirta.channels import Channels
from pbxtui.simulator.mirta.door import Asked
from pbxtui.simulator.mirta.replies import (
    NOTHING,
    Json,
    Object,
    Reply,
    doubled,
    doubled_plain,
    empty,
    wall,
    written,
)
from pbxtui.simulator.mirta.switches import MirtaSwitches
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Call, Direction, Queue, Reason

_DIRECTIONS = {Direction.INBOUND: "IN", Direction.OUTBOUND: "OUT", Direction.INTERNAL: "LOCAL"}
_DISPOSITIONS = {Reason.BUSY: "BUSY", Reason.FAILED: "FAILED"}


@dataclass(frozen=True, slots=True)
class Over:
    """A call that is over. Times are epoch seconds."""

    unique: str
    direction: Direction
    caller: tuple[str, str]
    dialled: str
    last: str
    """Where it ended: 203-ACME, or a number."""
    disposition: str
    started: float
    answered: float
    ended: float
    queue: Queue | None


class History:
    """The last five hundred calls that ended while somebody asked."""

    def __init__(
        self,
        office: Office,
        switches: MirtaSwitches,
        channels: Channels,
        hostile: Callable[[str, int], str],
    ) -> None:
        self._office = office
        self._switches = switches
        self._channels = channels
        self._hostile = hostile
        self._kept: deque[Over] = deque(maxlen=500)
        self._noted: dict[str, None] = {}

    def observe(self) -> None:
        """Note what is over and still to be seen."""
        for call in self._office.calls.values():
            if not call.alive and call.id not in self._noted:
                self._noted[call.id] = None
                self._kept.append(self._over(call))
        if len(self._noted) > 5_000:
            self._noted = dict.fromkeys(list(self._noted)[2_500:])

    def _over(self, call: Call) -> Over:
        leg = call.legs[0] if call.legs else None
        numbered = self._channels.number
        answered = bool(call.answered)
        disposition = "ANSWERED" if answered else _DISPOSITIONS.get(call.reason, "NO ANSWER")
        extension = self._office.extensions.get(call.callee.number)
        return Over(
            self._channels.unique(leg) if leg else call.id,
            call.direction,
            (numbered(call.caller.number), call.caller.name),
            numbered(call.did or call.callee.number),
            extension.username if extension else numbered(call.callee.number),
            disposition,
            call.started,
            call.answered,
            call.ended,
            call.queue,
        )

    def _matching(self, asked: Asked) -> list[Over]:
        """Those within ``start`` and ``end`` (the text's own order), of one call or phone."""
        start, end = asked.get("start") or "0", asked.get("end") or "9"
        unique, phone = asked.get("uniqueid") or asked.get("id"), asked.get("phone")
        found = []
        for over in self._kept:
            began = wall(over.started, self._switches)
            concerned = (over.caller[0], over.dialled, over.last.partition("-")[0])
            if (
                start <= began <= end
                and unique in ("", over.unique)
                and (not phone or any(number in concerned for number in phone.split(",")))
            ):
                found.append(over)
        return found

    # --- answers -----------------------------------------------------------------------------

    def simple(self, asked: Asked) -> Reply:
        """Eleven columns doubled; no match: 0 bytes (CAPTURED)."""
        rows = [self._simple(over) for over in self._matching(asked)]
        if not rows:
            return NOTHING
        if asked.json:
            return written([doubled(row) for row in rows])
        if asked.get("format").lower() == "csv":
            return _csv(rows)
        return Reply("".join(map(doubled_plain, rows)).encode())

    def _simple(self, over: Over) -> list[tuple[str, Json]]:
        return [
            ("sc_te_id", "7"),
            ("tenantcode", self._office.tenant),
            ("sc_start", wall(over.started, self._switches)),
            ("sc_direction", _DIRECTIONS[over.direction]),
            ("sc_calleridnum", over.caller[0]),
            ("sc_calleridname", self._hostile(over.caller[1], int(over.started))),
            ("sc_dialednum", over.dialled),
            ("sc_disposition", over.disposition),
            ("sc_duration", str(int(over.ended - over.started))),
            ("sc_uniqueid", over.unique),
            ("sc_whoanswered", over.last if over.answered else ""),
        ]

    def cdrs(self, asked: Asked) -> Reply:
        """Named columns as on one host; empty is ``]`` (CAPTURED)."""
        rows = [self._cdr(over) for over in self._matching(asked)]
        form = asked.get("format").lower()
        if form == "csv":
            return _csv(rows) if rows else NOTHING
        if form == "xml":
            return NOTHING
        if not rows:
            return empty("]")
        if self._switches.cdrs == "broken" or not asked.json:
            return Reply(b"".join(b"{" + str(dict(row)).encode() + b"}" for row in rows) + b"]")
        return written([dict(row) for row in rows])

    def _cdr(self, over: Over) -> list[tuple[str, Json]]:
        wide = {"IN": "[inbound]", "OUT": "[outbound]", "LOCAL": "[local]"}
        name = self._hostile(over.caller[1], int(over.started))
        never = "0000-00-00 00:00:00"
        return [
            ("clid", f'"{name}" <{over.caller[0]}>'),
            ("src", over.caller[0]),
            ("dst", over.dialled),
            ("realsrc", over.caller[0]),
            ("firstdst", over.dialled),
            ("lastdst", over.last),
            ("start", wall(over.started, self._switches)),
            ("answer", wall(over.answered, self._switches) or never),
            ("end", wall(over.ended, self._switches)),
            ("duration", str(int(over.ended - over.started))),
            ("billsec", str(int(over.ended - over.answered) if over.answered else 0)),
            ("disposition", over.disposition),
            ("lastapp", "Queue" if over.queue else "Dial"),
            ("userfield", wide[_DIRECTIONS[over.direction]]),
            ("uniqueid", over.unique),
        ]

    def queue_logs(self, asked: Asked) -> Reply:
        """Nine columns and the agent's own, doubled; empty is ``]`` (CAPTURED)."""
        queue = asked.get("queue")
        rows = [
            self._log(over, over.queue)
            for over in self._matching(asked)
            if over.queue is not None and queue in ("", str(over.queue.id))
        ]
        if not rows:
            return empty("]")
        if asked.get("format").lower() == "csv":
            return _csv(rows)
        return written([doubled(row) for row in rows])

    def _log(self, over: Over, queue: Queue) -> list[tuple[str, Json]]:
        taken = bool(over.answered)
        held = (over.answered or over.ended) - over.started
        row: list[tuple[str, Json]] = [
            ("time", wall(over.ended, self._switches)),
            ("qu_name", self._hostile(queue.name, queue.id)),
            ("callerid", over.caller[0]),
            ("disposition", "COMPLETEAGENT" if taken else "ABANDONED"),
            ("agent", over.last if taken else None),
            ("holdtime", str(int(held))),
            ("calltime", str(int(over.ended - over.answered)) if taken else None),
            ("origpos", "1"),
            ("callid", over.unique),
        ]
        secrets: Object = {"ex_number": over.last.partition("-")[0], "ex_webpassword": "web-secret"}
        return row + [(name, value if taken else None) for name, value in secrets.items()]


def _csv(rows: list[list[tuple[str, Json]]]) -> Reply:
    lines = [",".join(name for name, _ in rows[0])]
    lines += [",".join("" if v is None else f'"{v}"' for _, v in row) for row in rows]
    return Reply(("\n".join(lines) + "\n").encode())
