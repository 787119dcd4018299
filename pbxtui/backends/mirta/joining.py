"""Which channels belong to one call. MiRTA does not say, so that every join here is INFERRED.

By what they are joined, the surest first:

- the two halves of a Local channel, by their name;
- the same bridge: they hear each other. Those who are parked share one bridge with strangers;
- the Dial of one and the name (for a trunk, the number too) of another that rings, where the one
  that dials is older, by the numbers in the unique ids. Of several, the one that dialled last.
  Where no bridge is told, this holds for those who have answered, too;
- somebody who waits in a queue and an agent of that queue who rings, where only one caller can be
  meant. Where several can, they stay apart: a wrong guess would show the wrong leg;
- two that were one call in the last reading and are in no bridge now.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence

from pbxtui.backends.mirta.channels import Channel

_SAME_DIGITS = 7
"""How many last digits two spellings of an outside number must share."""


class Groups:
    """Channels that find together (a union-find over their places)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def find(self, place: int) -> int:
        """The place that stands for the group of a place."""
        parent = self._parent
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    def join(self, one: int, other: int) -> None:
        """Make one group of two; the lower place stands for it."""
        one, other = self.find(one), self.find(other)
        if one != other:
            self._parent[max(one, other)] = min(one, other)


def join(
    channels: Sequence[Channel],
    members: Mapping[str, frozenset[str]],
    before: Mapping[str, str],
) -> tuple[list[list[Channel]], dict[str, str]]:
    """The channels call by call, and for agents who ring for nobody certain: their queue's id.

    ``channels`` are sorted by ``order``; ``members`` are the extensions that serve each queue,
    ``before`` the call of each channel in the last reading, both by id.
    """
    groups = Groups(len(channels))
    _by_name(channels, groups)
    _by_bridge(channels, groups)
    found = _by_dial(channels, groups)
    unsure = _by_queue(channels, groups, members, found)
    _by_memory(channels, groups, before)
    calls: dict[int, list[Channel]] = defaultdict(list)
    for place, channel in enumerate(channels):
        calls[groups.find(place)].append(channel)
    return list(calls.values()), unsure


def _by_name(channels: Sequence[Channel], groups: Groups) -> None:
    halves: dict[str, int] = {}
    for place, channel in enumerate(channels):
        if channel.local:
            groups.join(halves.setdefault(channel.row[0].rpartition(";")[0], place), place)


def _by_bridge(channels: Sequence[Channel], groups: Groups) -> None:
    bridges: dict[str, int] = {}
    for place, channel in enumerate(channels):
        if channel.bridge and not channel.parked:
            groups.join(bridges.setdefault(channel.bridge, place), place)


def _by_dial(channels: Sequence[Channel], groups: Groups) -> set[int]:
    """Join who dials with whom that rings; the places of those who ring and were found."""
    diallers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, channel in enumerate(channels):
        for peer, number in channel.dials:
            diallers[peer, number[-_SAME_DIGITS:]].append(place)
            if number:
                diallers[peer, "*"].append(place)
    found: set[int] = set()
    for place, channel in enumerate(channels):
        if channel.bridge or not _is_rung(channel):
            continue
        peer = f"{channel.tech}/{channel.peer}".lower()
        number = channel.number.lstrip("+")[-_SAME_DIGITS:]
        for key in ((peer, ""), (peer, number), (peer, "*")):
            older = diallers.get(key, ())
            at = bisect_left(older, place)
            if not at:
                continue
            dialler = channels[older[at - 1]]
            if channel.up and (dialler.bridge or not dialler.up):
                continue
            groups.join(older[at - 1], place)
            found.add(place)
            break
    return found


def _is_rung(channel: Channel) -> bool:
    return channel.called or channel.state in ("Ringing", "Down", "Dialing")


def _by_queue(
    channels: Sequence[Channel],
    groups: Groups,
    members: Mapping[str, frozenset[str]],
    found: set[int],
) -> dict[str, str]:
    waiting = [place for place, channel in enumerate(channels) if channel.waiting]
    unsure: dict[str, str] = {}
    if not waiting:
        return unsure
    for place, channel in enumerate(channels):
        if place in found or channel.up or channel.bridge or not _is_rung_by_queue(channel):
            continue
        fitting = [one for one in waiting if _may_ring(channel, channels[one], members)]
        queues = {channels[one].queue for one in fitting}
        if channel.exten in queues:
            fitting = [one for one in fitting if channels[one].queue == channel.exten]
            queues = {channel.exten}
        if len(fitting) == 1:
            groups.join(fitting[0], place)
        elif len(queues) == 1:
            unsure[channel.id] = queues.pop()
    return unsure


def _is_rung_by_queue(channel: Channel) -> bool:
    if not channel.extension or not channel.called:
        return False
    return channel.application != "AppDial2"


def _may_ring(channel: Channel, caller: Channel, members: Mapping[str, frozenset[str]]) -> bool:
    serving = members.get(caller.queue)
    if serving is None:
        return channel.application == "AppQueue"
    return channel.extension in serving


def _by_memory(channels: Sequence[Channel], groups: Groups, before: Mapping[str, str]) -> None:
    loose: dict[str, int] = {}
    for place, channel in enumerate(channels):
        if channel.bridge or channel.parked or not channel.up:
            continue
        call = before.get(channel.id)
        if call is not None:
            groups.join(loose.setdefault(call, place), place)
