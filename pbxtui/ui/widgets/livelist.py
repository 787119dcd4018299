"""The virtual list that every table and tree is shown in.

It holds row keys, not rows: a line's cells are asked for when the line is on screen. After each
change the visible lines are compared with what was painted, and only those that differ are
painted again, so the cost of a tick does not grow with what is off screen. The cursor belongs to
a row, not to a line: whatever arrives or goes, it stays on its row, and that row on its line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.spell import fit, fold, wrap
from pbxtui.ui.widgets.columns import Cell, Column, Row, drawn, heads, thumb

BAR = Style(color="default", bgcolor="default", reverse=True)
"""The cursor where colours are few or none: the terminal's own two, the other way round."""

CURSOR_DARK, CURSOR_LIGHT, MARKED = 30, 22, 18
"""How much of the theme's colours lies under the row of the cursor, and under one that is marked,
in per cent: no more than leaves every text on it readable."""

WHEEL = 3
"""Lines per notch of the mouse wheel."""


class RowSource(Protocol):
    """Who knows the rows: asked for cells only of rows that are on screen."""

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        """The cells of a row, one for each column."""
        ...

    def marked(self, row: Row) -> bool: ...

    def empty(self) -> str:
        """What to say when there are no rows."""
        ...

    def sorted_by(self) -> tuple[str, bool]:
        """The key of the column that orders the rows, and whether it runs downwards."""
        ...


Line = tuple[Row | None, tuple[Cell, ...], int, Cell | None]
"""A row as painted: its cells, its flags, its sign."""


