"""``pbxtui do`` over a wire in trouble: sent once, told as it is, and in the journal to the end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Desk, Serve
from tests.cli.offices import BY_NAME, EVERY, Site
from tests.contract.makes import Make

ACCEPTED, REFUSED, NOT_CONFIRMED = "accepted", "refused", "not_confirmed"
STATUS = {ACCEPTED: 0, REFUSED: 3, NOT_CONFIRMED: 4}
UNSURE = {NOT_CONFIRMED}

FAULTS: list[tuple[str, dict[str, float], set[str]]] = [
    ("timeout", {}, UNSURE),
    ("timeout", {"done": 1}, UNSURE),
    ("reset", {}, UNSURE),
    ("reset", {"done": 1}, UNSURE),
    ("refuse", {}, UNSURE | {REFUSED}),
    ("truncate", {}, UNSURE | {ACCEPTED}),
    ("cut", {}, UNSURE | {ACCEPTED}),
    ("html", {}, UNSURE),
    ("garbage", {}, UNSURE),
    ("huge", {"megabytes": 70}, UNSURE),
    ("empty", {}, UNSURE | {ACCEPTED}),
    ("202", {}, UNSURE),
    ("401", {}, {REFUSED}),
    ("403", {}, {REFUSED}),
    ("404", {}, {REFUSED}),
    ("409", {}, {REFUSED}),
    ("429", {}, {REFUSED}),
    ("429", {"retry_after": 0}, {REFUSED}),
    ("500", {}, UNSURE),
    ("502", {}, UNSURE),
    ("503", {}, UNSURE),
    ("503", {"retry_after": 0}, UNSURE),
    ("redirect", {}, UNSURE),
    ("redirect", {"status": 301}, UNSURE),
    ("redirect", {"status": 303}, UNSURE),
    ("redirect", {"status": 308}, UNSURE),
    ("slow", {"seconds": 0.02}, {ACCEPTED}),
]
"""Each fault on actions alone, with what may be said of an action that it struck."""


def named(fault: str, options: dict[str, float]) -> str:
    return "-".join([fault, *(f"{key}{value:g}" for key, value in options.items())])


def ready(desk: Desk, site: Site, fault: str, more: str = "") -> None:
    desk.write(site.config(f"timeout = {2.0 if fault == 'timeout' else 10}\n{more}"))


def whole(desk: Desk, told: dict[str, Any]) -> None:
    """The journal has the action once, from the intent to what was told, and no secret."""
    (entry,) = desk.journal()
    assert (entry.id, entry.what) == (told["id"], told["sentence"])
    assert (entry.outcome, entry.observed) == (told["answered"], told["observed"] or "")
    assert not entry.unfinished


@pytest.mark.parametrize(
    ("fault", "options", "allowed"), FAULTS, ids=[named(name, more) for name, more, _ in FAULTS]
)
@EVERY
def test_under_every_fault_it_goes_out_once_and_is_told_as_it_is(
    desk: Desk,
    serve: Serve,
    make: Make,
    fault: str,
    options: dict[str, float],
    allowed: set[str],
) -> None:
    site = serve(make)
    ready(desk, site, fault)
    call, phone = site.talk()
    id = desk.call_of(phone)
    site.faults.set(fault, on="actions", **options)

    status, told = desk.told("hangup", "hq", id, "--yes")

    assert len(site.acted()) == 1, [seen.path for seen in site.acted()]
    assert told["answered"] in allowed
    assert status == STATUS[told["answered"]]
    assert told["sent"]
    assert told["refused"] is None
    assert told["words"] or status == 0
    if status == 3:
        assert call.alive
    if status == 0 and fault != "empty":  # which says yes and does nothing
        assert not call.alive
    whole(desk, told)
    assert all(secret not in desk.written() + json.dumps(told) for secret in site.secrets)


ASKED = [
    ("hold", "vonage-live"),
    ("hold", "telphin"),
    ("transfer", "vonage-live"),
    ("transfer", "mirta"),
    ("transfer", "telphin"),
    ("dial", "vonage-live"),
    ("dial", "mirta"),
    ("dial", "telphin"),
    ("pause", "mirta"),
    ("flow", "mirta"),
    ("unregister", "mirta"),
    ("unregister", "telphin"),
]


@pytest.mark.parametrize(
    "fault", ["timeout", "reset", "cut", "202", "401", "429", "502", "redirect"]
)
@pytest.mark.parametrize(("word", "name"), ASKED, ids=[f"{word}-{name}" for word, name in ASKED])
def test_whatever_is_asked_for_is_asked_for_once(
    desk: Desk, serve: Serve, word: str, name: str, fault: str
) -> None:
    site = serve(BY_NAME[name])
    ready(desk, site, fault)
    _, phone = site.talk()
    idle, other = site.idle(), site.idle(1)
    named = {
        "hold": lambda: [desk.call_of(phone), phone.number],
        "transfer": lambda: [desk.call_of(phone), "--to", idle.number],
        "dial": lambda: ["--from", idle.number, "--to", other.number],
        "pause": lambda: [site.agent().extension.name, "--queue", desk.queue_of(site.agent())],
        "flow": lambda: [next(iter(site.office.flows)), "INUSE"],
        "unregister": lambda: [desk.phone_of(idle), "--name", idle.number],
    }[word]()
    options = {"retry_after": 0} if fault == "429" else {}
    site.faults.set(fault, on="actions", **options)

    status, told = desk.told(word, "hq", *named)

    assert len(site.acted()) == 1, [seen.path for seen in site.acted()]
    assert told["answered"] in ({REFUSED} if fault in ("401", "429") else {NOT_CONFIRMED, ACCEPTED})
    assert status == STATUS[told["answered"]]
    whole(desk, told)


@pytest.mark.parametrize("done", [0, 1], ids=["not done", "done"])
@EVERY
def test_what_nobody_confirmed_is_seen_or_not_seen(
    desk: Desk, serve: Serve, make: Make, done: int
) -> None:
    site = serve(make)
    ready(desk, site, "timeout")
    call, phone = site.talk()
    id = desk.call_of(phone)
    site.faults.set("timeout", on="actions", **({"done": 1} if done else {}))

    status, told = desk.told("hangup", "hq", id, "--yes", "--wait")

    assert call.alive is not bool(done)
    assert (status, told["observed"]) == ((0, "observed") if done else (4, "not_observed"))
    assert told["answered"] == "not_confirmed"
    assert len(site.acted()) == 1
    whole(desk, told)


def test_what_was_accepted_and_is_not_seen_in_time_is_4(desk: Desk, serve: Serve) -> None:
    """The PBX says yes and does nothing; the readings after it are too few to say so."""
    site = serve(BY_NAME["telphin"])
    desk.write(site.config("timeout = 10").replace("calls = 0.05", "calls = 3600"))
    call, phone = site.talk()
    id = desk.call_of(phone)
    site.faults.set("empty", on="actions")

    done = desk.do("hangup", "hq", id, "--yes", "--wait", "0.3")

    assert done.status == 4
    assert "accepted: " in done.out
    assert "not seen: that the call is over; not within 0.3 s" in done.err
    assert call.alive
    (entry,) = desk.journal()
    assert (entry.outcome, entry.observed, entry.unfinished) == ("accepted", "", False)


@EVERY
def test_a_401_for_an_action_asks_for_no_new_token_to_try_again_with(
    desk: Desk, serve: Serve, make: Make
) -> None:
    site = serve(make)
    ready(desk, site, "401")
    _, phone = site.talk()
    id = desk.call_of(phone)
    site.faults.seen.clear()
    site.faults.set("401", on="actions")

    status, _ = desk.told("hangup", "hq", id, "--yes")

    assert status == 3
    kinds = [seen.kind for seen in site.faults.seen]
    assert kinds.count("action") == 1
    assert kinds[-1] == "action", "nothing is asked for after it"


def test_readings_that_fail_while_it_waits_do_not_send_it_again(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["vonage-live"])
    ready(desk, site, "timeout")
    _, phone = site.talk()
    id = desk.call_of(phone)
    first = site.faults.counts.total()
    site.faults.set("timeout", on="actions")

    async def then_fail() -> None:
        while not site.acted():
            await site.faults.arrived(site.faults.counts.total() + 1)
        site.faults.set("500", on="reads")

    failing = site.loop.start(then_fail())
    status, told = desk.told("hangup", "hq", id, "--yes", "--wait", "20")
    failing.result()

    assert site.faults.counts.total() > first + 3
    assert (status, told["answered"], told["observed"]) == (4, "not_confirmed", "not_observed")
    assert len(site.acted()) == 1


# --- a journal that cannot be written, and time ------------------------------------------------


def test_without_a_journal_nothing_is_sent(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["mirta"])
    ready(desk, site, "")
    call, phone = site.talk()
    id = desk.call_of(phone)
    desk.state.parent.write_text("in the way")

    done = desk.do("hangup", "hq", id, "--yes")

    assert done.status == 3
    assert "nothing was sent: the audit journal" in done.err
    assert "cannot be written" in done.err
    assert site.acted() == []
    assert call.alive


def test_the_journal_is_read_by_audit_and_is_the_owners_alone(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["mirta"])
    ready(desk, site, "")
    _, phone = site.talk()
    status, told = desk.told("hangup", "hq", desk.call_of(phone), "--yes", "--wait")
    assert status == 0
    (line,) = desk.run("audit", "--json", "--since", "1h").out.splitlines()
    read = json.loads(line)
    assert (read["id"], read["outcome"], read["observed"]) == (told["id"], "accepted", "observed")
    (path,) = desk.state.glob("audit-*.jsonl")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
