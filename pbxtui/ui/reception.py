"""The reception profile: a digit that is typed in a view begins the number to dial.

The views are then reached by the keys beside them, by ``[`` and ``]`` and by the palette.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pbxtui.ui.actions import BY_ID, keys_of, sign

if TYPE_CHECKING:
    from pbxtui.ui.app import PbxApp

DIGITS = "0123456789"


def begins_number(profile: str, key: str) -> bool:
    """Whether a key is the first digit of a number rather than what it is bound to."""
    return profile == "reception" and len(key) == 1 and key in DIGITS


def takes_digits(key: str, keymap: Mapping[str, str]) -> bool:
    """Whether digits are to follow a key: it opens a box for them, or says why it does not.

    Where it has opened none, the number that is typed on is not meant to be dialled.
    """
    return any(key in keys_of(BY_ID[id], keymap) for id in ("call.transfer", "call.dtmf"))


def left(profile: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Those keys that do what they are bound to."""
    return tuple(key for key in keys if not begins_number(profile, key))


def key_shown(id: str, app: PbxApp) -> str:
    """The first key of an action as it is printed; empty where it has none that is its own."""
    keys = left(app.options.profile, keys_of(BY_ID[id], app.keymap))
    return sign(keys[0], ascii=app.looks.ascii) if keys else ""


def way_to_unlock(app: PbxApp) -> str:
    """What to press to unlock the actions: a key, or a command where none is left."""
    return key_shown("app.lock", app) or f"{key_shown('app.command', app)}lock"


def way_to_journal(app: PbxApp) -> str:
    """What to press for the journal of actions: ``6, then v``; a command where 6 dials."""
    log = key_shown("view.log", app) or f"{key_shown('app.command', app)}log"
    return f"{log}, then {key_shown('view.turn', app)}"
