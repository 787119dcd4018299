"""Attended transfers that have begun: completed, cancelled, and kept until they are over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pbxtui.model import (
    Answered,
    Call,
    CancelTransfer,
    Capability,
    Certainty,
    CompleteTransfer,
    LegState,
    Outcome,
    Party,
    Verb,
)
from pbxtui.service.acting import Assumed, Observed, Step, consultation
from pbxtui.service.acting.expect import PER_KEY
from pbxtui.service.acting.shaping import LONGEST
from tests.service.acting.consultations import (
    ATTENDED,
    consulting,
    desk_over,
    moved,
    plan,
    two_calls,
)
from tests.service.acting.stage import Acting, acting
from tests.service.sites import NOON, talk

# --- said and sent -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "after"),
    [
        ((consulting(),), (replace(consulting(), legs=consulting().legs[::2]),)),
        (
            two_calls(),
            (replace(talk(), legs=(two_calls()[0].legs[0], two_calls()[1].legs[1])),),
        ),
    ],
    ids=["one call", "two calls"],
)
async def test_completed_is_seen_when_the_phone_is_free_and_the_others_talk(
    tmp_path: Path, shown: tuple[Call, ...], after: tuple[Call, ...]
) -> None:
    async with acting(tmp_path, desk_over(*shown)) as stage:
        aimed = plan(stage, Verb.COMPLETE)
        ticket = stage.dispatcher.send(stage.dispatcher.plan(aimed.action, aimed.chosen))
        await ticket.answered()
        assert isinstance(stage.desk.asked[0], CompleteTransfer)
        await stage.read()
        assert not ticket.over, "nothing has changed yet"
        stage.desk.show(*after)
        await stage.read()
        assert ticket.observed is Observed.OBSERVED


async def test_cut_off_is_not_completed(tmp_path: Path) -> None:
    async with acting(tmp_path, desk_over(consulting())) as stage:
        aimed = plan(stage, Verb.COMPLETE)
        ticket = stage.dispatcher.send(stage.dispatcher.plan(aimed.action, aimed.chosen))
        await ticket.answered()
        stage.desk.show()
        for _ in range(4):
            await stage.read()
        assert ticket.observed is Observed.NOT_OBSERVED


async def test_cancelled_is_seen_when_nobody_is_asked_and_the_others_are_there(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path, desk_over(consulting())) as stage:
        aimed = plan(stage, Verb.CANCEL)
        ticket = stage.dispatcher.send(stage.dispatcher.plan(aimed.action, aimed.chosen))
        await ticket.answered()
        assert isinstance(stage.desk.asked[0], CancelTransfer)
        await stage.read()
        assert not ticket.over
        stage.desk.show(talk())
        await stage.read()
        assert ticket.observed is Observed.OBSERVED


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (consulting(), talk(), "305 is not asked any more"),
        (consulting(LegState.RINGING), consulting(LegState.RINGING), "305 has not answered yet"),
        (consulting(), replace(consulting(), legs=consulting().legs[1:]), "nobody waits"),
    ],
    ids=["given up", "not answered", "whoever waited has left"],
)
async def test_nothing_is_sent_to_a_consultation_that_is_not_what_it_was(
    tmp_path: Path, then: Call, now: Call, words: str
) -> None:
    async with acting(tmp_path, desk_over(then)) as stage:
        aimed = plan(stage, Verb.COMPLETE)
        stage.desk.show(now)
        await stage.read()
        ticket = await stage.dispatcher.send(
            stage.dispatcher.plan(aimed.action, aimed.chosen)
        ).answered()
        assert stage.desk.asked == []
        assert words in ticket.words


def shown(stage: Acting) -> bool:
    """Whether anybody is said to be asked."""
    snapshot = stage.site.snapshot
    found = [consultation(call, snapshot, stage.dispatcher) for call in snapshot.calls.values()]
    return any(one is not None for one in found)


# --- kept ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("answered", [LegState.RINGING, LegState.TALKING])
async def test_an_accepted_transfer_is_kept_over_a_restart_until_it_is_ended(
    tmp_path: Path, answered: LegState
) -> None:
    async with acting(tmp_path, desk_over(talk())) as stage:
        await stage.do(ATTENDED).answered()
        (kept,) = stage.dispatcher.assumed.consultations("hq")
        assert (kept.leg, kept.to, kept.since) == ("c1-own", "305", NOON)
        one = consultation(talk(), stage.site.snapshot, stage.dispatcher)
        assert one is not None
        assert (one.certainty, one.to, one.answered) == (Certainty.ASSUMED, Party("305"), None)
        await stage.dispatcher.close()
    async with acting(tmp_path, desk_over(*moved(answered))) as stage:
        for call in stage.site.snapshot.calls.values():
            one = consultation(call, stage.site.snapshot, stage.dispatcher)
            assert one is not None
            assert (one.call.id, one.leg, one.asked, one.waits) == (
                "c9",
                "c1-own",
                "c9-ask",
                "c1-out",
            )
            assert one.certainty is Certainty.INFERRED
            assert one.answered is (answered is LegState.TALKING)
        aimed = plan(stage, Verb.CANCEL)
        await stage.dispatcher.send(stage.dispatcher.plan(aimed.action, aimed.chosen)).answered()
        assert stage.dispatcher.assumed.consultations("hq") == []
        await stage.dispatcher.close()
    assert Assumed(tmp_path / "assumed.json").consultations("hq") == []


@pytest.mark.parametrize(
    "after",
    [(talk(),), (replace(talk(), legs=talk().legs[:1]),), ()],
    ids=["cancelled at the phone", "completed at the phone", "everybody has hung up"],
)
async def test_what_was_ended_at_the_phone_is_kept_no_longer(
    tmp_path: Path, after: tuple[Call, ...]
) -> None:
    async with acting(tmp_path, desk_over(talk())) as stage:
        await stage.do(ATTENDED).answered()
        stage.desk.show(*moved())
        await stage.read()
        assert stage.dispatcher.assumed.consultations("hq")
        stage.desk.show(*after)
        await stage.read()
        assert stage.dispatcher.assumed.consultations("hq"), "one reading may be wrong"
        await stage.read()
        assert stage.dispatcher.assumed.consultations("hq") == []


async def test_who_declined_is_asked_no_more_as_soon_as_the_others_share_a_bridge(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path, desk_over(talk())) as stage:
        await stage.dispatcher.send(stage.dispatcher.plan(ATTENDED)).answered()
        await stage.read()
        assert shown(stage), "they still share one: the keys may not have been pressed yet"
        stage.desk.show(consulting(LegState.RINGING))
        await stage.read()
        assert shown(stage)
        stage.desk.show(talk())
        await stage.read()
        assert not shown(stage)


async def test_of_whom_nothing_is_ever_shown_it_is_not_assumed_for_ever(tmp_path: Path) -> None:
    async with acting(tmp_path, desk_over(talk())) as stage:
        await stage.do(ATTENDED).answered()
        (kept,) = stage.dispatcher.assumed.consultations("hq")
        stage.clock.now += LONGEST[kept.what] - 1
        await stage.read()
        assert stage.dispatcher.assumed.consultations("hq")
        stage.clock.now += 2
        await stage.read()
        assert stage.dispatcher.assumed.consultations("hq") == []


@pytest.mark.parametrize("answer", [Answered.REFUSED, Answered.NOT_CONFIRMED])
async def test_what_was_not_accepted_is_no_consultation(tmp_path: Path, answer: Answered) -> None:
    one = desk_over(talk())
    one.answer = Outcome(answer)
    async with acting(tmp_path, one) as stage:
        await stage.do(ATTENDED).answered()
        assert consultation(talk(), stage.site.snapshot, stage.dispatcher) is None


async def test_a_pbx_that_cannot_end_it_says_why(tmp_path: Path) -> None:
    one = desk_over(consulting())
    why = Capability(False, "This PBX does not say how.", "complete it at the phone")
    one.capabilities = {**one.capabilities, Verb.COMPLETE: why}
    async with acting(tmp_path, one) as stage:
        aimed = plan(stage, Verb.COMPLETE)
        ticket = await stage.dispatcher.send(
            stage.dispatcher.plan(aimed.action, aimed.chosen)
        ).done()
        assert (ticket.step, stage.desk.asked) == (Step.REFUSED, [])
        assert "complete it at the phone" in ticket.words


async def test_what_is_read_while_the_keys_are_still_pressed_proves_nothing(
    tmp_path: Path,
) -> None:
    """An Asterisk presses the number on the phone, key by key, before it rings anybody."""
    async with acting(tmp_path, desk_over(talk())) as stage:
        ticket = stage.do(replace(ATTENDED, to="900442079460958"))
        await ticket.answered()
        for _ in range(6):
            await stage.read()
        assert not ticket.over
        stage.clock.now += len("900442079460958") * PER_KEY
        for _ in range(3):
            await stage.read()
        assert ticket.observed is Observed.NOT_OBSERVED
