"""Which of Telphin's rows are one call, and which call goes on in the next reading."""

from __future__ import annotations

import pytest

from pbxtui.backends.telphin.grouping import AT_ONCE
from pbxtui.model import Certainty, Direction, LegState, Party
from tests.backends.telphin.conftest import Site
from tests.backends.telphin.rows import PREFIX, Row, body, inbound, internal, phone, row

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
