"""Carries actions out: permission, the sentence, sent once, the journal, the effect.

Nothing is ever sent a second time, whatever happens. What was handed over lives in tasks of the
dispatcher's own, so that whoever waits for it may go away.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace

from pbxtui.backends.base import BackendError
from pbxtui.model import CAN, Action, Answered, Capability, Hangup, Outcome, Snapshot
from pbxtui.service.acting import entries
from pbxtui.service.acting.assumed import Assumed
from pbxtui.service.acting.audit import Journal, Mark
from pbxtui.service.acting.entries import Entry
from pbxtui.service.acting.expect import POLLS, Expectation, Observed, expect
from pbxtui.service.acting.permission import Rights
from pbxtui.service.acting.planning import Planner
from pbxtui.service.acting.plans import (
    STEP_OF,
    Bulk,
    BulkTicket,
    Plan,
    Progress,
    Step,
    Ticket,
    stops_a_bulk,
)
from pbxtui.service.acting.recheck import recheck
from pbxtui.service.acting.refusal import Refusal, Why
from pbxtui.service.acting.sending import LEFT_WORDS, UNSENT_WORDS, Sending
from pbxtui.service.acting.target import Chosen
from pbxtui.service.acting.turns import Turns, subject
from pbxtui.service.acting.watching import Watching
from pbxtui.service.files import at_once
from pbxtui.service.fleet import Fleet
from pbxtui.service.site import Site

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 5.0
"""Seconds between two readings that follow a ticket, at most."""
TAKEN_BACK = "taken back in time: nothing was sent"


class Dispatcher:
    """Everything that is done to the PBXs of a fleet goes through here.

    ``clock`` gives epoch seconds; ``sleep`` waits for the grace; ``polls`` full readings are waited
    for an effect.
    """

    def __init__(
        self,
        fleet: Fleet,
        rights: Rights,
        journal: Journal,
        assumed: Assumed | None = None,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        polls: int = POLLS,
    ) -> None:
        self.fleet = fleet
        self.rights = rights
        self.journal = journal
        self.assumed = assumed or Assumed(journal.folder / "assumed.json")
        self._clock = clock
        self._sleep = sleep
        self._planner = Planner(fleet, rights)
        self._sending = Sending(journal, clock)
        self._watching = Watching(polls, self._observed)
        self._turns = Turns()
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsent: dict[Ticket, asyncio.Event] = {}
        self._listeners: list[Callable[[Progress], None]] = []
        self._stop_hearing = fleet.subscribe(self._watching.heard)
        self.assumed.later = self._sending.later
        for site in fleet.sites:
            site.overlay = self.assumed.overlay(site.name)

    def subscribe(self, listener: Callable[[Progress], None]) -> Callable[[], None]:
        """Call ``listener`` at each step of each ticket; the answer ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return unsubscribe

    # --- planning ----------------------------------------------------------------------------

    def plan(self, action: Action, chosen: Chosen | None = None) -> Plan:
        """What would be sent, and the sentence; nothing is sent and nothing written.

        ``chosen`` is the row as it was at the key press; without it the action is for what the
        site shows now. Never raises.
        """
        return self._planner.plan(action, chosen)

    def bulk(self, plans: Iterable[Plan]) -> Bulk:
        """Several plans as one, with one sentence; those that are refused are left out."""
        return self._planner.bulk(plans)

    # --- sending -----------------------------------------------------------------------------

    def send(self, plan: Plan) -> Ticket:
        """Hand a plan over, once somebody has agreed to it; at once a ticket.

        A plan that is refused is handed over, too: the journal has it then. Must be called in the
        event loop.
        """
        ticket = self._ticket(plan)
        self._start(self._one(ticket))
        return ticket

    def send_bulk(self, bulk: Bulk) -> BulkTicket:
        """Hand a bulk over: one after the other, until one is refused or not confirmed.

        A row that is over or has changed before its turn is passed over.
        """
        tickets = BulkTicket(bulk, tuple(self._ticket(plan) for plan in bulk.plans))
        for plan in bulk.left_out:
            self._refuse(self._ticket(plan), plan.refused)
        self._start(self._several(tickets))
        return tickets

    def undo(self, ticket: Ticket | BulkTicket, words: str = TAKEN_BACK) -> bool:
        """Take back what has not been sent yet; whether there was anything to take back."""
        if isinstance(ticket, BulkTicket):
            undone = [self.undo(one, words) for one in ticket.tickets]
            return any(undone)
        if not ticket.can_be_undone:
            return False
        outcome = Outcome(Answered.REFUSED, words, self._clock())
        self._end(ticket, Mark.UNDONE, Step.UNDONE, outcome)
        return True

    async def follow(self, ticket: Ticket) -> Ticket:
        """Read the site until it is known what became of a ticket.

        For a site whose poll loops do not run, as on the command line.
        """
        await ticket.answered()
        expectation = ticket.expectation
        while not ticket.over and expectation is not None:
            site = self.fleet.site(ticket.plan.site)
            with contextlib.suppress(BackendError):
                await site.read(expectation.topic)
            if not ticket.over:
                await self._sleep(min(site.settings.poll.of(expectation.topic), _LONGEST_PAUSE))
        return ticket

    async def unfinished(self) -> list[Entry]:
        """What an earlier process was killed over, told once: each is closed in the journal."""
        return await asyncio.to_thread(entries.close_unfinished, self.journal)

    async def close(self, patience: float = 5.0) -> None:
        """Take back what was not sent, wait for the answers that are due, write everything.

        To be called before the fleet is stopped, which lets go of the connections. An answer that
        has not come after ``patience`` seconds is not confirmed.
        """
        for ticket in tuple(self._unsent):
            self.undo(ticket, UNSENT_WORDS)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._stop_hearing()
        for ticket in self._watching.forget():
            ticket.finish()
        self.assumed.later = at_once
        await self._sending.close()

    # --- one ticket --------------------------------------------------------------------------

    def _ticket(self, plan: Plan) -> Ticket:
        ticket = Ticket(plan, self.journal.begin(plan.action, plan.sentence))
        self._unsent[ticket] = asyncio.Event()
        self._tell(ticket, Step.PLANNED, plan.sentence)
        return ticket

    def _start(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _one(self, ticket: Ticket) -> None:
        async with self._turns.turn(subject(ticket.plan.action)):
            await self._grace(ticket.plan.grace, ticket)
            await self._carry_out(ticket)

    async def _several(self, bulk: BulkTicket) -> None:
        if bulk.tickets:
            await self._grace(bulk.bulk.grace, bulk.tickets[-1])
        for number, ticket in enumerate(bulk.tickets):
            async with self._turns.turn(subject(ticket.plan.action)):
                await self._carry_out(ticket)
            if stops_a_bulk(ticket):
                bulk.stopped = f"stopped after {number + 1} of {len(bulk.tickets)}: {ticket.words}"
                for later in bulk.tickets[number + 1 :]:
                    self.undo(later, f"nothing was sent: {bulk.stopped}")
                break

    async def _grace(self, seconds: float, ticket: Ticket) -> None:
        """Keep a ticket back for a while, or until it is taken back."""
        stop = self._unsent.get(ticket)
        if seconds <= 0 or stop is None or ticket.plan.refused is not None:
            return
        waits = [
            asyncio.ensure_future(self._sleep(seconds)),
            asyncio.ensure_future(stop.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _carry_out(self, ticket: Ticket) -> None:
        if ticket.over:
            return
        site = self._planner.site(ticket.plan.site)
        refused = ticket.plan.refused or self._why_not(ticket, site)
        if refused is not None or site is None:
            self._refuse(ticket, refused)
            return
        ticket.sent = True
        self._unsent.pop(ticket, None)
        await asyncio.shield(self._start(self._send(ticket, site)))

    def _why_not(self, ticket: Ticket, site: Site | None) -> Refusal | None:
        """Why a ticket must not be sent now: it may not, or its row is not what it was."""
        plan = ticket.plan
        try:
            refused = self._planner.forbidden(plan.action)
            if refused is None and site is not None:
                refused = recheck(plan.action, plan.chosen, site.snapshot)
        except Exception as error:
            log.exception("looking once more whether an action may be sent failed")
            words = f"nothing was sent: pbxtui itself failed ({type(error).__name__})"
            return Refusal(Why.UNREADY, words)
        return refused

    async def _send(self, ticket: Ticket, site: Site) -> None:
        action, before, left = ticket.plan.action, site.snapshot, False
        expectation = Expectation("")

        def leaving() -> Refusal | None:
            nonlocal before, left, expectation
            ticket.refusal = self._why_not(ticket, site)
            if ticket.refusal is None:
                before, left = site.snapshot, True
                capabilities = site.backend.capabilities if site.backend is not None else {}
                capability = capabilities.get(ticket.plan.verb, CAN)
                expectation = _expected(action, before, capability)
                if isinstance(action, Hangup) and not site.lists(action.call):
                    expectation = replace(expectation, seen=None)
                ticket.expectation = expectation
                self._tell(ticket, Step.SENT, f"sent to {site.name}")
            return ticket.refusal

        try:
            outcome, ticket.sent = await self._sending.send(ticket.line, action, site, leaving)
        except BaseException:
            answered = Answered.NOT_CONFIRMED if left else Answered.REFUSED
            words = LEFT_WORDS if left else UNSENT_WORDS
            ticket.outcome, ticket.sent = Outcome(answered, words, self._clock()), left
            ticket.finish()
            raise
        ticket.outcome = outcome
        accepted = outcome.answered is Answered.ACCEPTED
        said = "has accepted it" if accepted else "says nothing"
        self._tell(ticket, STEP_OF[outcome.answered], outcome.words or f"{site.name} {said}")
        if outcome.answered is Answered.REFUSED:
            ticket.finish()
            return
        if accepted:
            call = before.calls.get(getattr(action, "call", ""))
            self.assumed.accepted(
                action,
                call,
                site.now(),
                shown=expectation.shown,
                consults=expectation.consults,
            )
            site.reshape()
        self._watching.watch(ticket, site, expectation)

    # --- its end -----------------------------------------------------------------------------

    def _refuse(self, ticket: Ticket, refusal: Refusal | None) -> None:
        ticket.refusal = refusal
        words = str(refusal) if refusal is not None else UNSENT_WORDS
        outcome = Outcome(Answered.REFUSED, words, self._clock())
        self._end(ticket, Mark.REFUSED, Step.REFUSED, outcome)

    def _end(self, ticket: Ticket, mark: Mark, step: Step, outcome: Outcome) -> None:
        """End a ticket of which nothing was sent."""
        stop = self._unsent.pop(ticket, None)
        ticket.outcome = outcome
        self._sending.note(ticket.line, mark, outcome)
        ticket.finish()
        self._tell(ticket, step, outcome.words)
        if stop is not None:
            stop.set()

    def _observed(self, ticket: Ticket, observed: Observed, words: str) -> None:
        ticket.observed = observed
        self._sending.note(ticket.line, Mark.SEEN, ticket.outcome, observed)
        ticket.finish()
        self._tell(ticket, STEP_OF[observed], words)

    def _tell(self, ticket: Ticket, step: Step, words: str) -> None:
        ticket.move(step, words)
        progress = Progress(ticket, step, words, self._clock())
        for listener in tuple(self._listeners):
            try:
                listener(progress)
            except Exception:
                log.exception("whoever shows the steps of an action failed")


def _expected(action: Action, before: Snapshot, capability: Capability) -> Expectation:
    """What should be seen; where that cannot be said, the action goes out all the same."""
    try:
        return expect(action, before, capability)
    except Exception:
        log.exception("what “%s” should bring about cannot be said", action.verb)
        return Expectation("it was done")
