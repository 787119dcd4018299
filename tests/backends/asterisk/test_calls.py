"""What a real Asterisk sent, as calls: from its lists, and from its events."""

from __future__ import annotations

import pytest

from pbxtui.backends.asterisk.ami import Message
from pbxtui.model import Call, Certainty, Direction, Kind, Leg, LegState, Party
from tests.backends.asterisk.recorded import NOW, Heard, at, events, octets, split

ALICE, BOB, ERIN = Party("1001", "Alice"), Party("1002", "Bob"), Party("1005", "Erin")
FRANK, GRACE = Party("1006", "Frank"), Party("1007", "Grace")


def legs(call: Call) -> dict[str, Leg]:
    """The legs by their extension; a trunk's by its device."""
    return {leg.extension or leg.device: leg for leg in call.legs}


def states(call: Call) -> dict[str, LegState]:
    return {name: leg.state for name, leg in legs(call).items()}


@pytest.mark.parametrize("heard", [Heard().lists("ringing"), Heard().events("ringing")])
def test_a_call_that_rings(heard: Heard) -> None:
    call = heard.call()
    assert (call.state, call.direction) == (LegState.RINGING, Direction.INTERNAL)
    assert (call.from_, call.to) == (ALICE, BOB)
    assert call.answered is None
    assert call.started == float(call.id.partition(".")[0])
    caller, called = legs(call)["1001"], legs(call)["1002"]
    assert (caller.state, caller.direction) == (LegState.RINGING, Direction.OUTBOUND)
    assert caller.certainty is Certainty.INFERRED
    assert (called.state, called.direction) == (LegState.RINGING, Direction.INBOUND)
    assert called.certainty is Certainty.SEEN
    assert called.channel.startswith("PJSIP/1002-")


@pytest.mark.parametrize("heard", [Heard().lists("talking"), Heard().events("talking")])
def test_two_who_talk_hear_each_other(heard: Heard) -> None:
    call = heard.call()
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.SEEN)
    assert states(call) == {"1001": LegState.TALKING, "1002": LegState.TALKING}
    assert len({leg.bridge for leg in call.legs}) == 1
    assert all(leg.bridge for leg in call.legs)
    assert (call.from_, call.to) == (ALICE, BOB)


def test_the_talk_begins_at_the_answer() -> None:
    heard = Heard().events("talking")
    (answer,) = (
        at(message)
        for message in events("talking")
        if message.event == "Newstate"
        and message["ChannelStateDesc"] == "Up"
        and message["Channel"].startswith("PJSIP/1002")
    )
    assert heard.call().answered == answer
    assert heard.call().since == answer


def test_a_talk_that_began_before_we_listened_has_no_beginning() -> None:
    call = Heard().lists("talking").call()
    assert call.answered is None
    assert call.since is None


def test_a_call_that_is_hung_up_ends_with_its_reason() -> None:
    heard = Heard().events("talking")
    id_ = heard.call().id
    heard.events("hangup")
    (ended,) = heard.calls(now=at(events("hangup")[-1]))
    assert (ended.id, ended.state, ended.reason) == (id_, LegState.ENDED, "hung up")
    assert ended.ended == ended.since
    assert set(states(ended).values()) == {LegState.ENDED}
    assert heard.calls(now=NOW + 60) == []


def test_a_call_whose_end_nobody_saw_is_just_no_longer_there() -> None:
    heard = Heard().events("talking")
    heard.call()
    heard.office.take_channels([], NOW)
    assert heard.calls() == []


def test_hold_is_the_leg_that_holds() -> None:
    heard = Heard().lists("held")
    heard.events("held")
    call = heard.call()
    assert (call.state, call.certainty) == (LegState.HELD, Certainty.SEEN)
    assert states(call) == {"1001": LegState.TALKING, "1002": LegState.HELD}
    assert legs(call)["1002"].since is not None
    heard.lists("held")
    assert heard.call().state is LegState.HELD, "the list does not know of it, and changes nothing"
    heard.events("resumed")
    assert heard.call().state is LegState.TALKING
    assert heard.call().since == at(events("resumed")[0])


def test_a_hold_from_before_we_listened_is_inferred_from_who_waits() -> None:
    call = Heard().lists("held").call()
    assert (call.state, call.certainty) == (LegState.HELD, Certainty.INFERRED)
    assert states(call) == {"1001": LegState.TALKING, "1002": LegState.HELD}
    assert call.since is None


def test_callers_wait_in_a_queue() -> None:
    calls = {call.from_: call for call in Heard().lists("queue-waiting").calls()}
    assert set(calls) == {ALICE, BOB}
    for call in calls.values():
        assert (call.state, call.certainty) == (LegState.QUEUED, Certainty.SEEN)
        assert (call.queue, call.to) == ("support", Party("600", "support"))


