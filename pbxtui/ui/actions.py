"""The one table of what keys do: bindings, footer, help, palette and the README come from it.

Lower case looks, upper case touches a live call (``G`` and ``N`` only move).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding

from pbxtui.ui.views import VIEWS


class Group(StrEnum):
    """The headings of the keys table."""

    VIEW = "views"
    MOVE = "move"
    LOOK = "look"
    TOUCH = "touch a live call"
    ORDER = "sort, filter, choose"
    PROGRAM = "the program"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a key does. ``keys`` are Textual's names; without any it has only its name.

    ``does`` is the screen's action: the name of a method, with an argument in brackets or without.

    ``footer`` ranks it for the footer (lower comes first); 0 keeps it out.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: Group
    does: str
    footer: float = 0


_VIEWS = tuple(
    Act(
        view.id,
        (view.key,),
        view.name,
        view.help,
        Group.VIEW,
        f"view({view.name!r})",
        4 + rank / 10,
    )
    for rank, view in enumerate(VIEWS)
)

_TOUCHES: tuple[tuple[str, tuple[str, ...], str, str, float], ...] = (
    ("call.answer", ("A", "f2"), "answer", "answer, or pick up at your own phone", 0.1),
    ("call.hold", ("H", "f7"), "hold", "hold; a held one talks again", 0.2),
    ("call.transfer", ("T", "f4"), "transfer", "transfer, blind or attended", 0.3),
    ("call.complete", ("C",), "hand over", "complete an attended transfer", 0.05),
    ("call.cancel", ("E",), "go back", "cancel an attended transfer", 0.06),
    ("call.hangup", ("X", "f8"), "hang up", "hang up the leg, or the call (asks)", 0.4),
    ("call.dial", ("D", "f3"), "dial", "dial from your own phone", 0.5),
    ("call.park", ("P",), "park", "park the call", 0.6),
    ("call.retrieve", ("U",), "take back", "take a parked call back", 0.2),
    ("call.dtmf", ("S",), "tones", "send tones (DTMF) into the call", 0.8),
    ("call.record", ("R",), "record", "record the call, or stop recording it", 0.85),
    ("call.monitor", ("W",), "listen", "listen, whisper, barge in", 0.9),
    (
        "agent.pause",
        ("B",),
        "pause",
        "pause an agent, or end the pause",
        0.2,
    ),
    ("agent.login", ("I",), "log in", "log an agent in to a queue", 0.3),
    ("agent.logout", ("O",), "log out", "log an agent out of a queue", 0.4),
    ("flow.set", ("F",), "set", "set a flow's state or value", 0.2),
    ("device.unregister", (), "unregister", "end a phone's registration (asks for its name)", 0),
    ("device.reboot", (), "restart", "restart a phone (asks for its name)", 0),
)

TOUCHES: tuple[Act, ...] = tuple(
    Act(id, keys, label, help, Group.TOUCH, f"touch({id!r})", footer)
    for id, keys, label, help, footer in _TOUCHES
)
"""What acts on the row under the cursor, or on the marked ones."""

ACTS: tuple[Act, ...] = (
    *_VIEWS,
    Act(
        "view.previous",
        ("left_square_bracket",),
        "view before",
        "the view before",
        Group.VIEW,
        "previous_view",
    ),
    Act(
        "view.next",
        ("right_square_bracket",),
        "next view",
        "the next view",
        Group.VIEW,
        "next_view",
    ),
    Act("nav.down", ("j", "down"), "down", "next row", Group.MOVE, "down"),
    Act("nav.up", ("k", "up"), "up", "row before", Group.MOVE, "up"),
    Act("nav.page_down", ("pagedown",), "page down", "one page on", Group.MOVE, "page_down"),
    Act("nav.page_up", ("pageup",), "page up", "one page back", Group.MOVE, "page_up"),
    Act("nav.top", ("g", "home"), "top", "first row", Group.MOVE, "top"),
    Act("nav.bottom", ("G", "end"), "bottom", "last row", Group.MOVE, "bottom"),
    Act(
        "nav.open",
        ("l", "right"),
        "open",
        "show what is inside: legs, callers, agents",
        Group.MOVE,
        "open",
        3,
    ),
    Act("nav.close", ("h", "left"), "close", "hide what is inside", Group.MOVE, "close"),
    Act("nav.next_match", ("n",), "next", "next row of the filter", Group.MOVE, "next_match"),
    Act(
        "nav.previous_match",
        ("N",),
        "previous",
        "previous row of the filter",
        Group.MOVE,
        "previous_match",
    ),
    Act(
        "row.details",
        ("d", "enter"),
        "details",
        "everything known of the row, with source and age",
        Group.LOOK,
        "details",
        2,
    ),
    Act("row.raw", ("y",), "raw", "the row as the PBX sent it", Group.LOOK, "raw", 8),
    Act("row.mark", ("space",), "mark", "mark the row, or take the mark off", Group.LOOK, "mark"),
    Act("row.copy", ("c",), "copy", "copy the row to the clipboard", Group.LOOK, "copy"),
    *TOUCHES,
    Act("call.undo", ("u",), "stop it", "take back what was not sent yet", Group.TOUCH, "undo"),
    Act("app.lock", ("L",), "lock", "lock the actions, or unlock them", Group.TOUCH, "lock", 7.5),
    Act("view.filter", ("slash",), "filter", "show only what matches", Group.ORDER, "filter", 1),
    Act(
        "view.sort_left",
        ("less_than_sign",),
        "sort left",
        "sort by the column to the left",
        Group.ORDER,
        "sort_left",
    ),
    Act(
        "view.sort_right",
        ("greater_than_sign",),
        "sort",
        "sort by the column to the right",
        Group.ORDER,
        "sort_right",
        3.5,
    ),
    Act("view.reverse", ("z",), "reverse", "turn the order round", Group.ORDER, "reverse"),
    Act("view.columns", ("t",), "columns", "choose the columns", Group.ORDER, "columns"),
    Act(
        "view.turn",
        ("v",),
        "grid/table",
        "turn the grid of lamps into a table, the log into the journal of actions, and back",
        Group.ORDER,
        "turn",
        3,
    ),
    Act("view.site", ("at",), "site", "choose the sites to show", Group.ORDER, "site", 6),
    Act(
        "view.freeze",
        ("p",),
        "freeze",
        "freeze the picture of all views, or let it go on; polling goes on",
        Group.ORDER,
        "freeze",
        7,
    ),
    Act("app.refresh", ("r",), "read now", "read every PBX now", Group.PROGRAM, "read_now"),
    Act(
        "app.redraw", ("ctrl+l",), "redraw", "paint the whole screen anew", Group.PROGRAM, "redraw"
    ),
    Act(
        "app.command",
        ("colon",),
        "command",
        "type a command: :site hq, :sort since, :goto 25, :q",
        Group.PROGRAM,
        "command",
    ),
    Act(
        "app.palette",
        ("ctrl+p",),
        "palette",
        "find a command by its name",
        Group.PROGRAM,
        "palette",
    ),
    Act("app.help", ("question_mark", "f1"), "keys", "this table", Group.PROGRAM, "help", 9),
    Act(
        "app.back",
        ("escape",),
        "back",
        "back; clears the filter; else asks to leave",
        Group.PROGRAM,
        "back",
    ),
    Act("app.quit", ("q",), "quit", "leave pbxtui (asks)", Group.PROGRAM, "quit"),
)

BY_ID: Mapping[str, Act] = {act.id: act for act in ACTS}

_SIGNS = {
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "at": "@",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "space": "Space",
    "escape": "Esc",
    "enter": "Enter",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "f1": "F1",
}
_PLAIN = {"↑": "Up", "↓": "Down", "←": "Left", "→": "Right"}

RESERVED = frozenset(
    {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+s", "ctrl+z", "ctrl+b", "ctrl+a", "ctrl+c", "x"}
)
"""Keys that a terminal, a multiplexer or a habit already owns, and ``x``, which does nothing."""


def bindings(acts: Iterable[Act] = ACTS) -> list[Binding]:
    """Textual's bindings of the table; the id is what ``[keys]`` in the config names."""
    return [
        Binding(",".join(act.keys), act.does, act.label, show=False, id=act.id)
        for act in acts
        if act.keys
    ]


