"""The box that dials: what is rung, from which phone, and at which site."""

from __future__ import annotations

from pbxtui.model import Verb
from pbxtui.service.acting import Chosen
from tests.ui.boxed import ROW, TALK, Asks, asked_in, house, recents, said


async def test_dialling_from_one_s_own_phone() -> None:
    async def use(asks: Asks) -> None:
        assert "at hq, from 447" in asks.lines[0]
        await asks.type("work")
        assert "sends 305 at hq, from 447" in asks.shown
        await asks.press("enter")

    assert await asked_in(house(own="447"), Verb.DIAL, None, use) == said(Verb.DIAL, "305")


async def test_a_row_s_number_is_there_and_gives_way_to_the_firstpressed() -> None:
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
