"""What the terminal shows is what Textual rendered, cell for cell, whatever came before."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import replace
from typing import cast

import pyte
import pytest
from rich.cells import cell_len

from pbxtui.model import Call, LegState, Party, clean
from tests.ui.stage import Stage, call, set_stage
from tests.ui.terminal import Recorder

SIZE = (100, 24)
NAMES = ("Harbour Taxi", "田中 商店", "Søren Kjær", "Łukasz", "[red]Bob[/]", "한국 전화")
KEYS = ("j", "k", "l", "h", "G", "g", "z", "greater_than_sign", "space", "d", "escape", "n", "p")


def rendered(stage: Stage) -> list[list[tuple[str, str, str, bool]]]:
    """Each cell of the screen as Textual has it: text, colour, background, bold.

    A blank has neither colour nor weight.
    """
    screen = stage.app.screen
    found = []
    for strip in screen._compositor.render_strips(screen.size):
        cells: list[tuple[str, str, str, bool]] = []
        for segment in strip:
            style = segment.style
            ink = (
                style.color.triplet.hex[1:] if style and style.color and style.color.triplet else ""
            )
            paper = (
                style.bgcolor.triplet.hex[1:]
                if style and style.bgcolor and style.bgcolor.triplet
                else ""
            )
            for char in segment.text:
                width = cell_len(char)
                bold = bool(style and style.bold)
                cell = (char, ink, paper, bold) if char != " " else (char, "", paper, False)
                cells += [cell] if width else []
                cells += [("", ink, paper, bold)] if width == 2 else []
        found.append(cells)
    return found


def displayed(glass: pyte.Screen) -> list[list[tuple[str, str, str, bool]]]:
    found = []
    for y in range(glass.lines):
        row = []
        for x in range(glass.columns):
            char = glass.buffer[y][x]
            ink = "" if char.fg == "default" else char.fg
            paper = "" if char.bg == "default" else char.bg
            blank = char.data == " "
            row.append((char.data[:1], "" if blank else ink, paper, char.bold and not blank))
        found.append(row)
    return found


def some_calls(dice: random.Random, count: int) -> list[Call]:
    states = [state for state in LegState if state is not LegState.LOST]
    return [
        call(
            f"c{n}",
            dice.choice(states),
            from_=Party(f"+44{dice.randrange(10**6)}", dice.choice(NAMES)),
            to=Party(str(400 + dice.randrange(50)), dice.choice(NAMES)),
            age=dice.random() * 2000,
        )
        for n in dice.sample(range(80), count)
    ]


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_changes_the_glass_shows_the_rendered_screen(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    dice = random.Random(seed)
    stage = set_stage(*some_calls(dice, 30))
    stage.app.driver_class = Recorder
    glass = pyte.Screen(*SIZE)
    stream = pyte.Stream(glass)
    async with stage.app.run_test(headless=False, size=SIZE) as pilot:
        while not stage.app.calls.list.rows:
            await pilot.pause()
        for _ in range(12):
            await pilot.press(*(dice.choice(KEYS) for _ in range(4)))
            if dice.random() < 0.7:
                stage.give(*some_calls(dice, dice.randrange(2, 60)))
                await stage.read()
            stage.clock.now += dice.randrange(0, 3)
            stage.app.calls.tick()
            for _ in range(50):
                await pilot.pause()
                stream.feed(cast("Recorder", stage.app._driver).take())
                if displayed(glass) == rendered(stage):
                    break
            for y, pair in enumerate(zip(displayed(glass), rendered(stage), strict=True)):
                assert pair[0] == pair[1], f"line {y}"


async def test_no_byte_of_a_name_reaches_the_terminal_as_a_command() -> None:
    hostile = Party("+44", clean("A\x1b[2J\x1b]0;owned\x07\x9b31m\u202eB"))
    stage = set_stage(call("a", from_=hostile))
    stage.app.driver_class = Recorder
    async with stage.app.run_test(headless=False, size=SIZE) as pilot:
        while not stage.app.calls.list.rows:
            await pilot.pause()
        sent = cast("Recorder", stage.app._driver).take()
    assert "owned" in sent
    pointer = "\x1b]22;default\x07"
    left = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", sent.replace(pointer, ""))
    assert "owned" in left
    left = left.replace("\b", "")  # the cursor's way from one row's digit to the next
    assert not [char for char in left if unicodedata.category(char) in ("Cc", "Cf", "Cs")]


async def test_without_colour_no_colour_code_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "truecolor")
    stage = set_stage(call("a"), call("b", LegState.RINGING))
    stage.app.driver_class = Recorder
    async with stage.app.run_test(headless=False, size=SIZE) as pilot:
        while not stage.app.calls.list.rows:
            await pilot.pause()
        await pilot.press("j")
        sent = cast("Recorder", stage.app._driver).take()
    codes = {
        code
        for part in sent.split("\x1b[")[1:]
        if "m" in part[:40] and part.partition("m")[0].replace(";", "").isdigit()
        for code in part.partition("m")[0].split(";")
    }
    assert codes <= {"0", "1", "2", "3", "4", "7", "9"}
    assert "7" in codes


async def test_a_redraw_sends_everything_again() -> None:
    stage = set_stage(call("a"))
    stage.app.driver_class = Recorder
    async with stage.app.run_test(headless=False, size=SIZE) as pilot:
        while not stage.app.calls.list.rows:
            await pilot.pause()
        driver = cast("Recorder", stage.app._driver)
        driver.take()
        stage.app.calls.tick()
        await pilot.pause()
        assert driver.take() == ""
        await pilot.press("ctrl+l")
        await pilot.pause()
        glass = pyte.Screen(*SIZE)
        pyte.Stream(glass).feed(driver.take())
        assert "+442079460958" in glass.display[2]
        assert glass.display[0].startswith("pbxtui")


async def test_one_second_more_repaints_a_digit_or_two() -> None:
    stage = set_stage(call("a", age=61), replace(call("b", age=4000)))
    stage.app.driver_class = Recorder
    async with stage.app.run_test(headless=False, size=SIZE) as pilot:
        while not stage.app.calls.list.rows:
            await pilot.pause()
        await pilot.pause()
        driver = cast("Recorder", stage.app._driver)
        driver.take()
        stage.clock.now += 1
        stage.app.calls.tick()
        await pilot.pause()
        sent = driver.take()
    assert "Harbour" not in sent
    assert "1h0" not in sent
    assert "2" in sent
