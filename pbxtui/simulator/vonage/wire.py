"""Calls, legs and devices as Vonage writes them, in both profiles.

`live` is what one production poller saw (CAPTURED: leg_map, from_number, microseconds as
strings, "0" for not set, initializing and disconnected); `documented` is the published
specification. Dictionaries are built by hand, and each call's JSON is kept until it changes.
"""

from __future__ import annotations

from pbxtui.simulator import bodies
from pbxtui.simulator.bodies import Json, Object, dumps
from pbxtui.simulator.faults import Faults
from pbxtui.simulator.people import Party
from pbxtui.simulator.things import Call, Device, Direction, Leg, LegState, Reason
from pbxtui.simulator.vonage.switches import Profile, VonageSwitches

_LIVE_LEG = {
    LegState.SETUP: "initializing",
    LegState.RINGING: "ringing",
    LegState.TALKING: "on-call",
    LegState.HELD: "on-call",
    LegState.PARKED: "on-call",
    LegState.QUEUED: "on-call",
    LegState.ENDED: "disconnected",
}
_LIVE_CALL = {**_LIVE_LEG, LegState.QUEUED: "ringing"}
_ENDED = {
    Reason.BUSY: "busy",
    Reason.FAILED: "failed",
    Reason.NO_ANSWER: "unanswered",
    Reason.ABANDONED: "unanswered",
    Reason.ELSEWHERE: "unanswered",
}


