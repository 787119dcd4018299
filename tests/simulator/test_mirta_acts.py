"""MiRTA's actions, and what they do to the office."""

from __future__ import annotations

import re

import pytest

from pbxtui.simulator.mirta import MirtaSwitches
from pbxtui.simulator.things import Agent, Call, Extension, Lamp, Leg, LegState
from tests.simulator.mirta import Desk, desk


def state(thing: Call | Leg) -> LegState:
    return thing.state


def lamp(extension: Extension) -> Lamp:
    return extension.lamp


def paused(agent: Agent) -> str | None:
    return agent.paused


async def test_a_hangup_ends_the_call() -> None:
    async with desk() as one:
        call = one.talk()
        own, other = call.live_legs()
        assert await one.text("HANGUP", channel=other.channel) == "OK\n"
        assert (state(own), state(other), state(call)) == (LegState.ENDED,) * 3


@pytest.mark.parametrize("name", ["extension", "number", "source"])
@pytest.mark.parametrize("suffix", ["", "-ACME"])
async def test_a_hangup_by_phone(name: str, suffix: str) -> None:
    async with desk() as one:
        call = one.talk()
        ext = call.live_legs()[0].extension
        assert ext is not None
        assert await one.text("HANGUP", **{name: ext.number + suffix}) == "OK\n"
        assert state(call) is LegState.ENDED
        assert await one.text("HANGUP", **{name: ext.number}) == "No such channel\n"


async def test_a_transfer_sends_the_channel_and_frees_the_other() -> None:
    async with desk() as one:
        call, target = one.talk(), one.free(4)
        own, other = call.live_legs()
        assert await one.text("TRANSFER", channel=other.channel, dest=target.number) == "OK\n"
        assert state(own) is LegState.ENDED
        assert lamp(target) is Lamp.RINGING
        one.until(lambda: state(call) is LegState.TALKING)
        assert {leg.extension for leg in call.live_legs()} == {None, target}


async def test_an_extra_channel_goes_along() -> None:
    async with desk() as one:
        call, target = one.talk(), one.free(4)
        own, other = call.live_legs()
        answer = await one.text(
            "TRANSFER", channel=own.channel, extrachannel=other.channel, dest=target.number
        )
        assert answer == "OK\n"
        assert [own.alive, other.alive] == [True, True]
        assert lamp(target) is Lamp.RINGING


async def test_somebody_is_taken_out_of_a_queue() -> None:
    async with desk() as one:
        agent, target = one.agent(), one.free(6)
        call = one.wait_in_queue(agent)
        first = call.live_legs()[0]
        assert await one.text("TRANSFER", channel=first.channel, dest=target.number) == "OK\n"
        (queue,) = agent.queues
        assert call not in queue.callers
        assert not agent.extension.legs
        assert lamp(target) is Lamp.RINGING


async def test_parked_and_sent_back_to_a_phone() -> None:
    async with desk() as one:
        call, target = one.talk(), one.free(4)
        other = call.live_legs()[1]
        assert await one.text("TRANSFER", channel=other.channel, dest="700") == "OK\n"
        assert (state(other), call.slot) == (LegState.PARKED, "701")
        assert await one.text("TRANSFER", channel=other.channel, dest=target.number) == "OK\n"
        one.until(lambda: state(call) is LegState.TALKING)
        assert call.slot == ""
        assert not one.office.parked


@pytest.mark.parametrize(
    ("dest", "words"),
    [
        ("9999", "'9999' is neither an extension nor a telephone number"),
        ("", "'' is neither an extension nor a telephone number"),
    ],
)
async def test_a_transfer_to_nowhere(dest: str, words: str) -> None:
    async with desk() as one:
        call = one.talk()
        leg = call.live_legs()[1]
        assert await one.text("TRANSFER", channel=leg.channel, dest=dest) == f"{words}\n"
        assert state(call) is LegState.TALKING
        assert await one.text("TRANSFER", channel="SIP/x", dest="201") == "No such channel\n"


async def test_an_attended_transfer_holds_asks_and_connects() -> None:
    async with desk() as one:
        call, target = one.talk(), one.free(4)
        own, other = call.live_legs()
        assert await one.text("ATXTRANSFER", channel=own.channel, dest=target.number) == "OK\n"
        assert (state(own), lamp(target)) == (LegState.HELD, Lamp.RINGING)
        one.until(lambda: not own.alive)
        assert {leg.extension for leg in call.live_legs()} == {None, target}
        assert other.alive
        answer = await one.text("ATXTRANSFER", channel=other.channel, dest=one.free(7).number)
        assert answer == "Channel cannot transfer\n"


