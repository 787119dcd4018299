"""Agents, flows and phones at the real Asterisk: what an action changes, and where it is seen."""

from __future__ import annotations

import asyncio

import pytest

from pbxtui.backends.base import BackendError, Conflict, NotFound
from pbxtui.model import (
    AgentState,
    Answered,
    Certainty,
    DeviceState,
    Dial,
    Hold,
    Kind,
    LampState,
    LogAgent,
    OnDevice,
    Outcome,
    PauseAgent,
    SetFlow,
    Topic,
    Transfer,
    Verb,
)
from tests.asterisk import office
from tests.asterisk.conftest import MakePhone
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import soon
from tests.asterisk.watching import Watch, doing, opened

CAROL = "PJSIP/1003"


def paused(queue: str = "", *, yes: bool = True, reason: str = "") -> PauseAgent:
    return PauseAgent(site="lab", agent=CAROL, queue=queue, paused=yes, reason=reason)


def accepted(outcome: Outcome) -> Outcome:
    assert outcome.answered is Answered.ACCEPTED, outcome
    return outcome


# -- agents -----------------------------------------------------------------------------------


async def test_a_paused_agent_gets_no_calls(watch: Watch, phone: MakePhone) -> None:
    carol, dave, alice = phone("1003"), phone("1004"), phone("1001")
    await soon(lambda: watch.agent(CAROL).state is AgentState.READY)
    accepted(await watch.backend.act(paused("support", reason="Mittag – zurück um 13:00")))
    await soon(lambda: watch.agent(CAROL).paused_in == ("support",))
    assert watch.agent(CAROL).paused_reason == "Mittag – zurück um 13:00"
    call = await asyncio.to_thread(alice.dial, "600")
    await doing(dave.incoming)
    assert carol.rung == 0
    await doing(call.hang_up)
    accepted(await watch.backend.act(paused("support", yes=False)))
    await soon(lambda: watch.agent(CAROL).paused_in == ())
    await asyncio.to_thread(alice.dial, "600")
    await doing(carol.incoming)


async def test_a_pause_in_every_queue(watch: Watch, phone: MakePhone) -> None:
    phone("1003")
    accepted(await watch.backend.act(paused(reason="lunch")))
    await soon(lambda: watch.agent(CAROL).state is AgentState.PAUSED)
    assert watch.agent(CAROL).paused_in == ("sales", "support")
    accepted(await watch.backend.act(paused(yes=False)))
    await soon(lambda: watch.agent(CAROL).state is AgentState.READY)


async def test_an_agent_is_meant_by_the_extension_too(watch: Watch) -> None:
    action = PauseAgent(site="lab", agent="1005", queue="support")
    accepted(await watch.backend.act(action))
    await soon(lambda: watch.agent("Local/1005@office").paused_in == ("support",))


async def test_who_is_no_member_is_refused_in_asterisks_words(watch: Watch) -> None:
    outcome = await watch.backend.act(PauseAgent(site="lab", agent="1001", queue="support"))
    assert outcome.answered is Answered.REFUSED
    assert outcome.words.startswith("Interface not found")
    with pytest.raises(NotFound, match="neither an agent nor a phone"):
        await watch.backend.act(PauseAgent(site="lab", agent="nobody", queue="support"))


