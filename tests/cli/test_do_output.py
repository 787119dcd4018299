"""``pbxtui do`` where its output cannot be written: the exit status goes on telling the truth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pbxtui.cli.order import Order
from pbxtui.cli.telling import Telling
from pbxtui.model import Answered, Hangup, Kind, Outcome, Verb
from pbxtui.service.acting import Journal, Plan, Ticket
from pbxtui.service.acting.sending import UNSENT_WORDS
from tests.cli.conftest import DEADLINE, Desk, Home, Serve
from tests.cli.offices import BY_NAME, Site
from tests.cli.test_do_killed import journal

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")


def ready(desk: Desk, serve: Serve, name: str = "mirta") -> tuple[Site, str]:
    site = serve(BY_NAME[name])
    desk.write(site.config("timeout = 2"))
    _, phone = site.talk()
    return site, desk.call_of(phone)


@pytest.mark.parametrize(
    ("fault", "status", "outcome"),
    [("", 0, "accepted"), ("401", 3, "refused"), ("502", 4, "not_confirmed")],
)
def test_what_was_sent_and_cannot_be_printed_is_no_unread_site(
    home: Home, desk: Desk, serve: Serve, fault: str, status: int, outcome: str
) -> None:
    site, id = ready(desk, serve)
    if fault:
        site.faults.set(fault, on="actions")
    with open("/dev/full", "w") as full:
        done = home.run("do", "hangup", "hq", id, "--yes", "--json", *desk.at, stdout=full)
    assert done.status == status
    assert "what became of it cannot be printed: No space left" in done.err
    assert len(site.acted()) == 1
    assert [entry.outcome for entry in journal(home)] == [outcome]


def test_a_sentence_that_cannot_be_printed_is_followed_by_nothing(
    home: Home, desk: Desk, serve: Serve
) -> None:
    site, id = ready(desk, serve)
    with open("/dev/full", "w") as full:
        done = home.run("do", "hangup", "hq", id, "--yes", *desk.at, stdout=full)
    assert (done.status, site.acted()) == (1, [])


def test_whoever_reads_may_go_away_when_it_is_on_its_way(
    home: Home, desk: Desk, serve: Serve
) -> None:
    site, id = ready(desk, serve)
    site.faults.set("slow", on="actions", seconds=1.0)
    process = home.start("do", "hangup", "hq", id, "--yes", *desk.at)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Hang up ")
    site.until_acted()
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0
    assert "cannot be printed: Broken pipe" in err
    log = home.folder / ".local" / "state" / "pbxtui" / "log" / "pbxtui.log"
    assert not log.exists(), "it is no bug"
    assert [entry.outcome for entry in journal(home)] == ["accepted"]


def test_without_any_output_it_is_done_all_the_same(home: Home, desk: Desk, serve: Serve) -> None:
    site, id = ready(desk, serve)
    command = [sys.executable, "-m", "pbxtui", "do", "hangup", "hq", id, "--yes", *desk.at]
    shell = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command]
    done = subprocess.run(shell, env=home.environment(), cwd=home.folder, timeout=DEADLINE)
    assert done.returncode == 0
    assert len(site.acted()) == 1
    assert [entry.outcome for entry in journal(home)] == ["accepted"]


def test_where_nobody_can_be_asked_nothing_is_sent(home: Home, desk: Desk, serve: Serve) -> None:
    site, id = ready(desk, serve)
    command = [sys.executable, "-m", "pbxtui", "do", "hangup", "hq", id, *desk.at]
    shell = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
    done = subprocess.run(
        shell, env=home.environment(), cwd=home.folder, timeout=DEADLINE, capture_output=True
    )
    assert done.returncode == 3
    assert b"nobody can be asked here: --yes" in done.stderr
    assert site.acted() == []
    assert [entry.step for entry in journal(home)] == ["refused"]


def test_what_was_left_before_it_was_sent_is_said_to_be_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As after a second Ctrl+C while a slow disk still writes the intent."""
    action = Hangup(site="hq", call="c1")
    ticket = Ticket(Plan(action, "Hang up"), Journal(tmp_path).begin(action, "Hang up"))
    ticket.outcome = Outcome(Answered.REFUSED, UNSENT_WORDS)
    ticket.finish()
    telling = Telling(Order(Verb.HANGUP, Kind.CALLS, "hq", "c1", json=True))
    telling.end(ticket, interrupted=True)
    out, err = capsys.readouterr()
    assert err == f"refused: {UNSENT_WORDS}\n"
    told = json.loads(out)
    assert (told["sent"], told["answered"], told["words"]) == (False, "refused", UNSENT_WORDS)
