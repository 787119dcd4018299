"""The boxes for phones, tones, reasons, queues, switches and listening."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbxtui.model import Agent, AgentState, Kind, LampState, Listening, Verb
from pbxtui.service.acting import Ask, Chosen
from pbxtui.service.recents import Recents
from pbxtui.ui.boxes import Asked, Desk, box_for
from pbxtui.ui.looks import Looks
from tests.ui.boxed import AGENT, DAY, TALK, Asks, asked_in, house
from tests.ui.stage import Stage

ROW, LEG = Chosen(TALK), Chosen(TALK, "call1-b")


def desk_of(stage: Stage) -> Desk:
    return Desk(stage.fleet, Looks(), Recents())


@pytest.mark.parametrize(
    "verb",
    [
        *(Verb.HOLD, Verb.RESUME, Verb.HANGUP, Verb.PARK, Verb.RECORD),
        *(Verb.UNREGISTER, Verb.REBOOT),
    ],
)
def test_nothing_is_asked_where_nothing_need_be(verb: Verb) -> None:
    assert box_for(verb, ROW, desk_of(house())) is None


async def test_tones() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("12x")
        await asks.press("enter")
        assert asks.answers == []
        assert "cannot be sent" in asks.says or "the keys are" in asks.says
        await asks.press("backspace")
        await asks.type("*# a")
        assert "sends 12*#A, 5 tones" in asks.says
        await asks.press("enter")

    told = await asked_in(house(), Verb.DTMF, LEG, use)
    assert told == [Asked(Verb.DTMF, "hq", Ask(digits="12*#A"))]


async def test_no_tones_are_nothing_to_send() -> None:
    kept = Recents()

    async def use(asks: Asks) -> None:
        await asks.press("enter")
        assert asks.answers == []
        await asks.type("1" * 65)
        await asks.press("enter")
        assert asks.answers == []
        await asks.press("escape")

    assert await asked_in(house(), Verb.DTMF, LEG, use, kept=kept) == [None]
    assert kept.kept == ()


@pytest.mark.parametrize(
    ("typed", "keys", "reason"),
    [
        ("", ["enter"], "break"),
        ("", ["down", "enter"], "lunch"),
        ("lun", ["enter"], "lunch"),
        ("lun", ["down", "enter"], "lun"),
        ("a walk", ["enter"], "a walk"),
        ("no reason", ["enter"], ""),
    ],
)
async def test_a_reason_for_a_pause(typed: str, keys: list[str], reason: str) -> None:
    async def use(asks: Asks) -> None:
        await asks.type(typed)
        await asks.press(*keys)

    told = await asked_in(house(), Verb.PAUSE, Chosen(AGENT), use)
    assert told == [Asked(Verb.PAUSE, "hq", Ask(reason=reason))]


async def test_a_pause_in_one_queue_of_several() -> None:
    async def use(asks: Asks) -> None:
        assert "in every queue of the agent" in asks.says
        await asks.press("ctrl+n")
        assert "in Support" in asks.says
        await asks.press("ctrl+n", "enter")

    told = await asked_in(house(), Verb.PAUSE, Chosen(AGENT), use)
    assert told == [Asked(Verb.PAUSE, "hq", Ask(reason="break", queue="sales"))]


def test_the_end_of_a_pause_asks_only_where_there_are_several() -> None:
    desk = desk_of(house())
    one = replace(AGENT, state=AgentState.PAUSED, paused_in=("support",))
    assert box_for(Verb.UNPAUSE, Chosen(one), desk) is None


async def test_the_end_of_a_pause_in_one_of_several_queues() -> None:
    both = replace(AGENT, state=AgentState.PAUSED, paused_in=("support", "sales"))

    async def use(asks: Asks) -> None:
        assert "every queue" in asks.shown
        await asks.type("sal")
        await asks.press("enter")

    told = await asked_in(house(), Verb.UNPAUSE, Chosen(both), use)
    assert told == [Asked(Verb.UNPAUSE, "hq", Ask(queue="sales"))]


async def test_logging_in_names_the_queue() -> None:
    async def use(asks: Asks) -> None:
        assert "serves it already" in asks.lines[3]
        await asks.type("NIGHT")
        await asks.press("enter")

    told = await asked_in(house(), Verb.LOGIN, Chosen(AGENT), use)
    assert told == [Asked(Verb.LOGIN, "hq", Ask(queue="night"))]


def test_a_pbx_that_logs_in_to_all_queues_at_once_is_not_asked_which() -> None:
    loose = Agent("hq", "local/7", AgentState.LOGGED_OUT, name="Iolo", extension="512")
    stage = house()
    stage.fleet.site("hq").snapshot = stage.fleet.site("hq").snapshot.having(
        {Kind.AGENTS: {loose.id: loose}, Kind.QUEUES: stage.backends["hq"].things[Kind.QUEUES]}
    )
    assert box_for(Verb.LOGIN, Chosen(loose), desk_of(stage)) is None
    assert box_for(Verb.LOGOUT, Chosen(loose), desk_of(stage)) is None


async def test_logging_out_of_every_queue_or_of_one() -> None:
    async def every(asks: Asks) -> None:
        await asks.press("enter")

    async def one(asks: Asks) -> None:
        await asks.press("down", "down", "enter")

    for use, queue in ((every, ""), (one, "sales")):
        told = await asked_in(house(), Verb.LOGOUT, Chosen(AGENT), use)
        assert told == [Asked(Verb.LOGOUT, "hq", Ask(queue=queue))]


async def test_a_flow_is_turned_over() -> None:
    async def use(asks: Asks) -> None:
        assert "sets the state to idle (now in use)" in asks.says
        await asks.press("enter")

    told = await asked_in(house(), Verb.FLOW, Chosen(DAY), use)
    assert told == [Asked(Verb.FLOW, "branch", Ask(state=LampState.IDLE))]


async def test_a_flow_s_value_alone() -> None:
    async def use(asks: Asks) -> None:
        await asks.press("up", "enter")
        assert asks.answers == []
        assert "nothing is changed" in asks.says
        await asks.type("night")
        assert "sets the value to “night”" in asks.says
        await asks.press("enter")

    told = await asked_in(house(), Verb.FLOW, Chosen(DAY), use)
    assert told == [Asked(Verb.FLOW, "branch", Ask(value="night"))]


async def test_a_flow_without_values_has_no_line_for_one() -> None:
    plain = replace(DAY, value="", state=LampState.IDLE)

    async def use(asks: Asks) -> None:
        assert " value" not in asks.shown
        await asks.press("j", "k", "enter")

    told = await asked_in(house(), Verb.FLOW, Chosen(plain), use)
    assert told == [Asked(Verb.FLOW, "branch", Ask(state=LampState.IN_USE))]


@pytest.mark.parametrize("how", list(Listening))
async def test_listening_in_from_one_s_own_phone(how: Listening) -> None:
    async def use(asks: Asks) -> None:
        await asks.press(*["down"] * list(Listening).index(how), "enter")

    told = await asked_in(house(own="447"), Verb.MONITOR, ROW, use)
    assert told == [Asked(Verb.MONITOR, "hq", Ask(how=how))]


async def test_listening_in_asks_for_the_phone_where_none_is_configured() -> None:
    kept = Recents()

    async def use(asks: Asks) -> None:
        await asks.press("down", "enter")
        assert asks.answers == []
        assert "type the phone that listens" in asks.says
        await asks.type("4-49")
        await asks.press("enter")

    told = await asked_in(house(), Verb.MONITOR, ROW, use, kept=kept)
    assert told == [Asked(Verb.MONITOR, "hq", Ask(how=Listening.WHISPER, extension="449"))]
    assert kept.phones == {"hq": "449"}


async def test_a_parked_call_is_taken_back_at_a_phone_that_is_asked_for() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("meet")
        await asks.press("enter")

    stage = house()
    parked = stage.backends["hq"].things[Kind.CALLS]["call3"]
    told = await asked_in(stage, Verb.RETRIEVE, Chosen(parked), use)
    assert told == [Asked(Verb.RETRIEVE, "hq", Ask(extension="448"))]


def test_the_phone_is_asked_for_only_where_it_is_all_that_is_missing() -> None:
    stage = house(own="447")
    parked = Chosen(stage.backends["hq"].things[Kind.CALLS]["call3"])
    assert box_for(Verb.RETRIEVE, parked, desk_of(stage)) is None
    assert box_for(Verb.RETRIEVE, ROW, desk_of(house())) is None


async def test_ctrl_c_closes_a_box_and_asks_whether_to_leave() -> None:
    async def use(asks: Asks) -> None:
        await asks.type("12")
        await asks.press("ctrl+c")
        app = asks.stage.app
        assert app.screen is app.view
        assert app.view.asking_to_quit

    await asked_in(house(), Verb.DTMF, LEG, use)
