"""The journal: a line for each step, on the disk before it goes on, readable whatever happened."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbxtui.model import Answered, Dial, Hangup, Hold, SendDtmf
from pbxtui.service.acting import Journal, JournalError, entries
from pbxtui.service.acting.audit import Mark
from pbxtui.service.acting.entries import KILLED_WORDS, close_unfinished, unfinished
from tests.service.acting.worlds import ACTIONS, HOSTILE
from tests.service.sites import Clock

HOLD = Hold(site="hq", call="c1", leg="c1-own")
OCTOBER = datetime(2026, 10, 31, 23, 59, 58, 500_000, UTC).timestamp()


def journal(folder: Path, clock: Clock | None = None) -> Journal:
    return Journal(folder, clock=clock or Clock(OCTOBER), who="ana", host="jump")


def lines(folder: Path) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for path in sorted(folder.glob("audit-*.jsonl"))
        for line in path.read_text().splitlines()
    ]


def test_each_step_is_a_line_that_says_everything(tmp_path: Path) -> None:
    book = journal(tmp_path)
    line = book.begin(HOLD, "Hold 447: +44 hears music")
    book.note(line, Mark.INTENT)
    book.note(line, Mark.RESULT, outcome=Answered.ACCEPTED, words="OK")
    book.note(line, Mark.SEEN, outcome=Answered.ACCEPTED, words="OK", observed="observed")
    intent, result, seen = lines(tmp_path)
    assert intent["when"] == "2026-10-31T23:59:58.500Z"
    assert {key: intent[key] for key in ("who", "host", "site", "call", "leg", "verb")} == {
        "who": "ana",
        "host": "jump",
        "site": "hq",
        "call": "c1",
        "leg": "c1-own",
        "verb": "hold",
    }
    assert (result["step"], result["outcome"], result["words"]) == ("result", "accepted", "OK")
    assert (seen["step"], seen["observed"]) == ("seen", "observed")
    assert len({line["id"] for line in (intent, result, seen)}) == 1
    (entry,) = entries(tmp_path)
    assert (entry.what, entry.outcome, entry.observed) == (
        "Hold 447: +44 hears music",
        "accepted",
        "observed",
    )
    assert entry.when == intent["when"]


def test_a_file_a_month_and_an_action_over_midnight_is_one(tmp_path: Path) -> None:
    clock = Clock(OCTOBER)
    book = journal(tmp_path, clock)
    line = book.begin(HOLD, "Hold")
    book.note(line, Mark.INTENT)
    clock.now += 2
    book.note(line, Mark.RESULT, outcome=Answered.ACCEPTED)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "audit-2026-10.jsonl",
        "audit-2026-11.jsonl",
    ]
    for since in (None, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)):
        (entry,) = entries(tmp_path, since=since)
        assert entry.sent
        assert entry.outcome == "accepted"
    assert entries(tmp_path, since=datetime(2026, 11, 2, tzinfo=UTC)) == []
    assert entries(tmp_path, since=datetime(1, 1, 1, tzinfo=UTC)) == entries(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes here")
def test_it_is_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "pbxtui"
    book = journal(folder)
    old = os.umask(0)
    try:
        book.note(book.begin(HOLD, "Hold"), Mark.INTENT)
        (path,) = folder.iterdir()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        path.chmod(0o644)
        book.note(book.begin(HOLD, "Hold"), Mark.INTENT)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(old)


def test_a_torn_end_spoils_nothing_before_and_nothing_after(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.note(book.begin(HOLD, "first"), Mark.REFUSED, outcome=Answered.REFUSED)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for cut in range(1, len(whole), 7):
        path.write_bytes(whole + whole[:cut])
        assert [entry.what for entry in entries(tmp_path)] == ["first"]
        book.note(book.begin(HOLD, "second"), Mark.UNDONE)
        assert [entry.what for entry in entries(tmp_path)] == ["first", "second"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=80) | st.text(max_size=40).map(str.encode), max_size=4))
def test_whatever_stands_in_the_file_it_is_read(tmp_path: Path, texts: list[bytes]) -> None:
    path = tmp_path / "audit-2026-10.jsonl"
    path.write_bytes(b"\n".join(texts))
    entries(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(ACTIONS, st.sampled_from(HOSTILE), st.sampled_from(Mark))
def test_whatever_is_done_can_be_written_and_read(
    tmp_path: Path, action: Hold, words: str, mark: Mark
) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    book = journal(tmp_path)
    book.note(book.begin(action, words), mark, outcome=Answered.REFUSED, words=words)
    (entry,) = entries(tmp_path)
    assert (entry.site, entry.step) == ("hq", mark)
    (path,) = tmp_path.iterdir()
    assert b"\x1b" not in path.read_bytes()
    assert path.read_bytes().count(b"\n") == 1


def test_the_digits_of_tones_are_nowhere(tmp_path: Path) -> None:
    book = journal(tmp_path)
    action = SendDtmf(site="hq", call="c1", digits="4711")
    book.note(book.begin(action, "Send 4 tones"), Mark.INTENT)
    (path,) = tmp_path.iterdir()
    assert "4711" not in path.read_text()


def test_what_is_dialled_is_the_target(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.note(book.begin(Dial(site="hq", from_="447", to="+4570101112"), "Dial"), Mark.INTENT)
    assert [entry.target for entry in entries(tmp_path)] == ["+4570101112"]


def test_a_place_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    book = journal(file)
    with pytest.raises(JournalError, match="cannot be written"):
        book.note(book.begin(HOLD, "Hold"), Mark.INTENT)


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert entries(tmp_path / "none") == []
    assert unfinished(tmp_path / "none") == []


KILLED = """
import asyncio, sys
from pathlib import Path
from pbxtui.model import Hangup, Hold
from pbxtui.service.acting import Dispatcher, Journal, Rights
from tests.service.sites import Clock, Desk, fleet_over, read_all, talk

