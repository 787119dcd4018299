"""JSON as the faces read and write it, and what the faults of shape make of a row of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from pbxtui.simulator.actions import Invalid
from pbxtui.simulator.faults import HOSTILE_TEXTS, Faults

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Object = dict[str, Json]


def dumps(value: Json) -> str:
    """Without blanks, letters of all scripts as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_body(body: bytes) -> Object:
    """A request's JSON object. Raises ``Invalid``."""
    try:
        value = json.loads(body)
    except ValueError:
        raise Invalid("the body is not JSON") from None
    if not isinstance(value, dict):
        raise Invalid("the body is not an object")
    return value


def spoiled(
    faults: Faults,
    item: Object,
    serial: int,
    *,
    wrong: Sequence[Object],
    named: Callable[[Object, str], Object],
) -> Object:
    """The item as the faults which are on would have it; another kind of fault for each serial.

    ``wrong`` are values of the wrong types by their keys; ``named`` gives the item with another
    text in place of its names.
    """
    strikes = faults.strikes
    if strikes("hostile-text"):
        item = named(item, HOSTILE_TEXTS[serial % len(HOSTILE_TEXTS)])
    if strikes("wrong-types"):
        for key, value in wrong[serial % len(wrong)].items():
            if key in item:
                item[key] = value
    if strikes("null-fields"):
        item[list(item)[serial % len(item)]] = None
    if strikes("missing-fields"):
        del item[list(item)[serial % len(item)]]
    return item
