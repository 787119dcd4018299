"""Each action as the one request that it is, by what a real Asterisk had listed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pbxtui.backends.asterisk import sending
from pbxtui.backends.base import Backend, BackendError, Conflict, NotFound
from pbxtui.model import (
    Action,
    Answer,
    Answered,
    Dial,
    Hangup,
    Hold,
    LampState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    Outcome,
    Park,
    PauseAgent,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    SetFlow,
    Topic,
    Transfer,
    Verb,
)
from tests.asterisk.waiting import soon
from tests.backends.asterisk.peer import SUCCESS, UNKNOWN, Peer, recorded, talking_to

CALL = "1795228340.2"
ALICE, BOB = "PJSIP/1001-00000002", "PJSIP/1002-00000003"
BY_ALICE: dict[str, Any] = {"site": "lab", "call": CALL, "leg": CALL}
BY_BOB: dict[str, Any] = {"site": "lab", "call": CALL, "leg": "1795228340.3"}
WHOLE: dict[str, Any] = {"site": "lab", "call": CALL}
PARKED: dict[str, Any] = {"site": "lab", "call": "1795228347.16"}
RINGS: dict[str, Any] = {"site": "lab", "call": "1795228339.0"}
THERE = {"Context": "from-internal", "Exten": "1006"}


def answering(peer: Peer) -> None:
    """Let the peer accept whatever is sent, and every phone answer."""
    for action in (
        *("Hangup", "BlindTransfer", "Redirect", "Atxfer", "Bridge", "Park", "PlayDTMF"),
        *("MixMonitor", "StopMixMonitor", "QueuePause", "QueueAdd", "QueueRemove", "Setvar"),
        "PJSIPNotify",
    ):
        peer.answers[action] = SUCCESS
    peer.answers["Originate"] = SUCCESS + originated("Success", 4)


def originated(response: str, reason: int, uniqueid: str = "1795228400.50") -> bytes:
    """The event that tells what became of an Originate."""
    return (
        f"Event: OriginateResponse\r\nActionID: ?\r\nResponse: {response}\r\n"
        f"Channel: PJSIP/1007-1\r\nReason: {reason}\r\nUniqueid: {uniqueid}\r\n\r\n"
    ).encode()


def listing(peer: Peer, name: str) -> None:
    """Let the peer list the channels, and who is parked, of a capture."""
    peer.answers["CoreShowChannels"] = recorded(name, "CoreShowChannelsComplete")
    peer.answers["ParkedCalls"] = recorded(name, "ParkedCallsComplete")


async def act(backend: Backend, action: Action) -> Outcome:
    outcome = await backend.act(action)
    assert outcome.answered is Answered.ACCEPTED, outcome
    assert outcome.at > 0
    return outcome


async def refused(backend: Backend, action: Action) -> str:
    """The words of an error with which nothing is sent."""
    with pytest.raises(BackendError) as caught:
        await backend.act(action)
    assert not caught.value.unsure
    return str(caught.value)


@pytest.mark.parametrize(
    ("action", "sent"),
    [
        (Hangup(**BY_BOB), {"Action": "Hangup", "Channel": BOB, "Cause": "16"}),
        (
            Transfer(**BY_ALICE, to="1006"),
            {"Action": "BlindTransfer", "Channel": ALICE, **THERE},
        ),
        (
            Transfer(**BY_BOB, to=" 10 06 "),
            {"Action": "BlindTransfer", "Channel": BOB, **THERE},
        ),
        (
            Transfer(**WHOLE, to="1006"),
            {"Action": "BlindTransfer", "Channel": BOB, **THERE},
        ),
        (
            Transfer(**BY_ALICE, to="1006", attended=True),
            {"Action": "Atxfer", "Channel": ALICE, **THERE},
        ),
        (Park(**BY_ALICE), {"Action": "Park", "Channel": BOB, "TimeoutChannel": ALICE}),
        (Park(**BY_BOB), {"Action": "Park", "Channel": ALICE, "TimeoutChannel": BOB}),
        (
            SendDtmf(**BY_ALICE, digits="d"),
            {"Action": "PlayDTMF", "Channel": ALICE, "Digit": "D", "Receive": "true"},
        ),
        (
            Record(**BY_BOB, on=False),
            {"Action": "StopMixMonitor", "Channel": BOB, "MixMonitorID": "1"},
        ),
        (
            PauseAgent(site="lab", agent="PJSIP/1003", queue="support", reason="Mittag: 1h"),
            {
                "Action": "QueuePause",
                "Interface": "PJSIP/1003",
                "Paused": "true",
                "Queue": "support",
                "Reason": "Mittag: 1h",
            },
        ),
        (
            PauseAgent(site="lab", agent="PJSIP/1003", paused=False, reason="not sent"),
            {"Action": "QueuePause", "Interface": "PJSIP/1003", "Paused": "false"},
        ),
        (
            LogAgent(site="lab", agent="Local/1005@office", queue="sales"),
            {
                "Action": "QueueAdd",
                "Queue": "sales",
                "Interface": "Local/1005@office",
                "MemberName": "Erin",
                "StateInterface": "PJSIP/1005",
            },
        ),
        (
            LogAgent(site="lab", agent="1001", queue="sales"),
            {"Action": "QueueAdd", "Queue": "sales", "Interface": "PJSIP/1001"},
        ),
        (
            LogAgent(site="lab", agent="SIP/77", queue="sales", in_=False),
            {"Action": "QueueRemove", "Queue": "sales", "Interface": "SIP/77"},
        ),
        (
            SetFlow(site="lab", flow="Custom:night", state=LampState.ON_HOLD),
            {"Action": "Setvar", "Variable": "DEVICE_STATE(Custom:night)", "Value": "ONHOLD"},
        ),
        (
            OnDevice(site="lab", device="PJSIP/1001", reboot=True),
            {
                "Action": "PJSIPNotify",
                "Endpoint": "1001",
                "Variable": "Event=check-sync;reboot=true",
            },
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, dict) else value["Action"],
)
async def test_one_action_is_one_request(peer: Peer, action: Action, sent: dict[str, str]) -> None:
    answering(peer)
    async with talking_to(peer) as backend:
        outcome = await act(backend, action)
        assert outcome.words.startswith("fine")
        assert peer.orders() == [sent]


ORIGINATE = {"Action": "Originate", "Async": "true", "Timeout": "30000"}


@pytest.mark.parametrize(
    ("capture", "action", "sent"),
    [
        (
            "talking",
            Dial(site="lab", from_="1008", to="+44 (20) 7946-0958"),
            {
                "Channel": "PJSIP/1008",
                "Context": "from-internal",
                "Exten": "+442079460958",
                "Priority": "1",
                "Variable": "CONNECTEDLINE(num,i)=+442079460958",
            },
        ),
        (
            "parked",
            Retrieve(**PARKED, extension="1007"),
            {
                "Channel": "PJSIP/1007",
                "Application": "ParkedCall",
                "Data": "default,701",
                "Variable": "CONNECTEDLINE(num,i)=1001",
            },
        ),
        (
            "ringing",
            Answer(**RINGS, extension="PJSIP/1007"),
            {
                "Channel": "PJSIP/1007",
                "Application": "PickupChan",
                "Data": "PJSIP/1002-00000001",
                "Variable": "CONNECTEDLINE(num,i)=1001",
            },
        ),
        *[
            (
                "talking",
                Monitor(**BY_BOB, extension="1007", how=how),
                {
                    "Channel": "PJSIP/1007",
                    "Application": "ChanSpy",
                    "Data": f"1795228340.3,{options}",
                    "Variable": "CONNECTEDLINE(num,i)=1002",
                },
            )
            for how, options in (
                (Listening.LISTEN, "quES"),
                (Listening.WHISPER, "quESw"),
                (Listening.BARGE, "quESB"),
            )
        ],
    ],
)
async def test_what_rings_a_phone_first(
    peer: Peer, capture: str, action: Action, sent: dict[str, str]
) -> None:
    answering(peer)
    listing(peer, capture)
    async with talking_to(peer) as backend:
        outcome = await act(backend, action)
        assert outcome.created == "1795228400.50"
        assert peer.orders() == [ORIGINATE | sent]


@pytest.mark.parametrize("given", ["", "1007"])
async def test_the_operators_own_phone_is_meant_where_none_is_named(peer: Peer, given: str) -> None:
    answering(peer)
    async with talking_to(peer, extension="1008") as backend:
        await act(backend, Dial(site="lab", from_=given, to="1002"))
        (order,) = peer.orders()
        assert order["Channel"] == f"PJSIP/{given or '1008'}"


async def test_a_call_is_hung_up_from_the_callers_side(peer: Peer) -> None:
    answering(peer)
    async with talking_to(peer) as backend:
        await act(backend, Hangup(**WHOLE))
        assert [order["Channel"] for order in peer.orders()] == [ALICE, BOB]


async def test_keys_are_sent_one_by_one(peer: Peer) -> None:
    answering(peer)
    async with talking_to(peer) as backend:
        await act(backend, SendDtmf(**BY_ALICE, digits="12 *#a"))
        assert [order["Digit"] for order in peer.orders()] == ["1", "2", "*", "#", "A"]
        assert "choose the leg" in await refused(backend, SendDtmf(**WHOLE, digits="1"))


async def test_a_recording_has_a_file_of_its_own(peer: Peer) -> None:
    answering(peer)
    async with talking_to(peer) as backend:
        outcome = await act(backend, Record(**WHOLE, on=True))
        (order,) = peer.orders()
        assert order["Channel"] == ALICE
        assert order["Options"] == "i(PBXTUI_RECORDING)"
        assert order["File"].startswith("pbxtui-")
        assert order["File"].endswith(f"-{CALL}.wav")
        assert order["File"] in outcome.words


async def test_an_agent_leaves_the_queues_it_was_added_to(peer: Peer) -> None:
    answering(peer)
    whole = recorded("queue-waiting", "QueueStatusComplete")
    peer.answers["QueueStatus"] = whole.replace(
        b"Location: PJSIP/1003\r\nStateInterface: PJSIP/1003\r\nMembership: static",
        b"Location: PJSIP/1003\r\nStateInterface: PJSIP/1003\r\nMembership: dynamic",
    )
    async with talking_to(peer) as backend:
        await act(backend, LogAgent(site="lab", agent="PJSIP/1003", in_=False))
        assert [order["Queue"] for order in peer.orders()] == ["sales", "support"]
        leave = LogAgent(site="lab", agent="PJSIP/1008", in_=False)
        assert "only one who was added" in await refused(backend, leave)
        nobody = LogAgent(site="lab", agent="PJSIP/1001", in_=False)
        assert "serves no queue" in await refused(backend, nobody)


async def test_what_amis_actions_cannot_do_is_not_sent(peer: Peer) -> None:
    answering(peer)
    async with talking_to(peer) as backend:
        assert "P parks the call" in await refused(backend, Hold(**BY_ALICE))
        assert "resume at the phone" in await refused(backend, Resume(**BY_ALICE))
        unregister = OnDevice(site="lab", device="PJSIP/1001")
        assert "not that of a phone here" in await refused(backend, unregister)
        assert not peer.actions, "not even a connection is made for that"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (Hangup(site="lab", call="1.1"), "not on the PBX any more"),
        (Hangup(site="lab", call=CALL, leg="1.1"), "not on the call any more"),
        (Transfer(**BY_ALICE, to=""), "no number was given"),
        (Transfer(**BY_ALICE, to="1002"), "1001 talks with 1002 already"),
        (Transfer(**BY_ALICE, to="bob,1&x"), "is no number"),
        (Transfer(**BY_ALICE, to="+49123", attended=True), "cannot be pressed on a phone"),
        (SendDtmf(**BY_ALICE, digits=""), "cannot be pressed on a phone"),
        (SendDtmf(**BY_ALICE, digits="12w3"), "cannot be pressed on a phone"),
        (Retrieve(**WHOLE, extension="1007"), "not parked"),
        (Answer(**WHOLE, extension="1007"), "no phone rings"),
        (Monitor(**BY_BOB, extension="1001"), "is on this call already"),
        (Monitor(**WHOLE, extension="1007", how=Listening.WHISPER), "choose the leg"),
        (Dial(site="lab", from_="", to="1002"), "which phone dials"),
        (Dial(site="lab", from_="7777", to="1002"), "no phone 7777"),
        (Dial(site="lab", from_="1001", to="$(reboot)"), "is no number"),
        (PauseAgent(site="lab", agent="PJSIP/1003", reason="x" * 80), "79 bytes"),
        (PauseAgent(site="lab", agent="rubbish"), "neither an agent nor a phone"),
        (LogAgent(site="lab", agent="PJSIP/1003"), "name the queue"),
        (SetFlow(site="lab", flow="Custom:day", state=LampState.IDLE), "no custom device state"),
        (SetFlow(site="lab", flow="night", state=LampState.DND), "do not know dnd"),
        (SetFlow(site="lab", flow="night", value="x"), "has no value"),
        (SetFlow(site="lab", flow="night"), "no state is given"),
        (OnDevice(site="lab", device="PJSIP/1006", reboot=True), "not registered"),
        (OnDevice(site="lab", device="PJSIP/99", reboot=True), "no phone"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
async def test_what_makes_no_sense_is_said_and_not_sent(
    peer: Peer, action: Action, said: str
) -> None:
    answering(peer)
    async with talking_to(peer) as backend:
        assert said in await refused(backend, action)
        assert not peer.orders()


async def test_nobody_is_sent_to_a_number_that_is_not_in_the_dialplan(peer: Peer) -> None:
    answering(peer)
    peer.answers["Getvar"] = SUCCESS.replace(b"Message: fine", b"Value: 0")
    async with talking_to(peer, context="office") as backend:
        for attended in (False, True):
            action = Transfer(**BY_ALICE, to="1006", attended=attended)
            with pytest.raises(NotFound, match="no 1006 in the dialplan's context office"):
                await backend.act(action)
        assert not peer.orders()
        asked = {order["Variable"] for order in peer.sent("Getvar")}
        assert asked == {"DIALPLAN_EXISTS(office,1006,1)"}


@pytest.mark.parametrize("answer", [UNKNOWN, SUCCESS.replace(b"Message: fine", b"Value: ")])
async def test_where_the_dialplan_cannot_be_asked_the_transfer_is_tried(
    peer: Peer, answer: bytes
) -> None:
    answering(peer)
    peer.answers["Getvar"] = answer
    async with talking_to(peer) as backend:
        await act(backend, Transfer(**BY_ALICE, to="1006"))


async def test_a_dial_without_the_right_to_transfer_is_not_pressed_into(peer: Peer) -> None:
    answering(peer)
    whole = recorded("talking", "CoreShowChannelsComplete")
    for options, may, may_not in (
        (b"120,T", BY_ALICE, BY_BOB),
        (b"120,U(sub^tT)t", BY_BOB, BY_ALICE),
        (b"120", None, BY_ALICE),
    ):
        peer.answers["CoreShowChannels"] = whole.replace(b"120,tT", options)
        async with talking_to(peer) as backend:
            with pytest.raises(Conflict, match="among its options"):
                await backend.act(Transfer(**may_not, to="1006", attended=True))
            if may is not None:
                await act(backend, Transfer(**may, to="1006", attended=True))


async def test_an_action_reads_by_itself_what_it_has_to_know(peer: Peer) -> None:
    answering(peer)
    async with talking_to(peer) as backend:
        await act(backend, Hangup(**BY_BOB))
        assert len(peer.sent("CoreShowChannels")) == 1
        await act(backend, Hangup(**BY_BOB))
        assert len(peer.sent("CoreShowChannels")) == 1, "and not again while the connection lives"


async def test_phones_that_cannot_be_read_keep_nobody_from_hanging_up(peer: Peer) -> None:
    answering(peer)
    for action in ("ExtensionStateList", "PJSIPShowEndpoints", "PJSIPShowContacts"):
        peer.answers[action] = UNKNOWN
    async with talking_to(peer) as backend:
        await act(backend, Hangup(**BY_BOB))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (0, "could not be rung"),
        (1, "was hung up"),
        (3, "rang and was not answered"),
        (5, "is busy"),
        (8, "no line is free"),
        (99, "could not be rung"),
    ],
)
async def test_why_a_phone_was_not_answered(peer: Peer, reason: int, said: str) -> None:
    peer.answers["Originate"] = SUCCESS + originated("Failure", reason, "<unknown>")
    async with talking_to(peer) as backend:
        outcome = await backend.act(Dial(site="lab", from_="1001", to="1002"))
        assert outcome.answered is Answered.REFUSED
        assert outcome.words.startswith("PJSIP/1001 ")
        assert said in outcome.words
        assert outcome.created == ""


async def test_a_dial_waits_for_the_phone_and_for_its_own_result(peer: Peer) -> None:
    peer.answers["Originate"] = SUCCESS
    async with talking_to(peer) as backend:
        dialled = asyncio.create_task(backend.act(Dial(site="lab", from_="1001", to="1002")))
        await soon(lambda: peer.sent("Originate"))
        (order,) = [action for action in peer.actions if action["Action"] == "Originate"]
        elsewhere = originated("Failure", 5).replace(b"?", b"pbxtui-2")
        peer.push(elsewhere)
        await backend.read(Topic.CALLS)
        assert not dialled.done(), "somebody else's result is not ours"
        peer.push(originated("Success", 4).replace(b"?", order["ActionID"].encode()))
        assert (await dialled).answered is Answered.ACCEPTED


async def test_a_result_may_come_before_the_answer(peer: Peer) -> None:
    peer.answers["Originate"] = originated("Success", 4) + SUCCESS
    async with talking_to(peer) as backend:
        await act(backend, Dial(site="lab", from_="1001", to="1002"))


async def test_a_result_that_never_comes_is_not_confirmed(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "RING", 0.1)
    peer.answers["Originate"] = SUCCESS
    async with talking_to(peer, timeout=0.2) as backend:
        outcome = await backend.act(Dial(site="lab", from_="1001", to="1002"))
        assert outcome.answered is Answered.NOT_CONFIRMED
        assert "took the call on" in outcome.words
        assert len(peer.sent("Originate")) == 1
        await backend.read(Topic.CALLS)
        assert peer.logins == 1, "the connection is good"


async def test_every_verb_has_a_capability_and_a_no_has_a_reason(peer: Peer) -> None:
    async with talking_to(peer) as backend:
        for when in ("before", "after"):
            assert set(backend.capabilities) == set(Verb), when
            for verb, capability in backend.capabilities.items():
                assert capability.possible or capability.why.endswith("."), verb
            await backend.read(Topic.CALLS)
