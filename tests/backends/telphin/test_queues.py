"""Queues and agents: what is told, what is joined, and what is said not to be shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pbxtui.backends.base import BackendError, NotUnderstood
from pbxtui.model import AgentState, Certainty, Kind, Topic
from tests.backends.server import Reply
from tests.backends.telphin.bodies import (
    LOCAL_AGENTS,
    NOT_FOUND,
    QUEUE_CONFIG,
    QUEUES,
    REMOTE_AGENTS,
    RINGING_ROW,
)
from tests.backends.telphin.conftest import CALLS, EXTENSIONS, LOCAL, QUEUE, REMOTE, Site, by_type


async def test_a_queue(site: Site) -> None:
    (queue,) = (await site.queues()).values()
    assert (queue.site, queue.id, queue.name) == ("cloud", "96857", "Support")
    assert queue.strategy == "ring-all"


async def test_what_is_not_shown_is_not_nought(site: Site) -> None:
    (queue,) = (await site.queues()).values()
    unknown = ("callers", "available", "logged_in", "answered", "abandoned", "service_level")
    origins = site.backend.origins[Kind.QUEUES]
    for name in unknown:
        assert getattr(queue, name) is None
        assert origins[name].startswith("not shown by Telphin")


async def test_a_queue_without_a_name_or_settings(site: Site) -> None:
    site.server.on(EXTENSIONS, by_type("[]", '[{"id": 96857, "name": "2566*887"}]'))
    site.server.on(QUEUE, Reply(NOT_FOUND, 404))
    reading = await site.reading(Topic.QUEUES)
    (queue,) = (await site.queues()).values()
    assert (queue.name, queue.strategy) == ("887", "")
    assert "the settings of queue 887 could not be read" in reading.notes[0]


async def test_settings_are_read_seldom_and_agents_each_time(site: Site) -> None:
    for _ in range(3):
        await site.queues()
        site.now += 5
    assert len(site.server.of(QUEUE)) == 1
    assert len(site.server.of(LOCAL)) == len(site.server.of(REMOTE)) == 3
    site.now += 300
    await site.queues()
    assert len(site.server.of(QUEUE)) == 2


async def test_a_client_without_remote_agents_is_not_asked_each_time(site: Site) -> None:
    site.server.on(REMOTE, Reply("[]"))
    for _ in range(3):
        assert set(await site.agents()) == {"local/12", "local/13"}
    assert len(site.server.of(REMOTE)) == 1


async def test_agents(site: Site) -> None:
    agents = await site.agents()
    assert set(agents) == {"local/12", "local/13", "remote/12"}
    olga, ivan, home = agents.values()
    assert (olga.name, olga.extension, olga.state) == ("Olga", "102", AgentState.READY)
    assert olga.certainty is Certainty.SEEN
    assert (ivan.extension, ivan.state) == ("103", AgentState.LOGGED_OUT)
    assert (home.extension, home.state) == ("+79160000001", AgentState.READY)
    assert olga.queues == ()


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("available", AgentState.READY),
        ("logged_out", AgentState.LOGGED_OUT),
        ("Logged Out", AgentState.LOGGED_OUT),
        ({"status": "available"}, AgentState.READY),
        ({"name": "logged_out", "id": 2}, AgentState.LOGGED_OUT),
        ({"status": {"name": "available"}}, AgentState.READY),
        ({"colour": "red"}, AgentState.UNKNOWN),
        ("on break", AgentState.UNKNOWN),
        (None, AgentState.UNKNOWN),
        (1, AgentState.UNKNOWN),
        (["available"], AgentState.UNKNOWN),
    ],
)
async def test_a_status_in_each_shape(site: Site, status: Any, state: AgentState) -> None:
    site.server.on(LOCAL, Reply(json.dumps([{"id": 12, "status": status}])))
    agent = (await site.agents())["local/12"]
    assert (agent.state, agent.certainty) == (state, Certainty.SEEN)


async def test_what_an_available_agents_phone_does_is_joined(site: Site) -> None:
    await site.calls()
    agent = (await site.agents())["local/12"]
    assert (agent.state, agent.certainty) == (AgentState.RINGING, Certainty.INFERRED)
    row = json.loads(RINGING_ROW) | {"answer_time_gmt": "2017-08-23 15:58:01,00"}
    await site.calls(json.dumps({"call_list": [row]}))
    assert (await site.agents())["local/12"].state is AgentState.TALKING
    site.server.on(CALLS, Reply('{"call_list":[]}'))
    await site.calls()
    assert (await site.agents())["local/12"].state is AgentState.READY


async def test_a_phone_that_is_off(site: Site) -> None:
    site.server.on(LOCAL, Reply('[{"id": 13, "extension_id": 85220, "status": "available"}]'))
    await site.devices()
    agent = (await site.agents())["local/13"]
    assert (agent.state, agent.certainty) == (AgentState.UNREACHABLE, Certainty.INFERRED)


async def test_old_readings_say_nothing_about_agents(site: Site) -> None:
    await site.calls()
    await site.devices()
    site.now += 61
    assert (await site.agents())["local/12"].state is AgentState.READY


async def test_remote_agents_that_this_client_has_not(site: Site) -> None:
    site.server.on(REMOTE, Reply(NOT_FOUND, 404))
    reading = await site.reading(Topic.QUEUES)
    assert set(reading.items[Kind.AGENTS]) == {"local/12", "local/13"}
    assert "the remote agents could not be read" in reading.notes[0]


@pytest.mark.parametrize("path", [EXTENSIONS, LOCAL])
async def test_half_a_reading_is_none(site: Site, path: str) -> None:
    site.server.on(path, Reply(NOT_FOUND, 404))
    with pytest.raises(BackendError, match="404"):
        await site.reading(Topic.QUEUES)


@pytest.mark.parametrize("body", ["{}", "7", '{"agents":7}', '[{"id":"x"}]', ""])
async def test_what_is_no_list_of_agents(site: Site, body: str) -> None:
    site.server.on(LOCAL, Reply(body))
    with pytest.raises(NotUnderstood):
        await site.reading(Topic.QUEUES)


async def test_an_agent_that_cannot_be_read(site: Site) -> None:
    site.server.on(LOCAL, Reply('[{"id": 12}, {"id": 13, "name": ["x"]}]'))
    reading = await site.reading(Topic.QUEUES)
    assert set(reading.items[Kind.AGENTS]) == {"local/12", "remote/12"}
    assert "1 of 2 local agents could not be read" in reading.notes[0]


async def test_rows_as_they_came(site: Site) -> None:
    await site.queues()
    raw = site.backend.raw
    assert json.loads(raw(Kind.QUEUES, "96857")) == [
        json.loads(QUEUES)[0],
        json.loads(QUEUE_CONFIG),
    ]
    assert json.loads(raw(Kind.AGENTS, "local/12")) == json.loads(LOCAL_AGENTS)[0]
    assert json.loads(raw(Kind.AGENTS, "remote/12")) == json.loads(REMOTE_AGENTS)[0]
    assert raw(Kind.AGENTS, "elsewhere/12") == raw(Kind.QUEUES, "1") == raw(Kind.LAMPS, "1") == ""


async def test_lamps_are_missing_with_a_reason(site: Site) -> None:
    assert set(site.backend.missing) == {Kind.LAMPS, Kind.FLOWS}
    with pytest.raises(BackendError, match="no lamps"):
        await site.reading(Topic.LAMPS)
