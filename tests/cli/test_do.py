"""``pbxtui do`` over every make's own wire: each action has its effect in the simulated office."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pbxtui.backends import registry
from pbxtui.backends.base import Runtime
from pbxtui.cli.order import ACTS, Act
from pbxtui.model import Capability, Verb
from pbxtui.simulator import things
from tests.cli.conftest import Desk, Serve
from tests.cli.offices import EVERY, Site, numbers
from tests.contract.makes import MAKES, Make


def capabilities(site: Site) -> Mapping[Verb, Capability]:
    (table,) = tomllib.loads(site.config())["site"]
    plugin = registry.plugin(table["kind"])
    return plugin.open(plugin.settings.model_validate(table), Runtime()).capabilities


def good(desk: Desk, site: Site, *arguments: str, count: int = 1) -> dict[str, Any]:
    """Do it and wait for the effect; it is sent once, and never said to be what it was not."""
    before = len(site.acted())
    status, told = desk.told(*arguments, "--wait")
    assert status == 0, told
    assert told["answered"] == "accepted"
    shown = capabilities(site)[Verb(told["action"])].shown
    assert told["observed"] == ("observed" if shown else "not_observable")
    assert len(site.acted()) == before + count
    entry = next(entry for entry in desk.journal() if entry.id == told["id"])
    assert (entry.what, entry.outcome) == (told["sentence"], "accepted")
    assert entry.observed == told["observed"]
    return told


def states(call: things.Call) -> list[str]:
    return sorted(leg.state.value for leg in call.live_legs())


# --- each action, and how it is seen in the office ---------------------------------------------


def hangup(desk: Desk, site: Site) -> None:
    call, phone = site.talk()
    good(desk, site, "hangup", "hq", desk.call_of(phone), "--yes")
    assert not call.alive


def hold(desk: Desk, site: Site) -> None:
    call, phone = site.talk()
    good(desk, site, "hold", "hq", desk.call_of(phone), phone.number)
    assert states(call) == ["held", "talking"]


def resume(desk: Desk, site: Site) -> None:
    hold(desk, site)
    (call,) = [call for call in site.office.calls.values() if "held" in states(call)]
    (phone,) = [leg.extension for leg in call.live_legs() if leg.extension is not None]
    good(desk, site, "resume", "hq", desk.call_of(phone))
    assert states(call) == ["talking", "talking"]


def transfer(desk: Desk, site: Site) -> None:
    call, phone = site.talk()
    target = site.idle()
    good(desk, site, "transfer", "hq", desk.call_of(phone), "--to", target.number)
    assert target in [leg.extension for leg in call.live_legs()]


def attended(desk: Desk, site: Site) -> None:
    _, phone = site.talk()
    target = site.idle()
    call = desk.call_of(phone)
    asked = ("transfer", "hq", call, phone.number, "--to", target.number, "--attended")
    if not site.make.name.startswith("vonage"):
        told = good(desk, site, *asked)
        assert told["action"] == "attended"
        assert target.legs
        return
    status, told = desk.told(*asked)
    assert (status, told["answered"], told["sent"]) == (3, "refused", False)
    assert "joins two calls of one phone" in told["words"]
    assert site.acted() == []


def consulting(desk: Desk, site: Site) -> tuple[things.Call, str, things.Extension]:
    """An attended transfer that has begun: the call, its id, and who is asked."""
    call, phone = site.talk()
    id, target, office = desk.call_of(phone), site.idle(), site.office
    if site.make.name == "mirta":
        asked = ("transfer", "hq", id, phone.number, "--to", target.number, "--attended")
        good(desk, site, *asked)
    else:
        second = site.act(lambda: office.dial(phone.number, target.number))
        site.act(lambda: office.answer(second.legs[0].id))
    site.act(lambda: office.answer(target.legs[0].id))
    return call, id, target


def talking_with(target: things.Extension) -> set[things.Extension | None]:
    (leg,) = target.legs
    return {other.extension for other in leg.call.live_legs() if other is not leg}


def ended(desk: Desk, site: Site, word: str, id: str) -> bool:
    """Whether a consultation could be ended: Vonage's documented list does not show any."""
    if site.make.name != "vonage-documented":
        told = good(desk, site, word, "hq", id)
        assert (told["action"], told["observed"]) == (word, "observed")
        return True
    status, told = desk.told(word, "hq", id, "--wait")
    assert (status, told["answered"], told["refused"]) == (3, "refused", "unsuited")
    assert f"there is nothing to {word}" in told["words"]
    assert (told["sent"], site.acted()) == (False, [])
    return False


def complete(desk: Desk, site: Site) -> None:
    call, id, target = consulting(desk, site)
    if ended(desk, site, "complete", id):
        assert talking_with(target) == {None}, "the one outside, and no phone of the house"
        return
    assert len(call.live_legs()) == 2
    assert len(talking_with(target)) == 1


