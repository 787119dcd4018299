"""Queues and their agents, of INFO queues, queue and agents.

Newer servers also have INFO queuecallers, for who waits in a queue by its id (DOCUMENTED in HELP).
What it answers is UNKNOWN, so that who waits is known from the channels, on older servers too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pbxtui.backends.mirta.directory import Directory
from pbxtui.backends.mirta.times import number as a_number
from pbxtui.backends.mirta.times import span, whole
from pbxtui.backends.mirta.wire import text_of
from pbxtui.model import Agent, AgentState, Caller, Certainty, Queue, clean

_BUSY = frozenset({"INUSE", "BUSY", "ONHOLD", "RINGINUSE"})
_GONE = frozenset({"UNAVAILABLE", "INVALID"})
_JITTER = 2.5


def queue_of(
    site: str,
    id_: str,
    name: str,
    figures: Mapping[str, str],
    callers: Sequence[Caller] | None,
) -> Queue:
    """A queue of its name, its figures (23 names, CAPTURED; formats UNKNOWN) and its callers.

    CALLSINQUEUE counts the callers; who they are is inferred from the channels. Where it counts
    more than are known, the others are there without a name.
    """
    count = whole(figures.get("CALLSINQUEUE", ""))
    waiting = None if callers is None and count != 0 else tuple(callers or ())
    if waiting is not None and count is not None and len(waiting) < count <= 10_000:
        nameless = range(len(waiting) + 1, count + 1)
        waiting += tuple(Caller(f"{id_} #{position}", position) for position in nameless)
    return Queue(
        site,
        id_,
        name,
        Certainty.INFERRED if waiting else Certainty.SEEN,
        waiting,
        whole(figures.get("AGENTSFREE", "")),
        whole(figures.get("AGENTSONLINE", "")),
        whole(figures.get("ANSWEREDCALLS", "")),
        whole(figures.get("ABANDONEDCALLS", "")),
        span(figures.get("AVERAGEHOLDTIME", "")),
        span(figures.get("AVERAGETALKTIME", "")),
        a_number(figures.get("SERVICELEVEL", "")),
    )


@dataclass(frozen=True, slots=True)
class Member:
    """One agent in one queue: the sparse record of INFO agents.

    Keys: 0 calls taken, 1 ``paused`` or ``available`` or absent, 2 the device's state or null, 3
    seconds in a call, absent when idle (0 to 3 INFERRED, as a client in production reads them).
    """

    extension: str
    taken: int | None
    paused: bool | None
    device: str | None
    seconds: int | None


def member_of(outer: str, record: object, directory: Directory) -> Member:
    """A record; ``outer`` is its key, a username or a bare extension.

    Raises ``ValueError`` for what is no record.
    """
    if not isinstance(record, dict):
        raise ValueError("an object was expected, something else came")
    word = text_of(record.get("1")).strip().lower()
    device = record.get("2")
    outer = clean(outer)
    return Member(
        directory.extension(outer) or outer,
        whole(text_of(record.get("0"))),
        None if not word else word == "paused",
        None if device is None else text_of(device).strip().upper(),
        whole(text_of(record.get("3"))),
    )


class AgentBook:
    """The agents of one site from reading to reading."""

    def __init__(self, site: str, directory: Directory) -> None:
        self._site = site
        self._directory = directory
        self._before: dict[str, Agent] = {}

    def take(self, members: Mapping[str, Sequence[Member]], now: float) -> dict[str, Agent]:
        """The agents of all queues, by username; ``members`` are those of each queue, by its id.

        Who was seen before and serves no queue any more is logged out (inferred): MiRTA does not
        list those who are.
        """
        served: dict[str, dict[str, Member]] = {}
        for queue, those in members.items():
            for member in those:
                served.setdefault(member.extension, {})[queue] = member
        agents: dict[str, Agent] = {}
        for extension, by_queue in served.items():
            agent = self._agent(extension, by_queue, now)
            agents[agent.id] = agent
        for id_, agent in self._before.items():
            if id_ not in agents:
                agents[id_] = _logged_out(agent, now)
        self._before = agents
        return agents

    def agent(self, id_: str) -> Agent | None:
        return self._before.get(id_)

    def _agent(self, extension: str, by_queue: Mapping[str, Member], now: float) -> Agent:
        directory = self._directory
        own = next(iter(by_queue.values()))
        id_ = directory.username(extension) if _is_own(extension, directory) else extension
        paused_in = tuple(queue for queue, member in by_queue.items() if member.paused)
        state, certainty = _state(own, all_paused=len(paused_in) == len(by_queue))
        before = self._before.get(id_)
        since = None
        if state is AgentState.TALKING and own.seconds is not None:
            since = now - own.seconds
        elif before is not None and before.state is not state:
            since = now
        if before is not None and before.state is state:
            kept = before.since
            close = since is None or kept is None or abs(kept - since) <= _JITTER
            since = kept if close and kept is not None else since
        taken = [member.taken for member in by_queue.values() if member.taken is not None]
        return Agent(
            self._site,
            id_,
            state,
            certainty,
            directory.name(extension),
            extension,
            tuple(by_queue),
            paused_in,
            "",
            since,
            sum(taken) if taken else None,
        )


def _is_own(extension: str, directory: Directory) -> bool:
    return extension in directory.extensions or bool(directory.extension(extension))


def _state(member: Member, *, all_paused: bool) -> tuple[AgentState, Certainty]:
    """What an agent does: in a call by the device, then paused, then by the device again."""
    certainty = Certainty.SEEN if member.paused is not None else Certainty.INFERRED
    device = member.device
    if device == "RINGING":
        return AgentState.RINGING, Certainty.SEEN
    if device in _BUSY:
        return AgentState.TALKING, Certainty.SEEN
    if all_paused:
        return AgentState.PAUSED, certainty
    if device is None:
        return AgentState.UNREACHABLE, Certainty.INFERRED
    if device in _GONE:
        return AgentState.UNREACHABLE, Certainty.SEEN
    if device == "NOT_INUSE":
        return AgentState.READY, certainty
    return AgentState.UNKNOWN, Certainty.INFERRED


def _logged_out(agent: Agent, now: float) -> Agent:
    if agent.state is AgentState.LOGGED_OUT:
        return agent
    return replace(
        agent,
        state=AgentState.LOGGED_OUT,
        certainty=Certainty.INFERRED,
        paused_in=(),
        since=now,
    )
