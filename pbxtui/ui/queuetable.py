"""The rows of the queues screen: queues, which open into who waits and who serves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from pbxtui.model import (
    Agent,
    AgentState,
    Caller,
    Certainty,
    Change,
    Direction,
    Key,
    Kind,
    LegState,
    Queue,
    Snapshot,
)
from pbxtui.service.parties import party
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.staff import NO_QUEUE, Staff
from pbxtui.ui.table import Child, Field, Table
from pbxtui.ui.widgets.columns import Cell, Column, Row

WARN_AFTER = 60.0
ALARM_AFTER = 120.0
"""Seconds of waiting from which a wait is drawn as a warning, and as an alarm."""

CALLER, AGENT, UNSHOWN = "caller:", "agent:", "unshown"
"""How the names of the rows inside a queue begin."""

UNSAID = "not shown"
LOOSE = "(no queue told)"
_NEVER = float("inf")


def callers_of(queue: Queue) -> Sequence[Caller]:
    """Who waits, longest first."""
    waiting = queue.callers or ()
    return sorted(
        waiting, key=lambda one: (_NEVER if one.joined is None else one.joined, one.position)
    )


def longest(queue: Queue) -> float | None:
    """When the one who waits longest came, in epoch seconds."""
    return min((one.joined for one in queue.callers or () if one.joined is not None), default=None)


def agent_name(agent: Agent) -> str:
    """An agent as one text: name, then extension."""
    named = agent.name or agent.id
    if agent.extension and agent.extension != named:
        return f"{named}  {agent.extension}"
    return named


class QueueTable(Table[Queue]):
    """Queues of all sites.

    ``make(site)`` is the site's make, ``call_number(key)`` the short number of a living call.
    Agents of whom their PBX names no queue stand under a row of their own.
    """

    kind = Kind.QUEUES
    noun = "queues"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("queue", "queue"),
        Field("site", "site", 9, 14, drop=7),
        Field("state", "state", 12, 16),
        Field("waiting", "waiting", 9, 20, right=True),
        Field("longest", "longest", 8, 8, right=True),
        Field("ready", "ready", 6, 8, right=True),
        Field("answered", "answered", 9, 9, drop=6, right=True),
        Field("abandoned", "abandoned", 10, 10, drop=5, right=True),
        Field("level", "SL", 5, 6, drop=4, right=True),
        Field("hold", "avg wait", 9, 9, drop=3, right=True),
        Field("talk", "avg talk", 9, 9, drop=1, right=True),
        Field("note", "note", 14, 22, drop=2),
    )
    filters = frozenset({"queue", "site", "state", "agent", "caller", "ext", "note"})
    flexible = 19

    def __init__(
        self,
        now: Callable[[str], float],
        looks: Looks,
        empty: Callable[[], str],
        make: Callable[[str], str],
        call_number: Callable[[Key], int | None],
    ) -> None:
        super().__init__(now, looks, empty)
        self.staff = Staff()
        self._make = make
        self._call_number = call_number

    def reset(self, snapshots: Iterable[Snapshot]) -> None:
        shots = tuple(snapshots)
        self.staff.reset(shots)
        super().reset(shots)
        for shot in shots:
            self._refresh(Key(shot.site, NO_QUEUE))

    def take(self, changes: Iterable[Change]) -> None:
        news = tuple(changes)
        touched = self.staff.take(news)
        super().take(news)
        for key in touched:
            self._refresh(key)

    def _refresh(self, key: Key) -> None:
        """Place a queue anew whose agents changed."""
        if key.id == NO_QUEUE:
            loose = Queue(key.site, NO_QUEUE, LOOSE) if self.staff.of(key) else None
            if loose is not None or key in self.things:
                self._take(key, loose)
        elif key in self.things:
            self._take(key, self.things[key])

    def caller_of(self, row: Row | None) -> Caller | None:
        """Who waits in the row."""
        if not isinstance(row, Child) or not row.child.startswith(CALLER):
            return None
        queue = self.things.get(row.of)
        id_ = row.child.removeprefix(CALLER)
        return next((one for one in (queue.callers or () if queue else ()) if one.id == id_), None)

    def agent_of(self, row: Row | None) -> Agent | None:
        """Who serves in the row."""
        if not isinstance(row, Child) or not row.child.startswith(AGENT):
            return None
        return self.staff.agents.get(Key(row.site, row.child.removeprefix(AGENT)))

    def children(self, thing: Queue) -> Sequence[str]:
        if thing.callers is None and thing.id != NO_QUEUE:
            callers = [UNSHOWN]
        else:
            callers = [CALLER + one.id for one in callers_of(thing)]
        return callers + [AGENT + agent.id for agent in self.staff.of(thing.key)]

    def ready(self, queue: Queue) -> tuple[int | None, int | None]:
        """How many agents can take a call, and of how many; None where it is not known."""
        states = [self.staff.state(agent, queue.id)[0] for agent in self.staff.of(queue.key)]
        if not states:
            return queue.available, queue.logged_in
        there = [state for state in states if state is not AgentState.LOGGED_OUT]
        return sum(state is AgentState.READY for state in states), len(there)

    def texts(self, thing: Queue) -> dict[str, str]:
        agents = self.staff.of(thing.key)
        states = " ".join(self.staff.state(agent, thing.id)[0].value for agent in agents)
        return {
            "queue": f"{thing.name} {thing.id}".lower(),
            "site": thing.site.lower(),
            "state": f"{'waiting ' if thing.callers else ''}{states}",
            "agent": " ".join(agent_name(agent) for agent in agents).lower(),
            "ext": " ".join(agent.extension for agent in agents).lower(),
            "caller": " ".join(str(one.party) for one in thing.callers or ()).lower(),
            "note": " ".join([thing.strategy, *(one.paused_reason for one in agents)]).lower(),
        }

    def place(self, key: Key, thing: Queue) -> object:
        return key.id == NO_QUEUE, self._rank(thing)

    def _rank(self, thing: Queue) -> object:
        match self.sort:
            case "site":
                return thing.site
            case "state":
                return not self._unmanned(thing)
            case "waiting":
                return -len(thing.callers) if thing.callers is not None else 1
            case "longest":
                since = longest(thing)
                return _NEVER if since is None else since
            case "ready":
                count, _ = self.ready(thing)
                return _NEVER if count is None else count
            case "answered" | "abandoned":
                count = getattr(thing, self.sort)
                return 1 if count is None else -count
            case "hold":
                return 1.0 if thing.hold_time is None else -thing.hold_time
            case "talk":
                return 1.0 if thing.talk_time is None else -thing.talk_time
            case "level":
                return _NEVER if thing.service_level is None else thing.service_level
            case "note":
                return thing.strategy.lower()
        return (thing.name or thing.id).lower()

    def tie(self, key: Key, thing: Queue) -> object:
        return (thing.name or thing.id).lower(), key.site, key.id

    def _unmanned(self, queue: Queue) -> bool:
        """Nobody can take a call, as far as the PBX tells."""
        count, of = self.ready(queue)
        return queue.id != NO_QUEUE and count == 0 and not (of and self._busy(queue))

    def _busy(self, queue: Queue) -> bool:
        """Whether somebody serves who is only busy just now."""
        busy = (AgentState.RINGING, AgentState.TALKING, AgentState.WRAPUP, AgentState.UNKNOWN)
        agents = self.staff.of(queue.key)
        return not agents or any(self.staff.state(one, queue.id)[0] in busy for one in agents)

    def _wait(self, site: str, since: float | None) -> Cell:
        """How long somebody waits; the longer, the louder."""
        if since is None:
            return "", self.style(Tone.PLAIN)
        waited = self.now(site) - since
        tone = Tone.PLAIN
        if waited >= WARN_AFTER:
            tone = Tone.ALARM if waited >= ALARM_AFTER else Tone.WARN
        sign = "! " if waited >= ALARM_AFTER else ""
        return f"{sign}{self.span(site, since)}", self.style(tone)

    def cell(self, column: str, key: Key, thing: Queue) -> Cell:
        plain, dim = self.style(Tone.PLAIN), self.style(Tone.DIM)
        loose = key.id == NO_QUEUE
        match column:
            case "queue":
                opener = self.looks.signs.opened if key in self.opened else self.looks.signs.closed
                name = self.style(Tone.DIM if loose else Tone.NAME)
                return f"{opener if self.children(thing) else ' '} {thing.name or thing.id}", name
            case "site":
                return key.site, dim
            case "state":
                if self._unmanned(thing):
                    tone = Tone.ALARM if thing.callers else Tone.WARN
                    return "! unmanned", self.style(tone)
            case "waiting" if not loose:
                return self._waiting(thing)
            case "longest":
                return self._wait(key.site, longest(thing))
            case "ready":
                count, of = self.ready(thing)
                text = "" if count is None else str(count) if of is None else f"{count}/{of}"
                return text, plain
            case "answered" | "abandoned":
                figure = getattr(thing, column)
                return ("" if figure is None else str(figure)), plain
            case "level":
                level = thing.service_level
                return ("" if level is None else f"{level:.0f} %"), plain
            case "hold":
                return self.span(key.site, thing.hold_time and 0.0, thing.hold_time), dim
            case "talk":
                return self.span(key.site, thing.talk_time and 0.0, thing.talk_time), dim
            case "note":
                return thing.strategy, dim
        return "", plain

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        """A column too narrow to name the make at least says that it shows nothing."""
        return [
            (UNSAID, style)
            if text.startswith(UNSAID) and len(text) > column.width
            else (text, style)
            for column, (text, style) in zip(columns, super().cells(row, columns), strict=False)
        ]

    def _waiting(self, queue: Queue) -> Cell:
        if queue.callers is None:
            return f"{UNSAID} by {self._make(queue.site)}", self.style(Tone.DIM)
        tone = Tone.PLAIN if queue.callers else Tone.DIM
        mark = "*" if queue.callers and queue.certainty is Certainty.INFERRED else ""
        return f"{len(queue.callers)}{mark}", self.style(tone)

    def child_cells(self, row: Child, columns: Sequence[Column], last: bool) -> Sequence[Cell]:
        branch = self.looks.signs.last if last else self.looks.signs.line
        caller, agent = self.caller_of(row), self.agent_of(row)
        if caller is not None:
            return [self._caller_cell(column.key, row, caller, branch) for column in columns]
        if agent is not None:
            return [self._agent_cell(column.key, row, agent, branch) for column in columns]
        if row.child == UNSHOWN:
            said = {
                "queue": f"{branch} who waits",
                "state": UNSAID,
                "note": f"by {self._make(row.site)}",
            }
            return [(said.get(column.key, ""), self.style(Tone.DIM)) for column in columns]
        return super().child_cells(row, columns, last)

    def _caller_cell(self, column: str, row: Child, caller: Caller, branch: str) -> Cell:
        plain = self.style(Tone.PLAIN)
        match column:
            case "queue":
                who = party(caller.party) or "unknown"
                return f"{branch} {caller.position}. {who}", plain
            case "state":
                text, tone = self.looks.leg(LegState.QUEUED, Certainty.SEEN, Direction.UNKNOWN)
                return text, self.style(tone)
            case "longest":
                return self._wait(row.site, caller.joined)
            case "note":
                number = self._call_number(Key(row.site, caller.call)) if caller.call else None
                return ("" if number is None else f"call #{number}"), self.style(Tone.DIM)
        return "", plain

    def _agent_cell(self, column: str, row: Child, agent: Agent, branch: str) -> Cell:
        state, certainty = self.staff.state(agent, row.parent)
        out = state is AgentState.LOGGED_OUT
        plain, dim = self.style(Tone.GONE if out else Tone.PLAIN), self.style(Tone.DIM)
        match column:
            case "queue":
                return f"{branch} {agent_name(agent)}", plain
            case "state":
                reason = agent.paused_reason if state is AgentState.PAUSED else ""
                text, tone = self.looks.agent(state, certainty, reason=reason)
                return text, self.style(tone)
            case "longest":
                return self.span(row.site, agent.since), dim
            case "answered":
                taken = agent.calls_taken
                return ("" if taken is None else str(taken)), dim
            case "note":
                return agent.paused_reason, self.style(Tone.WARN)
        return "", plain
