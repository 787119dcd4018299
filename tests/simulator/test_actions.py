"""What is asked of the PBX is done, seen, and refused when it can't be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pbxtui.simulator.actions import Conflict, Invalid, NotFound
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Call, Direction, Extension, Lamp, Leg, LegState
from tests.simulator.test_office import check_rules
from tests.simulator.world import START


@pytest.fixture
def office() -> Office:
    """Nobody calls here by themselves."""
    return Office(3, 0, 40, start=START)


def lamp(ext: Extension | None) -> Lamp:
    assert ext is not None
    return ext.lamp


def state(thing: Call | Leg) -> LegState:
    return thing.state


def until(office: Office, true: Callable[[], bool]) -> None:
    """Let the office live until something is true, for a day at most."""
    for _ in range(86_400):
        if true():
            check_rules(office)
            return
        office.advance(office.now + 1)
    raise AssertionError("it never came true")


def somebody(office: Office, nth: int = 0) -> Extension:
    free = [ext for ext in office.building.extensions if ext.pool_place >= 0 and not ext.agent]
    return free[nth]


def talk(office: Office, to: str = "+441632960123", nth: int = 0) -> tuple[Call, Leg, Leg]:
    """A conversation: the call, the caller's own leg, the other end's leg."""
    call = office.dial(somebody(office, nth).number, to)
    until(office, lambda: call.state is LegState.TALKING)
    own, other = call.live_legs()
    return call, own, other


def test_click_to_dial_rings_the_own_phone_first(office: Office) -> None:
    ext = somebody(office)
    call = office.dial(ext.number, "+441632960123")
    assert [leg.extension for leg in call.live_legs()] == [ext]
    assert lamp(ext) is Lamp.RINGING
    until(office, lambda: len(call.live_legs()) == 2)
    own, other = call.live_legs()
    assert (own.state, other.state) == (LegState.TALKING, LegState.RINGING)
    assert other.party.number == "+441632960123"
    assert lamp(ext) is Lamp.INUSE
    until(office, lambda: call.state is LegState.TALKING)
    assert call.answered
    assert call.direction is Direction.OUTBOUND


def test_dial_refuses_what_cannot_be_dialled(office: Office) -> None:
    ext = somebody(office)
    with pytest.raises(Invalid, match="neither an extension nor a telephone number"):
        office.dial(ext.number, "front desk")
    with pytest.raises(NotFound, match="no extension or phone 9999"):
        office.dial("9999", "+441632960123")
    for device in ext.devices:
        office.set_online(device, False)
    with pytest.raises(Conflict, match=f"no phone of extension {ext.number} is registered"):
        office.dial(ext.number, "+441632960123")
    assert not office.calls


def test_hold_and_resume(office: Office) -> None:
    call, own, other = talk(office)
    office.hold(own.id)
    assert state(own) is LegState.HELD
    assert own.extension is not None
    assert lamp(own.extension) is Lamp.ONHOLD
    assert state(other) is LegState.TALKING
    with pytest.raises(Conflict, match="leg is held, not talking"):
        office.hold(own.id)
    office.advance(office.now + 600)
    assert call.alive, "nobody hangs up on hold"
    office.resume(own.id)
    assert lamp(own.extension) is Lamp.INUSE
    with pytest.raises(Conflict, match="not held"):
        office.resume(own.id)


def test_hanging_up_a_call_and_a_leg(office: Office) -> None:
    call, own, _ = talk(office)
    office.hangup_call(call.id)
    assert not call.alive
    assert own.extension is not None
    assert lamp(own.extension) is Lamp.NOT_INUSE
    with pytest.raises(NotFound):
        office.hangup_call(call.id)
    office.advance(office.now + 3)
    assert call.id not in office.calls
    call, _, other = talk(office)
    office.hangup_leg(other.id)
    assert not call.alive
    with pytest.raises(NotFound):
        office.hangup_leg(other.id)


def test_blind_transfer(office: Office) -> None:
    call, own, other = talk(office)
    target = somebody(office, 2)
    office.transfer(own.id, target.number)
    assert not own.alive
    assert lamp(target) is Lamp.RINGING
    assert call.callee == target.party
    until(office, lambda: call.state is LegState.TALKING)
    assert {leg.extension for leg in call.live_legs()} == {target, other.extension}
    leg = call.live_legs()[-1]
    with pytest.raises(Conflict, match="already on this call"):
        office.transfer(leg.id, target.number)
    with pytest.raises(Invalid):
        office.transfer(leg.id, "?")
    office.transfer(leg.id, office.building.queues[0].number)
    assert call.queue is office.building.queues[0]
    check_rules(office)


def test_attended_transfer_joins_the_far_ends(office: Office) -> None:
    call, own, customer = talk(office)
    office.hold(own.id)
    target = somebody(office, 1)
    assert own.device is not None
    consult = office.dial(own.device.id, target.number)
    until(office, lambda: consult.state is LegState.TALKING)
    asking, asked = consult.live_legs()
    assert asking.extension is own.extension
    office.transfer_attended(own.id, asking.id)
    assert call.live_legs() == [customer, asked]
    assert asked.call is call
    assert not consult.alive
    assert own.extension is not None
    assert own.extension.legs == []
    check_rules(office)
    with pytest.raises(Conflict, match="same call"):
        office.transfer_attended(customer.id, asked.id)


def test_park_and_retrieve(office: Office) -> None:
    call, own, customer = talk(office)
    slot = office.park(call.id)
    assert state(customer) is LegState.PARKED
    assert not own.alive
    assert office.parked == {slot: call}
    with pytest.raises(Conflict):
        office.park(call.id)
    target = somebody(office, 3)
    leg = office.retrieve(slot, target.number)
    assert leg.extension is target
    assert state(call) is LegState.TALKING
    assert not office.parked
    check_rules(office)
    with pytest.raises(NotFound, match=f"nobody is parked at {slot}"):
        office.retrieve(slot, target.number)


def test_parked_too_long_comes_back(office: Office) -> None:
    call, own, customer = talk(office)
    office.park(call.id)
    until(office, lambda: call.state is LegState.TALKING)
    assert [leg.extension for leg in call.live_legs()] == [customer.extension, own.extension]


def test_a_second_call_waits_and_the_first_is_put_aside(office: Office) -> None:
    call, own, _ = talk(office)
    ext = own.extension
    assert ext is not None
    second, _, _ = talk(office, nth=2)
    second_own = second.live_legs()[0]
    office.transfer(second_own.id, ext.number)
    assert lamp(ext) is Lamp.RINGINUSE
    ringing = next(leg for leg in office.ringing_legs(second) if leg.extension is ext)
    office.answer(ringing.id)
    assert state(own) is LegState.HELD
    check_rules(office)
    office.hangup_call(second.id)
    assert state(own) is LegState.TALKING
    assert call.alive
    with pytest.raises(NotFound):
        office.answer(ringing.id)


def test_pick_up_by_another_phone(office: Office) -> None:
    caller, called, taker = (somebody(office, nth) for nth in range(3))
    call = office.dial(caller.number, called.number)
    until(office, lambda: lamp(called) is Lamp.RINGING)
    leg = office.answer_call(call.id, taker.number)
    assert leg.extension is taker
    assert lamp(called) is Lamp.NOT_INUSE
    assert call.callee == taker.party
    with pytest.raises(Conflict, match="does not ring"):
        office.answer_call(call.id, called.number)


def test_agents_pause_and_go(office: Office) -> None:
    agent = office.building.agents[0]
    number = agent.extension.number
    office.log_in(number)
    office.pause_agent(number, "Lunch")
    assert (agent.state, agent.paused) == ("paused", "Lunch")
    office.unpause_agent(number)
    assert agent.state == "ready"
    with pytest.raises(Conflict, match="not paused"):
        office.unpause_agent(number)
    office.log_out(number)
    assert agent.state == "logged_out"
    with pytest.raises(Conflict, match="not logged in"):
        office.pause_agent(number)
    office.advance(office.now + 7200)
    assert agent.state == "logged_out", "who was sent away stays away"
    with pytest.raises(NotFound, match="is no agent"):
        office.pause_agent(somebody(office).number)


def test_queue_call_goes_to_the_agent_and_wrap_up_follows(office: Office) -> None:
    queue = office.building.queues[0]
    agent = queue.agents[0]
    for other in office.building.agents:
        office.log_out(other.extension.number)
    call = office.dial(somebody(office).number, queue.number)
    until(office, lambda: call.state is LegState.QUEUED)
    assert queue.callers == [call]
    office.log_in(agent.extension.number)
    until(office, lambda: agent.state == "ringing")
    until(office, lambda: agent.state == "talking")
    assert agent.calls_taken
    assert queue.callers == []
    office.hangup_call(call.id)
    assert agent.state == "wrapup"
    until(office, lambda: agent.state == "ready")


def test_flows(office: Office) -> None:
    flow = office.set_flow("7101", Lamp.INUSE)
    assert (flow.state, flow.value, flow.since) == (Lamp.INUSE, "night", office.now)
    assert office.set_flow("7101", value="day").state is Lamp.NOT_INUSE
    with pytest.raises(NotFound, match="no flow 7"):
        office.set_flow("7", Lamp.INUSE)
    with pytest.raises(Invalid, match="it has"):
        office.set_flow("7101", value="teatime")


def test_dtmf_and_recording(office: Office) -> None:
    _, own, _ = talk(office)
    assert office.send_dtmf(own.id, "1#").dtmf == "1#"
    with pytest.raises(Invalid):
        office.send_dtmf(own.id, "hello")
    assert office.record(own.id, True).recording
    with pytest.raises(Conflict, match="already on"):
        office.record(own.id, True)
