"""What is not sent and why, what has to be known first, and what becomes of a dial."""

from __future__ import annotations

import asyncio

import pytest

from pbxtui.backends.asterisk import sending
from pbxtui.backends.base import Conflict, NotFound
from pbxtui.model import (
    Action,
    Answer,
    Answered,
    Dial,
    Hangup,
    LampState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    PauseAgent,
    Retrieve,
    SendDtmf,
    SetFlow,
    Topic,
    Transfer,
)
from tests.asterisk.waiting import soon
from tests.backends.asterisk.acting import (
    BY_ALICE,
    BY_BOB,
    CALL,
    WHOLE,
    act,
    answering,
    originated,
    refused,
)
from tests.backends.asterisk.peer import SUCCESS, UNKNOWN, Peer, recorded, talking_to


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
