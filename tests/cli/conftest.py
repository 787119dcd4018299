"""The command line as a user runs it: a process, with a home of its own."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.offices import Desk, Serve, served
from tests.cli.running import DEADLINE, Done, Home

__all__ = ["DEADLINE", "TOKEN", "Desk", "Done", "Home", "Serve", "Simulate", "Simulated", "site"]

TOKEN = "simulated-access-token"
"""What the simulated Vonage account lets in."""


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


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve simulated PBXs of some make for as long as the test lasts."""
    with contextlib.ExitStack() as stack:
        yield lambda make: stack.enter_context(served(make))


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Desk(tmp_path, capsys)
