"""Telphin's RingMe API over the living office."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pbxtui.simulator.actions import Invalid, NotFound
from pbxtui.simulator.bodies import Json, Object, read_body
from pbxtui.simulator.faults import Faults
from pbxtui.simulator.office import Office
from pbxtui.simulator.telphin.calls import Rows
from pbxtui.simulator.telphin.control import Control
from pbxtui.simulator.telphin.door import Door, Handler, answer
from pbxtui.simulator.telphin.events import AGENT_TYPES, CALL_TYPES, CLIENT_TYPES
from pbxtui.simulator.telphin.gateway import BASE
from pbxtui.simulator.telphin.history import History
from pbxtui.simulator.telphin.names import Names, hex32
from pbxtui.simulator.telphin.paging import Paging, matching, numbers
from pbxtui.simulator.telphin.reports import Reports
from pbxtui.simulator.telphin.spoiling import lists_are_numbers, spoiled
from pbxtui.simulator.telphin.switches import TelphinSwitches
from pbxtui.simulator.telphin.things import RemoteAgent, Things
from pbxtui.simulator.telphin.tokens import Tokens
from pbxtui.simulator.things import Agent, Extension, Leg

COMES_BACK = 30.0
"""Seconds until a phone whose registration was deleted registers again."""


class TelphinFace:
    def __init__(
        self,
        office: Office,
        names: Names,
        tokens: Tokens,
        door: Door,
        switches: TelphinSwitches,
        faults: Faults,
    ) -> None:
        self._office = office
        self._names = names
        self._tokens = tokens
        self._switches = switches
        self._faults = faults
        self._rows = Rows(office, names, switches)
        self._things = Things(office, names, switches)
        self._paging = Paging(switches, faults)
        self.control = Control(office, names, switches)
        reports = Reports(History(office, names), self._paging, switches)
        routes = self._routes(door, reports)
        elsewhere = door.guarded(door.elsewhere(routes))
        routes.append(Route("/oauth/token", self.token, methods=["POST"]))
        methods = ["GET", "POST", "PUT", "DELETE"]
        routes.append(Route("/{rest:path}", elsewhere, methods=methods))
        self.app = Starlette(routes=routes)
        self.app.router.redirect_slashes = False

    def _routes(self, door: Door, reports: Reports) -> list[Route]:
        client, extension = "/client/{client}", "/extension/{extension}"
        call = extension + "/current_calls/{call}"
        queue, phone = extension + "/queue/", extension + "/phone/"
        agents, agent = client + "/agent/{side}/", client + "/agent/{side}/{agent}"
        registration = extension + "/registration/{registration}"
        reads: list[tuple[str, Handler]] = [
            ("/user/", self.user),
            (client + "/current_calls/", self.client_calls),
            (extension + "/current_calls/", self.extension_calls),
            ("/extension/registration/", self.registrations),
            ("/extension/alive/", self.alive),
            ("/extension/call_property/", self.call_properties),
            (extension + "/registration/", self.registration),
            (phone, self.phone),
            (queue, self.queue),
            (queue + "status/", self.queue_status),
            (agents, self.agents),
            (agent, self.agent),
            (client + "/extension/", self.extensions),
            (client + "/extension/call_status/", self.call_statuses),
            (client + "/extension/{extension}", self.extension),
            (client + "/did/", self.dids),
            (client + "/limit/", self.limits),
            (client + "/extension_group/", self.nothing),
            (client + "/call_history/", reports.histories),
            (client + "/call_history/{uuid}", reports.history),
            (client + "/calls/stats/", reports.stats),
        ]
        writes: list[tuple[str, str, Handler, bool]] = [
            (call, "PUT", self.change_call, False),
            (call, "DELETE", self.hang_up, False),
            (extension + "/callback/", "POST", self.call_back, False),
            (phone, "PUT", self.change_phone, True),
            (client + "/extension/{extension}", "PUT", self.change_extension, True),
            (registration, "DELETE", self.unregister, True),
            (agent, "PUT", self.change_agent, True),
        ]
        guarded = door.guarded
        routes = [Route(BASE + path, guarded(handler), methods=["GET"]) for path, handler in reads]
        for path, method, handler, configures in writes:
            endpoint = guarded(handler, configures=configures)
            routes.append(Route(BASE + path, endpoint, methods=[method]))
        for path, item, owner_of, types in (
            (client + "/phone_events/", client + "/phone_event/", self._of_client, CLIENT_TYPES),
            (extension + "/event/", extension + "/event/", self._of_extension, CALL_TYPES),
            (agent + "/event/", agent + "/event/", self._of_agent, AGENT_TYPES),
        ):
            whole = guarded(reports.events_of(owner_of, types))
            routes.append(Route(BASE + path, whole, methods=["GET", "POST", "DELETE"]))
            one = guarded(reports.event_of(owner_of))
            routes.append(Route(BASE + item + "{event}", one, methods=["GET", "DELETE"]))
        return routes

    async def token(self, request: Request) -> Response:
        status, body = self._tokens.grant(await request.body(), request.url.query)
        return answer(body, status)

    async def user(self, request: Request) -> Response:
        """Who am I (DOCUMENTED, with example)."""
        return answer(
            {
                "id": 123,
                "login": "simulated",
                "client_id": self._names.client_id,
                "extension_id": None,
                "extension_group_id": None,
                "dealer_id": None,
                "admin": False,
                "access": "read_only" if self._switches.access == "read_only" else "full",
                "timezone": "Europe/Moscow",
                "extra_params": None,
            }
        )

    # --- calls -------------------------------------------------------------------------------

    async def client_calls(self, request: Request) -> Response:
        return self._call_list(None)

    async def extension_calls(self, request: Request) -> Response:
        return self._call_list(self._extension(request))

    def _call_list(self, extension: Extension | None) -> Response:
        self._rows.forget_callbacks()
        rows = [
            spoiled(self._faults, self._rows.row(leg), leg.serial)
            for leg in self._rows.legs(extension)
        ]
        if not rows and self._switches.empty_call_list != "list":
            empty: Object = {"call_list": None}
            return answer(empty if self._switches.empty_call_list == "null" else {})
        return answer({"call_list": self._list(rows)})

    def _list(self, rows: list[Object]) -> Json:
        return len(rows) if lists_are_numbers(self._faults) else list(rows)

    def _leg(self, request: Request) -> Leg:
        leg = self._rows.find(self._extension(request), request.path_params["call"])
        if leg is None:
            raise NotFound("no such call")
        return leg

    def _extension(self, request: Request) -> Extension:
        return self._names.extension(request.path_params["extension"])

    async def change_call(self, request: Request) -> Response:
        leg = self._leg(request)
        body = read_body(await request.body())
        self.control.carry_out(leg, body)
        form = self._switches.put_answer
        return (
            answer(body) if form == "json" else Response(status_code=204 if form == "204" else 200)
        )

    async def hang_up(self, request: Request) -> Response:
        leg = self._leg(request)
        if not self.control.completes(leg):
            self.control.hang_up(leg)
        return Response(status_code=204)

    async def call_back(self, request: Request) -> Response:
        call = self.control.call_back(self._extension(request), read_body(await request.body()))
        id = self._rows.callbacks[call.id] = hex32(call.id)
        return answer({"call_id": id, "call_api_id": id}, self._switches.callback_status)

    # --- phones ------------------------------------------------------------------------------

    async def registration(self, request: Request) -> Response:
        ext = self._extension(request)
        return answer(spoiled(self._faults, self._things.registration(ext), ext.serial))

    async def registrations(self, request: Request) -> Response:
        """In bulk: the form of the whole is INFERRED. An id that is no phone's is left out."""
        wanted = request.query_params.getlist("extension_id")
        found = {id: self._names.extensions[id] for id in numbers(wanted) & self._phones()}
        rows = [
            spoiled(self._faults, self._things.registration(ext), ext.serial)
            for _, ext in sorted(found.items())
        ]
        if self._switches.bulk == "object":
            return answer({str(id): row for id, row in zip(sorted(found), rows, strict=True)})
        if self._switches.bulk == "single" and len(rows) == 1:
            return answer(rows[0])
        return answer(self._list(rows))

    def _phones(self) -> set[int]:
        return set(self._names.extensions)

    async def alive(self, request: Request) -> Response:
        wanted = numbers(request.query_params.getlist("extension_id")) or self._phones()
        shown = sorted(wanted & self._phones())
        online = [id for id in shown if self._names.extensions[id].reachable]
        return answer([{"extension_id": id} for id in online])

    async def unregister(self, request: Request) -> Response:
        """Deleting one is DOCUMENTED as possible; its path is INFERRED."""
        wanted = request.path_params["registration"]
        for device in self._extension(request).devices:
            if device.online and self._names.registration_id(device) == wanted:
                self._office.set_online(device, False)
                self._office.after(COMES_BACK, self._office.set_online, device, True)
                return Response(status_code=204)
        raise NotFound("no such registration")

    async def phone(self, request: Request) -> Response:
        return answer(self._things.phone(self._extension(request)))

    async def change_phone(self, request: Request) -> Response:
        ext = self._extension(request)
        self._things.change_phone(ext, read_body(await request.body()))
        return answer(self._things.phone(ext))

    # --- extensions, numbers, limits ---------------------------------------------------------

    async def extensions(self, request: Request) -> Response:
        shown = matching(self._things.extensions(), request.query_params)
        page = self._paging.page(request.query_params, shown)
        return answer(self._list([spoiled(self._faults, row, n) for n, row in page]))

    async def extension(self, request: Request) -> Response:
        queue = self._names.queues.get(next(iter(numbers([request.path_params["extension"]])), 0))
        if queue is not None:
            return answer(self._things.queue_extension(queue))
        return answer(self._things.extension(self._extension(request)))

    async def change_extension(self, request: Request) -> Response:
        ext = self._extension(request)
        self._things.change_status(ext, read_body(await request.body()))
        return answer(self._things.extension(ext))

    async def call_statuses(self, request: Request) -> Response:
        """The modes of a phone that the client has defined. Which one is on is not told here."""
        status: Object = {
            "id": 31,
            "name": "Do not disturb",
            "property_list": ["ri", "qri"],
            "create_dt": "2024-02-01 09:00:00",
            "dealer_id": None,
            "extra_params": None,
        }
        return answer([status])

    async def call_properties(self, request: Request) -> Response:
        return answer(["all", "cq", "li", "lo", "qli", "qri", "ri", "ro"])

    async def dids(self, request: Request) -> Response:
        page = self._paging.page(request.query_params, self._things.dids())
        return answer(self._list([row for _, row in page]))

    async def limits(self, request: Request) -> Response:
        return answer(self._things.limits())

    async def nothing(self, request: Request) -> Response:
        return answer([])

    # --- queues and agents -------------------------------------------------------------------

    async def queue(self, request: Request) -> Response:
        queue = self._names.queue(request.path_params["extension"])
        return answer(spoiled(self._faults, self._things.queue(queue), queue.id))

    async def queue_status(self, request: Request) -> Response:
        if not self._switches.queue_status_invented:
            raise NotFound("no such resource")
        return answer(
            self._things.invented_status(self._names.queue(request.path_params["extension"]))
        )

    async def agents(self, request: Request) -> Response:
        if request.path_params["side"] == "remote":
            return answer(self._list([self._things.remote_agent(a) for a in self._things.remote]))
        if request.path_params["side"] != "local":
            raise NotFound("no such resource")
        wanted = numbers(request.query_params.getlist("extension_id"))
        rows = [
            spoiled(self._faults, self._things.local_agent(agent), agent.id)
            for agent in self._office.building.agents
            if not wanted or self._names.extension_id(agent.extension) in wanted
        ]
        return answer(self._list(rows))

    def _agent(self, request: Request) -> Agent | RemoteAgent:
        agents: dict[str, list[Agent] | list[RemoteAgent]] = {
            "local": self._office.building.agents,
            "remote": self._things.remote,
        }
        for agent in agents.get(request.path_params["side"], ()):
            if str(agent.id) == request.path_params["agent"]:
                return agent
        raise NotFound("no such agent")

    def _shown(self, agent: Agent | RemoteAgent) -> Object:
        if isinstance(agent, RemoteAgent):
            return self._things.remote_agent(agent)
        return self._things.local_agent(agent)

    async def agent(self, request: Request) -> Response:
        return answer(self._shown(self._agent(request)))

    async def change_agent(self, request: Request) -> Response:
        agent = self._agent(request)
        status = read_body(await request.body()).get("status")
        if status not in ("available", "logged_out"):
            raise Invalid("status is one of logged_out, available")
        if isinstance(agent, RemoteAgent):
            agent.status = str(status)
        elif agent.logged_in is not (status == "available"):
            self._office.set_logged_in(agent, status == "available")
        return answer(self._shown(agent))

    # --- whose events ------------------------------------------------------------------------

    def _of_client(self, request: Request) -> str:
        return "client"

    def _of_extension(self, request: Request) -> str:
        return f"extension {self._names.extension_id(self._extension(request))}"

    def _of_agent(self, request: Request) -> str:
        return f"{request.path_params['side']} {self._agent(request).id}"
