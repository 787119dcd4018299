"""What can be asked one by one: records of every kind, and the settings that can be changed."""

from __future__ import annotations

import json

import pytest

from pbxtui.backends.base import BackendError, NotFound, NotUnderstood, Throttled
from pbxtui.backends.telphin.records import Did, Event, Mode, Part, Phone, User
from pbxtui.model import Answered, DeviceState, Direction
from tests.backends.server import Reply
from tests.backends.telphin.bodies import HISTORIES, HISTORY, NOT_FOUND, REGISTRATION, USER
from tests.backends.telphin.conftest import API, CLIENT, Site

EVENTS = (
    '[{"id": 7, "url": "https://example.org/\\u001b[2J", "method": "POST", "event_type": "%s"}]'
)
PHONE = """
{"extension_id": 54, "external_number": "+79876543210", "auth_type": "digest",
 "password": "sip-secret", "allow_webrtc": true, "record_enabled": false}
"""


async def test_who_am_i(site: Site) -> None:
    site.server.on(f"{API}/user/", Reply(USER))
    assert await site.backend.user() == User(
        "123", "client_login", "100", "", "full", "Europe/Moscow"
    )


async def test_numbers(site: Site) -> None:
    rows = [
        {"id": 1, "name": "74953332211", "domain": None, "extension_id": 85219, "comment": "Main"},
        {"id": 2, "name": "74953332212", "domain": {"x": 1}, "extension_id": None},
    ]
    site.server.on(f"{CLIENT}/did/", Reply(json.dumps(rows)))
    assert await site.backend.dids() == (
        Did(1, "74953332211", 85219, "Main"),
        Did(2, "74953332212", None, ""),
    )


async def test_limits(site: Site) -> None:
    site.server.on(
        f"{CLIENT}/limit/", Reply('{"calls_limit": 10, "x": "y", "ok": true, "n": null}')
    )
    assert await site.backend.limits() == {"calls_limit": 10}


async def test_events(site: Site) -> None:
    site.server.on(f"{CLIENT}/phone_events/", Reply(EVENTS % "hangup"))
    site.server.on(f"{API}/extension/85219/event/", Reply(EVENTS % "dial-in"))
    site.server.on(f"{CLIENT}/agent/local/12/event/", Reply(EVENTS % "agent-login"))
    url = "https://example.org/\ufffd[2J"
    assert await site.backend.phone_events() == (Event(7, "hangup", "POST", url),)
    assert await site.backend.extension_events(85219) == (Event(7, "dial-in", "POST", url),)
    assert await site.backend.agent_events("local/12") == (Event(7, "agent-login", "POST", url),)
    with pytest.raises(BackendError, match="no agent"):
        await site.backend.agent_events("../12")


async def test_modes(site: Site) -> None:
    rows = '[{"id": 31, "name": "Do not disturb", "property_list": ["ri", null]}]'
    site.server.on(f"{CLIENT}/extension/call_status/", Reply(rows))
    assert await site.backend.modes() == (Mode(31, "Do not disturb", ("ri",)),)


async def test_one_call_that_is_over(site: Site) -> None:
    uuid = "caa308e3aabb4455caa308e3aabb4455"
    site.server.on(f"{CLIENT}/call_history/{uuid}", Reply(HISTORY))
    history = await site.backend.history(uuid)
    assert (history.id, history.direction) == (uuid.upper(), Direction.OUTBOUND)
    assert (history.from_, history.to, history.did) == ("100*0111", "79161112233", "")
    assert (history.result, history.cause, history.ended_by) == (
        "bridged",
        "NORMAL_CLEARING",
        "caller_bye",
    )
    assert (history.started, history.answered, history.ended) == (
        1609518578.0,
        1609518585.0,
        1609518615.0,
    )
    assert (history.duration, history.talked) == (37.0, 30.0)
    assert history.parts == (Part("79161112233", "answered", 1609518578.76, ""),)
    with pytest.raises(NotFound):
        await site.backend.history("0" * 32)


