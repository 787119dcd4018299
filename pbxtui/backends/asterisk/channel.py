"""One channel: its last row, and what has been learned of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pbxtui.backends.asterisk.wire import ChannelRow, born, device_of, is_local
from pbxtui.model import Certainty, LegState

RING = 4
RINGING = 5
UP = 6
OUTGOING = "(Outgoing Line)"
"""ApplicationData of a channel that the PBX dials (CAPTURED)."""


@dataclass(frozen=True, slots=True)
class Held:
    """Since when (epoch seconds on the PBX's clock) a channel holds or waits, if that is known."""

    since: float | None
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Spot:
    """A parking space or a queue in which a channel waits, and since when.

    ``lot`` is the parking lot of a space.
    """

    name: str
    since: float | None
    lot: str = ""


@dataclass(slots=True)
class Channel:
    """A channel: its last row, and what has been learned of it.

    ``called`` is True when the PBX called the device, False when the device called the PBX.
    ``core`` is the part of its row in the last list that does not change by itself, for as long as
    no event has told anything newer. ``shown`` and ``since`` are the state that was last made of
    it, and when that began. ``left`` are the bridges that it has left, and ``returned`` is when it
    came back to one of them, for as long as it has not been told whom it hears there.
    ``handed_over`` is True where it handed its call over, by an attended transfer.
    """

    row: ChannelRow
    called: bool
    application: str = ""
    data: str = ""
    bridge: str = ""
    queue: str = ""
    answered: float | None = None
    held: Held | None = None
    alone: bool = False
    shown: LegState | None = None
    since: float | None = None
    listed: bytes = b""
    core: bytes = b""
    heard: bytes = b""
    left: set[str] = field(default_factory=set)
    returned: float | None = None
    handed_over: bool = False

    @property
    def id(self) -> str:
        return self.row.uniqueid

    @property
    def device(self) -> str:
        return device_of(self.row.name)

    @property
    def local(self) -> bool:
        """Whether it is one half of a Local channel, which joins others and is no phone."""
        return is_local(self.row.name)

    @property
    def aside(self) -> bool:
        """Whether nobody is at it: half of a Local channel, or what is left of a free phone.

        A phone that asked and hangs up while the other still rings is free at once, and Asterisk
        lists its channel, up and in no bridge, until that one answers (CAPTURED).
        """
        return self.local or (self.handed_over and not self.bridge)

    @property
    def started(self) -> float | None:
        """When it was made, in epoch seconds."""
        return born(self.id)

    @property
    def up(self) -> bool:
        """Whether it was answered."""
        return self.row.state == UP

    @property
    def dialled(self) -> bool:
        """Whether the PBX just dials it, and no dialplan runs on it."""
        return self.data == OUTGOING if self.application else self.called


@dataclass(frozen=True, slots=True)
class End:
    """How a call ended: the cause (Q.850) and Asterisk's words for it, and when."""

    cause: int
    words: str
    at: float
    moved_to: str = ""
