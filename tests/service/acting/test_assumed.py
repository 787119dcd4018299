"""What a PBX accepted and does not show is kept, marked as assumed, until it is over."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbxtui.model import (
    Action,
    Call,
    Certainty,
    Hangup,
    Hold,
    LegState,
    Park,
    Party,
    Resume,
    Retrieve,
    Topic,
    Transfer,
)
from pbxtui.service import Site
from pbxtui.service.acting import Assumed
from pbxtui.service.acting.keeping import Assumption, What, read, write
from pbxtui.service.acting.shaping import HELD_WORDS, LONGEST
from tests.service.acting.pictures import CLOUD, OWN, WHOLE
from tests.service.acting.worlds import calls
from tests.service.sites import NOON, Clock, Desk, leg, site_over, talk

CALL = talk()
HOLD = Hold(**OWN)
AWAY = "+4570101112"


class Stage:
    """A site with an overlay, over a desk."""

    def __init__(self, folder: Path, *shown: Call) -> None:
        self.path = folder / "assumed.json"
        self.clock = Clock()
        self.desk = Desk()
        self.desk.show(*shown)
        self.site = site_over(self.desk, self.clock)
        self.restart()

    def restart(self) -> None:
        """Another process: a new site that has seen nothing, and what is on the disk."""
        self.site = site_over(self.desk, self.clock)
        self.assumed = Assumed(self.path)
        self.site.overlay = self.assumed.overlay("hq")

    async def read(self, *shown: Call) -> None:
        if shown:
            self.desk.show(*shown)
        await self.site.read(Topic.CALLS)

    def accepted(self, action: Action, *, shown: bool = False) -> None:
        call = self.site.snapshot.calls.get(getattr(action, "call", ""))
        self.assumed.accepted(action, call, self.site.now(), shown=shown)
        self.site.reshape()

    @property
    def call(self) -> Call:
        return self.site.snapshot.calls["c1"]

    def state(self) -> tuple[LegState, Certainty]:
        return self.call.state, self.call.certainty


ASSUMED_HELD = (LegState.HELD, Certainty.ASSUMED)
ASSUMED_PARKED = (LegState.PARKED, Certainty.ASSUMED)


async def held(folder: Path, *shown: Call) -> Stage:
    stage = Stage(folder, *(shown or (CALL,)))
    await stage.read()
    stage.accepted(HOLD)
    return stage


async def test_a_hold_shows_at_once_and_stays_with_its_reason(tmp_path: Path) -> None:
    stage = await held(tmp_path)
    for _ in range(4):
        assert stage.state() == ASSUMED_HELD
        assert stage.call.reason == HELD_WORDS
        out, own = stage.call.legs
        assert (own.state, own.certainty, own.since) == (*ASSUMED_HELD, NOON)
        assert out == CALL.legs[0]
        await stage.read()


async def test_a_hold_survives_a_restart_and_ends_with_the_call(tmp_path: Path) -> None:
    stage = await held(tmp_path)
    stage.restart()
    await stage.read()
    assert stage.state() == ASSUMED_HELD
    await stage.read(talk(state=LegState.ENDED))
    assert stage.state()[0] is LegState.ENDED
    assert stage.assumed.of("hq") == []
    stage.restart()
    await stage.read(CALL)
    assert stage.call == CALL


async def test_a_call_that_vanishes_takes_its_hold_with_it(tmp_path: Path) -> None:
    stage = await held(tmp_path)
    await stage.read(talk("c2"))
    assert stage.state()[0] is LegState.LOST
    assert stage.assumed.of("hq"), "one reading proves no end"
    await stage.read(talk("c2"))
    assert stage.state()[0] is LegState.ENDED
    assert stage.assumed.of("hq") == []


async def test_a_call_that_comes_back_is_still_held(tmp_path: Path) -> None:
    stage = await held(tmp_path)
    await stage.read(talk("c2"))
    await stage.read(CALL)
    assert stage.state() == ASSUMED_HELD


async def test_an_accepted_resume_ends_a_hold(tmp_path: Path) -> None:
    stage = await held(tmp_path)
    stage.accepted(Resume(**OWN))
    assert stage.call == CALL
    stage.restart()
    await stage.read()
    assert stage.call == CALL


@pytest.mark.parametrize(
    "shown",
    [
        talk(own=LegState.RINGING),
        talk(own=LegState.PARKED),
        replace(CALL, legs=(CALL.legs[0], replace(CALL.legs[1], state=LegState.ENDED))),
        talk(own=LegState.HELD),
    ],
)
async def test_what_the_pbx_shows_itself_wins(tmp_path: Path, shown: Call) -> None:
    stage = await held(tmp_path)
    await stage.read(shown)
    assert stage.call == shown
    assert stage.assumed.of("hq") == []
    await stage.read(CALL)
    assert stage.call == CALL


async def test_a_leg_that_is_gone_is_held_no_more(tmp_path: Path) -> None:
    stage = await held(tmp_path)
    for _ in range(2):
        await stage.read(replace(CALL, legs=CALL.legs[:1]))
    assert stage.assumed.of("hq") == []


async def test_a_call_in_which_another_phone_talks_is_not_held_as_a_whole(tmp_path: Path) -> None:
    three = replace(
        CALL, legs=(*CALL.legs, leg("third", extension="220", to=Party("220"), bridge="b-c1"))
    )
    stage = await held(tmp_path, three)
    assert stage.state()[0] is LegState.TALKING
    assert stage.call.legs[1].state is LegState.HELD


async def test_what_is_shown_is_not_assumed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, CALL)
    await stage.read()
    stage.accepted(HOLD, shown=True)
    assert stage.call == CALL
    assert not stage.path.exists()


# --- parked, sent on -----------------------------------------------------------------------------


async def test_a_parked_call_that_is_listed_on_is_shown_as_parked(tmp_path: Path) -> None:
    stage = Stage(tmp_path, CALL)
    await stage.read()
    stage.accepted(Park(**OWN))
    assert stage.state() == (LegState.TALKING, Certainty.SEEN), "the list still has both talking"
    stays = replace(CALL, legs=CALL.legs[:1])
    await stage.read(stays)
    assert stage.state() == ASSUMED_PARKED
    assert stage.call.legs[0].state is LegState.PARKED
    stage.restart()
    await stage.read()
    assert stage.state() == ASSUMED_PARKED
    taken_back = replace(CALL, legs=(CALL.legs[0], leg("new", extension="305", bridge="b")))
    for _ in range(2):
        await stage.read(taken_back)
        assert stage.call == taken_back
    assert stage.assumed.of("hq") == []


async def test_a_parked_call_that_is_listed_no_more_is_kept_for_a_while(tmp_path: Path) -> None:
    stage = Stage(tmp_path, CLOUD)
    await stage.read()
    stage.accepted(Park(**OWN))
    stage.desk.show()
    for _ in range(3):
        await stage.read()
        assert stage.state() == ASSUMED_PARKED
        assert stage.call.from_ == CLOUD.from_
        assert stage.call.legs == ()
    stage.restart()
    await stage.read()
    assert stage.state() == ASSUMED_PARKED
    stage.clock.now += LONGEST[What.PARKED] + 1
    await stage.read()
    assert stage.state()[0] is LegState.LOST
    await stage.read()
    assert stage.state()[0] is LegState.ENDED


async def test_who_takes_a_parked_call_back_ends_it(tmp_path: Path) -> None:
    stage = Stage(tmp_path, CLOUD)
    await stage.read()
    stage.accepted(Park(**OWN))
    stage.desk.show()
    await stage.read()
    stage.accepted(Retrieve(**WHOLE, extension="305"))
    assert stage.assumed.of("hq") == []


async def test_a_park_that_the_pbx_shows_is_its_own(tmp_path: Path) -> None:
    stage = Stage(tmp_path, CALL)
    await stage.read()
    stage.accepted(Park(**OWN))
    parked = replace(
        CALL, state=LegState.PARKED, legs=(replace(CALL.legs[0], state=LegState.PARKED),)
    )
    await stage.read(parked)
    assert stage.call == parked
    assert stage.assumed.of("hq") == []


async def test_who_was_sent_outside_is_shown_for_a_minute(tmp_path: Path) -> None:
    stage = Stage(tmp_path, CLOUD)
    await stage.read()
    stage.accepted(Transfer(**OWN, to=AWAY))
    stage.desk.show()
    await stage.read()
    assert stage.state() == (LegState.RINGING, Certainty.ASSUMED)
    assert stage.call.to == Party(AWAY)
    assert AWAY in stage.call.reason
    stage.clock.now += LONGEST[What.MOVED] + 1
    await stage.read()
    assert stage.state()[0] is LegState.LOST


async def test_who_was_sent_on_and_is_seen_there_is_assumed_no_more(tmp_path: Path) -> None:
    stage = Stage(tmp_path, CALL)
    await stage.read()
    stage.accepted(Transfer(**OWN, to=AWAY))
    there = replace(CALL, legs=(CALL.legs[0], leg("n", LegState.RINGING, from_=Party(AWAY))))
    await stage.read(there)
    assert stage.call == there
    assert stage.assumed.of("hq") == []


async def test_parking_ends_a_hold_and_hanging_up_ends_everything(tmp_path: Path) -> None:
    stage = await held(tmp_path)
    stage.accepted(Park(**OWN))
    assert [one.what for one in stage.assumed.of("hq")] == [What.PARKED]
    stage.accepted(Hangup(**WHOLE))
    assert stage.assumed.of("hq") == []


# --- on the disk ---------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes here")
async def test_it_is_the_owners_alone_and_no_scrap_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"
    await held(folder)
    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_two_processes_keep_what_both_know(tmp_path: Path) -> None:
    stage = await held(tmp_path, CALL, talk("c2"))
    other = Assumed(stage.path)
    other.accepted(Hold(site="hq", call="c2", leg="c2-own"), talk("c2"), NOON, shown=False)
    await stage.read()
    states = {id: call.state for id, call in stage.site.snapshot.calls.items()}
    assert states == {"c1": LegState.HELD, "c2": LegState.HELD}
    stage.accepted(Resume(**OWN))
    assert [one.call.id for one in Assumed(stage.path).of("hq")] == ["c2"]


async def test_changes_that_are_written_later_are_known_at_once(tmp_path: Path) -> None:
    later: list[Callable[[], None]] = []
    stage = Stage(tmp_path, CALL, talk("c2"))
    stage.assumed.later = later.append
    await stage.read()
    stage.accepted(HOLD)
    stage.accepted(Hold(site="hq", call="c2", leg="c2-own"))
    later.pop(0)()
    await stage.read()
    assert len(stage.assumed.of("hq")) == 2
    assert [one.call.id for one in Assumed(stage.path).of("hq")] == ["c1", "c2"]


async def test_a_place_that_cannot_be_written_to_loses_nothing_before_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    stage = await held(file)
    assert stage.state() == ASSUMED_HELD
    assert "cannot be kept" in caplog.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_a_broken_file_is_no_assumption(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "assumed.json"
    path.write_bytes(content)
    assert Assumed(path).of("hq") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(calls(), st.sampled_from(What), st.sampled_from(["", "447"]))
def test_what_is_written_is_read(tmp_path: Path, call: Call, what: What, to: str) -> None:
    path = tmp_path / "assumed.json"
    clean = replace(call, queue="", parked_at="", reason="", ended=None)
    one = Assumption(what, clean, "1", 5.0, to, ("1", "2"))
    write(path, [one])
    (found,) = read(path).assumptions.values()
    assert (found.what, found.leg, found.since, found.to) == (what, "1", 5.0, to)
    assert found.leaving == ("1", "2")
    assert (found.call.id, found.call.state) == (call.id, call.state)
    assert [leg.id for leg in found.call.legs] == [leg.id for leg in call.legs]
    write(path, [found])
    assert list(read(path).assumptions.values()) == [found]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(["assumed", "call", "what", "id", "legs", "state", "site"]), x
            )
        ),
    )
)
def test_somebody_elses_json_is_no_assumption(value: object) -> None:

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "assumed.json")
        path.write_text(json.dumps({"assumed": [value]}))
        assert read(path).assumptions == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(calls(), calls(), st.sampled_from([Hold, Park]), st.booleans())
def test_over_whatever_is_listed_nothing_breaks(
    tmp_path: Path, then: Call, now: Call, kind: type[Hold] | type[Park], full: bool
) -> None:
    path = tmp_path / "assumed.json"
    path.unlink(missing_ok=True)
    assumed = Assumed(path)
    leg_id = then.legs[0].id if then.legs else ""
    assumed.accepted(kind(site="hq", call=then.id, leg=leg_id), then, 0.0, shown=False)
    for _ in range(3):
        shown = assumed.overlay("hq")({now.id: now}, 1.0, full)
        assert set(shown) <= {then.id, now.id}
        if now.over:
            assert shown[now.id] == now


def test_a_site_knows_only_its_own(tmp_path: Path) -> None:
    assumed = Assumed(tmp_path / "assumed.json")
    assumed.accepted(HOLD, CALL, NOON, shown=False)
    listed = {"c1": replace(CALL, site="branch")}
    assert assumed.overlay("branch")(listed, NOON, True) is listed
    assert isinstance(site_over(Desk(), Clock()), Site)
