"""Over any sequence of keys and readings the grid shows what it would if painted anew."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pbxtui.model import Flow, Key, Lamp, LampState
from pbxtui.ui.widgets.lampgrid import LampGrid
from tests.ui.lampset import flow, lamp, lamps_stage, relit
from tests.ui.seen import shown
from tests.ui.stage import Stage

KEYS = ("j", "k", "l", "h", "G", "g", "pagedown", "pageup", "n", "N", "space", "v", "p")
STATES = list(LampState)


def next_things(dice: random.Random, now: list[Lamp | Flow]) -> list[Lamp | Flow]:
    """Some go, some change, some come."""
    stay = [one for one in now if dice.random() > 0.03]
    stay = [replace(one, state=dice.choice(STATES)) if dice.random() < 0.2 else one for one in stay]
    new = [lamp(str(dice.randrange(200, 700))) for _ in range(dice.randrange(4))]
    return list({one.id: one for one in [*stay, *new]}.values())


def cells(stage: Stage) -> list[list[tuple[str, str]]]:
    """Each run of the screen with its style, but for the footer, whose flashes come and go."""
    screen = stage.app.screen
    strips = screen._compositor.render_strips(screen.size)[:-1]
    return [[(s.text, str(s.style)) for s in strip.simplify()] for strip in strips]


@pytest.mark.parametrize("seed", range(6))
async def test_partial_painting_is_full_painting(seed: int) -> None:
    dice = random.Random(seed)
    count, name = dice.choice([20, 150, 400]), dice.choice(["", "Siân Gray", "金民俊"])
    now: list[Lamp | Flow] = [lamp(str(200 + n), name=name) for n in range(count)]
    now += [flow(str(7101 + n), f"Flow {n}", "open") for n in range(dice.randrange(4))]
    stage = lamps_stage(*now)
    async with shown(stage, size=dice.choice([(80, 20), (120, 30), (170, 24)])) as pilot:
        await pilot.press("4")
        view = stage.app.view
        for _ in range(30):
            for _ in range(dice.randrange(4)):
                await pilot.press(dice.choice(KEYS))
            was = view.list.cursor
            now = next_things(dice, now)
            await relit(stage, pilot, *now)
            if isinstance(was, Key) and view.frozen is None:
                assert view.list.cursor == (was if was in view.list.rows else None)
            before = cells(stage)
            shows = view.list
            if isinstance(shows, LampGrid):
                shows.rearrange()
                await pilot.pause()
                assert cells(stage) == before
