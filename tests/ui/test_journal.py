"""The journal of actions on the log screen, written by a real journal and read as it grows."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from pbxtui.backends.base import Exchange
from pbxtui.model import Action, Answered, Dial, Hangup, Hold, Park
from pbxtui.service.acting import Journal
from pbxtui.service.acting.audit import Line, Mark
from pbxtui.ui.screens.log import LogScreen
from tests.ui.acting import acting_stage, answered, at_work
from tests.ui.pictures import NARROW, WIDE, Compare, pictures
from tests.ui.seen import lines, shown, text
from tests.ui.stage import NOON, Stage, call, set_stage

HOLD = Hold(site="hq", call="c1", leg="c1-own")
SENTENCE = "Hold 447 Front desk: Harbour Taxi hears music."
DAY = 86400.0


class Desk:
    """A stage with a journal of its own, whose clock is the stage's."""

    def __init__(self, folder: Path, *, ascii: bool = False) -> None:
        sites = ("hq", "branch")
        self.stage = set_stage(call("a"), sites=sites, ascii=ascii, journal=folder)
        self.book = Journal(folder, clock=self.stage.clock, who="ana", host="jump")

    def begin(self, action: Action = HOLD, what: str = SENTENCE) -> Line:
        return self.book.note(self.book.begin(action, what), Mark.INTENT)

    def answer(self, line: Line, answered: Answered, words: str = "") -> None:
        self.book.note(line, Mark.RESULT, outcome=answered, words=words)

    def done(
        self,
        action: Action = HOLD,
        what: str = SENTENCE,
        *,
        answered: Answered = Answered.ACCEPTED,
        words: str = "",
        seen: str = "",
    ) -> None:
        line = self.begin(action, what)
        self.stage.clock.now += 1
        self.answer(line, answered, words)
        if seen:
            self.stage.clock.now += 2
            self.book.note(line, Mark.SEEN, outcome=answered, words=words, observed=seen)

    def refuse(self, action: Action, what: str, words: str) -> None:
        line = self.book.begin(action, what)
        self.book.note(line, Mark.REFUSED, outcome=Answered.REFUSED, words=words)


def screen(stage: Stage) -> LogScreen:
    view = stage.app.views["log"]
    assert isinstance(view, LogScreen)
    return view


async def told(stage: Stage, pilot: Pilot[None]) -> None:
    """The next look at the journal, and what it brought on the screen."""
    view = screen(stage)
    view.tick()
    assert view.journal is not None
    assert view.journal.reading is not None
    await view.journal.reading
    await pilot.pause()


async def opened(stage: Stage, pilot: Pilot[None]) -> None:
    await pilot.press("6", "v")
    await told(stage, pilot)


def several(desk: Desk) -> None:
    """One action of each end."""
    desk.done(seen="observed")
    desk.done(
        Hangup(site="branch", call="c2"),
        "Hang up 305: the call ends.",
        answered=Answered.REFUSED,
        words="No such channel",
    )
    desk.done(
        Dial(site="hq", from_="447", to="+4411"),
        "Dial +4411 from 447.",
        answered=Answered.NOT_CONFIRMED,
        words="no answer within 10 s",
        seen="not_observed",
    )
    desk.refuse(Park(site="hq", call="c3"), "Park +4422.", "this site is read only")


