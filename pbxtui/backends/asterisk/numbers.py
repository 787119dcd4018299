"""What a person types, as something that may stand in a field of AMI. Nothing else is sent."""

from __future__ import annotations

import re

from pbxtui.backends.base import BackendError
from pbxtui.model import clean

_DIALABLE = re.compile(r"[+*#0-9A-Za-z_.-]{1,64}", re.ASCII)
_KEYS = re.compile(r"[0-9*#A-Da-d]{1,64}", re.ASCII)
_FILLING = str.maketrans("", "", " ()/\u00a0\u202f")
_SHORTEST_OUTSIDE = 7
_INTERFACE = re.compile(r"[A-Za-z][A-Za-z0-9]*/[A-Za-z0-9_.@+*#-]+(?:/n)?", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z0-9_.:@+*#-]+", re.ASCII)


def dialable(text: str, missing: str = "say which number") -> str:
    """A number or extension without the spaces and brackets that people write.

    Raises :class:`BackendError` for what is none: commas, ``&``, ``$`` and line breaks mean
    something to Asterisk and never reach it.
    """
    if not text.strip():
        raise BackendError("no number was given", missing)
    plain = text.strip().translate(_FILLING)
    digits = plain.replace("-", "").replace(".", "")
    if digits.removeprefix("+").isdecimal():
        plain = digits
    if not _DIALABLE.fullmatch(plain):
        raise BackendError(
            f"“{clean(text, 40)}” is no number that can be dialled",
            "digits, * and #, with + in front for another country",
        )
    return plain


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
    first, second = (text.translate(_FILLING).lstrip("+").casefold() for text in (one, other))
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
