"""Actions under each fault: sent once, with an outcome that claims nothing it does not know."""

from __future__ import annotations

import logging

import pytest

from pbxtui.backends.base import BackendError, LoginRefused, Refused
from pbxtui.model import Action, Answer, Answered, Dial, Hangup, Hold
from pbxtui.simulator import things
from pbxtui.simulator.faults import HOSTILE_TEXTS
from pbxtui.simulator.things import LegState
from pbxtui.simulator.vonage import Profile
from tests.backends.vonage.office import Headquarters, headquarters, on, state

ACCEPTED, REFUSED = Answered.ACCEPTED, Answered.REFUSED
NOT_CONFIRMED = Answered.NOT_CONFIRMED

profiles = pytest.mark.parametrize("profile", ["live", "documented"])

FAULTS: dict[str, tuple[Answered, str]] = {
    "timeout": (NOT_CONFIRMED, "gave no answer within"),
    "reset": (NOT_CONFIRMED, "broke before an answer came"),
    "truncate": (NOT_CONFIRMED, "broke in the middle of the answer"),
    "cut": (NOT_CONFIRMED, ""),
    "html": (NOT_CONFIRMED, "web page, “502 Bad Gateway”"),
    "garbage": (NOT_CONFIRMED, ""),
    "empty": (NOT_CONFIRMED, "200 from 127.0.0.1"),
    "401": (REFUSED, "the token is not accepted (“Problem with provided token”)"),
    "403": (REFUSED, "no right to this (“Resource forbidden”)"),
    "404": (REFUSED, "it knows no such thing (“Not Found”)"),
    "409": (REFUSED, "busy changing state, look again (“Conflict while changing state of a leg”)"),
    "429": (REFUSED, "the quota is used up (“Message throttled out”)"),
    "500": (NOT_CONFIRMED, "internal server error (“General Error”)"),
    "502": (NOT_CONFIRMED, "bad gateway (a web page, “502 Bad Gateway”)"),
}


def each_kind_of_request(one: Headquarters, call: things.Call) -> dict[str, Action]:
    own, customer = call.live_legs()
    assert own.extension is not None
    return {
        "POST": Dial(site="hq", from_=one.free(2).number, to="+441632960124"),
        "PUT": Answer(**on(call), extension=own.extension.number),
        "PUT leg": Hold(**on(call, customer)),
        "DELETE": Hangup(**on(call)),
        "DELETE leg": Hangup(**on(call, own)),
    }


