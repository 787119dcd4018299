"""Keys that touch live calls: what the PBX is asked, for which row, and what the screen says."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pbxtui.config import Config
from pbxtui.model import (
    Agent,
    AgentState,
    Answered,
    Call,
    Caller,
    Capability,
    Certainty,
    Device,
    DeviceState,
    Hangup,
    Hold,
    Key,
    Lamp,
    LampState,
    LegState,
    Outcome,
    Park,
    Party,
    PauseAgent,
    Queue,
    Record,
    Resume,
    Retrieve,
    Verb,
)
from pbxtui.service.acting import Journal, entries
from pbxtui.ui.actions import ACTS, BY_ID, Group, problems
from pbxtui.ui.screens.log import LogScreen
from tests.ui.acting import acting_stage, answered, answers, asked, at_work, dispatcher, tickets
from tests.ui.seen import lines, shown, text
from tests.ui.stage import Stage, call

ANNA = call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales"))
BENT = call("b", from_=Party("+4422", "Bent"), to=Party("402", "Stock"))
CARLA = call("c", LegState.HELD, from_=Party("+4433", "Carla"), to=Party("403", "Till"))


def foot(stage: Stage) -> str:
    return lines(stage)[-1]


# --- what a key does to a row --------------------------------------------------------------------


async def test_a_key_acts_on_the_call_under_the_cursor_and_says_each_step() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        await pilot.press("j", "H")
        await answered(stage, pilot)
        assert asked(stage) == [Hold(site="hq", call="b", leg="b-b")]
        assert "hq has accepted it" in text(stage)
        assert "Hold 402 Stock" in text(stage)
        assert "seen" not in text(stage)
        row = next(line for line in lines(stage) if "Bent" in line and "402" in line)
        assert "»" in row
        assert "»" not in next(line for line in lines(stage) if "Anna" in line)

        stage.give(ANNA, _held(BENT))
        await stage.read()
        await pilot.pause()
        assert "seen: it is held" in text(stage)
        row = next(line for line in lines(stage) if "hold" in line and "Bent" in line)
        assert "✓‖ hold" in row


def _held(it: Call) -> Call:
    own = replace(it.legs[1], state=LegState.HELD)
    return replace(it, state=LegState.HELD, legs=(it.legs[0], own))


async def test_a_held_call_and_an_assumed_one_talk_again_with_the_same_key() -> None:
    dim = replace(_held(BENT), certainty=Certainty.ASSUMED)
    async with at_work(stage := acting_stage(_held(ANNA), dim)) as pilot:
        assert "H resume" in foot(stage)
        await pilot.press("H", "j", "H")
        await answered(stage, pilot)
        assert asked(stage) == [
            Resume(site="hq", call="a", leg="a-b"),
            Resume(site="hq", call="b", leg="b-b"),
        ]


async def test_a_leg_is_acted_on_where_the_cursor_is_on_a_leg() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        await pilot.press("l", "j", "j", "P")
        await answered(stage, pilot)
        assert asked(stage) == [Park(site="hq", call="a", leg="a-b")]
        leg = next(line for line in lines(stage) if "└" in line)
        assert "»" in leg


async def test_recording_goes_on_and_off() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        await pilot.press("R")
        await answered(stage, pilot)
        await pilot.press("R")
        await answered(stage, pilot)
        assert asked(stage) == [
            Record(site="hq", call="a", leg="a-b", on=True),
            Record(site="hq", call="a", leg="a-b", on=False),
        ]


async def test_a_parked_call_is_taken_back_to_the_own_phone() -> None:
    parked = replace(
        call("p", LegState.PARKED, from_=Party("+4455", "Dora")), parked_at="701", legs=()
    )
    async with at_work(stage := acting_stage(parked)) as pilot:
        await pilot.press("5", "U")
        await answered(stage, pilot)
        assert asked(stage) == [Retrieve(site="hq", call="p", leg="", extension="447")]


PHONE = Device("hq", "p1", DeviceState.REGISTERED, extension="401", name="Sales")
LAMP = Lamp("hq", "401@x", LampState.IN_USE, extension="401", name="Sales")
AGENT = Agent("hq", "ag", AgentState.READY, name="Sales", extension="401", queues=("q",))
QUEUE = Queue("hq", "q", "Support", callers=(Caller("w", 1, Party("+4411", "Anna"), None, "a"),))


@pytest.mark.parametrize("keys", [["2"], ["4"], ["4", "v"], ["3", "l", "j"], ["3", "l", "j", "j"]])
async def test_a_phone_a_lamp_a_caller_and_an_agent_stand_for_their_call(keys: list[str]) -> None:
    stage = acting_stage(ANNA, BENT, PHONE, LAMP, AGENT, QUEUE)
    async with at_work(stage) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        await pilot.press("X")
        assert "Hang up" in text(stage)
        await pilot.press("y")
        await answered(stage, pilot)
        (one,) = asked(stage)
        assert isinstance(one, Hangup)
        assert one.call == "a"
        assert "»" in text(stage)


async def test_a_paused_agent_serves_again_with_the_same_key() -> None:
    here = replace(AGENT, paused_in=("q",))
    async with at_work(stage := acting_stage(here, QUEUE)) as pilot:
        await pilot.press("3", "l", "j", "j")
        await pilot.pause()
        assert "B end pause" in foot(stage)
        await pilot.press("B")
        await answered(stage, pilot)
        (one,) = asked(stage)
        assert isinstance(one, PauseAgent)
        assert not one.paused


# --- what may not be done ------------------------------------------------------------------------


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


async def test_the_reception_is_unlocked_and_has_no_grace() -> None:
    stage = acting_stage(ANNA, config=Config(profile="reception"))
    async with at_work(stage, locked=True) as pilot:
        assert "reception" in lines(stage)[0]
        await pilot.press("X", "y")
        await answered(stage, pilot)
        assert asked(stage) == [Hangup(site="hq", call="a")]


NO_HOLD = Capability(False, "MiRTA's API has no hold.", "P parks the call at 700")


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


# --- the question --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["n", "enter", "escape", "Y", "j", "X", "space", "ctrl+c"])
async def test_hanging_up_asks_and_every_key_but_y_is_no(key: str, state: Path) -> None:
    async with at_work(stage := acting_stage(ANNA, BENT), (80, 24)) as pilot:
        await pilot.press("X")
        assert "y does it, any other key doesn't" in foot(stage)
        assert "Hang up" in text(stage)
        await pilot.press(key)
        await pilot.pause()
        assert "y does it" not in text(stage)
        assert "not done" in foot(stage)
        assert stage.app.view.list.cursor == Key("hq", "a")
        assert asked(stage) == []
    assert entries(state) == []


async def test_the_whole_sentence_is_there_on_a_narrow_screen() -> None:
    long = call("a", from_=Party("+442079460958", "王小明 " * 12), to=Party("401", "Sales " * 9))
    async with at_work(stage := acting_stage(long), (80, 24)) as pilot:
        await pilot.press("X")
        question = stage.app.view.question
        assert question is not None
        plain = " ".join(text(stage).split())
        assert " ".join(question.sentence.split()) in plain


async def test_what_should_be_known_before_is_asked_about() -> None:
    stage = acting_stage(ANNA)
    async with at_work(stage) as pilot:
        stage.clock.now += 20_000.0
        await pilot.press("H")
        assert "! calls of hq were read" in text(stage)
        assert asked(stage) == []
        await pilot.press("y")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1


async def test_a_phone_is_restarted_only_once_its_name_is_typed() -> None:
    async with at_work(stage := acting_stage(PHONE)) as pilot:
        await pilot.press("2")
        await stage.app.screen.run_action("touch('device.reboot')")
        await pilot.pause()
        assert "type 401 and Enter does it" in foot(stage)
        await pilot.press(*"402", "enter")
        assert asked(stage) == []
        await stage.app.screen.run_action("touch('device.reboot')")
        await pilot.pause()
        await pilot.press(*"402", "backspace", "1", "enter")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1


# --- the grace -----------------------------------------------------------------------------------


async def test_within_the_grace_u_stops_it(state: Path) -> None:
    stage = acting_stage(ANNA, config=Config(grace=60.0))
    async with at_work(stage) as pilot:
        await pilot.press("X", "y")
        assert "in 60 s: Hang up" in text(stage)
        assert "u stops it" in text(stage)
        stage.clock.now += 3.0
        stage.app._tick()
        await pilot.pause()
        assert "in 57 s: Hang up" in text(stage)
        await pilot.press("u")
        await answered(stage, pilot)
        assert "stopped: taken back in time: nothing was sent" in text(stage)
        await pilot.press("u")
        assert "there is nothing to stop" in text(stage)
        assert asked(stage) == []
    (entry,) = entries(state)
    assert entry.step == "undone"


async def test_leaving_within_the_grace_sends_nothing(state: Path) -> None:
    stage = acting_stage(ANNA, config=Config(grace=60.0))
    async with at_work(stage) as pilot:
        await pilot.press("X", "y", "q", "y")
        await pilot.pause()
    assert asked(stage) == []
    (entry,) = entries(state)
    assert (entry.verb, entry.step) == ("hangup", "undone")


# --- what comes back -----------------------------------------------------------------------------


async def test_a_refusal_is_told_in_the_words_of_the_pbx() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        answers(stage, Outcome(Answered.REFUSED, "No such channel"))
        await pilot.press("H")
        await answered(stage, pilot)
        assert "refused: No such channel" in text(stage)
        assert "!● talk" in next(line for line in lines(stage) if "Anna" in line)


async def test_what_is_not_confirmed_is_never_called_done() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        answers(stage, Outcome(Answered.NOT_CONFIRMED, "no answer within 10 s"))
        await pilot.press("H")
        await answered(stage, pilot)
        assert "not confirmed: no answer within 10 s" in text(stage)
        assert "?● talk" in next(line for line in lines(stage) if "Anna" in line)
        assert "accepted" not in text(stage)
        for _ in range(8):
            await stage.read()
        await pilot.pause()
        assert "not confirmed: no answer within 10 s; not seen: " in text(stage)
        assert "?● talk" in next(line for line in lines(stage) if "Anna" in line)


UNSHOWN = {Verb.HOLD: Capability(True, shown=False), Verb.RECORD: Capability(True, shown=False)}


async def test_what_no_reading_will_show_keeps_saying_that_it_is_not_confirmed() -> None:
    async with at_work(stage := acting_stage(ANNA, can=UNSHOWN)) as pilot:
        answers(stage, Outcome(Answered.NOT_CONFIRMED, "no answer within 10 s"))
        await pilot.press("R")
        await (await answered(stage, pilot)).done()
        await pilot.pause()
        stage.clock.now += 15.0
        stage.app._tick()
        await pilot.pause()
        assert "not confirmed: no answer within 10 s; hq does not show whether" in text(stage)
        assert "accepted" not in text(stage)


async def test_what_was_never_sent_takes_no_sign_away() -> None:
    stage = acting_stage(ANNA, can=UNSHOWN, config=Config(grace=60.0))
    async with at_work(stage) as pilot:
        answers(stage, Outcome(Answered.NOT_CONFIRMED, "no answer within 10 s"))
        await pilot.press("R")
        await (await answered(stage, pilot)).done()
        await pilot.pause()
        assert "?● talk" in next(line for line in lines(stage) if "Anna" in line)
        await pilot.press("X", "y")
        await pilot.pause()
        assert "»● talk" in next(line for line in lines(stage) if "Anna" in line)
        await pilot.press("u")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1
        assert "?● talk" in next(line for line in lines(stage) if "Anna" in line)


async def test_a_call_that_changed_meanwhile_is_left_alone() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        await pilot.press("X")
        moved = replace(ANNA, legs=(ANNA.legs[0], replace(ANNA.legs[1], extension="499")))
        stage.give(replace(moved, to=Party("499", "Other")), BENT)
        await stage.read()
        await pilot.press("y")
        await answered(stage, pilot)
        assert asked(stage) == []
        assert "! nothing was sent: " in text(stage)
        assert "look again" in text(stage)


async def test_the_row_is_that_of_the_frozen_picture() -> None:
    async with at_work(stage := acting_stage(ANNA, BENT)) as pilot:
        await pilot.press("p")
        stage.give(BENT)
        await stage.read()
        await stage.read()
        await pilot.press("H")
        await answered(stage, pilot)
        assert asked(stage) == []
        assert "! nothing was sent: the call is over" in text(stage)


async def test_signs_in_ascii() -> None:
    async with at_work(stage := acting_stage(ANNA, ascii=True)) as pilot:
        await pilot.press("H")
        await answered(stage, pilot)
        assert ">TALK" in next(line for line in lines(stage) if "Anna" in line)
        stage.give(_held(ANNA))
        await stage.read()
        await pilot.pause()
        assert "+HOLD" in next(line for line in lines(stage) if "Anna" in line)


# --- several rows --------------------------------------------------------------------------------


async def test_marked_rows_ask_for_their_number_and_go_one_after_the_other() -> None:
    stage = acting_stage(ANNA, BENT, CARLA)
    async with at_work(stage) as pilot:
        await pilot.press("space", "space", "X")
        assert "Hang up 2 rows" in text(stage)
        assert "type 2 and Enter does it" in foot(stage)
        await pilot.press("3", "enter")
        assert asked(stage) == []
        await pilot.press("X", "2", "enter")
        for ticket in tickets(stage):
            await ticket.answered()
        await pilot.pause()
        assert [one.call for one in asked(stage) if isinstance(one, Hangup)] == ["a", "b"]
        assert stage.app.calls.table.marks == set()


async def test_a_bulk_stops_at_the_first_refusal_and_the_marks_stay_on_the_rest() -> None:
    stage = acting_stage(ANNA, BENT, CARLA)
    async with at_work(stage) as pilot:
        answers(stage, Outcome(Answered.REFUSED, "Permission denied"))
        await pilot.press("space", "space", "X", "2", "enter")
        for ticket in tickets(stage):
            await ticket.done()
        await pilot.pause()
        assert len(asked(stage)) == 1
        assert "stopped after 1 of 2: Permission denied" in text(stage)
        assert stage.app.calls.table.marks == {Key("hq", "a"), Key("hq", "b")}


async def test_what_a_bulk_does_not_know_is_not_called_accepted() -> None:
    stage = acting_stage(ANNA, can=UNSHOWN)
    async with at_work(stage) as pilot:
        answers(stage, Outcome(Answered.NOT_CONFIRMED, "no answer within 10 s"))
        await pilot.press("space", "R", "1", "enter")
        for ticket in tickets(stage):
            await ticket.done()
        await pilot.pause()
        assert len(asked(stage)) == 1
        assert "1 row: 1 not confirmed" in text(stage)
        assert "accepted" not in text(stage)


async def test_rows_that_do_not_suit_are_left_out_and_said() -> None:
    stage = acting_stage(ANNA, CARLA, BENT)
    async with at_work(stage) as pilot:
        await pilot.press("space", "space", "P")
        assert "Park 2 rows" in text(stage)
        await pilot.press("escape", "space", "j", "space", "D")
        assert "is for one row at a time" in text(stage)


# --- the table -----------------------------------------------------------------------------------


def test_every_key_that_touches_is_an_upper_case_letter_or_none() -> None:
    for act in ACTS:
        if act.group is Group.TOUCH and act.keys and act.id != "call.undo":
            assert act.keys[0].isupper(), act.id
    assert BY_ID["device.reboot"].keys == ()


def test_what_has_no_key_gets_none() -> None:
    (said,) = problems({"device.reboot": "f9"})
    assert "gets no key" in said
    assert problems({"call.hold": "f9"}) == []
    assert "is given to both" in problems({"call.hold": "X"})[0]


async def test_an_action_can_have_another_key() -> None:
    stage = acting_stage(ANNA, keymap={"call.hold": "f9"})
    async with at_work(stage) as pilot:
        assert "F9 hold" in foot(stage)
        await pilot.press("H")
        assert tickets(stage) == []
        await pilot.press("f9")
        await answered(stage, pilot)
        assert len(asked(stage)) == 1


async def test_the_locks_are_those_of_the_dispatcher() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        await pilot.press("L")
        assert dispatcher(stage).rights.locked


@pytest.mark.parametrize(
    ("profile", "keymap", "told", "presses"),
    [
        ("noc", {}, "6, then v", ["6", "v"]),
        ("noc", {"view.log": "f6", "view.turn": "o"}, "F6, then o", ["f6", "o"]),
        ("reception", {}, ":log, then v", [*("colon", "l", "o", "g", "enter"), "v"]),
    ],
)
async def test_an_action_that_an_earlier_run_was_killed_over_is_told_with_the_way_to_the_journal(
    state: Path, profile: str, keymap: dict[str, str], told: str, presses: list[str]
) -> None:
    journal = Journal(state, who="ana", host="jump")
    line = journal.begin(Hangup(site="hq", call="a"), "Hang up 401 Sales: +4411 Anna")
    journal.append(replace(line, pid=os.getpid(), run="earlier", step="intent"))
    stage = acting_stage(ANNA, keymap=keymap)
    stage.app.options = replace(stage.app.options, profile=profile)
    async with at_work(stage, (200, 30)) as pilot:
        while not stage.app.hand.talks:
            await pilot.pause()
        await pilot.pause()
        assert "an action of an earlier run has no known end: Hang up 401 Sales" in text(stage)
        assert f"; {told} shows the journal" in text(stage)
        await pilot.press(*presses)
        log = stage.app.view
        assert isinstance(log, LogScreen)
        assert log.journal is not None


async def test_no_more_is_said_once_it_was_long_enough() -> None:
    async with at_work(stage := acting_stage(ANNA)) as pilot:
        answers(stage, Outcome(Answered.REFUSED, "No such channel"))
        await pilot.press("H")
        await answered(stage, pilot)
        assert "refused" in text(stage)
        stage.clock.now += 30.0
        stage.app._tick()
        await pilot.pause()
        assert "refused" not in text(stage)
        assert "!● talk" in next(line for line in lines(stage) if "Anna" in line)
