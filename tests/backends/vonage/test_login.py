"""Tokens: given or fetched, renewed, shared, and never asked for again after a refusal."""

from __future__ import annotations

import asyncio
import json

import pytest

from pbxtui.backends.base import (
    BackendError,
    LoginRefused,
    NotFound,
    NotUnderstood,
    Refused,
    ServerFault,
    Throttled,
)
from pbxtui.model import Kind, Topic
from tests.backends.server import Reply, Request, unused_port
from tests.backends.vonage.bodies import DEVICES_PAGE, LIVE, TOKEN
from tests.backends.vonage.conftest import CALLS, DEVICES, Site

LOCKED = '{"error":"invalid_grant","error_description":"17003 User account is locked"}'
WRONG = '{"error":"invalid_grant","error_description":"Authentication failed for pass word&1"}'


def minted(number: int, **fields: object) -> Reply:
    token = {"access_token": f"minted-{number}", "refresh_token": f"refresh-{number}"}
    return Reply(json.dumps({**token, "expires_in": 86400, **fields}))


def accepting(*tokens: str) -> Reply | object:
    def answer(request: Request) -> Reply:
        good = request.headers.get("authorization", "").removeprefix("Bearer ") in tokens
        return Reply(LIVE) if good else Reply('{"title":"Problem with provided token"}', 401)

    return answer


def grants(site: Site) -> list[str]:
    return [request.form["grant_type"] for request in site.server.of("/token")]


async def test_the_password_grant_as_documented(site: Site) -> None:
    site.server.on("/token", Reply(TOKEN))
    site.server.on(CALLS, Reply(LIVE))
    reading = await site.open(login=True).read(Topic.CALLS)
    assert len(reading.items[Kind.CALLS]) == 1
    login, calls = site.server.requests
    assert (login.method, login.path) == ("POST", "/token")
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert login.form == {
        "grant_type": "password",
        "scope": "openid",
        "username": "noc@example.com@vbc.prod",
        "password": "pass word&1",
        "client_id": "consumer-key",
        "client_secret": "consumer/secret+2",
    }
    assert "authorization" not in login.headers
    assert calls.headers["authorization"] == "Bearer eyJminted"


async def test_one_login_serves_every_reading(site: Site) -> None:
    site.server.on("/token", Reply(TOKEN))
    site.server.on(CALLS, Reply(LIVE))
    site.server.on(DEVICES, Reply(DEVICES_PAGE))
    backend = site.open(login=True)
    for _ in range(3):
        await backend.read(Topic.CALLS)
        await backend.read(Topic.DEVICES)
    assert grants(site) == ["password"]


async def test_two_readings_at_once_share_one_login(site: Site) -> None:
    site.server.on("/token", Reply(TOKEN))
    gate = site.server.hold("/token")
    site.server.on(CALLS, Reply(LIVE))
    site.server.on(DEVICES, Reply(DEVICES_PAGE))
    backend = site.open(login=True)
    reads = asyncio.gather(backend.read(Topic.CALLS), backend.read(Topic.DEVICES))
    await site.server.came(1)
    gate.set()
    calls, devices = await reads
    assert (len(calls.items[Kind.CALLS]), len(devices.items[Kind.DEVICES])) == (1, 1)
    assert grants(site) == ["password"]


async def test_a_reader_that_goes_away_does_not_take_the_login_with_it(site: Site) -> None:
    site.server.on("/token", Reply(TOKEN))
    gate = site.server.hold("/token")
    site.server.on(CALLS, Reply(LIVE))
    backend = site.open(login=True)
    leaving = asyncio.ensure_future(backend.read(Topic.CALLS))
    await site.server.came(1)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    gate.set()
    assert len((await backend.read(Topic.CALLS)).items[Kind.CALLS]) == 1
    assert grants(site) == ["password"]


