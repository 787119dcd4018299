"""What the grid of lamps asks: how the rows stand, what each cell says, and the line below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pbxtui.model import Flow, Key, Lamp, LampState, Topic
from pbxtui.ui.grid import NAMED, TILE, Layout, lay
from pbxtui.ui.lamptable import LampTable, is_switch, number_of
from pbxtui.ui.looks import LAMPS, Tone
from pbxtui.ui.spell import fit
from pbxtui.ui.widgets.columns import Cell, Column, Row

SHORT = 4
"""Characters of an extension that a cell of the grid shows: its last ones."""

OTHERS = "other"
TITLE = "flows and custom states"

_LEGEND = tuple(state for state in LampState if state is not LampState.BUSY)
_ALWAYS = (LampState.IDLE, LampState.IN_USE)


def hundred(extension: str) -> str:
    """The range of an extension: ``44xx`` for 4471."""
    if not (extension.isascii() and extension.isdigit()):
        return OTHERS
    whole = f"{extension[:-2]}xx"
    return whole if len(whole) <= 8 else f"…{whole[-7:]}"


class LampTiles:
    """The rows of a lamp table as cells of a grid.

    ``absent()`` gives the sites whose PBX has no lamps, each with the reason.
    """

    def __init__(self, table: LampTable, absent: Callable[[], Sequence[tuple[str, str]]]) -> None:
        self._table = table
        self._absent = absent
        self._looks = table.looks
        self._sited = False
        """Whether the cell of a switch names its site, as no label beside it does."""

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        return self._table.cells(row, columns)

    def marked(self, row: Row) -> bool:
        return self._table.marked(row)

    def empty(self) -> str:
        return self._table.empty()

    def sorted_by(self) -> tuple[str, bool]:
        return self._table.sorted_by()

    def layout(self, rows: Sequence[Row], width: int, height: int) -> Layout:
        """The grid of rows in the table's order ``tie``; with names where all fit so."""
        lamps: list[tuple[str, str]] = []
        switches: list[str] = []
        longest, names = 0, False
        for row in rows:
            thing = self._table.thing_of(row)
            if thing is None:
                continue
            if is_switch(thing):
                switches.append(thing.site)
                continue
            number = number_of(thing)
            longest, names = max(longest, len(number)), names or bool(thing.name)
            lamps.append((thing.site, hundred(number)))
        chosen = self._table.sites
        notes = [] if self._table.filter else self._absent()
        notes = [note for note in notes if chosen is None or note[0] in chosen]
        several = len({site for site, _ in [*lamps, *notes]} | {*switches}) > 1
        dense = TILE + 1 if self._looks.ascii and longest >= SHORT else TILE
        laid = lay(
            lamps,
            switches,
            notes,
            width,
            several=several,
            title=TITLE,
            tile=dense,
            named=names,
            height=height,
        )
        self._sited = several and laid.strip is not None
        return laid

    def tile(self, row: Row, width: int) -> Sequence[Cell]:
        """The pieces of a row's cell."""
        return self._aged(row, self._tile(row, width))

    def _aged(self, row: Row | None, pieces: Sequence[Cell]) -> Sequence[Cell]:
        """The pieces; faint where the reading they come from has grown old."""
        if not isinstance(row, Key) or not self._table.faded(row.site, Topic.LAMPS):
            return pieces
        return tuple((text, self._looks.faint(style)) for text, style in pieces)

    def _tile(self, row: Row, width: int) -> Sequence[Cell]:
        thing = self._table.thing_of(row)
        if thing is None:
            return ()
        if is_switch(thing):
            return self._switch(thing, width)
        looks = self._looks
        style, sign = looks.style(LAMPS[thing.state].tone), looks.lamp_sign(thing.state)
        number, mark = number_of(thing), looks.mark(thing.certainty)
        if width < NAMED:
            return ((f"{sign}{fit(number[-SHORT:], width - 2, right=True)}{mark}", style),)
        before = f"{sign} {number}{mark} "
        name = fit(thing.name, width - 1 - len(before), looks.signs.more)
        return (before, style), (name, looks.style(Tone.PLAIN))

    def _switch(self, thing: Lamp | Flow, width: int) -> Sequence[Cell]:
        looks = self._looks
        style, plain = looks.style(LAMPS[thing.state].tone), looks.style(Tone.PLAIN)
        word, _ = looks.lamp(thing.state, thing.certainty, switch=True)
        right = word if looks.ascii else word.partition(" ")[2]
        if isinstance(thing, Flow) and thing.value:
            right = f"{right} = {thing.value}"
        right = fit(right, min(len(right), width * 2 // 5), looks.signs.more).rstrip()
        site = f"{thing.site}  " if self._sited else ""
        name = fit(
            f"{number_of(thing)}  {site}{thing.name}", width - 4 - len(right), looks.signs.more
        )
        return (f"{looks.lamp_sign(thing.state)} ", style), (name, plain), (f" {right}", style)

    def legend(self) -> Sequence[Cell]:
        """The signs with their words, and how many lamps show each; nothing without lamps."""
        counts = self._table.tally()
        if not counts:
            return ()
        pieces = []
        for state in _LEGEND:
            number = counts[state]
            if state is LampState.IN_USE:
                number += counts[LampState.BUSY]
            if number or state in _ALWAYS:
                look = LAMPS[state]
                text = f"{self._looks.lamp_sign(state)} {number} {look.word}  "
                pieces.append((text, self._looks.style(look.tone)))
        return pieces

    def under(self, row: Row | None) -> Sequence[Cell]:
        """All of a row in one line, for below the grid."""
        return self._aged(row, self._under(row))

    def _under(self, row: Row | None) -> Sequence[Cell]:
        table, looks = self._table, self._looks
        thing = table.thing_of(row)
        if thing is None or not isinstance(row, Key):
            return ()
        plain, dim = looks.style(Tone.PLAIN), looks.style(Tone.DIM)
        state, tone = looks.lamp(thing.state, thing.certainty, switch=is_switch(thing))
        pieces = [
            (number_of(thing), looks.style(Tone.NAME)),
            (f"  {thing.name}" if thing.name else "", plain),
            (f"  {row.site}", dim),
            (f"  {state}", looks.style(tone)),
        ]
        if isinstance(thing, Flow) and thing.value:
            pieces.append((f" = {thing.value}", plain))
        if thing.since is not None:
            pieces.append((f" for {table.span(row.site, thing.since)}", plain))
        leg = table.leg_of(thing)
        if leg is not None:
            word, tone = looks.leg(leg.state, leg.certainty, leg.direction)
            pieces.append((f"   {word} {table.span(row.site, leg.since)}", looks.style(tone)))
            pieces.append((f"  with {table.with_whom(thing)}", plain))
        return pieces
