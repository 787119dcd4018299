"""A Vonage site whose API is a server that answers byte by byte as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from pbxtui.backends.base import Reading, Runtime
from pbxtui.backends.vonage import plugin
from pbxtui.backends.vonage.backend import VonageBackend
from pbxtui.model import Call, Device, Kind, Topic
from tests.backends.server import Reply, Server

NOW = 1_790_293_100.0
"""The hour of these tests, epoch seconds: half a minute after the bodies' calls began."""

BASE = "/t/vbc.prod/telephony/v3"
CALLS = f"{BASE}/cc/accounts/1234/calls"
DEVICES = f"{BASE}/registration/accounts/1234/devices"
TOKEN = "given-token-0123456789"


class Site:
    """A backend and the server it speaks to."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.now = NOW
        self.opened: list[VonageBackend] = []

    def open(self, *, login: bool = False, **settings: object) -> VonageBackend:
        """A backend with a given token, or one that logs in."""
        way_in: dict[str, object] = {"access_token": TOKEN}
        if login:
            way_in = {
                "username": "noc@example.com",
                "password": "pass word&1",
                "client_id": "consumer-key",
                "client_secret": "consumer/secret+2",
            }
        url = self.server.url
        values: dict[str, object] = {
            "name": "hq",
            "account": "1234",
            "url": f"{url}/t/vbc.prod",
            "token_url": f"{url}/token",
        }
        values |= way_in | settings
        runtime = Runtime(clock=lambda: self.now)
        backend = plugin.open(plugin.settings.model_validate(values), runtime)
        assert isinstance(backend, VonageBackend)
        self.opened.append(backend)
        return backend

    async def reading(self, body: bytes | str, topic: Topic = Topic.CALLS) -> Reading:
        """Read one topic from one body."""
        self.server.on(CALLS if topic is Topic.CALLS else DEVICES, Reply(body))
        backend = self.opened[-1] if self.opened else self.open()
        return await backend.read(topic)

    async def calls(self, body: bytes | str) -> Mapping[str, Call]:
        items = (await self.reading(body)).items[Kind.CALLS]
        return {id: call for id, call in items.items() if isinstance(call, Call)}

    async def devices(self, body: bytes | str) -> Mapping[str, Device]:
        items = (await self.reading(body, Topic.DEVICES)).items[Kind.DEVICES]
        return {id: device for id, device in items.items() if isinstance(device, Device)}


@pytest.fixture
async def site(server: Server) -> AsyncIterator[Site]:
    site = Site(server)
    yield site
    for backend in site.opened:
        await backend.close()
