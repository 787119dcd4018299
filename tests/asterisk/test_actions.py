"""Actions on calls at the real Asterisk: seen at the phones, and in what the backend shows."""

from __future__ import annotations

import asyncio

import pytest

from pbxtui.backends.asterisk import sending
from pbxtui.backends.base import BackendError, Conflict, NotFound
from pbxtui.model import (
    Answer,
    Answered,
    Dial,
    Hangup,
    LegState,
    Listening,
    Monitor,
    Park,
    Record,
    Retrieve,
    SendDtmf,
    Topic,
)
from tests.asterisk.conftest import MakePhone
from tests.asterisk.desk import RINGING, TALKING, Desk, both_talk, rung
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import soon
from tests.asterisk.watching import Watch, doing, opened

# -- hanging up -------------------------------------------------------------------------------


async def test_hang_up_a_leg(desk: Desk, phone: MakePhone) -> None:
    out, incoming = await both_talk(desk, phone("1001"), phone("1002"))
    outcome = await desk.does(Hangup(**desk.on("1002")))
    assert outcome.words == "Channel Hungup"
    await doing(incoming.ended)
    await doing(out.ended)
    await desk.sees()


async def test_hang_up_a_call(desk: Desk, phone: MakePhone) -> None:
    out, incoming = await both_talk(desk, phone("1001"), phone("1002"))
    await desk.does(Hangup(**desk.on(of="1001")))
    await doing(incoming.ended)
    await doing(out.ended)
    await desk.sees()


