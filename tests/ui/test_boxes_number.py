"""The box for a number: what is typed, what is listed, what is taken, and never another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import CAN, Capability, Device, DeviceState, Kind, Lamp, LampState, Verb
from pbxtui.service.recents import Recent
from pbxtui.ui.boxes.number import NumberBox
from tests.ui.boxed import HOUSE, ROW, Asks, asked_in, house, pressed, recents, said
from tests.ui.stage import Stage


@pytest.mark.parametrize(
    ("typed", "keys", "verb", "to"),
    [
        ("305", ["enter"], Verb.TRANSFER, "305"),
        ("305", ["ctrl+t"], Verb.ATTENDED, "305"),
        ("305", ["f5"], Verb.ATTENDED, "305"),
        ("30", ["enter"], Verb.TRANSFER, "30"),
        ("30", ["down", "enter"], Verb.TRANSFER, "301"),
        ("30", ["down", "down", "up", "enter"], Verb.TRANSFER, "301"),
        ("work", ["enter"], Verb.TRANSFER, "305"),
        ("work", ["down", "enter"], Verb.TRANSFER, "306"),
        ("odegard", ["enter"], Verb.TRANSFER, "301"),
        ("+44 20-7946", ["enter"], Verb.TRANSFER, "+44207946"),
        ("", ["down", "enter"], Verb.TRANSFER, "301"),
    ],
)
async def test_what_is_taken(typed: str, keys: list[str], verb: Verb, to: str) -> None:
    async def use(asks: Asks) -> None:
        await asks.type(typed)
        await asks.press(*keys)

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(verb, to)


@pytest.mark.parametrize("typed", ["", "qqq", "3o5", "+", "work shop x"])
async def test_nothing_is_taken_where_there_is_no_number(typed: str) -> None:
    async def use(asks: Asks) -> None:
        await asks.type(typed)
        await asks.press("enter", "ctrl+t")
        assert asks.stage.app.screen is asks.box
        await asks.press("escape")

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == [None]


async def test_keys_that_come_at_once_are_all_typed_and_the_arrow_counts() -> None:
    """As from a paste, or over a slow link: no key waits for what the one before it did."""

    async def use(asks: Asks) -> None:
        app = asks.stage.app
        for key in ("3", "0", "down", "enter"):
            app.post_message(pressed(key))
        await asks.until(lambda: bool(asks.answers))

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "301")


@pytest.mark.parametrize(("typed", "down", "to"), [("44", 2, "448"), ("work", 0, "305")])
async def test_a_key_that_overtakes_the_news_of_what_was_typed(
    typed: str, down: int, to: str
) -> None:
    async def use(asks: Asks) -> None:
        assert isinstance(asks.box, NumberBox)
        asks.box.line("to").value = typed
        if down:
            asks.box.action_move(down)
        asks.box.action_take()

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, to)


async def test_each_one_s_state_is_in_its_row() -> None:
    async def use(asks: Asks) -> None:
        states = {
            "301": "◂ ring",
            "305": "○ free*",
            "306": "□ off",
            "412": "! lost",
            "447": "● talk",
            "448": "⊘ dnd",
            "449": "● busy",
            "450": "? unknown",
        }
        for number, state in states.items():
            assert state in asks.row(number), number
        await asks.press("escape")

    await asked_in(house(), Verb.TRANSFER, ROW, use)


async def test_what_is_known_of_the_target_is_said_before() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("448")
        assert "sends 448" in asks.shown
        assert "448 Meeting room is on do not disturb" in asks.shown
        await asks.press("ctrl+u")
        await asks.type("301")
        assert "301 Amelia Ødegård is ringing already" in asks.shown
        await asks.press("ctrl+u")
        await asks.type("(030) 50 ")
        assert "sends 03050" in asks.shown
        await asks.press("escape")

    await asked_in(house(), Verb.TRANSFER, ROW, use)


async def test_a_state_that_changes_is_painted_and_moves_nothing() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("30")
        await asks.press("down", "down")
        before = asks.numbers
        stage = asks.stage
        stage.give(
            *(
                Device("hq", f"SIP/{n}", DeviceState.UNREGISTERED, extension=n, name=name)
                for n, name, _ in HOUSE
            ),
            kind=Kind.DEVICES,
        )
        await read_devices(stage)
        stage.app._tick()
        await asks.pilot.pause()
        assert "□ off" in asks.row("305")
        assert asks.numbers == before
        await asks.press("enter")

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "305")


async def test_who_has_gone_is_not_replaced_by_the_next_in_line() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("30")
        await asks.press("down", "down")
        stage = asks.stage
        left = [
            Device("hq", f"SIP/{n}", state, extension=n, name=name)
            for n, name, state in HOUSE
            if n != "305"
        ]
        stage.give(*left, kind=Kind.DEVICES)
        await read_devices(stage)
        stage.app._tick()
        await asks.press("enter")
        assert asks.answers == []
        assert "has gone" in asks.shown
        await asks.press("down", "enter")

    (answer,) = await asked_in(house(), Verb.TRANSFER, ROW, use)
    assert answer is not None
    assert answer.ask.to == "306"


async def read_devices(stage: Stage) -> None:
    from pbxtui.model import Topic

    await stage.read("hq", Topic.DEVICES)


async def test_hostile_names_are_only_names() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("[red]l")
        assert "[red]Lift[/red]" in asks.row("3055")
        await asks.press("enter")

    assert await asked_in(house(), Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "3055")


async def test_the_last_targets_come_first_and_are_kept() -> None:
    kept = recents()

    async def use(asks: Asks) -> None:
        assert asks.numbers[:4] == ["+442079460958", "306", "301", "305"]
        assert "last" in asks.row("306")
        assert "Old workshop" in asks.row("306")
        assert "Harbour Taxi" in asks.row("+442079460958")
        await asks.type("meet")
        await asks.press("enter")

    await asked_in(house(), Verb.TRANSFER, ROW, use, kept=kept)
    assert kept.kept[0] == Recent("hq", "448", "Meeting room")


async def test_whoever_leaves_has_rung_nobody() -> None:
    kept = recents()
    before = kept.kept

    async def use(asks: Asks) -> None:
        await asks.type("305")
        await asks.press("escape")

    assert await asked_in(house(), Verb.TRANSFER, ROW, use, kept=kept) == [None]
    assert kept.kept == before


async def test_an_attended_transfer_that_the_pbx_cannot_do_says_why() -> None:
    stage = house()
    can = {Verb.TRANSFER: CAN, Verb.ATTENDED: Capability(False, "this PBX only transfers blind")}
    stage.backends["hq"].capabilities = can

    async def use(asks: Asks) -> None:
        await asks.type("305")
        await asks.press("ctrl+t")
        assert "this PBX only transfers blind" in asks.shown
        await asks.press("enter")

    assert await asked_in(stage, Verb.TRANSFER, ROW, use) == said(Verb.TRANSFER, "305")


async def test_old_readings_are_said_to_be_old() -> None:
    async def use(asks: Asks) -> None:
        stage = asks.stage
        stage.clock.now += 40_000
        await asks.type("305")
        assert "calls of hq were read 40000 s ago" in asks.shown
        await asks.press("escape")

    await asked_in(house(), Verb.TRANSFER, ROW, use)


async def test_what_is_painted_is_what_changed() -> None:
    """A second in which nothing happens repaints nothing."""
    stage = house()

    async def use(asks: Asks) -> None:
        await asks.type("30")
        app = stage.app
        painted: list[object] = []
        shown = app._display
        app._display = lambda screen, update: (painted.append(update), shown(screen, update))  # type: ignore[assignment,func-returns-value]
        await asks.pilot.pause()
        painted.clear()
        app._tick()
        await asks.pilot.pause()
        assert painted == []
        lamp = Lamp("hq", "l305", LampState.BUSY, extension="305")
        old = stage.backends["hq"].things[Kind.LAMPS]
        stage.give(*old.values(), replace(lamp), kind=Kind.LAMPS)
        from pbxtui.model import Topic

        await stage.read("hq", Topic.LAMPS)
        app._tick()
        await asks.pilot.pause()
        assert painted
        assert "● busy" in asks.row("305")
        await asks.press("escape")

    await asked_in(stage, Verb.TRANSFER, ROW, use)
