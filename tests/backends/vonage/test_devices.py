"""What becomes of Vonage's registrations."""

from __future__ import annotations

import json
from email.utils import formatdate

import pytest

from pbxtui.model import Certainty, DeviceState, Kind, Topic
from tests.backends.server import Reply
from tests.backends.vonage.bodies import DEVICE, DEVICES_PAGE
from tests.backends.vonage.conftest import DEVICES, NOW, Site

MAC = "79-5C-7D-28-1B-B3"


async def test_a_documented_page(site: Site) -> None:
    device = (await site.devices(DEVICES_PAGE))[MAC]
    assert (device.site, device.id, device.address) == ("hq", MAC, "150.24.83.17")
    assert (device.state, device.certainty) == (DeviceState.REGISTERED, Certainty.INFERRED)
    assert (device.last_seen, device.since) == (1790293000.0, None)


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (0, DeviceState.REGISTERED),
        (3600, DeviceState.REGISTERED),
        (3601, DeviceState.UNREGISTERED),
        (-60, DeviceState.REGISTERED),
    ],
)
@pytest.mark.parametrize("unit", [1, 1_000_000])
async def test_the_age_of_the_registration_decides(
    site: Site, age: int, state: DeviceState, unit: int
) -> None:
    then = str(int((NOW - age) * unit))
    row = {"mac_address": MAC, "registration": {"last_success": then}}
    device = (await site.devices(json.dumps({"devices": [row]})))[MAC]
    assert (device.state, device.last_seen) == (state, NOW - age)
    assert device.since == (NOW - age if state is DeviceState.UNREGISTERED else None)


async def test_how_old_is_too_old_can_be_set(site: Site) -> None:
    site.open(online_after=60)
    device = (await site.devices(DEVICES_PAGE))[MAC]
    assert device.state is DeviceState.UNREGISTERED
    assert device.since == 1790293000.0


async def test_the_age_is_counted_on_the_clock_of_the_pbx(site: Site) -> None:
    ahead = formatdate(NOW + 7200, usegmt=True)
    site.server.on(DEVICES, Reply(DEVICES_PAGE, headers={"date": ahead}))
    reading = await site.open().read(Topic.DEVICES)
    (device,) = reading.items[Kind.DEVICES].values()
    assert device.state is DeviceState.UNREGISTERED  # type: ignore[union-attr]
    assert reading.skew == pytest.approx(7200, abs=2)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"registration": {"last_success": "0"}}, DeviceState.UNREGISTERED),
        (
            {"registration": {"last_success": 0}, "last_success": 1790293000},
            DeviceState.UNREGISTERED,
        ),
        ({"registration": None, "last_success": 1790293000}, DeviceState.REGISTERED),
        ({"last_success": "1790293000000000"}, DeviceState.REGISTERED),
        ({"registration": {}}, DeviceState.UNKNOWN),
        ({}, DeviceState.UNKNOWN),
    ],
)
async def test_what_is_not_told_is_not_known(
    site: Site, row: dict[str, object], state: DeviceState
) -> None:
    body = json.dumps({"devices": [{"mac_address": MAC, **row}]})
    assert (await site.devices(body))[MAC].state is state


async def test_one_device(site: Site) -> None:
    site.server.on(f"{DEVICES}/{MAC}", Reply(DEVICE))
    device = await site.open().device(MAC)
    assert (device.id, device.state) == (MAC, DeviceState.REGISTERED)
    assert len(site.server.requests) == 1


async def test_one_unreadable_device_among_good_ones(site: Site) -> None:
    reading = await site.reading(f'{{"devices":[{DEVICE},{{"device_ip":"1"}}]}}', Topic.DEVICES)
    assert list(reading.items[Kind.DEVICES]) == [MAC]
    assert reading.notes == (
        "1 of 2 devices could not be read: devices.1.mac_address: it is missing",
    )


async def test_the_raw_row(site: Site) -> None:
    await site.devices(DEVICES_PAGE)
    raw = site.opened[0].raw(Kind.DEVICES, MAC)
    assert json.loads(raw) == json.loads(DEVICE)
