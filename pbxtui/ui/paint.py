"""The last step to the terminal: only cells that differ are sent.

Textual repaints a widget's line whole, and a partial update from the widget's left edge, which
is kilobytes a tick over SSH. :class:`Glass` keeps what the terminal shows, cell by cell, and turns
each of Textual's updates into the cells that are new, with as few cursor moves and colour changes
as they need. All that leans on Textual's inner parts stands in this room (written for 8.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.cells import split_graphemes
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

Cell = tuple[str, Style | None]
"""What one column of a line shows; the right half of a wide character holds an empty text."""


class Pen(NamedTuple):
    """The parts of a style as the codes of a select-graphic-rendition sequence."""

    ink: str
    paper: str
    attributes: str


_BARE = Pen("", "", "")
_NOTHING: Cell = ("\0", None)
_GAP = 6
"""Unchanged cells between two changed ones that are cheaper to send again than to jump."""

RESET = "\x1b[0m"


def _cells(segments: Iterable[Segment]) -> Iterator[Cell]:
    for text, style, control in segments:
        if control:
            continue
        if text.isascii():
            for char in text:
                yield char, style
            continue
        spans, _ = split_graphemes(text)
        for start, end, width in spans:
            if width <= 0:
                continue
            yield text[start:end], style
            for _ in range(width - 1):
                yield "", style


class Glass:
    """What the terminal shows, and the bytes that lead from there to the next picture."""

    def __init__(self, *, colours: bool = True) -> None:
        self._colours = colours
        self._lines: dict[int, list[Cell]] = {}
        self._pens: dict[Style | None, Pen] = {None: _BARE}
        self._held = _BARE
        self._whole = Region()

    def forget(self) -> None:
        """The terminal was disturbed, or is new: whatever comes next is sent whole."""
        self._lines.clear()

    def encode(self, update: CompositorUpdate, console: Console) -> str | None:
        """The bytes for an update; empty when nothing differs, None when it isn't understood."""
        runs: list[str] = []
        self._held = _BARE
        if isinstance(update, ChopsUpdate):
            for y, x1, x2 in update.spans:
                for end, (x, strip) in zip(
                    update.chop_ends[y], update.chops[y].items(), strict=False
                ):
                    if strip is None or x >= x2 or end <= x1:
                        continue
                    left, right = max(x, x1), min(end, x2)
                    part = strip.crop(left - x, right - x)
                    self._line(y, left, part, console, runs)
        elif isinstance(update, LayoutUpdate):
            if update.region.size != self._whole.size:
                self.forget()
            self._whole = update.region
            for y, strips in enumerate(update.strips, update.region.y):
                joined = Strip.join(list(strips))
                self._line(y, update.region.x, joined, console, runs)
        else:
            return None
        if self._held != _BARE:
            runs.append(RESET)
        return "".join(runs)

    def _line(self, y: int, x: int, strip: Strip, console: Console, runs: list[str]) -> None:
        line = self._lines.setdefault(y, [])
        new = list(_cells(strip))
        end = x + len(new)
        if len(line) < end:
            line.extend([_NOTHING] * (end - len(line)))
        if line[x:end] == new:
            return
        at = 0
        count = len(new)
        while at < count:
            if line[x + at] == new[at]:
                at += 1
                continue
            while at > 0 and new[at][0] == "":
                at -= 1
            stop = last = at
            while stop < count and stop - last <= _GAP:
                if line[x + stop] != new[stop]:
                    last = stop
                stop += 1
            last += 1
            while last < count and new[last][0] == "":
                last += 1
            self._run(y, x + at, new[at:last], console, runs)
            line[x + at : x + last] = new[at:last]
            at = last

    def _run(self, y: int, x: int, cells: list[Cell], console: Console, runs: list[str]) -> None:
        runs.append(f"\x1b[{y + 1};{x + 1}H")
        for text, style in cells:
            pen = self._pens.get(style)
            if pen is None:
                pen = self._pens[style] = self._pen(style, console)
            if pen != self._held:
                runs.append(self._change(pen))
                self._held = pen
            runs.append(text)

    def _change(self, pen: Pen) -> str:
        """The shortest sequence that leads from the pen now held to another."""
        held = self._held
        if pen.attributes != held.attributes:
            codes = ["0", pen.attributes, pen.ink, pen.paper]
        else:
            codes = []
            if pen.ink != held.ink:
                codes.append(pen.ink or "39")
            if pen.paper != held.paper:
                codes.append(pen.paper or "49")
        return f"\x1b[{';'.join(code for code in codes if code)}m"

    def _pen(self, style: Style | None, console: Console) -> Pen:
        if style is None:
            return _BARE
        system = console._color_system
        ink = paper = ""
        if self._colours and system is not None:
            if style.color is not None and not style.color.is_default:
                ink = ";".join(style.color.downgrade(system).get_ansi_codes())
            if style.bgcolor is not None and not style.bgcolor.is_default:
                paper = ";".join(style.bgcolor.downgrade(system).get_ansi_codes(foreground=False))
        on = (
            (style.bold, "1"),
            (style.dim, "2"),
            (style.italic, "3"),
            (style.underline, "4"),
            (style.reverse, "7"),
            (style.strike, "9"),
        )
        return Pen(ink, paper, ";".join(code for flag, code in on if flag))


class Encoded(CompositorUpdate):
    """An update whose bytes are known already."""

    def __init__(self, sequence: str) -> None:
        self._sequence = sequence

    def render_segments(self, console: Console) -> str:
        return self._sequence
