"""Each fault as a real HTTP client on a real connection meets it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime

import httpx
import pytest

from pbxtui.simulator.faults import NAMES, Faults
from pbxtui.simulator.vonage import SimulatedVonage, build_vonage
from tests.simulator.world import CALLS, DEVICES, START, Clock, client_of


@pytest.fixture
def built() -> SimulatedVonage:
    return build_vonage(1, 30, clock=Clock())


@pytest.fixture
async def client(built: SimulatedVonage) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(built) as (client, _):
        yield client


async def works(client: httpx.AsyncClient) -> bool:
    answer = await client.get(CALLS)
    return answer.status_code == 200 and bool(answer.json()["calls"])


@pytest.mark.parametrize("status", ["401", "403", "404", "409", "429", "500", "502", "503"])
async def test_statuses(built: SimulatedVonage, client: httpx.AsyncClient, status: str) -> None:
    built.faults.set(status, on="reads", **({"retry_after": 7} if status == "429" else {}))
    answer = await client.get(CALLS)
    assert answer.status_code == int(status)
    if status == "502":
        assert answer.headers["content-type"] == "text/html"
        assert answer.text.startswith("<!DOCTYPE html>")
    else:
        assert answer.json()["message"]
    assert answer.headers.get("retry-after") == ("7" if status == "429" else None)
    built.faults.clear()
    assert await works(client)


@pytest.mark.parametrize("name", ["html", "garbage", "empty", "cut"])
async def test_answers_that_are_no_json(
    built: SimulatedVonage, client: httpx.AsyncClient, name: str
) -> None:
    built.faults.set(name)
    answer = await client.get(CALLS)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    built.faults.clear(name)
    assert await works(client)


async def test_taken_in_and_sent_on(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("202")
    answer = await client.get(CALLS)
    assert (answer.status_code, answer.content) == (202, b"")
    built.faults.clear()
    built.faults.set("redirect", status=308)
    answer = await client.get(CALLS, params={"page": "1"})
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{answer.url.raw_path.decode()}&on=1"
    built.faults.clear()
    assert await works(client)


async def test_reset(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("reset")
    with pytest.raises(httpx.ReadError) as raised:
        await client.get(CALLS)
    assert "ConnectionResetError" in repr(chain(raised.value))
    built.faults.clear()
    assert await works(client)


def chain(error: BaseException | None) -> list[BaseException]:
    return [] if error is None else [error, *chain(error.__cause__ or error.__context__)]


async def test_refuse(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("refuse")
    with pytest.raises(httpx.TransportError):
        await client.get(CALLS)
    assert built.faults.count("GET", "/calls") == 0, "no request got through"
    built.faults.clear()
    assert await works(client)


async def test_truncate(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("truncate")
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        await client.get(CALLS)
    built.faults.clear()
    assert await works(client)


async def test_timeout(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("timeout")
    with pytest.raises(httpx.ReadTimeout):
        await client.get(CALLS, timeout=0.1)
    assert built.faults.count("GET", "/calls") == 1
    built.faults.clear()
    assert await works(client)


@pytest.mark.parametrize("name", ["timeout", "reset"])
@pytest.mark.parametrize("done", [0, 1])
async def test_an_action_may_be_done_although_no_answer_came(
    built: SimulatedVonage, client: httpx.AsyncClient, name: str, done: int
) -> None:
    call = next(iter(built.office.calls.values()))
    built.faults.set(name, on="actions", done=done)
    with pytest.raises(httpx.TransportError):
        await client.delete(f"{CALLS}/{call.id}", timeout=0.3)
    assert call.alive is not bool(done)
    assert built.faults.count("DELETE", "/calls/{call_id}") == 1
    assert await works(client), "reads are not struck"


async def test_slow(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("slow", seconds=30)
    pending = asyncio.ensure_future(client.get(CALLS))
    await built.faults.arrived(1)
    done, _ = await asyncio.wait([pending], timeout=0.05)
    assert not done
    pending.cancel()
    built.faults.set("slow", seconds=0.01)
    assert await works(client)


async def test_huge(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("huge", megabytes=1000)
    got = 0
    async with client.stream("GET", CALLS) as answer:
        assert answer.status_code == 200
        async for chunk in answer.aiter_bytes():
            got += len(chunk)
            if got > 3_000_000:
                break
    built.faults.clear()
    assert await works(client)


async def test_huge_ends_as_json(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("huge", megabytes=1)
    assert len((await client.get(CALLS)).json()["calls"]) == 2


async def test_clock_skew(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    answer = await client.get(CALLS)
    assert parsedate_to_datetime(answer.headers["date"]).timestamp() == START
    assert len(answer.headers.get_list("date")) == 1
    built.faults.set("clock-skew", seconds=-120)
    answer = await client.get(CALLS)
    assert parsedate_to_datetime(answer.headers["date"]).timestamp() == START - 120


async def test_pages_without_end(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("loop-pages")
    first = (await client.get(CALLS, params={"page_size": 1000})).json()
    second = (await client.get(first["next_page_uri"])).json()
    assert second == first


async def test_a_page_elsewhere(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("foreign-page", host="http://127.0.0.1:9")
    body = (await client.get(CALLS)).json()
    assert body["next_page_uri"].startswith("http://127.0.0.1:9/t/vbc.prod/telephony/v3/cc/")


async def test_hostile_text(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("hostile-text")
    body = (await client.get(CALLS)).json()
    names = {call["from_name"] for call in body["calls"]}
    assert any("\x1b" in name for name in names)
    assert any("[bold red]" in name for name in names)
    assert any("\u202e" in name for name in names)
    assert any(len(name) > 10_000 for name in names)
    devices = (await client.get(DEVICES)).json()["devices"]
    assert any("\x1b" in device["device_ip"] for device in devices)


async def test_wrong_types(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    built.faults.set("wrong-types")
    assert isinstance((await client.get(CALLS)).json()["calls"], int)
    assert isinstance((await client.get(DEVICES)).json()["devices"], int)
    built.faults.set("wrong-types", where="items")
    calls = (await client.get(CALLS)).json()["calls"]
    assert any(call["leg_map"] == 7 for call in calls)
    assert any(isinstance(call["status"], list) for call in calls)
    assert any(call["call_id"] == 12 for call in calls)


async def test_fields_missing_and_null(built: SimulatedVonage, client: httpx.AsyncClient) -> None:
    whole = (await client.get(CALLS)).json()["calls"]
    for name in ("missing-fields", "null-fields"):
        built.faults.clear()
        built.faults.set(name)
        for before, after in zip(whole, (await client.get(CALLS)).json()["calls"], strict=True):
            changed = {key for key in before if key not in after or after[key] != before[key]}
            assert len(changed) == 1
            assert (changed.pop() in after) is (name == "null-fields")
    built.faults.clear()
    assert (await client.get(CALLS)).json()["calls"] == whole


async def test_a_rate_strikes_some_of_many_and_the_same_ones_again() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.set("500", rate=0.3)
        return [faults.strikes("500") is not None for _ in range(500)]

    assert struck(1) == struck(1) != struck(2)
    assert 100 < sum(struck(1)) < 200


async def test_faults_strike_only_what_they_are_set_on(
    built: SimulatedVonage, client: httpx.AsyncClient
) -> None:
    built.faults.set("500", on="actions")
    assert await works(client)
    assert (await client.post(CALLS, json={})).status_code == 500
    built.faults.set("500", on="token")
    assert (await client.post(CALLS, json={})).status_code == 400
    token = str(client.base_url.copy_with(raw_path=b"/token"))
    assert (await client.post(token)).status_code == 500


async def test_requests_are_counted_by_method_and_class_of_path(
    built: SimulatedVonage, client: httpx.AsyncClient
) -> None:
    call = next(iter(built.office.calls.values()))
    leg = call.legs[0]
    await client.get(CALLS)
    await client.get(f"{CALLS}/{call.id}/legs/{leg.id}")
    await client.put(f"{CALLS}/{call.id}/legs/{leg.id}", json={})
    await client.get(f"{DEVICES}/80-5E-C0-00-00-00")
    faults = built.faults
    assert faults.count("GET", "/calls") == 1
    assert faults.count("GET", "/calls/{call_id}/legs/{leg_id}") == 1
    assert faults.count("PUT", "/calls/{call_id}/legs/{leg_id}") == 1
    assert faults.count("GET", "/devices/{device_id}") == 1
    assert [seen.kind for seen in faults.seen] == ["read", "read", "action", "read"]


def test_a_fault_that_does_not_exist_is_refused_with_its_neighbour() -> None:
    faults = Faults()
    with pytest.raises(ValueError, match="did you mean hostile-text"):
        faults.set("hostile-txt")
    with pytest.raises(ValueError, match="there are slow, timeout"):
        faults.set("xyzzy")
    with pytest.raises(ValueError, match="on is one of reads, actions, both"):
        faults.set("html", on="sundays")
    with pytest.raises(ValueError, match="from 0 to 1"):
        faults.set("html", rate=7)


def test_every_fault_is_described() -> None:
    assert all(words and not words.endswith(".") for words in NAMES.values())
    assert json.dumps(NAMES)
