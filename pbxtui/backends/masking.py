"""Secrets, taken out of every text before a person or a file gets to see it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from weakref import WeakSet

MASK = "***"
"""What stands where a secret stood."""


def _spellings(char: str) -> str:
    """A pattern for one character as it is, URL-encoded, or escaped in JSON or HTML."""
    if char.isascii() and char.isalnum():
        return char
    plain = {char, json.dumps(char)[1:-1], f"\\{char}", html.escape(char), f"&#{ord(char)};"}
    if char == " ":
        plain.add("+")
    encoded = "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))
    choices = [re.escape(text) for text in sorted(plain, key=len, reverse=True)]
    return f"(?:{'|'.join([f'(?i:{encoded})', *choices])})"


class Mask:
    """Replaces known secrets in text, in whatever way they are encoded there.

    Secrets may be added later (a token that a login brought). Empty ones are ignored.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        _masks.add(self)
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str | None) -> None:
        """Mask one more secret from now on; None and nothing are none."""
        if secret and secret not in self._secrets:
            self._secrets.add(secret)
            self._pattern = None

    def __call__(self, text: str) -> str:
        if not self._secrets or not text:
            return text
        if self._pattern is None:
            longest_first = sorted(self._secrets, key=len, reverse=True)
            self._pattern = re.compile(
                "|".join("".join(map(_spellings, secret)) for secret in longest_first)
            )
        return self._pattern.sub(MASK, text)


_masks: WeakSet[Mask] = WeakSet()


def masked(text: str) -> str:
    """A text of unknown making (a traceback) without the secrets of any backend that is open."""
    for mask in list(_masks):
        text = mask(text)
    return text
