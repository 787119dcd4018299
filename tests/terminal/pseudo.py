"""A program in a pseudo-terminal, and the screen that a person would see."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte

PATIENCE = 60.0
"""Seconds after which something that never comes is a failure; no test measures by it."""

_UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b\[\?[0-9;]*\$p")


class Terminal:
    """Runs a command in a terminal of a given size; ``lines`` is what it shows."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (100, 30),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.glass = pyte.Screen(*size)
        self.sent = ""
        self._stream = pyte.Stream(self.glass)
        self._rest = b""
        self._master, slave = os.openpty()
        columns, rows = size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        around = {
            key: value
            for key, value in os.environ.items()
            if key not in ("NO_COLOR", "COLORTERM", "LC_ALL", "LC_CTYPE", "COLUMNS", "LINES")
        }
        around |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "TZ": "UTC", **(env or {})}

        def take_the_terminal() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=around,
            start_new_session=True,
            preexec_fn=take_the_terminal,
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.glass.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def until(self, wanted: Callable[[Terminal], object], what: str = "") -> None:
        """Read on until ``wanted`` holds. Fails with the screen when it never does."""
        end = time.monotonic() + PATIENCE
        while not wanted(self):
            if time.monotonic() > end or not self._read():
                if wanted(self):
                    return
                raise AssertionError(
                    f"never seen: {what or wanted}\n{self.text}\n{self.sent[-500:]!r}"
                )

    def shows(self, text: str) -> None:
        """Read on until the screen holds a text."""
        self.until(lambda terminal: text in terminal.text, text)

    def shows_no(self, text: str) -> None:
        """Read on until the screen does not hold a text."""
        self.until(lambda terminal: text not in terminal.text, f"no {text}")

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Close our side of the terminal, as a lost connection does."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def ended(self) -> int:
        """Read on until the program has ended; its exit status."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            if self._master < 0 or not self._read():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(timeout=0.2)
        while self._master >= 0 and self._read(0.0):
            pass
        status = self.process.poll()
        assert status is not None, f"it does not end\n{self.text}"
        return status

    def _read(self, patience: float = 1.0) -> bool:
        """Take in what has come; False when the program has closed its side or nothing came."""
        ready, _, _ = select.select([self._master], [], [], patience)
        if not ready:
            return patience > 0
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        if not data:
            return False
        whole = self._rest + data
        text = whole.decode("utf-8", "ignore")
        cut = len(text.encode("utf-8"))
        self._rest = whole[cut:] if len(whole) - cut < 4 else b""
        self.sent += text
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text))
        return True


def pbxtui(*arguments: str) -> list[str]:
    """The command line that runs this checkout's program."""
    return [sys.executable, "-m", "pbxtui", *arguments]
