"""The header: one line at every width, and what a narrow one says before all else."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pbxtui.backends.base import BackendError
from pbxtui.model import Caller, Device, DeviceState, Freshness, Party, Queue
from pbxtui.ui.heading import WIDE, Tab, Totals, Worst, header, worst_site
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.views import VIEWS
from tests.ui.seen import lines, shown
from tests.ui.stage import NOON, Stage, call, set_stage

WIDTHS = (80, 100, 120, 200)
BUSY = Totals(5, 4, 1214, 1021, 1040, 13, 642.0, Worst("branch", Freshness.BLIND, 40.0))
CALM = Totals(1, 1, 3, 21, 21, 0, None)


def said(
    width: int,
    sums: Totals | None,
    *,
    note: str = "demo",
    profile: str = "NOC · locked",
    frozen: str = "",
    own: str = "",
    view: str = "calls",
) -> str:
    """The header as text."""
    looks = Looks()
    tabs = [Tab(spec.key, spec.name, spec.name == view) for spec in VIEWS]
    mine = [(own, looks.style(Tone.PLAIN))] if own else []
    pieces = header(looks, width, tabs, profile, "12:00:00", sums, note, mine, frozen)
    return "".join(text for text, _ in pieces)


@pytest.mark.parametrize(("width", "sums"), product(WIDTHS, (BUSY, CALM, None)))
def test_it_fills_one_line_and_ends_with_the_time(width: int, sums: Totals | None) -> None:
    line = said(width, sums)
    assert cell_len(line) == width
    assert line.endswith(" 12:00:00")
    assert "NOC · locked" in line


@pytest.mark.parametrize("view", [spec.name for spec in VIEWS])
def test_80_columns_hold_who_the_counts_and_the_worst_site(view: str) -> None:
    line = said(80, BUSY, view=view)
    assert [word in line for word in (view, "NOC · locked", "branch blind")] == [True] * 3
    assert [word in line for word in ("1 214 calls", "19 off", "wait 10m")] == [True] * 3


def test_a_quiet_hour_says_the_long_forms_at_80_columns() -> None:
    line = said(80, CALM)
    assert "21/21 phones" in line
    assert "0 waiting" in line
    assert "demo" in line


def test_120_columns_hold_the_long_forms() -> None:
    line = said(120, BUSY)
    assert line.startswith("calls  NOC · locked  demo")
    assert said(120, CALM).startswith("pbxtui  calls  NOC · locked  demo")
    assert "4/5 sites" in line
    assert "1 021/1 040 phones" in line
    assert "13 waiting 10m" in line
    assert "branch blind 0:40" in line


def test_200_columns_name_every_view() -> None:
    line = said(200, BUSY)
    assert all(f"{spec.key} {spec.name}" in line for spec in VIEWS)
    assert "[1 calls]" in line


def test_a_long_note_gives_way_to_every_count_and_is_whole_where_there_is_room() -> None:
    note = "demo: no config yet; pbxtui init writes one"
    assert said(80, BUSY, note=note) == said(80, BUSY, note="demo")
    assert "13 waiting 10m" in said(120, BUSY, note=note)
    assert note not in said(80, CALM, note=note)
    assert note in said(120, CALM, note=note)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_that_stands_still_says_so_before_any_count(width: int) -> None:
    assert "frozen 11:59:00" in said(width, BUSY, frozen="frozen 11:59:00")


def test_what_drops_drops_in_one_order() -> None:
    """Each narrower header says no more than the one a column wider."""
    note = "demo: no config yet; pbxtui init writes one"
    order = (
        ("branch blind",),
        ("wait",),
        ("off", "phones"),
        ("1 214 calls",),
        ("demo",),
        ("0:40",),
        ("1 021/1 040 phones",),
        ("13 waiting",),
        ("no config yet",),
        ("4/5 sites",),
        ("pbxtui  calls", "pbxtui [1 calls]"),
        ("2 devices",),
    )
    numbers = []
    for width in range(40, 230):
        line = said(width, BUSY, note=note)
        has = [any(word in line for word in words) for words in order]
        numbers.append(has.index(False) if False in has else len(has))
        assert not any(has[numbers[-1] :]), line
    below, above = numbers[: WIDE - 40], numbers[WIDE - 40 :]
    assert below == sorted(below)
    assert above == sorted(above)
    assert numbers[0] <= 1
    assert numbers[-1] == len(order)


@given(
    st.integers(30, 220),
    st.builds(
        Totals,
        st.integers(1, 99),
        st.integers(0, 99),
        st.none() | st.integers(0, 99_999),
        st.none() | st.integers(0, 99_999),
        st.none() | st.integers(0, 99_999),
        st.none() | st.integers(0, 999),
        st.none() | st.floats(0, 1e6),
        st.none()
        | st.builds(
            Worst,
            st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), max_size=40),
            st.sampled_from([Freshness.LATE, Freshness.STALE, Freshness.BLIND]),
            st.floats(0, 1e6),
        ),
    ),
    st.sampled_from(["", "demo", "demo: no config yet; pbxtui init writes one"]),
    st.sampled_from(["NOC · locked", "reception · 447 · unlocked 9:59", ""]),
    st.sampled_from(["", "frozen 12:00:00"]),
    st.sampled_from(["", "12 held 3:10 !"]),
)
def test_it_is_never_wider_than_the_screen(
    width: int, sums: Totals, note: str, profile: str, frozen: str, own: str
) -> None:
    line = said(width, sums, note=note, profile=profile, frozen=frozen, own=own)
    assert cell_len(line) == width
    assert line.endswith("12:00:00")


def office(*names: str) -> Stage:
    """Sites with a call, a phone that is on and one that is off, and somebody who waits."""
    things = [
        (
            call("a", site=name),
            Device(name, "p1", DeviceState.REGISTERED, extension="401"),
            Device(name, "p2", DeviceState.UNREGISTERED, extension="402"),
            Queue(name, "q1", "Sales", callers=(Caller("w", 1, Party("+44"), NOON - 47),)),
        )
        for name in names
    ]
    return set_stage(*(one for group in things for one in group), sites=names)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("names", [("hq",), ("hq", "branch", "cloud", "lab", "depot")], ids=len)
async def test_a_site_that_fails_is_named_at_every_width(
    width: int, names: tuple[str, ...]
) -> None:
    async with shown(stage := office(*names), size=(width, 24)) as pilot:
        assert "blind" not in lines(stage)[0]
        last = names[-1]
        stage.backends[last].error = BackendError("no answer")
        stage.clock.now += 11 * 3600
        with pytest.raises(BackendError):
            await stage.read(last)
        for name in names[:-1]:
            await stage.read(name)
        stage.app._tick()
        await pilot.pause()
        head = lines(stage)[0]
        assert f"{last} blind" in head
        assert f"{len(names)} call" in head
        assert len(head) <= width


def test_a_site_that_was_not_asked_yet_is_not_the_worst() -> None:
    assert worst_site(office("hq").fleet) is None
