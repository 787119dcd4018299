"""Who gets in: tokens, refused logins, wrong accounts, the quota."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from pbxtui.simulator.server import running
from pbxtui.simulator.vonage import BASE, SimulatedVonage, VonageSwitches, build_vonage
from tests.simulator.world import CALLS, Clock, client_of


@asynccontextmanager
async def site(
    switches: VonageSwitches | None = None,
) -> AsyncIterator[tuple[SimulatedVonage, httpx.AsyncClient, Clock]]:
    clock = Clock()
    built = build_vonage(1, 5, 20, clock=clock, switches=switches)
    async with running(built.app) as server, httpx.AsyncClient(base_url=server.url) as client:
        yield built, client, clock


def password_form(built: SimulatedVonage, **changes: str) -> dict[str, str]:
    return {
        "grant_type": "password",
        "scope": "openid",
        "username": built.username + "@vbc.prod",
        "password": built.password,
        "client_id": built.client_id,
        "client_secret": built.client_secret,
    } | changes


def refresh_form(built: SimulatedVonage, token: str) -> dict[str, str]:
    return {
        "grant_type": "refresh_token",
        "client_id": built.client_id,
        "client_secret": built.client_secret,
        "refresh_token": token,
    }


async def log_in(built: SimulatedVonage, client: httpx.AsyncClient) -> Any:
    answer = await client.post("/token", data=password_form(built))
    assert answer.status_code == 200
    return answer.json()


async def reads(client: httpx.AsyncClient, token: str) -> int:
    answer = await client.get(BASE + CALLS, headers={"authorization": f"Bearer {token}"})
    return answer.status_code


async def test_password_grant() -> None:
    async with site() as (built, client, _):
        body = await log_in(built, client)
        assert set(body) == {
            "access_token", "refresh_token", "scope", "id_token", "token_type", "expires_in",
        }  # fmt: skip
        assert body["token_type"] == "Bearer"
        assert body["scope"] == "openid"
        assert body["expires_in"] == 86_400
        assert body["access_token"].startswith("eyJ")
        assert await reads(client, body["access_token"]) == 200
        assert built.tokens.logins == 1


async def test_without_openid_the_scope_is_default() -> None:
    async with site() as (built, client, _):
        form = password_form(built)
        del form["scope"]
        body = (await client.post("/token", data=form)).json()
        assert body["scope"] == "default"
        assert "id_token" not in body


async def test_basic_credentials_at_the_second_address() -> None:
    async with site() as (built, client, _):
        form = password_form(built)
        del form["client_id"], form["client_secret"]
        answer = await client.post(
            "/t/vbc.prod/oauth2/token", data=form, auth=(built.client_id, built.client_secret)
        )
        assert answer.status_code == 200


async def test_a_refresh_token_serves_once_and_is_replaced() -> None:
    async with site() as (built, client, _):
        first = await log_in(built, client)
        form = refresh_form(built, first["refresh_token"])
        second = (await client.post("/token", data=form)).json()
        assert second["refresh_token"] != first["refresh_token"]
        assert await reads(client, second["access_token"]) == 200
        assert await reads(client, first["access_token"]) == 200, "the first one lives on"
        again = await client.post("/token", data=form)
        assert again.status_code == 400
        assert again.json()["error"] == "invalid_grant"
        assert built.tokens.refreshes == 1
        assert built.tokens.failed_logins == 0


async def test_tokens_grow_old() -> None:
    async with site() as (built, client, clock):
        body = await log_in(built, client)
        clock.now += 86_401
        assert await reads(client, body["access_token"]) == 401
        assert await reads(client, built.access_token) == 200
        clock.now += 7 * 86_400
        form = refresh_form(built, body["refresh_token"])
        assert (await client.post("/token", data=form)).status_code == 400


async def test_refused_logins_are_counted_and_lock_the_user() -> None:
    async with site() as (built, client, clock):
        wrong = password_form(built, password="guess")
        for attempt in range(1, 6):
            answer = await client.post("/token", data=wrong)
            assert answer.status_code == 400
            assert answer.json()["error"] == "invalid_grant"
            assert built.tokens.failed_logins == attempt
        assert "17003" in answer.json()["error_description"]
        assert "locked" in answer.json()["error_description"]
        clock.now += 1700
        answer = await client.post("/token", data=password_form(built))
        assert answer.status_code == 400, "the half hour counts from the last attempt"
        clock.now += 1700
        assert (await client.post("/token", data=password_form(built))).status_code == 400
        clock.now += 1801
        assert (await client.post("/token", data=password_form(built))).status_code == 200


async def test_the_realm_belongs_to_the_username() -> None:
    async with site() as (built, client, _):
        form = password_form(built, username=built.username)
        assert (await client.post("/token", data=form)).status_code == 400


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "guess"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
    ],
)
async def test_other_refusals(changes: dict[str, str], status: int, error: str) -> None:
    async with site() as (built, client, _):
        answer = await client.post("/token", data=password_form(built, **changes))
        assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_a_revoked_token_is_refused_from_then_on() -> None:
    async with site() as (built, client, _):
        body = await log_in(built, client)
        built.tokens.revoke_all()
        assert await reads(client, body["access_token"]) == 401
        form = refresh_form(built, body["refresh_token"])
        assert (await client.post("/token", data=form)).status_code == 200


async def test_bad_tokens_and_foreign_accounts() -> None:
    async with site() as (built, client, _):
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic x"}):
            answer = await client.get(BASE + CALLS, headers=headers)
            assert answer.status_code == 401
            assert answer.json()["code"] == 401
            assert isinstance(answer.json()["message"], str)
        answer = await client.get(
            BASE + CALLS.replace("1234", "99"),
            headers={"authorization": f"Bearer {built.access_token}"},
        )
        assert answer.status_code == 401
        assert answer.json() == {
            "code": 401,
            "message": "User is not permitted to make a request against this account",
        }


@pytest.mark.parametrize("form", ["gateway", "fault"])
async def test_the_gateway_may_refuse_in_its_own_words(form: str) -> None:
    async with site(VonageSwitches(unauthorised=form)) as (_, client, _):  # type: ignore[arg-type]
        body = (await client.get(BASE + CALLS, headers={"authorization": "Bearer x"})).json()
        fault = body["fault"] if form == "fault" else body
        assert set(fault) == {"code", "message", "description"}
        assert str(fault["code"]) == "900901"


@pytest.mark.parametrize("told", [True, False])
async def test_the_quota_of_ten_a_minute(told: bool) -> None:
    async with site(VonageSwitches(quota_per_minute=10, retry_after=told)) as (
        built,
        client,
        clock,
    ):
        clock.now = 1_790_293_080.0
        statuses = [await reads(client, built.access_token) for _ in range(12)]
        assert statuses == [200] * 10 + [429] * 2
        headers = {"authorization": f"Bearer {built.access_token}"}
        answer = await client.get(BASE + CALLS, headers=headers)
        assert answer.json() == {
            "code": "900800",
            "message": "Message throttled out",
            "description": "You have exceeded your quota",
        }
        assert ("retry-after" in answer.headers) is told
        clock.now += float(answer.headers.get("retry-after", 60))
        assert await reads(client, built.access_token) == 200


async def test_a_token_without_a_user_reads_but_acts_in_vain() -> None:
    clock = Clock()
    built = build_vonage(1, 5, 20, clock=clock)
    async with client_of(built, token=built.unclaimed_token) as (client, _):
        call = next(iter(built.office.calls.values()))
        answer = await client.delete(f"{CALLS}/{call.id}")
        assert (answer.status_code, answer.content) == (202, b"")
        assert call.alive


def test_the_config_names_everything_a_client_needs() -> None:
    built = build_vonage(1, 1, 10, clock=Clock())
    text = built.config_toml("http://127.0.0.1:8080")
    for part in (
        'kind = "vonage"',
        'url = "http://127.0.0.1:8080/t/vbc.prod"',
        'token_url = "http://127.0.0.1:8080/token"',
        'account = "1234"',
        f'access_token = "{built.access_token}"',
    ):
        assert part in text
    login = built.config_toml("http://127.0.0.1:8080", login=True)
    assert "access_token" not in login
    assert f'client_secret = "{built.client_secret}"' in login
