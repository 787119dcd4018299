"""Each action is sent once and does in the office what it says, whatever goes wrong on the way."""

from __future__ import annotations

import pytest

from pbxtui.backends.base import BackendError, NotFound
from pbxtui.model import (
    Action,
    Answer,
    Answered,
    CancelTransfer,
    CompleteTransfer,
    Dial,
    Hangup,
    Hold,
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
    Transfer,
)
from pbxtui.simulator.things import LegState
from pbxtui.simulator.vonage import Profile, VonageSwitches
from tests.backends.house import START
from tests.backends.vonage.office import headquarters, on, state

ACCEPTED, REFUSED = Answered.ACCEPTED, Answered.REFUSED
NOT_CONFIRMED = Answered.NOT_CONFIRMED
CALLS, CALL, LEG = "/calls", "/calls/{call_id}", "/calls/{call_id}/legs/{leg_id}"

profiles = pytest.mark.parametrize("profile", ["live", "documented"])


# --- what happens in the office ----------------------------------------------------------------


@profiles
@pytest.mark.parametrize("answer", ["uuid", "quoted", "json", "empty"])
async def test_dial(profile: Profile, answer: str) -> None:
    switches = VonageSwitches(post_answer=answer)  # type: ignore[arg-type]
    async with headquarters(profile, switches) as one:
        ext = one.free()
        outcome = await one.backend.act(Dial(site="hq", from_=ext.number, to="+44 (1632) 960-123"))
        (call,) = one.office.calls.values()
        assert (call.caller.number, call.callee.number) == (ext.number, "+441632960123")
        assert (one.count("POST", CALLS), one.actions()) == (1, 1)
        if answer == "empty":
            assert (outcome.answered, outcome.created) == (NOT_CONFIRMED, "")
            assert "202" in outcome.words
            assert "not a VBC user's" in outcome.words
        else:
            assert (outcome.answered, outcome.words) == (ACCEPTED, "")
            assert outcome.created == call.id
            assert outcome.created in await one.calls()
        assert outcome.at == START


async def test_dial_from_a_phone_and_to_one() -> None:
    async with headquarters() as one:
        source, target = one.free().devices[-1], one.free(1)
        action = Dial(site="hq", from_=source.id, to=target.devices[0].id)
        assert (await one.backend.act(action)).answered is ACCEPTED
        (call,) = one.office.calls.values()
        assert [leg.device for leg in call.live_legs()] == [source]
        assert call.callee.number == target.number


async def test_dial_from_the_operators_own_phone() -> None:
    async with headquarters() as one:
        number = one.free().number
        backend = one.open(extension=number)
        assert (await backend.act(Dial(site="hq", from_="", to="+441632960123"))).created
        (call,) = one.office.calls.values()
        assert call.caller.number == number


async def test_dial_a_feature_code() -> None:
    async with headquarters() as one:
        parked = one.talk()
        slot = one.office.park(parked.id)
        taker = one.free(3)
        action = Dial(site="hq", from_=taker.number, to=f"*{slot}")
        assert (await one.backend.act(action)).answered is ACCEPTED
        assert taker in [leg.extension for leg in parked.live_legs()]


