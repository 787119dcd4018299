"""Make the pictures of this folder: ``python screenshots/make.py``.

Drives the program on the demo with a clock of its own, one seed, 120 by 36, and saves what it
shows as SVG. Nothing here is drawn by hand.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

SIZE = (120, 36)
SHOTS: dict[str, tuple[str, ...]] = {
    "calls": ("j", "j", "l", "j"),
    "details": ("j", "d"),
    "raw": ("j", "y"),
    "filter": ("slash", *"state:ring"),
    "command": ("colon", *"site", "space", "tab"),
    "transfer": ("L", *"jjjjjjjjjjj", "T", *"wo"),
    "question": ("L", "j", "X"),
    "keys": ("question_mark",),
    "sites": ("at",),
    "devices": ("2", "j", "j"),
    "queues": ("3", "l", "j"),
    "lamps": ("4", "l", "l"),
    "held": ("5",),
    "log": ("6",),
}
BUSY = {"held": (300, 35)}
"""Calls, and seconds for which the offices live on; the other pictures are a quiet noon."""


async def shoot(name: str, keys: tuple[str, ...]) -> None:
    """One picture of the demo after these keys."""
    from pbxtui.ui.screens.page import Page
    from tests.ui.demo import demo_app, lived, settled
    from tests.ui.stage import Clock

    clock = Clock()
    calls, seconds = BUSY.get(name, (24, 0))
    app = demo_app(calls=calls, clock=clock)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        while app.hand.dispatcher is None:
            await pilot.pause()
        await pilot.press(*keys)
        if seconds:
            await lived(app, clock, seconds)
            await pilot.press("g")
        screen = app.screen
        if isinstance(screen, Page):
            screen.tick()
        await pilot.pause()
        svg = app.export_screenshot(title="pbxtui", simplify=True)
    (FOLDER / f"{name}.svg").write_text(svg + "\n", encoding="utf-8")
    print(f"screenshots/{name}.svg")


async def main() -> None:
    for name, keys in SHOTS.items():
        await shoot(name, keys)


if __name__ == "__main__":
    os.environ |= {"TEXTUAL_ANIMATIONS": "none", "COLORTERM": "truecolor", "TERM": "xterm-256color"}
    os.environ.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        asyncio.run(main())
