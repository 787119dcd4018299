"""What the user chooses of a view: the column that orders it, its columns, its sites."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from pbxtui.ui.looks import Looks
from pbxtui.ui.screens.page import Page
from pbxtui.ui.screens.pages import PickPage
from pbxtui.ui.table import Field, Table
from pbxtui.ui.widgets.livelist import LiveList

if TYPE_CHECKING:
    from pbxtui.service import Fleet
    from pbxtui.ui.memory import Choice


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

    @property
    def table_fields(self) -> Sequence[Field]:
        """All columns that the table knows."""
        return self._table.fields

    def not_arranged(self) -> str:
        """Why there are no columns to order or to choose at the moment; empty where there are."""
        return ""

    def ordered_by(self) -> str:
        """The column that orders the rows, in words."""
        key, downwards = self._table.sorted_by()
        title = next((f.title.strip() for f in self._table.fields if f.key == key), key)
        return f"{title if title.isalnum() else key}{', downwards' if downwards else ''}"

    def sort_table(self, key: str, downwards: bool) -> None:
        """Order the rows by a column."""
        self._table.sort_by(key, downwards=downwards)
        self.list.rearrange()
        self.sync()

    def choice(self) -> Choice:
        """What the user chose of this view, to be kept."""
        from pbxtui.ui.memory import Choice

        table = self._table
        sites = tuple(sorted(table.sites)) if table.sites is not None else None
        return Choice(table.sort, table.downwards, tuple(sorted(table.hidden)), sites)

    def restore(self, choice: Choice) -> None:
        """Choose what was chosen in an earlier run, as far as it still exists."""
        table = self._table
        optional = frozenset(field.key for field in self.optional_columns())
        table.hidden = optional & frozenset(choice.hidden)
        if choice.sort in {field.key for field in table.fields}:
            self._restore_order(choice.sort, choice.downwards)
        if self.is_mounted:
            self.list.rearrange()

    def _restore_order(self, key: str, downwards: bool) -> None:
        self._table.sort_by(key, downwards=downwards)

    def restore_sites(self, choice: Choice) -> bool:
        """Show only the sites that were chosen, as far as they still exist; False for all."""
        names = [site.name for site in self.fleet.sites] if self.fleet is not None else []
        wanted = frozenset(choice.sites or ()) & frozenset(names)
        if not wanted or len(wanted) == len(names):
            return False
        self._table.only(wanted)
        return True

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
