"""The sentences about who is sent or brought where; see :mod:`sentence`."""

from __future__ import annotations

from collections.abc import Sequence

from pbxtui.model import (
    Answer,
    Call,
    Dial,
    Leg,
    Party,
    Retrieve,
    Snapshot,
    Transfer,
    clean,
)
from pbxtui.service.acting.legs import leg_of
from pbxtui.service.acting.people import (
    UP,
    End,
    Phase,
    end_of,
    ends,
    hearing,
    is_calling,
    label,
    listed,
    phase_of,
    same_number,
    short,
)
from pbxtui.service.acting.phrases import Told, agree, chosen, parties, rung, waiting, who
from pbxtui.service.acting.reach import Reach, name_of, reach


def _moving(call: Call, leg: Leg | None) -> tuple[list[End], list[End], bool]:
    """Who is sent elsewhere, who becomes free, and whether that is known.

    A phone of the house that talks sends the others and leaves; anybody else is sent. Of a call
    that nobody has answered the caller is sent.
    """
    everybody = ends(call)
    if leg is None:
        if phase_of(call.state) is Phase.WAITING:
            return [End(call.from_)], rung(call, everybody), True
        on = [end for end in everybody if end.up]
        outside = [end for end in on if not end.own]
        return outside, [end for end in on if end.own], len(outside) == 1
    end = end_of(call, leg.id)
    if end is None:
        return [], [], False
    if leg.state not in UP or (phase_of(call.state) is Phase.WAITING and is_calling(leg, call)):
        return [End(call.from_)], rung(call, everybody), True
    heard = hearing(call, leg)
    if end.own:
        return list(heard.ends), [end], heard.known and bool(heard.ends)
    return [end], [other for other in heard.ends if other.own], heard.known


def _freed(freed: Sequence[End], call: Call, snapshot: Snapshot) -> str:
    """What becomes of the phones that leave a call."""
    said = []
    ringing = [end for end in freed if not end.up]
    leaving = [end for end in freed if end.up]
    busy = [end for end in leaving if _on_another(end.party, call, snapshot)]
    free = [end for end in leaving if end not in busy]
    if free:
        said.append(f"{who(free, snapshot)} {agree(free, 'becomes', 'become')} free")
    if busy:
        said.append(f"{who(busy, snapshot)} {agree(busy, 'has', 'have')} another call yet")
    if ringing:
        said.append(f"{who(ringing, snapshot)} {agree(ringing, 'stops', 'stop')} ringing")
    return ", ".join(said)


def _on_another(party: Party, call: Call, snapshot: Snapshot) -> bool:
    return any(
        end.leg is not None and end.up and same_number(end.party.number, party.number)
        for other in snapshot.calls.values()
        if other.id != call.id and any(leg.extension == party.number for leg in other.legs)
        for end in ends(other)
    )


def moved(call: Call, leg: str, snapshot: Snapshot) -> str:
    """Who is sent on and whom they leave, before it is said where to; empty if it is not known."""
    going, freed, known = _moving(call, leg_of(call, leg))
    if not known or not going:
        return ""
    left = f", away from {who(freed, snapshot)}" if freed else ""
    return f"{who(going, snapshot)}{left}"


def transfer(action: Transfer, call: Call, leg: Leg | None, snapshot: Snapshot) -> Told:
    to = reach(action.to, snapshot)
    going, freed, known = _moving(call, leg)
    whom = who(going, snapshot) if going else parties(call, snapshot)
    itself = any(same_number(end.party.number, action.to) for end in going)
    warnings = [f"{label(to.party)} is who is sent there" if itself else to.warning]
    if action.attended:
        said, more = _attended(call, leg, to, whom, freed, snapshot)
        return said, warnings if itself else more
    parts = [_freed(freed, call, snapshot)]
    if not known:
        parts = ["who leaves the call is not known"]
    parts.append(str(to))
    said = "; ".join(part for part in parts if part)
    return f"Transfer {whom} to {label(to.party)}: {said}", warnings


def _attended(
    call: Call, leg: Leg | None, to: Reach, whom: str, freed: Sequence[End], snapshot: Snapshot
) -> Told:
    asking = listed([label(name_of(e.party, snapshot)) for e in freed]) or "the phone of the house"
    if leg is not None and leg.extension and _second(leg, to.party.number, call, snapshot):
        free = f"{asking} becomes free"
        return f"Connect {whom} with {label(to.party)}: they hear each other, {free}", []
    first = f"{asking} asks {short(to.party)} first, meanwhile {whom} hears music"
    return f"Transfer {whom} to {label(to.party)}, attended: {first}; {to}", [to.warning]


def _second(leg: Leg, number: str, call: Call, snapshot: Snapshot) -> bool:
    """Whether the phone of a leg has another call, with that number or by that leg's id."""
    for other in snapshot.calls.values():
        mine = [each.id for each in other.legs if each.extension == leg.extension]
        if other.id == call.id or not mine:
            continue
        far = [end for end in ends(other) if end.leg is None or end.leg.id not in mine]
        if number in mine or any(same_number(end.party.number, number) for end in far):
            return True
    return False


def park(call: Call, leg: Leg | None, snapshot: Snapshot) -> str:
    going, freed, known = _moving(call, leg)
    if not known or not going:
        whom = parties(call, snapshot)
        return f"Park {whom}: who waits and who leaves is not known"
    music = f"{listed([short(end.party) for end in going])} {agree(going, 'hears', 'hear')} music"
    leave = _freed(freed, call, snapshot)
    until = f"{music} until taken back{'; ' if leave else ''}{leave}"
    return f"Park {who(going, snapshot)}: {until}"


def retrieve(action: Retrieve, call: Call, snapshot: Snapshot) -> Told:
    whom = label(name_of(waiting(call, ends(call)), snapshot))
    place = f", parked at {clean(call.parked_at, 20)}," if call.parked_at else ""
    if not action.extension:
        return f"Take {whom}{place} back: at which phone is not known", []
    at = reach(action.extension, snapshot)
    return f"Take {whom}{place} back at {label(at.party)}: {at}", [at.warning]


def answer(action: Answer, call: Call, leg: Leg | None, snapshot: Snapshot) -> Told:
    everybody = ends(call)
    caller = label(name_of(waiting(call, everybody), snapshot))
    rings = rung(call, everybody)
    if not action.extension:
        phone = chosen(call, leg, snapshot) if leg is not None else "the phone that rings"
        return f"Answer {caller} at {phone}: they hear each other", []
    at = reach(action.extension, snapshot)
    ringing = [end for end in rings if same_number(end.party.number, action.extension)]
    others = [end for end in rings if end not in ringing]
    stop = ""
    if others:
        stop = f"{who(others, snapshot)} {agree(others, 'stops', 'stop')} ringing; "
    return f"Answer {caller} at {label(at.party)}: {stop}{at}", [] if ringing else [at.warning]


def dial(action: Dial, snapshot: Snapshot) -> Told:
    to = reach(action.to, snapshot)
    if not action.from_:
        return f"Dial {label(to.party)}: from which phone is not known; {to}", [to.warning]
    own = reach(action.from_, snapshot)
    order = f"{short(own.party)} rings first, then {short(to.party)}"
    said = f"Dial {label(to.party)} from {label(own.party)}: {order}; {own}; {to}"
    itself = same_number(action.from_, action.to)
    return said, ["it would ring itself" if itself else "", own.warning, to.warning]
