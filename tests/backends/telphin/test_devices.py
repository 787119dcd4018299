"""Phones and their registrations: ``registered`` decides, in whatever shape the list comes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pbxtui.backends.base import BackendError, NotUnderstood, TooBig
from pbxtui.backends.telphin import api
from pbxtui.model import Certainty, DeviceState, Kind, Topic
from tests.backends.server import Reply, Request
from tests.backends.telphin.bodies import EXPIRED, NOT_FOUND, PHONES, QUEUES, REGISTRATION
from tests.backends.telphin.conftest import EXTENSIONS, NOW, REGISTRATIONS, Site, by_type


def registration(**changes: Any) -> str:
    return json.dumps([json.loads(REGISTRATION) | changes])


async def test_the_documented_registration(site: Site) -> None:
    device = (await site.devices())["85219"]
    assert (device.site, device.state) == ("cloud", DeviceState.REGISTERED)
    assert device.certainty is Certainty.SEEN
    assert (device.extension, device.name) == ("102", "Front desk")
    assert device.address == "203.0.113.7:62338"
    assert device.user_agent == "Yealink SIP-T46G 28.72.14.5"
    assert device.last_seen is None


async def test_expired_registrations_do_not_make_a_phone_reachable(site: Site) -> None:
    device = (await site.devices())["85220"]
    assert (device.state, device.certainty) == (DeviceState.UNREGISTERED, Certainty.SEEN)
    assert (device.extension, device.name) == ("103", "Workshop")
    assert device.since == NOW - 3500.0
    assert device.user_agent == "snom"


async def test_a_phone_of_which_nothing_is_said(site: Site) -> None:
    devices = await site.devices()
    assert devices["85221"].state is DeviceState.UNKNOWN
    reading = await site.reading(Topic.DEVICES)
    assert reading.notes == ("Telphin said nothing of the registrations of 1 phones",)


@pytest.mark.parametrize(
    ("told", "state", "certainty"),
    [
        (True, DeviceState.REGISTERED, Certainty.SEEN),
        (False, DeviceState.UNREGISTERED, Certainty.SEEN),
        (None, DeviceState.UNREGISTERED, Certainty.INFERRED),
        ("true", DeviceState.REGISTERED, Certainty.SEEN),
    ],
)
@pytest.mark.parametrize("listed", [True, False])
async def test_registered_decides(
    site: Site, told: Any, state: DeviceState, certainty: Certainty, listed: bool
) -> None:
    changes: dict[str, Any] = {} if listed else {"registrations": []}
    device = (await site.devices(registration(registered=told, **changes)))["85219"]
    assert (device.state, device.certainty) == (state, certainty)


@pytest.mark.parametrize(
    ("expires", "since"),
    [
        (-40, NOW - 40),
        ("-40", NOW - 40),
        (699, None),
        ("2017-08-23 15:58:00", NOW - 20),
        ("2017-08-23T15:58:00Z", NOW - 20),
        (int(NOW) - 20, NOW - 20),
        ("soon", None),
        (None, None),
        (True, None),
        (10**30, None),
    ],
)
async def test_both_meanings_of_expires(site: Site, expires: Any, since: float | None) -> None:
    one = {"device": "snom", "real_address": "sip:1.2.3.4:5", "expires": expires}
    body = registration(registered=False, registrations=[one])
    assert (await site.devices(body))["85219"].since == since


async def test_several_phones_of_one_extension(site: Site) -> None:
    two = [
        {"device": "Bria", "real_address": "sip:10.0.0.2:5060", "registration_id": "uloc-2"},
        {"device": "Yealink", "real_address": "sip:10.0.0.1:5060", "registration_id": "uloc-1"},
    ]
    devices = await site.devices(registration(registrations=two))
    assert devices["85219"].user_agent == "Yealink"
    assert devices["85219/uloc-2"].user_agent == "Bria"
    assert devices["85219/uloc-2"].extension == "102"


@pytest.mark.parametrize(
    "wrapped",
    [
        "[{one}, {two}]",
        '{{"85219": {one}, "85220": {two}}}',
        '{{"registrations": [{one}, {two}]}}',
        '{{"extension_list": [{one}, {two}]}}',
    ],
)
async def test_the_bulk_answer_in_each_shape(site: Site, wrapped: str) -> None:
    devices = await site.devices(wrapped.format(one=REGISTRATION, two=EXPIRED))
    assert devices["85219"].state is DeviceState.REGISTERED
    assert devices["85220"].state is DeviceState.UNREGISTERED


async def test_one_bare_row_and_rows_without_their_ids(site: Site) -> None:
    assert (await site.devices(REGISTRATION))["85219"].state is DeviceState.REGISTERED
    bare = {"registered": True, "registrations": []}
    devices = await site.devices(json.dumps({"85220": bare}))
    assert devices["85220"].state is DeviceState.REGISTERED
    assert devices["85219"].state is DeviceState.UNKNOWN


@pytest.mark.parametrize("body", ["", "7", "null", NOT_FOUND, '{"a": [', "<html>"])
async def test_what_is_no_list_of_registrations(site: Site, body: str) -> None:
    with pytest.raises(NotUnderstood):
        await site.devices(body)


async def test_a_registration_that_cannot_be_read(site: Site) -> None:
    site.server.on(
        REGISTRATIONS, Reply(f'[{{"extension_id": 85219, "registered": []}}, {EXPIRED}]')
    )
    reading = await site.reading(Topic.DEVICES)
    assert reading.items[Kind.DEVICES]["85219"].certainty is Certainty.SEEN
    assert "1 of 2 registrations could not be read" in " ".join(reading.notes)
    assert (await site.devices())["85219"].state is DeviceState.UNKNOWN


async def test_registrations_are_asked_for_in_batches(site: Site) -> None:
    phones = [{"id": n, "name": f"2566*{n}", "type": "phone"} for n in range(1, 8)]
    site.server.on(EXTENSIONS, by_type(json.dumps(phones), "[]"))

    def answer(request: Request) -> Reply:
        ids = [int(pair.split("=")[1]) for pair in request.target.partition("?")[2].split("&")]
        return Reply(json.dumps([{"extension_id": id, "registered": True} for id in ids]))

    site.server.on(REGISTRATIONS, answer)
    site.open(batch=3)
    devices = await site.devices()
    assert {device.state for device in devices.values()} == {DeviceState.REGISTERED}
    assert [request.target.partition("?")[2] for request in site.server.of(REGISTRATIONS)] == [
        "extension_id=1&extension_id=2&extension_id=3",
        "extension_id=4&extension_id=5&extension_id=6",
        "extension_id=7",
    ]


async def test_half_a_list_is_none(site: Site) -> None:
    site.open(batch=2)
    site.server.on(REGISTRATIONS, Reply(f"[{REGISTRATION}]"), Reply(NOT_FOUND, 404))
    with pytest.raises(BackendError, match="404"):
        await site.reading(Topic.DEVICES)


async def test_a_phone_as_it_came(site: Site) -> None:
    await site.devices()
    shown = json.loads(site.backend.raw(Kind.DEVICES, "85219"))
    assert shown == [json.loads(PHONES)[0], json.loads(REGISTRATION)]


# --- the list of extensions, page by page ----------------------------------------------------


def served(count: int, most: int, *, loops: bool = False) -> Any:
    """So many phones, in pages of at most ``most``."""

    def answer(request: Request) -> Reply:
        if request.query["type"] != "phone":
            return Reply("[]")
        size = min(int(request.query["per_page"]), most)
        page = int(request.query["page"])
        if loops:
            page = min(page, -(-count // size))
        rows = [
            {"id": n, "name": f"2566*{n}", "type": "phone"}
            for n in range((page - 1) * size + 1, min(page * size, count) + 1)
        ]
        return Reply(json.dumps(rows))

    return answer


@pytest.mark.parametrize(
    ("count", "most", "asked"),
    [
        (0, 100, 1),
        (3, 100, 1),
        (100, 100, 2),
        (101, 100, 2),
        (250, 100, 3),
        (45, 30, 2),
        (60, 30, 3),
        (25, 25, 2),
    ],
)
async def test_pages_to_the_end(site: Site, count: int, most: int, asked: int) -> None:
    """The server may give smaller pages than were asked for; no phone is lost by that."""
    site.server.on(EXTENSIONS, served(count, most))
    site.server.on(REGISTRATIONS, Reply("[]"))
    assert len(await site.devices()) == count
    assert len(site.server.of(EXTENSIONS)) == asked
    assert site.server.of(EXTENSIONS)[0].query == {"type": "phone", "page": "1", "per_page": "100"}


async def test_a_last_page_that_comes_for_ever(site: Site) -> None:
    site.server.on(EXTENSIONS, served(60, 20, loops=True))
    site.server.on(REGISTRATIONS, Reply("[]"))
    assert len(await site.devices()) == 60
    assert len(site.server.of(EXTENSIONS)) == 4


async def test_a_page_beyond_the_end_that_is_not_there(site: Site) -> None:
    whole = served(20, 20)

    def answer(request: Request) -> Reply:
        return whole(request) if request.query["page"] == "1" else Reply(NOT_FOUND, 404)

    site.server.on(EXTENSIONS, answer)
    site.server.on(REGISTRATIONS, Reply("[]"))
    assert len(await site.devices()) == 20


async def test_a_list_without_an_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MOST_PAGES", 3)
    site.server.on(EXTENSIONS, served(1000, 100))
    with pytest.raises(TooBig, match="does not end"):
        await site.devices()


async def test_the_list_of_extensions_is_read_seldom(site: Site) -> None:
    for _ in range(3):
        await site.devices()
        site.now += 90
    assert len(site.server.of(EXTENSIONS)) == 1
    site.now += 60
    await site.devices()
    assert len(site.server.of(EXTENSIONS)) == 2


async def test_extensions_that_cannot_be_read(site: Site) -> None:
    bad = '[{"id": "none"}, {"id": 85219, "name": "2566*102", "type": "phone"}]'
    site.server.on(EXTENSIONS, by_type(bad, QUEUES))
    reading = await site.reading(Topic.DEVICES)
    assert "1 of 2 extensions could not be read" in reading.notes[0]
    site.open()
    site.server.on(EXTENSIONS, by_type('[{"id": "none"}]', QUEUES))
    with pytest.raises(NotUnderstood, match="none of 1 extensions"):
        await site.reading(Topic.DEVICES)
