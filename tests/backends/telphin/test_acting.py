"""Each action as the one request that it is, and what is made of each answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pbxtui.backends.base import BackendError, NotFound
from pbxtui.backends.telphin.acting import GONE, CallbackOptions
from pbxtui.backends.telphin.facts import CAPABILITIES
from pbxtui.model import (
    Action,
    Answer,
    Answered,
    CancelTransfer,
    Certainty,
    CompleteTransfer,
    Dial,
    Hangup,
    Hold,
    LegState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    PauseAgent,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    SetFlow,
    Transfer,
    Verb,
)
from tests.backends.server import Reply
from tests.backends.telphin.bodies import CALLBACK, HANDLE, NOT_FOUND, REGISTRATION
from tests.backends.telphin.conftest import API, EXTENSIONS, NOW, Site
from tests.backends.telphin.test_calls import body, inbound, internal, row

API_ID = HANDLE.partition("/")[2]
CONTROL = f"{API}/extension/85219/current_calls/{API_ID}"
DIAL = f"{API}/extension/85219/callback/"
AGENT = f"{API}/client/@me/agent/local/12"
ANSWERED = "2017-08-23 15:58:00,25"
ON: dict[str, Any] = {"site": "cloud", "call": HANDLE, "leg": HANDLE}


async def talking(site: Site) -> None:
    """The captured call, answered, in the last reading."""
    await site.calls(body(row(API_ID, answer_time_gmt=ANSWERED)))


# --- one request each ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "word", "send_dst"),
    [
        (Hold(**ON), "hold", "102"),
        (Resume(**ON), "offhold", "102"),
        (Park(**ON), "park", "102"),
        (Transfer(**ON, to="103"), "transfer", "103"),
        (Transfer(**ON, to="+7 (916) 000-00-00"), "transfer", "+79160000000"),
        (Transfer(**ON, to="103", attended=True), "attended_transfer", "103"),
        (Answer(**ON, extension="103"), "pickup", "103"),
        (Monitor(**ON, extension="103"), "eavesdrop", "103"),
        (Monitor(**ON, extension="103", how=Listening.WHISPER), "whisper", "103"),
        (Monitor(**ON, extension="103", how=Listening.BARGE), "conference", "103"),
    ],
)
async def test_the_words_of_a_put(site: Site, action: Action, word: str, send_dst: str) -> None:
    await talking(site)
    site.server.on(CONTROL, Reply("{}"))
    outcome = await site.backend.act(action)
    assert (outcome.answered, outcome.words, outcome.at) == (Answered.ACCEPTED, "", NOW)
    (request,) = site.server.of(CONTROL)
    assert request.method == "PUT"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {"action": word, "send_dst": send_dst}


async def test_a_delete_hangs_up(site: Site) -> None:
    await talking(site)
    site.server.on(CONTROL, Reply("", 204))
    outcome = await site.backend.act(Hangup(**ON))
    assert outcome.answered is Answered.ACCEPTED
    (request,) = site.server.of(CONTROL)
    assert (request.method, request.body) == ("DELETE", b"")


async def test_a_leg_that_is_not_in_the_last_reading(site: Site) -> None:
    site.server.on(CONTROL, Reply("", 204))
    assert (await site.backend.act(Hangup(**ON))).answered is Answered.ACCEPTED
    for nonsense in ("", "nothing", "x/1"):
        with pytest.raises(NotFound):
            await site.backend.act(Hangup(site="cloud", call="c", leg=nonsense))


async def test_a_leg_with_a_hostile_id_is_asked_for_by_its_own(site: Site) -> None:
    await site.calls(body(row("1-\x1b[2J/../x?y=1#z")))
    (call,) = (await site.calls()).values()
    hostile = f"{API}/extension/85219/current_calls/1-%1B%5B2J%2F..%2Fx%3Fy%3D1%23z"
    site.server.on(hostile, Reply("", 204))
    action = Hangup(site="cloud", call=call.id, leg=call.legs[0].id)
    assert (await site.backend.act(action)).answered is Answered.ACCEPTED
    assert len(site.server.of(hostile)) == 1


async def test_dial_rings_the_phone_first(site: Site) -> None:
    site.server.on(DIAL, Reply(CALLBACK, 201))
    outcome = await site.backend.act(Dial(site="cloud", from_="102", to="+7 916 111-22-33"))
    assert outcome.answered is Answered.ACCEPTED
    assert outcome.created == "02abb9ee685a11ea94bfe17eb6eaecba"
    (request,) = site.server.of(DIAL)
    assert request.method == "POST"
    assert json.loads(request.body) == {"src_num": ["102"], "dst_num": "+79161112233"}


async def test_dial_from_the_operators_own_phone(site: Site) -> None:
    site.server.on(DIAL, Reply(CALLBACK))
    backend = site.open(extension="2566*102")
    assert (await backend.act(Dial(site="cloud", from_="", to="103"))).created
    with pytest.raises(BackendError, match="set extension"):
        await site.open().act(Dial(site="cloud", from_="", to="103"))


async def test_dial_from_a_phone_that_is_not_there(site: Site) -> None:
    with pytest.raises(NotFound, match="no phone 999"):
        await site.backend.act(Dial(site="cloud", from_="999", to="103"))
    assert all(request.method == "GET" for request in site.server.of(EXTENSIONS))
    assert {request.path for request in site.server.requests} == {EXTENSIONS, "/oauth/token"}


async def test_a_callback_with_all_its_options(site: Site) -> None:
    site.server.on(DIAL, Reply(CALLBACK, 201))
    options = CallbackOptions(
        caller_id_number="102",
        caller_id_name="Shop",
        src_ani="74953332211",
        dst_ani="74953332212",
        src_caller_id_name="Click",
        call_duration=600,
        allow_public_transfer=False,
        announce_sound_id=1,
        dst_announce_sound_id=2,
        dst_dtmf="W12w3#",
    )
    await site.backend.callback(85219, ["102", "+79160000000"], "103", options)
    assert json.loads(site.server.of(DIAL)[0].body) == {
        "src_num": ["102", "+79160000000"],
        "dst_num": "103",
        "caller_id_number": "102",
        "caller_id_name": "Shop",
        "src_ani": "74953332211",
        "dst_ani": "74953332212",
        "src_caller_id_name": "Click",
        "call_duration": 600,
        "allow_public_transfer": False,
        "announce_sound_id": 1,
        "dst_announce_sound_id": 2,
        "dst_dtmf": "W12w3#",
    }


@pytest.mark.parametrize(("in_", "status"), [(True, "available"), (False, "logged_out")])
@pytest.mark.parametrize("side", ["local", "remote"])
async def test_an_agent_logs_in_and_out(site: Site, in_: bool, status: str, side: str) -> None:
    path = f"{API}/client/@me/agent/{side}/12"
    site.server.on(path, Reply('{"id": 12}'))
    outcome = await site.backend.act(LogAgent(site="cloud", agent=f"{side}/12", in_=in_))
    assert outcome.answered is Answered.ACCEPTED
    (request,) = site.server.of(path)
    assert (request.method, json.loads(request.body)) == ("PUT", {"status": status})


@pytest.mark.parametrize(
    ("agent", "queue"), [("local/12", "96857"), ("12", ""), ("local/x", ""), ("local/1/event", "")]
)
async def test_an_agent_that_cannot_be_meant(site: Site, agent: str, queue: str) -> None:
    with pytest.raises(BackendError):
        await site.backend.act(LogAgent(site="cloud", agent=agent, queue=queue))
    assert site.server.requests == []


async def test_a_phone_is_unregistered(site: Site) -> None:
    path = f"{API}/extension/85219/registration/"
    site.server.on(path, Reply(REGISTRATION))
    site.server.on(f"{path}uloc-572b0ffb-6d47-001", Reply("", 204))
    for device in ("85219", "85219/uloc-572b0ffb-6d47-001"):
        outcome = await site.backend.act(OnDevice(site="cloud", device=device))
        assert outcome.answered is Answered.ACCEPTED
    first, second = site.server.of(f"{path}uloc-572b0ffb-6d47-001")
    assert first.method == second.method == "DELETE"


async def test_a_phone_that_is_not_registered_is_not_unregistered(site: Site) -> None:
    path = f"{API}/extension/85219/registration/"
    off = json.loads(REGISTRATION) | {"registered": False}
    site.server.on(path, Reply(json.dumps(off)))
    for device in ("85219", "85219/uloc-1"):
        with pytest.raises(NotFound, match="not registered"):
            await site.backend.act(OnDevice(site="cloud", device=device))
    with pytest.raises(BackendError, match="no phone"):
        await site.backend.act(OnDevice(site="cloud", device="../x"))
    assert {request.method for request in site.server.of(path)} == {"GET"}


async def test_what_could_not_be_read_before_an_action_is_no_doubt(site: Site) -> None:
    site.server.on(f"{API}/extension/85219/registration/", Reply(hang_up=True))
    with pytest.raises(BackendError) as caught:
        await site.backend.act(OnDevice(site="cloud", device="85219"))
    assert not caught.value.unsure


# --- which leg -------------------------------------------------------------------------------


def of(call: str, action: type[Any], **more: Any) -> Action:
    made: Action = action(site="cloud", call=call, **more)
    return made


async def acted_on(site: Site, action: Action) -> str:
    for id, api_id in ((85219, "1-a"), (85220, "2-b"), (85221, "3-c")):
        site.server.on(f"{API}/extension/{id}/current_calls/{api_id}", Reply("{}"))
    outcome = await site.backend.act(action)
    assert outcome.answered is Answered.ACCEPTED
    return site.server.requests[-1].path.rpartition("/")[2]


async def test_of_an_internal_call_the_one_who_phoned_hangs_up(site: Site) -> None:
    (id,) = await site.calls(body(*internal(ANSWERED)))
    assert await acted_on(site, of(id, Hangup)) == "1-a"
    assert await acted_on(site, of(id, Transfer, to="104")) == "2-b"
    site.open(extension="102")
    await site.calls()
    assert await acted_on(site, of(id, Transfer, to="104")) == "1-a"


async def test_of_phones_that_ring_together_one_must_be_chosen(site: Site) -> None:
    rows = [inbound("1-a"), inbound("2-b", 85220, "103")]
    (id,) = await site.calls(body(*rows))
    with pytest.raises(BackendError, match="2 phones are on this call"):
        await site.backend.act(of(id, Hangup))
    assert await acted_on(site, of(id, Answer, extension="104")) == "1-a"
    site.open(extension="103")
    await site.calls()
    assert await acted_on(site, of(id, Transfer, to="104")) == "2-b"


async def test_of_phones_that_rang_together_the_one_that_talks(site: Site) -> None:
    rows = [inbound("1-a"), inbound("2-b", 85220, "103")]
    await site.calls(body(*rows))
    (id,) = await site.calls(body(rows[0], rows[1] | {"answer_time_gmt": ANSWERED}))
    assert await acted_on(site, of(id, Hangup)) == "2-b"


async def test_a_call_that_is_not_there(site: Site) -> None:
    with pytest.raises(NotFound, match=GONE):
        await site.backend.act(of("nothing", Hangup))
    assert site.server.requests == []


async def test_a_phone_cannot_take_over_or_hear_its_own_call(site: Site) -> None:
    await site.calls(body(row(API_ID)))
    with pytest.raises(BackendError, match="ringing already"):
        await site.backend.act(Answer(**ON, extension="102"))
    await talking(site)
    with pytest.raises(BackendError, match="on this call already"):
        await site.backend.act(Monitor(**ON, extension="2566*102"))
    with pytest.raises(BackendError, match="no number"):
        await site.backend.act(Monitor(**ON, extension=""))
    assert site.server.of(CONTROL) == []


@pytest.mark.parametrize("to", ["", "  ", "$cv(SECRET)", "nobody", "1;2", "\x1b", "1" * 60, "+"])
async def test_numbers_that_cannot_be_dialled(site: Site, to: str) -> None:
    await talking(site)
    for action in (Transfer(**ON, to=to), Dial(site="cloud", from_="102", to=to)):
        with pytest.raises(BackendError, match="number"):
            await site.backend.act(action)
    assert {request.method for request in site.server.requests} == {"GET", "POST"}
    assert len([r for r in site.server.requests if r.method == "POST"]) == 1  # the login


# --- what comes back -------------------------------------------------------------------------

PUT_ANSWERS = [
    (Reply("", 200), Answered.ACCEPTED),
    (Reply("{}", 200), Answered.ACCEPTED),
    (Reply('{"action":"hold"}', 200), Answered.ACCEPTED),
    (Reply("", 204), Answered.ACCEPTED),
    (Reply("", 202), Answered.NOT_CONFIRMED),
    (Reply("", 201), Answered.NOT_CONFIRMED),
    (Reply("<html><title>Proxy</title></html>", 200), Answered.NOT_CONFIRMED),
    (Reply('{"action":"ho', 200), Answered.NOT_CONFIRMED),
    (Reply('{"action":"hold"}', 200, only=5), Answered.NOT_CONFIRMED),
    (Reply(reset=True), Answered.NOT_CONFIRMED),
    (Reply(hang_up=True), Answered.NOT_CONFIRMED),
    (Reply("", 500), Answered.NOT_CONFIRMED),
    (Reply("<html></html>", 502), Answered.NOT_CONFIRMED),
    (Reply("", 301, {"location": "/elsewhere"}), Answered.NOT_CONFIRMED),
    (Reply("{}", 307, {"location": "/api/ver1.0/again"}), Answered.NOT_CONFIRMED),
    (Reply('{"message":"no"}', 400), Answered.REFUSED),
    (Reply("", 401), Answered.REFUSED),
    (Reply("", 403), Answered.REFUSED),
    (Reply(NOT_FOUND, 404), Answered.REFUSED),
    (Reply("", 409), Answered.REFUSED),
    (Reply("", 422), Answered.REFUSED),
    (Reply("", 429), Answered.REFUSED),
]


@pytest.mark.parametrize(("reply", "answered"), PUT_ANSWERS)
async def test_what_is_made_of_an_answer(site: Site, reply: Reply, answered: Answered) -> None:
    await talking(site)
    site.server.on(CONTROL, reply)
    outcome = await site.backend.act(Hold(**ON))
    assert outcome.answered is answered
    assert bool(outcome.words) is (answered is not Answered.ACCEPTED)
    assert len(site.server.of(CONTROL)) == 1
    assert [request for request in site.server.requests if request.method == "PUT"] == [
        site.server.of(CONTROL)[0]
    ]


async def test_no_answer(site: Site) -> None:
    site.open(timeout=0.2)
    await talking(site)
    site.server.on(CONTROL, Reply(silent=True))
    outcome = await site.backend.act(Hangup(**ON))
    assert outcome.answered is Answered.NOT_CONFIRMED
    assert "no answer within 0.2 s" in outcome.words
    assert len(site.server.of(CONTROL)) == 1


@pytest.mark.parametrize(
    ("reply", "answered"),
    [
        (Reply(CALLBACK, 201), Answered.ACCEPTED),
        (Reply(CALLBACK, 200), Answered.ACCEPTED),
        (Reply('{"call_id": 7}', 201), Answered.ACCEPTED),
        (Reply("", 201), Answered.NOT_CONFIRMED),
        (Reply("", 204), Answered.NOT_CONFIRMED),
        (Reply("{}", 201), Answered.NOT_CONFIRMED),
        (Reply("[]", 201), Answered.NOT_CONFIRMED),
        (Reply("<html>", 200), Answered.NOT_CONFIRMED),
        (Reply(CALLBACK, 201, only=20), Answered.NOT_CONFIRMED),
        (Reply("", 500), Answered.NOT_CONFIRMED),
        (Reply(NOT_FOUND, 404), Answered.REFUSED),
    ],
)
async def test_what_is_made_of_a_callbacks_answer(
    site: Site, reply: Reply, answered: Answered
) -> None:
    site.server.on(DIAL, reply)
    outcome = await site.backend.act(Dial(site="cloud", from_="102", to="103"))
    assert outcome.answered is answered
    assert bool(outcome.created) is (answered is Answered.ACCEPTED)
    assert len(site.server.of(DIAL)) == 1


async def test_refusals_in_words(site: Site) -> None:
    await talking(site)
    for reply, words in (
        (Reply(NOT_FOUND, 404), GONE),
        (
            Reply('{"message":"deny","status":"app_access_type_deny"}', 403),
            "ask Telphin's administrator for application level “All”",
        ),
        (Reply('{"message":"x","status":"user_access_type_deny"}', 403), "may only read"),
        (Reply('{"message":"x","status":"user_blocked"}', 403), "is blocked"),
        (Reply('{"message":"x","status":"access_denied"}', 403), "has no right to this"),
        (Reply('{"message":"leg is ringing"}', 400), "“leg is ringing”"),
    ):
        site.server.on(CONTROL, reply)
        outcome = await site.backend.act(Hold(**ON))
        assert outcome.answered is Answered.REFUSED
        assert words in outcome.words


async def test_nothing_listens(site: Site) -> None:
    await talking(site)
    backend = site.open(url="http://127.0.0.1:9")
    with pytest.raises(BackendError) as caught:
        await backend.act(Hold(**ON))
    assert not caught.value.unsure


# --- a hold, which the wire does not show ----------------------------------------------------


async def test_what_is_not_on_the_wire_is_not_claimed_here(site: Site) -> None:
    """A hold that was accepted is kept by the service, over a restart too, and only there."""
    await talking(site)
    site.server.on(CONTROL, Reply(""))
    outcome = await site.backend.act(Hold(**ON))
    assert outcome.answered is Answered.ACCEPTED
    assert not site.backend.capabilities[Verb.HOLD].shown
    (call,) = (await site.calls()).values()
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.SEEN)


# --- what Telphin cannot do ------------------------------------------------------------------


@pytest.mark.parametrize(
    "action",
    [
        CompleteTransfer(**ON, to="103"),
        CancelTransfer(**ON, to="103"),
        Retrieve(**ON),
        SendDtmf(**ON, digits="1"),
        Record(**ON, on=True),
        PauseAgent(site="cloud", agent="local/12"),
        PauseAgent(site="cloud", agent="local/12", paused=False),
        SetFlow(site="cloud", flow="1"),
        OnDevice(site="cloud", device="85219", reboot=True),
    ],
)
async def test_what_telphin_cannot_do_is_not_sent(site: Site, action: Action) -> None:
    capability = site.backend.capabilities[action.verb]
    assert not capability.possible
    with pytest.raises(BackendError) as caught:
        await site.backend.act(action)
    assert caught.value.words == capability.why
    assert site.server.requests == []


def test_every_verb_has_its_capability_and_a_reason() -> None:
    assert set(CAPABILITIES) == set(Verb)
    for verb, capability in CAPABILITIES.items():
        assert capability.possible or capability.why, verb
    assert "assume" in CAPABILITIES[Verb.HOLD].why
    assert "All" in CAPABILITIES[Verb.LOGIN].why


async def test_an_agent_of_a_phone(site: Site) -> None:
    """Not to be mixed up: an agent's id, its extension's id, its number."""
    site.server.on(AGENT, Reply("{}"))
    (agent, *_) = (await site.agents()).values()
    await site.backend.act(LogAgent(site="cloud", agent=agent.id, in_=False))
    assert len(site.server.of(AGENT)) == 1
