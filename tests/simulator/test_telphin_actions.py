"""What Telphin's PUT, DELETE and callback do to the office."""

from __future__ import annotations

import pytest

from pbxtui.simulator.telphin import TelphinSwitches
from pbxtui.simulator.things import Lamp, LegState
from tests.simulator.telphin_desk import CALLS, CLIENT, OUTSIDE, desk, lamp, state

CONTROL = "/extension/{extension_id}/current_calls/{call_api_id}"


@pytest.mark.parametrize(
    ("form", "status", "body"),
    [
        ("json", 200, b'{"action":"hold","send_dst":"201"}'),
        ("empty", 200, b""),
        ("204", 204, b""),
    ],
)
async def test_a_hold_is_kept_by_the_office_and_not_shown(
    form: str, status: int, body: bytes
) -> None:
    async with desk(TelphinSwitches(put_answer=form)) as d:  # type: ignore[arg-type]
        _, own, _ = d.talk()
        before = await d.rows()
        answer = await d.put(own, "hold", "201")
        assert (answer.status_code, answer.content) == (status, body)
        assert state(own) is LegState.HELD
        assert await d.rows() == before
        assert (await d.put(own, "offhold", "201")).status_code == status
        assert state(own) is LegState.TALKING
        assert d.built.faults.count("PUT", CONTROL) == 2


async def test_a_target_may_be_left_out_or_not() -> None:
    for form, status in (("lax", 200), ("strict", 400)):
        async with desk(TelphinSwitches(send_dst=form)) as d:  # type: ignore[arg-type]
            _, own, _ = d.talk()
            assert (await d.put(own, "hold")).status_code == status
            assert (await d.put(own, "transfer")).status_code == 400


async def test_a_blind_transfer() -> None:
    async with desk() as d:
        call, own, other = d.talk()
        target = d.free(2)
        old = d.path(own)
        assert (await d.put(own, "transfer", target.number)).status_code == 200
        assert state(own) is LegState.ENDED
        assert lamp(target) is Lamp.RINGING
        gone = await d.client.put(old, json={"action": "hold", "send_dst": "1"})
        assert (gone.status_code, gone.json()) == (404, {"message": "Not found"})
        d.until(lambda: state(call) is LegState.TALKING)
        (row,) = await d.rows()
        assert row["extension_id"] == d.built.names.extension_id(target)
        assert row["caller_id_number"] == OUTSIDE
        assert state(other) is LegState.TALKING


async def test_a_ringing_phone_is_passed_over() -> None:
    async with desk() as d:
        called, target = d.free(1), d.free(2)
        call = d.office.dial(d.free().number, called.number)
        d.until(lambda: lamp(called) is Lamp.RINGING)
        leg = called.legs[0]
        assert (await d.put(leg, "transfer", f"2566*{target.number}")).status_code == 200
        assert state(leg) is LegState.ENDED
        assert lamp(target) is Lamp.RINGING
        assert call.alive


async def test_an_attended_transfer_by_itself() -> None:
    async with desk() as d:
        call, own, other = d.talk()
        target = d.free(2)
        assert (await d.put(own, "attended_transfer", target.number)).status_code == 200
        assert state(own) is LegState.HELD
        assert lamp(target) is Lamp.RINGING
        assert len(await d.rows()) >= 3  # held, asking, and the target's phones
        d.until(lambda: state(own) is LegState.ENDED)
        assert call.alive
        assert {leg.party.number for leg in call.live_legs()} == {OUTSIDE, target.number}
        assert state(other) is LegState.TALKING


async def test_an_attended_transfer_by_hand() -> None:
    async with desk(TelphinSwitches(attended="by hand")) as d:
        call, own, _ = d.talk()
        target = d.free(2)
        await d.put(own, "attended_transfer", target.number)
        assert own.extension is not None
        asking = next(leg for leg in own.extension.legs if leg is not own)
        d.until(lambda: state(asking) is LegState.TALKING)
        assert state(own) is LegState.HELD
        assert (await d.client.delete(d.path(asking))).status_code == 204
        assert {leg.party.number for leg in call.live_legs()} == {OUTSIDE, target.number}


async def test_an_attended_transfer_that_nobody_takes() -> None:
    async with desk(TelphinSwitches(attended="by hand")) as d:
        _, own, _ = d.talk()
        target = d.free(2)
        await d.put(own, "attended_transfer", target.number)
        consult = target.legs[0].call
        d.office.hangup_call(consult.id)
        d.until(lambda: state(own) is LegState.TALKING)


