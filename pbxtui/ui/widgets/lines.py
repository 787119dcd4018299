"""Single lines of styled text that repaint only when they change."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from pbxtui.ui.spell import fold

Piece = tuple[str, Style]


class TextLines(Widget):
    """A few lines of pieces of plain text. Never markup: what is given is what is shown."""

    DEFAULT_CSS = """
    TextLines { height: 1; width: 1fr; }
    """

    def __init__(
        self, first: Sequence[Piece] = (), *, ascii: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._ascii = ascii
        self._lines = self._plain([first])

    def _plain(self, lines: Sequence[Sequence[Piece]]) -> list[tuple[Piece, ...]]:
        if self._ascii:
            return [tuple((fold(text), style) for text, style in line) for line in lines]
        return [tuple(line) for line in lines]

    def say(self, lines: Sequence[Sequence[Piece]]) -> None:
        """Show these lines; the widget's height follows their number."""
        new = self._plain(lines) or [()]
        old, self._lines = self._lines, new
        if len(new) != len(old):
            self.styles.height = len(new)
            self.refresh()
            return
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        pieces = self._lines[y] if y < len(self._lines) else ()
        segments = [Segment(text, style) for text, style in pieces if text]
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(self.rich_style)
