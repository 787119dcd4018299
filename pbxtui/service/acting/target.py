"""From the row that was chosen at the key press to the action: which call, and which leg of it.

The row is kept as it was shown then; :mod:`recheck` compares it with what is true at sending. A
leg that cannot be told for certain is not guessed: the answer is to choose one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pbxtui.model import (
    Action,
    Agent,
    Answer,
    Call,
    Caller,
    CancelTransfer,
    CompleteTransfer,
    Device,
    Dial,
    Flow,
    Hangup,
    Hold,
    Lamp,
    LampState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    PauseAgent,
    Queue,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    SetFlow,
    Snapshot,
    Thing,
    Transfer,
    Verb,
)
from pbxtui.service.acting.consulting import Consultation, by_legs
from pbxtui.service.acting.legs import SUITS, leg_of, resolve
from pbxtui.service.acting.people import ends, label, lone_phone, party_of, same_number
from pbxtui.service.acting.refusal import Refusal, Why

ON_CALLS = frozenset(
    {
        *(Verb.HOLD, Verb.RESUME, Verb.HANGUP, Verb.TRANSFER, Verb.ATTENDED, Verb.PARK),
        *(Verb.COMPLETE, Verb.CANCEL, Verb.RETRIEVE, Verb.ANSWER),
        *(Verb.DTMF, Verb.RECORD, Verb.MONITOR),
    }
)
"""The actions upon a live call."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row, and what it showed when it was chosen. ``leg`` is set where the row is a leg's."""

    thing: Thing
    leg: str = ""

    @property
    def site(self) -> str:
        return self.thing.site


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the reader has said beside the row; see the actions of the model."""

    to: str = ""
    extension: str = ""
    """The phone of the house that dials, answers, takes back or listens."""
    digits: str = ""
    on: bool = True
    how: Listening = Listening.LISTEN
    queue: str = ""
    reason: str = ""
    state: LampState | None = None
    value: str | None = None
    consultation: Consultation | None = None
    """Which attended transfer is completed or cancelled, where the legs alone do not tell."""


@dataclass(frozen=True, slots=True)
class Aim:
    """An action, and the row that it is for; None for dialling, which is for no row."""

    action: Action
    chosen: Chosen | None = None


NOTHING = Ask()


def aim(
    verb: Verb, chosen: Chosen, snapshot: Snapshot, *, ask: Ask = NOTHING, own: str = ""
) -> Aim | Refusal:
    """The action for a row. ``own`` is the operator's extension at the site, maybe empty."""
    if verb is Verb.DIAL:
        return dial(chosen.site, ask.to or number_of(chosen), ask.extension or own)
    if verb in (Verb.COMPLETE, Verb.CANCEL):
        return _end_consultation(verb, chosen, snapshot, ask)
    if verb in ON_CALLS:
        row = on_call(chosen, snapshot)
        return row if isinstance(row, Refusal) else _for_call(verb, row, ask, own)
    return _for_house(verb, chosen, ask)


def dial(site: str, to: str, from_: str) -> Aim | Refusal:
    """The action that dials, from a phone of the house."""
    if not to.strip():
        return Refusal(Why.NOT_SAID, "there is no number to dial: type one")
    if not from_.strip():
        return _no_phone("dials", site)
    return Aim(Dial(site=site, from_=from_.strip(), to=to.strip()))


def _no_phone(does: str, site: str) -> Refusal:
    return Refusal(
        Why.NOT_SAID,
        f'it is not said which phone {does}: set extension = "…" for {site} in the config',
    )


def number_of(chosen: Chosen) -> str:
    """The number that a row stands for, to be dialled; may be empty."""
    match chosen.thing:
        case Call() as call:
            leg = leg_of(call, chosen.leg)
            if leg is not None:
                return party_of(leg, call).number
            outside = [end for end in ends(call) if not end.own]
            return outside[0].party.number if outside else call.from_.number
        case Device() | Lamp() | Agent() as phone:
            return phone.extension
        case Flow() as flow:
            return flow.number
    return ""


