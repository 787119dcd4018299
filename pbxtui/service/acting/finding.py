"""Finding whom to ring by what was typed: a piece of a number, or of a name.

The best come first: the number itself, a number that begins so, a name that begins so, a word of
a name, anywhere. Names are compared without accents and capitals, numbers without the signs that
people write in them. A search costs what it finds, not what there is: the people of a site are
put in order once, and looked up by their beginnings.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache

from pbxtui.model import clean
from pbxtui.model.letters import bare
from pbxtui.service.acting.people import plain

LONGEST = 40
"""Digits of a number that can be dialled, at most; no PBX of ours takes more from everybody."""

_WORD = re.compile(r"\w+")
_DIALLED = re.compile(r"\+?[0-9*#]+")
_FILLING = re.compile(r"[\s()./\\‐‑‒–—-]")


class Where(StrEnum):
    """Where it is known from that somebody can be rung."""

    PHONE = "phone"
    LAMP = "lamp"
    AGENT = "agent"
    CALL = "a call"
    """Somebody's call has named them."""
    BOOK = "phone book"
    LAST = "last"
    """Among the last targets."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or something, with a number that can be rung at a site."""

    site: str
    number: str
    name: str = ""
    where: tuple[Where, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """One number of one site is one person."""
        return self.site, number_key(self.number)


class Rank(IntEnum):
    """How well somebody fits what was typed; the lowest is the best."""

    EXACT = 0
    NUMBER = 1
    NAME = 2
    WORD = 3
    ANYWHERE = 4


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who fits, and how well."""

    person: Person
    rank: Rank


@dataclass(frozen=True, slots=True)
class Dialled:
    """A number as it will be sent; empty with the reason why it cannot be."""

    number: str
    why: str = ""


def dialled(typed: str) -> Dialled:
    """What is sent of a number that somebody typed: digits, ``+`` in front, ``*`` and ``#``.

    The spaces and signs that people write in numbers go; digits of other scripts become ASCII.
    """
    digits = "".join(_digit(char) for char in _FILLING.sub("", typed))
    if not digits:
        return Dialled("", "type a number or a name")
    if len(digits) > LONGEST:
        return Dialled("", f"a number has {LONGEST} digits at most")
    if not _DIALLED.fullmatch(digits):
        said = clean(typed, 30)
        return Dialled("", f"“{said}” is no number: it takes digits, + in front, * and #")
    return Dialled(digits)


def _digit(char: str) -> str:
    if char.isascii():
        return char
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


@lru_cache(maxsize=32768)
def number_key(number: str) -> str:
    """A number as it is compared."""
    return plain(number).casefold().lstrip("+")


class Register:
    """People who can be found. ``among`` is who is there, in the order of equals."""

    def __init__(self, among: Iterable[Person]) -> None:
        self.among = tuple(among)
        keys = [number_key(person.number) for person in self.among]
        names = [bare(person.name) for person in self.among]
        self._keys = keys
        self._numbers = sorted((key, at) for at, key in enumerate(keys) if key)
        self._names = sorted((name, at) for at, name in enumerate(names) if name)
        self._words = sorted(
            (word, at)
            for at, name in enumerate(names)
            for place, word in enumerate(_WORD.findall(name))
            if place or not name.startswith(word)
        )
        self._rows = [f"{key}\t{name}" for key, name in zip(keys, names, strict=True)]
        self._text = "\n".join(self._rows)
        self._starts: list[int] = []
        start = 0
        for row in self._rows:
            self._starts.append(start)
            start += len(row) + 1

    def find(self, typed: str, limit: int) -> list[Match]:
        """Who fits, the best first, ``limit`` at most; everybody where nothing was typed."""
        words, key = bare(typed).split(" "), number_key(typed)
        if words == [""]:
            return [Match(person, Rank.ANYWHERE) for person in self.among[:limit]]
        found: dict[int, Rank] = {}
        for rank, at in self._candidates(words, key):
            found.setdefault(at, rank)
            if len(found) >= limit:
                break
        order = sorted(found, key=lambda at: (found[at], *self._place(at, found[at])))
        return [Match(self.among[at], found[at]) for at in order]

    def _place(self, at: int, rank: Rank) -> tuple[int, int]:
        """Of equals the shorter number comes first, where it was a number that was typed."""
        return (len(self._keys[at]) if rank is Rank.NUMBER else 0), at

    def _candidates(self, words: Sequence[str], key: str) -> Iterator[tuple[Rank, int]]:
        if key:
            for number, at in _beginning(self._numbers, key):
                if number != key:
                    break
                yield Rank.EXACT, at
        if any(char.isdigit() for char in key):
            for _, at in _beginning(self._numbers, key):
                yield Rank.NUMBER, at
        phrase = " ".join(words)
        for _, at in _beginning(self._names, phrase):
            yield Rank.NAME, at
        first, others = words[0], words[1:]
        for _, at in self._with_word(first):
            if all(self._has_word(at, word) for word in others):
                yield Rank.WORD, at
        for at in self._containing(max(words, key=len)):
            if all(word in self._rows[at] for word in words):
                yield Rank.ANYWHERE, at
        if key and key != phrase:
            for at in self._containing(key):
                if key in self._keys[at]:
                    yield Rank.ANYWHERE, at

    def _with_word(self, beginning: str) -> Iterator[tuple[str, int]]:
        yield from _beginning(self._words, beginning)
        yield from _beginning(self._names, beginning)

    def _has_word(self, at: int, beginning: str) -> bool:
        name = self._rows[at].partition("\t")[2]
        return beginning in name and any(word.startswith(beginning) for word in _WORD.findall(name))

    def _containing(self, piece: str) -> Iterator[int]:
        """The rows that have a text in them; ``find`` does the walking."""
        start = self._text.find(piece)
        while start >= 0:
            at = bisect_right(self._starts, start) - 1
            yield at
            if at + 1 == len(self._starts):
                return
            start = self._text.find(piece, self._starts[at + 1])


def _beginning(ordered: Sequence[tuple[str, int]], text: str) -> Iterator[tuple[str, int]]:
    """What begins with a text, of a sorted list."""
    for place in range(bisect_left(ordered, (text,)), len(ordered)):
        if not ordered[place][0].startswith(text):
            return
        yield ordered[place]


def best(typed: str, registers: Iterable[Register], limit: int) -> list[Match]:
    """Who fits of several registers; of equals those of the first one come first.

    Somebody who is in several of them comes once, with all that is known.
    """
    found: dict[tuple[str, str], Match] = {}
    for register in registers:
        for match in register.find(typed, limit):
            key = match.person.key
            known = found.get(key)
            found[key] = match if known is None else _joined(known, match)
    order = list(found.values())
    if typed.strip():
        order.sort(key=lambda match: match.rank)
    return order[:limit]


def _joined(one: Match, other: Match) -> Match:
    first, second = one.person, other.person
    where = tuple(dict.fromkeys((*first.where, *second.where)))
    person = Person(first.site, first.number, first.name or second.name, where)
    return Match(person, min(one.rank, other.rank))
