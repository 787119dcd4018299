"""``pbxtui audit``: the journal as a table and as JSON Lines, whatever stands in its files."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pbxtui.cli.since import moment
from pbxtui.model import Answered, Dial, Hangup, Hold
from pbxtui.service.acting import Journal
from pbxtui.service.acting.audit import Line, Mark
from tests.cli.conftest import Done, Home
from tests.service.sites import Clock

EVE = datetime(2026, 10, 31, 23, 30, tzinfo=UTC).timestamp()
HOUR = 3600.0


class Book:
    """A journal in the home of whoever reads it, written by a clock that is set."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.folder = home.folder / ".local" / "state" / "pbxtui"
        self.clock = Clock(EVE)
        self.journal = Journal(self.folder, clock=self.clock, who="ana", host="jump")

    def done(self, site: str, what: str, words: str = "OK") -> Line:
        """An action that was sent, accepted and seen."""
        line = self.journal.begin(Hangup(site=site, call="c1"), what)
        self.journal.note(line, Mark.INTENT)
        self.journal.note(line, Mark.RESULT, outcome=Answered.ACCEPTED, words=words)
        seen = {"outcome": Answered.ACCEPTED, "words": words, "observed": "observed"}
        return self.journal.note(line, Mark.SEEN, **seen)  # type: ignore[arg-type]

    def refused(self, site: str, what: str, words: str) -> None:
        line = self.journal.begin(Dial(site=site, from_="447", to="+4570101112"), what)
        self.journal.note(line, Mark.REFUSED, outcome=Answered.REFUSED, words=words)

    def undone(self, site: str, what: str) -> None:
        line = self.journal.begin(Hold(site=site, call="c1"), what)
        self.journal.note(line, Mark.UNDONE, outcome=Answered.REFUSED, words="taken back")

    def read(self, *arguments: str) -> Done:
        return self.home.run("audit", *arguments, TZ="UTC")

    def told(self, *arguments: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.read("--json", *arguments).out.splitlines()]


@pytest.fixture
def book(home: Home) -> Book:
    return Book(home)


def test_without_a_journal_there_is_nothing_to_say(book: Book) -> None:
    for more in ([], ["--json"], ["--since", "2h"]):
        assert book.read(*more) == Done(0, "", "")


def test_each_action_is_a_line_with_what_became_of_it(book: Book) -> None:
    book.done("hq", "Hang up the call of +44 and 447: it ends for both", "disconnected")
    book.clock.now += 60
    book.refused("branch", "Dial +4570101112 from 447", "“dial” is not allowed")
    book.clock.now += 60
    book.undone("hq", "Hold 447")
    done = book.read()
    assert (done.status, done.err) == (0, "")
    title, first, second, third = done.out.splitlines()
    assert title.split() == ["WHEN", "WHO", "SITE", "ACTION", "RESULT", "SEEN", "WHAT"]
    assert first.split()[:7] == [
        *("2026-10-31", "23:30:00", "ana", "hq", "hangup", "accepted", "observed")
    ]
    assert first.endswith("Hang up the call of +44 and 447: it ends for both (disconnected)")
    assert second.split()[2:6] == ["ana", "branch", "dial", "refused"]
    assert second.endswith("Dial +4570101112 from 447 (“dial” is not allowed)")
    assert third.split()[2:6] == ["ana", "hq", "hold", "undone"]


def test_json_lines_have_everything_and_utc(book: Book) -> None:
    line = book.done("hq", "Hang up")
    book.refused("hq", "Dial", "no")
    first, second = book.told()
    assert first["when"] == "2026-10-31T23:30:00.000Z"
    assert {key: first[key] for key in ("id", "who", "host", "site", "verb", "call", "step")} == {
        "id": line.id,
        "who": "ana",
        "host": "jump",
        "site": "hq",
        "verb": "hangup",
        "call": "c1",
        "step": "seen",
    }
    assert (first["outcome"], first["observed"], first["sent"]) == ("accepted", "observed", True)
    assert (second["outcome"], second["target"], second["sent"]) == (
        "refused",
        "+4570101112",
        False,
    )


def test_the_table_is_by_the_clock_of_this_machine(book: Book) -> None:
    book.done("hq", "Hang up")
    assert "2026-10-31 23:30:00" in book.read().out
    east = book.home.run("audit", TZ="Asia/Kolkata").out
    assert "2026-11-01 05:00:00" in east


def test_months_are_read_over(book: Book) -> None:
    book.done("hq", "before")
    book.clock.now += HOUR
    book.done("hq", "after")
    assert len(list(book.folder.glob("audit-*.jsonl"))) == 2
    assert [line["what"] for line in book.told()] == ["before", "after"]
    assert [line["what"] for line in book.told("--since", "2026-11-01")] == ["after"]
    assert [line["what"] for line in book.told("--since", "2026-10-31T23:00Z")] == [
        *("before", "after")
    ]
    assert book.told("--since", "2026-11-02") == []


