"""Somebody who watches the test office with the backend, by lists and pushes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, cast

from pbxtui.backends.asterisk import plugin
from pbxtui.backends.asterisk.backend import AsteriskBackend
from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.backends.base import Reading, Runtime
from pbxtui.model import (
    Agent,
    Call,
    Device,
    Flow,
    Kind,
    Lamp,
    Leg,
    LegState,
    Queue,
    Thing,
    Topic,
)
from tests.asterisk import office
from tests.asterisk.phones import Phone, PhoneCall, connect
from tests.asterisk.rig import Rig

T = TypeVar("T")


def opened(rig: Rig, login: office.Login = office.NOC, **more: object) -> AsteriskBackend:
    """A backend for the rig, not yet connected."""
    values = {
        "name": "lab",
        "host": "127.0.0.1",
        "port": rig.ports.ami,
        "username": login.username,
        "secret": login.secret,
        "context": office.CONTEXT,
    }
    backend = plugin.open(AsteriskSettings.model_validate(values | more), Runtime())
    assert isinstance(backend, AsteriskBackend)
    return backend


class Watch:
    """A backend with all that it has told so far: the lists, and what it pushed since."""

    def __init__(self, backend: AsteriskBackend) -> None:
        self.backend = backend
        self.things: dict[Kind, Mapping[str, Thing]] = {}
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Read every list once, then follow the pushes."""
        for topic in Topic:
            self._take(await self.backend.read(topic))
        self._task = asyncio.create_task(self._follow())

    async def end(self) -> None:
        await self.backend.close()
        if self._task is not None:
            await self._task

    async def read(self, topic: Topic) -> Reading:
        reading = await self.backend.read(topic)
        self._take(reading)
        return reading

    def calls(self) -> list[Call]:
        """The calls that are not over."""
        calls = cast("Iterable[Call]", self.things[Kind.CALLS].values())
        return [call for call in calls if not call.over]

    def states(self) -> dict[str, LegState]:
        """The state of each leg, by its extension or its device."""
        return {leg.extension or leg.device: leg.state for c in self.calls() for leg in c.legs}

    def device(self, extension: str) -> Device:
        return cast("Device", self.things[Kind.DEVICES][f"PJSIP/{extension}"])

    def queue(self, name: str) -> Queue:
        return cast("Queue", self.things[Kind.QUEUES][name])

    def agent(self, id_: str) -> Agent:
        return cast("Agent", self.things[Kind.AGENTS][id_])

    def lamp(self, extension: str) -> Lamp:
        return cast("Lamp", self.things[Kind.LAMPS][f"{extension}@{office.CONTEXT}"])

    def flow(self, id_: str) -> Flow:
        return cast("Flow", self.things[Kind.FLOWS][id_])

    def leg(self, extension: str) -> Leg:
        """The leg of a phone or of a device, on a call that is not over."""
        legs = [leg for call in self.calls() for leg in call.legs]
        return next(leg for leg in legs if extension in (leg.extension, leg.device))

    def call_of(self, extension: str) -> Call:
        """The call of a phone or of a device."""
        return next(call for call in self.calls() if self.leg(extension) in call.legs)

    def _take(self, reading: Reading) -> None:
        self.things.update(reading.items)

    async def _follow(self) -> None:
        async for reading in self.backend.updates():
            self._take(reading)


async def doing(action: Callable[..., T] | Callable[..., object], *args: object) -> None:
    """Let the phones do something while the event loop goes on."""
    await asyncio.to_thread(action, *args)


async def talking(caller: Phone, called: Phone) -> tuple[PhoneCall, PhoneCall]:
    return await asyncio.to_thread(connect, caller, called)
