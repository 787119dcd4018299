"""The backend and the simulated office: two readings of the same facts, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pbxtui.backends.base import BackendError
from pbxtui.model import (
    AgentState,
    Certainty,
    DeviceState,
    Direction,
    LegState,
    Party,
    Topic,
)
from pbxtui.simulator import things
from pbxtui.simulator.office import Office
from pbxtui.simulator.telphin import TelphinSwitches
from tests.backends.house import START
from tests.backends.telphin.office import cloud

EACH = [
    TelphinSwitches(),
    TelphinSwitches(flow_case="lower", fraction="."),
    TelphinSwitches(fraction="none", no_extension="missing", call_ids=True, real_call=True),
    TelphinSwitches(no_extension="empty", bulk="object", expires="date", agent_status="object"),
    TelphinSwitches(no_extension="list", expires="string", max_per_page=10, remote_agents=0),
    TelphinSwitches(expired_listed=False, quota_headers=False, scope="absent"),
]


def busy() -> Office:
    return Office(5, 40, 120, start=START, three_way=0.0)


def shown(office: Office) -> list[things.Leg]:
    return [
        leg
        for call in office.calls.values()
        if call.alive
        for leg in call.legs
        if leg.alive and leg.extension is not None
    ]


@pytest.mark.parametrize("switches", EACH)
async def test_a_busy_office_in_every_form(switches: TelphinSwitches) -> None:
    async with cloud(switches, office=busy) as made:
        for _ in range(5):
            calls = await made.calls()
            legs = {leg.id: leg for call in calls.values() for leg in call.legs}
            truth = {made.handle(leg): leg for leg in shown(made.office)}
            assert legs.keys() == truth.keys()
            for id, leg in legs.items():
                real = truth[id]
                assert leg.extension == real.party.number
                assert (leg.answered is not None) is (real.answered > 0)
                step = 1.0 if switches.fraction == "none" else 0.011
                assert leg.started == pytest.approx(real.started, abs=step)
                assert leg.state is (LegState.TALKING if real.answered else LegState.RINGING)
            made.advance(7)


async def test_rows_of_one_call_are_one_call() -> None:
    async with cloud(office=busy) as made:
        whole = parts = 0
        for _ in range(40):
            calls = await made.calls()
            of = {leg.id: call.id for call in calls.values() for leg in call.legs}
            ids: dict[str, set[str]] = {}
            for leg in shown(made.office):
                ids.setdefault(leg.call.id, set()).add(of[made.handle(leg)])
            every = [id for found in ids.values() for id in found]
            assert len(every) == len(set(every)), "two calls were taken for one"
            whole += sum(len(found) == 1 for found in ids.values())
            parts += sum(len(found) > 1 for found in ids.values())
            made.advance(3)
        assert parts <= whole // 50


async def test_who_phones_whom() -> None:
    async with cloud() as made:
        call, leg = made.desk()
        (seen,) = (await made.calls()).values()
        assert seen.direction is Direction.OUTBOUND
        assert leg.extension is not None
        assert (seen.from_.number, seen.from_.name) == leg.extension.party
        assert seen.to.number == call.callee.number
        called = made.free(3)
        made.office.hangup_call(call.id)
        made.desk(called.number)
        (seen,) = (await made.calls()).values()
        assert (seen.direction, len(seen.legs)) == (Direction.INTERNAL, 2)
        assert (seen.to.number, seen.to.name) == called.party


@pytest.mark.parametrize("switches", EACH)
async def test_the_phones(switches: TelphinSwitches) -> None:
    async with cloud(switches) as made:
        off = made.free()
        for handset in off.devices:
            made.office.set_online(handset, False)
        devices = await made.devices()
        for ext in made.office.building.extensions:
            device = devices[str(made.names.extension_id(ext))]
            up = DeviceState.REGISTERED if ext.reachable else DeviceState.UNREGISTERED
            assert (device.state, device.certainty) == (up, Certainty.SEEN)
            assert (device.extension, device.name) == (ext.number, ext.name)
        online = [one for one in made.office.building.devices if one.online]
        up_ = [one for one in devices.values() if one.state is DeviceState.REGISTERED]
        assert len(up_) == len(online)


@pytest.mark.parametrize("switches", EACH)
async def test_queues_and_agents(switches: TelphinSwitches) -> None:
    async with cloud(switches) as made:
        queues, agents = await made.queues()
        assert [queue.name for queue in queues.values()] == ["Support", "Sales", "Accounts"]
        assert queues[str(made.names.queue_id(made.office.building.queues[1]))].strategy == (
            "ring-all"
        )
        for agent in made.office.building.agents:
            seen = agents[f"local/{agent.id}"]
            assert (seen.name, seen.extension) == (agent.extension.name, agent.extension.number)
            out = seen.state is AgentState.LOGGED_OUT
            assert out is not agent.logged_in
        remote = [id for id in agents if id.startswith("remote/")]
        assert len(remote) == switches.remote_agents


@pytest.mark.parametrize("form", ["list", "missing", "null"])
async def test_an_office_where_nobody_calls(form: Any) -> None:
    async with cloud(TelphinSwitches(empty_call_list=form)) as made:
        assert await made.calls() == {}


async def test_a_hold_by_somebody_else_cannot_be_seen() -> None:
    async with cloud() as made:
        _, leg = made.desk()
        made.office.hold(leg.id)
        (call,) = (await made.calls()).values()
        assert (call.state, call.certainty) == (LegState.TALKING, Certainty.SEEN)


async def test_a_call_goes_on_after_a_blind_transfer_by_somebody_else() -> None:
    async with cloud() as made:
        _, leg = made.desk()
        (before,) = (await made.calls()).values()
        target = next(ext for ext in made.office.building.extensions[::-1] if ext.pool_place >= 0)
        made.office.transfer(leg.id, target.number)
        (after,) = (await made.calls()).values()
        assert (after.id, after.certainty) == (before.id, Certainty.INFERRED)
        assert {one.extension for one in after.legs} == {target.number}


async def test_the_hours_quota_is_seen_and_kept() -> None:
    async with cloud(TelphinSwitches(quota_per_hour=5)) as made:
        for _ in range(5):
            await made.calls()
        quota = made.backend.quota
        assert quota is not None
        assert (quota.limit, quota.remaining) == (5, 0)
        with pytest.raises(BackendError, match="requests of this hour are used up") as caught:
            await made.calls()
        hour = 3600 - made.clock.now % 3600
        assert caught.value.retry_after == pytest.approx(hour, abs=1)
        made.advance(hour)
        await made.calls()


async def test_a_token_that_was_taken_away_is_renewed() -> None:
    async with cloud() as made:
        await made.calls()
        made.simulated.tokens.revoke_all()
        await made.calls()
        assert made.simulated.tokens.logins == 2
        assert made.faults.count("GET", "/client/{client_id}/current_calls/") == 3


async def test_a_wrong_secret_is_sent_once() -> None:
    async with cloud() as made:
        backend = made.open(app_secret="guessed")
        for topic in (Topic.CALLS, Topic.DEVICES, Topic.QUEUES):
            with pytest.raises(BackendError, match="login is refused"):
                await backend.read(topic)
        assert made.simulated.tokens.refused == 1


async def test_everything_that_can_be_asked_one_by_one() -> None:
    async with cloud() as made:
        backend = made.backend
        assert (await backend.user()).client == "9593"
        assert (await backend.limits())["event_limit"] == 20
        dids = await backend.dids()
        assert len(dids) == len({did.number for did in dids}) > 10
        assert [mode.name for mode in await backend.modes()] == ["Do not disturb"]
        assert await backend.phone_events() == ()
        assert await backend.extension_events(85001) == ()
        agent = made.office.building.agents[0]
        assert await backend.agent_events(f"local/{agent.id}") == ()
        call, leg = made.desk()
        assert leg.extension is not None
        id = made.names.extension_id(leg.extension)
        (one,) = await backend.extension_calls(id)
        assert one.legs[0].id == made.handle(leg)
        made.office.hangup_call(call.id)
        made.advance(3)
        (over,) = await backend.histories(START - 60, made.clock.now)
        assert over.result == "bridged"
        assert replace(over) == await backend.history(over.id.lower())
        (device, *_) = await backend.registration(id)
        assert device.state is DeviceState.REGISTERED
        assert (await backend.phone(id)).external_number == ""
        assert (await backend.extension(id)).status == "active"


async def test_settings_are_changed() -> None:
    async with cloud() as made:
        ext = made.free()
        id = made.names.extension_id(ext)
        await made.backend.set_external_number(id, "+79876543210")
        assert (await made.backend.phone(id)).external_number == "+79876543210"
        await made.backend.set_extension_status(id, "blocked")
        assert (await made.backend.extension(id)).status == "blocked"
        assert not any(device.online for device in ext.devices)


async def test_extensions_are_found_without_a_request() -> None:
    async with cloud(office=busy) as made:
        assert await made.backend.people("1") == ()
        phones = await made.devices()
        await made.backend.read(Topic.QUEUES)
        asked = len(made.backend.exchanges)
        for phone in phones.values():
            found = await made.backend.people(phone.extension)
            assert Party(phone.extension, phone.name) in found
            assert Party(phone.extension, phone.name) in await made.backend.people(
                phone.name[:4].upper()
            )
        everybody = await made.backend.people("0")
        assert all("0" in party.number or "0" in party.name for party in everybody)
        assert await made.backend.people(" ") == ()
        assert len(made.backend.exchanges) == asked
