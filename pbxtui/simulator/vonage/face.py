"""Vonage Business Communications, Telephony API v3, over the living office."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pbxtui.simulator.actions import Conflict, Invalid, NotFound
from pbxtui.simulator.bodies import Object, dumps, read_body
from pbxtui.simulator.faults import Faults
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Call, Leg
from pbxtui.simulator.vonage import requests
from pbxtui.simulator.vonage.gateway import BASE, error_body
from pbxtui.simulator.vonage.paging import Paging, time_range
from pbxtui.simulator.vonage.switches import VonageSwitches
from pbxtui.simulator.vonage.tokens import Tokens
from pbxtui.simulator.vonage.wire import Wire

Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """A request which is answered with an error: status, body, headers."""

    def __init__(self, status: int, body: Object, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers


class VonageFace:
    """The eleven operations and the token endpoint."""

    def __init__(
        self,
        office: Office,
        wire: Wire,
        tokens: Tokens,
        switches: VonageSwitches,
        faults: Faults,
        clock: Callable[[], float],
        *,
        access_token: str,
        unclaimed_token: str,
    ) -> None:
        self._office = office
        self._wire = wire
        self._tokens = tokens
        self._switches = switches
        self._faults = faults
        self._clock = clock
        self._access_token = access_token
        self._unclaimed_token = unclaimed_token
        self._paging = Paging(wire, switches, faults)
        self._minute = (-1, 0)
        calls, devices = "/cc/accounts/{account}/calls", "/registration/accounts/{account}/devices"
        call, device = calls + "/{call}", devices + "/{device}"
        legs, leg = call + "/legs", call + "/legs/{leg}"
        api = [
            (calls, "GET", self.list_calls),
            (calls, "POST", self.create_call),
            (call, "GET", self.get_call),
            (call, "PUT", self.update_call),
            (call, "DELETE", self.delete_call),
            (legs, "GET", self.list_legs),
            (leg, "GET", self.get_leg),
            (leg, "PUT", self.update_leg),
            (leg, "DELETE", self.delete_leg),
            (devices, "GET", self.list_devices),
            (device, "GET", self.get_device),
        ]
        routes = [
            Route(BASE + path, self._guarded(handler), methods=[method])
            for path, method, handler in api
        ]
        for path in ("/token", "/t/vbc.prod/oauth2/token"):
            routes.append(Route(path, self.token, methods=["POST"]))
        routes.append(
            Route("/{rest:path}", self.not_published, methods=["GET", "POST", "PUT", "DELETE"])
        )
        self.app = Starlette(routes=routes)

    # --- the door ----------------------------------------------------------------------------

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            try:
                self._office.advance(self._clock())
                self._check_quota()
                unclaimed = self._check_token(request)
                if unclaimed and request.method != "GET":
                    # A token without a user: accepted, and nothing is done (CAPTURED).
                    return Response(status_code=202)
                return await handler(request)
            except Refused as refused:
                return _json(dumps(refused.body), refused.status, refused.headers)
            except NotFound:
                return self._not_found()
            except Conflict as error:
                return _json(dumps({"code": "409", "message": str(error)}), 409)
            except Invalid as error:
                message = f"Invalid request parameters: {error}"
                return _json(dumps({"code": "400", "message": message}), 400)

        return guarded

    def _check_quota(self) -> None:
        quota = self._switches.quota_per_minute
        if quota is None:
            return
        now = self._clock()
        minute, used = self._minute
        if minute != int(now // 60):
            minute, used = int(now // 60), 0
        self._minute = (minute, used + 1)
        if used >= quota:
            headers = {}
            if self._switches.retry_after:
                headers["retry-after"] = str(int((minute + 1) * 60 - now) + 1)
            raise Refused(429, json.loads(error_body("429")), headers)

    def _check_token(self, request: Request) -> bool:
        """Whether the token has no user behind it. Raises Refused for a bad one."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        known = (self._access_token, self._unclaimed_token)
        if scheme.lower() != "bearer" or not (token in known or self._tokens.accepts(token)):
            raise Refused(401, self._unauthorised(token))
        if request.path_params["account"] != self._wire.account_id:
            raise Refused(
                401,
                {
                    "code": 401,
                    "message": "User is not permitted to make a request against this account",
                },
            )
        return token == self._unclaimed_token

    def _unauthorised(self, token: str) -> Object:
        if self._switches.unauthorised == "api":
            return {"code": 401, "message": "Problem with provided token"}
        code, message = (
            ("900901", "Invalid Credentials")
            if token
            else (
                "900902",
                "Missing Credentials",
            )
        )
        description = "Make sure you have provided the correct security credentials"
        if self._switches.unauthorised == "gateway":
            return {"code": code, "message": message, "description": description}
        return {"fault": {"code": int(code), "message": message, "description": description}}

    @staticmethod
    def _not_found() -> Response:
        message = "No matching resource found for given API Request"
        return _json(dumps({"code": "404", "message": message}), 404)

    async def not_published(self, request: Request) -> Response:
        """The gateway's answer for what is not published, /calls/{id}/actions among it."""
        return _json(error_body("404").decode(), 404)

    async def token(self, request: Request) -> Response:
        scheme, _, basic = request.headers.get("authorization", "").partition(" ")
        body = await request.body()
        status, answer = self._tokens.grant(body, basic if scheme.lower() == "basic" else "")
        return _json(json.dumps(answer), status, {"cache-control": "no-store"})

    # --- reads -------------------------------------------------------------------------------

    async def list_calls(self, request: Request) -> Response:
        wire = self._wire
        after, before = time_range(request.query_params)
        extension = request.query_params.get("extension")
        shown = [
            call
            for call in self._office.calls.values()
            if wire.shows(call)
            and after <= call.started <= before
            and (extension is None or _concerns(call, extension))
        ]
        wire.forget_all_but(self._office.calls)
        if not shown and self._switches.empty_list == "404":
            return self._not_found()
        if self._paging.descending(request.query_params):
            shown.reverse()
        path = f"/cc/accounts/{wire.account_id}/calls"
        first = self._switches.first_call_page
        if self._switches.envelope == "array":
            return _json("[" + ",".join(map(wire.call_json, shown)) + "]")
        page, paging = self._paging.page(request.query_params, path, shown, first)
        if self._lists_are_numbers():
            return _json(dumps({"calls": len(page), **paging}))
        calls = ",".join(map(wire.call_json, page))
        return _json(f'{{"calls":[{calls}],{dumps(paging)[1:]}')

    async def get_call(self, request: Request) -> Response:
        return _json(self._wire.call_json(self._call(request)))

    async def list_legs(self, request: Request) -> Response:
        legs = [leg for leg in self._call(request).legs if self._wire.shows(leg)]
        return _json(dumps([self._wire.leg(leg) for leg in legs]))

    async def get_leg(self, request: Request) -> Response:
        return _json(dumps(self._wire.leg(self._leg(request))))

    async def list_devices(self, request: Request) -> Response:
        after, before = time_range(request.query_params)
        now = self._office.now
        shown = [
            device
            for device in self._office.macs.values()
            if after <= device.last_success(now) <= before
        ]
        if self._paging.descending(request.query_params):
            shown.reverse()
        path = f"/registration/accounts/{self._wire.account_id}/devices"
        page, paging = self._paging.page(
            request.query_params, path, shown, self._switches.first_device_page
        )
        devices = [
            self._wire.spoiled(self._wire.device(device, now), device.serial) for device in page
        ]
        if self._lists_are_numbers():
            return _json(dumps({"devices": len(devices), **paging}))
        return _json(dumps({"devices": list(devices), **paging}))

    async def get_device(self, request: Request) -> Response:
        device = self._office.macs.get(request.path_params["device"].upper())
        if device is None:
            raise NotFound("no such device")
        return _json(dumps(self._wire.device(device, self._office.now)))

    def _lists_are_numbers(self) -> bool:
        fault = self._faults.strikes("wrong-types")
        return fault is not None and fault.options.get("where", "list") == "list"

    def _call(self, request: Request) -> Call:
        call = self._office.calls.get(request.path_params["call"])
        if call is None or not self._wire.shows(call):
            raise NotFound("no such call")
        return call

    def _leg(self, request: Request) -> Leg:
        wanted = request.path_params["leg"]
        for leg in self._call(request).legs:
            if leg.id == wanted and self._wire.shows(leg):
                return leg
        raise NotFound("no such leg")

    # --- actions -----------------------------------------------------------------------------

    async def create_call(self, request: Request) -> Response:
        call = requests.dial(self._office, read_body(await request.body()))
        if self._switches.post_answer == "empty":
            return Response(status_code=202, media_type="text/plain")
        if self._switches.post_answer == "uuid":
            return Response(call.id, media_type="text/plain")
        if self._switches.post_answer == "quoted":
            return _json(dumps(call.id))
        return _json(dumps({"call_id": call.id}))

    async def update_call(self, request: Request) -> Response:
        call = self._call(request)
        body = read_body(await request.body())
        state, destination = requests.change_call(self._office, call, body)
        return self._modified(call, state, destination)

    async def delete_call(self, request: Request) -> Response:
        call = self._office.hangup_call(request.path_params["call"])
        return self._modified(call, "disconnected", call.callee.number)

    async def update_leg(self, request: Request) -> Response:
        leg = self._leg(request)
        call = leg.call
        body = read_body(await request.body())
        state, destination = requests.change_leg(self._office, leg, body, self._switches)
        return self._modified(call, state, destination, leg)

    async def delete_leg(self, request: Request) -> Response:
        self._office.hangup_leg(self._leg(request).id)
        return Response(status_code=204)

    def _modified(
        self, call: Call, state: str, destination: str, leg: Leg | None = None
    ) -> Response:
        """ModifyCallResponse, ModifyLegResponse. The values of call_state are UNKNOWN."""
        body: Object = {
            "account_id": self._wire.account,
            "call_id": call.id,
            "call_state": state,
            "destination": self._wire.number(destination),
        }
        if leg is not None:
            body["leg_id"] = leg.id
        return _json(dumps(body))


def _json(text: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        text.encode("utf-8", "surrogatepass"), status, headers, media_type="application/json"
    )


def _concerns(call: Call, extension: str) -> bool:
    return any(leg.extension is not None and leg.extension.number == extension for leg in call.legs)
