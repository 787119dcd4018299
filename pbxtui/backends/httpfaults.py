"""What can go wrong with an HTTP request, as the errors of :mod:`pbxtui.backends.base` in words."""

from __future__ import annotations

import errno
import html
import json
import re
import socket
import ssl
from collections.abc import Iterator
from http import HTTPStatus

import httpx

from pbxtui.backends.base import (
    READ_AGAIN,
    AddressUnknown,
    BackendError,
    Conflict,
    ConnectionLost,
    Forbidden,
    LoginRefused,
    NotFound,
    NotUnderstood,
    Refused,
    ServerFault,
    Throttled,
    TimedOut,
    TlsFailed,
)
from pbxtui.model import clean

_CHECK_URL = "check url in the config"

_CERTIFICATES = {
    9: ("is not valid yet", "check the clocks, this machine's and the PBX's"),
    10: ("has expired", "the PBX's operator must renew it; check this machine's clock too"),
    62: ("is for another name", "check url: it must name the host as the certificate does"),
    64: ("is for another name", "check url: it must name the host as the certificate does"),
}
"""OpenSSL's verify codes; any other means that no trusted authority vouches for it."""

_UNTRUSTED = (
    "is not trusted",
    "if it is your own authority's, name its file in SSL_CERT_FILE before starting pbxtui",
)

_NOT_THERE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that led to it."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        cause = one.__cause__ or one.__context__
        if cause is not None:
            waiting.append(cause)


def transport_fault(
    error: Exception, host: str, timeout: float, patience: int, got: int
) -> BackendError:
    """The error for a request that brought no whole answer.

    ``timeout`` is what the config allows of silence, in seconds, and ``patience`` how many times
    that the whole may take; ``got`` are the bytes of the body that came.
    """
    fault = _before_sending(error, host, timeout)
    if fault is not None:
        return fault
    if isinstance(error, TimeoutError):
        fault = TimedOut(
            f"{host} was still sending after {patience * timeout:g} s ({size(got)} came)",
            "a slow link? a larger timeout in the config gives it more time",
        )
    else:
        fault = _after_sending(error, host, timeout, got)
    fault.sent = True
    return fault


def _before_sending(error: Exception, host: str, timeout: float) -> BackendError | None:
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return TimedOut(
            f"no connection to {host} within {timeout:g} s",
            f"is it reachable from here (network, VPN, firewall)? {READ_AGAIN}",
        )
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return AddressUnknown(f"{host} is no address that can be asked", _CHECK_URL)
    if isinstance(error, httpx.ProxyError):
        return Refused(
            f"the proxy on the way to {host} refuses the connection",
            "check HTTPS_PROXY and NO_PROXY in the environment",
        )
    if isinstance(error, httpx.ConnectError):
        return _unconnected(error, host)
    if isinstance(error, httpx.LocalProtocolError) and "Illegal header" in str(error):
        return NotUnderstood(
            "the request cannot be sent: a credential holds characters that no header may have",
            "check the secrets in the config: no line breaks, no letters with accents",
        )
    return None


