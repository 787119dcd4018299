"""Secrets from each place that they can come from, and what is said when they cannot."""

from __future__ import annotations

import os
import shlex
import sys
import types
from pathlib import Path

import pytest
from pydantic import SecretStr

from pbxtui.config import ConfigError, load, problems
from tests.config.conftest import WriteConfig

pytestmark = pytest.mark.usefixtures("acme")
posix = pytest.mark.skipif(os.name != "posix", reason="files have no such modes here")

SITE = '[[site]]\nname = "hq"\nkind = "acme"\nhost = "pbx"\n'


def secret_of(path: Path) -> str:
    (site,) = load(path).sites
    secret = site.model_dump()["secret"]
    assert isinstance(secret, SecretStr)
    return secret.get_secret_value()


def complaint(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value)


def python(code: str) -> str:
    """A command for the config that runs a line of Python."""
    return f"secret = {{ command = '''{shlex.join([sys.executable, '-c', code])}''' }}"


def test_from_the_environment(write_config: WriteConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_config(SITE + 'secret = { env = "ACME_SECRET" }')

    monkeypatch.setenv("ACME_SECRET", "tø p s3cr3t")
    assert secret_of(path) == "tø p s3cr3t"

    monkeypatch.setenv("ACME_SECRET", "")
    assert 'site "hq": secret: the environment variable "ACME_SECRET" is empty' in complaint(path)

    monkeypatch.delenv("ACME_SECRET")
    assert 'the environment variable "ACME_SECRET" is not set; export it' in complaint(path)


def test_an_environment_with_bytes_that_are_no_text(
    write_config: WriteConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_SECRET", "s3cr3t\udcff")

    message = complaint(write_config(SITE + 'secret = { env = "ACME_SECRET" }'))

    assert "control characters" in message
    assert "s3cr3t" not in message


def test_from_a_command(write_config: WriteConfig) -> None:
    path = write_config(SITE + python("print('s3cr3t $HOME `id`'); print('url: x')"))

    assert secret_of(path) == "s3cr3t $HOME `id`"


def test_a_command_is_not_given_to_a_shell(write_config: WriteConfig, tmp_path: Path) -> None:
    made = tmp_path / "made"
    path = write_config(SITE + f"secret = {{ command = 'echo s3cr3t; touch {made}' }}")

    if os.name == "posix":
        assert secret_of(path) == f"s3cr3t; touch {made}"
    assert not made.exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-command-here --x s3cr3t", 'the command "no-such-command-here" is not found'),
        ("' s3cr3t", "has an opening quotation mark too many"),
        ("", "command: expected text in quotes, not empty text"),
    ],
)
def test_a_command_that_cannot_run(write_config: WriteConfig, command: str, said: str) -> None:
    message = complaint(write_config(SITE + f'secret = {{ command = "{command}" }}'))

    assert said in message
    assert "s3cr3t" not in message


def test_a_command_that_fails_shows_its_status_and_last_words_but_no_output(
    write_config: WriteConfig,
) -> None:
    code = (
        "import sys; print('s3cr3t'); print('first', file=sys.stderr);"
        "print('gpg: no key for s3cr3t \\x1b[31m', file=sys.stderr); sys.exit(3)"
    )

    message = complaint(write_config(SITE + python(code)))

    assert "ended with exit code 3: gpg: no key for ********" in message
    assert "first" not in message
    assert "s3cr3t" not in message
    assert "\x1b" not in message


def test_a_command_that_says_nothing_or_bytes(write_config: WriteConfig) -> None:
    assert "is empty" in complaint(write_config(SITE + python("pass")))
    code = r"import os; os.write(1, b'\xff\xfe')"
    assert "is not UTF-8 text" in complaint(write_config(SITE + python(code)))