class LiveList(Widget, can_focus=True):
    """A list of any length with a header line, a cursor held by key, and no cost off screen.

    ``sign`` gives a sign of one column for a row, which stands before its state.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"livelist--cursor", "livelist--marked"}
    DEFAULT_CSS = f"""
    LiveList {{ height: 1fr; width: 1fr; }}
    LiveList > .livelist--cursor {{ background: $primary {CURSOR_DARK}%; }}
    LiveList:light > .livelist--cursor {{ background: $primary {CURSOR_LIGHT}%; }}
    LiveList > .livelist--marked {{ background: $accent {MARKED}%; }}
    """

    class Moved(Message):
        """The cursor is on another row, or on none (``row`` is None)."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Chosen(Message):
        """A row was clicked while it had the cursor."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    class HeadClicked(Message):
        """A column's title was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(
        self,
        source: RowSource,
        arrange: Callable[[int], Sequence[Column]],
        looks: Looks,
        *,
        id: str | None = None,
        sign: Callable[[Row], Cell | None] = lambda row: None,
    ) -> None:
        super().__init__(id=id)
        self.source = source
        self._sign = sign
        self.looks = looks
        self.rows: Sequence[Row] = ()
        self.columns: Sequence[Column] = ()
        self.top = 0
        self.at = 0
        self._arrange = arrange
        self._cursor: Row | None = None
        self._shown: list[Line] = []
        self._said: Sequence[str] = ()
        self._paper = Style.null()

    @property
    def cursor(self) -> Row | None:
        """The row under the cursor; None when its row has gone and no other was chosen yet."""
        return self._cursor

    @property
    def page(self) -> int:
        """How many rows fit."""
        return max(1, self.size.height - 1)

    def show(self, rows: Sequence[Row]) -> None:
        """Take a new order of rows. The cursor stays on its row, that row on its line."""
        anchored = self.top <= self.at < self.top + self.page
        anchor = self._cursor if anchored else self._row_at(self.top)
        line = (self.at if anchored else self.top) - self.top
        before = self._cursor
        first_fill = not self.rows and before is None
        self.rows = rows
        if first_fill:
            self.at = 0
            self._cursor = self._row_at(0)
        elif before is not None:
            found = self._find(before, self.at)
            if found is None:
                self._cursor = None
                self.at = max(0, min(self.at, len(rows) - 1))
            else:
                self.at = found
        else:
            self.at = max(0, min(self.at, len(rows) - 1))
        hook = self.at if anchored else None
        if hook is None and anchor is not None:
            hook = self._find(anchor, self.top)
        if hook is not None:
            self.top = hook - line
        self._clamp()
        self.repaint_changed()
        if self._cursor != before:
            self.post_message(self.Moved(self._cursor))

    def repaint_changed(self) -> None:
        """Ask for the visible lines again and paint those that differ."""
        for index, line in enumerate(self._visible()):
            if index >= len(self._shown) or self._shown[index] != line:
                self.refresh(Region(0, index + 1, self.size.width, 1))
                while index >= len(self._shown):
                    self._shown.append((None, (), 0, None))
                self._shown[index] = line
        said = self._saying()
        if said != self._said:
            self._said = said
            self.refresh(Region(0, 1, self.size.width, self.page))

    def rearrange(self) -> None:
        """Lay the columns out anew and paint everything."""
        self.columns = tuple(self._arrange(max(0, self.size.width - 1)))
        self._shown = list(self._visible())
        self._said = self._saying()
        self.refresh()

    def move(self, by: int) -> None:
        """Move the cursor by rows; it stops at either end.

        Where the cursor's row has gone, the first key takes up the row in its place.
        """
        self.move_to(self.at + by if self._cursor is not None else self.at)

    def move_to(self, index: int) -> None:
        """Put the cursor on the row with that index, and show it."""
        if not self.rows:
            return
        self.at = max(0, min(index, len(self.rows) - 1))
        before, self._cursor = self._cursor, self.rows[self.at]
        self._reveal()
        self.repaint_changed()
        if before != self._cursor:
            self.post_message(self.Moved(self._cursor))

    def choose(self, row: Row) -> bool:
        """Put the cursor on a row by its key; False when there is no such row."""
        found = self._find(row, self.at)
        if found is None:
            return False
        self.move_to(found)
        return True

    def scroll_rows(self, by: int) -> None:
        """Move the view, not the cursor."""
        self.top += by
        self._clamp()
        self.repaint_changed()

    def render_lines(self, crop: Region) -> list[Strip]:
        self._paper = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen; the first is the header."""
        return self._line(y, self.size.width).apply_style(self._paper)

    def _line(self, y: int, width: int) -> Strip:
        if y == 0:
            return Strip(self._head()).adjust_cell_length(width)
        index = y - 1
        if not self.rows:
            text = self._said[y - 2] if 2 <= y < len(self._said) + 2 else ""
            return Strip([Segment(fit("  " + text, width), self.looks.style(Tone.DIM))])
        if index >= len(self._shown):
            return Strip.blank(width)
        row, cells, flags, sign = self._shown[index]
        if row is None:
            return Strip([Segment(" " * (width - 1)), self._bar(index)])
        over = self._overlay(flags)
        segments = drawn(self.columns, cells, self.looks, over=over, sign=sign)
        strip = Strip(segments).adjust_cell_length(width - 1, over)
        return Strip.join([strip, Strip([self._bar(index)])])

    def on_resize(self) -> None:
        self._clamp()
        if self._cursor is not None:
            self._reveal()
        self.rearrange()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_rows(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_rows(-WHEEL)

    def on_click(self, event: events.Click) -> None:
        if event.y == 0:
            at = 0
            for column in self.columns:
                if at <= event.x <= at + column.width:
                    self.post_message(self.HeadClicked(column.key))
                    return
                at += column.width + 1
            return
        index = self._index_under(event.x, event.y)
        row = self._row_at(index) if index is not None else None
        if index is None or row is None:
            return
        if row == self._cursor:
            self.post_message(self.Chosen(row))
        else:
            self.move_to(index)

    def _index_under(self, x: int, y: int) -> int | None:
        """The row at a place of the widget, below the header."""
        return self.top + y - 1

    def _row_at(self, index: int) -> Row | None:
        return self.rows[index] if 0 <= index < len(self.rows) else None

    def _find(self, row: Row, near: int) -> int | None:
        if self._row_at(near) == row:
            return near
        try:
            return self.rows.index(row)
        except ValueError:
            return None

    @property
    def length(self) -> int:
        """How many lines there are to scroll through."""
        return len(self.rows)

    def _clamp(self) -> None:
        self.top = max(0, min(self.top, self.length - self.page))

    def _reveal(self) -> None:
        """Scroll as far as the cursor's row needs; before there is a size, not down."""
        if self.at < self.top:
            self.top = self.at
        elif self.size.height and self.at >= self.top + self.page:
            self.top = self.at - self.page + 1

    def _visible(self) -> list[Line]:
        lines: list[Line] = []
        source, columns, rows = self.source, self.columns, self.rows
        for index in range(self.top, self.top + self.page):
            row = rows[index] if index < len(rows) else None
            if row is None:
                flags = 4 if index == self.at and not rows else 0
                lines.append((None, (), flags, None))
                continue
            flags = 0
            if index == self.at:
                flags = 1 if self._cursor is not None else 4
            if source.marked(row):
                flags |= 2
            lines.append((row, tuple(source.cells(row, columns)), flags, self._sign(row)))
        thumb = self._thumb()
        return [
            (row, cells, flags | (8 if index in thumb else 0), sign)
            for index, (row, cells, flags, sign) in enumerate(lines)
        ]

    def _saying(self) -> Sequence[str]:
        said = "" if self.rows else self.source.empty()
        return wrap(fold(said) if self.looks.ascii else said, max(1, self.size.width - 4))

    def _overlay(self, flags: int) -> Style | None:
        over: Style | None = None
        if flags & 2:
            over = self._component("livelist--marked", Style(underline=True))
        if flags & 4:
            over = Style(underline=True) + over if over else Style(underline=True)
        if flags & 1:
            cursor = self._component("livelist--cursor", BAR)
            over = over + cursor if over else cursor
        return over

    def _component(self, name: str, plain: Style) -> Style:
        if not self.looks.shaded:
            return plain
        background = self.get_component_rich_style(name).bgcolor
        return Style(bgcolor=background)

    def _head(self) -> list[Segment]:
        return heads(self.columns, self.looks, *self.source.sorted_by())

    def _thumb(self) -> range:
        return thumb(self.top, self.page, self.length)

    def _bar(self, index: int) -> Segment:
        return self._bar_piece(index < len(self._shown) and bool(self._shown[index][2] & 8))

    def _bar_piece(self, thumb: bool) -> Segment:
        """One line of the scroll bar; blank where there is nothing to scroll."""
        signs = self.looks.signs
        sign = signs.thumb if thumb else signs.bar
        return Segment(sign if self.length > self.page else " ", self.looks.style(Tone.DIM))