async def main():
    desk = Desk()
    desk.show(talk())
    desk.gate = asyncio.Event()
    fleet = fleet_over([desk], Clock())
    rights = Rights("reception")
    dispatcher = Dispatcher(fleet, rights, Journal(Path(sys.argv[1])))
    for site in fleet.sites:
        await read_all(site)
    dispatcher.send(dispatcher.plan(Hold(site="hq", call="c1", leg="c1-own")))
    await desk.reached.wait()
    print("sent", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9 here")
def test_a_killed_process_leaves_an_intent_that_the_next_start_tells_once(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "sent\n"
        (entry,) = entries(tmp_path)
        assert entry.unfinished
        assert unfinished(tmp_path) == [], "it still runs and may yet be answered"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    (told,) = unfinished(tmp_path)
    assert told.what == "Hold 447 Front desk: +442079460958 Harbour Taxi hears music"
    book = Journal(tmp_path, who="ben")
    assert [entry.id for entry in close_unfinished(book)] == [told.id]
    assert close_unfinished(book) == []
    (after,) = entries(tmp_path)
    assert (after.outcome, after.words) == ("not_confirmed", KILLED_WORDS)
    assert after.who == told.who != "ben"


def test_an_intent_of_this_process_is_not_unfinished(tmp_path: Path) -> None:
    book = Journal(tmp_path)
    book.note(book.begin(Hangup(site="hq", call="c1"), "Hang up"), Mark.INTENT)
    assert unfinished(tmp_path) == []


STEPS = st.sampled_from(["intent", "result", "seen", "refused", "undone"])
NAMES = st.sampled_from(["00000000000000a1", "00000000000000b2", "other", '","step":"result",'])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(st.lists(st.tuples(NAMES, STEPS, st.sampled_from(HOSTILE), st.booleans()), max_size=8))
def test_what_is_left_is_found_whoever_wrote_the_lines(
    tmp_path: Path, written: list[tuple[str, str, str, bool]]
) -> None:
    """At a glance or read whole, the same actions are without a result."""
    for path in tmp_path.iterdir():
        path.unlink()
    book = journal(tmp_path)
    begun = book.begin(HOLD, "Hold")
    last: dict[str, str] = {}
    for id, step, what, own in written:
        line = replace(begun, id=id, what=what or '","step":"seen",', step=step, run="0", pid=0)
        if own:
            book.append(line)
        else:
            with (tmp_path / "audit-2026-10.jsonl").open("a") as file:
                file.write(json.dumps({key: getattr(line, key) for key in line.__slots__}) + "\n")
        last[id] = step
    left = [id for id, step in last.items() if step == "intent"]
    assert sorted(entry.id for entry in unfinished(tmp_path)) == sorted(left)
