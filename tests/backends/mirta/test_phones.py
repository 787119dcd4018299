"""Peers, lamps and flows as they come."""

from __future__ import annotations

import json

import pytest

from pbxtui.backends.base import LoginRefused, NotUnderstood
from pbxtui.model import Certainty, Device, DeviceState, Flow, Kind, Lamp, LampState, Topic
from tests.backends.mirta import bodies
from tests.backends.mirta.conftest import Pbx


async def test_peers(pbx: Pbx) -> None:
    devices = await pbx.devices(bodies.PEERS)
    assert [(d.id, d.state, d.rtt_ms) for d in devices.values()] == [
        ("100-ACME", DeviceState.REGISTERED, 12.0),
        ("101-ACME", DeviceState.UNREGISTERED, None),
        ("102-ACME", DeviceState.UNREACHABLE, None),
        ("103-ACME", DeviceState.REGISTERED, 2301.0),
        ("104-ACME", DeviceState.REGISTERED, None),
    ]
    first, lobby, *_, unmonitored = devices.values()
    assert (first.extension, first.address, first.name) == ("100", "203.0.113.7", "")
    assert (lobby.name, lobby.address) == ("Lobby", "")
    assert (first.certainty, unmonitored.certainty) == (Certainty.SEEN, Certainty.INFERRED)
    row = json.loads(pbx.backend.raw(Kind.DEVICES, "100-ACME"))
    assert row["Status"] == "OK (12 ms)"


async def test_a_peer_on_several_nodes_is_one_phone(pbx: Pbx) -> None:
    rows = json.loads(bodies.PEERS)[:1]
    elsewhere = {**rows[0], "node": "PBX2", "Host": "(Unspecified)", "Status": "UNKNOWN"}
    (device,) = (await pbx.devices(json.dumps([elsewhere, rows[0]]))).values()
    assert device.state is DeviceState.REGISTERED
    (device,) = (await pbx.devices(json.dumps([rows[0], elsewhere]))).values()
    assert device.address == "203.0.113.7"


async def test_phones_that_are_no_peers_are_told_by_their_lamps(pbx: Pbx) -> None:
    pbx.answers["INFO extensions"] = bodies.EXTENSIONS
    lamp = '[{"st_extension":"301-ACME","st_state":"UNAVAILABLE","st_timestamp":""}]'
    pbx.answers["BLFS"] = lamp
    device = (await pbx.devices(bodies.PEERS))["301-ACME"]
    assert device == Device(
        "branch", "301-ACME", DeviceState.UNREACHABLE, Certainty.INFERRED, "301", "Webphone"
    )
    pbx.answers["BLFS"] = lamp.replace("UNAVAILABLE", "NOT_INUSE")
    assert (await pbx.devices(bodies.PEERS))["301-ACME"].state is DeviceState.REGISTERED
    pbx.answers["BLFS"] = b""
    assert (await pbx.devices(bodies.PEERS))["301-ACME"].state is DeviceState.UNKNOWN


async def test_the_name_that_help_has_is_asked_for(pbx: Pbx) -> None:
    pbx.answers |= {"HELP": bodies.HELP, "CHANSIPPEERS": bodies.PEERS}
    reading = await pbx.reading(Topic.DEVICES)
    assert (len(reading.items[Kind.DEVICES]), reading.source) == (5, "CHANSIPPEERS")
    await pbx.reading(Topic.DEVICES)
    assert (len(pbx.asked("HELP")), len(pbx.asked("PEERS"))) == (1, 0)


@pytest.mark.parametrize("unknown", [b"", b"Unknown reqtype", b"<pre>\nHELP</pre>"])
@pytest.mark.parametrize("there", ["PEERS", "CHANSIPPEERS"])
@pytest.mark.parametrize("help", [b"", bodies.TOO_BAD.encode()])
async def test_whichever_of_both_names_is_there(
    pbx: Pbx, unknown: bytes, there: str, help: bytes
) -> None:
    pbx.answers = {"HELP": help, "PEERS": unknown, "CHANSIPPEERS": unknown, there: bodies.PEERS}
    reading = await pbx.reading(Topic.DEVICES)
    assert (len(reading.items[Kind.DEVICES]), reading.source) == (5, there)


async def test_a_server_with_neither_is_not_without_phones(pbx: Pbx) -> None:
    with pytest.raises(NotUnderstood, match="HELP lists neither"):
        await pbx.reading(Topic.DEVICES)
    pbx.answers["PEERS"] = "Unknown reqtype"
    with pytest.raises(NotUnderstood, match="answers PEERS with “Unknown reqtype”"):
        await pbx.reading(Topic.DEVICES)


@pytest.mark.parametrize("body", [b"", b"[]", b"]", b"null"])
async def test_no_phones_where_help_has_the_name(pbx: Pbx, body: bytes) -> None:
    pbx.answers |= {"HELP": bodies.HELP, "CHANSIPPEERS": body}
    assert (await pbx.reading(Topic.DEVICES)).items[Kind.DEVICES] == {}


# --- lamps and flows ---------------------------------------------------------------------------


