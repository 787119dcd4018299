"""What is assumed, kept by several processes in one file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pbxtui.model import Hold
from pbxtui.service.acting import Assumed
from pbxtui.service.acting.keeping import read
from tests.service.sites import NOON, talk

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import sys
from pathlib import Path
from pbxtui.model import Hold, Resume
from pbxtui.service import files
from pbxtui.service.acting import Assumed
from tests.service.sites import NOON, talk

files.PATIENCE = 600.0  # a loaded machine may keep each of them waiting
assumed = Assumed(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(25):
    id = f"{sys.argv[2]}{number}"
    leg = f"{id}-own"
    hold = Hold(site="hq", call=id, leg=leg)
    assumed.accepted(hold, talk(id), NOON, shown=False)
    if number % 2:
        assumed.accepted(Resume(site="hq", call=id, leg=leg), talk(id), NOON, shown=False)
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no such lock here")
def test_what_several_processes_learn_at_once_is_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "assumed.json"
    names = ["a", "b", "c"]
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(path), name], cwd=ROOT, stdin=subprocess.PIPE
        )
        for name in names
    ]
    for holder in holders:
        assert holder.stdin is not None
        holder.stdin.write(b"\n")
        holder.stdin.flush()
    for holder in holders:
        holder.communicate()
        assert holder.returncode == 0
    kept = {one.call.id for one in read(path).assumptions.values()}
    assert kept == {f"{name}{number}" for name in names for number in range(0, 25, 2)}


def test_a_process_that_was_stopped_in_the_middle_keeps_nobody_waiting_for_ever(
    tmp_path: Path,
) -> None:
    fcntl = pytest.importorskip("fcntl")
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assumed = Assumed(tmp_path / "assumed.json")
        assumed.accepted(Hold(site="hq", call="c1", leg="c1-own"), talk(), NOON, shown=False)
    finally:
        os.close(handle)
    assert len(read(tmp_path / "assumed.json").assumptions) == 1
