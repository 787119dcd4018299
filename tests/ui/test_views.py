"""Going from view to view: by key, by bracket, from a page, while things change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.binding import Binding
from textual.dom import DOMNode
from textual.pilot import Pilot

from pbxtui.model import Device, DeviceState, Key, LegState, Party, Queue
from pbxtui.ui.actions import ACTS, bindings, problems
from pbxtui.ui.app import PbxApp
from pbxtui.ui.screens import behind
from pbxtui.ui.screens.page import Page
from pbxtui.ui.screens.pages import PickPage, TablePage
from pbxtui.ui.screens.view import View
from pbxtui.ui.views import VIEWS, ViewSpec
from tests.ui.seen import lines, shown, text
from tests.ui.stage import Stage, call, set_stage

OFFICE = (
    call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales"), age=30),
    Device("hq", "p1", DeviceState.REGISTERED, extension="401", name="Sales desk"),
    Queue("hq", "q1", "Support", callers=()),
)


def names() -> list[str]:
    return [view.name for view in VIEWS]


def current(stage: Stage) -> str:
    return stage.app.current_mode


@pytest.mark.parametrize("spec", VIEWS, ids=names())
async def test_every_view_is_shown_by_its_key_and_named_in_the_header(spec: ViewSpec) -> None:
    async with shown(stage := set_stage(*OFFICE)) as pilot:
        await pilot.press(spec.key)
        await pilot.pause()
        assert current(stage) == spec.name
        assert spec.name in lines(stage)[0]
        assert isinstance(stage.app.screen, View)
        assert stage.app.screen is stage.app.views[spec.name]


async def test_brackets_go_round_the_views() -> None:
    async with shown(stage := set_stage(*OFFICE)) as pilot:
        seen = []
        for _ in VIEWS:
            seen.append(current(stage))
            await pilot.press("right_square_bracket")
        assert seen == names()
        assert current(stage) == names()[0]
        await pilot.press("left_square_bracket")
        assert current(stage) == names()[-1]


async def test_each_view_is_one_and_keeps_its_cursor_filter_and_order() -> None:
    phones = [
        Device("hq", f"p{n}", DeviceState.REGISTERED, extension=str(400 + n)) for n in range(9)
    ]
    async with shown(stage := set_stage(*OFFICE[:1], *phones)) as pilot:
        await pilot.press("2", "j", "j", "slash", *"40", "enter")
        devices = stage.app.views["devices"]
        at = devices.list.cursor
        await pilot.press("1", "2")
        assert stage.app.screen is devices
        assert devices.list.cursor == at == Key("hq", "p2")
        assert devices.filter_line is not None


async def test_a_page_is_closed_when_another_view_is_chosen() -> None:
    async with shown(stage := set_stage(*OFFICE)) as pilot:
        await pilot.press("d")
        assert "call #1 at hq" in lines(stage)[0]
        await pilot.press("2")
        assert stage.app.screen is stage.app.views["devices"]
        await pilot.press("1")
        assert stage.app.screen is stage.app.calls


async def test_keys_of_views_are_only_letters_in_the_filter() -> None:
    async with shown(stage := set_stage(*OFFICE)) as pilot:
        await pilot.press("slash", "2", "left_square_bracket")
        assert current(stage) == "calls"
        line = stage.app.calls.filter_line
        assert line is not None
        assert line.value == "2["


@pytest.mark.parametrize("most", [behind.MOST, 0], ids=["few changes", "more than are kept"])
async def test_what_changes_while_a_view_is_hidden_is_there_when_it_is_shown(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "MOST", most)
    async with shown(stage := set_stage(*OFFICE)) as pilot:
        await pilot.press("2")
        bent = call("b", LegState.RINGING, from_=Party("+4422", "Bent"))
        stage.give(*OFFICE[:1], bent)
        await stage.read()
        await pilot.pause()
        stage.give(replace(OFFICE[0], from_=Party("+4433", "Cora")), bent)
        await stage.read()
        await pilot.pause()
        calls = stage.app.calls
        assert len(calls.list.rows) == len(calls.table.things) == 1
        assert "2 calls" in lines(stage)[0]
        await pilot.press("1")
        await pilot.pause()
        assert "Bent" in text(stage)
        assert "Cora" in text(stage)
        assert "Anna" not in text(stage)


async def test_a_frozen_picture_holds_what_came_before_while_a_view_was_hidden() -> None:
    async with shown(stage := set_stage(*OFFICE)) as pilot:
        await pilot.press("2")
        bent = call("b", LegState.RINGING, from_=Party("+4422", "Bent"))
        stage.give(*OFFICE[:1], bent)
        await stage.read()
        await pilot.press("p")
        stage.give(*OFFICE[:1], bent, call("c", from_=Party("+4433", "Cora")))
        await stage.read()
        await pilot.press("1")
        await pilot.pause()
        assert "Bent" in text(stage)
        assert "Cora" not in text(stage)
        await pilot.press("p")
        await pilot.pause()
        assert "Cora" in text(stage)


async def test_a_hidden_view_is_laid_out_for_the_new_size_when_it_is_shown() -> None:
    async with shown(stage := set_stage(*OFFICE), size=(120, 30)) as pilot:
        await pilot.press("2")
        await pilot.resize_terminal(80, 24)
        await pilot.press("1")
        await pilot.pause()
        assert "total" not in lines(stage)[1]
        assert max(len(line) for line in lines(stage)) <= 80


@pytest.mark.parametrize("spec", VIEWS, ids=names())
async def test_quitting_asks_in_every_view(spec: ViewSpec) -> None:
    async with shown(stage := set_stage(*OFFICE)) as pilot:
        await pilot.press(spec.key, "q")
        assert "leave pbxtui?" in lines(stage)[-1]
        await pilot.press("escape")
        assert "leave pbxtui?" not in text(stage)
        assert current(stage) == spec.name
        await pilot.press("ctrl+q", "y")
        await pilot.pause()
    assert stage.app.return_code == 0


@pytest.mark.parametrize("spec", VIEWS, ids=names())
@pytest.mark.parametrize("width", [80, 120, 200])
async def test_the_header_is_one_line_and_the_footer_shows_the_way_to_others(
    spec: ViewSpec, width: int
) -> None:
    async with shown(stage := set_stage(*OFFICE), size=(width, 24)) as pilot:
        await pilot.press(spec.key)
        await pilot.pause()
        head, foot = lines(stage)[0], lines(stage)[-1]
        assert len(head) <= width
        assert head.endswith("12:00:00")
        if f"[{spec.key} {spec.name}]" in head:
            assert "1 calls" not in foot, "what the header names has no place in the footer"
            assert "@ site" in foot or len(stage.fleet.sites) < 2
        assert "? keys" in foot
        await pilot.press("question_mark")
        assert all(other.id in text(stage) for other in VIEWS)


async def test_every_site_has_its_age_on_a_narrow_screen() -> None:
    names = ("hq", "branch", "cloud", "lab", "depot")
    async with shown(stage := set_stage(*OFFICE, sites=names), size=(80, 24)):
        line = lines(stage)[-2]
        assert [line.count(f"{name} • 0.0 s") for name in names] == [1] * 5
    many = [f"site{n:02d}" for n in range(12)]
    async with shown(stage := set_stage(call("a", site="site00"), sites=many), size=(80, 24)):
        line = lines(stage)[-2]
        told = sum(name in line for name in many)
        assert line.endswith(f"+{12 - told} more")
        assert len(line) <= 80
    async with shown(stage := set_stage(*OFFICE, sites=names[:2]), size=(80, 24)):
        assert "hq stage • 0.0 s 0 ms" in lines(stage)[-2]


async def typed_at_once(pilot: Pilot[None], stage: Stage, *keys: str) -> None:
    """Keys that arrive together, as from a slow link, a paste or a fast hand."""
    for key in keys:
        stage.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await pilot.pause()
    await pilot.pause()


async def test_keys_that_come_at_once_act_one_after_another() -> None:
    phones = [
        Device("hq", f"p{n}", DeviceState.REGISTERED, extension=str(400 + n)) for n in range(9)
    ]
    async with shown(stage := set_stage(*OFFICE[:1], *phones)) as pilot:
        await typed_at_once(pilot, stage, "2", "j", "j", "d", "j")
        assert current(stage) == "devices"
        assert "phone 402 at hq" in lines(stage)[0]
        await typed_at_once(pilot, stage, "3", "2", "slash", *"dqx1[")
        line = stage.app.view.filter_line
        assert line is not None
        assert line.value == "dqx1["
        assert current(stage) == "devices"
        assert not stage.app.view.asking_to_quit
        assert stage.app.screen is stage.app.view


async def test_the_palette_shows_a_view() -> None:
    async with shown(stage := set_stage(*OFFICE)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"devices")
        await pilot.app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert current(stage) == "devices"


def test_every_view_loads_and_has_a_key_of_its_own() -> None:
    assert all(issubclass(view.load(), View) for view in VIEWS)
    assert len({view.key for view in VIEWS}) == len(VIEWS) == len({view.name for view in VIEWS})


def plain_keys() -> set[str]:
    """Every key that a terminal without extensions can send: characters, controls, CSI and SS3."""
    sent = [chr(code) for code in range(1, 127) if code != 27]
    sent += [f"\x1b[{letter}" for letter in "ABCDHF"] + [
        f"\x1bO{letter}" for letter in "ABCDHFPQRS"
    ]
    sent += [f"\x1b[{number}~" for number in (1, 2, 3, 4, 5, 6, *range(11, 16), *range(17, 25))]
    found = {"escape"}
    for sequence in sent:
        for message in XTermParser(debug=False).feed(sequence):
            if isinstance(message, events.Key):
                found.add(message.key)
    return found


def test_every_key_can_arrive_from_a_plain_terminal_and_no_two_overlap() -> None:
    assert problems({}) == []
    arriving = plain_keys()
    bound = {key for act in ACTS for key in act.keys}
    screens: tuple[type[DOMNode], ...] = (
        PbxApp,
        Page,
        PickPage,
        TablePage,
        *(view.load() for view in VIEWS),
    )
    for screen in screens:
        for binding in screen.BINDINGS:
            keys = binding.key if isinstance(binding, Binding) else binding[0]
            bound |= set(keys.split(","))
    assert bound - arriving == set()
    all_keys = [key for binding in bindings() for key in binding.key.split(",")]
    assert len(all_keys) == len(set(all_keys))
