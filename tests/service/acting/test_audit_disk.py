"""The journal and the disk: synced before it goes on, full in the middle of a line, written by
several at once."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pbxtui.model import Hold
from pbxtui.service.acting import Journal, entries
from pbxtui.service.acting.entries import KILLED_WORDS, close_unfinished
from tests.service.acting.stage import acting
from tests.service.sites import Desk, talk

HOLD = Hold(site="hq", call="c1", leg="c1-own")
ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(os.name != "posix", reason="limits and modes are POSIX's")


def steps(content: bytes) -> list[str]:
    return [json.loads(line)["step"] for line in content.splitlines()]


@posix
async def test_the_intent_is_on_the_disk_before_the_sending_and_the_result_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bytes] = []
    sync = os.fsync

    def noted(handle: int) -> None:
        sync(handle)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            synced.append(os.pread(handle, 1 << 20, 0))

    monkeypatch.setattr(os, "fsync", noted)
    desk = Desk()
    desk.show(talk())
    desk.gate = asyncio.Event()
    async with acting(tmp_path, desk) as stage:
        ticket = stage.do(HOLD)
        await desk.reached.wait()
        assert [steps(content) for content in synced] == [["intent"]]
        desk.gate.set()
        await ticket.answered()
        assert steps(synced[-1]) == ["intent", "result"]


FULL = """
import asyncio, os, resource, sys
from pathlib import Path
from pbxtui.model import Hold
from pbxtui.service.acting import Dispatcher, Journal, Rights
from tests.service.sites import Clock, Desk, fleet_over, read_all, talk

async def main():
    folder = Path(sys.argv[1])
    desk = Desk()
    desk.show(talk())
    fleet = fleet_over([desk], Clock())
    dispatcher = Dispatcher(fleet, Rights("reception"), Journal(folder))
    for site in fleet.sites:
        await read_all(site)
    hold = Hold(site="hq", call="c1", leg="c1-own")
    first = await dispatcher.send(dispatcher.plan(hold)).answered()
    (path,) = folder.glob("audit-*.jsonl")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 40, most))
    second = await dispatcher.send(dispatcher.plan(hold)).done()
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    print(len(desk.asked), second.sent, second.words)
    await dispatcher.send(dispatcher.plan(hold)).answered()
    print(len(desk.asked))
    await dispatcher.close()

asyncio.run(main())
"""


@posix
def test_an_intent_that_is_cut_off_by_a_full_disk_sends_nothing_and_spoils_nothing(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    full, again = done.stdout.splitlines()
    assert full.startswith("1 False nothing was sent: the audit journal ")
    assert again == "2"
    (path,) = tmp_path.glob("audit-*.jsonl")
    whole = [line for line in path.read_bytes().split(b"\n") if line.endswith(b"}")]
    assert len(path.read_bytes().split(b"\n")) > len(whole) + 1, "there was a torn line"
    first, third = entries(tmp_path)
    assert (first.outcome, third.outcome) == ("accepted", "accepted")


FULL_AFTER = """
import asyncio, resource, sys
from pathlib import Path
from pbxtui.model import Hold
from pbxtui.service.acting import Dispatcher, Journal, Rights
from tests.service.sites import Clock, Desk, fleet_over, read_all, talk

FOLDER = Path(sys.argv[1])

class Filling(Desk):
    async def act(self, action):
        (path,) = FOLDER.glob("audit-*.jsonl")
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, most))
        return await super().act(action)

async def main():
    desk = Filling()
    desk.show(talk())
    fleet = fleet_over([desk], Clock())
    dispatcher = Dispatcher(fleet, Rights("reception"), Journal(FOLDER))
    for site in fleet.sites:
        await read_all(site)
    hold = Hold(site="hq", call="c1", leg="c1-own")
    ticket = await dispatcher.send(dispatcher.plan(hold)).answered()
    print(len(desk.asked), ticket.outcome.answered)
    await dispatcher.close()

asyncio.run(main())
"""


@posix
def test_a_result_that_finds_no_room_is_told_and_the_next_start_tells_the_intent(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_AFTER, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1 accepted\n"
    assert "cannot be written: File too large" in done.stderr
    (left,) = close_unfinished(Journal(tmp_path))
    assert left.what.startswith("Hold 447 ")
    (entry,) = entries(tmp_path)
    assert (entry.outcome, entry.words) == ("not_confirmed", KILLED_WORDS)
    assert "before an answer was in the journal" in entry.words


WRITER = """
import sys
from pathlib import Path
from pbxtui.model import Hold
from pbxtui.service.acting import Journal
from pbxtui.service.acting.audit import Mark

book = Journal(Path(sys.argv[1]), who=sys.argv[2])
sys.stdin.readline()
for number in range(40):
    line = book.begin(Hold(site="hq", call="c1"), f"{number} " + "x" * 500)
    book.note(line, Mark.INTENT)
    book.note(line, Mark.UNDONE)
"""


def test_several_processes_write_one_journal(tmp_path: Path) -> None:
    names = ["ana", "ben", "cleo"]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name], cwd=ROOT, stdin=subprocess.PIPE
        )
        for name in names
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    troubles: list[object] = []
    found = entries(tmp_path, trouble=troubles.append)
    assert troubles == []
    for name in names:
        mine = [entry for entry in found if entry.who == name]
        assert [int(entry.what.split()[0]) for entry in mine] == list(range(40))
        assert all([told.step for told in entry.steps] == ["intent", "undone"] for entry in mine)
