"""The service: keeps each PBX's snapshot fresh and says what changed. It outlives the screens.

What is named here is imported at its first use: the first frame needs the words of the service,
and none of what reads a PBX.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pbxtui.service.fleet import Fleet, open_fleet
    from pbxtui.service.site import Site, Update

__all__ = ["Fleet", "Site", "Update", "open_fleet"]

_LATER = {"Fleet": "fleet", "open_fleet": "fleet", "Site": "site", "Update": "site"}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = found
    return found
