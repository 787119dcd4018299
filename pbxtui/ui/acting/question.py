"""The question before an action: the whole sentence, its warnings, and No by default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.spell import fit, fold, wrap
from pbxtui.ui.widgets.lines import Piece

YES = "y does it, any other key doesn't"
LONGEST_ANSWER = 60


class Answer(Enum):
    """What became of a question with a key."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


@dataclass(slots=True)
class Question:
    """A sentence, its warnings, and what must be typed (nothing: ``y`` is enough).

    ``what`` says for the reader what is to be typed; ``agreed`` is called at a Yes.
    """

    sentence: str
    agreed: Callable[[], None]
    warnings: Sequence[str] = ()
    note: str = ""
    wanted: str = ""
    what: str = ""
    typed: str = ""

    def press(self, key: str, character: str | None) -> Answer:
        """Take a key. What is typed is right or it is No: there is no second try."""
        if not self.wanted:
            return Answer.YES if key == "y" else Answer.NO
        if key == "enter":
            return Answer.YES if self.typed.strip() == self.wanted else Answer.NO
        if key == "backspace":
            self.typed = self.typed[:-1]
            return Answer.OPEN
        if character is None or not character.isprintable() or key == "escape":
            return Answer.NO
        self.typed = (self.typed + character)[:LONGEST_ANSWER]
        return Answer.OPEN

    def lines(self, looks: Looks, width: int, height: int) -> list[list[Piece]]:
        """The question as lines of at most that number; its last line is always there."""
        parts = [(self.sentence, Tone.PLAIN)]
        parts += [(f"! {warning}", Tone.WARN) for warning in self.warnings]
        parts += [(self.note, Tone.DIM)] if self.note else []
        found = [
            (line, tone)
            for text, tone in parts
            for line in wrap(fold(text) if looks.ascii else text, width)
        ]
        if len(found) > height - 1:
            more = f"and {len(found) - height + 2} more lines; a wider screen shows them"
            found = [*found[: max(1, height - 2)], (more, Tone.WARN)]
        found.append((fit(self._answer(), width, looks.signs.more).rstrip(), Tone.WARN))
        return [[(text, looks.style(tone))] for text, tone in found]

    def _answer(self) -> str:
        if not self.wanted:
            return YES
        return f"{self.what} and Enter does it, Esc doesn't: {self.typed}_"
