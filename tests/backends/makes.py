"""A backend of each make that is installed, opened but never connected."""

from __future__ import annotations

import tomllib
from importlib import import_module

from pbxtui.backends import registry
from pbxtui.backends.base import Backend, Runtime
from pbxtui.backends.operations import Operation
from pbxtui.simulator import makes

NOWHERE = "http://127.0.0.1:9"
ASTERISK = """
[[site]]
name = "asterisk"
kind = "asterisk"
host = "127.0.0.1"
username = "noc"
secret = "never used"
"""


def opened(kind: str) -> Backend:
    """A backend of that make with the settings of its sample."""
    text = ASTERISK
    if kind in makes.KINDS:
        text = makes.build(kind, calls=0).config_toml(NOWHERE, name=kind)
    (table,) = tomllib.loads(text)["site"]
    plugin = registry.plugin(kind)
    return plugin.open(plugin.settings.model_validate(table), Runtime())


def operations(kind: str) -> tuple[Operation, ...]:
    """What that make's wire offers."""
    found: tuple[Operation, ...] = import_module(f"pbxtui.backends.{kind}.operations").OPERATIONS
    return found
