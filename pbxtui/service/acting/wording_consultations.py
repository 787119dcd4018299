"""The sentences about the end of a consultation; see :mod:`sentence`."""

from __future__ import annotations

from pbxtui.model import Call, CancelTransfer, CompleteTransfer, Leg, Party, Snapshot
from pbxtui.service.acting.consulting import Consultation
from pbxtui.service.acting.people import UP, hearing, label, listed, party_of, short
from pbxtui.service.acting.phrases import where, who
from pbxtui.service.acting.reach import name_of

_Ending = CompleteTransfer | CancelTransfer


def ending(action: _Ending, call: Call, leg: Leg | None, snapshot: Snapshot) -> str:
    """Who hears whom once a transfer is completed or cancelled."""
    complete = isinstance(action, CompleteTransfer)
    does = "Complete" if complete else "Cancel"
    waiting, asked = _waiting(action, call, leg, snapshot), _asked(action, snapshot)
    there = name_of(asked[0] if asked is not None else Party(action.to), snapshot)
    start = f"{does} the transfer of {waiting or 'whoever waits'} to {label(there)}"
    if leg is None or not waiting or asked is None:
        return f"{start}: who hears whom then is not known, {where(snapshot)} does not show it"
    by = label(name_of(party_of(leg, call), snapshot))
    answered = asked[1] is None or asked[1].state in UP
    if complete:
        if not answered:
            return f"{start}: {short(there)} has not answered yet"
        return f"{start}: they hear each other, {by} becomes free"
    ends = f"{short(there)} {'is cut off' if answered else 'stops ringing'}"
    if action.second:
        return f"{start}: {ends}, {waiting} waits on until {by} resumes"
    return f"{start}: {ends}, {waiting} and {by} hear each other again"


def without(found: Consultation, leg: Leg, snapshot: Snapshot) -> str:
    """What becomes of a consultation within one call when one of the three is hung up.

    CAPTURED with Asterisk, the only PBX that shows one so: it joins whoever is left, and lets
    nobody wait for a phone that only rings.
    """
    by, to = (label(name_of(party, snapshot)) for party in (found.by, found.to))
    waits = listed([label(name_of(party, snapshot)) for party in found.waiting])
    if leg.id == found.asked:
        rings = "" if found.answered else "it stops ringing, "
        return f"{rings}{waits} and {by} hear each other again"
    if leg.id == found.leg:
        if found.answered:
            return f"{waits} and {to} hear each other"
        return f"{waits} hears it ring at {to}, who has not answered yet"
    if found.answered:
        return f"{by} and {to} go on without it"
    return f"{to} stops ringing, the call ends"


def _waiting(action: _Ending, call: Call, leg: Leg | None, snapshot: Snapshot) -> str:
    found = _leg(action.waiting, snapshot)
    if found is not None:
        return label(name_of(party_of(found[1], found[0]), snapshot))
    if leg is None or not action.second:
        return ""
    heard = hearing(call, leg)
    return who(heard.ends, snapshot) if heard.known else ""


def _asked(action: _Ending, snapshot: Snapshot) -> tuple[Party, Leg | None] | None:
    """Whoever is asked, and their leg, where the PBX shows them at all."""
    found = _leg(action.asked, snapshot)
    if found is not None:
        return party_of(found[1], found[0]), found[1]
    own = _leg(action.second, snapshot)
    return (Party(action.to), own[1]) if own is not None else None


def _leg(id: str, snapshot: Snapshot) -> tuple[Call, Leg] | None:
    return next(
        (
            (call, leg)
            for call in snapshot.calls.values()
            for leg in call.legs
            if id and leg.id == id
        ),
        None,
    )
