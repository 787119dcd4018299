"""The dense grid of busy lamps: a cell for each, and a cursor that moves in two dimensions.

It is a :class:`LiveList` whose rows stand in cells: only the cells of visible lines are asked for,
only those that differ are painted, and the cursor belongs to a lamp, not to a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from pbxtui.ui.grid import Labels, Layout, Line
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.spell import fit, fold
from pbxtui.ui.widgets.columns import Cell, Row
from pbxtui.ui.widgets.livelist import LiveList, RowSource

NOWHERE = Layout((), Labels(0, 0))


class GridSource(RowSource, Protocol):
    """Who knows the rows and how they stand; asked for cells only of rows that are on screen."""

    def layout(self, rows: Sequence[Row], width: int, height: int) -> Layout:
        """Where the rows stand on a screen of that size; more lines than ``height`` scroll."""
        ...

    def tile(self, row: Row, width: int) -> Sequence[Cell]:
        """The pieces of a row's cell."""
        ...

    def legend(self) -> Sequence[Cell]:
        """The pieces of the header line."""
        ...


class Drawn(NamedTuple):
    """A line as painted: its place, labels, cells with flags and signs, the scroll bar."""

    line: Line
    site: str
    range: str
    tiles: tuple[tuple[Sequence[Cell], int, Cell | None], ...]
    thumb: bool


