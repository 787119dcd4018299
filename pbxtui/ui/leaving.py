"""Ending with the terminal: on a signal, and when the terminal is simply gone.

Textual installs no handlers for the signals that end a program, so the terminal would stay as the
screens left it. And a lost terminal ends the thread that writes to it, so that whoever writes after
that waits for ever: the event loop too, even while it is leaving. So the watch is a thread, does
not ask the loop, and stays until the very end.
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
"""Seconds for giving back a terminal that is gone."""
CLOSING = 6.0
"""Seconds for closing everything else before that."""
HANGUP = 129
"""The exit status after a lost terminal: 128 and SIGHUP."""


def on_signals(end: Callable[[int], None]) -> None:
    """Call ``end`` with the exit status when the program is told to go; POSIX only."""
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        with contextlib.suppress(RuntimeError, ValueError):
            loop.add_signal_handler(number, end, 128 + number)


class TerminalWatch(threading.Thread):
    """Looks at the terminal every few seconds; when it has gone, ends the program.

    The end gets ``GRACE`` seconds, counted from :meth:`leaving` where that was called: from then
    on nothing is left to do but to give the terminal back.
    """

    def __init__(self, end: Callable[[int], None]) -> None:
        super().__init__(name="terminal watch", daemon=True)
        self._end = end
        self._loop = asyncio.get_running_loop()
        self._over = threading.Event()
        self._look = threading.Event()

    def stop(self) -> None:
        """The terminal was given back: there is nothing to watch any more."""
        self._over.set()
        self._look.set()

    def leaving(self) -> None:
        """Everything is closed but the terminal: look at once whether it is still there."""
        self._look.set()

    def run(self) -> None:
        if sys.platform == "win32" or not os.isatty(0):
            return
        while not self._over.is_set() and self._there():
            if not self._look.wait(LOOK):
                continue
            if self._there():
                self._over.wait(GRACE)
        if not self._look.is_set():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._end, HANGUP)
            self._look.wait(CLOSING)
        if not self._over.wait(GRACE):
            os._exit(HANGUP)

    @staticmethod
    def _there() -> bool:
        try:
            os.tcgetpgrp(0)
        except OSError:
            return False
        return True
