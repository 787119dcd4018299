"""Whatever a server sends: a reading of clean text, or an error in words. Nothing else."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.backends.base import BackendError, Runtime
from pbxtui.backends.telphin.backend import TelphinBackend
from pbxtui.backends.telphin.settings import TelphinSettings
from pbxtui.backends.telphin.times import epoch, expiry
from pbxtui.model import Call, Dial, Hangup, Hold, LogAgent, OnDevice, Outcome, Topic
from tests.backends.spoiling import (
    Encode,
    any_json,
    assert_clean,
    encodings,
    read_whatever_comes,
    spoiled_with,
)
from tests.backends.telphin import bodies

SECRET = "very-secret-secret"
TOKEN = "minted-token-secret"
SECRETS = (SECRET, TOKEN)

anything = any_json("IN", "out", "2566*102", "2017-08-23 15:57:56,60", "available")


def spoiled(template: str) -> st.SearchStrategy[Any]:
    return spoiled_with(anything, [template])


class Wire(httpx.AsyncBaseTransport):
    """Answers every request with the body for its path, and the login with a token."""

    def __init__(self, answers: dict[str, bytes], status: int = 200) -> None:
        self._answers = answers
        self._status = status

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "apiproxy.telphin.ru"
        path = request.url.path
        if path == "/oauth/token":
            return httpx.Response(200, json={"access_token": TOKEN, "expires_in": 3600})
        page = request.url.params.get("page", "1")
        for end, body in self._answers.items():
            if path.endswith(end):
                return httpx.Response(self._status, content=body if page == "1" else b"[]")
        return httpx.Response(self._status, content=b"[]")


def opened(answers: dict[str, bytes], status: int = 200) -> TelphinBackend:
    values = {"name": "cloud", "app_id": "id", "app_secret": SECRET}
    runtime = Runtime(clock=lambda: 1_503_503_900.0, transport=Wire(answers, status))
    return TelphinBackend(TelphinSettings.model_validate(values), runtime)


async def _read(topic: Topic, answers: dict[str, bytes], status: int = 200) -> None:
    await read_whatever_comes(opened(answers, status), topic, SECRETS, longest=400)


phones = st.lists(spoiled(bodies.PHONES[2:].partition("},")[0] + "}"), max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.lists(spoiled(bodies.RINGING_ROW), max_size=5), anything, encodings)
def test_any_json_in_place_of_the_calls(rows: Any, other: Any, encode: Encode) -> None:
    for value in ({"call_list": rows}, {"call_list": other}, other):
        asyncio.run(_read(Topic.CALLS, {"/current_calls/": encode(value)}))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(spoiled(bodies.REGISTRATION), max_size=4) | spoiled(bodies.REGISTRATION) | anything,
    spoiled(bodies.PHONES),
    encodings,
)
def test_any_json_in_place_of_the_phones(rows: Any, extensions: Any, encode: Encode) -> None:
    answers = {"/extension/registration/": encode(rows), "/extension/": encode(extensions)}
    asyncio.run(_read(Topic.DEVICES, answers))
    answers["/extension/"] = bodies.PHONES.encode()
    asyncio.run(_read(Topic.DEVICES, answers))


@settings(max_examples=150, deadline=None)
@given(
    spoiled(bodies.QUEUES),
    spoiled(bodies.QUEUE_CONFIG),
    spoiled(bodies.LOCAL_AGENTS),
    spoiled(bodies.REMOTE_AGENTS),
    encodings,
)
def test_any_json_in_place_of_queues_and_agents(
    queues: Any, config: Any, local: Any, remote: Any, encode: Encode
) -> None:
    answers = {
        "/queue/": encode(config),
        "/extension/": encode(queues),
        "/agent/local/": encode(local),
        "/agent/remote/": encode(remote),
    }
    asyncio.run(_read(Topic.QUEUES, answers))


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=100).map(lambda text: f"<title>{text}".encode()),
    st.sampled_from([200, 202, 204, 301, 302, 400, 401, 403, 404, 409, 418, 429, 500, 503, 599]),
    st.sampled_from([Topic.CALLS, Topic.DEVICES, Topic.QUEUES]),
)
def test_any_bytes_with_any_status(body: bytes, status: int, topic: Topic) -> None:
    asyncio.run(_read(topic, {"/": body}, status))


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200)
    | spoiled(bodies.CALLBACK).map(lambda value: json.dumps(value).encode()),
    st.sampled_from([200, 201, 202, 204, 301, 400, 401, 403, 404, 409, 422, 429, 500, 502]),
)
def test_any_answer_to_an_action(body: bytes, status: int) -> None:
    async def act() -> None:
        backend = opened({"/callback/": body, "/1-a": body, "/12": body, "/uloc": body}, status)
        for action in (
            Hold(site="cloud", call="x", leg="85219/1-a"),
            Hangup(site="cloud", call="x", leg="85219/1-a"),
            Dial(site="cloud", from_="102", to="103"),
            LogAgent(site="cloud", agent="local/12"),
            OnDevice(site="cloud", device="85219"),
        ):
            outcome: Outcome | BackendError
            try:
                outcome = await backend.act(action)
            except BackendError as error:
                outcome = error
            if isinstance(outcome, Outcome):
                assert_clean(outcome.words + outcome.created, SECRETS)
            else:
                assert not outcome.unsure
                assert_clean(str(outcome), SECRETS)
        await backend.callback(85219, ["102"], "103")
        await backend.close()

    asyncio.run(act())


@settings(max_examples=200, deadline=None)
@given(st.lists(spoiled(bodies.RINGING_ROW), max_size=5), st.lists(spoiled(bodies.RINGING_ROW)))
def test_every_row_is_a_leg_of_one_call(first: Any, second: Any) -> None:
    """From reading to reading: nothing is lost, nothing is there twice."""

    async def read() -> None:
        answers: dict[str, bytes] = {}
        backend = opened(answers)
        for rows in (first, second):
            answers["/current_calls/"] = json.dumps({"call_list": rows}).encode()
            try:
                reading = await backend.read(Topic.CALLS)
            except BackendError:
                continue
            found = [thing for things in reading.items.values() for thing in things.values()]
            calls = [call for call in found if isinstance(call, Call)]
            legs = [leg.id for call in calls for leg in call.legs]
            assert len(legs) == len(set(legs))
            assert all(call.legs for call in calls)
        await backend.close()

    asyncio.run(read())


@given(st.text(max_size=40))
def test_any_text_as_a_time(text: str) -> None:
    assert epoch(text) is None or epoch(text) == pytest.approx(epoch(text))
    expiry(text, 0.0)


@pytest.mark.parametrize(
    "text",
    ["2017-13-01 00:00:00", "2017-01-01 25:00:00", "٢٠١٧-01-01 00:00:00", "2017-01-01", "0", ""],
)
def test_times_that_are_none(text: str) -> None:
    assert epoch(text) is None


@pytest.mark.parametrize("cut", range(0, len(bodies.RINGING), 41))
async def test_a_row_cut_anywhere(cut: int) -> None:
    await _read(Topic.CALLS, {"/current_calls/": bodies.RINGING[:cut].encode()})
