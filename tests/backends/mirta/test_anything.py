"""Whatever a server sends: a reading of clean text, or an error in words. Nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.backends.base import BackendError, Runtime
from pbxtui.backends.mirta.backend import MirtaBackend
from pbxtui.backends.mirta.settings import MirtaSettings
from pbxtui.model import Dial, Outcome, Topic
from tests.backends.mirta import bodies
from tests.backends.mirta.conftest import KEY, NOW
from tests.backends.spoiling import (
    any_json,
    ascii_json,
    assert_clean,
    assert_error,
    encodings,
    read_whatever_comes,
    spoiled_with,
    texts,
)

anything = any_json(
    *("Up", "Ringing", "Queue", "18058", "SIP/203-ACME-000011ab", "pbx21-1750000000.1234"),
    *("-1", "00:10:00", "paused", "INUSE"),
    longest=15,
    leaves=20,
)
TEMPLATES = {
    Topic.CALLS: [bodies.CHANNELS, bodies.TALKING, bodies.RINGING],
    Topic.DEVICES: [bodies.PEERS, bodies.EXTENSIONS],
    Topic.QUEUES: [bodies.QUEUES, bodies.QUEUE, bodies.AGENTS],
    Topic.LAMPS: [bodies.BLFS, bodies.FLOWS],
}


def spoiled(templates: list[str]) -> st.SearchStrategy[Any]:
    return spoiled_with(anything, templates, one_in=13)


class Wire(httpx.AsyncBaseTransport):
    """Answers by request type, or one request after another with some bodies, over and over."""

    def __init__(self, answers: list[bytes] | dict[str, bytes], status: int = 200) -> None:
        self._answers = answers
        self._status = status
        self.count = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "pbx.example.net"
        query = request.url.params
        if isinstance(self._answers, dict):
            name = f"{query['reqtype']} {query.get('info', '')}".strip()
            body = self._answers.get(name, b"")
        else:
            body = self._answers[self.count % len(self._answers)]
        self.count += 1
        return httpx.Response(self._status, content=body)


def opened(wire: Wire) -> MirtaBackend:
    values = {
        "name": "branch",
        "url": "https://pbx.example.net/pbx/proxyapi.php",
        "tenant": "ACME",
        "key": KEY,
        "park": "700",
        "nodes": ["pbx21", "pbx22"],
    }
    runtime = Runtime(clock=lambda: NOW, transport=wire)
    return MirtaBackend(MirtaSettings.model_validate(values), runtime)


async def _read(answers: list[bytes] | dict[str, bytes], topic: Topic, status: int = 200) -> None:
    await read_whatever_comes(opened(Wire(answers, status)), topic, [KEY])


GOOD = {
    "INFO extensions": [bodies.EXTENSIONS],
    "INFO queues": [bodies.QUEUES, '{"18058":"Support"}'],
    "INFO queue": [bodies.QUEUE],
    "INFO agents": [bodies.AGENTS],
    "CHANNELS": [bodies.CHANNELS, bodies.TALKING, bodies.RINGING],
    "PEERS": [bodies.PEERS],
    "BLFS": [bodies.BLFS],
    "FLOWS": [bodies.FLOWS],
}


@pytest.mark.parametrize("topic", Topic)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_answers_that_are_spoiled_here_and_there(topic: Topic, data: st.DataObject) -> None:
    encode = data.draw(encodings)
    answers = {name: encode(data.draw(spoiled(good))) for name, good in GOOD.items()}
    asyncio.run(_read(answers, topic))


@pytest.mark.parametrize("topic", Topic)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_json_in_place_of_the_answers(topic: Topic, data: st.DataObject) -> None:
    encode = data.draw(encodings)
    values = data.draw(st.lists(spoiled(TEMPLATES[topic]) | anything, min_size=1, max_size=4))
    asyncio.run(_read([encode(value) for value in values], topic))


@pytest.mark.parametrize("topic", Topic)
@settings(max_examples=40, deadline=None)
@given(
    answers=st.lists(
        st.binary(max_size=200)
        | st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass"))
        | st.sampled_from([b"", b"]", b"null", b"<pre>x</pre>", bodies.TOO_BAD.encode()]),
        min_size=1,
        max_size=3,
    ),
    status=st.sampled_from([200, 200, 200, 204, 301, 403, 500, 599]),
)
def test_any_bytes(topic: Topic, answers: list[bytes], status: int) -> None:
    asyncio.run(_read(answers, topic, status))


@pytest.mark.parametrize("cut", range(0, len(bodies.TALKING), 29))
async def test_a_list_cut_anywhere(cut: int) -> None:
    await _read([bodies.TALKING[:cut].encode()], Topic.CALLS)


Asked = Callable[[MirtaBackend], Coroutine[Any, Any, object]]
QUESTIONS: list[Asked] = [
    lambda b: b.help(),
    lambda b: b.count_peers(),
    lambda b: b.count_channels(),
    lambda b: b.count_calls(),
    lambda b: b.config(),
    lambda b: b.balance(),
    lambda b: b.extensions(),
    lambda b: b.dids(),
    lambda b: b.outdialed(),
    lambda b: b.agents_connected(),
    lambda b: b.agents_delay(),
    lambda b: b.call("1"),
    lambda b: b.history("1"),
    lambda b: b.simple_cdrs(),
    lambda b: b.phonebook("x"),
    lambda b: b.request("CAMPAIGN"),
    lambda b: b.queue_reset("1"),
    lambda b: b.act(Dial(site="branch", from_="203", to="204")),
]


async def _ask(ask: Asked, answers: list[bytes]) -> None:
    wire = Wire(answers)
    backend = opened(wire)
    try:
        told = await ask(backend)
    except BackendError as error:
        assert_error(error, [KEY])
    else:
        for text in texts(told):
            assert_clean(text.replace("\n", " "), [KEY])
        if isinstance(told, Outcome):
            assert wire.count == 1
            assert told.answered
    await backend.close()


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(QUESTIONS),
    st.lists(
        spoiled([body for those in TEMPLATES.values() for body in those]).map(ascii_json)
        | anything.map(ascii_json)
        | st.binary(max_size=60)
        | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
        min_size=1,
        max_size=2,
    ),
)
def test_any_answer_to_any_question(ask: Asked, answers: list[bytes]) -> None:
    asyncio.run(_ask(ask, answers))
