"""Letters without their accents, for finding a name that is typed on another keyboard."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LETTERS = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ß": "ss",
        "ı": "i",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
    }
)
"""Letters that Unicode does not take apart."""


def without_marks(text: str) -> str:
    """A text with its letters taken apart and their combining marks left out."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


@lru_cache(maxsize=16384)
def bare(text: str) -> str:
    """A text as it is compared: no accents, no capitals, single spaces, none at the ends.

    What it gives it leaves as it is: ``bare(bare(text)) == bare(text)``.
    """
    if not text.isascii():
        text = without_marks(without_marks(text.translate(LETTERS)).casefold().translate(LETTERS))
    return " ".join(text.casefold().split())
