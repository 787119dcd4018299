"""Everything known of a row, field by field: value, certainty, source and age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from pbxtui.model import TOPIC_OF, Call, Caller, Certainty, Kind, Leg, Party, Queue, Thing
from pbxtui.service.parties import party
from pbxtui.ui import spell

if TYPE_CHECKING:
    from pbxtui.service import Site

Texts = tuple[str, str, str, str, str]
NOTHING: Texts = ("", "", "", "", "")

_HOW = {
    Certainty.SEEN: "seen",
    Certainty.INFERRED: "inferred",
    Certainty.ASSUMED: "assumed ~",
}
_CALL = (
    "id",
    "state",
    "direction",
    "from_",
    "to",
    "queue",
    "parked_at",
    "started",
    "answered",
    "since",
    "ended",
    "reason",
)
_LEG = (
    "id",
    "state",
    "direction",
    "from_",
    "to",
    "extension",
    "device",
    "channel",
    "bridge",
    "started",
    "answered",
    "since",
    "reason",
)
_CALLER = ("position", "party", "joined", "call", "id")
_TIMES = frozenset({"started", "answered", "since", "ended", "joined", "last_seen", "last_call"})
_SPANS = frozenset({"hold_time", "talk_time"})
_COUNTS = frozenset({"answered", "abandoned"})
"""What counts calls in a queue; a call's own ``answered`` is a time."""
_STATED = frozenset({"state", "since", "callers", "paused_in"})
"""The fields that are known as well as their thing's state is."""
OURS = "an action of ours, accepted"
"""Where an assumed state comes from: not from the PBX, which does not show it."""
_LABELS = {"rtt_ms": "round trip"}
_UNSHOWN = "-"


def details(site: Site, call: Call, leg: Leg | None, zone: tzinfo | None) -> Sequence[Texts]:
    """The rows for a call with its legs, or for one leg alone."""
    rows: list[Texts] = []
    if leg is None:
        rows += _rows(site, Kind.CALLS, call, _CALL, zone)
        for index, one in enumerate(call.legs, 1):
            rows.append(NOTHING)
            rows += _rows(site, Kind.CALLS, one, _LEG, zone, "legs.", f"leg {index} ")
            hears = _hears(call, one)
            if hears:
                rows.append((f"leg {index} hears", hears, "inferred", "legs of one bridge", ""))
    else:
        rows += _rows(site, Kind.CALLS, leg, _LEG, zone, "legs.")
        hears = _hears(call, leg)
        if hears:
            rows.append(("hears", hears, "inferred", "legs of one bridge", ""))
    return rows


def thing_details(site: Site, kind: Kind, thing: Thing, zone: tzinfo | None) -> list[Texts]:
    """A row for each field of any other thing, also of those that this PBX does not show."""
    names = [field.name for field in fields(thing) if field.name != "site"]
    return _rows(site, kind, thing, names, zone, all_fields=True)


def caller_details(site: Site, caller: Caller, zone: tzinfo | None) -> list[Texts]:
    """The rows of somebody who waits in a queue."""
    return _rows(site, Kind.QUEUES, caller, _CALLER, zone, "callers.")


def _hears(call: Call, leg: Leg) -> str:
    if not leg.bridge:
        return ""
    others = [
        other.extension or party(other.from_) or other.device
        for other in call.legs
        if other.id != leg.id and other.bridge == leg.bridge
    ]
    return ", ".join(others)


def _rows(
    site: Site,
    kind: Kind,
    thing: Thing | Leg | Caller,
    names: Iterable[str],
    zone: tzinfo | None,
    prefix: str = "",
    before: str = "",
    *,
    all_fields: bool = False,
) -> list[Texts]:
    backend = site.backend
    origins = backend.origins.get(kind, {}) if backend is not None else {}
    health = site.health[TOPIC_OF[kind]]
    age = spell.age(health.age(site.clock()))
    certainty = Certainty.SEEN if isinstance(thing, Caller) else thing.certainty
    queue = isinstance(thing, Queue)
    rows = []
    for name in names:
        value = getattr(thing, name)
        said = (
            str(value)
            if queue and name in _COUNTS and value is not None
            else _say(site, name, value, zone)
        )
        field = name.rstrip("_")
        label = before + _LABELS.get(field, field.replace("_", " "))
        origin = origins.get(prefix + field, "")
        if not said:
            if all_fields and origin:
                rows.append((label, _UNSHOWN, "", origin, ""))
            continue
        ours = certainty is Certainty.ASSUMED and (name in _STATED or name == "reason")
        if ours:
            rows.append((label, said, _HOW[certainty], OURS, ""))
            continue
        how = _HOW[certainty] if name in _STATED else "seen"
        if name == "certainty":
            how = ""
        rows.append((label, said, how, origin or health.source, age))
    return rows


def _say(site: Site, name: str, value: object, zone: tzinfo | None) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Party):
        return party(value)
    if isinstance(value, tuple):
        if name == "callers":
            return spell.count(len(value))
        return ", ".join(str(one) for one in value)
    if isinstance(value, float | int):
        if name in _TIMES:
            return _moment(site, value, zone)
        if name in _SPANS:
            return spell.duration(value)
        if name == "rtt_ms":
            return f"{value:.0f} ms"
        if name == "service_level":
            return f"{value:.0f} %"
    return str(value)


def _moment(site: Site, value: float, zone: tzinfo | None) -> str:
    try:
        moment = datetime.fromtimestamp(value, zone)
    except (OverflowError, ValueError, OSError):
        return "a time that cannot be"
    return f"{moment:%Y-%m-%d %H:%M:%S} · {spell.duration(site.now() - value)} ago"
