"""The calls of one site, made of channels from reading to reading.

MiRTA has no calls: each is a guess about channels (:mod:`joining`), so that a call of more than
one leg is marked inferred. What MiRTA does not tell is remembered from reading to reading: since
when a state lasts, and which channels were one call.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pbxtui.backends.mirta.channels import Channel, items, parse, seconds
from pbxtui.backends.mirta.directory import Directory
from pbxtui.backends.mirta.joining import join
from pbxtui.backends.mirta.legs import Scene, far_end, most_telling, party
from pbxtui.backends.mirta.wire import Gathered
from pbxtui.model import Call, Caller, Certainty, Direction, Leg, LegState, Party

MERGED_WORDS = "went on as part of another call"
_UNSURE_WORDS = "rings for somebody in the queue; MiRTA does not say for whom"
_OVER_SHOWN = 5.0
"""Seconds for which a call that became part of another one is still listed, as ended."""
_CLOCKS_APART = 120.0
"""Seconds by which a unique id's time and the duration may differ; beyond, the id is no time."""
_JITTER = 2.5
"""Seconds by which the start may seem to move, as the duration is told in whole seconds."""


class _Made(NamedTuple):
    """A call with what it was made of; while that stays the same, so does the call."""

    channels: tuple[Channel, ...]
    stamp: tuple[int, str]
    call: Call


@dataclass(slots=True)
class _Memory:
    """What is remembered of a channel or a call: its state, since when, and the first answer."""

    state: LegState
    since: float | None
    started: float | None = None
    answered: float | None = None


