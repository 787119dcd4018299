"""The active calls as Telphin lists them: one row for each leg that a phone of the client has.

Shape and formats are CAPTURED. Who waits in a queue has no row, nor has an outside line; whether
a leg is held does not show.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from pbxtui.simulator.bodies import Json, Object
from pbxtui.simulator.office import Office
from pbxtui.simulator.people import Party
from pbxtui.simulator.telphin.names import Names, hex32
from pbxtui.simulator.telphin.switches import TelphinSwitches
from pbxtui.simulator.things import Call, Direction, Extension, Leg, LegState, Queue


class Rows:
    """The rows of ``current_calls``: one for each leg of a phone (CAPTURED)."""

    def __init__(self, office: Office, names: Names, switches: TelphinSwitches) -> None:
        self._office = office
        self._names = names
        self._switches = switches
        self.callbacks: dict[str, str] = {}
        """The id that a callback answered with, by the office's id of the call."""

    # --- which ones --------------------------------------------------------------------------

    def legs(self, extension: Extension | None = None) -> Iterator[Leg]:
        """The legs that have a row, in the order in which their calls began."""
        for call in self._office.calls.values():
            if call.alive:
                for leg in call.legs:
                    own = leg.alive and leg.extension is not None
                    if own and (extension is None or leg.extension is extension):
                        yield leg

    def find(self, extension: Extension, call_api_id: str) -> Leg | None:
        for leg in extension.legs:
            if self._names.call_api_id(leg) == call_api_id:
                return leg
        return None

    def forget_callbacks(self) -> None:
        """Let go of callbacks whose calls are gone."""
        gone = self.callbacks.keys() - self._office.calls.keys()
        for id in gone:
            del self.callbacks[id]

    # --- one row -----------------------------------------------------------------------------

    def time(self, when: float) -> str | None:
        """A time as Telphin writes it: GMT, with hundredths after a comma (CAPTURED); 0 is none."""
        if not when:
            return None
        hundredths = round(when * 100)
        moment = datetime.fromtimestamp(hundredths // 100, UTC)
        text = moment.strftime("%Y-%m-%d %H:%M:%S")
        sign = self._switches.fraction
        return text if sign == "none" else f"{text}{sign}{hundredths % 100:02d}"

    def row(self, leg: Leg) -> Object:
        switches, names, call = self._switches, self._names, leg.call
        own = leg.extension
        assert own is not None
        phoning = self._phones(leg)
        other = call.callee if phoning else self._far(leg)
        caller, called = (own.party, other) if phoning else (other, own.party)
        inbound = not phoning and call.direction is Direction.INBOUND
        flow = "OUT" if phoning else "IN"
        if phoning and leg.party == call.caller and leg.direction is Direction.OUTBOUND:
            flow = switches.callback_flow
        row: Object = {
            "extension_id": names.extension_id(own),
            "call_flow": flow if switches.flow_case == "upper" else flow.lower(),
            "call_api_id": names.call_api_id(leg),
            "init_time_gmt": self.time(leg.started),
            "answer_time_gmt": self.time(leg.answered),
            "caller_id_number": names.shown(caller),
            "caller_id_name": caller.name or names.shown(caller),
            "called_number": names.shown(called),
            "called_did": call.did.removeprefix("+") if inbound and call.did else None,
            "callback_id": self._callback_id(call),
            "record_uuid": names.leg_id(leg) if leg.recording else None,
        }
        if switches.real_call:
            row["real_call"] = True
        if switches.call_ids:
            row["call_id"] = names.call_id(call)
            row["subcall_id"] = names.leg_id(leg)
        self._put_extension(row, "caller_extension", own if phoning else self._caller(leg, other))
        self._put_extension(row, "called_extension", self._at(other) if phoning else own)
        return row

    @staticmethod
    def _phones(leg: Leg) -> bool:
        """Whether the phone is the calling side; so it is on a callback's first side too."""
        return leg.direction is Direction.INBOUND or leg.party == leg.call.caller

    @staticmethod
    def _far(leg: Leg) -> Party:
        """Who is at the other end: the outside line if there is one, else another phone."""

        def nearness(other: Leg) -> int:
            rung = other.direction is Direction.OUTBOUND and other.state is LegState.RINGING
            return 0 if other.device is None else 2 if rung else 1

        others = [other for other in leg.call.legs if other is not leg and other.alive]
        far = min(others, key=nearness, default=None)
        return leg.call.caller if far is None else far.party

    def _caller(self, leg: Leg, other: Party) -> Extension | Queue | None:
        """The extension on the calling side: the queue, where a queue rings this phone."""
        agent = leg.extension.agent if leg.extension is not None else None
        if leg.call.queue is not None and agent is not None and agent.call is leg.call:
            return leg.call.queue
        return self._at(other)

    def _at(self, party: Party) -> Extension | Queue | None:
        office, number = self._office, party.number
        return office.extensions.get(number) or office.queue_numbers.get(number)

    def _put_extension(self, row: Object, key: str, whom: Extension | Queue | None) -> None:
        if isinstance(whom, Extension):
            row[key] = self._names.phone_object(whom)
        elif isinstance(whom, Queue):
            row[key] = self._names.queue_object(whom)
        elif self._switches.no_extension != "missing":
            empty: dict[str, Json] = {"null": None, "empty": {}, "list": []}
            row[key] = empty[self._switches.no_extension]

    def _callback_id(self, call: Call) -> str | None:
        id = self.callbacks.get(call.id)
        if id is None or self._switches.callback_id == "absent":
            return None
        return id if self._switches.callback_id == "same" else hex32(call.id)[::-1]
