"""How MiRTA writes an answer: always status 200, and a content type that says little."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pbxtui.simulator.faults import HOSTILE_TEXTS, Faults
from pbxtui.simulator.mirta.door import Asked
from pbxtui.simulator.mirta.switches import Empty, MirtaSwitches

Json = str | int | float | bool | None | Sequence["Json"] | dict[str, "Json"]
Object = dict[str, Json]

TOO_BAD = "Too bad... you mistaken the security api key."
"""For a bad key, a missing or unknown tenant, and a key without the right (CAPTURED)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A body and its content type; without one it follows from ``format``."""

    body: bytes
    kind: str = ""


def sentence(text: str, newline: str = "\n") -> Reply:
    return Reply((text + newline).encode())


NOTHING = Reply(b"")


def empty(form: Empty) -> Reply:
    return Reply(b"" if form == "nothing" else form.encode())


def written(value: Json) -> Reply:
    return Reply(json.dumps(value, separators=(",", ":")).encode())


def either(asked: Asked, value: Json, plain: str) -> Reply:
    """JSON where that is asked for, else the plain text."""
    return written(value) if asked.json else Reply(plain.encode())


def doubled(row: Iterable[tuple[str, Json]]) -> Object:
    """A row as PHP's ``mysqli_fetch_array`` gives it: each column by number and by name."""
    both: Object = {}
    for number, (name, value) in enumerate(row):
        both[str(number)] = value
        both[name] = value
    return both


def doubled_plain(row: Iterable[tuple[str, Json]]) -> str:
    """The same row in plain text: each value twice, and a separator at the end (CAPTURED)."""
    texts = ["" if value is None else str(value) for _, value in row for _ in range(2)]
    return "|".join([*texts, ""]) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[Json]]) -> str:
    """A plain table with separators."""
    lines = ["|".join(header)]
    lines += ["|".join("" if value is None else str(value) for value in row) for row in rows]
    return "\n".join(lines) + "\n"


def wall(when: float, switches: MirtaSwitches, *, seconds: bool = True) -> str:
    """A moment on the server's clock on the wall, without a zone; empty for none."""
    if not when:
        return ""
    moment = datetime.fromtimestamp(when + switches.utc_offset, UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


# --- faults of shape ---------------------------------------------------------------------------


def hostile(faults: Faults, text: str, serial: int) -> str:
    """The text, or what a stranger could have put in its place."""
    if faults.strikes("hostile-text"):
        return HOSTILE_TEXTS[serial % len(HOSTILE_TEXTS)]
    return text


_WRONG: tuple[Json, ...] = (7, [1, "two"], {"no": "text"}, True)


def spoiled(faults: Faults, body: bytes) -> bytes:
    """A JSON body as the faults which are on would have it."""
    names = [name for name in ("wrong-types", "null-fields", "missing-fields") if name in faults]
    if not names or body[:1] not in (b"[", b"{"):
        return body
    value = json.loads(body)
    for name in names:
        fault = faults.strikes(name)
        if fault is None:
            continue
        if name == "wrong-types" and fault.options.get("where", "list") == "list":
            return b"7"
        rows = list(value.values()) if isinstance(value, dict) else value
        for number, row in enumerate(rows):
            _spoil(row, name, number)
    return json.dumps(value, separators=(",", ":")).encode()


def _spoil(row: Json, name: str, number: int) -> None:
    if isinstance(row, dict) and row:
        place = list(row)[number % len(row)]
        if name == "missing-fields":
            del row[place]
        else:
            row[place] = None if name == "null-fields" else _WRONG[number % len(_WRONG)]
    elif isinstance(row, list) and row:
        where = number % len(row)
        if name == "missing-fields":
            del row[where]
        else:
            row[where] = None if name == "null-fields" else _WRONG[number % len(_WRONG)]