class LampGrid(LiveList):
    """A grid of any size with a header line, a cursor held by key, and no cost off screen."""

    def __init__(
        self,
        source: GridSource,
        looks: Looks,
        *,
        id: str | None = None,
        sign: Callable[[Row], Cell | None] = lambda row: None,
    ) -> None:
        super().__init__(source, lambda width: (), looks, id=id, sign=sign)
        self._tiles = source
        self._layout = NOWHERE
        self._drawn: list[Drawn | None] = []
        self._legend: tuple[Cell, ...] = ()
        self._x: int | None = None

    @property
    def length(self) -> int:
        return len(self._layout)

    def show(self, rows: Sequence[Row]) -> None:
        """Take new rows. The cursor stays on its lamp, and that lamp on its line."""
        before, first_fill = self._cursor, not self.rows and self._cursor is None
        line = self._line_of(self.at)
        self.rows = rows
        self._lay()
        if first_fill:
            self.at, self._cursor = 0, self._row_at(0)
        else:
            found = self._find(before, self.at) if before is not None else None
            if found is None:
                self._cursor = None
            self.at = max(0, min(self.at if found is None else found, len(rows) - 1))
        now = self._line_of(self.at)
        if line is not None and now is not None and self.top <= line < self.top + self.page:
            self.top += now - line
        self._clamp()
        self.repaint_changed()
        if self._cursor != before:
            self.post_message(self.Moved(self._cursor))

    def rearrange(self) -> None:
        """Lay the cells out anew and paint everything."""
        line = self._line_of(self.at)
        self._lay()
        now = self._line_of(self.at)
        if line is not None and now is not None and line != now:
            self.top += now - line
        self._clamp()
        self._x = None
        thumb = self._thumb()
        self._drawn = [self._draw(y, thumb) for y in range(self.page)]
        self._legend = tuple(self._tiles.legend())
        self._said = self._saying()
        self.refresh()

    def repaint_changed(self) -> None:
        """Ask for the visible cells again and paint those that differ."""
        thumb = self._thumb()
        del self._drawn[self.page :]
        for y in range(self.page):
            self._repaint(y, thumb)
        legend = tuple(self._tiles.legend())
        if legend != self._legend:
            self._legend = legend
            self.refresh(Region(0, 0, self.size.width, 1))
        said = self._saying()
        if said != self._said:
            self._said = said
            self.refresh(Region(0, 1, self.size.width, self.page))

    def move(self, by: int) -> None:
        """Move the cursor by lines; it keeps its column as far as the lines reach."""
        if not self.rows:
            return
        if self._cursor is None or self._line_of(self.at) is None:
            self.move_to(self.at)
            return
        x = self._x if self._x is not None else self._layout.spot_of(self.at).middle
        self.move_to(self._layout.over(self.at, by, x) if by else self.at)
        self._x = x

    def step(self, by: int) -> None:
        """Move the cursor by cells, as one reads."""
        if self._cursor is None or self._line_of(self.at) is None:
            self.move_to(self.at)
        else:
            self.move_to(self._layout.beside(self.at, by))

    def move_to(self, index: int) -> None:
        """Put the cursor on a lamp, and show it; without a scroll only two cells differ."""
        self._x = None
        if not self.rows:
            return
        lines = {self._line_of(self.at)}
        top, before = self.top, self._cursor
        self.at = max(0, min(index, len(self.rows) - 1))
        self._cursor = self.rows[self.at]
        self._reveal()
        if top != self.top or len(self._drawn) != self.page:
            self.repaint_changed()
        else:
            thumb = self._thumb()
            for line in lines | {self._line_of(self.at)}:
                if line is not None and 0 <= line - top < self.page:
                    self._repaint(line - top, thumb)
        if before != self._cursor:
            self.post_message(self.Moved(self._cursor))

    def _lay(self) -> None:
        width = self.size.width - 1
        self._layout = NOWHERE
        if width > 0:
            self._layout = self._tiles.layout(self.rows, width, self.page)

    def _line_of(self, index: int) -> int | None:
        return self._layout.line_of(index) if index in self._layout else None

    def _reveal(self) -> None:
        line = self._line_of(self.at)
        if line is not None and line < self.top:
            self.top = line
        elif line is not None and line >= self.top + self.page:
            self.top = line - self.page + 1

    def _index_under(self, x: int, y: int) -> int | None:
        return self._layout.at(self.top + y - 1, x)

    def _repaint(self, y: int, thumb: range) -> None:
        """Ask for the cells of one line again and paint those that differ."""
        now = self._draw(y, thumb)
        known = y < len(self._drawn)
        before = self._drawn[y] if known else None
        if known and before == now:
            return
        for x, width in self._differing(before, now):
            self.refresh(Region(x, y + 1, width, 1))
        if known:
            self._drawn[y] = now
        else:
            self._drawn.append(now)

    def _draw(self, y: int, thumb: range) -> Drawn | None:
        number = self.top + y
        if number >= len(self._layout):
            return None
        line = self._layout.lines[number]
        above = self._layout.lines[number - 1] if y else None
        same_site = above is not None and above.site == line.site
        same = same_site and above is not None and above.range == line.range
        tiles = tuple(
            (tuple(self._tiles.tile(row, spot.width)), self._flags(spot.row, row), self._sign(row))
            for spot in line.spots
            for row in (self.rows[spot.row],)
        )
        return Drawn(
            line,
            "" if same_site else line.site,
            "" if same else line.range,
            tiles,
            y in thumb,
        )

    def _flags(self, index: int, row: Row) -> int:
        flags = 2 if self.source.marked(row) else 0
        if index == self.at:
            flags |= 1 if self._cursor is not None else 4
        return flags

    def _differing(self, before: Drawn | None, now: Drawn | None) -> Iterator[tuple[int, int]]:
        """The parts of a line that are not as they were painted: column and width."""
        width = self.size.width
        if before is None or now is None or before[:3] != now[:3]:
            yield 0, width
            return
        for spot, old, new in zip(now.line.spots, before.tiles, now.tiles, strict=True):
            if old != new:
                yield spot.x, spot.width
        if before.thumb != now.thumb:
            yield width - 1, 1

    def _line(self, y: int, width: int) -> Strip:
        if y == 0:
            return self._legend_strip(width)
        if not self.rows:
            return super()._line(y, width)
        drawn = self._drawn[y - 1] if y <= len(self._drawn) else None
        if drawn is None:
            return Strip.blank(width)
        labels, dim = self._layout.labels, self.looks.style(Tone.DIM)
        head = self.looks.style(Tone.HEAD)
        segments = []
        if labels.site:
            segments.append(Segment(self._text(drawn.site, labels.site) + " ", head))
        if labels.range:
            segments.append(Segment(self._text(drawn.range, labels.range) + " ", dim))
        at = labels.width
        if drawn.line.note:
            room = max(0, width - 1 - at)
            segments.append(Segment(self._text(drawn.line.note, room), dim))
            at += room
        for spot, (pieces, flags, sign) in zip(drawn.line.spots, drawn.tiles, strict=True):
            if spot.x > at:
                segments.append(Segment(" " * (spot.x - at)))
            segments += self._tile(pieces, flags, spot.width, sign)
            at = spot.x + spot.width
        strip = Strip(segments).adjust_cell_length(width - 1)
        return Strip.join([strip, Strip([self._bar_piece(drawn.thumb)])])

    def _tile(
        self, pieces: Sequence[Cell], flags: int, width: int, sign: Cell | None
    ) -> Iterator[Segment]:
        over = self._overlay(flags)
        room = width
        for text, style in pieces:
            shown = fold(text) if self.looks.ascii else text
            if cell_len(shown) > room:
                shown = fit(shown, room, self.looks.signs.more)
            room -= cell_len(shown)
            yield Segment(shown, style + over if over else style)
        if room > 1:
            yield Segment(" " * (room - 1), over)
        if room > 0:
            yield Segment(*sign) if sign is not None else Segment(" ", Style.null())

    def _legend_strip(self, width: int) -> Strip:
        strip, title = self._layout.strip, self._layout.title
        room = strip if strip is not None else width
        segments = []
        for text, style in self._legend:
            shown = self._text(text)
            if cell_len(shown.rstrip()) > room:
                break
            room -= cell_len(shown)
            segments.append(Segment(shown, style))
        if strip is not None:
            segments.append(Segment(" " * room))
            segments.append(Segment(self._text(title), self.looks.style(Tone.HEAD)))
        return Strip(segments).adjust_cell_length(width)

    def _text(self, text: str, width: int | None = None) -> str:
        shown = fold(text) if self.looks.ascii else text
        return shown if width is None else fit(shown, width, self.looks.signs.more)
