"""What a person at the terminal sees of a stage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from tests.ui.stage import Stage


@asynccontextmanager
async def shown(stage: Stage, size: tuple[int, int] = (120, 30)) -> AsyncIterator[Pilot[None]]:
    """The app running, once every site was asked for all it has."""
    async with stage.app.run_test(size=size) as pilot:
        while stage.app.fleet is None:
            await pilot.pause()
        for name in stage.backends:
            while stage.backends[name].reads < len(stage.backends[name].topics):
                await pilot.pause()
        await pilot.pause()
        yield pilot


def lines(stage: Stage) -> list[str]:
    """What the screen shows, line by line."""
    screen = stage.app.screen
    height = screen.size.height
    strips = screen._compositor.render_strips(screen.size)
    return ["".join(s.text for s in strips[y]).rstrip() for y in range(min(height, len(strips)))]


def text(stage: Stage) -> str:
    return "\n".join(lines(stage))
