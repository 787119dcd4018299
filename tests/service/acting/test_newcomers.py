"""An effect is not seen in what others do at the same moment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pbxtui.model import (
    CAN,
    Action,
    Agent,
    AgentState,
    Answer,
    Call,
    Capability,
    Certainty,
    CompleteTransfer,
    Device,
    DeviceState,
    Dial,
    Direction,
    Hangup,
    Hold,
    Leg,
    LegState,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    Party,
    PauseAgent,
    Resume,
    Retrieve,
    Topic,
    Transfer,
    Verb,
)
from pbxtui.service.acting import Observed, Ticket
from pbxtui.service.acting.expect import expect
from tests.service.acting.pictures import OWN, WHOLE, at
from tests.service.acting.stage import Acting, acting
from tests.service.sites import DESK, TAXI, WORKSHOP, Desk, leg, talk

STRANGER = Party("+4570101112", "Nordic Freight")
UNSHOWN = Capability(True, shown=False)
CALL = talk()
RINGING = talk(state=LegState.RINGING)
PARKED = replace(CALL, state=LegState.PARKED, legs=CALL.legs[:1])
TO_WORKSHOP = talk("c9", LegState.RINGING, caller=STRANGER, desk=WORKSHOP)
"""Somebody who has nothing to do with the rest rings 305."""
NAMELESS = replace(
    TO_WORKSHOP,
    from_=Party(),
    legs=(leg("x", LegState.RINGING, from_=Party(), to=WORKSHOP, extension="305"),),
)
TO_DESK = talk("c9", LegState.RINGING, caller=STRANGER)


def ring(id: str, whom: Party, by: Party, *legs: Leg) -> Call:
    """A call that rings a phone of the house."""
    own = leg(f"{id}-ring", LegState.RINGING, from_=by, to=whom, extension=whom.number)
    return Call(
        "hq",
        id,
        LegState.RINGING,
        direction=Direction.INTERNAL,
        from_=by,
        to=whom,
        legs=(*legs, own),
    )


@pytest.mark.parametrize(
    ("action", "before", "now", "seen"),
    [
        (Transfer(**OWN, to="305"), (CALL,), (CALL, TO_WORKSHOP), False),
        (Transfer(**OWN, to="305"), (CALL,), (ring("c9", WORKSHOP, TAXI),), True),
        (Transfer(**OWN, to="305"), (CALL,), (ring("c9", WORKSHOP, STRANGER, CALL.legs[0]),), True),
        (Transfer(**OWN, to="305"), (CALL,), (NAMELESS,), True),
        (Transfer(**OWN, to="305", attended=True), (CALL,), (CALL, TO_WORKSHOP), False),
        (
            Transfer(**OWN, to="305", attended=True),
            (CALL,),
            (CALL, ring("c9", WORKSHOP, DESK)),
            True,
        ),
        (Dial(site="hq", from_="447", to="305"), (), (TO_DESK,), False),
        (Dial(site="hq", from_="447", to="305"), (), (replace(TO_DESK, legs=()),), False),
        (Dial(site="hq", from_="447", to="305"), (), (ring("c9", DESK, Party()),), True),
        (Dial(site="hq", from_="447", to="305"), (), (ring("c9", DESK, WORKSHOP),), True),
        (Monitor(**OWN, extension="305"), (CALL,), (CALL, TO_WORKSHOP), False),
        (Monitor(**OWN, extension="305"), (CALL,), (CALL, ring("c9", WORKSHOP, DESK)), True),
        (Retrieve(**WHOLE, extension="305"), (PARKED,), (PARKED, TO_WORKSHOP), False),
        (Retrieve(**WHOLE, extension="305"), (PARKED,), (ring("c9", WORKSHOP, TAXI),), True),
        (Answer(**WHOLE, extension="305"), (RINGING,), (CALL, TO_WORKSHOP), False),
        (
            Answer(**WHOLE, extension="305"),
            (RINGING,),
            (RINGING, ring("c9", WORKSHOP, TAXI)),
            True,
        ),
        (Answer(site="hq", call="c1", leg="c1-own"), (RINGING,), (CALL,), True),
        (
            Answer(site="hq", call="c1", leg="other"),
            (RINGING,),
            (CALL,),
            False,
        ),
    ],
)
def test_a_phone_that_somebody_else_rings_is_no_effect(
    action: Action, before: tuple[Call, ...], now: tuple[Call, ...], seen: bool
) -> None:
    expectation = expect(action, at(*before), CAN)
    assert expectation.seen is not None
    assert expectation.seen(at(*now)) is seen


def test_a_phone_that_rings_already_has_answered_only_when_it_talks() -> None:
    expectation = expect(Answer(**WHOLE, extension="447"), at(RINGING), CAN)
    assert expectation.words == "it is answered"
    assert expectation.seen is not None
    second = ring("c9", DESK, TAXI)
    assert not expectation.seen(at(RINGING, second)), "it rings for the caller once more"
    elsewhere = replace(
        CALL, legs=(CALL.legs[0], leg("c1-305", to=WORKSHOP, extension="305")), to=WORKSHOP
    )
    assert not expectation.seen(at(elsewhere)), "another phone was faster"
    assert expectation.seen(at(CALL))


def test_a_phone_that_picks_up_is_said_to_ring() -> None:
    expectation = expect(Answer(**WHOLE, extension="305"), at(RINGING), CAN)
    assert expectation.words == "305 rings or talks"


def test_who_goes_on_in_another_call_was_not_hung_up() -> None:
    moved = replace(CALL, id="c2")
    left = replace(CALL, legs=CALL.legs[:1])
    for action in (Hangup(**WHOLE), Hangup(**OWN)):
        expectation = expect(action, at(CALL), CAN)
        assert expectation.seen is not None
        assert not expectation.seen(at(moved))
    leg_alone = expect(Hangup(**OWN), at(CALL), CAN).seen
    assert leg_alone is not None
    assert not leg_alone(at(left, replace(moved, legs=CALL.legs[1:])))
    assert leg_alone(at(left))


@pytest.mark.parametrize(
    ("waiting", "asked", "words"),
    [
        ("c1-out", "asked", "447 is free and the others talk"),
        ("c1-out", "", "447 is free"),
        ("", "", "447 is free"),
    ],
)
def test_that_the_others_talk_is_said_only_where_both_are_shown(
    waiting: str, asked: str, words: str
) -> None:
    action = CompleteTransfer(
        site="hq", call="c1", leg="c1-own", to="305", waiting=waiting, asked=asked
    )
    expectation = expect(action, at(CALL), CAN)
    assert expectation.words == words
    assert expectation.seen is not None
    other = leg("asked", to=WORKSHOP, extension="305")
    joined = replace(CALL, legs=(CALL.legs[0], other))
    assert expectation.seen(at(joined))
    assert expectation.seen(at()) is not bool(waiting)
    rings = replace(other, state=LegState.RINGING)
    assert expectation.seen(at(replace(joined, legs=(CALL.legs[0], rings)))) is (asked == "")


def test_somebody_whose_queues_are_not_shown_is_not_seen_to_be_in_one() -> None:
    ana = Agent("hq", "a1", AgentState.READY)
    expectation = expect(LogAgent(site="hq", agent="a1", queue="281"), at(), CAN)
    assert expectation.seen is not None
    assert not expectation.seen(at(ana))
    assert expectation.seen(at(replace(ana, queues=("281",))))


# --- what was so before --------------------------------------------------------------------------


PAUSED = Agent("hq", "a1", AgentState.PAUSED, extension="203", queues=("281",))
OFF = Device("hq", "d1", DeviceState.UNREACHABLE, extension="305")


@pytest.mark.parametrize(
    ("action", "thing", "topic", "words"),
    [
        (
            PauseAgent(site="hq", agent="a1"),
            PAUSED,
            Topic.QUEUES,
            "seen: the agent is paused, as it was before",
        ),
        (
            OnDevice(site="hq", device="d1"),
            OFF,
            Topic.DEVICES,
            "seen: the phone is off, as it was before",
        ),
    ],
)
async def test_what_was_so_before_is_seen_only_by_a_reading_after_it_and_said_to_be(
    tmp_path: Path, action: Action, thing: Agent | Device, topic: Topic, words: str
) -> None:
    desk = Desk()
    desk.show(thing)
    async with acting(tmp_path, desk) as stage:
        ticket = await _sent(stage, action)
        assert not ticket.over
        await stage.read(topic)
        assert (ticket.observed, ticket.words) == (Observed.OBSERVED, words)


async def test_that_a_phone_restarts_is_not_seen_in_its_being_off_before(tmp_path: Path) -> None:
    desk = Desk()
    desk.show(OFF)
    async with acting(tmp_path, desk) as stage:
        ticket = await _sent(stage, OnDevice(site="hq", device="d1", reboot=True))
        assert ticket.observed is Observed.NOT_OBSERVABLE
        assert ticket.words == "hq does not show whether the phone restarts"


async def _sent(stage: Acting, action: Action) -> Ticket:
    stage.grace.over.set()
    return await stage.do(action).answered()


# --- what pbxtui itself assumed ------------------------------------------------------------------


async def test_the_end_of_a_hold_that_was_assumed_is_not_seen(tmp_path: Path) -> None:
    desk = Desk(capabilities={**dict.fromkeys(Verb, CAN), Verb.HOLD: UNSHOWN})
    desk.show(CALL)
    async with acting(tmp_path, desk) as stage:
        await stage.do(Hold(**OWN)).done()
        assert stage.site.snapshot.calls["c1"].certainty is Certainty.ASSUMED
        ticket = await stage.do(Resume(**OWN)).done()
        assert ticket.observed is Observed.NOT_OBSERVABLE
        assert stage.site.snapshot.calls["c1"].state is LegState.TALKING


async def test_a_call_that_only_pbxtui_shows_is_not_seen_to_be_over(tmp_path: Path) -> None:
    desk = Desk(capabilities={**dict.fromkeys(Verb, CAN), Verb.PARK: UNSHOWN})
    desk.show(CALL)
    async with acting(tmp_path, desk) as stage:
        stage.grace.over.set()
        await stage.do(Park(**OWN)).done()
        desk.show()
        await stage.read()
        assert stage.site.snapshot.calls["c1"].state is LegState.PARKED
        ticket = stage.do(Hangup(**WHOLE))
        await ticket.answered()
        for _ in range(3):
            await stage.read()
        assert ticket.observed is Observed.NOT_OBSERVABLE
