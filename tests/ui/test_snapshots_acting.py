"""Pictures of acting: the question, the steps, the signs of rows, what can't be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from pbxtui.config import Config
from pbxtui.model import Answered, Capability, Outcome, Party, Verb
from tests.ui.acting import acting_stage
from tests.ui.pictures import NARROW, WIDE, Compare, pictures
from tests.ui.stage import Stage, between, call

pytestmark = [pictures, pytest.mark.usefixtures("still")]

SIZES = {"narrow": NARROW, "wide": WIDE}
NO_HOLD = Capability(False, "MiRTA's API has no hold.", "P parks the call at 700")
NAMES = (
    ("+442079460958", "Harbour Taxi", "447", "Front desk"),
    ("+4570101112", "Søren Ødegård", "305", "Workshop"),
    ("+81312345678", "王小明", "306", "Łukasz Byrne"),
    ("+4933012345", "Zsófia Németh", "401", "Sales"),
)


def office(*, ascii: bool, grace: float = 0.0, can: Verb | None = None) -> Stage:
    calls = [
        call(f"c{n}", from_=Party(number, name), to=Party(extension, desk), age=40.0 * n + 7)
        for n, (number, name, extension, desk) in enumerate(NAMES)
    ]
    return acting_stage(
        *calls,
        ascii=ascii,
        config=Config(grace=grace),
        can={can: NO_HOLD} if can is not None else None,
    )


def playing(stage: Stage, play: Callable[[Pilot[Any]], Awaitable[None]]) -> Any:
    async def before(pilot: Pilot[Any]) -> None:
        while stage.app.hand.dispatcher is None or not stage.app.calls.list.rows:
            await pilot.pause()
        await pilot.press("L")
        await play(pilot)
        await pilot.pause()
        stage.app.calls.tick()
        await pilot.pause()

    return before


@pytest.mark.parametrize("ascii", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("size", SIZES)
class TestActing:
    def test_the_question(self, snap_compare: Compare, size: str, ascii: bool) -> None:
        stage = office(ascii=ascii)

        async def play(pilot: Pilot[Any]) -> None:
            await pilot.press("j", "j", "X")

        run = playing(stage, play)
        assert snap_compare(stage.app, terminal_size=SIZES[size], run_before=run)

    def test_the_grace(self, snap_compare: Compare, size: str, ascii: bool) -> None:
        stage = office(ascii=ascii, grace=60.0)

        async def play(pilot: Pilot[Any]) -> None:
            await pilot.press("j", "X", "y")

        run = playing(stage, play)
        assert snap_compare(stage.app, terminal_size=SIZES[size], run_before=run)

    def test_every_end(self, snap_compare: Compare, size: str, ascii: bool) -> None:
        """Accepted, refused, not confirmed, and seen: a row each."""
        stage = office(ascii=ascii)
        told = (
            Outcome(Answered.REFUSED, "No such channel: SIP/447-00000a1f"),
            Outcome(Answered.NOT_CONFIRMED, "no answer within 10 s"),
            Outcome(Answered.ACCEPTED),
        )

        async def play(pilot: Pilot[Any]) -> None:
            for outcome in told:
                stage.backends["hq"].answer = outcome
                await pilot.press("H")
                await stage.app.hand.tickets[-1].answered()
                await pilot.press("j")

        run = playing(stage, play)
        assert snap_compare(stage.app, terminal_size=SIZES[size], run_before=run)

    def test_what_the_pbx_cannot_do(self, snap_compare: Compare, size: str, ascii: bool) -> None:
        stage = office(ascii=ascii, can=Verb.HOLD)

        async def play(pilot: Pilot[Any]) -> None:
            await pilot.press("H")
            await stage.app.hand.tickets[-1].answered()

        run = playing(stage, play)
        assert snap_compare(stage.app, terminal_size=SIZES[size], run_before=run)

    def test_several_rows(self, snap_compare: Compare, size: str, ascii: bool) -> None:
        stage = office(ascii=ascii)

        async def play(pilot: Pilot[Any]) -> None:
            await pilot.press("space", "space", "space", "X", "3")

        run = playing(stage, play)
        assert snap_compare(stage.app, terminal_size=SIZES[size], run_before=run)

    def test_the_sentence_in_the_box(self, snap_compare: Compare, size: str, ascii: bool) -> None:
        stage = office(ascii=ascii)

        async def play(pilot: Pilot[Any]) -> None:
            await pilot.press("j", "T")
            await pilot.pause()
            await pilot.press(*"306")

        run = playing(stage, play)
        assert snap_compare(stage.app, terminal_size=SIZES[size], run_before=run)

    def test_whose_leg(self, snap_compare: Compare, size: str, ascii: bool) -> None:
        stage = acting_stage(between(), ascii=ascii)

        async def play(pilot: Pilot[Any]) -> None:
            await pilot.press("H")

        run = playing(stage, play)
        assert snap_compare(stage.app, terminal_size=SIZES[size], run_before=run)
