"""Channels as legs of the model: their states, their ends, since when."""

from __future__ import annotations

from collections.abc import Sequence

from pbxtui.backends.mirta.channels import Channel
from pbxtui.backends.mirta.directory import Directory
from pbxtui.model import NOBODY, Certainty, Direction, LegState, Party

_SETUP, _RINGING, _TALKING = LegState.SETUP, LegState.RINGING, LegState.TALKING
_QUEUED, _PARKED = LegState.QUEUED, LegState.PARKED
_SEEN, _INFERRED = Certainty.SEEN, Certainty.INFERRED

_ON_THE_WAY = frozenset({"Down", "Rsrvd", "OffHook", "Dialing", "Pre-ring", "Dialing Offhook"})

_TELLING = (_TALKING, _PARKED, _QUEUED, _RINGING, _SETUP)
"""Of several legs, the state of the call is the first of these."""

Stated = tuple[LegState, Certainty, str]
"""A state, how it is known, and what is odd about it."""


class Scene:
    """What the channels of one call tell about each other."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        self.visible = [channel for channel in channels if not channel.local] or list(channels)
        self.caller = next((c for c in self.visible if not c.called), self.visible[0])
        self.rings = any(channel.state == "Ringing" for channel in self.visible)
        self._joined = _through_helpers(channels)
        self._answered = any(c.called and c.up for c in self.visible if c is not self.caller)

    def bridge(self, channel: Channel) -> str:
        """The bridge that a channel is in; two that a Local channel joins are one."""
        return self._joined.get(channel.bridge, channel.bridge)

    def state(self, channel: Channel) -> Stated:
        """The state of one channel's leg.

        That a phone rings, and that two hear each other, is what the PBX says. That somebody
        waits in a queue or is parked follows from the application, and that a caller hears it
        ringing from the other leg.
        """
        word = channel.state
        if word == "Up":
            return self._up(channel)
        if word == "Ringing":
            return _RINGING, _SEEN, ""
        if word == "Ring":
            if channel.queue:
                return _QUEUED, _INFERRED, ""
            return (_RINGING, _INFERRED, "") if self.rings else (_SETUP, _SEEN, "")
        if word in _ON_THE_WAY:
            return _SETUP, _SEEN, ""
        if word == "Busy":
            return _SETUP, _SEEN, "busy"
        said = f"MiRTA says “{word[:40]}”" if word.isprintable() and word else "no state"
        return _SETUP, _INFERRED, said

    def _up(self, channel: Channel) -> Stated:
        if channel.parked:
            return _PARKED, _INFERRED, ""
        if channel.bridge:
            return _TALKING, _SEEN, ""
        if self._answered:
            return _TALKING, _INFERRED, ""
        if channel.queue:
            return _QUEUED, _INFERRED, ""
        if self.rings and channel is self.caller:
            return _RINGING, _INFERRED, ""
        return _TALKING, _INFERRED, ""

    def direction(self, channel: Channel) -> Direction:
        """Seen from the house: a phone that is rung, or a trunk that calls, is inbound."""
        if not channel.extension and not _is_outside(channel):
            return Direction.UNKNOWN
        inward = channel.called if channel.extension else channel is self.caller
        return Direction.INBOUND if inward else Direction.OUTBOUND

    def call_direction(self) -> Direction:
        """By who is outside: the caller, whoever is called, or nobody."""
        outside = [channel for channel in self.visible if not channel.extension]
        if any(channel is self.caller for channel in outside):
            return Direction.OUTBOUND if self.caller.called else Direction.INBOUND
        return Direction.OUTBOUND if outside else Direction.INTERNAL


def _through_helpers(channels: Sequence[Channel]) -> dict[str, str]:
    """The bridges at both ends of Local channels, each with the name that they share."""
    joined: dict[str, str] = {}
    halves: dict[str, str] = {}
    for channel in channels:
        if not channel.local or not channel.bridge:
            continue
        name = channel.row[0].rpartition(";")[0]
        other = halves.setdefault(name, channel.bridge)
        if other != channel.bridge:
            one, two = joined.get(other, other), joined.get(channel.bridge, channel.bridge)
            for bridge in (*[b for b, shared in joined.items() if shared == two], two):
                joined[bridge] = one
    return joined


def _is_outside(channel: Channel) -> bool:
    return not channel.local


def most_telling(states: Sequence[LegState]) -> LegState:
    """The state that says most of a call with legs in these states."""
    return next(state for state in _TELLING if state in states)


def party(channel: Channel, directory: Directory) -> Party:
    """Who is at a channel's end. On an extension's own leg MiRTA gives the extension."""
    number = channel.number or channel.extension
    if not number:
        return NOBODY
    known = directory.name(channel.extension) if number == channel.extension else ""
    return Party(number, known)


def far_end(scene: Scene, directory: Directory, queue: str) -> Party:
    """Whom the caller talks to, or is to: the leg it hears, the only one that rings, the exten."""
    caller = scene.caller
    others = [channel for channel in scene.visible if channel is not caller]
    here = scene.bridge(caller)
    hears = [c for c in others if c.up and (scene.bridge(c) == here or not here)]
    ringing = [c for c in others if not c.up]
    chosen = hears[0] if hears else ringing[0] if len(ringing) == 1 else None
    if chosen is not None:
        return party(chosen, directory)
    exten = caller.exten
    if caller.queue or queue:
        return Party("" if exten in ("", "s", caller.queue) else exten, queue)
    if exten and exten != "s" and not caller.called and not _left_over(caller):
        return Party(exten, directory.name(exten))
    return party(others[0], directory) if others else NOBODY


def _left_over(channel: Channel) -> bool:
    """Whether only a bridge holds a phone that was rung: its exten is then its own number.

    So it is after an attended transfer whose other end is at another node: nothing on the wire
    says who that is (INFERRED, from Asterisk's own format).
    """
    return channel.application in ("", "(None)") and channel.exten == channel.extension
