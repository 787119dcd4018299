"""How rows stand in columns: what a cell is, and the lines that a list paints of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style

from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.spell import fit, fold

Row = Hashable
Cell = tuple[str, Style]


@dataclass(frozen=True, slots=True)
class Column:
    """One column as laid out for the present width; ``width`` counts terminal columns."""

    key: str
    title: str
    width: int
    right: bool = False


def heads(columns: Sequence[Column], looks: Looks, by: str, downwards: bool) -> list[Segment]:
    """The header line; ``by`` is the key of the column that orders the rows."""
    style, signs = looks.style(Tone.HEAD), looks.signs
    segments = []
    for column in columns:
        title = column.title
        if column.key == by:
            title += signs.down if downwards else signs.up
        shown = fit(title, column.width, signs.more, right=column.right)
        segments.append(Segment(shown + " ", style))
    return segments


def drawn(
    columns: Sequence[Column],
    cells: Sequence[Cell],
    looks: Looks,
    *,
    over: Style | None,
    sign: Cell | None,
) -> list[Segment]:
    """A row's line: its cells, ``over`` laid over them, and its sign."""
    segments = []
    for column, (text, style) in zip(columns, cells, strict=False):
        text = fold(text) if looks.ascii else text
        shown = fit(text, column.width, looks.signs.more, right=column.right) + " "
        segments.append(Segment(shown, style + over if over else style))
    return segments if sign is None else _signed(columns, segments, sign, over)


def _signed(
    columns: Sequence[Column], segments: list[Segment], sign: Cell, over: Style | None
) -> list[Segment]:
    """A row's segments with its sign in the gap before the state, or after the first column."""
    keys = [column.key for column in columns]
    gap = max(1, keys.index("state") if "state" in keys else 1) - 1
    if gap >= len(segments):
        return segments
    before, (text, style) = segments[gap], sign
    marked = Segment(text, style + over if over else style)
    cut = Segment(before.text[:-1], before.style)
    return [*segments[:gap], cut, marked, *segments[gap + 1 :]]


def thumb(top: int, page: int, total: int) -> range:
    """Which lines of a page the thumb of the scroll bar covers; none where all of it fits."""
    if total <= page:
        return range(0)
    size = max(1, page * page // total)
    start = round(top * (page - size) / max(1, total - page))
    return range(start, start + size)
