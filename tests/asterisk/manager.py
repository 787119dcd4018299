"""A bare AMI connection for the tests: it sends actions, and keeps every byte that comes.

Independent of the package under test on purpose. Blocking; one per thread.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

Block = dict[str, str]
PATIENCE = 15.0
"""Seconds after which a wait is given up: far more than anything here takes."""


class Manager:
    """One AMI connection. ``blocks`` is everything that came, events included, in order."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.blocks: list[Block] = []
        self.texts: list[bytes] = []
        self._buffer = b""
        self._numbers = itertools.count(1)
        self._socket = socket.create_connection((host, port), timeout=PATIENCE)
        self.banner = self._line()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()

    def login(self, username: str, secret: str, *, events: str = "off") -> Block:
        """Log in; the answer, which the caller looks at. ``events`` is an event mask."""
        return self.ask("Login", Username=username, Secret=secret, Events=events)

    def ask(self, action: str, **fields: str) -> Block:
        """Send an action; its one response."""
        return self.ask_all(action, **fields)[0]

    def ask_all(self, action: str, **fields: str) -> list[Block]:
        """Send an action; its response and the list that follows it, if one does."""
        number = f"rig-{next(self._numbers)}"
        lines = {"Action": action, "ActionID": number, **fields}
        text = "".join(f"{key}: {value}\r\n" for key, value in lines.items()) + "\r\n"
        self._socket.sendall(text.encode())
        mine: list[Block] = []

        def complete(block: Block) -> bool:
            if block.get("ActionID") != number or (not mine and "Response" not in block):
                return False
            mine.append(block)
            listing = mine[0].get("EventList") == "start"
            return not listing or block.get("EventList", "").lower() == "complete"

        self._until(complete, f"the answer to {action}")
        return mine

    def wait(self, event: str, **fields: str) -> Block:
        """The first event of that name and with those fields, among those that came or will."""

        def matches(block: Block) -> bool:
            return block.get("Event") == event and all(
                block.get(key) == value for key, value in fields.items()
            )

        for block in self.blocks:
            if matches(block):
                return block
        return self._until(matches, f"{event} {fields}")

    def forget(self) -> None:
        """Drop what came so far, so that ``wait`` only sees what comes next."""
        self.ask("Ping")
        self.blocks.clear()
        self.texts.clear()

    def _until(self, enough: Callable[[Block], bool], what: str) -> Block:
        deadline = time.monotonic() + PATIENCE
        while True:
            block = self._block(deadline, what)
            self.blocks.append(block)
            if enough(block):
                return block

    def _more(self, deadline: float, what: str) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            names = [b.get("Event") or b.get("Response", "?") for b in self.blocks[-20:]]
            raise AssertionError(f"{what} did not come; the last blocks: {names}")
        self._socket.settimeout(left)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return
        if not data:
            raise ConnectionError(f"Asterisk closed the connection while waiting for {what}")
        self._buffer += data

    def _line(self) -> str:
        deadline = time.monotonic() + PATIENCE
        while b"\r\n" not in self._buffer:
            self._more(deadline, "the banner")
        line, self._buffer = self._buffer.split(b"\r\n", 1)
        return line.decode()

    def _block(self, deadline: float, what: str) -> Block:
        while b"\r\n\r\n" not in self._buffer:
            self._more(deadline, what)
        text, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        self.texts.append(text + b"\r\n\r\n")
        block: Block = {}
        for line in text.decode("utf-8", "replace").split("\r\n"):
            key, _, value = line.partition(":")
            block[key] = value.strip()
        return block
