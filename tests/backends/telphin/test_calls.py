"""What becomes of Telphin's rows: states and parties."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pbxtui.backends.base import BackendError, NotUnderstood
from pbxtui.backends.telphin.calls import KEPT_WORDS, NO_DIALOG
from pbxtui.model import Certainty, Direction, Kind, LegState, Party, Topic
from tests.backends.server import Reply
from tests.backends.telphin.bodies import (
    HANDLE,
    INIT,
    NOT_FOUND,
    PHONES,
    QUEUES,
    RINGING,
    RINGING_ROW,
)
from tests.backends.telphin.conftest import CALLS, EXTENSIONS, Site, by_type
from tests.backends.telphin.rows import OUTSIDE, PREFIX, body, inbound, internal, phone, row

# --- one row ---------------------------------------------------------------------------------


async def test_the_captured_call(site: Site) -> None:
    calls = await site.calls(RINGING)
    assert list(calls) == [HANDLE]
    call = calls[HANDLE]
    assert (call.site, call.state, call.certainty) == ("cloud", LegState.RINGING, Certainty.SEEN)
    assert call.direction is Direction.INBOUND
    assert (call.from_, call.to) == (Party(OUTSIDE), Party("102", "Front desk"))
    assert (call.started, call.answered, call.since) == (INIT, None, INIT)
    assert call.queue == "Support"
    (leg,) = call.legs
    assert (leg.id, leg.channel, leg.device, leg.extension) == (HANDLE, HANDLE, "85219", "102")
    assert (leg.state, leg.certainty) == (LegState.RINGING, Certainty.SEEN)
    assert leg.direction is Direction.INBOUND


async def test_without_names_the_numbers_are_there(site: Site) -> None:
    site.server.on(EXTENSIONS, Reply("", 500))
    reading = await site.reading(Topic.CALLS)
    assert any("names are missing" in note for note in reading.notes)
    (call,) = (await site.calls()).values()
    assert (call.to, call.queue) == (Party("102"), "887")


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("2017-08-23 15:58:00,25", INIT + 3.65),
        ("2017-08-23 15:58:00.25", INIT + 3.65),
        ("2017-08-23 15:58:00", INIT + 3.4),
    ],
)
async def test_talking_since_the_answer(site: Site, text: str, since: float) -> None:
    (call,) = (await site.calls(body(row(answer_time_gmt=text)))).values()
    assert call.state is LegState.TALKING
    assert call.answered == pytest.approx(since)
    assert call.since == call.answered
    assert call.legs[0].answered == call.answered


@pytest.mark.parametrize("flow", ["IN", "in", "In", None, "sideways", ...])
async def test_which_side_is_ours_is_told_twice(site: Site, flow: Any) -> None:
    (call,) = (await site.calls(body(row(call_flow=flow)))).values()
    assert call.direction is Direction.INBOUND


@pytest.mark.parametrize("flow", ["OUT", "out"])
@pytest.mark.parametrize("empty", [None, {}, [], ...])
async def test_an_outgoing_call(site: Site, flow: str, empty: Any) -> None:
    going = row(
        call_flow=flow,
        caller_id_number=f"{PREFIX}102",
        caller_id_name="Somebody",
        called_number=OUTSIDE,
        called_did=None,
        caller_extension=phone(85219, "102"),
        called_extension=empty,
    )
    (call,) = (await site.calls(body(going))).values()
    assert call.direction is Direction.OUTBOUND
    assert (call.from_, call.to) == (Party("102", "Front desk"), Party(OUTSIDE))
    assert call.legs[0].extension == "102"
    assert call.queue == ""


async def test_nothing_but_the_two_ids(site: Site) -> None:
    (call,) = (await site.calls('{"call_list":[{"extension_id":7,"call_api_id":"1-x"}]}')).values()
    assert (call.id, call.direction) == ("7/1-x", Direction.UNKNOWN)
    assert (call.state, call.started, call.from_) == (LegState.RINGING, None, Party())


async def test_numbers_for_texts_and_texts_for_numbers(site: Site) -> None:
    odd = row(extension_id="85219", caller_id_number=79161112233, callback_id=12)
    (call,) = (await site.calls(body(odd))).values()
    assert (call.id, call.from_.number, call.to.number) == ("12", "79161112233", "102")


async def test_an_ivr_that_passes_a_caller_on_is_not_the_caller(site: Site) -> None:
    passed = row(caller_extension=phone(97999, "800", "ivr"))
    (call,) = (await site.calls(body(passed))).values()
    assert (call.direction, call.from_.number, call.queue) == (Direction.INBOUND, OUTSIDE, "")


async def test_a_call_that_no_phone_holds(site: Site) -> None:
    answered = "2017-08-23 15:58:00,25"
    (call,) = (await site.calls(body(row(real_call=False, answer_time_gmt=answered)))).values()
    assert (call.reason, call.legs[0].reason) == (NO_DIALOG, NO_DIALOG)


async def test_names_that_could_not_be_read_are_asked_for_again_a_little_later(site: Site) -> None:
    site.server.on(EXTENSIONS, Reply("", 500))
    await site.calls()
    asked = len(site.server.of(EXTENSIONS))
    await site.calls()
    assert len(site.server.of(EXTENSIONS)) == asked
    site.server.on(EXTENSIONS, by_type(PHONES, QUEUES))
    site.now += 31
    (call,) = (await site.calls()).values()
    assert (call.to, call.queue) == (Party("102", "Front desk"), "Support")


async def test_extensions_that_nobody_knows_are_not_asked_for_at_each_reading(site: Site) -> None:
    for n in range(5):
        await site.calls(body(inbound(f"{n}-x", 99999, "999")))
        site.now += 2
    assert len(site.server.of(EXTENSIONS)) == 2
    site.now += 300
    await site.calls(body(inbound("9-x", 99999, "999")))
    assert len(site.server.of(EXTENSIONS)) == 4


# --- no rows, and rows that cannot be read ---------------------------------------------------


@pytest.mark.parametrize(
    "text", ['{"call_list":[]}', "{}", '{"call_list":null}', ' {"x":1,"call_list":[]}']
)
async def test_no_calls(site: Site, text: str) -> None:
    assert await site.calls(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "7",
        '{"message":"Not found"}',
        '{"call_list":3}',
        '{"call_list":{}}',
        '{"call_list":[{"extension_id":85219}]}',
        '{"call_list":[{"ext',
        "<html><title>Maintenance</title></html>",
    ],
)
async def test_what_says_nothing_about_calls_is_no_empty_list(site: Site, text: str) -> None:
    with pytest.raises(NotUnderstood):
        await site.calls(text)


async def test_a_row_that_cannot_be_read_spoils_itself_only(site: Site) -> None:
    await site.calls(
        body(row("1-a"), inbound("2-b", 85220, "103", caller_id_number="+12025550123"))
    )
    bad = row("1-a", caller_id_name=["Harbour", "Taxi"])
    site.server.on(CALLS, Reply(body(bad, inbound("2-b", 85220, "103"))))
    reading = await site.reading(Topic.CALLS)
    kept = reading.items[Kind.CALLS]["85219/1-a"]
    assert kept.certainty is Certainty.INFERRED
    assert getattr(kept, "reason", "") == KEPT_WORDS
    assert set(reading.items[Kind.CALLS]) == {"85219/1-a", "85220/2-b"}
    (note,) = reading.notes
    assert "1 of 2 calls could not be read" in note
    await site.calls(body(inbound("2-b", 85220, "103")))
    assert set(await site.calls()) == {"85220/2-b"}


async def test_hostile_texts_are_clean(site: Site) -> None:
    api_id = "1-\x1b[2J/../x"
    evil = row(api_id, caller_id_name="\x1b[31mPWNED\u202e[bold]", caller_id_number="+1\n2")
    (call,) = (await site.calls(body(evil))).values()
    assert call.from_.name == "\ufffd[31mPWNED\ufffd[bold]"
    assert "\x1b" not in call.id + call.legs[0].channel


async def test_a_row_as_it_came(site: Site) -> None:
    await site.calls(RINGING)
    assert json.loads(site.backend.raw(Kind.CALLS, HANDLE)) == json.loads(RINGING_ROW)
    assert site.backend.raw(Kind.CALLS, "nothing") == ""
    await site.calls(body(*internal()))
    assert len(json.loads(site.backend.raw(Kind.CALLS, "85219/1-a"))) == 2


async def test_the_calls_of_one_extension(site: Site) -> None:
    site.server.on("/api/ver1.0/extension/85219/current_calls/", Reply(RINGING))
    (call,) = await site.backend.extension_calls(85219)
    assert (call.id, call.state, call.to) == (HANDLE, LegState.RINGING, Party("102"))
    site.server.on("/api/ver1.0/extension/85219/current_calls/", Reply(NOT_FOUND, 404))
    with pytest.raises(BackendError, match="404"):
        await site.backend.extension_calls(85219)
