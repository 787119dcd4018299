"""Phone books in the box for a number: asked late, listed last, and they move nobody."""

from __future__ import annotations

import asyncio

import pytest

from pbxtui.backends.base import TimedOut
from pbxtui.model import Party, Verb
from tests.ui.boxed import ROW, Asks, asked_in, house, pressed, said
from tests.ui.stage import Prompted, Stage


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
            asks.stage.app.post_message(pressed(key))
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
