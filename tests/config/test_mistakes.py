"""What is said of a wrong config: all of it at once, with the nearest right word."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pbxtui.config import ConfigError, NoConfig, load
from tests.config.conftest import WriteConfig

SITE = """
[[site]]
name = "hq"
kind = "acme"
host = "pbx"
secret = "s3cr3t"
"""


def complaint(path: Path | None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert not isinstance(caught.value, NoConfig)
    return str(caught.value)


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SITE + 'hosst = "x"', 'site "hq": unknown key "hosst"; did you mean "host"?'),
        (
            SITE + 'zzzz = "x"',
            'site "hq": unknown key "zzzz"; valid: allow, deny, extension, flavour',
        ),
        (SITE + 'port = "5038"', 'site "hq": port: expected a whole number, not text'),
        (SITE + "port = true", 'site "hq": port: expected a whole number, not true or false'),
        (SITE + "port = 50.5", 'site "hq": port: expected a whole number, not a number'),
        (SITE + "port = 0", 'site "hq": port: should be greater than or equal to 1'),
        (SITE + "timeout = true", 'site "hq": timeout: expected a number, not true or false'),
        (SITE + "timeout = -1", 'site "hq": timeout: should be greater than 0'),
        (SITE + "timeout = inf", 'site "hq": timeout: '),
        (SITE + "timeout = nan", 'site "hq": timeout: '),
        (SITE + "read_only = 1", 'site "hq": read_only: expected true or false, not a number'),
        (SITE + 'nodes = "a"', 'site "hq": nodes: expected a list in square brackets, not text'),
        (SITE + 'nodes = ["a", 3]', 'site "hq": nodes, item 2: expected text in quotes'),
        (SITE + "poll = 3", 'site "hq": poll: expected a table, not a number'),
        (SITE + "poll = { cals = 3 }", 'poll: unknown key "cals"; did you mean "calls"?'),
        (SITE + "poll = { calls = 0 }", 'site "hq": poll.calls: should be greater than 0'),
        (SITE + 'poll = { calls = "2" }', "poll.calls: expected a number, not text"),
        (SITE + "port = 99999999999999999999", "port: is a number beyond all measure"),
        (SITE + "extension = 2024-01-01", "extension: a date or time is not expected here"),
        (
            SITE + 'flavour = "salt"',
            'flavour: expected "plain" or "salted", not "salt"; did you mean "salted"?',
        ),
        ("held = 60", "held: expected a table, not a number"),
        ("held = { warn = 0 }", "held.warn: should be greater than 0"),
        ('held = { warn = "60" }', "held.warn: expected a number, not text"),
        ("held = { alram = 9 }", 'held: unknown key "alram"; did you mean "alarm"?'),
        ("held = { warn = 200 }", "held: alarm (120 s) comes before warn (200 s); set both"),
        ('deny = ["hangpu"]', 'deny, item 1: expected "hold" or "resume" or "hangup"'),
        ('deny = ["hangpu"]', 'not "hangpu"; did you mean "hangup"?'),
        ('deny = "hangup"', "deny: expected a list in square brackets, not text"),
        ("allow = [3]", "allow, item 1: "),
        ("grace = -1", "grace: should be greater than or equal to 0"),
        ("grace = 61", "grace: should be less than or equal to 60"),
        ('grace = "2"', "grace: expected a number, not text"),
        (SITE + 'allow = ["dail"]', 'site "hq": allow, item 1: expected "hold" or'),
        (SITE + 'allow = ["dail"]', 'not "dail"; did you mean "dial"?'),
        (SITE + "deny = true", 'site "hq": deny: expected a list in square brackets, not true'),
        (SITE + "grace = 2", '"grace" is not of a site; it goes above the first [[site]]'),
        (SITE + "held = { warn = 9 }", '"held" is not of a site; it goes above the first [[site]]'),
        (SITE + 'profile = "noc"', '"profile" is not of a site; it goes above the first [[site]]'),
        (SITE + 'extension = { env = "X" }', "extension: only a secret (secret, spare) can be"),
        (SITE.replace('host = "pbx"', ""), 'site "hq": host: is missing'),
        (SITE.replace('secret = "s3cr3t"', ""), 'site "hq": secret: is missing'),
        (SITE.replace('"hq"', '"my site"'), 'site "my site": name: expected letters, digits'),
        (SITE.replace('"hq"', "3"), "site 1: name: expected text in quotes, not a number"),
        (SITE.replace('name = "hq"', ""), "site 1: name: is missing"),
        (SITE.replace('"acme"', '"acmee"'), 'unknown kind "acmee"; did you mean "acme"?'),
        (SITE.replace('"acme"', '"zzz"'), 'unknown kind "zzz"; installed: acme'),
        (SITE.replace('kind = "acme"', ""), 'site "hq": kind: is missing; installed: acme'),
        (SITE.replace('"acme"', "3"), "kind: expected text in quotes, not a number"),
        (SITE.replace('"acme"', '"broken"'), 'the plug-in for kind "broken" cannot be loaded'),
        (SITE + SITE, 'site "hq": name: is used 2 times (sites 1, 2 of the file)'),
        (SITE.replace("[[site]]", "[site]"), "[site] has two pairs of brackets: [[site]]"),
        (SITE.replace("[[site]]", "[[sites]]"), 'unknown key "sites"; did you mean "site"?'),
        ("site = 3", "site: expected one table for each PBX"),
        ("site = [1]", "site: expected one table for each PBX"),
        ('profile = "nok"', 'profile: expected "noc" or "reception", not "nok"; did you mean'),
        ('ascii = "yes"', "ascii: expected true or false, not text"),
        ("mouse = 0", "mouse: expected true or false, not a number"),
        ('theme = ""', "theme: "),
        (
            'colour = "x"',
            'unknown key "colour"; valid: allow, ascii, deny, grace, held, keys, mouse',
        ),
        ("keys = 3", "keys: expected a table, not a number"),
        ('[keys]\n"call.hold" = 3', "keys.call.hold: expected text in quotes, not a number"),
        ('[keys]\n"call.hold" = ""', "keys.call.hold: "),
    ],
)
def test_each_mistake_is_named_with_what_would_be_right(
    write_config: WriteConfig, text: str, said: str
) -> None:
    message = complaint(write_config(text))

    assert said in message
    assert message.startswith("config.toml: ")
    assert "s3cr3t" not in message


@pytest.mark.usefixtures("acme")
def test_all_mistakes_come_in_one_message_a_line_each(write_config: WriteConfig) -> None:
    path = write_config(
        'profle = "noc"\n'
        + SITE
        + 'hosst = "x"\nport = "1"\n'
        + SITE.replace('"hq"', '"b"')
        + "x=1"
    )

    *mistakes, where = complaint(path).splitlines()

    assert len(mistakes) == 4
    assert all(line.startswith("config.toml: ") for line in mistakes)
    assert where == f"(the file is {path})"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "line 1, the end of the file: this value is not TOML; text is written in"),
        ("\n\naccess_token = s3cr3t", "line 3, column 16: this value is not TOML"),
        ('\nname = "s3cr3t', "line 2, "),
        ("a = 1\na = 2", "line 2, the end of the file: this key is set a second time"),
        ("s3cr3t", "an equals sign is missing"),
        ("a = [1", "line 1, the end of the file: "),
        ('a = "\\q"', "a backslash stands in this text"),
        ("[a]\n[a]", "this table is declared a second time"),
        ('a = "x" s3cr3t', "there is more on this line than one setting"),
        ("=" * 50, "config.toml: line 1, column 1: "),
        pytest.param("x = " + "[" * 5000, "config.toml: ", id="a deep list"),
        pytest.param("a" + ".a" * 5000 + " = 1", "config.toml: ", id="a deep table"),
    ],
)
def test_broken_toml_is_a_line_and_a_reason(
    write_config: WriteConfig, text: str, said: str
) -> None:
    message = complaint(write_config(text))

    assert message.startswith("config.toml: ")
    assert said in message
    assert "s3cr3t" not in message


def test_bytes_that_are_no_text_are_named_with_their_line(write_config: WriteConfig) -> None:
    message = complaint(write_config(b'profile = "noc"\ntheme = "\xff"\n'))

    assert "config.toml: line 2: is not UTF-8 text" in message


def test_a_missing_file_a_folder_and_a_giant_are_each_said(tmp_path: Path) -> None:
    assert "there is no such file; `pbxtui init` writes one" in complaint(tmp_path / "none.toml")
    assert "is a folder" in complaint(tmp_path)
    giant = tmp_path / "giant.toml"
    giant.write_bytes(b"#" * (2 * 1024 * 1024))
    assert "larger than 1 MiB" in complaint(giant)
    giant.write_bytes(b"\0" * 100)
    assert "giant.toml: line 1, column 1: " in complaint(giant)


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="everything is readable for root"
)
def test_a_file_that_may_not_be_read_is_said(write_config: WriteConfig) -> None:
    assert "you may not read it" in complaint(write_config("", mode=0o000))


@pytest.mark.usefixtures("acme")
def test_escapes_in_the_config_do_not_reach_the_terminal(write_config: WriteConfig) -> None:
    message = complaint(write_config(SITE + '"\\u001b[31mred\\u202e" = 1\n'))

    assert "\x1b" not in message
    assert "\u202e" not in message
    assert "unknown key" in message


@pytest.mark.usefixtures("acme")
def test_thousands_of_mistakes_stay_a_message_that_can_be_read(write_config: WriteConfig) -> None:
    text = SITE + "nodes = [" + "1," * 5000 + "]"

    lines = complaint(write_config(text)).splitlines()

    assert len(lines) < 50
    assert any(" more" in line for line in lines)
