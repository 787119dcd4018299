"""Which phones are shown, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import Key, Party
from pbxtui.ui.devicetable import DeviceTable
from tests.ui.phones import (
    ALL,
    CALL,
    DEAD,
    DESK,
    FAR,
    GONE,
    LOST,
    REG,
    UNKNOWN,
    filtered,
    line,
    office,
    order,
    read,
    table,
    view,
)
from tests.ui.seen import lines, shown, text
from tests.ui.stage import NOON, call


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("state:off", ["Till"]),
        ("state:reg", ["Sales", "Stock", "38-99-62"]),
        ("state:slow", ["Stock"]),
        ("state:lost", ["Gate"]),
        ("!state:reg", ["Till", "Gate"]),
        ("ext:40", ["Sales", "Stock", "Till"]),
        ("ua:snom", ["Till"]),
        ("model:t46s", ["Sales", "Stock", "Gate"]),
        ("site:branch", ["38-99-62"]),
        ("ip:10.0.0", ["Sales", "Stock", "Till", "Gate"]),
        ("now:talk", ["Sales"]),
        ("now:free", ["Stock"]),
        ("stock", ["Stock"]),
    ],
)
async def test_what_a_filter_finds(typed: str, found: list[str]) -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2")
        await filtered(stage, pilot, typed)
        assert order(stage) == found


async def test_a_filter_on_what_phones_do_follows_the_calls() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2")
        await filtered(stage, pilot, "now:talking")
        assert order(stage) == ["Sales"]
        stage.give(CALL, call("b", to=Party("402", "Stock")))
        await stage.read()
        await pilot.pause()
        assert order(stage) == ["Sales", "Stock"]
        await stage.read()
        stage.give()
        await stage.read()
        await stage.read()
        await pilot.pause()
        assert "none of 5 phones matches" in text(stage)


@pytest.mark.parametrize(
    ("key", "first"),
    [
        ("ext", "Sales"),
        ("site", "38-99-62"),
        ("name", "38-99-62"),
        ("state", "Gate"),
        ("now", "Sales"),
        ("address", "Till"),
        ("rtt", "Stock"),
        ("model", "Till"),
        ("since", "Till"),
    ],
)
async def test_sorting(key: str, first: str) -> None:
    things = (*ALL[:2], replace(GONE, address="9.0.0.1", since=NOON - 3), *ALL[3:])
    async with shown(stage := office(*things)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        for _ in DeviceTable.fields:
            if table(stage).sort == key:
                break
            await pilot.press("greater_than_sign")
        assert table(stage).sort == key
        assert "▲" in lines(stage)[1]
        assert order(stage)[0] == first
        assert len(order(stage)) == 5


async def test_extensions_are_ordered_as_numbers_and_models_stand_together() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert order(stage) == ["Sales", "Stock", "Till", "Gate", "38-99-62"]
        while table(stage).sort != "model":
            await pilot.press("greater_than_sign")
        assert order(stage) == ["Till", "Sales", "Stock", "Gate", "38-99-62"]
        assert "model▲" in lines(stage)[1]


async def test_who_changed_last_is_on_top_when_asked() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2", "less_than_sign")
        assert table(stage).sort == "changed"
        assert "changed▲" in lines(stage)[1]
        stage.clock.now += 5
        back = replace(GONE, state=REG)
        await read(stage, pilot, DESK, FAR, back, DEAD)
        stage.clock.now += 30
        lost = replace(FAR, state=LOST)
        await read(stage, pilot, DESK, lost, back, DEAD)
        assert order(stage) == ["Stock", "Till", "38-99-62", "Sales", "Gate"]
        assert line(stage, "Till").endswith("0:30")
        stage.clock.now += 60
        view(stage).tick()
        await pilot.pause()
        assert line(stage, "Stock").endswith("1:00")


async def test_what_changed_is_seen_on_top_while_the_cursor_keeps_its_phone() -> None:
    many = [replace(DESK, id=f"m{n}", extension=str(600 + n), name=f"m{n:02d}") for n in range(60)]
    async with shown(stage := office(*many), size=(100, 20)) as pilot:
        await pilot.press("2", "less_than_sign")
        stage.clock.now += 5
        await read(stage, pilot, *many[:-1], replace(many[-1], state=LOST))
        assert "m59" in lines(stage)[2]
        assert view(stage).list.cursor == Key("hq", "m0")
        assert "m00" in lines(stage)[3]
        await pilot.press("G")
        top = view(stage).list.top
        stage.clock.now += 5
        await read(stage, pilot, replace(many[0], state=LOST), *many[1:])
        assert view(stage).list.top == top, "elsewhere the picture stays"


async def test_a_change_is_noted_also_while_frozen_and_while_hidden() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2", "p", "1")
        lost = replace(FAR, state=LOST)
        stage.clock.now += 5
        await read(stage, pilot, DESK, lost, GONE, DEAD)
        stage.clock.now += 60
        await pilot.press("2")
        await pilot.pause()
        assert "◔ slow" in line(stage, "Stock")
        await pilot.press("p", "less_than_sign")
        assert order(stage)[0] == "Stock"
        assert line(stage, "Stock").endswith("1:00")


async def test_the_column_that_sorts_is_shown_on_a_narrow_screen() -> None:
    async with shown(stage := office(*ALL), size=(80, 24)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "changed" not in lines(stage)[1]
        for name in ("ext", "name", "state", "now", "since"):
            assert name in lines(stage)[1]
        await pilot.press("less_than_sign")
        assert "changed▲" in lines(stage)[1]
        assert max(len(one) for one in lines(stage)) <= 80


async def test_the_cursor_stays_on_its_phone_when_the_order_changes() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2", "j", "less_than_sign")
        assert view(stage).list.cursor == Key("hq", "d402")
        stage.clock.now += 5
        await read(stage, pilot, DESK, FAR, replace(GONE, state=UNKNOWN), DEAD)
        assert order(stage)[0] == "Till"
        assert view(stage).list.cursor == Key("hq", "d402")