async def test_hang_up_a_call_that_rings(desk: Desk, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    out = await asyncio.to_thread(alice.dial, "1002")
    incoming = await rung(bob)
    await doing(out.rings)
    await desk.sees(_1001=RINGING, _1002=RINGING)
    await desk.does(Hangup(**desk.on(of="1001")))
    await doing(incoming.ended)
    await doing(out.ended)
    await desk.sees()


async def test_a_call_that_is_over_is_not_hung_up(desk: Desk, phone: MakePhone) -> None:
    out, _ = await both_talk(desk, phone("1001"), phone("1002"))
    leg, whole = Hangup(**desk.on("1001")), Hangup(**desk.on(of="1001"))
    await doing(out.hang_up)
    await desk.sees()
    for action in (leg, whole, Hangup(site="lab", call="1.1")):
        with pytest.raises(NotFound, match="not on the PBX any more"):
            await desk.watch.backend.act(action)


# -- parking ----------------------------------------------------------------------------------


async def test_park_and_retrieve(desk: Desk, phone: MakePhone) -> None:
    out, incoming = await both_talk(desk, phone("1001"), phone("1002"))
    grace = phone("1007")
    await desk.does(Park(**desk.on("1002")))
    await doing(incoming.ended)
    await desk.sees(_1001=LegState.PARKED)
    assert desk.watch.calls()[0].parked_at == "701"

    back = asyncio.create_task(desk.does(Retrieve(**desk.on("1001"), extension="1007")))
    ringing = await rung(grace)
    assert "1001" in ringing.shown()
    await desk.sees(_1001=LegState.PARKED, _1007=RINGING)
    await doing(ringing.answer)
    assert (await back).words == "PJSIP/1007 has answered"
    await desk.sees(_1001=TALKING, _1007=TALKING)
    await doing(out.hang_up)
    await doing(ringing.ended)


async def test_who_is_parked_stays_so_when_nobody_takes_it_back(
    desk: Desk, phone: MakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "RING", 1.0)
    await both_talk(desk, phone("1001"), phone("1002"))
    phone("1007")
    await desk.does(Park(**desk.on("1002")))
    await desk.sees(_1001=LegState.PARKED)
    outcome = await desk.watch.backend.act(Retrieve(**desk.on("1001"), extension="1007"))
    assert outcome.answered is Answered.REFUSED
    assert outcome.words == "PJSIP/1007 rang and was not answered"
    await desk.watch.read(Topic.CALLS)
    await desk.sees(_1001=LegState.PARKED)


async def test_what_is_not_parked_is_not_retrieved(desk: Desk, phone: MakePhone) -> None:
    await both_talk(desk, phone("1001"), phone("1002"))
    with pytest.raises(Conflict, match="not parked"):
        await desk.watch.backend.act(Retrieve(**desk.on("1001"), extension="1007"))


# -- dialling ---------------------------------------------------------------------------------


async def test_dial_rings_the_own_phone_first(desk: Desk, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    dialled = asyncio.create_task(desk.does(Dial(site="lab", from_="1001", to="1002")))
    own = await rung(alice)
    assert "sip:1002@" in own.shown(), "the own phone shows whom it is going to call"
    assert bob.rung == 0
    await doing(own.answer)
    incoming = await rung(bob)
    assert "Alice" in incoming.shown()
    assert "sip:1001@" in incoming.shown(), "who is called sees the own number"
    outcome = await dialled
    await soon(lambda: desk.watch.states().get("1002") is RINGING)
    assert outcome.created == desk.watch.call_of("1002").id
    await doing(incoming.answer)
    await desk.sees(_1001=TALKING, _1002=TALKING)
    (call,) = desk.watch.calls()
    assert (call.from_.number, call.to.number) == ("1001", "1002")


async def test_dial_from_the_extension_of_the_config(asterisk: Rig, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    backend = opened(asterisk, extension="1001")
    try:
        dialled = asyncio.create_task(backend.act(Dial(site="lab", from_="", to="1002")))
        await doing((await rung(alice)).answer)
        await doing((await rung(bob)).answer)
        assert (await dialled).answered is Answered.ACCEPTED, "and nothing was read before"
    finally:
        await backend.close()


async def test_a_phone_that_declines_or_is_off_dials_nobody(desk: Desk, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    dialled = asyncio.create_task(desk.watch.backend.act(Dial(site="lab", from_="1001", to="1002")))
    await doing((await rung(alice)).decline)
    for outcome in (
        await dialled,
        await desk.watch.backend.act(Dial(site="lab", from_="1007", to="1002")),
    ):
        assert outcome.answered is Answered.REFUSED
        assert "could not be rung" in outcome.words
    assert bob.rung == 0


async def test_a_number_that_is_not_there_rings_nobody(desk: Desk, phone: MakePhone) -> None:
    alice = phone("1001")
    outcome = await desk.watch.backend.act(Dial(site="lab", from_="1001", to="5555"))
    assert outcome.answered is Answered.REFUSED
    assert outcome.words.startswith("Extension does not exist.")
    with pytest.raises(NotFound, match="no phone 7777"):
        await desk.watch.backend.act(Dial(site="lab", from_="7777", to="1002"))
    with pytest.raises(BackendError, match="set extension"):
        await desk.watch.backend.act(Dial(site="lab", from_="", to="1002"))
    assert alice.rung == 0


# -- picking up, listening in -----------------------------------------------------------------


async def test_pick_up_what_rings_elsewhere(desk: Desk, phone: MakePhone) -> None:
    alice, bob, grace = phone("1001"), phone("1002"), phone("1007")
    out = await asyncio.to_thread(alice.dial, "1002")
    incoming = await rung(bob)
    await doing(out.rings)
    await desk.sees(_1001=RINGING, _1002=RINGING)
    with pytest.raises(Conflict, match="rings at PJSIP/1002 already"):
        await desk.watch.backend.act(Answer(**desk.on("1001"), extension="1002"))
    picked = asyncio.create_task(desk.does(Answer(**desk.on("1001"), extension="1007")))
    ringing = await rung(grace)
    assert "sip:1001@" in ringing.shown()
    await doing(ringing.answer)
    await picked
    await doing(incoming.ended)
    await doing(out.talks)
    await desk.sees(_1001=TALKING, _1007=TALKING)
    with pytest.raises(Conflict, match="no phone rings on this call"):
        await desk.watch.backend.act(Answer(**desk.on("1001"), extension="1002"))


@pytest.mark.parametrize("how", Listening)
async def test_listen_in_on_a_call(
    asterisk: Rig, desk: Desk, phone: MakePhone, how: Listening
) -> None:
    out, incoming = await both_talk(desk, phone("1001"), phone("1002"))
    grace = phone("1007")
    with asterisk.ami(events="call") as manager:
        listening = asyncio.create_task(
            desk.does(Monitor(**desk.on("1002"), extension="1007", how=how))
        )
        ringing = await rung(grace)
        await doing(ringing.answer)
        await listening
        started = await asyncio.to_thread(manager.wait, "ChanSpyStart")
    assert started["SpyerChannel"].startswith("PJSIP/1007-")
    assert started["SpyeeChannel"].startswith("PJSIP/1002-")
    (spying,) = [row for row in asterisk.channels() if row["Application"] == "ChanSpy"]
    options = spying["ApplicationData"].partition(",")[2]
    assert ("w" in options, "B" in options) == (
        how is Listening.WHISPER,
        how is Listening.BARGE,
    )
    await doing(out.hang_up)
    await doing(incoming.ended)
    await doing(ringing.ended)


# -- keys and recordings ----------------------------------------------------------------------


async def test_keys_pressed_for_a_phone_reach_the_menu(desk: Desk, phone: MakePhone) -> None:
    call = await asyncio.to_thread(phone("1001").dial, "802")
    await doing(call.talks)
    await desk.sees(_1001=TALKING)
    outcome = await desk.does(SendDtmf(**desk.on("1001"), digits="12*4"))
    assert outcome.words == "DTMF successfully queued"
    await doing(call.ended)


async def test_keys_pressed_for_a_phone_go_to_whom_it_talks_with(
    asterisk: Rig, desk: Desk, phone: MakePhone
) -> None:
    await both_talk(desk, phone("1001"), phone("1002"))
    with asterisk.ami(events="dtmf") as manager:
        await desk.does(SendDtmf(**desk.on("1001"), digits="5"))
        pressed = await asyncio.to_thread(
            lambda: manager.wait("DTMFEnd", Digit="5", Direction="Received")
        )
        sent = await asyncio.to_thread(lambda: manager.wait("DTMFEnd", Digit="5", Direction="Sent"))
    assert pressed["Channel"].startswith("PJSIP/1001-")
    assert sent["Channel"].startswith("PJSIP/1002-")


async def test_record_and_stop(asterisk: Rig, desk: Desk, phone: MakePhone) -> None:
    await both_talk(desk, phone("1001"), phone("1002"))
    with asterisk.ami(events="call") as manager:
        with pytest.raises(NotFound, match="no recording was begun here"):
            await desk.watch.backend.act(Record(**desk.on(of="1001"), on=False))
        outcome = await desk.does(Record(**desk.on(of="1001"), on=True))
        await asyncio.to_thread(manager.wait, "MixMonitorStart")
        file = next(word for word in outcome.words.split() if word.endswith(".wav"))
        await soon(lambda: (asterisk.folder / "spool" / "monitor" / file).exists())
        await desk.does(Record(**desk.on(of="1001"), on=False))
        await asyncio.to_thread(manager.wait, "MixMonitorStop")
    await desk.sees(_1001=TALKING, _1002=TALKING)


# -- when Asterisk goes away ------------------------------------------------------------------


async def test_nothing_is_sent_to_an_asterisk_that_is_not_there(asterisk: Rig) -> None:
    backend = opened(asterisk, extension="1001")
    await backend.read(Topic.CALLS)
    asterisk.kill()
    with pytest.raises(BackendError) as caught:
        await backend.act(Dial(site="lab", from_="", to="1002"))
    assert not caught.value.unsure
    await backend.close()


async def test_a_dial_that_asterisk_dies_over_is_not_confirmed_and_not_repeated(
    asterisk: Rig, phone: MakePhone
) -> None:
    alice = phone("1001")
    watching = Watch(opened(asterisk))
    await watching.begin()
    try:
        dialled = asyncio.create_task(
            watching.backend.act(Dial(site="lab", from_="1001", to="1002"))
        )
        await rung(alice)
        asterisk.kill()
        outcome = await dialled
        assert outcome.answered is Answered.NOT_CONFIRMED
        assert "closed the connection" in outcome.words
        await doing(asterisk.start)
        await watching.read(Topic.CALLS)
        assert not watching.calls()
        originated = [e for e in watching.backend.exchanges if e.what == "Originate"]
        assert len(originated) == 1
    finally:
        await watching.end()
