"""Pictures of the boxes, compared with the ones that were looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from pbxtui.model import Verb
from pbxtui.service.acting import Chosen
from tests.ui.boxed import AGENT, DAY, TALK, house, push, recents
from tests.ui.pictures import NARROW, WIDE, Compare, pictures
from tests.ui.stage import Stage

pytestmark = [pictures, pytest.mark.usefixtures("still")]

LEG = Chosen(TALK, "call1-b")
BOXES: dict[str, tuple[Verb, Chosen | None, str, tuple[str, ...]]] = {
    "transfer": (Verb.TRANSFER, LEG, "4", ("down", "down")),
    "name": (Verb.TRANSFER, LEG, "work", ("down",)),
    "last": (Verb.TRANSFER, LEG, "", ()),
    "none": (Verb.TRANSFER, LEG, "zach", ()),
    "dial": (Verb.DIAL, None, "w", ()),
    "phone": (Verb.DIAL, None, "305", ("enter",)),
    "tones": (Verb.DTMF, LEG, "12*#", ()),
    "pause": (Verb.PAUSE, Chosen(AGENT), "", ("down",)),
    "login": (Verb.LOGIN, Chosen(AGENT), "", ()),
    "flow": (Verb.FLOW, Chosen(DAY), "night", ()),
    "monitor": (Verb.MONITOR, LEG, "", ("down",)),
}


def shown(name: str, stage: Stage) -> Callable[[Pilot[Any]], Awaitable[None]]:
    verb, row, text, keys = BOXES[name]

    async def before(pilot: Pilot[Any]) -> None:
        asks = await push(stage, pilot, verb, row, kept=recents())
        await asks.type(text)
        await asks.press(*keys)

    return before


@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("name", BOXES)
def test_at_80_by_24(snap_compare: Compare, name: str, ascii: bool) -> None:
    stage = house(ascii=ascii)
    assert snap_compare(stage.app, terminal_size=NARROW, run_before=shown(name, stage))


@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("name", ["transfer", "dial"])
def test_wide(snap_compare: Compare, name: str, ascii: bool) -> None:
    stage = house(ascii=ascii, own="447")
    assert snap_compare(stage.app, terminal_size=WIDE, run_before=shown(name, stage))
