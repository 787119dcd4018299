"""Vonage's calls as calls of the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter

from pbxtui.backends.vonage.times import epoch
from pbxtui.backends.vonage.wire import WireCall, WireLeg
from pbxtui.model import NOBODY, Call, Certainty, Direction, Leg, LegState, Party, clean

# Members of an enum are looked up slowly on Python 3.11, and these are needed for every leg.
_SETUP, _RINGING, _TALKING = LegState.SETUP, LegState.RINGING, LegState.TALKING
_ENDED = LegState.ENDED
_SEEN, _INFERRED = Certainty.SEEN, Certainty.INFERRED
_UNKNOWN = Direction.UNKNOWN

_STATES: dict[str | None, tuple[LegState, Certainty, str]] = {
    "initializing": (_SETUP, _SEEN, ""),
    "ringing": (_RINGING, _SEEN, ""),
    "on-call": (_TALKING, _SEEN, ""),
    "active": (_TALKING, _SEEN, ""),
    "answered": (_TALKING, _SEEN, ""),
    "held": (LegState.HELD, _SEEN, ""),
    "remote-held": (LegState.HELD, _SEEN, ""),
    "parked": (LegState.PARKED, _SEEN, ""),
    "disconnected": (_ENDED, _SEEN, "hung up"),
    "ended": (_ENDED, _SEEN, "hung up"),
    "busy": (_ENDED, _SEEN, "busy"),
    "failed": (_ENDED, _SEEN, "failed"),
    "unanswered": (_ENDED, _SEEN, "not answered"),
    "missed": (_ENDED, _SEEN, "not answered"),
    "rejected": (_ENDED, _SEEN, "rejected"),
    "cancelled": (_ENDED, _SEEN, "cancelled"),
}
"""The words for a state. CAPTURED: initializing, ringing, on-call, disconnected. DOCUMENTED: busy,
failed, unanswered, and active until 2023. Whether a held or parked leg shows is UNKNOWN; the words
for it are those of Vonage's integration platform (DOCUMENTED there), should they come here too."""

_TELLING = {
    state: rank
    for rank, state in enumerate(
        (
            LegState.ENDED,
            LegState.SETUP,
            LegState.RINGING,
            LegState.QUEUED,
            LegState.PARKED,
            LegState.HELD,
            LegState.TALKING,
        )
    )
}
"""Of several own legs, the one whose state stands for the call: the higher the more telling."""

_DIRECTIONS: dict[str | None, Direction] = {
    "inbound": Direction.INBOUND,
    "outbound": Direction.OUTBOUND,
    "internal": Direction.INTERNAL,
    "intra-pbx": Direction.INTERNAL,
}

_OUTSIDE = "pstn"
_PLACEHOLDER = "outbound call"
_SHORTEST_NUMBER = 7
_SHORT = 64
_NEVER = float("inf")
_START_AND_ID = attrgetter("started", "id")


def _word(text: str | None) -> str:
    return "" if text is None else text.strip().lower().replace("_", "-").replace(" ", "-")


def _text(text: str) -> str:
    """A text, cleaned. Most are short and plain, and too various for the cache of ``clean``."""
    if len(text) <= _SHORT and text.isascii() and text.isprintable():
        return text.strip()
    return clean(text)


@lru_cache(maxsize=65_536)
def party(number: str | None, name: str | None) -> Party:
    """One end of a call. The placeholder that outbound calls carry is nobody's name (CAPTURED)."""
    number, name = _text(number or ""), _text(name or "")
    if name == number or (name and name.casefold() == _PLACEHOLDER):
        name = ""
    return Party(number, name) if number or name else NOBODY


def _direction(text: str | None) -> Direction:
    return _DIRECTIONS.get(_word(text), _UNKNOWN)


def _state(
    status: str | None, answered: float | None, ended: float | None
) -> tuple[LegState, Certainty, str]:
    """The state that a status means. An unknown one is replaced by what the times prove."""
    known = _STATES.get(_word(status))
    if known is not None:
        return known
    word = clean(status or "", 40)
    reason = f"Vonage says “{word}”, which pbxtui does not know" if word else "Vonage says no state"
    if ended is not None:
        return _ENDED, _INFERRED, reason
    if answered is not None:
        return _TALKING, _INFERRED, reason
    return _SETUP, _INFERRED, reason


def _since(
    state: LegState, started: float | None, answered: float | None, ended: float | None
) -> float | None:
    if state is _TALKING:
        return answered
    if state is _RINGING or state is _SETUP:
        return started
    return ended if state is _ENDED else None


def is_own(row: WireLeg) -> bool:
    """Whether a leg is a phone of the account's (CAPTURED practice).

    The outside leg has ``device_id`` "pstn", and a phone number where the extension should be.
    """
    device = row.get("device_id")
    if not device or device == _OUTSIDE:
        return False
    extension = row.get("extension") or ""
    return len(extension) < _SHORTEST_NUMBER or not extension.lstrip("+").isdecimal()


