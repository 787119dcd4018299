"""What may not be done is not sent, and the screen says why not: beforehand and at the key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pbxtui.config import Config
from pbxtui.model import Hangup, Party, Verb
from pbxtui.service.acting import entries
from tests.ui.acting import (
    ANNA,
    NO_HOLD,
    QUEUE,
    acting_stage,
    answered,
    asked,
    at_work,
    dispatcher,
    foot,
    tickets,
)
from tests.ui.seen import lines, shown, text
from tests.ui.stage import call


async def test_a_locked_profile_sends_nothing_says_why_and_l_unlocks(state: Path) -> None:
    async with at_work(stage := acting_stage(ANNA), locked=True) as pilot:
        assert "NOC · locked" in lines(stage)[0]
        assert "hold" not in foot(stage)
        await pilot.press("H")
        await answered(stage, pilot)
        assert "not sent: actions are locked: unlock them first, with L" in text(stage)
        assert asked(stage) == []
        await pilot.press("L")
        assert "NOC · unlocked" in lines(stage)[0]
        assert "H hold" in foot(stage)
        assert "(H hold)" not in foot(stage)
        await pilot.press("H")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1
        await pilot.press("L", "H")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1
    steps = [(entry.verb, entry.step) for entry in entries(state)]
    assert [step for verb, step in steps if verb == "hold"].count("refused") == 2


async def test_the_keys_that_a_refusal_names_are_those_of_the_config() -> None:
    keys = {"app.lock": "f8", "row.mark": "m"}
    async with at_work(stage := acting_stage(ANNA, keymap=keys), locked=True) as pilot:
        await pilot.press("H")
        await answered(stage, pilot)
        assert "unlock them first, with F8" in text(stage)
        await pilot.press("f8", "m", "S")
        assert "take the marks off, with m" in text(stage)


async def test_what_comes_nearest_names_the_key_of_the_config() -> None:
    stage = acting_stage(ANNA, keymap={"call.park": "f9"}, can={Verb.HOLD: NO_HOLD})
    async with at_work(stage, (200, 70)) as pilot:
        await pilot.press("H")
        await answered(stage, pilot)
        assert "MiRTA's API has no hold; F9 parks the call at 700" in text(stage)
        await pilot.press("question_mark")
        assert "F9 parks the call at 700" in text(stage)
        assert "P parks" not in text(stage)


async def test_the_reception_is_unlocked_and_has_no_grace() -> None:
    stage = acting_stage(ANNA, config=Config(profile="reception"))
    async with at_work(stage, locked=True) as pilot:
        assert "reception" in lines(stage)[0]
        await pilot.press("X", "y")
        await answered(stage, pilot)
        assert asked(stage) == [Hangup(site="hq", call="a")]


async def test_why_nothing_was_done_is_said_once_and_goes_with_the_next_key() -> None:
    stage = acting_stage(ANNA, config=Config(grace=0.0, deny=frozenset({Verb.HOLD})))
    async with at_work(stage) as pilot:
        await pilot.press("H", "H")
        assert text(stage).count("not sent: ") == 1
        await pilot.press("X")
        assert "not sent: " not in text(stage)
        await pilot.press("n")
        assert foot(stage).startswith("not done")
        await pilot.press("P")
        await answered(stage, pilot)
        assert "not done" not in text(stage)


async def test_what_the_pbx_cannot_do_stands_in_brackets_and_says_what_comes_nearest(
    state: Path,
) -> None:
    async with at_work(stage := acting_stage(ANNA, can={Verb.HOLD: NO_HOLD})) as pilot:
        assert "(H hold)" in foot(stage)
        assert "P park" in foot(stage)
        assert "(P park)" not in foot(stage)
        await pilot.press("H")
        await answered(stage, pilot)
        assert "not sent: MiRTA's API has no hold; P parks the call at 700" in text(stage)
        assert asked(stage) == []
        assert "!" not in next(line for line in lines(stage) if "Anna" in line)
        await pilot.press("question_mark", *["pagedown"] * 3)
        await pilot.pause()
    (entry,) = entries(state)
    assert (entry.verb, entry.step) == ("hold", "refused")


async def test_the_keys_page_and_the_palette_say_why_not() -> None:
    async with at_work(stage := acting_stage(ANNA, can={Verb.HOLD: NO_HOLD}), (200, 70)) as pilot:
        await pilot.press("question_mark")
        row = next(line for line in lines(stage) if "call.hold" in line)
        assert "(hold; a held one talks again) MiRTA's API has no hold" in row
        free = next(line for line in lines(stage) if "call.park" in line)
        assert "(park" not in free
        await pilot.press("escape", "ctrl+p")
        await pilot.press(*"hold")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "not now: MiRTA's API has no hold" in text(stage)


async def test_no_name_in_the_palette_is_markup() -> None:
    it = call("a", from_=Party("+4411", "Anna"), to=Party("401", "[@click=app.quit]x[/] [/b]"))
    async with at_work(stage := acting_stage(it), (200, 70)) as pilot:
        await pilot.press("l", "j", "j", "ctrl+p")
        for query in ("", "answer"):
            await pilot.press(*query)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            row = next(line for line in lines(stage) if "answer, or pick up" in line)
            assert "401 [@click=app.quit]x[/] [/b] is talking" in row


async def test_the_palette_in_ascii_is_ascii() -> None:
    async with at_work(stage := acting_stage(ANNA, ascii=True)) as pilot:
        await pilot.press("ctrl+p", *"hold")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "call.hold" in text(stage)
        assert text(stage).isascii()


async def test_a_read_only_site_and_a_denied_action_are_refused() -> None:
    config = replace(Config(grace=0.0), deny=frozenset({Verb.PARK}))
    async with at_work(stage := acting_stage(ANNA, config=config)) as pilot:
        await pilot.press("P")
        await answered(stage, pilot)
        assert "“park” is not allowed" in text(stage)
        assert asked(stage) == []
    stage = acting_stage(ANNA, changed={"read_only": True})
    async with at_work(stage) as pilot:
        await pilot.press("H")
        await answered(stage, pilot)
        assert "hq is read-only" in text(stage)
        assert asked(stage) == []


async def test_a_row_that_does_not_suit_says_so() -> None:
    async with at_work(stage := acting_stage(replace(QUEUE, callers=()))) as pilot:
        await pilot.press("3", "X")
        assert "this row is no call: choose a call" in text(stage)
        assert tickets(stage) == []


async def test_an_x_alone_only_says_how_to_hang_up() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        await pilot.press("x")
        await pilot.pause()
        assert "hang up is Shift+X" in foot(stage)
        assert stage.app.view.question is None
        assert tickets(stage) == []


async def test_a_journal_that_cannot_be_written_keeps_the_looking(state: Path) -> None:
    state.write_text("no folder")
    stage = acting_stage(ANNA)
    async with shown(stage) as pilot:
        while stage.app.hand.why_not == "the sites are still being opened: nothing can be done yet":
            await pilot.pause()
        await pilot.press("H")
        await pilot.pause()
        assert "looks only" in lines(stage)[0]
        assert "pbxtui only looks: the audit journal in" in text(stage)
        assert "Anna" in text(stage)
        assert asked(stage) == []


async def test_the_locks_are_those_of_the_dispatcher() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        await pilot.press("L")
        assert dispatcher(stage).rights.locked
