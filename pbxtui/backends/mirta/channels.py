"""Channels: the fourteen items of ``core show channels concise`` by position (INFERRED).

A client in production confirms 0 channel, 1 context, 2 exten, 4 state, 5 application, 6 data,
7 caller's number and 13 unique id; 3 and 8 to 12 follow from Asterisk's own format only, so that
nothing breaks where they hold something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pbxtui.backends.mirta.directory import Directory
from pbxtui.backends.mirta.wire import text_of, tidy

ITEMS = 14
_UNIQUE = re.compile(r"(?:.*-)?(\d{9,11})\.(\d{1,18})\Z", re.ASCII)
_SERIAL = re.compile(r"-[0-9a-fA-F]{8}(?:;[12])?\Z")
_CALLED = frozenset({"AppDial", "AppDial2", "AppQueue"})
_DIALS = frozenset({"Dial", "RetryDial", "Page"})
_PARKS = frozenset({"Park", "ParkAndAnnounce"})
_OUTGOING = "(Outgoing Line)"

Dialled = tuple[str, str]
"""Technology and peer in lower case, and the number that is dialled there; ``""`` for none."""


@dataclass(slots=True, eq=False)
class Channel:
    """One channel. ``id`` is the unique id; ``order`` sorts channels by when they were made."""

    row: tuple[str, ...]
    id: str
    name: str
    """As MiRTA wants it to be told which channel is meant; empty if it can't be sent back."""
    context: str
    exten: str
    state: str
    application: str
    data: str
    number: str
    bridge: str
    tech: str
    peer: str
    extension: str
    """The own extension, or the one that a helper channel stands for; empty for a trunk."""
    epoch: float | None
    """When it was made, as its unique id says; epoch seconds."""
    order: tuple[float, int]
    dials: tuple[Dialled, ...]
    queue: str
    """The id of the queue in which its caller is; empty outside the Queue application."""

    @property
    def local(self) -> bool:
        """A helper inside Asterisk: it is no end of any call."""
        return self.tech == "local"

    @property
    def called(self) -> bool:
        """Whether the PBX rang, or rings, whoever is at its end."""
        return self.application in _CALLED or self.data == _OUTGOING

    @property
    def up(self) -> bool:
        return self.state == "Up"

    @property
    def parked(self) -> bool:
        return self.application in _PARKS

    @property
    def waiting(self) -> bool:
        """In a queue, and not yet connected."""
        return bool(self.queue) and not self.bridge


def items(row: object) -> tuple[str, ...]:
    """The items of a row as texts. Raises ``ValueError`` for anything that is no such row."""
    if not isinstance(row, list):
        raise ValueError("a list of items was expected, something else came")
    if len(row) < ITEMS:
        raise ValueError(f"{ITEMS} items were expected, {len(row)} came")
    if set(map(type, row)) == {str}:
        return tuple(row)
    return tuple(text_of(item) for item in row)


def parse(row: tuple[str, ...], directory: Directory, place: int) -> Channel:
    """A channel of its items; ``place`` counts it in its list."""
    raw = row[0]
    name, unique = tidy(raw), tidy(row[13])
    tech, _, rest = name.partition("/")
    peer = _SERIAL.sub("", rest)
    found = _UNIQUE.match(unique)
    epoch, sequence = (float(found[1]), int(found[2])) if found else (None, place)
    application, data = tidy(row[5]), tidy(row[6])
    tech = tech.lower()
    if tech == "local":
        extension = directory.extension(peer.partition("@")[0])
    else:
        extension = directory.extension(peer)
    return Channel(
        row,
        unique or name,
        name if name == raw.strip() and name else "",
        tidy(row[1]),
        tidy(row[2]),
        row[4].strip(),
        application,
        data,
        tidy(row[7]),
        tidy(row[12]),
        tech,
        peer,
        extension,
        epoch,
        (epoch or 0.0, sequence),
        dialled(application, data),
        data.partition(",")[0].strip() if application == "Queue" else "",
    )


def seconds(row: Sequence[str]) -> int | None:
    """How long the channel has lived, in whole seconds; None where that is no number."""
    text = row[11].strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def dialled(application: str, data: str) -> tuple[Dialled, ...]:
    """Whom a Dial rings: ``SIP/203-ACME&SIP/kamailio/4420…,30,tT``.

    Once somebody has answered, MiRTA's data names nobody any more (INFERRED).
    """
    if application not in _DIALS:
        return ()
    found = []
    for piece in data.partition(",")[0].split("&"):
        tech, slash, rest = piece.strip().partition("/")
        if not slash or not rest:
            continue
        peer, _, number = rest.partition("/")
        if tech.lower() == "local":
            number = ""
        elif "@" in peer:
            number, _, peer = peer.partition("@")
        elif number.lower().startswith("sip:"):
            number = ""
        found.append((f"{tech}/{peer}".lower(), number))
    return tuple(found)
