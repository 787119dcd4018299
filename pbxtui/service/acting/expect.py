"""What an action should bring about, so that the next readings tell whether it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from pbxtui.model import (
    Action,
    AgentState,
    Answer,
    Call,
    CancelTransfer,
    Capability,
    Certainty,
    CompleteTransfer,
    DeviceState,
    Dial,
    Hangup,
    Hold,
    Leg,
    LegState,
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
    Topic,
    Transfer,
)
from pbxtui.service.acting.legs import leg_of
from pbxtui.service.acting.newcomers import called, is_at, legs_at, to_call, to_join
from pbxtui.service.acting.people import (
    OVER,
    UP,
    ends,
    is_number,
    is_short,
    living,
    same_number,
)
from pbxtui.service.acting.reach import reach

POLLS = 3
"""Full readings after which an effect that was not seen counts as not observed."""
PER_KEY = 0.5
"""Seconds for each key of a number that the PBX presses on the phone (CAPTURED: 0.25, Atxfer)."""


class Observed(StrEnum):
    """Whether the effect of an action was seen."""

    OBSERVED = "observed"
    NOT_OBSERVED = "not_observed"
    NOT_OBSERVABLE = "not_observable"
    """This PBX does not show it."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What should be seen. ``seen`` is None where this PBX never shows it.

    ``words`` say the effect, as in "the call is over"; ``topic`` is the reading that shows it.
    ``shown`` is False where what the PBX shows is not all of it, so that the rest is assumed;
    ``consults`` is True where somebody is asked by it before a call is handed over. ``after`` is
    how many seconds it may take to begin: what is read before proves nothing. ``already`` is True
    where it was so at sending: then only what is read after the answer tells anything.
    """

    words: str
    topic: Topic = Topic.CALLS
    seen: Callable[[Snapshot], bool] | None = None
    shown: bool = True
    consults: bool = False
    after: float = 0.0
    already: bool = False


def expect(action: Action, before: Snapshot, capability: Capability) -> Expectation:
    """The effect of an action; ``before`` is the site as it was at sending."""
    found = _expect(action, before)
    if not capability.shown:
        return replace(found, seen=None, shown=False)
    return replace(found, already=found.seen is not None and found.seen(before))


def _expect(action: Action, before: Snapshot) -> Expectation:
    match action:
        case Hangup():
            what = "the leg is gone" if action.leg else "the call is over"
            return Expectation(what, seen=lambda now: _gone(action.call, action.leg, before, now))
        case Hold():
            return Expectation("it is held", seen=lambda now: _held(action, now))
        case Resume():
            held = _of(action, before)
            if held is not None and held.certainty is Certainty.ASSUMED:
                return Expectation("it talks again")
            return Expectation("it talks again", seen=lambda now: _resumed(action, now))
        case Transfer():
            return _transferred(action, before)
        case CompleteTransfer():
            return _completed(action, before)
        case CancelTransfer():
            return _cancelled(action, before)
        case Park():
            return Expectation("it is parked", seen=lambda now: _parked(action, before, now))
        case Retrieve():
            back = to_join(action.extension, action.call, before)
            words = f"{action.extension} rings, or has it back"
            return Expectation(words, seen=lambda now: bool(back.come(now)))
        case Answer():
            return _answered(action, before)
        case Dial():
            return _dialled(action, before)
        case Monitor():
            listening = to_join(action.extension, action.call, before)
            words = f"{action.extension} rings or listens"
            return Expectation(words, seen=lambda now: bool(listening.come(now)))
        case SendDtmf():
            return Expectation("the tones are sent")
        case Record():
            return Expectation("it is recorded" if action.on else "it is recorded no more")
        case PauseAgent():
            words = "the agent is paused" if action.paused else "the pause is over"
            return Expectation(words, Topic.QUEUES, lambda now: _paused(action, now))
        case LogAgent():
            words = "the agent is logged in" if action.in_ else "the agent is logged out"
            return Expectation(words, Topic.QUEUES, lambda now: _logged(action, now))
        case SetFlow():
            return Expectation("the flow is set", Topic.LAMPS, lambda now: _set(action, now))
        case OnDevice(reboot=True) if _off(action, before):
            return Expectation("the phone restarts", Topic.DEVICES)
        case OnDevice():
            return Expectation("the phone is off", Topic.DEVICES, lambda now: _off(action, now))


# --- calls ---------------------------------------------------------------------------------------


def _gone(id: str, leg: str, before: Snapshot, now: Snapshot) -> bool:
    """Lost is not yet gone: one more reading decides. Nor is who goes on in another call."""
    call, was = now.calls.get(id), before.calls.get(id)
    if call is not None and call.state is LegState.LOST:
        return False
    if not leg and call is not None and call.state is not LegState.ENDED:
        return False
    mine = {leg} if leg else {each.id for each in was.legs} if was is not None else set()
    return not mine & living(now.calls).keys()


def _of(action: Hold | Resume, now: Snapshot) -> Call | Leg | None:
    call = now.calls.get(action.call)
    return leg_of(call, action.leg) if call is not None and action.leg else call


def _held(action: Hold, now: Snapshot) -> bool:
    found = _of(action, now)
    if found is None or found.state is not LegState.HELD:
        return False
    return found.certainty is not Certainty.ASSUMED


def _resumed(action: Resume, now: Snapshot) -> bool:
    found = _of(action, now)
    return found is not None and found.state is LegState.TALKING


def _transferred(action: Transfer, before: Snapshot) -> Expectation:
    """A leg at the target; or, where outside lines are not shown, that whoever transfers left."""
    call = before.calls.get(action.call)
    if call is not None and not action.attended and _hidden(call, action.to, before):
        own = action.leg or next((end.leg.id for end in ends(call) if end.own and end.leg), "")
        words = "the phone that transfers is free"
        return Expectation(words, seen=lambda now: _gone(call.id, own, before, now), shown=False)
    second = _joined(action, before) if action.attended else None
    if second is not None:
        words = "the phone is free"
        return Expectation(words, seen=lambda now: _gone(action.call, second, before, now))
    reached = to_join(action.to, action.call, before)
    return Expectation(
        f"{action.to} rings or talks",
        seen=lambda now: bool(reached.come(now)),
        consults=action.attended and is_number(action.to),
        after=PER_KEY * len(action.to) if action.attended else 0.0,
    )


def _completed(action: CompleteTransfer, before: Snapshot) -> Expectation:
    """The phone is free, and those whose legs were shown are still there, on one call.

    That the others talk is only said where both are shown.
    """
    others = [id for id in (action.waiting, action.asked) if id]

    def seen(now: Snapshot) -> bool:
        live = living(now.calls)
        if {action.leg, action.second} & live.keys():
            return False
        here = [live[id] for id in others if id in live]
        together = len({call.id for call, _ in here}) <= 1
        return len(here) == len(others) and together and all(leg.state in UP for _, leg in here)

    by = before.calls.get(action.call)
    leg = leg_of(by, action.leg) if by is not None else None
    phone = leg.extension if leg is not None and leg.extension else "the phone"
    talk = " and the others talk" if len(others) > 1 else ""
    return Expectation(f"{phone} is free{talk}", seen=seen)


def _cancelled(action: CancelTransfer, before: Snapshot) -> Expectation:
    """Nobody is asked any more, and the phone and whoever waits are still there.

    Another phone of whoever is asked may still ring.
    """
    asked = {id for id in (action.asked, action.second) if id}
    staying = {id for id in (action.leg, action.waiting) if id}

    def seen(now: Snapshot) -> bool:
        live = living(now.calls)
        if asked & live.keys() or not staying <= live.keys():
            return False
        call = live[action.leg][0] if action.leg else now.calls.get(action.call)
        if call is None:
            return False
        rest = [leg for leg in call.legs if leg.id not in staying and leg.state not in OVER]
        return not any(is_at(leg, call, action.to) for leg in rest)

    known = bool(asked)
    return Expectation(f"{action.to or 'nobody'} is no longer asked", seen=seen if known else None)


def _hidden(call: Call, to: str, before: Snapshot) -> bool:
    """Whether a PBX that shows no legs of outside lines will not show this target."""
    outside = not is_short(to) and reach(to, before).inside is False
    return outside and any(end.leg is None for end in ends(call)) and bool(call.legs)


def _joined(action: Transfer, before: Snapshot) -> str | None:
    """The transferring leg, where the target talks to its phone already in another call."""
    call = before.calls.get(action.call)
    leg = leg_of(call, action.leg) if call is not None else None
    if leg is None or not leg.extension:
        return None
    for other in before.calls.values():
        mine = [each for each in other.legs if each.extension == leg.extension]
        up = any(each.state in UP for each in mine)
        if other.id == action.call or not up:
            continue
        by_leg = any(each.id == action.to for each in mine)
        if by_leg or any(same_number(e.party.number, action.to) for e in ends(other)):
            return leg.id
    return None


def _parked(action: Park, before: Snapshot, now: Snapshot) -> bool:
    call = now.calls.get(action.call)
    if call is not None and _is_parked(call):
        return True
    was = before.calls.get(action.call)
    return was is not None and any(
        _is_parked(other)
        and id not in before.calls
        and any(same_number(other.from_.number, end.party.number) for end in ends(was))
        for id, other in now.calls.items()
    )


def _is_parked(call: Call) -> bool:
    if call.over or call.certainty is Certainty.ASSUMED:
        return False
    return call.state is LegState.PARKED or any(
        leg.state is LegState.PARKED and leg.certainty is not Certainty.ASSUMED for leg in call.legs
    )


def _answered(action: Answer, before: Snapshot) -> Expectation:
    """The phone that answers talks; one that picks up is rung first, and so are those on it.

    Without a phone it is the leg that was told to answer, else whoever on the call.
    """
    at, was = action.extension, before.calls.get(action.call)
    talked = {leg.id for leg in was.legs if leg.state in UP} if was is not None else set()

    def answered(now: Snapshot) -> bool:
        call = now.calls.get(action.call)
        new = [leg for leg in call.legs if leg.state in UP and leg.id not in talked] if call else []
        if at and call is not None:
            return any(is_at(leg, call, at) for leg in new)
        return any(action.leg in ("", leg.id) for leg in new)

    rings = [call.id for call, _ in legs_at(at, before)] if at else []
    if not at or action.call in rings:
        return Expectation("it is answered", seen=answered)
    come = to_join(at, action.call, before)
    words = f"{at} rings or talks"
    return Expectation(words, seen=lambda now: answered(now) or bool(come.come(now)))


def _dialled(action: Dial, before: Snapshot) -> Expectation:
    """A new leg at the phone that dials, of a call that nothing says is another's."""
    come = to_call(action.from_, action.to, before)

    def seen(now: Snapshot) -> bool:
        return bool(come.come(now)) or called(action.from_, action.to, before, now)

    return Expectation("a new call is there", seen=seen)


# --- the house -----------------------------------------------------------------------------------


def _paused(action: PauseAgent, now: Snapshot) -> bool:
    agent = now.agents.get(action.agent)
    if agent is None:
        return False
    everywhere = agent.state is AgentState.PAUSED
    queues = {action.queue} if action.queue else set(agent.queues)
    if action.paused:
        return everywhere or (bool(queues) and queues <= set(agent.paused_in))
    return not everywhere and not queues & set(agent.paused_in)


def _logged(action: LogAgent, now: Snapshot) -> bool:
    agent = now.agents.get(action.agent) or next(
        (one for one in now.agents.values() if one.extension == action.agent), None
    )
    there = agent is not None and agent.state is not AgentState.LOGGED_OUT
    if there and action.queue and agent is not None:
        there = action.queue in agent.queues
    return there is action.in_


def _set(action: SetFlow, now: Snapshot) -> bool:
    flow = now.flows.get(action.flow)
    if flow is None:
        return False
    if action.state is not None and flow.state is not action.state:
        return False
    return action.value is None or flow.value == action.value


def _off(action: OnDevice, now: Snapshot) -> bool:
    device = now.devices.get(action.device)
    return device is None or device.state is not DeviceState.REGISTERED
