"""Whether the row that was chosen is still what it was: nothing is sent to what has changed."""

from __future__ import annotations

from pbxtui.model import (
    Action,
    Agent,
    Call,
    CompleteTransfer,
    Device,
    Dial,
    Flow,
    LegState,
    LogAgent,
    OnConsultation,
    OnDevice,
    PauseAgent,
    SetFlow,
    Snapshot,
    clean,
)
from pbxtui.service.acting.legs import SUITS, leg_of
from pbxtui.service.acting.people import (
    NAME_LIMIT,
    Phase,
    ends,
    label,
    listed,
    living,
    party_of,
    phase_of,
    same_number,
)
from pbxtui.service.acting.permission import verb_of
from pbxtui.service.acting.refusal import Refusal, Why
from pbxtui.service.acting.target import Chosen

_NOTHING = "nothing was sent"
_OTHER = f"{_NOTHING}: the action is not for the row that was chosen"


def witness(action: Action, snapshot: Snapshot) -> Chosen | Refusal | None:
    """What an action is for as it is now; None for dialling, which is for no row."""
    match action:
        case Dial():
            return None
        case PauseAgent() | LogAgent():
            agent = snapshot.agents.get(action.agent)
            if agent is None and isinstance(action, LogAgent) and action.in_:
                return None
            found: Agent | Flow | Device | Call | None = agent
            kind, id = "agent", action.agent
        case SetFlow():
            found, kind, id = snapshot.flows.get(action.flow), "flow", action.flow
        case OnDevice():
            found, kind, id = snapshot.devices.get(action.device), "phone", action.device
        case _:
            found, kind, id = snapshot.calls.get(action.call), "call", action.call
            if isinstance(found, Call) and action.leg and leg_of(found, action.leg) is None:
                return Refusal(Why.GONE, f"{_NOTHING}: the call has no leg {_cut(action.leg)}")
            if isinstance(found, Call):
                return Chosen(found, action.leg)
    if found is None:
        site = _cut(snapshot.site)
        return Refusal(Why.GONE, f"{_NOTHING}: {site} shows no {kind} {_cut(id)}; read again")
    return Chosen(found)


def recheck(action: Action, chosen: Chosen | None, snapshot: Snapshot) -> Refusal | None:
    """Why an action must not be sent any more; None when its target is what it was."""
    if chosen is None:
        return None
    match action:
        case Dial():
            return None
        case PauseAgent() | LogAgent():
            return _same_phone(chosen, snapshot.agents.get(action.agent), "agent")
        case OnDevice():
            return _same_phone(chosen, snapshot.devices.get(action.device), "phone")
        case SetFlow():
            return _same_flow(chosen, snapshot.flows.get(action.flow))
    then, now = chosen.thing, snapshot.calls.get(action.call)
    if not isinstance(then, Call) or then.id != action.call or chosen.leg not in ("", action.leg):
        return Refusal(Why.CHANGED, _OTHER)
    if now is None or now.over:
        return Refusal(Why.GONE, f"{_NOTHING}: the call is over")
    return (
        _same_consultation(action, snapshot)
        or _same_call(then, now)
        or _same_leg(action.leg, then, now)
        or _suits(action, now)
    )


def no_longer(chosen: Chosen, snapshot: Snapshot) -> str:
    """Why nothing can be done any more to the row that was chosen; empty while it is as it was."""
    then = chosen.thing
    match then:
        case Call():
            now = snapshot.calls.get(then.id)
            if now is not None and now.state is LegState.LOST:
                return "the PBX lists the call no more"
            if now is None or now.over:
                return "the call is over"
            changed = _same_call(then, now) or _same_leg(chosen.leg, then, now)
        case Agent():
            changed = _same_phone(chosen, snapshot.agents.get(then.id), "agent")
        case Device():
            changed = _same_phone(chosen, snapshot.devices.get(then.id), "phone")
        case Flow():
            changed = _same_flow(chosen, snapshot.flows.get(then.id))
        case _:
            changed = None
    return changed.words.removeprefix(f"{_NOTHING}: ") if changed is not None else ""


def _cut(text: str) -> str:
    return clean(text, NAME_LIMIT)


def _same_call(then: Call, now: Call) -> Refusal | None:
    """Whether the same people are on a call in the same way."""
    phase = phase_of(now.state)
    if phase is not phase_of(then.state):
        return Refusal(
            Why.CHANGED, f"{_NOTHING}: the call was {then.state} and is {now.state} now; look again"
        )
    if phase is Phase.TALKING:
        before, present = _on(then), _on(now)
        same = before.keys() == present.keys() and all(
            _same_or_unknown(number, present[id]) for id, number in before.items()
        )
    else:
        same = _same_or_unknown(then.from_.number, now.from_.number)
    if same:
        return None
    people = listed([label(end.party) for end in ends(now) if end.up]) or label(now.from_)
    return Refusal(
        Why.CHANGED, f"{_NOTHING}: somebody else is on the call now, {people}; look again"
    )