def cancel(desk: Desk, site: Site) -> None:
    call, id, target = consulting(desk, site)
    cancelled = ended(desk, site, "cancel", id)
    assert (target.legs == []) is cancelled
    assert len(call.live_legs()) == 2


def park(desk: Desk, site: Site) -> things.Call:
    call, phone = site.talk()
    good(desk, site, "park", "hq", desk.call_of(phone))
    assert call.slot
    return call


def retrieve(desk: Desk, site: Site) -> None:
    call = park(desk, site)
    phone = site.idle()
    (parked,) = [one["id"] for one in desk.listed("calls") if one["state"] == "parked"]
    good(desk, site, "retrieve", "hq", parked, "--extension", phone.number)
    assert phone in [leg.extension for leg in call.live_legs()]


def answer(desk: Desk, site: Site) -> None:
    _, phone = site.talk()
    target = site.idle()
    good(desk, site, "transfer", "hq", desk.call_of(phone), "--to", target.number)
    (leg,) = target.legs
    assert leg.state == "ringing"
    at = target if site.make.name.startswith("vonage") else site.idle()
    call = next(
        call["id"]
        for call in desk.listed("calls")
        if target.number in numbers(leg for leg in call["legs"] if leg["state"] == "ringing")
    )
    good(desk, site, "answer", "hq", call, "--extension", at.number)
    assert leg.state == "talking" if at is target else at.legs


def dial(desk: Desk, site: Site) -> None:
    own, target = site.idle(), site.idle(1)
    good(desk, site, "dial", "hq", "--from", own.number, "--to", target.number)
    assert own.legs


def dtmf(desk: Desk, site: Site) -> None:
    call, phone = site.talk()
    good(desk, site, "dtmf", "hq", desk.call_of(phone), phone.number, "--digits", "47#1")
    assert [leg.dtmf for leg in call.live_legs() if leg.extension] == ["47#1"]
    assert "47#1" not in desk.written()


def record(desk: Desk, site: Site) -> None:
    call, phone = site.talk()
    for word in ("on", "off"):
        good(desk, site, "record", "hq", desk.call_of(phone), phone.number, word)
        assert [leg.recording for leg in call.live_legs() if leg.extension] == [word == "on"]


def monitor(desk: Desk, site: Site) -> None:
    _, phone = site.talk()
    boss = site.idle()
    more = ("--how", "whisper", "--extension", boss.number)
    good(desk, site, "monitor", "hq", desk.call_of(phone), phone.number, *more)
    assert boss.legs


def pause(desk: Desk, site: Site) -> things.Agent:
    one = site.agent()
    (queue, *_) = one.queues
    more = ("--queue", desk.queue_of(one), "--reason", "lunch")
    told = good(desk, site, "pause", "hq", one.extension.name, *more)
    assert "(lunch)" in told["sentence"]
    assert one.is_paused_in(queue)
    return one


def unpause(desk: Desk, site: Site) -> None:
    one = pause(desk, site)
    count = len(one.queues)
    good(desk, site, "unpause", "hq", one.extension.number, count=count)
    assert not any(one.is_paused_in(queue) for queue in one.queues)


def logout(desk: Desk, site: Site) -> things.Agent:
    one = site.agent()
    every = 1 if site.make.name == "telphin" else len(one.queues)
    good(desk, site, "logout", "hq", one.extension.name, count=every)
    assert not one.logged_in or not one.queues
    return one


def login(desk: Desk, site: Site) -> None:
    if site.make.name == "telphin":
        one = logout(desk, site)
        good(desk, site, "login", "hq", one.extension.number)
        assert one.logged_in
        return
    phone = site.idle()
    (queue, *_) = desk.listed("queues")
    good(desk, site, "login", "hq", phone.number, "--queue", queue["name"])
    assert phone.agent is not None
    assert queue["name"] in [one.name for one in phone.agent.queues]


def flow(desk: Desk, site: Site) -> None:
    one = next(iter(site.office.flows.values()))
    for word in ("INUSE", "NOT_INUSE"):
        good(desk, site, "flow", "hq", one.number, word)
        assert one.state == word
    value = one.values[things.Lamp.INUSE]
    good(desk, site, "flow", "hq", one.number, "in-use", "--value", value)
    assert (one.state, one.value) == ("INUSE", value)


def unregister(desk: Desk, site: Site) -> None:
    phone = site.idle()
    name = desk.phone_of(phone)
    good(desk, site, "unregister", "hq", name, "--name", phone.number)
    assert not all(device.online for device in phone.devices)


def reboot(desk: Desk, site: Site) -> None:
    phone = site.idle()
    name = desk.phone_of(phone)
    status, told = desk.told("reboot", "hq", name, "--name", phone.number)
    assert (status, told["answered"]) == (0, "accepted")
    assert len(site.acted()) == 1


