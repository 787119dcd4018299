"""Ending with the terminal: on a signal, and when the terminal is simply gone.

Textual installs no handlers for SIGTERM and SIGHUP, so the terminal would stay as the screens left
it. And where SIGHUP is ignored, a lost terminal makes its input thread spin, while its writer
blocks whoever writes, the event loop included; so the watch is a thread and does not ask the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable

LOOK = 3.0
"""Seconds between two looks at whether the terminal is still there."""
GRACE = 2.0
"""Seconds that a clean end gets once the terminal is gone."""
HANGUP = 129
"""The exit status after a lost terminal: 128 and SIGHUP."""


def on_signals(end: Callable[[int], None]) -> None:
    """Call ``end`` with the exit status when the program is told to go; POSIX only."""
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        with contextlib.suppress(RuntimeError, ValueError):
            loop.add_signal_handler(number, end, 128 + number)


class TerminalWatch(threading.Thread):
    """Looks at the terminal every few seconds; when it has gone, ends the program."""

    def __init__(self, end: Callable[[int], None]) -> None:
        super().__init__(name="terminal watch", daemon=True)
        self._end = end
        self._loop = asyncio.get_running_loop()
        self._over = threading.Event()

    def stop(self) -> None:
        self._over.set()

    def run(self) -> None:
        if sys.platform == "win32" or not os.isatty(0):
            return
        while not self._over.wait(LOOK):
            try:
                os.tcgetpgrp(0)
            except OSError:
                break
        else:
            return
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end, HANGUP)
        self._over.wait(GRACE)
        os._exit(HANGUP)
