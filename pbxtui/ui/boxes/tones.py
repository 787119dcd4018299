"""The box for the keys of a telephone. What is typed in it is given on, and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pbxtui.model import Verb
from pbxtui.service.acting import Ask
from pbxtui.service.acting.people import plain
from pbxtui.ui.boxes.asking import Asking, Line
from pbxtui.ui.boxes.desk import Asked, Desk
from pbxtui.ui.looks import Tone
from pbxtui.ui.widgets.columns import Cell, Column, Row

DIGITS = "digits"
MOST = 64
"""Tones at once; the PBXs that send tones take as many."""

_KEYS = re.compile(r"[0-9A-D*#]+")
HELP = f"the keys are 0 to 9, * and #, and A to D, {MOST} of them at most"


class TonesBox(Asking):
    """Asks for tones to send into a call."""

    def __init__(self, desk: Desk, site: str, whom: str, digits: str = "") -> None:
        super().__init__(desk)
        self._site = site
        self._whom = whom
        self._digits = digits

    def lines(self) -> Sequence[Line]:
        return [Line(DIGITS, "tones", self._digits)]

    def tones(self) -> str:
        """The tones as they are sent; empty where something else was typed."""
        digits = plain(self.text(DIGITS)).upper()
        return digits if _KEYS.fullmatch(digits) and len(digits) <= MOST else ""

    def title_words(self) -> tuple[str, str]:
        return "Send tones", self._whom

    def columns(self, width: int) -> Sequence[Column]:
        return [Column("text", "", width)]

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        return []

    def empty(self) -> str:
        return f"{HELP}. They are sent, and kept nowhere: not in the journal, not in the log."

    def says(self) -> Sequence[tuple[str, Tone]]:
        if not self.text(DIGITS).strip():
            return []
        tones = self.tones()
        if not tones:
            return [(f"this cannot be sent: {HELP}", Tone.WARN)]
        count = "1 tone" if len(tones) == 1 else f"{len(tones)} tones"
        return [(f"sends {tones}, {count}", Tone.PLAIN), *self.foretold(self._asked(tones))]

    def _asked(self, tones: str) -> Asked:
        return Asked(Verb.DTMF, self._site, Ask(digits=tones))

    def keys(self) -> Sequence[tuple[str, str]]:
        return [("enter", "sends"), ("escape", "leaves")]

    def take(self) -> None:
        tones = self.tones()
        if tones:
            self.dismiss(self._asked(tones))
        else:
            self.flash(HELP)
