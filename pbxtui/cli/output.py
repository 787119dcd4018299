"""Standard output for data, standard error for what is said, and what a broken pipe does."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import IO

OK = 0
NOT_READ = 1
USAGE = 2
BROKEN = 70
"""A bug of pbxtui itself ended it; EX_SOFTWARE in sysexits."""


NARROWEST = 40
"""Columns of a terminal under which lines are left as they are."""


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


def folded(text: str, stream: IO[str] | None, indent: int = 0) -> str:
    """Lines cut between words where ``stream`` is a terminal that is narrower than they are.

    What is cut off a line starts ``indent`` columns further in than that line does. A pipe and a
    file get the lines whole.
    """
    try:
        width = os.get_terminal_size(stream.fileno()).columns if stream is not None else 0
    except (OSError, ValueError, AttributeError):
        width = 0
    if width < NARROWEST:
        return text
    return "\n".join(_fold(line, width, indent) for line in text.split("\n"))


def _fold(line: str, width: int, indent: int) -> str:
    if len(line) <= width:
        return line
    import textwrap

    margin = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line,
        width,
        subsequent_indent=margin + " " * indent,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )


def say(text: str) -> None:
    """A line for people, beside the data."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(folded(text, sys.stderr), file=sys.stderr, flush=True)


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
