"""The queues screen as a person uses it: who waits, how long, and who could answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from pbxtui.model import (
    Agent,
    AgentState,
    Caller,
    Certainty,
    Device,
    DeviceState,
    Key,
    Kind,
    Party,
    Queue,
    Thing,
    Topic,
)
from pbxtui.ui.queuetable import QueueTable
from pbxtui.ui.screens.view import View
from pbxtui.ui.table import Child
from tests.ui.seen import lines, shown, text
from tests.ui.stage import NOON, Stage, call, set_stage


def caller(number: str, position: int, waits: float | None, name: str = "") -> Caller:
    joined = None if waits is None else NOON - waits
    return Caller(f"c{number}", position, Party(number, name), joined, f"call{number}")


SUPPORT = Queue(
    "hq",
    "q1",
    "Support",
    callers=(caller("+4411", 2, 20), caller("+4422", 1, 75, "Bent"), caller("+4433", 3, 5)),
    answered=41,
    abandoned=3,
    service_level=87.4,
    hold_time=33,
    talk_time=140,
    strategy="rrmemory",
)
SALES = Queue("hq", "q2", "Sales", callers=(caller("+4444", 1, 130),), answered=0, abandoned=0)
IDLE = Queue("hq", "q3", "Idle", callers=())
HIDDEN = Queue("branch", "q9", "Accounts", strategy="ring-all")
ANNA = Agent(
    "hq",
    "a1",
    AgentState.READY,
    name="Anna",
    extension="401",
    queues=("q1", "q2"),
    since=NOON - 200,
    calls_taken=7,
)
BO = Agent(
    "hq",
    "a2",
    AgentState.PAUSED,
    name="Bo",
    extension="402",
    queues=("q1",),
    paused_in=("q1",),
    paused_reason="lunch",
    since=NOON - 400,
    calls_taken=12,
)
CLEO = replace(ANNA, id="a3", name="Cleo", extension="403", queues=("q1",), calls_taken=0)
DAN = Agent("branch", "b1", AgentState.LOGGED_OUT, name="Dan", extension="501")
OFFICE: tuple[Thing, ...] = (
    SUPPORT,
    SALES,
    IDLE,
    HIDDEN,
    ANNA,
    BO,
    CLEO,
    DAN,
    Device("hq", "d401", DeviceState.REGISTERED, extension="401"),
    Device("hq", "d403", DeviceState.UNREGISTERED, extension="403"),
)


def office(*things: Thing, ascii: bool = False) -> Stage:
    return set_stage(*(things or OFFICE), sites=("hq", "branch"), ascii=ascii)


def view(stage: Stage) -> View:
    return stage.app.views["queues"]


def table(stage: Stage) -> QueueTable:
    found = view(stage)._table
    assert isinstance(found, QueueTable)
    return found


def line(stage: Stage, name: str) -> str:
    return next(one for one in lines(stage)[2:] if name in one)


async def open_queue(pilot: Pilot[None], stage: Stage, key: Key) -> None:
    """Show the queues with one of them open."""
    await pilot.press("3")
    await pilot.pause()
    view(stage).list.choose(key)
    await pilot.press("l")


async def test_a_queue_shows_who_waits_how_long_and_who_could_answer() -> None:
    async with shown(stage := office(), size=(200, 30)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        support = line(stage, "Support")
        assert support.split() == [
            *("▸", "Support", "hq", "3", "1:15", "1/3"),
            *("41", "3", "87", "%", "0:33", "2:20", "rrmemory"),
        ]
        assert "4 waiting 2:10" in lines(stage)[0]


async def test_what_the_pbx_does_not_show_is_said_and_never_zero() -> None:
    for width, words in ((80, "not shown"), (200, "not shown by stage")):
        async with shown(stage := office(), size=(width, 30)) as pilot:
            await pilot.press("3")
            await pilot.pause()
            assert words in line(stage, "Accounts")
            assert "0" not in line(stage, "Accounts")
            assert line(stage, "Idle").split() == ["Idle", "hq", "0"]
            view(stage).list.choose(Key("branch", "q9"))
            await pilot.press("l")
            assert "who waits" in text(stage)
            await pilot.press("d")
            assert "not shown by stage" in text(stage)


async def test_a_queue_opens_into_its_callers_longest_first_and_its_agents() -> None:
    async with shown(stage := office()) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        at = lines(stage).index(line(stage, "Support"))
        inside = lines(stage)[at + 1 : at + 7]
        assert "1. +4422  Bent" in inside[0]
        assert "1:15" in inside[0]
        assert "2. +4411" in inside[1]
        assert "0:20" in inside[1]
        assert "3. +4433" in inside[2]
        assert "Cleo  403" in inside[3]
        assert "Anna  401" in inside[4]
        assert "Bo  402" in inside[5]
        assert inside[5].startswith("└")
        await pilot.press("j", "h")
        assert "Bent" not in text(stage)
        assert view(stage).list.cursor == Key("hq", "q1")


async def test_agents_show_state_reason_since_and_calls_taken() -> None:
    async with shown(stage := office()) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        anna, bo = line(stage, "Anna"), line(stage, "Bo  402")
        assert "○ ready" in anna
        assert "3:20" in anna
        assert anna.endswith("7")
        assert "‖ lunch" in bo
        assert "6:40" in bo
        assert "12" in bo


async def test_who_is_ready_while_the_phone_is_off_is_drawn_as_an_alarm() -> None:
    async with shown(stage := office()) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        assert "! phone off*" in line(stage, "Cleo")
        assert "1/3" in line(stage, "Support"), "she is not counted as ready"
        at = view(stage).list.rows.index(Child("hq", "q1", "agent:a3"))
        cells = table(stage).cells(view(stage).list.rows[at], view(stage).list.columns)
        assert next(cell for cell in cells if "phone" in cell[0])[1].bold
        stage.give(Device("hq", "d403", DeviceState.REGISTERED, extension="403"), kind=Kind.DEVICES)
        await stage.read(topic=Topic.DEVICES)
        await pilot.pause()
        assert "○ ready" in line(stage, "Cleo")
        assert "2/3" in line(stage, "Support")


async def test_a_queue_where_nobody_can_answer_says_so() -> None:
    out = replace(ANNA, queues=("q2",), state=AgentState.LOGGED_OUT)
    async with shown(stage := office(SALES, out)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "! unmanned" in line(stage, "Sales")
        assert "0/0" in line(stage, "Sales")
        busy = replace(out, state=AgentState.TALKING)
        stage.give(busy, kind=Kind.AGENTS)
        await stage.read(topic=Topic.QUEUES)
        await pilot.pause()
        assert "unmanned" not in line(stage, "Sales")


async def test_an_agent_of_several_queues_stands_under_each_and_is_paused_where_paused() -> None:
    split = replace(ANNA, paused_in=("q2",), paused_reason="training")
    async with shown(stage := office(SUPPORT, SALES, split)) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        view(stage).list.choose(Key("hq", "q2"))
        await pilot.press("l")
        found = [one for one in lines(stage) if "Anna" in one]
        assert len(found) == 2
        assert "‖ training" in found[0], "Sales comes first"
        assert "○ ready" in found[1]


async def test_agents_of_whom_no_queue_is_told_have_a_row_of_their_own() -> None:
    async with shown(stage := office()) as pilot:
        await pilot.press("3", "G")
        assert "(no queue told)" in lines(stage)[2 + len(view(stage).list.rows) - 1]
        await pilot.press("l")
        assert "Dan  501" in text(stage)
        assert "· out" in line(stage, "Dan")
        stage.give(replace(DAN, queues=("q9",)), site="branch", kind=Kind.AGENTS)
        await stage.read("branch", Topic.QUEUES)
        await pilot.pause()
        assert "(no queue told)" not in text(stage)
        assert Key("branch", "") not in table(stage).things


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("queue", ["Accounts", "Idle", "Sales", "Support"]),
        ("waiting", ["Support", "Sales", "Idle", "Accounts"]),
        ("longest", ["Sales", "Support", "Accounts", "Idle"]),
        ("answered", ["Support", "Sales", "Accounts", "Idle"]),
        ("ready", ["Sales", "Support", "Accounts", "Idle"]),
    ],
)
async def test_sorting(key: str, expected: list[str]) -> None:
    async with shown(stage := office(), size=(80, 24)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        while table(stage).sort != key:
            await pilot.press("greater_than_sign")
        names = ("Accounts", "Idle", "Sales", "Support")
        assert [name for one in lines(stage)[2:6] for name in names if name in one] == expected
        assert f"{key}▲" in lines(stage)[1]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("site:branch", {"Accounts"}),
        ("agent:cleo", {"Support"}),
        ("ext:401", {"Support", "Sales"}),
        ("state:paused", {"Support"}),
        ("caller:bent", {"Support"}),
        ("+4444", {"Sales"}),
        ("note:lunch", {"Support"}),
    ],
)
async def test_what_a_filter_finds(typed: str, found: set[str]) -> None:
    async with shown(stage := office()) as pilot:
        await pilot.press("3", "slash")
        typing = view(stage).filter_line
        assert typing is not None
        typing.value = typed
        await pilot.pause()
        names = ("Accounts", "Idle", "Sales", "Support")
        assert {name for name in names if name in text(stage)} == found


async def test_a_wait_grows_louder_with_its_length() -> None:
    async with shown(stage := office(SUPPORT)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "! " not in line(stage, "Support")
        stage.clock.now += 60
        view(stage).tick()
        await pilot.pause()
        assert "! 2:15" in line(stage, "Support")


async def test_waiting_callers_come_and_go_under_an_open_queue() -> None:
    async with shown(stage := office(SUPPORT, ANNA)) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        await pilot.press("j")
        assert view(stage).list.cursor == Child("hq", "q1", "caller:c+4422")
        left = replace(SUPPORT, callers=(SUPPORT.callers or ())[:1])
        stage.give(left, kind=Kind.QUEUES)
        await stage.read(topic=Topic.QUEUES)
        await pilot.pause()
        assert "Bent" not in text(stage)
        assert "2. +4411" in text(stage)
        assert view(stage).list.cursor is None


async def test_a_waiting_call_is_named_by_the_number_it_has_on_the_calls_screen() -> None:
    waiting = replace(call("call+4422"), id="call+4422")
    async with shown(stage := office(waiting, SUPPORT), size=(160, 30)) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        assert "call #1" in line(stage, "Bent")
        assert "call #" not in line(stage, "+4411")
        await pilot.press("1")
        await pilot.pause()
        assert stage.fleet.number(Key("hq", "call+4422")) == 1


async def test_details_of_a_queue_an_agent_and_a_caller() -> None:
    stage = office()
    stage.backends["hq"].origins = {
        Kind.QUEUES: {"answered": "Completed", "available": "not on the wire"},
        Kind.AGENTS: {"paused_reason": "PausedReason"},
    }
    async with shown(stage, size=(160, 40)) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        await pilot.press("d")
        assert "queue Support at hq" in lines(stage)[0]
        answered = next(one for one in lines(stage) if one.startswith("answered"))
        assert answered.split()[1] == "41"
        assert "Completed" in answered
        assert "not on the wire" in next(one for one in lines(stage) if one.startswith("available"))
        hold = next(one for one in lines(stage) if one.startswith("hold time"))
        assert hold.split()[2] == "0:33"
        waits = next(one for one in lines(stage) if one.startswith("caller 1"))
        assert "+4422  Bent" in waits
        assert "waits 1:15" in waits
        bo = next(one for one in lines(stage) if one.startswith("Bo"))
        assert "paused (lunch) 6:40" in bo
        assert "extension 402, 12 calls taken" in bo
        await pilot.press("escape", "j", "d")
        assert "caller in Support at hq" in lines(stage)[0]
        assert "+4422  Bent" in text(stage)
        await pilot.press("escape", "j", "j", "j", "d")
        assert "agent Cleo  403 of Support at hq" in lines(stage)[0]
        here = next(one for one in lines(stage) if one.startswith("here"))
        assert "unreachable" in here
        assert "every phone with the extension is off" in here


async def test_raw_asks_for_the_agent_or_the_queue() -> None:
    stage = office()
    stage.backends["hq"].raws |= {"q1": "the queue as sent", "a3": "the agent as sent"}
    async with shown(stage) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        await pilot.press("y")
        assert "the queue as sent" in text(stage)
        await pilot.press("escape", "j", "j", "j", "j", "y")
        assert "the agent as sent" in text(stage)


async def test_ascii_has_words_for_every_glyph() -> None:
    agents = [
        replace(ANNA, id=f"s{n}", name=f"State {n}", extension=str(410 + n), state=state)
        for n, state in enumerate(AgentState)
    ]
    async with shown(stage := office(SUPPORT, *agents, ascii=True)) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        for word in ("REDY", "RING", "QCAL", "WRAP", "PAUS", "DEAD", "OUT", "UNKN"):
            assert word in text(stage)
        assert text(stage).isascii()


async def test_without_times_nothing_is_invented() -> None:
    bare = Queue("hq", "q1", "Bare", callers=(caller("+4411", 1, None),), available=2)
    async with shown(stage := office(bare), size=(120, 20)) as pilot:
        await open_queue(pilot, stage, Key("hq", "q1"))
        assert line(stage, "Bare").split() == ["▾", "Bare", "hq", "1", "2"]
        assert line(stage, "+4411").split() == ["└", "1.", "+4411", "Q", "queue"]


async def test_an_inferred_queue_is_marked() -> None:
    async with shown(stage := office(replace(SUPPORT, certainty=Certainty.INFERRED))) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "3*" in line(stage, "Support")