async def test_park() -> None:
    async with desk() as d:
        call, own, _ = d.talk()
        assert (await d.put(own, "park", "201")).status_code == 200
        assert state(call) is LegState.PARKED
        assert d.office.parked == {"701": call}
        assert await d.rows() == []


async def test_pick_up_a_ringing_call_and_one_that_is_talked_on() -> None:
    async with desk() as d:
        called, other = d.free(1), d.free(2)
        call = d.office.dial(d.free().number, called.number)
        d.until(lambda: lamp(called) is Lamp.RINGING)
        assert (await d.put(called.legs[0], "pickup", other.number)).status_code == 200
        assert lamp(other) is Lamp.RINGING
        d.until(lambda: state(call) is LegState.TALKING)
        assert lamp(called) is Lamp.NOT_INUSE
        assert lamp(other) is Lamp.INUSE
        third = d.free(3)
        assert (await d.put(other.legs[0], "pickup", third.number)).status_code == 200
        d.until(lambda: lamp(third) is Lamp.INUSE)
        assert lamp(other) is Lamp.NOT_INUSE
        assert call.alive


@pytest.mark.parametrize("how", ["eavesdrop", "whisper"])
async def test_listening_in(how: str) -> None:
    async with desk() as d:
        call, own, _ = d.talk()
        supervisor = d.free(2)
        assert (await d.put(own, how, supervisor.number)).status_code == 200
        assert lamp(supervisor) is Lamp.RINGING
        (leg,) = supervisor.legs
        assert d.built.control.supervising == {leg.id: how}
        d.until(lambda: lamp(supervisor) is Lamp.INUSE)
        assert len(call.live_legs()) == 2
        d.office.hangup_call(call.id)
        d.until(lambda: not supervisor.legs)


async def test_a_conference() -> None:
    async with desk() as d:
        call, own, _ = d.talk()
        third = d.free(2)
        assert (await d.put(own, "conference", third.number)).status_code == 200
        d.until(lambda: lamp(third) is Lamp.INUSE)
        assert len(call.live_legs()) == 3


async def test_hang_up() -> None:
    async with desk() as d:
        call, own, _ = d.talk()
        path = d.path(own)
        answer = await d.client.delete(path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert not call.alive
        assert (await d.client.delete(path)).status_code == 404
        assert await d.rows() == []


@pytest.mark.parametrize("status", [201, 200])
async def test_a_callback_rings_the_source_and_then_dials(status: int) -> None:
    async with desk(TelphinSwitches(callback_status=status)) as d:  # type: ignore[arg-type]
        source = d.free()
        id = d.built.names.extension_id(source)
        body = {"src_num": [source.number], "dst_num": OUTSIDE}
        answer = await d.client.post(f"/extension/{id}/callback/", json=body)
        assert answer.status_code == status
        made = answer.json()["call_id"]
        assert answer.json() == {"call_id": made, "call_api_id": made}
        assert len(made) == 32
        assert lamp(source) is Lamp.RINGING
        row = (await d.rows())[0]
        assert (row["callback_id"], row["call_flow"]) == (made, "OUT")
        assert (row["called_number"], row["answer_time_gmt"]) == (OUTSIDE, None)
        (call,) = d.office.calls.values()
        assert all(leg.device is not None for leg in call.legs)
        d.until(lambda: any(leg.device is None for leg in call.legs))
        d.until(lambda: state(call) is LegState.TALKING)
        assert call.did


async def test_a_callback_with_several_sources_and_a_name() -> None:
    async with desk(TelphinSwitches(callback_id="other")) as d:
        first, second = d.free(0), d.free(1)
        body = {
            "src_num": [f"2566*{first.number}", second.number, "+447700900123"],
            "dst_num": "600",
            "caller_id_name": "Click to dial",
        }
        answer = await d.client.post("/extension/85001/callback/", json=body)
        assert answer.status_code == 201
        assert lamp(first) is lamp(second) is Lamp.RINGING
        (call,) = d.office.calls.values()
        assert call.caller.name == "Click to dial"
        row = (await d.rows())[0]
        assert row["callback_id"] not in (None, answer.json()["call_id"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"src_num": "201", "dst_num": OUTSIDE},
        {"src_num": [], "dst_num": OUTSIDE},
        {"src_num": [201], "dst_num": OUTSIDE},
        {"src_num": ["600"], "dst_num": OUTSIDE},
        {"src_num": ["nobody"], "dst_num": OUTSIDE},
        {"src_num": ["201"], "dst_num": "nobody"},
    ],
)
async def test_a_callback_that_makes_no_sense(body: object) -> None:
    async with desk(TelphinSwitches(validation_status=422)) as d:
        answer = await d.client.post("/extension/85001/callback/", json=body)
        assert answer.status_code == 422
        assert answer.json()["message"]
        assert not d.office.calls


