"""Small files of the user's: whole or not at all, private, and put aside when broken."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest

from pbxtui.service.files import replace_file, set_aside


def test_a_file_is_written_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "kept.json"
    replace_file(path, "old")
    replace_file(path, "nøw")
    assert path.read_text(encoding="utf-8") == "nøw"
    assert [file.name for file in path.parent.iterdir()] == ["kept.json"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    replace_file(path, "old")
    with pytest.raises(UnicodeEncodeError):
        replace_file(path, "new \ud800")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["kept.json"]


def test_a_broken_file_is_put_aside_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "kept.json"
    path.write_text("{")
    with caplog.at_level(logging.WARNING):
        aside = set_aside(path, "it is cut off")
    assert aside is not None
    assert aside.read_text() == "{"
    assert not path.exists()
    assert "it is cut off" in caplog.text
    assert "kept.json.broken" in caplog.text
    assert set_aside(path, "gone") is None


def test_the_folders_on_the_way_are_for_their_owner_alone(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o755)
    replace_file(tmp_path / "state" / "pbxtui" / "log" / "one", "text")
    for folder in ("state", "state/pbxtui", "state/pbxtui/log"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
