"""What becomes of Telphin's rows: states, parties, and which rows are one call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pbxtui.backends.base import BackendError, NotUnderstood
from pbxtui.backends.telphin.calls import KEPT_WORDS, NO_DIALOG
from pbxtui.backends.telphin.grouping import AT_ONCE
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

PREFIX = "2566*"
DOMAIN = "@sipproxy.telphin.ru"
OUTSIDE = "+79161112233"
Row = dict[str, Any]


def phone(id: int, number: str, kind: str = "phone") -> Row:
    name = f"{PREFIX}{number}{DOMAIN}"
    return {"id": id, "type": kind, "name": name, "client_id": 9593, "extension_group_id": None}


def row(api_id: str = "1-a", **changes: Any) -> Row:
    """The captured row with some fields changed; ``...`` removes one."""
    value: Row = json.loads(RINGING_ROW) | {"call_api_id": api_id} | changes
    return {key: each for key, each in value.items() if each is not ...}


def body(*rows: Row) -> str:
    return json.dumps({"call_list": rows})


def inbound(api_id: str, id: int = 85219, number: str = "102", **changes: Any) -> Row:
    """Somebody outside rings a phone, without any queue."""
    return row(
        api_id,
        extension_id=id,
        called_number=f"{PREFIX}{number}",
        caller_extension=None,
        called_extension=phone(id, number),
        **changes,
    )


def internal(answered: str | None = None) -> tuple[Row, Row]:
    """102 phones 103: both rows."""
    sides = {
        "caller_id_number": f"{PREFIX}102",
        "caller_id_name": "Front desk",
        "called_number": f"{PREFIX}103",
        "called_did": None,
        "caller_extension": phone(85219, "102"),
        "called_extension": phone(85220, "103"),
        "answer_time_gmt": answered,
    }
    return (
        row("1-a", extension_id=85219, call_flow="OUT", **sides),
        row("2-b", extension_id=85220, call_flow="IN", **sides),
    )


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


# --- rows that are one call ------------------------------------------------------------------


@pytest.mark.parametrize("answered", [None, "2017-08-23 15:58:00,25"])
async def test_both_sides_of_an_internal_call(site: Site, answered: str | None) -> None:
    (call,) = (await site.calls(body(*internal(answered)))).values()
    assert call.direction is Direction.INTERNAL
    assert call.certainty is Certainty.INFERRED
    assert (call.from_, call.to) == (Party("102", "Front desk"), Party("103", "Workshop"))
    mine, theirs = call.legs
    assert (mine.direction, theirs.direction) == (Direction.OUTBOUND, Direction.INBOUND)
    assert (mine.extension, theirs.extension) == ("102", "103")
    assert bool(mine.bridge) is (answered is not None)
    assert mine.bridge == theirs.bridge


async def test_internal_by_the_numbers_alone(site: Site) -> None:
    for extension in (None, ...):
        rows = [
            each | {"caller_extension": extension, "called_extension": extension}
            for each in internal()
        ]
        stripped = [{k: v for k, v in each.items() if v is not ...} for each in rows]
        (call,) = (await site.calls(body(*stripped))).values()
        assert call.direction is Direction.INTERNAL
        assert len(call.legs) == 2


async def test_one_phone_calls_the_same_number_twice(site: Site) -> None:
    first, second = internal()
    third = first | {"call_api_id": "3-c", "init_time_gmt": "2017-08-23 15:59:56,60"}
    fourth = second | {"call_api_id": "4-d", "init_time_gmt": "2017-08-23 15:59:56,90"}
    calls = await site.calls(body(first, third, fourth, second))
    assert [{leg.id for leg in call.legs} for call in calls.values()] == [
        {"85219/1-a", "85220/2-b"},
        {"85219/3-c", "85220/4-d"},
    ]


async def test_all_phones_that_a_queue_rings_at_once(site: Site) -> None:
    rows = [
        row(f"{n}-x", extension_id=id, called_extension=phone(id, str(n)))
        for n, id in enumerate((85219, 85220, 85221), 102)
    ]
    (call,) = (await site.calls(body(*rows))).values()
    assert call.certainty is Certainty.INFERRED
    assert (call.to, call.queue) == (Party("887", "Support"), "Support")
    assert [leg.extension for leg in call.legs] == ["102", "103", "104"]
    taken = rows[1] | {"answer_time_gmt": "2017-08-23 15:58:01,00"}
    after = await site.calls(body(taken))
    assert list(after) == [call.id]
    assert after[call.id].state is LegState.TALKING
    assert after[call.id].to == Party("103", "Workshop")


async def test_the_phones_of_a_group_without_a_queue(site: Site) -> None:
    rows = [inbound("1-a"), inbound("2-b", 85220, "103"), inbound("3-c", 85219)]
    (call,) = (await site.calls(body(*rows))).values()
    assert len(call.legs) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"caller_id_number": "+79160000000"},
        {"called_did": "74950000000"},
        {"init_time_gmt": "2017-08-23 15:57:59,60"},
        {"init_time_gmt": None},
        {"answer_time_gmt": "2017-08-23 15:57:58,00"},
        {"caller_extension": phone(96858, "888", "queue")},
    ],
)
async def test_phones_that_ring_for_somebody_else(site: Site, other: Row) -> None:
    assert AT_ONCE < 3
    second = row("2-b", extension_id=85220, called_extension=phone(85220, "103")) | other
    assert len(await site.calls(body(row("1-a"), second))) == 2


@pytest.mark.parametrize("withheld", ["", "anonymous", "Unknown", "1"])
async def test_two_who_withhold_their_numbers_stay_two(site: Site, withheld: str) -> None:
    rows = [
        row("1-a", caller_id_number=withheld),
        row("2-b", extension_id=85220, caller_id_number=withheld),
    ]
    assert len(await site.calls(body(*rows))) == 2


async def test_two_callers_who_looked_like_one_are_told_apart_once_both_are_answered(
    site: Site,
) -> None:
    rows = [row("1-a"), row("2-b", extension_id=85220, called_extension=phone(85220, "103"))]
    assert len(await site.calls(body(*rows))) == 1
    answered = [each | {"answer_time_gmt": "2017-08-23 15:58:01,00"} for each in rows]
    calls = await site.calls(body(*answered))
    assert set(calls) == {"85219/1-a", "85220/2-b"}


async def test_a_call_id_joins_and_parts(site: Site) -> None:
    ids = ("b5187f38a9cc43f2ba068bce983a513e", "c5187f38a9cc43f2ba068bce983a513e")
    far = inbound("2-b", 85220, "103", caller_id_number="+12025550123")
    (call,) = (await site.calls(body(row(call_id=ids[0]), far | {"call_id": ids[0]}))).values()
    assert (call.id, call.certainty) == (ids[0], Certainty.INFERRED)
    site.open()
    second = row("2-b", extension_id=85220, call_id=ids[1])
    assert set(await site.calls(body(row(call_id=ids[0]), second))) == set(ids)


async def test_a_callback_is_called_by_its_id(site: Site) -> None:
    id = "02abb9ee685a11ea94bfe17eb6eaecba"
    mine, theirs = (each | {"callback_id": id} for each in internal())
    for rows in ((mine,), (mine, theirs)):
        assert list(await site.calls(body(*rows))) == [id]


async def test_an_internal_caller_in_a_queue(site: Site) -> None:
    queue = phone(96857, "887", "queue")
    mine, _ = internal()
    mine |= {"called_number": f"{PREFIX}887", "called_extension": queue}
    agent = row(
        "2-b",
        extension_id=85220,
        caller_id_number=f"{PREFIX}102",
        called_number=f"{PREFIX}103",
        called_did=None,
        caller_extension=queue,
        called_extension=phone(85220, "103"),
    )
    (call,) = (await site.calls(body(mine, agent))).values()
    assert (call.direction, call.queue) == (Direction.INTERNAL, "Support")
    assert call.to == Party("887", "Support")
    taken = [each | {"answer_time_gmt": "2017-08-23 15:58:01,00"} for each in (mine, agent)]
    (call,) = (await site.calls(body(*taken))).values()
    assert call.to == Party("103", "Workshop")


# --- from reading to reading -----------------------------------------------------------------


async def test_a_call_keeps_its_id_while_one_of_its_rows_lives(site: Site) -> None:
    mine, theirs = internal()
    first = list(await site.calls(body(theirs)))
    assert first == ["85220/2-b"]
    assert list(await site.calls(body(mine, theirs))) == first
    assert list(await site.calls(body(mine))) == first


async def test_the_same_person_outside_goes_on_after_a_transfer(site: Site) -> None:
    before = inbound("1-a", answer_time_gmt="2017-08-23 15:58:00,25")
    after = inbound("9-z", 85220, "103", init_time_gmt="2017-08-23 15:59:00,25")
    (id,) = await site.calls(body(before))
    (call,) = (await site.calls(body(after))).values()
    assert (call.id, call.certainty) == (id, Certainty.INFERRED)
    assert call.to == Party("103", "Workshop")
    site.open()
    await site.calls(body(before))
    await site.calls(body())
    assert list(await site.calls(body(after))) == ["85220/9-z"]


async def test_nobody_is_taken_for_another(site: Site) -> None:
    before = [inbound("1-a"), inbound("2-b", init_time_gmt="2017-08-23 15:59:00,25")]
    assert len(await site.calls(body(*before))) == 2
    after = inbound("9-z", 85220, "103")
    assert list(await site.calls(body(after))) == ["85220/9-z"]


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
