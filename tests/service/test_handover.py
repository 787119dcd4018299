"""What becomes of a call that somebody lets go, told from its legs alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pbxtui.model import NOBODY, Call, Direction, Leg, LegState, Party
from pbxtui.service.handover import Fate, Handover, follow, waiting_party

TAXI = Party("+442079460958", "Harbour Taxi")
DESK, SHOP = Party("447", "Front desk"), Party("305", "Workshop")


def leg(
    id: str, state: LegState, who: Party = NOBODY, *, own: bool = True, since: float | None = None
) -> Leg:
    from_, to = (TAXI, who) if own else (who, NOBODY)
    return Leg(id, state, from_=from_, to=to, extension=who.number if own else "", since=since)


CALLER = leg("a", LegState.TALKING, TAXI, own=False)
ANNA = leg("b", LegState.TALKING, DESK)


def now(*legs: Leg, state: LegState = LegState.TALKING, **more: str) -> Call:
    return Call("hq", "c1", state, from_=TAXI, to=DESK, legs=legs, **more)  # type: ignore[arg-type]


def story(*calls: Call, start: float = 100.0, step: float = 5.0) -> Handover | None:
    """The story after a row of readings, ``step`` seconds apart."""
    known: Handover | None = None
    before: Call | None = None
    for number, call in enumerate(calls):
        known = follow(before, call, known, start + step * number)
        before = call
    return known


def told(known: Handover | None) -> tuple[str, str, str] | None:
    return (known.fate.value, known.by, known.to) if known is not None else None


RINGS = now(CALLER, leg("c", LegState.RINGING, SHOP, since=105.0), state=LegState.RINGING)


def test_a_call_like_any_other_has_no_story() -> None:
    rings = now(leg("a", LegState.RINGING, TAXI, own=False), leg("b", LegState.RINGING, DESK))
    held = now(CALLER, replace(ANNA, state=LegState.HELD))
    over = now(replace(CALLER, state=LegState.ENDED), state=LegState.ENDED)
    assert story(rings, now(CALLER, ANNA), held, now(CALLER, ANNA), over) is None


def test_a_ring_group_is_no_transfer() -> None:
    rings = [leg(id_, LegState.RINGING, who) for id_, who in (("b", DESK), ("c", SHOP))]
    assert story(now(CALLER, *rings), now(CALLER, ANNA)) is None


def test_a_blind_transfer_rings_and_is_answered() -> None:
    known = story(now(CALLER, ANNA), RINGS)
    assert told(known) == ("ringing", "447", "305")
    assert known is not None
    assert (known.since, known.waiting) == (105.0, 105.0)
    assert known.by_whom == "447  Front desk"
    answered = now(CALLER, leg("c", LegState.TALKING, SHOP, since=120.0))
    known = story(now(CALLER, ANNA), RINGS, answered)
    assert told(known) == ("answered", "447", "305")


def test_the_waiting_began_when_the_call_was_put_on_hold() -> None:
    held = now(CALLER, replace(ANNA, state=LegState.HELD, since=90.0))
    known = story(held, RINGS)
    assert known is not None
    assert known.waiting == 90.0


def test_a_reading_between_in_which_nothing_rings_loses_nothing() -> None:
    alone = now(CALLER)
    assert told(story(now(CALLER, ANNA), alone)) == ("left", "447", "")
    assert told(story(now(CALLER, ANNA), alone, RINGS)) == ("ringing", "447", "305")


def test_somebody_who_hangs_up_lets_nobody_go() -> None:
    over = now(replace(CALLER, state=LegState.ENDED), state=LegState.ENDED)
    known = story(now(CALLER, ANNA), now(CALLER), over)
    assert known is not None
    assert known.fate is Fate.LEFT


def test_a_leg_that_lingers_as_ended_has_left() -> None:
    ended = replace(ANNA, state=LegState.ENDED)
    rings = now(CALLER, ended, leg("c", LegState.RINGING, SHOP))
    assert told(story(now(CALLER, ANNA), rings)) == ("ringing", "447", "305")


def test_an_attended_transfer_is_answered_at_once() -> None:
    held = now(CALLER, replace(ANNA, state=LegState.HELD))
    joined = now(CALLER, leg("z", LegState.TALKING, SHOP))
    assert told(story(held, joined)) == ("answered", "447", "305")


def test_a_transfer_that_nobody_answers_comes_back() -> None:
    back = now(CALLER, leg("d", LegState.RINGING, DESK))
    taken = now(CALLER, leg("d", LegState.TALKING, DESK))
    assert told(story(now(CALLER, ANNA), RINGS, back)) == ("back", "447", "447")
    assert told(story(now(CALLER, ANNA), RINGS, back, taken)) == ("taken back", "447", "447")


def test_a_caller_who_gives_up_while_it_rings_is_gone() -> None:
    over = now(replace(CALLER, state=LegState.ENDED), state=LegState.ENDED)
    assert told(story(now(CALLER, ANNA), RINGS, over)) == ("gone", "447", "305")


def test_a_lost_call_is_not_said_to_be_gone() -> None:
    lost = now(replace(CALLER, state=LegState.LOST), state=LegState.LOST)
    assert told(story(now(CALLER, ANNA), RINGS, lost)) == ("ringing", "447", "305")
    assert told(story(now(CALLER, ANNA), RINGS, lost, RINGS)) == ("ringing", "447", "305")


def test_parked_then_taken_by_another_or_back() -> None:
    parked = now(
        replace(CALLER, state=LegState.PARKED, since=104.0), state=LegState.PARKED, parked_at="701"
    )
    known = story(now(CALLER, ANNA), replace(parked, from_=Party("701"), to=Party("700")))
    assert told(known) == ("parked", "447", "701")
    assert known is not None
    assert known.who == TAXI
    other = now(CALLER, leg("c", LegState.TALKING, SHOP))
    assert told(story(now(CALLER, ANNA), parked, other)) == ("answered", "447", "305")
    back = now(CALLER, leg("d", LegState.RINGING, DESK))
    assert told(story(now(CALLER, ANNA), parked, back)) == ("back", "447", "447")


def test_sent_into_a_queue() -> None:
    queued = now(replace(CALLER, state=LegState.QUEUED), state=LegState.QUEUED, queue="Support")
    assert told(story(now(CALLER, ANNA), queued)) == ("queued", "447", "Support")


def test_sent_to_a_ring_group() -> None:
    rings = now(CALLER, leg("c", LegState.RINGING, SHOP), leg("d", LegState.RINGING, Party("306")))
    assert told(story(now(CALLER, ANNA), rings)) == ("ringing", "447", "305 +1")


def test_an_internal_call_is_sent_on_by_the_end_that_leaves() -> None:
    asks = leg("a", LegState.TALKING, Party("202", "Stock"))
    rings = now(asks, leg("c", LegState.RINGING, SHOP))
    known = story(now(asks, ANNA), rings)
    assert told(known) == ("ringing", "447", "305")
    answered = now(asks, leg("c", LegState.TALKING, SHOP))
    assert told(story(now(asks, ANNA), rings, answered)) == ("answered", "447", "305")


def test_a_conference_that_one_leaves_goes_on() -> None:
    third = leg("c", LegState.TALKING, SHOP)
    assert story(now(CALLER, ANNA, third), now(CALLER, third)) is None


def test_sent_on_a_second_time() -> None:
    answered = now(CALLER, leg("c", LegState.TALKING, SHOP))
    again = now(CALLER, leg("e", LegState.RINGING, Party("306")))
    known = story(now(CALLER, ANNA), RINGS, answered, again)
    assert told(known) == ("ringing", "305", "306")


def test_who_waits_is_the_far_end() -> None:
    assert waiting_party(now(CALLER, ANNA), [CALLER], "447") == TAXI
    out = Leg("a", LegState.TALKING, from_=DESK, to=TAXI, device="pstn")
    call = Call("hq", "c1", LegState.TALKING, from_=DESK, to=TAXI, legs=(out, ANNA))
    assert waiting_party(call, [out], "447") == TAXI
    shown = Party("+441632960385", "Front desk")
    out = replace(out, from_=shown)
    call = replace(call, direction=Direction.OUTBOUND, from_=shown, legs=(out, ANNA))
    assert waiting_party(call, [out], "447") == TAXI
    inside = leg("a", LegState.TALKING, Party("202", "Stock"))
    assert waiting_party(now(inside, ANNA), [inside], "447") == Party("202", "Stock")


LEGS = st.builds(
    leg,
    st.sampled_from("abcd"),
    st.sampled_from(list(LegState)),
    st.sampled_from([DESK, SHOP, TAXI, NOBODY]),
    own=st.booleans(),
    since=st.none() | st.floats(0, 300),
)
CALLS = st.builds(
    lambda legs, state: now(*legs, state=state),
    st.lists(LEGS, max_size=4, unique_by=lambda one: one.id),
    st.sampled_from(list(LegState)),
)


@given(st.lists(CALLS, min_size=1, max_size=6))
def test_any_row_of_readings_gives_a_story_whose_times_are_past(calls: list[Call]) -> None:
    known = story(*calls)
    if known is not None:
        end = 100.0 + 5.0 * len(calls)
        assert known.since <= end
        assert known.waiting <= max(end, 300)
        assert known.by
        assert known.stayed or known.who.number