class CallBook:
    """Turns lists of channels into calls, and remembers what one list alone does not say."""

    def __init__(self, site: str, directory: Directory, park: str) -> None:
        self._site = site
        self._directory = directory
        self._park = park
        self._channels: dict[str, Channel] = {}
        self._call_of: dict[str, str] = {}
        self._made: dict[str, _Made] = {}
        self._legs: dict[str, _Memory] = {}
        self._calls: dict[str, _Memory] = {}
        self._directions: dict[str, Direction] = {}
        self._over: dict[str, Call] = {}
        self.read_at: float | None = None
        """When the last list was taken, on the PBX's clock."""

    # --- reading -----------------------------------------------------------------------------

    def parse(self, rows: Iterable[object], gathered: Gathered) -> list[Channel]:
        """The channels of a list, in the order in which they were made, each once."""
        found: dict[str, Channel] = {}
        for place, row in enumerate(rows):
            try:
                texts = items(row)
            except ValueError as error:
                gathered.miss(place, str(error), row)
                continue
            gathered.count += 1
            known = self._channels.get(texts[13])
            if known is not None and _same(known.row, texts):
                known.row = texts
                channel = known
            else:
                channel = parse(texts, self._directory, place)
            found.setdefault(channel.id, channel)
        return sorted(found.values(), key=lambda channel: channel.order)

    def take(self, channels: Sequence[Channel], now: float) -> dict[str, Call]:
        """The calls of a whole list; ``now`` is on the PBX's clock, in epoch seconds."""
        groups, unsure = join(channels, self._directory.members, self._call_of)
        calls: dict[str, Call] = {}
        made: dict[str, _Made] = {}
        call_of: dict[str, str] = {}
        for id_, group in zip(self._ids(groups), groups, strict=True):
            key = tuple(group)
            queue = next((unsure[channel.id] for channel in group if channel.id in unsure), "")
            stamp = self._directory.version, queue
            known = self._made.get(id_)
            if known is not None and known.channels == key and known.stamp == stamp:
                call = known.call
            else:
                call = self._make(id_, group, queue, now)
            calls[id_] = call
            made[id_] = _Made(key, stamp, call)
            call_of.update((channel.id, id_) for channel in group)
        for id_, before in self._made.items():
            if id_ not in calls and any(channel.id in call_of for channel in before.channels):
                self._over[id_] = _merged(before.call, now)
        self._over = {
            id_: over
            for id_, over in self._over.items()
            if id_ not in calls and over.ended is not None and now - over.ended <= _OVER_SHOWN
        }
        calls |= self._over
        self._made, self._call_of = made, call_of
        self._channels = {channel.id: channel for channel in channels}
        self._legs = {id_: kept for id_, kept in self._legs.items() if id_ in call_of}
        self._calls = {id_: kept for id_, kept in self._calls.items() if id_ in made}
        self._directions = {id_: kept for id_, kept in self._directions.items() if id_ in made}
        self.read_at = now
        return calls

    def _ids(self, groups: Sequence[Sequence[Channel]]) -> list[str]:
        """A call keeps its id while one of its channels lives.

        Where it has split, the part with the channel that gave the id keeps it.
        """
        ids = [""] * len(groups)
        taken: set[str] = set()
        wishes = [[self._call_of.get(channel.id, "") for channel in group] for group in groups]
        for place, group in enumerate(groups):
            own = {channel.id for channel in group}
            wished = next((id_ for id_ in wishes[place] if id_ in own), "")
            if wished and wished not in taken:
                ids[place] = wished
                taken.add(wished)
        for place, group in enumerate(groups):
            if not ids[place]:
                wished = next((id_ for id_ in wishes[place] if id_ and id_ not in taken), "")
                free = (channel.id for channel in group if channel.id not in taken)
                ids[place] = wished or next(free, f"{group[0].id}+")
                taken.add(ids[place])
        return ids

    # --- making ------------------------------------------------------------------------------

    def _make(self, id_: str, group: Sequence[Channel], unsure: str, now: float) -> Call:
        """One call of its channels; ``unsure`` is the queue for whose caller it only rings."""
        scene, directory = Scene(group), self._directory
        caller = scene.caller
        queue_id = next((channel.queue for channel in group if channel.queue), unsure)
        queue = directory.queue(queue_id) if queue_id else ""
        from_, to = party(caller, directory), far_end(scene, directory, queue)
        legs = tuple(self._leg(channel, scene, to, now) for channel in scene.visible)
        if unsure:
            from_, to = to, from_
        state = most_telling([leg.state for leg in legs])
        told = next(leg for leg in legs if leg.state is state)
        joined = len(group) > 1 or bool(unsure)
        started = min((leg.started for leg in legs if leg.started is not None), default=None)
        memory = self._remember(self._calls, id_, state, told.since, started, now)
        parked = next((channel.exten for channel in scene.visible if channel.parked), "")
        return Call(
            self._site,
            id_,
            state,
            Certainty.INFERRED if joined else told.certainty,
            self._direction(id_, scene),
            from_,
            to,
            memory.started,
            None if state in _UNANSWERED else memory.answered,
            memory.since,
            None,
            queue,
            "" if parked == self._park else parked,
            _UNSURE_WORDS if unsure else "",
            legs,
        )

    def _leg(self, channel: Channel, scene: Scene, far: Party, now: float) -> Leg:
        state, certainty, reason = scene.state(channel)
        own = party(channel, self._directory)
        other = far if channel is scene.caller else party(scene.caller, self._directory)
        started = self._started(channel, now)
        since = None if state in (LegState.TALKING, LegState.PARKED) else started
        memory = self._remember(self._legs, channel.id, state, since, started, now)
        return Leg(
            channel.id,
            state,
            certainty,
            scene.direction(channel),
            other if channel.called else own,
            own if channel.called else other,
            "" if channel.local else channel.extension,
            channel.peer,
            channel.name,
            "" if channel.parked else scene.bridge(channel),
            memory.started,
            None if state in _UNANSWERED else memory.answered,
            memory.since,
            reason,
        )

    def _remember(
        self,
        kept: dict[str, _Memory],
        id_: str,
        state: LegState,
        since: float | None,
        started: float | None,
        now: float,
    ) -> _Memory:
        """When the state began: ``since`` at first sight, else the reading that first showed it.

        What was not there at the last reading and talks by now was answered in between.
        """
        memory = kept.get(id_)
        if memory is None:
            memory = kept[id_] = _Memory(state, since, started)
            if state is LegState.TALKING and started is not None and self.read_at is not None:
                fresh = started >= self.read_at - _JITTER
                memory.since = memory.answered = now if fresh else None
            return memory
        if memory.state is not state:
            memory.state, memory.since = state, now
            if state is LegState.TALKING and memory.answered is None:
                memory.answered = now
        if memory.started is None or (kept is self._legs and _moved(memory.started, started)):
            memory.started = started
        return memory

    def _started(self, channel: Channel, now: float) -> float | None:
        """When the channel was made: its unique id says, unless the duration contradicts it."""
        lasted = seconds(channel.row)
        counted = None if lasted is None else now - lasted
        if channel.epoch is None:
            return counted
        if counted is not None and abs(counted - channel.epoch) > _CLOCKS_APART:
            return counted
        return channel.epoch

    def _direction(self, id_: str, scene: Scene) -> Direction:
        """Once a call has a direction it keeps it, whoever is sent where."""
        direction = self._directions.get(id_)
        if direction is None:
            direction = self._directions[id_] = scene.call_direction()
        return direction

    # --- asking ------------------------------------------------------------------------------

    def channels(self, id_: str) -> list[Channel]:
        """The channels of a call that are somebody's end, by the last list."""
        made = self._made.get(id_)
        return [] if made is None else Scene(made.channels).visible

    def raw(self, id_: str) -> str:
        """The rows of a call's channels, one in a line."""
        made = self._made.get(id_)
        rows = made.channels if made is not None else ()
        return "\n".join(json.dumps(list(c.row), ensure_ascii=False) for c in rows)

    def callers(self) -> dict[str, tuple[Caller, ...]]:
        """Who waits in each queue, by the queue's id, longest first; by the last list."""
        waiting: dict[str, list[Leg]] = {}
        calls: dict[str, str] = {}
        for channels, _, call in self._made.values():
            if not any(channel.queue for channel in channels):
                continue
            legs = {leg.id: leg for leg in call.legs}
            for channel in channels:
                leg = legs.get(channel.id)
                if leg is not None and channel.queue and leg.state is LegState.QUEUED:
                    waiting.setdefault(channel.queue, []).append(leg)
                    calls[leg.id] = call.id
        return {
            queue: tuple(
                Caller(leg.id, place, leg.from_, leg.since, calls[leg.id])
                for place, leg in enumerate(sorted(legs, key=_longest_first), 1)
            )
            for queue, legs in waiting.items()
        }


_UNANSWERED = frozenset({LegState.SETUP, LegState.RINGING, LegState.QUEUED})


def _same(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether two rows differ in nothing but the duration."""
    return before[:11] == after[:11] and before[12:] == after[12:]


def _moved(before: float, started: float | None) -> bool:
    return started is not None and abs(before - started) > _JITTER


def _longest_first(leg: Leg) -> tuple[float, str]:
    return (float("inf") if leg.since is None else leg.since, leg.id)


def _merged(call: Call, now: float) -> Call:
    """A call whose channels are part of another one now."""
    legs = tuple(
        replace(leg, state=LegState.ENDED, since=now, bridge="", reason="") for leg in call.legs
    )
    return replace(
        call,
        state=LegState.ENDED,
        certainty=Certainty.INFERRED,
        since=now,
        ended=now,
        reason=MERGED_WORDS,
        legs=legs,
    )
