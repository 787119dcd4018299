"""The one place where an HTTP request leaves.

Timeouts, a cap on the size of an answer, credentials that go to one origin only, the quota and
the clock of the PBX, the log of exchanges with the secrets masked, and every failure as one of
the errors of :mod:`pbxtui.backends.base`, in words.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ssl import SSLContext
from typing import Protocol, TypeVar
from urllib.parse import quote

import httpx

from pbxtui.backends import headers as told
from pbxtui.backends.base import (
    READ_AGAIN,
    BackendError,
    ConnectionLost,
    Exchange,
    NotUnderstood,
    Runtime,
    TooBig,
    exchange_log,
)
from pbxtui.backends.httpfaults import (
    is_page,
    page_title,
    server_words,
    size,
    status_fault,
    transport_fault,
)
from pbxtui.backends.masking import Mask
from pbxtui.backends.tally import count_request
from pbxtui.model import Quota, clean

F = TypeVar("F", bound=BackendError)

_ACTING = "acting"
"""Marks a request that acts; a form is a login, which does not."""
_NO_CACHE = "no-cache, no-store"
"""Of an action: where it is a GET, a cache in between must not answer with what was said before."""
_REDIRECTS = 3
_QUOTED = 64 * 1024
_SENT_ON = frozenset({301, 302, 303, 307, 308})
_PATIENCE = 4

# httpx logs whole addresses, and some PBXs take their key in the address. The exchange log says
# the same with the secrets masked.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. ``what`` names the request, masked; ``headers`` ignore upper case."""

    what: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Credentials(Protocol):
    """How requests are allowed in, where that is said in headers."""

    async def headers(self) -> Mapping[str, str]:
        """The headers for the next request. Raises :class:`BackendError`."""
        ...

    async def renew(self, refused: Mapping[str, str]) -> bool:
        """After a 401: get new credentials; False when there are none to be had.

        ``refused`` are the headers that were sent; somebody else may have renewed since.
        """
        ...


