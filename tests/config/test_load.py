"""What a good config becomes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pbxtui.config import (
    Config,
    ConfigError,
    NoConfig,
    Patience,
    default_path,
    general,
    glance,
    load,
)
from pbxtui.model import Topic, Verb
from tests.config.conftest import WriteConfig

FULL = """
profile = "reception"
theme = "safe"
ascii = true
mouse = false
held = { warn = 45, alarm = 90.5 }
allow = ["hold", "resume", "hangup", "hold"]
deny = ["hangup"]
grace = 0.5

[keys]
"call.hold" = "H"
call.park = "P"

[[site]]
name = "hq"
kind = "acme"
host = "pbx.example.net"
port = 5039
ratio = 1
nodes = ["a", "b"]
flavour = "salted"
secret = "s3cr3t"
read_only = true
timeout = 3
poll = { calls = 1.5 }
extension = "447"
allow = ["hold"]
deny = ["dial", "reboot"]

[[site]]
name = "lab-2.x_y"
kind = "acme"
host = "::1"
secret = "other"
"""


@pytest.mark.usefixtures("acme")
def test_everything_that_can_be_said_is_taken_over(write_config: WriteConfig) -> None:
    config = load(write_config(FULL))

    assert config.profile == "reception"
    assert config.theme == "safe"
    assert config.ascii is True
    assert config.mouse is False
    assert config.held == Patience(45, 90.5)
    assert config.allow == frozenset({Verb.HOLD, Verb.RESUME, Verb.HANGUP})
    assert config.deny == {Verb.HANGUP}
    assert config.grace == 0.5
    assert config.keys == {"call.hold": "H", "call.park": "P"}
    assert [site.name for site in config.sites] == ["hq", "lab-2.x_y"]
    first = config.sites[0]
    assert first.kind == "acme"
    assert first.read_only is True
    assert first.timeout == 3.0
    assert first.poll.of(Topic.CALLS) == 1.5
    assert first.poll.of(Topic.DEVICES) == 30.0
    assert first.extension == "447"
    assert first.allow == (Verb.HOLD,)
    assert first.deny == (Verb.DIAL, Verb.REBOOT)
    assert (config.sites[1].allow, config.sites[1].deny) == (None, ())
    values = first.model_dump()
    assert values["port"] == 5039
    assert values["nodes"] == ("a", "b")
    assert values["secret"].get_secret_value() == "s3cr3t"


@pytest.mark.parametrize(
    ("held", "patience"),
    [
        ("", Patience(60, 120)),
        ("held = { warn = 30 }", Patience(30, 120)),
        ("held = { alarm = 600 }", Patience(60, 600)),
        ("held.warn = 5\nheld.alarm = 5", Patience(5, 5)),
    ],
)
def test_how_long_somebody_may_be_held(
    write_config: WriteConfig, held: str, patience: Patience
) -> None:
    path = write_config(held)

    assert load(path).held == patience
    assert glance(path)[0].held == patience


@pytest.mark.parametrize(
    "held", ["held = 5", "held = { warn = 9, alarm = 3 }", "held = { warn = -1 }"]
)
def test_at_a_first_glance_a_wrong_value_is_the_usual_one(
    write_config: WriteConfig, held: str
) -> None:
    assert glance(write_config(held))[0].held == Patience()


@pytest.mark.parametrize(
    ("text", "allow", "deny", "grace"),
    [
        ("", None, set(), None),
        ('allow = []\ndeny = ["pause", "flow"]\ngrace = 0', set(), {Verb.PAUSE, Verb.FLOW}, 0.0),
        ('allow = ["hold"]\ngrace = 60', {Verb.HOLD}, set(), 60.0),
    ],
)
def test_what_may_be_done_and_how_long_it_is_kept_back(
    write_config: WriteConfig,
    text: str,
    allow: set[Verb] | None,
    deny: set[Verb],
    grace: float | None,
) -> None:
    path = write_config(text)

    for config in (load(path), glance(path)[0]):
        assert (None if config.allow is None else set(config.allow)) == allow
        assert set(config.deny) == deny
        assert config.grace == grace


def test_at_a_first_glance_a_wrong_list_allows_nothing(write_config: WriteConfig) -> None:
    config, _ = glance(write_config('allow = "hold"\ngrace = -1'))

    assert config.allow == frozenset()
    assert config.grace is None


@pytest.mark.usefixtures("acme")
def test_no_repr_shows_a_secret(write_config: WriteConfig) -> None:
    config = load(write_config(FULL))

    assert "s3cr3t" not in repr(config)
    assert "s3cr3t" not in str(config.sites[0])


def test_an_empty_config_is_a_config(write_config: WriteConfig) -> None:
    path = write_config("")

    assert load(path) == Config(path=path)


@pytest.mark.usefixtures("acme")
def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(write_config: WriteConfig) -> None:
    text = FULL.replace("\n", "\r\n").encode("utf-8-sig")

    assert len(load(write_config(text)).sites) == 2


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A default place where there is nothing."""
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_, **__: str(tmp_path / "none"))


def test_without_a_path_the_default_place_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_, **__: str(tmp_path / "pbxtui"))

    assert default_path() == tmp_path / "pbxtui" / "config.toml"
    with pytest.raises(NoConfig, match="pbxtui init"):
        load()

    default_path().parent.mkdir()
    default_path().write_text('profile = "reception"')
    assert load().profile == "reception"


@pytest.mark.usefixtures("acme", "nowhere")
def test_the_rest_of_the_config_can_be_had_without_its_sites(write_config: WriteConfig) -> None:
    config = general(write_config(FULL.replace('"acme"', '"no such kind"')))

    assert config.profile == "reception"
    assert config.keys == {"call.hold": "H", "call.park": "P"}
    assert config.sites == ()

    with pytest.raises(ConfigError, match='did you mean "profile"'):
        general(write_config('profle = "noc"'))
    with pytest.raises(NoConfig):
        general()


def test_that_there_is_no_config_is_known_without_pydantic(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pbxtui.config import Config, NoConfig, find\n"
        "try: find(None)\n"
        "except NoConfig: print(Config().profile, 'pydantic' in sys.modules)\n"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout == "noc False\n"


def test_the_config_needs_no_http() -> None:
    code = (
        "import sys, pbxtui.config as c; c.load, c.masked, c.write; print('httpx' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
