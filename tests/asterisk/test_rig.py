"""The rig itself: a real Asterisk, real phones, and the AMI telling what they do."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.asterisk import install, office
from tests.asterisk.conftest import MakePhone
from tests.asterisk.manager import Manager
from tests.asterisk.phones import Phone, connect
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import eventually


def by_endpoint(rig: Rig) -> dict[str, dict[str, str]]:
    """The channels by the phone they belong to."""
    return {row["Channel"].split("/")[1].split("-")[0]: row for row in rig.channels()}


def ready_members(rig: Rig) -> set[str]:
    """The phones of the members of ``support`` that Asterisk would ring."""
    with rig.ami() as manager:
        rows = manager.ask_all("QueueStatus", Queue="support")
    return {row["StateInterface"] for row in rows if row.get("Status") == "1"}


def test_two_phones_talk_hold_and_hang_up(asterisk: Rig, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    contacts = asterisk.cli("pjsip show contacts")
    assert "1001/sip:1001@" in contacts
    assert "1002/sip:1002@" in contacts

    with asterisk.ami(events="on") as manager:
        outgoing = alice.dial("1002")
        incoming = bob.incoming()
        outgoing.rings()
        states = {name: row["ChannelStateDesc"] for name, row in by_endpoint(asterisk).items()}
        assert states == {"1001": "Ring", "1002": "Ringing"}

        incoming.answer()
        outgoing.talks()
        eventually(lambda: all(row["BridgeId"] for row in asterisk.channels()))
        rows = asterisk.channels()
        assert {row["ChannelStateDesc"] for row in rows} == {"Up"}
        assert len({row["BridgeId"] for row in rows}) == 1
        assert len({row["Linkedid"] for row in rows}) == 1

        incoming.hold()
        assert manager.wait("Hold")["Channel"].startswith("PJSIP/1002-")
        incoming.resume()
        assert manager.wait("Unhold")["Channel"].startswith("PJSIP/1002-")

        outgoing.hang_up()
        incoming.ended()
        manager.wait("Hangup")
    eventually(lambda: not asterisk.channels())


def test_a_caller_may_give_up_and_the_called_may_decline(asterisk: Rig, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    given_up = alice.dial("1002")
    ringing = bob.incoming()
    given_up.rings()
    given_up.hang_up()
    ringing.ended()

    declined = alice.dial("1002")
    bob.incoming().decline()
    declined.ended()
    eventually(lambda: not asterisk.channels())


def test_a_queue_caller_waits_in_position_one(asterisk: Rig, phone: MakePhone) -> None:
    phone("1001").dial("600").talks()
    with asterisk.ami() as manager:

        def waiting() -> list[dict[str, str]]:
            rows = manager.ask_all("QueueStatus", Queue="support")
            return [row for row in rows if row.get("Event") == "QueueEntry"]

        eventually(waiting)
        assert [(row["Position"], row["CallerIDNum"]) for row in waiting()] == [("1", "1001")]


def test_a_queue_rings_its_members_and_the_local_one_too(asterisk: Rig, phone: MakePhone) -> None:
    carol, erin = phone("1003"), phone("1005")
    eventually(lambda: {"PJSIP/1003", "PJSIP/1005"} <= ready_members(asterisk))
    caller = phone("1001").dial("600").talks()
    carol.incoming()
    incoming = erin.incoming()
    incoming.answer()
    eventually(lambda: by_endpoint(asterisk).keys() >= {"1001", "1005"})
    incoming.hang_up()
    caller.ended()


def test_a_call_is_parked_in_a_slot(asterisk: Rig, phone: MakePhone) -> None:
    alice, bob = phone("1001"), phone("1002")
    _, incoming = connect(alice, bob)
    with asterisk.ami() as manager:
        channel = by_endpoint(asterisk)["1001"]["Channel"]
        answer = manager.ask(
            "Redirect", Channel=channel, Context=office.CONTEXT, Exten="700", Priority="1"
        )
        assert answer["Response"] == "Success"
        incoming.ended()
        parked = eventually(lambda: manager.ask_all("ParkedCalls")[1:-1])
    assert [(row["ParkeeChannel"], row["ParkingSpace"]) for row in parked] == [(channel, "701")]


def test_a_stranger_calls_in_over_the_trunk_with_a_hostile_name(
    asterisk: Rig, phone: MakePhone, trunk: Phone
) -> None:
    called = phone("1002")
    name = "[bold]Eve[/] \x1b[31m \u202e" + "x" * 40
    call = trunk.dial("1002", name=name)
    called.incoming()
    call.rings()
    row = by_endpoint(asterisk)["trunk"]
    assert row["CallerIDName"].startswith("[bold]Eve[/] \x1b[31m")


def test_a_phone_calls_out_over_the_trunk(asterisk: Rig, phone: MakePhone, trunk: Phone) -> None:
    call = phone("1001").dial("900442079460958")
    trunk.incoming().answer()
    call.talks()
    assert by_endpoint(asterisk).keys() == {"1001", "trunk"}


def test_a_wrong_secret_is_refused(asterisk: Rig) -> None:
    with Manager(asterisk.ports.ami) as manager:
        assert manager.banner.startswith("Asterisk Call Manager/")
        answer = manager.login("noc", "wrong")
    assert (answer["Response"], answer["Message"]) == ("Error", "Authentication failed")


def test_a_user_without_rights_is_told(asterisk: Rig) -> None:
    with asterisk.ami(office.GUEST) as manager:
        answer = manager.ask("CoreShowChannels")
    assert (answer["Response"], answer["Message"]) == ("Error", "Permission denied")


def test_it_comes_back_at_the_same_address(asterisk: Rig) -> None:
    asterisk.kill()
    assert not asterisk.running
    asterisk.start()
    with asterisk.ami() as manager:
        assert manager.ask("Ping")["Response"] == "Success"


CRASHING = """
import os, signal, sys
from tests.asterisk.rig import Rig
rig = Rig()
rig.start()
print(rig.ports.ami, rig.folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_asterisk_that_falls_over_the_clearing_up_is_started_anew(asterisk: Rig) -> None:
    asterisk.crash()
    assert not asterisk.clear()
    assert not asterisk.running
    asterisk.start()
    assert asterisk.clear()
    assert asterisk.channels() == []


def test_nothing_is_left_running_after_a_crash(asterisk: Rig) -> None:
    crashed = subprocess.run(
        [sys.executable, "-c", CRASHING], capture_output=True, text=True, check=False
    )
    assert crashed.returncode == -signal.SIGKILL, crashed.stderr
    port, folder = crashed.stdout.split()

    def gone() -> bool:
        try:
            Manager(int(port)).close()
        except OSError:
            return True
        return False

    eventually(gone)
    Rig(asterisk.installation).close()
    assert not Path(folder).exists(), "the next rig clears away what a crashed one left"


def test_where_there_is_none_the_way_to_one_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PBXTUI_ASTERISK_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install.find() is None
    assert "python -m tests.asterisk.install" in install.HOW


@pytest.mark.parametrize(
    ("sources", "archive"),
    [
        ("Types: deb\nURIs: http://one.example/debian\nSuites: a\n", "http://one.example/debian"),
        ("deb http://two.example/debian bookworm main\n", "http://two.example/debian"),
        ("deb [arch=amd64 signed-by=/k] https://three.example/d b m\n", "https://three.example/d"),
        ("deb http://four.example/debian-security b m\n", None),
        ("# deb http://five.example/debian b m\n", None),
    ],
)
def test_the_archive_is_read_from_the_sources_of_apt(sources: str, archive: str | None) -> None:
    assert install.archive_in(sources) == archive
