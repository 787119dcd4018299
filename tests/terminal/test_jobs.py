"""Job control: Ctrl+Z and its signal give the terminal back, ``fg`` paints everything anew."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("job control is POSIX's", allow_module_level=True)

from tests.terminal.pseudo import Terminal, pbxtui

PROMPT = "a shell> "
GIVEN_BACK = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?1003l", "\x1b[?2004l")
DEMO = shlex.join(pbxtui("demo", "--seed", "3"))


class Shell:
    """A shell with job control in a terminal, and a program that was started in it."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._mark = 0

    def run(self, line: str) -> None:
        """Type a command. Only what comes after it is looked at from then on."""
        self._mark = len(self.terminal.sent)
        self.terminal.press(f"{line}\n")

    def says(self, text: str) -> str:
        """Read on until a text came after the last command; all of what came."""
        self.terminal.until(lambda it: text in it.sent[self._mark :], text)
        return self.terminal.sent[self._mark :]

    def open(self, line: str = DEMO) -> None:
        self.run(line)
        self.terminal.until(lambda it: painted(it), "the calls")

    def stopped(self, press: str) -> str:
        """Press keys and read on until the shell has the terminal again."""
        self._mark = len(self.terminal.sent)
        self.terminal.press(press)
        self.says("Stopped")
        return self.says(PROMPT)

    def foreground(self) -> None:
        """Bring it back; the glass knows nothing of what it showed before."""
        self.terminal.glass.reset()
        self.run("fg")
        self.says("\x1b[?1049h")
        self.terminal.until(lambda it: painted(it), "everything anew")

    def sane(self) -> None:
        """The terminal takes lines and shows what is typed."""
        self.run("stty -a; echo 'it is' said")
        modes = self.says("it is said").replace(";", " ").split()
        for mode in ("icanon", "echo", "isig", "ixon", "icrnl"):
            assert mode in modes


def painted(terminal: Terminal) -> bool:
    """Whether the whole calls screen is there, and nothing else."""
    lines = terminal.lines
    return (
        lines[0].startswith("pbxtui")
        and "state" in lines[1]
        and "● talk" in lines[2]
        and lines[-2].startswith("hq vonage")
        and "? keys" in lines[-1]
        and "Stopped" not in terminal.text
        and PROMPT not in terminal.text
    )


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    env = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "PS1": PROMPT,
        "PS2": "",
    }
    with Terminal([bash, "--norc", "--noprofile", "-i"], env=env) as terminal:
        terminal.shows(PROMPT.strip())
        yield Shell(terminal)


def leave(shell: Shell, status: int = 0) -> None:
    shell.terminal.press("q")
    shell.terminal.shows("leave pbxtui?")
    shell.run("y")
    shell.says(PROMPT)
    shell.run("echo status $?.")
    shell.says(f"status {status}.")
    shell.sane()


def test_ctrl_z_gives_the_terminal_back_and_fg_paints_everything_anew(shell: Shell) -> None:
    shell.open()

    gone = shell.stopped("\x1a")

    for sequence in GIVEN_BACK:
        assert sequence in gone
    assert "\x1b[<u" in gone
    shell.sane()
    shell.foreground()
    header = shell.terminal.lines[0]
    shell.terminal.until(lambda it: it.lines[0] != header, "a clock that goes on")
    shell.terminal.press("2")
    shell.terminal.shows("phones")
    leave(shell)


def test_ctrl_z_stops_it_while_a_filter_is_typed_and_the_filter_is_there_again(
    shell: Shell,
) -> None:
    shell.open()
    shell.terminal.press("/zzyzx")
    shell.terminal.shows("zzyzx")
    shell.stopped("\x1a")
    shell.terminal.glass.reset()
    shell.run("fg")
    shell.terminal.shows("zzyzx")
    shell.terminal.press("w")
    shell.terminal.shows("zzyzxw")


def test_the_signal_does_as_the_key(shell: Shell) -> None:
    shell.open()
    shell.stopped("\x1a")
    shell.foreground()
    shell._mark = len(shell.terminal.sent)
    child = Path(f"/proc/{shell.terminal.process.pid}/task/{shell.terminal.process.pid}/children")
    if not child.exists():
        pytest.skip("only Linux tells the children of a process")
    import os
    import signal

    os.kill(int(child.read_text().split()[0]), signal.SIGTSTP)
    assert "\x1b[?1049l" in shell.says("Stopped")
    shell.says(PROMPT)
    shell.sane()
    shell.foreground()
    leave(shell)


def test_a_stop_that_it_cannot_know_of_is_mended_when_it_goes_on(shell: Shell) -> None:
    shell.open()
    child = Path(f"/proc/{shell.terminal.process.pid}/task/{shell.terminal.process.pid}/children")
    if not child.exists():
        pytest.skip("only Linux tells the children of a process")
    import os
    import signal

    shell._mark = len(shell.terminal.sent)
    os.kill(int(child.read_text().split()[0]), signal.SIGSTOP)
    shell.says("Stopped")
    shell.says(PROMPT)
    shell.foreground()
    leave(shell)


def test_in_the_background_it_waits_for_the_terminal(shell: Shell) -> None:
    shell.open()
    shell.stopped("\x1a")
    shell.run("bg; wait -n; jobs; echo 'it' waits")
    said = shell.says("it waits")
    assert said.count("Stopped") >= 1
    assert "\x1b[?1049h" not in said
    shell.foreground()
    leave(shell)


def test_the_program_that_started_it_stops_too(shell: Shell) -> None:
    shell.open(f"sh -c {shlex.quote(DEMO + '; true')}")
    shell.stopped("\x1a")
    shell.sane()
    shell.foreground()
    leave(shell)


def test_told_to_end_while_it_is_stopped_it_ends(shell: Shell) -> None:
    shell.open()
    shell.stopped("\x1a")
    shell.run("kill %1; fg; echo status $?.")
    shell.says("status 143.")
    shell.sane()


def test_without_a_shell_above_it_says_so_and_goes_on(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    with Terminal(pbxtui("demo", "--seed", "3"), env=env) as terminal:
        terminal.until(painted, "the calls")
        terminal.press("\x1a")
        terminal.shows("no shell to go back to")
        terminal.until(painted, "the calls again")
        terminal.press("q")
        terminal.shows("leave pbxtui?")
        terminal.press("y")
        assert terminal.ended() == 0
