"""An attended transfer by a phone that has just come back, and does not hear its keys yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pbxtui.backends.asterisk import control
from pbxtui.backends.base import Backend, BackendError
from pbxtui.model import Answered, Outcome, Topic, Transfer
from tests.backends.asterisk.acting import ALICE, BY_ALICE, CALL, THERE, answering
from tests.backends.asterisk.peer import Peer, recorded, talking_to

ATXFER = {"Action": "Atxfer", "Channel": ALICE, **THERE}
OTHER = "1795228340.3"


def event(name: str, uniqueid: str = CALL, **more: str) -> bytes:
    fields = {"Event": name, "Channel": ALICE, "ChannelState": "6", "ConnectedLineNum": "1002"}
    fields |= {"Uniqueid": uniqueid, "Linkedid": CALL, **more}
    return "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode() + b"\r\n"


def shown_another(peer: Peer) -> None:
    """Let the phone of Alice, who hears 1002, still be shown 1006, whom she asked."""
    listed = recorded("talking", "CoreShowChannelsComplete")
    rows = listed.split(b"\r\n\r\n")
    (own,) = [row for row in rows if f"Channel: {ALICE}\r\n".encode() in row]
    changed = own.replace(b"ConnectedLineNum: 1002", b"ConnectedLineNum: 1006")
    assert changed != own
    peer.answers["CoreShowChannels"] = listed.replace(own, changed)


@asynccontextmanager
async def asking(peer: Peer) -> AsyncIterator[tuple[Backend, asyncio.Task[Outcome]]]:
    """Somebody asks 1006, and has come as far as one can before anything else is heard."""
    answering(peer)
    async with talking_to(peer) as backend:
        for topic in Topic:
            await backend.read(topic)
        action = Transfer(**BY_ALICE, to="1006", attended=True)
        task = asyncio.create_task(backend.act(action))
        await backend.read(Topic.QUEUES)
        await backend.read(Topic.DEVICES)
        yield backend, task


async def test_a_phone_that_is_shown_whom_it_hears_asks_at_once(peer: Peer) -> None:
    async with asking(peer) as (_, task):
        assert peer.orders() == [ATXFER]
        assert (await task).answered is Answered.ACCEPTED


async def test_it_is_sent_once_when_the_phone_is_told_whom_it_hears(peer: Peer) -> None:
    shown_another(peer)
    async with asking(peer) as (_, task):
        assert peer.orders() == []
        peer.push(event("NewConnectedLine"))
        assert (await task).answered is Answered.ACCEPTED
        assert peer.orders() == [ATXFER]


async def test_a_phone_that_goes_away_and_comes_back_is_waited_for(peer: Peer) -> None:
    """As the events of an attended transfer that is cancelled tell it."""
    answering(peer)
    async with talking_to(peer) as backend:
        reading = await backend.read(Topic.CALLS)
        for topic in Topic:
            await backend.read(topic)
        (call,) = [c for calls in reading.items.values() for c in calls.values() if c.id == CALL]
        (bridge,) = {leg.bridge for leg in getattr(call, "legs", ())}
        for name, where in (
            ("BridgeLeave", bridge),
            ("BridgeEnter", "asks-there"),
            ("NewConnectedLine", ""),
            ("BridgeLeave", "asks-there"),
            ("BridgeEnter", bridge),
            ("Unhold", ""),
        ):
            peer.push(event(name, BridgeUniqueid=where))
        await backend.read(Topic.QUEUES)
        action = Transfer(**BY_ALICE, to="1006", attended=True)
        task = asyncio.create_task(backend.act(action))
        await backend.read(Topic.QUEUES)
        assert peer.orders() == []
        peer.push(event("NewConnectedLine"))
        assert (await task).answered is Answered.ACCEPTED
        assert peer.orders() == [ATXFER]


async def test_a_phone_that_is_never_told_asks_when_the_tone_must_be_over(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "_TONE", 0.1)
    shown_another(peer)
    async with asking(peer) as (_, task):
        assert (await task).answered is Answered.ACCEPTED
        assert peer.orders() == [ATXFER]


async def test_of_a_caller_who_hangs_up_meanwhile_nothing_is_sent(peer: Peer) -> None:
    shown_another(peer)
    async with asking(peer) as (_, task):
        for uniqueid in (OTHER, CALL):
            peer.push(event("Hangup", uniqueid, Cause="16"))
        with pytest.raises(BackendError, match="not on the PBX any more") as caught:
            await task
        assert not caught.value.sent
        assert peer.orders() == []


async def test_of_a_connection_that_is_lost_meanwhile_nothing_is_sent(peer: Peer) -> None:
    shown_another(peer)
    async with asking(peer) as (_, task):
        await peer.close()
        with pytest.raises(BackendError) as caught:
            await task
        assert not caught.value.sent
        assert peer.orders() == []
