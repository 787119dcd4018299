"""Pictures of the lamps, held and log screens, compared with the ones that were looked at."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from pbxtui.model import Key
from tests.ui.lampset import lamps_stage
from tests.ui.pictures import NARROW, WIDE, Compare, pictures
from tests.ui.reception import lived, reception
from tests.ui.stage import Stage

pytestmark = [pictures, pytest.mark.usefixtures("still")]


async def lamps(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("4")
    stage.app.view.list.choose(Key("hq", "447@x"))


async def table(stage: Stage, pilot: Pilot[Any]) -> None:
    await lamps(stage, pilot)
    await pilot.press("v")


async def flows(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("4", "G")


async def lamp(stage: Stage, pilot: Pilot[Any]) -> None:
    await lamps(stage, pilot)
    await pilot.press("d")


async def held(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("5", "j")


async def fate(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("5", "g", "d")


async def log(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("6")


async def failed(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("6", "slash", *"state:failed", "enter")


async def exchange(stage: Stage, pilot: Pilot[Any]) -> None:
    await failed(stage, pilot)
    await pilot.press("d")


SCREENS = {
    one.__name__: one for one in (lamps, table, flows, lamp, held, fate, log, failed, exchange)
}


def compared(compare: Compare, name: str, size: tuple[int, int], *, ascii: bool = False) -> bool:
    stage = reception(ascii=ascii)

    async def before(pilot: Pilot[Any]) -> None:
        while any(one.reads < len(one.topics) for one in stage.backends.values()):
            await pilot.pause()
        await lived(stage, pilot)
        await SCREENS[name](stage, pilot)
        await pilot.pause()
        stage.app._tick()
        await pilot.pause()

    return compare(stage.app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("name", SCREENS)
def test_at_80_by_24(snap_compare: Compare, name: str, ascii: bool) -> None:
    assert compared(snap_compare, name, NARROW, ascii=ascii)


@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("name", ["lamps", "held", "log"])
def test_at_200_by_60(snap_compare: Compare, name: str, ascii: bool) -> None:
    assert compared(snap_compare, name, WIDE, ascii=ascii)


@pytest.mark.parametrize("env", [{"TERM": "xterm", "COLORTERM": ""}, {"NO_COLOR": "1"}])
@pytest.mark.parametrize("name", ["lamps", "held"])
def test_few_colours_and_none(
    snap_compare: Compare, name: str, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in env.items():
        monkeypatch.setenv(key, value)
    assert compared(snap_compare, name, (100, 30))


def test_no_lamps_anywhere(snap_compare: Compare) -> None:
    stage = lamps_stage(sites=("hq", "cloud"), without=("hq", "cloud"))

    async def before(pilot: Pilot[Any]) -> None:
        while any(not one.reads for one in stage.backends.values()):
            await pilot.pause()
        await pilot.press("4")
        stage.app._tick()
        await pilot.pause()

    assert snap_compare(stage.app, terminal_size=NARROW, run_before=before)
