"""What is known of a number before it is rung: whose it is, whether it can be reached, is it busy.

All of it from one snapshot. What the PBX does not show is said to be not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pbxtui.model import (
    Device,
    DeviceState,
    Lamp,
    LampState,
    LegState,
    Party,
    Snapshot,
    clean,
)
from pbxtui.service.acting.people import (
    NAME_LIMIT,
    UP,
    WAITING,
    is_short,
    label,
    plain,
    same_number,
    short,
)

BEST = (
    DeviceState.REGISTERED,
    DeviceState.UNREACHABLE,
    DeviceState.UNREGISTERED,
    DeviceState.UNKNOWN,
)
"""Of several phones at one number the one that counts first."""
_BUSY = {
    LampState.IN_USE: "on a call",
    LampState.BUSY: "busy",
    LampState.RINGING: "ringing",
    LampState.RINGING_IN_USE: "on a call and ringing",
    LampState.ON_HOLD: "with a call on hold",
}

_CHANNEL = re.compile(r"\w+/\S+")
"""A phone as the PBX names it: ``PJSIP/447``."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A number before it is rung.

    ``party`` is whose it is, ``words`` what is known of it without its number, ``warning`` a
    sentence where it will most likely not be answered; ``inside`` is None where nobody knows.
    """

    party: Party
    words: str
    warning: str = ""
    inside: bool | None = None

    def __str__(self) -> str:
        return f"{short(self.party)} {self.words}"


def reach(number: str, snapshot: Snapshot) -> Reach:
    """What is known of a number at a site."""
    asked = clean(number, NAME_LIMIT)
    devices = [d for d in snapshot.devices.values() if _is(d.extension, number)]
    lamps = [lamp for lamp in snapshot.lamps.values() if _is(lamp.extension, number)]
    agents = [agent for agent in snapshot.agents.values() if _is(agent.extension, number)]
    on = list(_on_calls(number, snapshot))
    if not (devices or lamps or agents or on):
        return _stranger(asked, snapshot)
    names = [
        *(agent.name for agent in agents),
        *(device.name for device in devices),
        *(lamp.name for lamp in lamps),
        *(party.name for party, _ in on),
    ]
    party = Party(asked, next((name for name in names if names_somebody(name, asked)), ""))
    who = label(party)
    registered, off = _registered(devices)
    busy, warning = _busy(lamps, on, who)
    if off:
        warning = f"{who} is off: {off}"
    return Reach(party, f"{registered}, {busy}", warning, True)


def name_of(party: Party, snapshot: Snapshot) -> Party:
    """A party with the name that the site has for its number, where it brings none itself."""
    if party.name or not party.number:
        return party
    found = reach(party.number, snapshot)
    return Party(party.number, found.party.name) if found.inside else party


def _is(extension: str, number: str) -> bool:
    return bool(extension) and (
        extension == number
        or (
            extension[-1] == number[-1:] and plain(extension).casefold() == plain(number).casefold()
        )
    )


def names_somebody(name: str, number: str) -> bool:
    """Whether a name says more than the number, and is no channel's."""
    return bool(name) and name != number and not _CHANNEL.fullmatch(name)


def _on_calls(number: str, snapshot: Snapshot) -> Iterable[tuple[Party, LegState]]:
    """The legs at an extension that are not over: whose, and in which state."""
    for call in snapshot.calls.values():
        for leg in call.legs:
            if _is(leg.extension, number) and leg.state in UP | WAITING:
                sides = (s for s in (leg.from_, leg.to) if same_number(s.number, number))
                yield next(sides, Party(number)), leg.state


def _stranger(number: str, snapshot: Snapshot) -> Reach:
    queue = next((q for q in snapshot.queues.values() if number in (q.id, q.name)), None)
    if queue is not None:
        waiting = "not known" if queue.callers is None else str(len(queue.callers))
        ready = "not known" if queue.available is None else str(queue.available)
        party = Party(number, queue.name)
        return Reach(party, f"is a queue, waiting: {waiting}, agents ready: {ready}", "", True)
    flow = next((f for f in snapshot.flows.values() if number in (f.id, f.number)), None)
    if flow is not None:
        return Reach(Party(number, flow.name), "is a switch of the call routing", "", True)
    if not is_short(number):
        return Reach(Party(number), "is outside, whether it answers is not known", "", False)
    site = clean(snapshot.site, NAME_LIMIT)
    warning = ""
    if any(d.extension for d in snapshot.devices.values()) or snapshot.lamps:
        warning = f"{number} is no phone that {site} shows"
    return Reach(Party(number), f"is not known: {site} shows no state of it", warning)


def _registered(devices: Iterable[Device]) -> tuple[str, str]:
    """Whether a phone can be reached, in words; and why it is off, where it surely is."""
    states = {device.state for device in devices}
    state = next((best for best in BEST if best in states), None)
    if state is DeviceState.REGISTERED:
        return "is registered", ""
    if state is DeviceState.UNREACHABLE:
        return "cannot be reached", "its phone does not answer the PBX"
    if state is DeviceState.UNREGISTERED:
        return "is not registered", "its phone is not registered"
    return "is perhaps registered (not known)", ""


def _busy(lamps: Iterable[Lamp], on: Iterable[tuple[Party, LegState]], who: str) -> tuple[str, str]:
    """What a phone is doing, in words; and a warning, where it will not take a call."""
    states = [lamp.state for lamp in lamps]
    if LampState.DND in states:
        return "on do not disturb", f"{who} is on do not disturb"
    legs = [state for _, state in on]
    if any(state in UP for state in legs):
        return "on a call", f"{who} is on a call"
    if legs:
        return "ringing", f"{who} is ringing already"
    for state in states:
        if state in _BUSY:
            return _BUSY[state], f"{who} is {_BUSY[state]}"
    if LampState.UNAVAILABLE in states:
        return "its lamp is off", f"{who} is off: its lamp says unavailable"
    if LampState.IDLE in states:
        return "idle", ""
    return "on no call that is shown", ""