async def test_a_refused_token_is_renewed_with_the_refresh_token(site: Site) -> None:
    site.server.on("/token", minted(1), minted(2), minted(3))
    site.server.on(CALLS, accepting("minted-1"))  # type: ignore[arg-type]
    backend = site.open(login=True)
    await backend.read(Topic.CALLS)
    site.server.on(CALLS, accepting("minted-2"))  # type: ignore[arg-type]
    await backend.read(Topic.CALLS)
    site.server.on(CALLS, accepting("minted-3"))  # type: ignore[arg-type]
    await backend.read(Topic.CALLS)
    assert grants(site) == ["password", "refresh_token", "refresh_token"]
    asked = [request.form.get("refresh_token") for request in site.server.of("/token")]
    assert asked == [None, "refresh-1", "refresh-2"]
    assert "scope" not in site.server.of("/token")[1].form


async def test_a_token_is_renewed_before_its_end(site: Site) -> None:
    site.server.on("/token", minted(1, expires_in="3600"), minted(2))
    site.server.on(CALLS, Reply(LIVE))
    backend = site.open(login=True)
    await backend.read(Topic.CALLS)
    site.now += 3500
    await backend.read(Topic.CALLS)
    assert grants(site) == ["password"]
    site.now += 60
    await backend.read(Topic.CALLS)
    assert grants(site) == ["password", "refresh_token"]
    assert site.server.requests[-1].headers["authorization"] == "Bearer minted-2"


async def test_a_used_up_refresh_token_leads_back_to_the_password(site: Site) -> None:
    site.server.on("/token", minted(1), Reply('{"error":"invalid_grant"}', 400), minted(2))
    site.server.on(CALLS, accepting("minted-1"))  # type: ignore[arg-type]
    backend = site.open(login=True)
    await backend.read(Topic.CALLS)
    site.server.on(CALLS, accepting("minted-2"))  # type: ignore[arg-type]
    await backend.read(Topic.CALLS)
    assert grants(site) == ["password", "refresh_token", "password"]


async def test_a_new_token_that_is_refused_too_is_told(site: Site) -> None:
    site.server.on("/token", minted(1), minted(2))
    site.server.on(CALLS, accepting())  # type: ignore[arg-type]
    with pytest.raises(LoginRefused) as caught:
        await site.open(login=True).read(Topic.CALLS)
    assert not caught.value.retry
    assert "a new one is not accepted either" in caught.value.hint
    assert grants(site) == ["password", "refresh_token"]
    assert len(site.server.of(CALLS)) == 2


async def test_a_refused_login_is_not_repeated_by_itself(site: Site) -> None:
    site.server.on("/token", Reply(WRONG, 400))
    backend = site.open(login=True)
    for topic in (Topic.CALLS, Topic.DEVICES):
        with pytest.raises(LoginRefused) as caught:
            await backend.read(topic)
        assert not caught.value.retry
        assert caught.value.words == (
            f"400 from {site.server.host}: the login is refused (“Authentication failed for ***”)"
        )
        assert "username, password, client_id and client_secret" in caught.value.hint
    assert grants(site) == ["password"]
    assert len(site.server.requests) == 1


async def test_who_was_told_and_asks_again_has_the_login_tried_once_more(site: Site) -> None:
    site.server.on("/token", Reply(WRONG, 400), Reply(LOCKED, 400), Reply(TOKEN))
    site.server.on(CALLS, Reply(LIVE))
    site.server.on(DEVICES, Reply(DEVICES_PAGE))
    backend = site.open(login=True)
    for topic in (Topic.CALLS, Topic.DEVICES):
        with pytest.raises(LoginRefused):
            await backend.read(topic)
    with pytest.raises(LoginRefused) as caught:
        await backend.read(Topic.CALLS)
    assert "the user is locked" in caught.value.hint
    with pytest.raises(LoginRefused):
        await backend.read(Topic.DEVICES)
    assert len(grants(site)) == 2
    await backend.read(Topic.CALLS)
    await backend.read(Topic.DEVICES)
    assert len(grants(site)) == 3


