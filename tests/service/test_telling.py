"""What changes, told in sentences: once each, in words only, and no surer than it is known."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxtui.backends.base import LoginRefused, Refused
from pbxtui.model import (
    NOBODY,
    Agent,
    AgentState,
    Call,
    Caller,
    Certainty,
    Device,
    DeviceState,
    Flow,
    Kind,
    Lamp,
    LampState,
    LegState,
    Party,
    Queue,
    Topic,
)
from pbxtui.service.telling.calls import call_words
from pbxtui.service.telling.phrasing import span
from tests.service.sites import NOON, TAXI, WORKSHOP, leg, talk
from tests.service.told import RINGS, TALKS, Told, told

# --- the start -----------------------------------------------------------------------------------


async def test_the_start_is_one_sentence_however_much_there_is() -> None:
    calls = [talk(f"c{n}") for n in range(10_000)]
    queue = Queue("hq", "q1", "Sales", callers=(Caller("1", 1, TAXI, NOON - 47),))
    phones = [Device("hq", str(n), state) for n, state in enumerate(DeviceState)]
    agent = Agent("hq", "a", AgentState.READY)

    summary = await Told(*calls, queue, *phones, agent).start()

    assert summary == (
        "10000 calls, 10000 talking; 4 phones, 1 registered; 1 queue, 1 waiting, the longest for "
        "47 s; 1 agent, 1 ready; no lamps; no flows."
    )


async def test_what_a_pbx_does_not_show_is_said_and_not_counted_as_none() -> None:
    stage = Told(Queue("hq", "q1", callers=None))
    stage.desk.missing = {Kind.LAMPS: "has none", Kind.FLOWS: "has none"}

    summary = await stage.start()

    assert "who waits is not shown by this PBX" in summary
    assert "lamps and flows are not shown by this PBX" in summary
    assert "no lamps" not in summary


async def test_a_topic_that_fails_at_the_start_is_in_the_summary_and_not_told_again() -> None:
    stage = Told(TALKS)
    for topic in (Topic.CALLS, Topic.QUEUES, Topic.LAMPS):
        await stage.site.read(topic)
    (summary,) = await stage.fail(LoginRefused("401 from hq", "renew the token"), Topic.DEVICES)

    assert summary.startswith("1 call, 1 talking;")
    assert "phones cannot be read: 401 from hq; renew the token" in summary
    assert stage.wait(3) == []


async def test_what_comes_later_than_the_summary_gets_its_own() -> None:
    stage = Told(TALKS, Device("hq", "447", DeviceState.REGISTERED))
    await stage.site.read(Topic.CALLS)
    assert stage.new() == []
    (summary,) = stage.wait(6)
    assert summary.startswith("1 call, 1 talking; phones, queues, ")
    assert "not read yet" in summary

    await stage.site.read(Topic.DEVICES)

    assert stage.new() == ["1 phone, 1 registered."]


# --- calls ---------------------------------------------------------------------------------------


async def test_a_call_from_its_ringing_to_its_end() -> None:
    rings = replace(RINGS, started=NOON, since=NOON)
    talks = replace(TALKS, started=NOON, answered=NOON + 12, since=NOON + 12)
    held = replace(talk(own=LegState.HELD), started=NOON, answered=NOON + 12, since=NOON + 30)
    again = replace(talks, since=NOON + 70)
    over = replace(talks, state=LegState.ENDED, ended=NOON + 145, reason="hung up")

    assert await told(rings, talks, held, again, over) == [
        "call 1, Harbour Taxi +442079460958 rings 447 Front desk.",
        "call 1, Harbour Taxi +442079460958, is answered by 447 Front desk after 12 s.",
        "call 1, Harbour Taxi +442079460958 with 447 Front desk, is on hold.",
        "call 1, Harbour Taxi +442079460958 with 447 Front desk, is off hold after 40 s.",
        "call 1, Harbour Taxi +442079460958 with 447 Front desk, ended after 2 min 13 s of talk: "
        "hung up.",
    ]


async def test_nothing_is_said_of_a_call_that_is_as_it_was() -> None:
    assert len(await told(TALKS, TALKS, replace(TALKS, legs=TALKS.legs[::-1]))) == 1


async def test_what_is_assumed_or_inferred_is_said_to_be() -> None:
    held = replace(TALKS, state=LegState.HELD)
    assumed = replace(held, certainty=Certainty.ASSUMED)
    inferred = replace(held, certainty=Certainty.INFERRED)
    whole = "call 1, Harbour Taxi +442079460958 with 447 Front desk, is"

    assert (await told(TALKS, assumed))[1:] == [
        f"{whole} assumed to be on hold, which the PBX does not show."
    ]
    assert (await told(TALKS, inferred))[1:] == [f"{whole} probably on hold."]
    probably = replace(TALKS, certainty=Certainty.INFERRED)
    assert "is probably answered by 447 Front desk" in (await told(RINGS, probably))[1]


async def test_a_call_that_drops_out_of_the_list_is_lost_and_then_has_probably_ended() -> None:
    stage = Told()
    await stage.start()
    await stage.read(TALKS)

    (lost,) = await stage.read()
    (ended,) = await stage.read()

    assert " is lost: no longer in the PBX's list; one more reading decides." in lost
    assert " has probably ended: gone from the PBX's list, no end was seen." in ended
    stage.wait(20)
    assert await stage.read() == []


async def test_a_lost_call_that_is_there_again_is_said() -> None:
    stage = Told()
    await stage.start()
    await stage.read(TALKS)
    await stage.read()
    (back,) = await stage.read(TALKS)
    assert "is in the PBX's list again and is talking" in back


async def test_a_call_that_nobody_answered_ends_unanswered() -> None:
    rings = replace(RINGS, started=NOON)
    over = replace(rings, state=LegState.ENDED, ended=NOON + 20, reason="no answer")
    assert (await told(rings, over))[1].endswith("ended unanswered after 20 s: no answer.")


async def test_a_transfer_is_told_as_one_and_as_inferred() -> None:
    outside = leg("c1-out")
    shop = leg("x", LegState.RINGING, to=WORKSHOP, extension="305")
    rings = replace(TALKS, state=LegState.RINGING, legs=(outside, shop))
    answered = replace(TALKS, legs=(outside, replace(shop, state=LegState.TALKING)))

    sentences = await told(TALKS, rings, answered)

    assert sentences[1:] == [
        "call 1, Harbour Taxi +442079460958, was probably transferred by 447 Front desk and rings "
        "305.",
        "call 1, Harbour Taxi +442079460958, was probably transferred by 447 Front desk and is "
        "answered by 305 after 2 s.",
    ]


async def test_a_parked_call_says_where() -> None:
    parked = replace(
        TALKS,
        state=LegState.PARKED,
        parked_at="701",
        legs=(replace(TALKS.legs[0], state=LegState.PARKED),),
    )
    (sentence,) = (await told(TALKS, parked))[1:]
    assert "is parked at 701, probably by 447 Front desk" in sentence


async def test_one_leg_on_hold_of_a_call_that_goes_on() -> None:
    held = replace(TALKS, legs=(TALKS.legs[0], replace(TALKS.legs[1], state=LegState.HELD)))
    assert (await told(TALKS, held))[1:] == [
        "call 1, Harbour Taxi +442079460958: 447 Front desk is on hold."
    ]


async def test_the_next_phone_of_a_hunt_is_told() -> None:
    second = replace(
        RINGS,
        legs=(RINGS.legs[0], leg("d", LegState.RINGING, to=WORKSHOP, extension="305")),
    )
    assert (await told(RINGS, second))[1:] == [
        "call 1, Harbour Taxi +442079460958 now rings 305 Workshop."
    ]


async def test_numbers_stay_with_their_calls() -> None:
    stage = Told(talk("old"))
    await stage.start()
    (new,) = await stage.read(talk("old"), talk("new", LegState.RINGING))
    over = replace(talk("old"), state=LegState.ENDED)
    (ended,) = await stage.read(over, talk("new", LegState.RINGING))
    assert new.startswith("call 2, ")
    assert ended.startswith("call 1, ")


# --- health --------------------------------------------------------------------------------------


async def test_a_failed_poll_is_told_once_with_what_to_do_and_once_when_it_is_well_again() -> None:
    stage = Told(TALKS)
    await stage.start()
    down = Refused("nothing listens at pbx.example.net", "is it running?")
    stage.clock.now += 2

    assert await stage.fail(down) == [
        "calls cannot be read: nothing listens at pbx.example.net; is it running?"
    ]
    stage.clock.now += 2
    assert await stage.fail(down) == []
    assert await stage.fail(down, Topic.QUEUES) == []
    assert await stage.read(TALKS) == ["calls can be read again after 4 s."]


async def test_a_refused_login_says_that_it_is_not_tried_again() -> None:
    stage = Told(TALKS)
    await stage.start()
    await stage.fail(LoginRefused("401", "renew the token"))
    stage.site.health[Topic.CALLS] = replace(stage.site.health[Topic.CALLS], stopped=True)
    (sentence,) = stage.wait(1)
    assert (
        sentence == "calls cannot be read: 401; renew the token; it is not tried again by itself."
    )


async def test_a_site_not_seen_grows_blind_and_what_came_meanwhile_is_counted() -> None:
    stage = Told(TALKS, about=("calls",))
    await stage.start()

    aged = stage.wait(60, aging=True)
    back = await stage.read(talk("c2"), talk("c3"), TALKS)

    assert [sentence.partition(":")[0] for sentence in aged] == [
        "calls are late",
        "calls are stale",
        "calls are not seen any more",
    ]
    assert back == ["calls can be read again after 1 min 2 s.", "meanwhile calls: 2 new."]
    assert len(await stage.read(talk("c2"), talk("c3"), TALKS, talk("c4"))) == 1


# --- any words -----------------------------------------------------------------------------------

HOSTILE = st.text(max_size=200) | st.sampled_from(
    ["\x1b[2J", "a\nb", "\u2028", "\x9b31m", "\u202eevil", "a\r\nERROR", "\x00", ".", ";", ""]
)
PARTIES = st.builds(Party, HOSTILE, HOSTILE)
CALLS = st.builds(
    lambda state, certainty, from_, to, reason, parked, queue, started: replace(
        talk(state=state, caller=from_, desk=to),
        certainty=certainty,
        reason=reason,
        parked_at=parked,
        queue=queue,
        started=started,
    ),
    st.sampled_from(LegState),
    st.sampled_from(Certainty),
    PARTIES | st.just(NOBODY),
    PARTIES | st.just(NOBODY),
    HOSTILE,
    HOSTILE,
    HOSTILE,
    st.none() | st.floats(0, 2e9),
)


@given(st.lists(CALLS, min_size=1, max_size=4), HOSTILE, HOSTILE)
async def test_whatever_a_pbx_says_is_one_line_of_printable_words(
    calls: list[Call], name: str, number: str
) -> None:
    stage = Told()
    await stage.start()
    lines: list[str] = []
    for at, call in enumerate(calls):
        caller = Caller(name, 1, Party(number, name))
        lines += await stage.read(
            call,
            Device("hq", "d", list(DeviceState)[at], extension=number, name=name),
            Lamp("hq", "l", list(LampState)[at], extension=number, name=name),
            Flow("hq", "f", list(LampState)[at], number=number, name=name, value=name),
            Agent("hq", "a", list(AgentState)[at], name=name, paused_reason=number),
            Queue("hq", "q", name, callers=(caller,) * (at % 2)),
        )
    assert lines
    for line in lines:
        assert line.splitlines() == [line]
        bad = [c for c in line if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
        assert not bad, line
        assert not {"\u202e", "\u202d", "\u2066"} & set(line)


@given(CALLS, CALLS)
def test_a_change_of_a_call_is_one_sentence_or_none(before: Call, after: Call) -> None:
    words = call_words(1, before, after)
    assert words == "" or words.startswith("call 1, ")
    if not after.over and after.certainty is not Certainty.SEEN and before.state != after.state:
        assert "probably" in words or "assumed" in words, words


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [
        (-3, "0 s"),
        (47.9, "47 s"),
        (60, "1 min"),
        (133, "2 min 13 s"),
        (3900, "1 h 5 min"),
        (86_400, "1 d"),
        (180_000, "2 d 2 h"),
    ],
)
def test_spans_are_spoken(seconds: float, spoken: str) -> None:
    assert span(seconds) == spoken