def test_of_one_site_or_several(book: Book) -> None:
    for site in ("hq", "branch", "cloud"):
        book.done(site, f"at {site}")
    assert [line["what"] for line in book.told("--site", "branch")] == ["at branch"]
    both = book.told("--site", "branch", "--site", "hq")
    assert [line["what"] for line in both] == ["at hq", "at branch"]
    none = book.read("--site", "elsewhere")
    assert (none.status, none.out) == (0, "")
    assert "nothing of a site “elsewhere”" in none.err


def test_broken_lines_are_told_with_their_place_and_the_rest_is_read(book: Book) -> None:
    book.done("hq", "first")
    (path,) = book.folder.iterdir()
    with path.open("ab") as file:
        file.write(b'{"id":"torn","when":"2026-10-31T23:3\n\xff\xfe\x00garbage\n\n[1,2]\n')
    book.done("hq", "last")
    done = book.read()
    assert done.status == 0
    assert [line.endswith(("first (OK)", "last (OK)")) for line in done.out.splitlines()[1:]] == [
        *(True, True)
    ]
    assert done.err == (f"{path}: 3 lines cannot be read and are left out, the first is line 4\n")
    with path.open("ab") as file:
        file.write(b'{"id":"torn')
    assert "4 lines cannot be read" in book.read("--json").err
    assert len(book.told()) == 2


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_is_told_and_is_a_failure(book: Book) -> None:
    book.done("hq", "first")
    (path,) = book.folder.iterdir()
    path.chmod(0)
    done = book.read()
    assert (done.status, done.out) == (1, "")
    assert "cannot be read: Permission denied" in done.err


def test_a_folder_in_the_place_of_a_file_is_told_and_is_a_failure(book: Book) -> None:
    book.done("hq", "first")
    (book.folder / "audit-2026-11.jsonl").mkdir()
    done = book.read()
    assert done.status == 1
    assert done.out.endswith("first (OK)\n")
    assert "audit-2026-11.jsonl cannot be read: Is a directory" in done.err


def test_hostile_words_of_a_pbx_break_neither_form(book: Book) -> None:
    hostile = "\x1b[2J\x1b]52;c;cm0=\x07 \u202egnp \r\n[red]x[/]"
    book.done("hq", hostile, hostile)
    text = book.read().out
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text.splitlines()) == 2
    (line,) = book.told()
    assert "\x1b" not in str(line["words"])


def test_a_wrong_time_is_one_message(book: Book) -> None:
    done = book.read("--since", "soon")
    assert (done.status, done.out) == (2, "")
    assert "'soon' is no time: 30m, 2h, 3d, 1w, today, yesterday, 14:00, 2026-11-01" in done.err


# --- moments -------------------------------------------------------------------------------------


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone cannot be set here")
    monkeypatch.setenv("TZ", "Europe/Copenhagen")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", NOW - 1.5 * MINUTE),
        ("30m", NOW - 30 * MINUTE),
        ("2h", NOW - 120 * MINUTE),
        (" 3D ", NOW - timedelta(days=3)),
        ("1 w", NOW - timedelta(days=7)),
        ("today", datetime(2026, 11, 19, 23, 0, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 18, 23, 0, tzinfo=UTC)),
        ("9:05", datetime(2026, 11, 20, 8, 5, tzinfo=UTC)),
        ("14:00", datetime(2026, 11, 20, 13, 0, tzinfo=UTC)),
        ("14:00:30", datetime(2026, 11, 20, 13, 0, 30, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 10, 31, 23, 0, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
        ("2026-11-01T14:00", datetime(2026, 11, 1, 13, 0, tzinfo=UTC)),
        ("2026-11-01 14:00", datetime(2026, 11, 1, 13, 0, tzinfo=UTC)),
        ("2026-11-01T14:00Z", datetime(2026, 11, 1, 14, 0, tzinfo=UTC)),
        ("2026-11-01T14:00+05:30", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
    ],
)
@pytest.mark.usefixtures("zone")
def test_moments_as_people_write_them(text: str, expected: datetime) -> None:
    assert moment(text, NOW) == expected.timestamp()


@pytest.mark.parametrize(
    "text", ["", "soon", "2", "h", "-2h", "25:00", "2026-13-01", "999999w", "٣h", "0001-01-01"]
)
def test_what_is_no_moment_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        moment(text, NOW)


def test_the_journal_stays_the_owners(book: Book) -> None:
    book.done("hq", "first")
    paths: list[Path] = [book.folder, *book.folder.iterdir()]
    book.read()
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o700, 0o600]
