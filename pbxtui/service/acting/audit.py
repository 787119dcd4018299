"""The audit journal: a line for each step of each action, on the disk before it goes on.

JSON Lines in ``audit-YYYY-MM.jsonl`` in the user's state folder, mode 600, one file a month (UTC).
Each line is whole in itself: who asked for what, where, and which step it tells. An action that
was sent has an ``intent`` from before the sending; a process that was killed leaves at most one of
those without a ``result``.

What a PBX said and what a sentence says are cleaned; the digits of tones and the secrets of a site
are in neither.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pbxtui.model import Action, Answered, clean
from pbxtui.model.export import iso
from pbxtui.service.acting.permission import verb_of
from pbxtui.service.files import own_folder

RUN = secrets.token_hex(4)
"""This process, among those that had its number before."""

_POSIX = os.name == "posix"
_LONGEST = 600


class JournalError(Exception):
    """The journal cannot be written; the text says why and what to do."""


class Mark(StrEnum):
    """Which step of an action a line tells."""

    INTENT = "intent"
    """Written before the sending."""
    RESULT = "result"
    """What the PBX answered."""
    SEEN = "seen"
    """What the readings showed after."""
    REFUSED = "refused"
    """Nothing was sent: not allowed, not possible, or the row had changed."""
    UNDONE = "undone"
    """Nothing was sent: taken back in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. ``when`` is ISO 8601 in UTC; ``pid`` and ``run`` say which process wrote it.

    ``outcome`` is a word of :class:`Answered` or empty, ``observed`` one of
    :class:`expect.Observed` or empty; ``words`` are the PBX's, or say why nothing was sent.
    """

    id: str
    when: str
    who: str
    host: str
    pid: int
    step: str
    site: str
    verb: str
    what: str
    call: str = ""
    leg: str = ""
    target: str = ""
    outcome: str = ""
    words: str = ""
    observed: str = ""
    run: str = RUN


def default_folder() -> Path:
    """Where the journal is when nobody says otherwise: the user's state folder."""
    import platformdirs

    return Path(platformdirs.user_state_dir("pbxtui", appauthor=False))


def login_name() -> str:
    """Who is at the keyboard, as the system knows them."""
    try:
        return clean(getpass.getuser(), 60) or "unknown"
    except (OSError, KeyError, ImportError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


class Journal:
    """Appends to the journal of this user. Safe to use from several threads and processes.

    ``clock`` gives epoch seconds.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        clock: Callable[[], float] = time.time,
        who: str = "",
        host: str = "",
    ) -> None:
        self.folder = default_folder() if folder is None else folder
        self._clock = clock
        self._who = clean(who, 60) or login_name()
        self._host = clean(host or platform.node(), 60) or "unknown"
        self._lock = threading.Lock()

    def check(self) -> None:
        """See whether the journal can be written; leaves nothing behind but its folder.

        Raises :class:`JournalError`.
        """
        import tempfile

        try:
            own_folder(self.folder)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            reason = clean(error.strerror or str(error))
            raise JournalError(
                f"the audit journal in {clean(str(self.folder), 300)} cannot be written: {reason}; "
                "make room there, or see `ls -ld` on it"
            ) from None

    def begin(self, action: Action, what: str) -> Line:
        """The line that the others of an action are made from; writes nothing."""
        return Line(
            id=secrets.token_hex(8),
            when=self._now(),
            who=self._who,
            host=self._host,
            pid=os.getpid(),
            step=Mark.INTENT,
            site=action.site,
            verb=verb_of(action),
            what=clean(what, _LONGEST),
            call=clean(getattr(action, "call", "")),
            leg=clean(getattr(action, "leg", "")),
            target=_target(action),
        )

    def note(
        self,
        line: Line,
        step: Mark,
        *,
        outcome: Answered | None = None,
        words: str = "",
        observed: str = "",
    ) -> Line:
        """Append a step of an action, and return once it is on the disk.

        Raises :class:`JournalError`.
        """
        told = replace(
            line,
            when=self._now(),
            pid=os.getpid(),
            run=RUN,
            step=step,
            outcome=outcome or line.outcome,
            words=clean(words, _LONGEST),
            observed=observed,
        )
        self.append(told)
        return told

    def append(self, line: Line) -> None:
        """Append one line as it is. Raises :class:`JournalError`."""
        told = {field.name: getattr(line, field.name) for field in fields(Line)}
        kept = {name: value for name, value in told.items() if value != ""}
        text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        data = f"{text}\n".encode("utf-8", "replace")
        path = self.folder / f"audit-{line.when[:7]}.jsonl"
        try:
            with self._lock:
                self._append(path, data)
        except OSError as error:
            reason = clean(error.strerror or str(error))
            raise JournalError(
                f"the audit journal {clean(str(path), 300)} cannot be written: {reason}; make room "
                "there, or see `ls -ld` on its folder"
            ) from None

    def _append(self, path: Path, data: bytes) -> None:
        own_folder(path.parent)
        fresh = not path.exists()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        handle = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o600)
        try:
            if _POSIX:
                os.fchmod(handle, 0o600)
            if _torn(handle):
                data = b"\n" + data
            while data:
                data = data[os.write(handle, data) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh and _POSIX:
            _sync_folder(path.parent)

    def _now(self) -> str:
        moment = self._clock()
        return iso(moment) or datetime.now(UTC).isoformat(timespec="milliseconds")


def _target(action: Action) -> str:
    """What an action is for beside a call: a number, an agent, a flow, a phone."""
    for name in ("to", "extension", "agent", "flow", "device"):
        found = getattr(action, name, "")
        if found:
            return clean(str(found))
    return ""


def _torn(handle: int) -> bool:
    """Whether the last line has no end, because whoever wrote it was killed."""
    size = os.fstat(handle).st_size
    if not size:
        return False
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) != b"\n"


def _sync_folder(folder: Path) -> None:
    """Have a new file's name on the disk, too, where a folder can be told so."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
