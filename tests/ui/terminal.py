"""A terminal for tests: takes the bytes that a real one would get."""

from __future__ import annotations

from textual.drivers.headless_driver import HeadlessDriver


class Recorder(HeadlessDriver):
    """A driver without a terminal that lets the app paint as if it had one.

    ``written`` holds what was sent since it was last cleared.
    """

    written: list[str]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.written = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written.append(data)

    def take(self) -> str:
        """What was sent since the last call."""
        data = "".join(self.written)
        self.written.clear()
        return data
