"""``pbxtui init`` and ``pbxtui config``."""

from __future__ import annotations

import os
import stat

import pytest

from tests.cli.conftest import Home, site

posix = pytest.mark.skipif(os.name != "posix", reason="another default place, and no such modes")


@posix
def test_init_writes_a_config_for_its_owner_alone(home: Home) -> None:
    done = home.run("init")

    assert done.status == 0
    assert done.out == f"{home.config}\n"
    assert "pbxtui check" in done.err
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.config.parent.stat().st_mode) == 0o700
    text = home.config.read_text()
    assert '# kind = "vonage"' in text
    assert '# kind = "asterisk"' in text

    again = home.run("init")
    assert again.status == 2
    assert "is there already and stays as it is; --force writes over it" in again.err

    home.config.write_text("mine")
    assert home.run("init", "--force").status == 0
    assert home.config.read_text() == text


@posix
def test_config_says_where_it_is_and_what_it_says(home: Home) -> None:
    none = home.run("config")
    assert (none.status, none.out) == (0, f"# {home.config}\n")
    assert "pbxtui init" in none.err

    home.run("init")
    done = home.run("config")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"# {home.config}\n# The config of pbxtui.")


def test_config_shows_no_secret_even_of_a_broken_file(home: Home) -> None:
    good = home.write(site("hq", "https://pbx", token='"s3cr3t-token"'))
    done = home.run("config", "--config", good)
    assert done.status == 0
    assert 'name = "hq"' in done.out
    assert "access_token = ********" in done.out
    assert "s3cr3t" not in done.all

    bad = home.write(site("hq", "https://pbx", token='"s3cr3t-token'), name="bad.toml")
    done = home.run("config", "--config", bad)
    assert done.status == 2
    assert 'name = "hq"' in done.out
    assert "bad.toml: line 7" in done.err
    assert "s3cr3t" not in done.all


@posix
def test_a_config_that_others_can_read_is_refused_with_the_mend(home: Home) -> None:
    path = home.write(site("hq", "https://pbx", token='"s3cr3t-token"'), mode=0o644)

    for arguments in (["check"], ["list", "calls"], ["config"]):
        done = home.run(*arguments, "--config", path)
        assert done.status == 2
        assert f"run: chmod 600 {path}" in done.err
        assert "s3cr3t" not in done.all


def test_every_mistake_is_in_one_message(home: Home) -> None:
    path = home.write(
        'profle = "noc"\n' + site("hq", "https://pbx", token='{ env = "NO_SUCH" }', more="acount=1")
    )

    done = home.run("check", "--config", path)

    assert done.status == 2
    assert 'config.toml: site "hq": unknown key "acount"; did you mean "account"?' in done.err
    assert 'the environment variable "NO_SUCH" is not set' in done.err
    assert 'unknown key "profle"; did you mean "profile"?' in done.err
