"""The door of Telphin's API: tokens, the hourly quota, rights, errors, and slashes that matter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from pbxtui.simulator.actions import Conflict, Invalid, NotFound
from pbxtui.simulator.bodies import Json, Object, dumps
from pbxtui.simulator.office import Office
from pbxtui.simulator.telphin import gateway
from pbxtui.simulator.telphin.gateway import said
from pbxtui.simulator.telphin.limits import HourlyQuota
from pbxtui.simulator.telphin.switches import TelphinSwitches
from pbxtui.simulator.telphin.tokens import Tokens

Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """A request which is answered with an error."""

    def __init__(self, status: int, body: Object) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def answer(value: Json, status: int = 200) -> Response:
    """JSON. Half surrogates, which a hostile text may hold, go out as they are."""
    body = dumps(value).encode("utf-8", "surrogatepass")
    return Response(body, status, media_type="application/json")


class Door:
    def __init__(
        self,
        office: Office,
        tokens: Tokens,
        quota: HourlyQuota,
        switches: TelphinSwitches,
        clock: Callable[[], float],
        client_id: int,
    ) -> None:
        self._office = office
        self._tokens = tokens
        self._quota = quota
        self._switches = switches
        self._clock = clock
        self._clients = ("@me", str(client_id))

    def guarded(self, handler: Handler, *, configures: bool = False) -> Handler:
        """A handler behind the door. ``configures`` says that it needs the level "All"."""

        async def guarded(request: Request) -> Response:
            self._office.advance(self._clock())
            try:
                self._check_token(request)
                if not self._quota.take():
                    raise Refused(429, gateway.RATE_LIMIT)
                self._check_rights(request, configures)
                response = await handler(request)
            except Refused as refused:
                response = answer(refused.body, refused.status)
            except NotFound:
                response = answer(gateway.NOT_FOUND, 404)
            except (Conflict, Invalid) as error:
                response = answer(said(str(error)), self._switches.validation_status)
            if response.status_code != 401:
                response.headers.update(self._quota.headers())
            return response

        return guarded

    def _check_token(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._tokens.accepts(token):
            return
        status = None if self._switches.unauthorised_status == "absent" else "401"
        raise Refused(401, said("Unauthorized", status))

    def _check_rights(self, request: Request, configures: bool) -> None:
        access, writes = self._switches.access, request.method not in ("GET", "HEAD")
        if access == "blocked":
            raise Refused(403, gateway.BLOCKED)
        if access == "denied":
            raise Refused(403, gateway.DENIED)
        if access == "read_only" and writes:
            raise Refused(403, gateway.READ_ONLY)
        if configures and self._switches.app_level == "Call API":
            raise Refused(403, gateway.LEVEL_TOO_LOW)
        client = request.path_params.get("client")
        if client is not None and client not in self._clients:
            raise Refused(404, gateway.CLIENT_NOT_FOUND)

    def elsewhere(self, routes: list[Route]) -> Handler:
        """For whatever is not there: a redirect to a collection without its slash, else 404.

        Collections have a slash at their end and items have none (DOCUMENTED); that a redirect
        mends the former is INFERRED, since clients rely on it.
        """

        async def elsewhere(request: Request) -> Response:
            path = request.url.path
            if not path.endswith("/"):
                scope = {**request.scope, "path": path + "/"}
                if any(route.matches(scope)[0] is not Match.NONE for route in routes):
                    query = f"?{request.url.query}" if request.url.query else ""
                    status = self._switches.redirect_status
                    return Response(status_code=status, headers={"location": f"{path}/{query}"})
            return answer(gateway.NOT_FOUND, 404)

        return elsewhere
