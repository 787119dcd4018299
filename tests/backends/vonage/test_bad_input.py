"""Whatever comes in place of a list of calls: a sentence that says what to do, and never a lie."""

from __future__ import annotations

import json

import pytest

from pbxtui.backends.base import (
    AddressUnknown,
    BackendError,
    ConnectionLost,
    LoginRefused,
    NotUnderstood,
    Refused,
    TimedOut,
    TlsFailed,
    TooBig,
)
from pbxtui.backends.decoding import LARGE
from pbxtui.model import Kind, Topic
from tests.backends.server import Reply, unused_port
from tests.backends.vonage.bodies import LIVE, LIVE_CALL
from tests.backends.vonage.conftest import CALLS, TOKEN, Site


async def refusal(site: Site, reply: Reply, **settings: str | float) -> BackendError:
    site.server.on(CALLS, reply)
    with pytest.raises(BackendError) as caught:
        await site.open(login=False, **settings).read(Topic.CALLS)
    error = caught.value
    assert error.words
    assert error.hint
    assert TOKEN not in str(error)
    assert "Traceback" not in str(error)
    return error


async def test_a_wrong_token(site: Site) -> None:
    error = await refusal(site, Reply('{"code":401,"message":"no"}', 401))
    assert isinstance(error, LoginRefused)


async def test_a_refused_connection(site: Site) -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    assert isinstance(await refusal(site, Reply(), url=url), Refused)


async def test_an_unknown_host(site: Site) -> None:
    assert isinstance(await refusal(site, Reply(), url="http://pbx.invalid"), AddressUnknown)


async def test_a_time_out(site: Site) -> None:
    error = await refusal(site, Reply(silent=True), timeout=0.2)
    assert isinstance(error, TimedOut)
    assert "0.2 s" in error.words


async def test_a_tls_failure(site: Site) -> None:
    error = await refusal(site, Reply(), url=f"https://{site.server.host}/t/vbc.prod")
    assert isinstance(error, TlsFailed)


async def test_a_reset(site: Site) -> None:
    assert isinstance(await refusal(site, Reply(reset=True)), ConnectionLost)


async def test_a_web_page(site: Site) -> None:
    page = "<!doctype html><html><head><title>Sign\x1b[31m in</title></head></html>"
    error = await refusal(site, Reply(page, kind="text/html"))
    assert isinstance(error, NotUnderstood)
    assert error.words == (
        f"{site.server.host} answered with a web page, “Sign�[31m in”, instead of JSON"
    )
    assert "login page in between" in error.hint


async def test_json_that_is_cut(site: Site) -> None:
    for cut in (1, 9, 20, 60, 400, len(LIVE) - 1):
        error = await refusal(site, Reply(LIVE[:cut]))
        assert isinstance(error, NotUnderstood)
        assert "ends in the middle" in error.words


async def test_a_body_that_is_cut(site: Site) -> None:
    assert isinstance(await refusal(site, Reply(LIVE, only=100)), ConnectionLost)


async def test_a_huge_body(site: Site) -> None:
    error = await refusal(site, Reply(b" " * 70_000_000))
    assert isinstance(error, TooBig)
    assert "larger than 64 MiB" in error.words


