"""Every tone can be read on what it stands on, in each palette."""

from __future__ import annotations

from itertools import product

import pytest
from textual.color import Color
from textual.theme import Theme

from pbxtui.ui.looks import DARK, LIGHT, SAFE, SIXTEEN, Tone
from pbxtui.ui.themes import THEMES
from pbxtui.ui.widgets.livelist import CURSOR_DARK, CURSOR_LIGHT, MARKED, LiveList
from tests.ui.seen import shown
from tests.ui.stage import call, set_stage

PALETTES = {"pbx-dark": DARK, "pbx-light": LIGHT, "pbx-safe": SAFE}
FAINT = frozenset({Tone.DIM, Tone.GONE, Tone.LOST, Tone.DND})
"""What is said beside: less contrast is enough."""


def luminance(colour: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [value / 255 for value in (colour.r, colour.g, colour.b)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """From 1, for the same colour, to 21, for black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def grounds(theme: Theme) -> dict[str, Color]:
    """What text stands on: the rows, the lines around them, the cursor, a mark."""
    background = Color.parse(str(theme.background))
    shade = CURSOR_DARK if theme.dark else CURSOR_LIGHT
    return {
        "rows": background,
        "sites": Color.parse(str(theme.surface)),
        "header": Color.parse(str(theme.panel)),
        "cursor": background.blend(Color.parse(str(theme.primary)), shade / 100),
        "mark": background.blend(Color.parse(str(theme.accent)), MARKED / 100),
    }


def test_the_measure_knows_black_and_white() -> None:
    assert round(contrast(Color(0, 0, 0), Color(255, 255, 255)), 2) == 21
    assert round(contrast(Color(118, 118, 118), Color(255, 255, 255)), 1) == 4.5


def name_of(one: Theme | Tone) -> str:
    return one.name if isinstance(one, Theme) else str(one)


@pytest.mark.parametrize("theme", THEMES, ids=name_of)
async def test_the_cursor_has_that_shade(theme: Theme) -> None:
    async with shown(stage := set_stage(call("a"))) as pilot:
        stage.app.theme = theme.name
        await pilot.pause()
        styles = stage.app.calls.query_one(LiveList).get_component_styles("livelist--cursor")
        shade = Color.parse(str(theme.primary)).with_alpha(
            (CURSOR_DARK if theme.dark else CURSOR_LIGHT) / 100
        )
        assert styles.background == shade


@pytest.mark.parametrize(("theme", "tone"), product(THEMES, Tone), ids=name_of)
def test_every_tone_can_be_read(theme: Theme, tone: Tone) -> None:
    style = PALETTES[theme.name][tone]
    assert style.color is not None
    assert style.color.triplet is not None
    ink = Color(*style.color.triplet)
    wanted = 3.0 if tone in FAINT else 4.5
    for where, ground in grounds(theme).items():
        found = contrast(ink, ground)
        assert found >= wanted, f"{tone} on {where} in {theme.name}: {found:.2f}"


def test_the_palette_for_the_colour_blind_does_not_tell_red_from_green() -> None:
    """Blue against orange differ in every kind of colour blindness; red and green do not."""
    for style in SAFE.values():
        assert style.color is not None
        assert style.color.triplet is not None
        red, green, blue = style.color.triplet
        bluish, orange = blue > red, red > green > blue
        grey = max(red, green, blue) - min(red, green, blue) < 16
        assert bluish or orange or grey


def test_sixteen_colours_are_those_of_the_terminal() -> None:
    for style in SIXTEEN.values():
        assert style.color is None or style.color.number is None or style.color.number < 16
