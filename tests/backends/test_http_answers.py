"""What is made of a status, of the server's words, of its quota and its clock."""

from __future__ import annotations

import asyncio
from email.utils import formatdate

import pytest

from pbxtui.backends.base import (
    BackendError,
    Conflict,
    Forbidden,
    LoginRefused,
    NotFound,
    NotUnderstood,
    Runtime,
    ServerFault,
    Throttled,
)
from pbxtui.backends.http import HttpClient
from pbxtui.backends.tally import tally
from pbxtui.model import Quota
from tests.backends.reaching import NOW, Connect, failing
from tests.backends.server import Reply, Server

# --- statuses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, NotUnderstood, "it does not take the request"),
        (401, LoginRefused, "the token is not accepted"),
        (403, Forbidden, "the token has no right to this"),
        (404, NotFound, "it knows no such thing"),
        (409, Conflict, "it is changing just now"),
        (429, Throttled, "the quota is used up"),
        (500, ServerFault, "internal server error"),
        (502, ServerFault, "bad gateway"),
        (503, ServerFault, "service unavailable"),
        (599, ServerFault, "it has failed"),
    ],
)
async def test_a_status_in_words_with_the_servers_own(
    server: Server, connect: Connect, status: int, kind: type[BackendError], words: str
) -> None:
    server.on("/calls", Reply('{"code": "1", "message": "Why \x1b[31m[b]not[/b]"}', status))
    error = await failing(connect(server.url))
    assert type(error) is kind
    assert error.words == f"{status} from {server.host}: {words} (“Why �[31m[b]not[/b]”)"
    assert error.hint
    assert error.status == status
    assert error.sent
    assert error.unsure == (status >= 500)
    assert len(server.requests) == 1


async def test_a_login_page_in_place_of_the_gateway(server: Server, connect: Connect) -> None:
    page = "<html><head><title>Sign in \x1b]0;x\x07&amp; go</title></head><body>…</body></html>"
    server.on("/calls", Reply(page, 502, kind="text/html"))
    error = await failing(connect(server.url))
    assert "(a web page, “Sign in �]0;x�& go”)" in error.words


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"fault": {"code": 900902, "message": "Missing Credentials"}}', "Missing Credentials"),
        ('{"error": "invalid_grant", "error_description": "locked"}', "locked"),
        ('{"error": {"code": 1, "message": "inner"}}', "inner"),
        ("plain words\nand more", "plain words"),
    ],
)
async def test_the_servers_words_are_found(
    server: Server, connect: Connect, body: str, said: str
) -> None:
    server.on("/calls", Reply(body, 403))
    assert f"(“{said}”)" in (await failing(connect(server.url))).words


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", '{"message": 7}', "null", '{"cut', '{"message": ""}']
)
async def test_a_server_without_words(server: Server, connect: Connect, body: str) -> None:
    server.on("/calls", Reply(body, 403))
    error = await failing(connect(server.url))
    assert error.words == f"403 from {server.host}: the token has no right to this"


# --- quota, waiting, the clock ----------------------------------------------------------------


def quota_headers(remaining: str, reset: str) -> dict[str, str]:
    return {
        "x-ratelimit-limit": "1000",
        "x-ratelimit-remaining": remaining,
        "x-ratelimit-reset": reset,
    }


@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [
        (429, quota_headers("0", "754"), 754.0),
        (429, quota_headers("0", str(int(NOW) + 90)), 90.0),
        (429, {"x-ratelimit-reset": "20"}, 20.0),
        (429, {**quota_headers("0", "754"), "retry-after": "40"}, 40.0),
        (429, quota_headers("12", "754"), None),
        (429, quota_headers("0", "soon"), None),
        (503, quota_headers("0", "754"), None),
    ],
    ids=[
        "seconds",
        "an epoch time",
        "the reset alone",
        "Retry-After is preferred",
        "another reason than the quota",
        "no time",
        "no 429",
    ],
)
async def test_a_429_without_retry_after_ends_when_the_quota_resets(
    server: Server, connect: Connect, status: int, headers: dict[str, str], after: float | None
) -> None:
    server.on("/calls", Reply(status=status, headers=headers))
    assert (await failing(connect(server.url))).retry_after == after


