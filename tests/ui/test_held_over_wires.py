"""What the held view says of a transfer in the office, over each make's own wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pbxtui.config import Patience
from pbxtui.model import Call, Key, LegState, Verb
from pbxtui.service import Update
from pbxtui.service.acting import Ask
from pbxtui.simulator import things
from pbxtui.ui.heldtable import HeldTable
from pbxtui.ui.looks import Looks
from tests.contract.makes import MAKES, Make
from tests.service.acting.wires import Wire, wired

EVERY = pytest.mark.parametrize("make", MAKES, ids=lambda make: make.name)


@dataclass
class Board:
    """The held view's rows over one wire, without a screen."""

    wire: Wire
    table: HeldTable = field(init=False)

    def __post_init__(self) -> None:
        site = self.wire.made.site
        self.table = HeldTable(
            lambda key: 1,
            lambda name: site.now(),
            Looks(),
            lambda: "",
            lambda name: site.now(),
            lambda name: site.skew,
            Patience,
        )
        self.table.reset([site.snapshot])
        site.subscribe(self._heard)

    def _heard(self, update: Update) -> None:
        self.table.note(update.changes)
        self.table.take(update.changes)

    async def says(self) -> dict[str, str]:
        """Every row after one more reading: who put the call there, and where it is now."""
        await self.wire.read()
        found = {}
        for row in self.table.order():
            assert isinstance(row, Key)
            call = self.table.things[row]
            found[self.table.cell("by", row, call)[0]] = self.table.cell("place", row, call)[0]
        return found


async def sent_on(board: Board) -> tuple[Call, things.Call, str, str]:
    """A caller is sent to a phone that rings: the call, who sent it, to whom."""
    wire = board.wire
    call, real = wire.talk()
    (by,) = (leg.extension.number for leg in real.live_legs() if leg.extension is not None)
    to = wire.idle().number
    await wire.dispatcher.send(wire.plan(Verb.TRANSFER, call, Ask(to=to))).answered()
    return call, real, by, to


def ringing(real: things.Call) -> things.Leg:
    return next(leg for leg in real.live_legs() if leg.state == "ringing")


@EVERY
async def test_sent_on_rings_and_is_answered(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        board = Board(wire)
        _, real, by, to = await sent_on(board)
        assert (await board.says())[by].startswith(f"rings at {to} 0:0")
        wire.made.office.pick_up(ringing(real))
        assert (await board.says())[by] == f"answered by {to}"


@EVERY
async def test_sent_on_and_hung_up_before_an_answer(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        board = Board(wire)
        _, real, by, to = await sent_on(board)
        await board.says()
        wire.made.office.hangup_call(real.id)
        await board.says()
        assert (await board.says())[by] == f"hung up at {to}"


@EVERY
async def test_sent_on_not_answered_and_back(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        board = Board(wire)
        _, real, by, _ = await sent_on(board)
        await board.says()
        office = wire.made.office
        back = office.extensions[by]
        office.end_leg(ringing(real), things.Reason.NO_ANSWER)
        office.connect(real, back)
        assert (await board.says())[by].startswith(f"back at {by} 0:0")
        office.pick_up(ringing(real))
        assert (await board.says())[by] == f"taken back by {by}"


@EVERY
async def test_a_call_that_just_ends_is_no_story(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        board = Board(wire)
        _, real = wire.talk()
        (by,) = (leg.extension.number for leg in real.live_legs() if leg.extension is not None)
        wire.made.office.hangup_call(real.id)
        assert by not in await board.says()
        assert by not in await board.says()


async def test_telphins_two_calls_of_one_phone_are_joined(tmp_path: Path) -> None:
    (make,) = (one for one in MAKES if one.name == "telphin")
    async with wired(make, tmp_path) as wire:
        board, office = Board(wire), wire.made.office
        call, real = wire.talk()
        (own,) = (leg for leg in real.live_legs() if leg.extension is not None)
        assert own.extension is not None
        to = wire.idle()
        plan = wire.plan(Verb.ATTENDED, call, Ask(to=to.number))
        await wire.dispatcher.send(plan).answered()
        asking = next(leg for leg in own.extension.legs if leg.call is not real)
        office.pick_up(next(leg for leg in asking.call.live_legs() if leg.extension is to))
        await board.says()
        office.join(own, asking)
        assert (await board.says())[own.extension.number] == f"answered by {to.number}"
        shown = [one for one in wire.made.site.snapshot.calls.values() if not one.over]
        assert LegState.LOST not in {one.state for one in shown}
