"""Each action as the one request that it is, by what a real Asterisk had listed."""

from __future__ import annotations

import pytest

from pbxtui.model import (
    Action,
    Answer,
    Dial,
    Hangup,
    Hold,
    LampState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
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
from tests.backends.asterisk.acting import (
    ALICE,
    BOB,
    BY_ALICE,
    BY_BOB,
    CALL,
    ORIGINATE,
    PARKED,
    RINGS,
    THERE,
    WHOLE,
    act,
    answering,
    listing,
    refused,
)
from tests.backends.asterisk.peer import Peer, recorded, talking_to


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


async def test_a_queue_that_the_configuration_gives_is_said_to_keep_the_agent(peer: Peer) -> None:
    answering(peer)
    static = b"Location: PJSIP/1003\r\nStateInterface: PJSIP/1003\r\nMembership: static"
    whole = recorded("queue-waiting", "QueueStatusComplete")
    peer.answers["QueueStatus"] = whole.replace(static, static.replace(b"static", b"dynamic"), 1)
    async with talking_to(peer) as backend:
        outcome = await act(backend, LogAgent(site="lab", agent="PJSIP/1003", in_=False))
        (order,) = peer.orders()
        (stays,) = {"sales", "support"} - {order["Queue"]}
        assert outcome.words == f"out of {order['Queue']}; the configuration keeps it in {stays}"


async def test_what_amis_actions_cannot_do_is_not_sent(peer: Peer) -> None:
    answering(peer)
    async with talking_to(peer) as backend:
        assert "P parks the call" in await refused(backend, Hold(**BY_ALICE))
        assert "resume at the phone" in await refused(backend, Resume(**BY_ALICE))
        unregister = OnDevice(site="lab", device="PJSIP/1001")
        assert "not that of a phone here" in await refused(backend, unregister)
        assert not peer.actions, "not even a connection is made for that"


async def test_every_verb_has_a_capability_and_a_no_has_a_reason(peer: Peer) -> None:
    async with talking_to(peer) as backend:
        for when in ("before", "after"):
            assert set(backend.capabilities) == set(Verb), when
            for verb, capability in backend.capabilities.items():
                assert capability.possible or capability.why.endswith("."), verb
            await backend.read(Topic.CALLS)
