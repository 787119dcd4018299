"""Actions on agents, flows and phones, and what MiRTA cannot do."""

from __future__ import annotations

import pytest

from pbxtui.backends.base import BackendError, NotFound
from pbxtui.model import (
    Answer,
    Hold,
    LampState,
    LogAgent,
    OnDevice,
    PauseAgent,
    SetFlow,
    Verb,
)
from pbxtui.simulator.things import Lamp
from tests.backends.mirta.doing import (
    ACCEPTED,
    NOT_CONFIRMED,
    REFUSED,
    an_agent,
    pause_of,
)
from tests.backends.mirta.office import branch

# --- agents ------------------------------------------------------------------------------------


@pytest.mark.parametrize("queues", [1, 2])
async def test_an_agent_is_paused_and_gets_no_calls(queues: int) -> None:
    async with branch(seed=4) as one:
        agent = an_agent(one, queues)
        await one.queues()
        action = PauseAgent(site="branch", agent=agent.extension.username, reason="Lunch & tea")
        assert (await one.backend.act(action)).answered is ACCEPTED
        assert one.count("AGENT pause") == queues
        assert one.simulated.asked[-1].get("pausereason") == "Lunch & tea"
        assert pause_of(agent) == "Lunch & tea"
        assert not any(agent in queue.ready for queue in agent.queues)
        shown = (await one.queues())[1][agent.extension.username]
        assert shown.state.value == "paused"
        assert set(shown.paused_in) == {str(queue.id) for queue in agent.queues}
        action = PauseAgent(site="branch", agent=agent.extension.username, paused=False)
        assert (await one.backend.act(action)).answered is ACCEPTED
        assert one.count("AGENT unpause") == queues
        assert pause_of(agent) is None
        assert all(agent in queue.ready for queue in agent.queues)


async def test_paused_in_one_queue_of_two() -> None:
    async with branch(seed=4) as one:
        agent = an_agent(one, 2)
        first, second = agent.queues
        action = PauseAgent(
            site="branch", agent=agent.extension.username, queue=str(first.id), paused=True
        )
        assert (await one.backend.act(action)).answered is ACCEPTED
        assert one.count("AGENT pause") == 1
        assert (agent in first.ready, agent in second.ready) == (False, True)
        shown = (await one.queues())[1][agent.extension.username]
        assert (shown.state.value, shown.paused_in) == ("ready", (str(first.id),))


async def test_an_agent_logs_out_and_in() -> None:
    async with branch(seed=4) as one:
        agent = an_agent(one)
        (queue,) = agent.queues
        name = agent.extension.username
        await one.queues()
        assert (
            await one.backend.act(LogAgent(site="branch", agent=name, in_=False))
        ).answered is ACCEPTED
        assert one.count("QUEUE del") == 1
        assert not agent.logged_in
        shown = (await one.queues())[1][name]
        assert (shown.state.value, shown.certainty.value) == ("logged_out", "inferred")
        assert (await one.backend.act(LogAgent(site="branch", agent=name))).answered is ACCEPTED
        asked = one.simulated.asked[-1]
        assert (asked.get("type"), asked.get("id")) == ("NF", str(queue.id))
        assert agent in queue.ready


async def test_anybody_can_join_a_queue_by_name() -> None:
    async with branch() as one:
        ext, queue = one.free(), next(iter(one.office.queues.values()))
        action = LogAgent(site="branch", agent=ext.number, queue=str(queue.id))
        assert (await one.backend.act(action)).answered is ACCEPTED
        assert ext.agent is not None
        assert ext.agent in queue.ready
        outcome = await one.backend.act(action)
        assert (outcome.answered, outcome.words) == (REFUSED, "Member already exists")


async def test_an_agent_of_no_known_queue() -> None:
    async with branch() as one:
        with pytest.raises(NotFound, match="name the queue"):
            await one.backend.act(LogAgent(site="branch", agent=one.free().username))
        assert one.count("QUEUE add") == 0


