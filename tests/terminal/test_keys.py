"""Every key of the table arrives from plain terminals, through a pseudo-terminal."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from pbxtui.ui.actions import ACTS
from tests.terminal.pseudo import Terminal

ECHO = """
import sys
from pathlib import Path
from textual.app import App
from textual import events

class Echo(App, inherit_bindings=False):
    ENABLE_COMMAND_PALETTE = False
    def on_ready(self):
        Path(sys.argv[1]).touch()
    def on_key(self, event: events.Key):
        with open(sys.argv[1], "a") as file:
            print(event.key, file=file)
        self.bell()

Echo().run()
"""

CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D"}
EDITING = {"home": 1, "insert": 2, "delete": 3, "end": 4, "pageup": 5, "pagedown": 6}
HOME_END = {
    "xterm": {"home": "\x1b[H", "end": "\x1b[F"},
    "linux": {},
    "screen": {},
}
F_KEYS = {
    "xterm": dict(enumerate(("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"), 1)),
    "linux": dict(enumerate(("\x1b[[A", "\x1b[[B", "\x1b[[C", "\x1b[[D", "\x1b[[E"), 1)),
    "screen": dict(enumerate(("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"), 1)),
}
HIGHER = dict(zip(range(5, 13), (15, 17, 18, 19, 20, 21, 23, 24), strict=True))
SIGNS = {
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "at": "@",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "space": " ",
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
}


def sent(terminal: str, key: str) -> str:
    """What that terminal sends for a key, by its description in terminfo."""
    if key in SIGNS:
        return SIGNS[key]
    if len(key) == 1:
        return key
    if key.startswith("ctrl+"):
        return chr(ord(key[5:].upper()) - 64)
    if key in CURSOR:
        return f"\x1b[{CURSOR[key]}"
    if key in EDITING:
        return HOME_END[terminal].get(key, f"\x1b[{EDITING[key]}~")
    number = int(key.removeprefix("f"))
    return F_KEYS[terminal].get(number, f"\x1b[{HIGHER[number]}~" if number in HIGHER else "")


@pytest.mark.parametrize("terminal", ["xterm", "linux", "screen"])
def test_every_key_of_the_table_arrives(terminal: str, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    keys = list(dict.fromkeys(key for act in ACTS for key in act.keys))
    with Terminal([sys.executable, "-c", ECHO, str(heard)], env={"TERM": terminal}) as screen:
        screen.until(lambda _: heard.exists(), "the first frame")
        for number, key in enumerate(keys, 1):
            screen.press(sent(terminal, key))
            screen.until(partial(_heard, heard, number), f"{key} on {terminal}")
    assert heard.read_text().split() == keys


def _heard(file: Path, keys: int, _: Terminal) -> bool:
    return len(file.read_text().split()) >= keys
