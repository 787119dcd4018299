"""Choosing again what was chosen in an earlier run, and keeping what is chosen in this one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from pbxtui.ui.memory import Choice, Memory

if TYPE_CHECKING:
    from pathlib import Path

    from pbxtui.ui.app import PbxApp


class Remembering:
    """Between the views of an app and the file that ``where`` names; None keeps no file.

    ``where`` is asked in a thread, after the first frame.
    """

    def __init__(self, app: PbxApp, where: Callable[[], Path] | None) -> None:
        self.memory = Memory()
        self._app = app
        self._where = where
        self._going = False
        self._usual: dict[str, Choice] = {}

    async def begin(self) -> None:
        """Read the file, and choose the order and the columns of each view."""
        where = self._where
        if where is None:
            return

        def load() -> Memory:
            memory = Memory(where(), later=_in_a_thread)
            memory.load()
            return memory

        self.memory = await asyncio.to_thread(load)
        self._usual = {name: view.choice() for name, view in self._app.views.items()}
        for name, view in self._app.views.items():
            choice = self.memory.choice(name)
            if choice is not None:
                view.restore(choice)
        if self.memory.trouble:
            self._app.view.flash(self.memory.trouble)

    def opened(self) -> None:
        """The sites are known: show only those that were chosen, and say so where it is seen."""
        for name, view in self._app.views.items():
            choice = self.memory.choice(name)
            if choice is None or not view.restore_sites(choice):
                continue
            if view.shown:
                view.resync()
                view.flash(f"only {', '.join(choice.sites or ())}, as last time; @ chooses")
        self._going = self._where is not None

    def keep(self) -> None:
        """Keep what is chosen now, where it is not what is kept, nor as it always was."""
        if self._going:
            now = {name: view.choice() for name, view in self._app.views.items()}
            self.memory.choose(
                {
                    name: choice
                    for name, choice in now.items()
                    if self.memory.choice(name) is not None or choice != self._usual.get(name)
                }
            )

    def end(self) -> None:
        """Write what was not written yet. Blocks."""
        self.keep()
        self.memory.write()


def _in_a_thread(write: Callable[[], None]) -> None:
    asyncio.get_running_loop().run_in_executor(None, write)