async def test_dial_rings_the_source_first() -> None:
    async with desk() as one:
        ext = one.free()
        answer = await one.text(
            "DIAL", source=ext.number, dest="+441632960123", account=ext.username
        )
        assert re.fullmatch(r"Success\|Originate successfully queued\|[0-9a-f]{14}\|", answer)
        assert lamp(ext) is Lamp.RINGING
        (call,) = one.office.calls.values()
        one.until(lambda: state(call) is LegState.TALKING)
        assert call.callee.number == "+441632960123"


async def test_dial_in_json_and_by_other_names() -> None:
    async with desk() as one:
        answer = await one.json("DIAL", exten=one.free().username, phone="+441632960123")
        assert isinstance(answer, dict)
        assert (answer["Response"], answer["Message"]) == (
            "Success",
            "Originate successfully queued",
        )
        assert (await one.text("DIAL", source="999", dest="201")).startswith("Error|")


# --- agents ------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["", "-ACME"])
async def test_a_paused_agent_gets_no_calls(suffix: str) -> None:
    async with desk() as one:
        agent = one.agent()
        (queue,) = agent.queues
        who = {"extension": agent.extension.number + suffix, "queue": str(queue.id)}
        assert await one.text("AGENT", action="pause", pausereason="Lunch", **who) == "OK\n"
        assert paused(agent) == "Lunch"
        assert agent not in queue.ready
        assert await one.text("AGENT", action="unpause", **who) == "OK\n"
        assert paused(agent) is None
        assert agent in queue.ready
        assert await one.text("AGENT", action="unpause", **who) == "OK\n"


async def test_an_agent_who_rings_and_is_paused_rings_no_more() -> None:
    async with desk() as one:
        agent = one.agent()
        other = next(q for q in one.office.queues.values() if q not in agent.queues)
        await one.text("QUEUE", action="add", id=str(other.id), extension=agent.extension.number)
        (queue, _) = agent.queues
        for each in queue.agents:
            if each is not agent:
                one.office.set_logged_in(each, False)
        call = one.office.dial(one.free().number, queue.number)
        one.until(lambda: agent.call is call)
        who = {"extension": agent.extension.number, "queue": str(queue.id)}
        assert await one.text("AGENT", action="pause", **who) == "OK\n"
        assert not agent.extension.legs
        assert paused(agent) is None
        assert (agent in queue.ready, agent in other.ready) == (False, True)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"action": "pause", "queue": "18000"}, "No extension specified"),
        ({"action": "pause", "extension": "9999", "queue": "{queue}"}, "Extension 9999 not found"),
        ({"action": "pause", "extension": "{free}", "queue": "{queue}"}, "Interface not found"),
        (
            {"action": "pause", "extension": "{free}", "queue": "1"},
            "Queue not found, specify id or number",
        ),
        ({"action": "dance", "extension": "{free}", "queue": "{queue}"}, "Unknown action"),
    ],
)
async def test_an_agent_that_is_none(parameters: dict[str, str], words: str) -> None:
    async with desk() as one:
        names = {"queue": str(next(iter(one.office.queues))), "free": one.free().number}
        told = {key: value.format(**names) for key, value in parameters.items()}
        assert await one.text("AGENT", **told) == f"{words}\n"


async def test_log_in_and_out_by_queue() -> None:
    async with desk() as one:
        ext, queue = one.free(), next(iter(one.office.queues.values()))
        who = {"id": str(queue.id), "extension": ext.username}
        assert await one.text("AGENT", action="listqueues", extension=ext.number) == ""
        assert await one.text("QUEUE", action="add", type="NF", **who) == "OK\n"
        assert ext.agent is not None
        assert ext.agent in queue.ready
        members = await one.json("QUEUE", action="list", id=str(queue.id))
        assert isinstance(members, list)
        assert ext.username in members
        assert await one.text("QUEUE", action="add", **who) == "Member already exists\n"
        assert await one.text("QUEUE", action="del", **who) == "OK\n"
        assert not ext.agent.logged_in
        assert await one.text("QUEUE", action="del", **who) == "Interface not found\n"
        assert await one.text("QUEUE", action="add", paused="1", **who) == "OK\n"
        assert ext.agent.is_paused_in(queue)


