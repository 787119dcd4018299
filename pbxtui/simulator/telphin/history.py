"""Calls that are over, as Telphin's history has them (key names and time formats CAPTURED)."""

from __future__ import annotations

from datetime import UTC, datetime

from pbxtui.simulator.actions import NotFound
from pbxtui.simulator.bodies import Object
from pbxtui.simulator.office import Office
from pbxtui.simulator.telphin.names import DOMAIN, Names, hex32
from pbxtui.simulator.things import Call, Direction, Leg, LegState, Reason

KEPT = 2000
_SWEEP = 1.0
_RESULTS = {
    Reason.BUSY: "busy",
    Reason.FAILED: "failed",
    Reason.NO_ANSWER: "not answered",
    Reason.ABANDONED: "not answered",
}


class History:
    """Looks at the office every second, so that no call that ended is missed."""

    def __init__(self, office: Office, names: Names) -> None:
        self._office = office
        self._names = names
        self._ended: dict[str, Object] = {}
        office.after(_SWEEP, self._sweep)

    def _sweep(self) -> None:
        for call in self._office.calls.values():
            if call.state is LegState.ENDED:
                uuid = hex32(call.id).upper()
                if uuid not in self._ended:
                    self._ended[uuid] = self._record(call, uuid)
        while len(self._ended) > KEPT:
            del self._ended[next(iter(self._ended))]
        self._office.after(_SWEEP, self._sweep)

    def one(self, uuid: str) -> Object:
        """By upper or lower case. Raises NotFound."""
        found = self._ended.get(uuid.upper())
        if found is None:
            raise NotFound(f"no call {uuid}")
        return found

    def all(self, *, descending: bool, after: str, before: str) -> list[Object]:
        """Those that began between two times, written as Telphin writes them."""
        found = [
            record
            for record in self._ended.values()
            if after <= str(record["init_time_gmt"]) <= before
        ]
        return found[::-1] if descending else found

    def _record(self, call: Call, uuid: str) -> Object:
        own = next((leg for leg in reversed(call.legs) if leg.extension is not None), None)
        names = self._names
        flow = "out" if call.direction is Direction.OUTBOUND else "in"
        result = "bridged" if call.answered else _RESULTS.get(call.reason, "not answered")
        ext = own.extension if own is not None else None
        return {
            "call_uuid": uuid,
            "flow": flow,
            "result": result,
            "duration": round(call.ended - call.started),
            "from_username": names.shown(call.caller).removeprefix("+"),
            "from_domain": DOMAIN,
            "from_screen_name": call.caller.name,
            "to_username": names.shown(call.callee).removeprefix("+"),
            "to_domain": DOMAIN,
            "did_number": call.did.removeprefix("+") or None,
            "extension_id": names.extension_id(ext) if ext is not None else None,
            "extension_name": names.full(ext.number) if ext is not None else None,
            "extension_type": "phone" if ext is not None else None,
            "init_time_gmt": _time(call.started),
            "start_time_gmt": _time(call.started),
            "bridged_time_gmt": _time(call.answered) if call.answered else None,
            "hangup_time_gmt": _time(call.ended),
            "bridged_duration": round(call.ended - call.answered) if call.answered else 0,
            "bridged_username": names.shown(call.callee) if call.answered else None,
            "hangup_cause": "NORMAL_CLEARING" if call.answered else "NO_ANSWER",
            "hangup_disposition": "caller_bye" if call.answered else "caller_cancel",
            "cdr": [self._part(leg, flow) for leg in call.legs],
        }

    def _part(self, leg: Leg, flow: str) -> Object:
        return {
            "init_time_gmt": _time(leg.started, hundredths=True),
            "record_uuid": self._names.leg_id(leg) if leg.recording else None,
            "flow": flow,
            "result": "answered" if leg.answered else "not answered",
            "dest_number": self._names.shown(leg.party),
        }


def _time(when: float, *, hundredths: bool = False) -> str:
    """History has whole seconds, and a point and hundredths in its parts (CAPTURED)."""
    moment = datetime.fromtimestamp(round(when * 100) / 100, UTC)
    text = moment.strftime("%Y-%m-%d %H:%M:%S")
    return f"{text}.{moment.microsecond // 10_000:02d}" if hundredths else text
