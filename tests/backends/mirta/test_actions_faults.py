"""What comes back for an action, and each fault on the way: sent once, never doubled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from pbxtui.backends.base import BackendError, LoginRefused, Refused
from pbxtui.backends.mirta.answers import EMPTY_WORDS
from pbxtui.model import (
    Action,
    Answered,
    Dial,
    Hangup,
    LampState,
    LogAgent,
    OnDevice,
    Outcome,
    Park,
    PauseAgent,
    SetFlow,
    Transfer,
)
from pbxtui.simulator.mirta import MirtaSwitches
from pbxtui.simulator.things import LegState
from tests.backends.mirta.doing import (
    ACCEPTED,
    NOT_CONFIRMED,
    REFUSED,
    an_agent,
    on,
    state,
)
from tests.backends.mirta.office import Branch, branch

# --- what comes back ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        ("ok", ACCEPTED, "OK"),
        ("success", ACCEPTED, "Channel Hungup"),
        ("json", ACCEPTED, "Channel Hungup"),
        ("empty", NOT_CONFIRMED, EMPTY_WORDS),
    ],
)
async def test_each_way_to_say_that_it_was_done(answer: str, outcome: Answered, words: str) -> None:
    async with branch(MirtaSwitches(answer=answer)) as one:  # type: ignore[arg-type]
        call = one.talk()
        told = await one.backend.act(Hangup(**await on(one, call)))
        assert (told.answered, told.words) == (outcome, words)
        assert state(call) is LegState.ENDED
        one.advance(5)
        assert await one.calls() == {}


@pytest.mark.parametrize("answer", ["ok", "json"])
async def test_an_answer_that_breaks_off_is_no_refusal(answer: str) -> None:
    async with branch(MirtaSwitches(answer=answer)) as one:  # type: ignore[arg-type]
        call = one.talk()
        where = await on(one, call)
        one.faults.set("cut", on="actions")
        told = await one.backend.act(Hangup(**where))
        assert told.answered is NOT_CONFIRMED
        assert "breaks off" in told.words
        assert state(call) is LegState.ENDED


@pytest.mark.parametrize("failure", ["sentence", "error"])
async def test_each_way_to_say_that_it_was_not(failure: str) -> None:
    async with branch(MirtaSwitches(failure=failure)) as one:  # type: ignore[arg-type]
        call = one.talk()
        told = await one.backend.act(Transfer(**await on(one, call), to="9999"))
        assert told.answered is REFUSED
        assert told.words == "'9999' is neither an extension nor a telephone number"
        assert state(call) is LegState.TALKING


@pytest.mark.parametrize("failure", ["error", "sentence", "empty"])
async def test_a_dial_that_fails(failure: str) -> None:
    async with branch(MirtaSwitches(dial_failure=failure)) as one:  # type: ignore[arg-type]
        told = await one.backend.act(Dial(site="branch", from_="999", to="+441632960123"))
        assert told.answered is (NOT_CONFIRMED if failure == "empty" else REFUSED)
        assert failure == "empty" or told.words == "Extension 999 not found"


async def test_a_key_that_may_only_read() -> None:
    async with branch() as one:
        call = one.talk()
        where = await on(one, call)
        one.backend = one.open(key=one.simulated.readonly_key)
        await one.calls()
        with pytest.raises(LoginRefused, match="lacks the right") as raised:
            await one.backend.act(Hangup(**where))
        assert not raised.value.unsure
        assert one.count("HANGUP") == 1
        assert state(call) is LegState.TALKING


# --- faults ------------------------------------------------------------------------------------

Prepared = Callable[[Branch], Awaitable[tuple[Action, str]]]


async def a_hangup(one: Branch) -> tuple[Action, str]:
    return Hangup(**await on(one, one.talk())), "HANGUP"


async def a_transfer(one: Branch) -> tuple[Action, str]:
    return Transfer(**await on(one, one.talk()), to=one.free(5).number), "TRANSFER"


async def an_attended(one: Branch) -> tuple[Action, str]:
    where = await on(one, one.talk())
    return Transfer(**where, to=one.free(5).number, attended=True), "ATXTRANSFER"


async def a_park(one: Branch) -> tuple[Action, str]:
    return Park(**await on(one, one.talk())), "TRANSFER"


async def a_dial(one: Branch) -> tuple[Action, str]:
    return Dial(site="branch", from_=one.free().number, to="+441632960123"), "DIAL"


async def a_pause(one: Branch) -> tuple[Action, str]:
    agent = an_agent(one)
    await one.queues()
    return PauseAgent(site="branch", agent=agent.extension.username), "AGENT pause"


async def a_log_out(one: Branch) -> tuple[Action, str]:
    agent = an_agent(one)
    await one.queues()
    return LogAgent(site="branch", agent=agent.extension.username, in_=False), "QUEUE del"


async def a_flow(one: Branch) -> tuple[Action, str]:
    await one.lamps()
    return SetFlow(site="branch", flow="310", state=LampState.IN_USE), "SETFLOW"


async def a_reboot(one: Branch) -> tuple[Action, str]:
    return OnDevice(site="branch", device=one.free().username, reboot=True), "REBOOT"


ACTIONS: list[Prepared] = [
    a_hangup,
    a_transfer,
    an_attended,
    a_park,
    a_dial,
    a_pause,
    a_log_out,
    a_flow,
    a_reboot,
]
UNSURE = ["timeout", "reset", "empty", "truncate", "html", "garbage", "500", "502"]
REFUSING = ["401", "403", "404", "429"]


@pytest.mark.parametrize("fault", UNSURE)
@pytest.mark.parametrize("prepare", ACTIONS)
async def test_an_action_is_sent_once_whatever_happens(prepare: Prepared, fault: str) -> None:
    async with branch(seed=4) as one:
        action, resource = await prepare(one)
        one.faults.set(fault, on="actions")
        if fault == "timeout":
            await with_short_patience(one)
        outcome = await one.backend.act(action)
        assert outcome.answered is NOT_CONFIRMED
        assert outcome.words
        assert one.count(resource) == 1
        one.faults.clear()
        await one.calls()
        assert one.count(resource) == 1


async def with_short_patience(one: Branch) -> None:
    """The same PBX read by a backend that waits for a moment only."""
    one.backend = one.open(timeout=0.3)
    await one.calls()
    await one.queues()
    await one.lamps()


@pytest.mark.parametrize("fault", REFUSING)
@pytest.mark.parametrize("prepare", [a_hangup, a_pause])
async def test_an_action_that_was_refused_on_the_way(prepare: Prepared, fault: str) -> None:
    async with branch(seed=4) as one:
        action, resource = await prepare(one)
        one.faults.set(fault, on="actions")
        with pytest.raises(BackendError) as raised:
            await one.backend.act(action)
        assert not raised.value.unsure
        assert one.count(resource) == 1


async def test_an_action_that_never_left() -> None:
    async with branch() as one:
        await one.server.stop()
        with pytest.raises(Refused, match="nothing listens") as raised:
            await one.backend.act(Dial(site="branch", from_="203", to="204"))
        assert not raised.value.unsure
        assert one.count("DIAL") == 0


async def test_a_failed_look_before_an_action_is_no_doubt_about_the_action() -> None:
    async with branch() as one:
        one.faults.set("500", on="reads")
        with pytest.raises(BackendError) as raised:
            await one.backend.act(Hangup(site="branch", call="x"))
        assert not raised.value.unsure


async def test_outcomes_hold_no_more_than_words() -> None:
    async with branch() as one:
        call = one.talk()
        hostile = "\x1b[31m" + "9" * 10
        with pytest.raises(BackendError, match="no number that can be dialled") as raised:
            await one.backend.act(Transfer(**await on(one, call), to=hostile))
        assert "\x1b" not in str(raised.value)
        told = await one.backend.act(
            SetFlow(site="branch", flow="7101", value="[red]x" + "\x07" * 3)
        )
        assert isinstance(told, Outcome)
        assert told.words.isprintable()
