"""The grid's geometry: every row has its place, and keys lead from each to each."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pbxtui.ui.grid import TILE, Layout, lay

SITES = ["branch", "hq", "lab"]
LAMPS = st.lists(
    st.tuples(st.sampled_from(SITES), st.sampled_from(["1xx", "44xx", "other"])), max_size=120
).map(sorted)
SWITCHES = st.lists(st.sampled_from(SITES), max_size=12).map(sorted)
WIDTHS = st.integers(min_value=40, max_value=220)


def laid(lamps: list[tuple[str, str]], switches: list[str], width: int) -> Layout:
    return lay(lamps, switches, [("cloud", "has none")], width, several=True, title="switches")


def hundreds(*numbers: int) -> list[tuple[str, str]]:
    return [("hq", f"{number // 100}xx") for number in numbers]


@given(LAMPS, SWITCHES, WIDTHS)
def test_every_row_stands_once_inside_the_width_and_none_over_another(
    lamps: list[tuple[str, str]], switches: list[str], width: int
) -> None:
    layout = laid(lamps, switches, width)
    seen = []
    for number, line in enumerate(layout.lines):
        end = layout.labels.width
        for spot in line.spots:
            assert spot.x >= end
            end = spot.x + spot.width
            seen.append(spot.row)
            assert layout.line_of(spot.row) == number
            assert layout.spot_of(spot.row) == spot
            assert layout.at(number, spot.x) == spot.row == layout.at(number, end - 1)
        assert end <= width
    assert sorted(seen) == [*range(len(lamps) + len(switches))]


@given(LAMPS, SWITCHES, WIDTHS)
def test_no_line_holds_two_groups(
    lamps: list[tuple[str, str]], switches: list[str], width: int
) -> None:
    for line in laid(lamps, switches, width).lines:
        groups = {lamps[spot.row] for spot in line.spots if spot.row < len(lamps)}
        assert groups <= {(line.site, line.range)}


@given(LAMPS, SWITCHES, WIDTHS, st.integers(-60, 60).filter(bool))
def test_up_and_down_lead_to_a_row_that_way_or_nowhere(
    lamps: list[tuple[str, str]], switches: list[str], width: int, by: int
) -> None:
    layout = laid(lamps, switches, width)
    for index in range(len(lamps) + len(switches)):
        to = layout.over(index, by, layout.spot_of(index).middle)
        gone = layout.line_of(to) - layout.line_of(index)
        assert gone * by >= 0
        if gone == 0:
            way = range(layout.line_of(index) + 1, len(layout))
            if by < 0:
                way = range(layout.line_of(index))
            assert to == index
            assert not any(layout.lines[number].spots for number in way)


@given(LAMPS, SWITCHES, WIDTHS)
def test_to_the_right_again_and_again_leads_past_every_row(
    lamps: list[tuple[str, str]], switches: list[str], width: int
) -> None:
    layout = laid(lamps, switches, width)
    total = len(lamps) + len(switches)
    if not total:
        return
    first = next(line.spots[0].row for line in layout.lines if line.spots)
    way = [first]
    for _ in range(total - 1):
        way.append(layout.beside(way[-1], 1))
    assert set(way) == set(range(total))
    assert layout.beside(way[-1], 1) == way[-1]
    for before, after in pairwise(way):
        assert layout.beside(after, -1) == before


def test_down_keeps_the_column_past_a_short_line() -> None:
    layout = lay(hundreds(*range(100, 110), 200, *range(300, 310)), [], [], 80, several=False)
    ninth = 8
    x = layout.spot_of(ninth).middle
    short = layout.over(ninth, 1, x)
    assert short == 10
    assert layout.over(short, 1, x) == 11 + 8


def test_five_hundred_lamps_fit_on_a_large_screen() -> None:
    for digits in (3, 4):
        start = 10 ** (digits - 1)
        one = hundreds(*range(start, start + 500))
        assert len(lay(one, [], [], 119, several=True)) <= 35
    three = [(site, f"{number // 100}xx") for site in SITES for number in range(1000, 1167)]
    assert len(lay(three, [], [], 119, several=True)) <= 35


def test_the_switches_stand_beside_on_a_wide_screen_and_below_on_a_narrow_one() -> None:
    lamps, switches = hundreds(*range(100, 130)), ["hq", "hq", "hq"]
    wide = lay(lamps, switches, [], 199, several=False)
    assert [wide.line_of(30 + n) for n in range(3)] == [0, 1, 2]
    assert wide.strip == wide.spot_of(30).x
    narrow = lay(lamps, switches, [], 79, several=False, title="switches")
    assert narrow.strip is None
    assert narrow.line_of(30) == narrow.line_of(29) + 2
    assert narrow.lines[narrow.line_of(30) - 1].note == "switches"
    assert narrow.spot_of(0).width == TILE
