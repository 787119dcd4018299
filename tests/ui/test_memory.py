"""What is kept from one run to the next: columns, order, sites, filters; and what is not read."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from pbxtui.model import Device, DeviceState, Lamp, LampState, Party
from pbxtui.ui.memory import Choice, Memory, SavedFilter, _kept
from tests.ui.seen import lines, shown, text
from tests.ui.stage import Stage, call, set_stage

OFFICE = (
    call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales"), age=30),
    call("c", site="branch", from_=Party("+4433", "Carla"), to=Party("201", "Shop"), age=60),
    Device("hq", "p1", DeviceState.REGISTERED, extension="401", name="Sales desk"),
    Lamp("hq", "401", LampState.IDLE, extension="401"),
)


def run_of(path: Path, sites: tuple[str, ...] = ("hq", "branch")) -> Stage:
    """A run of the program whose choices are kept in a file."""
    return set_stage(*(t for t in OFFICE if t.site in sites), sites=sites, state=lambda: path)


async def typed(pilot: Pilot[Any], line: str) -> None:
    await pilot.press("colon", *("space" if sign == " " else sign for sign in line), "enter")
    await pilot.pause()


async def test_what_is_chosen_is_there_again_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "screens.json"
    async with shown(run_of(path)) as pilot:
        await typed(pilot, "columns site since")
        await typed(pilot, "sort since down")
        await typed(pilot, "site branch")
        await typed(pilot, "filter carla")
        await typed(pilot, "save shop calls")
        await typed(pilot, "devices")
        await typed(pilot, "sort site down")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(json.loads(path.read_text())["views"]) == {"calls", "devices"}
    async with shown(stage := run_of(path)) as pilot:
        assert "via" not in lines(stage)[1]
        assert "since▼" in lines(stage)[1]
        assert "Carla" in text(stage)
        assert "Anna" not in text(stage)
        assert lines(stage)[-1] == "only branch, as last time; @ chooses"
        await typed(pilot, "site")
        assert "Anna" in text(stage)
        await typed(pilot, "load shop calls")
        await pilot.pause()
        assert "Anna" not in text(stage)
        await typed(pilot, "devices")
        assert "site▼" in lines(stage)[1]
        await pilot.pause()


async def test_the_order_of_the_lamps_is_that_of_their_table(tmp_path: Path) -> None:
    path = tmp_path / "screens.json"
    async with shown(run_of(path)) as pilot:
        await typed(pilot, "lamps")
        await pilot.press("v")
        await typed(pilot, "sort name down")
        await pilot.press("v")
        await pilot.pause()
    assert json.loads(path.read_text())["views"]["lamps"]["sort"] == "name"
    async with shown(stage := run_of(path)) as pilot:
        await typed(pilot, "lamps")
        assert "○ 401" in text(stage)
        await pilot.press("v")
        await pilot.pause()
        assert "name▼" in lines(stage)[1] + lines(stage)[2]


async def test_a_column_and_a_site_that_are_no_more_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "screens.json"
    views = {
        "calls": {"sort": "mood", "downwards": True, "hidden": ["via", "mood"], "sites": ["gone"]},
        "faxes": {"sort": "since", "downwards": False, "hidden": [], "sites": None},
        "devices": "not a choice",
    }
    path.write_text(json.dumps({"version": 1, "views": views, "filters": {}}))
    async with shown(stage := run_of(path)) as pilot:
        assert "via" not in lines(stage)[1]
        assert "#▲" in lines(stage)[1]
        assert "Anna" in text(stage)
        assert "Carla" in text(stage)
        await typed(pilot, "devices")
        assert "401" in text(stage)


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", '{"version": 2}', '{"version": "1"}', "\x00" * 300_000, "[" * 20_000]
)
async def test_a_broken_file_is_put_aside_and_said(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "screens.json"
    path.write_text(broken)
    async with shown(stage := run_of(path)) as pilot:
        assert "cannot be read; it is now screens.json.broken" in lines(stage)[-1]
        assert "Anna" in text(stage)
        await typed(pilot, "sort since")
    assert (tmp_path / "screens.json.broken").read_text() == broken
    assert json.loads(path.read_text())["views"]["calls"]["sort"] == "since"


async def test_a_folder_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    stage = run_of(tmp_path / "file" / "screens.json")
    async with shown(stage) as pilot:
        assert "screens.json cannot be read" in lines(stage)[-1]
        await typed(pilot, "sort since down")
        assert "since▼" in lines(stage)[1]
        stage.app._tick()
    assert "not kept" in stage.app.memory.trouble


async def test_nothing_is_written_where_nothing_is_to_be_kept(tmp_path: Path) -> None:
    stage = set_stage(*OFFICE, sites=("hq", "branch"))
    async with shown(stage) as pilot:
        await typed(pilot, "sort since down")
        await typed(pilot, "filter carla")
        await typed(pilot, "save mine")
    assert list(tmp_path.iterdir()) == []


def test_two_programs_keep_what_each_of_them_changed(tmp_path: Path) -> None:
    path = tmp_path / "screens.json"
    one, other = Memory(path), Memory(path)
    one.load()
    other.load()
    one.choose({"calls": Choice("since")})
    other.choose({"devices": Choice("site")})
    one.keep_filter("late", "held", "state:hold")
    other.keep_filter("shop", "calls", "carla")
    assert other.forget_filter("shop")
    third = Memory(path)
    third.load()
    assert third.choice("calls") == Choice("since")
    assert third.choice("devices") == Choice("site")
    assert third.filters == {"late": SavedFilter("held", "state:hold")}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["calls", "sort", "hidden", "sites", "view", "text", "x"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_whatever_stands_in_the_file_is_read_or_passed_over(views: object, filters: object) -> None:
    kept = _kept({"version": 1, "views": views, "filters": filters})
    for choice in kept.views.values():
        assert isinstance(choice.sort, str)
        assert all(isinstance(word, str) for word in (*choice.hidden, *(choice.sites or ())))
    for one in kept.filters.values():
        assert isinstance(one.view, str)
        assert isinstance(one.text, str)
