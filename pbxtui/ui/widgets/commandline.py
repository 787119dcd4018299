"""The line in which a command is typed: a colon, and a field with completion and history."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from pbxtui.ui.commands import History, Offers
from pbxtui.ui.widgets.lines import Piece, TextLines

if TYPE_CHECKING:
    from textual.binding import BindingType


class CommandField(Input):
    """Tab completes, Tab again offers the next, the arrows bring older lines back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete(1)", show=False),
        Binding("shift+tab", "complete(-1)", show=False),
        Binding("up", "older", show=False),
        Binding("down", "newer", show=False),
        Binding("escape", "leave", show=False),
    ]

    class Left(Message):
        """The line is to be closed with nothing done."""

    class Offering(Message):
        """What is typed changed, or another completion was taken."""

    def __init__(self, offers: Callable[[str], Offers], history: History) -> None:
        super().__init__(id="command-field", select_on_focus=False)
        self.cursor_blink = False
        self._offers = offers
        self._history = history
        self._cycle: Offers | None = None
        self._at = -1

    @property
    def offered(self) -> tuple[tuple[str, ...], int]:
        """The words that can stand here, and which of them was taken (-1 for none)."""
        if self._cycle is not None:
            return self._cycle.words, self._at
        return self._offers(self.value).words, -1

    def _put(self, line: str) -> None:
        self.value = line
        self.cursor_position = len(line)
        self.post_message(self.Offering())

    def watch_value(self, before: str, after: str) -> None:
        """Whoever types on has taken the completion."""
        if self._cycle is None or after not in self._cycle.lines():
            self._cycle, self._at = None, -1
            self.post_message(self.Offering())

    def action_complete(self, step: int) -> None:
        if self._cycle is None:
            found = self._offers(self.value)
            if not found.words:
                return
            if len(found.words) == 1:
                self._put(found.lines()[0] + " ")
                return
            self._cycle, self._at = found, -1 if step > 0 else 0
        self._at = (self._at + step) % len(self._cycle.words)
        self._put(self._cycle.lines()[self._at])

    def action_older(self) -> None:
        self._put(self._history.older(self.value))

    def action_newer(self) -> None:
        self._put(self._history.newer(self.value))

    def action_leave(self) -> None:
        self.post_message(self.Left())


class CommandLine(Horizontal):
    """The line, at the bottom of a view."""

    DEFAULT_CSS = """
    CommandLine { height: 1; }
    CommandLine > TextLines { width: 1; background: $surface; }
    """

    def __init__(self, field: CommandField, prompt: Piece) -> None:
        super().__init__(id="command")
        self.field = field
        self._prompt = prompt

    def compose(self) -> ComposeResult:
        yield TextLines([self._prompt])
        yield self.field