async def test_every_action_is_a_row_the_newest_first(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    several(desk)
    async with shown(desk.stage, size=(160, 30)) as pilot:
        await opened(desk.stage, pilot)
        rows = [" ".join(line.split()) for line in lines(desk.stage)[2:6]]
        assert rows == [
            "12:00:07 hq ana ! refused Park +4422. this site is read only",
            "12:00:04 hq ana ? unconfirmed ! not seen Dial +4411 from 447. no answer within 10 s",
            "12:00:03 branch ana ! refused Hang up 305: the call ends. No such channel",
            f"12:00:00 hq ana ● accepted ● seen {SENTENCE}",
        ]
        assert "4 actions" in lines(desk.stage)[0]
        assert "v requests" in lines(desk.stage)[-1]


async def test_v_goes_there_and_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.done()
    desk.stage.backends["hq"].exchanges.append(Exchange(NOON, "GET /calls", "200", 0.04, 99))
    async with shown(desk.stage) as pilot:
        await pilot.press("6")
        assert "v journal" in lines(desk.stage)[-1]
        await opened(desk.stage, pilot)
        assert "GET /calls" not in text(desk.stage)
        assert SENTENCE in text(desk.stage)
        await pilot.press("v")
        await pilot.pause()
        assert "GET /calls" in lines(desk.stage)[2]
        assert SENTENCE not in text(desk.stage)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("site:branch", "Hang up 305"),
        ("verb:dial", "Dial +4411"),
        ("state:unconfirmed", "Dial +4411"),
        ("read only", "Park +4422"),
        ("verb:park refused", "Park +4422"),
        ("call:c1", SENTENCE),
        ("state:seen !state:not", SENTENCE),
    ],
)
async def test_what_a_filter_finds(typed: str, found: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    several(desk)
    async with shown(desk.stage) as pilot:
        await opened(desk.stage, pilot)
        await pilot.press("slash", *typed, "enter")
        assert found in lines(desk.stage)[2]
        assert lines(desk.stage)[3] == ""
        await pilot.press("slash", *"zz", "enter")
        assert "none of 4 actions matches" in text(desk.stage)


async def test_refused_finds_what_the_pbx_and_what_pbxtui_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    several(desk)
    async with shown(desk.stage) as pilot:
        await opened(desk.stage, pilot)
        await pilot.press("slash", *"refused", "enter")
        assert "Park +4422" in lines(desk.stage)[2]
        assert "Hang up 305" in lines(desk.stage)[3]
        assert lines(desk.stage)[4] == ""


async def test_an_action_of_now_appears_with_its_steps(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.done(what="an older one.")
    async with shown(desk.stage) as pilot:
        await opened(desk.stage, pilot)
        line = desk.begin()
        await told(desk.stage, pilot)
        assert "… sent" in lines(desk.stage)[2]
        assert SENTENCE in lines(desk.stage)[2]
        assert desk.stage.app.view.list.at == 0, "the newest is followed"
        await pilot.press("d")
        desk.answer(line, Answered.ACCEPTED, "202 Accepted")
        await told(desk.stage, pilot)
        desk.stage.app._tick()
        await pilot.pause()
        assert "the PBX's answer: accepted: 202 Accepted" in text(desk.stage)
        await pilot.press("escape")
        desk.book.note(line, Mark.SEEN, outcome=Answered.ACCEPTED, observed="not_observed")
        await told(desk.stage, pilot)
        assert "● accepted" in lines(desk.stage)[2]
        assert "! not seen" in lines(desk.stage)[2]


async def test_a_row_that_is_not_the_newest_keeps_the_cursor(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in range(3):
        desk.done(what=f"action {number}.")
    async with shown(desk.stage) as pilot:
        await opened(desk.stage, pilot)
        await pilot.press("j")
        row = desk.stage.app.view.list.cursor
        desk.begin()
        await told(desk.stage, pilot)
        assert desk.stage.app.view.list.cursor == row
        assert "action 1." in lines(desk.stage)[3 + desk.stage.app.view.list.at - 1]


async def test_the_journal_is_read_again_only_when_something_was_written(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.done()
    async with shown(desk.stage) as pilot:
        await opened(desk.stage, pilot)
        journal = screen(desk.stage).journal
        assert journal is not None
        before = journal.table.things
        await told(desk.stage, pilot)
        assert journal.table.things is before
        desk.done()
        await told(desk.stage, pilot)
        assert len(journal.table.things) == 2


async def test_the_details_tell_everything(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.done(words="OK", seen="observed")
    async with shown(desk.stage, size=(80, 24)) as pilot:
        await opened(desk.stage, pilot)
        await pilot.press("d")
        whole = text(desk.stage)
        assert "hold at hq" in lines(desk.stage)[0]
        for said in (
            "ana at jump",
            SENTENCE,
            "c1-own",
            "12:00:00      written down, then sent",
            "12:00:01      the PBX's answer: accepted: OK",
            "12:00:03      what the readings showed: seen",
        ):
            assert said in whole, said


async def test_older_actions_name_their_day_and_very_old_ones_are_left_out(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.done(what="long ago.")
    desk.stage.clock.now += 40 * DAY
    desk.done(what="before yesterday.")
    desk.stage.clock.now += 2 * DAY
    async with shown(desk.stage) as pilot:
        await opened(desk.stage, pilot)
        assert lines(desk.stage)[2].startswith("03 Nov 12:00")
        assert "long ago" not in text(desk.stage)


async def test_an_empty_journal_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "none")
    async with shown(desk.stage) as pilot:
        await opened(desk.stage, pilot)
        assert "the journal has no action of the last 31 days" in text(desk.stage)


async def test_a_journal_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.done()
    async with shown(desk.stage) as pilot:
        await opened(desk.stage, pilot)
        (tmp_path / "audit-2026-12.jsonl").mkdir()
        await told(desk.stage, pilot)
        assert SENTENCE in text(desk.stage), "what was read before stays"
        assert "journal not readable" in lines(desk.stage)[0]
        (tmp_path / "audit-2026-12.jsonl").rmdir()
        await told(desk.stage, pilot)
        assert "1 action" in lines(desk.stage)[0]


async def test_a_folder_that_is_none_is_said_in_words(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("no folder")
    stage = set_stage(call("a"), journal=place)
    async with shown(stage, size=(200, 30)) as pilot:
        await opened(stage, pilot)
        assert "file cannot be read: Not a directory; see `ls -ld` on it" in text(stage)


async def test_a_frozen_journal_stands_still(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.done(what="before.")
    async with shown(desk.stage) as pilot:
        await opened(desk.stage, pilot)
        await pilot.press("p")
        desk.done(what="after.")
        desk.stage.app._tick()
        await pilot.pause()
        assert "after." not in text(desk.stage)
        await pilot.press("p")
        await told(desk.stage, pilot)
        assert "after." in lines(desk.stage)[2]


async def test_it_fits_a_narrow_ascii_screen(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ascii=True)
    several(desk)
    async with shown(desk.stage, size=(80, 24)) as pilot:
        await opened(desk.stage, pilot)
        assert "? unconfirmed ! not seen" in lines(desk.stage)[3]
        assert "+ accepted    + seen      Hold 447 Front desk" in lines(desk.stage)[5]
        assert text(desk.stage).isascii()
        assert max(len(line) for line in lines(desk.stage)) <= 80


async def test_chosen_sites_are_chosen_in_the_journal_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    several(desk)
    async with shown(desk.stage) as pilot:
        await pilot.press("6", "at", "space", "enter", "v")
        await told(desk.stage, pilot)
        assert "Hang up 305" in lines(desk.stage)[2]
        assert "Dial" not in text(desk.stage)


async def test_what_is_kept_of_the_view_is_the_order_of_the_requests(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    async with shown(desk.stage) as pilot:
        await pilot.press("6", "greater_than_sign")
        chosen = screen(desk.stage).choice()
        await opened(desk.stage, pilot)
        await pilot.press("z")
        assert screen(desk.stage).choice() == chosen
        assert screen(desk.stage).list.rows == []


async def test_what_a_key_does_is_in_the_journal_with_what_came_of_it() -> None:
    async with at_work(stage := acting_stage(call("a"))) as pilot:
        await opened(stage, pilot)
        assert "the journal has no action" in text(stage)
        await pilot.press("1", "H")
        await answered(stage, pilot)
        await pilot.press("6")
        await pilot.pause()
        while "● accepted" not in lines(stage)[2]:
            await told(stage, pilot)
        assert "hears music" in lines(stage)[2]


@pictures
@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_its_picture(
    snap_compare: Compare, size: tuple[int, int], ascii: bool, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, ascii=ascii)
    several(desk)

    async def before(pilot: Pilot[None]) -> None:
        while desk.stage.app.fleet is None or not desk.stage.backends["branch"].reads:
            await pilot.pause()
        await opened(desk.stage, pilot)

    assert snap_compare(desk.stage.app, terminal_size=size, run_before=before)
