"""An action on its way: the plan, the ticket of what was sent, and its steps."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pbxtui.model import Action, Answered, Outcome, Verb
from pbxtui.service.acting.audit import Line
from pbxtui.service.acting.expect import Expectation, Observed
from pbxtui.service.acting.permission import verb_of
from pbxtui.service.acting.refusal import Refusal, Why
from pbxtui.service.acting.target import Chosen

IRREVERSIBLE = frozenset({Verb.HANGUP, Verb.UNREGISTER, Verb.REBOOT})
"""What cannot be taken back: it asks, and is kept back for the grace."""

NAMED = frozenset({Verb.UNREGISTER, Verb.REBOOT})
"""What wants the name typed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An action before it is sent.

    ``sentence`` says who will hear what; each of ``warnings`` is a sentence, too; ``note`` is what
    should be known of this PBX. ``needs_yes`` is whether somebody must agree first (the usual
    answer is no), ``name`` what must be typed for it, if not empty. ``refused`` says why it will
    not be sent. ``chosen`` is the row as it was at the key press; ``grace`` is for how
    many seconds it is kept back, so that it can be undone.
    """

    action: Action
    sentence: str
    warnings: tuple[str, ...] = ()
    note: str = ""
    needs_yes: bool = False
    name: str = ""
    refused: Refusal | None = None
    chosen: Chosen | None = None
    grace: float = 0.0

    @property
    def verb(self) -> Verb:
        return verb_of(self.action)

    @property
    def site(self) -> str:
        return self.action.site


class Step(StrEnum):
    """How far an action is."""

    PLANNED = "planned"
    """Not yet sent: it can be undone."""
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """By the PBX, or, where :attr:`Ticket.sent` is False, before anything was sent."""
    NOT_CONFIRMED = "not_confirmed"
    OBSERVED = "observed"
    NOT_OBSERVED = "not_observed"
    NOT_OBSERVABLE = "not_observable"
    UNDONE = "undone"


STEP_OF: Mapping[Answered | Observed, Step] = {
    Answered.ACCEPTED: Step.ACCEPTED,
    Answered.REFUSED: Step.REFUSED,
    Answered.NOT_CONFIRMED: Step.NOT_CONFIRMED,
    Observed.OBSERVED: Step.OBSERVED,
    Observed.NOT_OBSERVED: Step.NOT_OBSERVED,
    Observed.NOT_OBSERVABLE: Step.NOT_OBSERVABLE,
}
_ANSWERS = frozenset({Step.ACCEPTED, Step.REFUSED, Step.NOT_CONFIRMED, Step.UNDONE})


@dataclass(eq=False)
class Ticket:
    """One action that was handed to the dispatcher, which alone changes it.

    ``step`` is where it is, ``words`` the sentence that goes with the step. ``outcome`` is the
    PBX's answer, or says why nothing was sent; ``observed`` what the readings showed after.
    """

    plan: Plan
    line: Line
    step: Step = Step.PLANNED
    words: str = ""
    sent: bool = False
    """Whether it may have reached the PBX."""
    outcome: Outcome | None = None
    observed: Observed | None = None
    expectation: Expectation | None = None
    refusal: Refusal | None = None
    """Why nothing was sent, where it was pbxtui that refused."""
    over: bool = False
    """Whether nothing more will become of it."""
    _answered: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def id(self) -> str:
        """The id under which the journal has it."""
        return self.line.id

    @property
    def can_be_undone(self) -> bool:
        """Whether nothing has been sent yet."""
        return not self.sent and not self.over

    def move(self, step: Step, words: str) -> None:
        """Go on to a step. For the dispatcher."""
        self.step, self.words = step, words
        if step in _ANSWERS:
            self._answered.set()

    def finish(self) -> None:
        """Nothing more will become of it. For the dispatcher."""
        self.over = True
        self._answered.set()
        self._over.set()

    async def answered(self) -> Ticket:
        """Wait until it was answered, refused or undone."""
        await self._answered.wait()
        return self

    async def done(self) -> Ticket:
        """Wait until nothing more will become of it: seen, not seen, refused or undone."""
        await self._over.wait()
        return self


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of a ticket, for whoever shows it. ``at`` is epoch seconds on our own clock."""

    ticket: Ticket
    step: Step
    words: str
    at: float


@dataclass(frozen=True, slots=True)
class Bulk:
    """One action on several rows, as one plan. ``left_out`` are those that are refused."""

    plans: tuple[Plan, ...]
    sentence: str
    left_out: tuple[Plan, ...] = ()
    warnings: tuple[str, ...] = ()
    grace: float = 0.0
    needs_yes: bool = True

    @property
    def count(self) -> int:
        """How many will be sent; the number that is to be typed."""
        return len(self.plans)


@dataclass(eq=False)
class BulkTicket:
    """The tickets of a bulk, sent one after the other."""

    bulk: Bulk
    tickets: tuple[Ticket, ...]
    stopped: str = ""
    """Why it stopped before its end."""

    async def answered(self) -> BulkTicket:
        """Wait until the last one was answered, refused or undone."""
        for ticket in self.tickets:
            await ticket.answered()
        return self

    async def done(self) -> BulkTicket:
        """Wait until nothing more will become of any of them."""
        for ticket in self.tickets:
            await ticket.done()
        return self


_PASSED_OVER = frozenset({Why.GONE, Why.CHANGED})


def stops_a_bulk(ticket: Ticket) -> bool:
    """Whether a bulk goes no further after a ticket: it was refused, or is not confirmed.

    A row that was over, or had changed, before its turn came stops nothing.
    """
    if ticket.refusal is not None:
        return ticket.refusal.why not in _PASSED_OVER
    if ticket.step is Step.UNDONE:
        return False
    return ticket.outcome is None or ticket.outcome.answered is not Answered.ACCEPTED
