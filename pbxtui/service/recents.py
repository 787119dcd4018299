"""The last numbers that somebody dialled or transferred to, kept in the user's state folder."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from pbxtui.model import clean
from pbxtui.service.files import Later, at_once, replace_file, set_aside

log = logging.getLogger(__name__)

KEPT = 10
MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Recent:
    """A number that was rung at a site, and whose it was then; ``name`` may be empty."""

    site: str
    number: str
    name: str = ""


class Recents:
    """The last :data:`KEPT` targets over all sites, the newest first.

    ``path`` is None to keep them in memory alone. ``later`` has the writing done where it stops
    nobody: in another thread, say.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        later: Later = at_once,
    ) -> None:
        self._path = path
        self._later = later
        self._writing = threading.Lock()
        self._kept = _read(path) if path is not None else ()
        self.phones: dict[str, str] = {}
        """The phone that was last said to dial or answer, by site, in this run alone."""

    @property
    def kept(self) -> tuple[Recent, ...]:
        return self._kept

    def note(self, recent: Recent) -> None:
        """Put a target first. What cannot be written is said in the log."""
        others = (
            one for one in self._kept if (one.site, one.number) != (recent.site, recent.number)
        )
        self._kept = (recent, *others)[:KEPT]
        if self._path is not None:
            self._later(self._write)

    def _write(self) -> None:
        assert self._path is not None
        with self._writing:
            rows = [asdict(one) for one in self._kept]
            try:
                replace_file(self._path, json.dumps({"recent": rows}, ensure_ascii=False) + "\n")
            except OSError as error:
                log.warning("the last targets cannot be kept in %s: %s", self._path, error)


def _read(path: Path) -> tuple[Recent, ...]:
    """What a file holds; a broken one is put aside."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        log.warning("the last targets cannot be read from %s: %s", path, error)
        return ()
    try:
        if len(body) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES} bytes")
        return tuple(map(_recent, json.loads(body)["recent"]))[:KEPT]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        set_aside(path, str(error) or type(error).__name__)
        return ()


def _recent(row: object) -> Recent:
    if not isinstance(row, dict):
        raise TypeError("a row is no object")
    texts = [row["site"], row["number"], row.get("name", "")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a text was expected")
    site, number, name = map(clean, texts)
    return Recent(site, number, name)
