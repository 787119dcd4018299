"""The lines that are typed in at the bottom of a view: the filter, and the command after ``:``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.widgets import Input

from pbxtui.ui.looks import Tone
from pbxtui.ui.screens.arranged import Arranged
from pbxtui.ui.spell import fit
from pbxtui.ui.widgets.lines import Piece

if TYPE_CHECKING:
    from textual.message import Message

    from pbxtui.ui.screens.view import View
    from pbxtui.ui.widgets.commandline import CommandLine


class Lined(Arranged):
    """A view that can be narrowed by a filter, and told what to do in words."""

    filter_help: ClassVar[str] = "filter: words, site:hq, !not"

    @property
    def filter_line(self) -> Input | None:
        """The line in which the filter is typed; there only while a filter is."""
        return self.query_one_optional("#filter", Input)

    @property
    def filter_fields(self) -> frozenset[str]:
        """The names that can stand before a colon in the filter."""
        return self._table.filters

    def filter_text(self) -> str:
        """The filter as it was typed."""
        return self._table.filter.text.strip()

    async def action_filter(self) -> None:
        line = self.filter_line
        if line is None:
            line = Input(placeholder=self.filter_help, id="filter")
            line.cursor_blink = False
            await self.mount(line, before="#footer")
        self.set_focus(line)
        self.frame()

    async def filter_by(self, text: str) -> None:
        """Filter by a line as if it had been typed; without words, open the line."""
        await self.action_filter()
        line = self.filter_line
        if line is not None and text:
            line.value = text
            line.cursor_position = len(text)
            self.set_focus(self.list)

    @on(Input.Changed, "#filter")
    def _filtering(self, event: Input.Changed) -> None:
        event.stop()
        before = self._table.kept
        self._table.narrow(event.value)
        if self._table.kept != before:
            self.list.rearrange()
        self.resync()

    @on(Input.Submitted, "#filter")
    def _filtered(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(self.list)
        if not event.value.strip():
            event.input.remove()
        self.frame()

    def clear_filter(self) -> bool:
        """Take the filter and its line away; False where there is none."""
        line = self.filter_line
        if line is None:
            return False
        self.set_focus(self.list)
        line.remove()
        self._table.narrow("")
        self.list.rearrange()
        self.resync()
        return True

    # --- the command line ---------------------------------------------------------------------

    @property
    def command_line(self) -> CommandLine | None:
        """The line in which a command is typed; there only while one is."""
        return cast("CommandLine | None", self.query_one_optional("#command"))

    async def action_command(self) -> None:
        from pbxtui.ui.widgets.commandline import CommandField, CommandLine

        if self.command_line is not None:
            return
        commander = self.pbx.commander
        field = CommandField(commander.offers(cast("View", self)), commander.history)
        line = CommandLine(field, (":", self.looks.style(Tone.HEAD)))
        await self.mount(line, before="#footer")
        self.set_focus(field)
        self.frame()

    @on(Input.Submitted, "#command-field")
    async def _commanded(self, event: Input.Submitted) -> None:
        event.stop()
        await self._close_command()
        await self.pbx.commander.run(cast("View", self), event.value)

    @on(Input.Changed, "#command-field")
    def _commanding(self, event: Input.Changed) -> None:
        event.stop()
        self.frame()

    async def on_command_field_left(self, event: Message) -> None:
        event.stop()
        await self._close_command()

    def on_command_field_offering(self, event: Message) -> None:
        event.stop()
        self.frame()

    async def _close_command(self) -> None:
        line = self.command_line
        self.set_focus(self.list)
        if line is not None:
            self.pbx.commander.history.leave()
            await line.remove()
        self.frame()

    def footer_pieces(self) -> Sequence[Piece]:
        line = self.command_line if self.is_mounted else None
        if line is None:
            narrowing = self.filter_line if self.is_mounted and not self._flash else None
            if narrowing is not None and self.focused is narrowing:
                return self._typing_pieces()
            return super().footer_pieces()
        from pbxtui.ui.screens.commanding import offer_pieces

        return offer_pieces(self.looks, line.field, self.size.width)

    def _typing_pieces(self) -> Sequence[Piece]:
        """What the keys do while the filter is typed, and what it knows of this view."""
        head, dim = self.looks.style(Tone.HEAD), self.looks.style(Tone.DIM)
        keys = (("Enter", " keeps it  "), ("Esc", " shows all  "))
        pieces = [piece for key, label in keys for piece in ((key, head), (label, dim))]
        room = self.size.width - sum(len(text) for text, _ in pieces)
        return [*pieces, (fit(self.filter_help, max(0, room)).rstrip(), dim)]