def _on(call: Call) -> dict[str, str]:
    """The numbers of those who talk on a call, by their legs; by themselves without a leg."""
    return {
        f"leg {end.leg.id}" if end.leg is not None else f"number {end.party.number[-9:]}": (
            end.party.number
        )
        for end in ends(call)
        if end.up
    }


def _same_or_unknown(then: str, now: str) -> bool:
    return not then or not now or same_number(then, now)


def _same_leg(id: str, then: Call, now: Call) -> Refusal | None:
    if not id:
        return None
    before, present = leg_of(then, id), leg_of(now, id)
    if before is None or present is None or phase_of(present.state) is Phase.OVER:
        who = label(party_of(before, then)) if before is not None else "that was chosen"
        return Refusal(Why.GONE, f"{_NOTHING}: the leg of {who} is gone")
    was, is_ = party_of(before, then), party_of(present, now)
    if phase_of(before.state) is not phase_of(present.state):
        words = f"the leg of {label(was)} was {before.state} and is {present.state} now"
        return Refusal(Why.CHANGED, f"{_NOTHING}: {words}; look again")
    if not _same_or_unknown(was.number, is_.number):
        words = f"the leg of {label(was)} is that of {label(is_)} now"
        return Refusal(Why.CHANGED, f"{_NOTHING}: {words}; look again")
    return None


def _suits(action: Action, now: Call) -> Refusal | None:
    leg = leg_of(now, getattr(action, "leg", ""))
    allowed = SUITS.get(verb_of(action))
    if leg is None or allowed is None or leg.state in allowed:
        return None
    who = label(party_of(leg, now))
    return Refusal(Why.CHANGED, f"{_NOTHING}: {who} is {leg.state} now; look again")


def _same_consultation(action: Action, snapshot: Snapshot) -> Refusal | None:
    """Whether whoever is asked, and whoever waits, are still there, and the first has answered."""
    if not isinstance(action, OnConsultation):
        return None
    live = living(snapshot.calls)
    who = _cut(action.to) or "whoever was asked"
    for id, words in (
        (action.second, "the phone asks nobody any more"),
        (action.asked, f"{who} is not asked any more"),
        (action.waiting, "nobody waits for the phone any more"),
    ):
        if id and id not in live:
            return Refusal(Why.GONE, f"{_NOTHING}: {words}; look again")
    if not action.asked:
        return None
    call, asked = live[action.asked]
    if not any(leg.id == (action.second or action.leg) for leg in call.legs):
        return Refusal(Why.CHANGED, f"{_NOTHING}: the phone does not ask {who} any more")
    if isinstance(action, CompleteTransfer) and phase_of(asked.state) is not Phase.TALKING:
        return Refusal(
            Why.UNSUITED, f"{_NOTHING}: {who} has not answered yet; wait, or cancel the transfer"
        )
    if not _same_or_unknown(action.to, party_of(asked, call).number):
        words = f"it is {label(party_of(asked, call))} who is asked now"
        return Refusal(Why.CHANGED, f"{_NOTHING}: {words}; look again")
    return None


def _same_phone(chosen: Chosen, now: Agent | Device | None, kind: str) -> Refusal | None:
    then = chosen.thing
    if now is None:
        return Refusal(Why.GONE, f"{_NOTHING}: the {kind} is no longer shown")
    if not isinstance(then, Agent | Device) or type(then) is not type(now) or then.id != now.id:
        return Refusal(Why.CHANGED, _OTHER)
    if then.extension != now.extension:
        words = f"the {kind} was at {_cut(then.extension)} and is at {_cut(now.extension)} now"
        return Refusal(Why.CHANGED, f"{_NOTHING}: {words}; look again")
    return None


def _same_flow(chosen: Chosen, now: Flow | None) -> Refusal | None:
    then = chosen.thing
    if now is None:
        return Refusal(Why.GONE, f"{_NOTHING}: the flow is no longer shown")
    if not isinstance(then, Flow) or then.id != now.id:
        return Refusal(Why.CHANGED, _OTHER)
    if (then.state, then.value) != (now.state, now.value):
        words = f"somebody has set it to {now.state} {_cut(now.value)}".rstrip()
        return Refusal(Why.CHANGED, f"{_NOTHING}: {words}; look again")
    return None
