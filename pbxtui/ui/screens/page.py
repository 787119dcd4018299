"""What every screen has: a title line, a live list, a footer, and the keys that move."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol, cast, runtime_checkable

from textual.app import ComposeResult
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from pbxtui.ui import status
from pbxtui.ui.actions import ACTS, Act, Group, bindings, footer_acts
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.widgets.columns import Row
from pbxtui.ui.widgets.lines import Piece, TextLines
from pbxtui.ui.widgets.livelist import LiveList

if TYPE_CHECKING:
    from textual.binding import BindingType

    from pbxtui.ui.app import PbxApp

FLASH = 4.0
"""Seconds for which a short message takes the footer's place."""

MOVES: Sequence[Act] = tuple(act for act in ACTS if act.group is Group.MOVE)
PAGE_ACTS: Sequence[Act] = tuple(
    act
    for act in ACTS
    if act.group is Group.VIEW
    or act.id in {"nav.down", "nav.up", "nav.page_down", "nav.page_up", "nav.top", "nav.bottom"}
    or act.id in {"app.redraw", "app.back", "app.quit", "row.copy"}
)

WHILE_TYPING = frozenset({"down", "up", "page_down", "page_up", "back", "redraw", "palette"})
"""What keys still do while something is typed: they show more of the list, or leave the line."""


@runtime_checkable
class Lives(Protocol):
    """A screen of ours, a page or a box: it says when keys can act on it, and sees time pass."""

    ready: asyncio.Event

    @property
    def laid_out(self) -> bool: ...

    def tick(self) -> None: ...


class Page(Screen[object]):
    """A title, a list and a footer. Subclasses build the list and say what the keys do."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings(PAGE_ACTS))
    AUTO_FOCUS = "LiveList"

    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self.looks = looks
        self.ready = asyncio.Event()
        """Set once there is a list for the keys to act on."""
        self._flash = ""
        self._flash_timer: Timer | None = None
        self._said: tuple[object, ...] = ()

    @property
    def pbx(self) -> PbxApp:
        """The app, by its own type."""
        return cast("PbxApp", self.app)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed no key acts: not even one that types nothing, like F8."""
        return action in WHILE_TYPING or not isinstance(self.focused, Input)

    def build_list(self) -> LiveList:
        """The list of this screen; called once."""
        raise NotImplementedError

    def title_pieces(self) -> Sequence[Piece]:
        """The first line."""
        raise NotImplementedError

    def possible(self) -> Iterable[str]:
        """The ids of the actions that can be used now, for the footer."""
        return ()

    def compose(self) -> ComposeResult:
        yield TextLines(self.title_pieces(), id="title", ascii=self.looks.ascii)
        yield self.build_list()
        yield TextLines(id="footer", ascii=self.looks.ascii)

    @property
    def list(self) -> LiveList:
        return self.query_one(LiveList)

    @property
    def laid_out(self) -> bool:
        """Whether everything of it is there: not so before it is mounted, nor while it closes."""
        wanted = ("#title", "#footer", "LiveList")
        return self.is_mounted and all(self.query(part) for part in wanted)

    def on_mount(self) -> None:
        self.tick()
        self.ready.set()

    def on_resize(self) -> None:
        self.frame()

    def tick(self) -> None:
        """A second has passed, or something changed: paint what differs."""
        self.frame()
        self.list.repaint_changed()

    def frame(self) -> None:
        """Refresh the lines around the list."""
        if not self.laid_out:
            return
        self.query_one("#title", TextLines).say([self.title_pieces()])
        self.query_one("#footer", TextLines).say(self.footer_lines())

    def footer_lines(self) -> Sequence[Sequence[Piece]]:
        """The last lines: one, but where something is asked."""
        return [self.footer_pieces()]

    def labels(self) -> Mapping[str, str]:
        """What the footer calls some actions on this page at present."""
        return {}

    def footer_pieces(self) -> Sequence[Piece]:
        acts = [
            replace(act, label=self.labels().get(act.id, act.label))
            for act in footer_acts(list(self.possible()))
        ]
        greyed = self.greyed([act.id for act in acts])
        width = self.size.width
        return status.footer(self.looks, acts, self.pbx.keymap, width, self._flash, greyed)

    def greyed(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of the footer's actions that are shown, but can't be done now."""
        return frozenset()

    def flash(self, text: str, seconds: float = FLASH) -> None:
        """Say something in the footer's place for a few seconds."""
        self._flash = text
        self.frame()
        if self._flash_timer is not None:
            self._flash_timer.stop()
        self._flash_timer = self.set_timer(seconds, self.unflash)

    def unflash(self) -> None:
        """Say no longer what was flashed."""
        self._flash = ""
        self.frame()

    def on_live_list_moved(self, event: LiveList.Moved) -> None:
        event.stop()
        self.frame()

    def action_down(self) -> None:
        self.list.move(1)

    def action_up(self) -> None:
        self.list.move(-1)

    def action_page_down(self) -> None:
        self.list.move(self.list.page - 1)

    def action_page_up(self) -> None:
        self.list.move(1 - self.list.page)

    def action_top(self) -> None:
        self.list.move_to(0)

    def action_bottom(self) -> None:
        self.list.move_to(len(self.list.rows) - 1)

    def action_redraw(self) -> None:
        self.pbx.redraw()

    def action_back(self) -> None:
        self.dismiss(None)

    def action_quit(self) -> None:
        self.dismiss(None)

    def action_view(self, name: str) -> None:
        self.pbx.show_view(name)

    def action_next_view(self) -> None:
        self.pbx.show_view_beside(1)

    def action_previous_view(self) -> None:
        self.pbx.show_view_beside(-1)

    def action_copy(self) -> None:
        row = self.list.cursor
        if row is None:
            return
        texts = self.texts(row)
        self.app.copy_to_clipboard("  ".join(text.strip() for text in texts if text.strip()))
        self.flash("copied, if the terminal allows it")

    def texts(self, row: Row) -> Sequence[str]:
        """All that a row says, a text for each column that is shown."""
        return [text for text, _ in self.list.source.cells(row, self.list.columns)]

    def head(self, title: str, rest: str = "") -> Sequence[Piece]:
        """A title line of a plain page."""
        return [
            (title, self.looks.style(Tone.NAME)),
            (f"  {rest}" if rest else "", self.looks.style(Tone.DIM)),
        ]
