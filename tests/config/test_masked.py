"""The config as others may see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxtui.config import ConfigError, NoConfig, masked
from tests.config.conftest import WriteConfig

pytestmark = pytest.mark.usefixtures("acme")

GOOD = """\
# the config of the NOC
profile = "noc"
held = { warn = 60, alarm = 120 }

[keys]
"call.hold" = "H"  # as before

[[site]]
name = "hq"
kind = "acme"
host = "pbx.example.net"
port = 5038
nodes = ["a", "b"]
poll = { calls = 2, devices = 30 }  # seconds
secret = { env = "HQ_SECRET" }
spare = { keyring = "pbx/noc" }

# host = "other"
"""


def shown(path: Path) -> str:
    text = masked(path)
    first, _, rest = text.partition("\n")
    assert first == f"# {path}"
    return rest


def test_what_is_no_secret_is_shown_as_it_stands(write_config: WriteConfig) -> None:
    assert shown(write_config(GOOD)) == GOOD


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('secret = "s3cr3t"', "secret = ********"),
        ("  secret='s3cr3t' # s3cr3t-comment", "  secret=********"),
        ('"secret" = "s3cr3t"', '"secret" = ********'),
        ('site.secret = "s3cr3t"', "site.secret = ********"),
        ('secret = { command = "echo s3cr3t" }', 'secret = { command = "echo ********" }'),
        ('secret.command = "echo s3cr3t"', 'secret.command = "echo ********"'),
        ('secret = """s3cr3t"""', "secret = ********"),
        ('passwrd = "s3cr3t"', "passwrd = ********"),
        ('# secret = "s3cr3t"', "# secret = ********"),
        ('host = "https://u:s3cr3t@pbx/?api_key=s3cr3t&x=1"', None),
        ("secret = 53737", "secret = ********"),
    ],
)
def test_what_is_or_may_be_a_secret_is_masked(
    write_config: WriteConfig, line: str, expected: str | None
) -> None:
    text = shown(write_config(GOOD + line + "\n"))

    assert "s3cr3t" not in text
    assert "53737" not in text
    assert text.startswith(GOOD)
    if expected is not None:
        assert text.splitlines()[-1] == expected


@pytest.mark.parametrize(
    "lines",
    [
        'secret = "s3cr3t',
        "secret = s3cr3t",
        'secret "s3cr3t"',
        "secret: s3cr3t",
        'name = "hq" secret = "s3cr3t"',
        'nodes = [\nsecret = "s3cr3t"',
        'secret = [\n"s3cr3t",\n]',
        'host = """\ns3cr3t\nname = "s3cr3t"\n',
        'secret = """\nname = "s3cr3t"\n"""',
        'secret = "s3cr3t\n# it was s3cr3t"',
        'secret = "s3cr3t"\nbroken\n# the secret is s3cr3t',
        "[keys]\nx = 's3cr3t-s3cr3t-s3cr3t-s3cr3t'\n[[",
        '[keys]\nsecret = "s3cr3t"\n[[',
        '{ secret = "s3cr3t" }',
        '[site "s3cr3t"]',
    ],
)
def test_a_broken_file_gives_nothing_away(write_config: WriteConfig, lines: str) -> None:
    text = shown(write_config(GOOD + lines))

    rest = text.removeprefix(GOOD)
    assert rest != text
    assert "s3cr3t" not in rest


def test_a_secret_that_also_stands_elsewhere_is_masked_there_too(
    write_config: WriteConfig,
) -> None:
    text = shown(write_config('# s3cr3t is the secret\n[[site]]\nsecret = "s3cr3t"\n'))

    assert text == "# ******** is the secret\n[[site]]\nsecret = ********\n"


@pytest.mark.parametrize("rest", ["", "broken"], ids=["whole", "broken"])
def test_where_a_token_comes_from_is_no_secret(write_config: WriteConfig, rest: str) -> None:
    lines = (
        '[[site]]\nkind = "vonage"\ntoken_url = "https://sso.example.net/token"\n'
        'secret_url = "https://s3cr3t.example.net"\naccess_token = "s3cr3t"\n'
    )

    text = shown(write_config(lines + rest))

    assert 'token_url = "https://sso.example.net/token"\n' in text
    assert "s3cr3t" not in text


def test_a_file_that_is_no_text_is_shown_without_its_escapes(write_config: WriteConfig) -> None:
    text = shown(write_config(b'# \xff \x1b[31m red\nname = "hq"\n'))

    assert "\x1b" not in text
    assert 'name = "hq"' in text


def test_a_line_made_to_be_slow_is_not(write_config: WriteConfig) -> None:
    lines = [
        "host = " + "a" * 50_000 + "!",
        "nodes = [" + '"a" ' * 20_000 + "!",
        " " * 50_000 + "!",
    ]

    assert shown(write_config("\n".join(lines))).count("********") == 3


def test_no_file_is_an_error_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        masked(tmp_path / "none.toml")
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_, **__: str(tmp_path))
    with pytest.raises(NoConfig):
        masked()