def leg_from(row: WireLeg, id: str = "", place: str = "") -> Leg:
    """A leg. ``id`` is the one under which it was found, for a row that does not say its own.

    ``place`` names a leg without any id on the screen; it is no handle to act on.
    """
    handle = _text(row.get("leg_id") or id)
    started = epoch(row.get("start_time"))
    answered = epoch(row.get("answer_time"))
    ended = epoch(row.get("end_time"))
    status, way = row.get("status"), row.get("direction")
    state, certainty, reason = _STATES.get(status) or _state(status, answered, ended)
    return Leg(
        handle or place,
        state,
        certainty,
        _DIRECTIONS.get(way) or _direction(way),
        party(row.get("from_number"), row.get("from_name")),
        party(row.get("to_number"), row.get("to_name")),
        _text(row.get("extension") or "") if is_own(row) else "",
        _text(row.get("device_id") or ""),
        handle,
        "",
        started,
        answered,
        _since(state, started, answered, ended),
        reason,
    )


def _legs(row: WireCall) -> tuple[list[Leg], list[Leg]]:
    """The legs in an order that does not change, and those of them that are own ones."""
    legs: dict[str, Leg] = {}
    own: list[Leg] = []
    for id, wire in (row.get("leg_map") or {}).items():
        if wire:
            leg = leg_from(wire, id)
            legs.setdefault(leg.id, leg)
            if leg.extension or is_own(wire):
                own.append(leg)
    for number, wire in enumerate(row.get("legs") or (), 1):
        if wire and not row.get("leg_map"):
            leg = leg_from(wire, place=f"leg {number}")
            legs.setdefault(leg.id, leg)
            if leg.extension or is_own(wire):
                own.append(leg)
    return _sorted(list(legs.values())), _sorted(own)


def handles(row: WireCall) -> Iterator[tuple[str, str]]:
    """The id of each leg as the PBX spells it, and as it was cleaned for the screen."""
    rows = [(wire, id) for id, wire in (row.get("leg_map") or {}).items()]
    rows += [(wire, "") for wire in row.get("legs") or ()]
    for wire, id in rows:
        handle = wire.get("leg_id") or id if wire else ""
        if handle:
            yield handle, _text(handle)


def _sorted(legs: list[Leg]) -> list[Leg]:
    if len(legs) > 1:
        try:
            legs.sort(key=_START_AND_ID)
        except TypeError:  # a leg without a start
            legs.sort(key=_order)
    return legs


def _order(leg: Leg) -> tuple[float, str]:
    return (_NEVER if leg.started is None else leg.started, leg.id)


def _most_telling(legs: list[Leg]) -> Leg | None:
    if len(legs) < 2:
        return legs[0] if legs else None
    return max(legs, key=lambda leg: _TELLING[leg.state])


def _first_answer(legs: Iterable[Leg]) -> float | None:
    return min((leg.answered for leg in legs if leg.answered is not None), default=None)


def call_from(site: str, row: WireCall) -> Call:
    """A call. The state of its own legs wins over the call's, which can lag (CAPTURED).

    Unless the call has an end, or its own legs are over while an outside one goes on.
    """
    legs, own = _legs(row)
    started, ended = epoch(row.get("start_time")), epoch(row.get("end_time"))
    told = _most_telling(own)
    if told is not None and told.state is _TALKING:
        answered = told.answered
    else:
        answered = _first_answer(own or legs)
    status, way = row.get("status"), row.get("direction")
    state, certainty, reason = _STATES.get(status) or _state(status, answered, ended)
    if told is None or (state is _ENDED and ended is not None):
        since = _since(state, started, answered, ended)
    elif told.state is _ENDED and any(leg.state is not _ENDED for leg in legs):
        since, certainty = _since(state, started, answered, ended), _INFERRED
    else:
        joined = certainty is _SEEN and told.state is not state
        certainty = _INFERRED if joined else told.certainty
        state, since, reason = told.state, told.since, told.reason
    if state is _RINGING or state is _SETUP:
        answered = None
    direction = _DIRECTIONS.get(way) or _direction(way)
    if direction is _UNKNOWN and len(own) > 1 and len(own) == len(legs):
        direction = Direction.INTERNAL
    from_ = party(row.get("from_number"), row.get("from_name"))
    to = party(row.get("to_number"), row.get("to_name"))
    if legs and from_ is NOBODY and to is NOBODY:
        from_, to = legs[0].from_, legs[0].to
    return Call(
        site,
        _text(row["call_id"]),
        state,
        certainty,
        direction,
        from_,
        to,
        started,
        answered,
        since,
        ended,
        "",
        "",
        reason,
        tuple(legs),
    )
