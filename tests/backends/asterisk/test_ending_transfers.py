"""Completing and cancelling an attended transfer: the right channel, or nothing at all."""

from __future__ import annotations

from typing import Any

import pytest

from pbxtui.backends.base import BackendError
from pbxtui.model import Answered, Call, CancelTransfer, CompleteTransfer, Leg, Topic, Verb
from tests.backends.asterisk.peer import SUCCESS, Peer, recorded, talking_to
from tests.backends.asterisk.recorded import Heard, octets

CAPTURES = ("attended-transfer-ringing", "attended-transfer-consulting")


def listing(peer: Peer, name: str) -> None:
    peer.answers["CoreShowChannels"] = recorded(name, "CoreShowChannelsComplete")
    peer.answers["ParkedCalls"] = recorded(name, "ParkedCallsComplete")
    for action in ("Hangup", "CancelAtxfer", "Bridge"):
        peer.answers[action] = SUCCESS


def leg(call: Call, extension: str) -> Leg:
    (found,) = [leg for leg in call.legs if leg.extension == extension]
    return found


def of(name: str, extension: str) -> dict[str, Any]:
    """The phone's leg on the only call of a capture."""
    call = Heard().lists(name).calls()[0]
    return {"site": "lab", "call": call.id, "leg": leg(call, extension).id, "to": "1006"}


async def test_the_phone_that_transfers_is_hung_up_to_complete(peer: Peer) -> None:
    name = "attended-transfer-consulting"
    listing(peer, name)
    channel = leg(Heard().lists(name).call(), "1002").channel
    async with talking_to(peer) as backend:
        outcome = await backend.act(CompleteTransfer(**of(name, "1002")))
        assert outcome.answered is Answered.ACCEPTED
        (sent,) = peer.orders()
        assert (sent["Action"], sent["Channel"]) == ("Hangup", channel)


@pytest.mark.parametrize("name", CAPTURES)
async def test_the_phone_that_transfers_is_told_to_cancel(peer: Peer, name: str) -> None:
    listing(peer, name)
    channel = leg(Heard().lists(name).call(), "1002").channel
    async with talking_to(peer) as backend:
        await backend.act(CancelTransfer(**of(name, "1002")))
        (sent,) = peer.orders()
        assert (sent["Action"], sent["Channel"]) == ("CancelAtxfer", channel)


@pytest.mark.parametrize(
    ("name", "by", "words"),
    [
        ("talking", "1001", "asks nobody about a transfer any more"),
        ("talking", "1002", "asks nobody about a transfer any more"),
        ("held", "1001", "asks nobody about a transfer any more"),
        ("ringing", "1001", "asks nobody about a transfer any more"),
        ("attended-transfer-consulting", "1001", "asks nobody about a transfer any more"),
        ("attended-transfer-ringing", "1002", "has not answered yet"),
    ],
)
async def test_nobody_is_cut_off_where_nobody_is_asked(
    peer: Peer, name: str, by: str, words: str
) -> None:
    """A hang-up that joins nobody would end the call of whoever waits, or just talks."""
    listing(peer, name)
    async with talking_to(peer) as backend:
        with pytest.raises(BackendError, match=words) as caught:
            await backend.act(CompleteTransfer(**of(name, by)))
        assert not caught.value.sent
        if "not answered" not in words:
            with pytest.raises(BackendError, match=words):
                await backend.act(CancelTransfer(**of(name, by)))
        assert not peer.orders()


@pytest.mark.parametrize("make", [CompleteTransfer, CancelTransfer])
async def test_a_second_call_that_is_over_is_not_guessed(
    peer: Peer, make: type[CompleteTransfer] | type[CancelTransfer]
) -> None:
    listing(peer, "talking")
    async with talking_to(peer) as backend:
        with pytest.raises(BackendError, match=r"any more|is over"):
            await backend.act(make(**of("talking", "1001"), second="1.1"))
        assert not peer.orders()


async def test_an_old_asterisk_says_what_comes_nearest(peer: Peer) -> None:
    commands = b"".join(
        line
        for line in octets("commands").splitlines(keepends=True)
        if not line.startswith(b"CancelAtxfer")
    )
    peer.answers["ListCommands"] = commands
    async with talking_to(peer) as backend:
        await backend.read(Topic.CALLS)
        can = backend.capabilities[Verb.CANCEL]
        assert not can.possible
        assert can.why == "This Asterisk knows no CancelAtxfer: it came with Asterisk 13.18."
        assert "whoever is asked" in can.nearest
        assert backend.capabilities[Verb.COMPLETE].possible
