"""``pbxtui do`` over every make's own wire: each action has its effect in the simulated office."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pbxtui.backends import registry
from pbxtui.backends.base import Runtime
from pbxtui.cli.order import ACTS, Act
from pbxtui.model import Capability, Kind, Verb
from pbxtui.simulator import things
from tests.cli.conftest import Desk, Serve
from tests.cli.offices import BY_NAME, EVERY, Site, numbers
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
    assert told["observed"] in ("observed", "not_observable")
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


def agent(site: Site) -> things.Agent:
    every = site.office.building.agents
    return next(one for one in every if one.queues and one.state == "ready")


def pause(desk: Desk, site: Site) -> things.Agent:
    one = agent(site)
    (queue, *_) = one.queues
    name = next(q["id"] for q in desk.listed("queues") if q["name"] == queue.name)
    more = ("--queue", name, "--reason", "lunch")
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
    one = agent(site)
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
    good(desk, site, "login", "hq", phone.number, "--queue", queue["id"])
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
    name = next(d["id"] for d in desk.listed("devices") if d["extension"] == phone.number)
    good(desk, site, "unregister", "hq", name, "--name", phone.number)
    assert not all(device.online for device in phone.devices)


def reboot(desk: Desk, site: Site) -> None:
    phone = site.idle()
    name = next(d["id"] for d in desk.listed("devices") if d["extension"] == phone.number)
    status, told = desk.told("reboot", "hq", name, "--name", phone.number)
    assert (status, told["answered"]) == (0, "accepted")
    assert len(site.acted()) == 1


EFFECTS: Mapping[Verb, Callable[[Desk, Site], object]] = {
    Verb.HANGUP: hangup,
    Verb.HOLD: hold,
    Verb.RESUME: resume,
    Verb.TRANSFER: transfer,
    Verb.ATTENDED: attended,
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


# --- naming --------------------------------------------------------------------------------------


@EVERY
def test_a_call_is_known_by_the_beginning_of_its_id(desk: Desk, serve: Serve, make: Make) -> None:
    site = serve(make)
    desk.write(site.config())
    call, phone = site.talk()
    id = desk.call_of(phone)
    every = [one["id"] for one in desk.listed("calls")]
    short = next(id[:n] for n in range(4, len(id)) if sum(e.startswith(id[:n]) for e in every) == 1)
    if make.name == "mirta":
        short = id.rpartition(".")[0] + "."
    good(desk, site, "hangup", "hq", short, "--yes")
    assert not call.alive


def test_a_number_is_never_cut(desk: Desk, serve: Serve) -> None:
    """The whole id of a call that is over may be the beginning of another's."""
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    _, phone = site.talk()
    id = desk.call_of(phone)
    assert id[-2:].isdecimal()
    status, told = desk.told("hangup", "hq", id[:-1], "--yes")
    assert (status, told["refused"], told["sent"]) == (3, "gone", False)
    assert f'did you mean "{id}"?' in told["words"]
    assert site.acted() == []


def test_what_several_are_called_is_refused_with_their_names(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    ids = [call["id"] for call in desk.listed("calls")]
    done = desk.do("hangup", "hq", "pbx2", "--yes")
    assert done.status == 3
    assert sum(id in done.err for id in ids) > 1
    assert "name one of them whole" in done.err
    short = desk.do("hangup", "hq", "pbx", "--yes")
    assert (short.status, site.acted()) == (3, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pause", "hq", "{agent}x"], 'hq shows no agent “{agent}x”; did you mean "{agent}"?'),
        (["flow", "hq", "{flow}0", "BUSY"], 'hq shows no flow “{flow}0”; did you mean "{flow}"?'),
        (["reboot", "hq", "zzzzzz"], "hq shows no phone “zzzzzz”; there are: pbxtui list devices"),
        (["login", "hq", "nobody9", "--queue", "1"], "hq shows no agent “nobody9”"),
    ],
)
def test_a_near_miss_is_told_the_nearest(
    desk: Desk, serve: Serve, words: list[str], said: str
) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    names = {"agent": agent(site).extension.name, "flow": next(iter(site.office.flows))}
    done = desk.do(*(word.format(**names) for word in words))
    assert done.status == 3
    assert said.format(**names) in done.err
    assert site.acted() == []


