"""Actions on calls: sent once, seen in the office, with the PBX's own words."""

from __future__ import annotations

import pytest

from pbxtui.backends.base import BackendError, Conflict, NotFound
from pbxtui.model import (
    Dial,
    Hangup,
    Park,
    Retrieve,
    Transfer,
)
from pbxtui.simulator.things import LegState
from tests.backends.mirta.doing import (
    ACCEPTED,
    REFUSED,
    on,
    state,
)
from tests.backends.mirta.office import branch

# --- calls -------------------------------------------------------------------------------------


@pytest.mark.parametrize("nth", [None, 0, 1])
async def test_hang_up(nth: int | None) -> None:
    async with branch() as one:
        call = one.talk()
        outcome = await one.backend.act(Hangup(**await on(one, call, nth)))
        assert (outcome.answered, outcome.words) == (ACCEPTED, "OK")
        assert state(call) is LegState.ENDED
        assert one.count("HANGUP") == 1


async def test_hanging_up_a_leg_names_that_leg() -> None:
    async with branch() as one:
        call = one.talk()
        names = [one.simulated.channel_of(leg.id) for leg in call.live_legs()]
        await one.backend.act(Hangup(**await on(one, call, 1)))
        assert one.simulated.asked[-1].get("channel") == names[1]


@pytest.mark.parametrize("leg", ["own", "their", "none"])
async def test_a_blind_transfer_sends_the_other_side_elsewhere(leg: str) -> None:
    async with branch() as one:
        call, target = one.talk(), one.free(5)
        nth = {"own": 0, "their": 1, "none": None}[leg]
        own, customer = call.live_legs()
        action = Transfer(**await on(one, call, nth), to=target.number)
        outcome = await one.backend.act(action)
        assert outcome.answered is ACCEPTED
        assert one.simulated.asked[-1].get("channel") == one.simulated.channel_of(customer.id)
        assert one.simulated.asked[-1].get("extrachannel") == ""
        assert state(own) is LegState.ENDED
        assert [other.extension for other in call.live_legs()] == [None, target]
        assert one.count("TRANSFER") == 1
        one.until(lambda: state(call) is LegState.TALKING)
        shown = await one.shown(call)
        assert shown.to.number == target.number


async def test_the_operators_own_phone_is_the_one_that_transfers() -> None:
    async with branch() as one:
        callee, target = one.free(3), one.free(6)
        call = one.talk(callee.number)
        caller = call.live_legs()[0]
        one.backend = one.open(extension=callee.number)
        await one.backend.act(Transfer(**await on(one, call), to=target.number))
        assert one.simulated.asked[-1].get("channel") == one.simulated.channel_of(caller.id)
        assert caller.alive


async def test_who_is_still_ringing_can_be_sent_elsewhere() -> None:
    async with branch() as one:
        target = one.free(6)
        call = one.office.dial(one.free().number, one.free(4).number)
        one.until(lambda: len(call.live_legs()) > 1)
        caller = call.live_legs()[0]
        await one.backend.act(Transfer(**await on(one, call), to=target.number))
        assert caller.alive
        assert [leg.extension for leg in call.live_legs()[1:]] == [target] * len(target.devices)


@pytest.mark.parametrize("nth", [None, 0, 1])
async def test_of_a_call_that_nobody_has_answered_the_caller_is_sent(nth: int | None) -> None:
    async with branch() as one:
        target = one.free(6)
        call = one.office.dial(one.free().number, one.free(4).number)
        one.until(lambda: len(call.live_legs()) > 1)
        caller = call.live_legs()[0]
        assert caller.extension is not None
        one.backend = one.open(extension=caller.extension.number)
        await one.backend.act(Transfer(**await on(one, call, nth), to=target.number))
        assert one.simulated.asked[-1].get("channel") == one.simulated.channel_of(caller.id)


async def test_somebody_who_waits_is_sent_out_of_the_queue() -> None:
    async with branch() as one:
        queue, target = next(iter(one.office.queues.values())), one.free(6)
        for agent in queue.agents:
            one.office.set_logged_in(agent, False)
        call = one.office.dial(one.free().number, queue.number)
        one.until(lambda: bool(call.queued))
        await one.backend.act(Transfer(**await on(one, call, 0), to=target.number))
        assert not queue.callers
        assert [leg.extension for leg in call.live_legs()[1:]] == [target] * len(target.devices)


