"""Old rows and frozen pictures: what is no longer true of now looks so, in every view."""

from __future__ import annotations

import pytest
from rich.color import Color
from textual.pilot import Pilot

from pbxtui.backends.base import Exchange
from pbxtui.model import (
    Device,
    DeviceState,
    Kind,
    LampState,
    LegState,
    Party,
    Queue,
    Thing,
    Topic,
)
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.views import VIEWS, ViewSpec
from tests.ui.lampset import flow, lamp
from tests.ui.reception import held
from tests.ui.seen import lines, shown, text
from tests.ui.stage import NOON, Stage, call, set_stage

SITES = ("hq", "branch")
HOUR = 3600.0
DESK = Party("447", "Front desk")
LIVE = [view for view in VIEWS if view.name != "log"]


pytestmark = pytest.mark.usefixtures("still")


def things(site: str) -> list[Thing]:
    return [
        held(call("a", from_=Party("+4411", "Harbour Taxi"), to=DESK, site=site), 9),
        Device(site, "p1", DeviceState.UNREACHABLE, extension="447", name="Front desk phone"),
        Queue(site, "q1", "Support", callers=()),
        lamp("447", LampState.RINGING, site=site, name="Front desk lamp"),
        flow("7101", "Day and night", "night", LampState.IN_USE, site=site),
    ]


def two_sites() -> Stage:
    return set_stage(*things("hq"), *things("branch"), sites=SITES)


def colours(stage: Stage, site: str) -> set[Color | None]:
    """The colours of the texts in the rows of a site."""
    screen, found = stage.app.screen, set()
    said = lines(stage)
    last = next(y for y, line in enumerate(said) if line.startswith("hq stage"))
    strips = screen._compositor.render_strips(screen.size)
    for line, strip in zip(said[2:last], strips[2:last], strict=True):
        if f"{site} " in line:
            found |= {s.style.color for s in strip if s.style is not None and s.text.strip()}
    return found - {toned(stage, Tone.HEAD)}


def toned(stage: Stage, tone: Tone) -> Color | None:
    return stage.app.looks.style(tone).color


async def passed(stage: Stage, pilot: Pilot[None], seconds: float, *read: str) -> None:
    """Time goes by, and then only some sites are read."""
    stage.clock.now += seconds
    for site in read:
        for topic in stage.backends[site].topics:
            await stage.read(site, topic)
    stage.app._tick()
    await pilot.pause()


@pytest.mark.parametrize("view", LIVE, ids=[view.name for view in LIVE])
async def test_the_rows_of_a_site_that_is_not_read_grow_faint(view: ViewSpec) -> None:
    async with shown(stage := two_sites()) as pilot:
        faint = {toned(stage, Tone.DIM)}
        await pilot.press(view.key)
        await pilot.pause()
        fresh = colours(stage, "branch")
        assert fresh > faint, lines(stage)
        await passed(stage, pilot, 9 * HOUR, "hq")
        assert colours(stage, "branch") == faint
        assert colours(stage, "hq") - faint
        await passed(stage, pilot, 1, "branch")
        assert colours(stage, "branch") > faint


async def test_what_the_calls_tell_of_a_phone_grows_faint_with_the_calls() -> None:
    phone = Device("hq", "p1", DeviceState.REGISTERED, extension="447")
    stage = set_stage(call("a", LegState.RINGING, to=DESK), phone)
    async with shown(stage) as pilot:
        await pilot.press("2")
        assert toned(stage, Tone.RING) in colours(stage, "447")
        stage.clock.now += 9 * HOUR
        await stage.read("hq", Topic.DEVICES)
        stage.app._tick()
        await pilot.pause()
        assert "ringing" in lines(stage)[2]
        seen = colours(stage, "447")
        assert toned(stage, Tone.PLAIN) in seen, "what the devices tell is fresh"
        assert toned(stage, Tone.RING) not in seen


def test_without_colours_old_rows_are_dim_by_the_terminal_s_own_means() -> None:
    looks = Looks(colours=False)
    assert looks.faint(looks.style(Tone.ALARM)).dim


async def test_a_blind_site_says_since_when() -> None:
    async with shown(stage := two_sites()) as pilot:
        await passed(stage, pilot, 11 * HOUR, "hq")
        line = lines(stage)[-2]
        assert "branch stage × since 12:00" in line
        assert "hq stage • 0.0 s" in line
        await passed(stage, pilot, 24 * HOUR, "hq")
        assert "branch stage × 35 h" in lines(stage)[-2]


# --- one freeze for all views ---------------------------------------------------------------------


async def test_one_instant_is_frozen_in_all_views() -> None:
    async with shown(stage := two_sites()) as pilot:
        await pilot.press("p")
        stage.clock.now += 20
        stage.give(site="hq")
        stage.give(Device("hq", "p1", DeviceState.REGISTERED, extension="9"), kind=Kind.DEVICES)
        stage.give(Queue("hq", "q2", "Sales", callers=()), kind=Kind.QUEUES)
        stage.give(lamp("448", LampState.IDLE, name="Other"), kind=Kind.LAMPS)
        await passed(stage, pilot, 0, "hq")
        for view in LIVE:
            await pilot.press(view.key)
            await pilot.pause()
            assert "frozen 12:00:00" in lines(stage)[0], view.name
            for was in ("Harbour Taxi", "Front desk phone", "Support", "447"):
                if was in FROZEN[view.name]:
                    assert text(stage).count(was) >= 2, (view.name, was)
            assert not any(new in text(stage) for new in ("Sales", "448", "0:29", "▣"))
        await pilot.press("1")
        assert "2 calls" in lines(stage)[0]
        await pilot.press("2", "p")
        assert "frozen" not in text(stage)
        assert "1 calls" in lines(stage)[0] or "1 call " in lines(stage)[0]
        await pilot.press("3")
        assert "Sales" in text(stage)
        await pilot.press("1")
        assert "? lost" in text(stage)


FROZEN = {
    "calls": {"Harbour Taxi"},
    "devices": {"Front desk phone", "447"},
    "queues": {"Support"},
    "lamps": {"447"},
    "held": {"Harbour Taxi"},
}


async def test_the_log_is_frozen_at_the_same_instant_though_it_was_never_shown() -> None:
    def asked(stage: Stage, number: int) -> None:
        one = Exchange(NOON + number, f"GET /calls?n={number}", "200", 0.04, 99)
        stage.backends["hq"].exchanges.append(one)

    async with shown(stage := two_sites()) as pilot:
        asked(stage, 1)
        await pilot.press("p")
        asked(stage, 2)
        await passed(stage, pilot, 5, "hq")
        await pilot.press("6")
        await pilot.pause()
        assert "frozen 12:00:00" in lines(stage)[0]
        assert "n=1" in text(stage)
        assert "n=2" not in text(stage)
        await pilot.press("p")
        assert "n=2" in text(stage)


async def test_rows_that_were_fresh_at_the_instant_stay_so_and_old_ones_old() -> None:
    async with shown(stage := two_sites()) as pilot:
        await passed(stage, pilot, 9 * HOUR, "hq")
        await pilot.press("p")
        await passed(stage, pilot, 9 * HOUR, "branch")
        assert colours(stage, "hq") - {toned(stage, Tone.DIM)}
        assert colours(stage, "branch") == {toned(stage, Tone.DIM)}


async def test_escape_lets_the_picture_go_on() -> None:
    async with shown(stage := two_sites()) as pilot:
        await pilot.press("p", "3", "escape")
        assert stage.app.frozen is None
        await pilot.press("1")
        assert "frozen" not in lines(stage)[0]
