"""From a plan to what became of it: refused below the screen, sent once, undone, watched."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pbxtui.backends.base import BackendError, NotFound, TimedOut
from pbxtui.model import (
    Action,
    Agent,
    AgentState,
    Answer,
    Answered,
    CancelTransfer,
    Capability,
    Certainty,
    CompleteTransfer,
    Device,
    DeviceState,
    Dial,
    Flow,
    Hangup,
    Hold,
    LampState,
    LegState,
    LogAgent,
    Monitor,
    OnDevice,
    Outcome,
    Park,
    Party,
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
from pbxtui.service.acting import Chosen, Observed, Progress, Rights, Step, Why
from pbxtui.service.acting.sending import LEFT_WORDS, UNSENT_WORDS
from tests.service.acting.stage import acting
from tests.service.sites import Desk, talk

HOLD = Hold(site="hq", call="c1", leg="c1-own")
HANGUP = Hangup(site="hq", call="c1")
AGENT = Agent("hq", "a1", AgentState.READY, name="Ana", extension="203", queues=("281",))
FLOW = Flow("hq", "f1", LampState.IDLE, number="7100", value="day")
PHONE = Device("hq", "d1", DeviceState.REGISTERED, extension="305", name="Workshop")
EVERY: Mapping[Verb, Action] = {
    Verb.HOLD: HOLD,
    Verb.HANGUP: HANGUP,
    Verb.TRANSFER: Transfer(site="hq", call="c1", leg="c1-own", to="305"),
    Verb.ATTENDED: Transfer(site="hq", call="c1", leg="c1-own", to="305", attended=True),
    Verb.COMPLETE: CompleteTransfer(site="hq", call="c1", leg="c1-own", to="305"),
    Verb.CANCEL: CancelTransfer(site="hq", call="c1", leg="c1-own", to="305"),
    Verb.PARK: Park(site="hq", call="c1", leg="c1-own"),
    Verb.DIAL: Dial(site="hq", from_="447", to="305"),
    Verb.PAUSE: PauseAgent(site="hq", agent="a1", queue="281"),
    Verb.FLOW: SetFlow(site="hq", flow="f1", value="night"),
    Verb.REBOOT: OnDevice(site="hq", device="d1", reboot=True),
    Verb.UNREGISTER: OnDevice(site="hq", device="d1"),
    Verb.RESUME: Resume(site="hq", call="c1", leg="c1-own"),
    Verb.RETRIEVE: Retrieve(site="hq", call="c1", extension="447"),
    Verb.ANSWER: Answer(site="hq", call="c1", extension="447"),
    Verb.DTMF: SendDtmf(site="hq", call="c1", leg="c1-own", digits="4711"),
    Verb.RECORD: Record(site="hq", call="c1", leg="c1-own", on=True),
    Verb.MONITOR: Monitor(site="hq", call="c1", leg="c1-own", extension="447"),
    Verb.UNPAUSE: PauseAgent(site="hq", agent="a1", queue="281", paused=False),
    Verb.LOGIN: LogAgent(site="hq", agent="a1", queue="281"),
    Verb.LOGOUT: LogAgent(site="hq", agent="a1", queue="281", in_=False),
}


def desk(*more: object) -> Desk:
    made = Desk()
    made.show(talk(), AGENT, FLOW, PHONE, *more)  # type: ignore[arg-type]
    return made


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


# --- sent once -----------------------------------------------------------------------------------


async def test_an_action_is_sent_accepted_and_seen(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.desk.answer = Outcome(Answered.ACCEPTED, "OK")
        ticket = await stage.do(HOLD).answered()
        assert stage.desk.asked == [HOLD]
        stage.desk.show(talk(own=LegState.HELD))
        await stage.read()
        await ticket.done()
        assert stage.told(ticket) == [
            Step.PLANNED,
            Step.SENT,
            Step.ACCEPTED,
            Step.OBSERVED,
        ]
        assert ticket.words == "seen: it is held"
        (entry,) = await stage.journal()
        assert entry.what == "Hold 447 Front desk: +442079460958 Harbour Taxi hears music"
        assert (entry.who, entry.host, entry.site) == ("ana", "jump", "hq")
        assert (entry.call, entry.leg, entry.verb) == ("c1", "c1-own", "hold")
        assert (entry.outcome, entry.words, entry.observed) == ("accepted", "OK", "observed")
        assert entry.sent
        assert not entry.unfinished


@pytest.mark.parametrize(
    ("answer", "answered", "words"),
    [
        (Outcome(Answered.REFUSED, "leg is held, not talking"), Answered.REFUSED, "leg is held"),
        (Outcome(Answered.NOT_CONFIRMED, "an empty 202"), Answered.NOT_CONFIRMED, "an empty 202"),
        (NotFound("the call is over", "look again"), Answered.REFUSED, "over; look again"),
        (RuntimeError("a bug"), Answered.NOT_CONFIRMED, "pbxtui itself failed"),
    ],
)
async def test_what_came_back_is_told_as_it_was(
    tmp_path: Path, answer: Outcome | BaseException, answered: Answered, words: str
) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.desk.answer = answer
        ticket = await stage.do(HOLD).answered()
        assert ticket.outcome is not None
        assert ticket.outcome.answered is answered
        assert words in ticket.words
        assert stage.desk.asked == [HOLD]
        (entry,) = await stage.journal()
        assert entry.outcome == answered
        assert words in entry.words


async def test_a_failure_that_may_have_reached_the_pbx_is_not_confirmed(tmp_path: Path) -> None:
    late = TimedOut("no answer within 10 s")
    late.sent = True
    never = TimedOut("no connection")
    async with acting(tmp_path, desk()) as stage:
        for error, answered in ((late, Answered.NOT_CONFIRMED), (never, Answered.REFUSED)):
            stage.desk.answer = error
            ticket = await stage.do(HOLD).answered()
            assert ticket.outcome is not None
            assert ticket.outcome.answered is answered
            assert ticket.sent is error.sent
        assert len(stage.desk.asked) == 2
        assert [entry.sent for entry in await stage.journal()] == [True, False]


async def test_what_is_refused_by_the_pbx_is_not_watched(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.desk.answer = Outcome(Answered.REFUSED, "no")
        ticket = await stage.do(HOLD).done()
        assert ticket.observed is None
        assert stage.told(ticket)[-1] is Step.REFUSED


async def test_without_a_journal_nothing_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "in the way"
    file.write_text("")
    async with acting(file, desk()) as stage:
        ticket = await stage.do(HOLD).done()
        assert stage.desk.asked == []
        assert not ticket.sent
        assert "the audit journal" in ticket.words
        assert "nothing was sent" in ticket.words


async def test_a_listener_that_fails_stops_nothing(tmp_path: Path) -> None:
    def broken(progress: Progress) -> None:
        raise RuntimeError(progress.words)

    async with acting(tmp_path, desk()) as stage:
        stage.dispatcher.subscribe(broken)
        await stage.do(HOLD).answered()
        assert stage.desk.asked == [HOLD]


# --- one after the other -------------------------------------------------------------------------


async def test_two_actions_on_one_call_go_one_after_the_other(tmp_path: Path) -> None:
    one = desk(talk("c2"))
    one.gate = asyncio.Event()
    async with acting(tmp_path, one) as stage:
        first, second = stage.do(HOLD), stage.do(EVERY[Verb.PARK])
        other = stage.do(Hold(site="hq", call="c2", leg="c2-own"))
        await one.reached.wait()
        while len(one.asked) < 2:
            one.reached.clear()
            await one.reached.wait()
        assert [getattr(action, "call", "") for action in one.asked] == ["c1", "c2"]
        assert second.step is Step.PLANNED
        one.gate.set()
        await asyncio.gather(first.answered(), second.answered(), other.answered())
        assert one.asked[-1] == EVERY[Verb.PARK]
        assert len(one.asked) == 3


# --- the grace -----------------------------------------------------------------------------------


async def test_what_cannot_be_undone_asks_and_is_kept_back(tmp_path: Path) -> None:
    rights = Rights("noc")
    rights.unlock()
    async with acting(tmp_path, desk(), rights=rights) as stage:
        plan = stage.plan(HANGUP)
        assert plan.needs_yes
        assert plan.grace == 2.0
        assert not stage.plan(HOLD).needs_yes
        assert stage.plan(EVERY[Verb.REBOOT]).name == "305"
        ticket = stage.dispatcher.send(plan)
        await stage.grace.begun.wait()
        assert stage.grace.asked == [2.0]
        assert stage.desk.asked == []
        stage.grace.over.set()
        await ticket.answered()
        assert stage.desk.asked == [HANGUP]


async def test_undone_in_the_grace_nothing_is_sent(tmp_path: Path) -> None:
    async with acting(tmp_path, desk(), rights=Rights("reception", grace=2.0)) as stage:
        ticket = stage.do(HANGUP)
        await stage.grace.begun.wait()
        assert stage.dispatcher.undo(ticket)
        await ticket.done()
        assert stage.told(ticket) == [Step.PLANNED, Step.UNDONE]
        assert not stage.dispatcher.undo(ticket)
        after = await stage.do(HOLD).answered()
        assert after.step is Step.ACCEPTED
        assert stage.desk.asked == [HOLD]
        undone, held = await stage.journal()
        assert (undone.step, undone.sent, undone.verb) == ("undone", False, "hangup")
        assert held.outcome == "accepted"


async def test_reception_waits_for_nothing_and_can_undo_nothing_that_was_sent(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path, desk()) as stage:
        ticket = await stage.do(HANGUP).answered()
        assert stage.grace.asked == []
        assert not stage.dispatcher.undo(ticket)
        assert stage.desk.asked == [HANGUP]


# --- left behind ---------------------------------------------------------------------------------


async def test_whoever_waits_may_go_away(tmp_path: Path) -> None:
    one = desk()
    one.gate = asyncio.Event()
    async with acting(tmp_path, one) as stage:
        ticket = stage.do(HOLD)
        waiting = asyncio.create_task(ticket.answered())
        await one.reached.wait()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        one.gate.set()
        await ticket.answered()
        assert ticket.step is Step.ACCEPTED
        assert one.asked == [HOLD]


async def test_leaving_while_it_is_sent_waits_and_then_leaves_a_result(tmp_path: Path) -> None:
    one = desk()
    one.gate = asyncio.Event()
    async with acting(tmp_path, one, rights=Rights("reception", grace=2.0)) as stage:
        sent = stage.do(HOLD)
        kept_back = stage.do(HANGUP)
        await one.reached.wait()
        await stage.dispatcher.close(patience=0.01)
        assert one.asked == [HOLD]
        told = {entry.verb: entry for entry in await stage.journal()}
        assert (told["hold"].outcome, told["hold"].words) == ("not_confirmed", LEFT_WORDS)
        assert (told["hangup"].step, told["hangup"].words) == ("undone", UNSENT_WORDS)
        assert sent.over
        assert kept_back.over


async def test_a_loop_that_ends_in_the_middle_leaves_a_result(tmp_path: Path) -> None:
    one = desk()
    one.gate = asyncio.Event()

    async with acting(tmp_path, one) as stage:
        stage.do(HOLD)
        await one.reached.wait()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        (entry,) = await stage.journal()
        assert (entry.step, entry.outcome) == ("result", "not_confirmed")
        assert one.asked == [HOLD]


# --- seen, or not --------------------------------------------------------------------------------


async def test_after_three_full_readings_it_is_not_observed(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        ticket = await stage.do(HOLD).answered()
        for _ in range(2):
            await stage.read()
        await stage.read(Topic.LAMPS)
        assert not ticket.over
        await stage.read()
        assert ticket.observed is Observed.NOT_OBSERVED
        assert ticket.words == "3 readings later hq does not show that it is held"
        (entry,) = await stage.journal()
        assert (entry.outcome, entry.observed) == ("accepted", "not_observed")


async def test_a_reading_that_began_before_the_answer_does_not_count(tmp_path: Path) -> None:
    one = desk()
    async with acting(tmp_path, one) as stage:
        slow = asyncio.Event()
        begun = asyncio.Event()
        quick = one.read

        async def slowly(topic: Topic) -> object:
            begun.set()
            await slow.wait()
            return await quick(topic)

        one.read = slowly  # type: ignore[method-assign, assignment]
        reading = asyncio.create_task(stage.read())
        await begun.wait()
        ticket = await stage.do(HOLD).answered()
        slow.set()
        await reading
        one.read = quick  # type: ignore[method-assign]
        await stage.read()
        await stage.read()
        assert not ticket.over
        await stage.read()
        assert ticket.observed is Observed.NOT_OBSERVED


async def test_failed_readings_do_not_count_but_not_for_ever(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        ticket = await stage.do(HOLD).answered()
        stage.desk.error = BackendError("cannot be read")
        for _ in range(12):
            with pytest.raises(BackendError):
                await stage.read()
        assert not ticket.over
        with pytest.raises(BackendError):
            await stage.read()
        assert ticket.observed is Observed.NOT_OBSERVED
        assert "cannot be read" in ticket.words


async def test_an_effect_is_seen_although_nobody_confirmed_it(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.desk.answer = Outcome(Answered.NOT_CONFIRMED, "no answer")
        ticket = await stage.do(HANGUP).answered()
        assert ticket.step is Step.NOT_CONFIRMED
        stage.desk.show()
        await stage.read()
        assert not ticket.over
        await stage.read()
        assert ticket.observed is Observed.OBSERVED


async def test_a_hold_that_is_never_shown_is_assumed_until_it_is_resumed(tmp_path: Path) -> None:
    one = desk()
    hidden = Capability(True, "The list does not show a hold.", shown=False)
    one.capabilities = {**one.capabilities, Verb.HOLD: hidden, Verb.RESUME: hidden}
    async with acting(tmp_path, one) as stage:
        plan = stage.plan(HOLD)
        assert plan.note == "The list does not show a hold."
        ticket = await stage.dispatcher.send(plan).done()
        assert ticket.observed is Observed.NOT_OBSERVABLE
        leg = stage.site.snapshot.calls["c1"].legs[1]
        assert (leg.state, leg.certainty) == (LegState.HELD, Certainty.ASSUMED)
        await stage.read()
        assert stage.site.snapshot.calls["c1"].state is LegState.HELD
        await stage.do(Resume(site="hq", call="c1", leg="c1-own")).done()
        assert stage.site.snapshot.calls["c1"] == talk()
        assert [entry.observed for entry in await stage.journal()] == ["not_observable"] * 2


async def test_readings_after_the_end_still_drop_what_was_assumed(tmp_path: Path) -> None:
    one = desk()
    one.capabilities = {Verb.HOLD: Capability(True, shown=False)}
    async with acting(tmp_path, one) as stage:
        await stage.do(HOLD).done()
        await stage.dispatcher.close()
        one.show(talk(state=LegState.ENDED))
        await stage.read()
        assert stage.dispatcher.assumed.of("hq") == []


async def test_a_hold_that_was_not_confirmed_is_not_claimed(tmp_path: Path) -> None:
    one = desk()
    one.capabilities = {Verb.HOLD: Capability(True, shown=False)}
    one.answer = Outcome(Answered.NOT_CONFIRMED, "no answer")
    async with acting(tmp_path, one) as stage:
        await stage.do(HOLD).done()
        assert stage.site.snapshot.calls["c1"] == talk()


async def test_following_reads_the_site_until_the_effect_is_seen(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.grace.over.set()
        ticket = stage.do(HOLD)
        stage.desk.show(talk(own=LegState.HELD))
        followed = await stage.dispatcher.follow(ticket)
        assert followed.observed is Observed.OBSERVED
        again = await stage.dispatcher.follow(stage.do(HOLD))
        assert again.step is Step.REFUSED


async def test_with_the_poll_loops_running_the_effect_is_looked_for_at_once(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path, desk()) as stage:
        await stage.site.start()
        try:
            stage.desk.gate = asyncio.Event()
            ticket = stage.do(HOLD)
            await stage.desk.reached.wait()
            stage.desk.show(talk(own=LegState.HELD))
            stage.desk.gate.set()
            await ticket.done()
            assert ticket.observed is Observed.OBSERVED
        finally:
            await stage.site.stop()


async def test_an_old_picture_is_said(tmp_path: Path) -> None:
    async with acting(tmp_path, desk()) as stage:
        stage.clock.now += 20_000
        assert stage.plan(HOLD).warnings == (
            "calls of hq were read 20000 s ago: it may be different by now",
        )
