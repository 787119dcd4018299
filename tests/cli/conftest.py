"""The command line as a user runs it: a process, with a home of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

DEADLINE = 60.0
"""Seconds after which a command that has not ended counts as hanging."""

TOKEN = "simulated-access-token"
"""What the simulated Vonage account lets in."""


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


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated PBX on a port: its address, and the config that it prints."""

    url: str
    config: str
    process: subprocess.Popen[str]


Simulate = Callable[..., Simulated]


@pytest.fixture(scope="module")
def simulate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulate]:
    """Start simulated PBXs as a user does; all of them end with the module's tests."""
    home = Home(tmp_path_factory.mktemp("simulators"))
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> Simulated:
        process = home.start("simulate", "vonage", "--port", "0", *arguments)
        running.append(process)
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        while lines[-1].strip():
            lines.append(process.stdout.readline())
        return Simulated(lines[0].split()[1], "".join(lines), process)

    yield start
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=DEADLINE)


@pytest.fixture(scope="module")
def alive(simulate: Simulate) -> Simulated:
    """A simulated PBX that is well."""
    return simulate("--calls", "12")


@pytest.fixture
def dead_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def site(name: str, url: str, token: str = f'"{TOKEN}"', more: str = "") -> str:
    """A site of the config for a simulated account."""
    return (
        f'[[site]]\nname = "{name}"\nkind = "vonage"\naccount = "1234"\n'
        f'url = "{url}/t/vbc.prod"\ntoken_url = "{url}/token"\naccess_token = {token}\n{more}\n'
    )
