"""Using the command line rightly and wrongly."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pbxtui import __version__
from tests.cli.conftest import Home


def test_the_version_goes_to_standard_output(home: Home) -> None:
    done = home.run("--version")

    assert (done.status, done.out, done.err) == (0, f"pbxtui {__version__}\n", "")


def test_the_version_needs_neither_http_nor_screens_nor_the_config() -> None:
    code = (
        "import sys; from pbxtui.cli import main; assert main(['--version']) == 0;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = out.stdout.splitlines()[1].split()
    assert not {"httpx", "textual", "rich", "pydantic", "starlette", "uvicorn"} & set(loaded)


def test_help_lists_the_commands(home: Home) -> None:
    done = home.run("--help")

    assert done.status == 0
    for word in ("demo", "simulate", "list", "check", "init", "config", "--site", "--no-mouse"):
        assert word in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lst"], "unknown 'lst'; did you mean \"list\"?"),
        (["list"], "KIND"),
        (["list", "call"], "unknown 'call'; did you mean \"calls\"?"),
        (["list", "calls", "--jsn"], "--jsn"),
        (["simulate", "vonnage"], "unknown 'vonnage'; did you mean \"vonage\"?"),
        (["simulate", "vonage", "--port", "70000"], "from 0 to 65535, not '70000'"),
        (["simulate", "vonage", "--calls", "many"], "expected a whole number"),
        (["simulate", "vonage", "--profile", "lve"], 'did you mean "live"?'),
        (["simulate", "vonage", "--fault", "slwo"], "did you mean slow? there are slow, timeout, "),
        (["--config", "", "check"], "expected the name of a file"),
        (["check", "--config", "no-such.toml"], "no-such.toml: there is no such file"),
        (["check", "--config", "."], "is a folder"),
        (["check"], "there is no such file; `pbxtui init` writes one"),
        ([], "the screens need a terminal; for a script: pbxtui list calls"),
        (["demo"], "the screens need a terminal"),
        (["demo", "--linear", "--fault", "slwo"], "did you mean slow? there are slow, timeout, "),
    ],
)
def test_wrong_use_is_one_message_and_status_2(home: Home, arguments: list[str], said: str) -> None:
    done = home.run(*arguments)

    assert done.status == 2
    assert done.out == ""
    assert said in done.err


def test_options_may_stand_before_the_command_or_after_it(home: Home) -> None:
    path = home.write("profile = 3\n", name="mine.toml")

    before = home.run("--config", path, "check")
    after = home.run("check", "--config", path)

    assert before == after
    assert before.status == 2
    assert "mine.toml: profile: " in before.err


def test_a_config_without_a_site_says_what_to_add(home: Home) -> None:
    done = home.run("list", "calls", "--config", home.write(""))

    assert done.status == 2
    assert "has no site yet; add a [[site]]" in done.err
