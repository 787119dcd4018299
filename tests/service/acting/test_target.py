"""From the chosen row to the action: that row and no other, or a sentence that says what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.model import (
    Action,
    Agent,
    AgentState,
    Answer,
    Call,
    Caller,
    Device,
    DeviceState,
    Dial,
    Direction,
    Flow,
    Hangup,
    Hold,
    Lamp,
    LampState,
    LegState,
    LogAgent,
    Monitor,
    OnConsultation,
    OnDevice,
    Park,
    Party,
    PauseAgent,
    Queue,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    SetFlow,
    Snapshot,
    Thing,
    Transfer,
    Verb,
)
from pbxtui.service.acting import (
    Aim,
    Ask,
    Chosen,
    Refusal,
    Why,
    aim,
    caller,
    dial,
    number_of,
    on_call,
)
from pbxtui.service.acting.permission import verb_of
from pbxtui.service.acting.recheck import recheck, witness
from pbxtui.service.acting.target import ON_CALLS
from tests.service.acting.worlds import ACTIONS, SNAPSHOTS
from tests.service.sites import DESK, TAXI, WORKSHOP, leg, talk

CALL = talk()
RINGING = talk(state=LegState.RINGING)
HELD = talk(own=LegState.HELD)
INSIDE = Call(
    "hq",
    "c1",
    LegState.TALKING,
    direction=Direction.INTERNAL,
    from_=DESK,
    to=WORKSHOP,
    legs=(
        leg("a", from_=DESK, to=WORKSHOP, extension="447", direction=Direction.OUTBOUND),
        leg("b", from_=DESK, to=WORKSHOP, extension="305"),
    ),
)
PARKED = replace(
    CALL,
    state=LegState.PARKED,
    parked_at="701",
    legs=(replace(CALL.legs[0], state=LegState.PARKED, bridge=""),),
)
OUTSIDE = replace(CALL, legs=(CALL.legs[0], leg("c1-two", from_=Party("+4570101112"))))
ASK = Ask(to="305", extension="220", digits="12", queue="281", reason="lunch", value="night")
AGENT = Agent("hq", "a1", AgentState.READY, extension="203", queues=("281",))
PHONE = Device("hq", "d1", DeviceState.REGISTERED, extension="447")
FLOW = Flow("hq", "f1", number="7100")
LAMP = Lamp("hq", "l1", LampState.IDLE, extension="447")


def of(*calls: Call) -> Snapshot:
    return Snapshot("hq", {call.id: call for call in calls})


def action(verb: Verb, thing: Thing, leg: str = "", *, own: str = "", ask: Ask = ASK) -> Action:
    """The action for a row, which there must be."""
    aimed = aim(verb, Chosen(thing, leg), of(CALL), ask=ask, own=own)
    assert isinstance(aimed, Aim), aimed
    return aimed.action


def refused(verb: Verb, thing: Thing, leg: str = "", *, own: str = "", ask: Ask = ASK) -> Refusal:
    aimed = aim(verb, Chosen(thing, leg), of(CALL), ask=ask, own=own)
    assert isinstance(aimed, Refusal), aimed
    return aimed


@pytest.mark.parametrize(
    ("verb", "thing", "leg", "made"),
    [
        (Verb.HOLD, CALL, "", Hold(site="hq", call="c1", leg="c1-own")),
        (Verb.HOLD, CALL, "c1-own", Hold(site="hq", call="c1", leg="c1-own")),
        (Verb.RESUME, HELD, "", Resume(site="hq", call="c1", leg="c1-own")),
        (Verb.HANGUP, CALL, "", Hangup(site="hq", call="c1")),
        (Verb.HANGUP, CALL, "c1-out", Hangup(site="hq", call="c1", leg="c1-out")),
        (Verb.HANGUP, INSIDE, "", Hangup(site="hq", call="c1")),
        (Verb.TRANSFER, CALL, "", Transfer(site="hq", call="c1", leg="c1-own", to="305")),
        (Verb.TRANSFER, CALL, "c1-out", Transfer(site="hq", call="c1", leg="c1-out", to="305")),
        (Verb.TRANSFER, RINGING, "", Transfer(site="hq", call="c1", to="305")),
        (
            Verb.ATTENDED,
            CALL,
            "",
            Transfer(site="hq", call="c1", leg="c1-own", to="305", attended=True),
        ),
        (Verb.PARK, CALL, "", Park(site="hq", call="c1", leg="c1-own")),
        (
            Verb.RETRIEVE,
            PARKED,
            "",
            Retrieve(site="hq", call="c1", leg="c1-out", extension="220"),
        ),
        (Verb.ANSWER, RINGING, "", Answer(site="hq", call="c1", extension="220")),
        (
            Verb.ANSWER,
            RINGING,
            "c1-own",
            Answer(site="hq", call="c1", leg="c1-own", extension="220"),
        ),
        (Verb.DTMF, CALL, "", SendDtmf(site="hq", call="c1", leg="c1-own", digits="12")),
        (Verb.RECORD, CALL, "", Record(site="hq", call="c1", leg="c1-own", on=True)),
        (Verb.MONITOR, CALL, "", Monitor(site="hq", call="c1", leg="c1-own", extension="220")),
        (Verb.DIAL, CALL, "", Dial(site="hq", from_="220", to="305")),
        (
            Verb.PAUSE,
            AGENT,
            "",
            PauseAgent(site="hq", agent="a1", queue="281", reason="lunch"),
        ),
        (Verb.UNPAUSE, AGENT, "", PauseAgent(site="hq", agent="a1", queue="281", paused=False)),
        (Verb.LOGIN, AGENT, "", LogAgent(site="hq", agent="a1", queue="281")),
        (Verb.LOGOUT, AGENT, "", LogAgent(site="hq", agent="a1", queue="281", in_=False)),
        (Verb.FLOW, FLOW, "", SetFlow(site="hq", flow="f1", value="night")),
        (Verb.UNREGISTER, PHONE, "", OnDevice(site="hq", device="d1")),
        (Verb.REBOOT, PHONE, "", OnDevice(site="hq", device="d1", reboot=True)),
        (Verb.HOLD, PHONE, "", Hold(site="hq", call="c1", leg="c1-own")),
        (Verb.HANGUP, LAMP, "", Hangup(site="hq", call="c1", leg="c1-own")),
    ],
)
def test_a_row_is_acted_on_as_it_was_chosen(
    verb: Verb, thing: Thing, leg: str, made: Action
) -> None:
    assert action(verb, thing, leg) == made


@pytest.mark.parametrize(
    ("verb", "thing", "leg", "why", "words"),
    [
        (Verb.HOLD, INSIDE, "", Why.NOT_SAID, "choose the leg of 447 Front desk or 305 Workshop"),
        (Verb.HOLD, OUTSIDE, "", Why.NOT_SAID, "it is not clear whose leg is meant: choose the"),
        (Verb.HOLD, CALL, "c1-out", Why.UNSUITED, "is outside and cannot do this: choose the leg"),
        (Verb.HOLD, HELD, "c1-own", Why.UNSUITED, "447 Front desk is held"),
        (Verb.HOLD, RINGING, "", Why.UNSUITED, "nobody on the call talks"),
        (Verb.RESUME, CALL, "", Why.UNSUITED, "there is nothing to resume"),
        (Verb.PARK, RINGING, "", Why.UNSUITED, "wait for an answer"),
        (Verb.RETRIEVE, CALL, "", Why.UNSUITED, "the call is not parked"),
        (Verb.ANSWER, CALL, "c1-own", Why.UNSUITED, "only a leg that rings"),
        (Verb.HOLD, CALL, "none", Why.GONE, "the leg is no longer on the call"),
        (Verb.HANGUP, talk(state=LegState.ENDED), "", Why.GONE, "the call is over"),
        (Verb.HANGUP, talk(state=LegState.LOST), "", Why.GONE, "the call is over"),
        (Verb.HOLD, talk(own=LegState.ENDED), "", Why.GONE, "the call is over"),
        (Verb.HANGUP, talk(own=LegState.ENDED), "c1-own", Why.GONE, "over"),
        (Verb.PAUSE, CALL, "", Why.UNSUITED, "this row is not an agent"),
        (Verb.FLOW, AGENT, "", Why.UNSUITED, "this row is not a flow"),
        (Verb.REBOOT, LAMP, "", Why.UNSUITED, "this row is not a phone"),
        (Verb.HOLD, FLOW, "", Why.UNSUITED, "this row is no call"),
        (Verb.HOLD, AGENT, "", Why.UNSUITED, "203 is on no call that is shown"),
    ],
)
def test_what_is_not_clear_is_asked_and_not_guessed(
    verb: Verb, thing: Thing, leg: str, why: Why, words: str
) -> None:
    told = refused(verb, thing, leg)
    assert told.why is why
    assert words in told.words


@pytest.mark.parametrize("verb", [Verb.TRANSFER, Verb.ATTENDED])
def test_a_phone_is_not_transferred_to_itself(verb: Verb) -> None:
    told = refused(verb, CALL, own="220", ask=Ask(to="447"))
    assert told.words == "447 is the phone that transfers: choose somebody else"


def test_of_two_phones_of_the_house_the_operators_is_meant() -> None:
    assert action(Verb.HOLD, INSIDE, own="305") == Hold(site="hq", call="c1", leg="b")
    assert action(Verb.TRANSFER, INSIDE, own="447", ask=Ask(to="220")) == Transfer(
        site="hq", call="c1", leg="a", to="220"
    )


@pytest.mark.parametrize(
    ("verb", "thing", "words"),
    [
        (Verb.TRANSFER, CALL, "there is no number to transfer to: type one"),
        (Verb.DTMF, CALL, "there are no tones to send"),
        (Verb.ANSWER, RINGING, 'which phone answers: set extension = "…" for hq in the config'),
        (Verb.RETRIEVE, PARKED, "which phone takes the call back"),
        (Verb.MONITOR, CALL, "which phone listens"),
        (Verb.DIAL, CALL, "which phone dials"),
        (Verb.FLOW, FLOW, "neither a state nor a value"),
    ],
)
def test_what_only_the_reader_can_say_is_asked_for(verb: Verb, thing: Thing, words: str) -> None:
    told = refused(verb, thing, ask=Ask())
    assert told.why is Why.NOT_SAID
    assert words in told.words


def test_a_phone_on_two_calls_does_not_say_which() -> None:
    found = on_call(Chosen(PHONE), of(CALL, talk("c2")))
    assert isinstance(found, Refusal)
    assert found.words == "447 is on 2 calls: choose one of them"


def test_who_waits_in_a_queue_is_a_call() -> None:
    queue = Queue("hq", "281", "support")
    waiting = Caller("x", 1, TAXI, call="c1")
    assert caller(queue, waiting, of(CALL)) == Chosen(CALL)
    told = caller(queue, replace(waiting, call=""), of(CALL))
    assert isinstance(told, Refusal)
    assert "choose it among the calls" in told.words


@pytest.mark.parametrize(
    ("thing", "leg", "number"),
    [
        (CALL, "", "+442079460958"),
        (CALL, "c1-own", "447"),
        (INSIDE, "", "447"),
        (PHONE, "", "447"),
        (AGENT, "", "203"),
        (FLOW, "", "7100"),
        (Queue("hq", "281"), "", ""),
    ],
)
def test_the_number_of_a_row_is_there_to_be_dialled(thing: Thing, leg: str, number: str) -> None:
    assert number_of(Chosen(thing, leg)) == number


def test_dialling_needs_a_number_and_a_phone() -> None:
    assert dial("hq", " 305 ", "447") == Aim(Dial(site="hq", from_="447", to="305"))
    assert isinstance(dial("hq", "", "447"), Refusal)
    assert isinstance(dial("hq", "305", " "), Refusal)


ROWS = st.sampled_from(["447", "305"])


@settings(max_examples=150)
@given(SNAPSHOTS, st.sampled_from(Verb), st.integers(0, 30), st.integers(0, 4), ROWS)
def test_the_action_is_for_the_row_or_there_is_none(
    snapshot: Snapshot, verb: Verb, row: int, place: int, own: str
) -> None:
    """Whatever is shown: an aimed action names the chosen row, and its leg where it is one."""
    things = [
        thing for kind in snapshot.__slots__[1:] for thing in getattr(snapshot, kind).values()
    ]
    if not things:
        return
    thing = things[row % len(things)]
    legs = [""] + ([leg.id for leg in thing.legs] if isinstance(thing, Call) else [])
    chosen = Chosen(thing, legs[place % len(legs)])
    aimed = aim(verb, chosen, snapshot, ask=ASK, own=own)
    if isinstance(aimed, Refusal):
        assert str(aimed).strip()
        return
    made = aimed.action
    assert verb_of(made) is verb
    assert made.site == thing.site
    if verb in ON_CALLS:
        row_of = aimed.chosen
        assert row_of is not None
        assert isinstance(row_of.thing, Call)
        assert getattr(made, "call") == row_of.thing.id  # noqa: B009
        leg_id = getattr(made, "leg")  # noqa: B009
        if isinstance(made, OnConsultation):
            ends = {made.leg, made.asked, made.waiting, made.second}
            on = thing if isinstance(thing, Call) else row_of.thing
            assert ends & {leg.id for leg in on.legs}, "the row is no part of what is ended"
        elif isinstance(thing, Call):
            assert row_of == chosen
        else:
            at = {leg.id: leg.extension for leg in row_of.thing.legs}
            assert at[leg_id] == thing.extension
        if row_of.leg:
            assert leg_id == row_of.leg
        elif leg_id:
            assert leg_id in {leg.id for leg in row_of.thing.legs}
    elif not isinstance(made, Dial):
        assert thing.id in (getattr(made, name, None) for name in ("agent", "flow", "device"))


@settings(max_examples=150)
@given(ACTIONS, SNAPSHOTS, SNAPSHOTS)
def test_nothing_that_differs_in_who_is_on_it_passes(
    made: Action, then: Snapshot, now: Snapshot
) -> None:
    """Against its own snapshot an action passes or says why; against another it never raises."""
    seen = witness(made, then)
    if isinstance(seen, Refusal):
        assert seen.words
        return
    recheck(made, seen, then)
    told = recheck(made, seen, now)
    call = getattr(made, "call", None)
    if told is None and call is not None:
        present = now.calls[call]
        assert not present.over
        wanted = getattr(made, "leg", "")
        if wanted:
            assert any(each.id == wanted for each in present.legs)
