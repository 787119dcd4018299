"""The other end of the wire, on a loopback port: it says what it was told to, byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pbxtui.backends.asterisk import plugin
from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.backends.base import Backend, Runtime
from tests.backends.asterisk.recorded import GREETING, octets

USER, SECRET, CHALLENGE = "noc", "s3cret", "840415273"
READING = frozenset(
    {
        *("Challenge", "Login", "Ping", "ListCommands", "CoreShowChannels", "ParkedCalls"),
        *("DeviceStateList", "Status", "QueueStatus", "ExtensionStateList", "Getvar"),
        *("PJSIPShowEndpoints", "PJSIPShowContacts"),
    }
)
Answer = bytes | Callable[[dict[str, str]], bytes]

SUCCESS = b"Response: Success\r\nActionID: ?\r\nMessage: fine\r\n\r\n"
_NONE = (
    b"Response: Success\r\nActionID: ?\r\nEventList: start\r\n\r\n"
    b"Event: Complete\r\nActionID: ?\r\nEventList: Complete\r\nListItems: 0\r\n\r\n"
)


def recorded(name: str, complete: str) -> bytes:
    """One answer out of a capture: the list that ends with ``complete``."""
    answer = b""
    for block in octets(name).split(b"\r\n\r\n"):
        answer = block if block.startswith(b"Response:") else answer + block
        answer += b"\r\n\r\n"
        if f"Event: {complete}\r\n".encode() in block + b"\r\n":
            return answer
    raise LookupError(complete)


def denied(text: str = "Permission denied") -> bytes:
    return f"Response: Error\r\nActionID: ?\r\nMessage: {text}\r\n\r\n".encode()


UNKNOWN = denied("Invalid/unknown command: X. Use Action: ListCommands to show available commands.")


class Peer:
    """An AMI that answers each action with the bytes in ``answers``.

    In an answer, ``ActionID: ?`` (and whatever was recorded) becomes that of the action. An empty
    answer is silence. ``actions`` are those that came, logins included, and ``texts`` the same as
    they came.
    """

    def __init__(self) -> None:
        self.port = 0
        self.greeting = GREETING
        self.actions: list[dict[str, str]] = []
        self.texts: list[str] = []
        self.answers: dict[str, Answer] = {
            "Challenge": SUCCESS.replace(b"Message: fine", f"Challenge: {CHALLENGE}".encode()),
            "Login": self._login,
            "Ping": SUCCESS.replace(b"Message: fine", b"Timestamp: 1795228400.5"),
            "CoreShowChannels": recorded("talking", "CoreShowChannelsComplete"),
            "ParkedCalls": recorded("talking", "ParkedCallsComplete"),
            "ListCommands": octets("commands"),
            "Getvar": SUCCESS.replace(b"Message: fine", b"Variable: ?\r\nValue: 1"),
            "DeviceStateList": recorded("flows", "DeviceStateListComplete"),
            "Status": _NONE,
            "QueueStatus": recorded("queue-waiting", "QueueStatusComplete"),
            "PJSIPShowEndpoints": recorded("phones", "EndpointListComplete"),
            "PJSIPShowContacts": recorded("phones", "ContactListComplete"),
            "ExtensionStateList": recorded("phones", "ExtensionStateListComplete"),
        }
        self.closing_after = ""
        """The action whose answer is the last thing before the connection is closed."""
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    def sent(self, *actions: str) -> list[dict[str, str]]:
        """What came of some actions, without their ActionIDs."""
        came = [action for action in self.actions if action["Action"] in actions]
        return [{k: v for k, v in action.items() if k != "ActionID"} for action in came]

    def orders(self) -> list[dict[str, str]]:
        """Everything that came and was no reading, without its ActionID."""
        came = {action["Action"] for action in self.actions}
        return self.sent(*(came - READING))

    @property
    def logins(self) -> int:
        return sum(action["Action"] == "Login" for action in self.actions)

    async def open(self) -> None:
        """Listen; on the same port as before when it was closed."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is not None:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            await self._server.wait_closed()
            self._server = None

    def push(self, data: bytes) -> None:
        """Send some bytes to everybody who is logged in."""
        for writer in self._writers:
            writer.write(data)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                writer.write(self.greeting)
                while True:
                    text = (await reader.readuntil(b"\r\n\r\n")).decode()
                    lines = (line.partition(": ") for line in text.split("\r\n") if line)
                    action = {key: value for key, _, value in lines}
                    self.actions.append(action)
                    self.texts.append(text)
                    writer.write(self._answer(action))
                    if action["Action"] == self.closing_after:
                        break
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, action: dict[str, str]) -> bytes:
        answer = self.answers.get(action["Action"], UNKNOWN)
        data = answer(action) if callable(answer) else answer
        lines = data.split(b"\r\n")
        number = action.get("ActionID", "").encode()
        lines = [b"ActionID: " + number if x.startswith(b"ActionID:") else x for x in lines]
        return b"\r\n".join(lines)

    def _login(self, action: dict[str, str]) -> bytes:
        key = hashlib.md5((CHALLENGE + SECRET).encode()).hexdigest()
        good = action.get("Key") == key or action.get("Secret") == SECRET
        return SUCCESS if good and action["Username"] == USER else denied("Authentication failed")


@asynccontextmanager
async def listening() -> AsyncIterator[Peer]:
    """A peer that listens for as long as the block lasts."""
    peer = Peer()
    await peer.open()
    try:
        yield peer
    finally:
        await peer.close()


@asynccontextmanager
async def talking_to(
    peer: Peer, runtime: Runtime | None = None, **more: object
) -> AsyncIterator[Backend]:
    """A backend whose settings lead to a peer; not yet connected."""
    values = {
        "name": "lab",
        "host": "127.0.0.1",
        "port": peer.port,
        "username": USER,
        "secret": SECRET,
    }
    backend = plugin.open(AsteriskSettings.model_validate(values | more), runtime or Runtime())
    try:
        yield backend
    finally:
        await backend.close()
