"""What the header, the site line and the footer say, as pieces of text; knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import cell_len
from rich.style import Style

from pbxtui.model import (
    TOPIC_OF,
    Call,
    Device,
    DeviceState,
    Fault,
    Freshness,
    Health,
    Kind,
    Thing,
    Topic,
)
from pbxtui.ui import spell
from pbxtui.ui.actions import Act, keys_of, sign
from pbxtui.ui.looks import Looks, Tone

if TYPE_CHECKING:
    from pbxtui.service import Fleet, Site

Piece = tuple[str, Style]
GAP = 4
"""Columns between two sites in the line of sites."""
FAULT_LINES = 4
"""Sites whose trouble gets a line of its own at once."""


class Detail(Enum):
    """How much the line of sites tells of each: all of them must fit before any is told more."""

    ALL = "name, make, age, latency, quota"
    MAKE = "name, make, age"
    AGE = "name, age"


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over all sites. ``phones`` and ``waiting`` are None where no PBX shows any."""

    sites: int
    sites_read: int
    calls: int | None
    registered: int | None
    phones: int | None
    waiting: int | None
    longest: float | None


class Counter:
    """Counts a mapping once for as long as it is the same object."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], tuple[Mapping[str, Thing], int]] = {}

    def count(
        self, site: str, what: str, things: Mapping[str, Thing], wanted: Callable[[Any], bool]
    ) -> int:
        known = self._counts.get((site, what))
        if known is not None and known[0] is things:
            return known[1]
        number = sum(1 for thing in things.values() if wanted(thing))
        self._counts[site, what] = (things, number)
        return number


def _live(call: Call) -> bool:
    return not call.over


def _registered(device: Device) -> bool:
    return device.state is DeviceState.REGISTERED


def totals(fleet: Fleet, counter: Counter) -> Totals:
    """Count what the snapshots hold; a site that was never read adds nothing."""
    calls = registered = phones = waiting = 0
    any_calls = any_phones = any_queues = False
    read = 0
    longest: float | None = None
    for site in fleet.sites:
        now = site.clock()
        health = site.health[Topic.CALLS]
        read += health.freshness(now) in (Freshness.LIVE, Freshness.LATE)
        if health.read_at is not None:
            any_calls = True
            calls += counter.count(site.name, "calls", site.snapshot.calls, _live)
        if site.health[Topic.DEVICES].read_at is not None and site.snapshot.devices:
            any_phones = True
            phones += len(site.snapshot.devices)
            registered += counter.count(site.name, "phones", site.snapshot.devices, _registered)
        for queue in site.snapshot.queues.values():
            if queue.callers is None:
                continue
            any_queues = True
            waiting += len(queue.callers)
            for caller in queue.callers:
                if caller.joined is not None:
                    longest = max(longest or 0.0, site.now() - caller.joined)
    return Totals(
        len(fleet.sites),
        read,
        calls if any_calls else None,
        registered if any_phones else None,
        phones if any_phones else None,
        waiting if any_queues else None,
        longest,
    )


class Tab(NamedTuple):
    """A view as the header names it: its key as printed, and whether it is the one shown."""

    key: str
    name: str
    current: bool


def header(
    looks: Looks,
    width: int,
    tabs: Sequence[Tab],
    profile: str,
    clock: str,
    sums: Totals | None,
    note: str,
    own: Sequence[Piece] = (),
) -> list[Piece]:
    """The first line: the view, who we are, the counts, the time. It never wraps.

    The counts that do not fit are left out from the right; who we are goes before any of them.
    Where all fits, every view is named with its key.
    """
    plain, dim = looks.style(Tone.PLAIN), looks.style(Tone.DIM)
    name = [("pbxtui", looks.style(Tone.NAME))]
    shown = next((tab.name for tab in tabs if tab.current), "")
    here = [(f"  {shown}", looks.style(Tone.HEAD))] if shown else []
    who = [(f"  {profile}", dim)]
    notes = [(f"  {note}", looks.style(Tone.WARN))] if note else []
    counts = [*own, *(_counts(looks, sums) if sums is not None else ())]
    room = width - _long(name) - _long(notes) - cell_len(clock) - 3
    spare = room - _long(here) - _long(who) - _long(counts)
    if spare < 0:
        who = []
    named = _tabs(looks, tabs)
    if _long(named) - _long(here) <= spare and len(tabs) > 1:
        here = named
    room -= _long(here) + _long(who)
    middle: list[Piece] = []
    for piece in counts:
        need = cell_len(piece[0])
        if need > room:
            break
        middle.append(piece)
        room -= need
    return [*name, *here, *who, *notes, *middle, (" " * max(1, room + 3), plain), (clock, dim)]


def _long(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _tabs(looks: Looks, tabs: Sequence[Tab]) -> list[Piece]:
    """Every view with its key; brackets mark the one shown."""
    pieces: list[Piece] = [(" ", looks.style(Tone.DIM))]
    for tab in tabs:
        text = f"{tab.key} {tab.name}"
        tone = Tone.HEAD if tab.current else Tone.DIM
        pieces.append((f"[{text}]" if tab.current else f" {text} ", looks.style(tone)))
    return pieces


def names_the_views(header: Sequence[Piece]) -> bool:
    """Whether a header had the room to name every view with its key."""
    return any(text.startswith("[") for text, _ in header)


def _counts(looks: Looks, sums: Totals) -> list[Piece]:
    plain = looks.style(Tone.PLAIN)
    short = sums.sites_read < sums.sites
    sites = f"{sums.sites_read}/{sums.sites}" if short else str(sums.sites)
    tone = Tone.WARN if short else Tone.DIM
    counts = [(f"   {sites} site{'' if sums.sites == 1 else 's'}", looks.style(tone))]
    if sums.calls is not None:
        word = "call" if sums.calls == 1 else "calls"
        counts.append((f"   {spell.count(sums.calls)} {word}", plain))
    if sums.phones is not None and sums.registered is not None:
        of = f"{spell.count(sums.registered)}/{spell.count(sums.phones)}"
        counts.append((f"   {of} phones", plain))
    if sums.waiting is not None:
        wait = f" {spell.duration(sums.longest)}" if sums.longest is not None else ""
        counts.append((f"   {sums.waiting} waiting{wait}", plain))
    return counts


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
) -> list[list[Piece]]:
    """The site line, and below it a line for each site in trouble.

    Every site has its age on the line before any has more; those for which no room is left are
    counted at its end. The ages are those of the readings that hold ``kind``.
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
        pieces = _site(looks, site, kind, detail)
        rest = f"+{len(told) - index} more"
        if line and used + _long(pieces) + (0 if site is told[-1] else len(rest) + GAP) > width:
            line.append((rest, looks.style(Tone.WARN)))
            break
        line += [*pieces, (" " * GAP, looks.style(Tone.PLAIN))]
        used += _long(pieces) + GAP
    faults = [one for one in (_trouble(looks, site, width) for site in told) if one is not None]
    shown = faults[:FAULT_LINES]
    if len(faults) > FAULT_LINES:
        more = f"and {len(faults) - FAULT_LINES + 1} more sites in trouble: pbxtui check"
        shown[-1] = [(more, looks.style(Tone.ALARM))]
    return [line, *shown]


