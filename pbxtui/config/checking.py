"""A table of the config against a pydantic class, strictly, and each error in our words.

Strict means what TOML means: a bool is no number, a number is no text, a text is no number. The
values go through JSON, whose types are TOML's (a list may become a tuple, a word an enum).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pbxtui.config.mistakes import Mistakes, quoted
from pbxtui.config.nearest import did_you_mean, nearest
from pbxtui.config.values import kind_of
from pbxtui.model import clean

M = TypeVar("M", bound=BaseModel)

MAX_DEPTH = 16
_INT64 = 2**63

_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list in square brackets",
    "tuple_type": "a list in square brackets",
    "set_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
_PATTERNS = {"^[A-Za-z0-9._-]+$": "letters, digits, dots, hyphens and underscores only"}


def check(
    model: type[M],
    values: Mapping[str, object],
    where: str,
    mistakes: Mistakes,
    *,
    also: Collection[str] = (),
    unknown: Collection[str] = (),
) -> M | None:
    """``values`` as a ``model``; None when something is wrong, which is then in ``mistakes``.

    ``also`` are keys that are valid beside the model's own; ``unknown`` those whose real value
    could not be had, so that nothing about it is said.
    """
    try:
        text = json.dumps({key: _plain(value, key) for key, value in values.items()})
    except _NotPlainError as error:
        mistakes.add(where, str(error))
        return None
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = _path(detail["loc"], values)
            if detail["type"] == "missing" or not (path and path[0] in unknown):
                mistakes.add(where, _sentence(detail, path, model, also))
        return None


class _NotPlainError(Exception):
    pass


def _plain(value: object, key: str, depth: int = 0) -> object:
    """The value as JSON can say it."""
    if depth > MAX_DEPTH:
        raise _NotPlainError(f"{quoted(key)}: is nested too deeply")
    if isinstance(value, Mapping):
        return {inner: _plain(item, key, depth + 1) for inner, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, key, depth + 1) for item in value]
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        raise _NotPlainError(f"{key}: is a number beyond all measure")
    if isinstance(value, str | int | float):
        return value
    raise _NotPlainError(f"{key}: a date or time is not expected here; write text in quotes")


def _path(loc: Iterable[int | str], values: object) -> list[int | str]:
    """The part of a location that is in the file; pydantic adds names of its own to some."""
    path: list[int | str] = []
    for part in loc:
        if isinstance(values, Mapping):
            if part not in values and path and part == "[key]":
                continue
            path.append(part)
            values = values.get(part)
        elif isinstance(values, list) and isinstance(part, int) and part < len(values):
            path.append(part)
            values = values[part]
    return path


def _spelled(path: Iterable[int | str]) -> str:
    """``poll.calls``, or ``nodes, item 2``."""
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f", item {part + 1}"
        else:
            words += f".{clean(part, 60)}" if words else clean(part, 60)
    return words


def _sentence(
    detail: ErrorDetails, path: list[int | str], model: type[BaseModel], also: Collection[str]
) -> str:
    kind, given = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        *above, last = path
        valid = _keys(model, above) | (set(also) if not above else set())
        before = f"{_spelled(above)}: " if above else ""
        return f"{before}unknown key {quoted(str(last))}; {did_you_mean(str(last), valid)}"
    spelled = _spelled(path)
    if kind == "missing":
        return f"{spelled}: is missing"
    before = f"{spelled}: " if spelled else ""
    if kind in _EXPECTED:
        return f"{before}expected {_EXPECTED[kind]}, not {kind_of(given)}"
    context: Mapping[str, Any] = detail.get("ctx", {})
    if kind in {"literal_error", "enum"} and isinstance(given, str):
        words = [word.strip(" '") for word in re.split(", | or ", str(context.get("expected")))]
        found = nearest(given, words)
        hint = f'; did you mean "{found}"?' if found else ""
        return f"{before}expected {' or '.join(map(quoted, words))}, not {quoted(given)}{hint}"
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        return f"{before}expected {_PATTERNS.get(pattern, 'text that matches ' + pattern)}"
    said = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return before + said.replace("Input should", "should", 1)


def _keys(model: type[BaseModel], path: Iterable[int | str]) -> set[str]:
    """The keys that the class at ``path`` inside ``model`` has."""
    for part in path:
        field = model.model_fields.get(str(part))
        inner = field.annotation if field is not None else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return set()
        model = inner
    return {field.alias or name for name, field in model.model_fields.items()}
