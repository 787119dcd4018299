"""Text from outside, cleaned once, at the door.

Caller names and numbers are chosen by strangers. Every string that a PBX hands over goes through
:func:`clean` in the backend; from there on it is plain text that a terminal can show and that no
markup parser ever sees.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

MAX_LENGTH = 160
"""Characters that are kept of a name or number; a longer text ends in an ellipsis."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_MAX_COMBINING = 3
_SPACES = frozenset("\t\n\r\v\f\x85")
_JOINERS = frozenset("\u200c\u200d")


def _spell(text: str) -> str:
    kept: list[str] = []
    combining = 0
    for char in text:
        category = unicodedata.category(char)
        if category in {"Mn", "Me"}:
            combining += 1
            if combining <= _MAX_COMBINING:
                kept.append(char)
            continue
        combining = 0
        if char in _SPACES or category in {"Zs", "Zl", "Zp"}:
            kept.append(" ")
        elif char in _JOINERS:
            kept.append(char)
        elif category[0] == "C":
            kept.append(REPLACEMENT)
        else:
            kept.append(char)
    return "".join(kept)


@lru_cache(maxsize=65536)
def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """Return ``text`` as a single line of printable characters, at most ``limit`` long.

    Line breaks, tabs and exotic spaces become a space; control, escape, bidi, private and
    unassigned characters become U+FFFD; more than three combining marks on one letter are
    dropped; white space at both ends goes.
    """
    if len(text) > 4 * limit:
        text = text[: 4 * limit]
    if not (text.isascii() and text.isprintable()):
        text = _spell(text)
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clean_block(text: str, limit: int = 100_000) -> str:
    """Return a text of several lines (a raw answer, a log) with each line cleaned.

    The line breaks stay, tabs become two spaces; ``limit`` counts characters of the whole.
    """
    lines = text[:limit].replace("\t", "  ").splitlines()
    indents = (len(line) - len(line.lstrip(" ")) for line in lines)
    return "\n".join(
        " " * indent + clean(line, 2000) for line, indent in zip(lines, indents, strict=True)
    )
