"""Pictures of every screen, compared with the ones that were looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from pbxtui.backends.base import Refused
from pbxtui.model import LegState, Party
from tests.ui.demo import demo_app, settled
from tests.ui.pictures import NARROW, WIDE, Compare, pictures
from tests.ui.stage import Stage, call, set_stage

pytestmark = [pictures, pytest.mark.usefixtures("still")]

Before = Callable[[Pilot[Any]], Awaitable[None]]


def after(*keys: str) -> Before:
    """Once the calls are there, press these keys."""

    async def before(pilot: Pilot[Any]) -> None:
        app = await settled(pilot)
        for key in keys:
            await pilot.press(key)
        app.calls.tick()
        await pilot.pause()

    return before


SCREENS: dict[str, tuple[str, ...]] = {
    "calls": ("j", "l", "j", "j"),
    "details": ("d",),
    "raw": ("y",),
    "keys": ("question_mark",),
    "columns": ("t",),
    "sites": ("at",),
    "filter": ("slash", *"state:talk"),
    "frozen": ("p",),
    "quit": ("q",),
}


@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("name", SCREENS)
def test_at_80_by_24(snap_compare: Compare, name: str, ascii: bool) -> None:
    assert snap_compare(
        demo_app(ascii=ascii), terminal_size=NARROW, run_before=after(*SCREENS[name])
    )


@pytest.mark.parametrize("name", ["calls", "details", "keys"])
def test_wide(snap_compare: Compare, name: str) -> None:
    assert snap_compare(demo_app(), terminal_size=WIDE, run_before=after(*SCREENS[name]))


def test_wide_in_ascii(snap_compare: Compare) -> None:
    assert snap_compare(
        demo_app(ascii=True), terminal_size=WIDE, run_before=after(*SCREENS["calls"])
    )


@pytest.mark.parametrize("theme", ["light", "safe"])
def test_themes(snap_compare: Compare, theme: str) -> None:
    assert snap_compare(
        demo_app(theme=theme), terminal_size=(120, 36), run_before=after(*SCREENS["calls"])
    )


@pytest.mark.parametrize("env", [{"TERM": "xterm", "COLORTERM": ""}, {"NO_COLOR": "1"}])
def test_few_colours_and_none(
    snap_compare: Compare, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert snap_compare(demo_app(), terminal_size=(100, 30), run_before=after(*SCREENS["calls"]))


def every_state() -> Stage:
    states = [*LegState]
    calls = [
        call(f"s{n}", state, from_=Party(f"+44{n}", f"in {state}"), age=20 * n, site="branch")
        for n, state in enumerate(states)
    ]
    calls += [replace(one, site="hq") for one in calls[2:4]]
    return set_stage(*calls, sites=("hq", "branch"))


def in_trouble(pilot_stage: Stage) -> Before:
    async def before(pilot: Pilot[Any]) -> None:
        while not pilot_stage.app.calls.list.rows:
            await pilot.pause()
        pilot_stage.backends["hq"].error = Refused(
            "nothing listens at pbx.example.net:443", "is the PBX running?"
        )
        with pytest.raises(Refused):
            await pilot_stage.read("hq")
        pilot_stage.clock.now += 3600 * 4
        await pilot_stage.read("branch")
        pilot_stage.app.calls.tick()
        await pilot.pause()

    return before


@pytest.mark.parametrize("size", [NARROW, (120, 30)], ids=["narrow", "wide"])
def test_every_state_at_a_site_in_trouble(snap_compare: Compare, size: tuple[int, int]) -> None:
    stage = every_state()
    assert snap_compare(stage.app, terminal_size=size, run_before=in_trouble(stage))


def test_no_calls(snap_compare: Compare) -> None:
    stage = set_stage()

    async def before(pilot: Pilot[Any]) -> None:
        while not stage.backends["hq"].reads:
            await pilot.pause()
        await pilot.pause()
        stage.app.calls.tick()
        await pilot.pause()

    assert snap_compare(stage.app, terminal_size=NARROW, run_before=before)
