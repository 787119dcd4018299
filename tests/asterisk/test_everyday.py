"""What receptionists do all day, at the real Asterisk: what the rows say is so at the phones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pbxtui.model import LegState, Verb
from pbxtui.service.acting import Ask, Chosen
from tests.asterisk.acting import Board, board
from tests.asterisk.conftest import MakePhone
from tests.asterisk.desk import rung
from tests.asterisk.phones import Phone
from tests.asterisk.rig import Rig
from tests.asterisk.test_dispatcher import both_talk, seen
from tests.asterisk.waiting import soon
from tests.asterisk.watching import doing

TALKING, RINGING, QUEUED = LegState.TALKING, LegState.RINGING, LegState.QUEUED


@pytest.fixture
async def office_board(asterisk: Rig, tmp_path: Path) -> AsyncIterator[Board]:
    async with board(asterisk, tmp_path, extension="1007") as made:
        yield made


@pytest.fixture
def short_parking(asterisk: Rig) -> Iterator[None]:
    """Whoever is parked comes back after a second."""
    path = asterisk.folder / "etc" / "res_parking.conf"
    before = path.read_text()
    path.write_text(before.replace("parkingtime => 600", "parkingtime => 1"))
    asterisk.cli("module reload res_parking.so")
    yield
    path.write_text(before)
    asterisk.cli("module reload res_parking.so")


def since(on: Board, who: str) -> float:
    """Since when somebody's leg is what it is."""
    legs = [leg for call in on.snapshot.calls.values() if not call.over for leg in call.legs]
    (found,) = [leg.since for leg in legs if who in (leg.extension, leg.device)]
    assert found is not None
    return found


async def test_a_caller_who_waits_in_a_queue_is_sent_to_a_phone_that_answers(
    office_board: Board, phone: MakePhone, trunk: Phone
) -> None:
    on, erin, frank = office_board, phone("1005"), phone("1006")
    out = await asyncio.to_thread(trunk.dial, "600")
    await doing(out.talks)
    incoming = await rung(erin)
    await on.sees(**{"_PJSIP/trunk": QUEUED, "_1005": RINGING})
    await soon(lambda: on.snapshot.queues["support"].callers)
    plan = on.plan(Verb.TRANSFER, on.row("1005", leg=False), Ask(to="1006"))
    assert "1005 Erin stops ringing" in plan.sentence
    ticket = on.dispatcher.send(plan)
    ringing = await rung(frank)
    await seen(ticket)
    await doing(incoming.ended)
    await on.sees(**{"_PJSIP/trunk": RINGING, "_1006": RINGING})
    await soon(lambda: not on.snapshot.queues["support"].callers)
    rang = since(on, "PJSIP/trunk")
    await doing(ringing.answer)
    await on.sees(**{"_PJSIP/trunk": TALKING, "_1006": TALKING})
    assert since(on, "PJSIP/trunk") > rang, "not since the queue has answered"
    await doing(out.hang_up)
    await doing(ringing.ended)


async def test_a_caller_whom_nobody_took_from_parking_comes_back(
    office_board: Board, phone: MakePhone, short_parking: None
) -> None:
    on, bob = office_board, phone("1002")
    out, incoming = await both_talk(on, phone("1001"), bob)
    ticket = on.does(Verb.PARK, on.row("1002"))
    await seen(ticket)
    await doing(incoming.ended)
    back = await rung(bob)
    await on.sees(_1001=RINGING, _1002=RINGING)
    rang = since(on, "1001")
    await doing(back.answer)
    await on.sees(_1001=TALKING, _1002=TALKING)
    assert since(on, "1001") > rang, "not since before it was parked"
    await doing(out.hang_up)
    await doing(back.ended)


async def test_a_second_call_that_rings_at_a_busy_phone_is_sent_on_and_the_first_goes_on(
    office_board: Board, phone: MakePhone, trunk: Phone
) -> None:
    on, bob, frank = office_board, phone("1002"), phone("1006")
    await both_talk(on, phone("1001"), bob)
    await asyncio.to_thread(trunk.dial, "1002")
    waits = await rung(bob)
    await soon(lambda: on.states().get("PJSIP/trunk") is RINGING)
    first = on.call("1001")
    (second,) = (c for c in on.snapshot.calls.values() if not c.over and c.id != first.id)
    assert first.state is TALKING
    assert [leg.extension for leg in second.legs if leg.extension] == ["1002"]
    assert on.snapshot.lamps["1002@office"].state.value == "ringing_in_use"
    ticket = on.does(Verb.TRANSFER, Chosen(second), Ask(to="1006"))
    ringing = await rung(frank)
    await seen(ticket)
    await doing(ringing.answer)
    await doing(waits.ended)
    assert on.snapshot.calls[first.id].state is TALKING
    assert on.snapshot.calls[first.id].since == first.since
