"""Carrying out what was typed after ``:``, on the view where it was typed.

An action of the table that takes words (``:transfer 305``) is given them after its own arguments:
where its ``does`` is ``touch('call.transfer')``, the view's ``action_touch`` is called with
``'call.transfer', '305'``. The view's ``words_touch('call.transfer')``, if it has one, gives words
to complete.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from pbxtui.model import Key, clean
from pbxtui.ui.actions import BY_ID
from pbxtui.ui.commands import (
    Command,
    History,
    Offers,
    Takes,
    nearest,
    offers,
    read,
    unknown,
)
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.spell import fit
from pbxtui.ui.table import Field
from pbxtui.ui.themes import NAMES
from pbxtui.ui.views import VIEWS
from pbxtui.ui.widgets.commandline import CommandField
from pbxtui.ui.widgets.lines import Piece

if TYPE_CHECKING:
    from pbxtui.ui.screens.view import View

HINT = "Tab completes · Enter does it · Esc leaves"
DIRECTIONS = {"up": False, "down": True}


class Commander:
    """The commands of one program; ``view`` is where the line stands."""

    def __init__(self) -> None:
        self.history = History()

    def offers(self, view: View) -> Callable[[str], Offers]:
        """What the line can go on with on a view."""
        return lambda line: offers(line, lambda command: self._words(view, command))

    async def run(self, view: View, line: str) -> None:
        """Carry out a line. What cannot be done is said in the view's footer."""
        self.history.add(line.strip())
        typed = read(line)
        if not typed.name:
            return
        command = typed.command
        if command is None:
            view.flash(unknown(typed.name))
            return
        own = getattr(self, f"_{command.act.rpartition('.')[2] or command.name}", None)
        if own is not None and (not command.act or command.act in _HERE):
            said = own(view, typed.text)
            if isawaitable(said):
                await said
            return
        await self._act(view, command, typed.text)

    async def _act(self, view: View, command: Command, text: str) -> None:
        method, arguments = _called(BY_ID[command.act].does)
        action = getattr(view, f"action_{method}", None)
        if action is None:
            view.flash(f":{command.name} is not for this view")
        elif text and not command.takes:
            view.flash(f":{command.name} takes nothing after it")
        else:
            said = action(*arguments, *([text] if text else []))
            if isawaitable(said):
                await said

    def _words(self, view: View, command: Command) -> Sequence[str]:
        match command.takes:
            case Takes.SITES:
                return [site.name for site in view.fleet.sites] if view.fleet else []
            case Takes.COLUMN:
                return [*_by_title(view.table_fields), *DIRECTIONS]
            case Takes.COLUMNS:
                return list(_by_title(view.optional_columns()))
            case Takes.FILTER:
                return [f"{name}:" for name in sorted(view.filter_fields)]
            case Takes.VIEW:
                return [spec.name for spec in VIEWS]
            case Takes.THEME:
                return NAMES
            case Takes.SAVED:
                return sorted(view.pbx.memory.filters)
        if command.takes and command.act:
            method, arguments = _called(BY_ID[command.act].does)
            hook = getattr(view, f"words_{method}", None)
            if hook is not None:
                return list(hook(*arguments))
        return ()

    # --- what the commands do ----------------------------------------------------------------

    def _site(self, view: View, text: str) -> None:
        known = [site.name for site in view.fleet.sites] if view.fleet else []
        by_name = {name.lower(): name for name in known}
        words = text.replace(",", " ").split()
        strange = next((word for word in words if word.lower() not in by_name), None)
        if strange is not None:
            view.flash(nearest(strange, known, "site"))
            return
        names = [by_name[word.lower()] for word in words]
        view.show_sites(names)
        view.flash(f"only {', '.join(names)}; :site shows all" if names else "all sites")

    def _sort(self, view: View, text: str) -> None:
        words = text.lower().split()
        known = _by_title(view.table_fields)
        if refused := view.not_arranged():
            view.flash(refused)
        elif not words:
            view.flash(f"ordered by {view.ordered_by()}; < > and z change it")
        elif words[0] not in known:
            view.flash(nearest(words[0], list(known), "column"))
        elif len(words) > 2 or words[-1] not in {*known, *DIRECTIONS}:
            view.flash("sort takes a column, then up or down")
        else:
            view.sort_table(known[words[0]], DIRECTIONS.get(words[-1], False))

    async def _columns(self, view: View, text: str) -> None:
        words = text.lower().replace(",", " ").split()
        known = _by_title(view.optional_columns())
        strange = next((word for word in words if word not in known), None)
        if refused := view.not_arranged():
            view.flash(refused)
        elif not words:
            await view.run_action("columns")
        elif strange is not None:
            view.flash(nearest(strange, list(known), "column"))
        else:
            view.show_columns([known[word] for word in words])

    async def _filter(self, view: View, text: str) -> None:
        await view.filter_by(text)

    async def _view(self, view: View, text: str) -> None:
        names = [spec.name for spec in VIEWS]
        if text.lower() in names:
            view.pbx.show_view(text.lower())
        else:
            view.flash(nearest(text, names, "view"))

    def _theme(self, view: View, text: str) -> None:
        if text.lower() in NAMES:
            view.pbx.wear(text.lower())
        else:
            view.flash(nearest(text, NAMES, "theme"))

    def _goto(self, view: View, text: str) -> None:
        number, fleet = text.removeprefix("#"), view.fleet
        calls = view.pbx.calls
        if fleet is None or not number.isdecimal():
            view.flash("goto takes the short number of a call: goto 25")
            return
        calls.catch_up()
        key = next((k for k in calls.table.things if fleet.number(k) == int(number)), None)
        if key is None:
            view.flash(f"there is no call #{number} now")
            return
        view.pbx.show_view("calls")
        calls.call_after_refresh(_land, calls, key, number)

    def _save(self, view: View, text: str) -> None:
        name, words = clean(text, 40), view.filter_text()
        if not name or not words:
            view.flash("save takes a name, once there is a filter: / begins one")
            return
        view.pbx.memory.keep_filter(name, view.pbx.current_mode, words)
        view.flash(f'kept as "{name}"; :load {name} brings it back')

    async def _load(self, view: View, text: str) -> None:
        kept = view.pbx.memory.filters.get(text)
        if kept is None:
            view.flash(nearest(text, sorted(view.pbx.memory.filters), "saved filter"))
            return
        if kept.view in view.pbx.views and kept.view != view.pbx.current_mode:
            view.pbx.show_view(kept.view)
            view = view.pbx.view
        await view.ready.wait()
        await view.filter_by(kept.text)

    def _forget(self, view: View, text: str) -> None:
        if view.pbx.memory.forget_filter(text):
            view.flash(f'"{text}" is forgotten')
        else:
            view.flash(nearest(text, sorted(view.pbx.memory.filters), "saved filter"))


