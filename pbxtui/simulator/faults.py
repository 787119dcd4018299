"""What goes wrong between a client and a PBX, to be switched on and off while it runs.

A fault has a rate (the share of requests it strikes) and strikes reads, actions, logins or
all of them. Where a real port is served, `reset`, `refuse` and `truncate` do to the socket
what their names say; see `server`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from email.utils import formatdate
from random import Random

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAMES = {
    "slow": "answers after `seconds` (3)",
    "timeout": "takes the request and never answers; `done=1` does what was asked all the same",
    "refuse": "closes each new connection at once",
    "reset": "resets the connection instead of answering; `done=1` as for timeout",
    "truncate": "ends the connection in the middle of the body",
    "cut": "a complete answer whose JSON breaks off in the middle",
    "html": "a proxy's error page with status 200",
    "huge": "a body of `megabytes` (256) without an end in sight",
    "garbage": "bytes which are no text",
    "empty": "status 200 and no body",
    "401": "the token is refused",
    "403": "the account may not",
    "404": "the gateway knows no such resource",
    "409": "in conflict with the state of the call",
    "429": "the quota is used up; `retry_after` seconds are told if given",
    "500": "an error of the server's own",
    "502": "the gateway's error page, in HTML",
    "503": "overloaded; `retry_after` seconds are told if given",
    "202": "taken in, with no body: nothing says whether it is done",
    "redirect": "sent on to the same place (with status `status`, 307)",
    "loop-pages": "the last page names itself as the next one, for ever",
    "foreign-page": "the next page is on another host (`host`)",
    "hostile-text": "escape sequences, markup and bidi marks in names",
    "clock-skew": "the Date header is wrong by `seconds` (300)",
    "wrong-types": "a number for a list; with `where=items` a list for a name and so on",
    "missing-fields": "fields left out here and there",
    "null-fields": "fields null here and there",
}
"""Every fault, with what it does."""

KINDS = {
    "reads": ("read",),
    "actions": ("action",),
    "both": ("read", "action"),
    "token": ("token",),
    "all": ("read", "action", "token"),
}
STATUSES = ("401", "403", "404", "409", "429", "500", "502", "503")
HTML = (
    b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>"
    b"<body><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>"
)
HOSTILE_TEXTS = (
    "\x1b[2J\x1b[31mPWNED\x1b[0m",
    "[bold red]markup[/] [@click=app.quit]x[/]",
    "\u202egnp.exe\u202c",
    "line\r\nbreak\ttab\x00nul\x07bell",
    "\x1b]52;c;cm0gLXJmIC8=\x07\x9b31mC1",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢" + "̎" * 300,
    "A" * 20_000,
    "👩‍👩‍👧‍👦🇬🇧﷽",
)

_log = logging.getLogger(__name__)
Options = dict[str, float | str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that was switched on: which, how often (``rate``, 0 to 1), on which requests."""

    name: str
    rate: float
    on: str
    options: Options = field(default_factory=dict)

    def number(self, option: str, otherwise: float) -> float:
        return float(self.options.get(option, otherwise))


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived, whatever became of it."""

    kind: str
    method: str
    path: str
    resource: str
    """The path's class, such as /calls/{call_id}."""


class Faults:
    """The faults which are on, and the record of what arrived."""

    def __init__(self, seed: int = 0) -> None:
        self._rng = Random(seed)
        self._on: dict[str, Fault] = {}
        self.seen: list[Seen] = []
        """The requests that arrived, oldest first; at most the last 10,000."""
        self.counts: Counter[tuple[str, str]] = Counter()
        """How many requests arrived, by method and class of path."""
        self._arrival = asyncio.Event()

    def set(self, name: str, rate: float = 1.0, on: str = "both", **options: float | str) -> None:
        """Switch a fault on. `on` is one of `KINDS`; `rate` from 0 to 1.

        Raises ValueError for a fault, a rate or a kind of request that does not exist.
        """
        if name not in NAMES:
            near = get_close_matches(name, NAMES, 1)
            like = f"did you mean {near[0]}? " if near else ""
            raise ValueError(f"no fault is called {name!r}; {like}there are {', '.join(NAMES)}")
        if on not in KINDS:
            raise ValueError(f"on is one of {', '.join(KINDS)}, not {on!r}")
        if not 0 <= rate <= 1:
            raise ValueError(f"rate goes from 0 to 1, not {rate}")
        self._on[name] = Fault(name, rate, on, options)

    def clear(self, name: str | None = None) -> None:
        """Switch one fault off, or all of them."""
        if name is None:
            self._on.clear()
        else:
            self._on.pop(name, None)

    def __contains__(self, name: str) -> bool:
        return name in self._on

    def strikes(self, name: str, kind: str = "read") -> Fault | None:
        """The fault, if it is on for this kind of request and the dice say so."""
        fault = self._on.get(name)
        if fault is None or kind not in KINDS[fault.on]:
            return None
        if fault.rate < 1 and self._rng.random() >= fault.rate:
            return None
        return fault

    def count(self, method: str, resource: str) -> int:
        """How often a request of this method and class of path has arrived."""
        return self.counts[method, resource]

    async def arrived(self, requests: int) -> None:
        """Wait until so many requests in all have arrived (answered or not)."""
        while self.counts.total() < requests:
            await self._arrival.wait()

    def note(self, seen: Seen) -> None:
        """Remember a request, and wake whoever waits for one."""
        self.counts[seen.method, seen.resource] += 1
        self.seen.append(seen)
        if len(self.seen) > 10_000:
            del self.seen[:5_000]
        self._arrival.set()
        self._arrival = asyncio.Event()


