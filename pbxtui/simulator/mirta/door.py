"""The one address of MiRTA, `proxyapi.php`: what is asked stands in the query or in the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = "/pbx/proxyapi.php"
SCRIPT = "proxyapi.php"

_READS = {
    "COUNTPEERS",
    "COUNTCHANNELS",
    "COUNTCALLS",
    "PEERS",
    "CHANSIPPEERS",
    "BLFS",
    "FLOWS",
    "CHANNEL",
    "CHANNELS",
    "GETCURRENTCALLS",
    "PHONEBOOKS",
    "INFO",
    "HELP",
    "LICENSEDAYS",
    "MEDIAFILE",
    "RESPONSEPATH",
}
_READING_ACTIONS = {
    "AGENT": {"LISTQUEUES", "LIST"},
    "QUEUE": {"LIST", "FULLLIST"},
    "VOICEMAIL": {"LIST", "MESSAGES", "MESSAGE"},
    "MANAGEDB": {"LIST", "GET"},
    "PHONEBOOK": {"QUERY", "GETALL"},
    "DND": {"GET"},
    "SETTING": {"GET"},
    "CDR": {"GET"},
    "CAMPAIGN": {"LISTNUMBERS"},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its type in upper case, what is to be done, and every parameter but the key."""

    reqtype: str
    sub: str
    """``info``, ``action`` or ``subreqtype``, in lower case; empty where there is none."""
    key: str
    parameters: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.parameters.get(name, "").strip()

    @property
    def json(self) -> bool:
        return self.get("format").lower() == "json"

    @property
    def reads(self) -> bool:
        if self.reqtype in _READING_ACTIONS:
            return self.sub.upper() in _READING_ACTIONS[self.reqtype]
        return self.reqtype in _READS

    @property
    def resource(self) -> str:
        """Its class, as requests are counted: ``CHANNELS``, ``INFO queues``, ``AGENT pause``."""
        return f"{self.reqtype} {self.sub}".strip()


def asked(query: bytes, form: bytes) -> Asked:
    """What PHP's ``$_REQUEST`` would hold: the body wins over the query, the last value wins."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    pairs += parse_qsl(form.decode("latin-1"), keep_blank_values=True)
    every = {name: value for name, value in pairs if name != "key"}
    keys = [value for name, value in pairs if name == "key"]
    reqtype = every.get("reqtype", "").strip().upper()
    word = {"INFO": "info", "PHONEBOOK": "subreqtype", "PHONEBOOKS": "subreqtype"}
    sub = every.get(word.get(reqtype, "action"), "").strip().lower()
    return Asked(reqtype, sub, keys[-1] if keys else "", every)


def classify(method: str, path: str) -> tuple[str, str]:
    """The kind of a request and its class, from the path that `Door` has made."""
    _, script, rest = path.partition(f"{SCRIPT}/")
    if not script:
        return "read", path
    kind, _, resource = rest.partition("/")
    return kind, resource


def error_body(status: str) -> bytes:
    """A web server's own page: MiRTA's script itself never sends such a status (CAPTURED)."""
    words = {"401": "Unauthorized", "403": "Forbidden", "404": "Not Found", "409": "Conflict"}
    title = f"{status} {words.get(status, 'Error')}"
    return (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n'
        f"<html><head><title>{title}</title></head><body><h1>{title[4:]}</h1></body></html>\n"
    ).encode()


@dataclass(slots=True)
class Door:
    """An ASGI app before all others: reads what is asked, and writes its class into the path.

    So the faults know reads from actions, though the address is the same for all.
    """

    app: ASGIApp
    asked: list[Asked] = field(default_factory=list)
    """The requests that arrived, oldest first; at most the last 10,000."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(f"/{SCRIPT}"):
            await self.app(scope, receive, send)
            return
        body = await _whole(receive)
        kind = dict(scope["headers"]).get(b"content-type", b"")
        form = body if kind.startswith(b"application/x-www-form-urlencoded") else b""
        request = asked(scope["query_string"], form)
        self.asked.append(request)
        if len(self.asked) > 10_000:
            del self.asked[:5_000]
        what = "read" if request.reads or not request.reqtype else "action"
        path = f"{scope['path']}/{what}/{request.resource}"
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return waiting.pop() if waiting else await receive()

        await self.app({**scope, "path": path, "mirta": request}, again, send)


async def _whole(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
