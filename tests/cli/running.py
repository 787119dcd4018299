"""Running ``pbxtui`` as a process, with a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

DEADLINE = 60.0
"""Seconds after which a command that has not ended counts as hanging."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder, and the commands run in it."""

    folder: Path

    @property
    def config(self) -> Path:
        """Where the config is by default in this home, on a POSIX system."""
        return self.folder / ".config" / "pbxtui" / "config.toml"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "PBXTUI_"))}
        own = {
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / ".config"),
            "PYTHONUTF8": "1",
        }
        return {**kept, **own, **more}

    def start(
        self, *arguments: str | Path, stdout: IO[str] | int = subprocess.PIPE, **more: str
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "pbxtui", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=self.environment(**more),
            cwd=self.folder,
        )

    def run(
        self, *arguments: str | Path, stdout: IO[str] | int = subprocess.PIPE, **more: str
    ) -> Done:
        """Run ``pbxtui`` with these arguments; whatever it says, it is never a traceback."""
        with self.start(*arguments, stdout=stdout, **more) as process:
            out, err = process.communicate(timeout=DEADLINE)
        done = Done(process.returncode, out or "", err)
        assert "Traceback" not in done.all
        return done

    def write(self, text: str, name: str = "config.toml", mode: int = 0o600) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path
