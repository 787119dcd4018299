"""The log of the screens: a file, because the terminal belongs to the picture."""

from __future__ import annotations

import contextlib
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

SIZE = 1024 * 1024
"""Bytes of one log file; three are kept."""


def log_path() -> Path:
    """Where the log is."""
    return Path(platformdirs.user_log_dir("pbxtui", appauthor=False)) / "pbxtui.log"


def log_to_file() -> bool:
    """Write warnings, recoveries and bugs to the log, mode 600. Without a file, to nothing.

    Whether there is a file; done once.
    """
    path = log_path()
    ours = logging.getLogger("pbxtui")
    if any(isinstance(handler, RotatingFileHandler) for handler in ours.handlers):
        return True
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        handler = RotatingFileHandler(path, maxBytes=SIZE, backupCount=2, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        ours.addHandler(handler)
        ours.setLevel(logging.INFO)
        return True
    return False
