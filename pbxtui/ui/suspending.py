"""Ctrl+Z and SIGTSTP: the terminal goes back to the shell, and ``fg`` paints everything anew.

Textual stops its own process with SIGSTOP. That leaves a program that was started through another
one (``uv run``, ``sudo``) waiting behind a parent that still runs, and one that has no shell above
it (``ssh -t host pbxtui``, a tmux window of its own) stopped for ever. So the whole group is told
to stop, as the terminal itself would do, and the kernel spares who has no shell to go back to.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.driver import Driver

NO_SHELL = "no shell to go back to: q leaves"
HANGUP = 129
"""The exit status when the terminal does not come back: 128 and SIGHUP."""


class Suspension:
    """Stops the program and lets it go on, with the terminal left clean in between.

    ``driver`` gives the terminal's driver, ``painted`` paints the whole screen anew, ``say`` shows
    a sentence, ``end`` ends the program with an exit status. While ``away`` nothing may be sent to
    the terminal.
    """

    def __init__(
        self,
        driver: Callable[[], Driver | None],
        painted: Callable[[], None],
        say: Callable[[str], None],
        end: Callable[[int], None],
    ) -> None:
        self.away = False
        self._driver = driver
        self._painted = painted
        self._say = say
        self._end = end
        self._woken = False
        self._expected = 0
        """Continuations that were seen to already, of which the loop has yet to hear."""
        self._told_to_end = False

    def watch(self) -> None:
        """Take over from Textual's handlers, which act in the middle of whatever runs."""
        if sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()
        with contextlib.suppress(RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGTSTP, self.stop)
            loop.add_signal_handler(signal.SIGCONT, self._continued)

    def stop(self) -> None:
        """Give the terminal back and stop, until somebody says ``fg``."""
        driver = self._driver()
        if sys.platform == "win32" or self.away or driver is None or not driver.can_suspend:
            return
        self.away = True
        driver.suspend_application_mode()
        self._sleep()
        if self._back(driver) and not self._woken:
            self._say(NO_SHELL)

    def _continued(self) -> None:
        """Somebody stopped us without asking: nobody knows what the terminal is like now."""
        driver = self._driver()
        if self._expected or self.away or driver is None or not driver.can_suspend:
            self._expected = max(0, self._expected - 1)
            return
        self.away = True
        if self._regained(driver):
            driver.suspend_application_mode()
        self._back(driver)

    def _back(self, driver: Driver) -> bool:
        """Take the terminal again, once it is ours; or end, if that is what we are told now."""
        if self._regained(driver):
            self.watch()
            driver.resume_application_mode()
            self.away = False
            self._painted()
            return True
        self._forsake(driver)
        if not self._told_to_end:
            self._end(HANGUP)
        return False

    def _sleep(self) -> None:
        """Stop with the whole group; returns when continued, or at once where nothing stops."""
        if sys.platform == "win32":
            return
        import os

        asyncio.get_running_loop().remove_signal_handler(signal.SIGTSTP)
        self._woken = self._told_to_end = False

        def woken(*_: object) -> None:
            self._woken = True
            self._expected += 1

        def told(*_: object) -> None:
            self._told_to_end = True

        signal.signal(signal.SIGCONT, woken)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, told)  # the loop hears of it too, and ends the program
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)

    def _regained(self, driver: Any) -> bool:
        """Whether the terminal is ours; stops, as any program in the background, until it is."""
        if sys.platform == "win32":
            return True
        import termios

        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        while not self._told_to_end:
            try:
                modes = termios.tcgetattr(driver.fileno)
                termios.tcsetattr(driver.fileno, termios.TCSANOW, modes)
            except termios.error as error:
                if error.args[0] != errno.EINTR:
                    return False
            else:
                return True
        return False

    def _forsake(self, driver: Any) -> None:
        """Let the driver end without touching a terminal that is the shell's again."""
        driver.attrs_before = None
        driver.exit_event.set()
