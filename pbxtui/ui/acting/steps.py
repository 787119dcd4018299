"""What is said of an action under way, and the sign that its row gets. Never more than was told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pbxtui.service.acting import BulkTicket, Progress, Step, Ticket
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.spell import fit, fold, wrap
from pbxtui.ui.widgets.lines import Piece

LASTS = 8.0
"""Seconds for which the end of an action stays said."""
LASTS_BAD = 20.0
"""The same where it did not go well, or nobody knows."""
MOST = 4
"""Lines that the steps take at the most."""

_BAD = frozenset({Step.REFUSED, Step.NOT_CONFIRMED, Step.NOT_OBSERVED})


class Sign(NamedTuple):
    """A row's mark for an action: its glyph, its ascii form, its tone."""

    glyph: str
    plain: str
    tone: Tone


ON_ITS_WAY = Sign("»", ">", Tone.WARN)
SEEN = Sign("✓", "+", Tone.GOOD)
REFUSED = Sign("!", "!", Tone.ALARM)
UNSURE = Sign("?", "?", Tone.WARN)
UNSHOWN = Sign("~", "~", Tone.WARN)

SIGNS: Mapping[Step, Sign | None] = {
    Step.PLANNED: ON_ITS_WAY,
    Step.SENT: ON_ITS_WAY,
    Step.ACCEPTED: ON_ITS_WAY,
    Step.OBSERVED: SEEN,
    Step.REFUSED: REFUSED,
    Step.NOT_CONFIRMED: UNSURE,
    Step.NOT_OBSERVED: UNSURE,
    Step.NOT_OBSERVABLE: UNSHOWN,
    Step.UNDONE: None,
}


def sign_of(ticket: Ticket) -> Sign | None:
    """The mark of a ticket's row. What was refused before it was sent leaves none."""
    if ticket.step is Step.REFUSED and not ticket.sent:
        return None
    if ticket.step is Step.NOT_OBSERVABLE and not accepted(ticket):
        return UNSURE
    return SIGNS[ticket.step]


def accepted(ticket: Ticket) -> bool:
    """Whether the PBX has said yes."""
    from pbxtui.model import Answered

    return ticket.outcome is not None and ticket.outcome.answered is Answered.ACCEPTED


def lasts(ticket: Ticket) -> float:
    """Seconds for which a ticket's last step stays said."""
    if ticket.step is Step.UNDONE:
        return LASTS
    return LASTS_BAD if ticket.step in _BAD or not accepted(ticket) else LASTS


@dataclass(frozen=True, slots=True)
class Said:
    """Something to say above the footer: a step of an action, or a word about none."""

    text: str
    tone: Tone
    sign: Sign | None = None


def said(step: Progress, now: float, undo: str) -> Said:
    """A step in words. ``now`` is epoch seconds; ``undo`` the key that takes an action back."""
    ticket = step.ticket
    sign = sign_of(ticket) or (REFUSED if step.step is Step.REFUSED else None)
    tone = sign.tone if sign is not None else Tone.PLAIN
    what = ticket.plan.sentence
    match step.step:
        case Step.PLANNED:
            left = math.ceil(step.at + ticket.plan.grace - now)
            if ticket.plan.grace <= 0:
                return Said(what, Tone.PLAIN, sign)
            when = f"in {left} s" if left > 0 else "waits for its turn"
            return Said(f"{when}: {what}; {undo} stops it", tone, sign)
        case Step.REFUSED if not ticket.sent:
            return Said(_once("not sent", step.words), tone, sign)
        case Step.REFUSED:
            return Said(f"{_once('refused', step.words)} · {what}", tone, sign)
        case Step.NOT_CONFIRMED:
            return Said(f"{_once('not confirmed', step.words)} · {what}", tone, sign)
        case Step.NOT_OBSERVED:
            return Said(f"{_answer(ticket)}{_once('not seen', step.words)} · {what}", tone, sign)
        case Step.NOT_OBSERVABLE if accepted(ticket):
            return Said(f"{_once('accepted', step.words)} · {what}", tone, sign)
        case Step.NOT_OBSERVABLE:
            return Said(f"{_answer(ticket) or 'not confirmed: '}{step.words} · {what}", tone, sign)
        case Step.UNDONE:
            return Said(_once("stopped", step.words), tone, sign)
    return Said(f"{step.words} · {what}", tone, sign)


