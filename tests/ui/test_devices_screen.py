"""The devices screen as a person uses it: which phones are there, which are not, since when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.backends.base import Refused
from pbxtui.model import Kind, Lamp, LampState, LegState, Party, Topic
from pbxtui.ui.devicetable import model_of
from tests.ui.phones import ALL, CALL, DESK, FAR, filtered, line, office, read, view
from tests.ui.seen import lines, shown, text
from tests.ui.stage import NOON, call, set_stage


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