async def test_the_requests_that_leave_are_counted_for_whoever_asked(
    server: Server, connect: Connect
) -> None:
    server.on("/calls", Reply("[]"))
    client = connect(server.url)
    await client.request("GET", "/calls")
    with tally() as mine:
        await asyncio.gather(*(client.request("GET", "/calls") for _ in range(3)))
        with tally() as inner:
            await client.request("GET", "/calls")
    await client.request("GET", "/calls")
    assert (mine.requests, inner.requests) == (3, 1)
    assert len(server.of("/calls")) == 6


async def test_retry_after_in_seconds_and_as_a_date(server: Server, connect: Connect) -> None:
    date = formatdate(NOW + 90, usegmt=True)
    told = formatdate(NOW + 30, usegmt=True)
    server.on(
        "/calls",
        Reply(status=429, headers={"retry-after": "40"}),
        Reply(status=429, headers={"retry-after": date}),
        Reply(status=503, headers={"retry-after": date, "date": told}),
        Reply(status=429, headers={"retry-after": "soon"}),
        Reply(status=429, headers={"retry-after": "-1"}),
        Reply(status=429, headers={"retry-after": "9" * 400}),
    )
    client = connect(server.url)
    after = [(await failing(client)).retry_after for _ in range(6)]
    assert after == [40.0, 90.0, 60.0, None, None, None]


def _quota(client: HttpClient) -> Quota | None:
    return client.quota


async def test_the_quota_of_the_last_answer(server: Server, connect: Connect) -> None:
    now = NOW
    limits = {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "312"}
    server.on(
        "/calls",
        Reply("[]"),
        Reply("[]", headers={**limits, "x-ratelimit-reset": "600"}),
        Reply("[]", headers={**limits, "x-ratelimit-reset": str(int(NOW) + 400)}),
        Reply("[]", headers={"x-ratelimit-limit": "many"}),
    )
    client = connect(server.url, runtime=Runtime(clock=lambda: now))
    await client.request("GET", "/calls")
    assert _quota(client) is None
    await client.request("GET", "/calls")
    assert _quota(client) == Quota(1000, 312, 600)
    now += 100
    assert _quota(client) == Quota(1000, 312, 500)
    await client.request("GET", "/calls")
    assert _quota(client) == Quota(1000, 312, 300)
    await client.request("GET", "/calls")
    assert _quota(client) == Quota(1000, 312, 300)


@pytest.mark.parametrize(
    ("ahead", "skew"), [(0, 0.0), (1, 0.0), (-1, 0.0), (300, 300.5), (-7200, -7199.5)]
)
async def test_the_clock_of_the_pbx(
    server: Server, connect: Connect, ahead: float, skew: float
) -> None:
    server.on("/calls", Reply("[]", headers={"date": formatdate(NOW + ahead, usegmt=True)}))
    client = connect(server.url)
    assert client.skew is None
    await client.request("GET", "/calls")
    assert client.skew == skew


async def test_the_clock_does_not_hop_from_answer_to_answer(
    server: Server, connect: Connect
) -> None:
    seconds = [300, 301, 300, 301, 360]
    dates = [{"date": formatdate(NOW + ahead, usegmt=True)} for ahead in seconds]
    server.on("/calls", *(Reply("[]", headers=headers) for headers in dates))
    client = connect(server.url)
    seen = []
    for _ in seconds:
        await client.request("GET", "/calls")
        seen.append(client.skew)
    assert seen == [300.5, 300.5, 300.5, 300.5, 360.5]


async def test_a_clock_that_cannot_be_read_tells_nothing(server: Server, connect: Connect) -> None:
    server.on(
        "/calls",
        Reply("[]", headers={"date": "yesterday"}),
        Reply("[]", headers={"date": formatdate(NOW - 900, usegmt=True), "age": "900"}),
    )
    client = connect(server.url)
    await client.request("GET", "/calls")
    await client.request("GET", "/calls")
    assert client.skew is None