def caller(queue: Queue, waiting: Caller, snapshot: Snapshot) -> Chosen | Refusal:
    """The row of somebody who waits in a queue, as the call it is."""
    call = snapshot.calls.get(waiting.call)
    if call is None:
        who = label(waiting.party)
        return Refusal(
            Why.NOT_SAID,
            f"{queue.site} does not say which call {who} is: choose it among the calls",
        )
    return Chosen(call)


def on_call(chosen: Chosen, snapshot: Snapshot) -> Chosen | Refusal:
    """The call that a row is about: of a phone's row, the only one that the phone is on."""
    thing = chosen.thing
    if isinstance(thing, Call):
        return chosen
    if isinstance(thing, Queue | Flow) or not thing.extension:
        return Refusal(Why.UNSUITED, "this row is no call: choose a call")
    found = [
        Chosen(call, leg.id)
        for call in snapshot.calls.values()
        for leg in call.legs
        if leg.extension == thing.extension and leg.state in SUITS[Verb.HANGUP]
    ]
    if len(found) == 1:
        return found[0]
    count = f"{len(found)} calls" if found else "no call that is shown"
    what = "choose one of them" if found else "there is nothing to act on"
    return Refusal(Why.UNSUITED, f"{thing.extension} is on {count}: {what}")


# --- calls ---------------------------------------------------------------------------------------


def _for_call(verb: Verb, row: Chosen, ask: Ask, own: str) -> Aim | Refusal:
    call = row.thing
    assert isinstance(call, Call)
    if call.over:
        return Refusal(Why.GONE, "the call is over")
    to = ask.to.strip()
    if verb in (Verb.TRANSFER, Verb.ATTENDED) and not to:
        return Refusal(Why.NOT_SAID, "there is no number to transfer to: type one")
    if verb is Verb.DTMF and not ask.digits.strip():
        return Refusal(Why.NOT_SAID, "there are no tones to send: type some")
    leg = resolve(verb, call, row.leg, own)
    if isinstance(leg, Refusal):
        return leg
    if verb in (Verb.TRANSFER, Verb.ATTENDED) and _is_at(leg, call, to):
        return Refusal(Why.UNSUITED, f"{to} is the phone that transfers: choose somebody else")
    calling = lone_phone(call) if verb is Verb.ANSWER and own else None
    if calling is not None and not same_number(calling.number, own):
        words = f"{label(calling)} calls, and no other phone rings: there is nothing to answer"
        return Refusal(Why.UNSUITED, words)
    phone = (ask.extension or own).strip()
    if not phone:
        does = {Verb.RETRIEVE: "takes the call back", Verb.MONITOR: "listens"}.get(verb, "")
        if verb is Verb.ANSWER and not leg:
            does = "answers"
        if does:
            return _no_phone(does, call.site)
    return Aim(_MAKERS[verb](call.site, call.id, leg, ask, phone), row)


def _is_at(id: str, call: Call, number: str) -> bool:
    """Whether a number is that of the phone whose leg it is."""
    leg = leg_of(call, id)
    return leg is not None and same_number(party_of(leg, call).number, number)


def _end_consultation(verb: Verb, chosen: Chosen, snapshot: Snapshot, ask: Ask) -> Aim | Refusal:
    """Complete or cancel a consultation: the action is for the call of the phone that transfers."""
    row = on_call(chosen, snapshot)
    if isinstance(row, Refusal):
        return row
    call = row.thing
    assert isinstance(call, Call)
    found = ask.consultation or by_legs(call, snapshot.calls)
    if found is None:
        return Refusal(
            Why.UNSUITED,
            f"no attended transfer of this call is under way, as far as is shown: there is "
            f"nothing to {verb.value}",
        )
    action = CompleteTransfer if verb is Verb.COMPLETE else CancelTransfer
    made = action(
        site=found.call.site,
        call=found.call.id,
        leg=found.leg,
        to=found.to.number,
        asked=found.asked,
        waiting=found.waits,
        second=found.second,
    )
    return Aim(made, Chosen(found.call, found.leg))


