"""The backend against the simulated office, over real HTTP: two readings of the same facts."""

from __future__ import annotations

import pytest

from pbxtui.model import (
    AgentState,
    Call,
    Certainty,
    DeviceState,
    Direction,
    LampState,
    LegState,
)
from pbxtui.simulator import things
from pbxtui.simulator.mirta import MirtaSwitches
from pbxtui.simulator.things import Lamp as OfficeLamp
from tests.backends.mirta.office import Branch, branch

SWITCHES = {
    "captured": MirtaSwitches(),
    "one node": MirtaSwitches(nodes=("pbx1",)),
    "plus and numbers": MirtaSwitches(plus=True, channel_numbers="ints", newline="\r\n"),
    "data kept": MirtaSwitches(answered_data="kept", dialled_exten="inherited"),
    "helpers": MirtaSwitches(helpers=True, account=False),
    "no bridges": MirtaSwitches(bridges=False, answered_data="kept"),
    "parked by place": MirtaSwitches(parking_exten="slot", agents_without_queue="nothing"),
    "old": MirtaSwitches(newer=False, agent_keys="extension", queue_times="seconds"),
    "pjsip": MirtaSwitches(pjsip_every=3, peers="CHANSIPPEERS", peers_on_all_nodes=True),
    "bare lamps": MirtaSwitches(lamp_suffix=False, flow_seconds=True, unset_flow=True),
}
STATES = {
    things.LegState.SETUP: {LegState.SETUP, LegState.RINGING},
    things.LegState.RINGING: {LegState.RINGING, LegState.SETUP},
    things.LegState.TALKING: {LegState.TALKING, LegState.RINGING},
    things.LegState.HELD: {LegState.TALKING},
    things.LegState.QUEUED: {LegState.QUEUED},
    things.LegState.PARKED: {LegState.PARKED},
}


@pytest.mark.parametrize("name", SWITCHES)
async def test_channels_are_joined_as_the_office_has_them(name: str) -> None:
    async with branch(SWITCHES[name], calls=60, seed=5) as one:
        for _ in range(40):
            one.advance(2.0)
            check(one, await one.calls(), SWITCHES[name].bridges)


def check(one: Branch, read: dict[str, Call], bridges: bool) -> None:
    """Every channel is there once, no call holds strangers, and none is in pieces.

    Except where an agent rings while several wait in one queue: then it rings for nobody certain.
    Where the PBX tells no bridges, calls may come in pieces, and still hold no strangers.
    """
    office = {call.id: call for call in one.office.calls.values() if call.alive}
    owner = {
        one.simulated.channel_of(leg.id): (leg, call)
        for call in office.values()
        for leg in call.live_legs()
    }
    shown = [call for call in read.values() if call.state is not LegState.ENDED]
    seen = [leg.channel for call in shown for leg in call.legs]
    assert sorted(seen) == sorted(owner)
    by_call: dict[str, list[Call]] = {}
    for call in shown:
        owners = {owner[leg.channel][1].id for leg in call.legs}
        assert len(owners) == 1, "channels of two calls were joined"
        by_call.setdefault(owners.pop(), []).append(call)
    for id_, parts in by_call.items():
        whole, *others = sorted(parts, key=lambda call: call.state is LegState.RINGING)
        if not bridges:
            continue
        check_call(one, whole, office[id_], len(others))
        for part in others:
            queue = office[id_].queue
            assert queue is not None
            assert len(queue.callers) > 1
            assert part.reason.startswith("rings for somebody in the queue")
            assert part.state is LegState.RINGING
            assert part.queue == queue.name
    for call in shown:
        for leg in call.legs:
            assert not bridges or leg.state in STATES[owner[leg.channel][0].state]
            assert leg.started == int(owner[leg.channel][0].started)


def check_call(one: Branch, call: Call, office: things.Call, apart: int) -> None:
    legs = office.live_legs()
    assert len(call.legs) == len(legs) - apart
    assert call.certainty is Certainty.INFERRED or len(legs) == 1
    if legs[0].party == office.caller:
        assert call.from_.number.removeprefix("+") == office.caller.number.removeprefix("+")
        if call.direction is not Direction(office.direction.value):
            # Whoever was sent to somebody outside: the office keeps the direction of the start.
            assert {leg.extension is None for leg in legs} == {True, False} or len(legs) == 1
    if office.queued and office.queue is not None:
        assert call.queue == office.queue.name
        assert call.state is LegState.QUEUED
    if office.state is things.LegState.PARKED and len(legs) == 1:
        assert call.state is LegState.PARKED


@pytest.mark.parametrize("name", ["captured", "pjsip"])
async def test_the_phones_of_the_office(name: str) -> None:
    async with branch(SWITCHES[name], calls=10) as one:
        one.advance(300)
        devices = await one.devices()
        extensions = {ext.username: ext for ext in one.office.building.extensions}
        assert set(devices) == set(extensions)
        for id_, device in devices.items():
            ext = extensions[id_]
            assert device.extension == ext.number
            assert device.name == ext.name
            assert (device.state is DeviceState.REGISTERED) == ext.reachable
            if device.certainty is Certainty.SEEN and ext.reachable:
                online = next(phone for phone in ext.devices if phone.online)
                assert device.address == online.address
                assert device.rtt_ms == round(online.rtt_ms(one.office.now))