async def test_a_page_of_the_history(site: Site) -> None:
    path = f"{CLIENT}/call_history/"
    site.server.on(path, Reply(HISTORIES))
    (history,) = await site.backend.histories(1609518000.0, 1609519000.0)
    assert history.result == "bridged"
    (request,) = site.server.of(path)
    assert request.query == {
        "start_datetime": "2021-01-01 16:20:00",
        "end_datetime": "2021-01-01 16:36:40",
        "order": "desc",
        "page": "1",
        "per_page": "100",
    }


async def test_two_reports_at_once(site: Site) -> None:
    said = '{"message":"Stats request already exists, concurrent request not allowed"}'
    site.server.on(f"{CLIENT}/call_history/", Reply(said, 429))
    with pytest.raises(Throttled, match="busy with another report") as caught:
        await site.backend.histories(0.0, 1.0)
    assert caught.value.retry_after == 15.0


async def test_one_registration(site: Site) -> None:
    path = f"{API}/extension/85219/registration/"
    site.server.on(path, Reply(REGISTRATION))
    (device,) = await site.backend.registration(85219)
    assert (device.id, device.state) == ("85219", DeviceState.REGISTERED)
    await site.devices()
    (device,) = await site.backend.registration(85219)
    assert device.extension == "102"
    site.server.on(f"{path}uloc-1", Reply("", 204), Reply(NOT_FOUND, 404))
    assert (await site.backend.delete_registration(85219, "uloc-1")).answered is Answered.ACCEPTED
    gone = await site.backend.delete_registration(85219, "uloc-1")
    assert (gone.answered, gone.words) == (Answered.REFUSED, "there is no such registration")


async def test_a_phones_settings_without_its_password(site: Site) -> None:
    path = f"{API}/extension/54/phone/"
    site.server.on(path, Reply(PHONE))
    phone = await site.backend.phone(54)
    assert phone == Phone("+79876543210", "digest", True, False, None)
    assert "sip-secret" not in repr(phone)
    for broken in (PHONE[:150], PHONE.replace("true", "[]"), "sip-secret"):
        site.server.on(path, Reply(broken))
        with pytest.raises(NotUnderstood) as caught:
            await site.backend.phone(54)
        assert "sip-secret" not in str(caught.value)


async def test_a_mobile_number_is_bound_to_a_phone(site: Site) -> None:
    """The example of the documentation: extension 54 gets +79876543210."""
    path = f"{API}/extension/54/phone/"
    site.server.on(path, Reply(PHONE))
    for number, sent in (("+79876543210", "+79876543210"), ("", None)):
        outcome = await site.backend.set_external_number(54, number)
        assert outcome.answered is Answered.ACCEPTED
        request = site.server.of(path)[-1]
        assert (request.method, json.loads(request.body)) == ("PUT", {"external_number": sent})


async def test_an_extensions_status(site: Site) -> None:
    path = f"{CLIENT}/extension/85219"
    site.server.on(path, Reply('{"id": 85219, "name": "2566*102", "status": "blocked"}'))
    extension = await site.backend.extension(85219)
    assert (extension.number, extension.status) == ("102", "blocked")
    assert (await site.backend.set_extension_status(85219, "active")).answered is Answered.ACCEPTED
    request = site.server.of(path)[-1]
    assert (request.method, json.loads(request.body)) == ("PUT", {"status": "active"})
    with pytest.raises(BackendError, match="active or blocked"):
        await site.backend.set_extension_status(85219, "asleep")
    assert len(site.server.of(path)) == 2


async def test_settings_need_the_level_all(site: Site) -> None:
    denied = Reply('{"message":"deny","status":"app_access_type_deny"}', 403)
    site.server.on(f"{API}/extension/54/phone/", denied)
    outcome = await site.backend.set_external_number(54, "+79876543210")
    assert outcome.answered is Answered.REFUSED
    assert "application level “All”" in outcome.words
