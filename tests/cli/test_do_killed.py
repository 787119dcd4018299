"""``pbxtui do`` that is ended in the middle, and one that asks: real processes, real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from pbxtui.service.acting import Entry, entries
from pbxtui.service.acting.entries import KILLED_WORDS
from pbxtui.service.acting.sending import LEFT_WORDS
from tests.cli.conftest import DEADLINE, Home, Serve
from tests.cli.offices import BY_NAME, Desk, Site
from tests.terminal.pseudo import Terminal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other signals and no pty here")


def journal(home: Home) -> list[Entry]:
    return entries(home.folder / ".local" / "state" / "pbxtui")


def begun(home: Home, desk: Desk, site: Site, *more: str) -> subprocess.Popen[str]:
    """A hang-up that has reached the PBX, which does not answer."""
    desk.write(site.config("timeout = 30"))
    _, phone = site.talk()
    id = desk.call_of(phone)
    site.faults.set("timeout", on="actions")
    process = home.start("do", "hangup", "hq", id, "--yes", *more, *desk.at)
    site.until_acted()
    return process


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=DEADLINE)
    assert "Traceback" not in out + err
    return process.returncode, out, err


@pytest.mark.parametrize("name", ["vonage-live", "mirta", "telphin"])
def test_a_killed_process_leaves_an_intent_and_the_next_says_so_once(
    home: Home, desk: Desk, serve: Serve, name: str
) -> None:
    site = serve(BY_NAME[name])
    process = begun(home, desk, site)
    process.send_signal(signal.SIGKILL)
    assert ended(process)[0] == -signal.SIGKILL

    (entry,) = journal(home)
    assert (entry.step, entry.outcome, entry.unfinished) == ("intent", "", True)

    site.faults.clear()
    free = site.idle()
    dry = home.run("do", "dial", "hq", "--from", free.number, "--to", "1", "--dry-run", *desk.at)
    assert entry.what not in dry.err, "a dry run writes nothing, so that it does not tell"
    next_one = home.run("do", "dial", "hq", "--from", free.number, "--to", "305", *desk.at)
    assert entry.what in next_one.err
    assert "whether it was carried out is not known" in next_one.err
    for _ in range(2):
        assert entry.what not in home.run("audit").err
    first, second = journal(home)
    assert (first.outcome, first.words) == ("not_confirmed", KILLED_WORDS)
    assert second.outcome == "accepted"
    assert len(site.acted()) == 2


def test_audit_is_a_next_start_too(home: Home, desk: Desk, serve: Serve) -> None:
    process = begun(home, desk, serve(BY_NAME["mirta"]))
    running = home.run("audit")
    assert running.err == "", "it still runs, and may yet be answered"
    assert "no answer yet" in running.out
    process.send_signal(signal.SIGKILL)
    ended(process)
    told = home.run("audit")
    assert "an earlier pbxtui was ended over this" in told.err
    assert "not confirmed" in told.out
    assert home.run("audit").err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_the_answer_is_due_leaves_a_whole_journal(
    home: Home, desk: Desk, serve: Serve, number: signal.Signals
) -> None:
    site = serve(BY_NAME["mirta"])
    process = begun(home, desk, site, "--wait")
    process.send_signal(number)
    status, out, err = ended(process)
    assert status == 128 + number
    assert f"not confirmed: {LEFT_WORDS}" in err
    assert "accepted" not in out
    (entry,) = journal(home)
    assert (entry.outcome, entry.words, entry.unfinished) == ("not_confirmed", LEFT_WORDS, False)
    assert len(site.acted()) == 1


def test_an_answer_that_comes_after_the_signal_is_still_taken(
    home: Home, desk: Desk, serve: Serve
) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config("timeout = 30"))
    call, phone = site.talk()
    id = desk.call_of(phone)
    site.faults.set("slow", on="actions", seconds=1.0)
    process = home.start("do", "hangup", "hq", id, "--yes", "--json", *desk.at)
    site.until_acted()
    process.send_signal(signal.SIGTERM)
    status, out, _ = ended(process)
    assert status == 128 + signal.SIGTERM
    assert '"answered": "accepted"' in out
    assert not call.alive
    (entry,) = journal(home)
    assert (entry.outcome, entry.unfinished) == ("accepted", False)


def test_a_signal_while_it_waits_for_the_effect_keeps_what_was_answered(
    home: Home, desk: Desk, serve: Serve
) -> None:
    site = serve(BY_NAME["telphin"])
    desk.write(site.config("timeout = 30").replace("calls = 0.05", "calls = 3600"))
    call, phone = site.talk()
    id = desk.call_of(phone)
    site.faults.set("empty", on="actions")
    process = home.start("do", "hangup", "hq", id, "--yes", "--wait", *desk.at)
    site.until_acted()
    assert process.stdout is not None
    while not process.stdout.readline().startswith("accepted: "):
        pass
    process.send_signal(signal.SIGINT)
    status, _, err = ended(process)
    assert call.alive
    assert status == 128 + signal.SIGINT
    assert "not seen: " in err
    (entry,) = journal(home)
    assert (entry.outcome, entry.unfinished) == ("accepted", False)


def test_a_signal_in_the_grace_takes_it_back(home: Home, desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config(top="grace = 50"))
    call, phone = site.talk()
    id = desk.call_of(phone)
    process = home.start("do", "hangup", "hq", id, "--yes", *desk.at)
    assert process.stderr is not None
    assert process.stderr is not None
    assert process.stderr.readline() == "kept back for 50 s; Ctrl+C takes it back\n"
    process.send_signal(signal.SIGTERM)
    status, _, err = ended(process)
    assert (status, "undone: " in err) == (128 + signal.SIGTERM, True)
    (entry,) = journal(home)
    assert (entry.step, entry.sent) == ("undone", False)
    assert call.alive
    assert site.acted() == []


# --- the question --------------------------------------------------------------------------------


def asking(home: Home, desk: Desk, *arguments: str) -> Terminal:
    command = [sys.executable, "-m", "pbxtui", "do", *arguments, *desk.at]
    state = {"XDG_STATE_HOME": str(home.folder / ".local" / "state")}
    return Terminal(command, size=(120, 20), env=home.environment() | state)


@pytest.mark.parametrize(
    ("typed", "status"), [("y", 0), ("yes", 0), ("n", 3), ("", 3), ("hq", 3), ("\x04", 3)]
)
def test_at_a_terminal_it_asks_and_the_answer_is_no_unless_it_is_yes(
    home: Home, desk: Desk, serve: Serve, typed: str, status: int
) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    call, phone = site.talk()
    with asking(home, desk, "hangup", "hq", desk.call_of(phone)) as terminal:
        terminal.shows("Go on? [y/N]")
        assert any(line.startswith("Hang up ") for line in terminal.lines)
        assert site.acted() == []
        terminal.press(typed + ("" if typed == "\x04" else "\n"))
        assert terminal.ended() == status
    assert call.alive is (status == 3)
    assert len(site.acted()) == (status == 0)
    (entry,) = journal(home)
    assert entry.sent is (status == 0)


@pytest.mark.parametrize("right", [True, False])
def test_a_phone_is_restarted_when_its_name_is_typed(
    home: Home, desk: Desk, serve: Serve, right: bool
) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    phone = site.idle()
    with asking(home, desk, "unregister", "hq", phone.number) as terminal:
        terminal.shows(f"Type {phone.number} to go on:")
        terminal.press(f"{phone.number if right else 'y'}\n")
        assert terminal.ended() == (0 if right else 3)
    assert len(site.acted()) == right


def test_what_changes_while_it_is_asked_gets_nothing(home: Home, desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["vonage-live"])
    desk.write(site.config())
    call, phone = site.talk()
    with asking(home, desk, "hangup", "hq", desk.call_of(phone)) as terminal:
        terminal.shows("Go on? [y/N]")

        async def end() -> None:
            site.office.hangup_call(call.id)

        site.loop.run(end())
        terminal.press("y\n")
        assert terminal.ended() == 3
    assert site.acted() == []
    (entry,) = journal(home)
    assert "nothing was sent: the call is over" in entry.words


def test_ctrl_c_at_the_question_sends_nothing(home: Home, desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    call, phone = site.talk()
    with asking(home, desk, "hangup", "hq", desk.call_of(phone)) as terminal:
        terminal.shows("Go on? [y/N]")
        terminal.press("\x03")
        assert terminal.ended() == 130
    assert call.alive
    assert journal(home) == []


def test_where_nobody_can_be_asked_and_nothing_is_asked_it_goes_at_once(
    home: Home, desk: Desk, serve: Serve
) -> None:
    site = serve(BY_NAME["telphin"])
    desk.write(site.config())
    call, phone = site.talk()
    done = home.run("do", "hold", "hq", desk.call_of(phone), *desk.at)
    assert done.status == 0
    assert "held" in [leg.state.value for leg in call.live_legs()]
    assert (home.folder / ".local" / "state" / "pbxtui" / "assumed.json").exists()
