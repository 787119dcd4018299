"""The config: where it is, what it says, and, when it is wrong, every mistake in one message.

What needs pydantic is imported at its first use: to know that there is no config needs none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pbxtui.config.file import default_path, find
from pbxtui.config.mistakes import ConfigError, NoConfig
from pbxtui.config.nearest import did_you_mean, nearest
from pbxtui.config.said import Config, Patience

if TYPE_CHECKING:
    from pbxtui.config.glance import glance
    from pbxtui.config.loading import general, load, problems
    from pbxtui.config.masking import masked
    from pbxtui.config.writing import template, write

__all__ = [
    "Config",
    "ConfigError",
    "NoConfig",
    "Patience",
    "default_path",
    "did_you_mean",
    "find",
    "general",
    "glance",
    "load",
    "masked",
    "nearest",
    "problems",
    "template",
    "write",
]

_LATER = {
    "glance": "glance",
    "general": "loading",
    "load": "loading",
    "problems": "loading",
    "masked": "masking",
    "template": "writing",
    "write": "writing",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = found
    return found