_HERE = frozenset({"view.site", "view.columns", "view.filter"})
"""The actions that do something else where words follow, or none do."""


def _by_title(fields: Sequence[Field]) -> dict[str, str]:
    """Columns by what stands over them, or by their key where that is no word."""
    found = {}
    for field in fields:
        title = field.title.strip().lower()
        found[title if title.isalnum() else field.key] = field.key
    return found


def _called(does: str) -> tuple[str, tuple[Any, ...]]:
    """A screen's action as its method's name and its arguments."""
    method, _, rest = does.partition("(")
    return method, ast.literal_eval(f"({rest[:-1]},)") if rest.strip(")") else ()


def _land(calls: Any, key: Key, number: str) -> None:
    """Put the cursor on a call, or say why it cannot be there."""
    calls.list.choose(key)
    if calls.list.cursor != key:
        calls.flash(f"call #{number} is hidden by the filter or the choice of sites")


def offer_pieces(looks: Looks, field: CommandField, width: int) -> list[Piece]:
    """What can be typed, for the footer: the words, the one taken set off; else what is awaited."""
    head, dim, plain = (looks.style(tone) for tone in (Tone.HEAD, Tone.DIM, Tone.PLAIN))
    words, at = field.offered
    typed = read(field.value)
    command = typed.command
    if command is not None and (not words or (field.value.rstrip(" ") == field.value and at < 0)):
        more = f" · {command.takes}" if command.takes else ""
        return [(fit(f"{command.help}{more}", width).rstrip(), plain)]
    if not words:
        return [(HINT, dim)]
    first = max(0, at)
    room = width - 2
    pieces: list[Piece] = []
    for index in range(first, len(words)):
        word = words[index]
        if cell_len(word) + 2 > room:
            pieces.append((looks.signs.more, dim))
            break
        chosen = index == at
        pieces += [(f"[{word}]" if chosen else word, head if chosen else plain), ("  ", dim)]
        room -= cell_len(word) + (4 if chosen else 2)
    return pieces