async def test_a_queue_is_emptied_and_reset() -> None:
    async with desk() as one:
        queue = next(iter(one.office.queues.values()))
        assert await one.text("QUEUE", action="clean", number=queue.number) == "OK\n"
        assert await one.json("QUEUE", action="list", id=str(queue.id)) is None
        assert await one.text("QUEUERESET", queueid=str(queue.id)) == "OK\n"
        assert (queue.received, queue.abandoned, queue.talk_time) == (0, 0, 0.0)


# --- flows and phones --------------------------------------------------------------------------


async def test_a_flow_by_state_and_by_value() -> None:
    async with desk() as one:
        flow = one.office.building.flows[0]
        assert await one.text("SETFLOW", number="7101", state="INUSE") == "OK\n"
        assert (flow.state, flow.value) == (Lamp.INUSE, "night")
        assert await one.text("SETFLOW", number="7101-ACME", value="lunch") == "OK\n"
        assert flow.value == "lunch"
        assert await one.text("SETFLOW", number="7101", state="PURPLE") == "Unknown state PURPLE\n"
        assert "no flow" in await one.text("SETFLOW", number="7999", state="INUSE")


@pytest.mark.parametrize("reqtype", ["UNREGISTER", "REBOOT"])
async def test_a_phone_goes_away_and_comes_back(reqtype: str) -> None:
    async with desk() as one:
        ext = one.free()
        assert await one.text(reqtype, peer=ext.username) == "OK\n"
        assert lamp(ext) is Lamp.UNAVAILABLE
        one.until(lambda: ext.reachable)
        assert await one.text(reqtype, peer="999") == "Extension 999 not found\n"


async def test_a_phone_in_use_restarts_once_it_is_free() -> None:
    async with desk() as one:
        call = one.talk()
        ext = call.live_legs()[0].extension
        assert ext is not None
        assert await one.text("REBOOT", peer=ext.username) == "OK\n"
        assert ext.reachable
        one.office.hangup_call(call.id)
        one.until(lambda: not ext.reachable)


async def test_all_phones_at_once() -> None:
    async with desk() as one:
        assert await one.text("UNREGISTER", peer="ALL") == "OK\n"
        assert not any(ext.reachable for ext in one.office.building.extensions)


# --- answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ("ok", "OK\n"),
        ("success", "Success|Channel Hungup|"),
        ("json", '{"Response":"Success","Message":"Channel Hungup"}'),
        ("empty", ""),
    ],
)
async def test_the_answers_nobody_has_seen(answer: str, body: str) -> None:
    async with desk(MirtaSwitches(answer=answer)) as one:  # type: ignore[arg-type]
        call = one.talk()
        assert await one.text("HANGUP", channel=call.live_legs()[0].channel) == body
        agent = one.agent()
        (queue,) = agent.queues
        who = {"extension": agent.extension.number, "queue": str(queue.id)}
        assert await one.text("AGENT", action="pause", **who) == "OK\n", "this one was seen"


@pytest.mark.parametrize("failure", ["error", "sentence", "empty"])
async def test_a_dial_that_fails(failure: str) -> None:
    async with desk(MirtaSwitches(dial_failure=failure)) as one:  # type: ignore[arg-type]
        body = await one.text("DIAL", source="999", dest="201")
        assert (
            body
            == {
                "error": "Error|Extension 999 not found|",
                "sentence": "Extension 999 not found\n",
                "empty": "",
            }[failure]
        )


async def test_logins() -> None:
    async with desk() as one:
        name, password = one.built.username, one.built.password
        assert await one.text("CHECKAUTH", username=name, password=password) == "OK\n"
        assert await one.text("CHECKAUTH", username=name) == "Wrong username or password\n"


async def phonebook(one: Desk, **query: str) -> object:
    return await one.json("PHONEBOOK", subreqtype="query", phonebook="Default", **query)


async def test_the_phone_book() -> None:
    async with desk() as one:
        every = await one.json("PHONEBOOK", subreqtype="getall", phonebook="default")
        assert isinstance(every, list)
        first = every[0]
        assert list(first) == ["peid", "name", "phone1"]
        assert await phonebook(one, field="name", value=first["name"]) == [
            row for row in every if row["name"] == first["name"]
        ]
        piece = first["phone1"][3:8]
        found = await phonebook(one, field="phone1", value=f"%{piece}%")
        assert isinstance(found, list)
        assert first in found
        assert await phonebook(one, field="name", value="nobody of that name") is None
        assert await one.text("PHONEBOOK", subreqtype="query") == "Wrong or missing phonebook\n"
        assert await one.json("PHONEBOOKS", subreqtype="list") == ["Default"]
