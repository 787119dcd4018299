"""Lists in pages: every item once, in order, filtered, however the last page is marked."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pbxtui.simulator.vonage import VonageSwitches, build_vonage
from tests.simulator.world import CALLS, DEVICES, START, Clock, client_of


async def follow(client: httpx.AsyncClient, path: str, **params: str | int) -> list[Any]:
    """All pages, as a careful client would read them."""
    pages: list[Any] = []
    url, query = str(path), dict(params)
    while True:
        answer = await client.get(url, params=query or None)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        if body["current_page"] in [page["current_page"] for page in pages]:
            return pages
        pages.append(body)
        following = body.get("next_page_uri")
        if not following:
            return pages
        assert following.startswith(path + "?"), "relative, without the API's base"
        url, query = following, {}


@pytest.mark.parametrize("last", ["null", "absent", "empty", "repeated"])
@pytest.mark.parametrize("size", [1, 7, 100, 1000])
async def test_every_call_and_device_once(last: str, size: int) -> None:
    switches = VonageSwitches(next_page=last)  # type: ignore[arg-type]
    built = build_vonage(1, 30, clock=Clock(), switches=switches)
    async with client_of(built) as (client, _):
        pages = await follow(client, CALLS, page_size=size, order="asc")
        ids = [call["call_id"] for page in pages for call in page["calls"]]
        assert ids == list(built.office.calls)
        starts = [int(call["start_time"]) for page in pages for call in page["calls"]]
        assert starts == sorted(starts)
        assert len(pages) == -(-len(ids) // size)
        assert {page["pages"] for page in pages} == {str(len(pages))}
        assert [page["current_page"] for page in pages] == [str(n) for n in range(len(pages))]
        pages = await follow(client, DEVICES, page_size=max(size, 7))
        macs = [device["mac_address"] for page in pages for device in page["devices"]]
        assert sorted(macs) == sorted(built.office.macs)
        assert pages[0]["current_page"] == "1"


async def test_the_default_page_holds_a_hundred_newest_first() -> None:
    built = build_vonage(1, 150, clock=Clock())
    async with client_of(built) as (client, _):
        body = (await client.get(CALLS)).json()
        assert len(body["calls"]) == 100
        assert (body["page_size"], body["order"]) == ("100", "desc")
        starts = [int(call["start_time"]) for call in body["calls"]]
        assert starts == sorted(starts, reverse=True)


async def test_a_page_can_be_capped() -> None:
    built = build_vonage(1, 60, clock=Clock(), switches=VonageSwitches(max_page_size=20))
    async with client_of(built) as (client, _):
        pages = await follow(client, CALLS, page_size=1000)
        assert len(pages[0]["calls"]) == 20
        assert sum(len(page["calls"]) for page in pages) == len(built.office.calls)


async def test_filters() -> None:
    built = build_vonage(1, 40, clock=Clock())
    office = built.office
    ext = next(ext for ext in office.building.extensions if ext.legs)
    async with client_of(built) as (client, _):
        pages = await follow(client, CALLS, extension=ext.number, page_size=1)
        ids = {call["call_id"] for page in pages for call in page["calls"]}
        assert ids == {leg.call.id for leg in ext.legs}
        since = int(START - 60)
        body = (await client.get(CALLS, params={"start_time": since})).json()
        expected = {call.id for call in office.calls.values() if call.started >= since}
        assert {call["call_id"] for call in body["calls"]} == expected
        body = (await client.get(CALLS, params={"end_time": since})).json()
        assert len(body["calls"]) == len(office.calls) - len(expected)
        body = (await client.get(DEVICES, params={"start_time": int(START - 300)})).json()
        assert 0 < len(body["devices"]) < len(office.macs)


@pytest.mark.parametrize(
    "params", [{"order": "up"}, {"page_size": "many"}, {"start_time": "yesterday"}]
)
async def test_parameters_that_make_no_sense_are_refused(params: dict[str, str]) -> None:
    built = build_vonage(1, 10, clock=Clock())
    async with client_of(built) as (client, _):
        answer = await client.get(CALLS, params=params)
        assert answer.status_code == 400
        assert answer.json()["code"] == "400"
        assert answer.json()["message"].startswith("Invalid request parameters")


@pytest.mark.parametrize("empty", ["200", "404"])
async def test_no_calls(empty: str) -> None:
    switches = VonageSwitches(empty_list=empty)  # type: ignore[arg-type]
    built = build_vonage(1, 0, 10, clock=Clock(), switches=switches)
    async with client_of(built) as (client, _):
        answer = await client.get(CALLS)
        assert answer.status_code == int(empty)
        if empty == "200":
            assert answer.json()["calls"] == []
        else:
            assert answer.json()["message"].startswith("No matching resource found")


async def test_a_bare_array() -> None:
    built = build_vonage(1, 120, clock=Clock(), switches=VonageSwitches(envelope="array"))
    async with client_of(built) as (client, _):
        body = (await client.get(CALLS)).json()
        assert [call["call_id"] for call in body] == list(built.office.calls)[::-1]
