"""Whatever a server sends: a reading of clean text, or an error in words. Nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.backends.base import Runtime
from pbxtui.backends.vonage.backend import VonageBackend
from pbxtui.backends.vonage.settings import VonageSettings
from pbxtui.model import Kind, Topic
from tests.backends.spoiling import Encode, any_json, encodings, read_whatever_comes, spoiled_with
from tests.backends.vonage.bodies import DEVICE, LIVE_CALL

TOKEN = "secret-token"

anything = any_json("on-call", "pstn", "0", "1790293069492798", "/cc/x")


def pages(key: str, template: str) -> st.SearchStrategy[Any]:
    rows = st.lists(spoiled_with(anything, [template]), max_size=5)
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


async def _read(body: bytes, topic: Topic, status: int, headers: dict[str, str]) -> None:
    values = {"name": "hq", "kind": "vonage", "account": "1234", "access_token": TOKEN}
    runtime = Runtime(clock=lambda: 1_790_293_100.0, transport=Wire(body, status, headers))
    backend = VonageBackend(VonageSettings.model_validate(values), runtime)
    for reading in await read_whatever_comes(backend, topic, [TOKEN]):
        assert set(reading.items) == {Kind.CALLS if topic is Topic.CALLS else Kind.DEVICES}


@settings(max_examples=300, deadline=None)
@given(pages("calls", LIVE_CALL), encodings)
def test_any_json_in_place_of_the_calls(value: Any, encode: Encode) -> None:
    asyncio.run(_read(encode(value), Topic.CALLS, 200, {}))


@settings(max_examples=150, deadline=None)
@given(pages("devices", DEVICE), encodings)
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
