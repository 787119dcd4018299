"""Channels made into calls.

What the PBX says: channels with one Linkedid belong to one call, channels in one bridge hear each
other, a Hold event names the channel that puts the other side on hold, ParkedCalls and the queue
events name who waits where. What is INFERRED here, because Asterisk does not say it:

- *direction*: a call that a trunk began is inbound, one in which the PBX dialled a trunk is
  outbound, one between phones is internal. A leg is inbound when the PBX calls the phone (or a
  trunk calls the PBX), and outbound the other way round. Which device is a trunk is itself
  inferred, see :mod:`directory`.
- *from* and *to*: the first channel that was not dialled is the caller; the other end is whom it
  hears, else the queue it waits in, else the only one that rings, else whom it was connected to,
  else the number it has dialled.
- *ringing* of the caller's leg: while a channel of the same call rings.
- *talking* without a bridge: the channel is up and in the hands of the dialplan (a menu, an echo).
- *queued*, where the application is Queue and the events have not told of it.

The two halves of a Local channel are a link inside Asterisk: they are no legs, and the bridges
they join are shown as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pbxtui.backends.asterisk.channel import RING, RINGING, Channel, End
from pbxtui.backends.asterisk.channels import Channels
from pbxtui.backends.asterisk.directory import Directory
from pbxtui.model import (
    NOBODY,
    Call,
    Certainty,
    Direction,
    Leg,
    LegState,
    Party,
)

_ORDER = (
    LegState.HELD,
    LegState.PARKED,
    LegState.TALKING,
    LegState.QUEUED,
    LegState.RINGING,
    LegState.SETUP,
)
_CAUSES = {
    1: "no such number",
    3: "no route to that number",
    16: "hung up",
    17: "busy",
    18: "no answer from the phone",
    19: "not answered",
    20: "phone not registered",
    21: "rejected",
    22: "the number has changed",
    27: "phone out of order",
    28: "incomplete number",
    34: "no line free",
    38: "network out of order",
    42: "congestion",
    58: "not possible now",
    127: "hung up",
}
"""Q.850 causes as Asterisk gives them, in words."""

_NEVER_ANSWERED = frozenset({0, 16, 127})
_TALKED = frozenset({LegState.TALKING, LegState.HELD, LegState.PARKED})
ENDED_SHOWN = 5.0
"""Seconds for which an ended call is reported from the first time on, so that no list that is read
meanwhile makes it look lost."""

TOGETHER = 1.0
"""Seconds within which both sides of an answered call are up: their events come one by one."""


class CallBook:
    """The calls of one site, made anew where a channel has changed."""

    def __init__(self, site: str, channels: Channels, directory: Directory) -> None:
        self._site = site
        self._channels = channels
        self._directory = directory
        self._calls: dict[str, Call] = {}
        self._over: dict[str, tuple[Call, float]] = {}
        self._talked: set[str] = set()

    def calls(self, now: float) -> dict[str, Call]:
        """The calls as they stand, and those that ended within the last seconds."""
        channels = self._channels
        dirty, channels.dirty = channels.dirty, {}
        ends, channels.ends = channels.ends, {}
        for linkedid, touched in dirty.items():
            group = channels.group(linkedid)
            if any(not channel.aside for channel in group) or (group and linkedid not in ends):
                made = self._calls[linkedid] = self._make(linkedid, group, touched)
                if made.state in _TALKED:
                    self._talked.add(linkedid)
                self._over.pop(linkedid, None)
            else:
                before = self._calls.pop(linkedid, None)
                end = ends.get(linkedid)
                if before is not None and end is not None:
                    self._over[linkedid] = _ended(before, end, linkedid in self._talked), now
                self._talked.discard(linkedid)
        for linkedid, (_, told) in list(self._over.items()):
            if now - told > ENDED_SHOWN:
                del self._over[linkedid]
        return self._calls | {linkedid: call for linkedid, (call, _) in self._over.items()}

    def _make(self, linkedid: str, group: Sequence[Channel], now: float) -> Call:
        visible = [channel for channel in group if not channel.aside] or list(group)
        visible.sort(key=lambda c: (c.dialled, c.id != linkedid))
        bridges = _joined(group)
        rings = any(c.row.state == RINGING for c in visible)
        legs = tuple(self._leg(channel, bridges, rings, now) for channel in visible)
        told = _most_telling(legs)
        answered = _answered(visible, told.state)
        queue = next((c.queue for c in visible if c.queue), "")
        parked_at = next(
            (self._channels.parked[c.id].name for c in visible if c.id in self._channels.parked), ""
        )
        to = _other_end(visible, legs, told.state, queue)
        return Call(
            self._site,
            linkedid,
            told.state,
            told.certainty,
            self._direction(visible),
            visible[0].row.caller,
            to,
            _first(visible),
            answered,
            _since(legs, told, answered),
            None,
            queue,
            parked_at,
            "",
            legs,
        )

    def _leg(self, channel: Channel, bridges: dict[str, str], rings: bool, now: float) -> Leg:
        state, certainty = self._state(channel, rings)
        self._date(channel, state, now)
        extension = self._directory.extension(channel.device)
        row = channel.row
        inward = channel.called if extension else not channel.called
        if channel.called:
            from_, to = row.connected, row.caller
        else:
            from_, to = row.caller, _dialled(channel)
        return Leg(
            channel.id,
            state,
            certainty,
            Direction.INBOUND if inward else Direction.OUTBOUND,
            from_,
            to,
            extension,
            channel.device,
            row.name,
            "" if state is LegState.PARKED else bridges.get(channel.bridge, channel.bridge),
            channel.started,
            channel.answered,
            channel.since,
        )

    def _state(self, channel: Channel, rings: bool) -> tuple[LegState, Certainty]:
        channels, state = self._channels, channel.row.state
        if channel.id in channels.parked:
            return LegState.PARKED, Certainty.SEEN
        if not channel.up:
            if state == RINGING:
                return LegState.RINGING, Certainty.SEEN
            if state == RING and rings:
                return LegState.RINGING, Certainty.INFERRED
            return LegState.SETUP, Certainty.SEEN
        if channel.held is not None:
            return LegState.HELD, channel.held.certainty
        if channel.bridge:
            return LegState.TALKING, Certainty.SEEN
        if channel.id in channels.waiting:
            return LegState.QUEUED, Certainty.SEEN
        if channel.application == "Queue":
            return LegState.QUEUED, Certainty.INFERRED
        if rings and not channel.dialled:
            return LegState.RINGING, Certainty.INFERRED
        return LegState.TALKING, Certainty.INFERRED

    def _date(self, channel: Channel, state: LegState, now: float) -> None:
        """Note since when the state is that; at first sight only what the PBX proves."""
        if channel.shown is state:
            return
        first = channel.shown is None
        before, channel.shown = channel.shown, state
        channels = self._channels
        if state is LegState.PARKED:
            channel.since = channels.parked[channel.id].since
        elif state is LegState.HELD and channel.held is not None:
            channel.since = channel.held.since
        elif state is LegState.QUEUED:
            spot = channels.waiting.get(channel.id)
            channel.since = spot.since if spot is not None else channel.answered
        elif state is LegState.TALKING and (first or _picked_up(channel, before)):
            channel.since = channel.answered
        elif first:
            channel.since = channel.started
        else:
            channel.since = now

    def _direction(self, visible: Sequence[Channel]) -> Direction:
        outside = [c for c in visible if not self._directory.is_phone(c.device)]
        if any(not channel.called for channel in outside):
            return Direction.INBOUND
        return Direction.OUTBOUND if outside else Direction.INTERNAL


def _picked_up(channel: Channel, before: LegState | None) -> bool:
    """Whether it talks because it was answered just now.

    Somebody who had been answered before may hear it ring again: from a queue, from a parking space
    that calls back, after a transfer.
    """
    if before not in (LegState.RINGING, LegState.SETUP):
        return False
    answered, since = channel.answered, channel.since
    return answered is None or since is None or answered >= since


def _since(legs: Sequence[Leg], told: Leg, answered: float | None) -> float | None:
    """Since when the call is so: it talks since the last of those who talk came to it."""
    if told.state is not LegState.TALKING:
        return told.since
    came = [leg.since for leg in legs if leg.state is LegState.TALKING and leg.since is not None]
    last = max(came, default=answered)
    together = answered is not None and last is not None and abs(last - answered) < TOGETHER
    return answered if together else last


def _joined(group: Sequence[Channel]) -> dict[str, str]:
    """For each bridge that a Local pair joins to another: the name they share."""
    names: dict[str, str] = {}

    def root(bridge: str) -> str:
        while names.get(bridge, bridge) != bridge:
            bridge = names[bridge]
        return bridge

    halves: dict[str, str] = {}
    for channel in group:
        if channel.local and channel.bridge:
            link = channel.row.name.rpartition(";")[0]
            other = halves.setdefault(link, channel.bridge)
            first, second = sorted((root(other), root(channel.bridge)))
            names[second] = first
    return {bridge: root(bridge) for bridge in names}


def _dialled(channel: Channel) -> Party:
    if channel.row.connected is not NOBODY:
        return channel.row.connected
    exten = channel.row.exten
    return Party(exten) if exten and exten != "s" else NOBODY


def _most_telling(legs: Sequence[Leg]) -> Leg:
    """The leg whose state is the call's: two who talk, else whoever waits."""
    talking: dict[str, Leg] = {}
    for leg in legs:
        if leg.state is LegState.TALKING and leg.bridge:
            if leg.bridge in talking:
                return talking[leg.bridge]
            talking[leg.bridge] = leg
    return min(legs, key=lambda leg: _ORDER.index(leg.state))


