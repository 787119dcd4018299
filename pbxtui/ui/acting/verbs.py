"""Which action a key means for the row that was chosen, and which keys suit a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pbxtui.model import Agent, Call, Flow, LampState, LegState, Snapshot, Verb
from pbxtui.service.acting import (
    Aim,
    Ask,
    Chosen,
    Dispatcher,
    Refusal,
    aim,
    consultation,
    on_call,
)
from pbxtui.service.acting.consulting import within_one_call
from pbxtui.service.acting.legs import SUITS, leg_of
from pbxtui.service.acting.refusal import Why

VERBS: Mapping[str, Verb] = {
    "call.hold": Verb.HOLD,
    "call.hangup": Verb.HANGUP,
    "call.transfer": Verb.TRANSFER,
    "call.complete": Verb.COMPLETE,
    "call.cancel": Verb.CANCEL,
    "call.park": Verb.PARK,
    "call.retrieve": Verb.RETRIEVE,
    "call.answer": Verb.ANSWER,
    "call.dial": Verb.DIAL,
    "call.dtmf": Verb.DTMF,
    "call.record": Verb.RECORD,
    "call.monitor": Verb.MONITOR,
    "agent.pause": Verb.PAUSE,
    "agent.login": Verb.LOGIN,
    "agent.logout": Verb.LOGOUT,
    "flow.set": Verb.FLOW,
    "device.unregister": Verb.UNREGISTER,
    "device.reboot": Verb.REBOOT,
}
"""The ids of the table of keys; holding and pausing turn round where the row is so already."""

ONE_BY_ONE = frozenset(
    {
        *(Verb.DIAL, Verb.ANSWER, Verb.RETRIEVE, Verb.MONITOR, Verb.DTMF),
        *(Verb.COMPLETE, Verb.CANCEL),
        *(Verb.UNREGISTER, Verb.REBOOT),
    }
)
"""What is never done to several rows at once."""

OF_ONE_SITE = frozenset({Verb.TRANSFER, Verb.ATTENDED, Verb.LOGIN, Verb.LOGOUT})
"""What needs a number or a queue, which may be another one at another PBX."""

UNSAID = "(not said)"
NOT_ASKED = Ask(to=UNSAID, extension=UNSAID, digits="0", state=LampState.UNKNOWN, value=UNSAID)
"""Stands for what nobody was asked yet: to know whether an action suits a row at all."""

CONSULTS = ("call.complete", "call.cancel")
_CALLS = tuple(id for id in VERBS if id.startswith("call.") and id not in ("call.dial", *CONSULTS))
_ON_THE_PHONE: Mapping[str, frozenset[LegState]] = {
    id: SUITS[VERBS[id]] | (SUITS[Verb.RESUME] if id == "call.hold" else frozenset())
    for id in _CALLS
}

Pointed = tuple[Verb, Aim | Refusal]


def pointed(
    id: str,
    chosen: Chosen,
    snapshot: Snapshot,
    *,
    own: str,
    paused: bool,
    dispatcher: Dispatcher | None = None,
) -> Pointed:
    """The action that a key means for a row, and what it is for: nothing has been asked yet.

    ``paused`` is whether an agent's row shows a pause. The ``dispatcher`` knows the attended
    transfers that it has sent.
    """
    verb, ask = VERBS[id], NOT_ASKED
    if id in CONSULTS:
        row = on_call(chosen, snapshot)
        if isinstance(row, Chosen) and isinstance(row.thing, Call):
            ask = Ask(consultation=consultation(row.thing, snapshot, dispatcher))
    if verb is Verb.PAUSE and paused:
        verb = Verb.UNPAUSE
    if verb is not Verb.HOLD:
        return verb, aim(verb, chosen, snapshot, ask=ask, own=own)
    row = on_call(chosen, snapshot)
    if isinstance(row, Refusal):
        return verb, row
    if _held(row):
        again = aim(Verb.RESUME, row, snapshot, ask=ask, own=own)
        if isinstance(again, Aim) or again.why is not Why.UNSUITED:
            return Verb.RESUME, again
    return verb, aim(verb, row, snapshot, ask=ask, own=own)


def _held(row: Chosen) -> bool:
    call = row.thing
    if not isinstance(call, Call):
        return False
    leg = leg_of(call, row.leg)
    if leg is not None:
        return leg.state is LegState.HELD
    return call.state is LegState.HELD or any(one.state is LegState.HELD for one in call.legs)


def meant(id: str, chosen: Chosen | None, paused: bool) -> Verb:
    """The action that a key means for a row, going by what the row shows alone."""
    verb = VERBS[id]
    if verb is Verb.PAUSE and paused:
        return Verb.UNPAUSE
    return Verb.RESUME if verb is Verb.HOLD and chosen is not None and _held(chosen) else verb


def suited(
    chosen: Chosen, snapshot: Snapshot, leg: LegState | None, own: str, dispatcher: Dispatcher
) -> list[str]:
    """The ids of the keys that act on a row in the state that it shows.

    ``leg`` is the state of the leg that is shown for a phone, if there is one.
    """
    thing = chosen.thing
    if isinstance(thing, Call):
        calls: Iterable[str] = [id for id in _CALLS if _suits(id, chosen, snapshot, own)]
        if _consults(thing, snapshot, dispatcher):
            calls = [*CONSULTS, *calls]
    else:
        calls = (id for id in _CALLS if leg is not None and leg in _ON_THE_PHONE[id])
    found = [*calls, "call.dial"]
    if isinstance(thing, Agent):
        found += ["agent.pause", "agent.login", "agent.logout"]
    elif isinstance(thing, Flow):
        found.append("flow.set")
    return found


def _consults(call: Call, snapshot: Snapshot, dispatcher: Dispatcher) -> bool:
    """Whether somebody is asked about a call, as far as this can be known at once."""
    if dispatcher.assumed.consultations(snapshot.site):
        return consultation(call, snapshot, dispatcher) is not None
    return within_one_call(call) is not None


def _suits(id: str, chosen: Chosen, snapshot: Snapshot, own: str) -> bool:
    _, aimed = pointed(id, chosen, snapshot, own=own, paused=False)
    return isinstance(aimed, Aim) or aimed.why is Why.NOT_SAID
