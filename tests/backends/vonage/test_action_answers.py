"""What is made of each answer to an action, typed by hand; and of any answer at all."""

from __future__ import annotations

import asyncio
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxtui.backends.base import BackendError, Runtime
from pbxtui.backends.http import Answer as HttpAnswer
from pbxtui.backends.http import HttpClient
from pbxtui.backends.vonage.actions import Asked
from pbxtui.backends.vonage.answers import outcome_of
from pbxtui.model import Action, Answered, Dial, Hangup, Hold, Outcome
from tests.backends.server import Reply
from tests.backends.vonage.bodies import CALL_ID, GATEWAY_NOT_FOUND, NOT_FOUND
from tests.backends.vonage.conftest import CALLS, NOW, TOKEN, Site

CALL = f"{CALLS}/{CALL_ID}"
LEG = f"{CALL}/legs/l1"
DIAL = Dial(site="hq", from_="447", to="12065550101")
HOLD = Hold(site="hq", call=CALL_ID, leg="l1")
HANGUP = Hangup(site="hq", call=CALL_ID)
UUID = "e2610a31-88be-4f12-90c0-ee98dbfaf80b"
ACCEPTED, REFUSED = Answered.ACCEPTED, Answered.REFUSED
NOT_CONFIRMED = Answered.NOT_CONFIRMED

MODIFIED = f'{{"account_id":"1234","call_id":"{CALL_ID}","call_state":"held","destination":"447"}}'
NOT_A_USERS = "a token that is not a VBC user's gets this too, and then nothing is done"


async def outcome(site: Site, action: Action, reply: Reply) -> Outcome:
    """What an action comes to, and that it was sent exactly once."""
    path = {DIAL: CALLS, HOLD: LEG, HANGUP: CALL}[action]
    site.server.on(path, reply)
    came = await site.open().act(action)
    assert len(site.server.requests) == 1
    assert came.at == NOW
    return came


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, UUID, "text/plain"),
        (200, f"{UUID}\r\n", "text/plain;charset=UTF-8"),
        (200, f"\ufeff{UUID}", "application/json"),
        (200, f'"{UUID}"', "application/json"),
        (200, f'{{"call_id":"{UUID}"}}', "application/json"),
        (200, f'{{"call_id":null,"id":"{UUID}"}}', "application/json"),
        (201, f'{{"id":"{UUID}","status":"ringing"}}', "application/json"),
        (202, UUID, "text/plain"),
        (202, f'"{UUID}"', "text/plain"),
        (202, f'{{"call_id":"{UUID}","code":null}}', "application/json"),
    ],
)
async def test_a_new_call_is_named(site: Site, status: int, body: str, kind: str) -> None:
    came = await outcome(site, DIAL, Reply(body, status, kind=kind))
    assert (came.answered, came.words, came.created) == (ACCEPTED, "", UUID)


@pytest.mark.parametrize(
    ("action", "status", "body", "words"),
    [
        (DIAL, 204, "", ""),
        (HOLD, 204, "", ""),
        (HANGUP, 204, "", ""),
        (HOLD, 200, MODIFIED, "held, destination 447"),
        (HANGUP, 200, MODIFIED.replace('"1234"', "1234"), "held, destination 447"),
        (HOLD, 202, MODIFIED.replace('"destination":"447"', '"leg_id":"l1"'), "held"),
        (HOLD, 200, f'{{"call_id":"{CALL_ID}"}}', ""),
        (HOLD, 200, '{"call_state":"held","destination":null}', "held"),
        (HANGUP, 200, f'"{CALL_ID}"', ""),
        (HANGUP, 200, CALL_ID.upper(), ""),
    ],
)
async def test_what_was_done(
    site: Site, action: Action, status: int, body: str, words: str
) -> None:
    came = await outcome(site, action, Reply(body, status))
    assert (came.answered, came.words, came.created) == (ACCEPTED, words, "")