EFFECTS: Mapping[Verb, Callable[[Desk, Site], object]] = {
    Verb.HANGUP: hangup,
    Verb.HOLD: hold,
    Verb.RESUME: resume,
    Verb.TRANSFER: transfer,
    Verb.ATTENDED: attended,
    Verb.COMPLETE: complete,
    Verb.CANCEL: cancel,
    Verb.PARK: park,
    Verb.RETRIEVE: retrieve,
    Verb.ANSWER: answer,
    Verb.DIAL: dial,
    Verb.DTMF: dtmf,
    Verb.RECORD: record,
    Verb.MONITOR: monitor,
    Verb.PAUSE: pause,
    Verb.UNPAUSE: unpause,
    Verb.LOGIN: login,
    Verb.LOGOUT: logout,
    Verb.FLOW: flow,
    Verb.UNREGISTER: unregister,
    Verb.REBOOT: reboot,
}


def words_of(act: Act, verb: Verb) -> list[str]:
    """A command line for an action, with everything that it cannot do without."""
    more = {
        Verb.TRANSFER: ["--to", "305"],
        Verb.ATTENDED: ["--to", "305", "--attended"],
        Verb.DIAL: ["--from", "447", "--to", "305"],
        Verb.DTMF: ["--digits", "1"],
        Verb.RECORD: ["on"],
        Verb.MONITOR: ["--extension", "447"],
        Verb.FLOW: ["INUSE"],
        Verb.UNREGISTER: ["--name", "447"],
        Verb.REBOOT: ["--name", "447"],
    }.get(verb, [])
    return [act.word, "hq", *([] if act.kind is None else ["something"]), *more, "--yes"]


ACT_OF = {act.verb: act for act in ACTS} | {
    Verb.ATTENDED: next(act for act in ACTS if act.verb is Verb.TRANSFER)
}
ON_EACH = [(make, verb) for make in MAKES for verb in Verb]


def test_every_action_of_the_model_has_a_row_and_a_test() -> None:
    assert set(ACT_OF) == set(Verb) == set(EFFECTS)


@pytest.mark.parametrize(
    ("make", "verb"), ON_EACH, ids=[f"{make.name}-{verb}" for make, verb in ON_EACH]
)
def test_what_a_make_can_do_has_its_effect_and_what_it_cannot_is_refused(
    desk: Desk, serve: Serve, make: Make, verb: Verb
) -> None:
    site = serve(make)
    desk.write(site.config())
    capability = capabilities(site)[verb]
    if capability.possible:
        EFFECTS[verb](desk, site)
        return
    done = desk.do(*words_of(ACT_OF[verb], verb))
    assert done.status == 3
    assert f"refused: {capability.why.rstrip('.')}" in done.err
    assert capability.nearest in done.err
    assert site.faults.seen == [], "nothing is read for what cannot be done"
    (entry,) = desk.journal()
    assert (entry.verb, entry.step, entry.sent) == (verb, "refused", False)


# --- rights --------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize(
    ("more", "top", "said"),
    [
        ("read_only = true", "", "hq is read-only"),
        ("deny = [{all}]", "", "is not allowed: take it out of deny of [[site]] hq"),
        ("allow = []", "", "is not allowed: put it into allow of [[site]] hq"),
        ("", "deny = [{all}]", "is not allowed: take it out of deny at the top"),
        ("", "allow = []", "is not allowed: put it into allow at the top"),
        ("read_only = true", 'profile = "reception"', "hq is read-only"),
    ],
    ids=["read-only", "denied here", "not allowed here", "denied", "not allowed", "reception"],
)
def test_what_may_not_be_done_is_refused_and_nobody_is_asked_for_it(
    desk: Desk, dead_port: int, verb: Verb, more: str, top: str, said: str
) -> None:
    every = ", ".join(f'"{each}"' for each in Verb)
    kind = f'kind = "mirta"\nurl = "http://127.0.0.1:{dead_port}/p.php"\ntenant = "A"\nkey = "k"\n'
    site = f'[[site]]\nname = "hq"\n{kind}{more.format(all=every)}\n'
    desk.write(f"{top.format(all=every)}\n{site}")

    done = desk.do(*words_of(ACT_OF[verb], verb))

    assert done.status == 3, done.err
    assert said in done.err
    (entry,) = desk.journal()
    assert (entry.verb, entry.step, entry.sent) == (verb, "refused", False)
    assert said in entry.words


@EVERY
def test_the_command_itself_opens_the_lock_of_the_noc(desk: Desk, serve: Serve, make: Make) -> None:
    site = serve(make)
    desk.write(site.config(top='profile = "noc"'))
    hangup(desk, site)
