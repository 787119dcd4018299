"""Lists in pages, and the filters of a query: repeated parameters are a choice (DOCUMENTED)."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import QueryParams

from pbxtui.simulator.actions import Invalid
from pbxtui.simulator.bodies import Object
from pbxtui.simulator.faults import Faults
from pbxtui.simulator.telphin.switches import TelphinSwitches


class Paging:
    """``page`` counts from 1 (DOCUMENTED); the default and largest ``per_page`` are UNKNOWN."""

    def __init__(self, switches: TelphinSwitches, faults: Faults) -> None:
        self._switches = switches
        self._faults = faults

    def size(self, params: QueryParams) -> int:
        size = whole(params, "per_page") or self._switches.default_per_page
        return max(1, min(size, self._switches.max_per_page or size))

    def page(self, params: QueryParams, rows: list[Object]) -> list[tuple[int, Object]]:
        """One page, each row with its place in the whole list.

        With the fault ``loop-pages`` the last page comes again and again.
        """
        size, number = self.size(params), max(1, whole(params, "page") or 1)
        pages = max(1, -(-len(rows) // size))
        if number > pages and self._faults.strikes("loop-pages"):
            number = pages
        start = (number - 1) * size
        return list(enumerate(rows))[start : start + size]


def matching(rows: Iterable[Object], params: QueryParams) -> list[Object]:
    """The rows that fit every filter of a query."""
    keys = [key for key in ("id", "name", "type", "status") if key in params]
    filters = {key: set(params.getlist(key)) for key in keys}
    return [row for row in rows if all(str(row[key]) in filters[key] for key in keys)]


def numbers(texts: Iterable[str]) -> set[int]:
    """Those of some texts that are ids."""
    return {int(text) for text in texts if text.isdecimal() and len(text) < 16}


def whole(params: QueryParams, key: str) -> int | None:
    """A parameter as a number; None where it is not given. Raises ``Invalid``."""
    text = params.get(key)
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise Invalid(f"{key} must be a number")
    return int(text)
