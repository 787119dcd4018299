"""How long until the first frame, against an app that shows one line and nothing else.

Both start as an installed program does: from compiled modules, whatever the environment says of
writing them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.table import Row
from tests.terminal.pseudo import Terminal

BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("first frame")

Bare().run()
"""
RUNS = 9


def _until(command: list[str], seen: str, env: dict[str, str]) -> float:
    began = time.perf_counter()
    with Terminal(command, size=(120, 40), env=env) as terminal:
        terminal.shows(seen)
        return (time.perf_counter() - began) * 1000


def run() -> list[Row]:
    """The rows of this file: with a config of four sites, and on the demo."""
    with tempfile.TemporaryDirectory() as folder:
        env = {
            "HOME": folder,
            "XDG_CONFIG_HOME": folder,
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": f"{folder}/compiled",
        }
        config = Path(folder) / "config.toml"
        config.write_text(
            "\n".join(
                f'[[site]]\nname = "s{n}"\nkind = "vonage"\naccount = "{n}"\n'
                f'url = "http://127.0.0.1:9"\naccess_token = "t"\n'
                for n in range(4)
            )
        )
        config.chmod(0o600)
        ours = [sys.executable, "-m", "pbxtui", "--config", str(config)]
        demo = [sys.executable, "-m", "pbxtui", "demo"]
        bare = [sys.executable, "-c", BARE]
        spans: dict[str, list[float]] = {"ours": [], "demo": [], "bare": []}
        for _ in range(1 + RUNS):
            spans["bare"].append(_until(bare, "first frame", env))
            spans["ours"].append(_until(ours, "pbxtui", env))
            spans["demo"].append(_until(demo, "pbxtui", env))
    spans = {name: each[1:] for name, each in spans.items()}
    floor = median(spans["bare"])
    against = "a bare Textual app"
    return [
        Row("start to first frame, four sites", median(spans["ours"]), against, floor, "ms", 1.5),
        Row("start to first frame, the demo", median(spans["demo"]), against, floor, "ms", 1.5),
    ]
