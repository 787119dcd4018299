"""The sentences about what is done within a call; see :mod:`sentence`."""

from __future__ import annotations

from collections.abc import Sequence

from pbxtui.model import (
    Call,
    Leg,
    LegState,
    Listening,
    Monitor,
    Record,
    SendDtmf,
    Snapshot,
    clean,
)
from pbxtui.service.acting import wording_consultations
from pbxtui.service.acting.consulting import within_one_call
from pbxtui.service.acting.people import (
    NAME_LIMIT,
    End,
    Phase,
    ends,
    is_calling,
    label,
    party_of,
    phase_of,
    same_number,
    short,
)
from pbxtui.service.acting.phrases import (
    Told,
    agree,
    chosen,
    hears,
    parties,
    rung,
    waiting,
    where,
    who,
)
from pbxtui.service.acting.reach import name_of, reach


def hold(call: Call, leg: Leg | None, snapshot: Snapshot) -> str:
    start = f"Hold {chosen(call, leg, snapshot)}"
    heard = hears(call, leg)
    if not heard.known:
        return f"{start}: who hears music is not known, {where(snapshot)} does not show it"
    if not heard.ends:
        return f"{start}: nobody else is on the call"
    music = agree(heard.ends, "hears music", "hear music")
    return f"{start}: {who(heard.ends, snapshot)} {music}"


def resume(call: Call, leg: Leg | None, snapshot: Snapshot) -> str:
    start = f"Resume {chosen(call, leg, snapshot)}"
    heard = hears(call, leg)
    if not heard.known or leg is None:
        return f"{start}: who hears whom then is not known, {where(snapshot)} does not show it"
    if not heard.ends:
        return f"{start}: nobody else is on the call"
    again = f"{agree(heard.ends, 'hears', 'hear')} {short(party_of(leg, call))} again"
    return f"{start}: {who(heard.ends, snapshot)} {again}"


def hangup(call: Call, leg: Leg | None, snapshot: Snapshot) -> str:
    if leg is not None:
        return _hangup_leg(call, leg, snapshot)
    everybody = ends(call)
    phase = phase_of(call.state)
    if phase is Phase.PARKED:
        place = f", parked at {clean(call.parked_at, 20)}" if call.parked_at else ", parked"
        return f"Hang up {label(name_of(waiting(call, everybody), snapshot))}{place}: the call ends"
    if phase is Phase.WAITING:
        return _hangup_waiting(call, everybody, snapshot)
    on = [end for end in everybody if end.up]
    if len(on) < 2:
        return f"Hang up {parties(call, snapshot)}: it ends"
    whom = {2: "both", 3: "all three"}.get(len(on), f"all {len(on)}")
    return f"Hang up the call of {who(on, snapshot)}: it ends for {whom}"


def _hangup_waiting(call: Call, everybody: Sequence[End], snapshot: Snapshot) -> str:
    caller = label(name_of(waiting(call, everybody), snapshot))
    if call.state is LegState.QUEUED:
        queue = f" in {clean(call.queue, NAME_LIMIT)}" if call.queue else ""
        return f"Hang up {caller}, who waits{queue}: the caller is cut off"
    ringing = rung(call, everybody)
    if not ringing:
        return f"Hang up the call from {caller}, not answered yet: it ends"
    stop = agree(ringing, "stops ringing", "stop ringing")
    return f"Hang up the call from {caller}, not answered yet: {who(ringing, snapshot)} {stop}"


def _hangup_leg(call: Call, leg: Leg, snapshot: Snapshot) -> str:
    whom = chosen(call, leg, snapshot)
    start = f"Hang up the leg of {whom}"
    found = within_one_call(call)
    if found is not None:
        return f"{start}: {wording_consultations.without(found, leg, snapshot)}"
    ringing = [end for end in rung(call, ends(call)) if end.leg is not leg]
    if is_calling(leg, call) and phase_of(call.state) is Phase.WAITING:
        stop = f", {who(ringing, snapshot)} {agree(ringing, 'stops', 'stop')} ringing"
        return f"{start}, who calls: the call ends{stop if ringing else ''}"
    if leg.state is LegState.SETUP and not ringing:
        return f"{start}: the call ends"
    if leg.state in (LegState.RINGING, LegState.SETUP):
        return f"{start}: {_stops(leg, call, ringing, snapshot)}"
    heard = hears(call, leg)
    if not heard.known:
        return f"{start}: whether the others go on is not known"
    if not heard.ends:
        return f"{start}: nobody else is on the call, it ends"
    if len(heard.ends) == 1:
        return f"{start}: {who(heard.ends, snapshot)} is cut off, too"
    return f"{start}: {who(heard.ends, snapshot)} go on without it"


def _stops(leg: Leg, call: Call, others: Sequence[End], snapshot: Snapshot) -> str:
    """A phone that stops ringing, and those that ring on; a number may have several phones."""
    own = party_of(leg, call)
    same = [end for end in others if same_number(end.party.number, own.number)]
    on = [end for end in others if end not in same]
    said = [f"{short(own)} stops ringing"]
    if same:
        said = [f"this phone of {short(own)} stops ringing, another one rings on"]
    if on:
        said.append(f"{who(on, snapshot)} {agree(on, 'rings', 'ring')} on")
    return ", ".join(said)


def dtmf(action: SendDtmf, call: Call, leg: Leg | None, snapshot: Snapshot) -> str:
    """The digits are not in it: they may be a PIN."""
    count = len(action.digits.replace(" ", ""))
    tones = "1 tone" if count == 1 else f"{count} tones"
    heard = hears(call, leg)
    start = f"Send {tones} from {chosen(call, leg, snapshot)}"
    if not heard.known or not heard.ends:
        return f"{start}: who hears them is not known"
    return f"{start}: {who(heard.ends, snapshot)} {agree(heard.ends, 'hears', 'hear')} them"


def record(action: Record, call: Call, leg: Leg | None, snapshot: Snapshot) -> str:
    whom = chosen(call, leg, snapshot)
    if not action.on:
        return f"Stop recording {whom}: what was recorded stays"
    heard = hears(call, leg)
    if not heard.known or not heard.ends:
        return f"Record {whom}: who else is recorded is not known, nor whether they are told"
    also = who(heard.ends, snapshot)
    too = f"{also} {agree(heard.ends, 'is', 'are')} recorded, too"
    return f"Record {whom}: {too}; whether a notice is played is not known"


def monitor(action: Monitor, call: Call, leg: Leg | None, snapshot: Snapshot) -> Told:
    watched = chosen(call, leg, snapshot)
    heard = hears(call, leg)
    others = who(heard.ends, snapshot) if heard.known and heard.ends else "the other end"
    if not action.extension:
        return f"Listen to {watched}: at which phone is not known", []
    at = reach(action.extension, snapshot)
    by = label(at.party)
    match action.how:
        case Listening.LISTEN:
            said = f"Listen to {watched} at {by}: {short(at.party)} hears everybody, unheard"
        case Listening.WHISPER:
            said = f"Whisper to {watched} from {by}: {others} cannot hear it"
        case Listening.BARGE:
            said = f"Join {watched} from {by}: everybody hears everybody, {others} too"
    return f"{said}; {at}", [at.warning]
