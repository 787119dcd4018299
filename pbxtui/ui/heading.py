"""What the first line of a view says: where we are, who we are, the counts, the worst site.

It is never more than one line. What it may say has a fixed order of importance (``_ORDER``): a
narrow screen leaves out the end of that order, and always the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rich.cells import cell_len
from rich.style import Style

from pbxtui.model import Call, Device, DeviceState, Freshness, LegState, Thing, Topic
from pbxtui.ui import spell
from pbxtui.ui.looks import Looks, Tone

if TYPE_CHECKING:
    from pbxtui.service import Fleet

Piece = tuple[str, Style]
T = TypeVar("T", bound=Thing)

WIDE = 130
"""Columns from which on there are three spaces between two counts, not two."""
LONGEST_NAME = 14
"""Columns that the name of the worst site gets at the most."""

_BAD = (Freshness.BLIND, Freshness.STALE, Freshness.LATE)


class Worst(NamedTuple):
    """The site that is read worst, and for how many seconds it has not been read."""

    site: str
    freshness: Freshness
    seconds: float


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over all sites. ``phones`` and ``waiting`` are None where no PBX shows any.

    ``longest`` is the longest wait in seconds. ``worst`` is None where every site is read in time,
    or was not asked yet.
    """

    sites: int
    sites_read: int
    calls: int | None
    registered: int | None
    phones: int | None
    waiting: int | None
    longest: float | None
    worst: Worst | None = None


