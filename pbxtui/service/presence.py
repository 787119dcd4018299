"""Who is on the phone: calls and lamps, joined to the phones by extension and by device."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from pbxtui.model import Call, Change, Key, Kind, Lamp, Leg, LegState, Snapshot, Thing

_RANK = {
    state: rank
    for rank, state in enumerate(
        (
            LegState.TALKING,
            LegState.RINGING,
            LegState.HELD,
            LegState.PARKED,
            LegState.QUEUED,
            LegState.SETUP,
        )
    )
}


class Name(NamedTuple):
    """What a leg says of its phone: the number of an extension, or the name of a device."""

    site: str
    what: str
    text: str


def extension(site: str, number: str) -> Name:
    return Name(site, "extension", number)


def device(site: str, id: str) -> Name:
    return Name(site, "device", id)


def _names(site: str, leg: Leg) -> Iterator[Name]:
    if leg.extension:
        yield extension(site, leg.extension)
    if leg.device:
        yield device(site, leg.device)


class Presence:
    """The living legs by extension and by device, and the lamps by extension."""

    def __init__(self) -> None:
        self._legs: dict[Name, dict[tuple[Key, str], Leg]] = {}
        self._lamps: dict[Name, dict[Key, Lamp]] = {}

    def reset(self, snapshots: Iterable[Snapshot]) -> None:
        """Start again from whole snapshots."""
        self._legs.clear()
        self._lamps.clear()
        for shot in snapshots:
            for kind in (Kind.CALLS, Kind.LAMPS):
                for id_, thing in shot.of(kind).items():
                    self._swap(kind, Key(shot.site, id_), None, thing, set())

    def take(self, changes: Iterable[Change]) -> set[Name]:
        """Take changes; the names of the phones of which something else is known now."""
        touched: set[Name] = set()
        for change in changes:
            self._swap(change.kind, change.key, change.before, change.after, touched)
        return touched

    def leg(self, *names: Name) -> Leg | None:
        """The most telling leg of a phone that has any of these names."""
        found = [leg for name in names for leg in self._legs.get(name, {}).values()]
        return min(found, key=lambda leg: _RANK[leg.state], default=None)

    def lamp(self, name: Name) -> Lamp | None:
        """A lamp that shows an extension."""
        return next(iter(self._lamps.get(name, {}).values()), None)

    def _swap(
        self,
        kind: Kind,
        key: Key,
        before: Thing | None,
        after: Thing | None,
        touched: set[Name],
    ) -> None:
        if kind is Kind.CALLS:
            self._swap_call(key, cast("Call | None", before), cast("Call | None", after), touched)
        elif kind is Kind.LAMPS:
            self._swap_lamp(key, cast("Lamp | None", before), cast("Lamp | None", after), touched)

    def _swap_call(
        self, key: Key, before: Call | None, after: Call | None, touched: set[Name]
    ) -> None:
        for leg in before.legs if before is not None else ():
            for name in _names(key.site, leg):
                own = self._legs.get(name)
                if own is None:
                    continue
                own.pop((key, leg.id), None)
                touched.add(name)
                if not own:
                    del self._legs[name]
        for leg in after.legs if after is not None else ():
            if leg.state not in _RANK:
                continue
            for name in _names(key.site, leg):
                self._legs.setdefault(name, {})[key, leg.id] = leg
                touched.add(name)

    def _swap_lamp(
        self, key: Key, before: Lamp | None, after: Lamp | None, touched: set[Name]
    ) -> None:
        if before is not None:
            name = extension(key.site, before.extension)
            self._lamps.get(name, {}).pop(key, None)
            touched.add(name)
        if after is not None:
            name = extension(key.site, after.extension)
            self._lamps.setdefault(name, {})[key] = after
            touched.add(name)
