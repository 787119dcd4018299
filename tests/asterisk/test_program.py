"""The whole program against the real Asterisk: what the phones do is what a person sees."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.asterisk import office
from tests.asterisk.conftest import MakePhone
from tests.asterisk.phones import Phone, connect
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import eventually
from tests.terminal.pseudo import Terminal, pbxtui


@pytest.fixture
def config(asterisk: Rig, tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        f"""
[[site]]
name = "lab"
kind = "asterisk"
host = "127.0.0.1"
port = {asterisk.ports.ami}
username = "{office.NOC.username}"
secret = "{office.NOC.secret}"
context = "{office.CONTEXT}"
poll = {{ devices = 2 }}
"""
    )
    path.chmod(0o600)
    return path


@pytest.fixture
def screen(config: Path, tmp_path: Path) -> Iterator[Terminal]:
    command = pbxtui("--config", str(config))
    with Terminal(command, size=(140, 40), env={"HOME": str(tmp_path)}) as terminal:
        terminal.until(lambda t: re.search(r"lab asterisk •", t.text), "lab is read")
        yield terminal
        terminal.press("qq")
        assert terminal.ended() == 0


def listed(config: Path, kind: str) -> list[dict[str, Any]]:
    """What ``pbxtui list KIND --json`` prints."""
    done = subprocess.run(
        pbxtui("list", kind, "--json", "--config", str(config)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_list_prints_a_call_with_its_two_legs(config: Path, phone: MakePhone) -> None:
    connect(phone("1001"), phone("1002"))
    (call,) = listed(config, "calls")
    assert call["site"] == "lab"
    assert call["state"] == "talking"
    assert call["from"]["number"] == "1001"
    assert call["to"]["number"] == "1002"
    assert [leg["state"] for leg in call["legs"]] == ["talking", "talking"]
    assert {leg["extension"] for leg in call["legs"]} == {"1001", "1002"}
    assert call["started"].endswith("Z")


def test_check_says_which_asterisk_it_is(asterisk: Rig, config: Path) -> None:
    done = subprocess.run(
        pbxtui("check", "--config", str(config)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    about = re.search(r"^  about +Asterisk (\S+), AMI \S+, running since ", done.stdout, re.M)
    assert about is not None, done.stdout
    assert asterisk.cli("core show version").split()[1].startswith(about[1])


def test_list_prints_phones_queues_agents_and_lamps(config: Path, phone: MakePhone) -> None:
    caller = phone("1001")
    waiting = caller.dial("600")
    waiting.talks()
    devices = {row["id"]: row for row in listed(config, "devices")}
    assert devices["PJSIP/1001"]["state"] == "registered"
    assert devices["PJSIP/1001"]["address"]
    assert devices["PJSIP/1002"]["state"] == "unregistered"
    queues = {row["id"]: row for row in listed(config, "queues")}
    assert [one["party"]["number"] for one in queues["support"]["callers"]] == ["1001"]
    assert queues["support"]["callers"][0]["position"] == 1
    agents = listed(config, "agents")
    assert any("support" in row["queues"] for row in agents)
    lamps = {row["extension"]: row["state"] for row in listed(config, "lamps")}
    assert lamps["1001"] == "in_use"
    assert lamps["1002"] == "unavailable"


def test_two_phones_ring_talk_and_leave_the_screen(screen: Terminal, phone: MakePhone) -> None:
    one, two = phone("1001"), phone("1002")
    out = one.dial("1002")
    incoming = two.incoming().rings()
    screen.until(lambda t: re.search(r"(◂ ring|▸ call).*1001.*1002", t.text), "ringing")
    incoming.answer()
    out.talks()
    screen.until(lambda t: re.search(r"● talk.*1001.*1002", t.text), "talking")
    screen.press("l")
    screen.until(
        lambda t: (
            re.search(r"● talk.*PJSIP/1001", t.text) and re.search(r"● talk.*PJSIP/1002", t.text)
        ),
        "both legs",
    )
    out.hang_up()
    screen.until(lambda t: re.search(r"× ended.*1001.*1002", t.text), "the end and its reason")
    screen.until(lambda t: "1002" not in t.text, "the call has left")
    screen.shows("no calls")


def test_hold_and_resume_are_seen_on_the_leg(screen: Terminal, phone: MakePhone) -> None:
    one, two = phone("1001"), phone("1002")
    out, _ = connect(one, two)
    screen.until(lambda t: re.search(r"● talk.*1001.*1002", t.text), "talking")
    screen.press("l")
    screen.shows("PJSIP/1001")
    out.hold()
    screen.until(lambda t: re.search(r"‖ hold.*PJSIP/100[12]", t.text), "held")
    assert "hold~" not in screen.text
    out.resume()
    screen.shows_no("‖ hold")


def test_a_queue_caller_and_a_parked_call_are_seen(screen: Terminal, phone: MakePhone) -> None:
    waiting = phone("1001").dial("600")
    waiting.talks()
    screen.until(lambda t: re.search(r"Q queue.*1001.*support", t.text), "in the queue")
    parked = phone("1003").dial("700")
    parked.talks()
    screen.until(lambda t: re.search(r"P park.*1003.*park 70\d", t.text), "parked")


def test_a_hostile_name_from_outside_is_only_text(
    screen: Terminal, phone: MakePhone, trunk: Phone
) -> None:
    phone("1001")
    trunk.dial("1001", name=b"[red]Ev\x1bil[/] \x07\xe2\x80\xaeBob")
    screen.until(lambda t: "[red]Ev" in t.text, "the name as text")
    assert "\x1bil" not in screen.sent
    assert "\u202e" not in screen.sent


def test_a_killed_asterisk_takes_nothing_away_and_comes_back(
    asterisk: Rig, screen: Terminal, phone: MakePhone
) -> None:
    connect(phone("1001"), phone("1002"))
    screen.until(lambda t: re.search(r"● talk.*1001.*1002", t.text), "talking")
    asterisk.kill()
    screen.until(lambda t: any(line.startswith("lab: ") for line in t.lines), "the trouble")
    screen.until(lambda t: re.search(r"lab asterisk [~×]", t.text), "stale")
    assert re.search(r"● talk.*1001.*1002", screen.text)
    asterisk.start()
    screen.press("r")
    screen.until(
        lambda t: (
            re.search(r"lab asterisk •", t.text)
            and not any(line.startswith("lab: ") for line in t.lines)
        ),
        "live again",
    )
    screen.until(lambda t: "● talk" not in t.text, "that call is over")


def test_check_says_what_it_can_do(config: Path) -> None:
    done = subprocess.run(
        pbxtui("check", "--config", str(config)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for topic in ("calls", "devices", "queues", "lamps"):
        assert topic in done.stdout
    assert "hold" in done.stdout
    assert office.NOC.secret not in done.stdout + done.stderr


def test_a_wrong_secret_is_said_once_and_not_repeated(
    asterisk: Rig, config: Path, tmp_path: Path
) -> None:
    config.write_text(config.read_text().replace(office.NOC.secret, "wrong-secret"))
    done = subprocess.run(
        pbxtui("list", "calls", "--config", str(config)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "wrong-secret" not in done.stderr
    assert done.stderr.startswith("lab: ")
    eventually(lambda: asterisk.running)
