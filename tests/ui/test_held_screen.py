"""The held screen as a person uses it: keys in, lines out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from pbxtui.config import Patience
from pbxtui.model import Call, Certainty, Key, Leg, LegState, Party, Transfer
from pbxtui.ui.screens.page import Page
from tests.backends.asterisk.recorded import Heard
from tests.ui.acting import acting_stage, at_work, dispatcher
from tests.ui.seen import lines, shown, text
from tests.ui.stage import NOON, Stage, call, set_stage

TAXI = Party("+4411", "Harbour Taxi")
DESK, SHOP = Party("447", "Front desk"), Party("305", "Workshop")


def talking(id: str = "a", *, site: str = "hq", caller: Party = TAXI) -> Call:
    """A caller who talks with the front desk."""
    return call(id, from_=caller, to=DESK, age=300, site=site)


def own(one: Call) -> Leg:
    return next(leg for leg in one.legs if leg.extension)


def trunk(one: Call) -> Leg:
    return next(leg for leg in one.legs if not leg.extension)


def held(one: Call, age: float, certainty: Certainty = Certainty.SEEN) -> Call:
    """The front desk has put the caller on hold, ``age`` seconds before noon."""
    leg = replace(own(one), state=LegState.HELD, since=NOON - age, certainty=certainty)
    return replace(one, legs=(trunk(one), leg))


def parked(one: Call, at: str, age: float) -> Call:
    leg = replace(trunk(one), state=LegState.PARKED, since=NOON - age, bridge="")
    return replace(one, state=LegState.PARKED, parked_at=at, legs=(leg,), since=NOON - age)


def sent(one: Call, state: LegState, age: float, to: Party = SHOP) -> Call:
    """The front desk has left, and another phone rings or talks."""
    other = replace(own(one), id=f"{one.id}-{to.number}", state=state, to=to, extension=to.number)
    return replace(one, state=state, legs=(trunk(one), replace(other, since=NOON - age)))


def over(one: Call) -> Call:
    legs = tuple(replace(leg, state=LegState.ENDED) for leg in one.legs)
    return replace(one, state=LegState.ENDED, ended=NOON, legs=legs)


async def again(stage: Stage, pilot: Pilot[None], *calls: Call, site: str = "hq") -> None:
    stage.give(*calls, site=site)
    await stage.read(site)
    await pilot.pause()


async def later(stage: Stage, pilot: Pilot[None], seconds: float) -> None:
    """The clock goes on, and the screen ticks."""
    stage.clock.now += seconds
    page = stage.app.screen
    assert isinstance(page, Page)
    page.tick()
    await pilot.pause()


async def test_who_waits_is_listed_oldest_first_with_who_put_them_there() -> None:
    calls = (
        held(talking("a"), 20),
        talking("b"),
        parked(talking("c", caller=Party("+4422", "Bent")), "701", 75),
        held(talking("x", site="branch", caller=Party("+4533", "Carla")), 30),
    )
    async with shown(stage := set_stage(*calls, sites=("hq", "branch"))) as pilot:
        await pilot.press("5")
        rows = lines(stage)[2:5]
        assert ["Bent" in rows[0], "Carla" in rows[1], "Harbour Taxi" in rows[2]] == [True] * 3
        assert "P park" in rows[0]
        assert "parked at 701" in rows[0]
        assert "‖ hold" in rows[2]
        assert "447" in rows[2]
        assert "Front desk" in rows[2]
        assert "0:20" in rows[2]
        assert "3 held 1:15 !" in lines(stage)[0]


async def test_a_long_wait_is_marked_by_sign_at_sixty_and_at_a_hundred_and_twenty_seconds() -> None:
    async with shown(stage := set_stage(held(talking(), 58))) as pilot:
        await pilot.press("5")
        assert "!" not in lines(stage)[2]
        await later(stage, pilot, 2)
        assert "! 1:00" in lines(stage)[2]
        await later(stage, pilot, 60)
        assert "!! 2:00" in lines(stage)[2]
        assert "1 held 2:00 !!" in lines(stage)[0]


async def test_the_config_says_how_long_is_too_long() -> None:
    stage = set_stage(held(talking(), 12))
    stage.app.options = replace(stage.app.options, held=Patience(10, 15))
    async with shown(stage) as pilot:
        await pilot.press("5")
        assert "! 0:12" in lines(stage)[2]
        await later(stage, pilot, 3)
        assert "!! 0:15" in lines(stage)[2]


async def test_an_assumed_hold_is_marked() -> None:
    async with shown(stage := set_stage(held(talking(), 5, Certainty.ASSUMED))) as pilot:
        await pilot.press("5")
        assert "‖ hold~" in lines(stage)[2]


async def test_the_details_do_not_say_that_the_pbx_showed_an_assumed_hold() -> None:
    it = replace(talking(), certainty=Certainty.ASSUMED, since=0.0, reason="held by pbxtui")
    async with shown(stage := set_stage(it)) as pilot:
        await pilot.press("enter")
        for label in ("state", "since", "reason"):
            row = next(line for line in lines(stage) if line.strip().startswith(f"{label} "))
            assert "assumed ~" in row
            assert "an action of ours" in row
            assert " seen " not in row


async def test_a_resumed_call_goes_away() -> None:
    async with shown(stage := set_stage(held(talking(), 5))) as pilot:
        await pilot.press("5")
        assert "Harbour Taxi" in lines(stage)[2]
        await again(stage, pilot, talking())
        assert "nobody is on hold, parked or being sent on" in text(stage)
        assert "0 held" in lines(stage)[0]


async def test_a_transfer_is_followed_until_it_is_answered_and_stays_a_while() -> None:
    async with shown(stage := set_stage(talking())) as pilot:
        await pilot.press("5")
        assert "nobody" in text(stage)
        await again(stage, pilot, sent(talking(), LegState.RINGING, 0))
        await later(stage, pilot, 12)
        assert "◂ ring" in lines(stage)[2]
        assert "rings at 305 0:12" in lines(stage)[2]
        assert "447" in lines(stage)[2]
        await again(stage, pilot, sent(talking(), LegState.TALKING, -12))
        assert "answered by 305" in lines(stage)[2]
        assert "0 held" in lines(stage)[0]
        await pilot.press("d")
        became = next(line for line in lines(stage) if line.startswith("what became"))
        assert "sent on, answered 305" in became
        assert "inferred" in became
        await pilot.press("escape")
        await later(stage, pilot, 29)
        assert "answered by 305" in lines(stage)[2]
        await later(stage, pilot, 2)
        assert "nobody" in text(stage)


async def test_a_transfer_that_comes_back_says_so() -> None:
    async with shown(stage := set_stage(talking())) as pilot:
        await pilot.press("5")
        await again(stage, pilot, sent(talking(), LegState.RINGING, 0))
        back = replace(sent(talking(), LegState.RINGING, 0, DESK), id="a")
        await again(stage, pilot, back)
        assert "back at 447 0:00" in lines(stage)[2]
        await again(stage, pilot, sent(talking(), LegState.TALKING, 0, DESK))
        assert "taken back by 447" in lines(stage)[2]


async def test_a_caller_who_gives_up_is_said_to_have_hung_up() -> None:
    async with shown(stage := set_stage(talking())) as pilot:
        await pilot.press("5")
        rings = sent(talking(), LegState.RINGING, 0)
        await again(stage, pilot, rings)
        await again(stage, pilot, over(rings))
        assert "hung up at 305" in lines(stage)[2]


async def test_the_wait_goes_on_from_hold_to_transfer() -> None:
    async with shown(stage := set_stage(held(talking(), 50))) as pilot:
        await pilot.press("5")
        await again(stage, pilot, sent(talking(), LegState.RINGING, 0))
        await later(stage, pilot, 15)
        assert "! 1:05" in lines(stage)[2]
        assert "rings at 305 0:15" in lines(stage)[2]


async def test_whoever_parked_a_call_is_remembered() -> None:
    async with shown(stage := set_stage(talking())) as pilot:
        await pilot.press("5")
        await again(stage, pilot, parked(talking(), "701", 0))
        assert "parked at 701" in lines(stage)[2]
        assert "447" in lines(stage)[2]
        assert "Front desk" in lines(stage)[2]


async def test_those_who_wait_no_more_stand_below_those_who_do() -> None:
    first, second = talking("a"), talking("b", caller=Party("+4422", "Bent"))
    async with shown(stage := set_stage(first, held(second, 5))) as pilot:
        await pilot.press("5")
        rings = sent(first, LegState.RINGING, 20)
        await again(stage, pilot, rings, held(second, 5))
        assert "Harbour Taxi" in lines(stage)[2]
        await again(stage, pilot, sent(first, LegState.TALKING, 0), held(second, 5))
        assert "Bent" in lines(stage)[2]
        assert "answered by 305" in lines(stage)[3]


async def test_a_transfer_during_a_frozen_picture_is_known_after_it() -> None:
    async with shown(stage := set_stage(talking())) as pilot:
        await pilot.press("5", "p")
        await again(stage, pilot, sent(talking(), LegState.RINGING, 0))
        assert "nobody" in text(stage)
        await pilot.press("p")
        assert "rings at 305" in lines(stage)[2]


async def test_what_happens_while_another_view_is_shown_is_known() -> None:
    async with shown(stage := set_stage(talking())) as pilot:
        await again(stage, pilot, sent(talking(), LegState.RINGING, 0))
        await pilot.press("5")
        assert "rings at 305" in lines(stage)[2]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("state:park", "Bent"), ("by:447", "Harbour"), ("place:701", "Bent"), ("who:taxi", "Harbour")],
)
async def test_what_a_filter_finds(typed: str, found: str) -> None:
    calls = (held(talking("a"), 9), parked(talking("b", caller=Party("+4422", "Bent")), "701", 5))
    async with shown(stage := set_stage(*calls, talking("c"))) as pilot:
        await pilot.press("5", "slash", *typed, "enter")
        assert {name for name in ("Bent", "Harbour") if name in text(stage)} == {found}
        await pilot.press("slash", *"zz", "enter")
        assert "none of 2 held calls matches" in text(stage)


async def test_clocks_that_differ_do_not_turn_the_order_round() -> None:
    ours, theirs = held(talking("a"), 20), talking("x", site="branch", caller=Party("+45", "Carla"))
    stage = set_stage(ours, held(theirs, 40), sites=("hq", "branch"))
    async with shown(stage) as pilot:
        stage.fleet.site("branch").skew = -30.0
        await again(stage, pilot, site="branch")
        await again(stage, pilot, held(theirs, 41), site="branch")
        await pilot.press("5")
        assert "Harbour Taxi" in lines(stage)[2]
        assert "0:20" in lines(stage)[2]
        assert "Carla" in lines(stage)[3]
        assert "0:11" in lines(stage)[3]


async def test_sorting_and_cursor_by_row() -> None:
    calls = (held(talking("a"), 9), parked(talking("b", caller=Party("+4422", "Bent")), "701", 5))
    async with shown(stage := set_stage(*calls)) as pilot:
        await pilot.press("5")
        assert stage.app.view.list.cursor == Key("hq", "a")
        await pilot.press("z")
        assert "Bent" in lines(stage)[2]
        assert stage.app.view.list.cursor == Key("hq", "a")


async def test_a_narrow_screen_keeps_who_waits_where_and_how_long() -> None:
    stage = set_stage(parked(talking(), "701", 130), ascii=True)
    async with shown(stage, size=(80, 24)) as pilot:
        await pilot.press("5")
        assert "PARK" in lines(stage)[2]
        assert "!! 2:10" in lines(stage)[2]
        assert "parked at 701" in lines(stage)[2]
        assert "Harbour Taxi  +4411" in lines(stage)[2]
        assert text(stage).isascii()


async def test_whoever_waits_while_the_phone_asks_somebody_on_a_real_asterisk() -> None:
    office = Heard().lists("attended-transfer-before").events("attended-transfer-ringing")
    rings = replace(office.call(), site="hq")
    async with shown(stage := set_stage(rings)) as pilot:
        await pilot.press("5")
        await pilot.pause()
        row = " ".join(lines(stage)[2].split())
        assert "hold" in row
        assert "Alice 1001" in row
        assert "1002 Bob 1002 rings 1006" in row
        office.lists("attended-transfer-consulting")
        await again(stage, pilot, replace(office.call(), site="hq"))
        row = " ".join(lines(stage)[2].split())
        assert "Alice 1001" in row
        assert "1002 Bob 1002 asks 1006" in row


async def test_a_transfer_of_our_own_is_followed_into_the_call_that_it_becomes() -> None:
    first = talking("a", caller=Party("+441632960044", "City Couriers"))
    other = call("b", LegState.RINGING, from_=first.from_, to=Party("305", "Workshop"), age=0)
    async with at_work(stage := acting_stage(first)) as pilot:
        await stage.read()
        transfer = Transfer(site="hq", call="a", leg="a-b", to="305")
        await stage.app.hand.send(dispatcher(stage).plan(transfer)).answered()
        await again(stage, pilot, other)
        await pilot.press("5")
        await pilot.pause()
        row = " ".join(lines(stage)[2].split())
        assert "City Couriers" in row
        assert "447 Front desk rings at 305" in row


async def test_without_a_transfer_the_same_caller_at_another_phone_is_another_call() -> None:
    first = talking("a", caller=Party("+441632960044", "City Couriers"))
    other = call("b", LegState.RINGING, from_=first.from_, to=Party("305", "Workshop"), age=0)
    async with at_work(stage := acting_stage(first)) as pilot:
        await stage.read()
        await again(stage, pilot, other)
        await pilot.press("5")
        await pilot.pause()
        assert "nobody is on hold" in text(stage)
