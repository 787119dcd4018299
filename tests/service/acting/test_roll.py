"""Who can be rung at a site, whose numbers they are, and how each of them stands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from pbxtui.backends.base import BackendError, TimedOut
from pbxtui.model import (
    Agent,
    AgentState,
    Device,
    DeviceState,
    Lamp,
    LampState,
    Party,
    Snapshot,
    Thing,
    Topic,
)
from pbxtui.service.acting.finding import Where
from pbxtui.service.acting.reach import reach
from pbxtui.service.acting.roll import Roll, roll_of
from tests.service.sites import Clock, Desk, read_all, site_over, talk

REGISTERED, OFF = DeviceState.REGISTERED, DeviceState.UNREGISTERED


def snapshot(*things: Thing) -> Snapshot:
    desk = Desk()
    desk.show(*things)
    items = {kind: shown for kind, shown in desk.things.items() if shown}
    return Snapshot("hq").having(items)


HOUSE = snapshot(
    Device("hq", "SIP/1000", REGISTERED, extension="1000", name="Attic"),
    Device("hq", "SIP/305", REGISTERED, extension="305", name="SIP/305"),
    Device("hq", "SIP/447", REGISTERED, extension="447"),
    Device("hq", "trunk", REGISTERED, name="the line outside"),
    Lamp("hq", "l305", LampState.IDLE, extension="305", name="Workshop"),
    Lamp("hq", "l447", LampState.DND, extension="447", name="447"),
    Agent("hq", "a447", AgentState.READY, extension="447", name="Front desk"),
    talk(),
)


def test_everybody_with_a_number_is_there_once_in_the_order_of_the_numbers() -> None:
    among = Roll(HOUSE).register.among
    assert [(one.number, one.name, one.where) for one in among] == [
        ("305", "Workshop", (Where.PHONE, Where.LAMP)),
        ("447", "Front desk", (Where.AGENT, Where.PHONE, Where.LAMP)),
        ("1000", "Attic", (Where.PHONE,)),
    ]


@pytest.mark.parametrize("number", ["305", "447", "1000", "999", "+442079460958", "44-7"])
def test_what_is_known_of_a_number_is_what_the_whole_site_would_say(number: str) -> None:
    assert Roll(HOUSE).reach(number) == reach(number, HOUSE)


def test_what_is_near_a_number_is_its_own_alone() -> None:
    near = Roll(HOUSE).near("447")
    assert (set(near.devices), set(near.lamps), set(near.agents), set(near.calls)) == (
        {"SIP/447"},
        {"l447"},
        {"a447"},
        {"c1"},
    )
    assert Roll(HOUSE).near("nobody") == Snapshot("hq")


def test_a_state_that_changes_puts_nobody_in_order_anew() -> None:
    roll = Roll(HOUSE)
    before = roll.register
    gone = snapshot(*HOUSE.devices.values(), *HOUSE.lamps.values(), *HOUSE.agents.values())
    assert roll.take(gone) is False
    assert roll.register is before
    assert not roll.near("447").calls
    fewer = snapshot(*HOUSE.devices.values())
    assert roll.take(fewer) is True
    assert [one.name for one in roll.register.among] == ["", "", "Attic"]


async def test_the_roll_of_a_site_is_made_once_and_kept_fresh() -> None:
    desk = Desk()
    site = site_over(desk, Clock())
    assert roll_of(site).register.among == ()
    desk.show(*HOUSE.devices.values())
    await read_all(site)
    roll = roll_of(site)
    assert [one.number for one in roll.register.among] == ["305", "447", "1000"]
    desk.show(Device("hq", "SIP/305", OFF, extension="305"))
    await site.read(Topic.DEVICES)
    assert roll_of(site) is roll
    assert "not registered" in roll.reach("305").words


# --- the PBX's own phone book --------------------------------------------------------------------


@dataclass
class Booked(Desk):
    """A desk with a phone book."""

    people_found: list[Party] = field(default_factory=list)
    fails: Exception | None = None
    looked_up: list[str] = field(default_factory=list)

    async def people(self, words: str) -> list[Party]:
        self.looked_up.append(words)
        await asyncio.sleep(0)
        if self.fails is not None:
            raise self.fails
        return self.people_found


async def test_a_site_asks_the_phone_book_where_there_is_one() -> None:
    plain = site_over(Desk(), Clock())
    await plain.open()
    assert not plain.has_phonebook
    assert await plain.phonebook("ros") == ()
    desk = Booked(people_found=[Party("999", "Ross")])
    site = site_over(desk, Clock())
    had = [site.has_phonebook]
    assert await site.phonebook("ros") == ()
    await site.open()
    had.append(site.has_phonebook)
    assert had == [False, True]
    assert await site.phonebook("ros") == [Party("999", "Ross")]
    assert desk.looked_up == ["ros"]


async def test_a_phone_book_that_fails_says_so_in_words() -> None:
    desk = Booked(fails=TimedOut("branch did not answer within 10 s"))
    site = site_over(desk, Clock())
    await site.open()
    with pytest.raises(TimedOut):
        await site.phonebook("ros")
    desk.fails = ZeroDivisionError("oh")
    with pytest.raises(BackendError, match="pbxtui itself failed while looking up"):
        await site.phonebook("ros")