def _nominal(site: Site, kind: Kind, detail: Detail) -> int:
    """How long a site's part becomes at the most, so that no digit more changes what is told."""
    long = cell_len(site.name) + GAP + len(" * 99 min")
    if detail is Detail.AGE:
        return long
    long += len(site.kind) + 1
    if site.backend is not None and kind in site.backend.missing:
        return long - len(" * 99 min") + len(f" has no {kind}")
    if detail is Detail.ALL:
        long += len(" 999 ms") + (len(" quota 9999/9999") if site.quota is not None else 0)
    return long


def _site(looks: Looks, site: Site, kind: Kind, detail: Detail) -> list[Piece]:
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
    read = health.age(now)
    pieces.append((f"{glyph} {spell.age(read)}", looks.style(tone)))
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


def _trouble(looks: Looks, site: Site, width: int) -> list[Piece] | None:
    health = worst(site.health)
    if health is None or health.fault is None:
        notes = site.health[Topic.CALLS].notes
        if not notes:
            return None
        return [(spell.fit(f"{site.name}: {notes[0]}", width).rstrip(), looks.style(Tone.WARN))]
    tone = Tone.ALARM if health.topic is Topic.CALLS else Tone.WARN
    return [(spell.fit(fault_words(site, health, health.fault), width).rstrip(), looks.style(tone))]


def fault_words(site: Site, health: Health, fault: Fault) -> str:
    """A site's trouble in one line: what, since when, what to do."""
    topic = "" if health.topic is Topic.CALLS else f" ({health.topic})"
    lasting = spell.duration(site.clock() - fault.since)
    stopped = "; r tries again" if health.stopped else ""
    return f"{site.name}{topic}: {fault}{stopped} · for {lasting}"


def footer(
    looks: Looks, acts: Sequence[Act], keymap: Mapping[str, str], width: int, flash: str
) -> list[Piece]:
    """The last line: a flash while there is one, else the keys that can be used now.

    On a narrow screen those before the last one give way: it leads to all the others.
    """
    if flash:
        return [(spell.fit(flash, width).rstrip(), looks.style(Tone.WARN))]
    shown = [(sign(keys_of(act, keymap)[0], ascii=looks.ascii), f" {act.label}  ") for act in acts]
    while len(shown) > 1 and sum(cell_len(key + label) for key, label in shown) > width + 2:
        del shown[-2]
    head, dim = looks.style(Tone.HEAD), looks.style(Tone.DIM)
    return [piece for key, label in shown for piece in ((key, head), (label, dim))]
