"""A MiRTA site whose PBX is a server that answers each request type as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from pbxtui.backends.base import Reading, Runtime
from pbxtui.backends.mirta import plugin
from pbxtui.backends.mirta.backend import MirtaBackend
from pbxtui.model import Call, Device, Kind, Topic
from tests.backends.server import Reply, Request, Server

NOW = 1_750_000_042.0
"""The hour of these tests, epoch seconds: 42 s after the bodies' first call began."""

PATH = "/pbx/proxyapi.php"
KEY = "k3y/with+odd&signs"


def resource(request: Request) -> str:
    """``CHANNELS``, ``INFO queues``, ``AGENT pause``, with the queue's id where one is named."""
    query = request.query
    sub = next((query[name] for name in ("info", "action", "subreqtype") if name in query), "")
    return f"{query.get('reqtype', '')} {sub}".strip()


class Pbx:
    """A backend, and what each request is answered with; unknown ones get 0 bytes."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.now = NOW
        self.answers: dict[str, Reply | bytes | str | list[Reply]] = {}
        self.opened: list[MirtaBackend] = []
        server.on(PATH, self._answer)

    def _answer(self, request: Request) -> Reply:
        name = resource(request)
        query = request.query
        numbered = f"{name} {query.get('queue') or query.get('id') or query.get('nodename', '')}"
        answer = self.answers.get(numbered, self.answers.get(name, b""))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return answer if isinstance(answer, Reply) else Reply(answer)

    def open(self, **settings: object) -> MirtaBackend:
        values: dict[str, object] = {
            "name": "branch",
            "url": f"{self.server.url}{PATH}",
            "tenant": "ACME",
            "key": KEY,
            "park": "700",
            "timeout": 5.0,
        }
        runtime = Runtime(clock=lambda: self.now)
        backend = plugin.open(plugin.settings.model_validate(values | settings), runtime)
        assert isinstance(backend, MirtaBackend)
        self.opened.append(backend)
        return backend

    @property
    def backend(self) -> MirtaBackend:
        return self.opened[-1] if self.opened else self.open()

    def asked(self, name: str) -> list[Mapping[str, str]]:
        """The parameters of the requests of one kind."""
        return [r.query for r in self.server.requests if resource(r) == name]

    async def reading(self, topic: Topic) -> Reading:
        return await self.backend.read(topic)

    async def calls(self, body: bytes | str) -> dict[str, Call]:
        self.answers["CHANNELS"] = body
        items = (await self.backend.read(Topic.CALLS)).items[Kind.CALLS]
        return {id_: call for id_, call in items.items() if isinstance(call, Call)}

    async def devices(self, body: bytes | str) -> dict[str, Device]:
        self.answers["PEERS"] = body
        items = (await self.backend.read(Topic.DEVICES)).items[Kind.DEVICES]
        return {id_: one for id_, one in items.items() if isinstance(one, Device)}


@pytest.fixture
async def pbx(server: Server) -> AsyncIterator[Pbx]:
    pbx = Pbx(server)
    yield pbx
    for backend in pbx.opened:
        await backend.close()
