"""What is assumed is not shown on another call, nor kept for a site that is no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pbxtui.model import Call
from pbxtui.service.acting.keeping import Assumption, What, read, write
from tests.service.acting.test_assumed import ASSUMED_HELD, CALL, held
from tests.service.sites import NOON


async def test_another_call_with_the_same_ids_is_not_held(tmp_path: Path) -> None:
    first = _begun(CALL, NOON - 60.0)
    stage = await held(tmp_path, first)
    stage.restart()
    await stage.read(first)
    assert stage.state() == ASSUMED_HELD
    stage.restart()
    again = _begun(CALL, NOON + 3600.0)
    await stage.read(again)
    assert stage.call == again
    assert stage.assumed.of("hq") == []


@pytest.mark.parametrize("begun", [None, NOON - 62.0, NOON - 5.0, NOON + 1.0])
async def test_a_start_that_is_told_a_little_differently_is_the_same_call(
    tmp_path: Path, begun: float | None
) -> None:
    stage = await held(tmp_path, _begun(CALL, NOON - 60.0))
    await stage.read(_begun(CALL, begun))
    assert stage.state() == ASSUMED_HELD


def _begun(call: Call, at: float | None) -> Call:
    legs = tuple(replace(each, started=at) for each in call.legs)
    return replace(call, started=at, legs=legs)


async def test_what_a_site_left_that_was_renamed_is_not_kept_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "assumed.json"
    old, young = (
        Assumption(What.HELD, replace(CALL, site=site), "c1-own", NOON - days * 86_400.0)
        for site, days in (("gone", 8), ("branch", 6))
    )
    write(path, [old, young])
    stage = await held(tmp_path)
    assert stage.assumed.of("hq")
    assert {one.call.site for one in read(path).assumptions.values()} == {"hq", "branch"}
