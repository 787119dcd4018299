"""The filter line: words that must all match, ``field:word`` for one field, ``!`` for not.

``!`` before a word turns that word round; a lone ``!`` in front turns the whole filter round.
A word for a field of states is the beginning of one: ``state:reg`` is not ``unregistered``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

STATES = frozenset({"state", "now"})
"""The fields whose texts are words of states."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a filter; an empty ``field`` looks in all fields."""

    field: str
    word: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter. ``matches`` takes a row's texts by field name, in lower case."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    inverted: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)

    def matches(self, texts: Mapping[str, str]) -> bool:
        for term in self.terms:
            if term.field in STATES:
                words = texts.get(term.field, "").split()
                found = any(word.startswith(term.word) for word in words)
            elif term.field:
                found = term.word in texts.get(term.field, "")
            else:
                found = any(term.word in text for text in texts.values())
            if found != term.wanted:
                return self.inverted
        return not self.inverted


def parse(text: str, fields: Callable[[], frozenset[str]]) -> Filter:
    """Read a filter line. A name before a colon that is no field is part of the word."""
    rest = text.strip().lower()
    inverted = rest.startswith("! ") or rest == "!"
    if inverted:
        rest = rest[1:]
    known = fields()
    terms = []
    for raw in rest.split():
        word, wanted = raw, True
        if word.startswith("!") and len(word) > 1:
            word, wanted = word[1:], False
        name, colon, value = word.partition(":")
        if colon and name in known:
            if value:
                terms.append(Term(name, value, wanted))
        else:
            terms.append(Term("", word, wanted))
    return Filter(text, tuple(terms), inverted)
