"""Actions when something goes wrong: what is told of them, and that each was sent once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pbxtui.backends.base import Backend, BackendError, ConnectionLost, LoginRefused, Refused
from pbxtui.model import (
    Action,
    Answered,
    Dial,
    Hangup,
    LampState,
    LogAgent,
    OnDevice,
    Outcome,
    Park,
    PauseAgent,
    Record,
    SendDtmf,
    SetFlow,
    Topic,
    Transfer,
    Verb,
)
from tests.asterisk.waiting import soon
from tests.backends.asterisk.acting import BY_ALICE, BY_BOB, WHOLE, answering
from tests.backends.asterisk.peer import SUCCESS, UNKNOWN, Peer, denied, recorded, talking_to
from tests.backends.asterisk.recorded import octets

EACH: dict[str, Action] = {
    "Hangup": Hangup(**BY_BOB),
    "BlindTransfer": Transfer(**BY_ALICE, to="1006"),
    "Atxfer": Transfer(**BY_ALICE, to="1006", attended=True),
    "Park": Park(**BY_ALICE),
    "PlayDTMF": SendDtmf(**BY_ALICE, digits="1"),
    "MixMonitor": Record(**BY_ALICE, on=True),
    "StopMixMonitor": Record(**BY_ALICE, on=False),
    "Originate": Dial(site="lab", from_="1001", to="1002"),
    "QueuePause": PauseAgent(site="lab", agent="PJSIP/1003"),
    "QueueAdd": LogAgent(site="lab", agent="1001", queue="support"),
    "QueueRemove": LogAgent(site="lab", agent="1001", queue="support", in_=False),
    "Setvar": SetFlow(site="lab", flow="night", state=LampState.BUSY),
    "PJSIPNotify": OnDevice(site="lab", device="PJSIP/1001", reboot=True),
}
CLASSES = {
    "Hangup": "system or call",
    "MixMonitor": "system",
    "StopMixMonitor": "system or call",
    "Originate": "originate",
    "QueuePause": "agent",
    "QueueAdd": "agent",
    "QueueRemove": "agent",
    "PJSIPNotify": "system",
}


async def know(backend: Backend) -> None:
    """Read everything once."""
    for topic in Topic:
        await backend.read(topic)


async def once(peer: Peer, backend: Backend, action: str) -> Outcome:
    """Act; the outcome, after the action was seen to have come once, and once only."""
    outcome = await backend.act(EACH[action])
    assert len(peer.sent(action)) == 1
    return outcome


@pytest.mark.parametrize("action", EACH)
async def test_no_answer_is_not_confirmed(peer: Peer, action: str) -> None:
    answering(peer)
    peer.answers[action] = b""
    async with talking_to(peer, timeout=0.3) as backend:
        await know(backend)
        outcome = await once(peer, backend, action)
        assert outcome.answered is Answered.NOT_CONFIRMED
        assert f"did not answer {action} within 0.3 s" in outcome.words
        await know(backend)
        assert len(peer.sent(action)) == 1, "coming back sends nothing again"
        assert peer.logins == 2


@pytest.mark.parametrize("cut", [0, 20])
@pytest.mark.parametrize("action", EACH)
async def test_a_connection_that_breaks_is_not_confirmed(peer: Peer, action: str, cut: int) -> None:
    answering(peer)
    peer.answers[action] = SUCCESS[:cut]
    peer.closing_after = action
    async with talking_to(peer) as backend:
        await know(backend)
        following = asyncio.create_task(_follow(backend))
        outcome = await once(peer, backend, action)
        assert outcome.answered is Answered.NOT_CONFIRMED
        assert "has closed the connection" in outcome.words
        await soon(lambda: peer.logins == 2)
        await know(backend)
        assert len(peer.sent(action)) == 1, "coming back sends nothing again"
        await backend.close()
        await following


async def _follow(backend: Backend) -> None:
    async for _ in backend.updates():
        pass


@pytest.mark.parametrize("action", EACH)
async def test_a_missing_right_is_refused_and_named(peer: Peer, action: str) -> None:
    answering(peer)
    peer.answers[action] = denied()
    async with talking_to(peer) as backend:
        outcome = await once(peer, backend, action)
        assert outcome.answered is Answered.REFUSED
        classes = CLASSES.get(action, "call")
        assert outcome.words == (
            f"Permission denied: add {classes} to write = of [noc] in manager.conf, then "
            "`manager reload`, and start pbxtui again"
        )


@pytest.mark.parametrize("action", EACH)
async def test_what_is_not_loaded_is_refused_in_words(peer: Peer, action: str) -> None:
    answering(peer)
    peer.answers[action] = UNKNOWN
    async with talking_to(peer) as backend:
        outcome = await once(peer, backend, action)
        assert outcome.answered is Answered.REFUSED
        assert f"knows no {action}" in outcome.words


@pytest.mark.parametrize(
    ("action", "said", "words"),
    [
        ("Hangup", "No such channel", "No such channel: the leg is over"),
        ("Park", f"Channel does not exist: {'x' * 9}", "the leg is over"),
        ("PlayDTMF", "Channel not found", "the leg is over"),
        ("Atxfer", "No attended transfer feature code found", "set atxfer in [featuremap]"),
        ("BlindTransfer", "Transfer not permitted", "does not let this call be transferred"),
        ("Originate", "Extension does not exist.", "Extension does not exist."),
        ("QueuePause", "Interface not found", "no member of that queue"),
        ("QueueRemove", "Member not dynamic", "pause it"),
        ("Setvar", "", "refuses without a word"),
        ("Setvar", "[bold]\x1b[31mno", "[bold]\N{REPLACEMENT CHARACTER}[31mno"),
    ],
)
async def test_asterisks_own_words_are_kept(peer: Peer, action: str, said: str, words: str) -> None:
    answering(peer)
    peer.answers[action] = denied(said)
    async with talking_to(peer) as backend:
        outcome = await once(peer, backend, action)
        assert outcome.answered is Answered.REFUSED
        assert words in outcome.words
        assert outcome.words.isprintable()


async def test_every_refusal_that_was_recorded_is_one(peer: Peer) -> None:
    refusals = octets("refusals").split(b"\r\n\r\n")
    for number, refusal in enumerate(filter(None, refusals)):
        peer.answers["Setvar"] = refusal + b"\r\n\r\n"
        async with talking_to(peer) as backend:
            outcome = await backend.act(EACH["Setvar"])
            assert outcome.answered is Answered.REFUSED, number
            assert outcome.words


async def test_an_answer_that_says_neither_is_not_confirmed(peer: Peer) -> None:
    for odd in (b"Response: Perhaps\r\n", b"Response:\r\n", b"Response: \xff\xfe\r\n"):
        peer.answers["Setvar"] = odd + b"ActionID: ?\r\n\r\n"
        async with talking_to(peer) as backend:
            outcome = await backend.act(EACH["Setvar"])
            assert outcome.answered is Answered.NOT_CONFIRMED


# -- several requests for one action ----------------------------------------------------------


async def test_a_leg_that_ended_with_the_first_one_is_hung_up_too(peer: Peer) -> None:
    peer.answers["Hangup"] = lambda action: (
        SUCCESS if action["Channel"].startswith("PJSIP/1001") else denied("No such channel")
    )
    async with talking_to(peer) as backend:
        outcome = await backend.act(Hangup(**WHOLE))
        assert outcome.answered is Answered.ACCEPTED
        assert len(peer.sent("Hangup")) == 2


async def test_a_call_of_which_nothing_is_left_is_refused(peer: Peer) -> None:
    peer.answers["Hangup"] = denied("No such channel")
    async with talking_to(peer) as backend:
        outcome = await backend.act(Hangup(**WHOLE))
        assert outcome.answered is Answered.REFUSED
        assert "the leg is over" in outcome.words


async def test_when_the_connection_breaks_in_between_the_rest_is_not_sent(peer: Peer) -> None:
    def second_is_lost(action: dict[str, str]) -> bytes:
        return SUCCESS if action["Digit"] == "1" else b""

    peer.answers["PlayDTMF"] = second_is_lost
    async with talking_to(peer, timeout=0.3) as backend:
        outcome = await backend.act(SendDtmf(**BY_ALICE, digits="123"))
        assert outcome.answered is Answered.NOT_CONFIRMED
        assert outcome.words.startswith("1 of 3 digits; ")
        assert [order["Digit"] for order in peer.sent("PlayDTMF")] == ["1", "2"]


async def test_after_a_refused_key_no_other_is_pressed(peer: Peer) -> None:
    peer.answers["PlayDTMF"] = denied("Channel not found")
    async with talking_to(peer) as backend:
        outcome = await backend.act(SendDtmf(**BY_ALICE, digits="123"))
        assert outcome.answered is Answered.REFUSED
        assert len(peer.sent("PlayDTMF")) == 1


async def test_half_of_a_logout_is_not_confirmed_and_says_so(peer: Peer) -> None:
    whole = recorded("queue-waiting", "QueueStatusComplete")
    peer.answers["QueueStatus"] = whole.replace(b"Membership: static", b"Membership: dynamic")
    peer.answers["QueueRemove"] = lambda action: (
        SUCCESS if action["Queue"] == "sales" else denied("Unable to remove interface: Not there")
    )
    async with talking_to(peer) as backend:
        outcome = await backend.act(LogAgent(site="lab", agent="PJSIP/1003", in_=False))
        assert outcome.answered is Answered.NOT_CONFIRMED
        assert outcome.words == "1 of 2 queues; Unable to remove interface: Not there"


# -- nothing is sent --------------------------------------------------------------------------


async def test_nothing_listens(peer: Peer) -> None:
    await peer.close()
    async with talking_to(peer) as backend:
        with pytest.raises(Refused) as caught:
            await backend.act(Hangup(**BY_BOB))
        assert not caught.value.unsure


async def test_a_refused_login_is_not_repeated_by_actions(peer: Peer) -> None:
    async with talking_to(peer, secret="wrong") as backend:
        for _ in range(3):
            with pytest.raises(LoginRefused) as caught:
                await backend.act(Hangup(**BY_BOB))
            assert not caught.value.unsure
        assert peer.logins == 1


@pytest.mark.parametrize("silent", ["Login", "CoreShowChannels", "Getvar"])
async def test_what_fails_before_the_action_leaves_nothing_in_doubt(
    peer: Peer, silent: str
) -> None:
    answering(peer)
    peer.answers[silent] = b""
    async with talking_to(peer, timeout=0.3) as backend:
        with pytest.raises(BackendError) as caught:
            await backend.act(Transfer(**BY_ALICE, to="1006"))
        assert not caught.value.unsure
        assert not peer.orders()


async def test_a_closed_backend_sends_nothing(peer: Peer) -> None:
    answering(peer)
    async with talking_to(peer) as backend:
        await know(backend)
        await backend.close()
        with pytest.raises(ConnectionLost) as caught:
            await backend.act(Hangup(**BY_BOB))
        assert not caught.value.unsure
        assert not peer.orders()


async def test_who_is_cancelled_waits_no_longer_and_nothing_is_sent_again(peer: Peer) -> None:
    peer.answers["Originate"] = SUCCESS
    async with talking_to(peer) as backend:
        dialled = asyncio.create_task(backend.act(EACH["Originate"]))
        await soon(lambda: peer.sent("Originate"))
        dialled.cancel()
        await asyncio.gather(dialled, return_exceptions=True)
        assert dialled.cancelled()
        await know(backend)
        assert len(peer.sent("Originate")) == 1


async def test_a_restarted_asterisk_has_other_calls_by_the_same_channels(peer: Peer) -> None:
    """Channels are numbered from the beginning then: only its own list says who is who."""
    answering(peer)
    async with talking_to(peer) as backend:
        await know(backend)
        await peer.close()
        whole = recorded("talking", "CoreShowChannelsComplete")
        peer.answers["CoreShowChannels"] = whole.replace(b"1795228340.", b"1795229999.")
        await peer.open()
        with pytest.raises(BackendError, match=r"not on the PBX any more|closed the connection"):
            await backend.act(Hangup(**BY_BOB))
        with pytest.raises(BackendError, match="not on the PBX any more"):
            await backend.act(Hangup(**BY_BOB))
        assert not peer.orders()


# -- rights -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "cannot"),
    [
        ("commands", set()),
        (
            "commands-reader",
            {
                *(Verb.DIAL, Verb.RETRIEVE, Verb.ANSWER, Verb.MONITOR),
                *(Verb.PAUSE, Verb.UNPAUSE, Verb.LOGIN, Verb.LOGOUT),
            },
        ),
        (
            "commands-dialler",
            {
                *(Verb.TRANSFER, Verb.ATTENDED, Verb.COMPLETE, Verb.CANCEL),
                *(Verb.PARK, Verb.DTMF, Verb.FLOW),
                *(Verb.PAUSE, Verb.UNPAUSE, Verb.LOGIN, Verb.LOGOUT),
            },
        ),
    ],
)
async def test_what_a_login_may_send_is_what_it_can_do(
    peer: Peer, listed: str, cannot: set[Verb]
) -> None:
    peer.answers["ListCommands"] = octets(listed)
    async with talking_to(peer) as backend:
        await backend.read(Topic.CALLS)
        found = {verb for verb, can in backend.capabilities.items() if not can.possible}
        assert found - {Verb.HOLD, Verb.RESUME, Verb.UNREGISTER} == cannot
        for verb in cannot:
            capability = backend.capabilities[verb]
            assert capability.why.startswith("The AMI user noc may not use ")
            assert "to write = of [noc]" in capability.nearest


@pytest.mark.parametrize(
    ("gone", "verb", "module"),
    [
        ("PJSIPNotify", Verb.REBOOT, "pjsip_notify.conf"),
        ("Park", Verb.PARK, "res_parking"),
        ("MixMonitor", Verb.RECORD, "app_mixmonitor"),
        ("QueuePause", Verb.PAUSE, "app_queue"),
    ],
)
async def test_what_is_not_loaded_cannot_be_done(
    peer: Peer, gone: str, verb: Verb, module: str
) -> None:
    kept = [
        line
        for line in octets("commands").split(b"\r\n")
        if not line.startswith(gone.encode() + b":")
        and not (gone.startswith("Queue") and line.startswith(b"Queue"))
    ]
    peer.answers["ListCommands"] = b"\r\n".join(kept)
    async with talking_to(peer) as backend:
        await backend.read(Topic.CALLS)
        capability = backend.capabilities[verb]
        assert not capability.possible
        assert module in capability.why
        with pytest.raises(BackendError, match="is not loaded"):
            await backend.act(_of(verb))
        assert not peer.orders()


def _of(verb: Verb) -> Action:
    return next(action for action in EACH.values() if action.verb is verb)


@pytest.mark.parametrize("answer", [UNKNOWN, denied(), SUCCESS])
async def test_an_asterisk_that_does_not_say_what_it_can_is_tried(
    peer: Peer, answer: bytes
) -> None:
    answering(peer)
    peer.answers["ListCommands"] = answer
    async with talking_to(peer) as backend:
        assert (await backend.act(EACH["Setvar"])).answered is Answered.ACCEPTED
        possible: Any = [can.possible for can in backend.capabilities.values()]
        assert sum(possible) == len(Verb) - 3
