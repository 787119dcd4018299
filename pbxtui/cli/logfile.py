"""The log: a file, because the terminal belongs to the picture, and the output to the data."""

from __future__ import annotations

import contextlib
import logging
import os
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

from pbxtui.cli.output import BROKEN, say
from pbxtui.model import clean
from pbxtui.service.files import own_folder

SIZE = 1024 * 1024
"""Bytes of one log file; three are kept."""


def log_path() -> Path:
    """Where the log is."""
    return Path(platformdirs.user_log_dir("pbxtui", appauthor=False)) / "pbxtui.log"


class _WithoutSecrets(logging.Formatter):
    """Takes known secrets out of whatever is written, the text of tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        from pbxtui.backends.masking import masked

        return masked(super().format(record))


def log_to_file() -> bool:
    """Write warnings, recoveries and bugs to the log, mode 600. Without a file, to nothing.

    Whether there is a file; done once.
    """
    if _writing():
        return True
    handler = _opened()
    if handler is None:
        return False
    ours = logging.getLogger("pbxtui")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    return True


def keep(record: logging.LogRecord) -> None:
    """Write this one record, where nothing else is written to the log."""
    if _writing():
        return
    handler = _opened()
    if handler is not None:
        handler.handle(record)
        handler.close()


def broken(error: BaseException, ended: str) -> int:
    """Say in one sentence what a bug has ended, and where the traceback is; the exit status."""
    from pbxtui.backends.masking import masked

    words = clean(masked(f"{type(error).__name__}: {error}"), 200)
    path = log_path()
    if log_to_file():
        logging.getLogger(__name__).critical("a bug ended %s", ended, exc_info=error)
        say(f"pbxtui: a bug ended {ended} ({words}); the traceback is in {path}")
    else:
        say(masked("".join(traceback.format_exception(error)).rstrip()))
        say(f"pbxtui: a bug ended {ended} ({words}), and {path} cannot be written")
    return BROKEN


def _writing() -> bool:
    handlers = logging.getLogger("pbxtui").handlers
    return any(isinstance(handler, RotatingFileHandler) for handler in handlers)


def _opened() -> RotatingFileHandler | None:
    path = log_path()
    with contextlib.suppress(OSError):
        own_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        handler = RotatingFileHandler(path, maxBytes=SIZE, backupCount=2, encoding="utf-8")
        handler.setFormatter(_WithoutSecrets("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        return handler
    return None
