"""From the command line into the screens, in a real terminal."""

from __future__ import annotations

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.cli.conftest import Home, Simulated, site
from tests.terminal.pseudo import Terminal, pbxtui


def terminal(home: Home, *arguments: str) -> Terminal:
    return Terminal(pbxtui(*arguments), size=(120, 30), env=home.environment())


def leave(shown: Terminal) -> None:
    shown.press("q")
    shown.shows("leave pbxtui?")
    shown.press("y")
    assert shown.ended() == 0


def test_without_a_config_the_demo_opens_and_says_how_to_add_a_pbx(home: Home) -> None:
    with terminal(home) as shown:
        shown.shows("pbxtui init")
        shown.shows("talk")
        leave(shown)


def test_with_a_config_its_sites_open(home: Home, alive: Simulated) -> None:
    path = home.write(site("alpha", alive.url) + site("beta", alive.url))

    with terminal(home, "--config", str(path)) as shown:
        shown.until(lambda it: "alpha" in it.text and "beta" in it.text and "talk" in it.text)
        leave(shown)
    with terminal(home, "--config", str(path), "--site", "beta") as shown:
        shown.until(lambda it: "beta" in it.text and "talk" in it.text)
        assert "alpha" not in shown.text
        leave(shown)


def test_the_demo_looks_as_the_config_says_and_leaves_its_sites_alone(home: Home) -> None:
    path = home.write("ascii = true\n" + site("hq", "https://pbx", token='{ env = "NOT_SET" }'))

    with terminal(home, "demo", "--config", str(path)) as shown:
        shown.shows("TALK")
        leave(shown)


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ('profle = "noc"', [], 'config.toml: unknown key "profle"; did you mean "profile"?'),
        ('profle = "noc"', ["demo"], 'config.toml: unknown key "profle"'),
        ('[keys]\n"view.filtr" = "f"', [], 'did you mean "view.filter"?'),
        ('theme = "drak"', [], 'did you mean "dark"?'),
        ("", ["demo", "--calls", "100", "--phones", "50"], "--phones 200"),
    ],
)
def test_what_is_wrong_is_said_before_the_screen_changes(
    home: Home, text: str, arguments: list[str], said: str
) -> None:
    path = home.write(text)

    with terminal(home, *arguments, "--config", str(path)) as shown:
        assert shown.ended() == 2
        assert said in " ".join(shown.sent.split())
        assert "\x1b[?1049h" not in shown.sent
        assert "Traceback" not in shown.sent
