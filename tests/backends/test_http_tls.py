"""Which certificates are trusted, and what is said of those that are not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pbxtui.backends import http
from pbxtui.backends.base import TlsFailed
from tests.backends.reaching import TLS, Connect, failing
from tests.backends.server import Reply, serving


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
