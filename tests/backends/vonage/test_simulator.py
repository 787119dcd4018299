"""The backend against the simulated account, over real HTTP: two readings of the same office."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import AsyncIterator

import pytest

from pbxtui.backends.base import BackendError, LoginRefused, NotUnderstood, Refused, Runtime
from pbxtui.backends.vonage import plugin
from pbxtui.backends.vonage.backend import VonageBackend
from pbxtui.model import Call, Device, Direction, Kind, Leg, LegState, Topic
from pbxtui.simulator import things
from pbxtui.simulator.server import Running, running
from pbxtui.simulator.vonage import Profile, SimulatedVonage, VonageSwitches, build_vonage

NOW = 1_790_293_100.0
PROFILES: list[Profile] = ["live", "documented"]


class Account:
    """A simulated account whose clock stands still, and a backend that reads it."""

    def __init__(self, simulated: SimulatedVonage, server: Running, *, login: bool) -> None:
        self.simulated = simulated
        self.server = server
        (site,) = tomllib.loads(simulated.config_toml(server.url, login=login))["site"]
        settings = plugin.settings.model_validate({**site, "timeout": 5})
        backend = plugin.open(settings, Runtime(clock=lambda: NOW))
        assert isinstance(backend, VonageBackend)
        self.backend = backend

    async def calls(self) -> dict[str, Call]:
        items = (await self.backend.read(Topic.CALLS)).items[Kind.CALLS]
        return {id: call for id, call in items.items() if isinstance(call, Call)}


@contextlib.asynccontextmanager
async def account(
    profile: Profile, switches: VonageSwitches | None = None, *, calls: int, login: bool = False
) -> AsyncIterator[Account]:
    simulated = build_vonage(
        seed=3, calls=calls, profile=profile, clock=lambda: NOW, switches=switches
    )
    async with running(simulated.app, faults=simulated.faults) as server:
        one = Account(simulated, server, login=login)
        yield one
        await one.backend.close()


SWITCHES = [
    VonageSwitches(),
    VonageSwitches(next_page="absent"),
    VonageSwitches(next_page="empty"),
    VonageSwitches(next_page="repeated", numbers="ints", unset="null"),
    VonageSwitches(numbers="strings", unset="zero", plus=True),
    VonageSwitches(envelope="array", unset="absent"),
    VonageSwitches(default_order="asc", max_page_size=7, repeats_customer=1),
    VonageSwitches(internal_direction="internal", first_call_page=1),
]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("switches", SWITCHES)
async def test_the_office_is_read_as_it_is(profile: Profile, switches: VonageSwitches) -> None:
    async with account(profile, switches, calls=250) as one:
        read = await one.calls()
        office = one.simulated.office.calls
        if profile == "live":
            assert set(read) == set(office)
        else:
            assert set(read) <= set(office)
            assert len(read) > 200
        for id, call in read.items():
            check(call, office[id], profile)


def check(call: Call, office: things.Call, profile: Profile) -> None:
    digits = office.caller.number.removeprefix("+")
    assert call.from_.number.removeprefix("+") == digits
    assert call.to.number.removeprefix("+") == office.callee.number.removeprefix("+")
    assert call.started == pytest.approx(office.started, abs=1.0)
    if office.direction is not things.Direction.INTERNAL:
        assert call.direction is Direction(office.direction.value)
    legs = {leg.id: leg for leg in office.legs}
    assert {leg.id for leg in call.legs} <= set(legs)
    for leg in call.legs:
        check_leg(leg, legs[leg.id], profile)
    if profile == "live":
        assert len(call.legs) == len(legs)
        assert call.from_.name == office.caller.name
        own = [leg.state for leg in office.legs if leg.device is not None]
        alive = [state for state in own if state is not things.LegState.ENDED]
        talks = any(state in TALKING for state in alive)
        assert (call.state is LegState.TALKING) == talks or not alive


TALKING = (things.LegState.TALKING, things.LegState.HELD, things.LegState.PARKED)
STATES = {
    things.LegState.SETUP: LegState.SETUP,
    things.LegState.RINGING: LegState.RINGING,
    things.LegState.ENDED: LegState.ENDED,
}


def check_leg(leg: Leg, office: things.Leg, profile: Profile) -> None:
    state = STATES.get(office.state, LegState.TALKING)
    if profile == "documented" and state is LegState.SETUP:
        state = LegState.RINGING
    assert leg.state is state
    assert leg.started == pytest.approx(office.started, abs=1.0)
    if profile == "live":
        assert leg.device == (office.device.id if office.device is not None else "pstn")
        number = office.party.number.removeprefix("+")
        assert leg.extension.removeprefix("+") == (number if office.device is not None else "")
        assert leg.answered == (
            pytest.approx(office.answered, abs=1e-3) if office.answered else None
        )


@pytest.mark.parametrize("profile", PROFILES)
async def test_one_call_reads_as_it_does_in_the_list(profile: Profile) -> None:
    async with account(profile, calls=12) as one:
        for id, call in (await one.calls()).items():
            assert await one.backend.call(id) == call
            assert sorted(await one.backend.legs(id), key=lambda leg: leg.id) == sorted(
                call.legs, key=lambda leg: leg.id
            )
            for leg in call.legs:
                assert await one.backend.leg(id, leg.id) == leg


@pytest.mark.parametrize("times", ["seconds", "microseconds"])
async def test_the_phones_of_the_office(times: str) -> None:
    switches = VonageSwitches(device_times="microseconds" if times == "microseconds" else "seconds")
    async with account("live", switches, calls=12) as one:
        devices = (await one.backend.read(Topic.DEVICES)).items[Kind.DEVICES]
        office = {phone.mac: phone for phone in one.simulated.office.devices.values() if phone.mac}
        assert set(devices) == set(office)
        for mac, device in devices.items():
            assert isinstance(device, Device)
            assert device.last_seen == pytest.approx(office[mac].last_success(NOW), abs=1)
            assert device.address == office[mac].address
            assert await one.backend.device(mac) == device


async def test_a_quiet_office_is_no_calls() -> None:
    for empty in ("200", "404"):
        switches = VonageSwitches(empty_list="404" if empty == "404" else "200")
        async with account("live", switches, calls=0) as one:
            assert await one.calls() == {}


async def test_logins_are_few() -> None:
    async with account("live", calls=5, login=True) as one:
        tokens = one.simulated.tokens
        await one.calls()
        await one.backend.read(Topic.DEVICES)
        assert (tokens.logins, tokens.refreshes) == (1, 0)
        tokens.revoke_all()
        await one.calls()
        assert (tokens.logins, tokens.refreshes, tokens.failed_logins) == (1, 1, 0)
        one.simulated.faults.set("401")
        for _ in range(2):
            with pytest.raises(LoginRefused):
                await one.calls()
        assert tokens.failed_logins == 0


async def test_a_killed_pbx_comes_back() -> None:
    async with account("live", calls=20) as one:
        before = await one.calls()
        await one.server.stop()
        with pytest.raises(Refused):
            await one.calls()
        await one.server.start()
        assert await one.calls() == before


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "fault",
    [
        "reset",
        "refuse",
        "truncate",
        "cut",
        "html",
        "garbage",
        "empty",
        "401",
        "403",
        "404",
        "429",
        "500",
        "502",
        "foreign-page",
        "wrong-types",
    ],
)
async def test_every_fault_is_told_and_passes(profile: Profile, fault: str) -> None:
    async with account(profile, calls=20) as one:
        before = await one.calls()
        one.simulated.faults.set(fault)
        with pytest.raises(BackendError) as caught:
            await one.calls()
        assert caught.value.words
        assert caught.value.hint
        assert one.simulated.access_token not in str(caught.value)
        one.simulated.faults.clear()
        assert await one.calls() == before


async def test_a_body_without_end() -> None:
    async with account("live", calls=1) as one:
        one.simulated.faults.set("huge", megabytes=100)
        with pytest.raises(BackendError) as caught:
            await one.calls()
        assert "larger than 64 MiB" in caught.value.words


@pytest.mark.parametrize("fault", ["loop-pages", "hostile-text", "clock-skew"])
async def test_what_can_be_lived_with(fault: str) -> None:
    async with account("live", calls=150) as one:
        one.simulated.faults.set(fault)
        reading = await one.backend.read(Topic.CALLS)
        assert set(reading.items[Kind.CALLS]) == set(one.simulated.office.calls)
        assert "\x1b" not in repr(reading)
        if fault == "clock-skew":
            assert reading.skew == pytest.approx(300, abs=2)


@pytest.mark.parametrize("fault", ["wrong-types", "missing-fields", "null-fields"])
async def test_spoiled_rows_are_counted_and_the_others_kept(fault: str) -> None:
    async with account("live", calls=150) as one:
        one.simulated.faults.set(fault, where="items")
        reading = await one.backend.read(Topic.CALLS)
        calls = reading.items[Kind.CALLS]
        assert 0 < len(calls) < len(one.simulated.office.calls)
        (note,) = reading.notes
        assert "calls could not be read: the first is calls." in note


async def test_a_login_page_is_named() -> None:
    async with account("live", calls=1) as one:
        one.simulated.faults.set("html")
        with pytest.raises(NotUnderstood) as caught:
            await one.calls()
        assert "“502 Bad Gateway”" in caught.value.words
