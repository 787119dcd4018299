"""A bug of our own: the terminal is as it was, one sentence says where the traceback is."""

from __future__ import annotations

import re
import stat
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.terminal.pseudo import Terminal
from tests.terminal.test_manners import LEFT_ALONE

WHILE_IT_PAINTS = """
from pbxtui.ui.calltable import CallTable
whole = CallTable.cell
def cell(self, column, key, thing):
    if column == "from" and key.site == "branch":
        raise ValueError("a row that\\x1b[31m cannot be drawn")
    return whole(self, column, key, thing)
CallTable.cell = cell
"""
BEFORE_THE_FIRST_FRAME = """
from pbxtui.ui.screens.view import View
def compose(self):
    raise ValueError("a screen that cannot be made")
View.compose = compose
"""
IN_A_KEY = """
from pbxtui.ui.screens.view import View
def broken(self):
    raise ValueError("a key that breaks")
View.action_freeze = broken
"""


def crashing(bug: str) -> list[str]:
    """The demo with a bug in it."""
    script = f"{bug}\nimport sys\nfrom pbxtui.cli import main\nsys.exit(main(['demo']))"
    return [sys.executable, "-c", script]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


@pytest.mark.parametrize(
    ("bug", "keys"), [(WHILE_IT_PAINTS, ""), (BEFORE_THE_FIRST_FRAME, ""), (IN_A_KEY, "p")]
)
def test_a_bug_ends_it_with_the_terminal_as_it_was_and_one_sentence(
    home: dict[str, str], tmp_path: Path, bug: str, keys: str
) -> None:
    with Terminal(crashing(bug), size=(100, 30), env=home) as terminal:
        if keys:
            terminal.shows("● talk")
            terminal.press(keys)
        status = terminal.ended()
        after = terminal.sent[terminal.sent.rindex("\x1b[?1049l") :]
    assert status == 70
    for sequence in LEFT_ALONE:
        assert sequence in terminal.sent
    said = re.sub(r"\x1b\[[0-9;?<]*[a-zA-Z]", "", after).split("\r\n")
    log = tmp_path / "state" / "pbxtui" / "log" / "pbxtui.log"
    sentence = " ".join(" ".join(said).split())
    assert re.match(r"pbxtui: a bug ended the screens \(ValueError: a [^()]+\); ", sentence)
    assert sentence.endswith(f"; the traceback is in {log}")
    assert str(log) in said, "a path is not cut"
    assert "Traceback" not in terminal.sent
    assert "Traceback" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_without_a_log_the_traceback_is_not_lost(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with Terminal(crashing(WHILE_IT_PAINTS), env=home) as terminal:
        assert terminal.ended() == 70
    after = terminal.sent[terminal.sent.rindex("\x1b[?1049l") :]
    assert "Traceback" in after
    assert "cannot be written" in " ".join(after.split())
