"""Whatever is typed, on whatever screen, the program stays up and its journal tells the truth."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, get_args

import pytest
from textual.keys import _character_to_key
from textual.pilot import Pilot

from pbxtui.backends.base import BackendError
from pbxtui.config import Config
from pbxtui.config.said import Profile
from pbxtui.service.acting import entries
from pbxtui.ui.actions import ACTS, TOUCHES
from pbxtui.ui.app import PbxApp
from tests.ui.demo import demo_app, settled
from tests.ui.stage import Clock

STEPS = 60
SIZES = ((80, 24), (200, 60), (40, 10), (30, 8), (120, 36))
KEYS = tuple(key for act in ACTS for key in act.keys if key not in ("q", "escape"))
OTHERS = ("escape", "escape", "enter", "tab", "backspace", "y", "y", "ctrl+t", "ctrl+n", "x")
TYPED = ("305", "wo", "yy", "lunch", "é漢", "[red]", "2", "state:ring", "hold", "transfer 305")
LINES = ("site hq", "sort since", "goto 3", "view lamps", "columns site since", "details", "lock")


def keys_of(dice: random.Random) -> Sequence[str]:
    """A key, one that touches with an answer, or a text with Enter behind it or not."""
    chance = dice.random()
    if chance < 0.4:
        act = dice.choice([act for act in TOUCHES if act.keys])
        view = dice.choice(("calls", "calls", "queues", "devices", "lamps", "held"))
        return [
            "escape",
            *map(_character_to_key, f":view {view}"),
            "enter",
            "j",
            act.keys[0],
            *dice.choice((["y"], [*"305", "enter"], ["enter"], ["n"])),
        ]
    if chance < 0.8:
        return [dice.choice((*KEYS, *OTHERS))]
    text = dice.choice(TYPED)
    if dice.random() < 0.3:
        text = f":{dice.choice(LINES)}"
    end = ["enter"] if dice.random() < 0.7 else []
    return [*map(_character_to_key, text), *end]


async def lives_on(app: PbxApp, clock: Clock, dice: random.Random) -> None:
    """Time goes by, and one topic of each PBX is read."""
    clock.now += dice.choice((1.0, 5.0, 30.0))
    assert app.fleet is not None
    for site in app.fleet.sites:
        assert site.backend is not None
        try:
            await site.read(dice.choice(sorted(site.backend.topics)))
        except BackendError as error:
            pytest.fail(f"the demo could not be read: {error}")
    app._tick()


async def typed(pilot: Pilot[Any], app: PbxApp, clock: Clock, dice: random.Random) -> None:
    for _ in range(STEPS):
        chance = dice.random()
        if chance < 0.04:
            await pilot.resize_terminal(*dice.choice(SIZES))
        elif chance < 0.15:
            await lives_on(app, clock, dice)
        else:
            await pilot.press(*keys_of(dice))
        await pilot.pause()


@pytest.mark.parametrize("profile", get_args(Profile))
@pytest.mark.parametrize("seed", [1, 2])
async def test_any_keys_on_any_screen(seed: int, profile: Profile) -> None:
    dice, clock = random.Random(f"{seed} {profile}"), Clock()
    config = Config(profile=profile, grace=0.0)
    app = demo_app(seed=seed, calls=24, clock=clock, ascii=seed == 2, config=config)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        while app.hand.dispatcher is None:
            await pilot.pause()
        if profile == "noc":
            await pilot.press("L")
        await typed(pilot, app, clock, dice)
        for _ in range(4):
            await pilot.press("escape")
        assert app.screen is app.view
        assert app.is_running
        folder = app.hand.dispatcher.journal.folder
    written = entries(folder)
    assert written, "something was done"
    assert not [one for one in written if one.unfinished]
    assert len({one.id for one in written}) == len(written)
