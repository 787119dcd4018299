"""Requests over real connections, and every way in which they fail."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from email.utils import formatdate
from pathlib import Path

import pytest

from pbxtui.backends import http
from pbxtui.backends.base import (
    AddressUnknown,
    BackendError,
    Conflict,
    ConnectionLost,
    Forbidden,
    LoginRefused,
    NotFound,
    NotUnderstood,
    Refused,
    Runtime,
    ServerFault,
    Throttled,
    TimedOut,
    TlsFailed,
    TooBig,
)
from pbxtui.backends.http import HttpClient, path_piece
from pbxtui.backends.tally import tally
from pbxtui.model import Quota
from tests.backends.server import Reply, Request, Server, serving, unused_port

NOW = 1_790_251_200.0
TLS = Path(__file__).parent / "tls"
SECRET = 's3cr3t/+&= päss"word'

Connect = Callable[..., HttpClient]


class Tokens:
    """Credentials that are renewed as often as there are tokens left."""

    def __init__(self, *tokens: str) -> None:
        self._left = list(tokens)
        self.renewals = 0

    async def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._left[0]}"}

    async def renew(self, refused: Mapping[str, str]) -> bool:
        self.renewals += 1
        if len(self._left) < 2:
            return False
        self._left.pop(0)
        return True


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    clients: list[HttpClient] = []

    def make(url: str, **options: object) -> HttpClient:
        runtime = options.pop("runtime", Runtime(clock=lambda: NOW, max_body=100 * 1024))
        timeout = options.pop("timeout", 10.0)
        client = HttpClient("hq", url, runtime, timeout=timeout, **options)  # type: ignore[arg-type]
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()


async def failing(client: HttpClient, **options: object) -> BackendError:
    with pytest.raises(BackendError) as caught:
        await client.request("GET", "/calls", **options)  # type: ignore[arg-type]
    return caught.value


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


# --- TLS -------------------------------------------------------------------------------------


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tests' own authority is trusted, as with SSL_CERT_FILE in the environment."""
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    http._trust.cache_clear()
    yield
    http._trust.cache_clear()


@pytest.mark.usefixtures("trusting")
async def test_a_trusted_certificate_lets_through(connect: Connect) -> None:
    async with serving(str(TLS / "good.pem")) as server:
        server.on("/calls", Reply("[]"))
        assert (await connect(server.url).request("GET", "/calls")).body == b"[]"


async def test_an_untrusted_certificate(connect: Connect) -> None:
    async with serving(str(TLS / "good.pem")) as server:
        error = await failing(connect(server.url))
        assert isinstance(error, TlsFailed)
        assert error.words == f"the certificate of {server.host} is not trusted"
        assert "SSL_CERT_FILE" in error.hint
        assert not error.sent
        assert server.requests == []


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("expired", "has expired"),
        ("early", "is not valid yet"),
        ("other", "is for another name"),
    ],
)
async def test_a_certificate_that_does_not_fit(connect: Connect, name: str, words: str) -> None:
    async with serving(str(TLS / f"{name}.pem")) as server:
        error = await failing(connect(server.url))
        assert isinstance(error, TlsFailed)
        assert error.words == f"the certificate of {server.host} {words}"
        assert error.hint
        assert not error.sent


async def test_https_to_a_server_without_it(connect: Connect) -> None:
    async with serving() as server:
        error = await failing(connect(f"https://{server.host}"))
        assert isinstance(error, TlsFailed)
        assert error.words == f"{server.host} does not speak TLS"
        assert "http or https" in error.hint


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
