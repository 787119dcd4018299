"""Each action seen in the simulated office, its request counted, also when things go wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pbxtui.backends.base import BackendError
from pbxtui.model import (
    Action,
    Answer,
    Answered,
    Dial,
    Hangup,
    Hold,
    LegState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    Outcome,
    Park,
    Resume,
    Topic,
    Transfer,
)
from pbxtui.simulator import things
from pbxtui.simulator.telphin import TelphinSwitches
from pbxtui.simulator.things import Lamp
from tests.backends.house import OUTSIDE
from tests.backends.telphin.office import Cloud, cloud

CONTROL = "/extension/{extension_id}/current_calls/{call_api_id}"
CALLBACK = "/extension/{extension_id}/callback/"
AGENT = "/client/{client_id}/agent/local/{agent_id}"
REGISTRATION = "/extension/{extension_id}/registration/{registration_id}"
State = things.LegState


def state(thing: things.Call | things.Leg) -> State:
    return thing.state


def lamp(ext: things.Extension) -> Lamp:
    return ext.lamp


async def on(made: Cloud, leg: things.Leg, make: Callable[..., Action], **more: object) -> Outcome:
    """Do something with a leg that has been read."""
    handle = made.handle(leg)
    calls = await made.calls()
    (id,) = (call.id for call in calls.values() for one in call.legs if one.id == handle)
    return await made.backend.act(make(site="cloud", call=id, leg=handle, **more))


@pytest.mark.parametrize("form", ["json", "empty", "204"])
async def test_hold_and_resume(form: str) -> None:
    switches = TelphinSwitches(put_answer=form, send_dst="strict")  # type: ignore[arg-type]
    async with cloud(switches) as made:
        _, leg = made.desk()
        assert (await on(made, leg, Hold)).answered is Answered.ACCEPTED
        assert state(leg) is State.HELD
        assert (await on(made, leg, Resume)).answered is Answered.ACCEPTED
        assert state(leg) is State.TALKING
        assert made.faults.count("PUT", CONTROL) == 2


async def test_hang_up() -> None:
    async with cloud() as made:
        call, leg = made.desk()
        assert (await on(made, leg, Hangup)).answered is Answered.ACCEPTED
        assert not call.alive
        assert made.faults.count("DELETE", CONTROL) == 1
        again = await made.backend.act(Hangup(site="cloud", call="x", leg=made.handle(leg)))
        assert (again.answered, again.words) == (Answered.REFUSED, "the call has already ended")


async def test_a_blind_transfer() -> None:
    async with cloud() as made:
        call, leg = made.desk()
        target = made.free(2)
        outcome = await on(made, leg, Transfer, to=target.number)
        assert outcome.answered is Answered.ACCEPTED
        assert lamp(target) is Lamp.RINGING
        made.until(lambda: state(call) is State.TALKING)
        (seen,) = (await made.calls()).values()
        assert [one.extension for one in seen.legs] == [target.number]
        assert made.faults.count("PUT", CONTROL) == 1


async def test_an_attended_transfer() -> None:
    async with cloud() as made:
        call, leg = made.desk()
        target = made.free(2)
        outcome = await on(made, leg, Transfer, to=target.number, attended=True)
        assert outcome.answered is Answered.ACCEPTED
        made.until(lambda: state(leg) is State.ENDED)
        assert {one.party.number for one in call.live_legs()} == {OUTSIDE, target.number}


async def test_park() -> None:
    async with cloud() as made:
        call, leg = made.desk()
        assert (await on(made, leg, Park)).answered is Answered.ACCEPTED
        assert state(call) is State.PARKED
        assert await made.calls() == {}


async def test_pick_up() -> None:
    async with cloud() as made:
        called, mine = made.free(1), made.free(2)
        call = made.office.dial(made.free().number, called.number)
        made.until(lambda: lamp(called) is Lamp.RINGING)
        outcome = await on(made, called.legs[0], Answer, extension=mine.number)
        assert outcome.answered is Answered.ACCEPTED
        made.until(lambda: lamp(mine) is Lamp.INUSE)
        assert lamp(called) is Lamp.NOT_INUSE
        assert state(call) is State.TALKING


@pytest.mark.parametrize(
    ("how", "word"),
    [
        (Listening.LISTEN, "eavesdrop"),
        (Listening.WHISPER, "whisper"),
        (Listening.BARGE, "conference"),
    ],
)
async def test_listening_in(how: Listening, word: str) -> None:
    async with cloud() as made:
        call, leg = made.desk()
        supervisor = made.free(2)
        outcome = await on(made, leg, Monitor, extension=supervisor.number, how=how)
        assert outcome.answered is Answered.ACCEPTED
        assert list(made.simulated.control.supervising.values()) == [word]
        made.until(lambda: lamp(supervisor) is Lamp.INUSE)
        assert len(call.live_legs()) == (3 if how is Listening.BARGE else 2)


@pytest.mark.parametrize(
    "switches",
    [
        TelphinSwitches(),
        TelphinSwitches(callback_status=200),
        TelphinSwitches(callback_flow="IN"),
        TelphinSwitches(callback_flow="IN", no_extension="missing", flow_case="lower"),
        TelphinSwitches(callback_id="absent"),
        TelphinSwitches(callback_id="other"),
    ],
)
async def test_dial(switches: TelphinSwitches) -> None:
    async with cloud(switches) as made:
        source = made.free()
        outcome = await made.backend.act(Dial(site="cloud", from_=source.number, to=OUTSIDE))
        assert outcome.answered is Answered.ACCEPTED
        assert lamp(source) is Lamp.RINGING
        (call,) = (await made.calls()).values()
        assert (call.id == outcome.created) is (switches.callback_id == "same")
        assert (call.state, call.from_.number) == (LegState.RINGING, source.number)
        assert call.to.number == OUTSIDE
        (real,) = made.office.calls.values()
        made.until(lambda: state(real) is State.TALKING)
        (later,) = (await made.calls()).values()
        assert (later.id, later.state) == (call.id, LegState.TALKING)
        assert made.faults.count("POST", CALLBACK) == 1


async def test_dial_within_the_house() -> None:
    async with cloud() as made:
        source, target = made.free(0), made.free(1)
        outcome = await made.backend.act(Dial(site="cloud", from_=source.number, to=target.number))
        (real,) = made.office.calls.values()
        made.until(lambda: lamp(target) is Lamp.RINGING)
        assert list(await made.calls()) == [outcome.created]
        made.until(lambda: state(real) is State.TALKING)
        (call,) = (await made.calls()).values()
        assert call.id == outcome.created
        assert {leg.extension for leg in call.legs} == {source.number, target.number}


async def test_an_agent_logs_out_and_in() -> None:
    async with cloud() as made:
        agent = next(one for one in made.office.building.agents if one.logged_in)
        id = f"local/{agent.id}"
        await made.backend.act(LogAgent(site="cloud", agent=id, in_=False))
        assert agent.state == "logged_out"
        await made.backend.act(LogAgent(site="cloud", agent=id, in_=True))
        assert agent.state == "ready"
        assert made.faults.count("PUT", AGENT) == 2


async def test_a_phone_is_unregistered_and_comes_back() -> None:
    async with cloud() as made:
        ext = next(one for one in made.office.building.extensions if len(one.devices) == 2)
        made.until(lambda: all(device.online for device in ext.devices))
        id = str(made.names.extension_id(ext))
        first, second = (one for one in (await made.devices()) if one.partition("/")[0] == id)
        for device in (second, first):
            outcome = await made.backend.act(OnDevice(site="cloud", device=device))
            assert outcome.answered is Answered.ACCEPTED
        assert lamp(ext) is Lamp.UNAVAILABLE
        assert made.faults.count("DELETE", REGISTRATION) == 2
        made.until(lambda: lamp(ext) is Lamp.NOT_INUSE)


async def test_what_an_application_of_the_lower_level_may_do() -> None:
    async with cloud(TelphinSwitches(app_level="Call API")) as made:
        _, leg = made.desk()
        assert (await on(made, leg, Hold)).answered is Answered.ACCEPTED
        agent = made.office.building.agents[0]
        before = agent.logged_in
        outcome = await made.backend.act(
            LogAgent(site="cloud", agent=f"local/{agent.id}", in_=not before)
        )
        assert outcome.answered is Answered.REFUSED
        assert "ask Telphin's administrator for application level “All”" in outcome.words
        assert agent.logged_in is before


async def test_what_the_office_refuses_is_said_in_its_words() -> None:
    async with cloud(TelphinSwitches(validation_status=422)) as made:
        _, leg = made.desk()
        outcome = await on(made, leg, Resume)
        assert outcome.answered is Answered.REFUSED
        assert "“leg is talking, not held”" in outcome.words


# --- under faults ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """An action, its request, and whether it has been done."""

    name: str
    method: str
    resource: str
    action: Callable[[Cloud, things.Leg], Action]
    done: Callable[[Cloud, things.Leg], bool]


def put(name: str, make: Callable[..., Action], done: Callable[[Cloud, things.Leg], bool]) -> Case:
    def action(made: Cloud, leg: things.Leg) -> Action:
        more: dict[str, object] = {}
        if make is Transfer:
            more["to"] = made.free(2).number
        elif make is Monitor or make is Answer:
            more["extension"] = made.free(2).number
        return make(site="cloud", call="x", leg=made.handle(leg), **more)

    return Case(name, "DELETE" if make is Hangup else "PUT", CONTROL, action, done)


def rings(made: Cloud, leg: things.Leg) -> bool:
    return any(lamp(ext) is Lamp.RINGING for ext in made.office.building.extensions)


CASES = (
    put("hold", Hold, lambda made, leg: leg.state is State.HELD),
    put("hang up", Hangup, lambda made, leg: leg.state is State.ENDED),
    put("transfer", Transfer, rings),
    put("park", Park, lambda made, leg: leg.call.state is State.PARKED),
    put("pick up", Answer, rings),
    put("listen", Monitor, rings),
    Case(
        "dial",
        "POST",
        CALLBACK,
        lambda made, leg: Dial(site="cloud", from_=made.free().number, to=OUTSIDE),
        rings,
    ),
    Case(
        "log out",
        "PUT",
        AGENT,
        lambda made, leg: LogAgent(
            site="cloud", agent=f"local/{made.office.building.agents[0].id}", in_=False
        ),
        lambda made, leg: not made.office.building.agents[0].logged_in,
    ),
)
UNSURE = ("timeout", "reset", "truncate", "cut", "html", "garbage", "500", "502")
REFUSED = ("401", "403", "404", "409", "429")


@pytest.mark.parametrize("fault", [*UNSURE, *REFUSED, "empty", "slow"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_an_action_is_sent_once_whatever_comes_back(
    case: Case, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with cloud() as made:
        made.office.set_logged_in(made.office.building.agents[0], True)
        _, leg = made.desk()
        backend = made.backend if fault != "timeout" else made.open(timeout=0.3)
        await backend.read(Topic.CALLS)
        await backend.read(Topic.DEVICES)
        action = case.action(made, leg)
        options = {"seconds": 0.01} if fault == "slow" else {}
        made.faults.set(fault, on="actions", **options)
        outcome = await backend.act(action)
        assert made.faults.count(case.method, case.resource) == 1
        assert sum(seen.kind == "action" for seen in made.faults.seen) == 1
        if fault in UNSURE and not (fault in ("truncate", "cut") and case.method == "DELETE"):
            assert outcome.answered is Answered.NOT_CONFIRMED
            assert outcome.words
        elif fault in REFUSED:
            assert outcome.answered is Answered.REFUSED
            assert not case.done(made, leg)
        elif fault == "slow":
            assert outcome.answered is Answered.ACCEPTED
            assert case.done(made, leg)
        said = f"{outcome} {outcome!r} {list(backend.exchanges)} {caplog.text}"
        for secret in (made.simulated.app_secret, *made.simulated.tokens._good):
            assert secret not in said
        made.faults.clear()
        await backend.read(Topic.CALLS)
        assert sum(seen.kind == "action" for seen in made.faults.seen) == 1


@pytest.mark.parametrize("fault", ["timeout", "reset"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_an_action_that_was_done_without_an_answer_is_not_done_twice(
    case: Case, fault: str
) -> None:
    async with cloud() as made:
        made.office.set_logged_in(made.office.building.agents[0], True)
        _, leg = made.desk()
        backend = made.open(timeout=0.3) if fault == "timeout" else made.backend
        await backend.read(Topic.CALLS)
        await backend.read(Topic.DEVICES)
        action = case.action(made, leg)
        made.faults.set(fault, on="actions", done=1)
        outcome = await backend.act(action)
        assert outcome.answered is Answered.NOT_CONFIRMED
        assert case.done(made, leg)
        assert sum(seen.kind == "action" for seen in made.faults.seen) == 1


@pytest.mark.parametrize("fault", ["timeout", "reset", "500", "html", "empty", "401"])
async def test_an_action_does_not_leave_while_there_is_no_token(fault: str) -> None:
    async with cloud() as made:
        _, leg = made.desk()
        backend = made.open(timeout=0.3)
        made.faults.set(fault, on="token")
        with pytest.raises(BackendError) as caught:
            await backend.act(Hangup(site="cloud", call="x", leg=made.handle(leg)))
        assert not caught.value.unsure
        assert sum(seen.kind == "action" for seen in made.faults.seen) == 0
        assert leg.alive


async def test_an_action_on_a_stopped_server_has_not_left() -> None:
    async with cloud() as made:
        _, leg = made.desk()
        await made.calls()
        await made.server.stop()
        backend = made.open()
        with pytest.raises(BackendError) as caught:
            await backend.act(Hangup(site="cloud", call="x", leg=made.handle(leg)))
        assert not caught.value.unsure


async def test_a_token_that_ran_out_before_an_action() -> None:
    async with cloud() as made:
        call, leg = made.desk()
        handle = made.handle(leg)
        await made.calls()
        made.simulated.tokens.revoke_all()
        hangup = Hangup(site="cloud", call="x", leg=handle)
        refused = await made.backend.act(hangup)
        assert refused.answered is Answered.REFUSED
        assert call.alive
        assert made.faults.count("DELETE", CONTROL) == 1
        assert (await made.backend.act(hangup)).answered is Answered.ACCEPTED
        assert not call.alive