def sign(key: str, *, ascii: bool = False) -> str:
    """A key as it is printed: ``/`` for ``slash``, ``Ctrl+P`` for ``ctrl+p``."""
    if key in _SIGNS:
        shown = _SIGNS[key]
        return _PLAIN.get(shown, shown) if ascii else shown
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    return key.upper() if len(key) > 1 and key[0] == "f" and key[1:].isdigit() else key


def keys_of(act: Act, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an action with the user's changes."""
    mapped = keymap.get(act.id)
    return tuple(key.strip() for key in mapped.split(",")) if mapped else act.keys


_NEAREST = re.compile(r"\b([A-Z])(?= (?:parks|sends|transfers|hangs up)\b)")
"""A key as the backends name it, where they say what comes nearest."""


def with_own_keys(text: str, keymap: Mapping[str, str], *, ascii: bool = False) -> str:
    """What a backend says comes nearest, with the keys that the user has given those actions."""
    if not keymap:
        return text

    def own(found: re.Match[str]) -> str:
        act = next((act for act in TOUCHES if found[1] in act.keys), None)
        return found[1] if act is None else sign(keys_of(act, keymap)[0], ascii=ascii)

    return _NEAREST.sub(own, text)


def touches(key: str, keymap: Mapping[str, str]) -> bool:
    """Whether a key touches a live call, or unlocks what does."""
    return any(key in keys_of(act, keymap) for act in (*TOUCHES, BY_ID["app.lock"]))


def _allowed(key: str) -> bool:
    if key in RESERVED or key.startswith("alt+"):
        return False
    if len(key) == 1 or key in _SIGNS:
        return True
    if key.startswith("ctrl+"):
        return len(key) == 6
    if key[0] == "f" and key[1:].isdigit():
        return 1 <= int(key[1:]) <= 12
    return key.replace("_", "").isalpha()


def problems(keymap: Mapping[str, str]) -> list[str]:
    """What is wrong with the ``[keys]`` of a config, a sentence each; empty when all is well."""
    from difflib import get_close_matches

    found = []
    for id_ in keymap:
        if id_ not in BY_ID:
            near = get_close_matches(id_, BY_ID, 1)
            found.append(
                f'keys: there is no action "{id_}"'
                + (f'; did you mean "{near[0]}"?' if near else "")
            )
        elif not BY_ID[id_].keys:
            found.append(f"keys: {id_} gets no key: it is in the palette alone")
    owners: dict[str, str] = {}
    for act in ACTS:
        for key in keys_of(act, keymap) if act.keys else ():
            if not _allowed(key):
                found.append(
                    f'keys: {act.id}: "{key}" cannot be used: a terminal does not pass it on, or '
                    "something else owns it; use letters, digits, signs or F-keys"
                )
            elif key in owners:
                found.append(f'keys: "{key}" is given to both {owners[key]} and {act.id}')
            else:
                owners[key] = act.id
    return found


def footer_acts(ids: Sequence[str]) -> list[Act]:
    """The actions for the footer among those possible now: at most eight, by rank.

    The way to all the others is always among them.
    """
    ranked = sorted(
        (act for act in ACTS if act.footer and act.id in ids), key=lambda act: act.footer
    )
    way = BY_ID["app.help"]
    if way in ranked[8:]:
        ranked = [*ranked[:7], way]
    return ranked[:8]
