"""Over each make's own wire: the effect in the office, sent once under every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxtui.backends.base import Runtime
from pbxtui.model import (
    Answered,
    Certainty,
    Dial,
    LampState,
    LegState,
    OnDevice,
    PauseAgent,
    SetFlow,
    Topic,
    Verb,
)
from pbxtui.service import Fleet
from pbxtui.service.acting import (
    Ask,
    Dispatcher,
    Journal,
    Observed,
    Rights,
)
from pbxtui.service.fleet import open_site
from pbxtui.simulator.faults import NAMES
from tests.contract.makes import MAKES, Make
from tests.service.acting.wires import Wire, wired

BY_NAME = {make.name: make for make in MAKES}
EVERY = pytest.mark.parametrize("make", MAKES, ids=lambda make: make.name)
HOLDING = [BY_NAME[name] for name in ("vonage-live", "vonage-documented", "telphin")]

REFUSED, NOT_CONFIRMED = {Answered.REFUSED}, {Answered.NOT_CONFIRMED}
FAULTS: list[tuple[str, dict[str, float], set[Answered]]] = [
    ("timeout", {}, NOT_CONFIRMED),
    ("timeout", {"done": 1}, NOT_CONFIRMED),
    ("reset", {}, NOT_CONFIRMED),
    ("reset", {"done": 1}, NOT_CONFIRMED),
    ("refuse", {}, NOT_CONFIRMED | REFUSED),
    ("truncate", {}, NOT_CONFIRMED | {Answered.ACCEPTED}),
    ("cut", {}, NOT_CONFIRMED | {Answered.ACCEPTED}),
    ("html", {}, NOT_CONFIRMED),
    ("garbage", {}, NOT_CONFIRMED),
    ("huge", {"megabytes": 16}, NOT_CONFIRMED),
    ("empty", {}, NOT_CONFIRMED | {Answered.ACCEPTED}),
    ("401", {}, REFUSED),
    ("403", {}, REFUSED),
    ("404", {}, REFUSED | NOT_CONFIRMED),
    ("409", {}, REFUSED),
    ("429", {}, REFUSED),
    ("500", {}, NOT_CONFIRMED),
    ("502", {}, NOT_CONFIRMED),
    ("503", {}, NOT_CONFIRMED | REFUSED),
    ("202", {}, NOT_CONFIRMED),
    ("redirect", {}, NOT_CONFIRMED | REFUSED),
    ("slow", {"seconds": 0.02}, {Answered.ACCEPTED}),
    ("hostile-text", {}, {Answered.ACCEPTED}),
    ("clock-skew", {}, {Answered.ACCEPTED}),
    ("wrong-types", {}, NOT_CONFIRMED | {Answered.ACCEPTED}),
    ("missing-fields", {}, NOT_CONFIRMED | {Answered.ACCEPTED}),
    ("null-fields", {}, NOT_CONFIRMED | {Answered.ACCEPTED}),
]
"""Each fault on actions, with what may be said of an action that it struck."""

OF_LISTS = {"loop-pages", "foreign-page"}
"""Faults that an action's answer cannot have."""


def test_every_fault_there_is_strikes_actions_here() -> None:
    assert {name for name, _, _ in FAULTS} | OF_LISTS == set(NAMES)


