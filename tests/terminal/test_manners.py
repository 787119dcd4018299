"""The program in a real terminal: first frame, keys, and how it leaves."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.terminal.pseudo import Terminal, pbxtui

LEFT_ALONE = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?1003l")
"""Back to the main screen, the cursor shown, no mouse reports."""


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment without any config of the person who runs the tests."""
    return {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}


@pytest.fixture
def demo(home: dict[str, str]) -> Iterator[Terminal]:
    with Terminal(pbxtui("demo", "--seed", "3"), env=home) as terminal:
        terminal.shows("● talk")
        yield terminal


def test_the_demo_opens_and_q_leaves(demo: Terminal) -> None:
    assert demo.lines[0].startswith("pbxtui")
    demo.press("q")
    demo.shows("leave pbxtui?")
    demo.press("y")
    assert demo.ended() == 0
    for sequence in LEFT_ALONE:
        assert sequence in demo.sent


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGQUIT, 131)],
)
def test_a_signal_ends_it_with_the_terminal_as_it_was(
    demo: Terminal, number: signal.Signals, status: int
) -> None:
    demo.signal(number)
    assert demo.ended() == status
    for sequence in LEFT_ALONE:
        assert sequence in demo.sent


def test_a_lost_terminal_leaves_no_process_behind(demo: Terminal) -> None:
    demo.hang_up()
    assert demo.ended() == 129


def test_a_lost_terminal_without_a_signal_is_noticed(home: dict[str, str]) -> None:
    script = (
        "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
        "from pbxtui.cli import main; "
        "import asyncio.unix_events as u; "
        "u._UnixSelectorEventLoop.add_signal_handler = lambda *a: None; "
        "sys.exit(main(['demo']))"
    )
    with Terminal([sys.executable, "-c", script], env=home) as terminal:
        terminal.shows("● talk")
        terminal.hang_up()
        assert terminal.ended() == 129


def test_without_a_config_it_says_how_to_add_a_pbx(home: dict[str, str]) -> None:
    with Terminal(pbxtui(), env=home) as terminal:
        terminal.shows("pbxtui init")


def test_a_bad_config_is_one_message_and_exit_2(home: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "bad.toml"
    config.write_text('[[site]]\nname = "hq"\nkind = "vonag"\n')
    with Terminal(pbxtui("--config", str(config)), env=home) as terminal:
        assert terminal.ended() == 2
        assert "vonage" in terminal.sent
        assert "Traceback" not in terminal.sent
        assert terminal.sent.rindex("vonage") > terminal.sent.rindex("\x1b[?1049l")


def test_a_bad_key_in_the_config_is_said_before_anything_opens(
    home: dict[str, str], tmp_path: Path
) -> None:
    config = tmp_path / "keys.toml"
    config.write_text('[keys]\n"view.freze" = "f5"\n"view.site" = "ctrl+h"\n"row.raw" = "d"\n')
    with Terminal(pbxtui("--config", str(config)), env=home) as terminal:
        assert terminal.ended() == 2
        assert "view.freeze" in terminal.sent
        assert "ctrl+h" in terminal.sent
        assert "row.details" in terminal.sent


def test_no_mouse_leaves_the_mouse_to_the_terminal(home: dict[str, str]) -> None:
    with Terminal(pbxtui("--no-mouse", "demo"), env=home) as terminal:
        terminal.shows("● talk")
        assert "\x1b[?1000h" not in terminal.sent


@pytest.mark.parametrize("env", [{"LANG": "C"}, {"TERM": "linux"}, {"LC_ALL": "POSIX"}])
def test_a_terminal_without_the_glyphs_gets_words(
    home: dict[str, str], env: dict[str, str]
) -> None:
    with Terminal(pbxtui("demo", "--seed", "3"), env=home | env) as terminal:
        terminal.shows("TALK")
        terminal.press("l")
        terminal.shows("v    ")
        assert terminal.text.isascii(), terminal.text


def test_sixteen_colours_send_no_others(home: dict[str, str]) -> None:
    with Terminal(pbxtui("demo", "--seed", "3"), env=home | {"TERM": "xterm"}) as terminal:
        terminal.shows("● talk")
        terminal.press("jjl")
        terminal.shows("▾")
        assert "38;2" not in terminal.sent
        assert "38;5" not in terminal.sent
        assert "48;5" not in terminal.sent


def test_no_color_sends_none(home: dict[str, str]) -> None:
    with Terminal(pbxtui("demo", "--seed", "3"), env=home | {"NO_COLOR": "1"}) as terminal:
        terminal.shows("● talk")
        terminal.press("jl")
        terminal.shows("▾")
        codes = {
            code
            for found in re.findall(r"\x1b\[([0-9;]*)m", terminal.sent)
            for code in found.split(";")
        }
        assert codes <= {"", "0", "1", "2", "3", "4", "7", "9"}


def test_resizing_repaints_in_the_new_size(demo: Terminal) -> None:
    import fcntl
    import struct
    import termios

    demo.glass.resize(24, 80)
    fcntl.ioctl(demo._master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.kill(demo.process.pid, signal.SIGWINCH)
    demo.until(lambda t: "/ filter" in t.lines[23] and "total" not in t.lines[1], "80x24")


def test_ctrl_l_paints_everything_again(demo: Terminal) -> None:
    demo.press("\x0c")
    before = demo.sent.count("pbxtui")
    demo.until(lambda t: t.sent.count("pbxtui") > before, "a whole repaint after Ctrl+L")
