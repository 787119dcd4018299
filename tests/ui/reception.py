"""A desk for pictures: lamps in every state, calls held, parked and sent on, a log with faults."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from textual.pilot import Pilot

from pbxtui.backends.base import Exchange
from pbxtui.model import Call, Certainty, Flow, Lamp, LampState, Leg, LegState, Party
from tests.ui.lampset import flow, lamp, lamps_stage
from tests.ui.stage import NOON, Stage, call

SITES = ("hq", "branch", "cloud")
NAMES = (
    *("Amelia Ødegård", "Renée Volkov", "Meeting room", "王小明", "Zsófia Iqbal", "Warehouse gate"),
    *("Iolo Prosser", "Nia Müller", "Boardroom", "Siân Gray", "Łukasz Byrne", "Door phone"),
)
MANY = (LampState.IDLE,) * 9 + (LampState.IN_USE,) * 3
DESK = Party("447", "Front desk")


def lamps() -> list[Lamp | Flow]:
    dice = Random(4)
    found: list[Lamp | Flow] = []
    for site, first, count in (("hq", 401, 60), ("hq", 510, 38), ("branch", 2201, 56)):
        for number in range(first, first + count):
            state = dice.choice(MANY)
            name = dice.choice(NAMES)
            age = float(dice.randrange(9000))
            found.append(lamp(str(number), state, site=site, name=name, age=age))
    rare = [LampState.RINGING, LampState.RINGING_IN_USE, LampState.ON_HOLD, LampState.UNAVAILABLE]
    rare += [LampState.DND, LampState.UNKNOWN]
    for n, state in enumerate([*rare, *rare[:4]]):
        found[7 + 13 * n] = replace(found[7 + 13 * n], state=state)
    desk = next(n for n, one in enumerate(found) if one.id == "447@x")
    found[desk] = lamp("447", LampState.IN_USE, name="Front desk", age=133)
    return [
        *found,
        replace(lamp("*281", LampState.IN_USE), name="Custom:night"),
        flow("7101", "Day and night", "night", LampState.IN_USE, site="branch"),
        flow("7102", "Workshop open", "open", site="branch"),
        flow("7103", "Holiday", "", LampState.UNKNOWN, site="branch"),
    ]


def _legs(one: Call) -> tuple[Leg, Leg]:
    trunk, own = one.legs
    return trunk, own


def talking(id: str, number: str, name: str, *, site: str = "hq", age: float = 133.0) -> Call:
    return call(id, from_=Party(number, name), to=DESK, site=site, age=age)


def held(one: Call, age: float, certainty: Certainty = Certainty.SEEN) -> Call:
    trunk, own = _legs(one)
    own = replace(own, state=LegState.HELD, since=NOON - age, certainty=certainty)
    return replace(one, legs=(trunk, own))


def parked(one: Call, at: str, age: float) -> Call:
    trunk, _ = _legs(one)
    trunk = replace(trunk, state=LegState.PARKED, since=NOON - age, bridge="")
    return replace(one, state=LegState.PARKED, parked_at=at, legs=(trunk,))


def sent(one: Call, state: LegState, age: float, to: str) -> Call:
    trunk, own = _legs(one)
    own = replace(own, id=f"{one.id}-{to}", state=state, extension=to, to=Party(to))
    return replace(one, state=state, legs=(trunk, replace(own, since=NOON - age)))


def gone(one: Call) -> Call:
    legs = tuple(replace(leg, state=LegState.ENDED) for leg in one.legs)
    return replace(one, state=LegState.ENDED, ended=NOON - 4, legs=legs)


BEFORE = (
    talking("a", "+442079460958", "Harbour Taxi"),
    talking("b", "+4570101112", "Søndergård & Søn"),
    talking("c", "+441632960001", "", site="branch"),
    talking("d", "+441632960022", "田中 商店"),
    talking("e", "+441632960033", "Ärztehaus am Markt"),
    talking("f", "+441632960044", "City Couriers"),
    talking("g", "+441632960055", "Anna Quiller"),
    talking("h", "+441632960066", "Bent Falk", site="branch"),
    talking("i", "+441632960077", "Carla Moss"),
)
PARKED = tuple(parked(one, "701", 131) if one.id == "b" else one for one in BEFORE)
RINGS = {"d": ("305", 12.0), "e": ("512", 40.0), "f": ("447", 5.0), "g": ("306", 30.0)}


def ringing() -> list[Call]:
    found = []
    for one in PARKED:
        to, age = RINGS.get(one.id, ("", 0.0))
        found.append(sent(one, LegState.RINGING, age, to) if to and to != "447" else one)
    found[5] = sent(BEFORE[5], LegState.RINGING, 30, "308")
    found[8] = sent(BEFORE[8], LegState.RINGING, 22, "309")
    return found


def last() -> list[Call]:
    """What the last reading brings: one of each fate."""
    found = ringing()
    found[0] = held(BEFORE[0], 35, Certainty.ASSUMED)
    found[2] = held(BEFORE[2], 78)
    found[4] = sent(BEFORE[4], LegState.TALKING, 3, "512")
    found[5] = sent(BEFORE[5], LegState.RINGING, 5, "447")
    found[6] = gone(found[6])
    found[7] = held(BEFORE[7], 9)
    found[8] = sent(BEFORE[8], LegState.TALKING, 11, "447")
    return found


def exchanges(stage: Stage) -> None:
    """An ordinary minute at each PBX, with its troubles."""
    base = "GET /t/vbc.prod/telephony/v3/cc/accounts/1234"
    said = {
        "hq": (f"{base}/calls?page_size=100", f"{base}/devices?page_size=100"),
        "branch": (
            "GET /pbx/proxyapi.php?reqtype=CHANNELS&tenant=ACME&nodename=pbx21&format=json&key=***",
            "GET /pbx/proxyapi.php?reqtype=BLFS&tenant=ACME&format=json&key=***",
        ),
        "cloud": ("GET /api/ver1.0/client/@me/current_calls/?all=1", "POST /oauth/token"),
    }
    dice = Random(9)
    for number in range(36):
        site = SITES[number % 3]
        what = said[site][dice.random() < 0.3]
        one = Exchange(
            NOON - 60 + number * 1.6, what, "200", dice.random() / 4, dice.randrange(90, 40_000)
        )
        if number == 29:
            words = "branch.example.net did not answer within 10 s"
            one = replace(one, status="no answer", fault=words, seconds=10.0, size=0)
        elif number == 33:
            one = replace(one, status="503", size=174)
        elif number == 21:
            one = replace(one, status="401", size=88, fault="the token has expired")
        stage.backends[site].exchanges.append(one)


def reception(*, ascii: bool = False) -> Stage:
    return lamps_stage(*lamps(), calls=BEFORE, sites=SITES, without=("cloud",), ascii=ascii)


async def lived(stage: Stage, pilot: Pilot[Any]) -> None:
    """Let the readings come one after another, as they would."""
    exchanges(stage)
    for calls in (PARKED, ringing(), last()):
        for site in SITES:
            stage.give(*(one for one in calls if one.site == site), site=site)
            await stage.read(site)
        await pilot.pause()
