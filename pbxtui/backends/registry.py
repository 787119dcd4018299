"""The makes of PBX that are installed, found by the entry points ``pbxtui.backends``."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pbxtui.backends.base import Plugin

GROUP = "pbxtui.backends"


def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def kinds() -> tuple[str, ...]:
    """The names of the installed makes, in alphabetical order; imports none of them."""
    return tuple(sorted(_points()))


def plugin(kind: str) -> Plugin[Any]:
    """The plug-in of one make. Raises ``KeyError`` for a kind that is not installed."""
    loaded = _points()[kind].load()
    if not isinstance(loaded, Plugin):
        raise TypeError(f"the entry point {kind!r} of {GROUP} is not a Plugin")
    return loaded
