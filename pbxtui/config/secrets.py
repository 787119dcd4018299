"""Secrets: from the environment, a command, a file, the keyring, or written out.

Every way ends in a :class:`SecretStr` or in a :class:`SecretError`, whose words never hold the
value, a command's output or its arguments.
"""

from __future__ import annotations

import importlib
import os
import shlex
import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from pbxtui.config.file import Contents, chmod, read_capped
from pbxtui.config.mistakes import MASK, quoted
from pbxtui.config.nearest import did_you_mean
from pbxtui.config.values import kind_of
from pbxtui.model import clean

COMMAND_TIMEOUT = 10.0
"""Seconds that a command may take to say a secret."""

MAX_LENGTH = 64 * 1024

SOURCES = ("env", "command", "file", "keyring")


class SecretError(Exception):
    """A secret cannot be had. The words name the key, and say why and what to do."""


class _SourceError(Exception):
    """Why one source has no secret; the key is not known there."""


def resolve(key: str, value: object, contents: Contents, *, ask: bool = True) -> str | None:
    """The secret that ``value``, a string or a table of the config, stands for.

    With ``ask`` unset a table is only looked at, and the answer for it is None. Raises
    :class:`SecretError`.
    """
    if isinstance(value, str):
        if contents.open_to_others:
            raise SecretError(
                f"{key} is written out in a file that others can read; "
                f"run: {chmod(contents.path.absolute())}"
            )
        return _usable(value, "the text", key)
    if not isinstance(value, Mapping):
        raise SecretError(
            f'{key}: expected text in quotes or a table such as {{ env = "NAME" }}, '
            f"not {kind_of(value)}"
        )
    source, argument = _source(key, value)
    if not ask:
        return None
    try:
        return _usable(*_READERS[source](argument, contents.path), key)
    except _SourceError as error:
        raise SecretError(f"{key}: {error}") from None


def _source(key: str, table: Mapping[str, object]) -> tuple[str, str]:
    """The one source that a table names, and its argument."""
    for source in table:
        if source not in SOURCES:
            guess = did_you_mean(source, SOURCES)
            raise SecretError(f"{key}: unknown source {quoted(source)} of a secret; {guess}")
    if len(table) != 1:
        raise SecretError(f"{key}: expected one of {', '.join(SOURCES)} in the table of a secret")
    source, argument = next(iter(table.items()))
    if not isinstance(argument, str) or not argument.strip():
        raise SecretError(f"{key}: {source}: expected text in quotes, not {kind_of(argument)}")
    if "\0" in argument:
        raise SecretError(f"{key}: {source}: has a null character in it")
    return source, argument


def _from_environment(name: str, path: Path) -> tuple[str, str]:
    value = None if "=" in name else os.environ.get(name)
    if value is None:
        raise _SourceError(
            f"the environment variable {quoted(name)} is not set; export it before pbxtui starts"
        )
    return value, f"the environment variable {quoted(name)}"


def _from_file(name: str, path: Path) -> tuple[str, str]:
    """The text of a file beside the config, or at an absolute path, less one line end."""
    shown = quoted(name, 400)
    try:
        file = path.absolute().parent / Path(name).expanduser()
        raw, mode = read_capped(file, MAX_LENGTH)
    except FileNotFoundError:
        raise _SourceError(f"the file {shown} does not exist") from None
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _SourceError(f"the file {shown} cannot be read: {clean(reason)}") from None
    if Contents(file, "", mode).open_to_others:
        raise _SourceError(f"the file {shown} can be read by others; run: {chmod(file)}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _SourceError(f"the file {shown} is not UTF-8 text") from None
    return text.removesuffix("\n").removesuffix("\r"), f"the file {shown}"


def _words(command: str) -> list[str]:
    """A command line as words, as a POSIX shell would; on Windows a backslash is a backslash."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    if os.name == "nt":
        lexer.escape = ""
    return list(lexer)


def _from_command(command: str, path: Path) -> tuple[str, str]:
    """The first line that a command prints; run without a shell and without input."""
    try:
        words = _words(command)
    except ValueError:
        raise _SourceError("the command has an opening quotation mark too many") from None
    if not words:
        raise _SourceError("the command is empty")
    shown = f"the command {quoted(words[0])}"
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_TIMEOUT
        )
    except FileNotFoundError:
        raise _SourceError(f"{shown} is not found; install it, or give its full path") from None
    except subprocess.TimeoutExpired:
        raise _SourceError(f"{shown} took longer than {COMMAND_TIMEOUT:g} s") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _SourceError(f"{shown} cannot be run: {clean(reason)}") from None
    output = done.stdout.decode("utf-8", errors="replace")
    if done.returncode != 0:
        said = _last_line(done.stderr, output)
        raise _SourceError(f"{shown} ended with exit code {done.returncode}{said}")
    try:
        output = done.stdout.decode("utf-8")
    except UnicodeDecodeError:
        raise _SourceError(f"{shown} printed something that is not UTF-8 text") from None
    return output.partition("\n")[0].removesuffix("\r"), shown


def _last_line(stderr: bytes, output: str) -> str:
    """The last line of standard error, without anything that standard output said as well."""
    lines = stderr.decode("utf-8", errors="replace").strip().splitlines()
    if not lines:
        return ""
    line = lines[-1]
    for word in sorted(set(output.split()) | set(output.splitlines()), key=len, reverse=True):
        line = line.replace(word, MASK)
    return f": {clean(line)}"


def _from_keyring(entry: str, path: Path) -> tuple[str, str]:
    service, slash, user = entry.rpartition("/")
    if not (slash and service and user):
        raise _SourceError('keyring: expected "service/user"')
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        raise _SourceError("the keyring is not installed: pip install 'pbxtui[keyring]'") from None
    try:
        value = keyring.get_password(service, user)
    except Exception as error:  # each system's keyring has errors of its own
        raise _SourceError(f"the keyring failed: {type(error).__name__}") from None
    if not isinstance(value, str):
        command = shlex.join(["keyring", "set", service, user])
        raise _SourceError(f"the keyring has nothing for {quoted(entry)}; run: {command}")
    return value, f"the keyring's {quoted(entry)}"


_READERS: Mapping[str, Callable[[str, Path], tuple[str, str]]] = {
    "env": _from_environment,
    "command": _from_command,
    "file": _from_file,
    "keyring": _from_keyring,
}


def _usable(value: str, origin: str, key: str) -> str:
    """A secret that can be sent: not empty, one line, real characters."""
    if not value.strip():
        raise SecretError(f"{key}: {origin} is empty")
    if len(value) > MAX_LENGTH:
        raise SecretError(f"{key}: {origin} is too long to be a secret")
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in value):
        raise SecretError(f"{key}: {origin} has line breaks or control characters in it")
    return value
