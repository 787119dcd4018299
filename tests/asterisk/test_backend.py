"""The backend against the real Asterisk: what the phones do is what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import cast

import pytest

from pbxtui.backends.base import BackendError, Forbidden, LoginRefused
from pbxtui.model import (
    AgentState,
    Call,
    Certainty,
    DeviceState,
    Direction,
    FaultKind,
    Kind,
    LampState,
    LegState,
    Topic,
)
from tests.asterisk import office
from tests.asterisk.conftest import MakePhone
from tests.asterisk.phones import Phone
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import soon
from tests.asterisk.watching import Watch, doing, opened, talking


async def test_a_call_rings_talks_is_held_and_ends(watch: Watch, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    outgoing = await asyncio.to_thread(alice.dial, "1002")
    await soon(lambda: watch.states() == {"1001": LegState.RINGING, "1002": LegState.RINGING})
    (call,) = watch.calls()
    assert call.direction is Direction.INTERNAL
    assert (str(call.from_), str(call.to)) == ("1001 Alice", "1002 Bob")

    incoming = await asyncio.to_thread(bob.incoming)
    await doing(incoming.answer)
    await doing(outgoing.talks)
    await soon(lambda: watch.states() == {"1001": LegState.TALKING, "1002": LegState.TALKING})
    (talk,) = watch.calls()
    assert talk.id == call.id
    assert len({leg.bridge for leg in talk.legs}) == 1
    assert talk.answered is not None

    await doing(incoming.hold)
    await soon(lambda: watch.states()["1002"] is LegState.HELD)
    (held,) = watch.calls()
    assert (held.state, held.certainty) == (LegState.HELD, Certainty.SEEN)
    await watch.read(Topic.CALLS)
    assert watch.calls()[0].state is LegState.HELD, "the list does not tell, and does not forget"

    await doing(incoming.resume)
    await soon(lambda: watch.states()["1002"] is LegState.TALKING)
    await doing(outgoing.hang_up)
    await soon(lambda: not watch.calls())
    (over,) = cast("Iterable[Call]", watch.things[Kind.CALLS].values())
    assert (over.id, over.state, over.reason) == (call.id, LegState.ENDED, "hung up")
    await watch.read(Topic.CALLS)
    assert not watch.calls()


async def test_lists_alone_say_the_same_as_the_events(
    asterisk: Rig, watch: Watch, phone: MakePhone
) -> None:
    _, incoming = await talking(phone("1001"), phone("1002"))
    await doing(incoming.hold)
    await soon(lambda: watch.states().get("1002") is LegState.HELD)
    with asterisk.ami() as manager:
        asked = {"Channel": watch.calls()[0].legs[0].channel, "Variable": "CDR(billsec)"}
        await soon(lambda: manager.ask("Getvar", **asked).get("Value", "0") != "0")
    late = opened(asterisk)
    calls = cast("Mapping[str, Call]", (await late.read(Topic.CALLS)).items[Kind.CALLS])
    await late.close()
    (seen,), (read,) = watch.calls(), calls.values()
    assert (read.id, read.state, read.from_, read.to) == (seen.id, seen.state, seen.from_, seen.to)
    assert read.certainty is Certainty.INFERRED, "who holds is only inferred by one who comes late"
    assert [leg.state for leg in read.legs] == [leg.state for leg in seen.legs]
    assert read.answered is not None, "the CDR told when the talk began"
    assert abs(read.answered - (seen.answered or 0)) < 3


async def test_a_caller_waits_in_a_queue_and_is_answered(watch: Watch, phone: MakePhone) -> None:
    alice = phone("1001")
    call = await asyncio.to_thread(alice.dial, "600")
    await soon(lambda: watch.states() == {"1001": LegState.QUEUED})
    await soon(lambda: watch.queue("support").callers)
    (caller,) = watch.queue("support").callers or ()
    assert (caller.position, caller.party.number) == (1, "1001")
    assert caller.call == watch.calls()[0].id
    assert watch.calls()[0].queue == "support"
    await watch.read(Topic.QUEUES)
    assert watch.queue("support").callers == (caller,)

    erin = phone("1005")
    incoming = await asyncio.to_thread(erin.incoming)
    await soon(lambda: watch.agent("Local/1005@office").state is AgentState.RINGING)
    await soon(lambda: watch.states() == {"1001": LegState.QUEUED, "1005": LegState.RINGING})
    await doing(incoming.answer)
    await soon(lambda: watch.states() == {"1001": LegState.TALKING, "1005": LegState.TALKING})
    (talk,) = watch.calls()
    assert len({leg.bridge for leg in talk.legs}) == 1, "two bridges, joined by a Local channel"
    assert watch.queue("support").callers == ()
    await soon(lambda: watch.agent("Local/1005@office").state is AgentState.TALKING)
    await doing(incoming.hang_up)
    await doing(call.ended)
    await soon(lambda: not watch.calls())


async def test_a_caller_who_gives_up_leaves_the_queue(watch: Watch, phone: MakePhone) -> None:
    call = await asyncio.to_thread(phone("1001").dial, "601")
    await doing(call.talks)
    await soon(lambda: watch.queue("sales").callers)
    await doing(call.hang_up)
    await soon(lambda: watch.queue("sales").callers == () and not watch.calls())


async def test_a_parked_call_is_in_its_space(asterisk: Rig, watch: Watch, phone: MakePhone) -> None:
    await talking(phone("1001"), phone("1002"))
    await soon(lambda: len(watch.states()) == 2)
    alice = next(leg for call in watch.calls() for leg in call.legs if leg.extension == "1001")
    with asterisk.ami() as manager:
        to_parking = {"Context": office.CONTEXT, "Exten": "700", "Priority": "1"}
        assert manager.ask("Redirect", Channel=alice.channel, **to_parking)["Response"] == "Success"
    await soon(lambda: watch.states() == {"1001": LegState.PARKED})
    (call,) = watch.calls()
    assert (call.state, call.parked_at) == (LegState.PARKED, "701")
    await watch.read(Topic.CALLS)
    assert watch.calls()[0].parked_at == "701"

    grace = phone("1007")
    back = await asyncio.to_thread(grace.dial, "701")
    await doing(back.talks)
    await soon(lambda: watch.states() == {"1001": LegState.TALKING, "1007": LegState.TALKING})
    assert watch.calls()[0].parked_at == ""


async def test_a_stranger_from_outside_cannot_paint_the_screen(
    watch: Watch, phone: MakePhone, trunk: Phone
) -> None:
    bob = phone("1002")
    name = "[bold]Eve[/] \x1b[2J\x1b]0 pwned \x9b31m \x01\x7f \u202eevil"
    call = await asyncio.to_thread(lambda: trunk.dial("1002", name=name))
    await asyncio.to_thread(bob.incoming)
    await doing(call.rings)
    await soon(lambda: watch.states().get("1002") is LegState.RINGING)
    (shown,) = watch.calls()
    assert shown.direction is Direction.INBOUND
    assert shown.from_.name.startswith("[bold]Eve[/] \N{REPLACEMENT CHARACTER}[2J")
    assert shown.from_.name.replace("\N{REPLACEMENT CHARACTER}", "").isprintable()
    assert "PJSIP/trunk" in watch.states()


async def test_phones_come_and_go(watch: Watch, phone: MakePhone) -> None:
    assert watch.device("1003").state is DeviceState.UNREGISTERED
    assert watch.agent("PJSIP/1003").state is AgentState.UNREACHABLE
    carol = phone("1003")
    await soon(lambda: watch.device("1003").state is DeviceState.REGISTERED)
    assert watch.device("1003").address == f"127.0.0.1:{carol.port}"
    await soon(lambda: watch.agent("PJSIP/1003").state is AgentState.READY)
    await soon(lambda: watch.lamp("1003").state is LampState.IDLE)
    await watch.read(Topic.DEVICES)
    assert "Yealink" in watch.device("1003").user_agent
    await doing(carol.unregister)
    await soon(lambda: watch.device("1003").state is DeviceState.UNREGISTERED)
    await soon(lambda: watch.lamp("1003").state is LampState.UNAVAILABLE)


async def test_a_phone_that_is_unplugged_becomes_unreachable(
    watch: Watch, phone: MakePhone
) -> None:
    heidi = phone(office.QUALIFIED)
    await soon(lambda: watch.device(office.QUALIFIED).rtt_ms is not None)
    await doing(heidi.stop)
    await soon(lambda: watch.device(office.QUALIFIED).state is DeviceState.UNREACHABLE)


async def test_an_agent_is_paused(asterisk: Rig, watch: Watch, phone: MakePhone) -> None:
    phone("1003")
    with asterisk.ami() as manager:
        manager.ask("QueuePause", Interface="PJSIP/1003", Paused="true", Reason="lunch")
    await soon(lambda: watch.agent("PJSIP/1003").state is AgentState.PAUSED)
    carol = watch.agent("PJSIP/1003")
    assert (carol.paused_reason, carol.paused_in) == ("lunch", ("sales", "support"))
    assert carol.since is not None


async def test_asterisk_dies_and_comes_back(asterisk: Rig, watch: Watch) -> None:
    asterisk.kill()
    with pytest.raises(BackendError) as caught:
        await watch.read(Topic.CALLS)
    assert caught.value.kind in (FaultKind.LOST, FaultKind.REFUSED)
    assert caught.value.retry
    await doing(asterisk.start)
    await soon(lambda: bool(watch.backend.exchanges) and watch.backend.exchanges[-1].fault == "")
    await watch.read(Topic.CALLS)
    caller = Phone(asterisk, "1001")
    try:
        await doing(caller.register)
        call = await asyncio.to_thread(caller.dial, "800")
        await doing(call.talks)
        await soon(lambda: watch.states() == {"1001": LegState.TALKING})
    finally:
        asterisk.hang_up_everything()
        caller.unregister()
        caller.stop()


async def test_a_wrong_secret_is_told_and_not_tried_again(asterisk: Rig) -> None:
    backend = opened(asterisk, secret="wrong")
    for topic in Topic:
        with pytest.raises(LoginRefused, match="Authentication failed"):
            await backend.read(topic)
    assert sum(exchange.what == "Login" for exchange in backend.exchanges) == 1
    await backend.close()


async def test_a_user_without_rights_is_told_which(asterisk: Rig) -> None:
    backend = opened(asterisk, office.GUEST)
    with pytest.raises(Forbidden) as caught:
        await backend.read(Topic.CALLS)
    assert "add system or reporting to write = of [guest]" in caught.value.hint
    await backend.close()


async def test_the_rights_that_the_words_name_are_enough(asterisk: Rig) -> None:
    backend = opened(asterisk, office.READER)
    for topic in Topic:
        assert not (await backend.read(topic)).notes
    await backend.close()


async def test_it_says_which_asterisk_it_is(asterisk: Rig) -> None:
    backend = opened(asterisk)
    about = await backend.about()
    await backend.close()
    assert about[0].split()[1].startswith(asterisk.cli("core show version").split()[1])


async def test_the_clock_is_that_of_this_machine(asterisk: Rig) -> None:
    backend = opened(asterisk)
    skew = (await backend.read(Topic.CALLS)).skew
    await backend.close()
    assert skew is not None
    assert abs(skew) < 1
