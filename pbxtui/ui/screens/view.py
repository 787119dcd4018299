"""What the views have in common: a live table over all sites, with filter, sort and choosers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from pbxtui.model import Change, Key, Kind, clean_block
from pbxtui.ui import heading, status
from pbxtui.ui.actions import ACTS, bindings
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.screens.behind import Behind
from pbxtui.ui.screens.lined import Lined
from pbxtui.ui.screens.pages import TablePage, details_page, keys_page
from pbxtui.ui.screens.standing import Standing
from pbxtui.ui.screens.touching import Touching
from pbxtui.ui.table import Child, Table
from pbxtui.ui.views import VIEWS
from pbxtui.ui.widgets.columns import Column, Row
from pbxtui.ui.widgets.lines import Piece, TextLines
from pbxtui.ui.widgets.livelist import LiveList

if TYPE_CHECKING:
    from textual.binding import BindingType

    from pbxtui.service import Fleet
    from pbxtui.ui.freezing import Frozen

GONE = "the row under the cursor has gone; move to choose another"


class View(Lined, Standing, Touching):
    """Rows of things over all sites. Subclasses build the table and know the details."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings(ACTS))

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks)
        self._counter = heading.Counter()
        self._views_named = False
        self._behind = Behind()
        self._table = self.build_table()
        self._table.faded = self.faded

    def build_table(self) -> Table[Any]:
        """The rows of this view; called once."""
        raise NotImplementedError

    def details(self, row: Row) -> tuple[str, Any]:
        """A title, and a function that gives the rows of the details page."""
        raise NotImplementedError

    def raw_of(self, row: Key | Child) -> tuple[Kind, str]:
        """Of which thing the PBX is asked what it sent."""
        return self._table.kind, row.parent if isinstance(row, Child) else row.id

    def nothing(self) -> str:
        """What an empty table means, once every site that has this kind was read."""
        return f"no {self._table.noun}"

    def compose(self) -> ComposeResult:
        yield TextLines(self.title_pieces(), id="title", ascii=self.looks.ascii)
        yield self.build_list()
        yield TextLines(id="sites", ascii=self.looks.ascii)
        yield self.steps_line()
        yield TextLines(id="footer", ascii=self.looks.ascii)

    def build_list(self) -> LiveList:
        return LiveList(self._table, self._arrange, self.looks, sign=self.sign_of)

    @property
    def shown(self) -> bool:
        """Whether this is the view on the screen, perhaps under a page of its own."""
        return self.laid_out and self in self.app.screen_stack

    def open_fleet(self, fleet: Fleet) -> None:
        """The sites are known: show what they hold."""
        self.fleet = fleet
        self._table.reset([site.snapshot for site in fleet.sites])
        if self.shown:
            self.list.rearrange()
            self.sync()

    def take(self, changes: Sequence[Change]) -> None:
        """Something changed at a site. A view that is not shown keeps it for when it is."""
        self._table.note(changes)
        if self.frozen is None:
            self._behind.append(changes)
            if self.shown:
                self.sync()
        elif self.shown:
            self.frame()

    def catch_up(self) -> None:
        """Bring the table to what the sites hold now."""
        if self._behind:
            self._behind.bring(self._table, self.fleet.sites if self.fleet is not None else ())

    def on_screen_resume(self) -> None:
        """The view is on the screen again: catch up with what came meanwhile."""
        if self.fleet is not None and self.shown:
            self.catch_up()
            self.list.rearrange()
            self.sync()

    def sync(self) -> None:
        """Bring the list to the table's order and paint what differs."""
        self.catch_up()
        rows = self._table.order()
        if rows is not self.list.rows:
            self.list.show(rows)
        else:
            self.list.repaint_changed()
        self.frame()

    def on_mount(self) -> None:
        super().on_mount()
        if self.fleet is not None:
            self.list.rearrange()
            self.sync()

    def frame(self) -> None:
        super().frame()
        if self.fleet is None or not self.laid_out:
            return
        lines = status.site_lines(
            self.looks,
            self.fleet.sites,
            self.size.width,
            chosen=self._table.sites,
            kind=self._table.kind,
            clock=self.pbx.wall_clock,
        )
        self.query_one("#sites", TextLines).say(lines)

    def title_pieces(self) -> Sequence[Piece]:
        sums = heading.totals(self.fleet, self._counter) if self.fleet is not None else None
        frozen = ""
        if self.frozen is not None:
            frozen = f"frozen {self.pbx.wall_clock(self.frozen.at)}"
            sums = self.frozen.counts(sums)
        own = [*self.marks_counted()]
        counted = self.own_counts()
        own += [("  ", self.looks.style(Tone.PLAIN)), *counted] if own and counted else counted
        pieces = heading.header(
            self.looks,
            self.size.width or self.app.size.width,
            self.pbx.tabs(self),
            self.pbx.profile_words,
            self.pbx.wall_clock(),
            sums,
            self.pbx.note,
            own,
            frozen,
        )
        self._views_named = heading.names_the_views(pieces)
        return pieces

    def own_counts(self) -> Sequence[Piece]:
        """What the header counts on this view before all else."""
        return ()

    def possible(self) -> Iterable[str]:
        row = self.list.cursor
        found = ["view.filter", "view.site", "view.freeze", "app.help", "view.sort_right"]
        found += self.touchable()
        if not self._views_named:
            keyed = {tab.name for tab in self.pbx.tabs(self) if tab.key and not tab.current}
            found += [view.id for view in VIEWS if view.name in keyed]
        if self.fleet is not None and len(self.fleet.sites) < 2:
            found.remove("view.site")
        if row is not None:
            found += ["row.details", "row.raw"]
            thing = self._table.thing_of(row)
            if thing is not None and self._table.children(thing):
                key = Key(thing.site, thing.id)
                found += [] if key in self._table.opened else ["nav.open"]
        return found

    def why_empty(self) -> str:
        """Why there are no rows: not read, not offered by any PBX, or really none."""
        if self.fleet is None:
            return "reading the sites"
        words = status.why_none(self.fleet.sites, self._table.kind)
        return words or self.nothing()

    def _arrange(self, width: int) -> Sequence[Column]:
        sites = len(self.fleet.sites) if self.fleet is not None else 1
        return self._table.arrange(width, sites=sites)

    def selected(self) -> Key | Child | None:
        """The row under the cursor; says so when it has gone."""
        row = self.list.cursor
        if isinstance(row, Key | Child):
            return row
        if self.list.rows:
            self.flash(GONE)
        return None

    def _set_open(self, opened: bool) -> None:
        row = self.selected()
        thing = self._table.thing_of(row)
        if thing is None:
            return
        key = Key(thing.site, thing.id)
        self._table.open(key, opened)
        if isinstance(row, Child) and not opened:
            self.list.choose(key)
        self.sync()

    def action_open(self) -> None:
        self._set_open(True)

    def action_close(self) -> None:
        self._set_open(False)

    def _seek(self, step: int) -> None:
        rows = self.list.rows
        at = self.list.at + step
        while 0 <= at < len(rows):
            if isinstance(rows[at], Key):
                self.list.move_to(at)
                return
            at += step
        self.flash("nothing further that way")

    def action_next_match(self) -> None:
        self._seek(1)

    def action_previous_match(self) -> None:
        self._seek(-1)

    def action_mark(self) -> None:
        row = self.selected()
        if row is not None:
            self._table.marks ^= {row}
            self.list.move(1)
            self.list.repaint_changed()
            self.frame()

    def action_details(self) -> None:
        row = self.selected()
        if row is None or self.fleet is None:
            return
        self.app.push_screen(details_page(self.looks, *self.details(row)))

    def action_raw(self) -> None:
        row = self.selected()
        if row is None or self.fleet is None:
            return
        backend = self.fleet.site(row.site).backend
        raw = backend.raw(*self.raw_of(row)) if backend is not None else ""
        text = clean_block(raw)
        if not text:
            self.flash("the PBX's last answer no longer holds this row")
            return
        lines = [(line,) for line in text.splitlines()]
        title = f"as {row.site} sent it"
        self.app.push_screen(TablePage(self.looks, title, ("",), (0,), lambda: lines))

    def action_back(self) -> None:
        if self.clear_filter():
            return
        if self.frozen is not None:
            self.action_freeze()
        else:
            self.action_quit()

    def on_live_list_chosen(self, event: LiveList.Chosen) -> None:
        event.stop()
        thing = self._table.thing_of(event.row)
        if thing is not None:
            key = Key(thing.site, thing.id)
            self._table.open(key, key not in self._table.opened)
            self.sync()

    def stand(self, frozen: Frozen | None) -> None:
        """Let the picture stand still; None lets it go on from what the sites hold now."""
        self.catch_up()
        self.frozen = frozen
        if frozen is None and self.fleet is not None:
            self._table.reset([site.snapshot for site in self.fleet.sites])
        if self.shown:
            self.sync()

    def action_read_now(self) -> None:
        if self.fleet is not None:
            self.fleet.refresh()
            self.flash("reading every PBX now")

    def action_palette(self) -> None:
        self.app.action_command_palette()

    def action_help(self) -> None:
        self.app.push_screen(
            keys_page(self.looks, self.pbx.keymap, self.unable(), self.pbx.options.profile)
        )
