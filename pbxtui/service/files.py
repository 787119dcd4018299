"""Small files in the user's own folders: written whole or not at all, read by nobody else."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

log = logging.getLogger(__name__)

Later = Callable[[Callable[[], None]], object]
"""Has something done that may take long: at once, or in another thread."""

PATIENCE = 0.5
"""Seconds for which another process is waited for; one that was stopped would hold it for ever."""


def at_once(do: Callable[[], None]) -> None:
    """Do it now."""
    do()


def own_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone (mode 700).

    What is there stays as it is. Raises ``OSError``.
    """
    for each in reversed((folder, *folder.parents)):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Change the files of a folder while no other process that asks for this does.

    Where the system knows no such locks, or somebody keeps it for too long, it goes on without.
    """
    try:
        import fcntl

        own_folder(folder)
        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.005)
        yield
    finally:
        os.close(handle)


def replace_file(path: Path, text: str) -> None:
    """Replace a file by a text: mode 600, on the disk before the name points to it.

    The folder is made (mode 700) where there is none. A reader sees the old text or the new one,
    and never a part. Raises ``OSError``; the old file is then as it was.
    """
    own_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()


def set_aside(path: Path, why: str) -> Path | None:
    """Rename a file that cannot be read to ``….broken`` and say so in the log; where to.

    An older broken one is replaced. None where it cannot be renamed; nothing is raised.
    """
    aside = path.with_name(f"{path.name}.broken")
    try:
        path.replace(aside)
    except OSError as error:
        log.warning("%s cannot be read (%s), nor put aside: %s", path, why, error)
        return None
    log.warning("%s cannot be read (%s): it is put aside as %s", path, why, aside.name)
    return aside
