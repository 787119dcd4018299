"""The operations which change something, over HTTP, and their effect in the office."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Call, Extension, Lamp, Leg, LegState
from pbxtui.simulator.vonage import SimulatedVonage, VonageSwitches, build_vonage
from tests.simulator.world import CALLS, START, Clock, client_of


class Desk:
    """An office in which nobody calls by themselves, and a client that may act."""

    def __init__(self, built: SimulatedVonage, client: httpx.AsyncClient, clock: Clock) -> None:
        self.built = built
        self.client = client
        self.clock = clock
        self.office: Office = built.office

    def free(self, nth: int = 0) -> Extension:
        idle = [ext for ext in self.office.building.extensions if ext.pool_place >= 0]
        return [ext for ext in idle if ext.agent is None][nth]

    def until(self, true: Callable[[], bool]) -> None:
        for _ in range(3600):
            if true():
                return
            self.clock.now += 1
            self.office.advance(self.clock.now)
        raise AssertionError("it never came true")

    def talk(self, to: str = "+441632960123") -> tuple[Call, Leg, Leg]:
        call = self.office.dial(self.free().number, to)
        self.until(lambda: state(call) is LegState.TALKING)
        own, other = call.live_legs()
        return call, own, other

    async def put(self, path: str, body: object) -> httpx.Response:
        return await self.client.put(path, json=body)


def state(thing: Call | Leg) -> LegState:
    return thing.state


def lamp(ext: Extension) -> Lamp:
    return ext.lamp


@asynccontextmanager
async def desk(switches: VonageSwitches | None = None) -> AsyncIterator[Desk]:
    clock = Clock()
    office = Office(3, 0, 40, start=START)
    built = build_vonage(3, clock=clock, office=office, switches=switches)
    async with client_of(built) as (client, _):
        yield Desk(built, client, clock)


def to(destination: str, kind: str) -> dict[str, str]:
    return {"destination": destination, "type": kind}


@pytest.mark.parametrize("form", ["uuid", "quoted", "json", "empty"])
async def test_click_to_dial(form: str) -> None:
    async with desk(VonageSwitches(post_answer=form)) as d:  # type: ignore[arg-type]
        ext = d.free()
        body = {
            "from": to(ext.number, "extension"),
            "to": to("441632960123", "pstn"),
            "type": "click2dial",
        }
        answer = await d.client.post(CALLS, json=body)
        call = next(iter(d.office.calls.values()))
        assert answer.status_code == (202 if form == "empty" else 200)
        expected = {
            "uuid": call.id,
            "quoted": f'"{call.id}"',
            "json": f'{{"call_id":"{call.id}"}}',
            "empty": "",
        }
        assert answer.text == expected[form]
        assert ext.lamp is Lamp.RINGING
        assert len(d.office.calls) == 1
        assert d.built.faults.count("POST", "/calls") == 1


async def test_dialling_from_a_given_phone_without_a_type() -> None:
    async with desk() as d:
        device = d.free().devices[0]
        body = {"from": to(device.id, "device"), "to": to(d.free(1).devices[0].id, "device")}
        assert (await d.client.post(CALLS, json=body)).status_code == 200
        call = next(iter(d.office.calls.values()))
        assert call.legs[0].device is device
        assert call.callee.number == d.free(0).number


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"from": {"destination": "201", "type": "pstn"}, "to": {}},
        {"from": "201", "to": "202"},
        {
            "from": {"destination": "201", "type": "extension"},
            "to": {"destination": "nobody", "type": "pstn"},
        },
        {
            "from": {"destination": "201", "type": "extension"},
            "to": {"destination": "202", "type": "extension"},
            "type": "teleport",
        },
    ],
)
async def test_dialling_nonsense_is_refused(body: object) -> None:
    async with desk() as d:
        answer = await d.client.post(CALLS, json=body)
        assert answer.status_code == 400
        assert answer.json()["code"] == "400"
        assert not d.office.calls
        assert (await d.client.post(CALLS, content=b"{not json")).status_code == 400


async def test_hold_and_unhold_do_not_show_on_the_wire() -> None:
    async with desk() as d:
        call, own, _ = d.talk()
        path = f"{CALLS}/{call.id}/legs/{own.id}"
        before = (await d.client.get(path)).json()
        answer = await d.put(path, {"state": "held"})
        assert answer.status_code == 200
        assert set(answer.json()) == {
            "account_id", "call_id", "call_state", "destination", "leg_id",
        }  # fmt: skip
        assert answer.json()["leg_id"] == own.id
        assert state(own) is LegState.HELD
        assert (await d.client.get(path)).json() == before
        conflict = await d.put(path, {"state": "held"})
        assert conflict.status_code == 409
        assert conflict.json()["code"] == "409"
        assert (await d.put(path, {"state": "active"})).status_code == 200
        assert state(own) is LegState.TALKING
        assert (await d.put(path, {"state": "frozen"})).status_code == 400


async def test_hanging_up() -> None:
    async with desk() as d:
        call, own, _ = d.talk()
        answer = await d.client.delete(f"{CALLS}/{call.id}")
        assert answer.status_code == 200
        assert set(answer.json()) == {"account_id", "call_id", "call_state", "destination"}
        assert not call.alive
        assert (await d.client.delete(f"{CALLS}/{call.id}")).status_code == 404
        call, own, _ = d.talk()
        answer = await d.client.delete(f"{CALLS}/{call.id}/legs/{own.id}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert not call.alive


async def test_answering_a_ringing_leg_and_a_ringing_call() -> None:
    async with desk() as d:
        caller, called, taker = d.free(), d.free(1), d.free(2)
        call = d.office.dial(caller.number, called.number)
        d.until(lambda: called.lamp is Lamp.RINGING)
        leg = called.legs[0]
        answer = await d.put(f"{CALLS}/{call.id}/legs/{leg.id}", {"state": "active"})
        assert answer.status_code == 200
        assert state(leg) is LegState.TALKING
        d.office.hangup_call(call.id)
        call = d.office.dial(caller.number, called.number)
        d.until(lambda: called.lamp is Lamp.RINGING)
        body = {"state": "active", "to": to(taker.devices[0].id, "device")}
        assert (await d.put(f"{CALLS}/{call.id}", body)).status_code == 200
        assert taker.lamp is Lamp.INUSE
        assert (await d.put(f"{CALLS}/{call.id}", body)).status_code == 409


async def test_blind_transfer_by_leg_and_by_call() -> None:
    async with desk() as d:
        call, own, customer = d.talk()
        target = d.free(1)
        body = {"state": "active", "to": to(target.number, "extension")}
        assert (await d.put(f"{CALLS}/{call.id}/legs/{own.id}", body)).status_code == 200
        assert not own.alive
        assert lamp(target) is Lamp.RINGING
        d.until(lambda: state(call) is LegState.TALKING)
        second = d.free(2)
        body = {"from": to(target.number, "extension"), "to": to(second.number, "extension")}
        assert (await d.put(f"{CALLS}/{call.id}", body)).status_code == 200
        assert lamp(target) is Lamp.NOT_INUSE
        assert second.lamp is Lamp.RINGING
        assert customer.alive
        d.until(lambda: state(call) is LegState.TALKING)
        body = {"state": "active", "to": to("201", "elsewhere")}
        assert (await d.put(f"{CALLS}/{call.id}/legs/{customer.id}", body)).status_code == 400


@pytest.mark.parametrize("which", ["own", "theirs"])
async def test_which_leg_a_transfer_moves_is_a_switch(which: str) -> None:
    async with desk(VonageSwitches(transfer_leg=which)) as d:  # type: ignore[arg-type]
        caller, called, target = d.free(), d.free(1), d.free(2)
        call = d.office.dial(caller.number, called.number)
        d.until(lambda: state(call) is LegState.TALKING)
        leg = caller.legs[0]
        body = {"state": "active", "to": to(target.number, "extension")}
        await d.put(f"{CALLS}/{call.id}/legs/{leg.id}", body)
        assert leg.alive is (which == "theirs")
        assert bool(called.legs) is (which == "own")
        assert target.lamp is Lamp.RINGING


async def test_attended_transfer() -> None:
    async with desk() as d:
        call, own, customer = d.talk()
        await d.put(f"{CALLS}/{call.id}/legs/{own.id}", {"state": "held"})
        assert own.device is not None
        target = d.free(1)
        consult = d.office.dial(own.device.id, target.number)
        d.until(lambda: state(consult) is LegState.TALKING)
        asking = consult.live_legs()[0]
        body = {"state": "active", "to": to(asking.id, "leg")}
        assert (await d.put(f"{CALLS}/{call.id}/legs/{own.id}", body)).status_code == 200
        assert [leg.extension for leg in call.live_legs()] == [customer.extension, target]


async def test_park_and_retrieve_by_feature_code() -> None:
    async with desk() as d:
        call, own, _ = d.talk()
        assert own.extension is not None
        body: dict[str, object] = {
            "state": "parked",
            "from": to(own.extension.number, "extension"),
        }
        answer = await d.put(f"{CALLS}/{call.id}", body)
        assert answer.status_code == 200
        assert answer.json()["call_state"] == "parked"
        slot = answer.json()["destination"]
        assert d.office.parked[slot] is call
        assert (await d.client.get(f"{CALLS}/{call.id}")).json()["status"] == "on-call"
        body = {"from": to(d.free(1).number, "extension"), "to": to(slot, "feature_code")}
        assert (await d.client.post(CALLS, json=body)).status_code == 200
        assert state(call) is LegState.TALKING
        assert (await d.put(f"{CALLS}/{call.id}", {"state": "parked"})).status_code == 400


async def test_dtmf_sounds_and_recording() -> None:
    async with desk() as d:
        call, own, _ = d.talk()
        path = f"{CALLS}/{call.id}/legs/{own.id}"
        assert (await d.put(path, {"dtmf": "*123#"})).status_code == 200
        assert own.dtmf == "*123#"
        assert (await d.put(path, {"dtmf": 5})).status_code == 400
        sound = {"stream": True, "stream_url": "https://example.com/recorded_message.wav"}
        assert (await d.put(path, sound)).status_code == 200
        assert (await d.put(path, {"stream": True})).status_code == 400
        assert (await d.put(path, {"recording": "start", "service": "ccr"})).status_code == 200
        assert own.recording
        assert (await d.put(path, {"recording": "start", "service": "ccr"})).status_code == 409
        assert (await d.put(path, {"recording": "stop", "service": "ccr"})).status_code == 200
        assert (await d.put(path, {"recording": "pause", "service": "ccr"})).status_code == 400
