"""A Telphin site whose API is a server that answers byte by byte as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from pbxtui.backends.base import Reading, Runtime
from pbxtui.backends.telphin import plugin
from pbxtui.backends.telphin.backend import TelphinBackend
from pbxtui.model import Agent, Call, Device, Kind, Queue, Topic
from tests.backends.server import Answerer, Reply, Request, Server
from tests.backends.telphin import bodies

NOW = 1503503900.0
"""The hour of these tests, epoch seconds: half a minute after the captured call began."""

API = "/api/ver1.0"
CLIENT = f"{API}/client/@me"
CALLS = f"{CLIENT}/current_calls/"
EXTENSIONS = f"{CLIENT}/extension/"
REGISTRATIONS = f"{API}/extension/registration/"
LOCAL, REMOTE = f"{CLIENT}/agent/local/", f"{CLIENT}/agent/remote/"
QUEUE = f"{API}/extension/96857/queue/"
TOKEN = "/oauth/token"
SECRET = "app secret/with&signs+0123456789"


def by_type(phones: str, queues: str) -> Answerer:
    """The list of extensions, by what is asked for."""

    def answer(request: Request) -> Reply:
        wanted = phones if request.query.get("type") == "phone" else queues
        return Reply(wanted if request.query.get("page", "1") == "1" else "[]")

    return answer


class Site:
    """A backend and the server it speaks to, which knows two phones and a queue to begin with."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.now = NOW
        self.opened: list[TelphinBackend] = []
        server.on(TOKEN, Reply(bodies.TOKEN))
        server.on(EXTENSIONS, by_type(bodies.PHONES, bodies.QUEUES))
        server.on(CALLS, Reply(bodies.RINGING))
        server.on(REGISTRATIONS, Reply(f"[{bodies.REGISTRATION},{bodies.EXPIRED}]"))
        server.on(QUEUE, Reply(bodies.QUEUE_CONFIG))
        server.on(LOCAL, Reply(bodies.LOCAL_AGENTS))
        server.on(REMOTE, Reply(bodies.REMOTE_AGENTS))

    def open(self, **settings: object) -> TelphinBackend:
        values: dict[str, object] = {
            "name": "cloud",
            "url": self.server.url,
            "app_id": "0123456789abcdef0123456789abcdef",
            "app_secret": SECRET,
        }
        runtime = Runtime(clock=lambda: self.now)
        backend = plugin.open(plugin.settings.model_validate(values | settings), runtime)
        assert isinstance(backend, TelphinBackend)
        self.opened.append(backend)
        return backend

    @property
    def backend(self) -> TelphinBackend:
        return self.opened[-1] if self.opened else self.open()

    async def reading(self, topic: Topic) -> Reading:
        return await self.backend.read(topic)

    async def calls(self, body: bytes | str | None = None) -> Mapping[str, Call]:
        if body is not None:
            self.server.on(CALLS, Reply(body))
        items = (await self.reading(Topic.CALLS)).items[Kind.CALLS]
        return {id: call for id, call in items.items() if isinstance(call, Call)}

    async def devices(self, body: bytes | str | None = None) -> Mapping[str, Device]:
        if body is not None:
            self.server.on(REGISTRATIONS, Reply(body))
        items = (await self.reading(Topic.DEVICES)).items[Kind.DEVICES]
        return {id: device for id, device in items.items() if isinstance(device, Device)}

    async def queues(self) -> Mapping[str, Queue]:
        items = (await self.reading(Topic.QUEUES)).items[Kind.QUEUES]
        return {id: queue for id, queue in items.items() if isinstance(queue, Queue)}

    async def agents(self) -> Mapping[str, Agent]:
        items = (await self.reading(Topic.QUEUES)).items[Kind.AGENTS]
        return {id: agent for id, agent in items.items() if isinstance(agent, Agent)}


@pytest.fixture
async def site(server: Server) -> AsyncIterator[Site]:
    site = Site(server)
    yield site
    for backend in site.opened:
        await backend.close()
