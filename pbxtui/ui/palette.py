"""The command palette: every action by its name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

from textual.command import CommandInput, CommandPalette, DiscoveryHit, Hit, Provider, SearchIcon
from textual.content import Content
from textual.fuzzy import Matcher
from textual.screen import Screen

from pbxtui.ui.actions import ACTS
from pbxtui.ui.screens.page import Page
from pbxtui.ui.screens.touched import Touched
from pbxtui.ui.spell import fold


class ActsPalette(CommandPalette):
    """The palette. Nothing in it turns while it searches, and it can be drawn in ASCII alone."""

    DEFAULT_CSS = """
    ActsPalette LoadingIndicator, ActsPalette LoadingIndicator.--visible { display: none; }
    ActsPalette.-ascii #--input { border: blank; }
    ActsPalette.-ascii #--input.--list-visible { border-bottom: none; }
    ActsPalette.-ascii CommandList { border-bottom: blank; }
    """

    def __init__(self, *, ascii: bool) -> None:
        super().__init__(id="--command-palette")
        self._ascii = ascii
        self.set_class(ascii, "-ascii")

    def on_mount(self) -> None:
        if self._ascii:
            self.query_one(SearchIcon).icon = ">"
            self.query_one(CommandInput).placeholder = "Search for commands"


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
        ascii = isinstance(screen, Page) and screen.looks.ascii

        def told(label: str) -> str:
            return fold(label) if ascii else label

        return [
            (
                told(f"{act.label}: {act.help}{reasons.get(act.id, '')}"),
                act.id,
                partial(_choose, screen, act.does),
            )
            for act in ACTS
            if act.id != "app.palette" and hasattr(screen, f"action_{act.does.partition('(')[0]}")
        ]

    async def discover(self) -> AsyncIterator[DiscoveryHit]:
        for label, id_, run in self._commands():
            yield DiscoveryHit(Content(label), run, text=label, help=id_)

    async def search(self, query: str) -> AsyncIterator[Hit]:
        matcher = self.matcher(query)
        for label, id_, run in self._commands():
            score = max(matcher.match(label), matcher.match(id_))
            if score > 0:
                yield Hit(score, _lit(matcher, label), run, text=label, help=id_)


def _lit(matcher: Matcher, label: str) -> Content:
    """The label with what was found in it. The reasons name people: nothing in it is markup."""
    content = Content(label)
    score, places = matcher.fuzzy_search.match(matcher.query, label)
    if not score:
        return content
    for place in places:
        content = content.stylize(matcher.match_style, place, place + 1)
    return content