@profiles
@pytest.mark.parametrize("kind", ["POST", "PUT", "PUT leg", "DELETE", "DELETE leg"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_under_each_fault_it_is_sent_once(
    fault: str, kind: str, profile: Profile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with headquarters(profile) as one:
        call = one.ring()[0] if kind == "PUT" else one.talk()
        action = each_kind_of_request(one, call)[kind]
        one.backend = one.open(timeout=0.3 if fault == "timeout" else 5.0)
        one.faults.set(fault, on="actions")
        outcome = await one.backend.act(action)
        answered, words = FAULTS[fault]
        if kind == "DELETE leg" and fault in ("cut", "truncate"):
            answered, words = ACCEPTED, ""  # there is no body of a 204 to break
        assert outcome.answered is answered
        assert words in outcome.words
        assert "read again by themselves" not in outcome.words
        assert one.actions() == 1
        said = f"{outcome} {list(one.backend.exchanges)} {caplog.text}"
        assert one.simulated.access_token not in said


@profiles
@pytest.mark.parametrize("fault", ["timeout", "reset"])
async def test_what_was_done_without_an_answer_is_not_confirmed(
    fault: str, profile: Profile
) -> None:
    async with headquarters(profile) as one:
        call = one.talk()
        one.backend = one.open(timeout=0.3)
        one.faults.set(fault, on="actions", done=1)
        outcome = await one.backend.act(Hangup(**on(call)))
        assert outcome.answered is NOT_CONFIRMED
        assert one.actions() == 1
        assert state(call) is LegState.ENDED


async def test_a_slow_answer_is_waited_for() -> None:
    async with headquarters() as one:
        call = one.talk()
        one.faults.set("slow", on="actions", seconds=0.2)
        assert (await one.backend.act(Hangup(**on(call)))).answered is ACCEPTED
        assert one.actions() == 1


async def test_when_nothing_listens_nothing_was_sent() -> None:
    async with headquarters() as one:
        call = one.talk()
        await one.server.stop()
        with pytest.raises(Refused) as caught:
            await one.backend.act(Hangup(**on(call)))
        assert not caught.value.unsure
        assert "nothing was done" in caught.value.hint
        assert "read again by themselves" not in str(caught.value)
        await one.server.start()
        assert one.actions() == 0
        assert state(call) is LegState.TALKING


async def test_the_quota_says_when_it_may_be_asked_again() -> None:
    async with headquarters() as one:
        one.faults.set("429", on="actions", retry_after=17)
        outcome = await one.backend.act(Hangup(site="hq", call="c"))
        assert outcome.answered is REFUSED
        assert "it may be asked again in 17 s" in outcome.words


async def test_a_token_of_nobody_confirms_nothing() -> None:
    async with headquarters() as one:
        call = one.talk()
        own = call.live_legs()[0]
        backend = one.open(access_token=one.simulated.unclaimed_token)
        actions: tuple[Action, ...] = (Hold(**on(call, own)), Hangup(**on(call)))
        for count, action in enumerate(actions, 1):
            outcome = await backend.act(action)
            assert outcome.answered is NOT_CONFIRMED
            assert outcome.words.endswith(
                "with nothing in it: a token that is not a VBC user's gets this too, "
                "and then nothing is done"
            )
            assert one.actions() == count
        assert state(own) is LegState.TALKING


# --- tokens ------------------------------------------------------------------------------------


async def test_after_a_401_only_the_next_action_gets_a_new_token() -> None:
    async with headquarters() as one:
        call, tokens = one.talk(), one.simulated.tokens
        one.backend = one.logging_in()
        await one.calls()
        tokens.revoke_all()
        outcome = await one.backend.act(Hangup(**on(call)))
        assert outcome.answered is REFUSED
        assert "nothing was done, and the next try gets a new token" in outcome.words
        assert (one.actions(), tokens.logins, tokens.refreshes) == (1, 1, 0)
        assert state(call) is LegState.TALKING
        assert (await one.backend.act(Hangup(**on(call)))).answered is ACCEPTED
        assert (one.actions(), tokens.logins, tokens.refreshes) == (2, 1, 1)


async def test_a_given_token_that_is_not_accepted() -> None:
    async with headquarters() as one:
        backend = one.open(access_token="another-token-0123")
        for count in (1, 2):
            outcome = await backend.act(Hangup(site="hq", call="c"))
            assert outcome.answered is REFUSED
            assert "nothing was done, and a new token is needed" in outcome.words
            assert "pbxtui check hq" in outcome.words
            assert one.actions() == count


async def test_another_ones_account() -> None:
    async with headquarters() as one:
        backend = one.open(account="9999")
        outcome = await backend.act(Hangup(site="hq", call="c"))
        assert outcome.answered is REFUSED
        assert "User is not permitted to make a request against this account" in outcome.words
        assert "account in the config may be another one's" in outcome.words
        assert one.actions() == 1


async def test_a_refused_login_sends_no_action_and_is_repeated_by_a_person_only() -> None:
    async with headquarters() as one:
        call, tokens = one.talk(), one.simulated.tokens
        backend = one.logging_in(password="wrong")
        for attempts in (1, 2):
            with pytest.raises(LoginRefused) as caught:
                await backend.act(Hangup(**on(call)))
            assert not caught.value.unsure
            assert tokens.failed_logins == attempts
        assert one.actions() == 0
        assert "wrong" not in str(caught.value)


@pytest.mark.parametrize("fault", ["timeout", "reset", "500", "html", "empty"])
async def test_without_a_token_an_action_was_surely_not_sent(fault: str) -> None:
    async with headquarters() as one:
        backend = one.logging_in(timeout=0.3)
        one.faults.set(fault, on="token")
        with pytest.raises(BackendError) as caught:
            await backend.act(Hangup(site="hq", call="c"))
        assert not caught.value.unsure
        assert "read again by themselves" not in str(caught.value)
        assert one.actions() == 0
        assert one.simulated.password not in str(caught.value)
        one.faults.clear()
        outcome = await backend.act(Hangup(site="hq", call="c"))
        assert outcome.answered is REFUSED
        assert one.actions() == 1


async def test_what_hostile_callers_are_called_does_no_harm() -> None:
    async with headquarters() as one:
        call = one.talk()
        own = call.live_legs()[0]
        one.faults.set("hostile-text", on="reads")
        await one.calls()
        outcome = await one.backend.act(Hold(**on(call, own)))
        assert outcome.answered is ACCEPTED
        assert not any(text in outcome.words for text in HOSTILE_TEXTS)
