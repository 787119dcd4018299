"""The rows of the lamps screen: busy lamps and the switches of the call routing.

The same rows fill the grid, a cell each, and the table. A switch is a flow, or a lamp that stands
for a device state of the administrator's own (Asterisk's ``Custom:``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import ClassVar, cast

from pbxtui.model import Change, Flow, Key, Kind, Lamp, LampState, Leg, Party, Snapshot, Topic
from pbxtui.service import presence
from pbxtui.service.parties import person
from pbxtui.service.presence import Presence
from pbxtui.ui.looks import LAMPS, Looks, Tone
from pbxtui.ui.table import Field, Table, natural
from pbxtui.ui.widgets.columns import Cell

_FLOW = "flow:"
_CUSTOM = "custom:"
_ORDER = {
    state: rank
    for rank, state in enumerate(
        (
            LampState.RINGING,
            LampState.RINGING_IN_USE,
            LampState.IN_USE,
            LampState.BUSY,
            LampState.ON_HOLD,
            LampState.DND,
            LampState.IDLE,
            LampState.UNAVAILABLE,
            LampState.UNKNOWN,
        )
    )
}


def flow_key(key: Key) -> Key:
    """The key of a flow's row: a flow and a lamp may have the same id."""
    return Key(key.site, _FLOW + key.id)


def is_switch(thing: Lamp | Flow) -> bool:
    """Whether a row stands for no phone."""
    if isinstance(thing, Flow):
        return True
    return all(part.lower().startswith(_CUSTOM) for part in thing.name.split("&"))


def number_of(thing: Lamp | Flow) -> str:
    """The number under which people know a lamp or a flow."""
    return (thing.number if isinstance(thing, Flow) else thing.extension) or thing.id


def far_end(leg: Leg, extension: str) -> Party:
    """Who is at the other end of an extension's leg."""
    return leg.to if leg.from_.number == extension else leg.from_


