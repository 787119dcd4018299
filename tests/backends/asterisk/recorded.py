"""What a real Asterisk sent, as messages, and an office that has heard it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from pbxtui.backends.asterisk.ami import Message, Splitter
from pbxtui.backends.asterisk.office import Office
from pbxtui.model import TOPIC_OF, Agent, Call, Device, Flow, Kind, Lamp, Queue, Thing

CAPTURES = Path(__file__).parents[2] / "asterisk" / "captures"
GREETING = b"Asterisk Call Manager/11.0.0\r\n"


def octets(name: str) -> bytes:
    """The bytes of a capture."""
    return (CAPTURES / f"{name}.txt").read_bytes()


def split(data: bytes) -> list[Message]:
    """The messages in some bytes that follow a greeting."""
    return Splitter().feed(GREETING + data)


def events(name: str) -> list[Message]:
    """The events of a capture."""
    return split(octets(f"{name}-events"))


def at(message: Message) -> float:
    """When an event happened, in epoch seconds."""
    return float(message["Timestamp"])


NOW = at(split(octets("core"))[-1])
"""A moment shortly after the captures, in epoch seconds: the last thing recorded is a Ping."""


class Heard:
    """An office that takes captures: lists as answers, events one by one."""

    def __init__(self) -> None:
        self.office = Office("lab")
        self._takers: dict[str, Callable[[list[Message], float], None]] = {
            "CoreShowChannel": self.office.take_channels,
            "ParkedCall": self.office.take_parked,
            "EndpointList": self.office.take_endpoints,
            "ContactList": self.office.take_contacts,
            "QueueStatus": self.office.take_queues,
            "ExtensionState": self.office.take_hints,
            "DeviceState": self._take_states,
        }

    def lists(self, name: str, now: float = NOW) -> Heard:
        """Take every list of a capture."""
        return self.answers(split(octets(name)), now)

    def answers(self, messages: list[Message], now: float = NOW) -> Heard:
        rows: list[Message] = []
        for message in messages:
            if message["EventList"] == "start":
                rows = []
            elif message["EventList"] == "Complete":
                self._take(message.event, rows, now)
            else:
                rows.append(message)
        return self

    def _take(self, complete: str, rows: list[Message], now: float) -> None:
        for prefix, take in self._takers.items():
            if complete.startswith(prefix):
                take(rows, now)

    def _take_states(self, rows: list[Message], now: float) -> None:
        self.office.take_device_states(rows, now)
        self.office.take_flows(rows, now)

    def events(self, name: str, until: str = "") -> Heard:
        """Take the events of a capture, at the times they carry, up to the first ``until``."""
        for message in events(name):
            self.office.take_event(message, at(message))
            if message.event == until:
                break
        return self

    def of(self, kind: Kind, now: float = NOW) -> Mapping[str, Thing]:
        return self.office.items(TOPIC_OF[kind], now)[kind]

    def calls(self, now: float = NOW) -> list[Call]:
        return list(cast("Mapping[str, Call]", self.of(Kind.CALLS, now)).values())

    def call(self, now: float = NOW) -> Call:
        (call,) = self.calls(now)
        return call

    def devices(self) -> Mapping[str, Device]:
        return cast("Mapping[str, Device]", self.of(Kind.DEVICES))

    def queues(self) -> Mapping[str, Queue]:
        return cast("Mapping[str, Queue]", self.of(Kind.QUEUES))

    def agents(self) -> Mapping[str, Agent]:
        return cast("Mapping[str, Agent]", self.of(Kind.AGENTS))

    def lamps(self) -> Mapping[str, Lamp]:
        return cast("Mapping[str, Lamp]", self.of(Kind.LAMPS))

    def flows(self) -> Mapping[str, Flow]:
        return cast("Mapping[str, Flow]", self.of(Kind.FLOWS))
