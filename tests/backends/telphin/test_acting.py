"""Each action as the one request that it is, and which leg is meant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pbxtui.backends.base import BackendError, NotFound
from pbxtui.backends.telphin.acting import GONE, CallbackOptions
from pbxtui.model import (
    Action,
    Answer,
    Answered,
    Dial,
    Hangup,
    Hold,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    Resume,
    Transfer,
)
from tests.backends.server import Reply
from tests.backends.telphin.acting import AGENT, ANSWERED, API_ID, CONTROL, DIAL, ON, talking
from tests.backends.telphin.bodies import CALLBACK, REGISTRATION
from tests.backends.telphin.conftest import API, EXTENSIONS, NOW, Site
from tests.backends.telphin.rows import body, inbound, internal, row

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


async def test_an_agent_of_a_phone(site: Site) -> None:
    """Not to be mixed up: an agent's id, its extension's id, its number."""
    site.server.on(AGENT, Reply("{}"))
    (agent, *_) = (await site.agents()).values()
    await site.backend.act(LogAgent(site="cloud", agent=agent.id, in_=False))
    assert len(site.server.of(AGENT)) == 1
