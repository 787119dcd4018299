"""What a real Asterisk sent of its phones, queues and lamps, as things of the model."""

from __future__ import annotations

import pytest

from pbxtui.backends.asterisk.phones import lamp_state
from pbxtui.model import (
    AgentState,
    Certainty,
    DeviceState,
    Kind,
    LampState,
    Party,
    Topic,
)
from tests.backends.asterisk.recorded import NOW, Heard, at, events, octets, split


def test_a_phone_that_registered_is_reachable_where_it_said() -> None:
    phone = Heard().lists("phones").devices()["PJSIP/1001"]
    assert (phone.state, phone.certainty) == (DeviceState.REGISTERED, Certainty.SEEN)
    assert phone.extension == "1001"
    assert phone.address.startswith("127.0.0.1:")
    assert phone.user_agent == "Yealink SIP-T46U 108.86.0.20"
    assert phone.rtt_ms is None, "this one is not probed"


def test_a_phone_that_is_probed_has_a_round_trip() -> None:
    phone = Heard().lists("phones").devices()["PJSIP/1008"]
    assert phone.rtt_ms is not None
    assert 0 < phone.rtt_ms < 500


def test_a_phone_without_contact_is_not_registered() -> None:
    phone = Heard().lists("phones").devices()["PJSIP/1002"]
    assert (phone.state, phone.certainty) == (DeviceState.UNREGISTERED, Certainty.SEEN)


def test_a_phone_that_does_not_answer_the_probe_is_unreachable() -> None:
    phone = Heard().lists("phone-unreachable").devices()["PJSIP/1008"]
    assert phone.state is DeviceState.UNREACHABLE
    assert phone.rtt_ms is None


def test_a_trunk_is_no_phone() -> None:
    trunk = Heard().lists("phones").devices()["PJSIP/trunk"]
    assert (trunk.extension, trunk.name) == ("", "trunk (trunk)")
    assert (trunk.state, trunk.certainty) == (DeviceState.REGISTERED, Certainty.INFERRED)
    assert trunk.address.startswith("127.0.0.2:")


def test_the_events_tell_when_phones_come_and_go() -> None:
    heard = Heard().lists("phones")
    heard.devices()
    heard.events("phone-unregistered")
    gone = heard.devices()["PJSIP/1001"]
    assert (gone.state, gone.address, gone.since) == (DeviceState.UNREGISTERED, "", NOW)
    heard.events("phone-unreachable")
    assert heard.devices()["PJSIP/1008"].state is DeviceState.UNREACHABLE
    heard.events("phone-registered")
    assert heard.devices()["PJSIP/1001"].state is DeviceState.REGISTERED
    assert heard.devices()["PJSIP/1008"].state is DeviceState.REGISTERED


def test_a_queue_with_its_callers() -> None:
    queues = Heard().lists("queue-waiting").queues()
    support = queues["support"]
    assert support.callers is not None
    waiting = [(c.position, c.party) for c in support.callers]
    assert waiting == [(1, Party("1001", "Alice")), (2, Party("1002", "Bob"))]
    assert (support.strategy, support.logged_in, support.available) == ("ringall", 0, 0)
    assert queues["sales"].callers == ()


def test_a_caller_in_a_queue_leads_to_the_call() -> None:
    heard = Heard().lists("queue-waiting")
    callers = heard.queues()["support"].callers or ()
    assert {caller.call for caller in callers} == {call.id for call in heard.calls()}


def test_how_long_somebody_waits_does_not_jump_with_each_list() -> None:
    heard = Heard().lists("queue-waiting", now=NOW)
    before = heard.queues()["support"]
    assert heard.lists("queue-waiting", now=NOW + 0.7).queues()["support"] == before


def test_the_events_tell_who_joins_and_leaves_a_queue() -> None:
    heard = Heard().lists("queue-completed").events("queue-waiting")
    (caller,) = heard.queues()["support"].callers or ()
    assert (caller.party, caller.position) == (Party("1002", "Bob"), 2)
    assert caller.joined == at(events("queue-waiting")[-1])
    heard.events("queue-abandoned")
    assert heard.queues()["support"].callers == ()


def test_who_waits_moves_up_when_another_leaves() -> None:
    heard = Heard().lists("queue-waiting")
    first, second = heard.queues()["support"].callers or ()
    leaves = b"Event: QueueCallerLeave\r\nChannel: PJSIP/1001-1\r\nUniqueid: %s\r\n\r\n"
    heard.office.take_event(split(leaves % first.id.encode())[0], NOW)
    (left,) = heard.queues()["support"].callers or ()
    assert (left.id, left.position) == (second.id, 1)


def test_an_agent_who_serves_two_queues_is_one() -> None:
    agents = Heard().lists("queue-completed").agents()
    carol = agents["PJSIP/1003"]
    assert (carol.name, carol.extension, carol.queues) == ("Carol", "1003", ("sales", "support"))
    assert carol.state is AgentState.READY
    assert carol.calls_taken == 1
    assert carol.last_call is not None


def test_an_agent_behind_a_local_channel_has_the_extension_of_the_phone() -> None:
    erin = Heard().lists("queue-ringing-local").agents()["Local/1005@office"]
    assert (erin.name, erin.extension, erin.state) == ("Erin", "1005", AgentState.RINGING)


def test_an_agent_whose_phone_is_off_is_unreachable() -> None:
    dave = Heard().lists("queue-completed").agents()["PJSIP/1004"]
    assert dave.state is AgentState.UNREACHABLE


