"""The hand of the operator: the dispatcher behind the screens, and what it has told so far."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pbxtui.config import Config
    from pbxtui.model import Thing, Verb
    from pbxtui.service import Fleet
    from pbxtui.service.acting import (
        Bulk,
        BulkTicket,
        Chosen,
        Dispatcher,
        Entry,
        Plan,
        Progress,
        Refusal,
        Ticket,
    )
    from pbxtui.service.acting.met import Met
    from pbxtui.service.recents import Recents
    from pbxtui.ui.acting.steps import Said, Sign
    from pbxtui.ui.looks import Tone

log = logging.getLogger(__name__)

KEPT = 500
"""Tickets of this session that are kept."""
OPENING = "the sites are still being opened: nothing can be done yet"
WORDS_LAST = 8.0
"""Seconds for which words about no action stay."""
UNFINISHED_LAST = 60.0
"""The same for what an earlier run left behind: it is said once only."""


def name_of(thing: Thing, leg: str = "") -> Hashable:
    """The name under which a row's mark is kept: of what kind it is, where, which, which leg."""
    return type(thing).__name__, thing.site, thing.id, leg


class Hand:
    """Acts through the dispatcher and keeps what became of it, for the rows and the footer.

    ``told`` is called whenever there is something else to say or to mark; ``clock`` gives epoch
    seconds. Until :meth:`open` has been through, and where the journal cannot be written,
    ``dispatcher`` is None and ``why_not`` says why. ``journal`` says what to press to see
    it, ``unlock`` what to press to be let through.
    """

    def __init__(
        self,
        told: Callable[[], None],
        clock: Callable[[], float],
        *,
        journal: Callable[[], str],
        unlock: Callable[[], str],
    ) -> None:
        self.dispatcher: Dispatcher | None = None
        self.recents: Recents | None = None
        self.met: Met | None = None
        self.why_not = OPENING
        self.tickets: deque[Ticket] = deque(maxlen=KEPT)
        """The tickets of this session, the oldest first."""
        self.clock = clock
        self._told = told
        self._way_to_journal = journal
        self._way_to_unlock = unlock
        self._steps: dict[Ticket, Progress] = {}
        self._shown: list[Ticket | BulkTicket] = []
        self._begun: dict[BulkTicket, float] = {}
        self._marks: dict[Hashable, list[Ticket]] = {}
        self._words: tuple[Said, float] | None = None

    # --- opening and closing -----------------------------------------------------------------

    async def open(self, fleet: Fleet, config: Callable[[], Config], folder: Path | None) -> None:
        """Open the dispatcher, beside the event loop; without a journal there is none."""
        from pbxtui.service.acting.audit import default_folder
        from pbxtui.service.acting.met import Met
        from pbxtui.service.recents import Recents

        place = folder or default_folder()
        later = partial(asyncio.get_running_loop().run_in_executor, None)
        try:
            dispatcher = await asyncio.to_thread(self._open, fleet, config, place)
            recents = await asyncio.to_thread(Recents, place / "recents.json", later=later)
        except Exception as error:
            log.warning("nothing can be acted on", exc_info=True)
            self.why_not = f"pbxtui only looks: {error}"
            self._told()
            return
        self.dispatcher, self.recents, self.met = dispatcher, recents, Met(fleet)
        self.why_not = ""
        dispatcher.rights.unlocked_with = self._way_to_unlock()
        dispatcher.subscribe(self._heard)
        self._told()
        self.say_unfinished(await dispatcher.unfinished())

    def _open(self, fleet: Fleet, config: Callable[[], Config], folder: Path) -> Dispatcher:
        from pbxtui.service.acting import open_dispatcher

        dispatcher = open_dispatcher(fleet, config(), folder=folder, clock=self.clock)
        dispatcher.journal.check()
        return dispatcher

    async def close(self) -> None:
        """Take back what was not sent, and write everything."""
        if self.dispatcher is not None:
            await self.dispatcher.close()

    # --- rights ------------------------------------------------------------------------------

    def words(self, profile: str, between: str) -> str:
        """Who uses this, and whether anything may be touched."""
        reception = profile == "reception"
        who, what = ("reception" if reception else "NOC"), ""
        if self.dispatcher is not None:
            locked = self.dispatcher.rights.locked
            what = "locked" if locked else "" if reception else "unlocked"
        elif self.why_not != OPENING:
            what = "looks only"
        elif not reception:
            what = "locked"
        return f"{who}{between}{what}" if what else who

    def forbids(self, verb: Verb, site: str) -> Refusal | None:
        """Why a verb may not be done at a site; None where it may."""
        from pbxtui.service.acting import Refusal, Why

        if self.dispatcher is None:
            return Refusal(Why.UNREADY, self.why_not)
        try:
            its = self.dispatcher.fleet.site(site)
        except KeyError:
            return None
        if its.backend is None:
            return Refusal(Why.UNREADY, f"{site} has not been opened yet: wait, or read it")
        return self.dispatcher.rights.check(verb, its.settings, its.backend.capabilities)

    # --- acting ------------------------------------------------------------------------------

    def send(self, plan: Plan, rows: Iterable[Hashable] = ()) -> Ticket:
        """Hand a plan over. ``rows`` are names under which it is marked beside its own."""
        assert self.dispatcher is not None
        ticket = self.dispatcher.send(plan)
        self._mark(ticket, rows)
        self._show(ticket)
        return ticket

    def send_bulk(self, bulk: Bulk) -> BulkTicket:
        """Hand a bulk over."""
        assert self.dispatcher is not None
        many = self.dispatcher.send_bulk(bulk)
        for ticket in many.tickets:
            self._mark(ticket, ())
        self._begun[many] = self.clock()
        self._show(many)
        return many

    def undo(self) -> bool:
        """Take back the last thing that was not sent yet; whether there was any."""
        if self.dispatcher is None:
            return False
        return any(self.dispatcher.undo(one) for one in reversed(self._shown))

    def records(self, chosen: Chosen, leg: str) -> bool:
        """Whether the last that was accepted here for a leg was to record it.

        No PBX shows whether it records.
        """
        from pbxtui.model import Record
        from pbxtui.ui.acting.steps import accepted

        for ticket in reversed(self.tickets):
            action = ticket.plan.action
            if not isinstance(action, Record) or not accepted(ticket):
                continue
            if (action.site, action.call, action.leg) == (chosen.site, chosen.thing.id, leg):
                return action.on
        return False

    def _mark(self, ticket: Ticket, rows: Iterable[Hashable]) -> None:
        if ticket.plan.refused is None:
            for name in {*rows, *_names(ticket.plan.chosen, ticket.plan.action)}:
                self._marks[name] = [*self._marks.get(name, ())[-1:], ticket]

    def _show(self, one: Ticket | BulkTicket) -> None:
        self.hush()
        self._shown.append(one)
        self._told()

    def hush(self) -> None:
        """Say no more why an earlier key did nothing: another one was pressed."""
        from pbxtui.service.acting import BulkTicket

        self._words = None
        self._shown = [
            one for one in self._shown if isinstance(one, BulkTicket) or one.sent or not one.over
        ]

    def _heard(self, progress: Progress) -> None:
        if progress.ticket not in self._steps:
            if len(self.tickets) == KEPT:
                self._steps.pop(self.tickets[0], None)
            self.tickets.append(progress.ticket)
        self._steps[progress.ticket] = progress
        self._told()

    # --- what is shown -----------------------------------------------------------------------

    def say(self, words: str, tone: Tone | None = None, *, seconds: float = WORDS_LAST) -> None:
        """Say something that is no step of an action, for so long or until the next such word."""
        from pbxtui.ui.acting.steps import Said
        from pbxtui.ui.looks import Tone

        self.hush()
        self._words = Said(words, tone or Tone.WARN), self.clock() + seconds
        self._told()

    def say_unfinished(self, left: Sequence[Entry]) -> None:
        """Say that an earlier run was ended before it knew what became of actions of it."""
        if not left:
            return
        entry = left[-1]
        more = f", and {len(left) - 1} more" if len(left) > 1 else ""
        self.say(
            f"an action of an earlier run has no known end: {entry.what or entry.verb} "
            f"({entry.site}, {entry.when[:19].replace('T', ' ')} UTC){more}; "
            f"{self._way_to_journal()} shows the journal",
            seconds=UNFINISHED_LAST,
        )

    def said(self, undo: str) -> Sequence[Said]:
        """What there is to say now, the newest last; what has been said long enough goes."""
        from pbxtui.service.acting import BulkTicket
        from pbxtui.ui.acting.steps import bulk_said, said

        now = self.clock()
        self._shown = [one for one in self._shown if not self._lapsed(one, now)]
        texts = [
            bulk_said(one, now, self._begun[one], undo)
            if isinstance(one, BulkTicket)
            else said(self._steps[one], now, undo)
            for one in self._shown
        ]
        if self._words is not None:
            words, until = self._words
            if now >= until:
                self._words = None
            else:
                texts.append(words)
        return texts

    def _lapsed(self, one: Ticket | BulkTicket, now: float) -> bool:
        from pbxtui.service.acting import BulkTicket
        from pbxtui.ui.acting.steps import lasts

        every = one.tickets if isinstance(one, BulkTicket) else (one,)
        return all(
            ticket.over and now - self._steps[ticket].at >= lasts(ticket)
            for ticket in every
            if ticket in self._steps
        )

    def mark(self, name: Hashable) -> Sign | None:
        """The sign of a row by its name; None for nearly all of them.

        What was never sent gives the sign back to what was done before it.
        """
        tickets = self._marks.get(name)
        if tickets is None:
            return None
        from pbxtui.ui.acting.steps import LASTS, SEEN, sign_of

        while tickets:
            ticket = tickets[-1]
            sign, last = sign_of(ticket), self._steps.get(ticket)
            lapsed = last is None or (ticket.over and self.clock() - last.at >= LASTS)
            if sign is not None and not (lapsed and sign is SEEN):
                return sign
            if ticket.sent:
                break
            tickets.pop()
        del self._marks[name]
        return None

    @property
    def talks(self) -> bool:
        """Whether there may be something to say."""
        return bool(self._shown) or self._words is not None

    @property
    def marked(self) -> bool:
        """Whether any row has a sign."""
        return bool(self._marks)


def _names(chosen: Chosen | None, action: object) -> Iterable[Hashable]:
    """The rows that an action is about: a call's, and that of the leg that is meant."""
    if chosen is None:
        return
    yield name_of(chosen.thing)
    leg = chosen.leg or getattr(action, "leg", "")
    if leg:
        yield name_of(chosen.thing, leg)
