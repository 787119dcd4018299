"""The bytes of the Asterisk Manager Interface, as messages.

There are libraries for this, and none is used: panoramisk, the best kept of them, decodes each
packet by itself and drops what is not ASCII (a name in UTF-8 arrives in pieces), sends unanswered
actions again after a reconnect, and holds neither lines nor messages to a size. What is left of a
client without these is the hundred lines below and those of :mod:`connection`.

The wire (CAPTURED): a banner line, then messages of ``Key: Value`` lines, each ended by CR LF, an
empty line after the last. Nothing is escaped, so values are what callers made of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.backends.base import NotUnderstood, TooBig
from pbxtui.model import clean

MAX_MESSAGE = 256 * 1024
"""Bytes of one message; Asterisk's own have a few kilobytes."""
MAX_BANNER = 1024

_LINE = b"\r\n"
_END = b"\r\n\r\n"
_ACTION_ID = b"\r\nActionID:"


class Message:
    """One message: its fields by name, and the bytes it came as.

    Values are decoded from UTF-8, what is no UTF-8 becomes U+FFFD; they are not yet cleaned. A
    field that comes twice keeps its first value. A missing field reads as an empty text.
    """

    __slots__ = ("_fields", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._fields: dict[str, str] | None = None

    @property
    def fields(self) -> dict[str, str]:
        """All fields, read at the first look: of a long list most rows are never looked at."""
        if self._fields is None:
            self._fields = fields = {}
            for line in self.raw.decode("utf-8", "replace").split("\r\n"):
                key, colon, value = line.partition(":")
                if colon and key not in fields:
                    fields[key] = value[1:] if value.startswith(" ") else value
        return self._fields

    def __getitem__(self, key: str) -> str:
        return self.fields.get(key, "")

    def __contains__(self, key: object) -> bool:
        return key in self.fields

    def __repr__(self) -> str:
        return f"Message({self.fields!r})"

    @property
    def action_id(self) -> str:
        """The ActionID, found without reading the rest."""
        begin = self.raw.find(_ACTION_ID)
        if begin < 0:
            return self["ActionID"] if self.raw.startswith(_ACTION_ID[2:]) else ""
        begin += len(_ACTION_ID)
        return self.raw[begin : self.raw.find(_LINE, begin)].strip().decode("ascii", "replace")

    @property
    def event(self) -> str:
        """The name of the event; empty for a response."""
        return self["Event"]

    @property
    def text(self) -> str:
        """The message as it came, as text of several lines; not yet cleaned."""
        return self.raw.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n")


class Splitter:
    """Cuts a stream into messages, however the network cut it into packets."""

    def __init__(self) -> None:
        self.banner: str | None = None
        """The first line, once it has come."""
        self._buffer = bytearray()
        self._searched = 0

    def feed(self, data: bytes) -> list[Message]:
        """The messages that ``data`` completes.

        Raises :class:`TooBig` for a message without end, :class:`NotUnderstood` when the first
        line is not Asterisk's.
        """
        self._buffer += data
        if self.banner is None and not self._take_banner():
            return []
        messages: list[Message] = []
        buffer = self._buffer
        begin = 0
        while (end := buffer.find(_END, max(begin, self._searched))) >= 0:
            raw = bytes(buffer[begin : end + len(_LINE)])
            begin = end + len(_END)
            if raw.strip():
                messages.append(Message(raw))
        del buffer[:begin]
        self._searched = max(0, len(buffer) - len(_END) + 1)
        if len(buffer) > MAX_MESSAGE:
            raise TooBig(
                f"a message of more than {MAX_MESSAGE // 1024} KiB came, and it has no end",
                "is this port really Asterisk's AMI?",
            )
        return messages

    def _take_banner(self) -> bool:
        line, end, rest = self._buffer.partition(b"\n")
        if not end and len(line) <= MAX_BANNER:
            return False
        banner = line[:MAX_BANNER].decode("utf-8", "replace").strip()
        if not banner.startswith("Asterisk Call Manager"):
            raise NotUnderstood(
                f"this is no AMI that answers: it says “{clean(banner, 60)}”",
                "check host and port in the config; AMI's own port is 5038",
            )
        self.banner = banner
        self._buffer = bytearray(rest)
        return True


def encode(action: str, fields: Mapping[str, str]) -> bytes:
    """An action as it is sent. Raises ``ValueError`` for a line break in a field."""
    lines = {"Action": action, **fields}
    for key, value in lines.items():
        if "\r" in value or "\n" in value or "\r" in key or "\n" in key or ":" in key:
            raise ValueError(f"{key} of {action} would break out of its line")
    return "".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode() + _LINE
