"""What Telphin's face writes, against shapes typed by hand."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from pbxtui.simulator.people import Party
from pbxtui.simulator.server import running
from pbxtui.simulator.telphin import TelphinSwitches, build_telphin
from pbxtui.simulator.things import Direction, Extension, LegState
from tests.simulator.telphin_desk import CALLS, CLIENT, OUTSIDE, Desk, desk, logged_in, state, token
from tests.simulator.world import Clock

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def inbound(d: Desk, queue: int = 0) -> None:
    """Somebody outside calls a queue."""
    office = d.office
    number = office.building.queues[queue]
    call = office.open_call(
        Direction.INBOUND,
        Party("+441632960456", ""),
        Party(number.number, number.name),
        did="+441632960901",
    )
    leg = office.add_leg(call, Direction.INBOUND, call.caller, None, LegState.SETUP)
    leg.answered = office.now
    office._set(leg, LegState.QUEUED)
    office.enqueue(call, number)


def send_everybody_home(d: Desk) -> None:
    for agent in d.office.building.agents:
        d.office.set_logged_in(agent, False)


# --- token and who am I ----------------------------------------------------------------------


async def test_a_token() -> None:
    built = build_telphin(1, 0, 40, clock=Clock())
    async with running(built.app) as server:
        answer = await token(built, server.url)
        assert answer.status_code == 200
        body = answer.json()
        assert re.fullmatch(r"[A-Za-z0-9]{30}", body.pop("access_token"))
        assert body == {"token_type": "Bearer", "expires_in": 3600, "scope": "all"}
        wrong = await token(built, server.url, client_secret="guessed")
        assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
        assert (await token(built, server.url, grant_type="password")).status_code == 400
        assert (built.tokens.logins, built.tokens.refused) == (1, 2)


async def test_without_a_good_token() -> None:
    async with desk() as d:
        d.built.tokens.revoke_all()
        answer = await d.client.get(CALLS)
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
        assert "x-ratelimit-limit" not in answer.headers


async def test_a_token_lasts_an_hour() -> None:
    async with desk() as d:
        d.clock.now += 3599
        assert (await d.client.get("/user/")).status_code == 200
        d.clock.now += 1
        assert (await d.client.get("/user/")).status_code == 401


async def test_who_am_i() -> None:
    async with desk() as d:
        assert (await d.client.get("/user/")).json() == {
            "id": 123,
            "login": "simulated",
            "client_id": 9593,
            "extension_id": None,
            "extension_group_id": None,
            "dealer_id": None,
            "admin": False,
            "access": "full",
            "timezone": "Europe/Moscow",
            "extra_params": None,
        }
        for client in ("@me", "9593"):
            assert (await d.client.get(f"/client/{client}/did/")).status_code == 200
        stranger = await d.client.get("/client/17/did/")
        assert stranger.status_code == 404
        assert stranger.json()["status"] == "client_not_found"


# --- calls -----------------------------------------------------------------------------------


async def test_no_calls() -> None:
    for form, body in (("list", {"call_list": []}), ("missing", {}), ("null", {"call_list": None})):
        async with desk(TelphinSwitches(empty_call_list=form)) as d:  # type: ignore[arg-type]
            assert (await d.client.get(CALLS)).json() == body


async def test_a_call_from_a_queue_that_rings() -> None:
    """The captured form, field by field and in its order."""
    async with desk() as d:
        inbound(d)
        (row,) = await d.rows()
        leg = next(leg for leg in d.office.legs.values() if leg.extension is not None)
        assert leg.extension is not None
        id, number = 85000 + leg.extension.serial, leg.extension.number
        queue = d.office.building.queues[0]
        assert re.fullmatch(rf"[0-9]+-{UUID}", row["call_api_id"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d\d", row["init_time_gmt"])
        assert list(row.items()) == [
            ("extension_id", id),
            ("call_flow", "IN"),
            ("call_api_id", row["call_api_id"]),
            ("init_time_gmt", row["init_time_gmt"]),
            ("answer_time_gmt", None),
            ("caller_id_number", "+441632960456"),
            ("caller_id_name", "+441632960456"),
            ("called_number", f"2566*{number}"),
            ("called_did", "441632960901"),
            ("callback_id", None),
            ("record_uuid", None),
            (
                "caller_extension",
                {
                    "id": 78000 + queue.id,
                    "type": "queue",
                    "name": "2566*600@sipproxy.telphin.ru",
                    "client_id": 9593,
                    "extension_group_id": None,
                },
            ),
            (
                "called_extension",
                {
                    "id": id,
                    "type": "phone",
                    "name": f"2566*{number}@sipproxy.telphin.ru",
                    "client_id": 9593,
                    "extension_group_id": None,
                },
            ),
        ]


async def test_who_waits_in_a_queue_is_not_listed() -> None:
    async with desk() as d:
        send_everybody_home(d)
        inbound(d)
        assert len(d.office.building.queues[0].callers) == 1
        assert await d.rows() == []


async def test_ringing_all_gives_a_row_for_each_phone() -> None:
    async with desk(TelphinSwitches(call_ids=True)) as d:
        for agent in d.office.building.agents:
            d.office.set_logged_in(agent, True)
        ready = min(3, len(d.office.building.queues[1].ready))
        inbound(d, queue=1)  # rings three at once
        rows = await d.rows()
        assert len({row["extension_id"] for row in rows}) == len(rows) == ready > 1
        assert len({row["call_api_id"] for row in rows}) == ready
        assert len({row["call_id"] for row in rows}) == 1
        for row in rows:
            assert re.fullmatch(r"[0-9a-f]{32}", row["call_id"])
            assert re.fullmatch(rf"{row['extension_id']}-[0-9a-f]{{32}}", row["subcall_id"])
            assert row["answer_time_gmt"] is None


async def test_an_internal_call_has_two_rows() -> None:
    async with desk() as d:
        called = d.free(1)
        call, own, other = d.talk(called.number)
        assert own.extension is not None
        mine, theirs = await d.rows()
        numbers = (f"2566*{own.extension.number}", f"2566*{called.number}")
        for row, flow in ((mine, "OUT"), (theirs, "IN")):
            assert row["call_flow"] == flow
            assert (row["caller_id_number"], row["called_number"]) == numbers
            assert row["called_did"] is None
            assert row["caller_extension"]["id"] == mine["extension_id"]
            assert row["called_extension"]["id"] == theirs["extension_id"]
            assert row["answer_time_gmt"] is not None
        del call, other


async def test_a_call_going_out() -> None:
    for form, shown in (("null", None), ("empty", {}), ("list", []), ("missing", ...)):
        async with desk(TelphinSwitches(no_extension=form)) as d:  # type: ignore[arg-type]
            d.talk()
            (row,) = await d.rows()
            assert row["call_flow"] == "OUT"
            assert row["called_number"] == OUTSIDE
            assert row["called_did"] is None
            assert row["caller_extension"]["type"] == "phone"
            assert row.get("called_extension", ...) == shown


async def test_times_and_flows_as_the_switches_say() -> None:
    forms: list[tuple[Any, str]] = [
        (TelphinSwitches(fraction="."), r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d"),
        (TelphinSwitches(fraction="none"), r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    ]
    for switches, form in forms:
        async with desk(switches) as d:
            d.talk()
            (row,) = await d.rows()
            assert re.fullmatch(form, row["init_time_gmt"])
            assert re.fullmatch(form, row["answer_time_gmt"])
    async with desk(TelphinSwitches(flow_case="lower", real_call=True)) as d:
        d.talk()
        (row,) = await d.rows()
        assert row["call_flow"] == "out"
        assert row["real_call"] is True


async def test_the_calls_of_one_extension() -> None:
    async with desk() as d:
        _, own, _ = d.talk()
        assert own.extension is not None
        id = d.built.names.extension_id(own.extension)
        (row,) = await d.rows(f"/extension/{id}/current_calls/")
        assert row["extension_id"] == id
        assert await d.rows(f"/extension/{id + 1}/current_calls/") == []
        missing = await d.client.get("/extension/1/current_calls/")
        assert (missing.status_code, missing.json()) == (404, {"message": "Not found"})


# --- phones ----------------------------------------------------------------------------------


def phone_off(d: Desk) -> Extension:
    return next(ext for ext in d.office.building.extensions if not ext.reachable)


async def test_a_registration() -> None:
    async with desk() as d:
        ext = d.free()
        id = d.built.names.extension_id(ext)
        body = (await d.client.get(f"/extension/{id}/registration/")).json()
        assert (body["extension_id"], body["registered"]) == (id, True)
        device, shown = ext.devices[0], body["registrations"][0]
        assert shown == {
            "device": device.user_agent,
            "real_address": f"sip:{device.address}:{device.port}",
            "contact_address": f"sip:2566*{ext.number}@{device.address}:{device.port}",
            "expires": shown["expires"],
            "registration_id": f"uloc-572b0ffb-{device.serial:04x}-001",
        }
        assert isinstance(shown["expires"], int)


async def test_a_phone_that_is_off_keeps_its_last_registrations_in_the_list() -> None:
    async with desk() as d:
        ext = d.free()
        for device in ext.devices:
            d.office.set_online(device, False)
        id = d.built.names.extension_id(phone_off(d))
        body = (await d.client.get(f"/extension/{id}/registration/")).json()
        assert body["registered"] is False
        assert len(body["registrations"]) >= 1


async def test_registrations_in_bulk() -> None:
    for form in ("list", "object"):
        async with desk(TelphinSwitches(bulk=form)) as d:
            query = {"extension_id": [85001, 85002, 99]}
            body = (await d.client.get("/extension/registration/", params=query)).json()
            rows = body if isinstance(body, list) else list(body.values())
            assert [row["extension_id"] for row in rows] == [85001, 85002]
            if form == "object":
                assert list(body) == ["85001", "85002"]


@pytest.mark.parametrize(
    ("form", "shown"), [("date", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), ("string", r"-?\d+")]
)
async def test_expiry_in_its_other_forms(form: Any, shown: str) -> None:
    async with desk(TelphinSwitches(expires=form)) as d:
        body = (await d.client.get("/extension/85001/registration/")).json()
        assert re.fullmatch(shown, body["registrations"][0]["expires"])


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