_Maker = Callable[[str, str, str, Ask, str], Action]
_MAKERS: Mapping[Verb, _Maker] = {
    Verb.HOLD: lambda s, c, g, ask, own: Hold(site=s, call=c, leg=g),
    Verb.RESUME: lambda s, c, g, ask, own: Resume(site=s, call=c, leg=g),
    Verb.HANGUP: lambda s, c, g, ask, own: Hangup(site=s, call=c, leg=g),
    Verb.TRANSFER: lambda s, c, g, ask, own: Transfer(site=s, call=c, leg=g, to=ask.to.strip()),
    Verb.ATTENDED: lambda s, c, g, ask, own: Transfer(
        site=s, call=c, leg=g, to=ask.to.strip(), attended=True
    ),
    Verb.PARK: lambda s, c, g, ask, own: Park(site=s, call=c, leg=g),
    Verb.RETRIEVE: lambda s, c, g, ask, own: Retrieve(site=s, call=c, leg=g, extension=own),
    Verb.ANSWER: lambda s, c, g, ask, own: Answer(site=s, call=c, leg=g, extension=own),
    Verb.DTMF: lambda s, c, g, ask, own: SendDtmf(site=s, call=c, leg=g, digits=ask.digits),
    Verb.RECORD: lambda s, c, g, ask, own: Record(site=s, call=c, leg=g, on=ask.on),
    Verb.MONITOR: lambda s, c, g, ask, own: Monitor(
        site=s, call=c, leg=g, extension=own, how=ask.how
    ),
}


# --- agents, flows, phones -----------------------------------------------------------------------


def _for_house(verb: Verb, chosen: Chosen, ask: Ask) -> Aim | Refusal:
    thing, wanted = chosen.thing, _HOUSE.get(verb)
    if wanted is None or not isinstance(thing, wanted[0]):
        kind = wanted[1] if wanted is not None else "of this kind"
        return Refusal(Why.UNSUITED, f"this row is not {kind}: choose one")
    if verb is Verb.FLOW and ask.state is None and ask.value is None:
        return Refusal(Why.NOT_SAID, "neither a state nor a value is given: choose one")
    return Aim(_in_house(verb, chosen.site, thing.id, ask), chosen)


_HOUSE: Mapping[Verb, tuple[type[Agent | Flow | Device], str]] = {
    **dict.fromkeys((Verb.PAUSE, Verb.UNPAUSE, Verb.LOGIN, Verb.LOGOUT), (Agent, "an agent")),
    Verb.FLOW: (Flow, "a flow"),
    **dict.fromkeys((Verb.UNREGISTER, Verb.REBOOT), (Device, "a phone")),
}


def _in_house(verb: Verb, site: str, id: str, ask: Ask) -> Action:
    match verb:
        case Verb.PAUSE | Verb.UNPAUSE:
            paused = verb is Verb.PAUSE
            reason = ask.reason if paused else ""
            return PauseAgent(site=site, agent=id, queue=ask.queue, paused=paused, reason=reason)
        case Verb.LOGIN | Verb.LOGOUT:
            return LogAgent(site=site, agent=id, queue=ask.queue, in_=verb is Verb.LOGIN)
        case Verb.FLOW:
            return SetFlow(site=site, flow=id, state=ask.state, value=ask.value)
        case _:
            return OnDevice(site=site, device=id, reboot=verb is Verb.REBOOT)


def unaimed(
    verb: Verb, site: str, id: str, *, leg: str = "", ask: Ask = NOTHING, own: str = ""
) -> Action:
    """The action for something that is only named: what it is refused by, and the journal has.

    ``own`` is the operator's extension at the site, maybe empty.
    """
    phone = (ask.extension or own).strip()
    if verb is Verb.DIAL:
        return Dial(site=site, from_=phone, to=ask.to.strip())
    if verb is Verb.COMPLETE:
        return CompleteTransfer(site=site, call=id, leg=leg)
    if verb is Verb.CANCEL:
        return CancelTransfer(site=site, call=id, leg=leg)
    if verb in ON_CALLS:
        return _MAKERS[verb](site, id, leg, ask, phone)
    return _in_house(verb, site, id, ask)
