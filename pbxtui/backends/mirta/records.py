"""What MiRTA tells beside the live picture, as plain values. All texts are cleaned."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pbxtui.backends.mirta.directory import Extension
from pbxtui.model import clean

_SECRET = re.compile(r"\A(?:ex|te)_|pass|secret|2fa|pin\Z|lockpin", re.IGNORECASE)
"""Columns that hold credentials, or a whole row of a tenant or an extension."""
_NAME = re.compile(r"^([A-Z][A-Z0-9]{2,24})[ \t]+-[ \t]", re.MULTILINE)
_INFO = re.compile(r"^ {8,}([a-z]{3,24}) \(", re.MULTILINE)
_MOST_ROWS = 10_000

EXTENSION_COLUMNS = ("ex_id", "ex_number", "ex_name", "ex_tech", "st_state", "username")
"""All that is read of an extension; beside them stand its passwords (CAPTURED)."""

Record = Mapping[str, str]
"""The named columns of one row."""


@dataclass(frozen=True, slots=True)
class ServerHelp:
    """What ``reqtype=HELP`` says this server has: request types, and the types of INFO."""

    text: str
    reqtypes: frozenset[str]
    info: frozenset[str]


@dataclass(frozen=True, slots=True)
class Did:
    """An outside number; ``channels`` is the most calls at once, None for no limit."""

    id: str
    number: str
    country: str
    area: str
    comment: str
    recorded: bool
    channels: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody in a phone book, with every number of the entry in its order."""

    id: str
    name: str
    numbers: tuple[str, ...]
    book: str


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of one call: a row for each leg, and what the queues noted."""

    legs: tuple[Record, ...]
    queues: tuple[Record, ...]


def help_of(text: str) -> ServerHelp:
    """The names in a HELP: in upper case at the start of a line, types of INFO far indented."""
    plain = re.sub(r"<[^>\n]{0,40}>", "", text)
    return ServerHelp(text, frozenset(_NAME.findall(plain)), frozenset(_INFO.findall(plain)))


def record_of(columns: Mapping[str, str]) -> Record:
    """A row without the columns that hold secrets, cleaned."""
    return {
        clean(name, 60): clean(value) for name, value in columns.items() if not _SECRET.search(name)
    }


def extension_of(columns: Mapping[str, str]) -> Extension:
    """An extension, without the secrets that stand beside it."""
    return Extension(
        clean(columns.get("ex_id", "")),
        clean(columns.get("ex_number", "")),
        clean(columns.get("ex_name", "")),
        clean(columns.get("ex_tech", "")),
        clean(columns.get("st_state", "")),
        clean(columns.get("username", "")),
    )


def did_of(columns: Mapping[str, str]) -> Did:
    most = columns.get("di_maxchannels", "").strip()
    return Did(
        clean(columns.get("di_id", "")),
        clean(columns.get("di_number", "")),
        clean(columns.get("di_country", "")),
        clean(columns.get("di_area", "")),
        clean(columns.get("di_comment", "")),
        columns.get("di_recording", "").strip().lower() == "yes",
        int(most) if most.isascii() and most.isdecimal() and len(most) < 10 else None,
    )


def entry_of(columns: Mapping[str, str], book: str) -> Entry:
    """Somebody in a phone book, by names that are documented for adding (NAME, PHONE1)."""
    lower = {name.lower(): value for name, value in columns.items()}
    numbers = (
        clean(value)
        for name, value in lower.items()
        if re.match(r"phone|mobile|number|tel", name) and value.strip()
    )
    name = next((lower[key] for key in ("name", "pe_name", "fullname") if lower.get(key)), "")
    id_ = next((lower[key] for key in ("peid", "pe_id", "id") if lower.get(key)), "")
    return Entry(clean(id_), clean(name), tuple(numbers), clean(book))


def csv_records(text: str) -> tuple[Record, ...]:
    """A csv with a header row, as the history comes where its JSON is broken."""
    reader: Iterable[dict[str | None, object]] = csv.DictReader(io.StringIO(text.strip()))
    found = []
    try:
        for _, row in zip(range(_MOST_ROWS), reader, strict=False):
            columns = {name: value for name, value in row.items() if name is not None}
            found.append(
                record_of({n: v if isinstance(v, str) else "" for n, v in columns.items()})
            )
    except csv.Error:
        return tuple(found)
    return tuple(found)