def _other_end(
    visible: Sequence[Channel], legs: Sequence[Leg], state: LegState, queue: str
) -> Party:
    """Whom the caller hears, else waits for, else rings, else was last connected to or dialled."""
    caller, others = visible[0], visible[1:]
    for channel, leg in zip(others, legs[1:], strict=True):
        if leg.bridge and leg.bridge == legs[0].bridge:
            return channel.row.caller
    exten = caller.row.exten if caller.row.exten != "s" else ""
    if state is LegState.QUEUED:
        return Party(exten, queue)
    ringing = [channel for channel in others if channel.row.state == RINGING]
    if len(ringing) == 1:
        return ringing[0].row.caller
    connected = caller.row.connected
    if connected is not NOBODY and connected != caller.row.caller:
        return connected
    if exten:
        return Party(exten)
    return others[0].row.caller if others else NOBODY


def _answered(visible: Sequence[Channel], state: LegState) -> float | None:
    """When the talk began: when the first who was called picked up."""
    if state in (LegState.SETUP, LegState.RINGING, LegState.QUEUED):
        return None
    called = [c for c in visible[1:] if c.up]
    times = [c.answered for c in called or visible[:1] if c.answered is not None]
    return min(times, default=None)


def _first(visible: Sequence[Channel]) -> float | None:
    return min((c.started for c in visible if c.started is not None), default=None)


def _ended(call: Call, end: End, talked: bool) -> Call:
    """A call that is over. ``talked`` is whether anybody had talked on it, as before a transfer."""
    if end.moved_to:
        reason = "went on as part of another call"
    elif (
        call.state in (LegState.SETUP, LegState.RINGING)
        and end.cause in _NEVER_ANSWERED
        and call.answered is None
        and not talked
    ):
        reason = "given up before an answer"
    else:
        reason = _CAUSES.get(end.cause) or (end.words.lower() if end.cause else "hung up")
    legs = tuple(
        replace(leg, state=LegState.ENDED, certainty=Certainty.SEEN, since=end.at, bridge="")
        for leg in call.legs
    )
    return replace(
        call,
        state=LegState.ENDED,
        certainty=Certainty.SEEN,
        since=end.at,
        ended=end.at,
        parked_at="",
        reason=reason,
        legs=legs,
    )
