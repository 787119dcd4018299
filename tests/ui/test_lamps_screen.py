"""The lamps screen as a person uses it: keys in, lines out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Input

from pbxtui.model import Certainty, Flow, Key, Lamp, LampState, Party
from tests.ui.lampset import NO_LAMPS, flow, lamp, lamps_stage, relit
from tests.ui.seen import lines, shown, text
from tests.ui.stage import Stage, call

ROW = tuple(lamp(str(number)) for number in range(401, 421))
STATES = (
    lamp("441", LampState.IN_USE),
    lamp("442", LampState.RINGING),
    lamp("443", LampState.RINGING_IN_USE),
    lamp("444", LampState.ON_HOLD),
    lamp("445", LampState.UNAVAILABLE),
    lamp("446", LampState.DND),
    lamp("447", LampState.UNKNOWN),
    lamp("448", LampState.BUSY),
)
NAMED = (replace(STATES[0], name="Anna"), replace(STATES[1], name="Bent"), *STATES[2:])
NIGHT = flow("7101", "Day and night", "night", LampState.IN_USE)


def cursor(stage: Stage) -> object:
    return stage.app.view.list.cursor


def under(stage: Stage) -> str:
    """The line below the grid."""
    return lines(stage)[-3]


async def test_each_lamp_is_a_cell_in_the_line_of_its_hundred() -> None:
    things = (*ROW, lamp("512"), lamp("1200", site="branch"), lamp("*28", site="branch"))
    async with shown(lamps := lamps_stage(*things, sites=("hq", "branch"))) as pilot:
        await pilot.press("4")
        seen = lines(lamps)
        assert seen[2].startswith("hq     4xx   ○ 401 ○ 402 ○ 403")
        assert seen[3].startswith("             ○ 418 ○ 419 ○ 420")
        assert seen[4].startswith("       5xx   ○ 512")
        assert seen[5].startswith("branch 12xx  ○1200")
        assert seen[6].startswith("       other ○ *28")
        assert seen[1].startswith("○ 23 free  ● 0 busy")


async def test_each_state_has_a_sign_and_is_counted() -> None:
    async with shown(lamps := lamps_stage(*STATES)) as pilot:
        await pilot.press("4")
        assert "● 441 ◂ 442 ◉ 443 ‖ 444 □ 445 ⊘ 446 ? 447 ● 448" in lines(lamps)[2]
        legend = "○ 0 free  ● 2 busy  ◂ 1 ring  ◉ 1 ring+busy  ‖ 1 hold  □ 1 off  ⊘ 1 dnd  ? 1 unkn"
        assert legend in lines(lamps)[1]


async def test_where_all_fit_the_names_stand_in_the_cells() -> None:
    async with shown(stage := lamps_stage(*NAMED, *ROW), size=(80, 24)) as pilot:
        await pilot.press("4")
        assert "○ 401" in lines(stage)[2]
        assert "● 441 Anna" in text(stage)
        assert "◂ 442 Bent" in text(stage)
        many = [lamp(str(number), name="Carla") for number in range(500, 580)]
        await relit(stage, pilot, *NAMED, *ROW, *many)
        assert "Carla" not in text(stage)
        assert "● 441 ◂ 442" in text(stage)
        await pilot.press("slash", *"ext:57", "enter")
        assert "○ 571 Carla" in text(stage)


async def test_in_ascii_each_state_has_a_letter() -> None:
    stage = lamps_stage(*STATES, lamp("4001"), ascii=True)
    async with shown(stage) as pilot:
        await pilot.press("4")
        assert "B  441 R  442 +  443 H  444 -  445 D  446 ?  447 B  448" in text(stage)
        assert ". 4001" in text(stage)
        assert text(stage).isascii()


async def test_arrows_and_letters_move_in_two_dimensions() -> None:
    things = (*ROW, *(lamp(str(number)) for number in range(501, 521)))
    async with shown(stage := lamps_stage(*things), size=(80, 24)) as pilot:
        await pilot.press("4")
        assert cursor(stage) == Key("hq", "401@x")
        await pilot.press("l", "right", "l")
        assert cursor(stage) == Key("hq", "404@x")
        await pilot.press("j")
        assert cursor(stage) == Key("hq", "416@x")
        await pilot.press("down", "j")
        assert cursor(stage) == Key("hq", "516@x")
        await pilot.press("k", "up", "h", "left")
        assert cursor(stage) == Key("hq", "414@x")
        await pilot.press("k", "h", "h", "h")
        assert cursor(stage) == Key("hq", "401@x")
        await pilot.press("G")
        assert cursor(stage) == Key("hq", "520@x")
        await pilot.press("g", "n")
        assert cursor(stage) == Key("hq", "402@x")


async def test_down_keeps_its_column_past_a_short_line() -> None:
    things = (*ROW[:10], lamp("501"), *(lamp(str(number)) for number in range(601, 611)))
    async with shown(stage := lamps_stage(*things)) as pilot:
        await pilot.press("4", *"llllll", "j")
        assert cursor(stage) == Key("hq", "501@x")
        await pilot.press("j")
        assert cursor(stage) == Key("hq", "607@x")


async def test_below_the_grid_stands_who_the_lamp_is_and_the_call_it_has() -> None:
    talks = call("a", from_=Party("+4411", "Harbour Taxi"), to=Party("441", "Anna"), age=133)
    async with shown(stage := lamps_stage(*NAMED, calls=(talks,))) as pilot:
        await pilot.press("4")
        said = "441  Anna  hq  ● busy for 5:00   ● talk 2:13  with Harbour Taxi  +4411"
        assert under(stage) == said
        await pilot.press("l")
        assert under(stage) == "442  Bent  hq  ◂ ring for 5:00"
        await pilot.press("h", "d")
        joined = next(line for line in lines(stage) if line.startswith("call"))
        assert "Harbour Taxi  +4411" in joined
        assert "inferred" in joined


async def test_a_reading_changes_only_what_a_lamp_shows() -> None:
    async with shown(stage := lamps_stage(*ROW)) as pilot:
        await pilot.press("4", "l")
        lit = replace(ROW[1], state=LampState.RINGING, since=None)
        await relit(stage, pilot, ROW[0], lit, *ROW[2:])
        assert "○ 401 ◂ 402 ○ 403" in lines(stage)[2]
        assert under(stage) == "402  hq  ◂ ring"
        assert "○ 19 free  ● 0 busy  ◂ 1 ring" in lines(stage)[1]
        assert cursor(stage) == Key("hq", "402@x")


async def test_the_cursor_stays_on_its_lamp_when_others_come_before_it() -> None:
    async with shown(stage := lamps_stage(*ROW)) as pilot:
        await pilot.press("4", *"llll")
        others = [lamp(str(number)) for number in range(301, 340)]
        await relit(stage, pilot, *ROW, *others)
        assert cursor(stage) == Key("hq", "405@x")
        await relit(stage, pilot, *ROW[:4], *ROW[5:], *others)
        assert cursor(stage) is None
        await pilot.press("d")
        assert "the row under the cursor has gone" in lines(stage)[-1]
        await pilot.press("j")
        assert cursor(stage) == Key("hq", "406@x")


async def test_v_turns_the_grid_into_a_table_and_back_on_the_same_lamp() -> None:
    async with shown(stage := lamps_stage(*NAMED, *ROW)) as pilot:
        await pilot.press("4", "l", "l", "v")
        assert "state" in lines(stage)[1]
        assert "Bent" in lines(stage)[2]
        assert cursor(stage) == Key("hq", "403@x")
        await pilot.press("j", "v")
        assert "○ 20 free" in lines(stage)[1]
        assert cursor(stage) == Key("hq", "404@x")
        await pilot.press("v", "z")
        assert lines(stage)[1].split()[2] == "state▼"
        await pilot.press("v", "v")
        assert lines(stage)[1].split()[2] == "state▼"


async def test_a_table_that_is_filled_before_it_has_a_size_begins_with_its_first_row() -> None:
    async with shown(stage := lamps_stage(*ROW), size=(120, 16)) as pilot:
        await pilot.press("4")
        view, row = stage.app.view, Key("hq", "409@x")
        view.list.choose(row)
        await view.run_action("turn")
        view.sync()
        view.list.choose(row)
        await pilot.pause()
        assert cursor(stage) == row
        assert "401" in lines(stage)[2]


async def test_the_grid_keeps_the_order_of_the_extensions() -> None:
    async with shown(stage := lamps_stage(*STATES)) as pilot:
        await pilot.press("4")
        before = lines(stage)[2]
        for key in ("greater_than_sign", "less_than_sign", "z", "t"):
            await pilot.press(key)
            assert "v turns it into a table" in lines(stage)[-1]
        assert lines(stage)[2] == before


async def test_flows_show_state_and_value_below_the_lamps() -> None:
    things: list[Lamp | Flow] = [*ROW, NIGHT]
    things.append(replace(lamp("*28", LampState.RINGING), name="Custom:door"))
    async with shown(stage := lamps_stage(*things), size=(80, 24)) as pilot:
        await pilot.press("4", "G")
        seen = lines(stage)
        assert "flows and custom states" in seen[4]
        assert seen[5].split() == ["●", "7101", "Day", "and", "night", "in", "use", "=", "night"]
        assert seen[6].split() == ["◂", "*28", "Custom:door", "ring"]
        assert "○ 20 free  ● 0 busy" in seen[1]
        assert under(stage) == "*28  Custom:door  hq  ◂ ring for 5:00"
        await pilot.press("k")
        assert under(stage) == "7101  Day and night  hq  ● in use = night"
        await pilot.press("d")
        assert "flow 7101 at hq" in lines(stage)[0]
        assert "night" in text(stage)


async def test_flows_stand_beside_the_lamps_on_a_wide_screen() -> None:
    things: list[Lamp | Flow] = [*ROW, NIGHT, lamp("200", site="branch")]
    stage = lamps_stage(*things, sites=("hq", "branch"))
    async with shown(stage, size=(180, 30)) as pilot:
        await pilot.press("4")
        assert lines(stage)[1].endswith("flows and custom states")
        assert "○ 401" in lines(stage)[2]
        assert lines(stage)[2].endswith("in use = night")
        assert "7101  hq  Day and night" in lines(stage)[2]
        await pilot.press(*"l" * len(lines(stage)[2].split("○")[1:]))
        assert under(stage).startswith("7101  Day and night")


async def test_a_flow_is_not_shown_again_as_the_lamp_that_it_lights() -> None:
    things: list[Lamp | Flow] = [*ROW, NIGHT, lamp("7101", LampState.IN_USE)]
    async with shown(stage := lamps_stage(*things)) as pilot:
        await pilot.press("4")
        assert text(stage).count("7101") == 1
        await relit(stage, pilot, *ROW, lamp("7101", LampState.IN_USE))
        assert "●7101" in text(stage)
        assert "Day and night" not in text(stage)


async def test_a_phone_whose_hint_also_names_a_switch_keeps_its_lamp() -> None:
    quiet = replace(flow("447", "DND447", "", LampState.IN_USE), id="Custom:DND447")
    phone = replace(lamp("447"), name="PJSIP/447&Custom:DND447")
    alone = replace(lamp("*28", LampState.IN_USE), name="Custom:NIGHT")
    night = replace(flow("*28", "NIGHT", "", LampState.IN_USE), id="Custom:NIGHT")
    async with shown(stage := lamps_stage(phone, quiet, alone, night)) as pilot:
        await pilot.press("4")
        assert "○ 447" in lines(stage)[2]
        assert "447  DND447" in text(stage)
        assert text(stage).count("*28") == 1


async def test_a_flow_and_a_lamp_of_one_id_are_two() -> None:
    night = replace(NIGHT, id="401@x")
    stage = lamps_stage(*ROW, night)
    stage.backends["hq"].raws["401@x"] = '{"st_state": "NOT_INUSE"}'
    async with shown(stage) as pilot:
        await pilot.press("4", "y")
        assert '{"st_state": "NOT_INUSE"}' in text(stage)
        await pilot.press("escape", "G", "d")
        assert "flow 7101 at hq" in lines(stage)[0]


async def test_without_lamps_anywhere_the_reason_is_said() -> None:
    stage = lamps_stage(sites=("hq", "cloud"), without=("hq", "cloud"))
    async with shown(stage, size=(80, 24)) as pilot:
        await pilot.press("4")
        assert f"hq: {NO_LAMPS} cloud: This" in text(stage).replace("\n ", "")
        assert "has no lamps" in lines(stage)[-2]
        assert "0 free" not in text(stage)


async def test_a_pbx_without_lamps_is_named_under_those_of_the_others() -> None:
    stage = lamps_stage(*ROW, sites=("hq", "cloud"), without=("cloud",))
    async with shown(stage) as pilot:
        await pilot.press("4")
        assert lines(stage)[4].split()[:4] == ["cloud", "This", "PBX", "has"]
        await pilot.press("G")
        assert cursor(stage) == Key("hq", "420@x")


async def test_no_lamps_and_not_read_are_different_words() -> None:
    async with shown(stage := lamps_stage()) as pilot:
        await pilot.press("4")
        assert "no lamps" in text(stage)
        await relit(stage, pilot, ROW[0])
        assert "○ 401" in text(stage)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("state:busy", {"441", "443", "448"}),
        ("state:off", {"445"}),
        ("ext:44 !state:busy !ext:442", {"444", "445", "446", "447"}),
        ("with:taxi", {"441"}),
        ("[red]", set()),
    ],
)
async def test_what_a_filter_finds(typed: str, found: set[str]) -> None:
    talks = call("a", from_=Party("+4411", "Harbour Taxi"), to=Party("441", "Anna"))
    async with shown(stage := lamps_stage(*STATES, calls=(talks,))) as pilot:
        await pilot.press("4", "slash")
        stage.app.screen.query_one("#filter", Input).value = typed
        await pilot.pause()
        assert {one.extension for one in STATES if one.extension in lines(stage)[2]} == found
        assert "○ 0 free  ● 2 busy  ◂ 1 ring" in lines(stage)[1]
        if not found:
            assert "none of 8 lamps matches" in text(stage)
        await pilot.press("escape")
        await pilot.press("escape")
        assert "● 441 ◂ 442" in lines(stage)[2]


async def test_a_call_that_begins_is_found_by_the_filter_at_once() -> None:
    async with shown(stage := lamps_stage(*STATES)) as pilot:
        await pilot.press("4", "slash", *"with:taxi", "enter")
        assert "none of 8 lamps matches" in text(stage)
        stage.give(call("a", from_=Party("+4411", "Harbour Taxi"), to=Party("446", "")))
        await stage.read()
        await pilot.pause()
        assert "446" in lines(stage)[2]


async def test_freezing_keeps_the_lamps_as_they_were() -> None:
    async with shown(stage := lamps_stage(*ROW)) as pilot:
        await pilot.press("4", "p")
        await relit(stage, pilot, *(replace(one, state=LampState.BUSY) for one in ROW))
        assert "○ 401 ○ 402" in lines(stage)[2]
        assert "frozen 12:00:00" in lines(stage)[0]
        await pilot.press("p")
        assert "● 401 ● 402" in lines(stage)[2]


async def test_the_site_chooser_leaves_one_site() -> None:
    stage = lamps_stage(*ROW, lamp("200", site="branch"), sites=("hq", "branch"))
    async with shown(stage) as pilot:
        await pilot.press("4", "at", "space", "enter")
        assert "200" in lines(stage)[2]
        assert "○ 401" not in text(stage)


async def test_marks_go_on_to_the_right() -> None:
    async with shown(stage := lamps_stage(*ROW)) as pilot:
        await pilot.press("4", "space", "space")
        assert stage.app.view._table.marks == {Key("hq", "401@x"), Key("hq", "402@x")}
        assert cursor(stage) == Key("hq", "403@x")


async def test_v_does_nothing_where_there_is_no_grid() -> None:
    async with shown(stage := lamps_stage(*ROW, calls=[call("a")])) as pilot:
        before = lines(stage)
        await pilot.press("v")
        assert lines(stage) == before


async def test_a_click_chooses_a_lamp() -> None:
    async with shown(stage := lamps_stage(*ROW)) as pilot:
        await pilot.press("4")
        x = lines(stage)[2].index("404")
        await pilot.click("LampGrid", offset=(x, 1))
        assert cursor(stage) == Key("hq", "404@x")


async def test_a_state_that_was_not_said_by_the_pbx_is_marked() -> None:
    guessed = replace(ROW[0], certainty=Certainty.INFERRED)
    async with shown(stage := lamps_stage(guessed, *ROW[1:])) as pilot:
        await pilot.press("4")
        assert "○ 401*○ 402 ○ 403" in lines(stage)[2]


async def test_a_grid_longer_than_the_screen_scrolls_with_the_cursor() -> None:
    many = [lamp(str(number)) for number in range(1000, 1500)]
    async with shown(stage := lamps_stage(*many), size=(80, 24)) as pilot:
        await pilot.press("4")
        assert "○1000" in text(stage)
        await pilot.press("pagedown", "pagedown")
        assert "○1000" not in text(stage)
        assert lines(stage)[2].strip().startswith("1")
        await pilot.press("G")
        assert "○1499" in text(stage)
        await pilot.press("g")
        assert "○1000" in text(stage)
