"""The queues screen: who waits, and who serves, at every site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from pbxtui.model import Agent, AgentState, Key, Kind, Queue
from pbxtui.service.parties import party
from pbxtui.ui import spell
from pbxtui.ui.details import NOTHING, Texts, caller_details, thing_details
from pbxtui.ui.queuetable import AGENT, CALLER, UNSHOWN, QueueTable, agent_name, callers_of
from pbxtui.ui.screens.view import View
from pbxtui.ui.staff import NO_QUEUE
from pbxtui.ui.table import Child
from pbxtui.ui.widgets.columns import Row

if TYPE_CHECKING:
    from pbxtui.service.acting import Chosen, Refusal


class QueuesScreen(View):
    """Rows of queues that open into their callers and agents, over all sites."""

    filter_help = "filter: words, agent:anna, state:paused, site:hq, !not"

    @property
    def table(self) -> QueueTable:
        return cast("QueueTable", self._table)

    def build_table(self) -> QueueTable:
        return QueueTable(self.now, self.looks, self.why_empty, self._make, self._call_number)

    def raw_of(self, row: Key | Child) -> tuple[Kind, str]:
        if isinstance(row, Child) and row.child.startswith(AGENT):
            return Kind.AGENTS, row.child.removeprefix(AGENT)
        return super().raw_of(row)

    def details(self, row: Row) -> tuple[str, Callable[[], Sequence[tuple[str, ...]]]]:
        if self.fleet is None or not isinstance(row, Key | Child):
            raise ValueError(f"no queue stands in {row!r}")
        key = row.of if isinstance(row, Child) else row
        queue = self.table.things.get(key)
        name = (queue.name if queue is not None else "") or key.id
        if isinstance(row, Child) and row.child.startswith(AGENT):
            agent = self.table.agent_of(row)
            who = agent_name(agent) if agent is not None else row.child.removeprefix(AGENT)
            return f"agent {who} of {name} at {row.site}", lambda: self._agent_rows(row)
        if isinstance(row, Child) and row.child.startswith(CALLER):
            return f"caller in {name} at {row.site}", lambda: self._caller_rows(row)
        return f"queue {name} at {row.site}", lambda: self._queue_rows(key)

    def _queue_rows(self, key: Key) -> Sequence[Texts]:
        queue = self.table.things.get(key)
        if queue is None or self.fleet is None:
            return ()
        rows: list[Texts] = []
        if key.id != NO_QUEUE:
            site = self.fleet.site(key.site)
            rows += thing_details(site, Kind.QUEUES, queue, self.pbx.zone)
            rows += self._waiting_rows(queue)
        rows += [NOTHING] if rows else []
        rows += [self._serving_row(agent, queue) for agent in self.table.staff.of(key)]
        return rows

    def _waiting_rows(self, queue: Queue) -> Sequence[Texts]:
        if queue.callers is None:
            make = self._make(queue.site)
            return [NOTHING, ("who waits", f"not shown by {make}", "", "", "")]
        how = queue.certainty.value
        rows = [NOTHING] if queue.callers else []
        for caller in callers_of(queue):
            waits = self.table.span(queue.site, caller.joined)
            who = party(caller.party) or "unknown"
            waited = f"waits {waits}" if waits else ""
            rows.append((f"caller {caller.position}", who, how, waited, ""))
        return rows

    def _serving_row(self, agent: Agent, queue: Queue) -> Texts:
        state, certainty = self.table.staff.state(agent, queue.id)
        words = [state.value.replace("_", " ")]
        if agent.paused_reason and state is AgentState.PAUSED:
            words.append(f"({agent.paused_reason})")
        if agent.since is not None and state is agent.state:
            words.append(self.table.span(agent.site, agent.since))
        facts = [f"extension {agent.extension}"] if agent.extension else []
        if agent.calls_taken is not None:
            facts.append(f"{spell.count(agent.calls_taken)} calls taken")
        name = agent.name or agent.extension or agent.id
        return name, " ".join(words), certainty.value, ", ".join(facts), ""

    def _agent_rows(self, row: Child) -> Sequence[Texts]:
        agent = self.table.agent_of(row)
        if agent is None or self.fleet is None:
            return ()
        site = self.fleet.site(row.site)
        rows = thing_details(site, Kind.AGENTS, agent, self.pbx.zone)
        state, certainty = self.table.staff.state(agent, row.parent)
        if state is not agent.state:
            why = "ready, and every phone with the extension is off"
            if state is AgentState.PAUSED:
                why = "paused in this queue"
            rows.append(("here", state.value, certainty.value, why, ""))
        return rows

    def _caller_rows(self, row: Child) -> Sequence[Texts]:
        caller = self.table.caller_of(row)
        if caller is None or self.fleet is None:
            return ()
        return caller_details(self.fleet.site(row.site), caller, self.pbx.zone)

    def chosen(self, row: Row) -> Chosen | Refusal | None:
        from pbxtui.service.acting import Chosen, Refusal, Why, caller

        if not isinstance(row, Child):
            return super().chosen(row)
        agent, waiting = self.table.agent_of(row), self.table.caller_of(row)
        queue = self.table.thing_of(row)
        if agent is not None:
            return Chosen(agent)
        if waiting is not None and queue is not None and self.fleet is not None:
            return caller(queue, waiting, self.fleet.site(row.site).snapshot)
        if row.child == UNSHOWN:
            return Refusal(Why.UNSUITED, f"{self._make(row.site)} does not show who waits")
        return None

    def pause_shown(self, row: Row) -> bool:
        agent = self.table.agent_of(row)
        if agent is None or not isinstance(row, Child):
            return False
        return self.table.staff.state(agent, row.parent)[0] is AgentState.PAUSED

    def _make(self, site: str) -> str:
        return self.fleet.site(site).kind if self.fleet is not None else "this PBX"

    def _call_number(self, key: Key) -> int | None:
        """The short number of a call, where it is one that is seen."""
        if self.fleet is None or key.id not in self.fleet.site(key.site).snapshot.calls:
            return None
        return self.fleet.number(key)
