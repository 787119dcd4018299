"""The views of the program, in one list: their keys, their names, and where their screens are.

A view's screen is imported when the view is first needed, after the first frame.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from pbxtui.ui.screens.view import View


class ViewSpec(NamedTuple):
    """One view. ``screen`` is ``module:class`` of a :class:`~pbxtui.ui.screens.view.View`."""

    name: str
    key: str
    help: str
    screen: str

    @property
    def id(self) -> str:
        """The id of the action that shows it."""
        return f"view.{self.name}"

    def load(self) -> type[View]:
        """Import the screen's class."""
        module, _, name = self.screen.partition(":")
        return cast("type[View]", getattr(import_module(module), name))


VIEWS: tuple[ViewSpec, ...] = (
    ViewSpec("calls", "1", "who is on the phone now", "pbxtui.ui.screens.calls:CallsScreen"),
    ViewSpec("devices", "2", "which phones are there", "pbxtui.ui.screens.devices:DevicesScreen"),
    ViewSpec("queues", "3", "who waits and who serves", "pbxtui.ui.screens.queues:QueuesScreen"),
    ViewSpec(
        "lamps",
        "4",
        "who is busy, and how the calls are routed",
        "pbxtui.ui.screens.lamps:LampsScreen",
    ),
    ViewSpec(
        "held",
        "5",
        "who is on hold, parked or sent on, and for how long",
        "pbxtui.ui.screens.held:HeldScreen",
    ),
    ViewSpec("log", "6", "what was asked of each PBX", "pbxtui.ui.screens.log:LogScreen"),
)
"""In the order of their keys; the first is shown at the start."""
