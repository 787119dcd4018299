"""Standard output for data, standard error for what is said, and what a broken pipe does."""

from __future__ import annotations

import contextlib
import io
import os
import sys

OK = 0
NOT_READ = 1
USAGE = 2
BROKEN = 70
"""A bug of pbxtui itself ended it; EX_SOFTWARE in sysexits."""


class UsageError(Exception):
    """The command line or the config is wrong; the words say how, and what would be right."""


def prepare() -> None:
    """Let a character that the terminal cannot show become a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(ValueError, OSError):
                stream.reconfigure(errors="replace")


def put(text: str) -> None:
    """A line of data."""
    if sys.stdout is not None:
        print(text, file=sys.stdout)


def say(text: str) -> None:
    """A line for people, beside the data."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(text, file=sys.stderr, flush=True)


def flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def abandon() -> None:
    """Throw away what nobody reads, so that the interpreter does not complain at its end."""
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
