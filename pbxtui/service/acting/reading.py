"""Reading the journal on and on, for a screen: anew only when something was written."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pbxtui.model import clean
from pbxtui.service.acting.audit import JournalError, default_folder
from pbxtui.service.acting.entries import Entry, entries

SPAN = timedelta(days=31)
"""How far back a screen looks."""

State = tuple[tuple[str, int, int], ...]
"""The files of a journal: the name, size and time of change of each."""


class Reader:
    """Reads the journal in a folder; the user's own without one. Blocks: not for an event loop."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = default_folder() if folder is None else folder
        self._known: State | None = None

    def read(self, now: float) -> list[Entry] | None:
        """The actions of the :data:`SPAN` before ``now`` (epoch seconds), oldest first.

        None where nothing was written since the last time. Raises :class:`JournalError`.
        """
        state = self._state()
        if state == self._known:
            return None
        found = entries(self.folder, since=datetime.fromtimestamp(now, UTC) - SPAN)
        self._known = state
        return found

    def _state(self) -> State:
        found = []
        path = self.folder
        try:
            with os.scandir(self.folder) as listed:
                names = sorted(one.name for one in listed)
            for name in names:
                path = self.folder / name
                if name.startswith("audit-") and name.endswith(".jsonl"):
                    with path.open("rb") as file:
                        told = os.fstat(file.fileno())
                    found.append((name, told.st_size, told.st_mtime_ns))
        except FileNotFoundError:
            return tuple(found)
        except OSError as error:
            self._known = None
            reason = clean(error.strerror or str(error))
            raise JournalError(
                f"the audit journal {clean(str(path), 300)} cannot be read: {reason}; "
                "see `ls -ld` on it"
            ) from None
        return tuple(found)
