"""The values of a config: words for their kinds, and keys with their dots undone."""

from __future__ import annotations

from collections.abc import Mapping

MAX_KEY = 100
"""Characters of a binding's id, and of a key's name."""


def kind_of(value: object) -> str:
    """What a value is, in words for a message; never the value itself."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text" if value.strip() else "empty text"
        case Mapping():
            return "a table"
        case list():
            return "a list"
        case None:
            return "nothing"
        case _:
            return "a date or time"


def flat(keys: object) -> object:
    """The table of keys with ``call.hold = "H"`` and ``"call.hold" = "H"`` as the same thing."""
    if not isinstance(keys, Mapping):
        return keys
    flat: dict[str, object] = {}
    queue = [(str(key), value) for key, value in reversed(tuple(keys.items()))]
    while queue:
        key, value = queue.pop()
        if isinstance(value, Mapping) and value and len(key) <= MAX_KEY:
            queue += [(f"{key}.{inner}", item) for inner, item in reversed(tuple(value.items()))]
        else:
            flat[key] = value
    return flat
