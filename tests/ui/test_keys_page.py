"""The table of keys: every text is there whole, however narrow the screen."""

from __future__ import annotations

import pytest

from pbxtui.ui.actions import ACTS
from pbxtui.ui.spell import fold
from tests.ui.seen import lines, shown
from tests.ui.stage import Stage, set_stage

MIDDLE = slice(14, 59)
"""The columns of what a key does, at eighty."""


def told(stage: Stage) -> str:
    """What the middle column says from its first row to its last."""
    return " ".join(" ".join(line[MIDDLE] for line in lines(stage)[2:-1]).split())


@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
async def test_a_long_text_goes_on_in_the_next_line(ascii: bool) -> None:
    async with shown(stage := set_stage(ascii=ascii), size=(80, 120)) as pilot:
        await pilot.press("question_mark")
        found = told(stage)
        for act in ACTS:
            assert (fold(act.help) if ascii else act.help) in found
            assert sum(act.id in line.split() for line in lines(stage)[2:-1]) == 1


async def test_a_wider_screen_needs_fewer_lines_and_a_narrower_one_more() -> None:
    def drawn() -> int:
        return sum(bool(line.strip("│┃ ")) for line in lines(stage))

    async with shown(stage := set_stage(), size=(80, 120)) as pilot:
        await pilot.press("question_mark")
        at_first = drawn()
        await pilot.resize_terminal(200, 120)
        await pilot.pause()
        assert drawn() == len(ACTS) + len(("title", "head", "footer"))
        await pilot.resize_terminal(80, 120)
        await pilot.pause()
        assert drawn() == at_first > len(ACTS) + 3


async def test_the_whole_text_is_copied_from_any_of_its_lines() -> None:
    async with shown(stage := set_stage(), size=(80, 120)) as pilot:
        await pilot.press("question_mark")
        row = next(n for n, line in enumerate(lines(stage)) if "view.held" in line)
        await pilot.press(*["j"] * (row - 1), "c")
        act = next(act for act in ACTS if act.id == "view.held")
        assert stage.app.clipboard == f"5  {act.help}  {act.id}"
