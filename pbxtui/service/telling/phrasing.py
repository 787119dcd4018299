"""What all sentences share: spans of time, numbers with their nouns, people."""

from __future__ import annotations

from pbxtui.model import Certainty, Party
from pbxtui.service.acting.people import NAME_LIMIT, is_short, label, listed
from pbxtui.service.parties import person

__all__ = ["count", "hedged", "listed", "named", "own", "span", "squeezed", "who"]


def span(seconds: float) -> str:
    """A span as it is spoken: ``47 s``, ``2 min 13 s``, ``1 h 5 min``, ``3 d 2 h``."""
    whole = max(0, int(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if minutes < 1:
        return f"{whole} s"
    if hours < 1:
        return _two(minutes, "min", whole % 60, "s")
    if days < 1:
        return _two(hours, "h", minutes % 60, "min")
    return _two(days, "d", hours % 24, "h")


def _two(large: int, unit: str, small: int, part: str) -> str:
    return f"{large} {unit} {small} {part}" if small else f"{large} {unit}"


def count(number: int, one: str, many: str = "") -> str:
    """``no calls``, ``1 call``, ``12 calls``."""
    if number == 1:
        return f"1 {one}"
    return f"{number or 'no'} {many or one + 's'}"


def squeezed(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


def who(party: Party) -> str:
    """Somebody: name and number from outside, number and name in the house."""
    if party.number and party.name and not is_short(party.number):
        name = squeezed(party.name)[: NAME_LIMIT - 22]
        return label(Party(squeezed(person(Party(party.number, name)))))
    return squeezed(label(party))


def own(number: str, name: str, id: str = "") -> str:
    """A thing of the house: its number and its name, else its id."""
    both = f"{number} {name}" if name and name != number else number
    return squeezed(both) or id


def named(name: str, id: str) -> str:
    return squeezed(name) or id


def hedged(certainty: Certainty, words: str) -> str:
    """``is …``, as surely as it is known."""
    if certainty is Certainty.ASSUMED:
        return f"is assumed to be {words}, which the PBX does not show"
    if certainty is Certainty.INFERRED:
        return f"is probably {words}"
    return f"is {words}"
