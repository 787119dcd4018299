"""The last step to the terminal: only cells that differ are sent.

Textual repaints a widget's line whole, and a partial update from the widget's left edge, which
is kilobytes a tick over SSH. :class:`Glass` keeps what the terminal shows, cell by cell, and turns
each of Textual's updates into the cells that are new, with as few cursor moves and colour changes
as they need. All that leans on Textual's inner parts stands in this room (written for 8.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from rich.cells import _is_single_cell_widths, split_graphemes
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip


class Pen(NamedTuple):
    """The parts of a style as the codes of a select-graphic-rendition sequence.

    ``lined`` says that it shows on a blank too: a line through or under it, or ink for paper.
    """

    ink: str
    paper: str
    attributes: str
    lined: bool = False

    def blank(self) -> Pen:
        """What of the pen is seen where nothing is written."""
        return self if self.lined else Pen("", self.paper, "")

    def paints(self, blank: Pen) -> bool:
        """Whether a blank comes out right with this pen."""
        return self == blank or (not self.lined and not blank.lined and self.paper == blank.paper)


Cell = tuple[str, Pen]
"""What one column of a line shows; the right half of a wide character holds an empty text."""


class Piece(NamedTuple):
    """Text for one place of the terminal in one pen. ``sure`` when any terminal gives it the same
    width."""

    y: int
    x: int
    text: str
    pen: Pen
    width: int
    sure: bool


_BARE = Pen("", "", "")
_NOTHING: Cell = ("\0", _BARE)
_GAP = 4
"""Unchanged cells between two changed ones that are cheaper to send again than to jump."""

RESET = "\x1b[0m"


class Glass:
    """What the terminal shows, and the bytes that lead from there to the next picture."""

    def __init__(self, *, colours: bool = True) -> None:
        self._colours = colours
        self._lines: dict[int, list[Cell]] = {}
        self._pens: dict[Style | None, tuple[Pen, Pen]] = {None: (_BARE, _BARE)}
        """The pen of each style, and what of it is seen where nothing is written."""
        self._whole = Region()

    def forget(self) -> None:
        """The terminal was disturbed, or is new: whatever comes next is sent whole."""
        self._lines.clear()

    def encode(self, update: CompositorUpdate, console: Console) -> str | None:
        """The bytes for an update; empty when nothing differs, None when it isn't understood."""
        runs: list[Piece] = []
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
        width = self._whole.width
        whole = _sequence(runs, width)
        if len({run.pen for run in runs}) == len(runs):
            return whole
        return min(whole, _sequence(sorted(runs, key=_by_pen), width), key=len)

    def _line(self, y: int, x: int, strip: Strip, console: Console, runs: list[Piece]) -> None:
        line = self._lines.setdefault(y, [])
        new = list(self._cells(strip, console))
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
            runs += _pieces(y, x + at, new[at:last])
            line[x + at : x + last] = new[at:last]
            at = last

    def _cells(self, segments: Iterable[Segment], console: Console) -> Iterator[Cell]:
        for text, style, control in segments:
            if control:
                continue
            pens = self._pens.get(style)
            if pens is None:
                pen = self._pen(style, console)
                pens = self._pens[style] = (pen, pen.blank())
            pen, blank = pens
            if _is_single_cell_widths(text):
                for char in text:
                    yield char, blank if char == " " else pen
                continue
            spans, _ = split_graphemes(text)
            for start, end, width in spans:
                if width <= 0:
                    continue
                char = text[start:end]
                yield char, blank if char == " " else pen
                for _ in range(width - 1):
                    yield "", pen

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
        lined = bool(style.underline or style.reverse or style.strike)
        return Pen(ink, paper, ";".join(code for flag, code in on if flag), lined)


def _pieces(y: int, x: int, cells: Sequence[Cell]) -> Iterator[Piece]:
    """Changed cells that stand side by side, as pieces of one pen each."""
    text, start, pen = "", x, None
    for at, (char, wanted) in enumerate(cells, x):
        if pen is not None and (pen == wanted or (char == " " and pen.paints(wanted))):
            text += char
            continue
        if pen is not None:
            yield Piece(y, start, text, pen, at - start, text.isascii())
        text, start, pen = char, at, wanted
    if pen is not None:
        yield Piece(y, start, text, pen, x + len(cells) - start, text.isascii())


def _by_pen(piece: Piece) -> tuple[Pen, int, int]:
    return piece.pen, piece.y, piece.x


def _sequence(pieces: Iterable[Piece], width: int) -> str:
    """The bytes for pieces in their order, on a terminal of that width."""
    runs: list[str] = []
    held = _BARE
    cursor: tuple[int, int] | None = None
    for piece in pieces:
        runs.append(_move(cursor, piece.y, piece.x))
        if piece.pen != held and not (piece.text.isspace() and held.paints(piece.pen)):
            runs.append(_change(held, piece.pen))
            held = piece.pen
        runs.append(piece.text)
        end = piece.x + piece.width
        cursor = (piece.y, end) if piece.sure and end < width else None
    if held != _BARE:
        runs.append(RESET)
    return "".join(runs)


def _move(cursor: tuple[int, int] | None, y: int, x: int) -> str:
    """The shortest way to a place. ``cursor`` is None where the terminal may have it elsewhere:
    after a character of doubtful width, and after the last column of a line."""
    far = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    if cursor is None:
        return far
    down, on = y - cursor[0], x - cursor[1]
    near = _step(down, "B", "A") if down else ""
    if -3 <= on < 0:
        near += "\b" * -on
    elif on:
        near += _step(on, "C", "D")
    return near if len(near) < len(far) else far


def _step(by: int, on: str, back: str) -> str:
    count, final = abs(by), on if by > 0 else back
    return f"\x1b[{final}" if count == 1 else f"\x1b[{count}{final}"


def _change(held: Pen, pen: Pen) -> str:
    """The shortest sequence that leads from the pen now held to another."""
    if pen.attributes != held.attributes:
        codes = ["0", pen.attributes, pen.ink, pen.paper]
        if not any(codes[1:]):
            return RESET
    else:
        codes = []
        if pen.ink != held.ink:
            codes.append(pen.ink or "39")
        if pen.paper != held.paper:
            codes.append(pen.paper or "49")
    return f"\x1b[{';'.join(code for code in codes if code)}m"


class Encoded(CompositorUpdate):
    """An update whose bytes are known already."""

    def __init__(self, sequence: str) -> None:
        self._sequence = sequence

    def render_segments(self, console: Console) -> str:
        return self._sequence


class Painting(App[None], inherit_bindings=False):
    """An app of whose pictures only the cells that differ are sent."""

    def __init__(self) -> None:
        super().__init__()
        self._glass = Glass(colours=not self.no_color)

    @property
    def away(self) -> bool:
        """Whether the terminal is somebody else's, so that nothing may be sent to it."""
        return False

    def redraw(self) -> None:
        """Paint the whole screen anew, whatever the terminal shows."""
        self._glass.forget()
        self._display(self.screen, self.screen._compositor.render_update(full=True))

    def on_resize(self) -> None:
        self._glass.forget()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if self.away:
            return
        update: object = renderable
        if isinstance(update, CompositorUpdate) and self._sends():
            sequence = self._glass.encode(update, self.console)
            if sequence == "":
                self.post_display_hook()
                return
            if sequence is not None:
                renderable = cast("RenderableType", Encoded(sequence))
        super()._display(screen, renderable)

    def _sends(self) -> bool:
        """Whether what is displayed now really goes to a terminal."""
        if self.is_headless or self._driver is None:
            return False
        return self.is_running and not self._batch_count
