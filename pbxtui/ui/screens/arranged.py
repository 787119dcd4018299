"""What the user chooses of a view: the column that orders it, its columns, its sites."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from pbxtui.ui.looks import Looks
from pbxtui.ui.screens.page import Page
from pbxtui.ui.screens.pages import PickPage
from pbxtui.ui.table import Field, Table
from pbxtui.ui.widgets.livelist import LiveList

if TYPE_CHECKING:
    from pbxtui.service import Fleet


class Arranged(Page):
    """A page over a table whose order, columns and sites the user chooses."""

    _table: Table[Any]

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks)
        self.fleet: Fleet | None = None

    def sync(self) -> None:
        """Bring the list to the table's order and paint what differs."""
        raise NotImplementedError

    def resync(self) -> None:
        """After a choice of the user's own: a row that it took away is no row to stay on."""
        self.sync()
        if self.list.cursor is None:
            self.list.move(0)

    def _resort(self, step: int) -> None:
        shown = [field.key for field in self._table.fields if field.key not in self._table.hidden]
        at = shown.index(self._table.sort) if self._table.sort in shown else 0
        self._sort(shown[(at + step) % len(shown)])

    def _sort(self, key: str) -> None:
        self._table.sort_by(key)
        self.list.rearrange()
        self.sync()

    def action_sort_left(self) -> None:
        self._resort(-1)

    def action_sort_right(self) -> None:
        self._resort(1)

    def action_reverse(self) -> None:
        self._table.sort_by(self._table.sort, downwards=not self._table.downwards)
        self.list.rearrange()
        self.sync()

    def on_live_list_head_clicked(self, event: LiveList.HeadClicked) -> None:
        event.stop()
        if event.column == self._table.sort:
            self.action_reverse()
        else:
            self._sort(event.column)

    def optional_columns(self) -> list[Field]:
        """The columns that the user may hide."""
        return [field for field in self._table.fields if field.width and field.key != "state"]

    def show_columns(self, keys: Collection[str]) -> None:
        """Show these of the columns that may be hidden, and no others of them."""
        optional = frozenset(field.key for field in self.optional_columns())
        self._table.hidden = optional - frozenset(keys)
        self.list.rearrange()

    def action_columns(self) -> None:
        optional = self.optional_columns()
        options = [(field.key, field.title.strip()) for field in optional]
        shown = [field.key for field in optional if field.key not in self._table.hidden]

        def chosen(answer: object) -> None:
            if isinstance(answer, frozenset):
                self.show_columns(answer)

        self.app.push_screen(PickPage(self.looks, "columns", options, shown), chosen)

    def show_sites(self, names: Collection[str]) -> None:
        """Show only the things of these sites; all where none is named."""
        known = [site.name for site in self.fleet.sites] if self.fleet is not None else []
        wanted = frozenset(names)
        self._table.only(None if not wanted or wanted >= frozenset(known) else wanted)
        self.resync()

    def action_site(self) -> None:
        if self.fleet is None:
            return
        options = [(site.name, f"{site.name}  {site.kind}") for site in self.fleet.sites]

        def chosen(answer: object) -> None:
            if isinstance(answer, frozenset):
                self.show_sites(answer)

        names = [site.name for site in self.fleet.sites]
        on_now = self._table.sites if self._table.sites is not None else names
        self.app.push_screen(PickPage(self.looks, "sites", options, on_now), chosen)