@pytest.mark.parametrize("name", ["captured", "old", "bare lamps"])
async def test_queues_agents_lamps_and_flows_of_the_office(name: str) -> None:
    async with branch(SWITCHES[name], calls=30) as one:
        for _ in range(10):
            one.advance(3)
            queues, agents = await one.queues()
            lamps, flows = await one.lamps()
            check_queues(one, queues)
            check_agents(one, agents)
            assert {lamp.state for lamp in lamps.values()} <= set(LampState)
            words = {ext.number: LAMPS[ext.lamp] for ext in one.office.building.extensions}
            words |= {flow.number: LAMPS[flow.state] for flow in one.office.building.flows}
            assert {lamp.extension: lamp.state for lamp in lamps.values()} == words
            for flow in one.office.building.flows[:-1]:
                shown = flows[str(flow.id)]
                assert (shown.number, shown.name) == (flow.number, flow.name)
                assert (shown.state, shown.value) == (LAMPS[flow.state], flow.value)


LAMPS = {
    OfficeLamp.NOT_INUSE: LampState.IDLE,
    OfficeLamp.INUSE: LampState.IN_USE,
    OfficeLamp.BUSY: LampState.BUSY,
    OfficeLamp.RINGING: LampState.RINGING,
    OfficeLamp.RINGINUSE: LampState.RINGING_IN_USE,
    OfficeLamp.ONHOLD: LampState.ON_HOLD,
    OfficeLamp.UNAVAILABLE: LampState.UNAVAILABLE,
}


def check_queues(one: Branch, queues: object) -> None:
    assert isinstance(queues, dict)
    assert set(queues) == {str(id_) for id_ in one.office.queues}
    for id_, office in one.office.queues.items():
        queue = queues[str(id_)]
        assert queue.name == office.name
        assert (queue.answered, queue.abandoned) == (office.answered, office.abandoned)
        waiting = [caller.party.number for caller in queue.callers]
        assert waiting == [call.caller.number.removeprefix("+") for call in office.callers]
        assert queue.available == len(office.ready)


def check_agents(one: Branch, agents: object) -> None:
    assert isinstance(agents, dict)
    for office in one.office.building.agents:
        agent = agents.get(office.extension.username)
        if not office.logged_in:
            assert agent is None or agent.state is AgentState.LOGGED_OUT
            continue
        assert agent is not None
        assert set(agent.queues) == {str(queue.id) for queue in office.queues}
        assert agent.calls_taken == office.calls_taken
        assert agent.name == office.extension.name
        state = {"wrapup": "ready"}.get(office.state, office.state)
        assert agent.state.value == state


async def test_a_quiet_office_is_no_calls() -> None:
    for form in ("nothing", "[]", "]", "null", "{}"):
        async with branch(MirtaSwitches(empty_channels=form)) as one:
            assert await one.calls() == {}


async def test_rows_that_did_not_change_are_the_same_calls() -> None:
    async with branch(calls=20) as one:
        before = await one.calls()
        after = await one.calls()
        assert all(after[id_] is call for id_, call in before.items())
        assert list(after) == list(before)


async def test_times_are_told_once_they_are_known() -> None:
    async with branch() as one:
        assert await one.calls() == {}
        call = one.office.dial(one.free().number, "+441632960123")
        rung = await one.shown(call)
        assert rung.state is LegState.RINGING
        assert rung.started == rung.since == int(call.started)
        assert rung.answered is None
        one.until(lambda: call.state is things.LegState.TALKING)
        talks = await one.shown(call)
        assert talks.id == rung.id
        assert talks.answered == talks.since == one.clock.now
        one.advance(9)
        assert (await one.shown(call)).answered == talks.answered


async def test_at_first_sight_nobody_knows_since_when_they_talk() -> None:
    async with branch() as one:
        call = one.talk()
        shown = await one.shown(call)
        assert shown.state is LegState.TALKING
        assert (shown.since, shown.answered) == (None, None)
        assert shown.started == int(call.started)


async def test_a_lamp_that_changes_tells_the_zone_of_the_server() -> None:
    async with branch(MirtaSwitches(utc_offset=-5 * 3600.0)) as one:
        lamps, flows = await one.lamps()
        assert {lamp.since for lamp in lamps.values()} == {None}
        one.advance(4)
        one.office.dial(one.free().number, "+441632960123")
        one.advance(1)
        lamps, flows = await one.lamps()
        for ext in one.office.building.extensions:
            assert lamps[ext.username].since == int(ext.lamp_since)
        for flow in one.office.building.flows:
            since = flows[str(flow.id)].since
            assert since is not None
            assert abs(since - flow.since) < 60, "FLOWS has no seconds"


async def test_node_by_node_or_all_at_once() -> None:
    async with branch(calls=20) as one:
        parts = await one.calls()
        whole = one.open(nodes=[])
        one.backend = whole
        assert set(await one.calls()) == set(parts)
        nodes = [asked.get("nodename") for asked in one.simulated.asked if asked.sub == ""]
        assert nodes.count("pbx21") == nodes.count("pbx22") == 1
