"""A page that asks in the footer's place: whether to leave, whether really to act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pbxtui.ui import status
from pbxtui.ui.actions import touches
from pbxtui.ui.looks import Looks
from pbxtui.ui.screens.page import Page
from pbxtui.ui.widgets.lines import Piece

if TYPE_CHECKING:
    from pbxtui.ui.acting.question import Question

QUESTION = "leave pbxtui? q or y leaves, any other key stays"
LEAVES = ("q", "y", "ctrl+c", "ctrl+q")


class Asking(Page):
    """While it asks, every key is the answer; whatever is no Yes is a No.

    Whether to leave is asked of somebody who may have pressed Esc once too often and types on:
    a key that only looks is then carried out as well, and the first digit of a number is not lost.
    """

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks)
        self.asking_to_quit = False
        self.question: Question | None = None

    @property
    def asks(self) -> bool:
        """Whether the next key is an answer."""
        return self.asking_to_quit or self.question is not None

    def action_quit(self) -> None:
        self.question, self.asking_to_quit = None, True
        self.frame()

    def ask(self, question: Question) -> None:
        """Put a question before an action. What was said of an earlier key goes."""
        self.pbx.hand.hush()
        self.unflash()
        self.question = question
        self.frame()

    def answer(self, key: str, character: str | None) -> bool:
        """The key pressed after a question. False where it may still do what it is bound to."""
        used = True
        if self.asking_to_quit:
            self.asking_to_quit = False
            if key in LEAVES:
                self.app.exit()
                return True
            used = key == "escape" or touches(key, self.pbx.keymap)
        elif self.question is not None:
            self._answered(self.question, key, character)
        self.frame()
        return used

    def _answered(self, question: Question, key: str, character: str | None) -> None:
        from pbxtui.ui.acting.question import Answer

        said = question.press(key, character)
        if said is Answer.OPEN:
            return
        self.question = None
        if said is Answer.YES:
            question.agreed()
        else:
            self.flash("not done")

    def footer_lines(self) -> Sequence[Sequence[Piece]]:
        if self.question is not None and not self.asking_to_quit:
            room = max(3, self.size.height // 2)
            return self.question.lines(self.looks, self.size.width, room)
        return super().footer_lines()

    def footer_pieces(self) -> Sequence[Piece]:
        if self.asking_to_quit:
            return status.footer(self.looks, (), {}, self.size.width, QUESTION)
        return super().footer_pieces()
