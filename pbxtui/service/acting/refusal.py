"""Why nothing was sent, in one sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Who or what stands in the way."""

    LOCKED = "locked"
    READ_ONLY = "read_only"
    DENIED = "denied"
    NOT_CAPABLE = "not_capable"
    NOT_SAID = "not_said"
    """Something is missing that only the reader can say: a number, a leg."""
    UNSUITED = "unsuited"
    """It is there, but not in a state in which this can be done."""
    GONE = "gone"
    CHANGED = "changed"
    UNREADY = "unready"
    """The site cannot be opened, or the journal cannot be written."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing was sent. ``words`` is the whole sentence, ``nearest`` what comes nearest, maybe."""

    why: Why
    words: str
    nearest: str = ""

    def __str__(self) -> str:
        return f"{self.words}; {self.nearest}" if self.nearest else self.words
