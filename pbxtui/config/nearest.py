"""The nearest valid word to one that was mistyped."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST = 64
"""Characters beyond which a word is no slip of the fingers, and is not compared."""


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid word that ``word`` was probably meant to be; None when none is near."""
    if len(word) > LONGEST:
        return None
    by_lower = {candidate.lower(): candidate for candidate in valid}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, valid: Iterable[str]) -> str:
    """``did you mean "account"?``, or else the list of what is valid."""
    words = sorted(valid)
    found = nearest(word, words)
    if found is not None:
        return f'did you mean "{found}"?'
    return f"valid: {', '.join(words)}" if words else "nothing is valid here"
