"""What can be typed after ``:``: the commands, how a line is read, how it is completed. Pure.

Every action of the table is a command, by its id and by the last part of it: ``:row.details`` and
``:details``. A few commands have no key of their own (``:goto 25``). What a line does is the
business of :mod:`pbxtui.ui.screens.commanding`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from string import whitespace

from pbxtui.ui.actions import ACTS, BY_ID, Act, Group


class Takes(StrEnum):
    """What may stand behind a command's name."""

    NOTHING = ""
    SITES = "names of sites; none for all"
    COLUMN = "a column, then up or down"
    COLUMNS = "columns"
    FILTER = "words that must match"
    VIEW = "a view"
    THEME = "dark, light or safe"
    CALL = "the short number of a call"
    NAME = "a name for the filter"
    SAVED = "the name of a saved filter"
    NUMBER = "a number or a name"
    REASON = "a reason"
    QUEUE = "a queue"
    VALUE = "a state or a value"


SEVERAL = frozenset({Takes.SITES, Takes.COLUMNS, Takes.COLUMN, Takes.FILTER})
"""Those of which each word is completed by itself."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``act`` is the id of the action that it is, empty where it is none."""

    name: str
    help: str
    takes: Takes = Takes.NOTHING
    act: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as it was read: ``command`` is None where there is none of that ``name``."""

    name: str
    text: str
    command: Command | None


OWN = (
    Command("sort", "order by a column: sort since down", Takes.COLUMN),
    Command("view", "show a view", Takes.VIEW),
    Command("goto", "go to the call with that short number", Takes.CALL),
    Command("save", "keep the filter under a name", Takes.NAME),
    Command("load", "filter as it was kept under a name", Takes.SAVED),
    Command("forget", "forget a filter that was kept", Takes.SAVED),
    Command("theme", "dark, light or safe, until the program ends", Takes.THEME),
)
"""The commands that are no action of the table."""

_TAKES = {
    "view.site": Takes.SITES,
    "view.columns": Takes.COLUMNS,
    "view.filter": Takes.FILTER,
    "call.transfer": Takes.NUMBER,
    "call.dial": Takes.NUMBER,
    "agent.pause": Takes.REASON,
    "agent.login": Takes.QUEUE,
    "agent.logout": Takes.QUEUE,
    "flow.set": Takes.VALUE,
}
"""The actions that take words. Tones are not among them: what is typed here can be brought back."""
ALIASES: Mapping[str, str] = {
    "q": "app.quit",
    "keys": "app.help",
    "read": "app.refresh",
    "grid": "view.turn",
    "table": "view.turn",
    "unlock": "app.lock",
    "restart": "device.reboot",
}
"""More names of actions."""


def _of(act: Act, name: str) -> Command:
    takes = _TAKES.get(act.id, Takes.NOTHING)
    return Command(name, act.help, takes, act.id)


def _commands(acts: Sequence[Act]) -> dict[str, Command]:
    """By every name. The likely ones come first, moving the cursor last; an id is always free."""
    own = {command.name: command for command in OWN}
    known = {act.id: act for act in acts}
    ranked = sorted(acts, key=lambda act: (act.group is Group.MOVE, act.id not in _TAKES))
    short: dict[str, Command] = {}
    for act in ranked:
        short.setdefault(act.id.rpartition(".")[2], _of(act, act.id.rpartition(".")[2]))
    other = {name: _of(known[id_], name) for name, id_ in ALIASES.items() if id_ in known}
    return {**{act.id: _of(act, act.id) for act in ranked}, **other, **short, **own}


COMMANDS: Mapping[str, Command] = _commands(ACTS)


def shorts() -> list[str]:
    """The names that are offered where none was begun: no ids, no second names."""
    ids = set(BY_ID)
    names = [name for name in COMMANDS if name not in ids and name not in ALIASES]
    own = [command.name for command in OWN]
    return [*own, *(name for name in names if name not in own)]


def read(line: str) -> Typed:
    """Read a line. A number alone goes to the call of that number."""
    name, _, text = _begun(line).rstrip().partition(" ")
    if name.isdecimal() and not text:
        return Typed("goto", name, COMMANDS["goto"])
    return Typed(name, text.strip(), COMMANDS.get(name.lower()))


_BEFORE = ":" + whitespace


def _begun(line: str) -> str:
    """A line without the colons and spaces that it begins with."""
    return line.lstrip(_BEFORE)


def unknown(name: str) -> str:
    """What to say of a name that is no command's."""
    near = get_close_matches(name.lower(), COMMANDS, 1, 0.5)
    meant = f'; did you mean ":{near[0]}"?' if near else "; Tab shows what there is"
    return f'there is no command ":{name}"{meant}'


def nearest(word: str, known: Sequence[str], what: str) -> str:
    """What to say of a word that names none of those known."""
    near = get_close_matches(word.lower(), [one.lower() for one in known], 1, 0.5)
    meant = f'; did you mean "{near[0]}"?' if near else f"; there are {', '.join(known) or 'none'}"
    return f'there is no {what} "{word}"{meant}'


@dataclass(frozen=True, slots=True)
class Offers:
    """How a line can go on: ``kept`` and one of ``words`` is a line."""

    kept: str
    words: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        return tuple(self.kept + word for word in self.words)


def offers(line: str, known: Callable[[Command], Sequence[str]]) -> Offers:
    """What may stand where the line ends. ``known`` gives the words that a command can take."""
    head = line[: len(line) - len(_begun(line))]
    name, blank, text = line[len(head) :].partition(" ")
    if not blank:
        first = _matching(name, shorts())
        return Offers(head, tuple(first or _matching(name, [*COMMANDS])))
    command = COMMANDS.get(name.lower())
    if command is None:
        return Offers(line)
    words = known(command)
    kept = line[: len(line) - len(text)]
    if command.takes in SEVERAL:
        before, gap, text = text.rpartition(" ")
        kept += before + gap
        words = [word for word in words if word not in before.split()]
    return Offers(kept, tuple(_matching(text.lstrip(), words)))


def _matching(begun: str, words: Sequence[str]) -> list[str]:
    """The words that begin so; where none does, those that contain it."""
    begun = begun.lower()
    found = [word for word in words if word.lower().startswith(begun)]
    return found or [word for word in words if begun in word.lower()]


class History:
    """The lines of this session, the newest last; ``older`` and ``newer`` go through them."""

    LENGTH = 50

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._at = 0
        self._draft = ""

    def add(self, line: str) -> None:
        """Keep a line, once."""
        if line.strip():
            self._lines = [*(one for one in self._lines if one != line), line][-self.LENGTH :]
        self.leave()

    def leave(self) -> None:
        """Stand after the newest again."""
        self._at, self._draft = len(self._lines), ""

    def older(self, line: str) -> str:
        """The line before; ``line`` is what is typed now, and comes back after the newest."""
        if self._at >= len(self._lines):
            self._draft = line
        self._at = max(0, min(self._at, len(self._lines)) - 1)
        return self._lines[self._at] if self._lines else line

    def newer(self, line: str) -> str:
        if self._at >= len(self._lines):
            return line
        self._at += 1
        return self._lines[self._at] if self._at < len(self._lines) else self._draft