async def test_a_large_body_is_read(site: Site) -> None:
    rows = [json.loads(LIVE_CALL) | {"call_id": str(n)} for n in range(1000)]
    body = json.dumps({"calls": rows})
    assert len(body) > LARGE
    assert list(await site.calls(body)) == [str(n) for n in range(1000)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("7", "an object was expected, a number came"),
        ('"calls"', "an object was expected, a text came"),
        ("null", "an object was expected, nothing (null) came"),
        ("{}", "calls: it is missing"),
        ('{"data":[]}', "calls: it is missing"),
        ('{"calls":7}', "calls: a list was expected, a number came"),
        ('{"calls":null}', "calls: a list was expected, nothing (null) came"),
        ('{"calls":{}}', "calls: a list was expected, an object came"),
        ('{"calls":"none"}', "calls: a list was expected, a text came"),
        ("[7]", "calls.0: an object was expected, a number came"),
        ("[null,null]", "calls.0: an object was expected, nothing (null) came"),
        ('[{"call_id":null}]', "calls.0.call_id: a text was expected, nothing (null) came"),
        ('[{"call_id":true}]', "calls.0.call_id: a text was expected, true came"),
        ('[{"call_id":""}]', "calls.0.call_id: "),
        ('[{"call_id":"1","legs":{}}]', "calls.0.legs: a list was expected, an object came"),
        ('[{"call_id":"1","leg_map":[]}]', "calls.0.leg_map: an object was expected, a list came"),
        (
            '[{"call_id":"1","leg_map":{"a":{"status":[]}}}]',
            "calls.0.leg_map.a.status: a text was expected, a list came",
        ),
        (
            '[{"call_id":"1","start_time":[]}]',
            "calls.0.start_time: a number was expected, a list came",
        ),
        ('[{"call_id":"1","from":{}}]', "calls.0.from: a text was expected, an object came"),
    ],
)
async def test_wrong_types_are_named_with_their_place(site: Site, body: str, words: str) -> None:
    error = await refusal(site, Reply(body))
    assert isinstance(error, NotUnderstood)
    assert words in error.words


@pytest.mark.parametrize(
    "body",
    [
        b"SSH-2.0",
        bytes(range(256)),
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{]",
        b'{"calls":[]} trailing',
        b"NaN",
        b"9" * 10_000,
    ],
)
async def test_what_is_no_json_at_all(site: Site, body: bytes) -> None:
    assert isinstance(await refusal(site, Reply(body)), NotUnderstood)


async def test_a_number_of_thousands_of_digits_spoils_nothing(site: Site) -> None:
    nines = "9" * 5000
    body = f'{{"calls":[{{"call_id":"1"}},{{"call_id":{nines},"start_time":{nines}}}]}}'
    calls = await site.calls(body)
    assert len(calls) == 2
    assert max(map(len, calls)) <= 160


async def test_a_hostile_place_is_clean_in_the_words(site: Site) -> None:
    body = '[{"call_id":"1","leg_map":{"\\u001b[31m[b]\\u202e":{"status":[]}}}]'
    error = await refusal(site, Reply(body))
    assert "calls.0.leg_map.�[31m[b]�.status" in error.words


async def test_it_recovers_by_itself(site: Site) -> None:
    reset = Reply(reset=True)
    bad = [Reply(silent=True), Reply("<html>", 502), Reply(LIVE[:50]), Reply("7"), reset, reset]
    site.server.on(CALLS, Reply(LIVE), *bad, Reply(LIVE))
    backend = site.open(timeout=0.2)
    first = (await backend.read(Topic.CALLS)).items[Kind.CALLS]
    for _ in range(5):
        with pytest.raises(BackendError):
            await backend.read(Topic.CALLS)
    assert (await backend.read(Topic.CALLS)).items[Kind.CALLS] == first


async def test_every_exchange_is_noted(site: Site) -> None:
    site.server.on(CALLS, Reply(LIVE), Reply("no", 500), Reply(hang_up=True))
    backend = site.open()
    await backend.read(Topic.CALLS)
    for _ in range(2):
        with pytest.raises(BackendError):
            await backend.read(Topic.CALLS)
    statuses = [exchange.status for exchange in backend.exchanges]
    assert statuses == ["200", "500", "no answer", "no answer"]
    assert backend.exchanges[0].what == f"GET {CALLS}?page_size=100"
    assert backend.exchanges[0].size == len(LIVE)
    assert "closed the connection" in backend.exchanges[-1].fault


async def test_the_other_topics_have_a_reason(site: Site) -> None:
    backend = site.open()
    for topic in (Topic.QUEUES, Topic.LAMPS):
        with pytest.raises(BackendError) as caught:
            await backend.read(topic)
        assert caught.value.words.endswith(".")
    assert site.server.requests == []
