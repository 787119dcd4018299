"""The app: opens the fleet after the first frame, carries its news to the screens, ends cleanly."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.screen import Screen
from textual.widgets import Input

from pbxtui.model import Change
from pbxtui.ui.acting.hand import Hand
from pbxtui.ui.actions import sign
from pbxtui.ui.crashing import Crashing
from pbxtui.ui.heading import Tab
from pbxtui.ui.leaving import TerminalWatch, on_signals
from pbxtui.ui.looks import Looks, ascii_wanted, palette_for
from pbxtui.ui.options import Options
from pbxtui.ui.paint import Painting
from pbxtui.ui.reception import (
    begins_number,
    key_shown,
    takes_digits,
    way_to_journal,
    way_to_unlock,
)
from pbxtui.ui.screens.calls import CallsScreen
from pbxtui.ui.screens.page import Lives, Page
from pbxtui.ui.screens.pages import TablePage
from pbxtui.ui.suspending import Suspension
from pbxtui.ui.themes import THEMES, dress, theme_name
from pbxtui.ui.views import VIEWS

if TYPE_CHECKING:
    from pbxtui.service import Fleet, Update
    from pbxtui.ui.freezing import Frozen
    from pbxtui.ui.memory import Memory
    from pbxtui.ui.remembering import Remembering
    from pbxtui.ui.screens.commanding import Commander
    from pbxtui.ui.screens.view import View

log = logging.getLogger(__name__)

NOTICE = 8.0
"""Seconds for which the note of the header, which has room for its first word only, is said whole
at the start."""


def style_sheet() -> Path:
    """The style sheet: in the wheel beside the package, in a checkout beside the project file."""
    inside = Path(__file__).resolve().parent.parent / "styles"
    folder = inside if inside.is_dir() else inside.parent.parent / "styles"
    return folder / "pbxtui.tcss"


def _palette() -> type[Provider]:
    from pbxtui.ui.palette import ActsProvider

    return ActsProvider


class PbxApp(Painting, Crashing, inherit_bindings=False):
    """pbxtui on the screen. ``opener`` builds the fleet; it runs beside the event loop.

    When it raises, the app ends at once and ``failure`` holds what it raised; ``crash`` holds what
    broke the screens themselves.
    """

    TITLE = "pbxtui"
    CSS_PATH = style_sheet()
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    ENABLE_COMMAND_PALETTE = True
    DEFAULT_MODE = VIEWS[0].name
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "leave", "quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "stop", show=False, priority=True),
    ]

    def __init__(self, opener: Callable[[], Fleet], options: Options | None = None) -> None:
        super().__init__()
        self.options = options or Options()
        self.fleet: Fleet | None = None
        self.frozen: Frozen | None = None
        self.note = self.options.note
        self.keymap = dict(self.options.keymap)
        self.zone = self.options.zone
        self.hand = Hand(
            self._acted,
            self.options.clock,
            journal=partial(way_to_journal, self),
            unlock=partial(way_to_unlock, self),
        )
        self.failure: Exception | None = None
        self._opener = opener
        self._opening: asyncio.Task[None] | None = None
        self._commander: Commander | None = None
        self._remembering: Remembering | None = None
        self._waiting: list[Change] = []
        self._scheduled = False
        self._refused = ""
        """The last key, where digits were to follow it and it has opened no box for them."""
        self._watch: TerminalWatch | None = None
        self._suspension: Suspension | None = None
        wanted = self.options.ascii
        self.looks = Looks(
            ascii=ascii_wanted() if wanted is None else wanted,
            colours=not self.no_color,
            palette=palette_for(self.options.theme, self.console.color_system),
        )
        for theme in THEMES:
            self.register_theme(theme)
        dress(self, theme_name(self.options.theme, self.console.color_system))
        self.calls = CallsScreen(self.looks)
        self.views: dict[str, View] = {VIEWS[0].name: self.calls}
        self.view: View = self.calls

    @property
    def profile_words(self) -> str:
        """Who uses this, and what may be touched."""
        return self.hand.words(self.options.profile, ", " if self.looks.ascii else " · ")

    @property
    def memory(self) -> Memory:
        """What is kept from one run to the next."""
        return self.remembering.memory

    @property
    def remembering(self) -> Remembering:
        """What keeps the user's choices; made at the first question, after the first frame."""
        from pbxtui.ui.remembering import Remembering

        if self._remembering is None:
            self._remembering = Remembering(self, self.options.state)
        return self._remembering

    @property
    def commander(self) -> Commander:
        """What carries out the commands typed after ``:``."""
        from pbxtui.ui.screens.commanding import Commander

        if self._commander is None:
            self._commander = Commander()
        return self._commander

    def wear(self, theme: str) -> None:
        """Draw everything in another theme until the program ends."""
        self.looks.palette = palette_for(theme, self.console.color_system)
        self.theme = theme_name(theme, self.console.color_system)
        for view in self.views.values():
            if view.is_mounted:
                view.tick()
        self.redraw()

    def get_default_screen(self) -> Screen[object]:
        return self.calls

    def view_named(self, name: str) -> View:
        """The one instance of a view; made at the first question."""
        view = self.views.get(name)
        if view is None:
            spec = next(spec for spec in VIEWS if spec.name == name)
            view = self.views[name] = spec.load()(self.looks)
            if self.fleet is not None:
                view.open_fleet(self.fleet)
            view.stand(self.frozen)
        return view

    def show_view(self, name: str) -> None:
        """Show a view; the pages above the present one are closed."""
        self.close_pages()
        self.view = self.view_named(name)
        self.view.catch_up()
        self.switch_mode(name)

    def close_pages(self) -> None:
        """Close the pages above the present view."""
        while isinstance(self.screen, Page) and self.screen is not self.view:
            self.pop_screen()

    def tabs(self, view: View) -> list[Tab]:
        """The views for the header of one of them, with the keys that show them."""
        return [Tab(key_shown(s.id, self), s.name, self.views.get(s.name) is view) for s in VIEWS]

    def show_view_beside(self, step: int) -> None:
        """Show the view that comes ``step`` after the present one, round the end."""
        names = [spec.name for spec in VIEWS]
        at = names.index(self.current_mode)
        self.show_view(names[(at + step) % len(names)])

    def wall_clock(self, when: float | None = None) -> str:
        """The time of day for the header."""
        moment = datetime.fromtimestamp(
            self.options.clock() if when is None else when, self.options.zone
        )
        return f"{moment:%H:%M:%S}"

    def on_mount(self) -> None:
        self.set_keymap(self.keymap)
        for spec in VIEWS:
            self.add_mode(spec.name, partial(self.view_named, spec.name))
        if not self.is_headless:
            on_signals(self._leave_with)
            self._suspension = Suspension(
                lambda: self._driver, self.redraw, self._flash, self._leave_with
            )
            self._suspension.watch()
            self._watch = TerminalWatch(self._leave_with)
            self._watch.start()
        self.set_interval(1.0, self._tick)
        self.call_after_refresh(self._begin)

    async def on_unmount(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
        try:
            if self._remembering is not None:
                self._remembering.end()
            await self.hand.close()
            if self.fleet is not None:
                await self.fleet.stop()
        finally:
            if self._watch is not None:
                self._watch.leaving()

    def left(self) -> None:
        """The terminal was given back."""
        if self._watch is not None:
            self._watch.stop()

    def action_command_palette(self) -> None:
        from pbxtui.ui.palette import ActsPalette

        if not isinstance(self.screen, ActsPalette):
            self.push_screen(ActsPalette(ascii=self.looks.ascii))

    def action_leave(self) -> None:
        if self.view.asking_to_quit:
            self.exit()
            return
        while self.screen is not self.view and isinstance(self.screen, Lives):
            self.pop_screen()
        self.view.action_quit()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            asked = self.view.asks and self.screen is self.view
            if asked and self.view.answer(event.key, event.character):
                return
            if await self._act(event):
                return
        await super().on_event(event)

    async def _act(self, event: events.Key) -> bool:
        """Carry out what a key is bound to before the next key is looked at.

        Textual hands each key to the widget that has the focus, and looks for its binding on the
        way back. Keys that come fast, as over a slow link or from a paste, would then still be
        commands after the one that opened a line to type in.
        """
        screen, key = self.screen, event.key
        if not isinstance(screen, Lives):
            return False
        await screen.ready.wait()
        line = self.focused
        if isinstance(line, Input):
            from pbxtui.ui.inturn import type_in

            return await type_in(self, line, event)
        reads = self.screen is self.view or isinstance(screen, TablePage)
        if reads and begins_number(self.options.profile, key):
            if self._refused:
                self.view.flash(f"{self._refused} asked for no number: this one is not dialled")
                return True
            self.close_pages()
            self.view.action_touch("call.dial", key)
            return True
        self._refused = ""
        done = await self._check_bindings(key, priority=True) or await self._check_bindings(key)
        if self.screen is self.view and not self.view.asks and takes_digits(key, self.keymap):
            self._refused = sign(key, ascii=self.looks.ascii)
        return done

    def _begin(self) -> None:
        """The first frame is out: whoever opened us may have kept the collector from it."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        self._opening = asyncio.create_task(self._open(), name="open the fleet")
        for spec in VIEWS:
            self.view_named(spec.name)
        if ":" in self.note:
            self.view.flash(self.note, NOTICE)

    async def _open(self) -> None:
        await self.remembering.begin()
        try:
            fleet = await asyncio.to_thread(self._opener)
        except Exception as error:
            log.info("the sites cannot be opened", exc_info=True)
            self.failure = error
            self.exit(return_code=1)
            return
        self.fleet = fleet
        fleet.subscribe(self._heard)
        for view in self.views.values():
            view.open_fleet(fleet)
        self.remembering.opened()
        acting = self.hand.open(fleet, self.options.config, self.options.journal)
        await asyncio.gather(acting, fleet.start())

    def _acted(self) -> None:
        if self.is_running and not self._exit:
            self.view.acted()

    def _heard(self, update: Update) -> None:
        self._waiting.extend(update.changes)
        if not self._scheduled:
            self._scheduled = True
            self.call_later(self._deliver)

    def _deliver(self) -> None:
        self._scheduled = False
        changes, self._waiting = self._waiting, []
        if not self._exit:
            for view in self.views.values():
                view.take(changes)

    def freeze(self) -> None:
        """Let the picture of all views stand still at this instant, or let it go on."""
        from pbxtui.ui.freezing import freeze

        if self.fleet is None:
            return
        if self.frozen is None:
            self._deliver()
            self.frozen = freeze(self.fleet, self.options.clock())
        else:
            self.frozen = None
        for view in self.views.values():
            view.stand(self.frozen)

    def _tick(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Lives) and screen.laid_out:
                screen.tick()
        if self._remembering is not None:
            self._remembering.keep()

    def _leave_with(self, code: int) -> None:
        self.exit(return_code=code)

    def _flash(self, words: str) -> None:
        if isinstance(self.screen, Page):
            self.screen.flash(words)

    def action_suspend_process(self) -> None:
        if self._suspension is not None:
            self.call_later(self._suspension.stop)

    @property
    def away(self) -> bool:
        return self._suspension is not None and self._suspension.away
