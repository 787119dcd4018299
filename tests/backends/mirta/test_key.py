"""The key travels in the query: it lets us in, and nobody gets to see it."""

from __future__ import annotations

import logging
import traceback
from urllib.parse import quote, quote_plus

import httpx
import pytest

from pbxtui.backends.base import BackendError, LoginRefused, Runtime
from pbxtui.backends.mirta import plugin
from pbxtui.model import Dial, Hangup, Kind, Topic
from tests.backends.mirta import bodies
from tests.backends.mirta.conftest import KEY, PATH, Pbx
from tests.backends.server import Reply

SPELLINGS = {KEY, quote(KEY), quote(KEY, safe=""), quote_plus(KEY)}


def assert_secret(*texts: object) -> None:
    for text in texts:
        for spelling in SPELLINGS:
            assert spelling not in str(text)
            assert spelling not in repr(text)


async def test_every_request_is_let_in_by_key_and_tenant(pbx: Pbx) -> None:
    pbx.answers |= {"CHANNELS": bodies.TALKING, "BLFS": bodies.BLFS, "PEERS": bodies.PEERS}
    for topic in Topic:
        await pbx.reading(topic)
    await pbx.backend.act(Dial(site="branch", from_="203", to="204"))
    assert len(pbx.server.requests) > 6
    for request in pbx.server.requests:
        assert (request.query["key"], request.query["tenant"]) == (KEY, "ACME")
        assert (request.method, request.path) == ("GET", PATH)
    asks = [request.query.get("format") for request in pbx.server.requests]
    assert asks.count(None) == 2, "HELP and DIAL are asked for as text"


async def test_a_refused_key_names_all_four_reasons(pbx: Pbx) -> None:
    pbx.answers["CHANNELS"] = bodies.TOO_BAD
    with pytest.raises(LoginRefused) as raised:
        await pbx.reading(Topic.CALLS)
    error = raised.value
    for reason in ("wrong key", "missing tenant", "unknown tenant (ACME", "lacks the right"):
        assert reason in error.words
    assert "pbxtui check branch" in error.hint
    assert not error.retry
    assert_secret(error, error.words, error.hint)


@pytest.mark.parametrize(
    "body", [bodies.TOO_BAD.upper(), bodies.TOO_BAD.strip(), "\r\n " + bodies.TOO_BAD]
)
async def test_however_it_is_spelled(pbx: Pbx, body: str) -> None:
    pbx.answers["CHANNELS"] = body
    with pytest.raises(LoginRefused):
        await pbx.reading(Topic.CALLS)


async def test_a_stranger_cannot_lock_us_out_by_a_name(pbx: Pbx) -> None:
    """Who calls from a number spelled like the refusal is a caller and no refusal."""
    body = bodies.TALKING.replace("0541234567", bodies.TOO_BAD.strip())
    (call,) = (await pbx.calls(body)).values()
    assert call.from_.number == bodies.TOO_BAD.strip()


FAILURES = [
    Reply(f"the key {KEY} is bad"),
    Reply(f"<html><title>{KEY}</title>"),
    Reply(f'{{"error":"{quote(KEY, safe="")}"}}'),
    Reply(f'[["{KEY}"]]'),
    Reply(f'[[{"1," * 13}["{KEY}"]]]'),
    Reply("", 302, {"location": f"https://elsewhere.example/?key={quote(KEY)}"}),
    Reply(f"no {KEY}", 401),
    Reply(f"no {KEY}", 500),
    Reply(f"{KEY}\x00\xff", kind=f"text/{KEY}"),
    Reply(reset=True),
    Reply(b"[[", only=1),
]


@pytest.mark.parametrize("reply", FAILURES)
async def test_no_failure_shows_it(
    pbx: Pbx, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pbx.answers["CHANNELS"] = reply
    pbx.answers["HANGUP"] = reply
    with pytest.raises(BackendError) as raised:
        await pbx.reading(Topic.CALLS)
    error = raised.value
    assert_secret(error, error.words, error.hint, error.args, error.fault(0))
    assert_secret("".join(traceback.format_exception(error)))
    assert_secret(*pbx.backend.exchanges, caplog.text)
    assert any("key=***" in exchange.what for exchange in pbx.backend.exchanges)


@pytest.mark.parametrize("reply", FAILURES)
async def test_no_outcome_shows_it(
    pbx: Pbx, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (call,) = (await pbx.calls(bodies.TALKING)).values()
    pbx.answers["HANGUP"] = reply
    told: object
    try:
        told = await pbx.backend.act(Hangup(site="branch", call=call.id))
    except BackendError as error:
        told = error
    assert_secret(told, *pbx.backend.exchanges, caplog.text)
    assert len(pbx.asked("HANGUP")) == 1


async def test_rows_do_not_show_it(pbx: Pbx) -> None:
    body = bodies.TALKING.replace("0541234567", KEY)
    (call,) = (await pbx.calls(body)).values()
    assert_secret(pbx.backend.raw(Kind.CALLS, call.id))
    assert "***" in pbx.backend.raw(Kind.CALLS, call.id)


async def test_a_password_that_is_checked_is_masked_too(pbx: Pbx) -> None:
    pbx.answers["CHECKAUTH"] = "user with hunter2&x refused"
    told = await pbx.backend.check_auth("anna", "hunter2&x")
    assert "hunter2" not in repr(told) + repr(pbx.backend.exchanges)
    assert pbx.asked("CHECKAUTH")[0]["password"] == "hunter2&x"


def test_the_settings_do_not_show_it() -> None:
    values = {"name": "b", "url": "https://pbx.example.net/x.php", "tenant": "ACME", "key": KEY}
    settings = plugin.settings.model_validate(values)
    assert_secret(settings, settings.model_dump())


async def test_it_goes_to_no_other_host() -> None:
    hosts: list[str] = []

    class Elsewhere(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            hosts.append(request.url.host)
            return httpx.Response(302, headers={"location": "https://evil.example/?a=b"})

    values = {"name": "b", "url": "https://pbx.example.net/x.php", "tenant": "ACME", "key": KEY}
    backend = plugin.open(plugin.settings.model_validate(values), Runtime(transport=Elsewhere()))
    with pytest.raises(BackendError, match=r"evil\.example"):
        await backend.read(Topic.CALLS)
    assert set(hosts) == {"pbx.example.net"}
    await backend.close()
