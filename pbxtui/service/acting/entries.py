"""Reading the audit journal: each action once, with all that became of it."""

from __future__ import annotations

import json
import logging
import os
import platform
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pbxtui.model import Answered, clean
from pbxtui.service.acting.audit import (
    RUN,
    Journal,
    JournalError,
    Line,
    Mark,
    default_folder,
)

log = logging.getLogger(__name__)

KILLED_WORDS = (
    "pbxtui was ended before an answer was in the journal; whether it was carried out is not known"
)
_REMEMBERED = timedelta(days=62)
"""So far back an unfinished action is still told."""
_IN_FLIGHT = timedelta(minutes=10)
"""For how long an intent may be that of another process which still waits for its answer."""


class Told(NamedTuple):
    """One of the lines of an action: a word of :class:`Mark`, and what it adds to the others."""

    when: str
    step: str
    outcome: str = ""
    words: str = ""
    observed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Line):
    """One action: its lines put together. ``when`` is that of the first, ``step`` of the last.

    ``sent`` is whether anything may have left: without an intent nothing did, nor where it was
    refused in the last moment. ``steps`` are the lines one by one.
    """

    sent: bool = False
    steps: tuple[Told, ...] = ()

    @property
    def unfinished(self) -> bool:
        """Whether it may have been sent, and nobody has written what came back."""
        return self.step == Mark.INTENT

    def plain(self) -> dict[str, object]:
        """The entry for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be read of one of the journal's files.

    ``lines`` are the numbers (from 1) of the lines that are none; ``reason`` says why the whole
    file cannot be read, where it cannot.
    """

    path: Path
    lines: tuple[int, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        name = clean(str(self.path), 300)
        if self.reason:
            return f"{name} cannot be read: {self.reason}"
        if len(self.lines) == 1:
            return f"{name}: line {self.lines[0]} cannot be read and is left out"
        first, count = self.lines[0], len(self.lines)
        return f"{name}: {count} lines cannot be read and are left out, the first is line {first}"


def entries(
    folder: Path | None = None,
    *,
    since: datetime | None = None,
    trouble: Callable[[Trouble], None] | None = None,
) -> list[Entry]:
    """The actions with a step at or after ``since`` (every one without), oldest first.

    A line that is no line, as the torn end of a file, is passed over; ``trouble`` is told of them,
    and of a file that cannot be read, once for each file.
    """
    found: dict[str, Entry] = {}
    after = None if since is None else since.astimezone(UTC)
    late: set[str] = set()
    for line in _lines(default_folder() if folder is None else folder, after, trouble):
        known = found.get(line.id)
        found[line.id] = _first(line) if known is None else _next(known, line)
        if after is None or _moment(line.when) >= after:
            late.add(line.id)
    return [entry for id, entry in found.items() if id in late]


def unfinished(folder: Path | None = None, *, since: datetime | None = None) -> list[Entry]:
    """The actions of which a killed process left the intent without a result.

    Those of a process that still runs are left out.
    """
    begun: dict[str, bytes] = {}
    after = _NEVER if since is None else since.astimezone(UTC)
    for path in _paths(default_folder() if folder is None else folder, since and after):
        for text in _texts(path, None):
            id, step = _glance(text)
            if step == Mark.INTENT:
                begun[id] = text
            elif id:
                begun.pop(id, None)
    lines = [line for line in map(_line, begun.values()) if line is not None]
    found = [_first(line) for line in lines if _moment(line.when) >= after]
    return [entry for entry in found if not _runs(entry)]


def close(journal: Journal, entry: Entry) -> None:
    """Write the result of an unfinished action: not confirmed. Raises ``JournalError``."""
    journal.note(entry, Mark.RESULT, outcome=Answered.NOT_CONFIRMED, words=KILLED_WORDS)


def close_unfinished(journal: Journal) -> list[Entry]:
    """The unfinished actions of the last months, each closed, so that they are told once."""
    found = unfinished(journal.folder, since=datetime.now(UTC) - _REMEMBERED)
    try:
        for entry in found:
            close(journal, entry)
    except JournalError as error:
        log.warning("%s", error)
    return found


_Hears = Callable[[Trouble], None] | None


def _lines(folder: Path, since: datetime | None, trouble: _Hears) -> Iterator[Line]:
    """The lines of every month that matters, in the order in which they were written."""
    for path in _paths(folder, since):
        yield from _lines_of(path, trouble)


def _paths(folder: Path, since: datetime | None) -> list[Path]:
    earliest = "" if since is None else _name(since)
    every = sorted(folder.glob("audit-[0-9][0-9][0-9][0-9]-[0-9][0-9].jsonl"))
    return [path for path in every if path.name >= earliest]


def _name(since: datetime) -> str:
    """The file of the month before: an action may have begun there."""
    year, month = (since.year - 1, 12) if since.month == 1 else (since.year, since.month - 1)
    return f"audit-{year:04d}-{month:02d}.jsonl"


def _lines_of(path: Path, trouble: _Hears) -> Iterator[Line]:
    broken: list[int] = []
    for number, text in enumerate(_texts(path, trouble), 1):
        line = _line(text)
        if line is not None:
            yield line
        elif text.strip():
            broken.append(number)
    if broken and trouble is not None:
        trouble(Trouble(path, tuple(broken)))


def _texts(path: Path, trouble: _Hears) -> list[bytes]:
    try:
        return path.read_bytes().split(b"\n")
    except OSError as error:
        if trouble is not None:
            trouble(Trouble(path, reason=clean(error.strerror or str(error))))
        return []


_OWN_ID = re.compile(rb'\{"id":"([0-9a-f]{16})",')
_OWN_STEP = re.compile(rb',"step":"([a-z]+)",')


def _glance(text: bytes) -> tuple[str, str]:
    """The id and the step of a line, both empty for what is no line.

    A line as we write it need not be read whole for that: in a text of it no quote stands bare.
    """
    id, step = _OWN_ID.match(text), _OWN_STEP.search(text)
    if id is not None and step is not None and text.endswith(b"}"):
        return id[1].decode(), step[1].decode()
    line = _line(text)
    return ("", "") if line is None else (line.id, line.step)


_TEXTS = [field.name for field in fields(Line) if field.name != "pid"]
_NEEDED = ("id", "when", "step", "site", "verb")


def _line(text: bytes) -> Line | None:
    try:
        value = json.loads(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not all(isinstance(value.get(n), str) for n in _NEEDED):
        return None
    if value["step"] not in list(Mark) or _moment(value["when"]) is _NEVER:
        return None
    pid = value.get("pid")
    told = {n: clean(value[n], 600) for n in _TEXTS if isinstance(value.get(n), str)}
    told = {name: told.get(name, "") for name in _TEXTS}
    return Line(pid=pid if isinstance(pid, int) else 0, **told)


_NEVER = datetime.min.replace(tzinfo=UTC)


def _moment(when: str) -> datetime:
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return _NEVER
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _first(line: Line) -> Entry:
    return Entry(**asdict(line), sent=line.step in _SENT, steps=(_told(line),))


def _next(known: Entry, line: Line) -> Entry:
    return replace(
        known,
        step=line.step,
        sent=(known.sent or line.step in _SENT) and line.step not in _KEPT_BACK,
        outcome=line.outcome or known.outcome,
        words=line.words or known.words,
        observed=line.observed or known.observed,
        steps=(*known.steps, _told(line)),
    )


def _told(line: Line) -> Told:
    return Told(line.when, line.step, line.outcome, line.words, line.observed)


_SENT = frozenset({Mark.INTENT, Mark.RESULT, Mark.SEEN})
_KEPT_BACK = frozenset({Mark.REFUSED, Mark.UNDONE})
"""After an intent: what was found in the last moment kept it from leaving."""


def _runs(entry: Entry) -> bool:
    """Whether the process that wrote an intent may still be waiting for its answer."""
    if entry.run == RUN:
        return True
    if datetime.now(UTC) - _moment(entry.when) > _IN_FLIGHT or entry.pid == os.getpid():
        return False
    if os.name != "posix" or entry.host != clean(platform.node(), 60) or entry.pid <= 0:
        return True
    try:
        os.kill(entry.pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
