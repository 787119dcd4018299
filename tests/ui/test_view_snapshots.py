"""Pictures of the devices and queues screens, compared with the ones that were looked at."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.office import QUEUE, a_phone_goes, office
from tests.ui.pictures import NARROW, WIDE, Compare, pictures
from tests.ui.stage import Stage

pytestmark = [pictures, pytest.mark.usefixtures("still")]

SIZES = {"narrow": NARROW, "wide": WIDE}


async def settled(stage: Stage, pilot: Pilot[Any]) -> None:
    """Wait until everything was read once."""
    while any(one.reads < len(one.topics) for one in stage.backends.values()):
        await pilot.pause()
    await pilot.pause()


async def devices(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("2", "j", "j")


async def changed(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("2", "less_than_sign")
    await a_phone_goes(stage)


async def phone(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("2", "G")
    stage.app.view.list.choose(stage.app.view.list.rows[12])
    await pilot.press("d")


async def off(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("2", "slash", *"state:off")


async def queues(stage: Stage, pilot: Pilot[Any]) -> None:
    await pilot.press("3", "G")
    stage.app.view.list.choose(QUEUE)
    await pilot.press("l", "j")


async def queue(stage: Stage, pilot: Pilot[Any]) -> None:
    await queues(stage, pilot)
    await pilot.press("k", "d")


SCREENS = {one.__name__: one for one in (devices, changed, phone, off, queues, queue)}


def compared(
    compare: Compare, name: str, size: tuple[int, int], *, ascii: bool = False, theme: str = "dark"
) -> bool:
    stage = office(ascii=ascii, theme=theme)

    async def before(pilot: Pilot[Any]) -> None:
        await settled(stage, pilot)
        await SCREENS[name](stage, pilot)
        await pilot.pause()
        stage.app._tick()
        await pilot.pause()

    return compare(stage.app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("name", SCREENS)
def test_at_80_by_24(snap_compare: Compare, name: str, ascii: bool) -> None:
    assert compared(snap_compare, name, SIZES["narrow"], ascii=ascii)


@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("name", ["devices", "queues"])
def test_wide(snap_compare: Compare, name: str, ascii: bool) -> None:
    assert compared(snap_compare, name, SIZES["wide"], ascii=ascii)


@pytest.mark.parametrize("theme", ["light", "safe"])
@pytest.mark.parametrize("name", ["devices", "queues"])
def test_themes(snap_compare: Compare, name: str, theme: str) -> None:
    assert compared(snap_compare, name, (120, 36), theme=theme)


@pytest.mark.parametrize("env", [{"TERM": "xterm", "COLORTERM": ""}, {"NO_COLOR": "1"}])
@pytest.mark.parametrize("name", ["devices", "queues"])
def test_few_colours_and_none(
    snap_compare: Compare, name: str, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in env.items():
        monkeypatch.setenv(variable, value)
    assert compared(snap_compare, name, (100, 30))
