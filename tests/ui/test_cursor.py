"""Over any sequence of readings and keys the cursor is where the person left it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pbxtui.model import Call, Key, LegState
from pbxtui.ui.screens.pages import TablePage
from pbxtui.ui.table import Child
from tests.ui.stage import call, set_stage

MOVES = ("j", "k", "j", "pagedown", "pageup", "g", "G", "l", "h", "n", "N", "z", "space")
STATES = [state for state in LegState if state is not LegState.LOST]


def next_calls(dice: random.Random, now: list[Call], made: int) -> list[Call]:
    """Some end, some change, some arrive."""
    stay = [one for one in now if dice.random() > 0.08]
    stay = [replace(one, state=dice.choice(STATES)) if dice.random() < 0.2 else one for one in stay]
    new = [call(f"n{made}-{n}", dice.choice(STATES)) for n in range(dice.randrange(6))]
    return [*stay, *new]


@pytest.mark.parametrize("seed", range(8))
async def test_the_cursor_moves_only_by_keys(seed: int) -> None:
    dice = random.Random(seed)
    now = [call(f"c{n}", dice.choice(STATES)) for n in range(dice.randrange(1, 60))]
    stage = set_stage(*now)
    async with stage.app.run_test(size=(90, 16)) as pilot:
        shown = stage.app.calls.list
        while not shown.rows:
            await pilot.pause()
        for step in range(40):
            for _ in range(dice.randrange(3)):
                await pilot.press(dice.choice(MOVES))
            was, line = shown.cursor, shown.at - shown.top
            now = next_calls(dice, now, step)
            stage.clock.now += dice.choice([0.5, 2, 6])
            stage.give(*now)
            await stage.read()
            await pilot.pause()
            if was is None:
                assert shown.cursor is None or not shown.rows
                continue
            if was in shown.rows:
                assert shown.cursor == was
                assert shown.rows[shown.at] == was
                least = max(0, min(shown.at - line, len(shown.rows) - shown.page))
                assert shown.top == least, "the row left its line without need"
            else:
                assert shown.cursor is None
            if shown.cursor is not None and dice.random() < 0.3:
                await pilot.press("d")
                page = stage.app.screen
                assert isinstance(page, TablePage)
                key = shown.cursor
                assert isinstance(key, Key | Child)
                ids = {page._rows[0][1]}
                assert (key.child if isinstance(key, Child) else key.id) in ids
                await pilot.press("escape")
