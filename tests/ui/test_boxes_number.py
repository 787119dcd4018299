"""The box for a number: what is typed, what is listed, what is taken, and never another."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pbxtui.backends.base import TimedOut
from pbxtui.model import CAN, Capability, Device, DeviceState, Kind, Lamp, LampState, Party, Verb
from pbxtui.service.acting import Ask, Chosen
from pbxtui.service.recents import Recent
from pbxtui.ui.boxes import Asked
from pbxtui.ui.boxes.number import NumberBox
from tests.ui.boxed import HOUSE, TALK, Asks, asked_in, house, recents
from tests.ui.stage import Prompted, Stage

ROW = Chosen(TALK)


def said(verb: Verb, to: str, phone: str = "", site: str = "hq") -> list[Asked | None]:
    return [Asked(verb, site, Ask(to=to, extension=phone))]


@pytest.mark.parametrize(
    ("typed", "keys", "verb", "to"),
    [
        ("305", ["enter"], Verb.TRANSFER, "305"),
        ("305", ["ctrl+t"], Verb.ATTENDED, "305"),
        ("305", ["f5"], Verb.ATTENDED, "305"),
        ("30", ["enter"], Verb.TRANSFER, "30"),
        ("30", ["down", "enter"], Verb.TRANSFER, "301"),
        ("30", ["down", "down", "up", "enter"], Verb.TRANSFER, "301"),
        ("work", ["enter"], Verb.TRANSFER, "305"),
        ("work", ["down", "enter"], Verb.TRANSFER, "306"),
        ("odegard", ["enter"], Verb.TRANSFER, "301"),
        ("+44 20-7946", ["enter"], Verb.TRANSFER, "+44207946"),
        ("", ["down", "enter"], Verb.TRANSFER, "301"),
    ],
)
async def test_what_is_taken(typed: str, keys: list[str], verb: Verb, to: str) -> None:
    async def use(asks: Asks) -> None:
        await asks.type(typed)
        await asks.press(*keys)

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(verb, to)


@pytest.mark.parametrize("typed", ["", "qqq", "3o5", "+", "work shop x"])
async def test_nothing_is_taken_where_there_is_no_number(typed: str) -> None:
    async def use(asks: Asks) -> None:
        await asks.type(typed)
        await asks.press("enter", "ctrl+t")
        assert asks.stage.app.screen is asks.box
        await asks.press("escape")

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == [None]


async def test_keys_that_come_at_once_are_all_typed_and_the_arrow_counts() -> None:
    """As from a paste, or over a slow link: no key waits for what the one before it did."""

    async def use(asks: Asks) -> None:
        app = asks.stage.app
        for key in ("3", "0", "down", "enter"):
            app.post_message(_key(key))
        await asks.until(lambda: bool(asks.answers))

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "301")


@pytest.mark.parametrize(("typed", "down", "to"), [("44", 2, "448"), ("work", 0, "305")])
async def test_a_key_that_overtakes_the_news_of_what_was_typed(
    typed: str, down: int, to: str
) -> None:
    async def use(asks: Asks) -> None:
        assert isinstance(asks.box, NumberBox)
        asks.box.line("to").value = typed
        if down:
            asks.box.action_move(down)
        asks.box.action_take()

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, to)


def _key(name: str):  # type: ignore[no-untyped-def]
    from textual import events

    return events.Key(name, name if len(name) == 1 else None)


async def test_each_one_s_state_is_in_its_row() -> None:
    async def use(asks: Asks) -> None:
        states = {
            "301": "◂ ring",
            "305": "○ free*",
            "306": "□ off",
            "412": "! lost",
            "447": "● talk",
            "448": "⊘ dnd",
            "449": "● busy",
            "450": "? unknown",
        }
        for number, state in states.items():
            assert state in asks.row(number), number
        await asks.press("escape")

    await asked_in(house(), Verb.TRANSFER, ROW, use)


async def test_what_is_known_of_the_target_is_said_before() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("448")
        assert "sends 448" in asks.shown
        assert "448 Meeting room is on do not disturb" in asks.shown
        await asks.press("ctrl+u")
        await asks.type("301")
        assert "301 Amelia Ødegård is ringing already" in asks.shown
        await asks.press("ctrl+u")
        await asks.type("(030) 50 ")
        assert "sends 03050" in asks.shown
        await asks.press("escape")

    await asked_in(house(), Verb.TRANSFER, ROW, use)


async def test_a_state_that_changes_is_painted_and_moves_nothing() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("30")
        await asks.press("down", "down")
        before = asks.numbers
        stage = asks.stage
        stage.give(
            *(
                Device("hq", f"SIP/{n}", DeviceState.UNREGISTERED, extension=n, name=name)
                for n, name, _ in HOUSE
            ),
            kind=Kind.DEVICES,
        )
        await _read_devices(stage)
        stage.app._tick()
        await asks.pilot.pause()
        assert "□ off" in asks.row("305")
        assert asks.numbers == before
        await asks.press("enter")

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "305")


async def test_who_has_gone_is_not_replaced_by_the_next_in_line() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("30")
        await asks.press("down", "down")
        stage = asks.stage
        left = [
            Device("hq", f"SIP/{n}", state, extension=n, name=name)
            for n, name, state in HOUSE
            if n != "305"
        ]
        stage.give(*left, kind=Kind.DEVICES)
        await _read_devices(stage)
        stage.app._tick()
        await asks.press("enter")
        assert asks.answers == []
        assert "has gone" in asks.shown
        await asks.press("down", "enter")

    (answer,) = await asked_in(house(), Verb.TRANSFER, ROW, use)
    assert answer is not None
    assert answer.ask.to == "306"


async def _read_devices(stage: Stage) -> None:
    from pbxtui.model import Topic

    await stage.read("hq", Topic.DEVICES)


async def test_hostile_names_are_only_names() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("[red]l")
        assert "[red]Lift[/red]" in asks.row("3055")
        await asks.press("enter")

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "3055")


async def test_the_last_targets_come_first_and_are_kept() -> None:
    kept = recents()

    async def use(asks: Asks) -> None:
        assert asks.numbers[:4] == ["+442079460958", "306", "301", "305"]
        assert "last" in asks.row("306")
        assert "Old workshop" in asks.row("306")
        assert "Harbour Taxi" in asks.row("+442079460958")
        await asks.type("meet")
        await asks.press("enter")

    await asked_in(house(), Verb.TRANSFER, ROW, use, kept=kept)
    assert kept.kept[0] == Recent("hq", "448", "Meeting room")


async def test_whoever_leaves_has_rung_nobody() -> None:
    kept = recents()
    before = kept.kept

    async def use(asks: Asks) -> None:
        await asks.type("305")
        await asks.press("escape")

    assert await asked_in(house(), Verb.TRANSFER, ROW, use, kept=kept) == [None]
    assert kept.kept == before


async def test_an_attended_transfer_that_the_pbx_cannot_do_says_why() -> None:
    stage = house()
    can = {Verb.TRANSFER: CAN, Verb.ATTENDED: Capability(False, "this PBX only transfers blind")}
    stage.backends["hq"].capabilities = can

    async def use(asks: Asks) -> None:
        await asks.type("305")
        await asks.press("ctrl+t")
        assert "this PBX only transfers blind" in asks.shown
        await asks.press("enter")

    assert await asked_in(stage, Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "305")


async def test_old_readings_are_said_to_be_old() -> None:
    async def use(asks: Asks) -> None:
        stage = asks.stage
        stage.clock.now += 40_000
        await asks.type("305")
        assert "calls of hq were read 40000 s ago" in asks.shown
        await asks.press("escape")

    await asked_in(house(), Verb.TRANSFER, ROW, use)


# --- dialling ------------------------------------------------------------------------------------


async def test_dialling_from_one_s_own_phone() -> None:
    async def use(asks: Asks) -> None:
        assert "at hq, from 447" in asks.lines[0]
        await asks.type("work")
        assert "sends 305 at hq, from 447" in asks.shown
        await asks.press("enter")

    assert await asked_in(house(own="447"), Verb.DIAL, None, use) == said(Verb.DIAL, "305")


async def test_a_row_s_number_is_there_and_gives_way_to_the_first_key() -> None:
    async def use(asks: Asks) -> None:
        assert "+442079460958" in asks.lines[1]
        await asks.type("305")
        await asks.press("enter")

    row = Chosen(TALK, "call1-a")
    assert await asked_in(house(own="447"), Verb.DIAL, row, use) == said(Verb.DIAL, "305")

    async def at_once(asks: Asks) -> None:
        await asks.press("enter")

    told = await asked_in(house(own="447"), Verb.DIAL, row, at_once)
    assert told == said(Verb.DIAL, "+442079460958")


async def test_what_was_typed_before_the_box_opened_is_typed_on() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("05")
        await asks.press("enter")

    told = await asked_in(house(own="447"), Verb.DIAL, Chosen(TALK), use, text="3")
    assert told == said(Verb.DIAL, "305")


async def test_without_a_phone_of_one_s_own_it_is_asked_for() -> None:
    kept = recents()

    async def use(asks: Asks) -> None:
        await asks.type("305")
        assert "from which phone is not said" in asks.shown
        await asks.press("enter")
        assert asks.answers == []
        assert "which phone of hq dials 305?" in asks.shown
        await asks.type("front")
        assert asks.numbers == ["447"]
        await asks.press("enter")

    assert await asked_in(house(), Verb.DIAL, None, use, kept=kept) == said(Verb.DIAL, "305", "447")

    async def again(asks: Asks) -> None:
        assert "447" in asks.lines[2]
        await asks.type("306")
        await asks.press("enter")

    told = await asked_in(house(), Verb.DIAL, None, again, kept=kept)
    assert told == said(Verb.DIAL, "306", "447")


async def test_the_phone_can_be_said_first() -> None:
    async def use(asks: Asks) -> None:
        await asks.press("tab")
        await asks.type("447")
        await asks.press("enter")
        await asks.type("305")
        await asks.press("enter")

    assert await asked_in(house(), Verb.DIAL, None, use) == said(Verb.DIAL, "305", "447")


async def test_a_number_that_is_changed_after_the_question_is_the_one_that_is_dialled() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("305")
        await asks.press("enter", "shift+tab", "ctrl+u")
        await asks.type("306")
        await asks.press("tab")
        await asks.type("447")
        await asks.press("enter")
        assert asks.answers == []
        await asks.press("enter")

    assert await asked_in(house(), Verb.DIAL, None, use) == said(Verb.DIAL, "306", "447")


async def test_another_site_can_be_dialled_at() -> None:
    async def use(asks: Asks) -> None:
        await asks.press("ctrl+n")
        assert "at branch" in asks.lines[0]
        assert asks.numbers[:2] == ["202", "201"]
        await asks.type("999")
        await asks.press("enter")
        await asks.type("202")
        await asks.press("enter")

    told = await asked_in(house(own="447"), Verb.DIAL, None, use, kept=recents())
    assert told == said(Verb.DIAL, "999", "202", "branch")


async def test_those_of_other_sites_come_after_all_of_the_first() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("work")
        assert asks.numbers == ["305", "306", "201"]
        await asks.press("end", "down", "down", "enter")
        assert "which phone of branch dials 201?" in asks.shown
        await asks.type("202")
        await asks.press("enter")

    told = await asked_in(house(own="447"), Verb.DIAL, None, use)
    assert told == said(Verb.DIAL, "201", "202", "branch")


async def test_nobody_of_another_site_is_offered_for_a_transfer() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("work")
        assert asks.numbers == ["305", "306"]
        await asks.press("ctrl+n", "escape")

    await asked_in(house(), Verb.TRANSFER, ROW, use)


# --- phone books ---------------------------------------------------------------------------------


class Booked(Prompted):
    """A backend with a phone book that answers when it is told to."""

    def __init__(self, before: Prompted) -> None:
        super().__init__(before.site, before.things, topics=before.topics)
        self.found: list[Party] = []
        self.fails: TimedOut | None = None
        self.gate = asyncio.Event()
        self.asked: list[str] = []

    async def people(self, words: str) -> list[Party]:
        self.asked.append(words)
        await self.gate.wait()
        if self.fails is not None:
            raise self.fails
        return self.found


def booked(stage: Stage) -> Booked:
    book = stage.backends["hq"] = Booked(stage.backends["hq"])
    return book


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pbxtui.ui.boxes.search.PAUSE", 0.02)


async def test_the_phone_book_s_people_come_last_and_move_nobody() -> None:
    stage = house()
    book = booked(stage)
    book.found = [
        Party("305", "Workshop"),
        Party("+44 7700 900123", "Worker, [b]Ross[/b]"),
        Party("", "no number, work"),
    ]

    async def use(asks: Asks) -> None:
        await asks.type("work")
        await asks.press("down")
        await asks.until(lambda: bool(book.asked))
        assert asks.numbers == ["305", "306"]
        book.gate.set()
        await asks.until(lambda: len(asks.numbers) > 2)
        assert asks.numbers == ["305", "306", "+44 7700 900123"]
        assert "[b]Ross[/b]" in asks.row("+44 7700 900123")
        assert "phone book" in asks.row("+44 7700 900123")
        assert "sends 306" in asks.shown
        await asks.press("down", "enter")

    told = await asked_in(stage, Verb.TRANSFER, ROW, use)
    assert told == said(Verb.TRANSFER, "+447700900123")
    assert book.asked[-1] == "work"


async def test_enter_takes_nobody_whom_only_the_phone_book_brought_unseen() -> None:
    stage = house()
    book = booked(stage)
    book.found = [Party("0123", "Zacharias")]

    async def use(asks: Asks) -> None:
        await asks.type("zach")
        book.gate.set()
        await asks.until(lambda: asks.numbers == ["0123"])
        await asks.press("enter")
        assert asks.answers == []
        await asks.press("down", "enter")

    assert await asked_in(stage, Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "0123")


async def test_each_key_puts_the_question_off_and_drops_the_one_on_its_way() -> None:
    stage = house()
    book = booked(stage)
    book.found = [Party("1", "Rosa"), Party("2", "Rose")]

    async def use(asks: Asks) -> None:
        for key in "ros":
            asks.stage.app.post_message(_key(key))
        await asks.until(lambda: bool(book.asked))
        await asks.type("e")
        await asks.until(lambda: len(book.asked) == 2)
        book.gate.set()
        await asks.until(lambda: asks.numbers == ["2"])
        assert asks.stage.app.screen is asks.box
        await asks.press("escape")

    await asked_in(stage, Verb.TRANSFER, ROW, use)
    assert book.asked == ["ros", "rose"]


async def test_a_phone_book_that_fails_is_said_in_one_sentence() -> None:
    stage = house()
    book = booked(stage)
    book.fails = TimedOut("hq did not answer within 10 s", "try again")
    book.gate.set()

    async def use(asks: Asks) -> None:
        await asks.type("work")
        await asks.until(lambda: "the phone book of hq did not answer" in asks.says)
        assert "within 10 s" in asks.says
        await asks.press("enter")

    assert await asked_in(stage, Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "305")


async def test_a_box_that_was_left_asks_no_more() -> None:
    stage = house()
    book = booked(stage)

    async def use(asks: Asks) -> None:
        await asks.type("work")
        await asks.until(lambda: bool(book.asked))
        await asks.press("escape")
        assert not [t for t in asyncio.all_tasks() if t.get_name() == "phone book"]

    await asked_in(stage, Verb.TRANSFER, ROW, use)


async def test_what_is_painted_is_what_changed() -> None:
    """A second in which nothing happens repaints nothing."""
    stage = house()

    async def use(asks: Asks) -> None:
        await asks.type("30")
        app = stage.app
        painted: list[object] = []
        shown = app._display
        app._display = lambda screen, update: (painted.append(update), shown(screen, update))  # type: ignore[assignment,func-returns-value]
        await asks.pilot.pause()
        painted.clear()
        app._tick()
        await asks.pilot.pause()
        assert painted == []
        lamp = Lamp("hq", "l305", LampState.BUSY, extension="305")
        old = stage.backends["hq"].things[Kind.LAMPS]
        stage.give(*old.values(), replace(lamp), kind=Kind.LAMPS)
        from pbxtui.model import Topic

        await stage.read("hq", Topic.LAMPS)
        app._tick()
        await asks.pilot.pause()
        assert painted
        assert "● busy" in asks.row("305")
        await asks.press("escape")

    await asked_in(stage, Verb.TRANSFER, ROW, use)
