"""A number as people write it, made into one that is sent."""

from __future__ import annotations

import re

from pbxtui.backends.base import BackendError
from pbxtui.model import clean

_DIALABLE = re.compile(r"[+*#0-9A-Za-z_.-]{1,64}", re.ASCII)
_FILLING = str.maketrans("", "", " ()/\u00a0\u202f")


def bare(text: str) -> str:
    """A number without the spaces and brackets in it."""
    return text.strip().translate(_FILLING)


def dialable(text: str, missing: str = "say which number") -> str:
    """A number or extension without the spaces and brackets that people write.

    Raises :class:`BackendError` for what is none: commas, ``&``, ``$`` and line breaks mean
    something to Asterisk and never reach it. ``missing`` says what to do where nothing was given.
    """
    if not text.strip():
        raise BackendError("no number was given", missing)
    plain = bare(text)
    digits = plain.replace("-", "").replace(".", "")
    if digits.removeprefix("+").isdecimal():
        plain = digits
    if not _DIALABLE.fullmatch(plain):
        raise BackendError(
            f"“{clean(text, 40)}” is no number that can be dialled",
            "digits, * and #, with + in front for another country",
        )
    return plain
