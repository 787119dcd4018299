"""The last targets: newest first, ten, kept over a restart, and never a reason to fail."""

from __future__ import annotations

import json
import logging
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxtui.service.recents import KEPT, Recent, Recents


def test_the_newest_is_first_and_nobody_is_there_twice(tmp_path: Path) -> None:
    path = tmp_path / "recent.json"
    recents = Recents(path)
    for number in ("301", "302", "301"):
        recents.note(Recent("hq", number, f"Desk {number}"))
    recents.note(Recent("branch", "301"))
    told = [("branch", "301"), ("hq", "301"), ("hq", "302")]
    assert [(one.site, one.number) for one in recents.kept] == told
    assert Recents(path).kept == recents.kept
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_ten_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "recent.json"
    recents = Recents(path)
    for number in range(25):
        recents.note(Recent("hq", str(number)))
    assert [one.number for one in Recents(path).kept] == [str(24 - n) for n in range(KEPT)]


@pytest.mark.parametrize(
    "body",
    [
        *(
            "",
            "{",
            "[]",
            "null",
            '{"recent": 7}',
            '{"recent": [7]}',
            '{"recent": [{"site": "hq"}]}',
        ),
        json.dumps({"recent": [{"site": "hq", "number": 305}]}),
        "[" * 30_000,
        " " * 100_000,
    ],
)
def test_a_broken_file_is_put_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    path = tmp_path / "recent.json"
    path.write_text(body)
    with caplog.at_level(logging.WARNING):
        recents = Recents(path)
    assert recents.kept == ()
    assert "recent.json" in caplog.text
    assert (tmp_path / "recent.json.broken").read_text() == body
    recents.note(Recent("hq", "305"))
    assert Recents(path).kept == (Recent("hq", "305"),)


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = tmp_path_factory.mktemp("state") / "recent.json"
    path.write_bytes(body)
    assert len(Recents(path).kept) <= KEPT


def test_what_was_written_by_others_is_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "recent.json"
    path.write_text(
        json.dumps({"recent": [{"site": "hq", "number": "3\x1b[2J05", "name": "a\nb"}]})
    )
    (one,) = Recents(path).kept
    assert "\x1b" not in one.number
    assert "\n" not in one.name


def test_a_folder_that_cannot_be_written_is_said_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    recents = Recents(blocked / "recent.json")
    with caplog.at_level(logging.WARNING):
        recents.note(Recent("hq", "305"))
    assert "cannot be kept" in caplog.text
    assert recents.kept == (Recent("hq", "305"),)
