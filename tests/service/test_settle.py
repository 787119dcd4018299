"""A call leaves the screen only with proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pbxtui.model import Call, Certainty, Leg, LegState
from pbxtui.service.settle import LINGER, settle

TALKING = Call(
    "hq", "c1", LegState.TALKING, legs=(Leg("l1", LegState.TALKING), Leg("l2", LegState.ENDED))
)


def calls(*found: Call) -> Mapping[str, Call]:
    return {call.id: call for call in found}


def test_a_call_that_vanished_is_lost_until_another_reading_agrees() -> None:
    lost = settle(calls(TALKING), {}, 100.0)["c1"]
    assert lost.state is LegState.LOST
    assert lost.certainty is Certainty.INFERRED
    assert lost.legs[0].state is LegState.LOST
    assert lost.legs[1].state is LegState.ENDED
    ended = settle(calls(lost), {}, 102.0)["c1"]
    assert ended.state is LegState.ENDED
    assert ended.ended == 102.0
    assert ended.reason


def test_a_lost_call_that_is_listed_again_was_never_gone() -> None:
    lost = settle(calls(TALKING), {}, 100.0)
    assert settle(lost, calls(TALKING), 102.0)["c1"] == TALKING


def test_an_ended_call_stays_ten_seconds_with_its_reason() -> None:
    ended = replace(TALKING, state=LegState.ENDED, ended=100.0, reason="caller hung up")
    assert settle(calls(ended), {}, 100.0 + LINGER - 0.1)["c1"].reason == "caller hung up"
    assert settle(calls(ended), {}, 100.0 + LINGER) == {}


def test_a_pushed_reading_proves_no_end() -> None:
    assert settle(calls(TALKING), {}, 100.0, full=False)["c1"] == TALKING


def test_an_end_without_a_time_gets_the_time_at_which_it_was_seen() -> None:
    ended = replace(TALKING, state=LegState.ENDED)
    first = settle(calls(TALKING), calls(ended), 100.0)
    assert first["c1"].ended == 100.0
    assert settle(first, calls(ended), 102.0)["c1"].ended == 100.0


def test_an_unchanged_call_stays_the_same_object() -> None:
    assert settle(calls(TALKING), calls(replace(TALKING)), 1.0)["c1"] is TALKING


STATES = st.sampled_from([LegState.RINGING, LegState.TALKING, LegState.HELD, LegState.ENDED])
READINGS = st.dictionaries(
    st.sampled_from("abcdef"), STATES.map(lambda state: Call("hq", "", state)), max_size=6
).map(lambda found: {id_: replace(call, id=id_) for id_, call in found.items()})


@given(st.lists(READINGS, max_size=8))
def test_over_any_readings_nothing_goes_in_one_step(readings: list[dict[str, Call]]) -> None:
    shown: Mapping[str, Call] = {}
    for step, reading in enumerate(readings):
        after = settle(shown, reading, 2.0 * step)
        assert set(reading) <= set(after) | {
            id_ for id_, call in reading.items() if call.state is LegState.ENDED
        }
        for id_, before in shown.items():
            if before.state not in (LegState.ENDED, LegState.LOST):
                assert id_ in after
        stayed = [id_ for id_ in shown if id_ in after]
        assert list(after)[: len(stayed)] == stayed
        shown = after
