"""Completing and cancelling an attended transfer at MiRTA, which has hang-ups for it only."""

from __future__ import annotations

from typing import Any

import pytest

from pbxtui.backends.base import BackendError
from pbxtui.model import CancelTransfer, CompleteTransfer, LegState, Transfer
from pbxtui.simulator import things
from tests.backends.mirta.doing import ACCEPTED, on
from tests.backends.mirta.office import Branch, branch


async def asking(one: Branch, *, answered: bool) -> tuple[things.Call, things.Extension]:
    call, target = one.talk(), one.free(5)
    action = Transfer(**await on(one, call, 0), to=target.number, attended=True)
    assert (await one.backend.act(action)).answered is ACCEPTED
    if answered:
        one.until(lambda: any(leg.answered for leg in target.legs))
    return call, target


async def names(one: Branch, call: things.Call, target: things.Extension) -> dict[str, Any]:
    """As the list has them: the phone is on one call with whoever it asks."""
    own = call.live_legs()[0]
    channel = one.simulated.channel_of(own.id)
    calls = (await one.calls()).values()
    (found,) = [each for each in calls if any(leg.channel == channel for leg in each.legs)]
    (by,) = [leg for leg in found.legs if leg.channel == channel]
    asked = [leg for leg in found.legs if leg.extension == target.number]
    return {"site": "branch", "call": found.id, "leg": by.id, "asked": asked[0].id}


async def test_while_it_asks_a_phone_is_on_one_call_with_whoever_is_asked() -> None:
    async with branch() as one:
        call, target = await asking(one, answered=True)
        where = await names(one, call, target)
        shown = (await one.calls())[where["call"]]
        assert {leg.extension for leg in shown.legs} == {
            call.live_legs()[0].party.number,
            target.number,
        }
        assert len({leg.bridge for leg in shown.legs}) == 1, "a Local channel joins their bridges"
        assert shown.to.number == target.number
        channel = one.simulated.channel_of(call.live_legs()[1].id)
        (waits,) = (
            each
            for each in (await one.calls()).values()
            if channel in {leg.channel for leg in each.legs}
        )
        assert [leg.state for leg in waits.legs] == [LegState.TALKING], "and nobody else is there"


async def test_the_phone_that_transfers_is_hung_up_to_complete() -> None:
    async with branch() as one:
        call, target = await asking(one, answered=True)
        own, other = call.live_legs()
        outcome = await one.backend.act(CompleteTransfer(**await names(one, call, target)))
        assert outcome.answered is ACCEPTED
        assert one.simulated.asked[-1].get("channel") == one.simulated.channel_of(own.id)
        assert not own.alive
        assert {leg.extension for leg in call.live_legs()} == {None, target}
        assert other.alive


@pytest.mark.parametrize("answered", [False, True])
async def test_whoever_is_asked_is_hung_up_to_cancel(answered: bool) -> None:
    async with branch() as one:
        call, target = await asking(one, answered=answered)
        (asked, *_) = target.legs
        own, other = call.live_legs()
        for _ in target.legs.copy():
            if target.legs:
                await one.backend.act(CancelTransfer(**await names(one, call, target)))
        assert not asked.alive
        assert own.state.value == "talking"
        assert call.live_legs() == [own, other]


async def test_nobody_is_cut_off_where_nobody_has_answered_or_is_asked() -> None:
    async with branch() as one:
        call, target = await asking(one, answered=False)
        where = await names(one, call, target)
        with pytest.raises(BackendError, match="has not answered yet"):
            await one.backend.act(CompleteTransfer(**where))
        for make in (CompleteTransfer, CancelTransfer):
            with pytest.raises(BackendError, match="does not show who is asked"):
                await one.backend.act(make(**where | {"asked": ""}))
            with pytest.raises(BackendError, match="not in the PBX's list any more"):
                await one.backend.act(make(**where | {"asked": "1.1"}))
        assert one.count("HANGUP") == 0
        assert all(leg.alive for leg in call.live_legs())