def _unconnected(error: Exception, host: str) -> BackendError:
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            what, hint = _CERTIFICATES.get(cause.verify_code, _UNTRUSTED)
            return TlsFailed(f"the certificate of {host} {what}", hint)
        if isinstance(cause, ssl.SSLError):
            if cause.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"):
                return TlsFailed(
                    f"{host} does not speak TLS", "check url: http or https, and the port"
                )
            reason = clean((cause.reason or "").replace("_", " ").lower()) or "no reason given"
            return TlsFailed(f"no secure connection to {host}: {reason}", _CHECK_URL)
        if isinstance(cause, socket.gaierror):
            if cause.errno == socket.EAI_AGAIN:
                return AddressUnknown(
                    f"the name server does not answer for {host}",
                    f"check this machine's network; {READ_AGAIN}",
                )
            return AddressUnknown(
                f"no machine is called {host}", f"{_CHECK_URL}, and this machine's name server"
            )
        if isinstance(cause, ConnectionRefusedError):
            return Refused(
                f"nothing listens at {host}", f"is it running? {READ_AGAIN}; {_CHECK_URL}"
            )
        if isinstance(cause, ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
            return ConnectionLost(f"{host} broke the connection off at once", _CHECK_URL)
        if isinstance(cause, OSError) and cause.errno in _NOT_THERE:
            return Refused(
                f"there is no way to {host} from here", f"check network and VPN; {READ_AGAIN}"
            )
    return Refused(
        f"{host} cannot be connected to: {clean(str(error)) or 'no reason given'}", _CHECK_URL
    )


def _after_sending(error: Exception, host: str, timeout: float, got: int) -> BackendError:
    if isinstance(error, httpx.TimeoutException):
        what = "stopped in the middle of its answer for" if got else "gave no answer within"
        return TimedOut(
            f"{host} {what} {timeout:g} s", f"{READ_AGAIN}; timeout in the config can be larger"
        )
    if isinstance(error, httpx.DecodingError):
        return NotUnderstood(
            f"the answer of {host} cannot be unpacked", f"a proxy in between? {_CHECK_URL}"
        )
    if isinstance(error, httpx.RemoteProtocolError):
        text = str(error)
        if "complete message body" in text:
            return ConnectionLost(
                f"the connection to {host} broke in the middle of the answer ({size(got)} came)",
                READ_AGAIN,
            )
        if "without sending a response" not in text:
            return NotUnderstood(f"what answers at {host} does not speak HTTP", _CHECK_URL)
        return ConnectionLost(f"{host} closed the connection without an answer", READ_AGAIN)
    if isinstance(error, httpx.NetworkError | OSError):
        where = (
            f"in the middle of the answer ({size(got)} came)" if got else "before an answer came"
        )
        return ConnectionLost(f"the connection to {host} broke {where}", READ_AGAIN)
    return ConnectionLost(f"the request to {host} failed ({type(error).__name__})", READ_AGAIN)


def size(count: int) -> str:
    """A number of bytes for people, in the units in which the limits are set: ``64 MiB``."""
    kib, mib = 1024, 1024 * 1024
    if count < 10 * kib:
        return f"{count} bytes"
    return f"{count / kib:.0f} KiB" if count < 10 * mib else f"{count / mib:.0f} MiB"


def is_page(body: bytes) -> bool:
    """Whether a body is a web page, whatever its content type says."""
    return body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def page_title(text: str) -> str:
    """The title of a web page, or its first heading, as clean text; may be empty."""
    for tag in ("title", "h1", "h2"):
        found = re.search(rf"<{tag}\b[^>]{{0,200}}>(.{{0,2000}}?)</{tag}\s*>", text, re.I | re.S)
        if found:
            plain = clean(html.unescape(re.sub(r"<[^>]{0,200}>", " ", found[1])))
            if plain:
                return plain
    return ""


_SAID = ("message", "error_description", "errorMessage", "description", "title", "error", "detail")


def server_words(body: bytes, said: str) -> str:
    """What an error's body says for people, clean, in one line; may be empty.

    ``said`` is the beginning of the body as text, without secrets.
    """
    if is_page(body):
        title = page_title(said)
        return f"a web page, “{title}”" if title else "a web page"
    try:
        value = json.loads(said, strict=False)
    except (ValueError, RecursionError):
        line = clean(next(iter(said.strip().splitlines()), ""))
        return f"“{line}”" if line and "{" not in line else ""
    for _ in range(2):
        if isinstance(value, dict):
            inner = next((value[key] for key in ("fault", *_SAID) if value.get(key)), None)
            value = inner
    return f"“{clean(value)}”" if isinstance(value, str) and clean(value) else ""


def status_fault(
    status: int,
    host: str,
    *,
    site: str,
    credential: str,
    words: str,
    retry_after: float | None,
    location: str = "",
) -> BackendError:
    """The error for an answer whose status is no success.

    ``words`` is what :func:`server_words` made of the body, ``credential`` what the PBX lets in
    by ("token"), ``location`` the host of a redirection.
    """
    fault = _of_status(status, host, site, credential, words, retry_after, location)
    fault.sent = True
    fault.status = status
    return fault


def _of_status(
    status: int,
    host: str,
    site: str,
    credential: str,
    words: str,
    retry_after: float | None,
    location: str,
) -> BackendError:
    start = f"{status} from {host}"
    more = f" ({words})" if words else ""
    check = f"pbxtui check {site}"
    if status == 401:
        return LoginRefused(
            f"{start}: the {credential} is not accepted{more}",
            f"get a new {credential}, then {check}",
        )
    if status == 403:
        return Forbidden(
            f"{start}: the {credential} has no right to this{more}",
            f"ask who runs the PBX for the right, then {check}",
        )
    if status in (404, 410):
        return NotFound(f"{start}: it knows no such thing{more}", f"{_CHECK_URL}, then {check}")
    if status == 409:
        return Conflict(f"{start}: it is changing just now{more}", "look again, then try again")
    if status == 429:
        when = f"it may be asked again in {retry_after:.0f} s" if retry_after else READ_AGAIN
        return Throttled(
            f"{start}: the quota is used up{more}",
            f"{when}; a longer poll in the config asks less often",
            retry_after=retry_after,
        )
    if 300 <= status < 400:
        where = f" to {location}, where the {credential} must not go" if location else " elsewhere"
        return NotUnderstood(f"{start}: it sends us{where}", _CHECK_URL)
    if status >= 500 or status == 408:
        try:
            phrase = HTTPStatus(status).phrase.lower()
        except ValueError:
            phrase = "it has failed"
        return ServerFault(f"{start}: {phrase}{more}", READ_AGAIN, retry_after=retry_after)
    return NotUnderstood(
        f"{start}: it does not take the request{more}", f"{_CHECK_URL}, then {check}"
    )
