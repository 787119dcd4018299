"""Whatever a server sends: a reading of clean text, or an error in words. Nothing else."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.backends.base import BackendError, Reading, Runtime
from pbxtui.backends.vonage.backend import VonageBackend
from pbxtui.backends.vonage.settings import VonageSettings
from pbxtui.model import Kind, Topic
from tests.backends.vonage.bodies import DEVICE, LIVE_CALL

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(), max_size=20)
    | st.sampled_from(["on-call", "pstn", "0", "1790293069492798", "\x1b[31m", "\u202e", "/cc/x"])
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@st.composite
def spoiled(draw: st.DrawFn, template: str) -> Any:
    """A good row with some of its fields, at any depth, replaced by anything."""

    def spoil(value: Any) -> Any:
        if draw(st.integers(0, 9)) == 0:
            return draw(anything)
        if isinstance(value, dict):
            return {key: spoil(inner) for key, inner in value.items()}
        return value

    return spoil(json.loads(template))


def pages(key: str, template: str) -> st.SearchStrategy[Any]:
    rows = st.lists(spoiled(template), max_size=5)
    around = st.dictionaries(st.sampled_from(["next_page_uri", "pages", "x"]), anything, max_size=3)
    return rows | st.builds(lambda r, a: {**a, key: r}, rows, around) | anything


class Wire(httpx.AsyncBaseTransport):
    """Answers every request with the same body."""

    def __init__(self, body: bytes, status: int, headers: dict[str, str]) -> None:
        self._answer = body, status, headers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "api.vonage.com"
        body, status, headers = self._answer
        return httpx.Response(status, content=body, headers=headers)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts(item)
    else:
        for name in getattr(value, "__dataclass_fields__", ()):
            yield from texts(getattr(value, name))


def assert_clean(text: str) -> None:
    for char in text:
        assert unicodedata.category(char)[0] != "C" or char in "\u200c\u200d", text


async def _read(body: bytes, topic: Topic, status: int, headers: dict[str, str]) -> None:
    values = {"name": "hq", "kind": "vonage", "account": "1234", "access_token": "secret-token"}
    runtime = Runtime(clock=lambda: 1_790_293_100.0, transport=Wire(body, status, headers))
    backend = VonageBackend(VonageSettings.model_validate(values), runtime)
    outcome: Reading | BackendError
    try:
        outcome = await backend.read(topic)
    except BackendError as error:
        outcome = error
    if isinstance(outcome, Reading):
        check_reading(outcome, topic, backend)
    else:
        assert outcome.words
        assert_clean(str(outcome))
        assert "secret-token" not in str(outcome)
    await backend.close()
    for exchange in backend.exchanges:
        assert_clean(exchange.what + exchange.fault)


def check_reading(reading: Reading, topic: Topic, backend: VonageBackend) -> None:
    kind = Kind.CALLS if topic is Topic.CALLS else Kind.DEVICES
    assert set(reading.items) == {kind}
    for id, thing in reading.items[kind].items():
        assert thing.id == id
        for text in texts(thing):
            assert_clean(text)
            assert len(text) <= 200
        backend.raw(kind, id)
    for note in reading.notes:
        assert_clean(note)


Encode = Callable[[Any], bytes]
encodings: list[Encode] = [
    lambda value: json.dumps(value).encode(),
    lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"),
]


@settings(max_examples=300, deadline=None)
@given(pages("calls", LIVE_CALL), st.sampled_from(encodings))
def test_any_json_in_place_of_the_calls(value: Any, encode: Encode) -> None:
    asyncio.run(_read(encode(value), Topic.CALLS, 200, {}))


@settings(max_examples=150, deadline=None)
@given(pages("devices", DEVICE), st.sampled_from(encodings))
def test_any_json_in_place_of_the_devices(value: Any, encode: Encode) -> None:
    asyncio.run(_read(encode(value), Topic.DEVICES, 200, {}))


header = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
names = st.sampled_from(
    [
        "date",
        "retry-after",
        "location",
        "age",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "content-type",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=100).map(lambda text: f"<title>{text}".encode()),
    st.sampled_from([200, 202, 204, 301, 302, 400, 401, 403, 404, 409, 418, 429, 500, 503, 599]),
    st.dictionaries(names, header, max_size=3),
)
def test_any_bytes_with_any_status_and_headers(
    body: bytes, status: int, headers: dict[str, str]
) -> None:
    asyncio.run(_read(body, Topic.CALLS, status, headers))


@pytest.mark.parametrize("cut", range(0, len(LIVE_CALL), 41))
async def test_a_row_cut_anywhere(cut: int) -> None:
    await _read(LIVE_CALL[:cut].encode(), Topic.CALLS, 200, {})
