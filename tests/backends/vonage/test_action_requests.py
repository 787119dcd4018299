"""The one request that each action is, as typed by hand from what is known of the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pbxtui.backends.base import BackendError
from pbxtui.backends.vonage.actions import RECORDING_TONE
from pbxtui.model import (
    Action,
    Answer,
    Answered,
    Dial,
    Hangup,
    Hold,
    Park,
    Record,
    Resume,
    SendDtmf,
    Transfer,
)
from tests.backends.server import Reply
from tests.backends.vonage.bodies import CALL_ID, DOCUMENTED, LIVE, LIVE_CALL
from tests.backends.vonage.conftest import CALLS, TOKEN, Site

CALL = f"{CALLS}/{CALL_ID}"
DESK, TRUNK = f"{CALL}/legs/leg-desk", f"{CALL}/legs/leg-trunk"
OF: dict[str, Any] = {"site": "hq", "call": CALL_ID}
ON_DESK: dict[str, Any] = OF | {"leg": "leg-desk"}
ON_TRUNK: dict[str, Any] = OF | {"leg": "leg-trunk"}
OTHER = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
UP, RINGS = (f'"status":"{word}",\n   "start_time":"1790293070' for word in ("on-call", "ringing"))
RINGING = LIVE.replace(UP, RINGS)


def to(destination: str, kind: str) -> dict[str, str]:
    return {"destination": destination, "type": kind}


FRONT_DESK = to("447", "extension")


@pytest.mark.parametrize(
    ("action", "method", "path", "body"),
    [
        (Hold(**ON_DESK), "PUT", DESK, {"state": "held"}),
        (Hold(**ON_TRUNK), "PUT", TRUNK, {"state": "held"}),
        (Resume(**ON_DESK), "PUT", DESK, {"state": "active"}),
        (SendDtmf(**ON_TRUNK, digits="*123#"), "PUT", TRUNK, {"dtmf": "*123#"}),
        (
            Record(**ON_DESK, on=True),
            "PUT",
            DESK,
            {"recording": "start", "service": "ocr"},
        ),
        (
            Record(**ON_DESK, on=False),
            "PUT",
            DESK,
            {"recording": "stop", "service": "ocr"},
        ),
        (
            Transfer(**ON_DESK, to="512"),
            "PUT",
            DESK,
            {"state": "active", "to": to("512", "extension")},
        ),
        (
            Transfer(**ON_TRUNK, to="+44 20 7946 0958"),
            "PUT",
            TRUNK,
            {"state": "active", "to": to("+442079460958", "pstn")},
        ),
        (
            Transfer(**ON_DESK, to="VH1111111"),
            "PUT",
            DESK,
            {"state": "active", "to": to("VH1111111", "device")},
        ),
        (
            Transfer(**ON_DESK, to=OTHER, attended=True),
            "PUT",
            DESK,
            {"state": "active", "to": to(OTHER, "leg")},
        ),
        (
            Transfer(**OF, to="512"),
            "PUT",
            CALL,
            {"from": FRONT_DESK, "to": to("512", "extension")},
        ),
        (Park(**OF), "PUT", CALL, {"state": "parked", "from": FRONT_DESK}),
        (Park(**ON_DESK), "PUT", CALL, {"state": "parked", "from": FRONT_DESK}),
        (Park(**ON_TRUNK), "PUT", CALL, {"state": "parked", "from": FRONT_DESK}),
        (
            Answer(**OF, extension="512"),
            "PUT",
            CALL,
            {"state": "active", "to": to("512", "extension")},
        ),
        (
            Answer(**OF, extension="VH1111111"),
            "PUT",
            CALL,
            {"state": "active", "to": to("VH1111111", "device")},
        ),
        (Answer(**ON_DESK), "PUT", DESK, {"state": "active"}),
        (Hangup(**OF), "DELETE", CALL, None),
        (Hangup(**ON_DESK), "DELETE", DESK, None),
        (
            Dial(site="hq", from_="447", to="12065550101"),
            "POST",
            CALLS,
            {
                "from": FRONT_DESK,
                "to": to("12065550101", "pstn"),
                "type": "click2dial",
            },
        ),
        (
            Dial(site="hq", from_="VH0000001", to="512"),
            "POST",
            CALLS,
            {
                "from": to("VH0000001", "device"),
                "to": to("512", "extension"),
                "type": "click2dial",
            },
        ),
        (
            Dial(site="hq", from_="*55", to="*98"),
            "POST",
            CALLS,
            {
                "from": to("*55", "feature_code"),
                "to": to("*98", "feature_code"),
                "type": "click2dial",
            },
        ),
        (
            Dial(site="hq", from_="device:Desk-1", to="pstn:911"),
            "POST",
            CALLS,
            {
                "from": to("Desk-1", "device"),
                "to": to("911", "pstn"),
                "type": "click2dial",
            },
        ),
    ],
)
async def test_each_action_is_one_request(
    site: Site, action: Action, method: str, path: str, body: object
) -> None:
    await site.calls(LIVE)
    before = len(site.server.requests)
    site.server.on(path, Reply("", 204))
    outcome = await site.opened[-1].act(action)
    assert outcome.answered is Answered.ACCEPTED
    (request,) = site.server.requests[before:]
    assert (request.method, request.target) == (method, path)
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    if body is None:
        assert request.body == b""
    else:
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.body) == body


@pytest.mark.parametrize("type", ["click2dial", "click2dialme", "odr", "default", ""])
async def test_the_type_of_a_new_call_is_a_setting(site: Site, type: str) -> None:
    site.server.on(CALLS, Reply("", 204))
    await site.open(dial_type=type).act(Dial(site="hq", from_="447", to="512"))
    body = json.loads(site.server.requests[0].body)
    assert body.get("type", "") == type
    assert ("type" in body) == bool(type)


async def test_the_service_of_a_recording_is_a_setting(site: Site) -> None:
    site.server.on(DESK, Reply("", 204))
    await site.open(recording="ccr").act(Record(**ON_DESK, on=True))
    assert json.loads(site.server.requests[0].body) == {"recording": "start", "service": "ccr"}


@pytest.mark.parametrize("sound", ["https://example.com/recorded_message.wav", RECORDING_TONE])
async def test_a_sound(site: Site, sound: str) -> None:
    site.server.on(TRUNK, Reply("", 204))
    backend = site.open()
    await backend.play(CALL_ID, "leg-trunk", sound)
    await backend.stop(CALL_ID, "leg-trunk")
    played, stopped = site.server.of(TRUNK)
    assert (played.method, stopped.method) == ("PUT", "PUT")
    assert json.loads(played.body) == {"stream": True, "stream_url": sound}
    assert json.loads(stopped.body) == {"stream": False}


async def test_the_phone_that_rings_is_named_by_its_own_id(site: Site) -> None:
    (call,) = (await site.calls(RINGING)).values()
    assert [leg.state.value for leg in call.legs] == ["talking", "ringing"]
    site.server.on(CALL, Reply("", 204))
    await site.opened[-1].act(Answer(**OF, extension="447"))
    body = json.loads(site.server.of(CALL)[0].body)
    assert body == {"state": "active", "to": to("VH0000001", "device")}


async def test_of_several_handsets_that_ring_the_chosen_one_answers(site: Site) -> None:
    second = (
        '"leg-2":{"leg_id":"leg-2","device_id":"VH0000002","extension":"447","status":"ringing"},'
    )
    await site.calls(RINGING.replace('"leg_map":{', f'"leg_map":{{{second}'))
    site.server.on(CALL, Reply("", 204))
    backend = site.opened[-1]
    await backend.act(Answer(**OF, extension="447"))
    await backend.act(Answer(**OF, leg="leg-2", extension="447"))
    asked = [json.loads(request.body)["to"] for request in site.server.of(CALL)]
    assert asked == [FRONT_DESK, to("VH0000002", "device")]


async def test_the_documented_shape_tells_its_phone_by_a_short_number(site: Site) -> None:
    (id,) = await site.calls(DOCUMENTED.replace('"status":"busy"', '"status":"on-call"'))
    site.server.on(f"{CALLS}/{id}", Reply("", 204))
    await site.opened[-1].act(Park(site="hq", call=id))
    body = json.loads(site.server.requests[-1].body)
    assert body == {"state": "parked", "from": FRONT_DESK}


async def test_an_id_is_sent_as_the_pbx_spells_it(site: Site) -> None:
    hostile = r"\u001b[2J/../x?y=1#z"
    row = LIVE_CALL.replace(CALL_ID, hostile).replace("leg-desk", rf"leg{hostile}")
    (call,) = (await site.calls(f"[{row}]")).values()
    assert "\x1b" not in repr(call)
    (desk,) = (leg for leg in call.legs if leg.extension)
    quoted = "%1B%5B2J%2F..%2Fx%3Fy%3D1%23z"
    path = f"{CALLS}/{quoted}/legs/leg{quoted}"
    site.server.on(path, Reply("", 204))
    await site.opened[-1].act(Hold(site="hq", call=call.id, leg=desk.id))
    assert [request.method for request in site.server.of(path)] == ["PUT"]


async def test_a_leg_without_an_id_is_not_acted_on(site: Site) -> None:
    body = '{"calls":[{"call_id":"c1","legs":[{"from":447,"to":512,"status":"on-call"}]}]}'
    (call,) = (await site.calls(body)).values()
    with pytest.raises(BackendError, match="gave this leg no id"):
        await site.opened[-1].act(Hold(site="hq", call="c1", leg=call.legs[0].id))
    assert {request.method for request in site.server.requests} == {"GET"}
