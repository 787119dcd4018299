"""The JSON of ``list`` has the names and forms that scripts rely on."""

from __future__ import annotations

import json

from pbxtui.model import (
    Call,
    Certainty,
    Device,
    DeviceState,
    Direction,
    Leg,
    LegState,
    Party,
    Queue,
)
from pbxtui.model.export import iso, plain


def test_a_call_in_plain_values() -> None:
    leg = Leg(
        "l1",
        LegState.HELD,
        Certainty.ASSUMED,
        Direction.INBOUND,
        Party("+442079460958", "Harbour Taxi"),
        Party("447", "Front desk"),
        extension="447",
        device="VH0000001",
        started=1790293069.492798,
        answered=1790293075.0,
    )
    call = Call(
        "hq",
        "c1",
        LegState.TALKING,
        direction=Direction.INBOUND,
        from_=leg.from_,
        to=leg.to,
        started=1790293069.492798,
        legs=(leg,),
    )
    said = json.loads(json.dumps(plain(call)))
    assert said["site"] == "hq"
    assert said["state"] == "talking"
    assert said["certainty"] == "seen"
    assert said["direction"] == "inbound"
    assert said["from"] == {"number": "+442079460958", "name": "Harbour Taxi"}
    assert said["to"] == {"number": "447", "name": "Front desk"}
    assert said["started"] == "2026-09-24T23:37:49.492Z"
    assert said["answered"] is None
    assert said["legs"][0]["certainty"] == "assumed"
    assert said["legs"][0]["extension"] == "447"
    assert said["legs"][0]["device"] == "VH0000001"
    assert said["legs"][0]["answered"] == "2026-09-24T23:37:55.000Z"


def test_counters_stay_numbers_and_the_unknown_stays_null() -> None:
    queue = plain(Queue("hq", "281", "Sales", answered=12))
    assert queue["answered"] == 12
    assert queue["abandoned"] is None
    assert queue["callers"] is None


def test_a_device_has_its_fields() -> None:
    device = plain(Device("hq", "1001", DeviceState.REGISTERED, rtt_ms=12.5, last_seen=0.0))
    assert device["rtt_ms"] == 12.5
    assert device["last_seen"] == "1970-01-01T00:00:00.000Z"


def test_an_impossible_time_is_null() -> None:
    assert iso(1e300) is None
    assert iso(None) is None


def test_a_number_that_json_has_not_is_null() -> None:
    device = plain(Device("hq", "1001", DeviceState.REGISTERED, rtt_ms=float("nan")))
    assert device["rtt_ms"] is None
