"""The command palette: every action by its name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Provider
from textual.screen import Screen

from pbxtui.ui.actions import ACTS
from pbxtui.ui.screens.page import Page
from pbxtui.ui.screens.touched import Touched


async def _choose(screen: Screen[Any], does: str) -> None:
    """Carry out what was chosen in the palette, and no more type in the line that was open."""
    if isinstance(screen, Page):
        screen.list.focus()
    await screen.run_action(does)


class ActsProvider(Provider):
    """The table of actions in the command palette."""

    def _commands(self) -> list[tuple[str, str, Callable[[], Awaitable[None]]]]:
        screen = self.screen
        unable = screen.unable() if isinstance(screen, Touched) else {}
        reasons = {id: f" (not now: {why})" for id, why in unable.items()}
        return [
            (
                f"{act.label}: {act.help}{reasons.get(act.id, '')}",
                act.id,
                partial(_choose, screen, act.does),
            )
            for act in ACTS
            if act.id != "app.palette" and hasattr(screen, f"action_{act.does.partition('(')[0]}")
        ]

    async def discover(self) -> AsyncIterator[DiscoveryHit]:
        for label, id_, run in self._commands():
            yield DiscoveryHit(label, run, help=id_)

    async def search(self, query: str) -> AsyncIterator[Hit]:
        matcher = self.matcher(query)
        for label, id_, run in self._commands():
            score = max(matcher.match(label), matcher.match(id_))
            if score > 0:
                yield Hit(score, matcher.highlight(label), run, help=id_)
