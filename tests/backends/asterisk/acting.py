"""A peer to act upon, and the calls that a real Asterisk had listed."""

from __future__ import annotations

from typing import Any

import pytest

from pbxtui.backends.base import Backend, BackendError
from pbxtui.model import Action, Answered, Outcome
from tests.backends.asterisk.peer import SUCCESS, Peer, recorded

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


ORIGINATE = {"Action": "Originate", "Async": "true", "Timeout": "30000"}