@pytest.mark.parametrize(
    ("fault", "options", "allowed"),
    FAULTS,
    ids=[f"{name}{'-done' if options.get('done') else ''}" for name, options, _ in FAULTS],
)
@EVERY
async def test_under_every_fault_it_is_sent_once_and_nothing_is_claimed_that_was_not(
    make: Make,
    fault: str,
    options: dict[str, float],
    allowed: set[Answered],
    tmp_path: Path,
) -> None:
    async with wired(make, tmp_path, timeout=2.0 if fault == "timeout" else 5.0) as wire:
        call, real = wire.talk()
        plan = wire.plan(Verb.HANGUP, call)
        assert plan.refused is None
        wire.made.faults.set(fault, on="actions", **options)
        ticket = await wire.dispatcher.send(plan).answered()
        wire.made.faults.clear()
        assert ticket.outcome is not None
        assert ticket.outcome.answered in allowed
        assert ticket.outcome.words or ticket.outcome.answered is Answered.ACCEPTED
        assert "by themselves" not in ticket.outcome.words, "nothing sends an action again"
        await wire.settle(ticket)
        assert len(wire.acted()) <= 1
        if fault != "refuse":
            assert len(wire.acted()) == 1
        done = not real.alive
        if ticket.outcome.answered is Answered.REFUSED:
            assert not done
            assert ticket.observed is None
        else:
            assert ticket.observed is (Observed.OBSERVED if done else Observed.NOT_OBSERVED)
        (entry,) = await wire.journal()
        assert (entry.what, entry.verb) == (plan.sentence, "hangup")
        assert (entry.outcome, entry.observed) == (
            ticket.outcome.answered,
            ticket.observed or "",
        )
        assert not entry.unfinished
        written = "".join(path.read_text() for path in tmp_path.glob("audit-*"))
        assert all(secret not in written for secret in wire.made.secrets)


UNSURE: list[tuple[str, dict[str, float]]] = [
    ("timeout", {}),
    ("timeout", {"done": 1}),
    ("reset", {"done": 1}),
    ("html", {}),
    ("502", {}),
]
DOING = [(make, verb) for make in MAKES for verb in (Verb.TRANSFER, Verb.PARK, Verb.DIAL)] + [
    (make, Verb.HOLD) for make in HOLDING
]


@pytest.mark.parametrize(
    ("fault", "options"),
    UNSURE,
    ids=[f"{name}{'-done' if options.get('done') else ''}" for name, options in UNSURE],
)
@pytest.mark.parametrize(
    ("make", "verb"),
    DOING,
    ids=[f"{make.name}-{verb}" for make, verb in DOING],
)
async def test_what_nobody_confirmed_is_sent_once_and_shown_only_where_it_is_seen(
    make: Make, verb: Verb, fault: str, options: dict[str, float], tmp_path: Path
) -> None:
    async with wired(make, tmp_path, timeout=2.0 if fault == "timeout" else 5.0) as wire:
        call, real = wire.talk()
        target, own = wire.idle(), wire.idle(1)
        if verb is Verb.DIAL:
            plan = wire.dispatcher.plan(Dial(site="hq", from_=own.number, to=target.number))
        else:
            plan = wire.plan(verb, call, Ask(to=target.number))
        wire.made.faults.set(fault, on="actions", **options)
        ticket = await wire.dispatcher.send(plan).answered()
        wire.made.faults.clear()
        assert ticket.outcome is not None
        assert ticket.outcome.answered is Answered.NOT_CONFIRMED
        await wire.settle(ticket)
        assert len(wire.acted()) == 1
        await wire.read()
        shown = wire.made.site.snapshot.calls[call.id]
        assert shown.certainty is not Certainty.ASSUMED
        assert wire.dispatcher.assumed.of("hq") == []
        done = {
            Verb.HOLD: any(leg.state.value == "held" for leg in real.live_legs()),
            Verb.TRANSFER: bool(target.legs),
            Verb.PARK: bool(real.slot),
            Verb.DIAL: bool(own.legs),
        }[verb]
        assert done is bool(options.get("done"))
        if ticket.observed is not Observed.NOT_OBSERVABLE:
            assert ticket.observed is (Observed.OBSERVED if done else Observed.NOT_OBSERVED)
        (entry,) = await wire.journal()
        assert (entry.outcome, entry.observed) == ("not_confirmed", ticket.observed)