def test_without_the_queues_list_the_application_tells_who_waits() -> None:
    heard = Heard()
    rows = [row for row in split(octets("queue-waiting")) if row.event == "CoreShowChannel"]
    heard.office.take_channels(rows, NOW)
    assert {call.state for call in heard.calls()} == {LegState.QUEUED}
    assert {call.certainty for call in heard.calls()} == {Certainty.INFERRED}


def test_a_caller_who_gives_up_waiting_is_gone() -> None:
    heard = Heard().events("queue-waiting")
    waiting = heard.call()
    assert (waiting.state, waiting.queue) == (LegState.QUEUED, "support")
    heard.events("queue-abandoned")
    assert [call.state for call in heard.calls(now=at(events("queue-abandoned")[-1]))] == [
        LegState.ENDED
    ]


@pytest.mark.parametrize(
    "heard", [Heard().lists("queue-ringing-local"), Heard().events("queue-ringing-local")]
)
def test_a_local_channel_is_no_leg(heard: Heard) -> None:
    call = heard.call()
    assert (call.state, call.queue) == (LegState.QUEUED, "support")
    assert states(call) == {"1001": LegState.QUEUED, "1005": LegState.RINGING}


def test_bridges_joined_by_a_local_channel_are_one() -> None:
    heard = Heard().events("queue-ringing-local")
    for step in ("queue-answered-local", "local-optimised"):
        heard.events(step)
        call = heard.call()
        assert call.state is LegState.TALKING, step
        assert states(call) == {"1001": LegState.TALKING, "1005": LegState.TALKING}, step
        assert len({leg.bridge for leg in call.legs}) == 1, step
        assert (call.from_, call.to, call.queue) == (ALICE, ERIN, "support"), step
    assert call.answered is not None
    assert call.answered > (legs(call)["1001"].answered or 0), "the queue answered before"


@pytest.mark.parametrize("capture", ["queue-answered-local", "local-optimised", "queue-answered"])
def test_an_answered_queue_call_keeps_the_name_of_the_queue(capture: str) -> None:
    call = Heard().lists(capture).call()
    assert (call.state, call.queue) == (LegState.TALKING, "support")
    assert len({leg.bridge for leg in call.legs}) == 1


def test_a_parked_call_is_in_its_space_and_hears_nobody() -> None:
    call = Heard().lists("parked").call()
    assert (call.state, call.parked_at) == (LegState.PARKED, "701")
    (leg,) = call.legs
    assert (leg.state, leg.bridge, leg.extension) == (LegState.PARKED, "", "1001")
    assert call.to == BOB


def test_a_call_is_parked_by_its_events() -> None:
    heard = Heard().lists("parked-before")
    assert heard.call().state is LegState.TALKING
    heard.events("parked")
    call = heard.call()
    assert (call.state, call.certainty, call.parked_at) == (LegState.PARKED, Certainty.SEEN, "701")
    assert states(call) == {"1001": LegState.PARKED}
    assert call.since is not None


def test_a_parked_call_is_taken_back() -> None:
    heard = Heard().lists("parked-by-action")
    assert states(heard.call()) == {"1001": LegState.TALKING, "1002": LegState.PARKED}
    heard.events("unparked")
    call = heard.call(now=at(events("unparked")[-1]))
    assert call.since is not None
    assert call.since >= at(events("unparked")[0]), "since it was taken back"
    assert states(call) == {"1007": LegState.TALKING, "1002": LegState.TALKING}
    assert (call.from_, call.to, call.parked_at) == (GRACE, BOB, "")


def test_a_call_that_goes_on_in_another_says_so() -> None:
    heard = Heard().lists("parked-by-action")
    heard.calls()
    heard.events("unparked", until="Newstate")
    assert len(heard.calls()) == 2, "Grace has dialled 701, and is a call of her own"
    heard = Heard().lists("parked-by-action")
    for message in events("unparked"):
        heard.office.take_event(message, at(message))
        heard.calls(now=at(message))
    over = [
        call for call in heard.calls(now=at(events("unparked")[-1])) if call.state is LegState.ENDED
    ]
    assert [call.reason for call in over] == ["went on as part of another call"]


@pytest.mark.parametrize(
    "heard",
    [
        Heard().lists("blind-transfer"),
        Heard().lists("blind-transfer-before").events("blind-transfer"),
    ],
)
def test_a_blind_transfer_rings_its_target(heard: Heard) -> None:
    call = heard.call()
    assert (call.state, call.from_, call.to) == (LegState.RINGING, ALICE, FRANK)
    assert states(call) == {"1001": LegState.RINGING, "1006": LegState.RINGING}
    call = heard.lists("blind-transfer-answered").call()
    assert states(call) == {"1001": LegState.TALKING, "1006": LegState.TALKING}
    assert call.id == heard.lists("blind-transfer-answered").call().id


def test_who_had_talked_has_not_given_up_before_an_answer() -> None:
    heard = Heard().lists("blind-transfer-before")
    heard.call()
    heard.events("blind-transfer")
    now = at(events("blind-transfer")[-1]) + 1
    for leg in heard.call(now).legs:
        said = f"Event: Hangup\r\nTimestamp: {now}\r\nChannel: {leg.channel}\r\n"
        said += f"Uniqueid: {leg.id}\r\nLinkedid: {heard.call(now).id}\r\nCause: 16"
        heard.office.take_event(Message(said.encode()), now)
    (call,) = heard.calls(now)
    assert (call.state, call.reason) == (LegState.ENDED, "hung up")