def test_an_agent_with_a_caller_talks() -> None:
    heard = Heard().lists("queue-answered")
    assert heard.agents()["PJSIP/1003"].state is AgentState.TALKING
    assert heard.queues()["support"].available == 0
    heard = Heard().lists("queue-wrapup").events("queue-answered")
    assert heard.agents()["PJSIP/1003"].state is AgentState.TALKING


def test_a_pause_in_one_of_two_queues_is_told_but_is_no_pause() -> None:
    for heard in (Heard().lists("agent-paused"), Heard().lists("phones").events("agent-paused")):
        carol = heard.agents()["PJSIP/1003"]
        assert (carol.paused_in, carol.paused_reason) == (("support",), "lunch")
    assert Heard().lists("agent-paused").agents()["PJSIP/1003"].state is AgentState.READY


def test_a_pause_everywhere_is_a_pause_since_then() -> None:
    heard = Heard().lists("agent-paused")
    everywhere = octets("agent-paused-events").replace(b"Queue: support\r", b"Queue: sales\r")
    for message in split(everywhere):
        heard.office.take_event(message, NOW)
    carol = heard.agents()["PJSIP/1003"]
    assert (carol.state, carol.paused_in) == (AgentState.PAUSED, ("sales", "support"))
    (pause,) = (m for m in events("agent-paused") if m.event == "QueueMemberPause")
    assert carol.since == float(pause["LastPause"])


def test_an_agent_after_a_call_wraps_up_if_the_pbx_says_how_long() -> None:
    ends = int(NOW) - 5
    rows = octets("queue-completed").replace(b"Wrapuptime: 0", b"Wrapuptime: 30")
    lately = [
        m.raw.decode().split("LastCall: ")[1].split("\r")[0] for m in split(rows) if m["Name"]
    ]
    for last in {last for last in lately if last != "0"}:
        rows = rows.replace(f"LastCall: {last}".encode(), f"LastCall: {ends}".encode())
    carol = Heard().answers(split(rows)).agents()["PJSIP/1003"]
    assert (carol.state, carol.certainty) == (AgentState.WRAPUP, Certainty.INFERRED)
    carol = Heard().lists("queue-completed").agents()["PJSIP/1003"]
    assert carol.state is AgentState.READY


def test_a_member_that_is_removed_is_gone() -> None:
    heard = Heard().lists("queue-completed")
    removed = b"Event: QueueMemberRemoved\r\nQueue: %s\r\nInterface: PJSIP/1003\r\n\r\n"
    heard.office.take_event(split(removed % b"support")[0], NOW)
    assert heard.agents()["PJSIP/1003"].queues == ("sales",)
    heard.office.take_event(split(removed % b"sales")[0], NOW)
    assert "PJSIP/1003" not in heard.agents()


@pytest.mark.parametrize(
    ("capture", "extension", "state"),
    [
        ("phones", "1001", LampState.IDLE),
        ("phones", "1002", LampState.UNAVAILABLE),
        ("talking", "1001", LampState.IN_USE),
        ("held", "1001", LampState.ON_HOLD),
        ("held", "1002", LampState.IN_USE),
    ],
)
def test_a_lamp(capture: str, extension: str, state: LampState) -> None:
    lamp = Heard().lists(capture).lamps()[f"{extension}@office"]
    assert (lamp.state, lamp.extension) == (state, extension)
    assert lamp.since is None


def test_a_lamp_changes_with_its_event() -> None:
    heard = Heard().lists("phones").events("ringing")
    lamp = heard.lamps()["1002@office"]
    assert lamp.state is LampState.RINGING
    (ring,) = (m for m in events("ringing") if m["Exten"] == "1002" and m["Status"] == "8")
    assert lamp.since == at(ring)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (-2, LampState.UNKNOWN),
        (-1, LampState.UNKNOWN),
        (None, LampState.UNKNOWN),
        (0, LampState.IDLE),
        (1, LampState.IN_USE),
        (2, LampState.BUSY),
        (3, LampState.BUSY),
        (4, LampState.UNAVAILABLE),
        (8, LampState.RINGING),
        (9, LampState.RINGING_IN_USE),
        (10, LampState.RINGING_IN_USE),
        (16, LampState.ON_HOLD),
        (17, LampState.IN_USE),
        (18, LampState.BUSY),
        (20, LampState.ON_HOLD),
        (1024, LampState.UNKNOWN),
    ],
)
def test_a_status_is_a_sum(status: int | None, state: LampState) -> None:
    assert lamp_state(status) is state


@pytest.mark.parametrize(
    ("kind", "id_", "says"),
    [
        (Kind.DEVICES, "PJSIP/1008", "Event: ContactList\n"),
        (Kind.QUEUES, "support", "Event: QueueParams\n"),
        (Kind.AGENTS, "PJSIP/1003", "Event: QueueMember\n"),
        (Kind.LAMPS, "1001@office", "Event: ExtensionStatus\n"),
    ],
)
def test_the_raw_view_shows_what_came(kind: Kind, id_: str, says: str) -> None:
    heard = Heard().lists("phones").lists("queue-waiting")
    assert says in heard.office.raw(kind, id_)
    assert heard.office.raw(kind, "no such") == ""


def test_an_empty_pbx_has_empty_lists() -> None:
    heard = Heard().lists("no-calls")
    for topic in Topic:
        assert all(not things for things in heard.office.items(topic, NOW).values())
