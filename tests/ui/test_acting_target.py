"""Whatever the polls bring, an action is for the row that was under the cursor at its key."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from pbxtui.model import Call, Key, LegState, Party
from pbxtui.service.acting import Ticket
from pbxtui.ui.table import Child
from pbxtui.ui.widgets.columns import Row
from tests.ui.acting import acting_stage, asked, at_work, tickets
from tests.ui.stage import Stage, call

IDS = "abcde"
LOOKS = ("j", "k", "g", "G", "l", "h", "z", "greater_than_sign", "less_than_sign", "p", "n", "N")
ACTS = ("H", "P", "X", "X")

one = st.builds(
    lambda id, state, age, number: call(
        id, state, from_=Party(f"+44{number:03d}", id), to=Party(f"4{ord(id)}", "Desk"), age=age
    ),
    st.sampled_from(IDS),
    st.sampled_from(
        (LegState.TALKING, LegState.TALKING, LegState.HELD, LegState.RINGING, LegState.PARKED)
    ),
    st.floats(1, 900),
    st.integers(0, 999),
)
reading = st.lists(one, min_size=2, max_size=5, unique_by=lambda it: it.id)
act = st.tuples(
    st.just("act"),
    st.sampled_from(ACTS),
    st.sampled_from(("y", "y", "n")),
    st.one_of(st.none(), reading),
    st.sampled_from(("g", "j", "k", "l", "")),
)
step = st.one_of(
    act,
    act,
    st.tuples(st.just("read"), reading),
    st.tuples(st.just("look"), st.sampled_from(LOOKS)),
    st.tuples(st.just("filter"), st.sampled_from(("a", "state:talk", "!b", ""))),
)


@settings(
    max_examples=6,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(reading, st.lists(step, min_size=8, max_size=20))
def test_the_target_is_the_row_that_was_under_the_cursor(
    first: Sequence[Call], steps: Sequence[tuple[Any, ...]]
) -> None:
    with (
        tempfile.TemporaryDirectory() as place,
        mock.patch.dict(os.environ, {"XDG_STATE_HOME": str(Path(place))}),
    ):
        asyncio.run(_play(first, steps))


async def _play(first: Sequence[Call], steps: Sequence[tuple[Any, ...]]) -> None:
    stage = acting_stage(*(first or [call("a")]))
    pressed: list[tuple[str, str]] = []
    async with at_work(stage) as pilot:
        for what, *rest in steps:
            match what:
                case "read":
                    await _read(stage, pilot, rest[0])
                case "look":
                    await pilot.press(rest[0])
                case "filter":
                    await pilot.press("slash", *["backspace"] * 12, *_keys(rest[0]), "enter")
                case "act":
                    await _act(stage, pilot, rest, pressed)
        with contextlib.suppress(IndexError):
            await tickets(stage)[-1].answered()
        for action in asked(stage):
            call_, leg = getattr(action, "call", ""), getattr(action, "leg", "")
            assert any(call_ == id and of in ("", leg) for id, of in pressed), (action, pressed)


async def _act(
    stage: Stage, pilot: Pilot[None], rest: Sequence[Any], pressed: list[tuple[str, str]]
) -> None:
    key, answer, meanwhile, move = rest
    if move:
        await pilot.press(move)
    row, before = stage.app.calls.list.cursor, len(tickets(stage))
    shown = stage.app.calls.table.thing_of(row)
    await pilot.press(key)
    if stage.app.calls.question is not None:
        if meanwhile is None:
            calls = stage.fleet.site("hq").snapshot.calls.values()
            await _read(stage, pilot, [replace(one, queue="later") for one in calls])
        else:
            await _read(stage, pilot, meanwhile)
        await pilot.press(answer)
    assert len(tickets(stage)) <= before + 1
    for ticket in tickets(stage)[before:]:
        _is_for(ticket, row, shown)
        event("acted")
    if row is not None:
        pressed.append(_named(row))
    else:
        assert len(tickets(stage)) == before


def _is_for(ticket: Ticket, row: Row | None, shown: Call | None) -> None:
    chosen = ticket.plan.chosen
    assert row is not None
    assert chosen is not None
    assert chosen.thing is shown, "the row as it was shown at the key press, and no later one"
    id, leg = _named(row)
    assert getattr(ticket.plan.action, "call", "") == id
    assert chosen.leg == leg
    assert leg in ("", getattr(ticket.plan.action, "leg", ""))


def _named(row: Row) -> tuple[str, str]:
    if isinstance(row, Child):
        return row.parent, row.child
    assert isinstance(row, Key)
    return row.id, ""


async def _read(stage: Stage, pilot: Pilot[None], calls: Sequence[Call]) -> None:
    stage.clock.now += 3.0
    stage.give(*calls)
    await stage.read()
    await pilot.pause()


def _keys(text: str) -> list[str]:
    return [{":": "colon", "!": "exclamation_mark"}.get(char, char) for char in text]


async def test_the_snapshot_of_another_call_is_never_taken_for_it() -> None:
    """The same place in the list, another call: what was pressed is what is sent."""
    anna, bent = call("a"), call("b", from_=Party("+4422", "Bent"), to=Party("402", "Stock"))
    async with at_work(stage := acting_stage(anna, bent)) as pilot:
        await pilot.press("X")
        await _read(stage, pilot, [bent])
        await _read(stage, pilot, [bent])
        await pilot.press("y")
        await tickets(stage)[-1].answered()
        assert asked(stage) == []
        chosen = tickets(stage)[-1].plan.chosen
        assert chosen is not None
        assert chosen.thing.id == "a"
