"""What ``pbxtui do`` says of an action, and the exit status that goes with it."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime

from pbxtui.cli.order import Order
from pbxtui.cli.output import NOT_READ, OK, abandon, flush, put, say
from pbxtui.model import Answered, Fault
from pbxtui.service.acting import Entry, Observed, Plan, Progress, Step, Ticket

REFUSED = 3
NOT_CONFIRMED = 4
_UNSENT = frozenset({Step.REFUSED, Step.UNDONE})


def status_of(ticket: Ticket, *, waited: bool) -> int:
    """The exit status that tells what became of an action."""
    answered = ticket.outcome.answered if ticket.outcome is not None else None
    if ticket.observed is Observed.OBSERVED:
        return OK
    if answered is Answered.REFUSED:
        return REFUSED
    unseen = waited and ticket.observed is not Observed.NOT_OBSERVABLE
    return OK if answered is Answered.ACCEPTED and not unseen else NOT_CONFIRMED


class Telling:
    """Says each step of an order as it happens; with ``--json`` one object at the end."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._told: set[Step] = set()
        self._plan: Plan | None = None

    def plan(self, plan: Plan) -> None:
        """The sentence, and what should be known before."""
        self._plan = plan
        if self._order.json and not _watched():
            return
        if not self._order.json:
            put(plan.sentence)
            flush()
        if self._order.json or not _shown():
            say(plan.sentence)
        if plan.refused is None:
            for warning in plan.warnings:
                say(f"warning: {warning}")
            if plan.note:
                say(f"note: {plan.note}")

    def dry(self, plan: Plan) -> int:
        """Say that nothing is sent; the exit status."""
        if self._order.json:
            put(self._told_of(plan, None))
        if plan.refused is not None:
            say(f"would be refused: {plan.refused}")
            return REFUSED
        if plan.name:
            say(f"it asks for the name: --name {plan.name}")
        elif plan.needs_yes and not self._order.yes:
            say("it asks first: --yes")
        return OK

    def unread(self, fault: Fault, plan: Plan | None = None) -> int:
        """Say that the site cannot be read, so that nothing was sent; the exit status."""
        say(f"{self._order.site}: {fault}; nothing was sent")
        if self._order.json:
            put(self._told_of(plan, None, f"{fault}; nothing was sent"))
        return NOT_READ

    def step(self, progress: Progress) -> None:
        """One step of the action."""
        step, words = progress.step, progress.words
        self._told.add(step)
        match step:
            case Step.PLANNED | Step.SENT:
                return
            case Step.ACCEPTED:
                self._good(f"accepted: {words}")
            case Step.OBSERVED:
                self._good(words)
            case Step.REFUSED:
                say(f"refused: {words}")
            case Step.NOT_CONFIRMED:
                say(f"not confirmed: {words}")
            case Step.NOT_OBSERVED:
                say(f"not seen: {words}")
            case Step.NOT_OBSERVABLE:
                say(f"not shown: {words}")
            case Step.UNDONE:
                say(f"undone: {words}")

    def end(self, ticket: Ticket, *, interrupted: bool) -> None:
        """What is left to be said when nothing more is waited for."""
        outcome, expected = ticket.outcome, ticket.expectation
        unsure = outcome is not None and outcome.answered is Answered.NOT_CONFIRMED
        if outcome is not None and unsure and Step.NOT_CONFIRMED not in self._told:
            say(f"not confirmed: {outcome.words}")
        if outcome is not None and not ticket.sent and not self._told & _UNSENT:
            say(f"refused: {outcome.words}")
        sent = ticket.sent and ticket.observed is None and ticket.refusal is None
        refused = outcome is not None and outcome.answered is Answered.REFUSED
        if sent and not refused and expected is not None and self._order.wait is not None:
            why = "ended before" if interrupted else f"not within {self._order.wait:g} s"
            say(f"not seen: that {expected.words}; {why}")
        if self._order.json:
            _put_if_it_can(self._told_of(ticket.plan, ticket))

    def _good(self, words: str) -> None:
        if not self._order.json:
            _put_if_it_can(words)

    def _told_of(self, plan: Plan | None, ticket: Ticket | None, words: str = "") -> str:
        """The object of ``--json``."""
        order = self._order
        outcome = ticket.outcome if ticket is not None else None
        refused = plan.refused if plan is not None else None
        if ticket is not None and ticket.refusal is not None:
            refused = ticket.refusal
        if not words:
            words = str(refused or "") if outcome is None else outcome.words
        told = {
            "action": order.verb.value,
            "site": order.site,
            "id": ticket.id if ticket is not None else None,
            "sentence": plan.sentence if plan is not None else "",
            "warnings": list(plan.warnings) if plan is not None else [],
            "note": plan.note if plan is not None else "",
            "sent": ticket is not None and ticket.sent,
            "answered": outcome.answered.value if outcome is not None else None,
            "refused": refused.why.value if refused is not None else None,
            "words": words,
            "observed": ticket.observed.value if ticket and ticket.observed else None,
            "created": outcome.created or None if outcome is not None else None,
        }
        return json.dumps(told, ensure_ascii=not _utf8(), allow_nan=False)


def _put_if_it_can(text: str) -> None:
    """A line of data once an action was handed over.

    Nobody may take output that cannot be written for an action that was not sent: the exit status
    goes on telling what became of it.
    """
    try:
        put(text)
        flush()
    except OSError as error:
        abandon()
        say(f"pbxtui: what became of it cannot be printed: {error.strerror or error}")


def _utf8() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    return encoding.lower().replace("-", "") == "utf8"


def _shown() -> bool:
    """Whether whoever is asked sees standard output."""
    return (sys.stdout is not None and sys.stdout.isatty()) or not _watched()


def _watched() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


# --- what an earlier process left, and what the service itself has to say ------------------------


def local(when: str) -> str:
    """A moment of the journal by this machine's clock."""
    moment = datetime.fromisoformat(when).astimezone()
    return moment.isoformat(" ", timespec="seconds")[:19]


def left_over(entry: Entry) -> str:
    """That an earlier process was killed over an action."""
    return (
        f"an earlier pbxtui was ended over this before an answer was in the journal ({entry.site}, "
        f"{local(entry.when)}): {entry.what}; whether it was carried out is not known"
    )


class _Aloud(logging.Handler):
    """Says what the service could not keep, without the traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info is None:
            say(f"pbxtui: {record.getMessage()}")


def aloud() -> None:
    """Let the service's complaints of the journal be heard on standard error."""
    acting = logging.getLogger("pbxtui.service.acting")
    if not any(isinstance(handler, _Aloud) for handler in acting.handlers):
        acting.addHandler(_Aloud(logging.WARNING))
