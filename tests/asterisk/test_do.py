"""``pbxtui do`` against the real Asterisk: what it does is seen on the phones' side."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pbxtui.service.acting import Entry, entries
from tests.asterisk import office
from tests.asterisk.conftest import MakePhone
from tests.asterisk.phones import connect
from tests.asterisk.rig import Rig
from tests.terminal.pseudo import pbxtui

DEADLINE = 60.0
Told = tuple[int, dict[str, Any]]


class Desk:
    """``pbxtui`` with a home of its own, and the real Asterisk as its only site."""

    def __init__(self, folder: Path, port: int) -> None:
        self.state = folder / "pbxtui"
        self._environment = {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder)}
        self._config = folder / "config.toml"
        self._config.write_text(
            f'[[site]]\nname = "lab"\nkind = "asterisk"\nhost = "127.0.0.1"\nport = {port}\n'
            f'username = "{office.NOC.username}"\nsecret = "{office.NOC.secret}"\n'
            f'context = "{office.CONTEXT}"\n'
        )
        self._config.chmod(0o600)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            pbxtui(*arguments, "--config", str(self._config)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment,
        )

    def begin(self, *arguments: str) -> Callable[[], Told]:
        """Begin an action; the answer waits for its end."""
        process = self.start("do", *arguments, "--json")

        def end() -> Told:
            out, err = process.communicate(timeout=DEADLINE)
            assert out, err
            return process.returncode, json.loads(out)

        return end

    def do(self, *arguments: str) -> Told:
        return self.begin(*arguments)()

    def listed(self, kind: str) -> list[dict[str, Any]]:
        out, err = self.start("list", kind, "--json").communicate(timeout=DEADLINE)
        assert out, err
        found: list[dict[str, Any]] = json.loads(out)
        return found

    def call(self) -> str:
        """The id of the only call."""
        (call,) = self.listed("calls")
        return str(call["id"])

    def journal(self) -> list[Entry]:
        return entries(self.state)


@pytest.fixture
def desk(asterisk: Rig, tmp_path: Path) -> Desk:
    return Desk(tmp_path, asterisk.ports.ami)


def seen(told: Told) -> None:
    status, said = told
    assert status == 0, said
    assert (said["answered"], said["observed"]) == ("accepted", "observed")


def test_both_phones_are_hung_up(desk: Desk, phone: MakePhone) -> None:
    calling, called = connect(phone("1001"), phone("1002"))
    seen(desk.do("hangup", "lab", desk.call(), "--yes", "--wait"))
    calling.ended()
    called.ended()


def test_a_call_that_is_over_is_no_other_call(desk: Desk, phone: MakePhone) -> None:
    first, second = phone("1001"), phone("1002")
    calling, _ = connect(first, second)
    over = desk.call()
    calling.hang_up()
    after, _ = connect(first, second)
    assert desk.call() != over
    status, said = desk.do("hangup", "lab", over, "--yes")
    assert (status, said["refused"], said["sent"]) == (3, "gone", False)
    after.hang_up()


def test_the_caller_is_sent_on(desk: Desk, phone: MakePhone) -> None:
    other = phone("1003")
    _, called = connect(phone("1001"), phone("1002"))
    seen(desk.do("transfer", "lab", desk.call(), "1002", "--to", "1003", "--wait"))
    called.ended()
    other.incoming().answer()


def test_a_phone_is_rung_and_then_the_number(desk: Desk, phone: MakePhone) -> None:
    own, target = phone("1001"), phone("1002")
    end = desk.begin("dial", "lab", "--from", "1001", "--to", "1002", "--wait")
    mine = own.incoming().answer()
    target.incoming().answer()
    seen(end())
    mine.hang_up()


def test_an_agent_is_paused(desk: Desk, phone: MakePhone) -> None:
    phone("1001")
    agent = next(one for one in desk.listed("agents") if one["queues"])
    queue = agent["queues"][0]
    words = ("lab", agent["id"], "--queue", queue)
    seen(desk.do("pause", *words, "--reason", "lunch", "--wait"))
    after = next(one for one in desk.listed("agents") if one["id"] == agent["id"])
    assert queue in after["paused_in"]
    seen(desk.do("unpause", *words, "--wait"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_one_that_is_ended_while_a_phone_rings_is_in_the_journal(
    desk: Desk, phone: MakePhone, number: signal.Signals
) -> None:
    own = phone("1001")
    process = desk.start("do", "dial", "lab", "--from", "1001", "--to", "1002")
    ringing = own.incoming()
    process.send_signal(number)
    process.communicate(timeout=DEADLINE)
    (entry,) = desk.journal()
    assert entry.sent
    assert entry.unfinished is (number is signal.SIGKILL)
    _, err = desk.start("audit").communicate(timeout=DEADLINE)
    assert (entry.what in err) is (number is signal.SIGKILL)
    ringing.decline()
    assert own.rung == 1