async def test_lamps_and_flows(pbx: Pbx) -> None:
    pbx.answers |= {"BLFS": bodies.BLFS, "FLOWS": bodies.FLOWS}
    reading = await pbx.reading(Topic.LAMPS)
    assert reading.items[Kind.LAMPS] == {
        "100-ACME": Lamp("branch", "100-ACME", LampState.IDLE, extension="100"),
        "7101-ACME": Lamp("branch", "7101-ACME", LampState.IN_USE, extension="7101"),
        "201": Lamp("branch", "201", LampState.UNKNOWN, extension="201"),
    }
    assert reading.items[Kind.FLOWS] == {
        "61": Flow("branch", "61", LampState.IN_USE, number="7101", name="Night", value="closed")
    }
    assert json.loads(pbx.backend.raw(Kind.LAMPS, "100-ACME"))["1"] == "NOT_INUSE"
    assert json.loads(pbx.backend.raw(Kind.FLOWS, "61"))["fl_value_for_notinuse"] == "open"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("BUSY", LampState.BUSY),
        ("RINGING", LampState.RINGING),
        ("RINGINUSE", LampState.RINGING_IN_USE),
        ("ONHOLD", LampState.ON_HOLD),
        ("UNAVAILABLE", LampState.UNAVAILABLE),
        ("INVALID", LampState.UNKNOWN),
        ("SOMETHING", LampState.UNKNOWN),
        ("not_inuse", LampState.IDLE),
    ],
)
async def test_the_words_of_lamps(pbx: Pbx, word: str, state: LampState) -> None:
    pbx.answers["BLFS"] = bodies.BLFS.replace("NOT_INUSE", word)
    lamp = (await pbx.reading(Topic.LAMPS)).items[Kind.LAMPS]["100-ACME"]
    assert isinstance(lamp, Lamp)
    assert lamp.state is state


async def test_a_time_that_changes_tells_the_zone(pbx: Pbx) -> None:
    pbx.now = 1_768_467_610.0  # 2026-01-15 09:00:10 UTC
    pbx.answers |= {"BLFS": bodies.BLFS, "FLOWS": bodies.FLOWS}
    await pbx.reading(Topic.LAMPS)
    pbx.now += 5
    pbx.answers["BLFS"] = bodies.BLFS.replace("2026-01-15 09:30:00", "2026-01-15 12:00:12")
    items = (await pbx.reading(Topic.LAMPS)).items
    lamps = [lamp for lamp in items[Kind.LAMPS].values() if isinstance(lamp, Lamp)]
    assert [lamp.since for lamp in lamps] == [1_768_467_612.0, 1_768_456_800.0, None]
    flow = items[Kind.FLOWS]["61"]
    assert isinstance(flow, Flow)
    assert flow.since == 1_768_456_800.0


async def test_a_time_that_changed_long_ago_tells_nothing(pbx: Pbx) -> None:
    pbx.now = 1_768_467_610.0
    pbx.answers["BLFS"] = bodies.BLFS
    await pbx.reading(Topic.LAMPS)
    pbx.now += 5
    pbx.answers["BLFS"] = bodies.BLFS.replace("2026-01-15 09:30:00", "2026-01-15 12:07:00")
    lamps = (await pbx.reading(Topic.LAMPS)).items[Kind.LAMPS].values()
    assert {lamp.since for lamp in lamps if isinstance(lamp, Lamp)} == {None}


async def test_a_key_without_the_right_to_flows_still_shows_lamps(pbx: Pbx) -> None:
    pbx.answers |= {"BLFS": bodies.BLFS, "FLOWS": bodies.TOO_BAD}
    reading = await pbx.reading(Topic.LAMPS)
    assert set(reading.items) == {Kind.LAMPS}
    assert reading.notes == ("no flows: the key has no right to FLOWS",)
    await pbx.reading(Topic.LAMPS)
    assert len(pbx.asked("FLOWS")) == 1, "a refused right is not asked for again and again"


async def test_a_right_that_was_there_and_is_gone(pbx: Pbx) -> None:
    pbx.answers |= {"BLFS": bodies.BLFS, "FLOWS": bodies.FLOWS}
    await pbx.reading(Topic.LAMPS)
    pbx.answers["FLOWS"] = bodies.TOO_BAD
    with pytest.raises(LoginRefused):
        await pbx.reading(Topic.LAMPS)


async def test_rows_of_lamps_that_cannot_be_read(pbx: Pbx) -> None:
    rows = [*json.loads(bodies.BLFS), {"st_extension": ["x"]}, 7]
    pbx.answers["BLFS"] = json.dumps(rows)
    reading = await pbx.reading(Topic.LAMPS)
    assert len(reading.items[Kind.LAMPS]) == 3
    assert reading.notes[0].startswith("2 of 5 rows of BLFS were not read")


# --- names -------------------------------------------------------------------------------------


async def test_names_without_their_secrets(pbx: Pbx) -> None:
    pbx.answers |= {"INFO extensions": bodies.EXTENSIONS, "BLFS": bodies.BLFS}
    backend = pbx.backend
    await backend.read(Topic.LAMPS)
    desk, web = await backend.extensions()
    assert (desk.number, desk.name, desk.tech, desk.username) == (
        "203",
        "Front desk",
        "SIP",
        "203-ACME",
    )
    for secret in ("web-s3cret", "2fa-s3cret", "sip-s3cret", "4711"):
        assert secret not in repr((desk, web))
        assert secret not in repr(vars(backend._directory))
    assert pbx.asked("INFO extensions")[-1]["format"] == "json"


async def test_without_names_there_are_numbers(pbx: Pbx) -> None:
    pbx.answers |= {"INFO extensions": bodies.TOO_BAD, "CHANNELS": bodies.TALKING}
    for _ in range(3):
        reading = await pbx.reading(Topic.CALLS)
        assert len(reading.items[Kind.CALLS]) == 1
        assert reading.notes[0].startswith("the extensions have no names: ")
    assert len(pbx.asked("INFO extensions")) == 1
