"""The pages behind the calls screen: details, raw, keys, and the choosers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding

from pbxtui.ui.actions import ACTS, BY_ID, bindings, keys_of, sign
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.reception import begins_number, left
from pbxtui.ui.screens.page import Page
from pbxtui.ui.spell import fit, fold, wrap
from pbxtui.ui.widgets.columns import Cell, Column, Row
from pbxtui.ui.widgets.lines import Piece
from pbxtui.ui.widgets.livelist import LiveList

if TYPE_CHECKING:
    from textual.binding import BindingType

Texts = tuple[str, ...]


class TablePage(Page):
    """A page whose rows are texts that are worked out anew at each tick.

    With ``wraps`` a text that is too long for its column goes on in the next line; a line is then
    known by its row and its place in it.
    """

    BINDINGS: ClassVar[list[BindingType]] = list(bindings([BY_ID["app.command"]]))

    def __init__(
        self,
        looks: Looks,
        title: str,
        titles: Sequence[str],
        widths: Sequence[int],
        rows: Callable[[], Sequence[Texts]],
        gone: str = "",
        faded: Callable[[Texts], bool] = lambda texts: False,
        *,
        wraps: bool = False,
    ) -> None:
        super().__init__(looks)
        self._title = title
        self._titles = titles
        self._widths = widths
        self._work_out = rows
        self._rows: dict[Row, Texts] = {}
        self._lines: dict[Row, Texts] = {}
        self._gone = gone
        self._faded = faded
        self._wraps = wraps

    def build_list(self) -> LiveList:
        return LiveList(self, self._arrange, self.looks)

    async def action_command(self) -> None:
        """A command is for the row of the view: the page makes room for its line."""
        self.pbx.close_pages()
        await self.pbx.view.action_command()

    def title_pieces(self) -> Sequence[Piece]:
        return self.head(self._title, "Esc goes back")

    def tick(self) -> None:
        fresh = self._work_out()
        if fresh or not self._rows:
            self._fill(fresh)
        elif self._gone:
            self._title = f"{self._title.partition(' · ')[0]} · {self._gone}"
        lines = tuple(self._lines)
        if self.list.rows != lines:
            self.list.show(lines)
        super().tick()

    def _fill(self, rows: Sequence[Texts]) -> None:
        if not self._wraps:
            self._rows = self._lines = dict(enumerate(rows))
            return
        widths = [column.width for column in self._arrange(self.app.size.width - 1)]
        self._rows, self._lines = {}, {}
        for number, texts in enumerate(rows):
            folded = map(fold, texts) if self.looks.ascii else texts
            parts = map(_parted, folded, widths)
            for place, line in enumerate(zip_longest(*parts, fillvalue="")):
                self._rows[number, place], self._lines[number, place] = texts, line

    def on_resize(self) -> None:
        if self._wraps and self.laid_out:
            self.tick()
        super().on_resize()

    def texts(self, row: Row) -> Sequence[str]:
        return self._rows.get(row, ())

    def footer_pieces(self) -> Sequence[Piece]:
        """The whole text of the row under the cursor, where its cells may be cut."""
        row = self.list.cursor
        texts = self._rows.get(row, ()) if row is not None else ()
        if self._flash or len(texts) < 3:
            return super().footer_pieces()
        whole = " · ".join(text for text in texts[1:] if text)
        return [(fit(whole, self.size.width).rstrip(), self.looks.style(Tone.PLAIN))]

    def _arrange(self, width: int) -> Sequence[Column]:
        widths = list(self._widths)
        flexible = widths.count(0)
        spare = width - sum(widths) - len(widths)
        share = max(8, spare // flexible if flexible == 1 else spare * 11 // 20)
        for index, fixed in enumerate(widths):
            if not fixed:
                widths[index] = share
                share = max(8, spare - share)
        return [
            Column(str(index), title, w)
            for index, (title, w) in enumerate(zip(self._titles, widths, strict=True))
        ]

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        texts = self._lines.get(row, ())
        tones = [Tone.DIM, *[Tone.PLAIN] * (len(texts) - 1)] if len(texts) > 1 else [Tone.PLAIN]
        if len(texts) > 2:
            tones[2:] = [Tone.DIM] * (len(texts) - 2)
        if texts and self._faded(self._rows[row]):
            tones = [Tone.DIM] * len(texts)
        return [(text, self.looks.style(tone)) for text, tone in zip(texts, tones, strict=False)]

    def marked(self, row: Row) -> bool:
        return False

    def empty(self) -> str:
        return "nothing to show"

    def sorted_by(self) -> tuple[str, bool]:
        return "", False


def _parted(text: str, width: int) -> Sequence[str]:
    return [text] if cell_len(text) <= width else wrap(text, width)


class PickPage(Page):
    """Choose among a few things: Space turns one on or off, Enter takes the choice, Esc none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "on or off", show=False),
        Binding("enter", "take", "take", show=False),
    ]

    def __init__(
        self, looks: Looks, title: str, options: Sequence[tuple[str, str]], on: Iterable[str]
    ) -> None:
        super().__init__(looks)
        self._title = title
        self._options = dict(options)
        self._on = set(on)

    def build_list(self) -> LiveList:
        return LiveList(self, lambda width: [Column("option", "", width)], self.looks)

    def on_mount(self) -> None:
        self.list.show(tuple(self._options))
        super().on_mount()

    def title_pieces(self) -> Sequence[Piece]:
        return self.head(self._title, "Space on or off · Enter takes it · Esc changes nothing")

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        key = str(row)
        box = "[x]" if key in self._on else "[ ]"
        return [(f"{box} {self._options[key]}", self.looks.style(Tone.PLAIN))]

    def marked(self, row: Row) -> bool:
        return False

    def empty(self) -> str:
        return "nothing to choose from"

    def sorted_by(self) -> tuple[str, bool]:
        return "", False

    def action_switch(self) -> None:
        row = self.list.cursor
        if row is not None:
            self._on ^= {str(row)}
            self.list.repaint_changed()

    def action_take(self) -> None:
        self.dismiss(frozenset(self._on))

    def on_live_list_chosen(self, event: LiveList.Chosen) -> None:
        event.stop()
        self.action_switch()


def details_page(looks: Looks, title: str, rows: Callable[[], Sequence[Texts]]) -> TablePage:
    """Everything known of a row: each field with its certainty, its source and its age."""
    columns = ("field", "value", "known", "where it comes from", "age")
    return TablePage(looks, title, columns, (15, 0, 9, 0, 7), rows, "it is gone")


def keys_page(
    looks: Looks, keymap: dict[str, str], unable: Mapping[str, str], profile: str = "noc"
) -> TablePage:
    """The keys of the program, from the one table of actions.

    ``unable`` says of some, by their ids, why they can't be used for the row that was chosen. In
    the profile of the reception a digit begins a number, whatever else it is bound to.
    """

    def rows() -> Sequence[Texts]:
        found = []
        for act in ACTS:
            own = left(profile, keys_of(act, keymap))
            if act.id == "call.dial" and begins_number(profile, "0"):
                own = (*own, "0 to 9")
            keys = "  ".join(sign(key, ascii=looks.ascii) for key in own)
            keys = keys or f":{act.id.rpartition('.')[2]}"
            why = unable.get(act.id)
            help = act.help if why is None else f"({act.help}) {why}"
            found.append((keys, help, act.id))
        return found

    def faded(texts: Texts) -> bool:
        return texts[-1] in unable

    titles = ("key", "does", "name in [keys]")
    return TablePage(looks, "keys", titles, (13, 0, 19), rows, faded=faded, wraps=True)
