"""A table in plain text, aligned by the width that each character has in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

GAP = "  "
MAX_WIDTH = 40
"""Columns after which a cell is cut; JSON has the whole of it."""


def cut(text: str, width: int = MAX_WIDTH) -> str:
    """The text within ``width`` columns, with an ellipsis where it was longer."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…"


def table(
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: str = "",
    *,
    open_end: bool = False,
) -> Iterator[str]:
    """The lines of a table: the titles, then the rows.

    ``right`` has one character a column, ``r`` where it is aligned to the right. With
    ``open_end`` the last column is not cut.
    """
    last = len(titles) - 1 if open_end else len(titles)
    cells = [list(titles)]
    cells += [[cell if i == last else cut(cell) for i, cell in enumerate(row)] for row in rows]
    widths = [max(cell_len(row[column]) for row in cells) for column in range(len(titles))]
    for row in cells:
        padded = []
        for column, cell in enumerate(row):
            space = " " * (widths[column] - cell_len(cell))
            padded.append(space + cell if right[column : column + 1] == "r" else cell + space)
        yield GAP.join(padded).rstrip()


def duration(seconds: float | None) -> str:
    """A span in seconds as ``2:13`` or ``1:02:13``; never negative, empty for None."""
    if seconds is None:
        return ""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def number(value: float | None, unit: str = "") -> str:
    """A count or a measurement; empty where the PBX does not tell."""
    return "" if value is None else f"{value:.0f}{unit}"