def test_a_leg_is_known_by_its_phone_and_no_other_leg_is_taken(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["vonage-live"])
    desk.write(site.config())
    _, phone = site.talk()
    call = desk.call_of(phone)
    done = desk.do("hold", "hq", call, site.idle().number)
    assert done.status == 3
    assert "the call has no leg" in done.err
    assert f"({phone.number} " in done.err
    assert site.acted() == []


def test_a_site_is_known_by_its_whole_name_alone(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["telphin"])
    desk.write(site.config())
    done = desk.do("park", "hqq", "x")
    assert (done.status, done.out) == (2, "")
    assert "no site is called 'hqq'; did you mean \"hq\"?" in done.err
    other = desk.run("--site", "cloud", "do", "park", "hq", "x")
    assert other.status == 2
    assert site.faults.seen == []


# --- before it is sent ---------------------------------------------------------------------------


@EVERY
def test_a_dry_run_says_the_sentence_sends_nothing_and_writes_nothing(
    desk: Desk, serve: Serve, make: Make
) -> None:
    site = serve(make)
    desk.write(site.config())
    call, phone = site.talk()
    id = desk.call_of(phone)

    dry = desk.do("hangup", "hq", id, "--dry-run")
    status, told = desk.told("hangup", "hq", id, "--dry-run")
    refused = desk.do("hangup", "hq", f"{id}x", "--dry-run")

    assert dry.status == status == 0
    assert dry.out == f"{told['sentence']}\n"
    assert phone.number in dry.out
    assert "--yes" in dry.err
    assert (told["answered"], told["id"], told["sent"]) == (None, None, False)
    assert refused.status == 3
    assert "would be refused: " in refused.err
    assert call.alive
    assert site.acted() == []
    assert not desk.state.exists()


def test_what_cannot_be_taken_back_wants_a_yes_that_a_script_must_say(
    desk: Desk, serve: Serve
) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    call, phone = site.talk()
    done = desk.do("hangup", "hq", desk.call_of(phone))
    assert done.status == 3
    assert "--yes" in done.err
    idle = site.idle()
    for more in ([], ["--yes"], ["--name", f"{idle.number}0"]):
        done = desk.do("reboot", "hq", idle.number, *more)
        assert done.status == 3
        assert idle.number in done.err
    assert call.alive
    assert site.acted() == []
    assert [entry.step for entry in desk.journal()] == ["refused"] * 4


def test_warnings_come_before_and_go_to_standard_error(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    _, phone = site.talk()
    call = desk.call_of(phone)
    busy = next(one for one in site.office.building.extensions if one.legs and one is not phone)
    done = desk.do("transfer", "hq", call, "--to", busy.number)
    assert done.status == 0
    assert f"warning: {busy.number} " in done.err
    sentence, accepted = done.out.splitlines()
    assert sentence.startswith("Transfer ")
    assert accepted.startswith("accepted: ")


def test_the_phone_of_the_config_dials_where_none_is_named(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["telphin"])
    own, target = site.idle(), site.idle(1)
    desk.write(site.config())
    done = desk.do("dial", "hq", "--to", target.number)
    assert done.status == 3
    assert 'set extension = "…" for hq' in done.err
    desk.write(site.config(f'extension = "{own.number}"'))
    assert desk.do("dial", "hq", "--to", target.number).status == 0
    assert own.legs


def test_a_site_that_cannot_be_read_gets_nothing(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["vonage-live"])
    desk.write(site.config())
    site.faults.set("500", on="reads")
    status, told = desk.told("hangup", "hq", "something", "--yes")
    assert (status, told["sent"], told["answered"]) == (1, False, None)
    assert "500 from " in told["words"]
    assert "nothing was sent" in told["words"]
    assert (site.acted(), desk.journal()) == ([], [])


def test_every_action_is_a_row_with_a_help(desk: Desk) -> None:
    for act in ACTS:
        done = desk.run("do", act.word, "--help")
        assert done.status == 0
        assert all(word in done.out for word in ("SITE", "--dry-run", "--yes", "--wait", "--json"))
        assert ("[LEG]" in done.out) is (act.kind is Kind.CALLS)
    done = desk.run("do", "hangp", "hq", "x")
    assert done.status == 2
    assert "unknown 'hangp'; did you mean \"hangup\"?" in done.err
