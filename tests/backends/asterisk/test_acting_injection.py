"""Whatever a person types, or a PBX calls things: no field of AMI is added, and no action."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbxtui.backends.asterisk.numbers import keys, same
from pbxtui.backends.asterisk.sending import MAX_VALUE, check
from pbxtui.backends.base import Backend, BackendError
from pbxtui.backends.dialling import dialable
from pbxtui.model import (
    Action,
    Answer,
    Dial,
    Hangup,
    LampState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    PauseAgent,
    Record,
    Retrieve,
    SendDtmf,
    SetFlow,
    Transfer,
)
from tests.backends.asterisk.acting import BY_ALICE, CALL, answering
from tests.backends.asterisk.peer import SUCCESS, listening, recorded, talking_to

FIELDS = {
    "Hangup": {"Channel", "Cause"},
    "BlindTransfer": {"Channel", "Context", "Exten"},
    "Redirect": {"Channel", "Context", "Exten", "Priority"},
    "Atxfer": {"Channel", "Context", "Exten"},
    "Bridge": {"Channel1", "Channel2", "Tone"},
    "Park": {"Channel", "TimeoutChannel"},
    "PlayDTMF": {"Channel", "Digit", "Receive"},
    "MixMonitor": {"Channel", "File", "Options"},
    "StopMixMonitor": {"Channel", "MixMonitorID"},
    "Originate": {
        *("Channel", "Async", "Timeout", "Context", "Exten", "Priority", "Variable"),
        *("Application", "Data"),
    },
    "QueuePause": {"Interface", "Paused", "Queue", "Reason"},
    "QueueAdd": {"Queue", "Interface", "MemberName", "StateInterface"},
    "QueueRemove": {"Queue", "Interface"},
    "Setvar": {"Variable", "Value"},
    "PJSIPNotify": {"Endpoint", "Variable"},
}
"""The fields that each action may ever have."""

HOSTILE = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="\r\n:,&$()|;/ \x00\x0b\x85\u2028Action1", max_size=30),
    st.sampled_from(
        [
            "1002\r\nAction: Command\r\nCommand: core stop now",
            "1002\nExten: 9",
            "1002\r",
            "\n\n1002",
            "1002&PJSIP/1003",
            "1002,1(n)",
            "${SHELL(id)}",
            "x\x85Action: y",
            "\ud800",
            "PJSIP/1001\r\nVariable: a=b",
            "Local/1@office/n",
            "Custom:night)=1",
            "x" * 5000,
        ]
    ),
)


def an_action(text: str, other: str) -> st.SearchStrategy[Action]:
    call: dict[str, Any] = {"site": "lab", "call": CALL}
    odd: dict[str, Any] = {"site": "lab", "call": text, "leg": other}
    return st.sampled_from(
        [
            Hangup(**odd),
            Hangup(**call, leg=text),
            Transfer(**BY_ALICE, to=text),
            Transfer(**BY_ALICE, to=text, attended=True),
            Transfer(**call, leg=other, to=text),
            Park(**call, leg=text),
            Retrieve(**call, leg=other, extension=text),
            Answer(**call, extension=text),
            Monitor(**BY_ALICE, extension=text, how=Listening.BARGE),
            SendDtmf(**BY_ALICE, digits=text),
            Record(**call, leg=text, on=True),
            Dial(site="lab", from_=text, to=other),
            Dial(site="lab", from_="1001", to=text),
            PauseAgent(site="lab", agent=text, queue=other),
            PauseAgent(site="lab", agent="PJSIP/1003", queue=text, reason=other),
            PauseAgent(site="lab", agent="PJSIP/1003", reason=text),
            LogAgent(site="lab", agent=text, queue=other),
            LogAgent(site="lab", agent="1001", queue=text),
            LogAgent(site="lab", agent=text, queue=other, in_=False),
            SetFlow(site="lab", flow=text, state=LampState.BUSY, value=other),
            SetFlow(site="lab", flow=text, state=LampState.BUSY),
            OnDevice(site="lab", device=text, reboot=True),
        ]
    )


def assert_only_known_fields(text: str) -> None:
    """An action as it came over the wire has the fields of its kind, each once."""
    assert text.endswith("\r\n\r\n")
    lines = text[: -len("\r\n\r\n")].split("\r\n")
    pairs = [line.partition(": ") for line in lines]
    names = [name for name, _, _ in pairs]
    assert len(set(names)) == len(names), text
    action = {name: value for name, _, value in pairs}["Action"]
    if action in FIELDS:
        assert set(names) - {"Action", "ActionID"} <= FIELDS[action], text
    for _, _, value in pairs:
        assert "\r" not in value
        assert "\n" not in value
        assert "\x00" not in value
        assert len(value.encode()) <= MAX_VALUE


async def said(backend: Backend, action: Action) -> BackendError | None:
    """What an action raises, if anything."""
    try:
        await backend.act(action)
    except BackendError as error:
        return error
    return None


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_text_adds_a_field_or_an_action(data: st.DataObject) -> None:
    async with listening() as peer, talking_to(peer) as backend:
        answering(peer)
        for _ in range(8):
            action = data.draw(an_action(data.draw(HOSTILE), data.draw(HOSTILE)))
            before = len(peer.orders())
            error = await said(backend, action)
            if error is not None:
                assert not error.unsure
                assert len(peer.orders()) == before, "said to be wrong, and sent all the same"
                assert str(error).isprintable()
        for text in peer.texts:
            assert_only_known_fields(text)
        assert {action["Action"] for action in peer.orders()} <= FIELDS.keys()
        assert peer.logins == 1


@given(HOSTILE)
def test_a_value_that_would_break_its_line_is_never_taken(value: str) -> None:
    with contextlib.suppress(BackendError):
        check({"Reason": value})
        assert not set(value) & set("\r\n\x00\x85\u2028\u2029")
        assert len(value.encode()) <= MAX_VALUE


@given(HOSTILE)
def test_a_number_is_a_number_or_refused(text: str) -> None:
    for read in (dialable, keys):
        try:
            number = read(text)
        except BackendError:
            continue
        assert number
        assert number.isascii()
        assert not set(number) & set("\r\n:,&$()|;/ {}[]\"'=")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("1002", "1002", True),
        ("10 02", "1002", True),
        ("1002", "1003", False),
        ("", "", False),
        ("+44 20 7946 0958", "020 7946 0958", True),
        ("0044 20 7946 0958", "+44 (20) 7946-0958", False),
        ("900442079460958", "+442079460958", True),
        ("1002", "91002", False),
        ("alice", "Alice", True),
        ("alice", "bob", False),
    ],
)
def test_two_spellings_of_one_number(one: str, other: str, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal


HOSTILE_NAMES = (
    b"PJSIP/10\x0a01-00000002",
    b"/.*/",
    b"PJSIP/1001-0000\x1b[2J",
    b"PJSIP/" + b"x" * 400,
    b"PJSIP/1001,b&c-1",
)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
async def test_a_channel_with_a_hostile_name_adds_nothing(name: bytes) -> None:
    async with listening() as peer, talking_to(peer) as backend:
        answering(peer)
        whole = recorded("talking", "CoreShowChannelsComplete")
        peer.answers["CoreShowChannels"] = whole.replace(b"PJSIP/1001-00000002", name)
        for action in (
            Hangup(**BY_ALICE),
            Transfer(**BY_ALICE, to="1006"),
            Park(**BY_ALICE),
            SendDtmf(**BY_ALICE, digits="1"),
            Monitor(**BY_ALICE, extension="1007"),
        ):
            error = await said(backend, action)
            assert error is None or not error.unsure
        for text in peer.texts:
            assert_only_known_fields(text)
        assert all(not order.get("Channel", "").startswith("/") for order in peer.orders())


async def test_a_member_with_a_hostile_name_is_added_under_none() -> None:
    async with listening() as peer, talking_to(peer) as backend:
        answering(peer)
        whole = recorded("queue-waiting", "QueueStatusComplete")
        peer.answers["QueueStatus"] = whole.replace(b"Name: Carol", b"Name: Ca\x1brol")
        await backend.act(LogAgent(site="lab", agent="PJSIP/1003", queue="other"))
        (order,) = peer.sent("QueueAdd")
        assert "MemberName" not in order


async def test_a_recordings_id_from_the_pbx_adds_nothing() -> None:
    async with listening() as peer, talking_to(peer) as backend:
        answering(peer)
        peer.answers["Getvar"] = SUCCESS.replace(b"Message: fine", b"Value: 0x1\x0bAction: x")
        await backend.act(Record(**BY_ALICE, on=False))
        for text in peer.texts:
            assert_only_known_fields(text)