@pytest.mark.parametrize("action", [DIAL, HOLD, HANGUP])
@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (202, "", f"202 from HOST with nothing in it: {NOT_A_USERS}"),
        (202, " \r\n", f"202 from HOST with nothing in it: {NOT_A_USERS}"),
        (200, "", "200 from HOST with nothing in it, which does not say that it was done"),
        (200, "null", "200 from HOST, which names no call"),
        (200, "{}", "200 from HOST, which names no call"),
        (200, "[]", "200 from HOST, which names no call"),
        (200, "true", "200 from HOST, which names no call"),
        (200, '{"call_id":true,"id":{},"call_state":[]}', "200 from HOST, which names no call"),
        (200, "OK", "200 from HOST, which says only “OK”"),
        (200, '"Call is being placed"', "200 from HOST, which says only “Call is being placed”"),
        (200, UUID[:18], f"200 from HOST, which says only “{UUID[:18]}”"),
        (200, MODIFIED[:40], "the JSON from HOST ends in the middle, after 40 bytes"),
        (200, '{"code":"400","message":"No"}', "200 from HOST, but it says “No”"),
        (
            200,
            f'{{"call_id":"{UUID}","code":500,"message":"General Error"}}',
            "200 from HOST, but it says “General Error”",
        ),
        (
            202,
            '{"fault":{"code":900902,"message":"Missing Credentials","description":"d"}}',
            "202 from HOST, but it says “Missing Credentials”",
        ),
        (
            200,
            "<html><title>Sign in</title></html>",
            "HOST answered with a web page, “Sign in”, instead of JSON",
        ),
        (200, "x" * 102_400, "200 from HOST with 100 KiB in it, which is no answer to an action"),
        (302, "", "302 from HOST: it sends us elsewhere"),
        (408, "", "408 from HOST: request timeout"),
        (500, '{"message":"oops"}', "500 from HOST: internal server error (“oops”)"),
        (503, "", "503 from HOST: service unavailable"),
        (599, "", "599 from HOST: it has failed"),
    ],
)
async def test_what_confirms_nothing(
    site: Site, action: Action, status: int, body: str, words: str
) -> None:
    came = await outcome(site, action, Reply(body, status))
    assert (came.answered, came.created) == (NOT_CONFIRMED, "")
    assert came.words.replace(site.server.host, "HOST") == words


@pytest.mark.parametrize("action", [DIAL, HOLD, HANGUP])
@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (
            400,
            '{"code":"400","message":"Invalid request parameters"}',
            "400 from HOST: it does not take the request (“Invalid request parameters”)",
        ),
        (
            401,
            '{"code":401,"message":"User is not permitted to make a request against this account"}',
            "not permitted",
        ),
        (403, "", "403 from HOST: the token has no right to this"),
        (404, GATEWAY_NOT_FOUND, "404 from HOST: it knows no such thing (“Not Found”)"),
        (405, "", "405 from HOST: it does not take the request"),
        (
            409,
            '{"code":"409","message":"conflict while changing state of a leg"}',
            "409 from HOST: busy changing state, look again "
            "(“conflict while changing state of a leg”)",
        ),
        (409, "", "409 from HOST: busy changing state, look again"),
        (
            422,
            '{"status":422,"title":"Bad","invalid_parameters":[{"name":"to","reason":"x"}]}',
            "422 from HOST: it does not take the request (“Bad”)",
        ),
        (
            429,
            '{"code":"900800","message":"Message throttled out",'
            '"description":"You have exceeded your quota"}',
            "429 from HOST: the quota is used up (“Message throttled out”); nothing was done",
        ),
    ],
)
async def test_what_is_refused(
    site: Site, action: Action, status: int, body: str, words: str
) -> None:
    came = await outcome(site, action, Reply(body, status))
    assert (came.answered, came.created) == (REFUSED, "")
    assert words in came.words.replace(site.server.host, "HOST")
    assert "read again by themselves" not in came.words


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (DIAL, "there is no such phone or number"),
        (HOLD, "the leg has already ended"),
        (HANGUP, "the call has already ended"),
    ],
)
async def test_what_is_not_there_any_more(site: Site, action: Action, words: str) -> None:
    came = await outcome(site, action, Reply(NOT_FOUND, 404))
    assert (came.answered, came.words) == (REFUSED, f"404 from {site.server.host}: {words}")


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(hang_up=True), "closed the connection without an answer"),
        (Reply(reset=True), "broke before an answer came"),
        (Reply(MODIFIED, only=20), "broke in the middle of the answer"),
        (Reply(raw=b"SIP/2.0 200 OK\r\n\r\n"), "does not speak HTTP"),
        (Reply(MODIFIED, headers={"content-encoding": "gzip"}), "cannot be unpacked"),
    ],
)
async def test_a_broken_answer(site: Site, reply: Reply, words: str) -> None:
    came = await outcome(site, HOLD, reply)
    assert came.answered is NOT_CONFIRMED
    assert words in came.words


