"""Which leg of a call an action is for, and in which state a leg must be for it."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.model import Call, Leg, LegState, Verb
from pbxtui.service.acting.people import (
    UP,
    WAITING,
    End,
    ends,
    is_calling,
    label,
    listed,
    party_of,
)
from pbxtui.service.acting.refusal import Refusal, Why

SUITS: Mapping[Verb, frozenset[LegState]] = {
    Verb.HOLD: frozenset({LegState.TALKING}),
    Verb.RESUME: frozenset({LegState.HELD}),
    Verb.HANGUP: UP | WAITING | {LegState.PARKED},
    Verb.TRANSFER: UP | WAITING,
    Verb.ATTENDED: UP,
    Verb.COMPLETE: UP,
    Verb.CANCEL: UP,
    Verb.PARK: UP,
    Verb.RETRIEVE: frozenset({LegState.PARKED}),
    Verb.ANSWER: WAITING,
    Verb.DTMF: UP,
    Verb.RECORD: UP,
    Verb.MONITOR: UP,
}
"""In which states something can be done to a leg."""

_WHOLE = frozenset({Verb.HANGUP, Verb.ANSWER})
_BY_THE_HOUSE = frozenset({Verb.HOLD, Verb.RESUME, Verb.ATTENDED})
"""It is a phone of the house that does this; the line outside cannot."""


def leg_of(call: Call, leg: str) -> Leg | None:
    return next((each for each in call.legs if each.id == leg), None) if leg else None


def resolve(verb: Verb, call: Call, leg: str, own: str) -> str | Refusal:
    """The id of the leg that is meant; empty for the whole call.

    A leg that was chosen is that leg or nothing. Of a call that was chosen it is the only phone of
    the house in a state for it; of several the operator's.
    """
    if leg:
        return _suited(verb, call, leg)
    if verb is Verb.ANSWER and call.state not in SUITS[verb]:
        return Refusal(Why.UNSUITED, f"nobody on the call {_STATES[verb]}: {_REMEDY[verb]}")
    if verb is Verb.ANSWER and _rings_outside(call):
        return Refusal(Why.UNSUITED, f"it is the line outside that rings: {_REMEDY[verb]}")
    if verb in _WHOLE:
        return ""
    if verb is Verb.TRANSFER and call.state in WAITING:
        return ""
    if verb is Verb.RETRIEVE:
        return _parked(call)
    meant = candidates(verb, call, own)
    if len(meant) == 1 and meant[0].own and meant[0].leg is not None:
        return meant[0].leg.id
    if meant:
        names = " or ".join(label(end.party) for end in meant)
        return Refusal(
            Why.NOT_SAID,
            f"it is not clear whose leg is meant: choose the leg of {names}",
        )
    return Refusal(Why.UNSUITED, f"nobody on the call {_STATES[verb]}: {_REMEDY[verb]}")


def _rings_outside(call: Call) -> bool:
    """Whether a phone of the house calls somebody outside: nobody here can answer that."""
    everybody = [end for end in ends(call) if end.leg is not None]
    calling = [end for end in everybody if end.leg is not None and is_calling(end.leg, call)]
    return any(end.own for end in calling) and not any(
        end.own for end in everybody if end not in calling
    )


def candidates(verb: Verb, call: Call, own: str) -> list[End]:
    """Whose legs can be meant where a whole call was chosen: each in a state for the action.

    The operator's phone alone where it is one of them; else the phones of the house, and nobody
    outside as long as there is one.
    """
    everybody = ends(call)
    suited = [e for e in everybody if e.leg is not None and e.leg.state in SUITS[verb]]
    phones = [end for end in suited if end.own]
    mine = [end for end in phones if own and end.party.number == own]
    if len(mine) == 1:
        return mine
    if phones or (verb in _BY_THE_HOUSE and any(end.own for end in everybody)):
        return phones
    return suited


def _parked(call: Call) -> str | Refusal:
    if call.state is not LegState.PARKED:
        return Refusal(Why.UNSUITED, "the call is not parked: there is nothing to take back")
    parked = [leg for leg in call.legs if leg.state in SUITS[Verb.RETRIEVE]]
    return parked[0].id if len(parked) == 1 else ""


def _suited(verb: Verb, call: Call, id: str) -> str | Refusal:
    leg = leg_of(call, id)
    if leg is None:
        return Refusal(Why.GONE, "the leg is no longer on the call: look again")
    end = next((e for e in ends(call) if e.leg is leg), None)
    who = label(party_of(leg, call))
    if end is None:
        return Refusal(Why.GONE, f"the leg of {who} is over")
    if leg.state not in SUITS[verb]:
        return Refusal(
            Why.UNSUITED,
            f"{who} is {leg.state}: only a leg that {_STATES[verb]} can do this; {_REMEDY[verb]}",
        )
    if verb is Verb.ANSWER and is_calling(leg, call):
        return Refusal(Why.UNSUITED, f"{who} calls, and is not rung: {_REMEDY[verb]}")
    if verb is Verb.ANSWER and _rings_outside(call):
        return Refusal(Why.UNSUITED, f"{who} is outside: {_REMEDY[verb]}")
    house = [other for other in ends(call) if other.own and other.leg is not None]
    if verb in _BY_THE_HOUSE and house and not end.own:
        names = listed([label(other.party) for other in house])
        return Refusal(
            Why.UNSUITED, f"{who} is outside and cannot do this: choose the leg of {names}"
        )
    return leg.id


_STATES: Mapping[Verb, str] = {
    Verb.HOLD: "talks",
    Verb.RESUME: "is held",
    Verb.HANGUP: "is not over",
    Verb.TRANSFER: "is not over",
    Verb.ATTENDED: "talks",
    Verb.COMPLETE: "talks",
    Verb.CANCEL: "talks",
    Verb.PARK: "talks",
    Verb.RETRIEVE: "is parked",
    Verb.ANSWER: "rings",
    Verb.DTMF: "talks",
    Verb.RECORD: "talks",
    Verb.MONITOR: "talks",
}
_REMEDY: Mapping[Verb, str] = {
    **dict.fromkeys(SUITS, "wait for an answer, or choose another call"),
    Verb.HOLD: "a held one can be resumed",
    Verb.RESUME: "there is nothing to resume",
    Verb.RETRIEVE: "there is nothing to take back",
    Verb.ANSWER: "there is nothing to answer",
}
