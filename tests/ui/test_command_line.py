"""Typing commands on the views: what they do, what is offered, how the line is left."""

from __future__ import annotations

from typing import Any, cast

import pytest
from textual.pilot import Pilot

from pbxtui.model import Device, DeviceState, Lamp, LampState, LegState, Party, Queue
from pbxtui.ui.actions import BY_ID, Act, Group
from pbxtui.ui.commands import COMMANDS, Command, Takes
from pbxtui.ui.screens.calls import CallsScreen
from pbxtui.ui.views import VIEWS
from tests.ui.acting import acting_stage, at_work
from tests.ui.seen import lines, shown, text
from tests.ui.stage import Stage, call, set_stage

OFFICE = (
    call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales"), age=30),
    call("b", LegState.HELD, from_=Party("+4422", "Bent"), to=Party("402", "Stock"), age=90),
    call("c", site="branch", from_=Party("+4433", "Carla"), to=Party("201", "Shop"), age=60),
    Device("hq", "p1", DeviceState.REGISTERED, extension="401", name="Sales desk"),
    Queue("hq", "q1", "Support", callers=()),
    Lamp("hq", "401", LampState.IDLE, extension="401"),
)


def office() -> Stage:
    return set_stage(*OFFICE, sites=("hq", "branch"))


def callers(stage: Stage) -> list[str]:
    """Who calls, from the top of the screen down."""
    return [name for line in lines(stage) for name in ("Anna", "Bent", "Carla") if name in line]


async def typed(pilot: Pilot[Any], line: str, *after: str) -> None:
    """Open the line, type, and press what follows: Enter where nothing is named."""
    await pilot.press("colon")
    await pilot.press(*("space" if sign == " " else sign for sign in line))
    await pilot.press(*(after or ("enter",)))
    await pilot.pause()


@pytest.mark.parametrize("spec", VIEWS, ids=lambda spec: spec.name)
async def test_every_view_takes_commands_and_is_shown_by_one(spec: Any) -> None:
    async with shown(stage := office()) as pilot:
        await typed(pilot, spec.name)
        assert stage.app.current_mode == spec.name
        await typed(pilot, "view calls")
        assert stage.app.current_mode == "calls"


async def test_keys_do_not_act_while_a_command_is_typed() -> None:
    async with shown(stage := office()) as pilot:
        await typed(pilot, "2qpx", "f1")
        line = stage.app.view.command_line
        assert line is not None
        assert line.field.value == "2qpx"
        assert stage.app.current_mode == "calls"
        assert not stage.app.view.asking_to_quit
        assert stage.app.screen is stage.app.view
        await pilot.press("escape")
        assert stage.app.view.command_line is None
        await pilot.press("2")
        assert stage.app.current_mode == "devices"


async def test_f_keys_do_not_act_while_a_filter_is_typed() -> None:
    async with shown(stage := office()) as pilot:
        await pilot.press("slash", "f1")
        assert stage.app.screen is stage.app.view
        await pilot.press("enter", "f1")
        assert stage.app.screen is not stage.app.view


async def test_tab_goes_round_what_is_offered_and_arguments_are_too() -> None:
    async with shown(stage := office()) as pilot:
        await typed(pilot, "s", "tab")
        first = lines(stage)[-2]
        assert first.startswith(":s")
        assert f"[{first[1:]}]" in lines(stage)[-1]
        await pilot.press("tab")
        await pilot.pause()
        assert lines(stage)[-2] != first
        await pilot.press("shift+tab")
        await pilot.pause()
        assert lines(stage)[-2] == first
        await pilot.press("escape")
        await typed(pilot, "site ", "tab")
        assert "[hq]  branch" in lines(stage)[-1]
        await pilot.press("enter")
        await pilot.pause()
        assert "Anna" in text(stage)
        assert "Carla" not in text(stage)


async def test_sites_are_chosen_by_name_and_none_means_all() -> None:
    async with shown(stage := office()) as pilot:
        await typed(pilot, "site BRANCH")
        assert "Carla" in text(stage)
        assert "Anna" not in text(stage)
        assert "only branch" in lines(stage)[-1]
        await typed(pilot, "site")
        assert "Anna" in text(stage)
        await typed(pilot, "site brunch")
        assert lines(stage)[-1] == 'there is no site "brunch"; did you mean "branch"?'


async def test_order_and_columns_are_chosen_by_title() -> None:
    async with shown(stage := office()) as pilot:
        await typed(pilot, "sort from down")
        assert callers(stage) == ["Carla", "Bent", "Anna"]
        await typed(pilot, "sort from")
        assert callers(stage) == ["Anna", "Bent", "Carla"]
        assert "via" in lines(stage)[1]
        await typed(pilot, "columns site since")
        assert "via" not in lines(stage)[1]
        assert "since" in lines(stage)[1]
        await typed(pilot, "sort form")
        assert lines(stage)[-1] == 'there is no column "form"; did you mean "from"?'


async def test_the_grid_of_lamps_has_no_order_to_choose_and_says_so() -> None:
    async with shown(stage := office()) as pilot:
        await typed(pilot, "lamps")
        await typed(pilot, "sort state")
        assert "v turns it into a table" in lines(stage)[-1]
        await typed(pilot, "table")
        await typed(pilot, "sort state down")
        assert "there is no" not in lines(stage)[-1]


