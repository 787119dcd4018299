"""MiRTA's answers, against shapes typed by hand from what real servers were seen to send."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pbxtui.simulator.mirta import PATH, MirtaSwitches
from tests.simulator.mirta import Desk, desk
from tests.simulator.world import START

TOO_BAD = b"Too bad... you mistaken the security api key.\n"
PLAIN = "text/html; charset=UTF-8"


async def rows(one: Desk, reqtype: str, **parameters: str) -> list[Any]:
    answer = await one.json(reqtype, **parameters)
    assert isinstance(answer, list)
    return answer


# --- the door ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong", [{"key": "other"}, {"key": ""}, {"tenant": ""}, {"tenant": "OTHER"}]
)
@pytest.mark.parametrize(
    "reqtype", ["CHANNELS", "HELP", "COUNTCALLS", "INFO", "HANGUP", "NONSENSE"]
)
async def test_one_text_for_every_refusal(wrong: dict[str, str], reqtype: str) -> None:
    async with desk() as one:
        answer = await one.get(reqtype, **wrong)
        assert (answer.status_code, answer.content) == (200, TOO_BAD)
        assert len(answer.content) == 46
        assert answer.headers["content-type"] == PLAIN
        answer = await one.get(reqtype, format="json", **wrong)
        assert answer.content == TOO_BAD
        assert answer.headers["content-type"] == "application/json", "the content type lies"


async def test_a_read_only_key_gets_the_same_text_for_an_action() -> None:
    async with desk() as one:
        key = one.built.readonly_key
        assert (await one.get("HANGUP", channel="x", key=key)).content == TOO_BAD
        assert (await one.get("AGENT", action="pause", key=key)).content == TOO_BAD
        assert (await one.get("FLOWS", key=key)).content != TOO_BAD
        assert (await one.get("QUEUE", action="list", id="1", key=key)).content != TOO_BAD


async def test_an_administrators_key_needs_no_tenant() -> None:
    async with desk() as one:
        key = one.built.admin_key
        assert (await one.get("FLOWS", key=key, tenant="")).content != TOO_BAD
        assert (await one.json("COUNTCHANNELS", key=key)) == {"pbx21": 0, "pbx22": 0}


async def test_a_form_does_as_well_as_a_query_and_upper_case_as_lower() -> None:
    async with desk() as one:
        form = {"reqtype": "info", "info": "CONFIG", "format": "JSON"}
        form |= {"tenant": one.built.tenant, "key": one.built.key}
        answer = await one.client.post(PATH, data=form)
        assert answer.json() == {"maxchannels": "-1", "maxextensions": "-1", "maxdids": "-1"}
        assert one.built.faults.count("POST", "INFO config") == 1
        assert (await one.client.post("/mirtapbx/proxyapi.php", data=form)).json()
        assert (await one.client.get("/pbx/other.php")).status_code == 404


async def test_requests_are_counted_by_what_they_are() -> None:
    async with desk() as one:
        await one.get("CHANNELS")
        await one.get("AGENT", action="PAUSE", queue="1")
        await one.get("INFO", info="Queues")
        count = one.built.faults.count
        assert count("GET", "CHANNELS") == count("GET", "AGENT pause") == 1
        assert count("GET", "INFO queues") == 1
        assert [seen.kind for seen in one.built.faults.seen] == ["read", "action", "read"]
        assert not any(one.built.key in str(seen) for seen in one.built.faults.seen)
        assert one.built.asked[1].get("queue") == "1"


async def test_jsonp() -> None:
    async with desk() as one:
        answer = await one.get("INFO", info="balance", format="json", callback="take")
        assert answer.text == "take(123.45)"


# --- channels ----------------------------------------------------------------------------------


async def test_a_channel_is_fourteen_texts() -> None:
    async with desk() as one:
        call = one.talk()
        own, other = await rows(one, "CHANNELS")
        first, second = call.live_legs()
        for row, leg in ((own, first), (other, second)):
            assert len(row) == 14
            assert all(isinstance(item, str) for item in row)
            assert row[0] == leg.channel
            assert row[11] == str(int(one.clock.now - leg.started))
            assert re.fullmatch(r"pbx2[12]-\d{10}\.\d+", row[13])
            assert row[13].split("-")[1].startswith(str(int(leg.started)))
        assert own[4] == other[4] == "Up"
        assert own[12] == other[12] != ""
        assert (own[5], other[5], other[6]) == ("Dial", "AppDial", "(Outgoing Line)")
        assert "kamailio" not in own[6], "once answered, the data names nobody"
        assert (own[2], own[7], other[7]) == ("441632960123", first.party.number, "441632960123")


async def test_while_it_rings_the_callers_data_names_whom() -> None:
    async with desk() as one:
        callee = one.free(3)
        call = one.office.dial(one.free().number, callee.number)
        one.until(lambda: len(call.live_legs()) > 1)
        caller, rung = (await rows(one, "CHANNELS"))[:2]
        assert (caller[5], caller[6]) == ("Dial", f"SIP/{callee.username},30,tT")
        assert (rung[4], rung[5], rung[7]) == ("Ringing", "AppDial", callee.number)
        assert rung[2] == rung[12] == caller[12] == ""


async def test_who_waits_is_in_the_queue_application() -> None:
    async with desk() as one:
        agent = one.agent()
        call = one.wait_in_queue(agent)
        (queue,) = agent.queues
        assert call.queue is queue
        waiting, *rung = await rows(one, "CHANNELS")
        assert waiting[4:7] == ["Up", "Queue", f"{queue.id},tT,,,60"]
        assert {row[4] for row in rung} == {"Ringing"}
        one.until(lambda: not call.queued)
        talking, agents = await rows(one, "CHANNELS")
        assert talking[5] == "Queue"
        assert talking[12] == agents[12] != ""


@pytest.mark.parametrize(
    ("form", "body"),
    [("nothing", b""), ("[]", b"[]"), ("]", b"]"), ("null", b"null"), ("{}", b"{}")],
)
async def test_no_channels(form: str, body: bytes) -> None:
    async with desk(MirtaSwitches(empty_channels=form)) as one:  # type: ignore[arg-type]
        answer = await one.get("CHANNELS", format="json")
        assert answer.content == body
        assert answer.headers["content-type"] == "application/json"


async def test_the_channels_of_each_node_are_all_of_them() -> None:
    async with desk(calls=12) as one:
        every = await rows(one, "CHANNELS")
        parts = [await rows(one, "CHANNELS", nodename=node) for node in one.built.nodes]
        assert sorted(map(str, every)) == sorted(str(row) for part in parts for row in part)
        assert all(parts)
        assert (await one.get("CHANNELS", nodename="other", format="json")).content == b""


async def test_a_hold_does_not_show_and_a_parked_one_waits_at_the_lot() -> None:
    async with desk() as one:
        call = one.talk()
        before = await rows(one, "CHANNELS")
        one.office.hold(call.live_legs()[0].id)
        assert await rows(one, "CHANNELS") == before
        one.office.resume(call.live_legs()[0].id)
        one.office.park(call.id)
        (parked,) = await rows(one, "CHANNELS")
        assert (parked[1], parked[2], parked[5]) == ("parkedcalls", "700", "Park")


async def test_one_channel() -> None:
    async with desk() as one:
        assert await one.json("CHANNEL") == [["", ""]] * 55


# --- peers, lamps, flows -----------------------------------------------------------------------


async def test_a_peer_has_eleven_named_columns() -> None:
    async with desk() as one:
        ext = one.free()
        (row,) = [r for r in await rows(one, "PEERS") if r["Name"].startswith(ext.username)]
        assert list(row) == [
            "node", "Name", "Host", "Dyn", "Forcerport", "Comedia", "ACL", "Port", "Status",
            "Description", "Realtime",
        ]  # fmt: skip
        assert all(isinstance(value, str) for value in row.values())
        assert row["Name"] == f"{ext.username}/{ext.username}"
        assert re.fullmatch(r"OK \(\d+ ms\)", row["Status"])
        plain = (await one.text("PEERS")).splitlines()
        assert plain[0].split("|") == list(row)
        assert list(row.values()) in [line.split("|") for line in plain]


async def test_a_phone_that_drops_off_is_unreachable_and_then_not_registered() -> None:
    async with desk() as one:
        ext = one.free()
        for device in ext.devices:
            one.office.set_online(device, False)

        async def peer() -> Any:
            return next(r for r in await rows(one, "PEERS") if r["Name"].startswith(ext.username))

        assert (await peer())["Status"] == "UNREACHABLE"
        one.clock.now += 3_700
        assert (await peer())["Host"] == "(Unspecified)"
        assert (await peer())["Status"] == "UNKNOWN"


@pytest.mark.parametrize("name", ["PEERS", "CHANSIPPEERS"])
async def test_each_server_has_one_name_for_peers(name: str) -> None:
    async with desk(MirtaSwitches(peers=name)) as one:  # type: ignore[arg-type]
        (other,) = {"PEERS", "CHANSIPPEERS"} - {name}
        assert await rows(one, name)
        assert (await one.get(other, format="json")).content == b""
        text = await one.text("HELP")
        assert re.search(rf"^{name} +- Show the peers", text, re.MULTILINE)
        assert not re.search(rf"^{other} ", text, re.MULTILINE)


async def test_rows_of_lamps_come_twice() -> None:
    async with desk() as one:
        ext = one.office.building.extensions[0]
        lamps = await rows(one, "BLFS")
        assert list(lamps[0]) == ["0", "st_extension", "1", "st_state", "2", "st_timestamp"]
        assert lamps[0]["0"] == lamps[0]["st_extension"] == ext.username
        assert lamps[0]["1"] == lamps[0]["st_state"] == ext.lamp.value
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", lamps[0]["st_timestamp"])
        names = [row["st_extension"] for row in lamps]
        assert names[-3:] == ["7101-ACME", "7102-ACME", "7103-ACME"], "flows are lamps too"
        first = (await one.text("BLFS")).splitlines()[0].split("|")
        assert len(first) == 7
        assert first == [v for k, v in lamps[0].items() if not k.isdecimal() for _ in (0, 1)] + [""]


async def test_times_are_the_servers_own_without_a_zone() -> None:
    async with desk(MirtaSwitches(utc_offset=3600.0)) as one:
        ext = one.free()
        one.clock.now = START + 60
        one.office.advance(one.clock.now)
        one.office.dial(ext.number, "+441632960123")
        lamp = next(r for r in await rows(one, "BLFS") if r["st_extension"] == ext.username)
        assert ext.lamp_since == START + 60
        assert lamp["st_timestamp"] == "2026-09-25 00:38:49"


async def test_a_flow_has_eighteen_columns_twice() -> None:
    async with desk() as one:
        flow = (await rows(one, "FLOWS"))[0]
        names = [key for key in flow if not key.isdecimal()]
        assert names == [
            "fl_id", "fl_te_id", "fl_name", "fl_comment", "fl_number", "fl_value",
            "fl_value_for_unavailable", "fl_value_for_inuse", "fl_value_for_notinuse",
            "fl_value_for_ringing", "fl_variable_name", "fl_monitor_type", "fl_monitor_type_id",
            "fl_monitor_parameter", "st_extension", "st_state", "st_timestamp", "st_peername",
        ]  # fmt: skip
        assert [key for key in flow if key.isdecimal()] == [str(n) for n in range(18)]
        assert all(flow[str(n)] == flow[name] for n, name in enumerate(names))
        assert (flow["fl_number"], flow["fl_value"]) == ("7101", "day")
        assert flow["fl_value_for_inuse"] == "night"
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", flow["st_timestamp"])


async def test_a_flow_by_its_id() -> None:
    async with desk() as one:
        for form in ({}, {"format": "json"}):
            assert await one.text("INFO", info="flow", id="310", **form) == "NOT_INUSE"
            assert await one.text("INFO", info="FLOW", **form) == "UNAVAILABLE"


# --- counts ------------------------------------------------------------------------------------


async def test_counts() -> None:
    async with desk() as one:
        counts = await one.json("COUNTPEERS")
        assert isinstance(counts, dict)
        assert list(counts) == ["pbx21", "pbx22"]
        assert all(isinstance(count, int) for count in counts.values())
        plain = await one.text("COUNTPEERS")
        assert plain == f"pbx21:{counts['pbx21']}|pbx22:{counts['pbx22']}|\n"
        assert await one.text("COUNTCHANNELS") == "Wrong or missing tenant\n"
        assert await one.text("COUNTCALLS") == ""
        one.talk()
        assert await one.text("COUNTCALLS") == "1"
