"""Histories, and the lists of HTTP events: what is not about this moment."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from pbxtui.simulator.bodies import Json, read_body
from pbxtui.simulator.telphin import gateway
from pbxtui.simulator.telphin.door import Handler, Refused, answer
from pbxtui.simulator.telphin.events import Events
from pbxtui.simulator.telphin.history import History
from pbxtui.simulator.telphin.paging import Paging, whole
from pbxtui.simulator.telphin.switches import TelphinSwitches


class Reports:
    """What is asked of calls that are over, and of the addresses that hear of calls."""

    def __init__(self, history: History, paging: Paging, switches: TelphinSwitches) -> None:
        self._history = history
        self._paging = paging
        self._switches = switches
        self._events = Events()

    def _check(self) -> None:
        if self._switches.stats_busy:
            raise Refused(429, gateway.STATS_BUSY)

    async def histories(self, request: Request) -> Response:
        """An object with the paging's echo around the list (CAPTURED)."""
        self._check()
        params = request.query_params
        order = params.get("order", "desc")
        found = self._history.all(
            descending=order != "asc",
            after=params.get("start_datetime", ""),
            before=params.get("end_datetime", "9999"),
        )
        page: list[Json] = [row for _, row in self._paging.page(params, found)]
        return answer(
            {
                "page": max(1, whole(params, "page") or 1),
                "per_page": self._paging.size(params),
                "order": order,
                "call_history": page,
            }
        )

    async def history(self, request: Request) -> Response:
        return answer(self._history.one(request.path_params["uuid"]))

    async def stats(self, request: Request) -> Response:
        self._check()
        return answer({"total": len(self._history.all(descending=False, after="", before="9999"))})

    def events_of(self, owner_of: Callable[[Request], str], types: tuple[str, ...]) -> Handler:
        """The events of an owner: GET, POST and DELETE. ``owner_of`` raises for a stranger."""

        async def events(request: Request) -> Response:
            owner = owner_of(request)
            if request.method == "POST":
                body = read_body(await request.body())
                return answer(self._events.add(owner, body, types), 201)
            if request.method == "DELETE":
                self._events.clear(owner)
                return Response(status_code=204)
            return answer(list(self._events.all(owner)))

        return events

    def event_of(self, owner_of: Callable[[Request], str]) -> Handler:
        """One event: GET and DELETE."""

        async def event(request: Request) -> Response:
            owner, id = owner_of(request), request.path_params["event"]
            if request.method == "DELETE":
                self._events.remove(owner, id)
                return Response(status_code=204)
            return answer(self._events.one(owner, id))

        return event