def test_a_consultation_keeps_the_first_party_waiting() -> None:
    heard = Heard().lists("attended-transfer-consulting")
    assert LegState.HELD not in states(heard.call()).values(), "one list alone proves nothing"
    call = heard.lists("attended-transfer-consulting").call()
    assert call.state is LegState.TALKING
    assert states(call) == {
        "1001": LegState.HELD,
        "1002": LegState.TALKING,
        "1006": LegState.TALKING,
    }
    assert legs(call)["1001"].certainty is Certainty.INFERRED
    assert legs(call)["1002"].bridge == legs(call)["1006"].bridge != legs(call)["1001"].bridge


def test_who_goes_to_consult_no_longer_holds() -> None:
    heard = Heard().lists("attended-transfer-before").events("attended-transfer-ringing")
    call = heard.call()
    assert states(call) == {
        "1001": LegState.HELD,
        "1002": LegState.TALKING,
        "1006": LegState.RINGING,
    }
    assert call.state is LegState.HELD, "nobody talks yet"
    call = heard.lists("attended-transfer-consulting").call()
    assert states(call)["1001"] is LegState.HELD
    assert call.state is LegState.TALKING


def test_three_in_a_conference_share_a_bridge() -> None:
    calls = Heard().lists("conference").calls()
    assert {call.from_ for call in calls} == {ALICE, BOB, FRANK}
    assert {call.to for call in calls} == {Party("801")}
    assert len({leg.bridge for call in calls for leg in call.legs}) == 1


def test_a_call_to_the_pbx_itself_talks() -> None:
    call = Heard().lists("echo").call()
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.INFERRED)
    assert (call.from_, call.to, call.direction) == (ALICE, Party("800"), Direction.INTERNAL)


def test_a_call_from_outside_is_inbound_and_its_name_is_plain_text() -> None:
    for heard in (Heard().lists("trunk-in-hostile-name"), Heard().events("trunk-in-hostile-name")):
        call = heard.call()
        assert call.direction is Direction.INBOUND
        assert call.from_.name == "[bold]Eve[/bold] �[31m �eve� Zoë 💀"
        trunk = legs(call)["PJSIP/trunk"]
        assert (trunk.extension, trunk.direction) == ("", Direction.INBOUND)
        assert legs(call)["1002"].direction is Direction.INBOUND


def test_a_call_to_the_outside_is_outbound() -> None:
    call = Heard().lists("trunk-out").call()
    assert (call.direction, call.from_) == (Direction.OUTBOUND, ALICE)
    assert call.to == Party("900442079460958")
    assert legs(call)["1001"].direction is Direction.OUTBOUND
    assert legs(call)["PJSIP/trunk"].direction is Direction.OUTBOUND


def test_the_pbx_rings_a_phone_to_dial_for_it() -> None:
    for heard in (Heard().lists("originate-ringing"), Heard().events("originate-ringing")):
        call = heard.call()
        assert call.state is LegState.RINGING
        assert states(call) == {"1002": LegState.RINGING}


def test_an_event_after_the_hangup_brings_no_ghost() -> None:
    heard = Heard().events("talking")
    heard.calls()
    heard.events("hangup")
    late = [
        message for message in events("talking") if message.event in ("Newstate", "BridgeEnter")
    ]
    for message in late:
        heard.office.take_event(message, NOW)
    heard.lists("ringing")
    alive = [call.id for call in heard.calls() if call.state is not LegState.ENDED]
    assert alive == [Heard().lists("ringing").call().id]


def test_the_raw_view_is_what_came_last_of_each_channel() -> None:
    heard = Heard().lists("held").events("held")
    raw = heard.office.raw(Kind.CALLS, heard.call().id)
    assert "Event: CoreShowChannel\n" in raw
    assert "Event: Hold\n" in raw
    assert "\r" not in raw
    assert heard.office.raw(Kind.CALLS, "no such") == ""


def test_when_a_call_was_answered_before_we_listened_is_asked_of_the_cdr() -> None:
    answer = split(octets("talk-time"))
    rows = [row for row in answer if row.event == "Status"]
    listed = [m.raw.replace(b"Event: Status\r", b"Event: CoreShowChannel\r") for m in rows]
    listed = [raw.replace(b"BridgeID:", b"BridgeId:") for raw in listed]
    heard = Heard()
    heard.office.take_channels(split(b"\r\n".join(listed) + b"\r\n"), NOW)
    assert heard.call().answered is None
    heard.office.take_talk_times(rows, NOW)
    call = heard.call()
    assert call.answered == NOW - 2
    assert {leg.answered for leg in call.legs} == {NOW - 2}
    assert call.since == NOW - 2