async def test_a_refusal_that_breaks_off_is_one_all_the_same(site: Site) -> None:
    with pytest.raises(BackendError) as caught:
        await outcome(site, HOLD, Reply('{"code":"409"}', 409, only=5))
    assert not caught.value.unsure
    assert len(site.server.requests) == 1


async def test_a_kept_connection_that_is_closed_is_no_reason_to_repeat(site: Site) -> None:
    site.server.on(LEG, Reply(MODIFIED), Reply(hang_up=True), Reply(MODIFIED))
    backend = site.open()
    assert (await backend.act(HOLD)).answered is ACCEPTED
    assert (await backend.act(HOLD)).answered is NOT_CONFIRMED
    assert len(site.server.requests) == 2


async def test_a_redirection_is_not_followed(site: Site) -> None:
    site.server.on(LEG, Reply("", 307, {"location": CALL}))
    assert (await site.open().act(HOLD)).answered is NOT_CONFIRMED
    assert [request.path for request in site.server.requests] == [LEG]


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 429, 500])
async def test_hostile_words_are_cleaned_and_secrets_taken_out(site: Site, status: int) -> None:
    hostile = f"\x1b[2J\u202egnp.exe\r\n{TOKEN} [red]x[/] " + "A" * 20_000
    body = json.dumps({"code": "1", "message": hostile, "call_state": hostile})
    for action in (DIAL, HOLD, HANGUP):
        site.server.requests.clear()
        came = await outcome(site, action, Reply(body, status))
        assert clean_text(came.words)
        assert "gnp.exe" in came.words
        assert TOKEN not in came.words
        assert len(came.words) < 500


async def test_a_hostile_state_is_cleaned_and_no_secret_is_an_id(site: Site) -> None:
    told = {"call_id": f"\x1b[2J{TOKEN}", "call_state": "\u202eheld\x00", "destination": "4" * 999}
    came = await outcome(site, DIAL, Reply(json.dumps(told)))
    assert came.answered is ACCEPTED
    assert clean_text(came.words + came.created)
    assert TOKEN not in came.created
    assert len(came.words) < 200


# --- anything ----------------------------------------------------------------------------------

KEYS = st.sampled_from(["call_id", "id", "leg_id", "call_state", "code", "message", "fault"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
BODIES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.uuids().map(lambda uuid: str(uuid).encode()),
    st.dictionaries(KEYS, JSON, max_size=5).map(lambda value: json.dumps(value).encode()),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.integers(1, 200).map(lambda depth: b'{"call_id":' * depth + b"1" + b"}" * depth),
)


def clean_text(text: str) -> bool:
    bad = [char for char in text if unicodedata.category(char)[0] == "C"]
    return not [char for char in bad if char not in "\u200c\u200d"]


@given(
    body=BODIES,
    status=st.sampled_from([200, 201, 202, 204, 206]) | st.integers(200, 599),
    method=st.sampled_from(["POST", "PUT", "DELETE"]),
    renewed=st.booleans(),
)
def test_whatever_comes_back_has_an_outcome(
    body: bytes, status: int, method: str, renewed: bool
) -> None:
    client = HttpClient("hq", "https://pbx.example", Runtime(), timeout=1, secrets=[TOKEN])
    asked = Asked(method, "/calls", None, "it is over")
    answer = HttpAnswer(f"{method} /calls", status, {}, body)
    try:
        came = outcome_of(client, asked, answer, NOW, renewed=renewed)
    finally:
        asyncio.run(client.close())
    assert clean_text(came.words + came.created)
    assert len(came.words) < 600
    refused = 400 <= status < 500 and status != 408
    assert (came.answered is REFUSED) == refused
    if came.answered is ACCEPTED:
        assert 200 <= status < 300
        assert body.strip() or status == 204
    else:
        assert came.words
        assert not came.created
    if came.created:
        assert method == "POST"


@given(body=st.binary(max_size=60), status=st.sampled_from([200, 202]))
def test_noise_confirms_nothing(body: bytes, status: int) -> None:
    client = HttpClient("hq", "https://pbx.example", Runtime(), timeout=1)
    answer = HttpAnswer("PUT /calls", status, {}, b"\xff" + body)
    came = outcome_of(client, Asked("PUT", "/calls", None, ""), answer, NOW)
    asyncio.run(client.close())
    assert came.answered is NOT_CONFIRMED
