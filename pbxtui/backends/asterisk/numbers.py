"""What a person types, as something that may stand in a field of AMI. Nothing else is sent."""

from __future__ import annotations

import re

from pbxtui.backends.base import BackendError
from pbxtui.backends.dialling import bare
from pbxtui.model import clean

_KEYS = re.compile(r"[0-9*#A-Da-d]{1,64}", re.ASCII)
_SHORTEST_OUTSIDE = 7
_INTERFACE = re.compile(r"[A-Za-z][A-Za-z0-9]*/[A-Za-z0-9_.@+*#-]+(?:/n)?", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z0-9_.:@+*#-]+", re.ASCII)


def keys(text: str) -> str:
    """Digits of a telephone's keys. Raises :class:`BackendError` for anything else."""
    pressed = text.strip().replace(" ", "")
    if not _KEYS.fullmatch(pressed):
        raise BackendError(
            f"“{clean(text, 40)}” cannot be pressed on a phone",
            "the keys are 0 to 9, *, # and A to D, sixty-four of them at most",
        )
    return pressed.upper()


def same(one: str, other: str) -> bool:
    """Whether two spellings mean one number; those from outside may differ in how they begin."""
    first, second = (bare(text).lstrip("+").casefold() for text in (one, other))
    if first == second:
        return first != ""
    count = min(len(first), len(second), 9)
    digits = (first + second).isdecimal()
    return digits and count >= _SHORTEST_OUTSIDE and first[-count:] == second[-count:]


def is_interface(text: str) -> bool:
    """Whether a text looks like an interface: ``PJSIP/1001``, ``Local/1005@office/n``."""
    return _INTERFACE.fullmatch(text) is not None


def is_plain(text: str) -> bool:
    """Whether a name from the PBX can stand among the arguments of an application.

    A comma or a bracket in it would divide them.
    """
    return _PLAIN.fullmatch(text) is not None
