"""Numbers as people read them: durations, ages, counts, and texts cut to a width."""

from __future__ import annotations

import textwrap
from functools import lru_cache

from rich.cells import cell_len, chop_cells, set_cell_size

from pbxtui.model.letters import LETTERS, without_marks

_SIGNS = LETTERS | str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "·": "-",
        "…": "+",
        "→": ">",
    }
)


def duration(seconds: float | None) -> str:
    """A span in seconds: ``2:13`` under ten minutes, then ``12m``, ``1h05``, ``3d``.

    Under ten minutes it changes by the second, later by the minute, so that a long call does not
    repaint its line every second. Never negative; None is empty.
    """
    if seconds is None:
        return ""
    whole = max(0, int(seconds))
    if whole < 600:
        return f"{whole // 60}:{whole % 60:02d}"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 24 * 60:
        return f"{minutes // 60}h{minutes % 60:02d}"
    return f"{minutes // 1440}d{minutes // 60 % 24:02d}h"


def age(seconds: float | None) -> str:
    """How old a reading is: ``0.8 s`` under ten seconds, then ``14 s``, ``3 min``, ``2 h``."""
    if seconds is None:
        return "never"
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"


def latency(seconds: float | None) -> str:
    """How long a reading took: ``85 ms``, ``1.2 s``."""
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def size(number: int) -> str:
    """Bytes as people read them: ``934 B``, ``19.9 kB``, ``101 kB``, ``1.2 MB``."""
    if number < 1000:
        return f"{number} B"
    if number < 99_950:
        return f"{number / 1000:.1f} kB"
    if number < 999_500:
        return f"{number / 1000:.0f} kB"
    return f"{number / 1_000_000:.1f} MB"


def count(number: int) -> str:
    """A number with thin groups of three: ``1 021``."""
    return f"{number:,}".replace(",", " ")


def fit(text: str, width: int, more: str = "…", *, right: bool = False) -> str:
    """A text padded or cut to ``width`` columns; wide characters count as the terminal does."""
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        if width <= 0:
            return ""
        text = set_cell_size(text, width - 1).rstrip() + more
        length = len(text) if text.isascii() else cell_len(text)
    pad = " " * (width - length)
    return pad + text if right else text + pad


def wrap(text: str, width: int) -> list[str]:
    """A text of sentences as lines of at most ``width`` columns, cut between words."""
    width = max(1, width)
    if text.isascii():
        return textwrap.wrap(text, width)
    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines += chop_cells(word, width)
    return lines


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """A text for a terminal that knows ASCII alone: accents go, what has no letter is ``?``."""
    if text.isascii():
        return text
    plain = without_marks(text.translate(_SIGNS))
    return "".join(char if char.isascii() else "?" for char in plain)
