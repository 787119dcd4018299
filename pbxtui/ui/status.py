"""What the site line and the footer say, as pieces of text; knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style

from pbxtui.model import (
    TOPIC_OF,
    Fault,
    Freshness,
    Health,
    Kind,
    Topic,
)
from pbxtui.ui import spell
from pbxtui.ui.actions import Act, keys_of, sign
from pbxtui.ui.looks import Looks, Tone

if TYPE_CHECKING:
    from pbxtui.service import Site

Piece = tuple[str, Style]
GAP = 4
"""Columns between two sites in the line of sites."""
DAY = 86400.0
FAULT_LINES = 4
"""Lines for the trouble of sites; each site in trouble has one before any has more."""


class Detail(Enum):
    """How much the line of sites tells of each: all of them must fit before any is told more."""

    ALL = "name, make, age, latency, quota"
    MAKE = "name, make, age"
    AGE = "name, age"


def _long(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def faded(site: Site, topic: Topic) -> bool:
    """Whether what a site shows of a topic is too old to be taken for what is."""
    return site.health[topic].freshness(site.clock()) in (Freshness.STALE, Freshness.BLIND)


def why_none(sites: Sequence[Site], kind: Kind) -> str:
    """Why no site has things of a kind: not read or not offered; empty where none has any."""
    unread, refusals = [], []
    for site in sites:
        if site.backend is not None and kind in site.backend.missing:
            refusals.append(f"{site.name}: {site.backend.missing[kind]}")
        elif site.health[TOPIC_OF[kind]].read_at is None:
            unread.append(site.name)
    if unread:
        return f"not read yet: {', '.join(unread)}"
    return " ".join(refusals) if len(refusals) == len(sites) else ""


def site_lines(
    looks: Looks,
    sites: Sequence[Site],
    width: int,
    *,
    chosen: frozenset[str] | None = None,
    kind: Kind = Kind.CALLS,
    clock: Callable[[float], str],
) -> list[list[Piece]]:
    """The site line, and below it the trouble of each site that has any.

    Trouble gets a line; where few sites are in trouble and the screen is narrow, some more, so
    that what to do is not cut off.

    Every site has its age on the line before any has more; those for which no room is left are
    counted at its end. The ages are those of the readings that hold ``kind``; a site that is blind
    says since when, by ``clock``, which gives epoch seconds as a time of day.
    """
    told = [site for site in sites if chosen is None or site.name in chosen]
    detail = next(
        (
            detail
            for detail in Detail
            if sum(_nominal(s, kind, detail) for s in told) <= width + GAP
        ),
        Detail.AGE,
    )
    line: list[Piece] = []
    used = 0
    for index, site in enumerate(told):
        pieces = _site(looks, site, kind, detail, clock)
        rest = f"+{len(told) - index} more"
        if line and used + _long(pieces) + (0 if site is told[-1] else len(rest) + GAP) > width:
            line.append((rest, looks.style(Tone.WARN)))
            break
        line += [*pieces, (" " * GAP, looks.style(Tone.PLAIN))]
        used += _long(pieces) + GAP
    faults = [one for one in map(_trouble, told) if one is not None]
    room = max(1, FAULT_LINES // max(1, len(faults)))
    shown = [
        [(part, looks.style(tone))]
        for words, tone in faults[:FAULT_LINES]
        for part in _folded(words, width, room)
    ]
    if len(faults) > FAULT_LINES:
        more = f"and {len(faults) - FAULT_LINES + 1} more sites in trouble: pbxtui check"
        shown[-1] = [(more, looks.style(Tone.ALARM))]
    return [line, *shown]


def _folded(words: str, width: int, room: int) -> list[str]:
    """Words on no more than ``room`` lines; the last is cut where they are not enough."""
    lines = spell.wrap(words, width)
    parts = [*lines[: room - 1], " ".join(lines[room - 1 :])]
    return [spell.fit(part, width).rstrip() for part in parts if part]


def _nominal(site: Site, kind: Kind, detail: Detail) -> int:
    """How long a site's part becomes at the most, so that no digit more changes what is told."""
    long = cell_len(site.name) + GAP + len(" * 99 min")
    missing = site.backend is not None and kind in site.backend.missing
    if _since(site, kind) is not None and not missing:
        long += len("since 23:59") - len("99 min")
    if detail is Detail.AGE:
        return long
    long += len(site.kind) + 1
    if missing:
        return long - len(" * 99 min") + len(f" has no {kind}")
    if detail is Detail.ALL:
        long += len(" 999 ms") + (len(" quota 9999/9999") if site.quota is not None else 0)
    return long