@EVERY
async def test_a_call_is_hung_up_and_seen_to_be_over(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        call, real = wire.talk()
        plan = wire.plan(Verb.HANGUP, call)
        assert "it ends for both" in plan.sentence
        ticket = wire.dispatcher.send(plan)
        await wire.settle(ticket)
        assert not real.alive
        assert ticket.observed is Observed.OBSERVED
        assert len(wire.acted()) == 1


@EVERY
async def test_somebody_is_sent_on_and_seen_there(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        call, real = wire.talk()
        desk, target = wire.own_leg(call), wire.idle()
        plan = wire.plan(Verb.TRANSFER, call, Ask(to=target.number))
        assert plan.sentence.startswith("Transfer ")
        assert f"{desk.extension} " in plan.sentence
        assert "becomes free" in plan.sentence
        ticket = wire.dispatcher.send(plan)
        await wire.settle(ticket)
        assert ticket.outcome is not None
        assert ticket.outcome.answered is Answered.ACCEPTED, ticket.words
        assert target in [leg.extension for leg in real.live_legs()]
        assert ticket.observed is Observed.OBSERVED


@pytest.mark.parametrize("make", HOLDING, ids=lambda make: make.name)
async def test_a_hold_that_is_not_shown_is_assumed_until_it_is_resumed(
    make: Make, tmp_path: Path
) -> None:
    async with wired(make, tmp_path) as wire:
        call, real = wire.talk()
        held = await wire.dispatcher.send(wire.plan(Verb.HOLD, call)).done()
        assert held.observed is Observed.NOT_OBSERVABLE
        assert [leg.state.value for leg in real.live_legs()].count("held") == 1
        await wire.read()
        shown = wire.made.site.snapshot.calls[call.id]
        assert (shown.state, shown.certainty) == (LegState.HELD, Certainty.ASSUMED)
        plan = wire.plan(Verb.RESUME, shown)
        await wire.dispatcher.send(plan).done()
        await wire.read()
        shown = wire.made.site.snapshot.calls[call.id]
        assert shown.state is LegState.TALKING
        assert all(leg.state.value == "talking" for leg in real.live_legs())


@pytest.mark.parametrize("make", HOLDING, ids=lambda make: make.name)
async def test_a_hold_that_is_not_shown_is_assumed_by_the_next_process_too(
    make: Make, tmp_path: Path
) -> None:
    async with wired(make, tmp_path) as wire:
        call, _ = wire.talk()
        await wire.dispatcher.send(wire.plan(Verb.HOLD, call)).done()
        await wire.dispatcher.close()
        again = open_site(wire.made.site.settings, Runtime(max_body=8 * 1024 * 1024))
        Dispatcher(Fleet([again]), Rights("reception"), Journal(tmp_path))
        try:
            await again.read(Topic.CALLS)
        finally:
            await again.stop()
        shown = next(
            one
            for one in again.snapshot.calls.values()
            if {leg.id for leg in one.legs} == {leg.id for leg in call.legs}
        )
        assert (shown.state, shown.certainty) == (LegState.HELD, Certainty.ASSUMED)


@EVERY
async def test_a_call_is_parked_and_shown_or_assumed(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        call, real = wire.talk()
        ticket = wire.dispatcher.send(wire.plan(Verb.PARK, call))
        await wire.settle(ticket)
        assert real.slot
        await wire.read()
        shown = wire.made.site.snapshot.calls[call.id]
        assert shown.state is LegState.PARKED
        if make.name == "mirta":
            assert ticket.observed is Observed.OBSERVED
            assert shown.certainty is not Certainty.ASSUMED
        else:
            assert ticket.observed is Observed.NOT_OBSERVABLE
            assert shown.certainty is Certainty.ASSUMED


@EVERY
async def test_dialling_makes_a_new_call_that_is_seen(make: Make, tmp_path: Path) -> None:
    async with wired(make, tmp_path) as wire:
        own, target = wire.idle(), wire.idle(1)
        action = Dial(site="hq", from_=own.number, to=target.number)
        ticket = wire.dispatcher.send(wire.dispatcher.plan(action))
        await wire.settle(ticket)
        assert own.legs
        assert ticket.observed is Observed.OBSERVED
        assert len(wire.acted()) == 1


async def test_who_was_sent_outside_by_telphin_is_shown_as_assumed(tmp_path: Path) -> None:
    async with wired(BY_NAME["telphin"], tmp_path) as wire:
        call, real = wire.talk()
        ticket = wire.dispatcher.send(wire.plan(Verb.TRANSFER, call, Ask(to="+441632960123")))
        await wire.settle(ticket)
        assert all(leg.extension is None for leg in real.live_legs())
        assert ticket.observed is Observed.OBSERVED
        shown = wire.made.site.snapshot.calls[call.id]
        assert (shown.state, shown.certainty) == (LegState.RINGING, Certainty.ASSUMED)
        assert shown.to.number == "+441632960123"


# --- the house, at MiRTA -------------------------------------------------------------------------


async def mirta(wire: Wire, action: object) -> Observed | None:
    ticket = wire.dispatcher.send(wire.dispatcher.plan(action))  # type: ignore[arg-type]
    await wire.settle(ticket)
    assert len(wire.acted()) == 1, wire.acted()
    return ticket.observed


async def test_an_agent_is_paused_and_seen_to_be(tmp_path: Path) -> None:
    async with wired(BY_NAME["mirta"], tmp_path) as wire:
        agents = wire.made.site.snapshot.agents.values()
        agent = next(one for one in agents if one.queues and not one.paused_in)
        action = PauseAgent(site="hq", agent=agent.id, queue=agent.queues[0], reason="lunch")
        assert await mirta(wire, action) is Observed.OBSERVED


async def test_a_flow_is_set_and_seen_to_be(tmp_path: Path) -> None:
    async with wired(BY_NAME["mirta"], tmp_path) as wire:
        flow = next(iter(wire.made.site.snapshot.flows.values()))
        wanted = LampState.IDLE if flow.state is LampState.IN_USE else LampState.IN_USE
        assert await mirta(wire, SetFlow(site="hq", flow=flow.id, state=wanted)) is (
            Observed.OBSERVED
        )


async def test_a_phone_is_unregistered_and_seen_to_be(tmp_path: Path) -> None:
    async with wired(BY_NAME["mirta"], tmp_path) as wire:
        number = wire.idle().number
        phones = wire.made.site.snapshot.devices.values()
        phone = next(one for one in phones if one.extension == number)
        assert await mirta(wire, OnDevice(site="hq", device=phone.id)) is Observed.OBSERVED


@EVERY
async def test_of_all_requests_those_that_act_are_marked_in_the_log(
    make: Make, tmp_path: Path
) -> None:
    async with wired(make, tmp_path) as wire:
        call, _ = wire.talk()
        await wire.settle(wire.dispatcher.send(wire.plan(Verb.HANGUP, call)))
        backend = wire.made.site.backend
        assert backend is not None
        marked = [one.what for one in backend.exchanges if one.acting]
        assert len(marked) == len(wire.acted()) == 1
        assert len(backend.exchanges) > 2, "the login and the readings are there, unmarked"


@pytest.mark.parametrize("verb", [Verb.DIAL, Verb.TRANSFER])
@EVERY
async def test_what_others_do_at_the_same_phone_is_not_the_effect(
    make: Make, verb: Verb, tmp_path: Path
) -> None:
    """The request got lost, and the phone that it was about is rung by somebody else."""
    async with wired(make, tmp_path, timeout=2.0) as wire:
        call, _ = wire.talk()
        meant, other, third = wire.idle(), wire.idle(1), wire.idle(2)
        if verb is Verb.DIAL:
            plan = wire.dispatcher.plan(Dial(site="hq", from_=meant.number, to=other.number))
        else:
            plan = wire.plan(verb, call, Ask(to=meant.number))
        wire.made.faults.set("timeout", on="actions")
        ticket = await wire.dispatcher.send(plan).answered()
        wire.made.faults.clear()
        stranger = wire.made.office.dial(third.number, meant.number)
        wire.made.office.answer(stranger.legs[0].id)
        await wire.settle(ticket)
        assert meant.legs
        assert not other.legs
        shown = wire.made.site.snapshot.calls.values()
        assert any(meant.number in (one.to.number, one.from_.number) for one in shown)
        assert ticket.observed is Observed.NOT_OBSERVED
