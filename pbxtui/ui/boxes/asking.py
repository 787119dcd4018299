"""What every box has: a title, lines to type in, a list to choose from, a word on what it does.

The keys go to the line that is typed in, but for those that move in the list, take and leave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input

from pbxtui.service.acting import Refusal
from pbxtui.service.acting.recheck import no_longer
from pbxtui.ui.actions import sign
from pbxtui.ui.boxes.desk import Asked, Desk
from pbxtui.ui.looks import Tone
from pbxtui.ui.spell import fit, wrap
from pbxtui.ui.widgets.columns import Cell, Column, Row
from pbxtui.ui.widgets.lines import Piece, TextLines
from pbxtui.ui.widgets.livelist import LiveList

if TYPE_CHECKING:
    from textual.binding import BindingType

    from pbxtui.service.acting import Chosen
    from pbxtui.ui.app import PbxApp

FLASH = 6.0
"""Seconds for which a word about a key takes the place of what else is said."""

SAYS = 5
"""Lines under the list."""


class Line(NamedTuple):
    """A line to type in. ``kept`` is a text that goes with the first character typed; ``hint``
    stands in a line that is empty.
    """

    id: str
    label: str
    value: str = ""
    kept: bool = False
    hint: str = ""


class Choices(LiveList, can_focus=False):
    """The list of a box: the keys stay with the line above it."""


class Asking(ModalScreen[Asked | None]):
    """A box. Subclasses say which lines there are, what can be chosen, and what is taken."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("enter", "take", show=False),
        Binding("escape", "leave", show=False),
        Binding("tab", "next_line(1)", show=False),
        Binding("shift+tab", "next_line(-1)", show=False),
        Binding("ctrl+l", "redraw", show=False),
    ]
    DEFAULT_CSS = """
    Asking { overflow: hidden; }
    Asking > #title { background: $panel; }
    Asking > #footer { background: $panel; }
    Asking > #says { background: $surface; }
    Asking > .line { height: 1; width: 1fr; background: $surface; }
    Asking > .line > TextLines { width: 8; }
    Asking > .line > Input {
        height: 1; width: 1fr; border: none; padding: 0; background: $surface;
    }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.looks = desk.looks
        self.row: Chosen | None = None
        """The row that it was opened for; None where it is for none, or for several."""
        self.ready = asyncio.Event()
        """Set once there is something for the keys to act on."""
        self._flash = ""
        self._flash_timer: Timer | None = None
        self._values: dict[str, str] = {}

    # --- for subclasses ----------------------------------------------------------------------

    def lines(self) -> Sequence[Line]:
        """The lines to type in, from above."""
        return ()

    def columns(self, width: int) -> Sequence[Column]:
        raise NotImplementedError

    def title_words(self) -> tuple[str, str]:
        """What is asked, and for whom."""
        raise NotImplementedError

    def keys(self) -> Sequence[tuple[str, str]]:
        """Keys and what they do, for the last line."""
        raise NotImplementedError

    def says(self) -> Sequence[tuple[str, Tone]]:
        """What will be sent, and what should be known before; a sentence a line."""
        return ()

    @property
    def enter(self) -> str:
        """What Enter does: where the sentence is foretold, nothing else is asked."""
        return "takes it" if self.desk.foretell is None else "sends it"

    def foretold(self, asked: Asked) -> Sequence[tuple[str, Tone]]:
        """The sentence of what would be sent and its warnings; nothing where there are several."""
        if self.desk.foretell is None:
            return []
        plan = self.desk.foretell(asked)
        if isinstance(plan, Refusal) or plan.refused is not None:
            return [(str(plan if isinstance(plan, Refusal) else plan.refused), Tone.WARN)]
        warnings = [(f"! {warning}", Tone.WARN) for warning in plan.warnings]
        note = [(plan.note, Tone.DIM)] if plan.note else []
        return [(plan.sentence, Tone.PLAIN), *warnings, *note]

    def typed(self, line: str, text: str) -> None:
        """Another text stands in a line."""

    def take(self) -> None:
        """Enter: take what is typed and chosen."""
        raise NotImplementedError

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        raise NotImplementedError

    def over(self) -> str:
        """Why whatever is said here will do nothing any more; empty while it will."""
        if self.row is None:
            return ""
        return no_longer(self.row, self.desk.fleet.site(self.row.site).snapshot)

    # --- the frame ---------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        plain = self.looks.ascii
        yield TextLines(id="title", ascii=plain)
        dim = self.looks.style(Tone.DIM)
        for line in self.lines():
            with Horizontal(classes="line", id=f"line-{line.id}"):
                yield TextLines([(f" {line.label}", dim)], ascii=plain)
                typed = Input(
                    line.value, line.hint, id=line.id, max_length=120, select_on_focus=False
                )
                typed.highlighter = None
                typed.cursor_blink = False
                yield typed
        yield Choices(self, self.columns, self.looks)
        yield TextLines(id="says", ascii=plain)
        yield TextLines(id="footer", ascii=plain)

    def on_mount(self) -> None:
        self._values = {line.id: line.value for line in self.lines()}
        self.start()
        for line in self.lines():
            box = self.line(line.id)
            box.select_all() if line.kept else box.action_end()
        first = next((line.id for line in self.lines() if self.shows(line.id)), "")
        if first:
            self.set_focus(self.line(first))
        else:
            self.set_focus(None)
        self.frame()
        self.ready.set()

    def start(self) -> None:
        """Fill the list for the first time."""

    @property
    def list(self) -> LiveList:
        return self.query_one(Choices)

    def line(self, id: str) -> Input:
        return self.query_one(f"#{id}", Input)

    def text(self, id: str) -> str:
        """What stands in a line."""
        return self.line(id).value

    def shows(self, id: str) -> bool:
        """Whether a line is there to be typed in."""
        return bool(self.query_one(f"#line-{id}").display)

    def show_line(self, id: str, shown: bool) -> None:
        self.query_one(f"#line-{id}").display = shown

    @property
    def at_line(self) -> str:
        """The line that is typed in; empty for none."""
        focused = self.focused
        return focused.id or "" if isinstance(focused, Input) else ""

    @property
    def laid_out(self) -> bool:
        """Whether everything of it is there: not so before it is mounted, nor while it closes."""
        wanted = ("Choices", "#title", "#says", "#footer", *(f"#{one.id}" for one in self.lines()))
        return self.is_mounted and all(self.query_one_optional(part) for part in wanted)

    def frame(self) -> None:
        """Paint the lines around the list, where they differ."""
        if not self.laid_out:
            return
        looks, width = self.looks, self.size.width
        what, whom = self.title_words()
        over = self.over()
        over = f"  {over}: nothing will be sent" if over else ""
        room = max(0, width - len(what) - 1)
        title = [
            (f" {what}", looks.style(Tone.NAME)),
            (fit(over, min(room, cell_len(over))), looks.style(Tone.ALARM)),
            (fit(f"  {whom}", max(0, room - cell_len(over))).rstrip(), looks.style(Tone.DIM)),
        ]
        self.query_one("#title", TextLines).say([title])
        self.query_one("#says", TextLines).say(self._said())
        self.query_one("#footer", TextLines).say([self._keys()])

    @property
    def room(self) -> int:
        """How many lines can be said under the list: a low screen keeps some for the list."""
        return max(1, min(SAYS, self.size.height // 2 - 4))

    def wrapped(self, said: Sequence[tuple[str, Tone]]) -> Sequence[tuple[str, Tone]]:
        """Sentences as lines of the screen."""
        width = max(1, self.size.width - 2)
        return [(line, tone) for text, tone in said for line in wrap(text, width)]

    def _said(self) -> Sequence[Sequence[Piece]]:
        room = self.room
        lines = self.wrapped([(self._flash, Tone.WARN)] if self._flash else self.says())
        if len(lines) > room:
            more, (last, tone) = self.looks.signs.more, lines[room - 1]
            cut = fit(f"{last} ", max(1, self.size.width - 2 - cell_len(more))).rstrip()
            lines = [*lines[: room - 1], (f"{cut} {more}", tone)]
        pieces = [[(f" {line}", self.looks.style(tone))] for line, tone in lines]
        return [*pieces, *([()] * (room - len(pieces)))]

    def _keys(self) -> Sequence[Piece]:
        head, dim = self.looks.style(Tone.HEAD), self.looks.style(Tone.DIM)
        pieces: list[Piece] = []
        for key, does in self.keys():
            signs = (sign(each, ascii=self.looks.ascii) for each in key.split())
            shown = " ".join(each if each[0].isupper() else each.capitalize() for each in signs)
            pieces += [(f" {shown}", head), (f" {does} ", dim)]
        return pieces

    def flash(self, text: str) -> None:
        """Say something about the last key, for a few seconds or until the next one."""
        self._flash = text
        self.frame()
        if self._flash_timer is not None:
            self._flash_timer.stop()
        self._flash_timer = self.set_timer(FLASH, self._unflash)

    def _unflash(self) -> None:
        if self._flash:
            self._flash = ""
            self.frame()

    def tick(self) -> None:
        """A second has passed, or something changed: paint what differs."""
        self.catch_up()
        self.list.repaint_changed()
        self.frame()

    def on_resize(self) -> None:
        self.frame()

    # --- the keys ----------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Take note of what stands in the lines now.

        A key can overtake the news of what was typed before it: so each key that acts asks.
        """
        if not self.laid_out:
            return
        for id, before in self._values.items():
            now = self.text(id)
            if now != before:
                self._values[id] = now
                self._flash = ""
                self.typed(id, now)
                self.frame()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.ready.is_set():
            self.catch_up()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_take()

    def on_descendant_focus(self) -> None:
        if self.ready.is_set():
            self.catch_up()

    def on_live_list_moved(self, event: LiveList.Moved) -> None:
        event.stop()
        self.frame()

    def on_live_list_chosen(self, event: LiveList.Chosen) -> None:
        event.stop()
        self.action_take()

    def action_move(self, by: int) -> None:
        self.catch_up()
        self._flash = ""
        self.list.move(by)

    def action_page(self, by: int) -> None:
        self.catch_up()
        self.list.move(by * max(1, self.list.page - 1))

    def action_take(self) -> None:
        self.catch_up()
        self.take()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_next_line(self, by: int) -> None:
        ids = [line.id for line in self.lines() if self.shows(line.id)]
        if len(ids) > 1 and self.at_line in ids:
            self.go_to_line(ids[(ids.index(self.at_line) + by) % len(ids)])

    def go_to_line(self, id: str) -> None:
        """Let the next keys be typed in a line."""
        self.set_focus(self.line(id))
        self.catch_up()

    def action_redraw(self) -> None:
        app: PbxApp = self.app  # type: ignore[assignment]
        app.redraw()

    # --- the list's own questions ------------------------------------------------------------

    def marked(self, row: Row) -> bool:
        return False

    def empty(self) -> str:
        return "nothing to choose from"

    def sorted_by(self) -> tuple[str, bool]:
        return "", False