def test_a_command_that_never_ends_is_ended(
    write_config: WriteConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pbxtui.config.secrets.COMMAND_TIMEOUT", 0.2)

    message = complaint(write_config(SITE + python("import time; time.sleep(600)")))

    assert "took longer than 0.2 s" in message


def test_from_a_file_beside_the_config_less_one_line_end(
    write_config: WriteConfig, tmp_path: Path
) -> None:
    path = write_config(SITE + 'secret = { file = "hq.token" }')
    token = tmp_path / "hq.token"

    for content in ("s3cr3t", "s3cr3t\n", "s3cr3t\r\n"):
        token.write_bytes(content.encode())
        token.chmod(0o600)
        assert secret_of(path) == "s3cr3t"

    token.write_text("s3cr3t\n\n")
    message = complaint(path)
    assert "line breaks" in message
    assert "s3cr3t" not in message


def test_from_a_file_in_the_home_folder(
    write_config: WriteConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_config("s3cr3t", name="token")

    assert secret_of(write_config(SITE + 'secret = { file = "~/token" }')) == "s3cr3t"


def test_a_secret_file_that_is_not_there_or_is_no_file(write_config: WriteConfig) -> None:
    gone = complaint(write_config(SITE + 'secret = { file = "gone" }'))
    assert 'site "hq": secret: the file "gone" does not exist' in gone
    assert "cannot be read: " in complaint(write_config(SITE + 'secret = { file = "." }'))


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_secret_file_that_others_can_read_is_refused(
    write_config: WriteConfig, tmp_path: Path, mode: int
) -> None:
    token = write_config("s3cr3t", mode=mode, name="hq token")
    path = write_config(SITE + 'secret = { file = "hq token" }')

    message = complaint(path)

    assert f"can be read by others; run: chmod 600 '{token}'" in message
    assert "s3cr3t" not in message
    token.chmod(0o600)
    assert secret_of(path) == "s3cr3t"


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_plain_secret_in_a_config_that_others_can_read_is_refused(
    write_config: WriteConfig, mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_config(SITE + 'secret = "s3cr3t"', mode=mode)

    message = complaint(path)

    assert 'site "hq": secret is written out in a file that others can read' in message
    assert f"run: chmod 600 {path}" in message
    assert "s3cr3t" not in message
    assert problems(path) == message

    path.chmod(0o600)
    assert secret_of(path) == "s3cr3t"

    path.write_text(SITE + 'secret = { env = "ACME_SECRET" }')
    path.chmod(mode)
    monkeypatch.setenv("ACME_SECRET", "s3cr3t")
    assert secret_of(path) == "s3cr3t"


def test_without_the_keyring_the_extra_is_named(
    write_config: WriteConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)

    message = complaint(write_config(SITE + 'secret = { keyring = "pbxtui/hq" }'))

    assert "pip install 'pbxtui[keyring]'" in message


def test_from_the_keyring(write_config: WriteConfig) -> None:
    keyring = pytest.importorskip("keyring", reason="needs pip install 'pbxtui[keyring]'")
    backend = pytest.importorskip("keyring.backend")
    kept: dict[tuple[str, str], str] = {}

    def body(namespace: dict[str, object]) -> None:
        namespace["priority"] = 1
        namespace["get_password"] = lambda self, service, user: kept.get((service, user))
        namespace["set_password"] = lambda self, service, user, secret: None
        namespace["delete_password"] = lambda self, service, user: None

    keyring.set_keyring(types.new_class("InMemory", (backend.KeyringBackend,), {}, body)())
    path = write_config(SITE + 'secret = { keyring = "https://pbx/api/noc" }')

    assert "run: keyring set https://pbx/api noc" in complaint(path)
    kept["https://pbx/api", "noc"] = "s3cr3t"
    assert secret_of(path) == "s3cr3t"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("3", "secret: expected text in quotes or a table such as { env"),
        ("[]", "secret: expected text in quotes or a table"),
        ('""', "secret: the text is empty"),
        ('"a\\u0007b"', "line breaks or control characters"),
        ("{}", "secret: expected one of env, command, file, keyring"),
        ('{ env = "A", file = "b" }', "secret: expected one of env, command, file, keyring"),
        ('{ evn = "A" }', 'secret: unknown source "evn" of a secret; did you mean "env"?'),
        ("{ env = 3 }", "secret: env: expected text in quotes, not a number"),
        ('{ env = "" }', "secret: env: expected text in quotes, not empty text"),
        ('{ file = "a\\u0000b" }', "file: has a null character in it"),
        ('{ keyring = "hq" }', 'keyring: expected "service/user"'),
    ],
)
def test_a_secret_of_the_wrong_shape(write_config: WriteConfig, value: str, said: str) -> None:
    assert said in complaint(write_config(SITE + f"secret = {value}"))


def test_what_a_settings_class_says_of_a_secret_never_shows_it(write_config: WriteConfig) -> None:
    message = complaint(write_config(SITE + 'secret = "s3cr3t"\nspare = "zq"\nflavour = "s3cr3t"'))

    assert 'site "hq": spare: ' in message
    assert "zq" not in message
    assert "s3cr3t" not in message


def test_looking_for_problems_asks_nobody_for_secrets(
    write_config: WriteConfig, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    code = f"open({str(made)!r}, 'w'); print('s3cr3t')"

    assert problems(write_config(SITE + python(code))) == ""
    assert problems(write_config(SITE + 'secret = { env = "ACME_NOT_SET" }')) == ""
    assert "evn" in problems(write_config(SITE + 'secret = { evn = "X" }'))
    assert not made.exists()
