"""What is made of each answer to an action, and what Telphin cannot do."""

from __future__ import annotations

import pytest

from pbxtui.backends.base import BackendError
from pbxtui.backends.telphin.acting import GONE
from pbxtui.backends.telphin.facts import CAPABILITIES
from pbxtui.model import (
    Action,
    Answered,
    CancelTransfer,
    Certainty,
    CompleteTransfer,
    Dial,
    Hangup,
    Hold,
    LegState,
    OnDevice,
    PauseAgent,
    Record,
    Retrieve,
    SendDtmf,
    SetFlow,
    Verb,
)
from tests.backends.server import Reply
from tests.backends.telphin.acting import CONTROL, DIAL, ON, talking
from tests.backends.telphin.bodies import CALLBACK, NOT_FOUND
from tests.backends.telphin.conftest import Site

# --- what comes back -------------------------------------------------------------------------

PUT_ANSWERS = [
    (Reply("", 200), Answered.ACCEPTED),
    (Reply("{}", 200), Answered.ACCEPTED),
    (Reply('{"action":"hold"}', 200), Answered.ACCEPTED),
    (Reply("", 204), Answered.ACCEPTED),
    (Reply("", 202), Answered.NOT_CONFIRMED),
    (Reply("", 201), Answered.NOT_CONFIRMED),
    (Reply("<html><title>Proxy</title></html>", 200), Answered.NOT_CONFIRMED),
    (Reply('{"action":"ho', 200), Answered.NOT_CONFIRMED),
    (Reply('{"action":"hold"}', 200, only=5), Answered.NOT_CONFIRMED),
    (Reply(reset=True), Answered.NOT_CONFIRMED),
    (Reply(hang_up=True), Answered.NOT_CONFIRMED),
    (Reply("", 500), Answered.NOT_CONFIRMED),
    (Reply("<html></html>", 502), Answered.NOT_CONFIRMED),
    (Reply("", 301, {"location": "/elsewhere"}), Answered.NOT_CONFIRMED),
    (Reply("{}", 307, {"location": "/api/ver1.0/again"}), Answered.NOT_CONFIRMED),
    (Reply('{"message":"no"}', 400), Answered.REFUSED),
    (Reply("", 401), Answered.REFUSED),
    (Reply("", 403), Answered.REFUSED),
    (Reply(NOT_FOUND, 404), Answered.REFUSED),
    (Reply("", 409), Answered.REFUSED),
    (Reply("", 422), Answered.REFUSED),
    (Reply("", 429), Answered.REFUSED),
]


@pytest.mark.parametrize(("reply", "answered"), PUT_ANSWERS)
async def test_what_is_made_of_an_answer(site: Site, reply: Reply, answered: Answered) -> None:
    await talking(site)
    site.server.on(CONTROL, reply)
    outcome = await site.backend.act(Hold(**ON))
    assert outcome.answered is answered
    assert bool(outcome.words) is (answered is not Answered.ACCEPTED)
    assert len(site.server.of(CONTROL)) == 1
    assert [request for request in site.server.requests if request.method == "PUT"] == [
        site.server.of(CONTROL)[0]
    ]


async def test_no_answer(site: Site) -> None:
    site.open(timeout=0.2)
    await talking(site)
    site.server.on(CONTROL, Reply(silent=True))
    outcome = await site.backend.act(Hangup(**ON))
    assert outcome.answered is Answered.NOT_CONFIRMED
    assert "no answer within 0.2 s" in outcome.words
    assert len(site.server.of(CONTROL)) == 1


@pytest.mark.parametrize(
    ("reply", "answered"),
    [
        (Reply(CALLBACK, 201), Answered.ACCEPTED),
        (Reply(CALLBACK, 200), Answered.ACCEPTED),
        (Reply('{"call_id": 7}', 201), Answered.ACCEPTED),
        (Reply("", 201), Answered.NOT_CONFIRMED),
        (Reply("", 204), Answered.NOT_CONFIRMED),
        (Reply("{}", 201), Answered.NOT_CONFIRMED),
        (Reply("[]", 201), Answered.NOT_CONFIRMED),
        (Reply("<html>", 200), Answered.NOT_CONFIRMED),
        (Reply(CALLBACK, 201, only=20), Answered.NOT_CONFIRMED),
        (Reply("", 500), Answered.NOT_CONFIRMED),
        (Reply(NOT_FOUND, 404), Answered.REFUSED),
    ],
)
async def test_what_is_made_of_a_callbacks_answer(
    site: Site, reply: Reply, answered: Answered
) -> None:
    site.server.on(DIAL, reply)
    outcome = await site.backend.act(Dial(site="cloud", from_="102", to="103"))
    assert outcome.answered is answered
    assert bool(outcome.created) is (answered is Answered.ACCEPTED)
    assert len(site.server.of(DIAL)) == 1


async def test_refusals_in_words(site: Site) -> None:
    await talking(site)
    for reply, words in (
        (Reply(NOT_FOUND, 404), GONE),
        (
            Reply('{"message":"deny","status":"app_access_type_deny"}', 403),
            "ask Telphin's administrator for application level “All”",
        ),
        (Reply('{"message":"x","status":"user_access_type_deny"}', 403), "may only read"),
        (Reply('{"message":"x","status":"user_blocked"}', 403), "is blocked"),
        (Reply('{"message":"x","status":"access_denied"}', 403), "has no right to this"),
        (Reply('{"message":"leg is ringing"}', 400), "“leg is ringing”"),
    ):
        site.server.on(CONTROL, reply)
        outcome = await site.backend.act(Hold(**ON))
        assert outcome.answered is Answered.REFUSED
        assert words in outcome.words


async def test_nothing_listens(site: Site) -> None:
    await talking(site)
    backend = site.open(url="http://127.0.0.1:9")
    with pytest.raises(BackendError) as caught:
        await backend.act(Hold(**ON))
    assert not caught.value.unsure


# --- a hold, which the wire does not show ----------------------------------------------------


async def test_what_is_not_on_the_wire_is_not_claimed_here(site: Site) -> None:
    """A hold that was accepted is kept by the service, over a restart too, and only there."""
    await talking(site)
    site.server.on(CONTROL, Reply(""))
    outcome = await site.backend.act(Hold(**ON))
    assert outcome.answered is Answered.ACCEPTED
    assert not site.backend.capabilities[Verb.HOLD].shown
    (call,) = (await site.calls()).values()
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.SEEN)


# --- what Telphin cannot do ------------------------------------------------------------------


@pytest.mark.parametrize(
    "action",
    [
        CompleteTransfer(**ON, to="103"),
        CancelTransfer(**ON, to="103"),
        Retrieve(**ON),
        SendDtmf(**ON, digits="1"),
        Record(**ON, on=True),
        PauseAgent(site="cloud", agent="local/12"),
        PauseAgent(site="cloud", agent="local/12", paused=False),
        SetFlow(site="cloud", flow="1"),
        OnDevice(site="cloud", device="85219", reboot=True),
    ],
)
async def test_what_telphin_cannot_do_is_not_sent(site: Site, action: Action) -> None:
    capability = site.backend.capabilities[action.verb]
    assert not capability.possible
    with pytest.raises(BackendError) as caught:
        await site.backend.act(action)
    assert caught.value.words == capability.why
    assert site.server.requests == []


def test_every_verb_has_its_capability_and_a_reason() -> None:
    assert set(CAPABILITIES) == set(Verb)
    for verb, capability in CAPABILITIES.items():
        assert capability.possible or capability.why, verb
    assert "assume" in CAPABILITIES[Verb.HOLD].why
    assert "All" in CAPABILITIES[Verb.LOGIN].why
