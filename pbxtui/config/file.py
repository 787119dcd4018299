"""The config file itself: where it is, who may read it, and TOML out of its bytes."""

from __future__ import annotations

import os
import re
import shlex
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pbxtui.config.mistakes import ConfigError, NoConfig
from pbxtui.model import clean

MAX_BYTES = 1024 * 1024
"""A config larger than this is some other file."""


def default_path() -> Path:
    """Where the config is when no ``--config`` says otherwise."""
    return Path(platformdirs.user_config_dir("pbxtui", appauthor=False)) / "config.toml"


@dataclass(frozen=True, slots=True)
class Contents:
    """The text of a file, and its permission bits (None where the system has none)."""

    path: Path
    text: str
    mode: int | None

    @property
    def open_to_others(self) -> bool:
        """Whether the file's group, or everybody, can read it."""
        return self.mode is not None and bool(self.mode & (stat.S_IRGRP | stat.S_IROTH))


def chmod(path: Path) -> str:
    """The command that closes a file to everybody but its owner."""
    return f"chmod 600 {shlex.quote(str(path))}"


def read_capped(path: Path, limit: int) -> tuple[bytes, int | None]:
    """The first ``limit`` bytes and one more, and the permission bits of that same file."""
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode) if os.name == "posix" else None
        return file.read(limit + 1), mode


def find(path: Path | None, *, strict: bool = True) -> Contents:
    """The config at ``path``, or at the default place, as text.

    Raises :class:`ConfigError` with what is wrong and what to do; :class:`NoConfig` where there
    is no file at the default place. ``strict`` unset takes bytes that are not UTF-8 as well.
    """
    absent = ConfigError if path is not None else NoConfig
    place = path if path is not None else default_path()
    shown = clean(str(place), 400)
    try:
        raw, mode = read_capped(place, MAX_BYTES)
    except FileNotFoundError:
        raise absent(f"{shown}: there is no such file; `pbxtui init` writes one") from None
    except IsADirectoryError:
        raise ConfigError(f"{shown}: is a folder; name the file in it") from None
    except PermissionError:
        raise ConfigError(f"{shown}: you may not read it; see `ls -l` on it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"{shown}: cannot be read: {clean(reason)}") from None
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{shown}: is larger than 1 MiB, which no config is; another file?")
    try:
        text = raw.decode("utf-8-sig", errors="strict" if strict else "replace")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{shown}: line {line}: is not UTF-8 text; save the file with that encoding"
        ) from None
    return Contents(place, text, mode)


def parse(contents: Contents) -> Mapping[str, object]:
    """The TOML of a file. Raises :class:`ConfigError` that names the line where it breaks."""
    name = clean(contents.path.name)
    try:
        return tomllib.loads(contents.text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_broken(name, contents, str(error))) from None
    except RecursionError:
        raise ConfigError(f"{name}: is nested too deeply to be a config") from None
    except ValueError as error:
        raise ConfigError(f"{name}: cannot be read as TOML: {clean(str(error))}") from None


_SENTENCES = (
    ("Invalid value", "this value is not TOML; text is written in quotes"),
    ("Invalid statement", "this line is not TOML; a setting is written: key = value"),
    ("Expected '='", "an equals sign is missing; a setting is written: key = value"),
    ("Expected newline", "there is more on this line than one setting"),
    ("Illegal character '\\n'", "this text has no closing quotation mark"),
    ("Unterminated string", "this text has no closing quotation mark"),
    ("Unclosed array", "this list has no closing bracket, or a comma is missing"),
    ("Unclosed inline table", "this table has no closing brace, or a comma is missing"),
    ("Cannot overwrite", "this key is set a second time"),
    ("Duplicate inline table key", "a key in this table is set twice"),
    ("Cannot declare", "this table is declared a second time; several sites are [[site]]"),
    ("Cannot redefine", "this table is declared a second time"),
    ("Cannot mutate", "this table was closed before; a key cannot be added to it here"),
    ("Unescaped", "a backslash stands in this text; write it twice, or use single quotes"),
    ("Invalid hex", "a backslash stands in this text; write it twice, or use single quotes"),
)


def _broken(name: str, contents: Contents, words: str) -> str:
    """``config.toml: line 3, column 9: …``, in our words: the parser's may quote a secret."""
    at = re.search(r"\(at line (\d+), column (\d+)\)", words)
    if at is not None:
        place = f"line {at[1]}, column {at[2]}"
    else:
        place = f"line {contents.text.rstrip().count(chr(10)) + 1}, the end of the file"
    for start, sentence in _SENTENCES:
        if words.startswith(start):
            return f"{name}: {place}: {sentence}"
    return f"{name}: {place}: this is not TOML"
