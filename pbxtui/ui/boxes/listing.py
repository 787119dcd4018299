"""How those who can be rung stand in a list: number, name, state, site, where known from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pbxtui.service.acting.finding import Person
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.widgets.columns import Cell, Column

WIDE = 100
"""Columns of a screen that has room for everything."""
WIDEST = 44
"""Columns that a name gets, at the most."""


def columns(width: int, *, wide: bool, sites: bool) -> Sequence[Column]:
    """The columns of a list that is so wide; ``sites`` says which site each one is at."""
    where, number, state = (22 if wide else 10), (24 if wide else 18), 12
    site = [Column("site", "site", 10)] if sites else []
    taken = number + state + where + (15 if sites else 4)
    return [
        Column("number", " number", number),
        Column("name", "name", min(WIDEST, max(8, width - taken))),
        Column("state", "state", state),
        *site,
        Column("where", "known from", where),
    ]


def cells(
    person: Person, state: tuple[str, Tone], looks: Looks, *, wide: bool
) -> Mapping[str, Cell]:
    """What stands in the columns of one who can be rung, by their keys."""
    dim = looks.style(Tone.DIM)
    words, tone = state
    return {
        "number": (f" {person.number}", looks.style(Tone.NAME)),
        "name": (person.name, looks.style(Tone.PLAIN)),
        "state": (words, looks.style(tone)),
        "site": (person.site, dim),
        "where": (", ".join(person.where if wide else person.where[:1]), dim),
    }


def typed(number: str, why_none: str, looks: Looks) -> Mapping[str, Cell]:
    """What stands in the columns for the line itself: its number, or why it is none."""
    said = "as typed" if number else why_none
    return {
        "number": (f" {number}", looks.style(Tone.NAME)),
        "name": (said, looks.style(Tone.DIM)),
    }
