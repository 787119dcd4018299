"""A box with a few things to choose from, and perhaps a line to type in above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding

from pbxtui.model.letters import bare
from pbxtui.ui.boxes.asking import Asking, Line
from pbxtui.ui.boxes.desk import Asked, Desk
from pbxtui.ui.looks import Tone
from pbxtui.ui.widgets.columns import Cell, Column, Row

if TYPE_CHECKING:
    from textual.binding import BindingType

TEXT = "text"


class Choice(NamedTuple):
    """One thing to choose: its key, what it is called, and what follows from it."""

    key: str
    text: str
    note: str = ""


class Picked(NamedTuple):
    """What was chosen, what stood in the line, and which turn was on."""

    key: str
    typed: str
    turn: str


Verdict = Asked | str
"""What a choice comes to, or why it cannot be taken."""


class ChoiceBox(Asking):
    """Asks for one of a few things.

    ``line`` is the label of a line to type in; ``own`` makes its text a choice of its own, and
    ``narrows`` leaves in the list what has the text in it. ``turns`` is something else that
    Ctrl+N turns over, the first of them on at the start. ``says`` puts a choice into words.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+n", "turn", show=False)]

    def __init__(
        self,
        desk: Desk,
        title: tuple[str, str],
        choices: Sequence[Choice],
        verdict: Callable[[Picked], Verdict],
        says: Callable[[Picked], str],
        *,
        line: str = "",
        value: str = "",
        own: bool = False,
        narrows: bool = False,
        turns: Sequence[Choice] = (),
        first: str = "",
    ) -> None:
        super().__init__(desk)
        self._title = title
        self._choices = {choice.key: choice for choice in choices}
        self._verdict = verdict
        self._says = says
        self._line = Line(TEXT, line, value, True) if line else None
        self._own = own
        self._narrows = narrows
        self._turns = tuple(turns)
        self._turn = 0
        self._first = first

    def lines(self) -> Sequence[Line]:
        return [self._line] if self._line is not None else []

    def start(self) -> None:
        self._fill()
        if self._first:
            self.list.choose(self._first)

    def typed(self, line: str, text: str) -> None:
        if self._own or self._narrows:
            self._fill()

    def _fill(self) -> None:
        text = bare(self._text())
        found = list(self._choices.values())
        if self._narrows and text:
            found = [each for each in found if text in bare(f"{each.text} {each.note}")]
            found.sort(key=lambda each: _place(text, bare(each.text)))
        rows: list[Row] = [choice.key for choice in found]
        if self._own and text and all(bare(each.text) != text for each in self._choices.values()):
            rows.append(_OWN)
        self.list.show(rows)
        self.list.move_to(0)

    def _text(self) -> str:
        return self.text(TEXT).strip() if self._line is not None else ""

    def picked(self) -> Picked | None:
        """What is under the cursor; None for nothing."""
        row = self.list.cursor
        if row is None:
            return None
        key = self._text() if row == _OWN else str(row)
        return Picked(key, self._text(), self._turns[self._turn].key if self._turns else "")

    def title_words(self) -> tuple[str, str]:
        return self._title

    def columns(self, width: int) -> Sequence[Column]:
        widest = max((len(choice.text) for choice in self._choices.values()), default=0)
        first = max(12, min(widest + 2, width // 2))
        return [Column("text", "", first), Column("note", "", max(1, width - first - 1))]

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        plain, dim = self.looks.style(Tone.PLAIN), self.looks.style(Tone.DIM)
        if row == _OWN:
            return [(f" {self._text()}", plain), ("as typed", dim)]
        choice = self._choices[str(row)]
        return [(f" {choice.text}", plain), (choice.note, dim)]

    def empty(self) -> str:
        return "none of them has that in its name"

    def says(self) -> Sequence[tuple[str, Tone]]:
        picked = self.picked()
        if picked is None:
            return []
        verdict = self._verdict(picked)
        if isinstance(verdict, str):
            return [(verdict, Tone.WARN)]
        foretold = self.foretold(verdict)
        if foretold:
            return foretold
        said = [(self._says(picked), Tone.PLAIN)]
        if len(self._turns) > 1:
            said.append((f"in {self._turns[self._turn].text}", Tone.DIM))
        return said

    def keys(self) -> Sequence[tuple[str, str]]:
        keys = [("enter", self.enter), ("up down", "choose")]
        if len(self._turns) > 1:
            following = self._turns[(self._turn + 1) % len(self._turns)]
            keys.append(("ctrl+n", f"in {following.text}"))
        return [*keys, ("escape", "leaves")]

    def take(self) -> None:
        picked = self.picked()
        if picked is None:
            self.flash("nothing is chosen: choose with the arrows")
            return
        verdict = self._verdict(picked)
        if isinstance(verdict, str):
            self.flash(verdict)
        else:
            if verdict.ask.extension:
                self.desk.recents.phones[verdict.site] = verdict.ask.extension
            self.dismiss(verdict)

    def action_turn(self) -> None:
        self.catch_up()
        if len(self._turns) > 1:
            self._turn = (self._turn + 1) % len(self._turns)
            self.frame()


def _place(text: str, name: str) -> tuple[bool, bool]:
    """Sorts what begins with a text first, then what has it in its name."""
    return not name.startswith(text), text not in name


_OWN = ("own",)
"""The row of what was typed; the other rows are texts."""
