"""Refused below the screen: for want of a right, of the means, or of what was there at the key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pbxtui.model import (
    Action,
    Capability,
    Hold,
    LegState,
    OnDevice,
    Party,
    PauseAgent,
    SetFlow,
    Topic,
    Verb,
)
from pbxtui.service.acting import Chosen, Rights, Step, Why
from tests.service.acting.every import AGENT, EVERY, FLOW, HANGUP, HOLD, PHONE, desk
from tests.service.acting.stage import acting
from tests.service.sites import talk

# --- refused below the screen --------------------------------------------------------------------


def test_no_action_of_the_model_is_left_out() -> None:
    assert set(EVERY) == set(Verb)


@pytest.mark.parametrize("verb", EVERY)
@pytest.mark.parametrize(
    ("rights", "changed", "why"),
    [
        (Rights("noc"), {}, Why.LOCKED),
        (Rights("reception"), {"read_only": True}, Why.READ_ONLY),
        (Rights("reception", deny=Verb), {}, Why.DENIED),
        (Rights("reception", allow=()), {}, Why.DENIED),
        (Rights("reception"), {"deny": tuple(Verb)}, Why.DENIED),
        (Rights("reception"), {"allow": ()}, Why.DENIED),
    ],
    ids=["locked", "read-only", "denied", "not allowed", "denied at the site", "not allowed there"],
)
async def test_what_may_not_be_done_is_refused_and_in_the_journal(
    tmp_path: Path, verb: Verb, rights: Rights, changed: dict[str, object], why: Why
) -> None:
    async with acting(tmp_path, desk(), rights=rights, changed=changed) as stage:
        plan = stage.plan(EVERY[verb])
        assert plan.refused is not None
        assert plan.refused.why is why
        ticket = await stage.dispatcher.send(plan).done()
        assert stage.desk.asked == []
        assert not ticket.sent
        assert stage.told(ticket) == [Step.PLANNED, Step.REFUSED]
        (entry,) = await stage.journal()
        assert (entry.step, entry.outcome, entry.sent) == ("refused", "refused", False)
        assert entry.words == str(plan.refused)
        assert entry.what == plan.sentence


@pytest.mark.parametrize("verb", EVERY)
async def test_what_the_pbx_cannot_do_is_refused_with_its_reason(
    tmp_path: Path, verb: Verb
) -> None:
    one = desk()
    one.capabilities = {verb: Capability(False, "This PBX cannot.", "do it at the phone")}
    async with acting(tmp_path, one) as stage:
        ticket = await stage.do(EVERY[verb]).done()
        assert one.asked == []
        assert ticket.refusal is not None
        assert ticket.refusal.why is Why.NOT_CAPABLE
        assert ticket.words == "This PBX cannot; do it at the phone"
        assert [entry.verb for entry in await stage.journal()] == [verb]


async def test_locking_while_it_is_kept_back_refuses_it(tmp_path: Path) -> None:
    rights = Rights("noc")
    rights.unlock()
    async with acting(tmp_path, desk(), rights=rights) as stage:
        ticket = stage.do(HANGUP)
        await stage.grace.begun.wait()
        rights.lock()
        stage.grace.over.set()
        await ticket.done()
        assert stage.desk.asked == []
        assert ticket.refusal is not None
        assert ticket.refusal.why is Why.LOCKED


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Hold(site="hq", call="none", leg="x"), "hq shows no call none"),
        (Hold(site="hq", call="c1", leg="none"), "the call has no leg none"),
        (PauseAgent(site="hq", agent="none"), "hq shows no agent none"),
        (SetFlow(site="hq", flow="none", value="x"), "hq shows no flow none"),
        (OnDevice(site="hq", device="none"), "hq shows no phone none"),
        (Hold(site="elsewhere", call="c1"), "there is no site “elsewhere”"),
    ],
)
async def test_what_is_not_there_is_not_acted_on(
    tmp_path: Path, action: Action, words: str
) -> None:
    async with acting(tmp_path, desk()) as stage:
        ticket = await stage.do(action).done()
        assert stage.desk.asked == []
        assert words in ticket.words


# --- between the key press and the sending -------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "now", "why"),
    [
        (HANGUP, (), Why.GONE),
        (HOLD, (), Why.GONE),
        (HANGUP, (talk(state=LegState.ENDED),), Why.GONE),
        (HOLD, (replace(talk(), legs=talk().legs[:1]),), Why.CHANGED),
        (HOLD, (talk(own=LegState.ENDED),), Why.GONE),
        (HOLD, (talk(own=LegState.HELD),), Why.CHANGED),
        (HANGUP, (talk(caller=Party("+4570101112")),), Why.CHANGED),
        (HANGUP, (talk(state=LegState.RINGING),), Why.CHANGED),
        (EVERY[Verb.PAUSE], (replace(AGENT, extension="204"),), Why.CHANGED),
        (EVERY[Verb.PAUSE], (), Why.GONE),
        (EVERY[Verb.FLOW], (replace(FLOW, value="night"),), Why.CHANGED),
        (EVERY[Verb.REBOOT], (replace(PHONE, extension="306"),), Why.CHANGED),
    ],
)
async def test_what_has_changed_since_the_key_press_gets_nothing(
    tmp_path: Path, action: Action, now: tuple[object, ...], why: Why
) -> None:
    async with acting(tmp_path, desk(), rights=Rights("reception", grace=2.0)) as stage:
        plan = stage.plan(action)
        assert plan.refused is None
        stage.desk.show(*now)  # type: ignore[arg-type]
        for topic in Topic:
            await stage.read(topic)
        stage.grace.over.set()
        ticket = await stage.dispatcher.send(plan).done()
        assert stage.desk.asked == []
        assert ticket.refusal is not None
        assert ticket.refusal.why is why
        assert "nothing was sent" in ticket.words
        (entry,) = await stage.journal()
        assert (entry.step, entry.words) == ("refused", ticket.words)


async def test_what_has_changed_during_the_grace_gets_nothing(tmp_path: Path) -> None:
    async with acting(tmp_path, desk(), rights=Rights("reception", grace=2.0)) as stage:
        ticket = stage.do(HANGUP)
        await stage.grace.begun.wait()
        stage.desk.show(talk(caller=Party("+4570101112", "Somebody else")))
        await stage.read()
        stage.grace.over.set()
        await ticket.done()
        assert stage.desk.asked == []
        assert "somebody else is on the call now" in ticket.words


async def test_the_row_of_the_key_press_counts_not_that_of_the_plan(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        row = Chosen(talk(caller=Party("+4570101112")))
        plan = stage.dispatcher.plan(HANGUP, row)
        assert plan.refused is not None
        assert plan.refused.why is Why.CHANGED
        other = stage.dispatcher.plan(HOLD, Chosen(talk(), "c1-out"))
        assert other.refused is not None
        assert "not for the row that was chosen" in other.refused.words


async def test_what_does_not_matter_changes_nothing(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        plan = stage.plan(HANGUP)
        named = talk(caller=Party("+442079460958", "Harbour Taxi Ltd"))
        stage.desk.show(replace(named, since=99.0, queue="support"))
        await stage.read()
        await stage.dispatcher.send(plan).answered()
        assert stage.desk.asked == [HANGUP]