@profiles
async def test_hang_up_a_call(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call = one.talk()
        outcome = await one.backend.act(Hangup(**on(call)))
        assert outcome.answered is ACCEPTED
        assert outcome.words == "disconnected, destination 441632960123"
        assert state(call) is LegState.ENDED
        assert (one.count("DELETE", CALL), one.actions()) == (1, 1)


@profiles
async def test_hang_up_one_leg(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call, third = one.talk(), one.free(4)
        leg = one.office.ring(call, third)[0]
        one.office.pick_up(leg)
        outcome = await one.backend.act(Hangup(**on(call, leg)))
        assert (outcome.answered, outcome.words) == (ACCEPTED, "")
        assert state(leg) is LegState.ENDED
        assert state(call) is LegState.TALKING
        assert (one.count("DELETE", LEG), one.actions()) == (1, 1)


@profiles
@pytest.mark.parametrize("nth", [0, 1])
async def test_the_leg_that_was_chosen_is_held_and_resumed(profile: Profile, nth: int) -> None:
    async with headquarters(profile) as one:
        call = one.talk()
        legs = call.live_legs()
        held, other = legs[nth], legs[1 - nth]
        outcome = await one.backend.act(Hold(**on(call, held)))
        assert outcome.answered is ACCEPTED
        assert outcome.words.startswith("held, destination ")
        assert (state(held), state(other)) == (LegState.HELD, LegState.TALKING)
        assert (one.count("PUT", LEG), one.actions()) == (1, 1)
        assert (await one.backend.act(Resume(**on(call, held)))).answered is ACCEPTED
        assert (state(held), state(other)) == (LegState.TALKING, LegState.TALKING)
        assert (one.count("PUT", LEG), one.actions()) == (2, 2)


@profiles
async def test_a_blind_transfer_of_a_leg(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call, target = one.talk(), one.free(5)
        own, customer = call.live_legs()
        outcome = await one.backend.act(Transfer(**on(call, own), to=target.number))
        assert outcome.answered is ACCEPTED
        assert (state(own), customer.alive) == (LegState.ENDED, True)
        one.until(lambda: any(leg.extension is target for leg in call.live_legs()))
        assert (one.count("PUT", LEG), one.actions()) == (1, 1)


@profiles
async def test_a_transfer_of_a_call(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call, target = one.talk(), one.free(5)
        own, customer = call.live_legs()
        await one.calls()
        outcome = await one.backend.act(Transfer(**on(call), to=target.devices[0].id))
        assert outcome.answered is ACCEPTED
        assert (state(own), customer.alive) == (LegState.ENDED, True)
        assert target in [leg.extension for leg in call.live_legs()]
        assert (one.count("PUT", CALL), one.actions()) == (1, 1)


@profiles
@pytest.mark.parametrize("by", ["leg", "number", "unread leg"])
async def test_an_attended_transfer_joins_two_calls_of_one_phone(profile: Profile, by: str) -> None:
    async with headquarters(profile) as one:
        call, colleague = one.talk(), one.free(5)
        own, customer = call.live_legs()
        assert own.extension is not None
        second = one.office.dial(own.extension.number, colleague.number)
        one.until(lambda: state(second) is LegState.TALKING)
        if by != "unread leg":
            await one.calls()
        to = colleague.number if by == "number" else second.live_legs()[0].id
        action = Transfer(**on(call, own), to=to, attended=True)
        if (profile, by) == ("documented", "number"):  # which of two desks' legs cannot be told
            with pytest.raises(BackendError, match="no other call of"):
                await one.backend.act(action)
            assert one.actions() == 0
            return
        assert (await one.backend.act(action)).answered is ACCEPTED
        assert [leg.party.number for leg in call.live_legs()] == [
            customer.party.number,
            colleague.number,
        ]
        assert state(second) is LegState.ENDED
        assert (one.count("PUT", LEG), one.actions()) == (1, 1)


@profiles
@pytest.mark.parametrize("nth", [None, 0, 1])
async def test_park(profile: Profile, nth: int | None) -> None:
    async with headquarters(profile) as one:
        call = one.talk()
        own, customer = call.live_legs()
        await one.calls()
        leg = None if nth is None else (own, customer)[nth]
        outcome = await one.backend.act(Park(**on(call, leg)))
        assert outcome.answered is ACCEPTED
        assert outcome.words == f"parked, destination {call.slot}"
        assert (state(own), state(customer)) == (LegState.ENDED, LegState.PARKED)
        assert (one.count("PUT", CALL), one.actions()) == (1, 1)


@profiles
@pytest.mark.parametrize("read", [True, False])
async def test_answer_at_the_phone_that_rings(profile: Profile, read: bool) -> None:
    async with headquarters(profile) as one:
        call, leg = one.ring()
        assert leg.extension is not None
        if read:
            await one.calls()
        outcome = await one.backend.act(Answer(**on(call), extension=leg.extension.number))
        assert outcome.answered is ACCEPTED
        assert state(leg) is LegState.TALKING
        assert (one.count("PUT", CALL), one.actions()) == (1, 1)


@profiles
async def test_pick_up_at_another_phone(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call, leg = one.ring()
        mine = one.free(4)
        one.backend = one.open(extension=mine.number)
        await one.calls()
        assert (await one.backend.act(Answer(**on(call, leg)))).answered is ACCEPTED
        assert state(leg) is LegState.ENDED
        assert mine in [other.extension for other in call.live_legs()]


@profiles
async def test_a_leg_that_rings_is_told_to_answer(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call, leg = one.ring()
        assert (await one.backend.act(Answer(**on(call, leg)))).answered is ACCEPTED
        assert state(leg) is LegState.TALKING
        assert (one.count("PUT", LEG), one.actions()) == (1, 1)


@profiles
async def test_tones_and_recording(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call = one.talk()
        _, customer = call.live_legs()
        where = on(call, customer)
        seen = []
        for action in (
            SendDtmf(**where, digits="*12 3#d"),
            Record(**where, on=True),
            Record(**where, on=False),
        ):
            assert (await one.backend.act(action)).answered is ACCEPTED
            seen.append((customer.dtmf, customer.recording))
        assert seen == [("*123#D", False), ("*123#D", True), ("*123#D", False)]
        assert (one.count("PUT", LEG), one.actions()) == (3, 3)


@profiles
async def test_a_sound_is_played_and_stopped(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call = one.talk()
        leg = call.live_legs()[1].id
        played = await one.backend.play(call.id, leg, "https://example.com/wait.wav")
        stopped = await one.backend.stop(call.id, leg)
        assert (played.answered, stopped.answered) == (ACCEPTED, ACCEPTED)
        assert (one.count("PUT", LEG), one.actions()) == (2, 2)


# --- what is refused ---------------------------------------------------------------------------


@profiles
async def test_a_leg_in_the_wrong_state_is_busy(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call = one.talk()
        outcome = await one.backend.act(Resume(**on(call, call.live_legs()[0])))
        assert outcome.answered is REFUSED
        assert "busy changing state, look again (“leg is talking, not held”)" in outcome.words
        assert one.actions() == 1


@profiles
async def test_what_is_over_is_said_to_be_over(profile: Profile) -> None:
    async with headquarters(profile) as one:
        call = one.talk()
        leg = call.live_legs()[0]
        one.office.hangup_call(call.id)
        one.until(lambda: call.id not in one.office.calls)
        refusals: tuple[tuple[Action, str], ...] = (
            (Hangup(**on(call)), "the call has already ended"),
            (Hangup(**on(call, leg)), "the leg has already ended"),
            (Hold(**on(call, leg)), "the leg has already ended"),
            (Transfer(**on(call, leg), to="203"), "the call has already ended, or"),
        )
        for action, word in refusals:
            before = one.actions()
            outcome = await one.backend.act(action)
            assert outcome.answered is REFUSED
            assert word in outcome.words
            assert "404" in outcome.words
            assert one.actions() == before + 1


async def test_the_pbx_says_itself_what_it_does_not_take() -> None:
    async with headquarters() as one:
        ext = one.free()
        outcome = await one.backend.act(Dial(site="hq", from_=ext.number, to="9999"))
        assert outcome.answered is REFUSED
        assert "'9999' is neither an extension nor a telephone number" in outcome.words
        assert one.actions() == 1
        assert not one.office.calls


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Retrieve(site="hq", call="c"), "documents no request that takes a parked call back"),
        (Monitor(site="hq", call="c", extension="203"), "cannot listen in"),
        (PauseAgent(site="hq", agent="a"), "no queues"),
        (LogAgent(site="hq", agent="a"), "no queues"),
        (SetFlow(site="hq", flow="f", value="x"), "no switches"),
        (OnDevice(site="hq", device="d"), "only reads the registrations"),
        (OnDevice(site="hq", device="d", reboot=True), "only reads the registrations"),
        (Hold(site="hq", call="c"), "one leg"),
        (Resume(site="hq", call="c"), "one leg"),
        (SendDtmf(site="hq", call="c", digits="1"), "one leg"),
        (Record(site="hq", call="c", on=True), "one leg"),
        (SendDtmf(site="hq", call="c", leg="l", digits="wait"), "as tones"),
        (SendDtmf(site="hq", call="c", leg="l", digits=""), "as tones"),
        (Answer(site="hq", call="c"), "which phone answers"),
        (Park(site="hq", call="c"), "which phone parks"),
        (Transfer(site="hq", call="c", to="203"), "which phone transfers"),
        (Transfer(site="hq", call="c", leg="l", to=""), "no number was given"),
        (Transfer(site="hq", call="c", leg="l", to="*98"), "a feature code, which Vonage"),
        (Transfer(site="hq", call="c", leg="l", to="\x1b[2Jbob"), "no number that can be dialled"),
        (Transfer(site="hq", call="c", leg="l", to="203", attended=True), "no other call"),
        (Transfer(site="hq", call="c", to="203", attended=True), "no other call"),
        (CompleteTransfer(site="hq", call="c", leg="l", second="m"), "not in Vonage's list"),
        (CompleteTransfer(site="hq", call="c", leg="l", to="203"), "not in Vonage's list"),
        (CancelTransfer(site="hq", call="c", leg="l", second="m"), "not in Vonage's list"),
        (Dial(site="hq", from_="", to="203"), "no number was given"),
        (Dial(site="hq", from_="+441632960123", to="203"), "an outside number, which"),
        (Dial(site="hq", from_="203", to="sip:x@example.com"), "no number that can be dialled"),
        (Hangup(site="hq", call=""), "cannot be asked for"),
        (Hangup(site="hq", call=".."), "cannot be asked for"),
        (Hangup(site="hq", call="c", leg=".."), "cannot be asked for"),
    ],
)
async def test_what_cannot_be_meant_is_not_sent(action: Action, words: str) -> None:
    async with headquarters() as one:
        with pytest.raises(BackendError) as caught:
            await one.backend.act(action)
        assert words in caught.value.words
        assert "\x1b" not in str(caught.value)
        assert not caught.value.unsure
        assert one.faults.seen == []


@pytest.mark.parametrize("sound", ["", "file:///etc/passwd", "https://x y", "https://x\n"])
async def test_what_is_no_sound_is_not_sent(sound: str) -> None:
    async with headquarters() as one:
        with pytest.raises(BackendError, match="no address of a sound"):
            await one.backend.play("c", "l", sound)
        assert one.faults.seen == []


async def test_between_several_phones_the_leg_must_be_chosen() -> None:
    async with headquarters() as one:
        callee = one.free(3)
        call = one.talk(callee.number)
        await one.calls()
        for action in (Park(**on(call)), Transfer(**on(call), to="203")):
            with pytest.raises(BackendError) as caught:
                await one.backend.act(action)
            assert f"and {callee.number} on this call" in caught.value.words
            assert caught.value.hint.startswith("choose its leg")
        assert one.actions() == 0
        one.backend = one.open(extension=callee.number)
        await one.calls()
        assert (await one.backend.act(Park(**on(call)))).answered is ACCEPTED
        assert [leg.extension for leg in call.legs if not leg.alive] == [callee]


async def test_a_call_that_was_not_read_is_parked_by_the_operator() -> None:
    async with headquarters() as one:
        call = one.talk()
        own = call.live_legs()[0]
        assert own.extension is not None
        with pytest.raises(NotFound, match="not in the last reading"):
            await one.backend.act(Park(**on(call)))
        one.backend = one.open(extension=own.extension.number)
        assert (await one.backend.act(Park(**on(call)))).answered is ACCEPTED
        assert (state(own), one.actions()) == (LegState.ENDED, 1)