async def test_a_filter_is_kept_under_a_name_and_brought_back() -> None:
    async with shown(stage := office()) as pilot:
        await typed(pilot, "save late")
        assert "once there is a filter" in lines(stage)[-1]
        await typed(pilot, "filter state:hold")
        assert "Bent" in text(stage)
        assert "Anna" not in text(stage)
        await typed(pilot, "save late")
        await pilot.press("escape")
        await pilot.pause()
        assert "Anna" in text(stage)
        await typed(pilot, "devices")
        await typed(pilot, "load la", "tab", "enter")
        assert stage.app.current_mode == "calls"
        await pilot.pause()
        assert "Bent" in text(stage)
        assert "Anna" not in text(stage)
        await typed(pilot, "forget late")
        await typed(pilot, "load late")
        assert 'there is no saved filter "late"' in lines(stage)[-1]


async def test_a_call_is_gone_to_by_its_number() -> None:
    async with shown(stage := office()) as pilot:
        number = next(
            line.split()[1] for line in lines(stage) if "Carla" in line and line[0] in "▸▾"
        )
        await typed(pilot, "devices")
        await typed(pilot, f"goto {number}")
        await pilot.pause()
        assert stage.app.current_mode == "calls"
        row = stage.app.calls.list.cursor
        assert row is not None
        assert stage.app.calls.table.thing_of(row) is not None
        assert stage.app.calls.table.thing_of(row).id == "c"  # type: ignore[union-attr]
        await typed(pilot, "99")
        assert lines(stage)[-1] == "there is no call #99 now"


async def test_the_arrows_bring_older_commands_back() -> None:
    async with shown(stage := office()) as pilot:
        await typed(pilot, "devices")
        await typed(pilot, "nonsense")
        assert "there is no command" in lines(stage)[-1]
        await typed(pilot, "", "up", "up", "enter")
        assert stage.app.current_mode == "devices"


async def test_a_theme_is_put_on_at_once() -> None:
    async with shown(stage := set_stage(*OFFICE, sites=("hq", "branch"))) as pilot:
        before = stage.app.looks.palette
        await typed(pilot, "theme light")
        assert stage.app.theme.endswith("light")
        await typed(pilot, "theme pink")
        assert 'there is no theme "pink"' in lines(stage)[-1]
        await typed(pilot, "theme dark")
        assert stage.app.looks.palette == before


async def test_quit_asks_as_the_key_does() -> None:
    async with shown(stage := office()) as pilot:
        await typed(pilot, "q")
        assert "leave pbxtui?" in lines(stage)[-1]
        await pilot.press("n")
        await typed(pilot, "details now")
        assert lines(stage)[-1] == ":details takes nothing after it"


async def test_an_action_is_given_the_words_that_follow_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[tuple[str, ...]] = []
    act = Act("call.send", (), "send", "send it on", Group.LOOK, "send('on')")
    command = Command("send", act.help, Takes.NUMBER, act.id)
    monkeypatch.setitem(cast("dict[str, Command]", COMMANDS), "send", command)
    monkeypatch.setitem(cast("dict[str, Act]", BY_ID), act.id, act)

    def send(view: CallsScreen, *words: str) -> None:
        given.append(words)

    monkeypatch.setattr(CallsScreen, "action_send", send, raising=False)
    monkeypatch.setattr(CallsScreen, "words_send", lambda *_: ["305", "310"], raising=False)
    async with shown(office()) as pilot:
        await typed(pilot, "send 30", "tab", "enter")
        await typed(pilot, "send")
        await typed(pilot, "send Front desk")
    assert given == [("on", "305"), ("on",), ("on", "Front desk")]


async def test_the_footer_says_what_keys_do_while_a_filter_is_typed() -> None:
    async with shown(stage := office(), size=(80, 24)) as pilot:
        await pilot.press("slash", *"anna")
        await pilot.pause()
        assert lines(stage)[-1].startswith(
            "Enter keeps it  Esc shows all  filter: words, state:hold"
        )
        await pilot.press("enter")
        await pilot.pause()
        assert lines(stage)[-1].startswith("/ filter  d details")


async def test_a_narrow_screen_shows_the_column_that_tells_why_a_row_matches() -> None:
    sold = call("d", from_=Party("+4444", "Dora"), to=Party("403", "Desk"), queue="sales")
    stage = set_stage(*OFFICE, sold, sites=("hq", "branch"))
    async with shown(stage, size=(80, 24)) as pilot:
        assert "via" not in lines(stage)[1]
        await pilot.press("slash", *"dora")
        await pilot.pause()
        assert "via" not in lines(stage)[1]
        await pilot.press("escape", "slash", *"sales")
        await pilot.pause()
        assert "via" in lines(stage)[1]
        assert [line for line in lines(stage) if "Dora" in line and "sales" in line]
        await pilot.press("escape")
        await pilot.pause()
        assert "via" not in lines(stage)[1]


async def test_a_transfer_typed_with_its_target_opens_the_box_with_it() -> None:
    async with at_work(stage := acting_stage(OFFICE[0])) as pilot:
        await typed(pilot, "transfer 305")
        await pilot.pause()
        assert "Transfer" in text(stage)
        assert "305" in text(stage)
        await pilot.press("escape")
        await typed(pilot, "hold now")
        assert lines(stage)[-1] == ":hold takes nothing after it"