class Wire:
    """Writes calls, legs and phones as Vonage does, as it was seen to or as it says it does."""

    def __init__(
        self, account_id: str, profile: Profile, switches: VonageSwitches, faults: Faults
    ) -> None:
        self.account_id = account_id
        self.live = profile == "live"
        self.switches = switches
        self.strings = (switches.numbers or ("strings" if self.live else "ints")) == "strings"
        self._unset = switches.unset or ("zero" if self.live else "absent")
        self._faults = faults
        self._kept: dict[str, tuple[int, str]] = {}

    # --- scalars -----------------------------------------------------------------------------

    def scalar(self, value: int) -> Json:
        """A number as this profile writes it: a string (CAPTURED) or a number (DOCUMENTED)."""
        return str(value) if self.strings else value

    @property
    def account(self) -> Json:
        return self.account_id if self.strings else int(self.account_id)

    def number(self, number: str) -> str:
        return number if self.switches.plus else number.removeprefix("+")

    def _documented_number(self, number: str) -> Json:
        digits = self.number(number)
        return digits if self.strings or not digits.isdecimal() else int(digits)

    def _put_time(self, into: Object, key: str, when: float) -> None:
        if when:
            into[key] = self.scalar(int(when * 1_000_000) if self.live else int(when))
        elif self._unset == "zero":
            into[key] = self.scalar(0)
        elif self._unset == "null":
            into[key] = None

    # --- legs and calls ----------------------------------------------------------------------

    def shows(self, item: Call | Leg) -> bool:
        """Whether it is on the wire. The documented profile drops what ended normally at once."""
        if item.state is LegState.ENDED:
            return self.live or item.reason in _ENDED
        return item.state is not LegState.PARKED or self.switches.parked_listed

    def _ends(self, leg: Leg) -> tuple[Party, Party]:
        call = leg.call
        if leg.direction is Direction.INBOUND:
            to = call.callee
            if leg.device is None and call.did:
                repeated = self.switches.repeats_customer
                again = repeated and leg.serial % repeated == 0
                to = Party(leg.party.number if again else call.did, to.name)
            return leg.party, to
        caller = call.caller
        if leg.party == caller:
            # Click to dial: the caller's own phone is rung first.
            return caller, call.callee
        if leg.device is None and call.did and call.direction is Direction.OUTBOUND:
            caller = Party(call.did, caller.name)
        return caller, leg.party

    def leg(self, leg: Leg) -> Object:
        source, target = self._ends(leg)
        if not self.live:
            written: Object = {
                "account_id": self.account,
                "call_id": leg.call.id,
                "direction": leg.direction.value,
            }
            self._put_time(written, "end_time", leg.ended)
            written["from"] = self._documented_number(source.number)
            written["leg_id"] = leg.id
            self._put_time(written, "start_time", leg.started)
            written["status"] = self._documented_status(leg.state, leg.reason)
            written["to"] = self._documented_number(target.number)
            return written
        written = {
            "leg_id": leg.id,
            "call_id": leg.call.id,
            "device_id": leg.device.id if leg.device is not None else "pstn",
            "direction": leg.direction.value,
            "extension": self.number(leg.party.number),
            "from_name": source.name,
            "from_number": self.number(source.number),
            "to_name": target.name,
            "to_number": self.number(target.number),
            "status": _LIVE_LEG[leg.state],
        }
        self._put_time(written, "start_time", leg.started)
        self._put_time(written, "answer_time", leg.answered)
        self._put_time(written, "end_time", leg.ended)
        return written

    @staticmethod
    def _documented_status(state: LegState, reason: Reason) -> str:
        if state is LegState.ENDED:
            return _ENDED.get(reason, "unanswered")
        return "ringing" if state in (LegState.SETUP, LegState.RINGING) else "on-call"

    def _direction(self, call: Call) -> str:
        if call.direction is Direction.INTERNAL:
            return self.switches.internal_direction
        return call.direction.value

    def call(self, call: Call) -> Object:
        legs = [leg for leg in call.legs if self.shows(leg)]
        if not self.live:
            written: Object = {
                "account_id": self.account,
                "call_id": call.id,
                "direction": self._direction(call),
            }
            self._put_time(written, "end_time", call.ended)
            written["from"] = self._documented_number(call.caller.number)
            written["legs"] = [self.leg(leg) for leg in legs]
            self._put_time(written, "start_time", call.started)
            written["status"] = self._documented_status(call.state, call.reason)
            written["to"] = self._documented_number(call.callee.number)
            return written
        outbound = call.direction is Direction.OUTBOUND
        written = {
            "account_id": self.account,
            "call_id": call.id,
            "direction": self._direction(call),
            "status": _LIVE_CALL[call.state],
            "from_name": call.caller.name,
            "from_number": self.number(call.caller.number),
            "to_name": "Outbound Call" if outbound else call.callee.name,
            "to_number": self.number(call.callee.number),
        }
        self._put_time(written, "start_time", call.started)
        self._put_time(written, "end_time", call.ended)
        written["flags"] = []
        written["actions_uri"] = f"/v3/cc/accounts/{self.account_id}/calls/{call.id}/actions"
        written["leg_map"] = {leg.id: self.leg(leg) for leg in legs}
        return written

    def call_json(self, call: Call) -> str:
        """A call's JSON, kept until the call changes or a fault spoils it."""
        faults = self._faults
        if any(name in faults for name in _SPOILING):
            return dumps(self.spoiled(self.call(call), call.serial))
        kept = self._kept.get(call.id)
        if kept is not None and kept[0] == call.version:
            return kept[1]
        written = dumps(self.call(call))
        self._kept[call.id] = (call.version, written)
        return written

    def forget_all_but(self, calls: dict[str, Call]) -> None:
        """Let go of the JSON of calls that are gone, once they are the larger part."""
        if len(self._kept) > 2 * len(calls) + 100:
            self._kept = {key: kept for key, kept in self._kept.items() if key in calls}

    # --- devices -----------------------------------------------------------------------------

    def device(self, device: Device, now: float) -> Object:
        """A phone; times are microseconds, or seconds where a switch says so."""
        unit = 1_000_000 if self.switches.device_times == "microseconds" else 1
        success = self.scalar(int(device.last_success(now) * unit))
        request = self.scalar(int(device.last_request(now) * unit))
        provisioned = self.scalar(int(device.provisioned * unit))
        return {
            "account_id": self.account,
            "device_ip": device.address,
            "last_request": request,
            "last_success": success,
            "mac_address": device.mac,
            "registration": {"last_success": success},
            "provisioned": {"last_success": provisioned, "last_request": provisioned},
        }

    # --- faults of shape ---------------------------------------------------------------------

    def spoiled(self, item: Object, serial: int) -> Object:
        """The item as the faults which are on would have it."""
        return bodies.spoiled(self._faults, item, serial, wrong=_WRONG, named=_with_names)


_SPOILING = ("hostile-text", "wrong-types", "null-fields", "missing-fields")
_WRONG: tuple[Object, ...] = (
    {"leg_map": 7, "legs": 7},
    {"status": ["on-call"], "from_name": ["Harbour", "Taxi"]},
    {"start_time": "yesterday", "end_time": {}},
    {"call_id": 12, "from_number": {"number": 1}, "from": [1]},
    {"direction": None, "leg_map": [], "legs": {}},
    {"registration": 5, "mac_address": 9, "last_success": "never"},
)


def _with_names(item: Object, text: str) -> Object:
    spoiled: Object = {}
    for key, value in item.items():
        if isinstance(value, dict):
            spoiled[key] = _with_names(value, text)
        elif key.endswith("_name") or key in ("device_ip", "from", "to"):
            spoiled[key] = text
        else:
            spoiled[key] = value
    return spoiled
