"""Phones, agents, flows, lamps and queues, told in sentences."""

from __future__ import annotations

from dataclasses import replace

from pbxtui.model import (
    Agent,
    AgentState,
    Caller,
    Certainty,
    Device,
    DeviceState,
    Flow,
    Lamp,
    LampState,
    LegState,
    Queue,
)
from tests.service.sites import NOON, TAXI, talk
from tests.service.told import TALKS, Told

# --- the house -----------------------------------------------------------------------------------


async def test_phones_that_go_and_come() -> None:
    on = Device("hq", "d", DeviceState.REGISTERED, extension="447", name="Front desk", since=NOON)
    off = replace(on, state=DeviceState.UNREGISTERED, since=NOON + 2)
    back = replace(on, since=NOON + 182)
    stage = Told(on)
    await stage.start()

    assert await stage.read(off) == ["phone 447 Front desk is off: not registered."]
    assert await stage.read(replace(off, rtt_ms=5.0, last_seen=1.0)) == []
    assert await stage.read(back) == ["phone 447 Front desk is registered again after 3 min."]
    guess = replace(off, certainty=Certainty.INFERRED)
    assert await stage.read(guess) == ["phone 447 Front desk is probably off: not registered."]
    assert await stage.read() == ["phone 447 Front desk is no longer in the PBX's list."]


async def test_agents_say_why_they_pause() -> None:
    ready = Agent("hq", "a", AgentState.READY, name="Anna", extension="447")
    stage = Told(ready)
    await stage.start()
    paused = replace(ready, state=AgentState.PAUSED, paused_reason="lunch")
    assert await stage.read(paused) == ["agent 447 Anna is paused: lunch."]
    dead = replace(ready, state=AgentState.UNREACHABLE)
    assert await stage.read(dead) == ["agent 447 Anna is logged in while the phone is off."]


async def test_an_agent_who_only_takes_the_call_that_was_told_is_not_told() -> None:
    ready = Agent("hq", "a", AgentState.READY, name="Anna", extension="447")
    talking = replace(ready, state=AgentState.TALKING)
    stage = Told(ready)
    await stage.start()
    assert len(await stage.read(TALKS, talking)) == 1
    assert stage.wait(20) == []


async def test_flows_say_state_and_value() -> None:
    day = Flow("hq", "f", LampState.IDLE, number="801", name="Night", value="day")
    stage = Told(day)
    await stage.start()
    night = replace(day, state=LampState.IN_USE, value="night")
    assert await stage.read(night) == ["flow 801 Night is in use, value night."]


LAMP = Lamp("hq", "447", LampState.IDLE, extension="447", name="Front desk")


async def test_a_lamp_says_nothing_that_a_call_says() -> None:
    stage = Told(LAMP)
    await stage.start()
    busy = replace(LAMP, state=LampState.IN_USE)

    assert await stage.read(busy) == []
    assert len(await stage.read(TALKS, busy)) == 1
    assert stage.wait(20) == []
    over = replace(TALKS, state=LegState.ENDED)
    assert len(await stage.read(over, LAMP)) == 1
    assert stage.wait(3) == []


async def test_a_lamp_that_no_call_explains_is_told_later() -> None:
    stage = Told(LAMP)
    await stage.start()
    assert await stage.read(replace(LAMP, state=LampState.IN_USE)) == []
    (sentence,) = stage.wait(4)
    assert sentence.startswith("lamp 447 Front desk is busy, seen ")
    assert sentence.endswith(" s ago, and no call is shown for it.")


async def test_a_lamp_is_told_at_once_where_calls_are_not_told() -> None:
    stage = Told(LAMP, TALKS, about=("lamps",))
    assert await stage.start() == "1 lamp."
    busy = replace(LAMP, state=LampState.IN_USE)
    assert await stage.read(busy) == ["lamp 447 Front desk is busy."]


async def test_do_not_disturb_is_told_at_once() -> None:
    stage = Told(LAMP)
    await stage.start()
    dnd = replace(LAMP, state=LampState.DND)
    assert await stage.read(dnd) == ["lamp 447 Front desk is on do not disturb."]


async def test_a_phone_that_goes_off_is_told_by_the_phone_alone() -> None:
    phone = Device("hq", "d", DeviceState.REGISTERED, extension="447", name="Front desk")
    stage = Told(LAMP, phone)
    await stage.start()
    gone = replace(LAMP, state=LampState.UNAVAILABLE)
    off = replace(phone, state=DeviceState.UNREGISTERED)
    assert await stage.read(gone, off) == ["phone 447 Front desk is off: not registered."]
    assert stage.wait(20) == []


# --- queues --------------------------------------------------------------------------------------


def queue(*callers: Caller, **more: int) -> Queue:
    return Queue("hq", "q1", "Sales", callers=callers, **more)  # type: ignore[arg-type]


TAXI_WAITS = Caller("1", 1, TAXI, NOON, call="c1")


async def test_a_queue_tells_who_joins_who_waits_too_long_once_and_who_leaves() -> None:
    stage = Told(queue())
    await stage.start()
    waits = replace(talk(state=LegState.QUEUED), queue="q1")

    assert await stage.read(waits, queue(TAXI_WAITS)) == [
        "queue Sales: Harbour Taxi +442079460958 joined, 1 waiting."
    ]
    assert stage.wait(125) == [
        "queue Sales: Harbour Taxi +442079460958 has waited 1 min.",
        "queue Sales: Harbour Taxi +442079460958 has waited 2 min.",
    ]
    answered, left = await stage.read(TALKS, queue(), after=1)
    assert answered.startswith("call 1, Harbour Taxi +442079460958, is answered by 447 Front desk")
    assert left == (
        "queue Sales: Harbour Taxi +442079460958 was answered after 2 min 8 s, nobody waits."
    )


async def test_how_somebody_left_a_queue_is_no_surer_than_the_pbx_says() -> None:
    async def left(**counters: int) -> str:
        stage = Told(queue(TAXI_WAITS, answered=4, abandoned=1))
        await stage.start()
        (sentence,) = await stage.read(queue(**counters))
        return sentence

    assert "is no longer waiting after 2 s" in await left(answered=4, abandoned=1)
    assert "was probably answered after 2 s" in await left(answered=5, abandoned=1)
    assert "probably gave up after 2 s" in await left(answered=4, abandoned=2)


async def test_who_already_waited_at_the_start_is_in_the_summary_alone() -> None:
    stage = Told(queue(replace(TAXI_WAITS, joined=NOON - 90)))
    assert "the longest for 1 min 30 s" in await stage.start()
    assert stage.wait(5) == []
