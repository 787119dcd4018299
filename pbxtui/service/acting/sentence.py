"""Who will hear what: one sentence about an action before it is sent.

From the snapshot alone. It never raises, is never empty, and where the PBX does not show who
hears whom it says that this is not known. What comes from outside stays text.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbxtui.model import (
    Action,
    Answer,
    Call,
    CancelTransfer,
    CompleteTransfer,
    Dial,
    Hangup,
    Hold,
    Leg,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    PauseAgent,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    SetFlow,
    Snapshot,
    Transfer,
    clean,
)
from pbxtui.service.acting import wording_consultations as consultations
from pbxtui.service.acting import wording_house as house
from pbxtui.service.acting import wording_moves as moves
from pbxtui.service.acting import wording_talk as talk
from pbxtui.service.acting.people import NAME_LIMIT

LONGEST = 600
"""Characters of a sentence, at most."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What will happen, and what should be known before: each warning is a sentence."""

    text: str
    warnings: tuple[str, ...] = ()


def sentence(action: Action, snapshot: Snapshot) -> Sentence:
    """What an action will do at a site as it is now."""
    text, warnings = _words(action, snapshot)
    said = tuple(dict.fromkeys(clean(warning, LONGEST) for warning in warnings if warning))
    return Sentence(clean(text, LONGEST), said)


def _words(action: Action, snapshot: Snapshot) -> tuple[str, list[str]]:
    match action:
        case Dial():
            return moves.dial(action, snapshot)
        case PauseAgent() | LogAgent():
            return house.agent(action, snapshot)
        case SetFlow():
            return house.flow(action, snapshot)
        case OnDevice():
            return house.device(action, snapshot)
    call = snapshot.calls.get(action.call)
    if call is None:
        site = clean(snapshot.site, NAME_LIMIT)
        return f"{action.verb}: {site} shows no such call, who is on it is not known", []
    leg = next((each for each in call.legs if each.id == action.leg), None)
    if action.leg and leg is None:
        return f"{action.verb}: the call has no such leg, who is on it is not known", []
    return _on_call(action, call, leg, snapshot)


def _on_call(
    action: Hold
    | Resume
    | Hangup
    | Transfer
    | CompleteTransfer
    | CancelTransfer
    | Park
    | Retrieve
    | Answer
    | SendDtmf
    | Record
    | Monitor,
    call: Call,
    leg: Leg | None,
    snapshot: Snapshot,
) -> tuple[str, list[str]]:
    match action:
        case Hold():
            return talk.hold(call, leg, snapshot), []
        case Resume():
            return talk.resume(call, leg, snapshot), []
        case Hangup():
            return talk.hangup(call, leg, snapshot), []
        case Transfer():
            return moves.transfer(action, call, leg, snapshot)
        case CompleteTransfer() | CancelTransfer():
            return consultations.ending(action, call, leg, snapshot), []
        case Park():
            return moves.park(call, leg, snapshot), []
        case Retrieve():
            return moves.retrieve(action, call, snapshot)
        case Answer():
            return moves.answer(action, call, leg, snapshot)
        case SendDtmf():
            return talk.dtmf(action, call, leg, snapshot), []
        case Record():
            return talk.record(action, call, leg, snapshot), []
        case Monitor():
            return talk.monitor(action, call, leg, snapshot)
