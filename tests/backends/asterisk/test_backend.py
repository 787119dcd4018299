"""The backend against the other end of the wire: what is wrong is said, and what is not, read."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from typing import cast

import pytest

from pbxtui.backends.asterisk import plugin
from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.backends.base import (
    AddressUnknown,
    Backend,
    BackendError,
    ConnectionLost,
    Forbidden,
    LoginRefused,
    NotUnderstood,
    Reading,
    Refused,
    Runtime,
    TimedOut,
    TooBig,
)
from pbxtui.model import Call, FaultKind, Kind, LegState, Topic
from tests.asterisk.waiting import soon
from tests.backends.asterisk.peer import (
    SECRET,
    UNKNOWN,
    USER,
    Peer,
    denied,
    recorded,
    talking_to,
)
from tests.backends.asterisk.recorded import octets


class Updates:
    """What a backend pushes, gathered."""

    def __init__(self, backend: Backend) -> None:
        self.readings: list[Reading] = []
        self._task = asyncio.create_task(self._gather(backend))

    async def _gather(self, backend: Backend) -> None:
        async for reading in backend.updates():
            self.readings.append(reading)

    def pushed(self, kind: Kind) -> list[Reading]:
        return [reading for reading in self.readings if reading.pushed and kind in reading.items]

    async def end(self) -> None:
        await self._task


def states(reading: Reading) -> list[LegState]:
    """The states of the calls."""
    return [call.state for call in cast("Mapping[str, Call]", reading.items[Kind.CALLS]).values()]


async def fault(backend: Backend, topic: Topic = Topic.CALLS) -> BackendError:
    """The error of a read that must fail."""
    with pytest.raises(BackendError) as caught:
        await backend.read(topic)
    assert SECRET not in f"{caught.value} {caught.value.hint}"
    return caught.value


async def test_every_topic_is_read(peer: Peer) -> None:
    async with talking_to(peer) as backend:
        for topic in Topic:
            reading = await backend.read(topic)
            assert not reading.pushed
            assert not reading.notes
            assert reading.source
        reading = await backend.read(Topic.CALLS)
        assert states(reading) == [LegState.TALKING]
        assert peer.logins == 1
        assert {exchange.status for exchange in backend.exchanges} == {"Success"}


async def test_the_secret_does_not_cross_the_wire(peer: Peer) -> None:
    async with talking_to(peer) as backend:
        await backend.read(Topic.CALLS)
        assert all(SECRET not in action.values() for action in peer.actions)
        assert SECRET not in str(list(backend.exchanges))


async def test_an_asterisk_without_challenge_is_logged_in_to_all_the_same(peer: Peer) -> None:
    peer.answers["Challenge"] = UNKNOWN
    async with talking_to(peer) as backend:
        await backend.read(Topic.CALLS)
        assert peer.logins == 1


async def test_the_clock_of_the_pbx_is_told(peer: Peer) -> None:
    async with talking_to(peer, Runtime(clock=lambda: 1795228300.0)) as backend:
        assert (await backend.read(Topic.LAMPS)).skew == 100.5


async def test_a_refused_login_is_not_repeated_by_the_other_topics(peer: Peer) -> None:
    async with talking_to(peer, secret="wrong") as backend:
        for topic in Topic:
            error = await fault(backend, topic)
            assert isinstance(error, LoginRefused)
            assert not error.retry
            assert "Authentication failed" in error.words
            assert "pbxtui check lab" in error.hint
        assert peer.logins == 1
        await fault(backend, Topic.CALLS)
        assert peer.logins == 2, "asked anew, it is tried anew"


async def test_nothing_listens(peer: Peer) -> None:
    await peer.close()
    async with talking_to(peer) as backend:
        error = await fault(backend)
        assert isinstance(error, Refused)
        assert f"127.0.0.1:{peer.port}" in error.words
        assert "manager.conf" in error.hint


async def test_the_name_does_not_resolve(peer: Peer) -> None:
    async with talking_to(peer, host="no-such-host.invalid") as backend:
        assert isinstance(await fault(backend), AddressUnknown)


async def test_it_is_no_ami(peer: Peer) -> None:
    peer.greeting = b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"
    async with talking_to(peer) as backend:
        error = await fault(backend)
        assert isinstance(error, NotUnderstood)
        assert "SSH-2.0-OpenSSH_9.2p1" in error.words


@pytest.mark.parametrize("silent", ["", "Login", "CoreShowChannels", "Ping"])
async def test_it_does_not_answer(peer: Peer, silent: str) -> None:
    if silent:
        peer.answers[silent] = b""
    else:
        peer.greeting = b""
    async with talking_to(peer, timeout=0.2) as backend:
        error = await fault(backend)
        assert isinstance(error, TimedOut)
        assert "within 0.2 s" in error.words


async def test_a_list_that_never_ends_is_given_up(peer: Peer) -> None:
    whole = peer.answers["CoreShowChannels"]
    assert isinstance(whole, bytes)
    peer.answers["CoreShowChannels"] = whole.rpartition(b"Event: CoreShowChannelsComplete")[0]
    async with talking_to(peer, timeout=0.2) as backend:
        assert isinstance(await fault(backend), TimedOut)


@pytest.mark.parametrize("cut", ["Login", "CoreShowChannels"])
async def test_it_hangs_up_in_the_middle(peer: Peer, cut: str) -> None:
    answer = peer.answers[cut]
    if isinstance(answer, bytes):
        peer.answers[cut] = answer[: len(answer) // 2]
    else:
        peer.answers[cut] = b"Response: Succ"
    peer.closing_after = cut
    async with talking_to(peer) as backend:
        assert isinstance(await fault(backend), ConnectionLost)
        peer.closing_after = ""
        peer.answers[cut] = answer
        assert (await backend.read(Topic.CALLS)).items[Kind.CALLS], "and it is read the next time"


async def test_a_huge_list_is_cut_off(peer: Peer) -> None:
    async with talking_to(peer, Runtime(max_body=1000)) as backend:
        assert isinstance(await fault(backend), TooBig)


async def test_a_message_without_end_is_cut_off(peer: Peer) -> None:
    peer.answers["CoreShowChannels"] = b"Response: Success\r\n" + b"A: " + b"x" * 400_000
    async with talking_to(peer) as backend:
        assert isinstance(await fault(backend), TooBig)


@pytest.mark.parametrize(
    ("topic", "action", "classes"),
    [
        (Topic.CALLS, "CoreShowChannels", "system or reporting"),
        (Topic.DEVICES, "PJSIPShowContacts", "system"),
        (Topic.LAMPS, "ExtensionStateList", "call or reporting"),
    ],
)
async def test_a_missing_right_is_named(
    peer: Peer, topic: Topic, action: str, classes: str
) -> None:
    peer.answers[action] = denied()
    async with talking_to(peer) as backend:
        error = await fault(backend, topic)
        assert isinstance(error, Forbidden)
        assert error.kind is FaultKind.FORBIDDEN
        assert action in error.words
        assert f"add {classes} to write = of [noc]" in error.hint


async def test_without_the_right_to_parked_calls_the_calls_are_read_with_a_note(peer: Peer) -> None:
    peer.answers["ParkedCalls"] = denied()
    async with talking_to(peer) as backend:
        reading = await backend.read(Topic.CALLS)
        assert reading.items[Kind.CALLS]
        (note,) = reading.notes
        assert "ParkedCalls" in note
        assert "add call to write" in note


async def test_what_is_not_loaded_is_empty_or_said(peer: Peer) -> None:
    for action in ("ParkedCalls", "QueueStatus", "PJSIPShowEndpoints", "DeviceStateList"):
        peer.answers[action] = UNKNOWN
    async with talking_to(peer) as backend:
        assert not (await backend.read(Topic.CALLS)).notes
        assert not (await backend.read(Topic.QUEUES)).items[Kind.QUEUES]
        error = await fault(backend, Topic.DEVICES)
        assert "has no PJSIP phones" in error.words


async def test_an_empty_list_that_asterisk_calls_an_error_is_empty(peer: Peer) -> None:
    peer.answers["PJSIPShowContacts"] = octets("no-contacts")
    peer.answers["ExtensionStateList"] = denied("No dialplan hints are available")
    async with talking_to(peer) as backend:
        devices = (await backend.read(Topic.DEVICES)).items[Kind.DEVICES]
        assert devices
        assert not (await backend.read(Topic.LAMPS)).items[Kind.LAMPS]


async def test_an_answer_that_is_no_list_is_said(peer: Peer) -> None:
    peer.answers["CoreShowChannels"] = b"Response: Success\r\nActionID: ?\r\n\r\n"
    async with talking_to(peer) as backend:
        assert isinstance(await fault(backend), NotUnderstood)


async def test_events_are_pushed_together(peer: Peer) -> None:
    async with talking_to(peer) as backend:
        for topic in Topic:
            await backend.read(topic)
        updates = Updates(backend)
        peer.push(octets("ringing-events"))
        (reading,) = await soon(lambda: updates.pushed(Kind.CALLS))
        assert "Newchannel" in reading.source
        assert set(states(reading)) == {LegState.TALKING, LegState.RINGING}
        await soon(lambda: updates.pushed(Kind.LAMPS))
        await backend.close()
        await updates.end()


async def test_nothing_is_pushed_of_a_list_that_was_not_read(peer: Peer) -> None:
    async with talking_to(peer) as backend:
        await backend.read(Topic.LAMPS)
        updates = Updates(backend)
        peer.push(octets("ringing-events"))
        await soon(lambda: updates.pushed(Kind.LAMPS))
        assert not updates.pushed(Kind.CALLS)


async def test_a_hangup_is_pushed_as_an_end_and_stays_in_the_next_reading(peer: Peer) -> None:
    async with talking_to(peer, Runtime(clock=lambda: 1795228400.5)) as backend:
        await backend.read(Topic.CALLS)
        updates = Updates(backend)
        peer.push(octets("hangup-events"))
        await soon(lambda: updates.pushed(Kind.CALLS))
        assert states(updates.pushed(Kind.CALLS)[-1]) == [LegState.ENDED]
        peer.answers["CoreShowChannels"] = recorded("no-calls", "CoreShowChannelsComplete")
        assert states(await backend.read(Topic.CALLS)) == [LegState.ENDED]


async def test_a_lost_connection_comes_back_by_itself(peer: Peer) -> None:
    async with talking_to(peer) as backend:
        await backend.read(Topic.CALLS)
        updates = Updates(backend)
        await peer.close()
        assert (await fault(backend)).retry
        await peer.open()
        await soon(lambda: peer.logins == 2 and updates.readings)
        assert not updates.readings[0].pushed, "the list is read again before events are believed"
        peer.push(octets("ringing-events"))
        await soon(lambda: updates.pushed(Kind.CALLS))


async def test_a_login_that_is_refused_later_is_not_repeated_by_itself(peer: Peer) -> None:
    async with talking_to(peer) as backend:
        await backend.read(Topic.CALLS)
        updates = Updates(backend)
        peer.answers["Login"] = denied("Authentication failed")
        await peer.close()
        await peer.open()
        await soon(lambda: peer.logins == 2)
        assert isinstance(await fault(backend), LoginRefused)
        assert peer.logins == 2
        assert not updates.readings


def test_what_is_shown_says_where_it_comes_from() -> None:
    backend = plugin.open(
        AsteriskSettings.model_validate(
            {"name": "lab", "host": "::1", "username": USER, "secret": SECRET}
        ),
        Runtime(),
    )
    assert backend.address == "[::1]:5038"
    assert backend.quota is None
    assert backend.topics == frozenset(Topic)
    shown = {kind for kind in Kind if kind not in backend.missing}
    assert set(backend.origins) == shown


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        ("host", ""),
        ("host", "http://pbx/"),
        ("port", 0),
        ("port", 70_000),
        ("username", "a\r\nAction: Command"),
        ("secret", ""),
        ("secret", "a\nb"),
        ("context", "a b"),
    ],
)
def test_a_wrong_setting_is_refused(wrong: str, value: object) -> None:
    values = {"name": "lab", "host": "pbx", "username": USER, "secret": SECRET, wrong: value}
    with pytest.raises(ValueError, match=wrong):
        AsteriskSettings.model_validate(values)


def test_nothing_is_sent_to_a_port_that_is_not_opened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        plugin.open(
            AsteriskSettings.model_validate(
                {
                    "name": "lab",
                    "host": "127.0.0.1",
                    "port": server.getsockname()[1],
                    "username": USER,
                    "secret": SECRET,
                }
            ),
            Runtime(),
        )
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