Classify = Callable[[str, str], tuple[str, str]]
"""From method and path to the kind of request (read, action, token) and its class of path."""
ErrorBody = Callable[[str], bytes]
"""From a status to the JSON which this PBX would send with it."""


def plain_error(status: str) -> bytes:
    """The body of an error where no face says it in its own form."""
    return json.dumps({"code": status, "message": "error"}).encode()


class FaultyApp:
    """An ASGI app between the wire and a face: counts, spoils, and puts the date on answers.

    The date comes from `clock`, so that a client can be shown a PBX whose clock is wrong.
    """

    def __init__(
        self,
        app: ASGIApp,
        faults: Faults,
        *,
        clock: Callable[[], float],
        classify: Classify,
        error_body: ErrorBody = plain_error,
    ) -> None:
        self._app = app
        self._faults = faults
        self._clock = clock
        self._classify = classify
        self._error_body = error_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        kind, resource = self._classify(method, path)
        self._faults.note(Seen(kind, method, path, resource))
        try:
            await self._serve(scope, receive, self._dated(send, kind), kind)
        except ConnectionError:
            raise
        except Exception:
            _log.exception("the simulator failed at %s %s", method, path)
            raise

    def _dated(self, send: Send, kind: str) -> Send:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = self._clock()
                skew = self._faults.strikes("clock-skew", kind)
                if skew is not None:
                    now += skew.number("seconds", 300)
                date = formatdate(now, usegmt=True).encode()
                message = {**message, "headers": [(b"date", date), *message["headers"]]}
            await send(message)

        return dated

    async def _serve(self, scope: Scope, receive: Receive, send: Send, kind: str) -> None:
        strikes = self._faults.strikes
        ended = strikes("reset", kind) or strikes("refuse", kind)
        if ended is not None:
            if ended.options.get("done"):
                await _recorded(self._app, scope, receive)
            await _reset(scope, receive)
            return
        slow = strikes("slow", kind)
        if slow is not None:
            await asyncio.sleep(slow.number("seconds", 3))
        silent = strikes("timeout", kind)
        if silent is not None:
            if silent.options.get("done"):
                await _recorded(self._app, scope, receive)
            await _wait_for_disconnect(receive)
            return
        for status in STATUSES:
            fault = strikes(status, kind)
            if fault is not None:
                extra = (
                    [(b"retry-after", str(fault.options["retry_after"]).encode())]
                    if ("retry_after" in fault.options)
                    else []
                )
                if status == "502":
                    await _answer(send, 502, HTML, b"text/html", extra)
                else:
                    await _answer(send, int(status), self._error_body(status), extra=extra)
                return
        if strikes("html", kind):
            await _answer(send, 200, HTML, b"text/html; charset=utf-8")
        elif strikes("garbage", kind):
            await _answer(send, 200, bytes(range(256)) * 4)
        elif strikes("empty", kind):
            await _answer(send, 200, b"")
        elif strikes("202", kind):
            await _answer(send, 202, b"")
        elif (sent_on := strikes("redirect", kind)) is not None:
            query = scope["query_string"]
            where = scope["raw_path"].partition(b"?")[0] + b"?" + (query and query + b"&") + b"on=1"
            found = int(sent_on.number("status", 307))
            await _answer(send, found, b"", extra=[(b"location", where)])
        elif (huge := strikes("huge", kind)) is not None:
            await _answer_hugely(receive, send, int(huge.number("megabytes", 256)))
        elif strikes("cut", kind):
            await _cut(self._app, scope, receive, send)
        elif strikes("truncate", kind):
            await _truncate(self._app, scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _answer(
    send: Send,
    status: int,
    body: bytes,
    kind: bytes = b"application/json",
    extra: list[tuple[bytes, bytes]] | None = None,
) -> None:
    length = (b"content-length", str(len(body)).encode())
    headers = [(b"content-type", kind), length, *(extra or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer_hugely(receive: Receive, send: Send, megabytes: int) -> None:
    gone = asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        chunk = b'{"call_id":"' + b"0" * (1 << 20) + b'"},'
        await send({"type": "http.response.body", "body": b'{"calls":[', "more_body": True})
        for _ in range(megabytes):
            if gone.done():
                return
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"{}]}"})
    finally:
        gone.cancel()


async def _recorded(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    start: Message = {}
    parts: list[bytes] = []

    async def record(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, record)
    return start, b"".join(parts)


async def _cut(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    start, body = await _recorded(app, scope, receive)
    await _answer(send, start["status"], body[: len(body) // 2])


async def _truncate(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    start, body = await _recorded(app, scope, receive)
    await send(start)
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    transport = transport_of(scope)
    if transport is None:
        raise ConnectionError("the connection ended in the middle of the body")
    transport.close()
    await _wait_for_disconnect(receive)


async def _reset(scope: Scope, receive: Receive) -> None:
    transport = transport_of(scope)
    if transport is None:
        raise ConnectionResetError("the connection was reset")
    reset(transport)
    await _wait_for_disconnect(receive)


def transport_of(scope: Scope) -> asyncio.Transport | None:
    """The connection under a request, where there is a real one."""
    transport = scope.get("state", {}).get("transport")
    return transport if isinstance(transport, asyncio.Transport) else None


def reset(transport: asyncio.Transport) -> None:
    """End a connection with a TCP reset."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
