"""The rows of the calls screen: calls, which open into their legs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from pbxtui.model import Call, Key, Kind, Leg, LegState
from pbxtui.service.parties import at_leg, beside, party, sides
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.table import Child, Field, Table
from pbxtui.ui.widgets.columns import Cell, Column, Row

_ORDER = {state: index for index, state in enumerate(LegState)}


def via(call: Call) -> str:
    """Through what a call came: its queue, or where it is parked."""
    if call.parked_at:
        return f"park {call.parked_at}"
    return call.queue


class CallTable(Table[Call]):
    """Calls of all sites. ``number`` gives a call's short number."""

    kind = Kind.CALLS
    noun = "calls"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("number", "   #", 7),
        Field("site", "site", 9, 14, drop=3),
        Field("state", "state", 7, 8),
        Field("from", "from"),
        Field("to", "to"),
        Field("via", "via", 12, 22, drop=2),
        Field("since", "since", 6, right=True),
        Field("total", "total", 6, drop=1, right=True),
    )
    filters = frozenset({"site", "state", "from", "to", "via", "ext", "queue", "dir"})
    hints: ClassVar[Mapping[str, str]] = {"queue": "via"}
    flexible = 28

    def __init__(
        self,
        number: Callable[[Key], int],
        now: Callable[[str], float],
        looks: Looks,
        empty: Callable[[], str],
    ) -> None:
        super().__init__(now, looks, empty)
        self._number = number

    def leg_of(self, row: Row | None) -> Leg | None:
        """The leg that a row shows."""
        if not isinstance(row, Child):
            return None
        call = self.things.get(row.of)
        return next((leg for leg in call.legs if leg.id == row.child), None) if call else None

    def texts(self, thing: Call) -> dict[str, str]:
        extensions = " ".join(leg.extension for leg in thing.legs)
        devices = " ".join(leg.device for leg in thing.legs)
        named = sides(thing)
        state = "hold" if thing.state is LegState.HELD else thing.state.value
        return {
            "site": thing.site.lower(),
            "state": f"{state} {thing.state.value}",
            "from": party(named.first).lower(),
            "to": party(named.second).lower(),
            "via": f"{via(thing)} {devices}".lower(),
            "queue": thing.queue.lower(),
            "ext": extensions.lower(),
            "dir": thing.direction.value,
        }

    def place(self, key: Key, thing: Call) -> object:
        match self.sort:
            case "site":
                return thing.site
            case "state":
                return _ORDER[thing.state]
            case "from":
                return party(sides(thing).first).lower()
            case "to":
                return party(sides(thing).second).lower()
            case "via":
                return via(thing).lower()
            case "since":
                return -(thing.since or 0.0)
            case "total":
                return -(thing.started or 0.0)
        return 0

    def tie(self, key: Key, thing: Call) -> object:
        return self._number(key)

    def children(self, thing: Call) -> Sequence[str]:
        return [leg.id for leg in thing.legs]

    def cell(self, column: str, key: Key, thing: Call) -> Cell:
        looks = self.looks
        over = thing.over
        plain = looks.style(Tone.GONE if over else Tone.PLAIN)
        match column:
            case "number":
                signs = looks.signs
                opener = " "
                if thing.legs:
                    opener = signs.opened if key in self.opened else signs.closed
                return f"{opener}{self._number(key):>5}", looks.style(Tone.DIM)
            case "site":
                return key.site, looks.style(Tone.DIM)
            case "state":
                text, tone = looks.leg(thing.state, thing.certainty, thing.direction)
                return text, looks.style(tone)
            case "from":
                return party(sides(thing).first), plain
            case "to":
                named = sides(thing)
                return beside(named.second, named.more), plain
            case "via":
                text = thing.reason if over and thing.reason else via(thing)
                return text, looks.style(Tone.DIM)
            case "since":
                return self.span(key.site, thing.since), plain
            case "total":
                return self.span(key.site, thing.started, thing.ended), looks.style(Tone.DIM)
        return "", plain

    def child_cells(self, row: Child, columns: Sequence[Column], last: bool) -> Sequence[Cell]:
        leg = self.leg_of(row)
        if leg is None:
            return super().child_cells(row, columns, last)
        return [self._leg_cell(column.key, row, leg, last) for column in columns]

    def _leg_cell(self, column: str, row: Child, leg: Leg, last: bool) -> Cell:
        over = leg.state in (LegState.ENDED, LegState.LOST)
        looks = self.looks
        plain = looks.style(Tone.GONE if over else Tone.PLAIN)
        dim = looks.style(Tone.DIM)
        match column:
            case "number":
                return f"      {looks.signs.last if last else looks.signs.line}", dim
            case "state":
                text, tone = looks.leg(leg.state, leg.certainty, leg.direction)
                return text, looks.style(tone)
            case "from":
                return f"  {party(at_leg(leg, self.things[row.of]))}", plain
            case "to":
                return leg.device or leg.channel, dim
            case "via":
                return leg.reason or leg.extension, dim
            case "since":
                return self.span(row.site, leg.since), plain
        return "", dim
