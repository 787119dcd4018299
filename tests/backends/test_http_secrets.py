"""Credentials: renewed once, never sent elsewhere, masked wherever a server repeats them."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from pbxtui.backends.base import BackendError, LoginRefused, NotUnderstood
from pbxtui.backends.http import path_piece
from tests.backends.reaching import SECRET, Connect, Tokens, failing
from tests.backends.server import Reply, Request, Server, serving

# --- credentials -----------------------------------------------------------------------------


def _only(token: str) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        good = request.headers.get("authorization") == f"Bearer {token}"
        return Reply("[]") if good else Reply('{"message": "stale"}', 401)

    return answer


async def test_a_refused_token_is_renewed_once_for_a_read(server: Server, connect: Connect) -> None:
    server.on("/calls", _only("new"))
    tokens = Tokens("old", "new", "newer")
    answer = await connect(server.url, credentials=tokens).request("GET", "/calls")
    assert answer.status == 200
    assert tokens.renewals == 1
    assert len(server.requests) == 2


async def test_a_token_refused_twice_is_told(server: Server, connect: Connect) -> None:
    server.on("/calls", _only("none"))
    tokens = Tokens("old", "new", "newer")
    error = await failing(connect(server.url, credentials=tokens))
    assert isinstance(error, LoginRefused)
    assert not error.retry
    assert (tokens.renewals, len(server.requests)) == (1, 2)


async def test_an_action_is_never_repeated(server: Server, connect: Connect) -> None:
    server.on("/calls", _only("new"))
    tokens = Tokens("old", "new")
    error = await failing(connect(server.url, credentials=tokens), action=True)
    assert isinstance(error, LoginRefused)
    assert not error.unsure
    assert (tokens.renewals, len(server.requests)) == (0, 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_credentials_do_not_follow_to_another_host(
    server: Server, connect: Connect, status: int
) -> None:
    async with serving() as other:
        other.on("/calls", Reply("[]"))
        server.on("/calls", Reply(status=status, headers={"location": f"{other.url}/calls"}))
        error = await failing(connect(server.url, credentials=Tokens("t")))
        assert isinstance(error, NotUnderstood)
        assert error.words.startswith(f"{status} from {server.host}: it sends us to 127.0.0.1")
        assert "where the token must not go" in error.words
        assert other.requests == []
        assert "url" in error.hint


async def test_a_redirection_on_the_same_host_is_followed(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(status=307, headers={"location": "/v2/calls"}))
    server.on("/v2/calls", _only("t"))
    answer = await connect(server.url, credentials=Tokens("t")).request("GET", "/calls")
    assert answer.status == 200


async def test_redirections_in_a_circle_end(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(status=302, headers={"location": "/b"}))
    server.on("/b", Reply(status=302, headers={"location": "/calls"}))
    assert isinstance(await failing(connect(server.url)), NotUnderstood)
    assert len(server.requests) < 10


async def test_an_action_is_not_sent_on(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply(status=307, headers={"location": "/v2/calls"}))
    with pytest.raises(NotUnderstood):
        await connect(server.url).request("DELETE", "/calls", action=True)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://pbx.example.org/calls",
        "https://{host}/calls",
        "http://{host}@pbx.example.org/calls",
        "http://user@{host}/calls",
        "ftp://{host}/calls",
        "javascript:alert(1)",
        "http://[::1/calls",
        "calls",
    ],
)
async def test_an_address_of_another_origin_is_not_asked(
    server: Server, connect: Connect, address: str
) -> None:
    client = connect(server.url, credentials=Tokens("t"))
    with pytest.raises(NotUnderstood) as caught:
        await client.request("GET", address.format(host=server.host))
    assert not caught.value.sent
    assert server.requests == []


async def test_a_whole_address_of_the_same_origin_is_asked(
    server: Server, connect: Connect
) -> None:
    server.on("/else/calls", Reply("[]"))
    await connect(f"{server.url}/api").request("GET", f"{server.url}/else/calls?page=2")
    assert server.requests[0].target == "/else/calls?page=2"


def test_an_id_is_one_piece_of_a_path() -> None:
    assert path_piece("a/b?c#d e") == "a%2Fb%3Fc%23d%20e"
    for odd in ("", ".", ".."):
        with pytest.raises(NotUnderstood):
            path_piece(odd)


# --- secrets ---------------------------------------------------------------------------------

SPELLINGS = [
    SECRET,
    "s3cr3t%2F%2B%26%3D%20p%C3%A4ss%22word",
    "s3cr3t%2f%2b%26%3d+p%c3%a4ss%22word",
    's3cr3t/+&= p\\u00e4ss\\"word',
    "s3cr3t/+&amp;= päss&quot;word",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_a_secret_that_the_server_echoes_is_masked(
    server: Server, connect: Connect, spelling: str, status: int
) -> None:
    server.on("/calls", Reply(f"you sent {spelling}, really", status, kind="text/plain"))
    client = connect(server.url, secrets=[SECRET])
    try:
        answer = await client.request("GET", "/calls")
        error: BackendError = client.not_json(answer.body, cut=False)
    except BackendError as caught:
        error = caught
    assert "***" in str(error)
    assert "s3cr3t" not in str(error)
    assert "word" not in str(error)


async def test_a_secret_in_the_query_stays_out_of_the_log_and_of_logging(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.on("/calls", Reply("[]"), Reply(hang_up=True))
    client = connect(server.url, secrets=[SECRET])
    await client.request("GET", "/calls", params={"key": SECRET})
    error = await failing(client, params={"key": SECRET})
    assert server.requests[0].query == {"key": SECRET}
    shown = f"{error}{error.__cause__}{client.exchanges}{caplog.text}"
    assert client.exchanges[0].what == "GET /calls?key=***"
    assert "s3cr3t" not in shown


async def test_a_secret_learnt_later_is_masked_too(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply('{"message": "eyJhbGciOi.x-y_z is unknown"}', 403))
    client = connect(server.url)
    client.mask.add("eyJhbGciOi.x-y_z")
    assert "(“*** is unknown”)" in (await failing(client)).words


async def test_a_credential_that_no_header_can_hold(server: Server, connect: Connect) -> None:
    server.on("/calls", Reply("[]"))
    error = await failing(connect(server.url, credentials=Tokens("abc\ndef")))
    assert not error.sent
    assert "abc" not in str(error)
    assert "secrets in the config" in error.hint