@lru_cache(maxsize=1)
def _trust() -> SSLContext:
    """The certificates to trust: httpx's (or ``SSL_CERT_FILE``) and this system's own."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


def path_piece(text: str) -> str:
    """An id as one piece of a path: nothing in it can begin another piece or a query.

    Raises :class:`NotUnderstood` for an id that would step out of its folder.
    """
    if text in ("", ".", ".."):
        raise NotUnderstood(f"“{text}” cannot be asked for", "the PBX gave a thing an empty name")
    return quote(text, safe="")


class HttpClient:
    """Requests to one origin (scheme, host and port), below one base address.

    ``timeout`` is in seconds of silence; a whole exchange may take four times as long. ``secrets``
    never show in an error, an exchange or a log. ``credential`` is the word for what lets us in,
    as in "the token is not accepted", ``setting`` the name of ``url`` in the config. ``log`` and
    ``mask`` may be shared between clients.
    """

    def __init__(
        self,
        site: str,
        url: str,
        runtime: Runtime,
        *,
        timeout: float,
        secrets: Iterable[str] = (),
        credentials: Credentials | None = None,
        credential: str = "token",
        setting: str = "url",
        log: deque[Exchange] | None = None,
        mask: Mask | None = None,
    ) -> None:
        self.site = site
        self.mask = Mask() if mask is None else mask
        for secret in secrets:
            self.mask.add(secret)
        self.exchanges = exchange_log() if log is None else log
        self.base = httpx.URL(url.rstrip("/"))
        self.host = self.base.netloc.decode("ascii")
        """The host, with its port where that is not the usual one; for people."""
        self._runtime = runtime
        self._timeout = timeout
        self._credentials = credentials
        self._credential = credential
        self._setting = setting
        self._skew = told.Skew()
        self._quota: tuple[Quota, float] | None = None
        secure = self.base.scheme == "https" and runtime.transport is None
        self._client = httpx.AsyncClient(
            transport=runtime.transport,
            verify=_trust() if secure else False,
            timeout=timeout,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
            headers={"Accept": "application/json", "Accept-Encoding": "gzip, deflate"},
        )

    @property
    def quota(self) -> Quota | None:
        """What the PBX's last answer said of its quota, with the time that has passed since."""
        if self._quota is None:
            return None
        quota, at = self._quota
        if quota.reset_in is None:
            return quota
        left = max(0.0, quota.reset_in - max(0.0, self._runtime.clock() - at))
        return Quota(quota.limit, quota.remaining, left)

    @property
    def skew(self) -> float | None:
        """The PBX's clock minus ours in seconds; None before it told its time."""
        return self._skew.seconds

    def owns(self, address: str) -> bool:
        """Whether a whole address is of this origin, so that credentials may go there."""
        try:
            return self._same_origin(httpx.URL(address))
        except httpx.InvalidURL:
            return False

    async def close(self) -> None:
        await self._client.aclose()

    async def request(
        self,
        method: str,
        path: str = "",
        *,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        action: bool = False,
        accept: Iterable[int] = (),
    ) -> Answer:
        """Send one request and read its answer whole.

        ``path`` is appended to the base address, or is a whole address of the same origin. An
        ``action`` is sent once, whatever happens; a read is repeated once with new credentials
        after a 401, and once when a kept connection turns out to be closed. Statuses outside 2xx
        raise unless they are in ``accept``. Raises :class:`BackendError`; its ``sent`` is False
        only when surely nothing reached the PBX.
        """
        request = self._client.build_request(
            method, self._address(path), params=params, json=json, data=form, headers=headers
        )
        request.extensions[_ACTING] = action and form is None
        if action:
            request.headers["Cache-Control"] = _NO_CACHE
        credentials = self._credentials
        lent = await credentials.headers() if credentials is not None else {}
        request.headers.update(lent)
        answer = await self._send(request, action)
        if answer.status == 401 and credentials is not None and not action:
            renewed = await credentials.renew(lent)
            if renewed:
                request.headers.update(await credentials.headers())
                answer = await self._send(request, action)
        if 200 <= answer.status < 300 or answer.status in accept:
            return answer
        raise self.refusal(answer)

    def refusal(self, answer: Answer) -> BackendError:
        """The error that an answer's status means, with the server's own words."""
        location = ""
        if 300 <= answer.status < 400:
            try:
                where = self.base.join(answer.headers.get("location", ""))
                location = "" if self._same_origin(where) else clean(self.mask(where.host))
            except httpx.InvalidURL:
                location = ""
        fault = status_fault(
            answer.status,
            self.host,
            site=self.site,
            credential=self._credential,
            words=server_words(answer.body, self.quoted(answer.body)),
            retry_after=told.back_in(answer.status, answer.headers, self._runtime.clock()),
            location=location,
        )
        return self._named(fault)

    def quoted(self, body: bytes) -> str:
        """The beginning of a body as text, without secrets; not yet cleaned."""
        return self.mask(body[:_QUOTED].decode("utf-8", "replace"))

    def not_json(self, body: bytes, *, cut: bool) -> NotUnderstood:
        """The error for a body that should have been JSON; ``cut`` if its end seems missing."""
        said = self.quoted(body)
        hint = "check url in the config; is there a proxy or a login page in between?"
        if not body.strip():
            words = f"{self.host} answered with nothing in it"
        elif is_page(body):
            title = page_title(said)
            named = f", “{title}”," if title else ""
            words = f"{self.host} answered with a web page{named} instead of JSON"
        elif cut:
            words = f"the JSON from {self.host} ends in the middle, after {size(len(body))}"
            hint = f"{READ_AGAIN}; a proxy in between may cut answers short"
        else:
            words = f"{self.host} answered with no JSON: it begins “{clean(said[:400], 60)}”"
        fault = NotUnderstood(words, hint)
        fault.sent = True
        return self._named(fault)

    def _named(self, fault: F) -> F:
        """The fault, its hint naming the key of the config that this client's address is in."""
        fault.hint = fault.hint.replace("check url", f"check {self._setting}")
        return fault

    def _address(self, path: str) -> httpx.URL:
        try:
            if path == "" or path.startswith("/"):
                return httpx.URL(f"{self.base}{path}")
            url = httpx.URL(path)
        except httpx.InvalidURL:
            url = None
        if url is None or not self._same_origin(url):
            raise NotUnderstood(
                f"an address that is not of {self.host} was to be asked: {clean(self.mask(path))}",
                f"nothing was sent there; the {self._credential} stays with {self.host}",
            )
        return url

    def _same_origin(self, url: httpx.URL) -> bool:
        mine, other = self.base, url
        ports = {"http": 80, "https": 443}
        return (
            other.scheme == mine.scheme
            and other.host == mine.host
            and (other.port or ports.get(other.scheme)) == (mine.port or ports.get(mine.scheme))
            and not other.userinfo
        )

    async def _send(self, request: httpx.Request, action: bool) -> Answer:
        """One answer; a read is sent on within the origin, and repeated if nothing came back."""
        for _ in range(_REDIRECTS):
            answer = await self._attempt(request, action)
            location = answer.headers.get("location")
            sent_on = answer.status in _SENT_ON and location is not None
            if action or not sent_on or request.method != "GET":
                break
            try:
                url = request.url.join(location or "")
            except httpx.InvalidURL:
                break
            if not self._same_origin(url) or url == request.url:
                break
            kept = {key: value for key, value in request.headers.items() if key != "host"}
            request = self._client.build_request("GET", url, headers=kept)
        return answer

    async def _attempt(self, request: httpx.Request, action: bool) -> Answer:
        try:
            return await self._exchange(request)
        except ConnectionLost as lost:
            if action or lost.status is not None:
                raise
        return await self._exchange(request)

    async def _exchange(self, request: httpx.Request) -> Answer:
        """One request and its answer, noted in the log whatever becomes of it."""
        target = request.url.raw_path.decode("ascii", "replace")
        what = clean(self.mask(f"{request.method} {target}"), 400)
        at, began = self._runtime.clock(), time.perf_counter()
        count_request()
        status: int | None = None
        body = bytearray()
        trouble = "given up"
        try:
            async with asyncio.timeout(_PATIENCE * self._timeout):
                response = await self._client.send(request, stream=True)
                try:
                    status = response.status_code
                    self._note(response.headers, at)
                    await self._fill(body, response)
                finally:
                    await response.aclose()
            trouble = ""
            return Answer(what, status, response.headers, bytes(body))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            fault = transport_fault(error, self.host, self._timeout, _PATIENCE, len(body))
            fault.status = status
            trouble = fault.words
            raise self._named(fault) from None
        except TooBig as fault:
            trouble = fault.words
            raise
        finally:
            took = time.perf_counter() - began
            shown = "no answer" if status is None else str(status)
            acting = bool(request.extensions.get(_ACTING))
            self.exchanges.append(Exchange(at, what, shown, took, len(body), trouble, acting))

    def _note(self, headers: Mapping[str, str], sent: float) -> None:
        now = self._runtime.clock()
        self._skew.note(headers, sent, now)
        quota = told.quota(headers, now)
        if quota is not None:
            self._quota = quota, now

    async def _fill(self, body: bytearray, response: httpx.Response) -> None:
        most = self._runtime.max_body
        announced = response.headers.get("content-length", "")
        if not announced.isdecimal() or int(announced[:18]) <= most:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > most:
                    break
            else:
                return
        fault = TooBig(
            f"the answer of {self.host} is larger than {size(most)}",
            "check url in the config; nothing that a PBX says of itself is so long",
        )
        fault.sent, fault.status = True, response.status_code
        raise self._named(fault)
