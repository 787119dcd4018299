"""Where the cells of a dense grid stand, and which is next to which; knows no widget.

Lamps stand in lines, a line never holding two sites or two hundreds; switches, which have more to
say, stand in a strip beside them on a wide screen, and below them on a narrow one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from pbxtui.ui.spell import wrap

TILE = 6
"""Columns of the terminal for one lamp: a glyph, four characters of the extension, a gap."""

NAMED, WIDEST_NAMED = 22, 36
"""The least and the most columns for a lamp with its name, where all fit on the screen so."""

SWITCH, WIDEST_SWITCH = 38, 52
"""The least and the most columns for one switch below the lamps."""

STRIP = 48
"""Columns of the strip of switches beside the lamps."""

BESIDE_FROM = 150
"""Columns of the screen from which the strip stands beside the lamps."""

SITE, RANGE = 10, 8
"""The most columns of a line's labels."""


class Spot(NamedTuple):
    """A cell: the index of the row that it shows, and its columns of the line."""

    row: int
    x: int
    width: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


class Line(NamedTuple):
    """A line of the grid, with the labels before it; ``note`` is a text in the cells' place."""

    site: str
    range: str
    spots: tuple[Spot, ...]
    note: str = ""


class Labels(NamedTuple):
    """The columns that the labels take before the cells; ``site`` is 0 where there is one site."""

    site: int
    range: int

    @property
    def width(self) -> int:
        return sum(part + 1 for part in self if part)


class Layout:
    """The lines, and the ways between their cells.

    ``strip`` is the column at which the switches stand beside the lamps, under ``title``.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        labels: Labels,
        strip: int | None = None,
        title: str = "",
    ) -> None:
        self.lines = tuple(lines)
        self.labels = labels
        self.strip = strip
        self.title = title
        self._order: list[int] = []
        self._places: dict[int, tuple[int, int]] = {}
        for number, line in enumerate(self.lines):
            for at, spot in enumerate(line.spots):
                self._order.append(spot.row)
                self._places[spot.row] = number, at
        self._ranks = {index: rank for rank, index in enumerate(self._order)}

    def __len__(self) -> int:
        return len(self.lines)

    def __contains__(self, index: int) -> bool:
        return index in self._places

    def line_of(self, index: int) -> int:
        """The number of the line on which a row stands."""
        return self._places[index][0]

    def spot_of(self, index: int) -> Spot:
        """The place of a row by its index. Raises ``KeyError`` where it has none."""
        number, at = self._places[index]
        return self.lines[number].spots[at]

    def beside(self, index: int, step: int) -> int:
        """The row that comes ``step`` after another, as one reads; the last stays the last."""
        rank = self._ranks[index] + step
        return self._order[max(0, min(rank, len(self._order) - 1))]

    def over(self, index: int, lines: int, x: int) -> int:
        """The row nearest to column ``x``, so many lines below another; negative is above.

        Lines without a cell are passed over. Where there is none that way, the row itself.
        """
        here = self.line_of(index)
        target = max(0, min(here + lines, len(self.lines) - 1))
        way = 1 if lines > 0 else -1
        further = range(target, len(self.lines) if way > 0 else -1, way)
        nearer = range(target - way, here, -way)
        for number in (*further, *nearer):
            spots = self.lines[number].spots
            if spots and number != here:
                nearest: Spot = min(spots, key=lambda spot: abs(spot.middle - x))
                return nearest.row
        return index

    def at(self, line: int, x: int) -> int | None:
        """The row whose cell covers a column of a line."""
        if not 0 <= line < len(self.lines):
            return None
        spots = self.lines[line].spots
        after = bisect_left(spots, x + 1, key=lambda spot: spot.x)
        spot = spots[after - 1] if after else None
        return spot.row if spot is not None and x < spot.x + spot.width else None


def lay(
    lamps: Sequence[tuple[str, str]],
    switches: Sequence[str],
    notes: Iterable[tuple[str, str]],
    width: int,
    *,
    several: bool,
    title: str = "",
    tile: int = TILE,
    named: bool = False,
    height: int = 0,
) -> Layout:
    """Lay out rows: lamps by site and range, then switches by site, each in its order.

    ``notes`` are sites that have nothing to show, and why. ``several`` gives the site a column.
    ``title`` is what stands above the switches, ``tile`` the columns of a lamp; with ``named`` they
    are more where all the lines then fit into ``height``.
    """
    notes = list(notes)
    labels = _labels(lamps, switches, notes, several)
    strip = width - STRIP if switches and lamps and width >= BESIDE_FROM else None
    room = (strip - 2 if strip is not None else width) - labels.width
    whole = max(20, width - labels.width)
    after = [Line(site, "", (), line) for site, note in notes for line in wrap(note, whole)]
    if switches and strip is None:
        heading = [Line("", "", (), title)] if title else []
        after = [*heading, *_below(switches, len(lamps), labels.width, whole), *after]
    for size in (*(_named(room) if named else ()), tile):
        lines = [*_tiled(lamps, max(1, room // size), labels.width, size)]
        if strip is not None:
            _place_beside(lines, switches, len(lamps), strip)
        lines += after
        if len(lines) <= height:
            break
    return Layout(lines, labels, strip, title if strip is not None else "")


def _named(room: int) -> Iterator[int]:
    """The widths at which lamps with names share the room, the widest first."""
    for columns in range(-(-room // WIDEST_NAMED), room // NAMED + 1):
        yield room // max(1, columns)


def _labels(
    lamps: Sequence[tuple[str, str]],
    switches: Sequence[str],
    notes: Sequence[tuple[str, str]],
    several: bool,
) -> Labels:
    sites = {site for site, _ in lamps} | set(switches) | {site for site, _ in notes}
    ranges = {range_ for _, range_ in lamps}
    return Labels(
        min(SITE, max(map(len, sites), default=0)) if several else 0,
        min(RANGE, max(map(len, ranges), default=0)),
    )


def _tiled(lamps: Sequence[tuple[str, str]], columns: int, x: int, tile: int) -> Iterator[Line]:
    index = 0
    for (site, range_), group in groupby(lamps):
        left = sum(1 for _ in group)
        while left:
            count = min(left, columns)
            spots = [Spot(index + at, x + at * tile, tile) for at in range(count)]
            yield Line(site, range_, tuple(spots))
            index, left = index + count, left - count


def _below(switches: Sequence[str], index: int, x: int, room: int) -> Iterator[Line]:
    columns = max(1, room // SWITCH)
    width = min(room // columns, WIDEST_SWITCH)
    for site, group in groupby(switches):
        left = sum(1 for _ in group)
        while left:
            count = min(left, columns)
            spots = [Spot(index + at, x + at * width, width) for at in range(count)]
            yield Line(site, "", tuple(spots))
            index, left = index + count, left - count


def _place_beside(lines: list[Line], switches: Sequence[str], index: int, strip: int) -> None:
    """Put a switch at the end of each line, and add lines where there are more of them."""
    for number in range(len(switches)):
        spot = Spot(index + number, strip, STRIP)
        if number < len(lines):
            line = lines[number]
            lines[number] = line._replace(spots=(*line.spots, spot))
        else:
            lines.append(Line("", "", (spot,)))
