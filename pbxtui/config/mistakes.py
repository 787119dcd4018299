"""What is wrong with a config, collected and told at once."""

from __future__ import annotations

from pathlib import Path

from pbxtui.model import clean

LONGEST_LINE = 600
MOST_LINES = 40
MASK = "********"
_SHORTEST_SECRET = 4


class ConfigError(Exception):
    """The config cannot be used. ``str`` is the whole message: one line a mistake, no secrets."""


class NoConfig(ConfigError):
    """There is no config file where one is expected by default."""


class Mistakes:
    """Collects what is wrong in one file, each as one line that names the file.

    Secret values that are made known by :meth:`hide` never come out, whoever wrote the line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[str] = []
        self._hidden: set[str] = set()

    def hide(self, secret: str) -> None:
        """Mask a secret wherever a mistake would quote it; a very short one is no secret."""
        if len(secret) >= _SHORTEST_SECRET:
            self._hidden.add(secret)

    def add(self, where: str, what: str) -> None:
        """Note one mistake; ``where`` is for example ``site "hq"``, or empty for the top level."""
        place = f"{self._path.name}: {where}: " if where else f"{self._path.name}: "
        self._lines.append(place + what)

    def __bool__(self) -> bool:
        return bool(self._lines)

    def lines(self) -> tuple[str, ...]:
        """The mistakes in the order found, each once, fit to be printed."""
        lines = [*dict.fromkeys(clean(self._masked(line), LONGEST_LINE) for line in self._lines)]
        more = len(lines) - MOST_LINES
        if more > 0:
            lines[MOST_LINES:] = [f"{clean(self._path.name)}: and {more} more"]
        return tuple(lines)

    def _masked(self, line: str) -> str:
        for secret in sorted(self._hidden, key=len, reverse=True):
            line = line.replace(secret, MASK)
        return line

    def error(self) -> ConfigError:
        """All of them as one error, with the file's whole path at the end."""
        lines = list(self.lines())
        if self._path.name != str(self._path):
            lines.append(f"(the file is {clean(str(self._path), LONGEST_LINE)})")
        return ConfigError("\n".join(lines))


def quoted(text: str, limit: int = 60) -> str:
    """A word of the config in double quotes, cleaned and capped, for a message."""
    return f'"{clean(text, limit)}"'
