"""What is imported by the time the first frame is painted: all of it makes the start slower."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.terminal.pseudo import Terminal

OURS = """
import sys
from pathlib import Path

from pbxtui.cli import main, screen

def painted(app):
    Path(sys.argv[1]).write_text("\\n".join(sys.modules))
    app.exit()

def run(*arguments, **named):
    from pbxtui.ui.app import PbxApp

    PbxApp._begin = painted
    return run_app(*arguments, **named)

run_app, screen.run_app = screen.run_app, run
sys.exit(main(sys.argv[2:]))
"""
BARE = """
import sys
from pathlib import Path

from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("first frame")

    def on_mount(self):
        self.call_after_refresh(self.painted)

    def painted(self):
        Path(sys.argv[1]).write_text("\\n".join(sys.modules))
        self.exit()

Bare().run()
"""
CONFIG = """
[[site]]
name = "hq"
kind = "vonage"
account = "1234"
url = "http://127.0.0.1:9"
access_token = "t"
"""

BEHIND = (
    "pbxtui.backends",
    "pbxtui.simulator",
    "pbxtui.config.loading",
    "pbxtui.model.actions",
    "pbxtui.service.acting",
    "pbxtui.service.fleet",
    "pbxtui.service.going_on",
    "pbxtui.service.handover",
    "pbxtui.service.presence",
    "pbxtui.service.site",
    "pbxtui.ui.acting.steps",
    "pbxtui.ui.acting.verbs",
    "pbxtui.ui.boxes",
    "pbxtui.ui.commands",
    "pbxtui.ui.details",
    "pbxtui.ui.devicetable",
    "pbxtui.ui.freezing",
    "pbxtui.ui.heldtable",
    "pbxtui.ui.journaltable",
    "pbxtui.ui.lamptable",
    "pbxtui.ui.logtable",
    "pbxtui.ui.memory",
    "pbxtui.ui.palette",
    "pbxtui.ui.queuetable",
    "pbxtui.ui.remembering",
    "pbxtui.ui.screens.commanding",
    "pbxtui.ui.screens.journal",
    "pbxtui.ui.widgets.commandline",
    "pbxtui.ui.widgets.lampgrid",
)
"""Rooms that stay behind the first frame, each with all that is in it."""


def imported(script: str, folder: Path, *arguments: str) -> set[str]:
    """The modules that a script has when the first frame is out."""
    told = folder / "modules"
    env = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [sys.executable, "-c", script, str(told), *arguments]
    with Terminal(command, size=(120, 40), env=env) as terminal:
        assert terminal.ended() == 0, terminal.text
    return set(told.read_text().split())


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What any Textual app imports."""
    return imported(BARE, tmp_path_factory.mktemp("bare"))


@pytest.mark.parametrize("opened", ["demo", "sites"])
def test_only_what_the_first_frame_needs_is_imported_before_it(
    opened: str, floor: set[str], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    config.chmod(0o600)
    arguments = ["demo"] if opened == "demo" else ["--config", str(config)]
    found = imported(OURS, tmp_path, *arguments)
    rooms = {name for name in found if name.startswith("pbxtui.")}
    assert "pbxtui.ui.screens.calls" in rooms
    behind = {room for room in rooms if any(f"{room}.".startswith(f"{b}.") for b in BEHIND)}
    assert not behind
    outside = {name.partition(".")[0] for name in found - floor} - {"pbxtui"}
    known = {name.partition(".")[0] for name in floor} | sys.stdlib_module_names
    assert not outside - known