async def test_log_in_to_a_queue_and_out_again(watch: Watch, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    accepted(await watch.backend.act(LogAgent(site="lab", agent="1002", queue="support")))
    await soon(lambda: "PJSIP/1002" in watch.things[Kind.AGENTS])
    assert watch.agent("PJSIP/1002").queues == ("support",)
    call = await asyncio.to_thread(alice.dial, "600")
    ringing = await asyncio.to_thread(bob.incoming)
    await doing(call.hang_up)
    await doing(ringing.ended)
    again = await watch.backend.act(LogAgent(site="lab", agent="1002", queue="support"))
    assert again.answered is Answered.REFUSED
    assert again.words == "Unable to add interface: Already there"
    accepted(await watch.backend.act(LogAgent(site="lab", agent="PJSIP/1002", in_=False)))
    await soon(lambda: "PJSIP/1002" not in watch.things[Kind.AGENTS])


async def test_a_member_of_the_configuration_cannot_be_logged_out(watch: Watch) -> None:
    with pytest.raises(Conflict, match="Carol is a member by the configuration"):
        await watch.backend.act(LogAgent(site="lab", agent=CAROL, in_=False))
    action = LogAgent(site="lab", agent=CAROL, queue="support", in_=False)
    outcome = await watch.backend.act(action)
    assert outcome.answered is Answered.REFUSED
    assert outcome.words.startswith("Member not dynamic: ")
    assert "pause it" in outcome.words
    with pytest.raises(BackendError, match="name the queue"):
        await watch.backend.act(LogAgent(site="lab", agent=CAROL))


# -- flows ------------------------------------------------------------------------------------


async def test_a_flow_is_set_and_seen_as_flow_and_lamp(watch: Watch) -> None:
    for state in (LampState.IN_USE, LampState.RINGING, LampState.IDLE):
        action = SetFlow(site="lab", flow=office.NIGHT, state=state)
        accepted(await watch.backend.act(action))
        await soon(lambda state=state: watch.flow(office.NIGHT).state is state)  # type: ignore[misc]
        await soon(lambda state=state: watch.lamp("810").state is state)  # type: ignore[misc]
    flow = watch.flow(office.NIGHT)
    assert (flow.name, flow.number, flow.certainty) == ("night", "810", Certainty.SEEN)
    assert flow.since is not None
    await watch.read(Topic.LAMPS)
    assert watch.flow(office.NIGHT) == flow
    assert f"Device: {office.NIGHT}" in watch.backend.raw(Kind.FLOWS, flow.id)


async def test_a_flow_that_a_phone_switches_is_pushed(watch: Watch, phone: MakePhone) -> None:
    accepted(await watch.backend.act(SetFlow(site="lab", flow="night", state=LampState.IDLE)))
    call = await asyncio.to_thread(phone("1001").dial, "810")
    await doing(call.ended)
    await soon(lambda: watch.flow(office.NIGHT).state is LampState.IN_USE)


async def test_a_flow_that_was_never_set_is_unknown(watch: Watch) -> None:
    flow = watch.flow("Custom:never")
    assert (flow.state, flow.certainty) == (LampState.UNKNOWN, Certainty.INFERRED)
    assert watch.lamp("811").state is LampState.IDLE, "that is what its hint says"


async def test_what_is_no_flow_is_not_set(watch: Watch) -> None:
    with pytest.raises(NotFound, match="no custom device state “PJSIP/1001”"):
        await watch.backend.act(SetFlow(site="lab", flow="PJSIP/1001", state=LampState.IN_USE))
    with pytest.raises(BackendError, match="do not know dnd"):
        await watch.backend.act(SetFlow(site="lab", flow="night", state=LampState.DND))
    with pytest.raises(BackendError, match="has no value"):
        await watch.backend.act(SetFlow(site="lab", flow="night", value="on"))
    with pytest.raises(BackendError, match="no state is given"):
        await watch.backend.act(SetFlow(site="lab", flow="night"))


# -- phones -----------------------------------------------------------------------------------


async def test_a_phone_is_asked_to_restart(watch: Watch, phone: MakePhone) -> None:
    alice = phone("1001")
    await soon(lambda: watch.device("1001").state is DeviceState.REGISTERED)
    action = OnDevice(site="lab", device="PJSIP/1001", reboot=True)
    outcome = accepted(await watch.backend.act(action))
    assert "up to the phone" in outcome.words
    await soon(lambda: "Event: check-sync;reboot=true" in alice.told())
    with pytest.raises(Conflict, match="PJSIP/1006 is not registered"):
        await watch.backend.act(OnDevice(site="lab", device="PJSIP/1006", reboot=True))
    with pytest.raises(NotFound, match="no phone “1099”"):
        await watch.backend.act(OnDevice(site="lab", device="1099", reboot=True))


async def test_no_phone_is_unregistered_and_no_call_is_held(watch: Watch) -> None:
    with pytest.raises(BackendError, match="not that of a phone here"):
        await watch.backend.act(OnDevice(site="lab", device="PJSIP/1001"))
    with pytest.raises(BackendError, match="P parks the call"):
        await watch.backend.act(Hold(site="lab", call="1.1"))


# -- rights -----------------------------------------------------------------------------------


async def test_what_a_login_may_not_do_is_known_before(asterisk: Rig) -> None:
    backend = opened(asterisk, office.READER)
    await backend.read(Topic.CALLS)
    cannot = {verb for verb, c in backend.capabilities.items() if not c.possible}
    always = {Verb.HOLD, Verb.RESUME, Verb.UNREGISTER}
    assert cannot - always == {
        *(Verb.DIAL, Verb.RETRIEVE, Verb.ANSWER, Verb.MONITOR),
        *(Verb.PAUSE, Verb.UNPAUSE, Verb.LOGIN, Verb.LOGOUT),
    }
    with pytest.raises(BackendError, match=r"add originate to write = of \[reader\]"):
        await backend.act(Dial(site="lab", from_="1001", to="1002"))
    with pytest.raises(BackendError, match=r"add agent to write = of \[reader\]"):
        await backend.act(paused())
    await backend.close()


async def test_a_login_that_may_only_dial(asterisk: Rig) -> None:
    backend = opened(asterisk, office.DIALLER)
    with pytest.raises(BackendError, match=r"add call to write = of \[dialler\]"):
        await backend.act(Transfer(site="lab", call="1.1", to="1002"))
    assert backend.capabilities[Verb.DIAL].possible
    assert backend.capabilities[Verb.REBOOT].possible
    await backend.close()
