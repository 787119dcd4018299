"""The devices screen as a person uses it: which phones are there, which are not, since when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from pbxtui.backends.base import Refused
from pbxtui.model import (
    Certainty,
    Device,
    DeviceState,
    Key,
    Kind,
    Lamp,
    LampState,
    LegState,
    Party,
    Thing,
    Topic,
)
from pbxtui.ui.devicetable import DeviceTable, model_of
from pbxtui.ui.screens.view import View
from tests.ui.seen import lines, shown, text
from tests.ui.stage import NOON, Stage, call, set_stage

REG, OFF, LOST, UNKNOWN = (
    DeviceState.REGISTERED,
    DeviceState.UNREGISTERED,
    DeviceState.UNREACHABLE,
    DeviceState.UNKNOWN,
)
DESK = Device(
    "hq",
    "d401",
    REG,
    extension="401",
    name="Sales",
    address="10.0.0.9",
    user_agent="Yealink SIP-T46S 66.86.0.15",
    last_seen=NOON - 12,
    since=NOON - 7200,
    rtt_ms=18,
)
FAR = replace(DESK, id="d402", extension="402", name="Stock", address="10.0.0.10", rtt_ms=340)
GONE = replace(
    DESK,
    id="d403",
    extension="403",
    name="Till",
    state=OFF,
    since=NOON - 4000,
    rtt_ms=None,
    user_agent="snomD785/10.1.54.13",
)
DEAD = replace(DESK, id="d1000", extension="1000", name="Gate", state=LOST, rtt_ms=None)
CELL = Device("branch", "38-99-62", REG, Certainty.INFERRED, address="10.9.0.1")
CALL = call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales"), age=133)
ALL = (DESK, FAR, GONE, DEAD, CELL, CALL)


def office(*things: Thing, ascii: bool = False) -> Stage:
    return set_stage(*things, sites=("hq", "branch"), ascii=ascii)


def view(stage: Stage) -> View:
    return stage.app.views["devices"]


def table(stage: Stage) -> DeviceTable:
    found = view(stage)._table
    assert isinstance(found, DeviceTable)
    return found


def line(stage: Stage, name: str) -> str:
    """The line of the phone of that name."""
    return next(one for one in lines(stage)[2:] if name in one)


def order(stage: Stage) -> list[str]:
    """The names in the order of the lines."""
    known = ("Sales", "Stock", "Till", "Gate", "38-99-62")
    return [name for one in lines(stage)[2:-2] for name in known if name in one]


async def read(stage: Stage, pilot: Pilot[None], *devices: Device, site: str = "hq") -> None:
    stage.give(*devices, site=site, kind=Kind.DEVICES)
    await stage.read(site, Topic.DEVICES)
    await pilot.pause()


async def filtered(stage: Stage, pilot: Pilot[None], typed: str) -> None:
    await pilot.press("slash")
    line = view(stage).filter_line
    assert line is not None
    line.value = typed
    await pilot.pause()


async def test_a_phone_shows_what_is_known_of_it() -> None:
    async with shown(stage := office(*ALL), size=(200, 30)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        own = line(stage, "Sales")
        for part in ("401", "hq", "▣ reg", "10.0.0.9", "18 ms", "0:12", "2h00", "Yealink SIP-T46S"):
            assert part in own
        assert "3/5 phones" in lines(stage)[0]


async def test_each_state_has_its_glyph_and_word() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "▣ reg " in line(stage, "Sales")
        assert "◔ slow" in line(stage, "Stock")
        assert "□ off" in line(stage, "Till")
        assert "! lost" in line(stage, "Gate")
        assert "▣ reg*" in line(stage, "38-99-62"), "inferred"
    async with shown(stage := office(*ALL, ascii=True)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        for word in ("REG ", "SLOW", "OFF", "LOST", "REG*"):
            assert word in text(stage)
        assert text(stage).isascii()


async def test_free_busy_and_unplugged_are_three_things() -> None:
    lamp = Lamp("hq", "l402", LampState.RINGING, extension="402", since=NOON - 4)
    async with shown(stage := office(*ALL, lamp)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "talking 2:13" in line(stage, "Sales")
        assert "ringing 0:04" in line(stage, "Stock")
        assert " off " in line(stage, "Till").partition("□ off")[2]
        assert "free" not in line(stage, "Till")
        assert "unreachable" in line(stage, "Gate")
        assert "not known" in line(stage, "38-99-62"), "nobody says whose phone it is"
        stage.give()
        await stage.read()
        await stage.read()
        await pilot.pause()
        assert "free" in line(stage, "Sales")


async def test_a_phone_is_not_free_while_the_calls_were_never_read() -> None:
    stage = office(DESK)
    stage.backends["hq"].error = Refused("nothing listens", "start it")
    async with shown(stage) as pilot:
        await pilot.press("2")
        stage.backends["hq"].error = None
        await read(stage, pilot, DESK)
        assert "not known" in line(stage, "Sales")
        await filtered(stage, pilot, "now:free")
        assert "none of 1 phones matches" in text(stage)
        await stage.read()
        await pilot.pause()
        assert "free" in line(stage, "Sales")


async def test_a_held_leg_and_who_calls_out_are_told_apart() -> None:
    calls = (
        call("x", LegState.HELD, to=Party("401", "Sales"), age=20),
        call("y", LegState.TALKING, to=Party("401", "Sales"), age=9),
    )
    async with shown(stage := office(DESK, *calls)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "talking 0:09" in line(stage, "Sales"), "the live leg tells more than the held one"
        stage.give(calls[0])
        await stage.read()
        await stage.read()
        await pilot.pause()
        assert "held 0:20" in line(stage, "Sales")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("state:off", ["Till"]),
        ("state:reg", ["Sales", "Stock", "38-99-62"]),
        ("state:slow", ["Stock"]),
        ("state:lost", ["Gate"]),
        ("!state:reg", ["Till", "Gate"]),
        ("ext:40", ["Sales", "Stock", "Till"]),
        ("ua:snom", ["Till"]),
        ("model:t46s", ["Sales", "Stock", "Gate"]),
        ("site:branch", ["38-99-62"]),
        ("ip:10.0.0", ["Sales", "Stock", "Till", "Gate"]),
        ("now:talk", ["Sales"]),
        ("now:free", ["Stock"]),
        ("stock", ["Stock"]),
    ],
)
async def test_what_a_filter_finds(typed: str, found: list[str]) -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2")
        await filtered(stage, pilot, typed)
        assert order(stage) == found


async def test_a_filter_on_what_phones_do_follows_the_calls() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2")
        await filtered(stage, pilot, "now:talking")
        assert order(stage) == ["Sales"]
        stage.give(CALL, call("b", to=Party("402", "Stock")))
        await stage.read()
        await pilot.pause()
        assert order(stage) == ["Sales", "Stock"]
        await stage.read()
        stage.give()
        await stage.read()
        await stage.read()
        await pilot.pause()
        assert "none of 5 phones matches" in text(stage)


@pytest.mark.parametrize(
    ("key", "first"),
    [
        ("ext", "Sales"),
        ("site", "38-99-62"),
        ("name", "38-99-62"),
        ("state", "Gate"),
        ("now", "Sales"),
        ("address", "Till"),
        ("rtt", "Stock"),
        ("model", "Till"),
        ("since", "Till"),
    ],
)
async def test_sorting(key: str, first: str) -> None:
    things = (*ALL[:2], replace(GONE, address="9.0.0.1", since=NOON - 3), *ALL[3:])
    async with shown(stage := office(*things)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        for _ in DeviceTable.fields:
            if table(stage).sort == key:
                break
            await pilot.press("greater_than_sign")
        assert table(stage).sort == key
        assert "▲" in lines(stage)[1]
        assert order(stage)[0] == first
        assert len(order(stage)) == 5


async def test_extensions_are_ordered_as_numbers_and_models_stand_together() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert order(stage) == ["Sales", "Stock", "Till", "Gate", "38-99-62"]
        while table(stage).sort != "model":
            await pilot.press("greater_than_sign")
        assert order(stage) == ["Till", "Sales", "Stock", "Gate", "38-99-62"]
        assert "model▲" in lines(stage)[1]


async def test_who_changed_last_is_on_top_when_asked() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2", "less_than_sign")
        assert table(stage).sort == "changed"
        assert "changed▲" in lines(stage)[1]
        stage.clock.now += 5
        back = replace(GONE, state=REG)
        await read(stage, pilot, DESK, FAR, back, DEAD)
        stage.clock.now += 30
        lost = replace(FAR, state=LOST)
        await read(stage, pilot, DESK, lost, back, DEAD)
        assert order(stage) == ["Stock", "Till", "38-99-62", "Sales", "Gate"]
        assert line(stage, "Till").endswith("0:30")
        stage.clock.now += 60
        view(stage).tick()
        await pilot.pause()
        assert line(stage, "Stock").endswith("1:00")


async def test_what_changed_is_seen_on_top_while_the_cursor_keeps_its_phone() -> None:
    many = [replace(DESK, id=f"m{n}", extension=str(600 + n), name=f"m{n:02d}") for n in range(60)]
    async with shown(stage := office(*many), size=(100, 20)) as pilot:
        await pilot.press("2", "less_than_sign")
        stage.clock.now += 5
        await read(stage, pilot, *many[:-1], replace(many[-1], state=LOST))
        assert "m59" in lines(stage)[2]
        assert view(stage).list.cursor == Key("hq", "m0")
        assert "m00" in lines(stage)[3]
        await pilot.press("G")
        top = view(stage).list.top
        stage.clock.now += 5
        await read(stage, pilot, replace(many[0], state=LOST), *many[1:])
        assert view(stage).list.top == top, "elsewhere the picture stays"


async def test_a_change_is_noted_also_while_frozen_and_while_hidden() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2", "p", "1")
        lost = replace(FAR, state=LOST)
        stage.clock.now += 5
        await read(stage, pilot, DESK, lost, GONE, DEAD)
        stage.clock.now += 60
        await pilot.press("2")
        await pilot.pause()
        assert "◔ slow" in line(stage, "Stock")
        await pilot.press("p", "less_than_sign")
        assert order(stage)[0] == "Stock"
        assert line(stage, "Stock").endswith("1:00")


async def test_the_column_that_sorts_is_shown_on_a_narrow_screen() -> None:
    async with shown(stage := office(*ALL), size=(80, 24)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "changed" not in lines(stage)[1]
        for name in ("ext", "name", "state", "now", "since"):
            assert name in lines(stage)[1]
        await pilot.press("less_than_sign")
        assert "changed▲" in lines(stage)[1]
        assert max(len(one) for one in lines(stage)) <= 80


async def test_details_have_every_field_with_its_source_and_say_what_is_inferred() -> None:
    stage = office(*ALL)
    stage.backends["branch"].origins = {
        Kind.DEVICES: {
            "state": "inferred from the age of registration.last_success",
            "certainty": "always inferred: there is no flag for a phone being online",
            "user_agent": "not on the wire",
        }
    }
    async with shown(stage, size=(160, 30)) as pilot:
        await pilot.press("2", "G", "d")
        assert "phone 38-99-62 at branch" in lines(stage)[0]
        state = next(one for one in lines(stage) if one.startswith("state"))
        assert "registered" in state
        assert "inferred" in state
        assert "inferred from the age of registration.last_success" in state
        await pilot.press("j", "j")
        assert "always inferred: there is no flag for a phone being online" in lines(stage)[-1]
        agent = next(one for one in lines(stage) if one.startswith("user agent"))
        assert "not on the wire" in agent
        await pilot.press("escape", "g", "d")
        assert "phone 401 at hq" in lines(stage)[0]
        now = next(one for one in lines(stage) if one.startswith("now"))
        assert "talking 2:13" in now
        assert "a leg of a call" in now
        assert "Yealink SIP-T46S" in next(one for one in lines(stage) if one.startswith("model"))
        assert "18 ms" in text(stage)


async def test_details_follow_the_phone_and_say_when_it_has_gone() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2", "d")
        await read(stage, pilot, FAR)
        stage.app._tick()
        await pilot.pause()
        assert "it is gone" in lines(stage)[0]


async def test_raw_shows_what_the_pbx_sent() -> None:
    stage = office(*ALL)
    stage.backends["hq"].raws["d401"] = '{"mac": "d401"}'
    async with shown(stage) as pilot:
        await pilot.press("2", "y")
        assert '{"mac": "d401"}' in text(stage)


async def test_hostile_texts_are_only_text() -> None:
    odd = replace(DESK, name="[@click=app.exit]Bob[/]", user_agent="[red]x[/] 1.2")
    async with shown(stage := office(odd), size=(200, 30)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "[@click=app.exit]Bob[/]" in text(stage)
        assert "[red]x[/]" in text(stage)


async def test_no_phones_not_read_and_not_shown_are_different_words() -> None:
    async with shown(stage := set_stage(CALL)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "not read yet: hq" in text(stage)
        stage.backends["hq"].missing = {Kind.DEVICES: "This PBX has no phones."}
        view(stage).tick()
        await pilot.pause()
        assert "This PBX has no phones." in text(stage)
        assert "hq stage has no devices" in lines(stage)[-2]
        stage.backends["hq"].missing = {}
        await read(stage, pilot)
        assert "no phones" in text(stage)


async def test_the_site_line_ages_with_the_phones_not_with_the_calls() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2")
        stage.clock.now += 65
        await stage.read("hq", Topic.DEVICES)
        view(stage).tick()
        await pilot.pause()
        assert "hq stage • 0.0 s" in lines(stage)[-2]
        await pilot.press("1")
        await pilot.pause()
        assert "65 s" in lines(stage)[-2]


@pytest.mark.parametrize(
    ("agent", "model"),
    [
        ("Yealink SIP-T46S 66.86.0.15", "Yealink SIP-T46S"),
        ("Grandstream GXP2170 1.0.11.6", "Grandstream GXP2170"),
        ("snom370/8.7.5.44", "snom370"),
        ("snom 370", "snom 370"),
        ("PolycomVVX-VVX_411-UA/5.9.5.0614", "PolycomVVX-VVX_411-UA"),
        ("Cisco/SPA504G-7.6.2a", "Cisco/SPA504G"),
        ("Linphone/3.6.1 (eXosip2/4.1.0)", "Linphone"),
        ("Zoiper v2.10.19", "Zoiper"),
        ("Fanvil X4U 2.4.0 0c383e1a2b3c", "Fanvil X4U"),
        ("", ""),
    ],
)
def test_the_model_in_a_user_agent(agent: str, model: str) -> None:
    assert model_of(agent) == model


async def test_the_cursor_stays_on_its_phone_when_the_order_changes() -> None:
    async with shown(stage := office(*ALL)) as pilot:
        await pilot.press("2", "j", "less_than_sign")
        assert view(stage).list.cursor == Key("hq", "d402")
        stage.clock.now += 5
        await read(stage, pilot, DESK, FAR, replace(GONE, state=UNKNOWN), DEAD)
        assert order(stage)[0] == "Till"
        assert view(stage).list.cursor == Key("hq", "d402")
