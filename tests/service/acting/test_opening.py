"""A dispatcher as the config wants it, and what its rooms import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pbxtui.config import Config
from pbxtui.model import Hold, Verb
from pbxtui.service.acting import Why, entries, open_dispatcher, rights_of
from pbxtui.service.acting.audit import default_folder
from tests.service.sites import NOON, Clock, Desk, fleet_over, read_all, talk

HOLD = Hold(site="hq", call="c1", leg="c1-own")


def test_the_rights_are_those_of_the_config() -> None:
    noc = rights_of(Config())
    assert (noc.locked, noc.grace) == (True, 2.0)
    reception = rights_of(Config(profile="reception", grace=1.0))
    assert (reception.locked, reception.grace) == (False, 1.0)


async def test_what_the_config_denies_is_refused(tmp_path: Path) -> None:
    desk = Desk()
    desk.show(talk())
    fleet = fleet_over([desk], Clock())
    for site in fleet.sites:
        await read_all(site)
    config = Config(profile="reception", deny=frozenset({Verb.HOLD}))
    dispatcher = open_dispatcher(fleet, config, folder=tmp_path, clock=Clock(NOON))
    ticket = await dispatcher.send(dispatcher.plan(HOLD)).done()
    await dispatcher.close()
    assert desk.asked == []
    assert ticket.refusal is not None
    assert ticket.refusal.why is Why.DENIED
    assert [entry.when for entry in entries(tmp_path)] == ["2026-09-24T12:00:00.000Z"]


def test_the_usual_place_is_the_users_state_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("platformdirs.user_state_dir", lambda *_, **__: str(tmp_path / "pbxtui"))
    assert default_folder() == tmp_path / "pbxtui"


def test_acting_needs_no_screen_and_no_http() -> None:
    code = (
        "import sys, pbxtui.service.acting\n"
        "print([name for name in ('textual', 'rich', 'httpx', 'starlette') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