class Counter:
    """Counts a mapping once for as long as it is the same object."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], tuple[Mapping[str, Thing], int]] = {}

    def count(
        self, site: str, what: str, things: Mapping[str, T], counted: Callable[[Iterable[T]], int]
    ) -> int:
        """Count things, once for each mapping of them: a site keeps it while nothing changes."""
        known = self._counts.get((site, what))
        if known is not None and known[0] is things:
            return known[1]
        number = counted(things.values())
        self._counts[site, what] = (things, number)
        return number


def _live(calls: Iterable[Call]) -> int:
    ended, lost = LegState.ENDED, LegState.LOST
    return sum([call.state is not ended and call.state is not lost for call in calls])


def _registered(devices: Iterable[Device]) -> int:
    return sum([device.state is DeviceState.REGISTERED for device in devices])


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
        worst_site(fleet),
    )


def worst_site(fleet: Fleet) -> Worst | None:
    """The site whose calls are read worst, and of those the one for the longest time."""
    found = []
    for site in fleet.sites:
        health = site.health[Topic.CALLS]
        if health.read_at is None and health.fault is None:
            continue
        now = site.clock()
        age = health.age(now)
        if age is None and health.fault is not None:
            age = max(0.0, now - health.fault.since)
        found.append(Worst(site.name, health.freshness(now), age or 0.0))
    bad = [one for one in found if one.freshness in _BAD]
    return min(bad, key=lambda one: (_BAD.index(one.freshness), -one.seconds), default=None)


class Tab(NamedTuple):
    """A view as the header names it: its key as printed, and whether it is the one shown."""

    key: str
    name: str
    current: bool


_PLACES = ("name", "view", "who", "note", "sites", "own", "calls", "phones", "waiting", "worst")
"""From left to right; the clock stands at the right edge."""

_ORDER = (
    ("view", 0),
    ("frozen", 0),
    ("who", 0),
    ("worst", 0),
    ("own", 0),
    ("waiting", 0),
    ("phones", 0),
    ("calls", 0),
    ("note", 0),
    ("worst", 1),
    ("phones", 1),
    ("waiting", 1),
    ("note", 1),
    ("sites", 0),
    ("name", 0),
    ("view", 1),
)
"""What is said before what, most important first; 1 is the long form of what 0 says shorter."""


def header(
    looks: Looks,
    width: int,
    tabs: Sequence[Tab],
    profile: str,
    clock: str,
    sums: Totals | None,
    note: str,
    own: Sequence[Piece] = (),
    frozen: str = "",
) -> list[Piece]:
    """The first line, in exactly ``width`` columns where these are enough for view and clock.

    ``own`` is what the view counts itself. ``note`` is cut before a colon where there is no room
    for what follows; ``frozen`` says since when the picture stands still. With the names of all
    views (which :func:`names_the_views` tells) comes the key of each.
    """
    forms = _forms(looks, tabs, profile, sums, note, own, frozen)
    wide = " " * (3 if width >= WIDE else 2)
    room = width - cell_len(clock) - 1
    said: dict[str, Sequence[Piece]] = {}
    for what, form in _ORDER:
        if form >= len(forms.get(what, ())):
            continue
        trial = {**said, what: forms[what][form]}
        if said and _long(_joined(trial, wide)) > room:
            break
        said = trial
    line = _joined(said, wide)
    plain, dim = looks.style(Tone.PLAIN), looks.style(Tone.DIM)
    return [*line, (" " * max(1, room + 1 - _long(line)), plain), (clock, dim)]


def _joined(said: Mapping[str, Sequence[Piece]], wide: str) -> list[Piece]:
    """The parts from left to right. Those of a place are apart by two spaces, counts by more."""
    line: list[Piece] = []
    for place in _PLACES:
        for what in ("frozen", "note") if place == "note" else (place,):
            if what not in said:
                continue
            gap = "  " if place in ("view", "who", "note") else wide
            if what == "view" and len(said[what]) > 1:
                gap = " "
            line += [*([(gap, Style.null())] if line else ()), *said[what]]
    return line


def _forms(
    looks: Looks,
    tabs: Sequence[Tab],
    profile: str,
    sums: Totals | None,
    note: str,
    own: Sequence[Piece],
    frozen: str,
) -> dict[str, list[Sequence[Piece]]]:
    """What can be said, each as one form or as a short and a long one."""
    dim, warn = looks.style(Tone.DIM), looks.style(Tone.WARN)
    forms: dict[str, list[Sequence[Piece]]] = {"name": [[("pbxtui", looks.style(Tone.NAME))]]}
    shown = next((tab.name for tab in tabs if tab.current), "")
    if shown:
        forms["view"] = [[(shown, looks.style(Tone.HEAD))]]
        if len(tabs) > 1:
            forms["view"].append(_tabs(looks, tabs))
    if profile:
        forms["who"] = [[(profile, dim)]]
    if frozen:
        forms["frozen"] = [[(frozen, warn)]]
    if note:
        forms["note"] = [[(note.partition(":")[0], warn)], [(note, warn)]]
    if own:
        forms["own"] = [own]
    return forms | (_counts(looks, sums) if sums is not None else {})


def _long(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _tabs(looks: Looks, tabs: Sequence[Tab]) -> list[Piece]:
    """Every view with its key; brackets mark the one shown."""
    pieces: list[Piece] = []
    for tab in tabs:
        text = f"{tab.key} {tab.name}".strip()
        tone = Tone.HEAD if tab.current else Tone.DIM
        pieces.append((f"[{text}]" if tab.current else f" {text} ", looks.style(tone)))
    return pieces


def names_the_views(header: Sequence[Piece]) -> bool:
    """Whether a header had the room to name every view with its key."""
    return any(text.startswith("[") for text, _ in header)


def _counts(looks: Looks, sums: Totals) -> dict[str, list[Sequence[Piece]]]:
    plain, dim, warn = (looks.style(tone) for tone in (Tone.PLAIN, Tone.DIM, Tone.WARN))
    short = sums.sites_read < sums.sites
    sites = f"{sums.sites_read}/{sums.sites}" if short else str(sums.sites)
    word = "site" if sums.sites == 1 else "sites"
    found: dict[str, list[Sequence[Piece]]] = {
        "sites": [[(f"{sites} {word}", warn if short else dim)]]
    }
    if sums.calls is not None:
        word = "call" if sums.calls == 1 else "calls"
        found["calls"] = [[(f"{spell.count(sums.calls)} {word}", plain)]]
    if sums.phones is not None and sums.registered is not None:
        off = f"{spell.count(sums.phones - sums.registered)} off"
        of = f"{spell.count(sums.registered)}/{spell.count(sums.phones)} phones"
        found["phones"] = [[(off, plain)], [(of, plain)]]
    if sums.waiting is not None:
        waiting = f"{spell.count(sums.waiting)} waiting"
        found["waiting"] = [[(waiting, plain)]]
        if sums.longest is not None:
            wait = spell.duration(sums.longest)
            found["waiting"] = [[(f"wait {wait}", plain)], [(f"{waiting} {wait}", plain)]]
    if sums.worst is not None:
        tone = looks.style(looks.fresh(sums.worst.freshness)[1])
        name = spell.fit(sums.worst.site, LONGEST_NAME).rstrip()
        words = f"{name} {sums.worst.freshness.value}"
        lasting = f"{words} {spell.duration(sums.worst.seconds)}"
        found["worst"] = [[(words, tone)], [(lasting, tone)]]
    return found