def _since(site: Site, kind: Kind) -> float | None:
    """Since when a site is blind, where that was in the last day."""
    health, now = site.health[TOPIC_OF[kind]], site.clock()
    if health.read_at is None or now - health.read_at >= DAY:
        return None
    return health.read_at if health.freshness(now) is Freshness.BLIND else None


def _site(
    looks: Looks, site: Site, kind: Kind, detail: Detail, clock: Callable[[float], str]
) -> list[Piece]:
    now = site.clock()
    health = site.health[TOPIC_OF[kind]]
    freshness = health.freshness(now)
    glyph, tone = looks.fresh(freshness)
    dim = looks.style(Tone.DIM)
    pieces = [(f"{site.name} ", looks.style(Tone.PLAIN))]
    if detail is not Detail.AGE:
        pieces.append((f"{site.kind} ", dim))
    if site.backend is not None and kind in site.backend.missing:
        return [*pieces, (f"has no {kind}" if detail is not Detail.AGE else "none", dim)]
    if health.read_at is None and health.fault is None:
        return [*pieces, ("reading", dim)]
    since = _since(site, kind)
    age = spell.age(health.age(now)) if since is None else f"since {clock(since)[:5]}"
    pieces.append((f"{glyph} {age}", looks.style(tone)))
    if detail is not Detail.ALL:
        return pieces
    if freshness is Freshness.LIVE and health.latency is not None:
        pieces.append((f" {spell.latency(health.latency)}", dim))
    quota = site.quota
    if quota is not None and quota.remaining is not None:
        limit = f"/{quota.limit}" if quota.limit is not None else ""
        pieces.append((f" quota {quota.remaining}{limit}", dim))
    return pieces


def worst(healths: Mapping[Topic, Health]) -> Health | None:
    """The topic whose fault matters most: calls first, then the oldest."""
    failing = [health for health in healths.values() if health.fault is not None]
    if not failing:
        return None
    return min(failing, key=lambda h: (h.topic is not Topic.CALLS, h.fault.since if h.fault else 0))


def _trouble(site: Site) -> tuple[str, Tone] | None:
    """A site's trouble in words, and how bad it is."""
    health = worst(site.health)
    if health is None or health.fault is None:
        notes = site.health[Topic.CALLS].notes
        if not notes:
            return None
        return f"{site.name}: {notes[0]}", Tone.WARN
    tone = Tone.ALARM if health.topic is Topic.CALLS else Tone.WARN
    return fault_words(site, health, health.fault), tone


def fault_words(site: Site, health: Health, fault: Fault) -> str:
    """A site's trouble in one line: what, since when, what to do."""
    topic = "" if health.topic is Topic.CALLS else f" ({health.topic})"
    lasting = spell.duration(site.clock() - fault.since)
    stopped = "; r tries again" if health.stopped else ""
    return f"{site.name}{topic}: {fault}{stopped} · for {lasting}"


def footer(
    looks: Looks,
    acts: Sequence[Act],
    keymap: Mapping[str, str],
    width: int,
    flash: str,
    greyed: frozenset[str] = frozenset(),
) -> list[Piece]:
    """The last line: a flash while there is one, else the keys that can be used now.

    On a narrow screen those before the last one give way: it leads to all the others. What can't
    be done now (``greyed``, by id) is dim and stands in brackets.
    """
    if flash:
        return [(spell.fit(flash, width).rstrip(), looks.style(Tone.WARN))]
    head, dim = looks.style(Tone.HEAD), looks.style(Tone.DIM)
    shown: list[tuple[Piece, Piece]] = []
    for act in acts:
        key = sign(keys_of(act, keymap)[0], ascii=looks.ascii)
        if act.id in greyed:
            shown.append(((f"({key}", dim), (f" {act.label}) ", dim)))
        else:
            shown.append(((key, head), (f" {act.label}  ", dim)))
    while len(shown) > 1 and sum(_long(pieces) for pieces in shown) > width + 2:
        del shown[-2]
    return [piece for pieces in shown for piece in pieces]