async def test_readers_at_once_hear_of_one_refusal(site: Site) -> None:
    site.server.on("/token", Reply(WRONG, 401))
    gate = site.server.hold("/token")
    backend = site.open(login=True)
    reads = [asyncio.ensure_future(backend.read(t)) for t in (Topic.CALLS, Topic.DEVICES)]
    await site.server.came(1)
    gate.set()
    for read in reads:
        with pytest.raises(LoginRefused):
            await read
    assert len(grants(site)) == 1
    with pytest.raises(LoginRefused):
        await backend.call("1")
    assert len(grants(site)) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply("<html><title>Maintenance</title></html>", 503), ServerFault),
        (Reply('{"code":"900800","message":"Message throttled out"}', 429), Throttled),
        (Reply("<html><title>Sign in</title></html>"), NotUnderstood),
        (Reply("access_token=eyJsecret&x"), NotUnderstood),
        (Reply('{"access_token":"with space"}'), NotUnderstood),
        (Reply('{"access_token":"pä"}'), NotUnderstood),
        (Reply('{"access_token":null}'), NotUnderstood),
        (Reply('{"token":"eyJsecret"}'), NotUnderstood),
        (Reply(""), NotUnderstood),
        (Reply(hang_up=True), BackendError),
    ],
)
async def test_a_login_that_fails_otherwise_is_tried_again_later(
    site: Site, reply: Reply, kind: type[BackendError]
) -> None:
    site.server.on("/token", reply, Reply(TOKEN))
    site.server.on(CALLS, Reply(LIVE))
    backend = site.open(login=True)
    with pytest.raises(kind) as caught:
        await backend.read(Topic.CALLS)
    assert caught.value.retry
    assert "eyJsecret" not in str(caught.value)
    assert len(site.server.requests) == 1
    assert len((await backend.read(Topic.CALLS)).items[Kind.CALLS]) == 1


async def test_a_wrong_address_for_tokens_is_called_that(site: Site) -> None:
    with pytest.raises(NotFound) as caught:
        await site.open(login=True).read(Topic.CALLS)
    assert "check token_url in the config" in caught.value.hint


async def test_a_login_that_nobody_hears_is_tried_again_later(site: Site) -> None:
    backend = site.open(login=True, token_url=f"http://127.0.0.1:{unused_port()}/token")
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            await backend.read(Topic.CALLS)
        assert caught.value.retry


@pytest.mark.parametrize("life", [None, "0", 0, -5, "soon", 1e300])
async def test_a_token_of_unknown_life_is_used_until_it_is_refused(
    site: Site, life: object
) -> None:
    site.server.on("/token", minted(1, expires_in=life), minted(2))
    site.server.on(CALLS, Reply(LIVE))
    backend = site.open(login=True)
    await backend.read(Topic.CALLS)
    site.now += 1_000_000
    await backend.read(Topic.CALLS)
    assert grants(site) == ["password"]


async def test_a_given_token_that_is_refused(site: Site) -> None:
    site.server.on(CALLS, Reply('{"code":401,"message":"Problem with provided token"}', 401))
    with pytest.raises(LoginRefused) as caught:
        await site.open().read(Topic.CALLS)
    assert caught.value.words == (
        f"401 from {site.server.host}: the token is not accepted (“Problem with provided token”)"
    )
    assert caught.value.hint == "get a new token, then pbxtui check hq"
    assert len(site.server.requests) == 1


async def test_a_wrong_account_is_called_that(site: Site) -> None:
    said = "User is not permitted to make a request against this account"
    site.server.on(CALLS, Reply(json.dumps({"code": 401, "message": said}), 401))
    with pytest.raises(LoginRefused) as caught:
        await site.open().read(Topic.CALLS)
    assert said in caught.value.words
    assert "account" in caught.value.hint


async def test_no_secret_is_ever_shown(site: Site) -> None:
    secrets = ("pass word&1", "pass+word%261", "consumer/secret+2", "consumer%2Fsecret%2B2")
    site.server.on("/token", minted(1))
    echo = "minted-1 refresh-1 " + " ".join(secrets)
    for status in (200, 400, 401, 403, 404, 409, 429, 500):
        site.server.on(CALLS, Reply(json.dumps({"message": echo}), status))
        backend = site.open(login=True)
        site.server.on("/token", minted(1))
        with pytest.raises(BackendError) as caught:
            await backend.read(Topic.CALLS)
        shown = f"{caught.value}{caught.value.__cause__}{backend.exchanges}"
        assert backend.exchanges[0].what == "POST /token"
        for secret in (*secrets, "minted-1", "refresh-1"):
            assert secret not in shown
