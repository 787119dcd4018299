"""Attended transfers that have begun: recognised, told in a sentence, completed and cancelled."""

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
    Direction,
    LegState,
    Outcome,
    Party,
    Snapshot,
    Transfer,
    Verb,
)
from pbxtui.service.acting import (
    Aim,
    Ask,
    Assumed,
    Chosen,
    Consultation,
    Observed,
    Refusal,
    Step,
    Why,
    aim,
    consultation,
    sentence,
)
from pbxtui.service.acting.expect import PER_KEY
from pbxtui.service.acting.shaping import LONGEST
from tests.backends.asterisk.recorded import Heard
from tests.service.acting.stage import Acting, acting
from tests.service.sites import DESK, NOON, TAXI, WORKSHOP, Desk, leg, talk

ATTENDED = Transfer(site="hq", call="c1", leg="c1-own", to="305", attended=True)


def shot(*calls: Call) -> Snapshot:
    return Snapshot("hq", {call.id: call for call in calls})


def consulting(asked: LegState = LegState.TALKING) -> Call:
    """As Asterisk shows it: the taxi waits alone, 447 talks with (or rings) 305."""
    together = asked is LegState.TALKING
    legs = (
        replace(leg("c1-out", LegState.HELD, bridge="b1"), started=1.0, since=8.0),
        replace(leg("c1-own", extension="447", bridge="b2"), started=2.0),
        replace(
            leg(
                "c1-ask",
                asked,
                from_=DESK,
                to=WORKSHOP,
                extension="305",
                bridge="b2" if together else "",
            ),
            started=7.0,
        ),
    )
    return replace(talk(), legs=legs)


def two_calls(
    held: LegState = LegState.HELD, asked: LegState = LegState.TALKING
) -> tuple[Call, Call]:
    """As Vonage shows it: 447 has the taxi on one call, and made another one to 305."""
    first = talk(own=held)
    first = replace(
        first,
        legs=tuple(replace(each, bridge="", started=1.0) for each in first.legs),
    )
    legs = (
        leg("c2-own", asked, from_=DESK, to=WORKSHOP, extension="447", bridge=""),
        leg("c2-ask", asked, from_=DESK, to=WORKSHOP, extension="305", bridge=""),
    )
    second = Call(
        "hq",
        "c2",
        asked,
        direction=Direction.INTERNAL,
        from_=DESK,
        to=WORKSHOP,
        started=9.0,
        legs=tuple(replace(each, started=9.0) for each in legs),
    )
    return first, second


def moved(asked: LegState = LegState.TALKING) -> tuple[Call, Call]:
    """As MiRTA shows it: the taxi alone on its call, the leg of 447 on another one with 305."""
    first = talk()
    own = next(each for each in first.legs if each.extension)
    second = Call(
        "hq",
        "c9",
        LegState.TALKING,
        from_=DESK,
        to=WORKSHOP,
        legs=(
            replace(own, bridge="b7"),
            leg("c9-ask", asked, from_=DESK, to=WORKSHOP, extension="305", bridge="b8"),
        ),
    )
    return replace(first, legs=tuple(each for each in first.legs if each is not own)), second


def found(*calls: Call, of: int = 0) -> Consultation:
    one = consultation(calls[of], shot(*calls))
    assert one is not None
    return one


# --- recognised ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heard", "answered"),
    [
        (
            Heard().lists("attended-transfer-before").events("attended-transfer-ringing"),
            False,
        ),
        (
            Heard().lists("attended-transfer-consulting").lists("attended-transfer-consulting"),
            True,
        ),
    ],
    ids=["rings", "talks"],
)
def test_asterisk_shows_it(heard: Heard, answered: bool) -> None:
    call = heard.call()
    one = consultation(call, Snapshot("lab", {call.id: call}))
    assert one is not None
    assert (one.by.number, one.to.number, one.answered) == ("1002", "1006", answered)
    assert [party.number for party in one.waiting] == ["1001"]
    assert one.certainty is Certainty.INFERRED


