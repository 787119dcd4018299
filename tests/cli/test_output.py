"""Long lines: cut between words in a terminal, whole in a pipe."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
from collections.abc import Iterator
from typing import IO

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)
import termios

from pbxtui.cli.output import folded


@pytest.fixture
def narrow() -> Iterator[IO[str]]:
    """A terminal of fifty columns."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    with open(slave, "w", encoding="utf-8") as stream:
        yield stream
    os.close(master)


LINE = "  calls     FAILED  the certificate of 127.0.0.1:8795 is not trusted by us"


def test_a_long_line_is_cut_between_words_and_goes_on_below_its_words(narrow: IO[str]) -> None:
    assert folded(LINE, narrow, 18).split("\n") == [
        "  calls     FAILED  the certificate of",
        "                    127.0.0.1:8795 is not trusted",
        "                    by us",
    ]


def test_a_path_and_a_line_that_fits_are_left_whole(narrow: IO[str]) -> None:
    path = "/home/somebody/" + "a-long-name/" * 5 + "pbxtui.log"
    assert path in folded(f"the traceback is in {path} there", narrow).split("\n")
    assert folded("  short  \n\n  lines", narrow) == "  short  \n\n  lines"


def test_a_pipe_gets_lines_whole() -> None:
    read, write = os.pipe()
    with open(write, "w", encoding="utf-8") as stream:
        assert folded(LINE * 5, stream, 18) == LINE * 5
    os.close(read)
    assert folded(LINE * 5, None) == LINE * 5
