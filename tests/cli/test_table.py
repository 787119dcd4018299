"""The table of ``pbxtui list``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pbxtui.cli.rows import COLUMNS
from pbxtui.cli.table import MAX_WIDTH, cut, duration, table
from pbxtui.model import (
    Agent,
    AgentState,
    Call,
    Caller,
    Certainty,
    Direction,
    Flow,
    Kind,
    Lamp,
    LampState,
    LegState,
    Party,
    Queue,
    clean,
)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0, "0:00"),
        (-5, "0:00"),
        (9.9, "0:09"),
        (133, "2:13"),
        (3599, "59:59"),
        (3733, "1:02:13"),
        (360_000, "100:00:00"),
    ],
)
def test_durations(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


def test_columns_are_aligned_by_what_a_terminal_shows() -> None:
    lines = list(table(("A", "B", "C"), [("佐藤", "x", "1"), ("e\u0301", "yy", "22")], "..r"))

    assert lines == ["A     B    C", "佐藤  x    1", "e\u0301     yy  22"]


@given(st.text(), st.text())
def test_no_text_from_outside_breaks_a_line_or_a_column(first: str, second: str) -> None:
    rows = [(clean(first), "end"), (clean(second), "end")]

    header, *lines = table(("NAME", "LAST"), rows)

    at = header.index("LAST")
    for line in lines:
        assert line.endswith("end")
        assert cell_len(line.removesuffix("end")) == at
        assert at <= MAX_WIDTH + 2
        assert all(char.isprintable() or char in "\u200c\u200d" for char in line)


@given(st.text())
def test_a_long_text_is_cut_to_its_columns(text: str) -> None:
    shown = cut(clean(text), 10)

    assert cell_len(shown) <= 10
    if cell_len(clean(text)) <= 10:
        assert shown == clean(text)


def row(kind: Kind, thing: object, now: float = 1000.0) -> dict[str, str]:
    columns = COLUMNS[kind]
    cells = columns.cells(thing, now)  # type: ignore[arg-type]
    assert len(cells) == len(columns.titles) == len(columns.right)
    return dict(zip(columns.titles, cells, strict=True))


def test_a_call() -> None:
    call = Call(
        "hq",
        "c1",
        LegState.HELD,
        Certainty.ASSUMED,
        Direction.INBOUND,
        Party("+442079460958", "Harbour Taxi"),
        Party("447", "Front desk"),
        started=840.0,
        since=867.0,
        queue="support",
    )

    assert list(COLUMNS[Kind.CALLS].cells(call, 1000.0)) == [
        *("hq", "held~", "inbound", "+442079460958", "Harbour Taxi", "447", "Front desk"),
        *("support", "2:13", "2:40"),
    ]


def test_queues_agents_lamps_and_flows() -> None:
    waiting = (Caller("a", 1, joined=953.0), Caller("b", 2, joined=990.0))
    queue = row(Kind.QUEUES, Queue("hq", "281", "Sales", callers=waiting, available=3, answered=12))
    assert queue["WAITING"] == "2"
    assert queue["LONGEST"] == "0:47"
    assert queue["AVAILABLE"] == "3"
    assert queue["ABANDONED"] == ""
    assert row(Kind.QUEUES, Queue("hq", "281"))["WAITING"] == ""

    paused = Agent(
        "hq", "a", AgentState.PAUSED, name="Zoë", queues=("281", "282"), paused_reason="lunch"
    )
    assert row(Kind.AGENTS, paused)["QUEUES"] == "281, 282"
    assert row(Kind.AGENTS, paused)["STATE"] == "paused"

    lamp = Lamp("hq", "447", LampState.RINGING_IN_USE, extension="447", since=990.0)
    assert row(Kind.LAMPS, lamp)["STATE"] == "ringing_in_use"
    assert row(Kind.LAMPS, lamp)["SINCE"] == "0:10"
    assert row(Kind.FLOWS, Flow("hq", "1", number="*28", value="night"))["VALUE"] == "night"