@pytest.mark.parametrize("of", [0, 1])
def test_two_calls_of_one_phone_show_it_from_either_row(of: int) -> None:
    one = found(*two_calls(), of=of)
    assert (one.call.id, one.leg, one.second, one.asked) == ("c1", "c1-own", "c2-own", "c2-ask")
    assert (one.by.number, one.to.number, one.waiting, one.since) == ("447", "305", (TAXI,), 9.0)


@pytest.mark.parametrize(
    "calls",
    [
        (talk(),),
        (talk(own=LegState.HELD),),
        (talk(), replace(two_calls()[1], from_=WORKSHOP)),
        (two_calls()[0], replace(two_calls()[1], from_=WORKSHOP, to=DESK)),
        (talk(), two_calls()[1]),
        (two_calls()[0], two_calls(asked=LegState.HELD)[1]),
        (*two_calls(), talk("c3")),
    ],
    ids=[
        "a talk",
        "a hold",
        "not held",
        "who is called second asks nobody",
        "the PBX shows who hears whom, and nobody waits",
        "both are held",
        "three calls",
    ],
)
def test_what_is_none_is_not_taken_for_one(calls: tuple[Call, ...]) -> None:
    assert all(consultation(call, shot(*calls)) is None for call in calls)


# --- said and sent -------------------------------------------------------------------------------

TAXI_TO_305 = "the transfer of +442079460958 Harbour Taxi to 305 Workshop"


def said(verb: Verb, *calls: Call, ask: Consultation | None = None) -> str:
    aimed = aim(verb, Chosen(calls[0]), shot(*calls), ask=Ask(consultation=ask))
    assert isinstance(aimed, Aim), aimed
    return sentence(aimed.action, shot(*calls)).text


@pytest.mark.parametrize(
    ("verb", "calls", "words"),
    [
        (Verb.COMPLETE, (consulting(),), "they hear each other, 447 Front desk becomes free"),
        (
            Verb.CANCEL,
            (consulting(),),
            "305 is cut off, +442079460958 Harbour Taxi and 447 Front desk hear each other again",
        ),
        (
            Verb.CANCEL,
            (consulting(LegState.RINGING),),
            "305 stops ringing, +442079460958 Harbour Taxi and 447 Front desk hear each other "
            "again",
        ),
        (Verb.COMPLETE, two_calls(), "they hear each other, 447 Front desk becomes free"),
        (
            Verb.CANCEL,
            two_calls(),
            "305 is cut off, +442079460958 Harbour Taxi waits on until 447 Front desk resumes",
        ),
    ],
)
def test_who_will_hear_what_is_said_before(verb: Verb, calls: tuple[Call, ...], words: str) -> None:
    assert said(verb, *calls) == f"{verb.value.capitalize()} {TAXI_TO_305}: {words}"


def test_where_nobody_is_shown_it_is_said_to_be_not_known() -> None:
    one = Consultation(talk(), "c1-own", DESK, Party("305"), (TAXI,), None)
    assert said(Verb.COMPLETE, talk(), ask=one).endswith(
        "to 305: who hears whom then is not known, hq does not show it"
    )


def test_without_a_consultation_there_is_nothing_to_complete() -> None:
    refused = aim(Verb.COMPLETE, Chosen(talk()), shot(talk()))
    assert isinstance(refused, Refusal)
    assert refused.why is Why.UNSUITED
    assert "nothing to complete" in refused.words


def desk_over(*calls: Call) -> Desk:
    desk = Desk()
    desk.show(*calls)
    return desk


def plan(stage: Acting, verb: Verb) -> Aim:
    snapshot = stage.site.snapshot
    call = next(iter(snapshot.calls.values()))
    ask = Ask(consultation=consultation(call, snapshot, stage.dispatcher))
    aimed = aim(verb, Chosen(call), snapshot, ask=ask)
    assert isinstance(aimed, Aim), aimed
    return aimed


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
