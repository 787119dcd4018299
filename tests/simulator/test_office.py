"""The office lives, obeys its own rules, and lives the same life again."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.simulator.office import Office
from pbxtui.simulator.things import LINGER, Direction, Lamp, LegState, Reason
from tests.simulator.world import START, facts


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 1000),
    steps=st.lists(st.floats(0, 90, allow_nan=False), max_size=12),
)
def test_the_same_seed_and_end_give_the_same_world_in_any_steps(
    seed: int, steps: list[float]
) -> None:
    stepwise = Office(seed, 8, 40, start=START, churn=0.05)
    for step in steps:
        stepwise.advance(stepwise.now + step)
    at_once = Office(seed, 8, 40, start=START, churn=0.05)
    at_once.advance(stepwise.now)
    assert facts(stepwise) == facts(at_once)


def test_another_seed_is_another_office() -> None:
    assert facts(Office(1, start=START)) != facts(Office(2, start=START))


def test_a_clock_that_goes_back_changes_nothing() -> None:
    office = Office(start=START)
    office.advance(START + 60)
    before = facts(office)
    office.advance(START)
    assert facts(office) == before


def check_rules(office: Office) -> None:
    """What must be true at any moment."""
    active = [call for call in office.calls.values() if call.alive]
    assert office.active == len(active)
    legs = {leg for call in office.calls.values() for leg in call.legs}
    assert legs == set(office.legs.values())
    for call in office.calls.values():
        assert call.legs, "a call has legs"
        assert all(leg.call is call for leg in call.legs)
        if call.alive:
            assert call.live_legs()
            assert call.ended == 0
        else:
            assert not call.live_legs()
            assert office.now - call.ended <= LINGER
        for leg in call.legs:
            assert call.started <= leg.started <= office.now
            assert leg.answered == 0 or leg.started <= leg.answered <= office.now
            assert (leg.ended > 0) is not leg.alive
            if leg.state is LegState.TALKING:
                assert leg.answered
        assert (call.state is LegState.PARKED) is bool(call.slot)
        assert bool(call.slot) is (office.parked.get(call.slot) is call)
    for ext in office.building.extensions:
        assert ext.legs == [leg for leg in ext.legs if leg.alive and leg.extension is ext]
        talking = {leg.call for leg in ext.legs if leg.state is LegState.TALKING}
        assert len(talking) <= 1, f"{ext.number} talks on two calls"
        assert ext.reachable is any(device.online for device in ext.devices)
        assert (ext.pool_place >= 0) is (ext.reachable and not ext.legs and not ext.dnd)
        check_lamp(ext.lamp, ext.reachable, [(leg.state, leg.direction) for leg in ext.legs])
        assert ext.lamp_since <= office.now
    waiting = {call for queue in office.building.queues for call in queue.callers}
    assert waiting == {call for call in active if call.queued}
    for queue in office.building.queues:
        assert queue.received == queue.answered + queue.abandoned + len(queue.callers)
        assert set(queue.ready) == {agent for agent in queue.agents if agent.ready}
        order = [call.queued for call in queue.callers]
        assert order == sorted(order)


def check_lamp(lamp: Lamp, reachable: bool, legs: list[tuple[LegState, Direction]]) -> None:
    rung = (LegState.RINGING, Direction.OUTBOUND) in legs
    held = [state for state, _ in legs if state is LegState.HELD]
    if not reachable:
        assert lamp is Lamp.UNAVAILABLE
    elif not legs:
        assert lamp is Lamp.NOT_INUSE
    elif rung:
        ringing = legs.count((LegState.RINGING, Direction.OUTBOUND))
        assert lamp is (Lamp.RINGING if ringing == len(legs) else Lamp.RINGINUSE)
    else:
        assert lamp is (Lamp.ONHOLD if len(held) == len(legs) else Lamp.INUSE)


@pytest.mark.parametrize(("seed", "churn"), [(1, 0.012), (2, 0.05), (3, 0.2)])
def test_the_rules_hold_through_a_long_run_and_everything_happens(seed: int, churn: float) -> None:
    office = Office(seed, 30, 120, start=START, churn=churn, three_way=0.1)
    seen: Counter[object] = Counter()
    counts = []
    step = 0.11 / churn
    for _ in range(1500):
        office.advance(office.now + step)
        check_rules(office)
        counts.append(office.active)
        for call in office.calls.values():
            seen[call.state] += 1
            seen[call.direction] += 1
            seen[call.reason if not call.alive else Reason.NONE] += 1
            seen["three"] += len([leg for leg in call.legs if leg.state is LegState.TALKING]) > 2
            seen.update(leg.state for leg in call.legs)
            seen.update(leg.reason for leg in call.legs)
        seen.update(ext.lamp for ext in office.building.extensions)
        seen.update(agent.state for agent in office.building.agents)
        seen.update(flow.value for flow in office.building.flows)
    assert 0.8 * 30 < sum(counts) / len(counts) < 1.2 * 30
    never = {
        thing
        for thing in [
            *LegState,
            *Direction,
            *(set(Lamp) - {Lamp.UNKNOWN, Lamp.BUSY, Lamp.INVALID}),
            *Reason,
            *("ready", "ringing", "talking", "wrapup", "paused", "logged_out", "three"),
        ]
        if not seen[thing]
    }
    assert not never


def test_it_is_in_full_swing_at_the_start() -> None:
    office = Office(4, 200, start=START)
    check_rules(office)
    assert 140 <= office.active <= 260
    ages = sorted(START - call.started for call in office.calls.values())
    assert ages[0] < 10
    assert 30 < ages[len(ages) // 2] < 120
    assert ages[-1] > 120
    assert sum(bool(call.answered) for call in office.calls.values()) > 100
    assert any(not call.alive for call in office.calls.values()), "some have just ended"


def test_paused_agents_get_no_calls_from_queues() -> None:
    office = Office(5, 20, 100, start=START, churn=0.1)
    chosen = office.building.agents[::2]
    for agent in chosen:
        office.pause_agent(agent.extension.number, "Training")
    taken = [agent.calls_taken for agent in chosen]
    paused_at = office.now
    for _ in range(300):
        office.advance(office.now + 1)
        for agent in chosen:
            for leg in agent.extension.legs:
                assert not leg.call.queued or leg.started < paused_at
    before = [agent.calls_taken for agent in chosen]
    # A call which was already being talked on when the pause came has been counted already.
    assert before == taken
    assert all(agent.paused == "Training" for agent in chosen)


def test_many_calls_have_about_two_and_a_half_legs() -> None:
    office = Office(6, 2_000, start=START, churn=0.05, three_way=0.6)
    for _ in range(5):
        office.advance(office.now + 1)
    legs = sum(len(call.legs) for call in office.calls.values())
    assert 2.3 < legs / office.active < 2.9
    check_rules(office)


def test_an_office_without_calls_stays_quiet() -> None:
    office = Office(1, 0, 10, start=START)
    office.advance(START + 3600)
    assert not office.calls


@pytest.mark.parametrize(
    ("calls", "phones", "churn", "words"),
    [
        (100, 60, 0.01, "100 calls need at least 200 phones, not 60"),
        (12, 60, 0.0, "churn is a share of calls per second up to 0.5, not 0.0"),
        (-1, 60, 0.01, "there cannot be -1 calls"),
    ],
)
def test_an_office_that_cannot_be_says_why(
    calls: int, phones: int, churn: float, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Office(1, calls, phones, churn=churn)


def test_numbers_belong_to_nobody() -> None:
    office = Office(7, 300, start=START)
    for call in office.calls.values():
        for number in (call.caller.number, call.callee.number, call.did):
            if number.startswith("+1"):
                assert number[5:10] == "55501", number
            elif number.startswith("+44"):
                assert number[:10] in DRAMA, number
            else:
                assert len(number) <= 5


DRAMA = {
    "+442079460", "+441632960", "+441214960", "+441314960", "+441414960", "+441514960",
    "+441614960", "+441914980", "+447700900", "+441134960", "+441154960", "+441164960",
    "+441174960", "+441184960", "+442896496", "+442920180",
}  # fmt: skip
