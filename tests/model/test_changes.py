"""``diff`` finds every change and nothing else; ``apply`` carries it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxtui.model import (
    Agent,
    AgentState,
    Call,
    Caller,
    Device,
    DeviceState,
    Flow,
    Key,
    Kind,
    Lamp,
    LampState,
    Leg,
    LegState,
    Party,
    Queue,
    Snapshot,
    apply,
    diff,
)

T = TypeVar("T", Call, Device, Queue, Agent, Lamp, Flow)

IDS = st.sampled_from(["a", "b", "c", "d", "e"])
TIMES = st.none() | st.floats(0, 2e9)
WORDS = st.text(max_size=4)
PARTIES = st.builds(Party, WORDS, WORDS)
LEGS = st.builds(Leg, id=IDS, state=st.sampled_from(LegState), from_=PARTIES, started=TIMES)
SITE = st.just("hq")
CALLERS = st.builds(Caller, id=IDS, position=st.integers(1, 9), party=PARTIES)


def by_id(things: st.SearchStrategy[T]) -> st.SearchStrategy[Mapping[str, T]]:
    return st.lists(things, max_size=5).map(lambda found: {t.id: t for t in found})


SNAPSHOTS = st.builds(
    Snapshot,
    site=SITE,
    calls=by_id(
        st.builds(
            Call,
            site=SITE,
            id=IDS,
            state=st.sampled_from(LegState),
            from_=PARTIES,
            legs=st.lists(LEGS, max_size=3).map(tuple),
        )
    ),
    devices=by_id(st.builds(Device, site=SITE, id=IDS, state=st.sampled_from(DeviceState))),
    queues=by_id(
        st.builds(
            Queue,
            site=SITE,
            id=IDS,
            name=WORDS,
            callers=st.none() | st.lists(CALLERS, max_size=2).map(tuple),
        )
    ),
    agents=by_id(st.builds(Agent, site=SITE, id=IDS, state=st.sampled_from(AgentState))),
    lamps=by_id(st.builds(Lamp, site=SITE, id=IDS, state=st.sampled_from(LampState))),
    flows=by_id(st.builds(Flow, site=SITE, id=IDS, value=WORDS)),
)


@given(SNAPSHOTS, SNAPSHOTS)
def test_applying_the_difference_gives_the_other(before: Snapshot, after: Snapshot) -> None:
    assert apply(before, diff(before, after)) == after


@given(SNAPSHOTS, SNAPSHOTS)
def test_a_change_is_one_thing_that_differs(before: Snapshot, after: Snapshot) -> None:
    for change in diff(before, after):
        assert before.of(change.kind).get(change.key.id) == change.before
        assert after.of(change.kind).get(change.key.id) == change.after
        assert change.before != change.after


@given(SNAPSHOTS)
def test_nothing_changed_is_no_change(snapshot: Snapshot) -> None:
    rebuilt = snapshot.having(
        {kind: {id_: replace(thing) for id_, thing in snapshot.of(kind).items()} for kind in Kind}
    )
    assert diff(snapshot, rebuilt) == ()


@given(SNAPSHOTS, SNAPSHOTS)
def test_applying_leaves_the_old_snapshot_as_it_was(before: Snapshot, after: Snapshot) -> None:
    copy = before.having({kind: dict(before.of(kind)) for kind in Kind})
    apply(before, diff(before, after))
    assert before == copy


def test_a_change_names_the_fields_that_differ() -> None:
    ringing = Call("hq", "1", LegState.RINGING, from_=Party("447"))
    talking = replace(ringing, state=LegState.TALKING, answered=5.0)
    (change,) = diff(Snapshot("hq", calls={"1": ringing}), Snapshot("hq", calls={"1": talking}))
    assert change.key == Key("hq", "1")
    assert not change.added
    assert not change.removed
    assert change.fields() == {"state", "answered"}


def test_two_sites_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="'hq' and 'branch'"):
        diff(Snapshot("hq"), Snapshot("branch"))
