"""The bodies of Vonage's PUT and POST, and what they make the office do."""

from __future__ import annotations

from pbxtui.simulator.actions import Conflict, Invalid, NotFound
from pbxtui.simulator.bodies import Object
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Call, Direction, Leg, LegState
from pbxtui.simulator.vonage.switches import VonageSwitches

_FROM_TYPES = ("device", "extension", "feature_code")
_TO_TYPES = ("device", "extension", "pstn", "feature_code")
_DIAL_TYPES = ("click2dial", "click2dialme", "odr", "default")


def _party(body: Object, key: str, types: tuple[str, ...]) -> tuple[str, str] | None:
    """Destination and type of `from` or `to`; None when it is not given."""
    party = body.get(key)
    if party is None:
        return None
    if not isinstance(party, dict):
        raise Invalid(f"{key} must be an object")
    kind, destination = party.get("type"), party.get("destination")
    if not isinstance(kind, str) or kind not in types:
        raise Invalid(f"{key}.type must be one of {', '.join(types)}")
    if isinstance(destination, bool) or not isinstance(destination, str | int) or not destination:
        raise Invalid(f"{key}.destination is required")
    return str(destination), kind


def dial(office: Office, body: Object) -> Call:
    """POST calls. That the phone named in `from` rings first is INFERRED."""
    source, target = _party(body, "from", _FROM_TYPES), _party(body, "to", _TO_TYPES)
    if source is None or target is None:
        raise Invalid("from and to are required")
    kind = body.get("type", "default")
    if kind not in _DIAL_TYPES:
        raise Invalid(f"type must be one of {', '.join(_DIAL_TYPES)}")
    if target[1] == "feature_code":
        return office.retrieve(target[0].lstrip("*"), source[0]).call
    return office.dial(source[0], _number(office, *target))


def _number(office: Office, destination: str, kind: str) -> str:
    if kind != "device":
        return destination
    device = office.devices.get(destination)
    if device is None:
        raise NotFound(f"no device {destination}")
    return device.extension.number


def change_call(office: Office, call: Call, body: Object) -> tuple[str, str]:
    """PUT call: answer, transfer or park. Answers call_state and destination."""
    types = ("device", "extension", "pstn")
    source, target = _party(body, "from", types), _party(body, "to", types)
    state = body.get("state")
    if state == "parked":
        if source is None or target is not None:
            raise Invalid("parking needs from, and no to")
        leg = _leg_of(call, *source)
        slot = office.park(call.id, leg.extension.number if leg.extension else "")
        return "parked", slot
    if state == "active":
        if target is None or source is not None:
            raise Invalid("answering needs to, and no from")
        office.answer_call(call.id, target[0])
        return "active", target[0]
    if state is not None:
        raise Invalid("state must be one of active, parked")
    if source is None or target is None:
        raise Invalid("a transfer needs from and to")
    leg = _leg_of(call, *source)
    if leg.extension is None:
        leg = _other_end(call, leg)
    office.transfer(leg.id, _number(office, *target))
    return "active", target[0]


def _leg_of(call: Call, destination: str, kind: str) -> Leg:
    digits = destination.removeprefix("+")
    for leg in call.live_legs():
        if kind == "device":
            if leg.device is not None and leg.device.id == destination:
                return leg
        elif leg.party.number.removeprefix("+") == digits:
            return leg
    raise NotFound(f"{destination} is not on this call")


def _other_end(call: Call, leg: Leg) -> Leg:
    """Who lets this leg go when it is sent elsewhere: the office's end, if there is one."""
    others = [other for other in call.live_legs() if other is not leg]
    if not others:
        raise Conflict("nobody else is on this call")
    return next((other for other in others if other.extension is not None), others[0])


def change_leg(office: Office, leg: Leg, body: Object, switches: VonageSwitches) -> tuple[str, str]:
    """PUT leg: hold, unhold, answer, DTMF, play, transfer, record. As `change_call`."""
    if "dtmf" in body:
        digits = body["dtmf"]
        if not isinstance(digits, str):
            raise Invalid("dtmf must be a string")
        office.send_dtmf(leg.id, digits)
        return "active", leg.party.number
    if "stream" in body:
        if body["stream"] is True and not isinstance(body.get("stream_url"), str):
            raise Invalid("stream_url is required")
        return "active", leg.party.number
    if "recording" in body:
        if body["recording"] not in ("start", "stop") or body.get("service") not in ("ccr", "ocr"):
            raise Invalid("recording must be start or stop, service must be ccr or ocr")
        office.record(leg.id, body["recording"] == "start")
        return "active", leg.party.number
    state = body.get("state")
    if state == "held":
        office.hold(leg.id)
        return "held", leg.party.number
    if state != "active":
        raise Invalid("state must be one of held, active")
    target = _party(body, "to", ("device", "extension", "pstn", "leg"))
    if target is None:
        if leg.state is LegState.RINGING and leg.direction is Direction.OUTBOUND:
            office.answer(leg.id)
        else:
            office.resume(leg.id)
        return "active", leg.party.number
    if target[1] == "leg":
        office.transfer_attended(leg.id, target[0])
        return "active", target[0]
    if leg.extension is None or switches.transfer_leg == "theirs":
        leg = _other_end(leg.call, leg)
    office.transfer(leg.id, _number(office, *target))
    return "active", target[0]