@pytest.mark.parametrize(
    "body", [[], {"action": "unhold", "send_dst": "1"}, {"action": "transfer", "send_dst": 201}]
)
async def test_actions_that_make_no_sense(body: object) -> None:
    async with desk() as d:
        _, own, _ = d.talk()
        assert (await d.client.put(d.path(own), json=body)).status_code == 400
        assert (await d.client.put(d.path(own), content=b"{nope")).status_code == 400
        assert (await d.put(own, "offhold", "")).status_code == 400
        assert (await d.put(own, "transfer", "nobody")).status_code == 400
        assert own.extension is not None
        assert (await d.put(own, "eavesdrop", own.extension.number)).status_code == 400
        assert state(own) is LegState.TALKING


async def test_agents_log_out_and_in() -> None:
    async with desk() as d:
        agent = next(agent for agent in d.office.building.agents if agent.logged_in)
        path = f"{CLIENT}/agent/local/{agent.id}"
        out = await d.client.put(path, json={"status": "logged_out"})
        assert (out.status_code, out.json()["status"]) == (200, "logged_out")
        assert not agent.logged_in
        assert (await d.client.put(path, json={"status": "available"})).status_code == 200
        assert agent.ready
        assert (await d.client.put(path, json={"status": "paused"})).status_code == 400
        remote = f"{CLIENT}/agent/remote/9001"
        assert (await d.client.put(remote, json={"status": "logged_out"})).status_code == 200
        assert (await d.client.get(remote)).json()["status"] == "logged_out"
        assert (await d.client.get(f"{CLIENT}/agent/remote/1")).status_code == 404


async def test_phone_properties() -> None:
    async with desk() as d:
        path = "/extension/85001/phone/"
        before = (await d.client.get(path)).json()
        assert before["external_number"] is None
        answer = await d.client.put(path, json={"external_number": "+79876543210"})
        assert answer.status_code == 200
        assert (await d.client.get(path)).json() == before | {"external_number": "+79876543210"}
        assert (await d.client.put(path, json={"external_number": None})).status_code == 200
        for nonsense in ({"external_number": 7}, {"colour": "red"}):
            assert (await d.client.put(path, json=nonsense)).status_code == 400


async def test_a_blocked_extension_loses_its_phones() -> None:
    async with desk() as d:
        ext = d.free()
        path = f"{CLIENT}/extension/{d.built.names.extension_id(ext)}"
        blocked = await d.client.put(path, json={"status": "blocked"})
        assert (blocked.status_code, blocked.json()["status"]) == (200, "blocked")
        assert lamp(ext) is Lamp.UNAVAILABLE
        assert (await d.client.get(path)).json()["status"] == "blocked"
        await d.client.put(path, json={"status": "active"})
        assert ext.reachable
        assert (await d.client.put(path, json={"status": "asleep"})).status_code == 400


async def test_a_deleted_registration_comes_back_by_itself() -> None:
    async with desk() as d:
        ext = d.free()
        path = f"/extension/{d.built.names.extension_id(ext)}/registration/"
        (one, *_) = (await d.client.get(path)).json()["registrations"]
        assert (await d.client.delete(path + one["registration_id"])).status_code == 204
        assert lamp(ext) is Lamp.UNAVAILABLE or len(ext.devices) > 1
        assert (await d.client.delete(path + one["registration_id"])).status_code == 404
        d.until(lambda: ext.devices[0].online)


async def test_the_calls_are_read_while_all_this_goes_on() -> None:
    async with desk() as d:
        _, own, _ = d.talk()
        await d.put(own, "conference", d.free(2).number)
        for _ in range(20):
            d.clock.now += 1
            assert (await d.client.get(CALLS)).status_code == 200
