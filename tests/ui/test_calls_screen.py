"""The calls screen as a person uses it: keys in, lines out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from pbxtui.backends.base import LoginRefused, Refused
from pbxtui.model import Call, Key, LegState, Party, Topic
from pbxtui.ui.screens.page import Page
from pbxtui.ui.table import Child
from tests.ui.seen import lines, shown, text
from tests.ui.stage import Stage, call, set_stage


def cursor(stage: Stage) -> object:
    """The row under the cursor."""
    return stage.app.calls.list.cursor


async def again(stage: Stage, pilot: Pilot[None], *calls: Call, site: str = "hq") -> None:
    """The next reading of a site, shown."""
    stage.give(*calls, site=site)
    await stage.read(site)
    await pilot.pause()


THREE = (
    call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales"), age=30),
    call("b", LegState.RINGING, from_=Party("+4422", "Bent"), to=Party("402", "Stock"), age=5),
    call("c", LegState.HELD, from_=Party("+4433", "Carla"), to=Party("403", "Till"), age=700),
)


async def test_a_call_shows_state_parties_and_time() -> None:
    async with shown(stage := set_stage(*THREE)):
        assert "● talk" in lines(stage)[2]
        assert "+4411  Anna" in lines(stage)[2]
        assert "401  Sales" in lines(stage)[2]
        assert "0:30" in lines(stage)[2]
        assert "11m" in lines(stage)[4]
        assert "3 calls" in lines(stage)[0]


async def test_legs_open_and_close_under_their_call() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("l")
        assert "▾    1" in lines(stage)[2]
        assert "│" in lines(stage)[3]
        assert "pstn" in lines(stage)[3]
        assert "└" in lines(stage)[4]
        assert "VH0000001" in lines(stage)[4]
        assert "Bent" in lines(stage)[5]
        await pilot.press("j", "j", "h")
        assert "▸    1" in lines(stage)[2]
        assert "Bent" in lines(stage)[3]
        assert cursor(stage) == Key("hq", "a")


async def test_the_cursor_stays_on_its_call_and_the_call_on_its_line() -> None:
    many = [call(f"m{n:02d}", from_=Party(f"+{n:02d}")) for n in range(60)]
    async with shown(stage := set_stage(*many), size=(100, 20)) as pilot:
        await pilot.press(*"jjjjjjjj", "z")
        shows = stage.app.calls.list
        at = shows.cursor
        line = next(y for y, one in enumerate(lines(stage)) if "+08" in one)
        arrivals = [call(f"n{n}", from_=Party(f"+9{n}")) for n in range(5)]
        await again(stage, pilot, *many, *arrivals)
        assert shows.cursor == at == Key("hq", "m08")
        assert "+08" in lines(stage)[line]
        ended = [replace(one, state=LegState.ENDED) for one in many[30:40]]
        await again(stage, pilot, *many[:30], *ended, *many[40:], *arrivals)
        assert shows.cursor == at
        assert "+08" in lines(stage)[line]


async def test_when_the_call_under_the_cursor_goes_nothing_is_selected() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("j")
        await again(stage, pilot, THREE[0], THREE[2])
        assert stage.app.calls.table.things[Key("hq", "b")].state is LegState.LOST
        await again(stage, pilot, THREE[0], THREE[2])
        stage.clock.now += 11
        await again(stage, pilot, THREE[0], THREE[2])
        shows = stage.app.calls.list
        assert shows.cursor is None
        await pilot.press("d")
        assert stage.app.screen is stage.app.calls
        assert "the row under the cursor has gone" in lines(stage)[-1]
        await pilot.press("j")
        assert shows.cursor == Key("hq", "c")


async def test_a_failed_reading_takes_nothing_away_and_says_what_is_wrong() -> None:
    async with shown(stage := set_stage(*THREE), size=(120, 20)) as pilot:
        stage.backends["hq"].error = Refused("nothing listens at pbx:443", "is the PBX up?")
        with pytest.raises(Refused):
            await stage.read()
        stage.clock.now += 30
        stage.app.calls.tick()
        await pilot.pause()
        assert "Anna" in text(stage)
        assert "3 calls" in lines(stage)[0]
        assert "hq: nothing listens at pbx:443; is the PBX up? · for 0:30" in text(stage)
        stage.backends["hq"].error = None
        await again(stage, pilot, *THREE)
        assert "nothing listens" not in text(stage)


async def test_one_site_in_trouble_leaves_the_others_alone() -> None:
    calls = (call("a"), call("x", site="branch", from_=Party("+4599", "Xenia")))
    async with shown(stage := set_stage(*calls, sites=("hq", "branch"))) as pilot:
        stage.backends["hq"].error = LoginRefused("401 from hq", "pbxtui check hq")
        with pytest.raises(LoginRefused):
            await stage.read("hq")
        await again(stage, pilot, site="branch")
        assert "Harbour Taxi" in text(stage)
        assert "? lost" in text(stage)
        assert "hq: 401 from hq; pbxtui check hq" in text(stage)


async def test_no_calls_and_not_read_are_different_words() -> None:
    async with shown(stage := set_stage(sites=("hq", "branch"))) as pilot:
        assert "no calls" in text(stage)
        assert "0 calls" in lines(stage)[0]
    stage = set_stage(sites=("hq",))
    stage.backends["hq"].error = Refused("nothing listens", "start it")
    async with shown(stage) as pilot:
        await pilot.pause()
        assert "no calls" not in text(stage)
        assert "not read yet: hq" in text(stage)
        assert "0 calls" not in lines(stage)[0]


async def test_the_filter_narrows_as_it_is_typed_and_escape_shows_all() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("slash", *"bent")
        assert "Bent" in text(stage)
        assert "Anna" not in text(stage)
        await pilot.press("enter", "d")
        assert "call #2 at hq" in lines(stage)[0]
        await pilot.press("escape", "escape")
        assert "Anna" in text(stage)
        assert stage.app.calls.filter_line is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("state:hold", {"Carla"}),
        ("!anna", {"Bent", "Carla"}),
        ("! +44", set()),
        ("ext:402", {"Bent"}),
        ("to:sales +44", {"Anna"}),
        ("[red]", set()),
    ],
)
async def test_what_a_filter_finds(typed: str, found: set[str]) -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("slash")
        stage.app.screen.query_one("#filter", Input).value = typed
        await pilot.pause()
        assert {name for name in ("Anna", "Bent", "Carla") if name in text(stage)} == found
        if not found:
            assert "none of 3 calls matches" in text(stage)


async def test_keys_do_not_act_while_typing() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("slash", *"qdpz")
        assert stage.app.screen.query_one("#filter", Input).value == "qdpz"
        assert stage.app.calls.frozen is None
        assert not stage.app.calls.asking_to_quit


async def test_sorting_by_column_and_back() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        names = [one.split()[4] for one in lines(stage)[2:5]]
        await pilot.press("less_than_sign", "less_than_sign")
        assert stage.app.calls.table.sort == "since"
        assert [one for one in lines(stage)[2:5] if "Bent" in one] == [lines(stage)[2]]
        await pilot.press("z")
        assert "Carla" in lines(stage)[2]
        await pilot.press("z", "greater_than_sign", "greater_than_sign")
        assert stage.app.calls.table.sort == "number"
        assert [one.split()[4] for one in lines(stage)[2:5]] == names


async def test_details_name_the_certainty_and_the_age_and_follow_the_call() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("enter")
        assert "state" in text(stage)
        assert "seen" in text(stage)
        assert "leg 1 hears" in text(stage)
        parked = replace(THREE[0], state=LegState.PARKED, parked_at="701")
        await again(stage, pilot, parked, *THREE[1:])
        page = stage.app.screen
        assert isinstance(page, Page)
        page.tick()
        await pilot.pause()
        assert "parked" in text(stage)
        assert "701" in text(stage)
        await pilot.press("q")
        assert stage.app.screen is stage.app.calls


async def test_raw_shows_what_was_sent_without_its_poison() -> None:
    stage = set_stage(*THREE)
    stage.backends["hq"].raws["a"] = '{\n  "name": "\x1b]0;owned\x07[red]Bob[/]"\n}'
    async with shown(stage) as pilot:
        await pilot.press("y")
        assert '  "name": "\ufffd]0;owned\ufffd[red]Bob[/]"' in text(stage)


async def test_hostile_names_are_only_text() -> None:
    name = "[@click=app.exit]Bob[/] [red]"
    async with shown(stage := set_stage(call("a", from_=Party("+44", name)))) as pilot:
        assert "+44  [@click=app.exit]Bob[/]" in text(stage)
        await pilot.press("d")
        assert "[@click=app.exit]Bob[/]" in text(stage)


async def test_the_site_chooser_leaves_one_site() -> None:
    calls = (call("a"), call("x", site="branch", from_=Party("+4599", "Xenia")))
    async with shown(stage := set_stage(*calls, sites=("hq", "branch"))) as pilot:
        await pilot.press("at", "space", "enter")
        assert "Xenia" in text(stage)
        assert "Harbour Taxi" not in text(stage)


async def test_columns_can_be_hidden() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        assert "total" in lines(stage)[1]
        await pilot.press("t", "G", "space", "enter")
        assert "total" not in lines(stage)[1]


async def test_freezing_keeps_the_picture_while_polling_goes_on() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("p")
        stage.clock.now += 20
        await again(stage, pilot, replace(THREE[0], state=LegState.HELD), *THREE[1:])
        assert "● talk" in lines(stage)[2]
        assert "0:30" in lines(stage)[2]
        assert "frozen 12:00:00" in lines(stage)[0]
        await pilot.press("p")
        assert "‖ hold" in lines(stage)[2]
        assert "0:50" in lines(stage)[2]


async def test_marks_survive_and_move_on() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("space")
        assert cursor(stage) == Key("hq", "b")
        await again(stage, pilot, *THREE)
        assert stage.app.calls.table.marks == {Key("hq", "a")}


async def test_next_and_previous_skip_the_legs() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("l", "n")
        assert cursor(stage) == Key("hq", "b")
        await pilot.press("k")
        assert cursor(stage) == Child("hq", "a", "a-b")
        await pilot.press("N", "N")
        assert cursor(stage) == Key("hq", "a")
        assert "nothing further that way" in lines(stage)[-1]


async def test_quitting_asks_first() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("q")
        assert "leave pbxtui?" in lines(stage)[-1]
        await pilot.press("n")
        assert "leave pbxtui?" not in text(stage)
        await pilot.press("escape", "q")
        await pilot.pause()
    assert stage.app.return_code == 0


async def test_a_key_that_looks_is_not_lost_to_the_question_whether_to_leave() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("escape", "j")
        assert "leave pbxtui?" not in text(stage)
        assert cursor(stage) == Key("hq", "b")
        await pilot.press("escape", "enter")
        assert stage.app.return_code is None
        assert stage.app.screen is not stage.app.calls
        await pilot.press("q")
        assert stage.app.screen is stage.app.calls


async def test_read_now_reads_every_topic_again() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        before = stage.backends["hq"].reads
        await pilot.press("r")
        while stage.backends["hq"].reads == before:
            await pilot.pause()
        assert stage.fleet.site("hq").health[Topic.CALLS].failures == 0


async def test_the_keys_table_lists_what_is_bound_with_remapped_keys() -> None:
    stage = set_stage(*THREE, keymap={"view.freeze": "f5"})
    async with shown(stage, size=(120, 70)) as pilot:
        await pilot.press("question_mark")
        row = next(one for one in lines(stage) if "view.freeze" in one)
        assert row.split()[0] == "F5"
        await pilot.press("escape", "f5")
        assert stage.app.calls.frozen is not None


async def test_the_palette_runs_an_action_by_its_name() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.press("colon")
        await pilot.pause()
        await pilot.press(*"freeze")
        await pilot.app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.pause()
        assert stage.app.calls.frozen is not None


async def test_a_narrow_screen_keeps_state_parties_and_time() -> None:
    async with shown(stage := set_stage(*THREE), size=(80, 24)):
        head = lines(stage)[1]
        assert "state" in head
        assert "since" in head
        assert "total" not in head
        assert "via" not in head
        assert "Anna" in text(stage)


async def test_ascii_uses_words_for_glyphs() -> None:
    async with shown(stage := set_stage(*THREE, ascii=True)) as pilot:
        await pilot.press("l")
        assert "TALK" in text(stage)
        assert "HOLD" in text(stage)
        assert text(stage).isascii()


async def test_a_click_chooses_and_a_second_opens() -> None:
    async with shown(stage := set_stage(*THREE)) as pilot:
        await pilot.click("LiveList", offset=(20, 2))
        assert cursor(stage) == Key("hq", "b")
        await pilot.click("LiveList", offset=(20, 2))
        assert "▾    2" in text(stage)