async def test_half_a_pause_is_not_confirmed() -> None:
    async with branch(seed=4) as one:
        agent = an_agent(one, 2)
        await one.queues()
        gone = agent.queues.pop()
        gone.agents.remove(agent)
        outcome = await one.backend.act(
            PauseAgent(site="branch", agent=agent.extension.username, reason="Break")
        )
        assert outcome.answered is NOT_CONFIRMED
        assert outcome.words == f"1 of 2 queues; {gone.name}: Interface not found"


# --- flows and phones --------------------------------------------------------------------------


async def test_a_flow_changes_lamps() -> None:
    async with branch() as one:
        flow = one.office.building.flows[0]
        await one.lamps()
        action = SetFlow(site="branch", flow=str(flow.id), state=LampState.IN_USE)
        assert (await one.backend.act(action)).answered is ACCEPTED
        asked = one.simulated.asked[-1]
        assert (asked.get("number"), asked.get("state")) == (flow.number, "INUSE")
        assert "value" not in asked.parameters
        lamps, flows = await one.lamps()
        assert flows[str(flow.id)].state is LampState.IN_USE
        assert flows[str(flow.id)].value == "night"
        assert next(lamp for lamp in lamps.values() if lamp.extension == flow.number).state is (
            LampState.IN_USE
        )
        action = SetFlow(site="branch", flow=str(flow.id), value="lunch")
        assert (await one.backend.act(action)).answered is ACCEPTED
        assert flow.state is Lamp.RINGING
        assert one.count("SETFLOW") == 2


async def test_a_flow_cannot_be_everything() -> None:
    async with branch() as one:
        with pytest.raises(BackendError, match="do not know the state dnd"):
            await one.backend.act(SetFlow(site="branch", flow="7101", state=LampState.DND))
        with pytest.raises(BackendError, match="neither a state nor a value"):
            await one.backend.act(SetFlow(site="branch", flow="7101"))
        outcome = await one.backend.act(
            SetFlow(site="branch", flow="7103", state=LampState.RINGING)
        )
        assert outcome.answered is REFUSED
        assert "no such state" in outcome.words
        assert one.count("SETFLOW") == 1


@pytest.mark.parametrize("reboot", [False, True])
async def test_unregister_and_reboot(reboot: bool) -> None:
    async with branch() as one:
        ext = one.free()
        action = OnDevice(site="branch", device=ext.username, reboot=reboot)
        assert (await one.backend.act(action)).answered is ACCEPTED
        assert one.simulated.asked[-1].get("peer") == ext.username
        assert one.count("REBOOT" if reboot else "UNREGISTER") == 1
        assert not ext.reachable
        one.until(lambda: ext.reachable)


@pytest.mark.parametrize("device", ["ALL", "all", " All "])
async def test_all_phones_are_never_meant(device: str) -> None:
    async with branch() as one:
        with pytest.raises(BackendError, match="every phone"):
            await one.backend.act(OnDevice(site="branch", device=device))
        assert one.count("UNREGISTER") == 0


# --- what cannot be done -----------------------------------------------------------------------


async def test_what_mirta_cannot_do_is_said_in_words() -> None:
    async with branch() as one:
        can = one.backend.capabilities
        assert set(can) == set(Verb)
        hold = can[Verb.HOLD]
        assert (hold.possible, hold.why) == (False, "MiRTA's API has no hold")
        assert hold.nearest == "P parks the call at 700"
        with pytest.raises(BackendError, match="MiRTA's API has no hold; P parks the call at 700"):
            await one.backend.act(Hold(site="branch", call="x"))
        with pytest.raises(BackendError, match="cannot answer"):
            await one.backend.act(Answer(site="branch", call="x"))
        without = one.open(park="").capabilities
        assert not without[Verb.PARK].possible
        assert "park" in without[Verb.HOLD].nearest
        assert all(c.why and not c.why.endswith(".") for c in can.values() if not c.possible)
        assert one.simulated.asked == []
