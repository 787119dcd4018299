"""Transfers at the real Asterisk: who is free afterwards, and who talks with whom."""

from __future__ import annotations

import asyncio

import pytest

from pbxtui.backends.base import Conflict, NotFound
from pbxtui.model import LegState, Topic, Transfer
from tests.asterisk.conftest import MakePhone
from tests.asterisk.desk import RINGING, TALKING, Desk, both_talk, rung
from tests.asterisk.phones import Phone
from tests.asterisk.waiting import soon
from tests.asterisk.watching import doing, talking

# -- blind transfer ---------------------------------------------------------------------------


async def test_who_called_transfers_and_is_free(desk: Desk, phone: MakePhone) -> None:
    out, incoming = await both_talk(desk, phone("1001"), phone("1002"))
    frank = phone("1006")
    await desk.does(Transfer(**desk.on("1001"), to="1006"))
    ringing = await rung(frank)
    assert "Bob" in ringing.shown()
    await doing(out.ended)
    await desk.sees(_1002=RINGING, _1006=RINGING)
    await doing(ringing.answer)
    await desk.sees(_1002=TALKING, _1006=TALKING)
    await doing(ringing.hang_up)
    await doing(incoming.ended)


async def test_who_was_called_transfers_and_is_free(desk: Desk, phone: MakePhone) -> None:
    out, incoming = await both_talk(desk, phone("1001"), phone("1002"))
    frank = phone("1006")
    await desk.does(Transfer(**desk.on("1002"), to="1006"))
    ringing = await rung(frank)
    assert "Alice" in ringing.shown()
    await doing(incoming.ended)
    await doing(ringing.answer)
    await desk.sees(_1001=TALKING, _1006=TALKING)
    await doing(out.hang_up)
    await doing(ringing.ended)


async def test_without_a_leg_the_caller_from_outside_is_sent_on(
    desk: Desk, phone: MakePhone, trunk: Phone
) -> None:
    alice, frank = phone("1001"), phone("1006")
    out = await asyncio.to_thread(trunk.dial, "1001")
    incoming = await rung(alice)
    await doing(incoming.answer)
    await doing(out.talks)
    await desk.sees(**{"_1001": TALKING, "PJSIP/trunk": TALKING})
    await desk.does(Transfer(**desk.on(of="1001"), to="1006"))
    ringing = await rung(frank)
    await doing(incoming.ended)
    await doing(ringing.answer)
    await desk.sees(**{"_1006": TALKING, "PJSIP/trunk": TALKING})


async def test_a_queues_agent_behind_a_local_channel_transfers_and_is_free(
    desk: Desk, phone: MakePhone
) -> None:
    alice, erin, frank = phone("1001"), phone("1005"), phone("1006")
    await soon(lambda: desk.watch.queue("support").logged_in)
    out = await asyncio.to_thread(alice.dial, "600")
    await doing(out.talks)
    incoming = await rung(erin)
    await doing(incoming.answer)
    await desk.sees(_1001=TALKING, _1005=TALKING)
    await desk.does(Transfer(**desk.on("1005"), to="1006"))
    ringing = await rung(frank)
    await doing(incoming.ended)
    await doing(ringing.answer)
    await desk.sees(_1001=TALKING, _1006=TALKING)
    await desk.watch.read(Topic.QUEUES)
    assert desk.watch.agent("Local/1005@office").state.value == "ready"


@pytest.mark.parametrize("chosen", ["1001", "1002", ""])
async def test_of_a_call_that_nobody_answered_the_caller_is_sent_on(
    desk: Desk, phone: MakePhone, chosen: str
) -> None:
    alice, bob, frank = phone("1001"), phone("1002"), phone("1006")
    out = await asyncio.to_thread(alice.dial, "1002")
    incoming = await rung(bob)
    await doing(out.rings)
    await desk.sees(_1001=RINGING, _1002=RINGING)
    await desk.does(Transfer(**desk.on(chosen, of="1001"), to="1006"))
    ringing = await rung(frank)
    await doing(incoming.ended)
    await doing(ringing.answer)
    await doing(out.talks)
    await desk.sees(_1001=TALKING, _1006=TALKING)


async def test_nobody_is_sent_to_a_number_that_is_not_there(desk: Desk, phone: MakePhone) -> None:
    await both_talk(desk, phone("1001"), phone("1002"))
    for attended in (False, True):
        with pytest.raises(NotFound, match="no 5555 in the dialplan's context office"):
            await desk.watch.backend.act(Transfer(**desk.on("1001"), to="5555", attended=attended))
    await desk.watch.read(Topic.CALLS)
    await desk.sees(_1001=TALKING, _1002=TALKING)


# -- attended transfer ------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "other"), [("1001", "1002"), ("1002", "1001")])
async def test_an_attended_transfer(desk: Desk, phone: MakePhone, by: str, other: str) -> None:
    calls = dict(
        zip(("1001", "1002"), await both_talk(desk, phone("1001"), phone("1002")), strict=True)
    )
    frank = phone("1006")
    outcome = await desk.does(Transfer(**desk.on(by), to="1006", attended=True))
    assert outcome.words == "Atxfer successfully queued"
    ringing = await rung(frank)
    await soon(lambda: desk.watch.states().get(other) is LegState.HELD)
    await doing(ringing.answer)
    await desk.sees(**{f"_{other}": LegState.HELD, f"_{by}": TALKING, "_1006": TALKING})
    await doing(calls[by].hang_up)
    await desk.sees(**{f"_{other}": TALKING, "_1006": TALKING})
    await doing(calls[other].hang_up)
    await doing(ringing.ended)


@pytest.mark.parametrize("calls_out", [True, False])
async def test_a_phone_with_two_calls_connects_them_and_is_free(
    desk: Desk, phone: MakePhone, calls_out: bool
) -> None:
    alice, bob, frank = phone("1001"), phone("1002"), phone("1006")
    ends = await both_talk(desk, *((alice, bob) if calls_out else (bob, alice)))
    own, other = ends if calls_out else ends[::-1]
    await doing(own.hold)
    second, incoming = await talking(alice, frank)
    await soon(lambda: len(desk.watch.calls()) == 2 and desk.watch.states()["1006"] is TALKING)
    await desk.does(Transfer(**desk.on("1002", by="1001"), to="1006", attended=True))
    await doing(own.ended)
    await doing(second.ended)
    await desk.sees(_1002=TALKING, _1006=TALKING)
    await doing(other.hang_up)
    await doing(incoming.ended)


async def test_nobody_is_transferred_to_whom_he_talks_with(desk: Desk, phone: MakePhone) -> None:
    await both_talk(desk, phone("1001"), phone("1002"))
    for attended in (False, True):
        with pytest.raises(Conflict, match="1001 talks with 1002 already"):
            await desk.watch.backend.act(Transfer(**desk.on("1001"), to="1002", attended=attended))


async def test_a_phone_that_may_not_transfer_is_told_so(desk: Desk, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    out = await asyncio.to_thread(alice.dial, "8031002")
    incoming = await rung(bob)
    await doing(out.rings)
    await doing(incoming.answer)
    await doing(out.talks)
    await desk.sees(_1001=TALKING, _1002=TALKING)
    await desk.watch.read(Topic.CALLS)
    for by, letter in (("1001", "T"), ("1002", "t")):
        with pytest.raises(Conflict, match=f"no {letter} among its options"):
            await desk.watch.backend.act(Transfer(**desk.on(by), to="1006", attended=True))