async def test_a_phone_that_only_rings_has_nobody_to_transfer() -> None:
    async with branch() as one:
        call = one.office.dial(one.free().number, "+441632960123")
        with pytest.raises(Conflict, match="nobody has answered yet"):
            await one.backend.act(Transfer(**await on(one, call), to="203"))
        assert one.count("TRANSFER") == 0


async def test_two_who_stay_are_sent_together() -> None:
    async with branch() as one:
        call = one.talk()
        third = one.free(4)
        leg = one.office.ring(call, third)[0]
        one.office.pick_up(leg)
        outcome = await one.backend.act(Transfer(**await on(one, call, 0), to=one.free(7).number))
        assert outcome.answered is ACCEPTED
        asked = one.simulated.asked[-1]
        staying = [one.simulated.channel_of(each.id) for each in call.live_legs()[:2]]
        assert [asked.get("channel"), asked.get("extrachannel")] == staying


async def test_an_attended_transfer_names_whoever_transfers() -> None:
    async with branch() as one:
        call, target = one.talk(), one.free(5)
        own = call.live_legs()[0]
        action = Transfer(**await on(one, call), to=target.number, attended=True)
        assert (await one.backend.act(action)).answered is ACCEPTED
        asked = one.simulated.asked[-1]
        assert (asked.reqtype, asked.get("dest")) == ("ATXTRANSFER", target.number)
        assert asked.get("channel") == one.simulated.channel_of(own.id)
        assert state(own) is LegState.HELD
        one.until(
            lambda: not own.alive and any(leg.extension is target for leg in call.live_legs())
        )
        assert one.count("ATXTRANSFER") == 1


async def test_an_attended_transfer_between_two_phones_needs_a_leg() -> None:
    async with branch() as one:
        call = one.talk(one.free(4).number)
        with pytest.raises(Conflict, match="choose its leg"):
            await one.backend.act(
                Transfer(**await on(one, call), to=one.free(7).number, attended=True)
            )
        assert one.count("ATXTRANSFER") == 0


async def test_park_and_take_back() -> None:
    async with branch() as one:
        call = one.talk()
        customer, taker = call.live_legs()[1], one.free(6)
        assert (await one.backend.act(Park(**await on(one, call)))).answered is ACCEPTED
        assert one.simulated.asked[-1].get("dest") == "700"
        assert state(customer) is LegState.PARKED
        shown = await one.shown(call)
        assert (shown.state.value, shown.parked_at) == ("parked", "")
        where = await on(one, call)
        assert (
            await one.backend.act(Retrieve(**where, extension=taker.number))
        ).answered is ACCEPTED
        one.until(lambda: state(call) is LegState.TALKING)
        assert {leg.extension for leg in call.live_legs()} == {None, taker}


async def test_taking_back_needs_a_parked_call_and_a_phone() -> None:
    async with branch() as one:
        call = one.talk()
        with pytest.raises(Conflict, match="not parked"):
            await one.backend.act(Retrieve(**await on(one, call), extension="203"))
        await one.backend.act(Park(**await on(one, call)))
        with pytest.raises(BackendError, match="which phone"):
            await one.backend.act(Retrieve(**await on(one, call)))


async def test_dial_rings_the_own_phone_first() -> None:
    async with branch() as one:
        ext = one.free()
        outcome = await one.backend.act(
            Dial(site="branch", from_=ext.username, to="+44 (1632) 960-123")
        )
        assert outcome.answered is ACCEPTED
        assert outcome.words == "Originate successfully queued"
        assert len(outcome.created) == 14
        asked = one.simulated.asked[-1]
        assert (asked.get("source"), asked.get("account")) == (ext.number, "SOURCE")
        (call,) = one.office.calls.values()
        assert [leg.extension for leg in call.live_legs()] == [ext] * len(ext.devices)
        assert one.count("DIAL") == 1


async def test_calls_that_are_over_are_said_to_be() -> None:
    async with branch() as one:
        call = one.talk()
        where = await on(one, call)
        one.office.hangup_call(call.id)
        refused = await one.backend.act(Hangup(**where))
        assert (refused.answered, refused.words) == (REFUSED, "No such channel")
        one.advance(5)
        await one.calls()
        with pytest.raises(NotFound, match="not in the PBX's list any more"):
            await one.backend.act(Hangup(**where))
        assert one.count("HANGUP") == 1


async def test_without_a_reading_the_calls_are_read_first() -> None:
    async with branch() as one:
        call = one.talk()
        where = await on(one, call)
        one.backend = one.open()
        assert (await one.backend.act(Hangup(**where))).answered is ACCEPTED
        assert state(call) is LegState.ENDED