class LampTable(Table[Lamp | Flow]):
    """Lamps and flows of all sites.

    ``rank(site)`` is the site's place in the config.
    """

    kind = Kind.LAMPS
    noun = "lamps"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("site", "site", 9, 10, drop=3),
        Field("ext", "ext", 7, 9),
        Field("state", "state", 11, 13),
        Field("name", "name"),
        Field("with", "with, or value"),
        Field("since", "since", 6, right=True),
    )
    filters = frozenset({"site", "state", "ext", "name", "with", "value"})
    flexible = 17

    def __init__(
        self,
        now: Callable[[str], float],
        looks: Looks,
        empty: Callable[[], str],
        rank: Callable[[str], int],
    ) -> None:
        super().__init__(now, looks, empty)
        self.presence = Presence()
        self._rank = rank
        self._lit: frozenset[tuple[str, str, str]] = frozenset()
        """Site, number and name of the lamps that flows light."""
        self._tally: Counter[LampState] | None = None

    # --- the rows ----------------------------------------------------------------------------

    def reset(self, snapshots: Iterable[Snapshot]) -> None:
        shots = tuple(snapshots)
        self.presence.reset(shots)
        self.things = {
            Key(shot.site, id_): lamp for shot in shots for id_, lamp in shot.lamps.items()
        }
        self.things |= {
            flow_key(Key(shot.site, id_)): flow
            for shot in shots
            for id_, flow in shot.flows.items()
        }
        self.marks = {row for row in self.marks if isinstance(row, Key) and row in self.things}
        self._note_lit()
        self.replace_all()

    def take(self, changes: Iterable[Change]) -> None:
        news = tuple(changes)
        flows = False
        for change in news:
            after = cast("Lamp | Flow | None", change.after)
            if change.kind is Kind.LAMPS:
                self._take(change.key, after)
            elif change.kind is Kind.FLOWS:
                flows = True
                self._take(flow_key(change.key), after)
        for name in self.presence.take(news):
            lamp = self.presence.lamp(name)
            if lamp is not None and lamp.key in self.things:
                self._take(lamp.key, lamp)
        if flows and self._note_lit():
            self.replace_all()

    def _take(self, key: Key, thing: Lamp | Flow | None) -> None:
        self._tally = None
        super()._take(key, thing)

    def _note_lit(self) -> bool:
        """Note the lamps of flows, which a PBX may list too; True when they are others now.

        At MiRTA they have no extension's name, at Asterisk the hint is the device state; a hint
        that names a phone besides is that phone's lamp.
        """
        flows = (thing for thing in self.things.values() if isinstance(thing, Flow))
        before = self._lit
        self._lit = frozenset(
            (flow.site, flow.number, name)
            for flow in flows
            if flow.number
            for name in ("", flow.name, flow.id)
        )
        return self._lit != before

    def replace_all(self) -> None:
        self._tally = None
        super().replace_all()

    def _shows(self, thing: Lamp | Flow) -> bool:
        return not self._twin(thing) and super()._shows(thing)

    def _twin(self, thing: Lamp | Flow) -> bool:
        """Whether it is the lamp of a flow that has a row of its own."""
        return isinstance(thing, Lamp) and (thing.site, thing.extension, thing.name) in self._lit

    def total(self) -> int:
        return sum(1 for thing in self.things.values() if not self._twin(thing))

    def tally(self) -> Counter[LampState]:
        """How many lamps of the sites shown have each state, whatever the filter leaves."""
        if self._tally is None:
            sites = self.sites
            self._tally = Counter(
                thing.state
                for thing in self.things.values()
                if (sites is None or thing.site in sites)
                and not is_switch(thing)
                and not self._twin(thing)
            )
        return self._tally

    def texts(self, thing: Lamp | Flow) -> dict[str, str]:
        word, _ = self.looks.lamp(thing.state, thing.certainty, switch=is_switch(thing))
        state = f"{thing.state.value} {thing.state.value.replace('_', ' ')}"
        return {
            "site": thing.site.lower(),
            "ext": number_of(thing).lower(),
            "state": f"{word} {state} {LAMPS[thing.state].word}".lower().replace("+", " "),
            "name": thing.name.lower(),
            "with": self.with_whom(thing).lower(),
            "value": thing.value.lower() if isinstance(thing, Flow) else "",
        }

    def place(self, key: Key, thing: Lamp | Flow) -> object:
        match self.sort:
            case "ext":
                return natural(number_of(thing))
            case "state":
                return _ORDER[thing.state]
            case "name":
                return not thing.name, thing.name.lower()
            case "with":
                said = self._with(thing)
                return not said, said.lower()
            case "since":
                return -(thing.since or 0.0)
        return 0

    def tie(self, key: Key, thing: Lamp | Flow) -> object:
        """The order of the grid: lamps before switches, by site, by number."""
        return is_switch(thing), self._rank(key.site), natural(number_of(thing)), key.id

    # --- what a row says ---------------------------------------------------------------------

    def leg_of(self, thing: Lamp | Flow) -> Leg | None:
        """The leg that the calls show at a lamp's extension."""
        if is_switch(thing) or isinstance(thing, Flow) or not thing.extension:
            return None
        return self.presence.leg(presence.extension(thing.site, thing.extension))

    def with_whom(self, thing: Lamp | Flow) -> str:
        """The other end of a lamp's call; empty without one."""
        leg = self.leg_of(thing)
        if leg is None or isinstance(thing, Flow):
            return ""
        return person(far_end(leg, thing.extension)) or "unknown"

    def _with(self, thing: Lamp | Flow) -> str:
        if isinstance(thing, Flow):
            return f"= {thing.value}" if thing.value else ""
        return self.with_whom(thing)

    def cell(self, column: str, key: Key, thing: Lamp | Flow) -> Cell:
        looks = self.looks
        dim, plain = looks.style(Tone.DIM), looks.style(Tone.PLAIN)
        match column:
            case "site":
                return key.site, dim
            case "ext":
                return number_of(thing), plain
            case "state":
                text, tone = looks.lamp(thing.state, thing.certainty, switch=is_switch(thing))
                return text, looks.style(tone)
            case "name":
                return thing.name, plain
            case "with":
                old = isinstance(thing, Lamp) and self.faded(key.site, Topic.CALLS)
                return self._with(thing), looks.faint(plain) if old else plain
            case "since":
                return self.span(key.site, thing.since), plain
        return "", plain
