"""What Vonage's face writes, field by field, in both profiles.

The expected names and types are written here by hand from the published specification and
from what one production poller saw, not taken from the simulator.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from pbxtui.simulator.things import Call, Direction, LegState
from pbxtui.simulator.vonage import Profile, SimulatedVonage, VonageSwitches, build_vonage
from tests.simulator.world import CALLS, DEVICES, START, Clock, client_of

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}\Z")
MICROSECONDS = re.compile(r"[0-9]{16}\Z")

LIVE_CALL = {
    "account_id", "call_id", "direction", "status", "from_name", "from_number", "to_name",
    "to_number", "start_time", "end_time", "flags", "actions_uri", "leg_map",
}  # fmt: skip
LIVE_LEG = {
    "leg_id", "call_id", "device_id", "direction", "extension", "from_name", "from_number",
    "to_name", "to_number", "status", "start_time", "answer_time", "end_time",
}  # fmt: skip
DOCUMENTED_CALL = {
    "account_id",
    "call_id",
    "direction",
    "from",
    "legs",
    "start_time",
    "status",
    "to",
}
DOCUMENTED_LEG = {
    "account_id", "call_id", "direction", "from", "leg_id", "start_time", "status", "to",
}  # fmt: skip
PAGING = {
    "current_page", "first_page_uri", "next_page", "next_page_uri", "order", "page_size", "pages",
    "previous_page_uri",
}  # fmt: skip


@asynccontextmanager
async def site(
    profile: Profile = "live", switches: VonageSwitches | None = None, calls: int = 40
) -> AsyncIterator[tuple[SimulatedVonage, httpx.AsyncClient, Clock]]:
    clock = Clock()
    built = build_vonage(
        2, calls, clock=clock, profile=profile, switches=switches, churn=0.05, three_way=0.2
    )
    async with client_of(built) as (client, _):
        yield built, client, clock


async def read(client: httpx.AsyncClient, path: str, **params: str | int) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def check_live_time(value: object, *, set_: bool = False) -> None:
    assert isinstance(value, str)
    assert MICROSECONDS.match(value) or (value == "0" and not set_)


async def test_live_calls() -> None:
    async with site() as (built, client, clock):
        statuses, leg_statuses, directions = set(), set(), set()
        for _ in range(40):
            clock.now += 1.3
            body = await read(client, CALLS, page_size=500)
            assert set(body) == {"calls", *PAGING}
            assert body["calls"]
            for call in body["calls"]:
                assert set(call) == LIVE_CALL
                assert call["account_id"] == "1234"
                assert UUID.match(call["call_id"])
                assert call["direction"] in ("inbound", "outbound")
                assert call["flags"] == []
                uri = f"/v3/cc/accounts/1234/calls/{call['call_id']}/actions"
                assert call["actions_uri"] == uri
                check_live_time(call["start_time"], set_=True)
                check_live_time(call["end_time"])
                assert (call["end_time"] != "0") is (call["status"] == "disconnected")
                statuses.add(call["status"])
                directions.add(call["direction"])
                for name in ("from_name", "from_number", "to_name", "to_number"):
                    assert isinstance(call[name], str)
                if call["direction"] == "outbound" and len(call["to_number"]) > 6:
                    assert call["to_name"] == "Outbound Call"
                for key, leg in call["leg_map"].items():
                    assert set(leg) == LIVE_LEG
                    assert leg["leg_id"] == key
                    assert UUID.match(key)
                    assert leg["call_id"] == call["call_id"]
                    assert leg["direction"] in ("inbound", "outbound")
                    leg_statuses.add(leg["status"])
                    check_live_time(leg["start_time"], set_=True)
                    check_live_time(leg["answer_time"])
                    check_live_time(leg["end_time"])
                    if leg["status"] == "on-call":
                        assert leg["answer_time"] != "0"
                    if leg["status"] in ("ringing", "initializing"):
                        assert leg["answer_time"] == "0"
                    if leg["device_id"] == "pstn":
                        assert re.fullmatch(r"[0-9]{11,12}", leg["extension"])
                    else:
                        assert re.fullmatch(r"VH[0-9]{7}", leg["device_id"])
                        assert leg["extension"] in built.office.extensions
        everything = {"initializing", "ringing", "on-call", "disconnected"}
        assert statuses == everything
        assert leg_statuses == everything
        assert directions == {"inbound", "outbound"}


async def test_live_disconnected_lingers_for_two_seconds() -> None:
    async with site() as (built, client, clock):
        call = next(iter(built.office.calls.values()))
        built.office.hangup_call(call.id)
        clock.now += 1.9
        body = await read(client, f"{CALLS}/{call.id}")
        assert body["status"] == "disconnected"
        assert {leg["status"] for leg in body["leg_map"].values()} == {"disconnected"}
        clock.now += 0.2
        answer = await client.get(f"{CALLS}/{call.id}")
        assert answer.status_code == 404
        assert answer.json() == {
            "code": "404",
            "message": "No matching resource found for given API Request",
        }


async def test_documented_calls() -> None:
    async with site("documented") as (built, client, clock):
        every = {"busy", "failed", "unanswered", "ringing", "on-call"}
        statuses: set[str] = set()
        for step in range(2000):
            if step > 40 and statuses == every:
                break
            clock.now += 1.3
            body = await read(client, CALLS, page_size=500)
            assert set(body) == {"calls", *PAGING}
            assert body["current_page"] == 0
            assert body["page_size"] == 500
            for call in body["calls"]:
                assert set(call) - {"end_time"} == DOCUMENTED_CALL
                assert call["account_id"] == 1234
                assert START - 1000 < call["start_time"] <= clock.now
                assert isinstance(call["start_time"], int)
                assert isinstance(call["from"], int)
                assert isinstance(call["to"], int)
                assert isinstance(call["legs"], list)
                over = call["status"] in ("busy", "failed", "unanswered")
                assert ("end_time" in call) is over
                statuses.add(call["status"])
                for leg in call["legs"]:
                    assert set(leg) - {"end_time"} == DOCUMENTED_LEG
                    assert UUID.match(leg["leg_id"])
                    assert leg["account_id"] == 1234
                    assert leg["status"] in ("busy", "failed", "unanswered", "ringing", "on-call")
                    assert isinstance(leg["start_time"], int)
                    assert isinstance(leg["from"], int)
        assert statuses == every
        call = next(iter(built.office.calls.values()))
        legs = await read(client, f"{CALLS}/{call.id}/legs")
        assert isinstance(legs, list)
        assert legs == (await read(client, f"{CALLS}/{call.id}"))["legs"]


async def test_one_call_its_legs_and_one_leg_agree_with_the_list() -> None:
    async with site() as (_, client, _):
        for call in (await read(client, CALLS))["calls"][:5]:
            path = f"{CALLS}/{call['call_id']}"
            assert await read(client, path) == call
            legs = await read(client, path + "/legs")
            assert legs == list(call["leg_map"].values())
            for leg in legs:
                assert await read(client, f"{path}/legs/{leg['leg_id']}") == leg
            assert (await client.get(path + "/legs/nothing")).status_code == 404
        answer = await client.get(f"{CALLS}/{call['call_id']}/actions")
        assert answer.status_code == 404
        assert set(answer.json()) == {"code", "message", "description"}


@pytest.mark.parametrize("profile", ["live", "documented"])
async def test_devices(profile: Profile) -> None:
    async with site(profile) as (built, client, clock):
        body = await read(client, DEVICES, page_size=1000)
        assert set(body) == {"devices", *PAGING}
        expected = str if profile == "live" else int
        assert body["current_page"] == expected(1)
        assert len(body["devices"]) == len(built.office.extensions)
        for device in body["devices"]:
            assert set(device) == {
                "account_id", "device_ip", "last_request", "last_success", "mac_address",
                "registration", "provisioned",
            }  # fmt: skip
            assert re.fullmatch(r"([0-9A-F]{2}-){5}[0-9A-F]{2}", device["mac_address"])
            assert re.fullmatch(r"10(\.[0-9]{1,3}){3}", device["device_ip"])
            assert set(device["registration"]) == {"last_success"}
            assert set(device["provisioned"]) == {"last_success", "last_request"}
            for value in (device["last_success"], device["registration"]["last_success"]):
                assert isinstance(value, expected)
                assert int(value) <= clock.now
            one = await client.get(f"{DEVICES}/{device['mac_address']}")
            assert one.json() == device
        ages = sorted(clock.now - int(device["last_success"]) for device in body["devices"])
        assert ages[len(ages) // 2] < 3600
        assert ages[-1] > 86_400, "some phone lies in a drawer"
        assert (await client.get(DEVICES + "/00-00-00-00-00-00")).status_code == 404


async def test_a_phone_that_drops_off_stops_registering_and_registers_when_back() -> None:
    async with site() as (built, client, clock):
        device = next(device for device in built.office.macs.values() if device.online)
        built.office.set_online(device, False)
        gone = clock.now
        clock.now += 9000
        body = await read(client, f"{DEVICES}/{device.mac}")
        assert int(body["last_success"]) <= gone
        built.office.set_online(device, True)
        clock.now += 1
        body = await read(client, f"{DEVICES}/{device.mac}")
        assert int(body["last_success"]) == int(gone + 9000)


async def test_microseconds_for_devices() -> None:
    async with site(switches=VonageSwitches(device_times="microseconds")) as (_, client, _):
        body = await read(client, DEVICES)
        assert MICROSECONDS.match(body["devices"][0]["last_success"])


async def test_names_are_written_as_utf8() -> None:
    async with site(calls=200) as (_, client, _):
        answer = await client.get(CALLS, params={"page_size": 500})
        assert re.search("[^\x00-\x7f]", answer.content.decode("utf-8"))


def inbound(built: SimulatedVonage) -> Call:
    return next(
        call
        for call in built.office.calls.values()
        if call.direction is Direction.INBOUND and call.state is LegState.TALKING
    )


async def test_an_inbound_call_as_it_was_captured() -> None:
    switches = VonageSwitches(repeats_customer=0)
    async with site(switches=switches) as (built, client, _):
        call = inbound(built)
        outside, own = call.live_legs()[:2]
        body = await read(client, f"{CALLS}/{call.id}")
        customer = call.caller.number.removeprefix("+")
        assert body["direction"] == "inbound"
        assert body["from_number"] == customer
        assert body["to_number"] == call.callee.number
        theirs, ours = body["leg_map"][outside.id], body["leg_map"][own.id]
        assert theirs["device_id"] == "pstn"
        assert theirs["extension"] == theirs["from_number"] == customer
        assert theirs["to_number"] == call.did.removeprefix("+"), "our own number"
        assert ours["direction"] == "outbound"
        assert own.extension is not None
        assert ours["extension"] == ours["to_number"] == own.extension.number
        assert ours["from_number"] == customer


async def test_the_outside_leg_sometimes_repeats_the_customer() -> None:
    switches = VonageSwitches(repeats_customer=1)
    async with site(switches=switches) as (built, client, _):
        call = inbound(built)
        body = await read(client, f"{CALLS}/{call.id}")
        leg = body["leg_map"][call.legs[0].id]
        assert leg["from_number"] == leg["to_number"] == leg["extension"]


@pytest.mark.parametrize(
    ("switches", "profile", "account", "end", "plus"),
    [
        (VonageSwitches(numbers="ints", unset="zero"), "live", 1234, 0, False),
        (VonageSwitches(numbers="strings", unset="null"), "documented", "1234", None, False),
        (VonageSwitches(plus=True, unset="null"), "live", "1234", None, True),
    ],
)
async def test_numbers_and_unset_times_can_be_written_otherwise(
    switches: VonageSwitches, profile: Profile, account: object, end: object, plus: bool
) -> None:
    async with site(profile, switches) as (built, client, _):
        call = inbound(built)
        body = await read(client, f"{CALLS}/{call.id}")
        assert body["account_id"] == account
        assert body["end_time"] == end
        assert type(body["end_time"]) is type(end)
        number = body["from_number"] if profile == "live" else body["from"]
        assert str(number).startswith("+") is plus


async def test_parked_calls_can_be_left_out() -> None:
    for listed in (True, False):
        switches = VonageSwitches(parked_listed=listed)
        async with site(switches=switches) as (built, client, _):
            call = next(
                call
                for call in built.office.calls.values()
                if call.state is LegState.TALKING and len(call.live_legs()) == 2
            )
            built.office.park(call.id)
            status = (await client.get(f"{CALLS}/{call.id}")).status_code
            assert status == (200 if listed else 404)
            ids = [call["call_id"] for call in (await read(client, CALLS))["calls"]]
            assert (call.id in ids) is listed


async def test_a_frozen_clock_gives_the_same_bytes_from_the_same_seed() -> None:
    async with site() as (_, first, _), site() as (_, second, _):
        for path in (CALLS, DEVICES):
            one, two = await first.get(path), await second.get(path)
            assert one.content == two.content
            assert one.headers == two.headers
            assert (await first.get(path)).content == one.content
