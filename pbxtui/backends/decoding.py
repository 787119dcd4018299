"""JSON bodies into checked values: off the event loop when large, with mistakes told in words."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from pbxtui.backends.base import NotUnderstood
from pbxtui.backends.http import HttpClient
from pbxtui.model import clean

T = TypeVar("T")

LARGE = 256 * 1024
"""Bytes from which a body is parsed in a thread."""

_WANTED = {
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": "an object",
    "typed_dict_type": "an object",
    "model_type": "an object",
    "int_type": "a number",
    "int_parsing": "a number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
_CHOICES = frozenset({"int", "float", "str"})
"""How pydantic ends a place where one of several types may stand."""

_HINT = "pbxtui may not know this version of the PBX; y shows the row, a bug report helps"


def _kind(value: object) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list | tuple) else "an object"


def in_words(error: ValidationError, place: Sequence[str | int] = ()) -> str:
    """The first mistake of a validation: "calls.3.legs: a list was expected, a number came"."""
    first = error.errors(include_url=False, include_context=False)[0]
    steps = [clean(str(step), 60) for step in (*place, *first["loc"])]
    if steps and steps[-1] in _CHOICES:
        steps.pop()
    where = ".".join(steps)
    if first["type"] == "missing":
        return f"{where}: it is missing"
    wanted = _WANTED.get(first["type"])
    if wanted is None:
        return f"{where}: {clean(first['msg'])}" if where else clean(first["msg"])
    said = f"{wanted} was expected, {_kind(first['input'])} came"
    return f"{where}: {said}" if where else said


def at_once(body: bytes, work: Callable[[bytes], T]) -> T:
    """``work(body)``, without collecting garbage meanwhile.

    A body becomes objects by the ten thousand of which none is garbage; the collector would walk
    over all of them several times for nothing.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return work(body)
    finally:
        if collecting:
            gc.enable()


async def off_loop(body: bytes, work: Callable[[bytes], T]) -> T:
    """``work(body)``, beside the event loop if the body is large."""
    if len(body) <= LARGE:
        return at_once(body, work)
    return await asyncio.to_thread(at_once, body, work)


def decode(client: HttpClient, body: bytes, adapter: TypeAdapter[T]) -> T:
    """A body as the adapter's type. Raises :class:`NotUnderstood`."""
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            value = lenient(client, body)
        else:
            raise mistaken(client, in_words(error)) from None
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise mistaken(client, in_words(error)) from None


def mistaken(client: HttpClient, words: str) -> NotUnderstood:
    """The error for JSON that is not what this PBX is known to send."""
    said = client.mask(words)
    fault = NotUnderstood(f"{client.host} sent something unexpected; {said}", _HINT)
    fault.sent = True
    return fault


def lenient(client: HttpClient, body: bytes) -> object:
    """JSON with the flaws that PBXs are known for: raw control characters, broken UTF-8, halves
    of surrogate pairs. Raises :class:`NotUnderstood` for anything that is no JSON at all.
    """
    try:
        text = body.decode("utf-8-sig", "replace")
        return _whole(json.loads(text, strict=False, parse_int=_number))
    except (ValueError, RecursionError) as error:
        cut = isinstance(error, json.JSONDecodeError) and _is_cut(body, error)
        raise client.not_json(body, cut=cut) from None


def _number(digits: str) -> int | str:
    """Python refuses to convert thousands of digits; they stay a text."""
    return int(digits) if len(digits) < 400 else digits


def _is_cut(body: bytes, error: json.JSONDecodeError) -> bool:
    started = body.lstrip()[:1] in (b"{", b"[")
    at_end = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string")
    return started and at_end


def _whole(value: object) -> object:
    """The same value, its texts without halves of surrogate pairs."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode() if not value.isascii() else value
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Unread:
    """A row of a list that could not be read: where, why in words, and what it was."""

    words: str
    row: object


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """The rows of one page, those that could not be read, and what stood around them."""

    rows: list[T]
    unread: tuple[Unread, ...]
    around: Mapping[str, object]


class Listing(Generic[T]):
    """Reads a list that comes bare or under ``key`` in an object.

    ``row`` is the type of a row, ``page`` a ``TypedDict`` with ``key`` as ``list[row]``. One row
    that cannot be read spoils itself only; a wrong envelope is :class:`NotUnderstood`.
    """

    def __init__(self, key: str, row: type[T], page: type[Mapping[str, object]]) -> None:
        self.key = key
        self._row: TypeAdapter[T] = TypeAdapter(row)
        self._rows: TypeAdapter[list[T]] = TypeAdapter(list[row])  # type: ignore[valid-type]
        self._page: TypeAdapter[Mapping[str, object]] = TypeAdapter(page)

    def read(self, client: HttpClient, body: bytes) -> Rows[T]:
        """The rows of a bare list or of a page. What cannot be read is left out, and noted.

        Raises :class:`NotUnderstood` where there is no list at all.
        """
        bare = body.lstrip()[:1] == b"["
        try:
            if bare:
                return Rows(self._rows.validate_json(body), (), {})
            page = self._page.validate_json(body)
        except ValidationError as error:
            return self._singly(client, body, error)
        return Rows(cast("list[T]", page[self.key]), (), page)

    def _singly(self, client: HttpClient, body: bytes, error: ValidationError) -> Rows[T]:
        value = lenient(client, body)
        page = value if isinstance(value, dict) else {}
        found = value if isinstance(value, list) else page.get(self.key)
        if not isinstance(found, list):
            try:
                self._page.validate_python(value)
            except ValidationError as mistake:
                raise mistaken(client, in_words(mistake)) from None
            raise mistaken(client, in_words(error))
        rows: list[T] = []
        unread: list[Unread] = []
        for number, row in enumerate(found):
            try:
                rows.append(self._row.validate_python(row))
            except ValidationError as mistake:
                words = client.mask(in_words(mistake, (self.key, number)))
                unread.append(Unread(words, row))
        return Rows(rows, tuple(unread), page)
