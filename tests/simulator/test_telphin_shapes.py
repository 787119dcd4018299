"""What Telphin's face writes of calls and phones, against shapes typed by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pbxtui.simulator.people import Party
from pbxtui.simulator.server import running
from pbxtui.simulator.telphin import TelphinSwitches, build_telphin
from pbxtui.simulator.things import Direction, Extension, LegState
from tests.simulator.telphin_desk import CALLS, OUTSIDE, Desk, desk, token
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
