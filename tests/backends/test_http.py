"""Requests over real connections, and every way in which they fail."""

from __future__ import annotations

import gzip

import pytest

from pbxtui.backends.base import (
    AddressUnknown,
    ConnectionLost,
    NotUnderstood,
    Refused,
    TimedOut,
    TooBig,
)
from tests.backends.reaching import SECRET, Connect, failing
from tests.backends.server import Reply, Server, unused_port


async def test_an_answer_comes_whole_with_what_was_asked(server: Server, connect: Connect) -> None:
    server.on("/api/calls", Reply('{"calls": []}'))
    client = connect(f"{server.url}/api")
    answer = await client.request("GET", "/calls", params={"page_size": 100})
    assert (answer.status, answer.body) == (200, b'{"calls": []}')
    assert server.requests[0].target == "/api/calls?page_size=100"
    assert server.requests[0].headers["accept"] == "application/json"
    exchange = client.exchanges[-1]
    assert exchange.what == "GET /api/calls?page_size=100"
    assert (exchange.status, exchange.size, exchange.fault) == ("200", 13, "")


async def test_a_form_and_json_are_sent_as_such(server: Server, connect: Connect) -> None:
    server.on("/", Reply("{}"))
    client = connect(server.url)
    await client.request("POST", "/", form={"grant_type": "password", "password": SECRET})
    await client.request("PUT", "/", json={"state": "held"}, action=True)
    assert server.requests[0].form == {"grant_type": "password", "password": SECRET}
    assert server.requests[1].body == b'{"state":"held"}'


async def test_no_cache_in_between_may_answer_an_action(server: Server, connect: Connect) -> None:
    server.on("/", Reply("OK"))
    client = connect(server.url)
    await client.request("GET", "/", action=True)
    await client.request("GET", "/")
    acting, reading = server.requests
    assert acting.headers["cache-control"] == "no-cache, no-store"
    assert "cache-control" not in reading.headers


async def test_nothing_listens(connect: Connect) -> None:
    port = unused_port()
    error = await failing(connect(f"http://127.0.0.1:{port}"))
    assert isinstance(error, Refused)
    assert error.words == f"nothing listens at 127.0.0.1:{port}"
    assert "url" in error.hint
    assert (error.sent, error.unsure) == (False, False)


async def test_a_name_that_no_machine_has(connect: Connect) -> None:
    error = await failing(connect("http://pbx.invalid"))
    assert isinstance(error, AddressUnknown)
    assert "pbx.invalid" in error.words
    assert error.hint
    assert not error.sent


async def test_a_server_that_never_answers_is_given_up(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(silent=True))
    error = await failing(connect(server.url, timeout=0.2))
    assert isinstance(error, TimedOut)
    assert error.words == f"{server.host} gave no answer within 0.2 s"
    assert "timeout" in error.hint
    assert error.sent
    assert error.unsure
    assert len(server.requests) == 1


async def test_a_server_that_drips_is_given_up_too(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(b"[" + b" " * 90_000, drip=True))
    error = await failing(connect(server.url, timeout=0.2))
    assert isinstance(error, TimedOut)
    assert "was still sending after 0.8 s" in error.words
    assert server.sent["/calls"] > 0


async def test_a_server_that_stops_in_the_middle(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n123", silent=True))
    error = await failing(connect(server.url, timeout=0.2))
    assert isinstance(error, TimedOut)
    assert error.words == f"{server.host} stopped in the middle of its answer for 0.2 s"


@pytest.mark.parametrize("action", [False, True])
async def test_a_reset_connection(server: Server, connect: Connect, action: bool) -> None:
    server.on("/calls", Reply(reset=True))
    error = await failing(connect(server.url), action=action)
    assert isinstance(error, ConnectionLost)
    assert error.sent
    assert error.unsure
    assert len(server.requests) == (1 if action else 2)


async def test_a_connection_closed_without_an_answer(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(hang_up=True))
    error = await failing(connect(server.url))
    assert isinstance(error, ConnectionLost)
    assert error.words == f"{server.host} closed the connection without an answer"


async def test_a_read_is_repeated_once_when_a_kept_connection_has_gone(
    server: Server, connect: Connect
) -> None:
    server.on("/calls", Reply("[1]"), Reply(hang_up=True), Reply("[2]"))
    client = connect(server.url)
    assert (await client.request("GET", "/calls")).body == b"[1]"
    assert (await client.request("GET", "/calls")).body == b"[2]"


async def test_a_body_that_breaks_off(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(b'{"calls": [' + b" " * 100, only=50))
    error = await failing(connect(server.url))
    assert isinstance(error, ConnectionLost)
    assert error.words.endswith("broke in the middle of the answer (50 bytes came)")
    assert error.status == 200


async def test_something_that_does_not_speak_http(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(raw=b"SSH-2.0-OpenSSH_9.6\r\n\r\n"))
    error = await failing(connect(server.url))
    assert isinstance(error, NotUnderstood)
    assert error.words == f"what answers at {server.host} does not speak HTTP"


async def test_a_body_that_cannot_be_unpacked(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(b"no gzip", headers={"content-encoding": "gzip"}))
    error = await failing(connect(server.url))
    assert isinstance(error, NotUnderstood)
    assert "unpacked" in error.words


# --- size ------------------------------------------------------------------------------------


@pytest.mark.parametrize("measured", [False, True])
async def test_a_huge_body_is_not_read_to_its_end(
    server: Server, connect: Connect, measured: bool
) -> None:
    endless = b"x" * 50_000_000
    server.on("/calls", Reply(endless, measured=measured))
    error = await failing(connect(server.url))
    assert isinstance(error, TooBig)
    assert "larger than 100 KiB" in error.words
    assert "url" in error.hint
    assert server.sent["/calls"] < len(endless)


async def test_a_small_body_that_unpacks_to_a_huge_one(server: Server, connect: Connect) -> None:
    bomb = gzip.compress(b" " * 20_000_000)
    assert len(bomb) < 100_000
    server.on("/calls", Reply(bomb, headers={"content-encoding": "gzip"}))
    assert isinstance(await failing(connect(server.url)), TooBig)