def _answer(ticket: Ticket) -> str:
    """What came back where that was no yes, before what was or was not seen; else nothing."""
    if accepted(ticket) or ticket.outcome is None:
        return ""
    return f"{_once('not confirmed', ticket.outcome.words)}; "


def _once(word: str, words: str) -> str:
    """The word for a step before what was said with it, unless that begins so already."""
    said = words.lower()
    return words if said.startswith((word, "nothing was sent")) else f"{word}: {words}"


def bulk_said(bulk: BulkTicket, now: float, begun: float, undo: str) -> Said:
    """How far a bulk is."""
    tickets = bulk.tickets
    if bulk.stopped:
        return Said(bulk.stopped, Tone.ALARM, REFUSED)
    if all(one.step is Step.PLANNED for one in tickets) and tickets:
        left = math.ceil(begun + bulk.bulk.grace - now)
        when = f"in {left} s" if left > 0 else "begins"
        return Said(f"{when}: {bulk.bulk.sentence}; {undo} stops it", Tone.WARN, ON_ITS_WAY)
    counts = [
        (sum(one.step is Step.OBSERVED for one in tickets), "seen"),
        (sum(_unshown(one) and accepted(one) for one in tickets), "accepted, not shown"),
        (sum(one.step is Step.NOT_OBSERVED for one in tickets), "not seen"),
        (sum(one.step in (Step.SENT, Step.ACCEPTED) for one in tickets), "on the way"),
        (sum(_unconfirmed(one) for one in tickets), "not confirmed"),
        (sum(one.step is Step.REFUSED for one in tickets), "not done"),
        (sum(one.step is Step.UNDONE for one in tickets), "stopped"),
        (sum(one.step is Step.PLANNED for one in tickets), "to come"),
    ]
    told = ", ".join(f"{count} {word}" for count, word in counts if count)
    over = all(one.over for one in tickets)
    rows = "1 row" if len(tickets) == 1 else f"{len(tickets)} rows"
    return Said(f"{rows}: {told}", Tone.PLAIN, None if over else ON_ITS_WAY)


def _unshown(ticket: Ticket) -> bool:
    return ticket.step is Step.NOT_OBSERVABLE


def _unconfirmed(ticket: Ticket) -> bool:
    """Whether nobody knows what became of it, and no reading will tell."""
    return ticket.step is Step.NOT_CONFIRMED or (_unshown(ticket) and not accepted(ticket))


def lines(looks: Looks, texts: Iterable[Said], width: int) -> list[list[Piece]]:
    """The newest in full, as far as there is room; those before it in a line each."""
    every = list(texts)
    if not every:
        return []
    newest = _wrapped(looks, every[-1], width)[:MOST]
    room = MOST - len(newest)
    before = [_wrapped(looks, one, width, cut=True)[0] for one in every[:-1]]
    return [*(before[-room:] if room else []), *newest]


def _wrapped(looks: Looks, one: Said, width: int, *, cut: bool = False) -> list[list[Piece]]:
    sign = one.sign
    mark = "" if sign is None else (sign.plain if looks.ascii else sign.glyph)
    room = max(8, width - 2)
    text = fold(one.text) if looks.ascii else one.text
    found: Sequence[str] = [fit(text, room, looks.signs.more)] if cut else wrap(text, room)
    if len(found) > MOST:
        found = [*found[: MOST - 1], fit(" ".join(found[MOST - 1 :]), room, looks.signs.more)]
    style, words = looks.style(one.tone), looks.style(Tone.PLAIN)
    return [
        [(f"{mark if number == 0 else '':<2}", style), (line.rstrip(), words)]
        for number, line in enumerate(found)
    ]
