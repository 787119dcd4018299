"""Queues and agents as they come."""

from __future__ import annotations

import json

import pytest

from pbxtui.backends.base import LoginRefused, NotUnderstood
from pbxtui.backends.mirta.times import span, whole
from pbxtui.model import Agent, AgentState, Caller, Certainty, Kind, Party, Queue, Topic
from tests.backends.mirta import bodies
from tests.backends.mirta.conftest import NOW, Pbx


@pytest.fixture
def filled(pbx: Pbx) -> Pbx:
    pbx.answers |= {
        "INFO queues": bodies.QUEUES,
        "INFO queue": bodies.QUEUE,
        "INFO agents 281": bodies.AGENTS,
        "INFO agents 282": "null",
        "CHANNELS": "[]",
    }
    return pbx


async def queues(pbx: Pbx) -> dict[str, Queue]:
    items = (await pbx.reading(Topic.QUEUES)).items[Kind.QUEUES]
    return {id_: queue for id_, queue in items.items() if isinstance(queue, Queue)}


async def agents(pbx: Pbx) -> dict[str, Agent]:
    items = (await pbx.reading(Topic.QUEUES)).items[Kind.AGENTS]
    return {id_: agent for id_, agent in items.items() if isinstance(agent, Agent)}


async def test_a_queue(filled: Pbx) -> None:
    assert (await queues(filled))["281"] == Queue(
        "branch",
        "281",
        "Sales: north, south",
        callers=(),
        available=2,
        logged_in=4,
        answered=126,
        abandoned=3,
        hold_time=28.0,
        talk_time=223.0,
        service_level=97.5,
    )
    assert filled.asked("CHANNELS") == [], "nobody waits, so nobody need be found"
    raw = json.loads(filled.backend.raw(Kind.QUEUES, "281"))
    assert raw["TRANSFEREDCALLS"] == "0"


async def test_agents_in_their_sparse_records(filled: Pbx) -> None:
    told = await agents(filled)
    assert {agent.id: (agent.state, agent.certainty) for agent in told.values()} == {
        "201-ACME": (AgentState.UNREACHABLE, Certainty.SEEN),
        "202-ACME": (AgentState.PAUSED, Certainty.SEEN),
        "203-ACME": (AgentState.TALKING, Certainty.SEEN),
        "204-ACME": (AgentState.UNREACHABLE, Certainty.INFERRED),
        "205-ACME": (AgentState.READY, Certainty.SEEN),
    }
    paused, talking = told["202-ACME"], told["203-ACME"]
    assert (paused.queues, paused.paused_in) == (("281",), ("281",))
    assert (talking.extension, talking.calls_taken, talking.since) == ("203", 3, NOW - 31)
    assert "queue 281: " in filled.backend.raw(Kind.AGENTS, "203-ACME")


async def test_seconds_that_go_on_are_the_same_since(filled: Pbx) -> None:
    before = await agents(filled)
    filled.now += 5
    filled.answers["INFO agents 281"] = bodies.AGENTS.replace('"31"', '"37"')
    assert await agents(filled) == before


async def test_an_agent_of_two_queues_paused_in_one(filled: Pbx) -> None:
    filled.answers["INFO agents 282"] = '{"202-ACME":{"0":5,"1":"available","2":"NOT_INUSE"}}'
    agent = (await agents(filled))["202-ACME"]
    assert agent.state is AgentState.READY
    assert (agent.queues, agent.paused_in) == (("281", "282"), ("281",))
    assert agent.calls_taken == 22


async def test_agents_of_a_server_that_tells_the_connected_ones_only(filled: Pbx) -> None:
    filled.answers["INFO agents 281"] = ""
    filled.answers["INFO agentsconnected 281"] = bodies.AGENTS
    assert len(await agents(filled)) == 5
    assert len(await agents(filled)) == 5
    asked = [len(filled.asked(f"INFO {info}")) for info in ("agents", "agentsconnected")]
    assert asked[0] < asked[1]


async def test_agents_that_are_none_are_asked_for_once(filled: Pbx) -> None:
    filled.answers["INFO agents 281"] = "null"
    for _ in range(3):
        assert await agents(filled) == {}
    assert len(filled.asked("INFO agentsconnected")) == 2, "once for each queue"


