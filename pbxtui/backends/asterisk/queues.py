"""Queues with who waits in them, and their members made into agents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.directory import Directory
from pbxtui.backends.asterisk.wire import EntryRow, MemberRow, QueueRow
from pbxtui.model import Agent, AgentState, Caller, Certainty, Queue

_UNKNOWN, _FREE, _INVALID, _UNAVAILABLE = 0, 1, 4, 5
_BUSY = frozenset({2, 3, 8})
_RINGING = frozenset({6, 7})
_MEMBER_EVENTS = frozenset({"QueueMemberStatus", "QueueMemberPause", "QueueMemberAdded"})


@dataclass(slots=True)
class _Entry:
    row: EntryRow
    joined: float | None
    raw: bytes


class QueueBook:
    """The queues of one site, their members and their waiting callers."""

    def __init__(self, site: str, directory: Directory) -> None:
        self._site = site
        self._directory = directory
        self._queues: dict[str, QueueRow] = {}
        self._members: dict[tuple[str, str], MemberRow] = {}
        self._entries: dict[str, _Entry] = {}
        self._raw: dict[str, list[bytes]] = {}
        self._states: dict[str, tuple[AgentState, float | None]] = {}

    def take_list(self, messages: Iterable[Message], now: float) -> None:
        """Take the rows of QueueStatus."""
        before, self._entries = self._entries, {}
        self._queues.clear()
        self._members.clear()
        self._raw.clear()
        for message in messages:
            if message.event == "QueueParams":
                queue = QueueRow.read(message)
                if queue is not None:
                    self._queues[queue.name] = queue
                    self._keep(queue.name, message)
            elif message.event == "QueueMember":
                self._take_member(message)
            elif message.event == "QueueEntry":
                entry = EntryRow.read(message)
                if entry is not None:
                    known = before.get(entry.uniqueid)
                    wait = 0 if entry.wait is None else entry.wait
                    joined = known.joined if known is not None else now - wait
                    self._entries[entry.uniqueid] = _Entry(entry, joined, message.raw)
                    self._keep(entry.queue, message)

    def take_event(self, message: Message, now: float) -> bool:
        """Apply one event; whether it changed anything."""
        event = message.event
        if event in _MEMBER_EVENTS:
            return self._take_member(message)
        if event == "QueueMemberRemoved":
            member = MemberRow.read(message)
            return member is not None and (
                self._members.pop((member.queue, member.interface), None) is not None
            )
        if event == "QueueCallerJoin":
            entry = EntryRow.read(message)
            if entry is not None:
                self._entries[entry.uniqueid] = _Entry(entry, now, message.raw)
            return entry is not None
        if event in ("QueueCallerLeave", "QueueCallerAbandon", "Hangup"):
            return self._leave(message["Uniqueid"])
        return False

    def waiting(self) -> list[EntryRow]:
        """Who waits, in all queues."""
        return [entry.row for entry in self._entries.values()]

    def queues(self, calls: Mapping[str, str]) -> dict[str, Queue]:
        """The queues. ``calls`` names the call of each channel."""
        return {name: self._queue(row, calls) for name, row in sorted(self._queues.items())}

    def agents(self, now: float) -> dict[str, Agent]:
        """The members, each once, however many queues they serve."""
        memberships: dict[str, list[MemberRow]] = {}
        for member in self._members.values():
            memberships.setdefault(member.interface, []).append(member)
        return {
            interface: self._agent(interface, rows, now)
            for interface, rows in sorted(memberships.items())
        }

    def memberships(self, agent: str) -> list[MemberRow]:
        """The memberships of an agent, by its interface, else by its extension."""
        rows = sorted(self._members.values(), key=lambda row: row.queue)
        named = [row for row in rows if row.interface == agent]
        if named:
            return named
        found = [row for row in rows if self._directory.extension(row.device) == agent != ""]
        return found if len({row.interface for row in found}) == 1 else []

    def raw(self, id: str) -> list[bytes]:
        """What came for a queue or for an agent."""
        return self._raw.get(id, [])

    def _take_member(self, message: Message) -> bool:
        member = MemberRow.read(message)
        if member is None:
            return False
        self._keep(member.interface, message, member.queue)
        before = self._members.get((member.queue, member.interface))
        self._members[member.queue, member.interface] = member
        return before != member

    def _keep(self, id: str, message: Message, queue: str = "") -> None:
        kept = self._raw.setdefault(id, [])
        if queue:
            mark = f"Queue: {queue}\r\n".encode()
            kept[:] = [raw for raw in kept if mark not in raw]
        kept.append(message.raw)

    def _leave(self, uniqueid: str) -> bool:
        gone = self._entries.pop(uniqueid, None)
        if gone is None:
            return False
        for entry in self._entries.values():
            if entry.row.queue == gone.row.queue and entry.row.position > gone.row.position:
                entry.row = replace(entry.row, position=entry.row.position - 1)
        return True

    def _queue(self, row: QueueRow, calls: Mapping[str, str]) -> Queue:
        members = [member for member in self._members.values() if member.queue == row.name]
        entries = [entry for entry in self._entries.values() if entry.row.queue == row.name]
        entries.sort(key=lambda entry: entry.row.position)
        callers = tuple(
            Caller(
                entry.row.uniqueid,
                entry.row.position,
                entry.row.party,
                entry.joined,
                calls.get(entry.row.uniqueid, entry.row.uniqueid),
            )
            for entry in entries
        )
        return Queue(
            self._site,
            row.name,
            row.name,
            Certainty.SEEN,
            callers,
            sum(not m.paused and m.status in (_UNKNOWN, _FREE) for m in members),
            sum(m.status not in (_INVALID, _UNAVAILABLE) for m in members),
            row.completed,
            row.abandoned,
            row.hold_time,
            row.talk_time,
            row.service_level,
            row.strategy,
        )

    def _agent(self, interface: str, rows: Sequence[MemberRow], now: float) -> Agent:
        state, certainty = _state(rows, now)
        paused = [row for row in rows if row.paused]
        extension = self._directory.extension(rows[0].device)
        if state is AgentState.PAUSED:
            since = max((row.last_pause for row in paused if row.last_pause), default=None)
            self._states[interface] = (state, since)
        else:
            since = self._date(interface, state, now)
        calls = [row.calls_taken for row in rows if row.calls_taken is not None]
        return Agent(
            self._site,
            interface,
            state,
            certainty,
            rows[0].name,
            extension,
            tuple(sorted(row.queue for row in rows)),
            tuple(sorted(row.queue for row in paused)),
            next((row.reason for row in paused if row.reason), ""),
            since,
            sum(calls) if calls else None,
            max((row.last_call for row in rows if row.last_call), default=None),
        )

    def _date(self, interface: str, state: AgentState, now: float) -> float | None:
        before = self._states.get(interface)
        if before is None:
            self._states[interface] = (state, None)
            return None
        if before[0] is not state:
            self._states[interface] = (state, now)
            return now
        return before[1]


def _state(rows: Sequence[MemberRow], now: float) -> tuple[AgentState, Certainty]:
    """What an agent does. The phone tells before the pause, and the pause before the rest.

    Wrap-up is INFERRED from the last call and the member's own wrap-up time; that of the queue is
    not on the wire.
    """
    status = max((row.status for row in rows), default=_UNKNOWN)
    if any(row.in_call for row in rows) or any(row.status in _BUSY for row in rows):
        return AgentState.TALKING, Certainty.SEEN
    if any(row.status in _RINGING for row in rows):
        return AgentState.RINGING, Certainty.SEEN
    if all(row.paused for row in rows):
        return AgentState.PAUSED, Certainty.SEEN
    if status in (_INVALID, _UNAVAILABLE):
        return AgentState.UNREACHABLE, Certainty.SEEN
    if any(row.last_call and row.wrapup and now - row.last_call < row.wrapup for row in rows):
        return AgentState.WRAPUP, Certainty.INFERRED
    if status == _FREE:
        return AgentState.READY, Certainty.SEEN
    return AgentState.UNKNOWN, Certainty.SEEN
