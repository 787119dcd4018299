"""What Telphin's face writes of everything else, and whom it lets in."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from pbxtui.simulator.telphin import TelphinSwitches, build_telphin
from pbxtui.simulator.things import LegState
from tests.simulator.telphin_desk import CALLS, CLIENT, OUTSIDE, desk, logged_in, state
from tests.simulator.world import Clock

# --- lists -----------------------------------------------------------------------------------


async def test_extensions_by_type_and_in_pages() -> None:
    async with desk() as d:
        path = f"{CLIENT}/extension/"
        queues = (await d.client.get(path, params={"type": "queue"})).json()
        assert [row["name"] for row in queues] == ["2566*600", "2566*601", "2566*602"]
        first = queues[0]
        assert (first["type"], first["status"], first["label"]) == ("queue", "active", "Support")
        both = (await d.client.get(path, params={"type": ["queue", "ivr"]})).json()
        assert len(both) == 4
        pages: list[list[Any]] = []
        for page in (1, 2, 3):
            query: dict[str, str | int] = {"type": "phone", "page": page, "per_page": 25}
            pages.append((await d.client.get(path, params=query)).json())
        assert [len(page) for page in pages] == [25, 15, 0]
        named = await d.client.get(path, params={"name": pages[0][0]["name"]})
        assert [row["id"] for row in named.json()] == [85001]


async def test_a_server_that_gives_smaller_pages_than_asked() -> None:
    async with desk(TelphinSwitches(max_per_page=10)) as d:
        query: dict[str, str | int] = {"type": "phone", "per_page": 200}
        assert len((await d.client.get(f"{CLIENT}/extension/", params=query)).json()) == 10


async def test_queues_and_agents() -> None:
    async with desk() as d:
        queue = d.office.building.queues[0]
        id = d.built.names.queue_id(queue)
        body = (await d.client.get(f"/extension/{id}/queue/")).json()
        assert body["strategy"] == "longest-idle-agent"
        assert (await d.client.get(f"/extension/{id}/queue/status/")).status_code == 404
        local = (await d.client.get(f"{CLIENT}/agent/local/")).json()
        agent = d.office.building.agents[0]
        assert local[0]["id"] == agent.id
        assert local[0]["status"] == "available"
        assert local[0]["extension_id"] == d.built.names.extension_id(agent.extension)
        remote = (await d.client.get(f"{CLIENT}/agent/remote/")).json()
        assert remote[0]["number"].startswith("+44770090")
        one = (await d.client.get(f"{CLIENT}/agent/local/{agent.id}")).json()
        assert one == local[0]


async def test_agents_and_queues_as_the_switches_say() -> None:
    switches = TelphinSwitches(agent_status="object", queue_status_invented=True, remote_agents=0)
    async with desk(switches) as d:
        local = (await d.client.get(f"{CLIENT}/agent/local/")).json()
        assert local[0]["status"] == {"name": "available"}
        assert (await d.client.get(f"{CLIENT}/agent/remote/")).json() == []
        id = d.built.names.queue_id(d.office.building.queues[0])
        status = (await d.client.get(f"/extension/{id}/queue/status/")).json()
        assert status["invented"] is True


async def test_numbers_limits_and_events() -> None:
    async with desk() as d:
        dids = (await d.client.get(f"{CLIENT}/did/")).json()
        assert all(re.fullmatch(r"44\d{10}", did["name"]) for did in dids)
        assert len({did["name"] for did in dids}) == len(dids)
        limits = (await d.client.get(f"{CLIENT}/limit/")).json()
        assert limits["event_limit"] == 20
        event = {"url": "https://example.org/x", "method": "POST", "event_type": "hangup"}
        for many, one in (
            (f"{CLIENT}/phone_events/", f"{CLIENT}/phone_event/"),
            ("/extension/85001/event/", "/extension/85001/event/"),
        ):
            made = await d.client.post(many, json=event)
            assert made.status_code == 201
            assert made.json() == {"id": made.json()["id"], **event}
            assert (await d.client.get(many)).json() == [made.json()]
            item = f"{one}{made.json()['id']}"
            assert (await d.client.get(item)).json() == made.json()
            assert (await d.client.delete(item)).status_code == 204
            assert (await d.client.get(item)).status_code == 404
        agent = f"{CLIENT}/agent/local/{d.office.building.agents[0].id}/event/"
        assert (await d.client.post(agent, json=event)).status_code == 400
        login = event | {"event_type": "agent-login"}
        assert (await d.client.post(agent, json=login)).status_code == 201
        assert (await d.client.delete(agent)).status_code == 204
        assert (await d.client.get(agent)).json() == []


async def test_a_call_that_is_over_is_in_the_history() -> None:
    async with desk() as d:
        call, own, _ = d.talk()
        d.office.hangup_call(call.id)
        d.clock.now += 5
        found = (await d.client.get(f"{CLIENT}/call_history/", params={"order": "asc"})).json()
        assert (found["page"], found["per_page"], found["order"]) == (1, 30, "asc")
        (record,) = found["call_history"]
        assert (record["flow"], record["result"]) == ("out", "bridged")
        assert record["to_username"] == OUTSIDE.removeprefix("+")
        assert re.fullmatch(r"[0-9A-F]{32}", record["call_uuid"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", record["hangup_time_gmt"])
        assert re.fullmatch(r".*:\d\d\.\d\d", record["cdr"][0]["init_time_gmt"])
        one = await d.client.get(f"{CLIENT}/call_history/{record['call_uuid'].lower()}")
        assert one.json() == record
        assert state(own) is LegState.ENDED


# --- quota, rights, slashes ------------------------------------------------------------------


async def test_the_quota_of_the_hour() -> None:
    async with desk(TelphinSwitches(quota_per_hour=2)) as d:
        hour = d.clock.now // 3600 * 3600
        d.clock.now = hour + 600
        first = await d.client.get("/user/")
        headers = {
            key: value for key, value in first.headers.items() if key.startswith("x-ratelimit")
        }
        assert headers == {
            "x-ratelimit-limit": "2",
            "x-ratelimit-remaining": "1",
            "x-ratelimit-reset": "3000",
        }
        await d.client.get("/user/")
        refused = await d.client.get("/user/")
        assert refused.status_code == 429
        assert refused.json()["status"] == "rate_limit_exceeded"
        assert refused.headers["x-ratelimit-remaining"] == "0"
        d.clock.now = hour + 3599
        assert (await d.client.get("/user/")).status_code == 429
        d.clock.now = hour + 3600
        d.built.tokens._good = dict.fromkeys(d.built.tokens._good, d.clock.now + 60)
        assert (await d.client.get("/user/")).status_code == 200


async def test_the_other_429() -> None:
    async with desk(TelphinSwitches(stats_busy=True)) as d:
        answer = await d.client.get(f"{CLIENT}/call_history/")
        assert answer.status_code == 429
        assert answer.json() == {
            "message": "Stats request already exists, concurrent request not allowed"
        }


@pytest.mark.parametrize(
    ("switches", "word"),
    [
        (TelphinSwitches(access="denied"), "access_denied"),
        (TelphinSwitches(access="blocked"), "user_blocked"),
        (TelphinSwitches(access="read_only"), "user_access_type_deny"),
        (TelphinSwitches(app_level="Call API"), "app_access_type_deny"),
    ],
)
async def test_rights(switches: TelphinSwitches, word: str) -> None:
    async with desk(switches) as d:
        agent = f"{CLIENT}/agent/local/{d.office.building.agents[0].id}"
        answer = await d.client.put(agent, json={"status": "logged_out"})
        assert (answer.status_code, answer.json()["status"]) == (403, word)
        assert d.office.building.agents[0].logged_in
        reads = await d.client.get(CALLS)
        assert reads.status_code == (200 if word.endswith("type_deny") else 403)


async def test_the_level_call_api_controls_calls() -> None:
    async with desk(TelphinSwitches(app_level="Call API")) as d:
        _, own, _ = d.talk()
        assert (await d.put(own, "hold", "")).status_code == 200
        assert (await d.client.delete(d.path(own))).status_code == 204
        for path, body in (
            ("/extension/85001/phone/", {"external_number": "+79876543210"}),
            (f"{CLIENT}/extension/85001", {"status": "blocked"}),
        ):
            assert (await d.client.put(path, json=body)).status_code == 403


async def test_collections_have_a_slash_and_items_have_none() -> None:
    async with desk() as d:
        bare = await d.client.get(CALLS.rstrip("/"))
        assert bare.status_code == 301
        assert bare.headers["location"].endswith(CALLS)
        query = await d.client.get(f"{CLIENT}/extension", params={"type": "queue"})
        assert query.headers["location"].endswith("/extension/?type=queue")
        followed = await d.client.get(f"{CLIENT}/extension?type=queue", follow_redirects=True)
        assert len(followed.json()) == 3
        _, own, _ = d.talk()
        put = await d.client.put(d.path(own) + "/", json={"action": "hold", "send_dst": ""})
        assert put.status_code == 404
        body = {"src_num": [d.free().number], "dst_num": OUTSIDE}
        posted = await d.client.post("/extension/85001/callback", json=body)
        assert posted.status_code == 301
        assert len(d.office.calls) == 1


async def test_requests_are_counted_by_what_they_are() -> None:
    async with desk() as d:
        _, own, _ = d.talk()
        await d.put(own, "hold", "")
        await d.client.get("/extension/registration/?extension_id=85001")
        await d.client.get("/extension/85001/registration/")
        await d.client.delete("/extension/85001/registration/uloc-1-1-1")
        await d.client.get(f"{CLIENT}/agent/local/4001/event/")
        count = d.built.faults.count
        assert count("POST", "/oauth/token") == 1
        assert count("PUT", "/extension/{extension_id}/current_calls/{call_api_id}") == 1
        assert count("GET", "/extension/registration/") == 1
        assert count("GET", "/extension/{extension_id}/registration/") == 1
        delete = "/extension/{extension_id}/registration/{registration_id}"
        assert count("DELETE", delete) == 1
        assert count("GET", "/client/{client_id}/agent/local/{agent_id}/event/") == 1
        kinds = {(seen.method, seen.kind) for seen in d.built.faults.seen}
        assert kinds == {
            ("POST", "token"),
            ("PUT", "action"),
            ("GET", "read"),
            ("DELETE", "action"),
        }


@pytest.mark.parametrize("name", ["hostile-text", "wrong-types", "null-fields", "missing-fields"])
async def test_faults_of_shape(name: str) -> None:
    built = build_telphin(1, 30, clock=Clock())
    async with logged_in(built) as client:
        good = (await client.get(CALLS)).json()
        built.faults.set(name, on="reads")
        bad = (await client.get(CALLS)).json()
        assert bad != good
        built.faults.clear()
        assert (await client.get(CALLS)).json() == good


async def test_the_config_names_what_a_client_needs() -> None:
    built = build_telphin(1, 0, 40, clock=Clock())
    assert built.config_toml("http://127.0.0.1:8080") == (
        '[[site]]\nname = "cloud"\nkind = "telphin"\nurl = "http://127.0.0.1:8080"\n'
        f'app_id = "{built.app_id}"\napp_secret = "{built.app_secret}"\n'
    )


async def test_an_app_of_no_known_path() -> None:
    async with desk() as d:
        for path in ("/", "/queue/", "/client/@me/nothing/", "/extension/85001/queue"):
            answer = await d.client.get(path)
            assert answer.status_code in (301, 404)
            if answer.status_code == 404:
                assert answer.json() == {"message": "Not found"}
        async with httpx.AsyncClient(trust_env=False) as client:
            outside = await client.get(str(d.client.base_url).replace("/api/ver1.0", "") + "login")
            assert outside.status_code == 401