async def test_who_is_listed_no_more_is_logged_out(filled: Pbx) -> None:
    await agents(filled)
    filled.answers["INFO agents 281"] = "null"
    filled.now += 5
    told = await agents(filled)
    assert {agent.state for agent in told.values()} == {AgentState.LOGGED_OUT}
    assert {agent.certainty for agent in told.values()} == {Certainty.INFERRED}
    assert told["205-ACME"].since == NOW + 5
    assert told["205-ACME"].queues == ("281",)
    filled.now += 5
    assert await agents(filled) == told


async def test_who_waits(filled: Pbx) -> None:
    filled.answers["INFO queues"] = '{"18058":"Support"}'
    filled.answers["INFO queue"] = bodies.QUEUE.replace('"CALLSINQUEUE":"0"', '"CALLSINQUEUE":"1"')
    filled.answers["CHANNELS"] = bodies.CHANNELS
    queue = (await queues(filled))["18058"]
    unique = "pbx21-1750000030.1234"
    caller = Caller(unique, 1, Party("0541234567"), 1_750_000_030.0, unique)
    assert (queue.callers, queue.certainty) == ((caller,), Certainty.INFERRED)
    filled.now += 5
    assert (await queues(filled))["18058"] == queue
    assert len(filled.asked("CHANNELS")) == 1, "the last list still agrees with the count"
    filled.answers["INFO queue"] = bodies.QUEUE.replace('"CALLSINQUEUE":"0"', '"CALLSINQUEUE":"3"')
    callers = (await queues(filled))["18058"].callers
    assert len(filled.asked("CHANNELS")) == 2
    assert callers == (caller, Caller("18058 #2", 2), Caller("18058 #3", 3))


async def test_who_waits_cannot_be_read(filled: Pbx) -> None:
    filled.answers["INFO queue"] = bodies.QUEUE.replace('"CALLSINQUEUE":"0"', '"CALLSINQUEUE":"2"')
    filled.answers["CHANNELS"] = "no"
    reading = await filled.reading(Topic.QUEUES)
    assert reading.items[Kind.QUEUES]["281"].callers is None  # type: ignore[union-attr]
    assert any(note.startswith("who waits is not known") for note in reading.notes)


@pytest.mark.parametrize("body", ["null", "", "]", "{}", "[]"])
async def test_no_queues(pbx: Pbx, body: str) -> None:
    pbx.answers["INFO queues"] = body
    reading = await pbx.reading(Topic.QUEUES)
    assert reading.items == {Kind.QUEUES: {}, Kind.AGENTS: {}}


async def test_a_queue_without_figures(filled: Pbx) -> None:
    filled.answers["INFO queue 282"] = b""
    reading = await filled.reading(Topic.QUEUES)
    assert reading.notes == ("no figures of queue Support",)
    queue = reading.items[Kind.QUEUES]["282"]
    assert isinstance(queue, Queue)
    assert (queue.name, queue.answered, queue.service_level) == ("Support", None, None)


@pytest.mark.parametrize("body", ["[1,2]", '"x"', "7", "no queue for you"])
async def test_queues_that_are_none(pbx: Pbx, body: str) -> None:
    pbx.answers["INFO queues"] = body
    with pytest.raises(NotUnderstood):
        await pbx.reading(Topic.QUEUES)


async def test_the_right_to_queues_may_lack(filled: Pbx) -> None:
    filled.answers["INFO queue"] = bodies.TOO_BAD
    with pytest.raises(LoginRefused, match="INFO queue with “Too bad"):
        await filled.reading(Topic.QUEUES)


async def test_a_record_that_cannot_be_read(filled: Pbx) -> None:
    spoiled = {**json.loads(bodies.AGENTS), "299-ACME": 7, "298-ACME": {"0": [], "1": {}}}
    filled.answers["INFO agents 281"] = json.dumps(spoiled)
    reading = await filled.reading(Topic.QUEUES)
    assert len(reading.items[Kind.AGENTS]) == 5
    assert reading.notes == (
        "2 of 7 rows of INFO agents were not read: "
        "INFO agents row 6: 299-ACME: an object was expected, something else came",
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:03:43", 223.0),
        ("3:43", 223.0),
        ("125:00:01", 450_001.0),
        ("223", 223.0),
        ("12,5", 12.5),
        ("", None),
        ("soon", None),
        ("-", None),
    ],
)
def test_spans(text: str, seconds: float | None) -> None:
    assert span(text) == seconds


@pytest.mark.parametrize(("text", "count"), [("12", 12), ("-1", -1), ("1.5", None), ("x", None)])
def test_counts(text: str, count: int | None) -> None:
    assert whole(text) == count
