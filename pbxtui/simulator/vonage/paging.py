"""Vonage's lists in pages: which ones, in which order, and where the next one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from pbxtui.simulator.actions import Invalid
from pbxtui.simulator.bodies import Object
from pbxtui.simulator.faults import Faults
from pbxtui.simulator.vonage.gateway import BASE
from pbxtui.simulator.vonage.switches import VonageSwitches
from pbxtui.simulator.vonage.wire import Wire

_Item = TypeVar("_Item")


class Paging:
    def __init__(self, wire: Wire, switches: VonageSwitches, faults: Faults) -> None:
        self._wire = wire
        self._switches = switches
        self._faults = faults

    def descending(self, params: Mapping[str, str]) -> bool:
        order = params.get("order", self._switches.default_order)
        if order not in ("asc", "desc"):
            raise Invalid("order must be one of asc, desc")
        return order == "desc"

    def page(
        self, params: Mapping[str, str], path: str, items: Sequence[_Item], first: int
    ) -> tuple[Sequence[_Item], Object]:
        """One page of a list, and the paging fields that go with it.

        The uris are relative to the API's base and without it (DOCUMENTED). No parameter for
        the page's number is documented; `page` is what two clients send (UNKNOWN).
        """
        size = whole(params.get("page_size"), "page_size") or self._switches.default_page_size
        size = max(1, min(size, self._switches.max_page_size or size))
        number = max(0, (whole(params.get("page"), "page") or first) - first)
        pages = max(1, -(-len(items) // size))
        scalar = self._wire.scalar
        order = "desc" if self.descending(params) else "asc"
        kept = {
            key: params[key] for key in ("extension", "start_time", "end_time") if key in params
        }

        def uri(index: int) -> str:
            query = {"page_size": size, "order": order, **kept, "page": index + first}
            return f"{path}?{urlencode(query)}"

        paging: Object = {"current_page": scalar(number + first), "first_page_uri": uri(0)}
        last = self._switches.next_page
        if number + 1 < pages:
            paging["next_page"], paging["next_page_uri"] = (
                scalar(number + 1 + first),
                uri(number + 1),
            )
        elif self._faults.strikes("loop-pages") or last == "repeated":
            paging["next_page"], paging["next_page_uri"] = scalar(number + first), uri(number)
        elif last != "absent":
            nothing = "" if last == "empty" else None
            paging["next_page"], paging["next_page_uri"] = nothing, nothing
        paging["order"] = order
        paging["page_size"] = scalar(size)
        paging["pages"] = scalar(pages)
        if number > 0:
            paging["previous_page_uri"] = uri(number - 1)
        elif last == "repeated":
            paging["previous_page_uri"] = uri(number)
        elif last != "absent":
            paging["previous_page_uri"] = "" if last == "empty" else None
        foreign = self._faults.strikes("foreign-page")
        if foreign is not None:
            host = foreign.options.get("host", "http://pbx.example.org")
            paging["next_page"] = scalar(number + 1 + first)
            paging["next_page_uri"] = f"{host}{BASE}{uri(number + 1)}"
        return items[number * size : (number + 1) * size], paging


def time_range(params: Mapping[str, str]) -> tuple[float, float]:
    """start_time and end_time: epoch seconds."""
    try:
        after = float(int(params.get("start_time", "0")))
        before = float(int(params.get("end_time", "99999999999")))
    except ValueError:
        raise Invalid("start_time and end_time must be epoch seconds") from None
    return after, before


def whole(text: str | None, what: str) -> int | None:
    """A parameter as a number; None where it is not given. Raises ``Invalid``."""
    if text is None:
        return None
    if not text.isdecimal():
        raise Invalid(f"{what} must be a number")
    return int(text)
