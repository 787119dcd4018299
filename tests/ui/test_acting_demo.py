"""Acting by keys alone, over the wires of the demo: what is done is seen in its offices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from pbxtui.config import Config
from pbxtui.model import Call, Key, LegState, Topic
from pbxtui.service.acting import Observed, Step, Ticket
from pbxtui.ui.app import PbxApp
from tests.ui.demo import demo_app, settled
from tests.ui.stage import NOON, Clock


@asynccontextmanager
async def desk(site: str, state: str = "talk") -> AsyncIterator[tuple[PbxApp, Pilot[None], Clock]]:
    """The demo, unlocked, with the calls of one site in one state shown."""
    clock = Clock(NOON)
    app = demo_app(clock=clock, config=Config(grace=0.0))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        while app.hand.dispatcher is None:
            await pilot.pause()
        words = f"site:{site} state:{state}"
        keys = [{":": "colon", " ": "space"}.get(char, char) for char in words]
        await pilot.press("slash", *keys, "enter", "g", "L")
        yield app, pilot, clock


def under(app: PbxApp) -> Call:
    found = app.calls.table.thing_of(app.calls.list.cursor)
    assert found is not None
    return found


def words(app: PbxApp) -> str:
    strips = app.screen._compositor.render_strips(app.screen.size)
    return "\n".join("".join(piece.text for piece in strip) for strip in strips)


async def over(app: PbxApp, pilot: Pilot[None], clock: Clock) -> Ticket:
    """Let time go by until it is known what became of the last action."""
    assert app.fleet is not None
    ticket = app.hand.tickets[-1]
    await ticket.answered()
    while not ticket.over:
        clock.now += 1.0
        await app.fleet.site(ticket.plan.site).read(Topic.CALLS)
    await pilot.pause()
    return ticket


@pytest.mark.parametrize("site", ["hq", "branch", "cloud"])
async def test_a_call_is_hung_up_and_that_is_seen(site: str) -> None:
    async with desk(site) as (app, pilot, clock):
        call = under(app)
        assert call.site == site
        await pilot.press("X", "y")
        ticket = await over(app, pilot, clock)
        assert ticket.observed is Observed.OBSERVED
        assert "seen: the call is over" in words(app)
        assert app.fleet is not None
        now = app.fleet.site(site).snapshot.calls.get(call.id)
        assert now is None or now.over


@pytest.mark.parametrize("site", ["hq", "branch", "cloud"])
async def test_a_call_is_sent_on_to_the_number_that_was_typed(site: str) -> None:
    async with desk(site) as (app, pilot, clock):
        call = under(app)
        assert app.fleet is not None
        busy = {leg.extension for one in _calls(app, site) for leg in one.legs}
        known = [one.extension for one in app.fleet.site(site).snapshot.devices.values()]
        to = next(number for number in (*known, *("305", "306")) if number and number not in busy)
        await pilot.press("T")
        await pilot.pause()
        await pilot.press(*to, "enter")
        await pilot.pause()
        if app.calls.question is not None:
            await pilot.press("y")
        ticket = await over(app, pilot, clock)
        action = ticket.plan.action
        assert getattr(action, "call", "") == call.id
        assert getattr(action, "to", "") == to
        assert ticket.step is Step.OBSERVED, ticket.words
        assert "seen: " in words(app)


def _calls(app: PbxApp, site: str) -> list[Call]:
    assert app.fleet is not None
    return list(app.fleet.site(site).snapshot.calls.values())


@pytest.mark.parametrize("site", ["hq", "cloud"])
async def test_a_hold_that_the_pbx_does_not_show_is_assumed_and_ends_with_the_same_key(
    site: str,
) -> None:
    async with desk(site) as (app, pilot, clock):
        call = under(app)
        await pilot.press("slash", *["backspace"] * 40, "enter")
        app.calls.list.choose(call.key)
        await pilot.press("H")
        ticket = await over(app, pilot, clock)
        assert ticket.observed is Observed.NOT_OBSERVABLE
        assert "accepted: " in words(app)
        assert "seen: " not in words(app)
        shown = app.calls.table.things[Key(site, call.id)]
        assert LegState.HELD in [leg.state for leg in shown.legs]
        assert "hold~" in words(app)
        await pilot.press("H")
        await over(app, pilot, clock)
        shown = app.calls.table.things[Key(site, call.id)]
        assert LegState.HELD not in [leg.state for leg in shown.legs]


async def test_what_mirta_cannot_do_is_said_with_what_comes_nearest() -> None:
    async with desk("branch") as (app, pilot, _):
        await pilot.pause()
        assert "(H hold)" in words(app)
        await pilot.press("H")
        await app.hand.tickets[-1].answered()
        await pilot.pause()
        assert "not sent: MiRTA's API has no hold; P parks the call at 700" in words(app)


async def test_a_call_is_parked_and_that_is_seen_among_the_held() -> None:
    async with desk("branch") as (app, pilot, clock):
        call = under(app)
        await pilot.press("P")
        ticket = await over(app, pilot, clock)
        assert ticket.step is Step.OBSERVED, ticket.words
        assert "seen: it is parked" in words(app)
        await pilot.press("5")
        await pilot.pause()
        held = app.views["held"]
        assert any(key.id == call.id for key in held.list.rows if isinstance(key, Key))
