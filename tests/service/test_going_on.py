"""Calls that go on under another id, and those that only look so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import Call, Key, Kind, Leg, LegState, Party, Snapshot, diff
from pbxtui.service.going_on import WINDOW, Handovers
from pbxtui.service.handover import Handover
from tests.backends.asterisk.recorded import NOW, Heard, at, events

TAXI = Party("+442079460958", "Harbour Taxi")
COURIER = Party("+441632960044", "City Couriers")
DESK, SHOP = Party("447", "Front desk"), Party("305", "Workshop")


def call(
    id: str,
    who: Party,
    state: LegState = LegState.TALKING,
    *,
    caller: Party = TAXI,
    started: float | None = 100.0,
    trunk: str = "",
) -> Call:
    """Somebody of outside with one phone; the trunk's leg has that id, or one of the call's."""
    far = Leg(trunk or f"{id}-t", state, from_=caller, to=who, started=started)
    own = Leg(f"{id}-o", state, from_=caller, to=who, extension=who.number, started=started)
    return Call("hq", id, state, from_=caller, to=who, started=started, legs=(far, own))


class Watched:
    """Readings one after another, as a site publishes them."""

    def __init__(self, *calls: Call) -> None:
        self.known = Handovers()
        self.snapshot = Snapshot("hq")
        self.reads(0.0, *calls)

    def reads(self, now: float, *calls: Call) -> Watched:
        after = self.snapshot.having({Kind.CALLS: {one.id: one for one in calls}})
        for change in diff(self.snapshot, after):
            before, then = change.before, change.after
            assert before is None or isinstance(before, Call)
            assert then is None or isinstance(then, Call)
            self.known.take(change.key, before, then, now)
        self.known.join(lambda site: now)
        self.snapshot = after
        return self

    def story(self, id: str) -> tuple[str, str, str] | None:
        story = self.known.stories.get(Key("hq", id))
        return told(story) if story is not None else None


def told(story: Handover) -> tuple[str, str, str]:
    return story.fate.value, story.by, story.to


AT_DESK = call("a", DESK)


@pytest.mark.parametrize("overlap", [False, True], ids=["at once", "the new one first"])
def test_a_leg_that_is_on_both_calls_carries_the_story(overlap: bool) -> None:
    rings = call("b", SHOP, LegState.RINGING, started=160.0, trunk="a-t")
    rings = replace(rings, legs=(replace(rings.legs[0], state=LegState.TALKING), rings.legs[1]))
    seen = Watched(AT_DESK)
    if overlap:
        seen.reads(58.0, AT_DESK, rings)
    seen.reads(60.0, rings)
    assert seen.story("b") == ("ringing", "447", "305")
    assert seen.known.stories[Key("hq", "b")].who == TAXI
    seen.reads(66.0, call("b", SHOP, started=160.0, trunk="a-t"))
    assert seen.story("b") == ("answered", "447", "305")
    assert seen.story("a") is None


def test_the_same_caller_with_the_same_start_is_the_same_call() -> None:
    seen = Watched(AT_DESK).reads(60.0, call("b", SHOP, LegState.RINGING, started=100.9))
    assert seen.story("b") == ("ringing", "447", "305")


def test_whoever_hangs_up_and_calls_again_is_not_transferred() -> None:
    assert Watched(AT_DESK).reads(60.0, call("b", SHOP, started=159.0)).story("b") is None


def test_another_caller_is_another_call() -> None:
    assert Watched(AT_DESK).reads(60.0, call("b", SHOP, caller=COURIER)).story("b") is None


def test_of_two_that_fit_neither_is_taken() -> None:
    seen = Watched(AT_DESK, replace(AT_DESK, id="a2"))
    seen.reads(60.0, call("b", SHOP))
    assert seen.story("b") is None


def test_a_new_id_at_the_same_phone_is_no_transfer() -> None:
    assert Watched(AT_DESK).reads(60.0, call("b", DESK)).story("b") is None


def test_what_comes_long_after_is_another_call() -> None:
    seen = Watched(AT_DESK).reads(60.0).reads(60.0 + WINDOW + 1, call("b", SHOP))
    assert seen.story("b") is None


def test_a_transfer_of_our_own_is_believed_where_the_caller_is_at_that_phone() -> None:
    seen = Watched(AT_DESK)
    seen.known.transferred(Key("hq", "a"), "305", "", 59.0)
    seen.reads(60.0, call("b", SHOP, LegState.RINGING, started=160.0))
    assert seen.story("b") == ("ringing", "447", "305")
    seen = Watched(AT_DESK)
    seen.known.transferred(Key("hq", "a"), "999", "", 59.0)
    seen.reads(60.0, call("b", SHOP, LegState.RINGING, started=160.0))
    assert seen.story("b") is None


def test_the_id_that_the_pbx_named_is_believed() -> None:
    seen = Watched(AT_DESK)
    seen.known.transferred(Key("hq", "a"), "305", "b", 59.0)
    seen.reads(60.0, call("b", SHOP, LegState.RINGING, caller=Party(""), started=None))
    assert seen.story("b") == ("ringing", "447", "305")


def test_a_phone_that_leaves_two_calls_has_joined_them() -> None:
    """As Telphin shows it, which lists only its own phones."""
    with_caller = Leg("a-o", LegState.TALKING, from_=TAXI, to=DESK, extension="447")
    asking = Leg("b-1", LegState.TALKING, from_=DESK, to=SHOP, extension="447")
    asked = Leg("b-2", LegState.TALKING, from_=DESK, to=SHOP, extension="305")
    first = Call("hq", "a", LegState.TALKING, from_=TAXI, to=DESK, legs=(with_caller,))
    second = Call("hq", "b", LegState.TALKING, from_=DESK, to=SHOP, legs=(asking, asked))
    joined = replace(second, from_=TAXI, legs=(replace(asked, from_=TAXI),))
    seen = Watched(first, second).reads(60.0, joined)
    assert seen.story("b") == ("answered", "447", "305")
    assert seen.known.stories[Key("hq", "b")].who == TAXI
    seen = Watched(first, second).reads(60.0, replace(second, legs=(asked,)))
    assert (seen.story("b") or ("left",))[0] == "left", "the caller hung up, nobody was joined"


# --- as a real Asterisk sent it -------------------------------------------------------------------


def heard(first: str, then: str) -> tuple[Handovers, list[tuple[str, str, str]]]:
    """The stories told while the events of a capture come in."""
    office, known = Heard().lists(first), Handovers()
    found: list[tuple[str, str, str]] = []
    calls = {one.id: one for one in office.calls()}
    for message in events(then):
        office.office.take_event(message, at(message))
        after = {one.id: one for one in office.calls(at(message))}
        for id in calls.keys() | after.keys():
            known.take(Key("lab", id), calls.get(id), after.get(id), at(message))
        calls = after
        found += [one for one in map(told, known.stories.values()) if one not in found]
    return known, found


def test_a_blind_transfer_on_a_real_asterisk() -> None:
    _, found = heard("blind-transfer-before", "blind-transfer")
    assert [one for one in found if one[0] != "left"] == [("ringing", "1002", "1006")]


def test_a_consultation_on_a_real_asterisk_and_its_end() -> None:
    known, found = heard("attended-transfer-before", "attended-transfer-ringing")
    assert found == [], "whoever transfers is still there"
    office = Heard().lists("attended-transfer-before").events("attended-transfer-ringing")
    consulting = office.lists("attended-transfer-consulting").call()
    waits, by, asked = consulting.legs
    assert (waits.state, by.extension, asked.extension) == (LegState.HELD, "1002", "1006")
    together = replace(
        consulting, legs=(replace(waits, state=LegState.TALKING, bridge=by.bridge), asked)
    )
    known.take(consulting.key, consulting, together, NOW)
    assert told(known.stories[consulting.key]) == ("answered", "1002", "1006")


def test_the_end_of_a_conference_of_three_is_no_transfer() -> None:
    consulting = Heard().lists("attended-transfer-consulting").call()
    one = replace(
        consulting,
        legs=tuple(replace(leg, state=LegState.TALKING, bridge="x") for leg in consulting.legs),
    )
    known = Handovers()
    known.take(one.key, one, replace(one, legs=(one.legs[0], one.legs[2])), NOW)
    assert one.key not in known.stories
